"""Plain functions for what can be called and has no definition of its own: ``np.sin``, a partial, a bound method.

In: an object of the running program. Out: a function of the same parameters that calls it, with a text that
`linecache` knows; None where it is not clear what that calls. Later passes read the text as they read any other.
"""

from __future__ import annotations

import functools
import inspect
import keyword
import linecache
import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import FunctionType, MappingProxyType, MethodType

_P = inspect.Parameter
_POSITIONAL = (_P.POSITIONAL_ONLY, _P.POSITIONAL_OR_KEYWORD)
_NOTHING: Mapping[int, object] = MappingProxyType({})


def stand_in(
    value: object, public_name: Callable[[object], str], count: int = 0, fixed: Mapping[int, object] = _NOTHING
) -> FunctionType | None:
    """Return a function that does what calling `value` does; `public_name` says how an installed one is reached.

    An installed one has the parameters without which it cannot be called, and as many more as `count` arguments need.
    Those at the positions in `fixed` are no parameters: they are given these values.
    """
    if isinstance(value, functools.partial):
        func, args, keywords = _innermost(value)
        applied = _Applied(func, _behind(args, fixed), keywords, public_name(func), len(args) + count)
        return applied.function("_applied")
    if not callable(value) or isinstance(value, type):
        return None
    name = public_name(value)
    if name:
        return _Applied(value, fixed, {}, name, count).function("")
    if isinstance(value, MethodType):
        return _Applied(value.__func__, _behind([value.__self__], fixed), {}, "").function("")
    method = inspect.getattr_static(type(value), "__call__", None)
    return _Applied(method, _behind([value], fixed), {}, "").function("") if isinstance(method, FunctionType) else None


def with_signature(value: object) -> FunctionType | None:
    """Return a function with the parameters of the one that a decorator wrapped in ``def inside(*args, **options)``."""
    if not isinstance(value, FunctionType) or not any(p.kind is _P.VAR_POSITIONAL for p in _own(value)):
        return None
    return _Applied(value, {}, {}, "").function("")


def _innermost(value: object) -> tuple[object, tuple[object, ...], dict[str, object]]:
    """Return what a partial of a partial calls, with all its arguments; Python joins the two, but not always."""
    if not isinstance(value, functools.partial):
        return value, (), {}
    func, args, keywords = _innermost(value.func)
    return func, (*args, *value.args), keywords | value.keywords


def _behind(first: Sequence[object], fixed: Mapping[int, object]) -> Mapping[int, object]:
    """Return what is given by position where `first` stands before all that `fixed` counts."""
    return {**dict(enumerate(first)), **{len(first) + i: value for i, value in fixed.items()}}


def _own(function: FunctionType) -> Iterable[inspect.Parameter]:
    return inspect.signature(function, follow_wrapped=False).parameters.values()


