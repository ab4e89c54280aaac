"""The solvers of a fit: each starts from parameters, counts its iterations in a run, and returns better parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from mixtures.data import learned_names
from mixtures.em import compared_with, m_step, singular
from mixtures.free import FreeParameters
from mixtures.likelihood import Array, Parameters
from mixtures.progress import Run
from mixtures.rows import Rows, likelihood_and_sums, most_probable

#: Iterations of EM that "em+lbfgs" makes before it goes over to the gradient.
ENTERING = 10


def em(rows: Rows, parameters: Parameters, run: Run, max_iter: int, hard: bool = False) -> Parameters:
    """Return the parameters after at most `max_iter` iterations of EM; a hard E-step gives rows to one component."""
    settings, kind = run.settings, rows.covariance_type
    learned = learned_names(settings.learn)
    for _ in range(max_iter):
        step = compared_with(parameters, kind)
        total, sums = likelihood_and_sums(most_probable(rows, step) if hard else rows, step)
        bound = total / rows.total_weight
        norm = FreeParameters(rows, parameters, settings).norm(sums) if run.wants_gradient else None
        run.visit(parameters, bound)
        parameters = m_step(step, sums, parameters, kind, learned, settings.reg_covar, rows.centre)
        if run.advance(bound, norm):
            break
    return parameters


def hard(rows: Rows, parameters: Parameters, run: Run, max_iter: int) -> Parameters:
    """Return the parameters after EM in which each row counts to its most probable component alone.

    G. Celeux and G. Govaert, "A classification EM algorithm for clustering and two stochastic versions" (1992).
    """
    return em(rows, parameters, run, max_iter, hard=True)


def lbfgs(rows: Rows, parameters: Parameters, run: Run, max_iter: int) -> Parameters:
    """Return the parameters after at most `max_iter` iterations of SciPy's L-BFGS-B on the generated gradient.

    R. H. Byrd, P. Lu, J. Nocedal and C. Zhu, "A limited memory algorithm for bound constrained optimization" (1995).
    """
    from scipy.optimize import minimize

    free = FreeParameters(rows, parameters, run.settings)
    if max_iter > 1 and (parameters[0].sum() < 0.99 or free.collapsed(free.vector()) is not None):
        # Components that start from single rows have no extent, or far too much of it: EM finds the rows around them.
        parameters = em(rows, parameters, run, 1)
        max_iter -= 1
        free = FreeParameters(rows, parameters, run.settings)
    vector = free.vector()
    latest: list[tuple[Array, float]] = []
    best = [parameters]

    def loss(at: Array) -> tuple[float, Array]:
        value, gradient = free.value_and_grad(at)
        latest[:] = [(at.copy(), free.projected_norm(at, gradient))]
        return -value, -gradient

    def count(intermediate_result: Any) -> None:
        at, bound = intermediate_result.x, -float(intermediate_result.fun)
        found, norm = latest[0]
        best[0] = free.natural(at)
        run.visit(best[0], bound)
        if run.advance(bound, norm if np.array_equal(found, at) else None):
            raise StopIteration

    first = -loss(vector)[0]
    run.visit(parameters, first)
    if max_iter <= 0:
        return parameters
    run.lower_bound = first
    options = {
        "maxiter": max_iter,
        "maxfun": 25 * max_iter + 100,
        "maxcor": 20,
        "ftol": np.finfo(np.float64).eps,
        "gtol": run.settings.gradient_tol or 0.0,
    }
    result = minimize(loss, vector, jac=True, method="L-BFGS-B", bounds=free.bounds(), callback=count, options=options)
    component = free.collapsed(result.x)
    if component is not None and run.settings.reg_covar < free.least_variance:
        raise ValueError(singular(component, rows.covariance_type))
    if not run.converged and result.status != 1:  # no step makes the log-likelihood greater in its last digits
        run.converged = (
            not run.wants_gradient or free.projected_norm(result.x, -result.jac) <= run.settings.gradient_tol
        )
    return best[0]


def em_then_lbfgs(rows: Rows, parameters: Parameters, run: Run, max_iter: int) -> Parameters:
    """Return the parameters after a few iterations of EM, which enter a basin, and those of L-BFGS from there."""
    parameters = em(rows, parameters, run, min(ENTERING, max_iter))
    if run.converged and run.wants_gradient:
        return parameters
    run.converged = False
    return lbfgs(rows, parameters, run, max_iter - run.n_iter)


def average(rows: Rows, parameters: Parameters, solver: str) -> float:
    """Return the average log-likelihood that a solver makes greater."""
    step = compared_with(parameters, rows.covariance_type)
    return likelihood_and_sums(most_probable(rows, step) if solver == "hard" else rows, step)[0] / rows.total_weight


SOLVERS: dict[str, Callable[[Rows, Parameters, Run, int], Parameters]] = {
    "em": em,
    "lbfgs": lbfgs,
    "em+lbfgs": em_then_lbfgs,
    "hard": hard,
}
