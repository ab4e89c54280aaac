"""Pictures of mixtures: what is drawn is what the model says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn")
matplotlib = pytest.importorskip("matplotlib")
from matplotlib.colors import to_rgb  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402

import mixtures  # noqa: E402
from mixtures import plot  # noqa: E402
from tests.gaussian.data import TYPES, faithful, iris, made  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]


def fitted(X=None, k=3, **settings):
    return mixtures.GaussianMixture(k, random_state=0, **settings).fit(made() if X is None else X)


def matrices(model):
    """Return a covariance matrix for each component, whatever the type."""
    k, d = model.means_.shape
    return {
        "full": lambda c: c,
        "tied": lambda c: np.tile(c, (k, 1, 1)),
        "diag": lambda c: np.array([np.diag(row) for row in c]),
        "spherical": lambda c: c[:, None, None] * np.eye(d),
    }[model.covariance_type](model.covariances_)


@pytest.mark.parametrize("features", [(0, 1), (2, 0)])
@pytest.mark.parametrize("kind", TYPES)
def test_ellipses_are_one_two_and_three_standard_deviations_away(kind, features):
    model = fitted(covariance_type=kind)
    ax = plot.ellipses(model.means_, model.covariances_, kind, ax=Figure().subplots(), features=features)
    lines = [line.get_xydata() for line in ax.lines]
    assert len(lines) == 9
    chosen = list(features)
    for c, matrix in enumerate(matrices(model)):
        inverse = np.linalg.inv(matrix[np.ix_(chosen, chosen)])
        for distance, points in zip((1.0, 2.0, 3.0), lines[3 * c : 3 * c + 3], strict=True):
            away = points - model.means_[c, chosen]
            np.testing.assert_allclose(np.einsum("ni,ij,nj->n", away, inverse, away), distance**2, rtol=1e-9)


@pytest.mark.parametrize("kind", TYPES)
def test_rows_have_the_colours_of_their_responsibilities(kind):
    X = made()
    model = fitted(covariance_type=kind)
    ax = plot.mixture(model, X, ax=Figure().subplots())
    (dots,) = ax.collections
    np.testing.assert_array_equal(dots.get_offsets(), X[:, :2])
    colours = np.array([to_rgb(name) for name in plot.OKABE_ITO[:3]])
    np.testing.assert_allclose(dots.get_facecolors()[:, :3], model.predict_proba(X) @ colours, atol=1e-12)


def test_colours_are_all_different():
    for k in (1, 6, 7, 20):
        colours = plot.palette(k)
        assert colours.shape == (k, 3)
        assert len(np.unique(colours.round(3), axis=0)) == k


def test_one_feature_has_densities():
    X = faithful()[:, 1:]
    for kind in TYPES:
        model = fitted(X, 2, covariance_type=kind)
        ax = plot.mixture(model, X, ax=Figure().subplots(), names=["waiting"])
        total, *parts = [line.get_xydata() for line in ax.lines]
        np.testing.assert_allclose(total[:, 1], np.exp(model.score_samples(total[:, :1])), rtol=1e-9)
        np.testing.assert_allclose(total[:, 1], sum(part[:, 1] for part in parts), rtol=1e-12)
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("waiting", "density")


def test_scikit_learns_own_mixtures_are_drawn_too():
    from sklearn.mixture import GaussianMixture

    X = iris()
    ax = plot.mixture(GaussianMixture(2, random_state=0).fit(X), X, ax=Figure().subplots())
    assert len(ax.lines) == 6


def test_one_against_two():
    X = faithful()
    figure = plot.one_against_two(X, figure=Figure(), random_state=0, names=["eruption", "waiting"])
    one, two = figure.axes
    assert (one.get_title(), two.get_title()) == ("One Gaussian, BIC 2607.6", "Two Gaussians, BIC 2322.2")
    assert (len(one.lines), len(two.lines)) == (3, 6)
    assert (one.get_xlabel(), one.get_ylabel()) == ("eruption", "waiting")


@pytest.mark.filterwarnings("ignore:Best performing")
def test_the_strip_of_iterations():
    X = faithful()
    model = fitted(X, 2, init_params="random", tol=0.0, max_iter=25)
    titles = ["Start", *(f"{n} iteration" for n in ("1st", "2nd", "3rd", "4th", "5th", "6th", "20th"))]
    figure = plot.iterations(model, X, figure=Figure())
    assert [ax.get_title() for ax in figure.axes] == titles
    figure.canvas.draw()
    for ax, i in zip(figure.axes, (0, 1, 2, 3, 4, 5, 6, 20), strict=True):
        centre = ax.lines[0].get_xydata()[:-1].mean(axis=0)
        np.testing.assert_allclose(centre, model.history_[i].means[0], rtol=1e-9)


@pytest.mark.filterwarnings("ignore:Best performing")
def test_the_strip_ends_where_the_fit_ended():
    X = faithful()
    model = fitted(X, 2, max_iter=2, tol=0.0)
    assert [ax.get_title() for ax in plot.iterations(model, X, figure=Figure()).axes] == [
        "Start",
        "1st iteration",
        "2nd iteration",
    ]


def test_axes_have_one_scale_where_features_compare():
    X = made()
    assert plot.mixture(fitted(X), X, ax=Figure().subplots()).get_aspect() == 1.0
    X = faithful()
    assert plot.mixture(fitted(X), X, ax=Figure().subplots()).get_aspect() == "auto"
    figure = plot.one_against_two(made(), figure=Figure())
    figure.canvas.draw()  # where matplotlib checks that scales can be equal and shared


def test_errors_say_what_to_do():
    X = made()
    model = fitted(keep_history=False)
    for features in ((0, 3), (1, 1), (-1, 0), (0,)):
        with pytest.raises(ValueError, match="two different positions from 0 to 2"):
            plot.mixture(model, X, features=features)
    with pytest.raises(ValueError, match="names holds 1 names: X has 3 features"):
        plot.mixture(model, X, names=["a"])
    with pytest.raises(ValueError, match="fit it with keep_history=True"):
        plot.iterations(model, X)
    with pytest.raises(ValueError, match="Call 'fit'"):
        plot.mixture(mixtures.GaussianMixture(), X)
    with pytest.raises(ValueError, match="The covariance of component 0 is singular"):
        plot.ellipses([[0.0, 0.0]], [[[1.0, 1.0], [1.0, 1.0]]])


def run(script):
    return subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_matplotlib_is_imported_for_the_first_picture():
    assert run("import sys, mixtures.plot; print('matplotlib' in sys.modules)") == "False\n"


@pytest.mark.parametrize(
    ("module", "extra", "use"),
    [
        ("matplotlib", "plot", "from mixtures import plot; plot.ellipses([[0.0, 0.0]], [1.0], 'spherical')"),
        ("sklearn", "mixtures", "import mixtures; mixtures.GaussianMixture"),
    ],
)
def test_what_is_missing_is_named_with_its_extra(module, extra, use):
    script = (
        f"import sys; sys.modules[{module!r}] = None\ntry:\n    {use}\nexcept ImportError as error:\n    print(error)"
    )
    assert f"pip install 'sct-ad[{extra}]'" in run(script)


def test_examples_of_the_documentation():
    import doctest

    found = doctest.testmod(plot)
    assert (found.attempted, found.failed) == (19, 0)
