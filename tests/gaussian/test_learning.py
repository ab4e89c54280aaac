"""What scikit-learn's estimator does not have: weights of rows, known labels, parameters that stay, clear errors."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import mixtures
from tests.gaussian.data import TYPES, iris, made

pytest.importorskip("sklearn")
from sklearn.exceptions import ConvergenceWarning  # noqa: E402

SOLVERS = ("em", "lbfgs", "em+lbfgs", "hard")
FITTED = ("weights_", "means_", "covariances_")


@pytest.fixture(autouse=True)
def _quiet():
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Best performing", ConvergenceWarning)
        yield


def close(found, expected, rtol):
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=rtol * np.abs(expected).max())


def start(X, kind):
    model = mixtures.GaussianMixture(3, covariance_type=kind, max_iter=1, random_state=0).fit(X)
    return {"weights_init": model.weights_, "means_init": model.means_, "precisions_init": model.precisions_}


def supervised(X, labels, kind):
    """Return the maximum of the likelihood where every label is known."""
    groups = [X[labels == c] for c in range(labels.max() + 1)]
    shares = np.array([len(g) for g in groups]) / len(X)
    full = np.array([np.cov(g.T, bias=True) for g in groups])
    diagonal = np.diagonal(full, axis1=1, axis2=2)
    tied = np.einsum("k,kij->ij", shares, full)
    covariances = {"full": full, "tied": tied, "diag": diagonal, "spherical": diagonal.mean(1)}
    return shares, np.array([g.mean(0) for g in groups]), covariances[kind]


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("kind", TYPES)
def test_weights_count_rows(kind, solver):
    X = made()
    counts = np.random.default_rng(1).integers(0, 3, len(X))
    settings = {"covariance_type": kind, "solver": solver, "tol": 1e-8, "max_iter": 15} | start(X, kind)
    weighted = mixtures.GaussianMixture(3, **settings).fit(X, sample_weight=counts)
    repeated = mixtures.GaussianMixture(3, **settings).fit(np.repeat(X, counts, axis=0))
    for name in FITTED:
        close(getattr(weighted, name), getattr(repeated, name), 1e-6 if "lbfgs" in solver else 1e-10)
    again = np.repeat(X, counts, axis=0)
    for criterion in ("bic", "aic", "score"):
        found = getattr(weighted, criterion)(X, sample_weight=counts)
        close(found, getattr(weighted, criterion)(again), 1e-12)
    close(weighted.lower_bound_, repeated.lower_bound_, 1e-9)


def test_equal_weights_change_nothing():
    X = made()
    plain = mixtures.GaussianMixture(3, random_state=0, init_params="random").fit(X)
    for weight in (1.0, 2.5):
        weighted = mixtures.GaussianMixture(3, random_state=0, init_params="random")
        weighted.fit(X, sample_weight=np.full(len(X), weight))
        close(weighted.means_, plain.means_, 1e-10)


@pytest.mark.parametrize("init_params", ["kmeans", "k-means++", "random", "random_from_data"])
@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("kind", TYPES)
def test_all_labels_known_is_supervised(kind, solver, init_params):
    X, labels = iris(), np.repeat([1, 2, 0], 50)
    model = mixtures.GaussianMixture(
        3, covariance_type=kind, solver=solver, init_params=init_params, reg_covar=0.0, random_state=0, tol=1e-12
    ).fit(X, labels=labels)
    for name, expected in zip(FITTED, supervised(X, labels, kind), strict=True):
        close(getattr(model, name), expected, 1e-5 if "lbfgs" in solver else 1e-10)


@pytest.mark.parametrize("solver", SOLVERS)
def test_no_label_known_is_a_clustering(solver):
    X = made()
    plain = mixtures.GaussianMixture(3, solver=solver, random_state=0).fit(X)
    unknown = mixtures.GaussianMixture(3, solver=solver, random_state=0).fit(X, labels=np.full(len(X), -1))
    for name in FITTED:
        np.testing.assert_array_equal(getattr(unknown, name), getattr(plain, name))


@pytest.mark.parametrize("kind", TYPES)
def test_some_labels_known(kind):
    """A step is the M-step of responsibilities in which known labels are certain, and numbers components as labels."""
    X, truth = iris(), np.repeat([2, 0, 1], 50)
    labels = np.where(np.arange(150) % 5 == 0, truth, -1)
    model = mixtures.GaussianMixture(3, covariance_type=kind, reg_covar=0.0, tol=1e-9, random_state=0, max_iter=500)
    model.fit(X, labels=labels)
    before, after = model.history_[3:5]
    model.weights_, model.means_ = before.weights, before.means
    inverse = np.linalg.inv(before.covariances) if kind in ("full", "tied") else None
    lower = None if inverse is None else np.linalg.cholesky(before.covariances)
    model.precisions_cholesky_ = (
        before.covariances**-0.5 if lower is None else np.swapaxes(np.linalg.inv(lower), -1, -2)
    )
    shares = model.predict_proba(X)
    shares[labels >= 0] = np.eye(3)[labels[labels >= 0]]
    close(after.weights, shares.mean(0), 1e-10)
    close(after.means, shares.T @ X / shares.sum(0)[:, None], 1e-10)
    away = X[:, None] - after.means
    full = np.einsum("nk,nki,nkj->kij", shares, away, away) / shares.sum(0)[:, None, None]
    tied = np.einsum("k,kij->ij", shares.mean(0), full)
    diagonal = np.diagonal(full, axis1=1, axis2=2)
    expected = {"full": full, "tied": tied, "diag": diagonal, "spherical": diagonal.mean(1)}[kind]
    close(after.covariances, expected, 1e-9)
    model.fit(X, labels=labels)
    assert (model.predict(X) == truth).mean() > 0.85


@pytest.mark.parametrize("kind", TYPES)
def test_solvers_agree_where_some_labels_are_known(kind):
    X, truth = iris(), np.repeat([2, 0, 1], 50)
    labels = np.where(np.arange(150) % 5 == 0, truth, -1)
    settings = {"covariance_type": kind, "reg_covar": 1e-9, "tol": 1e-12, "random_state": 0, "max_iter": 3000}
    bounds = [
        mixtures.GaussianMixture(3, solver=solver, **settings).fit(X, labels=labels).lower_bound_
        for solver in ("em", "em+lbfgs")
    ]
    close(bounds[1], bounds[0], 1e-9)


@pytest.mark.parametrize("learn", [("weights",), ("means",), "covariances", ("weights", "means"), ["covariances"]])
@pytest.mark.parametrize("solver", ["em", "lbfgs", "em+lbfgs"])
@pytest.mark.parametrize("kind", TYPES)
def test_what_is_not_learned_stays_and_the_rest_is_at_its_optimum(kind, solver, learn):
    X = made()
    given = start(X, kind)
    model = mixtures.GaussianMixture(
        3, covariance_type=kind, solver=solver, learn=learn, tol=1e-13, reg_covar=0.0, max_iter=4000, **given
    ).fit(X)
    parameters = model.weights_, model.means_, model.covariances_
    _, (weights_bar, means_bar, covariances_bar) = mixtures.value_and_grad(X, *parameters, kind)
    n = len(X)
    slopes = {"weights": weights_bar / n - 1.0, "means": means_bar / n, "covariances": covariances_bar / n}
    names = (learn,) if isinstance(learn, str) else learn
    stays = dict(zip(("weights", "means"), (given["weights_init"], given["means_init"]), strict=True))
    for name, slope in slopes.items():
        if name in names:
            assert np.abs(slope).max() < 1e-4, name
        elif name in stays:
            close(getattr(model, f"{name}_"), stays[name], 1e-14)
        else:
            close(model.precisions_, given["precisions_init"], 1e-10)
    numbers = {"weights": 2, "means": 9, "covariances": {"full": 18, "tied": 6, "diag": 9, "spherical": 3}[kind]}
    close(model.aic(X) + 2 * n * model.score(X), 2 * sum(numbers[name] for name in names), 1e-10)


def test_what_is_neither_learned_nor_given():
    X = made()
    model = mixtures.GaussianMixture(3, learn="means", random_state=0, covariance_type="spherical").fit(X)
    np.testing.assert_array_equal(model.weights_, np.full(3, 1 / 3))
    np.testing.assert_array_equal(model.covariances_, np.ones(3))


ERRORS = [
    ({}, {"sample_weight": [1.0]}, r"sample_weight has the shape \(1,\): it must be \(402,\)"),
    ({}, {"sample_weight": np.full(402, -1.0)}, "sample_weight has values that are negative or not finite"),
    ({}, {"sample_weight": np.zeros(402)}, "sample_weight is zero everywhere: there are no rows"),
    ({}, {"sample_weight": np.arange(402) < 2.0}, "Expected n_samples >= n_components"),
    ({}, {"labels": [0]}, r"labels has the shape \(1,\): it must be \(402,\)"),
    ({}, {"labels": np.full(402, 0.5)}, "labels has values that are not whole numbers"),
    ({}, {"labels": np.full(402, "a")}, "labels has values that are not whole numbers"),
    ({}, {"labels": np.full(402, 3)}, "labels has values from 3 to 3: they must be -1, for unknown, or from 0 to 2"),
    ({}, {"labels": np.full(402, 2.0**70)}, "labels has values from 1180591620717411303424 to "),
    ({}, {"sample_weight": np.full(402, 1j)}, "sample_weight holds complex numbers: it must hold real ones"),
    ({"learn": "shapes"}, {}, "learn"),
    ({"learn": ()}, {}, r"learn is \(\): it must hold one or more"),
    ({"learn": ("weights",)}, {}, "stay as they are: give means_init"),
    ({"solver": "newton"}, {}, "solver"),
    ({"gradient_tol": -1.0}, {}, "gradient_tol"),
]


@pytest.mark.parametrize(("settings", "arguments", "message"), ERRORS)
def test_errors_say_what_to_do(settings, arguments, message):
    with pytest.raises(ValueError, match=message):
        mixtures.GaussianMixture(3, **settings).fit(made(), **arguments)


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("kind", ["full", "diag", "spherical"])
def test_singular_covariances_are_named_with_a_remedy(kind, solver):
    X = made()
    labels = np.full(len(X), -1)
    X[:3], labels[:3], labels[3:] = X[0], 1, 0
    with pytest.raises(ValueError, match="(?s)increase reg_covar.* covariance of component 1 is singular"):
        mixtures.GaussianMixture(2, covariance_type=kind, reg_covar=0.0, solver=solver).fit(X, labels=labels)


def test_singular_data_of_a_tied_matrix():
    X = np.column_stack([np.arange(9.0)] * 2)
    with pytest.raises(ValueError, match="The covariance matrix that all components share is singular"):
        mixtures.GaussianMixture(2, covariance_type="tied", reg_covar=0.0, random_state=0).fit(X)


def test_empty_components_are_named_with_a_remedy():
    X = np.repeat([[0.0, 0.0], [1.0, 1.0]], 5, axis=0)
    labels = np.repeat([0, 2], 5)
    with pytest.warns(ConvergenceWarning, match="Component 1 has no rows. Try fewer components"):
        mixtures.GaussianMixture(3, init_params="random", random_state=0).fit(X, labels=labels)


def test_a_warm_start_needs_the_same_shape():
    X = made()
    model = mixtures.GaussianMixture(2, warm_start=True, random_state=0).fit(X)
    with pytest.raises(ValueError, match="3 components and 3 features: set warm_start=False"):
        model.set_params(n_components=3).fit(X)
    for kind in ("tied", "diag", "spherical"):
        with pytest.raises(ValueError, match=f"covariance_type is '{kind}': set warm_start=False"):
            model.set_params(n_components=2, covariance_type=kind).fit(X)


def test_examples_of_the_documentation():
    import doctest

    import mixtures.model

    assert doctest.testmod(mixtures.model).failed == 0
    assert doctest.testmod(mixtures.likelihood).failed == 0
