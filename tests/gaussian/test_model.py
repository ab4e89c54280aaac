"""The estimator against scikit-learn's: the same start, the same trajectory, the same answers."""

from __future__ import annotations

import pickle
import warnings

import numpy as np
import pytest

import mixtures
from tests.gaussian.data import DATA, TYPES, faithful, iris, made

sklearn_mixture = pytest.importorskip("sklearn.mixture")
from sklearn.base import clone  # noqa: E402
from sklearn.exceptions import ConvergenceWarning  # noqa: E402

CASES = [(name, kind) for name in DATA for kind in TYPES]
FITTED = ("weights_", "means_", "covariances_", "precisions_", "precisions_cholesky_")


@pytest.fixture(autouse=True)
def _quiet():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield


def close(found, expected, rtol):
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=rtol * np.abs(expected).max())


def both(X, k, **settings):
    """Return scikit-learn's fit and ours."""
    return sklearn_mixture.GaussianMixture(k, **settings).fit(X), mixtures.GaussianMixture(k, **settings).fit(X)


def same_parameters(ours, theirs, rtol):
    for name in FITTED:
        close(getattr(ours, name), getattr(theirs, name), rtol)


@pytest.mark.parametrize("init_params", ["kmeans", "k-means++", "random", "random_from_data"])
@pytest.mark.parametrize("kind", TYPES)
def test_the_start_is_that_of_scikit_learn(kind, init_params):
    X = made()
    settings = {"covariance_type": kind, "init_params": init_params, "random_state": 3, "max_iter": 0, "reg_covar": 1.0}
    theirs, ours = both(X, 3, **settings)
    same_parameters(ours, theirs, 1e-10)


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_the_trajectory_is_that_of_scikit_learn(name, kind):
    load, k = DATA[name]
    X = load()
    settings = {"covariance_type": kind, "random_state": 0, "tol": 0.0}
    ours = mixtures.GaussianMixture(k, max_iter=25, **settings).fit(X)
    for iterations in (1, 2, 3, 5, 8, 13, 25):
        theirs = sklearn_mixture.GaussianMixture(k, max_iter=iterations, **settings).fit(X)
        at = ours.history_[iterations]
        close(at.weights, theirs.weights_, 1e-10)
        close(at.means, theirs.means_, 1e-10)
        close(at.covariances, theirs.covariances_, 1e-10)
    close(ours.lower_bounds_, theirs.lower_bounds_, 1e-10)
    same_parameters(ours, theirs, 1e-10)


@pytest.mark.parametrize("kind", TYPES)
def test_the_trajectory_from_given_parameters(kind):
    X = made(seed=4)
    start = mixtures.GaussianMixture(3, covariance_type=kind, max_iter=2, random_state=1).fit(X)
    given = {"weights_init": start.weights_, "means_init": start.means_, "precisions_init": start.precisions_}
    theirs, ours = both(X, 3, covariance_type=kind, max_iter=10, tol=0.0, **given)
    same_parameters(ours, theirs, 1e-10)
    close(ours.lower_bounds_, theirs.lower_bounds_, 1e-10)


@pytest.mark.parametrize("kind", TYPES)
def test_components_without_rows_are_those_of_scikit_learn(kind):
    X = made(far=10.0)
    given = {"weights_init": [0.0, 0.5, 0.5], "means_init": X[:3], "random_state": 0}
    with np.errstate(divide="ignore"):  # theirs takes the logarithm of weights of zero
        theirs, ours = both(X, 3, covariance_type=kind, max_iter=4, tol=0.0, **given)
    same_parameters(ours, theirs, 1e-9)
    close(ours.predict_proba(X), theirs.predict_proba(X), 1e-9)


