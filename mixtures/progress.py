"""What one run of a solver leaves behind: its log-likelihoods, its history, what it prints, whether it converged."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

import numpy as np

from mixtures.likelihood import Array, Parameters


class Iteration(NamedTuple):
    """The parameters between two iterations, and their average log-likelihood."""

    weights: Array
    means: Array
    covariances: Array
    log_likelihood: float


class Run:
    """One run of a solver, from one start.

    Parameters
    ----------
    settings : GaussianMixture
        For tol, gradient_tol, keep_history, verbose and verbose_interval.
    lower_bound : float
        The log-likelihood that the first iteration is compared with.
    """

    def __init__(self, settings: Any, lower_bound: float) -> None:
        self.settings = settings
        self.lower_bound = lower_bound
        self.lower_bounds: list[float] = []
        self.visited: list[tuple[Parameters, float]] = []
        self.converged = False
        self.began = self.printed = time.perf_counter()

    @property
    def n_iter(self) -> int:
        """How many iterations there have been."""
        return len(self.lower_bounds)

    @property
    def wants_gradient(self) -> bool:
        """Whether convergence is judged by the gradient."""
        return self.settings.gradient_tol is not None

    def visit(self, parameters: Parameters, log_likelihood: float) -> None:
        """Take parameters and their average log-likelihood into the history."""
        if self.settings.keep_history:
            self.visited.append((parameters, log_likelihood))

    def advance(self, lower_bound: float, gradient_norm: float | None = None) -> bool:
        """Count an iteration and return whether it was the last that is needed.

        The gradient decides where `gradient_tol` is set, and the change of the average log-likelihood elsewhere.
        """
        change = lower_bound - self.lower_bound
        self.lower_bound = lower_bound
        self.lower_bounds.append(lower_bound)
        self._print_iteration(change)
        if self.wants_gradient:
            self.converged = gradient_norm is not None and gradient_norm <= self.settings.gradient_tol
        else:
            self.converged = abs(change) < self.settings.tol
        return self.converged

    def print_start(self, number: int) -> None:
        """Print which initialisation begins."""
        if self.settings.verbose:
            print(f"Initialization {number}")

    def print_end(self) -> None:
        """Print how the run ended."""
        ending = "converged" if self.converged else "did not converge"
        if self.settings.verbose == 1:
            print(f"Initialization {ending}.")
        elif self.settings.verbose:
            lapse = time.perf_counter() - self.began
            print(f"Initialization {ending}. time lapse {lapse:.5f}s\t lower bound {self.lower_bound:.5f}.")

    def _print_iteration(self, change: float) -> None:
        if not self.settings.verbose or self.n_iter % self.settings.verbose_interval:
            return
        if self.settings.verbose == 1:
            print(f"  Iteration {self.n_iter}")
        else:
            now = time.perf_counter()
            print(f"  Iteration {self.n_iter}\t time lapse {now - self.printed:.5f}s\t ll change {change:.5f}")
            self.printed = now

    def history(self, centre: Array, last: Parameters, last_log_likelihood: float) -> list[Iteration]:
        """Return what was visited and the last parameters, with means in the coordinates of the data."""
        if not self.settings.keep_history:
            return []
        visited = list(self.visited)
        if not visited or visited[-1][0] is not last:
            visited.append((last, last_log_likelihood))
        return [
            Iteration(np.asarray(weights), means + centre, np.asarray(covariances), value)
            for (weights, means, covariances), value in visited
        ]
