"""The log-likelihood of a Gaussian mixture and its derivatives, in weights, means and covariances.

The derivatives are generated code: see `mixtures.objective` for what was differentiated, `mixtures.generated` for what
came out. Here the parts are put together: rows are taken in chunks whose workspace fits the cache, and what a chunk
gives is added up. Sums are exact, since the log-likelihood of independent rows is a sum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from mixtures import objective
from mixtures.generated import free_hvp, free_jvp, free_vjp, natural_hvp, natural_jvp, natural_vjp, rows_hvp, rows_vjp

Array = npt.NDArray[np.floating[Any]]
#: Weights, means and covariances, or anything that has their shapes.
Parameters = tuple[Array, Array, Array]

#: Bytes that one chunk of rows may need for its largest array: a few such arrays fit the second level of caches.
WORKSPACE = 2**19
LEAST_ROWS = 128


class Derivatives(NamedTuple):
    """The generated functions for one covariance type, and what they are derivatives of."""

    joint: Callable[..., Array]
    rows: Callable[..., Any]
    rows_vjp: Callable[..., Any]
    rows_hvp: Callable[..., Any]
    parameters: Callable[..., Parameters]
    parameters_vjp: Callable[..., Any]
    parameters_jvp: Callable[..., Any]
    parameters_hvp: Callable[..., Any]


def derivatives(covariance_type: str, *, free: bool = False) -> Derivatives:
    """Return the functions for a covariance type, in weights, means and covariances or in free parameters.

    Raises
    ------
    ValueError
        If there is no such covariance type.
    """
    if covariance_type not in ("full", "tied", "diag", "spherical"):
        raise ValueError(f"covariance_type is {covariance_type!r}: it must be 'full', 'tied', 'diag' or 'spherical'")
    stem, vjp, jvp, hvp = (
        ("free", free_vjp, free_jvp, free_hvp) if free else ("natural", natural_vjp, natural_jvp, natural_hvp)
    )
    return Derivatives(
        getattr(objective, f"joint_{covariance_type}"),
        getattr(objective, f"rows_{covariance_type}"),
        getattr(rows_vjp, f"rows_{covariance_type}_vjp"),
        getattr(rows_hvp, f"rows_{covariance_type}_vjp_jvp"),
        getattr(objective, f"{stem}_{covariance_type}"),
        getattr(vjp, f"{stem}_{covariance_type}_vjp"),
        getattr(jvp, f"{stem}_{covariance_type}_jvp"),
        getattr(hvp, f"{stem}_{covariance_type}_vjp_jvp"),
    )


def chunks(X: Array, n_components: int) -> Iterator[slice]:
    """Return the slices of rows that are taken together: as many as the workspace has room for."""
    rows = max(LEAST_ROWS, WORKSPACE // (X.itemsize * X.shape[1] * n_components))
    for start in range(0, len(X), rows):
        yield slice(start, min(start + rows, len(X)))


def counted_from(centre: Array | None, X: Array) -> Array:
    """Return rows less a centre. Each feature then lies in one piece of memory, as the sums over rows want it."""
    return X if centre is None else np.subtract(X.T, centre[:, None], order="C").T


def keep_memory() -> None:
    """Let the C library keep the memory that chunks free, so that the next chunk need not ask the system for it.

    The allocator of the GNU C library raises its limit to the largest block that was ever freed, up to 32 MB. With its
    first limit, of 128 kB, half of the time goes into fresh pages. With other libraries this does nothing.
    """
    np.empty(2**25 // 8 - 1024)  # is freed at once, and never touched


def log_likelihood(
    X: npt.ArrayLike,
    weights: npt.ArrayLike,
    means: npt.ArrayLike,
    covariances: npt.ArrayLike,
    covariance_type: str = "full",
    sample_weight: npt.ArrayLike | None = None,
) -> float:
    """Return the log-likelihood of a Gaussian mixture: the sum over rows of log sum_c pi_c N(x | mu_c, Sigma_c).

    Parameters
    ----------
    X : array of shape (n, d)
        The data.
    weights : array of shape (k,)
        The weights pi_c. They are taken as they are: nothing makes them sum to one.
    means : array of shape (k, d)
        The means mu_c.
    covariances : array
        The covariances in the shape that `covariance_type` says: (k, d, d), (d, d), (k, d) or (k,). Of a matrix, the
        symmetric part counts.
    covariance_type : {"full", "tied", "diag", "spherical"}
        As in scikit-learn.
    sample_weight : array of shape (n,), optional
        How often each row counts.

    Returns
    -------
    float
        The log-likelihood.

    Raises
    ------
    ValueError
        If the shapes do not fit together, or a covariance matrix is not positive definite.

    Examples
    --------
    >>> X = [[0.0], [1.0]]
    >>> round(log_likelihood(X, [1.0], [[0.5]], [[[1.0]]]), 6)
    -2.087877

    References
    ----------
    C. M. Bishop, "Pattern Recognition and Machine Learning" (2006), equation 9.14.
    """
    X, row_weights, parameters, centre = _arguments(X, weights, means, covariances, covariance_type, sample_weight)
    known = derivatives(covariance_type)
    step = _compared(known, parameters, covariance_type)
    total = 0.0
    for rows in chunks(X, len(parameters[0])):
        total += float(known.rows(counted_from(centre, X[rows]), row_weights[rows], *step))
    return total


def value_and_grad(
    X: npt.ArrayLike,
    weights: npt.ArrayLike,
    means: npt.ArrayLike,
    covariances: npt.ArrayLike,
    covariance_type: str = "full",
    sample_weight: npt.ArrayLike | None = None,
) -> tuple[float, Parameters]:
    """Return the log-likelihood and its gradient in weights, means and covariances.

    Parameters
    ----------
    X, weights, means, covariances, covariance_type, sample_weight
        As for `log_likelihood`; the weights have to be positive.

    Returns
    -------
    value : float
        The log-likelihood.
    gradient : tuple of three arrays
        The adjoints of weights, means and covariances, in their shapes. Those of matrices are symmetric: the change of
        the log-likelihood is the sum of ``covariances_bar * dcovariances`` for symmetric ``dcovariances``.

    Raises
    ------
    ValueError
        As for `log_likelihood`, and if a weight is not positive.

    Examples
    --------
    >>> value, (weights_bar, means_bar, covariances_bar) = value_and_grad([[0.0], [1.0]], [1.0], [[0.0]], [[[1.0]]])
    >>> weights_bar, means_bar, covariances_bar
    (array([2.]), array([[1.]]), array([[[-0.5]]]))

    References
    ----------
    R. Salakhutdinov, S. Roweis and Z. Ghahramani, "Optimization with EM and expectation-conjugate-gradient" (2003), on
    the gradient as responsibilities give it.
    """
    X, row_weights, parameters, centre = _arguments(X, weights, means, covariances, covariance_type, sample_weight)
    _require_positive(parameters[0])
    known = derivatives(covariance_type)
    value, seeds = rows_value_and_grad(X, row_weights, _compared(known, parameters, covariance_type), known, centre)
    _, gradient = known.parameters_vjp(*parameters, seeds)
    return value, gradient


def rows_value_and_grad(
    X: Array, row_weights: Array, step: Parameters, known: Derivatives, centre: Array | None = None
) -> tuple[float, Parameters]:
    """Return the log-likelihood of all rows, and its gradient in what rows are compared with; see `objective`."""
    keep_memory()
    total = 0.0
    sums = tuple(np.zeros_like(part) for part in step)
    for rows in chunks(X, len(step[1])):
        value, bars = known.rows_vjp(counted_from(centre, X[rows]), row_weights[rows], *step)
        total += float(value)
        for whole, bar in zip(sums, bars, strict=True):
            whole += bar
    return total, sums  # type: ignore[return-value]


def hvp(
    X: npt.ArrayLike,
    weights: npt.ArrayLike,
    means: npt.ArrayLike,
    covariances: npt.ArrayLike,
    covariance_type: str = "full",
    sample_weight: npt.ArrayLike | None = None,
    *,
    direction: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike],
) -> Parameters:
    """Return the product of the Hessian matrix of the log-likelihood with a direction.

    Parameters
    ----------
    X, weights, means, covariances, covariance_type, sample_weight
        As for `value_and_grad`.
    direction : tuple of three arrays
        ``(dweights, dmeans, dcovariances)``, in the shapes of the parameters. Of a matrix, the symmetric part counts.

    Returns
    -------
    tuple of three arrays
        How the gradient changes in this direction.

    Raises
    ------
    ValueError
        As for `value_and_grad`, and if the direction has other shapes.

    Examples
    --------
    >>> hvp([[0.0], [1.0]], [1.0], [[0.0]], [[[1.0]]], direction=([0.0], [[1.0]], [[[0.0]]]))
    (array([0.]), array([[-2.]]), array([[[-1.]]]))

    References
    ----------
    B. A. Pearlmutter, "Fast exact multiplication by the Hessian" (1994).
    """
    X, row_weights, parameters, centre = _arguments(X, weights, means, covariances, covariance_type, sample_weight)
    _require_positive(parameters[0])
    known = derivatives(covariance_type)
    tangents = tuple(real("direction", part, X.dtype) for part in direction)
    if [t.shape for t in tangents] != [p.shape for p in parameters]:
        raise ValueError(
            f"direction has the shapes {[t.shape for t in tangents]}: they must be those of weights, means and "
            f"covariances, {[p.shape for p in parameters]}"
        )
    _compared(known, parameters, covariance_type)
    step, dstep = known.parameters_jvp(*parameters, *tangents)
    keep_memory()
    seeds, dseeds = ([np.zeros_like(part) for part in step] for _ in range(2))
    for rows in chunks(X, len(parameters[0])):
        one = X.dtype.type(1.0)
        (_, bars), (_, dbars) = known.rows_hvp(counted_from(centre, X[rows]), row_weights[rows], *step, one, *dstep)
        for whole, part in zip([*seeds, *dseeds], [*bars, *dbars], strict=True):
            whole += part
    _, (_, product) = known.parameters_hvp(*parameters, tuple(seeds), *tangents, tuple(dseeds))
    return product  # type: ignore[no-any-return]


def _compared(known: Derivatives, parameters: Parameters, covariance_type: str) -> Parameters:
    """Return what rows are compared with; an error names the covariance that is not positive definite."""
    weights, means, covariances = parameters
    if not (np.all(weights >= 0.0) and np.any(weights > 0.0)):
        raise ValueError(f"weights is {weights}: they must be 0 or more, and one of them positive")
    if not np.all(np.isfinite(covariances)):
        raise ValueError("covariances has values that are not finite")
    if covariance_type in ("diag", "spherical") and not np.all(covariances > 0.0):
        raise ValueError(_not_definite(int(np.argwhere(covariances <= 0.0)[0, 0]), covariance_type))
    try:
        with np.errstate(divide="ignore"):  # a component of weight 0 has log-probability -inf
            return known.parameters(weights, means, covariances)
    except np.linalg.LinAlgError:
        for c, matrix in enumerate(covariances if covariance_type == "full" else [covariances]):
            try:
                np.linalg.cholesky(0.5 * (matrix + matrix.T))
            except np.linalg.LinAlgError:
                raise ValueError(_not_definite(c, covariance_type)) from None
        raise


def _not_definite(component: int, covariance_type: str) -> str:
    which = "the covariance matrix" if covariance_type == "tied" else f"the covariance of component {component}"
    return f"{which} is not positive definite: add a small multiple of the unit matrix to it"


def _require_positive(weights: Array) -> None:
    if not np.all(weights > 0.0):
        raise ValueError(f"weights has the value {weights.min()}: a gradient needs weights that are positive")


def real(name: str, value: npt.ArrayLike, dtype: npt.DTypeLike) -> Array:
    """Return an argument as an array of real numbers; NumPy itself would drop the imaginary part of complex ones."""
    array = np.asarray(value)
    if array.dtype.kind == "c":
        raise ValueError(f"{name} holds complex numbers: it must hold real ones")
    return np.asarray(array, dtype)


def _arguments(
    X: npt.ArrayLike,
    weights: npt.ArrayLike,
    means: npt.ArrayLike,
    covariances: npt.ArrayLike,
    covariance_type: str,
    sample_weight: npt.ArrayLike | None,
) -> tuple[Array, Array, Parameters, Array]:
    """Return data, row weights and parameters as arrays of one precision, with a centre that was taken off the means.

    Differences of rows and means lose digits where both are far from zero, so that both are counted from the centre.
    """
    derivatives(covariance_type)
    X = real("X", X, np.float32 if np.asarray(X).dtype == np.float32 else np.float64)
    if X.ndim != 2:
        raise ValueError(
            f"X has the shape {X.shape}: it must have one row for each sample, one column for each feature"
        )
    means, weights = real("means", means, X.dtype), real("weights", weights, X.dtype)
    covariances = real("covariances", covariances, X.dtype)
    if means.ndim != 2 or means.shape[1] != X.shape[1]:
        raise ValueError(
            f"means has the shape {means.shape}: it must be (k, {X.shape[1]}), as X has {X.shape[1]} columns"
        )
    k, d = means.shape
    shapes = {"full": (k, d, d), "tied": (d, d), "diag": (k, d), "spherical": (k,)}
    wanted = {"weights": (weights, (k,)), "covariances": (covariances, shapes[covariance_type])}
    row_weights = np.ones(len(X), X.dtype) if sample_weight is None else real("sample_weight", sample_weight, X.dtype)
    for name, (part, shape) in (wanted | {"sample_weight": (row_weights, (len(X),))}).items():
        if part.shape != shape:
            raise ValueError(
                f"{name} has the shape {part.shape}: it must be {shape} for covariance_type={covariance_type!r}"
            )
    centre = means.mean(axis=0)
    return X, row_weights, (weights, means - centre, covariances), centre
