"""``sct gradcheck``: the derivatives of a function held against independent ones. This command runs the function."""

from __future__ import annotations

import argparse
import copy
import importlib
import importlib.util
import inspect
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import FunctionType
from typing import Any

import numpy as np

from sct import oracles
from sct.check import Entry, GradCheck, check_grad
from sct.errors import ReadError, Refused, SctError, UsageError
from sct.frontend.resolve import Resolver
from sct.frontend.source import Function, Module
from sct.pipeline import Request, select
from sct.points import Points, points

from .arguments import STDIN, Parser, add_volume, choice, sources, split, with_stdin
from .point import parse_at
from .progress import Progress
from .terminal import has_colours, paint

_COMMAND = "sct gradcheck"
_POINTS, _ATTEMPTS, _NORMAL, _SECONDS, _SHOWN = 3, 20, 3, 2.0, 5


def run(arguments: Sequence[str]) -> int:
    """Run the subcommand; 1 where a derivative is wrong."""
    given = _parser().parse_intermixed_args(with_stdin(arguments))
    if given.points is not None and given.points < 1:
        raise UsageError(f"{_COMMAND}: --points takes a number from 1 ({_COMMAND} --help)")
    if given.seed < 0:
        raise UsageError(f"{_COMMAND}: --seed takes a number from 0 ({_COMMAND} --help)")
    module, function, resolver, wrt = _function(given)
    at = parse_at(given.at, _COMMAND) if given.at is not None else {}
    where = points(function, resolver, at)
    if not given.quiet:
        print(f"running {function.qualname} of {module.path}", file=sys.stderr)
    live = _live(module, function, given.verbose)
    checks = _checks(where, live, wrt, given)
    right = all(check.found for check in checks)
    if not given.quiet or not right:
        coloured = has_colours()
        for line in _report(checks, _SHOWN * 4 if given.verbose else _SHOWN, coloured):
            print(line)
    return 0 if right else 1


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog=_COMMAND,
        description="Run a function, and compare its derivatives in both modes, entry by entry, with independent\n"
        "ones: complex step, dual numbers and divided differences; and the modes with each other by a\n"
        "dot product. Exit code 1 says that they differ.",
        epilog="Arguments that --at does not give have their defaults, or random values by their annotations:\n"
        'float, or sizes such as Float[np.ndarray, "n d"]. Random numbers are normal; where the function\n'
        "raises, takes more than two seconds or is not finite, numbers between 0.1 and 1 are tried.\n\n"
        "example: sct gradcheck samples/function.py::f --at x1=2.0,x2=3.0",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("target", metavar="FILE::FUNCTION", help="what to check")
    parser.add_argument("--at", metavar="X=1.0,Y=[1,2]", help="the arguments, or some of them; lists are arrays")
    parser.add_argument("--points", type=int, metavar="N", help=f"how many random points (default {_POINTS})")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of the random points (default 0)")
    parser.add_argument("--wrt", metavar="NAMES", help="the independents: names or positions, such as x1,x2")
    parser.add_argument("--tolerance", type=float, metavar="T", help="relative error (default 1e-6; float32: 3e-4)")
    parser.add_argument("--rules", metavar="FILE", help="a file of derivative rules of your own")
    add_volume(parser, "print nothing but errors and what is wrong", "show more entries, and tracebacks")
    parser.set_defaults(mode=None)
    return parser


def _function(given: argparse.Namespace) -> tuple[Module, Function, Resolver, tuple[str, ...]]:
    """Return the function that is meant, before anything is run, and its independents."""
    path, name = split(given.target, _COMMAND)
    if path == STDIN:
        raise UsageError(f"{_COMMAND}: what is checked is run, so it has to be a file ({_COMMAND} --help)")
    (source,) = sources([given.target], _COMMAND)
    resolver = Resolver(source.target.module)
    module = resolver.library.add(source.target.module)
    if not name:
        raise UsageError(f"{_COMMAND}: '{given.target}' is not FILE::FUNCTION ({_COMMAND} --help)")
    function = resolver.find(module, name)
    options = choice(given, [source])
    independents, _ = select(Request(function, "vjp", options.wrt))
    return module, function, resolver, independents


def _live(module: Module, function: Function, verbose: bool) -> Callable[..., Any]:
    """Import the module, as Python would from its folder, and return the function."""
    sys.path.insert(0, module.root or ".")
    try:
        if "." in module.name:
            made: Any = importlib.import_module(module.name)
        else:
            taken = module.name in sys.modules or module.name in sys.stdlib_module_names
            spec = importlib.util.spec_from_file_location(f"_{module.name}" if taken else module.name, module.path)
            assert spec is not None and spec.loader is not None
            made = importlib.util.module_from_spec(spec)
            sys.modules[spec.name] = made
            spec.loader.exec_module(made)
        for part in function.qualname.split("."):
            made = getattr(made, part)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise _raised(module, "importing it", error, verbose) from None
    while not isinstance(made, FunctionType) and hasattr(made, "__wrapped__"):
        made = made.__wrapped__
    if not isinstance(made, FunctionType):
        raise ReadError(
            f"{function.qualname} is a {type(made).__name__} once it is imported, not a function", module.path
        )
    return made


@dataclass(frozen=True)
class _Check:
    """What was found at one point."""

    number: int
    point: Mapping[str, Any]
    found: GradCheck


