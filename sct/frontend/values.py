"""What a live value is called: the qualified names of modules, ufuncs, built-in functions and classes.

In: a value of the running program. Out: its `Meaning`. Nothing is imported or called to find out.
"""

from __future__ import annotations

import functools
import os
import sys
import sysconfig
from collections.abc import Mapping
from types import FunctionType, MethodType, ModuleType
from typing import Any

from ..errors import SctError
from .live import layers, read_function
from .meanings import Meaning, external, unknown
from .names import Library
from .read import read_file
from .standins import stand_in, with_signature

_PATHS = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
_INSTALLED = tuple(os.path.abspath(path) + os.sep for path in _PATHS)


def meaning_of(value: object, data: Meaning, library: Library) -> Meaning:
    """Return what a live value is, `data` for one that is neither a function, a class nor a module."""
    if isinstance(value, ModuleType):
        return _module(value, library)
    if is_users(value):
        try:
            function = read_function(value, library.add)
        except SctError as error:
            return unknown(str(error))
        return Meaning("function", f"@{function.key}", function=function)
    name = public_name(value) if callable(value) else ""
    if name:
        return external(name)
    if isinstance(value, functools.partial | MethodType) and (made := stand_in(value, public_name)) is not None:
        return meaning_of(made, data, library)
    return data


def called(value: Any, count: int = 0, fixed: Mapping[int, object] | None = None) -> Any:
    """Return the function that stands for what can be called, the object itself where that is one of the user's.

    One that stands for an installed function takes `count` arguments by position, where that can be given so many;
    those at the positions in `fixed` are no parameters of it.
    """
    if is_users(value):
        return (layers(value)[-1] is not value and with_signature(value)) or value
    return stand_in(value, public_name, count, fixed or {}) or value


def is_users(value: Any) -> bool:
    """Say whether what can be called is a function that somebody wrote, or wraps one."""
    inner = layers(value)[-1]
    return isinstance(inner, FunctionType) and not is_installed(inner.__code__.co_filename)


def is_at(qualname: str, value: object) -> bool | None:
    """Say whether a qualified name leads to this very object now; None where its module has not been imported."""
    parts = qualname.split(".")
    for length in range(len(parts), 0, -1):
        found: object = sys.modules.get(".".join(parts[:length]))
        if found is None:
            continue
        for part in parts[length:]:
            found = vars(found).get(part, _MISSING) if isinstance(found, ModuleType) else getattr(found, part, _MISSING)
        return found is value or isinstance(value, MethodType) and found == value
    return None


def public_name(value: object) -> str:
    """Return the shortest qualified name of an installed function, class or ufunc, "" where there is none."""
    if isinstance(value, MethodType):
        return _method_name(value)
    name = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
    if not isinstance(name, str) or "<" in name:
        return ""
    home = getattr(value, "__module__", None)
    homes = [home.lstrip("_"), home] if isinstance(home, str) else ["numpy", "scipy.special"]  # mul is of _operator
    for dotted in homes:
        parts = dotted.split(".")
        if not is_of_installed(dotted):
            continue
        for length in range(1, len(parts) + 1):
            candidate = ".".join([*parts[:length], name])
            if is_at(candidate, value):
                return candidate
    return ""


def is_of_installed(qualname: str) -> bool:
    """Say whether a qualified name begins with a module of Python's or of an installed package."""
    root = qualname.partition(".")[0]
    return root in _OURS or _is_installed_module(root)


def _method_name(value: MethodType) -> str:
    """Return the name of a method of an object that an installed module holds: ``scipy.stats.norm.pdf``."""
    parts = type(value.__self__).__module__.split(".")
    if not is_of_installed(parts[0]):
        return ""
    for length in range(1, len(parts) + 1):
        home = ".".join(parts[:length])
        for name, held in vars(sys.modules.get(home, object)).items():
            if held is value.__self__:
                return f"{home}.{name}.{value.__name__}"
    return ""


def is_installed(path: str) -> bool:
    """Say whether a file belongs to Python, to an installed package, or to sct itself: none of these is read."""
    absolute = os.path.abspath(path)
    if absolute.startswith(_HERE):
        return True
    parts = absolute.split(os.sep)
    return absolute.startswith(_INSTALLED) or "site-packages" in parts or "dist-packages" in parts


def _module(value: ModuleType, library: Library) -> Meaning:
    path = getattr(value, "__file__", None)
    if not isinstance(path, str) or not path.endswith(".py") or is_installed(path):
        return external(value.__name__)
    try:
        module = library.add(read_file(path))
    except SctError as error:
        return unknown(str(error))
    return Meaning("module", module.name, module=module)


def _is_installed_module(name: str) -> bool:
    module = sys.modules.get(name)
    path = getattr(module, "__file__", None)
    if isinstance(path, str):
        return is_installed(path)
    places = list(getattr(module, "__path__", ()))  # of a package without a file, which anyone may have
    return all(is_installed(os.path.join(place, "")) for place in places)


_MISSING = object()
_OURS = frozenset({"sct", "numpy", "scipy", "math", "builtins"})
_HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
