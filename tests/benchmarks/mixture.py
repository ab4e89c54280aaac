"""The gradient of a mixture against one written by hand and other tools: ``python -m tests.benchmarks.mixture``.

Every number comes from one run, one thread, the best of several repeats that take turns; what counts is the ratios.
The other tools (autograd, JAX, PyTorch) are those that are installed: ``pip install 'sct-ad[benchmark]'``.
"""

from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # not every tool heeds the variables

import argparse  # noqa: E402
import importlib.util  # noqa: E402
import math  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402

import mixtures  # noqa: E402
from mixtures.likelihood import Parameters, chunks, counted_from, derivatives, keep_memory  # noqa: E402

PEERS = ("autograd", "jax", "torch")
LOG_2_PI = math.log(2.0 * math.pi)

Gradient = Callable[[], Any]


def rows_full_by_hand(X: Any, row_weights: Any, whiten: Any, shift: Any, log_scale: Any) -> Any:
    """Return the log-likelihood of rows and its adjoints, which a person wrote statement by statement."""
    z = whiten @ X.T - shift[:, :, None]
    joint = log_scale[:, None] - 0.5 * np.sum(z * z, axis=1)
    top = np.max(joint, axis=0)
    e = np.exp(joint - top)
    s = np.sum(e, axis=0)
    y = np.sum(row_weights * (top + np.log(s)))

    joint_bar = e * (row_weights / s)
    log_scale_bar = np.sum(joint_bar, axis=1)
    z_bar = -(z * joint_bar[:, None, :])
    shift_bar = -np.sum(z_bar, axis=2)
    whiten_bar = z_bar @ X
    return y, (whiten_bar, shift_bar, log_scale_bar)


def over_chunks(function: Callable[..., Any], X: Any, row_weights: Any, step: Parameters, centre: Any) -> Any:
    """Return the value and the adjoints of all rows, added up over the chunks that `mixtures` takes."""
    keep_memory()
    total, sums = 0.0, [np.zeros_like(part) for part in step]
    for rows in chunks(X, len(step[1])):
        value, bars = function(counted_from(centre, X[rows]), row_weights[rows], *step)
        total += float(value)
        for whole, bar in zip(sums, bars, strict=True):
            whole += bar
    return total, tuple(sums)


def autograd_gradient(X: Any, parameters: Parameters) -> Gradient:
    import autograd.numpy as anp
    from autograd import value_and_grad
    from autograd.scipy.special import logsumexp

    def log_likelihood(parameters: Any) -> Any:
        weights, means, covariances = parameters
        lower = anp.linalg.cholesky(covariances)
        whiten = anp.linalg.inv(lower)
        z = anp.matmul(whiten, X.T) - anp.einsum("kij,kj->ki", whiten, means)[:, :, None]
        log_det = anp.sum(anp.log(anp.diagonal(lower, axis1=-1, axis2=-2)), axis=1)
        log_scale = anp.log(weights) - log_det - 0.5 * X.shape[1] * LOG_2_PI
        return anp.sum(logsumexp(log_scale[:, None] - 0.5 * anp.sum(z * z, axis=1), axis=0))

    made = value_and_grad(log_likelihood)
    return lambda: made(parameters)


def jax_gradient(X: Any, parameters: Parameters) -> Gradient:
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp
    from jax.scipy.special import logsumexp

    def log_likelihood(parameters: Any, X: Any) -> Any:
        weights, means, covariances = parameters
        lower = jnp.linalg.cholesky(covariances)
        whiten = jnp.linalg.inv(lower)
        z = whiten @ X.T - jnp.einsum("kij,kj->ki", whiten, means)[:, :, None]
        log_det = jnp.sum(jnp.log(jnp.diagonal(lower, axis1=1, axis2=2)), axis=1)
        log_scale = jnp.log(weights) - log_det - 0.5 * X.shape[1] * LOG_2_PI
        return jnp.sum(logsumexp(log_scale[:, None] - 0.5 * jnp.sum(z * z, axis=1), axis=0))

    made = jax.jit(jax.value_and_grad(log_likelihood))
    parts, data = jax.tree.map(jnp.asarray, parameters), jnp.asarray(X)
    return lambda: jax.block_until_ready(made(parts, data))


