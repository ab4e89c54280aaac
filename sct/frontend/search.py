"""Find the file that an import means, by looking at names of files alone.

In: a module and an import of it. Out: the path of a file beside it, or why it is not clear. Python's own finders are
not asked: they import the packages on the way.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from importlib.machinery import EXTENSION_SUFFIXES

from .source import Module, is_file_name

# Modules whose meaning the rules know: a file of that name beside the user's must not be taken for them in silence.
_KNOWN = frozenset({"numpy", "scipy", "math", "cmath", "operator", "builtins"})


@dataclass(frozen=True)
class Found:
    """Where an import leads: a file, a folder (a package without ``__init__.py``), or neither with a `reason`."""

    path: str = ""
    reason: str = ""


ELSEWHERE = Found()


def absolute(module: Module, dotted: str, first: bool = False) -> Found:
    """Find ``import dotted``, or the package that its `first` part names; `ELSEWHERE` for nothing beside the module."""
    top = dotted.partition(".")[0]
    # The compiler's own helpers and Python's built-in modules are what they are wherever the file lies.
    if top == "sct" or (top in sys.builtin_module_names and top not in _KNOWN):
        return ELSEWHERE
    found = [path for folder in _folders(module, top) if (path := _below(folder, dotted, first))]
    if not found:
        found = [path for folder in _around(module, top) if (path := _below(folder, dotted, first))][:1]
    if not found:
        return ELSEWHERE
    if top in _KNOWN:
        return Found(reason=f"{shown(module, found[0])} may hide the module '{top}'")
    if len(found) > 1:
        places = " or ".join(shown(module, path) for path in found)
        return Found(reason=f"'{dotted}' may be {places}")
    return Found(found[0])


def _below(folder: str, dotted: str, first: bool) -> str:
    path = descend(folder, dotted)
    top = dotted.partition(".")[0]
    if first:
        return _entry(folder, top) if path else descend(folder, top)
    return path


def relative(module: Module, level: int, dotted: str | None) -> Found:
    """Find ``from .dotted import …``."""
    folder = module.directory
    for _ in range(level - 1):
        folder = os.path.dirname(folder)
    path = (descend(folder, dotted) if dotted else _package(folder)) if folder else ""
    return Found(path) if path else Found(reason=f"there is no file for '{'.' * level}{dotted or ''}'")


def descend(folder: str, dotted: str) -> str:
    """Return the file of a dotted name below a folder, the folder of a namespace package, or ""."""
    *packages, last = dotted.split(".")
    for package in packages:
        found = _entry(folder, package)
        if not found.endswith("__init__.py") and not os.path.isdir(found):
            return ""
        folder = os.path.join(folder, package)
    found = _entry(folder, last)
    # A bare folder counts only on the way to a file: an installed package of that name would win over it.
    return "" if os.path.isdir(found) and not packages else found


def _folders(module: Module, first: str) -> list[str]:
    """Return the folders that an absolute import of the module may start from."""
    if not module.root:
        return []
    if os.path.basename(module.root) in ("site-packages", "dist-packages"):
        # Installed packages are no siblings of each other.
        return [module.root] if first == module.name.partition(".")[0] else []
    folders = [module.root]
    if module.directory != module.root and first not in sys.stdlib_module_names and first not in _KNOWN:
        folders.append(module.directory)
    return folders


def _around(module: Module, first: str) -> list[str]:
    """Return the folders around a folder of this name that the module lies in: a package without ``__init__.py``."""
    folder, holders = module.root, []
    while os.path.dirname(folder) != folder:
        folder, name = os.path.split(folder)
        if name == first:
            holders.append(folder)
    return holders


def _entry(folder: str, name: str) -> str:
    """Return what `name` is in a folder: a file that can be read, a folder, or ""."""
    base = os.path.join(folder, name)
    package = os.path.join(base, "__init__.py")
    if os.path.isfile(package):
        return package
    if any(os.path.isfile(base + suffix) for suffix in EXTENSION_SUFFIXES):
        return ""
    if os.path.isfile(base + ".py"):
        return base + ".py"
    return base if os.path.isdir(base) else ""


def inside(package: Module, name: str) -> str:
    """Return the file of a submodule, "" where there is none."""
    return _entry(package.directory, name) if package.is_package and package.directory else ""


def _package(folder: str) -> str:
    init = os.path.join(folder, "__init__.py")
    return init if os.path.isfile(init) else folder


def shown(module: Module, path: str) -> str:
    """Return a path as the user would write it: relative where the path of the module is."""
    if not is_file_name(module.path) or os.path.isabs(module.path):
        return path
    return os.path.relpath(path)


def key(path: str) -> str:
    """Return what tells one file from another."""
    return os.path.abspath(path) if is_file_name(path) else path
