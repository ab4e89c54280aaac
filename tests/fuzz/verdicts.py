"""Run one program through the compiler and hold it against the oracles.

A way is a mode and a door, such as ``reverse/live`` or ``reverse/standalone``, one order of second derivatives, such as
``forward over reverse``, or ``stable``: the text that another process emits is the same; or ``names``: the program is
right with the names of generated code too.
"""

from __future__ import annotations

import copy
import dataclasses
import difflib
import importlib.util
import itertools
import linecache
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any
from unittest import mock

import numpy as np

from sct import oracles
from sct.oracles.structures import unflatten, widened
from tests.programs import harness, twice
from tests.programs.case import Call, arrays, close
from tests.programs.harness import Case, Slow, Truth, Verdict

from .collisions import collided
from .grammar import Program
from .other import answer, ask, or_reason

_numbers = itertools.count()
DISCARDED, UNSTABLE, TWICE = "discarded", "unstable", "refused twice"
BAD = (harness.WRONG, harness.CRASH, harness.BREAKS, harness.SLOW, UNSTABLE)
FIRST = tuple(f"{mode}/live" for mode in harness.MODES)
STABLE, NAMES = "stable", "names"
SECONDS = 10.0


@dataclasses.dataclass(frozen=True)
class Raised:
    """What a program should do that raises, by itself, at the point: the error, and the arguments as it leaves them."""

    error: Exception
    after: list[Any]


def ways(number: int) -> tuple[str, ...]:
    """Return the ways in which a program is judged: both modes, and by its number one more, which takes longer."""
    more = {
        0: (*(f"{mode}/text" for mode in harness.MODES), STABLE),
        4: tuple(f"{mode}/standalone" for mode in harness.MODES),
        3: ("forward over reverse",),
        5: ("reverse over reverse",),
        7: ("forward over forward",),
        2: (NAMES,),
    }
    return FIRST + more.get(number % 10, ())