class _Applied:
    """A function with some of its arguments given, by position or by name.

    `library` is the qualified name of an installed one, of which `count` says how many arguments it gets by position,
    if they are more than those that it has to get.
    """

    def __init__(
        self, called: object, given: Mapping[int, object], keywords: Mapping[str, object], library: str, count: int = 0
    ) -> None:
        self.called, self.given, self.keywords, self.library = called, given, keywords, library
        self.most = max(count, 1 + max(given, default=-1))
        self.cells: dict[str, object] = {}
        parts = (library or getattr(called, "__qualname__", "")).rpartition("<locals>.")[2].split(".")
        self.short = parts[-1] if parts[-1].isidentifier() and not keyword.iskeyword(parts[-1]) else "function"
        self.inner = library.removeprefix("builtins.") or "_".join(p for p in parts if p.isidentifier()) or "function"

    def function(self, ending: str) -> FunctionType | None:
        """Return the function, called like the one that it calls with `ending` behind."""
        parameters = self.parameters()
        if parameters is None or any(p.kind not in _POSITIONAL for p in parameters[: 1 + max(self.given, default=-1)]):
            return None
        own = self.left([p for i, p in enumerate(parameters) if i not in self.given])
        if any(i >= len(parameters) for i in self.given) or not any(p.kind in _POSITIONAL for p in own):
            return None
        if not self.library:
            self.cells[self.inner] = self.called
        texts = {p.name: f"{p.name}={p.name}" if p.kind is _P.KEYWORD_ONLY else self.starred(p) for p in own}
        texts |= {parameters[i].name: self.spelled(parameters[i].name, v) for i, v in sorted(self.given.items())}
        given = [texts[p.name] for p in parameters if p.name in texts]
        given += [f"{name}={self.spelled(name, v)}" for name, v in self.keywords.items()]
        given.sort(key=lambda text: text.startswith("**"))
        name = self.short + ending if self.short + ending != self.inner else f"{self.short}_called"
        head = f"def {name}({self.signature(own)}):\n    return {self.inner}({', '.join(given)})\n"
        return self.made(name, head, own)

    def left(self, parameters: Sequence[inspect.Parameter]) -> list[inspect.Parameter]:
        """Return the parameters that are not given: those behind one that is given by keyword take a keyword too."""
        out: list[inspect.Parameter] = []
        named = False
        for p in parameters:
            if p.name in self.keywords:
                named = True
            else:
                late = named and p.kind is _P.POSITIONAL_OR_KEYWORD
                out.append(p.replace(kind=_P.KEYWORD_ONLY) if late else p)
        return out

    def parameters(self) -> list[inspect.Parameter] | None:
        """Return the parameters of what is called; of an installed one those without which it cannot be called."""
        count = getattr(self.called, "nin", 0)
        if self.library and isinstance(count, int) and count:
            return _numbered(count)
        try:
            found = list(inspect.signature(self.called).parameters.values())  # type: ignore[arg-type]
        except (TypeError, ValueError):  # `max`, `math.hypot`: they are as long as their arguments
            return _numbered(self.most) if self.library and self.most else None
        if self.library:
            found = [p.replace(default=p.empty) for p in self.by_position(found)]
        return found if all(p.name.isidentifier() and p.name != self.inner for p in found) else None

    def by_position(self, every: Sequence[inspect.Parameter]) -> list[inspect.Parameter]:
        """Return those without which a function cannot be called and the first others, as far as arguments come."""
        own = [p for p in every if p.kind in _POSITIONAL]
        prints = self.library.startswith("builtins.")  # and has no derivative, however many it gets
        gathered = next((p.name for p in every if p.kind is _P.VAR_POSITIONAL and not prints), "")
        more = [_P(f"{gathered}_{i}", _P.POSITIONAL_ONLY) for i in range(self.most - len(own))] if gathered else []
        return [p for i, p in enumerate(own) if p.default is p.empty or i < self.most] + more

    @staticmethod
    def starred(parameter: inspect.Parameter) -> str:
        stars = "*" * (parameter.kind is _P.VAR_POSITIONAL) + "**" * (parameter.kind is _P.VAR_KEYWORD)
        return stars + parameter.name

    def spelled(self, name: str, value: object) -> str:
        """Write an argument that is bound: what is no literal is a variable around the function."""
        if is_literal(value):
            return repr(value)
        self.cells[name] = value
        return name

    def signature(self, own: Sequence[inspect.Parameter]) -> str:
        """Return the parameters as a definition writes them; their default values are set afterwards."""
        texts: list[str] = []
        for p in own:
            if p.kind is _P.KEYWORD_ONLY and not any(t.startswith("*") for t in texts):
                texts.append("*")
            default = "" if p.default is p.empty else f"={p.default!r}" if is_literal(p.default) else "=None"
            texts.append(self.starred(p) + default)
        return ", ".join(texts)

    def made(self, name: str, head: str, own: Sequence[inspect.Parameter]) -> FunctionType:
        """Run the definition, under a file name of its own."""
        module = self.library.rpartition(".")[0]
        while module and module not in sys.modules:
            module = module.rpartition(".")[0]  # what holds the method is no module
        text = f"import {module}\n\n\n" if module and module != "builtins" else ""
        if self.cells:
            body = "".join(f"    {line}\n" for line in head.splitlines())
            text += f"def around({', '.join(self.cells)}):\n{body}    return {name}\n"
        else:
            text += head
        file, count = f"<{self.inner}>", 1
        while file in linecache.cache and linecache.cache[file][2:3] != (text.splitlines(True),):
            count += 1
            file = f"<{self.inner} {count}>"
        linecache.cache[file] = (len(text), None, text.splitlines(True), file)
        space: dict[str, object] = {"__name__": getattr(self.called, "__module__", None) or "builtins"}
        exec(compile(text, file, "exec", dont_inherit=True), space)
        found = space["around"](*self.cells.values()) if self.cells else space[name]  # type: ignore[operator]
        assert isinstance(found, FunctionType)
        plain = [p.default for p in own if p.kind in _POSITIONAL and p.default is not p.empty]
        found.__defaults__ = tuple(plain) or None
        found.__kwdefaults__ = {
            p.name: p.default for p in own if p.kind is _P.KEYWORD_ONLY and p.default is not p.empty
        } or None
        return found


def _numbered(count: int) -> list[inspect.Parameter]:
    """Return the parameters of a function of which it is known how many it has, and no more."""
    return [_P(f"x{i + 1}" if count > 1 else "x", _P.POSITIONAL_ONLY) for i in range(count)]


def is_literal(value: object) -> bool:
    """Say whether `repr` writes a value that cannot change, so that it reads back as the very same."""
    if isinstance(value, tuple):
        return type(value) is tuple and all(map(is_literal, value))
    return type(value) in (bool, int, str, type(None)) or type(value) is float and math.isfinite(value)
