"""The text of derivatives: what ``sct.transform`` and the command share.

In: modules that were read, and which of their functions are wanted. Out: the text of one emitted module.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from .emit.header import quoted
from .errors import UsageError
from .frontend.read import read_file
from .frontend.source import Function, Module, is_file_name
from .room import with_room

if TYPE_CHECKING:
    from .emit.units import Unit
    from .frontend.resolve import Resolver
    from .modes.log import Log
    from .pipeline import Derived

Wrt = int | str | tuple[int | str, ...] | None

_DECORATORS = frozenset({"sct.differentiate", "sct.api.differentiate"})
PRODUCTS: dict[str, Literal["jvp", "vjp"]] = {"forward": "jvp", "reverse": "vjp"}


@dataclass(frozen=True)
class Target:
    """A module, and the name of the function wanted: None for all that are meant; or the function itself."""

    module: Module
    name: str | None = None
    function: Function | None = None


@dataclass(frozen=True)
class Choice:
    """How to transform: the options of the command."""

    mode: str = "forward"
    wrt: Wrt = None
    standalone: bool = False
    line_length: int = 88
    rules: str = ""

    def text(self, targets: Sequence[Target], name_of: Callable[[Module], str]) -> str:
        """Return the options as the header has them: with what was asked for, where that was not one whole file."""
        words = self.words(_word(name_of(read_file(self.rules))) if self.rules else "")
        if len(targets) > 1 or targets[0].name:
            words += [_word(name_of(t.module)) + (f"::{t.name}" if t.name else "") for t in targets]
        return " ".join(words)

    def words(self, rules: str) -> list[str]:
        """Return the options as words of the command line; `rules` is what the file of rules is called there."""
        words = ["--mode", self.mode]
        if self.wrt is not None:
            wrt = wrt_text(self.wrt)
            words += [f"--wrt={wrt}"] if wrt.startswith("-") else ["--wrt", wrt]
        return words + ["--standalone"] * self.standalone + ["--rules", rules] * bool(rules)


def transform(targets: Sequence[Target], choice: Choice, name_of: Callable[[Module], str]) -> str:
    """Return the text of the module that holds the derivatives of `targets`."""
    return transformed(targets, choice, name_of).text


@dataclass(frozen=True)
class Transformed:
    """The text of a module of derivatives, and where it came from: `logs` has what the mode decided for each."""

    text: str
    units: tuple[Unit, ...]
    deriveds: tuple[Derived, ...]
    logs: tuple[Log, ...]
    resolver: Resolver


def transformed(targets: Sequence[Target], choice: Choice, name_of: Callable[[Module], str]) -> Transformed:
    """Return the module that holds the derivatives of `targets`, for those who look at more than its text."""
    return with_room(lambda: _transform(targets, choice, name_of))


def _transform(targets: Sequence[Target], choice: Choice, name_of: Callable[[Module], str]) -> Transformed:
    from .emit.module import Options, emitted
    from .modes.log import Log

    logs: list[Log] = []

    def new_log() -> Log:
        logs.append(Log())
        return logs[-1]

    deriveds, resolver, targets = differentiate(targets, choice, new_log)
    rules = read_file(choice.rules) if choice.rules else None
    options = Options(choice.text(targets, name_of), choice.standalone, choice.line_length, name_of, rules)
    module = emitted(deriveds, resolver, options)
    return Transformed(module.text, module.units, tuple(deriveds), tuple(logs), resolver)


def differentiate(
    targets: Sequence[Target], choice: Choice, new_log: Callable[[], Log | None] = lambda: None
) -> tuple[list[Derived], Resolver, Sequence[Target]]:
    """Return the derivatives of `targets` before they are text, and the targets as the resolver knows them.

    `new_log` gives the log of each derivative.
    """
    from .frontend.resolve import Resolver
    from .pipeline import Request, derive

    resolver = Resolver(*dict.fromkeys(t.module for t in targets))
    targets = [replace(t, module=resolver.library.add(t.module)) for t in targets]
    product = PRODUCTS[choice.mode]
    deriveds = []
    for function, wrt in _functions(targets, resolver):
        request = Request(function, product, choice.wrt if choice.wrt is not None else wrt)
        deriveds.append(derive(request, resolver, log=new_log()))
    return deriveds, resolver, targets


def _functions(targets: Sequence[Target], resolver: Resolver) -> list[tuple[Function, Wrt]]:
    """Return the functions that are meant, each once, with what their decorator says of wrt."""
    found: dict[str, tuple[Function, Wrt]] = {}
    for target in targets:
        for function, wrt in _wanted(target, resolver):
            found.setdefault(function.key, (function, wrt))
    return list(found.values())


def _wanted(target: Target, resolver: Resolver) -> list[tuple[Function, Wrt]]:
    if target.function is not None:
        return [(target.function, _decorator(target.function, resolver)[1])]
    if target.name is not None:
        function = resolver.find(target.module, target.name)
        return [(function, _decorator(function, resolver)[1])]
    every = [(f, *_decorator(f, resolver)) for f in resolver.functions(target.module)]
    if not every:
        raise UsageError(f"{target.module.path}: there is no function in this file")
    decorated = [(f, wrt) for f, is_decorated, wrt in every if is_decorated]
    return decorated or [(f, None) for f, _, _ in every]


def _decorator(function: Function, resolver: Resolver) -> tuple[bool, Wrt]:
    """Say whether a function is decorated with `differentiate`, and with which wrt."""
    for node in function.node.decorator_list:
        call = node if isinstance(node, ast.Call) else None
        name = ast.unparse(call.func if call else node)
        if re.fullmatch(r"[\w.]+", name) and resolver.meaning(function.module, name) in _DECORATORS:
            return True, next((_literal(k.value) for k in call.keywords if k.arg == "wrt"), None) if call else None
    return False, None


def _literal(node: ast.expr) -> Wrt:
    try:
        value: Wrt = ast.literal_eval(node)
    except ValueError:
        reason = "wrt of the decorator differentiate has to be written out: a name, a position or a tuple of them"
        raise UsageError(reason) from None
    return value


def wrt_text(wrt: Wrt) -> str:
    """Return wrt as the command line has it: ``x``, ``x,y``, and ``x,`` for a tuple of one."""
    if not isinstance(wrt, tuple):
        return str(wrt)
    return ",".join(map(str, wrt)) + ("," if len(wrt) == 1 else "")


def parse_wrt(text: str) -> Wrt:
    """Read wrt from the command line."""
    names: list[int | str] = [int(n) if n.lstrip("-").isdigit() else n for n in re.split(r"\s*,\s*", text.strip())]
    single = len(names) == 1
    if names[-1] == "":
        names.pop()
    if not names or "" in names:
        raise UsageError(f"--wrt: '{text}' is not a list of names such as x1,x2")
    return names[0] if single else tuple(names)


def file_name(module: Module) -> str:
    """Return what the header calls a source file that is printed, not written: its bare name."""
    return os.path.basename(module.path).strip("<>")


def relative_to(output: str) -> Callable[[Module], str]:
    """Return how a header in the file `output` names source files: by the path from there."""
    folder = os.path.dirname(os.path.realpath(output))

    def name(module: Module) -> str:
        if not is_file_name(module.path):
            return file_name(module)
        try:
            path = os.path.relpath(os.path.realpath(module.path), folder)
        except ValueError:  # another drive
            return file_name(module)
        return path.replace(os.sep, "/")

    return name


def _word(name: str) -> str:
    """Return a file name as one word of the options in a header."""
    return quoted(name).replace(" ", "%20")


def line_length(folder: str) -> int:
    """Return the line length that the project around a folder gives black, or black's own."""
    _, options = pyproject(folder)
    tool = options.get("tool")
    black = tool.get("black") if isinstance(tool, dict) else None
    length = black.get("line-length") if isinstance(black, dict) else None
    return length if isinstance(length, int) and length > 0 else 88


@lru_cache(maxsize=32)
def pyproject(folder: str) -> tuple[str, dict[str, object]]:
    """Return the nearest pyproject.toml above a folder, its path and what it holds; "" and nothing for none."""
    import tomllib

    path = os.path.join(folder, "pyproject.toml")
    if not os.path.isfile(path):
        parent = os.path.dirname(folder)
        return ("", {}) if parent == folder else pyproject(parent)
    try:
        with open(path, "rb") as file:
            return path, tomllib.load(file)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{nearby(path)}: cannot be read: {error}") from None


def nearby(path: str) -> str:
    """Return a path as a message shows it: from the current folder where it is below that."""
    short = os.path.relpath(path)
    return path if short.startswith(os.pardir) else short
