"""Python's rules for binding arguments to parameters, applied to the text of a call.

In: a call and the signature of what it calls. Out: one expression for each parameter, and the statements that have
to run before the call so that every argument is still evaluated once and in the order in which it was written.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field

from .. import core
from .evaluation import pure, reads_nothing
from .scopes import parameters


class BindError(Exception):
    """The call does not fit the signature, or cannot be told to fit it: why, and what to write instead."""

    def __init__(self, reason: str, advice: str = "") -> None:
        super().__init__(reason)
        self.reason, self.advice = reason, advice


@dataclass
class Bound:
    """What each parameter gets; `way` says how the call was written: the parameter, and whether by keyword."""

    values: dict[str, ast.expr] = field(default_factory=dict)
    before: list[ast.stmt] = field(default_factory=list)
    way: tuple[tuple[str, bool], ...] | None = ()


Temporary = Callable[[], str]


class Binder:
    """Binds one call."""

    def __init__(self, arguments: ast.arguments, name: str, temporary: Temporary | None) -> None:
        self.arguments, self.name, self.temporary = arguments, name, temporary
        self.positional = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
        self.keyword_only = [a.arg for a in arguments.kwonlyargs]
        self.optional = defaults_of(arguments)
        self.written: list[ast.expr] = []
        self.bound = Bound()
        self.extra: list[ast.expr] = []
        self.extra_keywords: list[tuple[str, ast.expr]] = []

    def bind(self, call: ast.Call) -> Bound:
        """Return what each parameter gets. Defaults that the call leaves out are missing in the result."""
        args, keywords = _flat(call.args), self.flat_keywords(call.keywords)
        stars = [i for i, a in enumerate(args) if isinstance(a, ast.Starred)]
        if stars and len(args) == 1 and not pure(v for _, v in keywords):
            args, keywords = self.keywords_first(args[0], keywords)
        self.written = [a.value if isinstance(a, ast.Starred) else a for a in args] + [v for _, v in keywords]
        if stars and stars[0] < len(self.positional):
            args = self.unpack(args, stars, {k for k, _ in keywords})
        for index, arg in enumerate(args):
            self.positional_argument(index, arg, len(args))
        for name, value in keywords:
            self.keyword_argument(name, value)
        self.complete()
        self.keep_order()
        return self.bound

    def keywords_first(
        self, starred: ast.expr, keywords: list[tuple[str, ast.expr]]
    ) -> tuple[list[ast.expr], list[tuple[str, ast.expr]]]:
        """Evaluate keywords in front: CPython takes the members of a lone ``*args`` when it calls."""
        assert isinstance(starred, ast.Starred)
        self.written = [starred.value, *(v for _, v in keywords)]
        self.hoist(self.written[1:] if reads_nothing(starred.value) else self.written)
        first, *values = self.written
        named = zip((k for k, _ in keywords), values, strict=True)
        return [ast.Starred(value=first, ctx=ast.Load())], list(named)

    def positional_argument(self, index: int, arg: ast.expr, count: int) -> None:
        if index < len(self.positional):
            self.give(self.positional[index], arg, False)
        elif self.arguments.vararg:
            self.extra.append(arg)
            self.bound.way = None
        else:
            most = len(self.positional)
            plural = "" if most == 1 else "s"
            raise BindError(f"{self.name}() takes {most} positional argument{plural} but is given {count}")

    def keyword_argument(self, name: str, value: ast.expr) -> None:
        posonly = {a.arg for a in self.arguments.posonlyargs}
        if name in self.positional and name not in posonly or name in self.keyword_only:
            self.give(name, value, True)
        elif self.arguments.kwarg:
            self.extra_keywords.append((name, value))
            self.bound.way = None
        else:
            raise BindError(f"{self.name}() has no parameter {name!r} that can be given by keyword")

    def give(self, name: str, value: ast.expr, by_keyword: bool) -> None:
        if name in self.bound.values:
            raise BindError(f"{self.name}() is given its parameter {name!r} twice")
        self.bound.values[name] = value
        if self.bound.way is not None:
            self.bound.way += ((name, by_keyword),)

    def complete(self) -> None:
        for name in (*self.positional, *self.keyword_only):
            if name not in self.bound.values and name not in self.optional:
                raise BindError(f"{self.name}() is not given its parameter {name!r}")
        if self.arguments.vararg:
            self.bound.values[self.arguments.vararg.arg] = ast.Tuple(elts=self.extra, ctx=ast.Load())
        if self.arguments.kwarg:
            keys: list[ast.expr | None] = [ast.Constant(value=k) for k, _ in self.extra_keywords]
            self.bound.values[self.arguments.kwarg.arg] = ast.Dict(
                keys=keys, values=[v for _, v in self.extra_keywords]
            )

    def unpack(self, args: list[ast.expr], stars: list[int], by_keyword: set[str]) -> list[ast.expr]:
        """Put one expression for each parameter in the place of ``*t``."""
        place = stars[0]
        starred = args[place]
        assert isinstance(starred, ast.Starred)
        after = len(args) - place - 1
        open_ = [p for p in self.positional[place:] if p not in by_keyword]
        vararg = self.arguments.vararg is not None
        if len(stars) > 1 or vararg and after or any(p in self.optional for p in open_):
            raise BindError(
                f"how many parameters of {self.name}() the starred argument fills is not known",
                "Write the arguments out, or unpack them in a statement of its own.",
            )
        count = len(open_) - after
        if count < 0:
            raise BindError(f"{self.name}() takes {len(self.positional)} positional arguments but is given more")
        self.bound.way = None
        values = self.values_of(starred.value, count, vararg, place)
        return [*args[:place], *values, *args[place + 1 :]]

    def values_of(self, value: ast.expr, count: int, rest: bool, place: int) -> list[ast.expr]:
        """Return the `count` members of `value`, then the rest of them starred."""
        if self.temporary is None:
            if not isinstance(value, ast.Name):
                raise BindError("a starred argument cannot be taken apart here", "Unpack it in a statement before.")
            tail: list[ast.expr] = [ast.Starred(value=_slice(value, count), ctx=ast.Load())] if rest else []
            return [_item(value, i) for i in range(count)] + tail
        names = [self.temporary() for _ in range(count)]
        targets: list[ast.expr] = [ast.Name(id=n, ctx=ast.Store()) for n in names]
        loads: list[ast.expr] = [ast.Name(id=n, ctx=ast.Load()) for n in names]
        if rest:
            last = self.temporary()
            targets.append(ast.Starred(value=ast.Name(id=last, ctx=ast.Store()), ctx=ast.Store()))
            loads.append(ast.Starred(value=ast.Name(id=last, ctx=ast.Load()), ctx=ast.Load()))
        self.hoist(self.written[:place])
        unpacking = ast.Tuple(elts=targets, ctx=ast.Store())
        self.bound.before.append(ast.Assign(targets=[unpacking], value=self.written[place]))
        self.written[place : place + 1] = loads
        return loads

    def keep_order(self) -> None:
        """Name the arguments first where binding would change the order in which they are evaluated."""
        final = [id(v) for name in parameter_names(self.arguments) for v in self.parts(name)]
        written = [id(v) for v in self.written if id(v) in set(final)]
        final = [v for v in final if v in set(written)]
        if final != written and not pure(self.written):
            self.hoist(self.written)

    def parts(self, name: str) -> list[ast.expr]:
        value = self.bound.values.get(name)
        if value is None:
            return []
        if self.arguments.vararg and name == self.arguments.vararg.arg:
            return [e.value if isinstance(e, ast.Starred) else e for e in self.extra]
        if self.arguments.kwarg and name == self.arguments.kwarg.arg:
            return [v for _, v in self.extra_keywords]
        return [value]

    def hoist(self, values: list[ast.expr]) -> None:
        """Give names to all `values` that are not mere names, in order."""
        if pure(values):
            return
        renamed: dict[int, ast.expr] = {}
        for value in values:
            if isinstance(value, (ast.Constant, ast.Lambda)) or core.is_ref(value):
                continue
            if self.temporary is None:
                raise BindError(
                    "the order in which these arguments are evaluated cannot be kept here",
                    "Write the arguments in the order of the parameters, or the call in a statement of its own.",
                )
            name = self.temporary()
            self.bound.before.append(ast.Assign(targets=[ast.Name(id=name, ctx=ast.Store())], value=value))
            renamed[id(value)] = ast.Name(id=name, ctx=ast.Load())
        self.written = [renamed.get(id(v), v) for v in self.written]
        self.extra = [_replaced(e, renamed) for e in self.extra]
        self.extra_keywords = [(k, renamed.get(id(v), v)) for k, v in self.extra_keywords]
        self.bound.values = {k: renamed.get(id(v), v) for k, v in self.bound.values.items()}
        for starred in (self.arguments.vararg, self.arguments.kwarg):
            if starred and starred.arg in self.bound.values:
                self.complete()
                return

    def flat_keywords(self, keywords: list[ast.keyword]) -> list[tuple[str, ast.expr]]:
        """Return keywords with literal ``**{"a": 1}`` taken apart."""
        out: list[tuple[str, ast.expr]] = []
        for keyword in keywords:
            if keyword.arg is not None:
                out.append((keyword.arg, keyword.value))
            elif isinstance(keyword.value, ast.Dict) and all(_text(k) is not None for k in keyword.value.keys):
                out += [(_text(k) or "", v) for k, v in zip(keyword.value.keys, keyword.value.values, strict=True)]
            else:
                raise BindError(
                    f"which parameters of {self.name}() the ** argument fills is not known",
                    "Write the keyword arguments out.",
                )
        return out


def defaults_of(arguments: ast.arguments) -> dict[str, ast.expr]:
    """Return the default of each parameter that has one."""
    positional = [*arguments.posonlyargs, *arguments.args]
    tail = positional[len(positional) - len(arguments.defaults) :]
    found = {a.arg: d for a, d in zip(tail, arguments.defaults, strict=True)}
    pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return found | {a.arg: d for a, d in pairs if d is not None}


def parameter_names(arguments: ast.arguments) -> list[str]:
    """Return the names of all parameters in the order in which they are written."""
    return [a.arg for a in parameters(arguments)]


def _flat(args: list[ast.expr]) -> list[ast.expr]:
    out: list[ast.expr] = []
    for arg in args:
        if isinstance(arg, ast.Starred) and isinstance(arg.value, (ast.Tuple, ast.List)):
            out += _flat(arg.value.elts)
        else:
            out.append(arg)
    return out


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _item(value: ast.Name, index: int) -> ast.expr:
    return ast.Subscript(value=ast.Name(id=value.id, ctx=ast.Load()), slice=ast.Constant(value=index), ctx=ast.Load())


def _slice(value: ast.Name, start: int) -> ast.expr:
    name = ast.Name(id=value.id, ctx=ast.Load())
    return ast.Subscript(value=name, slice=ast.Slice(lower=ast.Constant(value=start)), ctx=ast.Load())


def _replaced(node: ast.expr, renamed: dict[int, ast.expr]) -> ast.expr:
    if isinstance(node, ast.Starred) and id(node.value) in renamed:
        return ast.Starred(value=renamed[id(node.value)], ctx=ast.Load())
    return renamed.get(id(node), node)
