"""`check_grad`: the derivatives that sct writes for a function, held against independent ones.

In: a function and arguments. Out: whether forward mode, reverse mode and the oracles agree there, and the entry that is
worst. `sct.oracles` is written apart from the compiler; this is the place where the two meet.
"""

from __future__ import annotations

import copy
import functools
import inspect
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import oracles
from .api import Wrt, jvp, vjp
from .errors import UsageError
from .frontend.standins import is_literal
from .frontend.values import called, is_users

_ROUGH = 1e-3  # what divided differences that converge are surely better than
_RANKED = 20  # entries of each mode against each oracle that are told
_ORACLES = {f.__name__: f for f in (oracles.complex_step, oracles.dual_numbers, oracles.differences)}


@dataclass(frozen=True)
class Entry:
    """One partial derivative, as sct and as an oracle has it.

    Attributes
    ----------
    mode : str
        "forward" or "reverse": which of sct's derivatives.
    result, argument : str
        Which number of the result is differentiated by which number of the arguments, as in ``result[0]``, ``x[1, 2]``.
    found, expected : float
        What sct's derivative and what the oracle says.
    oracle : str
        The oracle.
    error : float
        How far the two are apart, relative to one plus the expected value.
    """

    mode: str
    result: str
    argument: str
    found: float
    expected: float
    oracle: str
    error: float

    def __str__(self) -> str:
        quotient = f"d {self.result} / d {self.argument}"
        return f"{quotient} in {self.mode} mode is {self.found:.12g}, by {self.oracle} {self.expected:.12g}"


@dataclass(frozen=True)
class GradCheck:
    """What `check_grad` found; true where the derivatives are right.

    Attributes
    ----------
    ok : bool
        Whether every entry and the dot-product test are within the tolerance.
    worst : Entry or None
        The entry that is furthest from an oracle; None where there are no entries.
    gap : float
        By how much ``<y_bar, dy>`` and ``<x_bar, dx>`` differ for random seeds, relative to their terms, or to what
        they are for a derivative of size one: of one that vanishes rounding is all that there is.
    entries : int
        How many partial derivatives were compared in each mode.
    applied : tuple of str
        The oracles that had an answer.
    skipped : mapping
        Why the others had none.
    ranked : tuple of Entry
        The worst entries, the worst first: a few of each mode against each oracle.
    """

    ok: bool
    worst: Entry | None
    gap: float
    entries: int
    applied: tuple[str, ...]
    skipped: Mapping[str, str]
    ranked: tuple[Entry, ...] = ()

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        lines = [
            f"{'right' if self.ok else 'WRONG'}: {self.entries} partial derivatives against {', '.join(self.applied)}"
        ]
        if self.worst is not None:
            lines.append(f"worst entry: {self.worst} (error {self.worst.error:.1e})")
        lines.append(f"dot-product test: {self.gap:.1e}")
        lines += [f"{name} does not apply: {reason}" for name, reason in self.skipped.items()]
        return "\n".join(lines)


def check_grad(
    f: Callable[..., Any],
    args: Sequence[Any],
    *,
    wrt: Wrt = None,
    keywords: Mapping[str, Any] | None = None,
    tolerance: float | None = None,
    gap: float | None = None,
) -> GradCheck:
    """Compare the derivatives of `f` that sct writes with independent ones, entry by entry.

    Parameters
    ----------
    f : function
        A Python function of floats, arrays and structures of them, with a real result.
    args : sequence
        The positional arguments at which it is differentiated; they are copied before each run.
    wrt : None, int, str, or tuple of them
        The independents, as for `jvp`; for an installed function, as ``np.sum``, None means the arguments with floats.
    keywords : mapping, optional
        Arguments by keyword, constant.
    tolerance : float, optional
        The error of an entry, relative to one plus its value, that is still right. None means 1e-6, and where an
        argument or the result is in single or half precision the square root of that precision's epsilon (3e-4, 3e-2).
    gap : float, optional
        The gap of the dot-product test that is still rounding. None means 1e-12, or that square root.

    Returns
    -------
    GradCheck
        Of which the truth value says whether all is right; as a text it tells of the worst entry.

    Raises
    ------
    Refused
        Where sct has no derivative of `f`.
    UsageError
        Where no oracle has one.

    Examples
    --------
    >>> import math
    >>> import sct
    >>> def f(x, y):
    ...     return math.sin(x) * y
    >>> bool(sct.check_grad(f, (0.5, 2.0)))
    True
    """
    f, args, wrt, keywords = _bound(f, args, wrt, dict(keywords or {}))
    args = _with_defaults(f, args)
    names, positions, wrt = _independents(f, len(args), wrt)
    inputs = [args[i] for i in positions]
    value = f(*copy.deepcopy(list(args)), **copy.deepcopy(keywords))
    if np.iscomplexobj(oracles.flatten(value)):
        raise UsageError("sct.check_grad(): the result is complex; return its real and imaginary parts")
    rows = list(_labels(value, "result"))
    columns = [label for i in positions for label in _labels(args[i], names[i])]
    forward, reverse = _Forward(f, args, inputs, wrt, keywords), _Reverse(f, args, value, wrt, keywords)
    found = {
        "forward": (
            np.stack([forward(unit) for unit in np.eye(len(columns))], axis=1) if columns else np.zeros((len(rows), 0))
        ),
        "reverse": np.stack([reverse(unit) for unit in np.eye(len(rows))]) if rows else np.zeros((0, len(columns))),
    }
    expected, skipped = _expected(f, args, positions, keywords)  # of no use where sct refuses the function
    entries = [
        entry
        for mode, matrix in found.items()
        for name, truth in expected.items()
        for entry in _worst(mode, matrix, name, truth, rows, columns)
    ]
    entries.sort(key=lambda entry: -entry.error)
    worst = entries[0] if entries else None
    dots = _dot_product_gap(forward, reverse, len(columns), len(rows))
    rounding = _rounding([*inputs, value])
    far = worst is not None and worst.error > (max(1e-6, rounding) if tolerance is None else tolerance)
    ok = not far and bool(dots <= (max(1e-12, rounding) if gap is None else gap))
    return GradCheck(ok, worst, dots, len(rows) * len(columns), tuple(expected), skipped, tuple(entries))