def _checks(where: Points, live: Callable[..., Any], wrt: tuple[str, ...], given: argparse.Namespace) -> list[_Check]:
    count = (given.points or _POINTS) if where.drawn else 1
    bar = Progress(count, "points", not given.quiet)
    found = []
    try:
        for number in range(count):
            bar.done(number)
            point = _point(where, live, np.random.default_rng([given.seed, number]), given.verbose)
            found.append(_Check(number, point, _checked(where, live, point, wrt, given)))
        bar.done(count)
    finally:
        bar.end()
    return found


def _point(where: Points, live: Callable[..., Any], rng: np.random.Generator, verbose: bool) -> dict[str, Any]:
    """Return a point at which the function has a value."""
    problem: BaseException | str = ""
    for attempt in range(_ATTEMPTS if where.drawn else 1):
        positive = attempt >= _NORMAL or not where.drawn
        point = where.draw(rng, positive)
        try:
            # A search may have no end at a point that nobody meant; there is no limit where there is no other point.
            with np.errstate(all="ignore"), _limit(0.0 if positive else _SECONDS):
                args, keywords = _arguments(live, point)
                value = live(*args, **keywords)
        except Exception as error:
            problem = error
            continue
        if _is_finite(value):
            return point
        problem = f"{where.function.qualname} is not finite"
    module = where.function.module
    if isinstance(problem, BaseException):
        raise _raised(module, f"{where.function.qualname} at {_shown(point)}", problem, verbose)
    raise ReadError(f"{problem} at {_shown(point)}; give a point with --at", module.path)


def _checked(
    where: Points, live: Callable[..., Any], point: Mapping[str, Any], wrt: tuple[str, ...], given: argparse.Namespace
) -> GradCheck:
    args, keywords = _arguments(live, point)
    try:
        with np.errstate(all="ignore"):
            return check_grad(live, args, wrt=wrt, keywords=keywords, tolerance=given.tolerance)
    except Refused as refused:
        raise _named_as_given(refused, where.function.module) from None
    except SctError:
        raise
    except Exception as error:
        what = f"checking {where.function.qualname} at {_shown(point)}"
        raise _raised(where.function.module, what, error, given.verbose) from None


@contextmanager
def _limit(seconds: float) -> Iterator[None]:
    """Raise `TimeoutError` in what takes longer, where the system has a clock that can; 0 for no limit."""

    def late(signum: int, frame: object) -> None:
        raise TimeoutError(f"it takes more than {seconds:g} s")

    if not seconds or not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


def _arguments(live: Callable[..., Any], point: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """Return the arguments of a call: defaults are those of the function itself."""
    args, keywords = [], {}
    for name, parameter in inspect.signature(live).parameters.items():
        value = copy.deepcopy(point[name] if name in point else parameter.default)
        if parameter.kind is parameter.KEYWORD_ONLY:
            keywords[name] = value
        else:
            args.append(value)
    return args, keywords


def _is_finite(value: Any) -> bool:
    return bool(np.all(np.isfinite(oracles.flatten(value))))


def _named_as_given(refused: Refused, module: Module) -> Refused:
    """Return a refusal that calls the file what the user did, not what Python made of its path."""
    span = refused.span
    if span is None or os.path.realpath(span.file) != os.path.realpath(module.path):
        return refused
    return Refused(refused.reason, replace(span, file=module.path), refused.advice)


def _raised(module: Module, what: str, error: BaseException, verbose: bool) -> ReadError:
    if verbose:
        traceback.print_exception(error)
    return ReadError(f"{what} raised {type(error).__name__}: {error}", module.path)


def _report(checks: Sequence[_Check], most: int, coloured: bool) -> Iterator[str]:
    """Yield the lines that say what was found: a table of the worst entries, then the verdict."""
    entries = [(check, entry) for check in checks for entry in check.found.ranked]
    entries.sort(key=lambda pair: -pair[1].error)
    rows = [_row(check, entry) for check, entry in entries[:most]]
    if rows:
        head = ("point", "entry", "mode", "sct", "independent", "by", "error")
        widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
        for number, row in enumerate((head, *rows)):
            line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            yield paint(line, "bold", coloured) if not number else line
        yield ""
    wrong = [check for check in checks if not check.found]
    for check in wrong:
        yield f"at point {check.number + 1}: --at {_shown(check.point)}"
    gap = max(check.found.gap for check in checks)
    names = list(dict.fromkeys(name for check in checks for name in check.found.applied))
    verdict = paint("WRONG", "red", coloured) if wrong else paint("right", "green", coloured)
    compared = sum(check.found.entries for check in checks)
    where = f"{len(checks)} points" if len(checks) > 1 else "1 point"
    yield f"{verdict}: {compared} partial derivatives at {where}, against {', '.join(names)}"
    yield f"dot-product test: {gap:.1e}"


def _row(check: _Check, entry: Entry) -> tuple[str, ...]:
    return (
        str(check.number + 1),
        f"d {entry.result} / d {entry.argument}",
        entry.mode,
        f"{entry.found:.10g}",
        f"{entry.expected:.10g}",
        entry.oracle,
        f"{entry.error:.1e}",
    )


def _shown(point: Mapping[str, Any]) -> str:
    """Return a point as --at takes it."""
    return ",".join(f"{name}={_literal(value)}" for name, value in point.items())


def _literal(value: Any) -> str:
    return str(value.tolist() if isinstance(value, np.ndarray) else value).replace(" ", "")
