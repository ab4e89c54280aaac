"""The Python files of a git revision, in a folder of their own.

In: a revision and the path of a file in a repository. Out: a folder that holds what the compiler may read. Objects
are read as they are: no attribute of the repository leaves files out or rewrites them, and no hook runs.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import ReadError, SctError, UsageError

_LINK = "120000"


@dataclass(frozen=True)
class Repository:
    """A git repository, by the folder that it is checked out in."""

    root: str

    @classmethod
    def around(cls, path: str) -> Repository:
        """Return the repository that a file lies in."""
        folder = os.path.dirname(os.path.realpath(path))
        try:
            return cls(_git(folder, "rev-parse", "--show-toplevel").decode("utf-8", "surrogateescape").rstrip("\n"))
        except _GitFailed as error:
            raise ReadError(f"is not in a git repository ({error})", path) from None

    def tree(self, revision: str) -> str:
        """Return the tree of a revision, under a name that means no other."""
        try:
            return (
                _git(self.root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{tree}}")
                .decode()
                .strip()
            )
        except _GitFailed:
            raise UsageError(f"sct diff: there is no revision '{revision}' in {self.root}") from None

    def inside(self, path: str) -> str:
        """Return the path of a file from the root of the repository."""
        return os.path.relpath(os.path.realpath(path), os.path.realpath(self.root))

    def write(self, tree: str, folder: str) -> None:
        """Write the Python files of a tree, and what configures them, into a folder."""
        found = list(_entries(_git(self.root, "ls-tree", "-r", "-z", "--full-tree", tree)))
        texts = _contents(self.root, [name for _, name, _ in found])
        for (mode, _, path), data in zip(found, texts, strict=True):
            target = os.path.join(folder, path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            if mode == _LINK:
                _link(folder, target, os.fsdecode(data))
            else:
                with open(target, "xb") as file:
                    file.write(data)


class _GitFailed(Exception):
    """Git ended with an error; its first line."""


def _git(folder: str, *arguments: str, given: bytes = b"") -> bytes:
    try:
        found = subprocess.run(["git", *arguments], cwd=folder, input=given, capture_output=True)
    except OSError as error:
        raise SctError(f"sct diff: git cannot be run: {error.strerror or error}") from None
    if found.returncode:
        said = found.stderr.decode("utf-8", "replace").strip().splitlines()
        raise _GitFailed(said[0] if said else f"git {arguments[0]} failed")
    return found.stdout


def _entries(listing: bytes) -> Iterator[tuple[str, str, str]]:
    """Yield mode, name of the object and path of what may be read."""
    for entry in listing.split(b"\0"):
        head, _, path = entry.partition(b"\t")
        mode, kind, name = head.decode().split(" ") if head else ("", "", "")
        shown = os.fsdecode(path)
        wanted = shown.endswith(".py") or os.path.basename(shown) == "pyproject.toml" or mode == _LINK
        if kind == "blob" and wanted and not os.path.isabs(shown) and ".." not in shown.split("/"):
            yield mode, name, shown


def _contents(root: str, names: list[str]) -> Iterator[bytes]:
    """Yield what objects hold."""
    data = _git(root, "cat-file", "--batch", given="".join(f"{name}\n" for name in names).encode())
    start = 0
    for _ in names:
        end = data.index(b"\n", start)
        size = int(data[start:end].split(b" ")[2])
        yield data[end + 1 : end + 1 + size]
        start = end + size + 2


def _link(folder: str, target: str, to: str) -> None:
    """Make a link, unless it leads out of the folder."""
    leads = os.path.realpath(os.path.join(os.path.dirname(target), to))
    if not os.path.isabs(to) and leads.startswith(os.path.realpath(folder) + os.sep):
        os.symlink(to, target)