_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def _dot_product_gap(forward: _Forward, reverse: _Reverse, columns: int, rows: int) -> float:
    """Return the gap of the dot-product test, in proportion to a derivative of size one where it is smaller."""
    rng = np.random.default_rng(0)
    dx, y_bar = rng.normal(size=columns), rng.normal(size=rows)
    least = float(np.linalg.norm(dx) * np.linalg.norm(y_bar))
    return oracles.dot_product_gap(dx, reverse(y_bar), forward(dx), y_bar, least)


class _Forward:
    """The tangent of the result, from one number for each in the independents."""

    def __init__(
        self, f: Callable[..., Any], args: Sequence[Any], inputs: list[Any], wrt: Wrt, keywords: Mapping[str, Any]
    ) -> None:
        self.derivative, self.args, self.inputs, self.keywords = jvp(f, wrt), args, inputs, keywords

    def __call__(self, direction: Any) -> Any:
        args, keywords = copy.deepcopy((list(self.args), dict(self.keywords)))
        return oracles.flatten(self.derivative(*args, *oracles.unflatten(direction, self.inputs), **keywords)[1])


class _Reverse:
    """The adjoint of the independents, from one number for each in the result."""

    def __init__(
        self, f: Callable[..., Any], args: Sequence[Any], value: Any, wrt: Wrt, keywords: Mapping[str, Any]
    ) -> None:
        self.derivative, self.args, self.value, self.keywords = vjp(f, wrt), args, value, keywords

    def __call__(self, seed: Any) -> Any:
        args, keywords = copy.deepcopy((list(self.args), dict(self.keywords)))
        return oracles.flatten(self.derivative(*args, oracles.unflatten(seed, self.value), **keywords)[1])


