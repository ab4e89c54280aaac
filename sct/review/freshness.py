"""Say whether a generated file is what sct writes of its sources.

In: the path of a file with a header. Out: a `Verdict`. Hashes of text decide where they agree; where they do not, the
syntax does: the file is generated again, in memory, and compared as Python reads it. So reformatting is no change, and
neither is one in comments, of the file or of a source. A file whose sources are generated is no fresher than they are.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..emit.header import Header, body_of, body_sha256, parse_header, sha256, syntax_sha256
from ..errors import ReadError, SctError, UsageError
from ..frontend.read import decode, read_source
from ..version import VERSION
from .again import Recipe, command, generate, recipe
from .find import has_header, project_of, python_files

FRESH, STALE, EDITED, MOVED, ORPHANED, FAILED = "fresh", "stale", "edited", "moved", "orphaned", "failed"


@dataclass(frozen=True)
class Verdict:
    """What is true of one generated file.

    `reason` says why it is not fresh and `commands` what mends that. `version` is the version of sct that wrote it, ""
    for this one. `text` is what should stand in the file, where that is known and may replace it unasked.
    """

    path: str
    state: str
    reason: str = ""
    commands: tuple[str, ...] = ()
    version: str = ""
    text: str | None = None


@dataclass(frozen=True)
class _File:
    """A generated file as read: how it was made, and of what.

    It is `intact` where nobody changed what it says, `verbatim` where nobody touched its text.
    """

    path: str
    text: str
    made: Recipe
    sources: tuple[str, ...]
    header: Header
    verbatim: bool
    intact: bool

    def verdict(self, state: str, reason: str = "", before: Sequence[str] = (), text: str | None = None) -> Verdict:
        """Return a verdict with the command that writes the file, after those `before` it, or removes it."""
        version = "" if self.header.version == VERSION else self.header.version
        if state == FRESH and not version:
            return Verdict(self.path, state, text=text)
        mend = command(self.path, self.made) if self.made.targets else shlex.join(["rm", "--", self.path])
        return Verdict(self.path, state, reason, (*before, mend), version, text)

    def says(self, text: str) -> bool:
        """Say whether a text says the same to Python."""
        found = _syntax(self.text, self.header)
        return found != "" and found == _syntax(text, self.header)

    def failed(self, error: SctError) -> Verdict:
        """Return the verdict on a file that cannot be made of its sources as they are now."""
        return replace(self.verdict(FAILED, f"its sources cannot be differentiated now\n{error}"), commands=())


class Checker:
    """Judges files, each once; `roots` are where a source that has gone may have moved to, besides its project."""

    def __init__(self, roots: Iterable[str] = ()) -> None:
        self._roots = tuple(roots)
        self._verdicts: dict[str, Verdict | None] = {}
        self._hashes: dict[str, str] = {}
        self._python: dict[str, list[str]] = {}

    def judge(self, path: str) -> Verdict | None:
        """Return what is true of a file, None where sct did not generate it."""
        key = os.path.realpath(path)
        if key not in self._verdicts:
            self._verdicts[key] = None  # a file that is made of itself is not asked again
            try:
                self._verdicts[key] = self._judge(path)
            except ReadError as error:
                self._verdicts[key] = Verdict(path, FAILED, str(error).removeprefix(f"{path}: "))
        return self._verdicts[key]

    def forget(self, path: str) -> None:
        """Judge a file anew, and all that may be made of it: it was written."""
        self._hashes.pop(os.path.realpath(path), None)
        self._verdicts.clear()

    def sources(self, path: str) -> tuple[str, ...]:
        """Return the paths of the sources of a generated file."""
        header = parse_header(read_source(path))
        return _paths(path, header) if header else ()

    def again(self, path: str) -> str:
        """Return a file whose header can be read as sct writes it now."""
        header = parse_header(read_source(path))
        made = recipe(path, header) if header else None
        assert made is not None
        return generate(path, made)

    def _judge(self, path: str) -> Verdict | None:
        if not has_header(path):
            return None
        try:
            with open(path, "rb") as file:
                text = decode(file.read(), path)
        except ReadError as error:
            return Verdict(path, EDITED, f"by hand: {str(error).removeprefix(f'{path}:')}")
        header = parse_header(text)
        made = recipe(path, header) if header else None
        if header is None or made is None:
            return Verdict(path, EDITED, "by hand: its header cannot be read; write the file anew with sct transform")
        verbatim = body_sha256(body_of(text), header.options) == header.body_sha256
        intact = verbatim or _syntax(text, header) == header.syntax_sha256
        file_ = _File(path, text, made, _paths(path, header), header, verbatim, intact)
        missing = list(dict.fromkeys(p for p, _ in made.targets if not os.path.exists(p)))
        if missing:
            return self._homeless(file_, missing)
        for source in file_.sources:
            above = self._generated(source)
            if above and above.state in (STALE, MOVED, EDITED):
                return file_.verdict(STALE, f"its source {source} is {above.state}", above.commands)
        changed = [n for n, known in zip(file_.sources, header.source_sha256, strict=True) if self._hash(n) != known]
        return self._changed(file_, changed) if changed else self._unchanged(file_)

    def _unchanged(self, file: _File) -> Verdict:
        """Judge a file whose sources are as they were."""
        if file.intact:
            return file.verdict(FRESH)
        try:
            if file.says(generate(file.path, file.made)):
                return file.verdict(FRESH)  # only the header was edited
        except SctError:
            pass  # another version could do it: whatever the reason, the file was edited
        return file.verdict(EDITED, "by hand")

    def _changed(self, file: _File, changed: Sequence[str]) -> Verdict:
        """Judge a file some source of which changed or is gone."""
        try:
            text = generate(file.path, file.made)
        except UsageError as error:
            left = file.made.without_absent()
            if left != file.made:
                return replace(file, made=left).verdict(STALE if left.targets else ORPHANED, str(error))
            return file.failed(error)
        except SctError as error:
            return file.failed(error)
        if file.says(text):
            # What differs is comments. They follow the source, unless the file was formatted by another.
            return file.verdict(FRESH, text=text if file.verbatim else None)
        reason = " and ".join(f"{n} {'changed' if os.path.exists(n) else 'is gone'}" for n in changed)
        return file.verdict(STALE, reason, text=text) if file.intact else file.verdict(EDITED, f"by hand, and {reason}")

    def _homeless(self, file: _File, missing: Sequence[str]) -> Verdict:
        """Judge a file whose source is not where the header says: the same text may stand elsewhere."""
        hashes = dict(zip(file.sources, file.header.source_sha256, strict=True))
        same = {path: [p for p in self._around(file) if self._hash(p) == hashes.get(path)] for path in missing}
        where = {path: found[0] for path, found in same.items() if len(found) == 1}
        if len(where) == len(missing):
            file = replace(file, made=file.made.moved(where))
            reason = ", ".join(f"{path} is {found} now" for path, found in where.items())
            if not file.intact:
                return file.verdict(EDITED, f"by hand, and {reason}")
            try:
                return file.verdict(MOVED, reason, text=generate(file.path, file.made))
            except SctError as error:
                return file.failed(error)
        gone = [path for path in missing if path not in where]
        named = [p for p in self._around(file) if os.path.basename(p) in map(os.path.basename, gone)]
        left = Recipe(file.made.choice, tuple(t for t in file.made.targets if t[0] not in gone)).moved(where)
        reason = f"its source {' and '.join(gone)} is gone"
        if file.header.sources == ("stdin",):
            return replace(file, made=left).verdict(ORPHANED, "it was made from standard input")
        if len(gone) == len(named) == 1:
            left, reason = file.made.moved({**where, gone[0]: named[0]}), f"{reason}; there is {named[0]}"
        return replace(file, made=left).verdict(ORPHANED, reason)

    def _generated(self, path: str) -> Verdict | None:
        return self.judge(path) if path.endswith(".py") and os.path.isfile(path) else None

    def _hash(self, path: str) -> str:
        """Return the hash of a source, "" for one that cannot be read."""
        key = os.path.realpath(path)
        if key not in self._hashes:
            try:
                self._hashes[key] = sha256(read_source(path))
            except ReadError:
                self._hashes[key] = ""
        return self._hashes[key]

    def _around(self, file: _File) -> list[str]:
        root = project_of(file.path)
        if root not in self._python:
            shown = root if os.path.isabs(file.path) else os.path.relpath(root)
            self._python[root] = list(python_files([*self._roots, shown]))
        return self._python[root]


def _paths(path: str, header: Header) -> tuple[str, ...]:
    folder = os.path.dirname(os.path.realpath(path))
    found = [os.path.normpath(os.path.join(folder, name)) for name in header.sources]
    return tuple(found) if os.path.isabs(path) else tuple(map(os.path.relpath, found))


def _syntax(text: str, header: Header) -> str:
    """Return the hash of what the code of a file says, "" for what is no Python."""
    try:
        return syntax_sha256(body_of(text), header.options)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