@pytest.mark.parametrize("seed", range(12))
def test_small_problems_of_all_shapes_follow_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    d, k = rng.integers(1, 5, size=2)
    X = rng.normal(size=(rng.integers(20, 200), d)) * 10.0 ** rng.uniform(-1, 1, size=d)
    settings = {"random_state": seed, "tol": 0.0, "max_iter": int(rng.integers(1, 12)), "n_init": 2}
    for kind in TYPES:
        theirs, ours = both(X, k, covariance_type=kind, init_params="random", **settings)
        same_parameters(ours, theirs, 1e-8)
        close(ours.lower_bound_, theirs.lower_bound_, 1e-9)


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_answers_are_those_of_scikit_learn(name, kind):
    load, k = DATA[name]
    X = load()
    theirs, ours = both(X, k, covariance_type=kind, random_state=0, max_iter=7)
    for attribute in FITTED:
        setattr(ours, attribute, getattr(theirs, attribute))
    close(ours.score_samples(X), theirs.score_samples(X), 1e-12)
    close(ours.predict_proba(X), theirs.predict_proba(X), 1e-12)
    np.testing.assert_array_equal(ours.predict(X), theirs.predict(X))
    for criterion in ("score", "bic", "aic"):
        close(getattr(ours, criterion)(X), getattr(theirs, criterion)(X), 1e-12)
    ours.random_state = theirs.random_state = 5
    for found, expected in zip(ours.sample(50), theirs.sample(50), strict=True):
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("kind", TYPES)
def test_fits_are_those_of_scikit_learn(kind):
    X = faithful()
    settings = {"covariance_type": kind, "n_init": 5, "init_params": "random_from_data", "random_state": 8}
    X = X - X.mean(axis=0)
    theirs, ours = both(X, 3, tol=1e-5, max_iter=400, **settings)
    assert (ours.n_iter_, ours.converged_) == (theirs.n_iter_, theirs.converged_)
    close(ours.lower_bound_, theirs.lower_bound_, 1e-9)
    same_parameters(ours, theirs, 1e-6)


@pytest.mark.parametrize("k", [1, 2, 3])
@pytest.mark.parametrize("kind", TYPES)
def test_every_solver_reaches_the_best_optimum_of_scikit_learn(kind, k):
    X = faithful()
    settings = {"covariance_type": kind, "n_init": 6, "random_state": 0, "max_iter": 3000, "tol": 1e-11}
    best = sklearn_mixture.GaussianMixture(k, **settings).fit(X)
    for solver in ("em", "lbfgs", "em+lbfgs"):
        ours = mixtures.GaussianMixture(k, solver=solver, **settings).fit(X)
        assert ours.converged_
        assert abs(ours.score(X) - best.score(X)) <= 1e-9 * abs(best.score(X)), solver
        assert abs(ours.bic(X) - best.bic(X)) <= 1e-9 * abs(best.bic(X)), solver


@pytest.mark.parametrize("solver", ["em", "lbfgs", "em+lbfgs"])
@pytest.mark.parametrize("kind", TYPES)
def test_the_gradient_says_when_a_fit_has_converged(kind, solver):
    X = faithful()
    ours = mixtures.GaussianMixture(
        2, covariance_type=kind, solver=solver, gradient_tol=1e-6, reg_covar=1e-12, max_iter=500, random_state=0
    ).fit(X)
    assert ours.converged_
    parameters = ours.weights_, ours.means_, ours.covariances_
    _, (weights_bar, means_bar, _) = mixtures.value_and_grad(X, *parameters, kind)
    assert np.abs(weights_bar / len(X) - 1.0).max() < 1e-4
    assert np.abs(means_bar / len(X)).max() < 1e-4