def _expected(
    f: Callable[..., Any], args: Sequence[Any], positions: list[int], keywords: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the matrix of each oracle that has one, and why the others have none."""
    found: dict[str, Any] = {}
    skipped: dict[str, str] = {}
    for name, oracle in _ORACLES.items():
        try:
            found[name] = oracles.jacobian(oracle, f, args, positions, keywords)
        except oracles.NotApplicable as error:
            skipped[name] = str(error)
    if not _continues(found):
        del found["complex_step"]
        skipped["complex_step"] = "the function does not continue analytically into the complex plane"
    if not found:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in skipped.items())
        raise UsageError(f"sct.check_grad(): no oracle has a derivative here ({reasons})")
    return found, skipped


def _continues(found: Mapping[str, Any]) -> bool:
    """Say whether the complex step may be believed: divided differences along the real line are about the same.

    What conjugates a number, or drops a part of it, somewhere in a library has another derivative off the real line
    (the Cauchy-Riemann equations do not hold), and says nothing.
    """
    if "complex_step" not in found or "differences" not in found:
        return True
    near, far = found["differences"], found["complex_step"]
    with np.errstate(invalid="ignore"):
        return not np.any(abs(far - near) > _ROUGH * (1.0 + abs(near)))


def _rounding(values: Sequence[Any]) -> float:
    """Return the square root of the coarsest epsilon in these values; zero where all of them are in double precision.

    The oracles work in double precision, whatever they are given: what is rounded is what sct's derivatives compute.
    """
    kinds = {np.asarray(leaf).dtype for leaf in oracles.leaves(values)}
    coarse = max((float(np.finfo(kind).eps) for kind in kinds if kind.kind in "fc"), default=0.0)
    return math.sqrt(coarse) if coarse > np.finfo(float).eps else 0.0


def _worst(mode: str, found: Any, oracle: str, expected: Any, rows: list[str], columns: list[str]) -> Iterator[Entry]:
    """Yield the entries of a matrix that are furthest from an oracle's."""
    with np.errstate(invalid="ignore"):
        errors = abs(found - expected) / (1.0 + abs(expected))
    same = (found == expected) | (np.isnan(found) & np.isnan(expected))
    errors = np.where(same, 0.0, np.where(np.isnan(errors), np.inf, errors))
    for flat in np.argsort(-errors, axis=None, kind="stable")[:_RANKED]:
        i, j = (int(k) for k in np.unravel_index(flat, errors.shape))
        yield Entry(mode, rows[i], columns[j], float(found[i, j]), float(expected[i, j]), oracle, float(errors[i, j]))


def _labels(value: Any, name: str) -> Iterator[str]:
    """Yield what the numbers in a structure are called, in the order of `oracles.flatten`."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _labels(item, f"{name}[{key!r}]")
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from _labels(item, f"{name}[{i}]")
    elif isinstance(value, np.ndarray) and value.ndim and list(oracles.leaves(value)):
        yield from (f"{name}[{', '.join(map(str, index))}]" for index in np.ndindex(value.shape))
    elif list(oracles.leaves(value)):
        yield name


def _bound(
    f: Callable[..., Any], args: Sequence[Any], wrt: Wrt, keywords: Mapping[str, Any]
) -> tuple[Callable[..., Any], list[Any], Wrt, Mapping[str, Any]]:
    """Return a function that stands for what is called so, and its own arguments, independents and keywords.

    What an installed function is given by keyword, or by position as an axis or a text, belongs to that function.
    """
    if is_users(f):
        return called(f), list(args), wrt, keywords
    if wrt is None:
        wrt = tuple(i for i, arg in enumerate(args) if _has_floats(arg)) or None
    parts = wrt if isinstance(wrt, tuple) else (wrt,)
    places = [part % len(args) for part in parts if isinstance(part, int) and -len(args) <= part < len(args)]
    by_place = len(places) == len(parts)
    fixed = {i: arg for i, arg in enumerate(args) if by_place and i not in places and is_literal(arg)}
    made = called(functools.partial(f, **keywords) if keywords else f, len(args), fixed)
    left = [i for i in range(len(args)) if i not in fixed]
    return made, [args[i] for i in left], tuple(map(left.index, places)) if by_place else wrt, {}


def _has_floats(arg: Any) -> bool:
    return any(np.asarray(leaf).dtype.kind in "fc" for leaf in oracles.leaves(arg))


def _with_defaults(f: Callable[..., Any], args: Sequence[Any]) -> list[Any]:
    """Return the positional arguments and the defaults of those that are left out."""
    parameters = [p for p in inspect.signature(f).parameters.values() if p.kind in _POSITIONAL]
    rest = parameters[len(args) :]
    return [*args, *(p.default for p in rest if all(q.default is not q.empty for q in rest))]


def _independents(f: Callable[..., Any], count: int, wrt: Wrt) -> tuple[list[str], list[int], Wrt]:
    """Return the names of the positional arguments, the positions of those that are independent, and what wrt says."""
    every = list(inspect.signature(f).parameters.values())
    parameters = [p for p in every if p.kind in _POSITIONAL]
    names = [p.name for p in parameters]
    gathered = next((p.name for p in every if p.kind is p.VAR_POSITIONAL), "")
    if gathered and count > len(names):
        names += [f"{gathered}[{i}]" for i in range(count - len(names))]
        wrt = tuple(range(count)) if wrt is None else wrt
        if count - 1 not in (wrt if isinstance(wrt, tuple) else (wrt,)):
            raise UsageError(f"sct.check_grad(): wrt has to reach the last of {gathered}; check a function without it")
    if count != len(names):
        raise UsageError(f"sct.check_grad(): the function has {len(names)} positional parameters, not {count}")
    if wrt is not None:
        wanted = wrt if isinstance(wrt, tuple) else (wrt,)
        return names, [names.index(w) if isinstance(w, str) else w % len(names) for w in wanted], wrt
    constant = (int, bool, str, None, "int", "bool", "str", "None")
    chosen = [
        i
        for i, p in enumerate(parameters)
        if p.annotation not in constant and p.default is not None and not isinstance(p.default, int | str)
    ]
    return names, chosen, wrt
