"""Find generated files by their headers.

In: paths as a user gives them. Out: files, each once, in the order of their names. Folders that hold no code of the
project are passed by: hidden ones, caches, virtual environments and what is installed in them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from ..emit.header import is_generated
from ..errors import ReadError

HEAD = 4096
_SKIPPED = frozenset({"__pycache__", "node_modules", "site-packages", "dist-packages"})
_ENVIRONMENTS = ("pyvenv.cfg", "conda-meta")


def python_files(paths: Iterable[str]) -> Iterator[str]:
    """Yield the files that are named, and the Python files below the folders that are; no link leads into a folder."""
    seen: set[str] = set()
    for path in paths:
        if os.path.isdir(path):
            found: Iterable[str] = _below(path)
        elif os.path.exists(path):
            found = [path]
        else:
            raise ReadError("no such file or folder", path)
        for file in found:
            real = os.path.realpath(file)
            if real not in seen:
                seen.add(real)
                yield file


def _below(folder: str) -> Iterator[str]:
    def complain(error: OSError) -> None:
        raise ReadError(f"cannot be read: {error.strerror or error}", error.filename or folder)

    for place, folders, files in os.walk(folder, onerror=complain):
        folders[:] = sorted(name for name in folders if not _is_skipped(place, name))
        for name in sorted(files):
            path = os.path.join(place, name)
            if name.endswith(".py") and os.path.isfile(path):  # neither a broken link nor a device
                yield os.path.normpath(path)


def _is_skipped(place: str, name: str) -> bool:
    if name.startswith(".") or name in _SKIPPED:
        return True
    return any(os.path.exists(os.path.join(place, name, mark)) for mark in _ENVIRONMENTS)


def has_header(path: str) -> bool:
    """Say whether a file begins as a generated one does; only its first lines are read."""
    try:
        with open(path, "rb") as file:
            head = file.read(HEAD)
    except OSError as error:
        raise ReadError(f"cannot be read: {error.strerror or error}", path) from None
    return is_generated(head.decode("utf-8", "replace"))


def project_of(path: str) -> str:
    """Return the folder of the project that a file is in: the nearest with a pyproject.toml or a repository in it."""
    start = folder = os.path.dirname(os.path.realpath(path))
    while True:
        if any(os.path.exists(os.path.join(folder, mark)) for mark in (".git", "pyproject.toml")):
            return folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return start
        folder = parent
