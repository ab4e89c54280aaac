"""A case of the corpus: a function, arguments, and its true derivative by oracles apart from the compiler."""

from __future__ import annotations

import contextlib
import copy
import inspect
import io
import signal
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import numpy as np

from sct import oracles


@dataclass(frozen=True)
class Case:
    """A function and the points at which to differentiate it."""

    name: str
    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any] = field(default_factory=dict)
    wrt: Any = None
    tolerance: float = 1e-8
    expect: str = "right"
    oracles: tuple[str, ...] = ("complex_step", "dual_numbers", "differences")
    truth: Any = None


class Slow(BaseException):
    """Time is up."""


class Call:
    """The arguments of a case, one value for each parameter, and which of them are independent."""

    def __init__(self, case: Case) -> None:
        parameters = inspect.signature(case.function).parameters
        args, kwargs = copy.deepcopy((case.args, case.kwargs))
        bound = inspect.signature(case.function).bind(*args, **kwargs)
        bound.apply_defaults()
        self.case = case
        self.held = arrays(list(bound.arguments.values()))
        self.names = list(parameters)
        self.kinds = [p.kind for p in parameters.values()]
        self.values = [bound.arguments[name] for name in self.names]
        self.independent = independents(case.function, case.wrt)
        self.bare = len(self.independent) == 1 and not isinstance(case.wrt, tuple | list)

    def split(self, values: Sequence[Any]) -> tuple[list[Any], dict[str, Any]]:
        """Return positional and keyword arguments for these values of the parameters."""
        positional: list[Any] = []
        keywords: dict[str, Any] = {}
        for name, kind, value in zip(self.names, self.kinds, values, strict=True):
            if kind is inspect.Parameter.VAR_POSITIONAL:
                positional.extend(value)
            elif kind is inspect.Parameter.KEYWORD_ONLY:
                keywords[name] = value
            elif kind is inspect.Parameter.VAR_KEYWORD:
                keywords.update(value)
            else:
                positional.append(value)
        return positional, keywords

    def by_parameter(self) -> Callable[..., Any]:
        """Return the function with one plain positional argument for each parameter, for the oracles."""
        f, var = self.case.function, inspect.Parameter.VAR_POSITIONAL
        if all(k is inspect.Parameter.POSITIONAL_OR_KEYWORD for k in self.kinds):
            return f
        roles = {var: "star", inspect.Parameter.KEYWORD_ONLY: "keyword", inspect.Parameter.VAR_KEYWORD: "keywords"}
        split = [(n, roles.get(k, "plain")) for n, k in zip(self.names, self.kinds, strict=True)]

        def packed(*values: Any) -> Any:
            positional: list[Any] = []
            keywords: dict[str, Any] = {}
            for (name, kind), value in zip(split, values, strict=True):
                if kind == "star":
                    positional.extend(value)
                elif kind == "keyword":
                    keywords[name] = value
                elif kind == "keywords":
                    keywords.update(value)
                else:
                    positional.append(value)
            return f(*positional, **keywords)

        return packed


def arrays(values: Any) -> list[Any]:
    """Return the arrays in a structure."""
    return [leaf for leaf in oracles.leaves(values) if isinstance(leaf, np.ndarray)]


def independents(f: Callable[..., Any], wrt: Any) -> list[int]:
    """Return the positions of the independent parameters, by the rule that the design gives for None."""
    parameters = list(inspect.signature(f).parameters.values())
    names = [p.name for p in parameters]
    if wrt is not None:
        wanted = wrt if isinstance(wrt, tuple | list) else [wrt]
        return [names.index(w) if isinstance(w, str) else w % len(names) for w in wanted]
    found = []
    for position, p in enumerate(parameters):
        positional = p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
        annotated = p.annotation in (int, bool, str, None, "int", "bool", "str", "None")
        defaulted = p.default is None or isinstance(p.default, int | str)
        if positional and not annotated and not defaulted:
            found.append(position)
    return found


@dataclass(frozen=True)
class Truth:
    """What a case should give: the primal's value, its arguments afterwards, the Jacobian."""

    value: Any
    after: list[Any]
    jacobian: Any
    agreed: tuple[str, ...]
    held: Any = None  # the arrays that stood in the arguments before the call, as the primal leaves them


def truth(case: Case, every: bool = True) -> Truth:
    """Run the primal and the oracles: every one, or two that apply. At least two must apply, and all agree."""
    call = Call(case)
    values = copy.deepcopy(call.values)
    with silence():
        positional, keywords = call.split(values)
        held = arrays(values)
        value = copy.deepcopy(case.function(*positional, **keywords))
        if case.truth is not None:  # where the oracles cannot follow, the Jacobian is given by hand
            return Truth(value, values, np.array(case.truth, dtype=float), ("by hand",), held)
        found: dict[str, Any] = {}
        missing: dict[str, str] = {}
        for name in case.oracles:
            if len(found) == 2 and not every:
                break
            try:
                found[name] = oracles.jacobian(
                    getattr(oracles, name), call.by_parameter(), copy.deepcopy(call.values), call.independent
                )
            except oracles.NotApplicable as error:
                missing[name] = str(error)
    if len(found) < 2:
        raise AssertionError(f"{case.name}: fewer than two oracles apply: {missing}")
    names = tuple(found)
    for other in names[1:]:
        loose = 1e-5 if "differences" in (other, names[0]) else 1e-9
        if not close(found[names[0]], found[other], max(loose, case.tolerance)):
            raise AssertionError(
                f"{case.name}: oracles disagree: {names[0]}\n{found[names[0]]}\n{other}\n{found[other]}"
            )
    return Truth(value, values, found[names[0]], names, held)


def close(a: Any, b: Any, tolerance: float) -> bool:
    """Say whether two arrays agree, relative to their largest entries in the row and absolutely."""
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        return False
    finite = a[np.isfinite(a)]
    scale = 1.0 if finite.size == 0 else max(1.0, float(np.max(abs(finite))))
    with np.errstate(all="ignore"):
        return bool(np.all((abs(a - b) <= tolerance * (scale + abs(a))) | (a == b) | (np.isnan(a) & np.isnan(b))))


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Swallow what programs print and warn."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise Slow in the main thread when this process has worked for so long; it may wait for others as it likes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise Slow

    previous = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, previous)
