"""Generate a file again, as its header says that it was generated.

In: the path of a generated file and its header. Out: the text that sct writes now, and the command that writes it.
"""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass, replace

from ..emit.header import Header, unquoted
from ..errors import SctError, UsageError
from ..texts import PRODUCTS, Choice, Target, line_length, parse_wrt, pyproject, relative_to, transform

_WITH_VALUE = ("--mode", "--wrt", "--rules")


@dataclass(frozen=True)
class Recipe:
    """What a header says: the options, and the sources with the function wanted of each, "" for all."""

    choice: Choice
    targets: tuple[tuple[str, str], ...]

    def moved(self, where: dict[str, str]) -> Recipe:
        """Return the recipe with sources at other places."""
        return replace(self, targets=tuple((where.get(path, path), name) for path, name in self.targets))

    def without_absent(self) -> Recipe:
        """Return the recipe for those functions that are there."""
        return replace(self, targets=tuple(t for t in self.targets if not t[1] or _is_there(*t)))


def recipe(path: str, header: Header) -> Recipe | None:
    """Return how a file was generated, None where its header does not say it."""
    words = [w for w in header.options.split(" ") if w]
    values: dict[str, str] = {}
    targets: list[tuple[str, str]] = []
    while words:
        word = words.pop(0)
        if word in _WITH_VALUE and words:
            values[word] = words.pop(0)
        elif word.startswith("--wrt="):
            values["--wrt"] = word.removeprefix("--wrt=")
        elif word == "--standalone":
            values[word] = ""
        else:
            file, colons, name = word.rpartition("::")
            targets.append((_beside(path, unquoted(file or name)), name if colons else ""))
    mode, wrt = values.get("--mode", ""), values.get("--wrt")
    try:
        independents = None if wrt is None else parse_wrt(wrt)
    except UsageError:
        return None
    if mode not in PRODUCTS:
        return None
    targets = targets or [(_beside(path, header.sources[0]), "")]
    rules = _beside(path, unquoted(values["--rules"])) if "--rules" in values else ""
    length = line_length(os.path.dirname(os.path.abspath(targets[0][0])))
    chosen = Choice(mode, independents, "--standalone" in values, length, rules)
    return Recipe(chosen, tuple(targets))


def _beside(path: str, name: str) -> str:
    """Return the path of a file that is named in the header of another."""
    folder = os.path.dirname(os.path.realpath(path))
    found = os.path.normpath(os.path.join(folder, name))
    return found if os.path.isabs(path) else os.path.relpath(found)


def generate(path: str, made: Recipe) -> str:
    """Return the text of a generated file as sct writes it now."""
    from ..frontend.read import read_file
    from ..rules.own import loaded

    modules = {file: read_file(file) for file, _ in made.targets}
    targets = [Target(modules[file], name or None) for file, name in made.targets]
    with loaded(made.choice.rules):
        return transform(targets, made.choice, relative_to(path))


def _is_there(file: str, name: str) -> bool:
    from ..frontend.read import read_file
    from ..frontend.resolve import Resolver

    module = read_file(file)
    try:
        Resolver(module).find(module, name)
    except UsageError:
        return False
    except SctError:
        pass  # there, but not to be differentiated
    return True


def command(path: str, made: Recipe) -> str:
    """Return the command that writes a file anew."""
    _, project = pyproject(os.path.dirname(os.path.abspath(made.targets[0][0])))
    tool = project.get("tool")
    table = tool.get("sct") if isinstance(tool, dict) else None
    table = table if isinstance(table, dict) else {}
    if ("wrt" in table and made.choice.wrt is None) or ("rules" in table and not made.choice.rules):
        return f"sct check --fix {shlex.quote(_plain(path))}"  # no option takes back what the project asks for
    words = made.choice.words(made.choice.rules)
    if table.get("standalone") and not made.choice.standalone:
        words.append("--no-standalone")
    words += [f"{_plain(file)}::{name}" if name else _plain(file) for file, name in made.targets]
    return shlex.join(["sct", "transform", *words, "-o", _plain(path)])


def _plain(path: str) -> str:
    """Return a path so that it does not look like an option."""
    return os.path.join(os.curdir, path) if path.startswith("-") else path
