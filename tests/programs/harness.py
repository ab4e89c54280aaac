"""What it means for a derivative to be right: the checks that the corpus and the fuzzer share.

A verdict is ``right``, ``refused`` (by the compiler, with a reason), ``raises`` (the generated code refuses its input,
in one of sct's own checks), ``wrong``, ``crash`` (in the compiler), ``breaks`` (generated code fails) or ``slow``.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import inspect
import linecache
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from .case import Case, Slow, Truth, deadline, silence, truth
from .checks import Wrong, check_forward, check_reverse, dot_product

__all__ = ["Case", "Slow", "Truth", "Verdict", "deadline", "emitted", "folder", "gap", "silence", "truth", "verify"]
RIGHT, REFUSED, RAISES, WRONG, CRASH, BREAKS, SLOW = "right", "refused", "raises", "wrong", "crash", "breaks", "slow"
#: Verdicts on what has no second derivative: the first is refused or fails, or no oracle applies.
SKIPPED, UNKNOWN = "skipped", "unknown"
ORDER = (WRONG, CRASH, BREAKS, SLOW, RAISES, REFUSED, UNKNOWN, SKIPPED, RIGHT)
MODES = ("forward", "reverse")
DOORS = ("live", "text")
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Verdict:
    """How one mode through one door did on one case."""

    kind: str
    reason: str = ""


def derivative(case: Case, mode: str, door: str, folder: Path) -> Callable[..., Any]:
    """Return the derived function that the compiler makes."""
    wrt = tuple(case.wrt) if isinstance(case.wrt, list) else case.wrt
    if door == "live":
        return _live(case.function, mode, wrt)
    module = imported(_text(case.function, mode, wrt, door == "standalone"), folder, case.function)
    return getattr(module, f"{case.function.__name__}_{_PRODUCTS[mode]}")  # type: ignore[no-any-return]


_PRODUCTS = {"forward": "jvp", "reverse": "vjp"}


@functools.lru_cache(1000)
def _live(function: Callable[..., Any], mode: str, wrt: Any) -> Callable[..., Any]:
    import sct

    made: Callable[..., Any] = getattr(sct, _PRODUCTS[mode])(function, wrt=wrt)
    return made


def emitted(case: Case, mode: str) -> str:
    """Return the text that ``sct transform FILE::FUNCTION`` prints."""
    return _text(case.function, mode, tuple(case.wrt) if isinstance(case.wrt, list) else case.wrt, False)


@functools.lru_cache(1000)
def _text(function: Callable[..., Any], mode: str, wrt: Any, standalone: bool) -> str:
    import sct

    path = inspect.getsourcefile(function)
    assert path
    return sct.transform(Path(path), function.__name__, mode=mode, wrt=wrt, standalone=standalone)  # type: ignore[arg-type]


def imported(text: str, folder: Path, function: Callable[..., Any]) -> ModuleType:
    """Import emitted text as a module that lies beside the module of `function`."""
    package = (sys.modules[function.__module__].__package__ or "") if function.__module__ in sys.modules else ""
    name = (
        f"{package}.{folder.name}_{len(list(folder.iterdir()))}"
        if package
        else f"{folder.name}_{len(list(folder.iterdir()))}"
    )
    path = folder / (name.rpartition(".")[2] + ".py")
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def verify(case: Case, mode: str, door: str, folder: Path, known: Truth) -> Verdict:
    """Differentiate the case in one mode through one door and check everything that is promised."""
    from sct.errors import SctError

    try:
        with silence():
            made = derivative(case, mode, door, folder)
    except SctError as error:
        return Verdict(CRASH if "defect of sct" in str(error) else REFUSED, str(error))
    except Exception as error:
        return Verdict(CRASH, brief(error))
    try:
        with silence():
            (check_forward if mode == "forward" else check_reverse)(case, made, known)
    except Wrong as error:
        return Verdict(WRONG, str(error))
    except Exception as error:
        clean = isinstance(error, TypeError | ValueError) and _raised_by(error).startswith("raise ")
        return Verdict(RAISES if clean else BREAKS, brief(error))
    return Verdict(RIGHT)


def _raised_by(error: BaseException) -> str:
    """Return the line of sct.runtime, or of what is written out of it, that raised an exception; nothing for others."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    code = trace.tb_frame.f_code if trace else None
    if trace is None or code is None:
        return ""
    inside = Path(code.co_filename).parent.name == "runtime" or code.co_name in _helpers()
    return linecache.getline(code.co_filename, trace.tb_lineno).strip() if inside else ""


@functools.cache
def _helpers() -> frozenset[str]:
    """Return the names of the functions in the modules of sct.runtime."""
    from sct import runtime

    modules = [v for v in vars(runtime).values() if inspect.ismodule(v) and v.__name__.startswith("sct.runtime.")]
    return frozenset(n for m in modules for n, v in vars(m).items() if inspect.isfunction(v))


def brief(error: BaseException) -> str:
    """Return an exception on one line, with the place where it was raised."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = ""
    if trace:
        name, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        place = f" [{Path(name).name}:{line} {linecache.getline(name, line).strip()}]"
    return f"{type(error).__name__}: {error}{place}"


def gap(case: Case, place: Path, known: Truth) -> float:
    """Return by how much the two modes miss each other in the dot-product test."""
    with silence():
        jvp, vjp = derivative(case, "forward", "live", place), derivative(case, "reverse", "live", place)
        return dot_product(case, jvp, vjp, known)


def allowed_gap(case: Case) -> float:
    """Return the gap that rounding explains, in double precision or, where the case is in single, in that."""
    if case.tolerance > 1e-3:
        return 1e-2  # half precision
    return 1e-6 if case.tolerance > 1e-6 else 1e-12


def bound_memory(gigabytes: int = 6) -> None:
    """Let this process raise MemoryError rather than take the machine down."""
    resource.setrlimit(resource.RLIMIT_AS, (gigabytes << 30, resource.getrlimit(resource.RLIMIT_AS)[1]))


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """Yield a fresh folder for emitted modules."""
    with tempfile.TemporaryDirectory(prefix="emitted_") as name:
        yield Path(name)