def torch_gradient(X: Any, parameters: Parameters) -> Gradient:
    import torch

    torch.set_num_threads(1)
    data = torch.from_numpy(X)
    parts = tuple(torch.from_numpy(part).requires_grad_() for part in parameters)

    def run() -> Any:
        weights, means, covariances = parts
        lower = torch.linalg.cholesky(covariances)
        whiten = torch.linalg.inv(lower)
        z = whiten @ data.T - torch.einsum("kij,kj->ki", whiten, means)[:, :, None]
        log_det = lower.diagonal(dim1=1, dim2=2).log().sum(1)
        log_scale = weights.log() - log_det - 0.5 * data.shape[1] * LOG_2_PI
        value = torch.logsumexp(log_scale[:, None] - 0.5 * (z * z).sum(1), 0).sum()
        return value.item(), torch.autograd.grad(value, parts)

    return run


_MAKERS = {"autograd": autograd_gradient, "jax": jax_gradient, "torch": torch_gradient}


def example(n: int, d: int, k: int) -> tuple[Any, Parameters]:
    """Return rows of a mixture, and parameters that are not far from it."""
    rng = np.random.default_rng(0)
    means = 2.0 * rng.normal(size=(k, d))
    X = means[rng.integers(k, size=n)] + rng.normal(size=(n, d))
    roots = np.eye(d) + 0.1 * rng.normal(size=(k, d, d))
    return X, (np.full(k, 1.0 / k), means + 0.1 * rng.normal(size=(k, d)), roots @ np.swapaxes(roots, 1, 2))


def best_of(contenders: dict[str, Gradient], repeats: int) -> dict[str, float]:
    """Return the best time of each contender in milliseconds; they take turns, so that a slow moment hits all."""
    best = dict.fromkeys(contenders, math.inf)
    for run in contenders.values():
        run()
    for _ in range(repeats):
        for name, run in contenders.items():
            began = time.perf_counter()
            run()
            best[name] = min(best[name], 1e3 * (time.perf_counter() - began))
    return best


def by_hand(X: Any, parameters: Parameters, repeats: int) -> None:
    """Print the generated gradient against the one written by hand, on the same chunks."""
    known = derivatives("full")
    weights, means, covariances = parameters
    centre = means.mean(axis=0)
    step = known.parameters(weights, means - centre, covariances)
    ones = np.ones(len(X))
    generated, hand = (over_chunks(f, X, ones, step, centre) for f in (known.rows_vjp, rows_full_by_hand))
    np.testing.assert_allclose(generated[0], hand[0], rtol=1e-12)
    for found, expected in zip(generated[1], hand[1], strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 * np.abs(expected).max())
    contenders = {
        "log-likelihood alone": lambda: mixtures.log_likelihood(X, *parameters),
        "gradient by hand": lambda: over_chunks(rows_full_by_hand, X, ones, step, centre),
        "generated gradient": lambda: over_chunks(known.rows_vjp, X, ones, step, centre),
    }
    print("In what rows are compared with, on chunks of rows: milliseconds, and how many times by hand")
    report(best_of(contenders, repeats), "gradient by hand")


def against_peers(X: Any, parameters: Parameters, repeats: int) -> None:
    """Print the gradient of `mixtures` against those of other tools."""
    contenders: dict[str, Gradient] = {"mixtures.value_and_grad": lambda: mixtures.value_and_grad(X, *parameters)}
    value, gradient = contenders["mixtures.value_and_grad"]()
    for name in PEERS:
        if importlib.util.find_spec(name) is None:
            print(f"  {name} is not installed: skipped (pip install 'sct-ad[benchmark]')")
            continue
        contenders[name] = _MAKERS[name](X, parameters)
        other, bars = contenders[name]()
        np.testing.assert_allclose(float(other), value, rtol=1e-10)
        for found, expected in zip(bars[:2], gradient[:2], strict=True):
            np.testing.assert_allclose(np.asarray(found), expected, rtol=1e-7, atol=1e-7 * np.abs(expected).max())
    print("In weights, means and covariances: milliseconds, and how many times mixtures")
    report(best_of(contenders, repeats), "mixtures.value_and_grad")


def report(times: dict[str, float], unit: str) -> None:
    """Print times and their ratios to one of them."""
    for name, found in times.items():
        print(f"  {name:26} {found:8.1f}   {found / times[unit]:6.2f}")


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.mixture", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer repeats")
    repeats = 5 if parser.parse_args().quick else 25
    n, d, k = 100_000, 8, 8
    X, parameters = example(n, d, k)
    print(f"n={n}, d={d}, k={k}, full covariances, one thread")
    by_hand(X, parameters, repeats)
    against_peers(X, parameters, repeats)


if __name__ == "__main__":
    main()
