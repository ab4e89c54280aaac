"""How fast mixtures are fitted, against scikit-learn: ``python -m tests.benchmarks.estimator``.

Every number comes from one run, one thread, the best of several repeats that take turns; what counts is the ratios.
"""

from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import math  # noqa: E402
import time  # noqa: E402
import warnings  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402
from sklearn.exceptions import ConvergenceWarning  # noqa: E402
from sklearn.mixture import GaussianMixture as Theirs  # noqa: E402

from mixtures import GaussianMixture  # noqa: E402

ENOUGH = 1e-9  # of the average log-likelihood


def blobs(n: int, d: int, k: int, separation: float) -> tuple[np.ndarray, np.ndarray]:
    """Return rows of k unit Gaussians whose means are `separation` from their nearest neighbours, and the means."""
    rng = np.random.default_rng(0)
    means = rng.normal(size=(k, d))
    gaps = np.linalg.norm(means[:, None] - means, axis=2)
    means *= separation / gaps[gaps > 0.0].min()
    return means[rng.integers(k, size=n)] + rng.normal(size=(n, d)), means


def seconds(model: Any, X: np.ndarray) -> float:
    """Return how long a fit takes."""
    began = time.perf_counter()
    model.fit(X)
    return time.perf_counter() - began


def iteration(X: np.ndarray, settings: dict[str, Any], number: int = 10, repeats: int = 4) -> list[float]:
    """Return how many milliseconds an iteration of a fit takes from given parameters, ours and scikit-learn's."""
    best = [math.inf, math.inf]
    for _ in range(repeats):
        for i, cls in enumerate((GaussianMixture, Theirs)):
            best[i] = min(best[i], 1e3 * seconds(cls(max_iter=number, tol=0.0, **settings), X) / number)
    return best


def iterations(n: int = 100_000, d: int = 8, k: int = 8) -> None:
    """Print how long an iteration of EM takes, for all types and both precisions."""
    X, means = blobs(n, d, k, 4.0)
    ones = {"full": np.tile(np.eye(d), (k, 1, 1)), "tied": np.eye(d), "diag": np.ones((k, d)), "spherical": np.ones(k)}
    print(f"One iteration of EM, n={n}, d={d}, k={k}: milliseconds")
    for dtype in (np.float64, np.float32):
        for kind, precisions in ones.items():
            given = {"weights_init": np.full(k, 1 / k), "means_init": means + 1.0, "precisions_init": precisions}
            settings = {"n_components": k, "covariance_type": kind, **given}
            ours, theirs = iteration(X.astype(dtype), settings)
            print(f"  {dtype.__name__} {kind:10} ours {ours:7.1f}   scikit-learn {theirs:7.1f}   {ours / theirs:.2f}")


def overlap(separation: float, n: int = 20_000, d: int = 5, k: int = 4, limit: int = 3000) -> None:
    """Print how long solvers take to a gradient, and to the log-likelihood of scikit-learn, where EM is slow."""
    X, _ = blobs(n, d, k, separation)
    shared = {"n_components": k, "random_state": 0, "reg_covar": 1e-12}
    print(f"Overlapping components, separation {separation}, n={n}, d={d}, k={k}: seconds to a gradient of 1e-6")
    fits = []
    for solver in ("em+lbfgs", "lbfgs", "em"):
        model = GaussianMixture(solver=solver, gradient_tol=1e-6, max_iter=limit, keep_history=False, **shared)
        taken = seconds(model, X)
        fits.append((solver, model, taken))
        note = "" if model.converged_ else f"   (not reached in {limit} iterations)"
        print(f"  {solver:12} {taken:7.2f}   {model.n_iter_:5} iterations   {model.lower_bound_:.10f}{note}")
    theirs = Theirs(tol=0.0, max_iter=limit, **shared)
    taken = seconds(theirs, X)
    target = theirs.lower_bounds_[-1]
    print(f"  scikit-learn {taken:7.2f}   {limit:5} iterations   {target:.10f}   and to this log-likelihood:")
    for solver, model, taken in fits:
        reached = next((i for i, bound in enumerate(model.lower_bounds_, 1) if bound >= target - ENOUGH), None)
        when = "not reached" if reached is None else f"{taken * reached / model.n_iter_:7.2f}   {reached:5} iterations"
        print(f"    {solver:10} {when}")


def main() -> None:
    """Print everything."""
    warnings.simplefilter("ignore", ConvergenceWarning)
    iterations()
    for separation in (1.0, 1.5):
        overlap(separation)


if __name__ == "__main__":
    main()
