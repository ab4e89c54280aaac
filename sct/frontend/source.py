"""A module of the user's and a function in it: what every later pass starts from.

In: the text of a module. Out: a `Module`, whose tree nobody may change.
"""

from __future__ import annotations

import ast
import os
import re
import warnings
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import CodeType
from typing import Any

from ..errors import ReadError


@dataclass(frozen=True, eq=False)
class Module:
    """A module as read: `path` as the user wrote it, `root` the folder that its absolute imports start from.

    `name` is the dotted name below `root`. `root` is "" for a text that has no place in the file system.
    """

    name: str
    path: str
    source: str
    tree: ast.Module
    root: str

    @cached_property
    def lines(self) -> list[str]:
        """The lines as Python counts them (``str.splitlines`` would also break at form feeds)."""
        return self.source.split("\n")

    @cached_property
    def directory(self) -> str:
        """The folder that relative imports start from, "" where there is none."""
        if not is_file_name(self.path):
            return self.root
        path = os.path.abspath(self.path)
        return path if self.is_namespace else os.path.dirname(path)

    @cached_property
    def is_package(self) -> bool:
        """Whether the module can have submodules."""
        return os.path.basename(self.path) == "__init__.py" or self.is_namespace

    @cached_property
    def is_namespace(self) -> bool:
        """Whether the module is a folder without ``__init__.py``: it has submodules and nothing else."""
        return not self.source and is_file_name(self.path) and os.path.isdir(self.path)

    @cached_property
    def code(self) -> CodeType:
        """The module compiled, not run: what a live function is compared with."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            code: CodeType = compile(self.source, self.path, "exec", flags=flags, dont_inherit=True)
            return code


@dataclass(frozen=True)
class Function:
    """A function of the user's: its definition, and the function object where there is one."""

    module: Module
    node: ast.FunctionDef
    qualname: str
    live: object | None = None

    @property
    def key(self) -> str:
        """What ``@key`` references and `Resolver.function` call it."""
        return f"{self.module.name}.{self.qualname}"


def is_file_name(path: str) -> bool:
    """Say whether `path` may name a file: the names of texts, such as ``<stdin>``, are in angle brackets."""
    return bool(path) and not (path.startswith("<") and path.endswith(">"))


def place(path: str, root: str = "") -> tuple[str, str]:
    """Return the dotted name and the import root of a file: packages are walked up by their ``__init__.py``.

    With `root`, a folder that imports of the file were seen to start from, the name is the one below it.
    """
    folder, file = os.path.split(os.path.abspath(path))
    if root and os.path.abspath(path) == os.path.abspath(root):
        return identifier(file), root
    stem = file if os.path.isdir(path) else os.path.splitext(file)[0]
    parts = [] if stem == "__init__" else [stem]
    if root and f"{folder}{os.sep}".startswith(f"{root.rstrip(os.sep)}{os.sep}"):
        below = os.path.relpath(folder, root)
        parts = [p for p in below.split(os.sep) if p != os.curdir] + parts
        folder = root
    else:
        while os.path.isfile(os.path.join(folder, "__init__.py")) and os.path.dirname(folder) != folder:
            folder, package = os.path.split(folder)
            parts.insert(0, package)
    return ".".join(map(identifier, parts)) or "module", folder


def identifier(text: str) -> str:
    """Make a name out of any text: ``<sct f_jvp>`` gives ``sct_f_jvp``."""
    if text.isidentifier():
        return text
    name = re.sub(r"\W+", "_", text).strip("_")
    return name if name.isidentifier() else f"module_{name}".rstrip("_")


@lru_cache(maxsize=128)
def parse(source: str, path: str, name: str, root: str, complete: bool = True) -> Module:
    """Parse a text; `complete` also applies the rules that Python checks when it compiles.

    The same text gives the same `Module`: a file of a hundred decorated functions is parsed once.
    """
    null = source.find("\0")
    if null >= 0:
        line = source.count("\n", 0, null) + 1
        raise ReadError("a source file cannot hold null bytes", path, line, null - source.rfind("\n", 0, null))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source, path)
            if complete:
                compile(source, path, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise ReadError(f"syntax error: {error.msg}", path, error.lineno or 0, error.offset or 1) from None
    except (RecursionError, MemoryError):
        raise ReadError("the code is nested too deeply for Python's own parser", path) from None
    except ValueError as error:
        raise ReadError(f"cannot be parsed: {error}", path) from None
    return Module(name, path, source, tree, root)


@lru_cache(maxsize=1024)
def define(node: ast.Lambda, name: str) -> ast.FunctionDef:
    """Return the definition of a function called `name` that does what a lambda does."""
    result = ast.copy_location(ast.Return(value=node.body), node.body)
    return ast.copy_location(definition(name.rpartition(".")[2], node.args, [result]), node)


def definition(name: str, arguments: ast.arguments, body: list[ast.stmt]) -> ast.FunctionDef:
    """Return a definition made by the compiler."""
    fields: dict[str, Any] = {"name": name, "args": arguments, "body": body, "decorator_list": [], "returns": None}
    if "type_params" in ast.FunctionDef._fields:
        fields["type_params"] = []
    return ast.FunctionDef(**fields)
