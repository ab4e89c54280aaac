"""The checks have teeth: each of ten planted faults makes a named check fail."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn")
from mixtures import densities, likelihood, sampling, solvers  # noqa: E402
from mixtures.model import GaussianMixture  # noqa: E402
from tests.gaussian import test_gradient, test_model  # noqa: E402


def changed(owner, name, change):
    """Return a fault: what `name` returns is changed."""
    true = getattr(owner, name)
    return owner, name, lambda *args, **kwargs: change(true(*args, **kwargs))


def one_hot(shares):
    return np.eye(shares.shape[1])[shares.argmax(axis=1)]


def sample_without_weights():
    true = sampling.draw
    return sampling, "draw", lambda n, weights, *rest: true(n, np.full(len(weights), 1 / len(weights)), *rest)


def one_start():
    true = GaussianMixture._fit

    def fit(self, *arguments):
        n_init, self.n_init = self.n_init, 1
        try:
            return true(self, *arguments)
        finally:
            self.n_init = n_init

    return GaussianMixture, "_fit", fit


def transposed_factors():
    true = densities.step_of
    return densities, "step_of", lambda w, m, factors, kind: true(w, m, np.swapaxes(factors, -1, -2), kind)


def without_determinant():
    true = densities.step_of

    def step_of(weights, means, factors, kind):
        whiten, shift, log_scale = true(weights, means, factors, kind)
        return whiten, shift, log_scale - np.sum(np.log(np.diagonal(factors, axis1=-2, axis2=-1)), axis=-1)

    return densities, "step_of", step_of


def without_a_component(found):
    value, bars = found
    for bar in bars:
        bar[0] = 0.0
    return value, bars


def late_bounds():
    true = GaussianMixture._keep

    def keep(self, *arguments):
        true(self, *arguments)
        self.lower_bounds_ = [*self.lower_bounds_[1:], self.lower_bound_]

    return GaussianMixture, "_keep", keep


def answers():
    test_model.test_answers_are_those_of_scikit_learn("faithful", "full")


def trajectory():
    test_model.test_the_trajectory_is_that_of_scikit_learn("faithful", "full")


def fits():
    test_model.test_fits_are_those_of_scikit_learn("full")


def fisher():
    test_gradient.test_fishers_identity("iris", "full")


FAULTS = {
    "score off by one": (lambda: changed(GaussianMixture, "score", lambda value: value + 1.0), answers),
    "BIC without its penalty": (lambda: changed(GaussianMixture, "_n_parameters", lambda number: 0), answers),
    "responsibilities 0 or 1": (lambda: changed(densities, "responsibilities", one_hot), answers),
    "samples without weights": (sample_without_weights, answers),
    "n_init ignored": (one_start, fits),
    "transposed Cholesky factors": (transposed_factors, answers),
    "no Cholesky log-determinant": (without_determinant, answers),
    "gradient of one component dropped": (
        lambda: changed(likelihood, "rows_value_and_grad", without_a_component),
        fisher,
    ),
    "weights not projected": (
        lambda: changed(solvers, "m_step", lambda found: (found[0] * 1.001, *found[1:])),
        trajectory,
    ),
    "lower_bounds_ of the iteration after": (late_bounds, trajectory),
}


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name, monkeypatch):
    fault, check = FAULTS[name]
    check()
    monkeypatch.setattr(*fault())
    with pytest.raises(AssertionError):
        check()