def load(program: Program, folder: Path) -> Case:
    """Write the program into a file of its own and import it."""
    name = f"fuzzed_{next(_numbers)}"
    path = folder / f"{name}.py"
    path.write_text(program.text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    with harness.silence():
        spec.loader.exec_module(module)
    linecache.checkcache(str(path))
    wrt: Any = program.wrt
    single = any(getattr(leaf, "dtype", None) == np.float32 for leaf in oracles.leaves(list(program.args)))
    return Case(name, getattr(module, program.name), program.args, wrt=wrt, tolerance=2e-3 if single else 1e-7)


@contextmanager
def filled(value: float) -> Iterator[None]:
    """Have the arrays hold a value that NumPy leaves as they are: what hangs on it is not a function."""

    def filler(make: Callable[..., Any]) -> Callable[..., Any]:
        def made(*args: Any, **kw: Any) -> Any:
            array = make(*args, **kw)
            array[...] = value
            return array

        return made

    with mock.patch.object(np, "empty", filler(np.empty)), mock.patch.object(np, "empty_like", filler(np.empty_like)):
        yield


def run(case: Case, values: list[Any]) -> Any:
    """Return what the primal gives."""
    positional, keywords = Call(case).split(values)
    return case.function(*positional, **keywords)


def expected(case: Case) -> Truth | Raised | None:
    """Return the truth of a program that runs, stays small and is smooth where it is asked; None for others."""
    try:
        with harness.deadline(5.0), harness.silence(), warnings.catch_warnings(action="ignore"):
            return _expected(case)
    except (Exception, Slow):
        return None


def _expected(case: Case) -> Truth | Raised | None:
    call = Call(case)
    runs, held = [], []
    for value in (1.25, -2.5):
        values = copy.deepcopy(call.values)
        held = arrays(values)
        with filled(value):
            try:
                # Where something on the way is not finite, its slope times nothing is not a number.
                with np.errstate(divide="raise", over="raise", invalid="raise"):
                    runs.append((copy.deepcopy(run(case, values)), values))
            except ValueError as error:
                return Raised(error, values) if str(error) in ("half way", "too large") else None
    (value, after), (other, other_after) = runs
    if oracles.flatten(value).size == 0 or not same([value, after], [other, other_after], 0.0):
        return None
    wide = [widened(v) if i in call.independent else v for i, v in enumerate(copy.deepcopy(call.values))]
    if not same([run(case, wide), wide], [value, after], max(1e-9, case.tolerance)):
        return None  # integers or single precision make it another function
    jacobian = the_jacobian(case, call)
    if jacobian is None:
        return None
    numbers = np.concatenate([oracles.flatten(value), jacobian[0].ravel()])
    return Truth(value, after, *jacobian, held) if np.all(np.isfinite(numbers)) and np.all(abs(numbers) < 1e5) else None


def same(a: Any, b: Any, tolerance: float) -> bool:
    """Say whether two structures agree."""
    return close(oracles.flatten(a), oracles.flatten(b), tolerance)


def the_jacobian(case: Case, call: Call) -> tuple[Any, tuple[str, ...]] | None:
    """Return the Jacobian, by dual numbers where they apply; None where what applies does not agree."""
    found: dict[str, Any] = {}
    for name, oracle in (("differences", converged), ("dual_numbers", None), ("complex_step", None)):
        try:
            found[name] = oracles.jacobian(
                oracle or getattr(oracles, name), call.by_parameter(), copy.deepcopy(call.values), call.independent
            )
        except oracles.NotApplicable:
            if name == "differences":
                return None
    rough = found["differences"]
    if not all(close(rough, other, max(1e-5, case.tolerance)) for other in found.values()):
        return None
    if "dual_numbers" in found:
        return found["dual_numbers"], ("dual_numbers",)
    if len(found) == 1:  # nothing else would tell of a kink, of which differences to both sides give the mean
        try:
            oracles.jacobian(twice.bend, call.by_parameter(), copy.deepcopy(call.values), call.independent)
        except oracles.NotApplicable:
            return None
    return rough, ("differences",)


def converged(*args: Any) -> Any:
    """Return divided differences that are sure to some six digits."""
    found = oracles.divided_difference(*args)
    if np.any(found.error > 2e-6 * (1.0 + abs(found.value))):
        raise oracles.NotApplicable("the divided differences do not converge here")
    return found.value


def steady(case: Case) -> bool:
    """Say whether the primal gives nearly the same very near the point, whatever rounding does."""
    call = Call(case)
    if largest(case, copy.deepcopy(call.values)) > 1e10:
        return False  # what is added to that is lost, in the tangent too
    first = None
    for step in range(24):
        values = copy.deepcopy(call.values)
        for i in call.independent:
            values[i] = unflatten(oracles.flatten(values[i]) * (1.0 + (step % 8) * 1e-13), widened(values[i]))
        found = oracles.flatten(run(case, values))
        first = found if first is None else first
        if found.shape != first.shape or not close(found, first, 1e-6):
            return False
    return True


def largest(case: Case, values: list[Any]) -> float:
    """Return the largest magnitude of what the variables of the program hold on the way."""
    found = [0.0]

    def look(frame: FrameType, event: str, arg: Any) -> Any:
        if frame.f_code.co_filename != case.function.__code__.co_filename:
            return None
        for value in frame.f_locals.values():
            if isinstance(value, (float, np.ndarray)) and np.asarray(value).dtype.kind in "fc":
                found.append(float(np.max(abs(np.asarray(value)), initial=0.0)))
        return look

    before = sys.gettrace()
    sys.settrace(look)
    try:
        run(case, values)
    finally:
        sys.settrace(before)
    return max(found)


def judge(program: Program, folder: Path, wanted: Sequence[str] = FIRST) -> dict[str, Verdict]:
    """Return the verdicts of these ways, or the one verdict that the program is of no use."""
    case = load(program, folder)
    try:
        known = expected(case)
        if known is None:
            return {"program": Verdict(DISCARDED)}
        if isinstance(known, Truth) and known.agreed == ("differences",):
            case = dataclasses.replace(case, tolerance=max(1e-5, case.tolerance))
        verdicts = {}
        for way in wanted:
            try:
                with harness.deadline(SECONDS):
                    verdicts[way] = (
                        named(program, case, folder, verdicts) if way == NAMES else one(case, way, folder, known)
                    )
            except Slow:
                verdicts[way] = Verdict(harness.SLOW, f"more than {SECONDS:g} s")
        wrong = any(verdict.kind == harness.WRONG for verdict in verdicts.values())
        if wrong and isinstance(known, Truth) and not steady(case):
            return {"program": Verdict(DISCARDED)}  # rounding chooses its branch
        return verdicts
    finally:
        sys.modules.pop(case.name, None)


def one(case: Case, way: str, folder: Path, known: Truth | Raised) -> Verdict:
    """Return the verdict of one way."""
    if way == STABLE:
        return stable(case)
    if " over " in way:
        if isinstance(known, Raised):
            return Verdict(harness.SKIPPED)
        found = twice.judge(case, folder, way.replace(" over ", "/"), "live", SECONDS)
        return dataclasses.replace(found, kind=TWICE) if found.kind in (harness.REFUSED, harness.RAISES) else found
    mode, door = way.split("/")
    if isinstance(known, Raised):
        return raises_too(case, mode, door, folder, known)
    return harness.verify(case, mode, door, folder, known)


def stable(case: Case) -> Verdict:
    """Compare what two processes emit."""
    function = case.function
    for mode in harness.MODES:  # the other process works while this one does
        ask(function.__code__.co_filename, function.__name__, mode, case.wrt)
    try:
        with harness.silence():
            here = [or_reason(lambda mode=mode: harness.emitted(case, mode)) for mode in harness.MODES]  # type: ignore[misc]
    finally:
        there = [answer() for _ in harness.MODES]
    for mode, ours, theirs in zip(harness.MODES, here, there, strict=True):
        if ours != theirs:
            lines = difflib.unified_diff(ours.splitlines(), theirs.splitlines(), lineterm="", n=0)
            return Verdict(UNSTABLE, f"{mode}: " + "\n".join(lines))
    return Verdict(harness.RIGHT)


def named(program: Program, case: Case, folder: Path, known: dict[str, Verdict]) -> Verdict:
    """Compare what comes of the program with what comes of it under the names of its derivatives."""
    texts = [or_reason(lambda mode=mode: harness.emitted(case, mode)) for mode in harness.MODES]  # type: ignore[misc]
    other = collided(program, [text for text in texts if "\ndef " in text])
    for way, verdict in judge(other, folder).items():
        if way in known and verdict.kind != known[way].kind:
            told = f"{known[way].kind} becomes {verdict.kind} under other names: {verdict.reason}\n{other.text}"
            return Verdict(verdict.kind if verdict.kind in BAD else UNSTABLE, told)
    return Verdict(harness.RIGHT)


def raises_too(case: Case, mode: str, door: str, folder: Path, known: Raised) -> Verdict:
    """Return the verdict on a program that raises: its derivative raises the same."""
    verdict = harness.verify(case, mode, door, folder, Truth(None, known.after, None, ()))
    told = f"{type(known.error).__name__}: {known.error} "
    if verdict.kind in (harness.BREAKS, harness.RAISES):  # a function of the program may be named as a guard is
        return Verdict(harness.RIGHT) if verdict.reason.startswith(told) else verdict
    return Verdict(harness.WRONG, f"does not raise {told}") if verdict.kind == harness.RIGHT else verdict


def worst(verdicts: dict[str, Verdict]) -> tuple[str, Verdict]:
    """Return the worst verdict, and how it came about."""
    order = (UNSTABLE, *harness.ORDER[:-3], TWICE, *harness.ORDER[-3:])
    return min(verdicts.items(), key=lambda item: order.index(item[1].kind) if item[1].kind in order else 99)
