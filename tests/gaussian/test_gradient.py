"""The generated derivatives of the log-likelihood, against scikit-learn's GaussianMixture and against theory."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import mixtures
from tests.gaussian.data import DATA, TYPES, made

sklearn_mixture = pytest.importorskip("sklearn.mixture")
CASES = [(name, kind) for name in DATA for kind in TYPES]


def fitted(name, kind, **settings):
    load, k = DATA[name]
    X = load()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = sklearn_mixture.GaussianMixture(k, covariance_type=kind, random_state=0, **settings).fit(X)
    return X, model


def parameters(model):
    return model.weights_, model.means_, model.covariances_


def sums(X, model):
    """Return n_c, the sums of r (x - mu) and the sums of r (x - mu)(x - mu)' for scikit-learn's responsibilities."""
    r = model.predict_proba(X)
    away = X[:, None, :] - model.means_
    return r.sum(0), np.einsum("nk,nkd->kd", r, away), np.einsum("nk,nkd,nke->kde", r, away, away)


def matrices(model):
    """Return one covariance matrix for each component, whatever the type."""
    k, d = model.means_.shape
    covariances = model.covariances_
    if model.covariance_type == "full":
        return covariances
    if model.covariance_type == "tied":
        return np.broadcast_to(covariances, (k, d, d))
    return np.array([np.diag(np.broadcast_to(c, d)) for c in covariances])


def of_type(full, kind):
    """Return what derivatives by full matrices come to for matrices of a type: the chain rule."""
    if kind == "full":
        return full
    if kind == "tied":
        return full.sum(0)
    diagonal = np.diagonal(full, axis1=1, axis2=2)
    return diagonal if kind == "diag" else diagonal.sum(1)


def close(found, expected, rtol):
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=rtol * np.abs(expected).max())


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_fishers_identity(name, kind):
    X, model = fitted(name, kind, max_iter=5)
    value, (weights_bar, means_bar, covariances_bar) = mixtures.value_and_grad(X, *parameters(model), kind)
    counts, first, second = sums(X, model)
    inverse = np.linalg.inv(matrices(model))
    close(value, model.score(X) * len(X), 1e-12)
    close(weights_bar, counts / model.weights_, 1e-10)
    close(means_bar, np.einsum("kij,kj->ki", inverse, first), 1e-10)
    full = 0.5 * inverse @ (second - counts[:, None, None] * matrices(model)) @ inverse
    close(covariances_bar, of_type(full, kind), 1e-10)


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_a_step_of_em_is_predicted_from_the_gradient(name, kind):
    """L. Xu and M. I. Jordan, "On convergence properties of the EM algorithm" (1996), theorem 1."""
    X, model = fitted(name, kind, max_iter=3, reg_covar=0.0)
    _, (weights_bar, means_bar, covariances_bar) = mixtures.value_and_grad(X, *parameters(model), kind)
    n, d = X.shape
    counts = model.weights_ * weights_bar
    covariances = matrices(model)
    moved = np.einsum("kij,kj->ki", covariances, means_bar) / counts[:, None]
    weights = model.weights_ + (np.diag(model.weights_) - np.outer(model.weights_, model.weights_)) @ weights_bar / n
    spread = np.einsum("ki,kj->kij", moved, moved)
    if kind == "full":
        predicted = covariances + 2 / counts[:, None, None] * covariances @ covariances_bar @ covariances - spread
    elif kind == "tied":
        old = model.covariances_
        predicted = old + 2 / n * old @ covariances_bar @ old - np.einsum("k,kij->ij", counts, spread) / n
    elif kind == "diag":
        predicted = model.covariances_ + 2 / counts[:, None] * model.covariances_**2 * covariances_bar - moved**2
    else:
        old = model.covariances_
        predicted = old + 2 / (d * counts) * old**2 * covariances_bar - (moved**2).sum(1) / d
    means = model.means_ + moved
    _, log_responsibilities = model._e_step(X)
    model._m_step(X, log_responsibilities)
    close(model.weights_, weights, 1e-11)
    close(model.means_, means, 1e-11)
    close(model.covariances_, predicted, 1e-11)


@pytest.mark.parametrize(("name", "kind"), [("faithful", kind) for kind in TYPES] + [("made", "full")])
def test_the_gradient_is_zero_at_the_optimum_of_scikit_learn(name, kind):
    X, model = fitted(name, kind, reg_covar=0.0, tol=0.0, max_iter=3000)
    _, (weights_bar, means_bar, covariances_bar) = mixtures.value_and_grad(X, *parameters(model), kind)
    assert np.abs(weights_bar - len(X)).max() < 1e-8
    assert np.abs(means_bar).max() < 1e-8
    assert np.abs(covariances_bar).max() < 1e-8


def test_regularised_covariances_leave_a_gradient_of_known_size_and_sign():
    X, model = fitted("faithful", "full", reg_covar=1e-2, tol=0.0, max_iter=3000)
    _, (weights_bar, _, covariances_bar) = mixtures.value_and_grad(X, *parameters(model), "full")
    counts = model.weights_ * weights_bar
    inverse = np.linalg.inv(model.covariances_)
    close(covariances_bar, -0.5 * counts[:, None, None] * 1e-2 * inverse @ inverse, 1e-6)


def random_direction(model, seed=0):
    rng = np.random.default_rng(seed)
    direction = [rng.normal(size=np.shape(p)) for p in parameters(model)]
    if model.covariance_type in ("full", "tied"):
        direction[2] = direction[2] + np.swapaxes(direction[2], -1, -2)
    return tuple(0.01 * d * np.abs(p).max() for d, p in zip(direction, parameters(model), strict=True))


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_hessian_products_agree_with_differences_of_the_gradient(name, kind):
    X, model = fitted(name, kind, max_iter=5)
    direction = random_direction(model)
    product = mixtures.hvp(X, *parameters(model), kind, direction=direction)

    def slopes(h):
        points = [[p + s * h * d for p, d in zip(parameters(model), direction, strict=True)] for s in (1, -1)]
        plus, minus = (mixtures.value_and_grad(X, *point, kind)[1] for point in points)
        return [(one - other) / (2 * h) for one, other in zip(plus, minus, strict=True)]

    # Richardson's extrapolation: the error of order h**2 cancels.
    for found, near, far in zip(product, slopes(2e-4), slopes(4e-4), strict=True):
        close(found, (4 * near - far) / 3, 1e-7)


def test_hessian_products_are_complete_minus_missing_information():
    """T. A. Louis, "Finding the observed information matrix when using the EM algorithm" (1982), for the means."""
    X, model = fitted("made", "full", max_iter=5)
    k, d = model.means_.shape
    r = model.predict_proba(X)
    inverse = np.linalg.inv(model.covariances_)
    scores = np.einsum("kij,nkj->nki", inverse, X[:, None, :] - model.means_)
    complete = np.zeros((k, d, k, d))
    for c in range(k):
        complete[c, :, c, :] = r[:, c].sum() * inverse[c]
    missing = -np.einsum("na,nb,nai,nbj->aibj", r, r, scores, scores)
    for c in range(k):
        missing[c, :, c, :] += np.einsum("n,ni,nj->ij", r[:, c], scores[:, c], scores[:, c])
    information = complete - missing
    for c in range(k):
        for i in range(d):
            direction = (np.zeros(k), np.zeros((k, d)), np.zeros((k, d, d)))
            direction[1][c, i] = 1.0
            product = mixtures.hvp(X, *parameters(model), "full", direction=direction)[1]
            np.testing.assert_allclose(product, -information[:, :, c, i], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("kind", TYPES)
def test_row_weights_count_rows(kind):
    X, model = fitted("made", kind, max_iter=5)
    counts = np.random.default_rng(1).integers(0, 3, len(X))
    weighted = mixtures.value_and_grad(X, *parameters(model), kind, sample_weight=counts)
    repeated = mixtures.value_and_grad(np.repeat(X, counts, axis=0), *parameters(model), kind)
    close(weighted[0], repeated[0], 1e-12)
    for one, other in zip(weighted[1], repeated[1], strict=True):
        close(one, other, 1e-10)


@pytest.mark.parametrize("kind", TYPES)
def test_chunks_change_nothing(kind, monkeypatch):
    X, model = fitted("made", kind, max_iter=5)
    whole = mixtures.value_and_grad(X, *parameters(model), kind)
    monkeypatch.setattr("mixtures.likelihood.WORKSPACE", 0)
    monkeypatch.setattr("mixtures.likelihood.LEAST_ROWS", 7)
    parts = mixtures.value_and_grad(X, *parameters(model), kind)
    close(parts[0], whole[0], 1e-13)
    for one, other in zip(parts[1], whole[1], strict=True):
        close(one, other, 1e-11)


@pytest.mark.parametrize("kind", TYPES)
def test_single_precision_stays_and_is_accurate_far_from_the_origin(kind):
    X = made(far=1000.0)
    model = sklearn_mixture.GaussianMixture(3, covariance_type=kind, random_state=0).fit(X)
    exact = mixtures.value_and_grad(X, *parameters(model), kind)
    single = mixtures.value_and_grad(X.astype(np.float32), *parameters(model), kind)
    assert all(bar.dtype == np.float32 for bar in single[1])
    np.testing.assert_allclose(single[0], exact[0], rtol=1e-4)


def test_nothing_is_changed():
    X, model = fitted("made", "full", max_iter=2)
    arguments = [X.copy(), *(np.array(p) for p in parameters(model))]
    kept = [a.copy() for a in arguments]
    mixtures.value_and_grad(*arguments)
    mixtures.hvp(*arguments, direction=tuple(arguments[1:]))
    for one, other in zip(arguments, kept, strict=True):
        np.testing.assert_array_equal(one, other)


BAD = [
    (lambda a: a | {"covariance_type": "round"}, "covariance_type is 'round': it must be 'full'"),
    (lambda a: a | {"X": a["X"][0]}, r"X has the shape \(3,\): it must have one row for each sample"),
    (lambda a: a | {"means": a["means"][:, :2]}, r"means has the shape \(2, 2\): it must be \(k, 3\)"),
    (lambda a: a | {"weights": [1.0]}, r"weights has the shape \(1,\): it must be \(2,\)"),
    (lambda a: a | {"covariances": np.eye(3)}, r"covariances has the shape \(3, 3\): it must be \(2, 3, 3\)"),
    (lambda a: a | {"sample_weight": [1.0]}, r"sample_weight has the shape \(1,\)"),
    (lambda a: a | {"weights": [1.0, 0.0]}, "weights has the value 0.0: a gradient needs weights that are positive"),
    (lambda a: a | {"X": np.zeros((4, 3)) + 1j}, "X holds complex numbers: it must hold real ones"),
    (lambda a: a | {"covariances": np.full((2, 3, 3), np.nan)}, "covariances has values that are not finite"),
    (
        lambda a: a | {"covariances": np.array([np.eye(3), -np.eye(3)])},
        "the covariance of component 1 is not positive definite",
    ),
    (
        lambda a: a | {"covariances": -np.eye(3), "covariance_type": "tied"},
        "the covariance matrix is not positive definite",
    ),
    (
        lambda a: a | {"covariances": np.array([[1.0, 1.0, 1.0], [1.0, 0.0, 1.0]]), "covariance_type": "diag"},
        "the covariance of component 1 is not positive definite",
    ),
]


@pytest.mark.parametrize(("change", "message"), BAD)
def test_errors_name_the_argument(change, message):
    good = {
        "X": np.zeros((4, 3)),
        "weights": [0.5, 0.5],
        "means": np.zeros((2, 3)),
        "covariances": np.array([np.eye(3), np.eye(3)]),
    }
    with pytest.raises(ValueError, match=message):
        mixtures.value_and_grad(**change(good))


@pytest.mark.parametrize("weights", [[-0.5, 1.5], [0.0, 0.0], [np.nan, 1.0]])
def test_a_likelihood_needs_weights_that_are_not_negative(weights):
    with pytest.raises(ValueError, match="they must be 0 or more, and one of them positive"):
        mixtures.log_likelihood(np.zeros((4, 3)), weights, np.zeros((2, 3)), np.array([np.eye(3), np.eye(3)]))


@pytest.mark.parametrize("kind", TYPES)
def test_a_component_of_weight_zero_counts_for_nothing(kind):
    X, model = fitted("made", kind, max_iter=2)
    weights, means, covariances = parameters(model)
    others = covariances if kind == "tied" else covariances[1:]
    alone = mixtures.log_likelihood(X, weights[1:], means[1:], others, kind)
    close(mixtures.log_likelihood(X, [0.0, *weights[1:]], means, covariances, kind), alone, 1e-12)