@pytest.mark.parametrize("learn", [("weights", "means", "covariances"), ("means",), ("weights", "covariances")])
@pytest.mark.parametrize("kind", TYPES)
def test_the_gradient_in_free_parameters_is_that_of_differences(kind, learn):
    from mixtures.data import Data
    from mixtures.free import FreeParameters

    X = made()
    settings = mixtures.GaussianMixture(
        3, covariance_type=kind, random_state=0, learn=learn, means_init=X[[0, 150, 300]]
    )
    data = Data(settings, X, None, None)
    free = FreeParameters(data.rows, data.first(settings, np.random.RandomState(0)), settings)
    rng = np.random.default_rng(0)
    at = free.vector() + 0.1 * rng.normal(size=free.vector().shape)
    value, gradient = free.value_and_grad(at)
    weights, means, covariances = free.natural(at)
    close(value, mixtures.log_likelihood(X, weights, means + data.rows.centre, covariances, kind) / len(X), 1e-12)
    for _ in range(5):
        direction = rng.normal(size=at.shape)
        rise = free.value_and_grad(at + 1e-5 * direction)[0] - free.value_and_grad(at - 1e-5 * direction)[0]
        np.testing.assert_allclose(gradient @ direction, rise / 2e-5, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("solver", ["lbfgs", "em+lbfgs"])
@pytest.mark.parametrize("kind", TYPES)
def test_units_and_correlated_features_make_no_difference_to_lbfgs(kind, solver):
    X = made()
    change = np.diag([1e3, 1e-2, 1.0]) if kind == "diag" else np.eye(3) * 1e3
    if kind in ("full", "tied"):
        change = np.array([[1e3, 5.0, 1.0], [0.0, 0.1, 3.0], [0.0, 0.0, 1e-2]])
    settings = {"covariance_type": kind, "solver": solver, "gradient_tol": 1e-6, "reg_covar": 0.0, "max_iter": 300}
    fits = []
    for at, data in ((np.eye(3), X), (change, X @ change)):
        covariances = np.broadcast_to(at.T @ np.cov(X.T) @ at, (3, 3, 3))
        diagonal = np.diagonal(covariances, axis1=1, axis2=2) if kind == "diag" else at[0, 0] ** 2 * np.ones(3)
        matrices = {"full": covariances, "tied": covariances[0]}
        precisions = np.linalg.inv(matrices[kind]) if kind in matrices else 1.0 / diagonal
        given = {"weights_init": np.full(3, 1 / 3), "means_init": data[[0, 150, 300]], "precisions_init": precisions}
        fits.append(mixtures.GaussianMixture(3, **settings, **given).fit(data))
    assert fits[0].converged_ and fits[1].converged_
    assert fits[1].n_iter_ < 1.5 * fits[0].n_iter_
    shift = np.linalg.slogdet(change)[1]
    close(fits[1].score(X @ change) + shift, fits[0].score(X), 1e-9)


@pytest.mark.parametrize("seed", [0, 2, 4])
def test_lbfgs_takes_new_coordinates_where_components_change_much(seed):
    """From the coordinates of the start alone, these take 127, more than 300, and 180 iterations."""
    X = made(n=150, d=5, k=5, seed=seed)
    model = mixtures.GaussianMixture(5, solver="lbfgs", reg_covar=1e-2, tol=0.0, random_state=0, max_iter=110).fit(X)
    assert model.converged_
    assert model.n_iter_ > 50
    assert len(model.history_) == model.n_iter_ + 1
    assert np.all(np.diff(model.lower_bounds_) > -1e-12)


@pytest.mark.parametrize("init_params", ["k-means++", "random_from_data"])
@pytest.mark.parametrize("kind", TYPES)
def test_lbfgs_finds_the_rows_around_the_rows_that_it_starts_from(kind, init_params):
    X = iris()
    settings = {"covariance_type": kind, "init_params": init_params, "n_init": 6, "random_state": 0, "max_iter": 500}
    em, lbfgs = (mixtures.GaussianMixture(3, solver=solver, **settings).fit(X) for solver in ("em", "lbfgs"))
    assert lbfgs.score(X) > em.score(X) - 0.01
    assert len(lbfgs.history_) == lbfgs.n_iter_ + 1 == len(lbfgs.lower_bounds_) + 1


@pytest.mark.parametrize("solver", ["em", "lbfgs", "em+lbfgs", "hard"])
@pytest.mark.parametrize("kind", TYPES)
def test_the_history_holds_parameters_and_their_log_likelihoods(kind, solver):
    X = made()
    settings = {"covariance_type": kind, "init_params": "random", "random_state": 1, "tol": 1e-7}
    ours = mixtures.GaussianMixture(3, solver=solver, **settings).fit(X)
    assert len(ours.history_) == ours.n_iter_ + 1
    np.testing.assert_array_equal(ours.history_[-1].means, ours.means_)
    values = np.array([at.log_likelihood for at in ours.history_])
    if solver != "hard":
        found = [mixtures.log_likelihood(X, *at[:3], kind) / len(X) for at in ours.history_]
        close(values, found, 1e-11)
    assert np.all(np.diff(values) > -1e-6)  # reg_covar is not maximum likelihood
    expected = {"em": values[:-1], "hard": values[:-1], "lbfgs": values[1:]}
    if solver in expected:
        close(ours.lower_bounds_, expected[solver], 1e-12)
    assert len(ours.lower_bounds_) == ours.n_iter_
    assert ours.lower_bound_ == ours.lower_bounds_[-1]
    assert mixtures.GaussianMixture(3, keep_history=False, **settings).fit(X).history_ == []


@pytest.mark.parametrize("far", [0.0, 1000.0])
@pytest.mark.parametrize("kind", TYPES)
def test_single_precision_does_not_break(kind, far):
    X = made(far=far).astype(np.float32)
    settings = {"covariance_type": kind, "random_state": 0, "max_iter": 20, "tol": 0.0}
    exact = mixtures.GaussianMixture(3, **settings).fit(X.astype(np.float64))
    given = {
        "weights_init": exact.history_[0].weights,
        "means_init": exact.history_[0].means,
        "precisions_init": (
            1.0 / exact.history_[0].covariances
            if kind in ("diag", "spherical")
            else np.linalg.inv(exact.history_[0].covariances)
        ),
    }
    single = mixtures.GaussianMixture(3, **settings, **given).fit(X)
    for name in FITTED:
        assert getattr(single, name).dtype == np.float32
    close(single.weights_, exact.weights_, 1e-4)
    close(single.covariances_, exact.covariances_, 1e-3)
    assert single.score_samples(X).dtype == np.float32
    for solver in ("lbfgs", "em+lbfgs"):
        other = mixtures.GaussianMixture(3, solver=solver, covariance_type=kind, random_state=0).fit(X)
        assert other.means_.dtype == np.float32
        assert np.isfinite(other.score(X))


def test_the_hard_solver_is_k_means():
    from sklearn.cluster import KMeans

    X = made(seed=2)
    start = X[[0, 150, 300]]
    clusters = KMeans(3, init=start, n_init=1, tol=0.0, max_iter=300, algorithm="lloyd").fit(X)
    ours = mixtures.GaussianMixture(
        3, covariance_type="spherical", solver="hard", learn=("means",), means_init=start, tol=1e-12, max_iter=300
    ).fit(X)
    np.testing.assert_array_equal(ours.predict(X), clusters.labels_)
    close(ours.means_, clusters.cluster_centers_, 1e-10)
    # The bound is the average log-density of rows together with their components: k-means lowers what is in it.
    constant = np.log(1 / 3) - 1.5 * np.log(2 * np.pi)
    close(ours.lower_bound_, constant - 0.5 * clusters.inertia_ / len(X), 1e-10)


def test_the_estimator_is_one_of_scikit_learn():
    X = made()
    model = mixtures.GaussianMixture(3, random_state=0, learn=("means", "weights"), means_init=X[:3])
    assert clone(model).get_params().keys() == model.get_params().keys()
    model.fit(X)
    again = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(again.predict_proba(X), model.predict_proba(X))
    theirs = sklearn_mixture.GaussianMixture()
    assert theirs.get_params().items() <= mixtures.GaussianMixture().get_params().items()


def test_it_prints_what_scikit_learn_prints(capsys):
    X = made()
    printed = []
    for cls in (sklearn_mixture.GaussianMixture, mixtures.GaussianMixture):
        cls(3, verbose=1, verbose_interval=2, n_init=2, random_state=0, tol=1e-4, init_params="random").fit(X)
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]


def test_work_memory_does_not_grow_with_rows_times_components(monkeypatch):
    import tracemalloc

    monkeypatch.setattr("mixtures.likelihood.keep_memory", lambda: None)  # what it takes is never touched
    X = np.random.default_rng(0).normal(size=(40_000, 8))
    k = 16
    given = {
        "weights_init": np.full(k, 1 / k),
        "means_init": X[:k],
        "precisions_init": np.tile(np.eye(8), (k, 1, 1)),
    }
    tracemalloc.start()
    mixtures.GaussianMixture(k, max_iter=2, **given).fit(X)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 6 * X.nbytes < X.nbytes * k
