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

#: Iterations that L-BFGS makes in the coordinates of one start.
ROUND = 50


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

    It works in rounds: each takes the coordinates in which components are round where it starts.

    R. H. Byrd, P. Lu, J. Nocedal and C. Zhu, "A limited memory algorithm for bound constrained optimization" (1995).
    """
    last = run.n_iter + max_iter
    free = FreeParameters(rows, parameters, run.settings)
    if max_iter > 1 and (parameters[0].sum() < 0.99 or free.collapsed(free.vector()) is not None):
        # Components that start from single rows have no extent, or far too much of it: EM finds the rows around them.
        parameters = em(rows, parameters, run, 1)
        free = FreeParameters(rows, parameters, run.settings)
    run.lower_bound = free.value_and_grad(free.vector())[0]
    run.visit(parameters, run.lower_bound)
    more = True
    while more:
        parameters, more = _round(free, parameters, run, min(ROUND, last - run.n_iter))
        more = more and run.n_iter < last
        free = FreeParameters(rows, parameters, run.settings) if more else free
    return parameters


def _round(free: FreeParameters, parameters: Parameters, run: Run, max_iter: int) -> tuple[Parameters, bool]:
    """Return the parameters after some iterations of L-BFGS-B, and whether there may be better ones."""
    from scipy.optimize import minimize

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

    tolerance = run.settings.gradient_tol
    options = {
        "maxiter": max_iter,
        "maxfun": 25 * max_iter + 100,
        "maxcor": 20,
        "ftol": np.finfo(np.float64).eps,
        "gtol": tolerance or 0.0,
    }
    start = free.vector()
    result = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=free.bounds(), callback=count, options=options)
    component = free.collapsed(result.x)
    if component is not None and run.settings.reg_covar < free.least_variance:
        raise ValueError(singular(component, free.rows.covariance_type))
    if run.converged or result.status == 1:
        return best[0], not run.converged
    # No step makes the log-likelihood greater in its last digits.
    run.converged = tolerance is None or free.projected_norm(result.x, -result.jac) <= tolerance
    return best[0], False


def em_then_lbfgs(rows: Rows, parameters: Parameters, run: Run, max_iter: int) -> Parameters:
    """Return the parameters after a few iterations of EM, which enter a basin, and those of L-BFGS from there."""
    parameters = em(rows, parameters, run, min(ENTERING, max_iter))
    if run.n_iter == max_iter or (run.converged and run.wants_gradient):
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
