"""The functions that users call: derivatives of live functions, and the text of derivatives.

In: a function, or the source of one. Out: plain functions that sct wrote, or what it would write into a file.

A function that is decorated with `differentiate` stays the very function that it was: whatever asks for functions
(pickle, `inspect`, profilers, other compilers) finds one. Its derivatives are attributes of it. A function has no hook
for reading an attribute, so each attribute begins as a stand-in (`sct.lazy`) that compiles the derivative on first
use and gives up its place to it. The reverse derivative is made by the decorator, which is how it refuses.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from types import FunctionType
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, Protocol, TypeVar, overload

from .errors import UsageError
from .lazy import Lazy

if TYPE_CHECKING:
    from .frontend.resolve import Resolver
    from .frontend.source import Function

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

Wrt = int | str | tuple[int | str, ...] | None
Product = Literal["jvp", "vjp", "grad", "value_and_grad"]
Mode = Literal["forward", "reverse"]
_GRADIENTS: tuple[Product, ...] = ("grad", "value_and_grad")


class Derivative(Protocol[P, R_co]):
    """A generated function: called like any other, with its text as `source`."""

    source: str
    __name__: str
    __qualname__: str

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co: ...


class Differentiable(Protocol[P, R_co]):
    """A function decorated with `differentiate`."""

    __name__: str
    __qualname__: str

    @property
    def grad(self) -> Derivative[P, Any]: ...

    @property
    def value_and_grad(self) -> Derivative[P, tuple[R_co, Any]]: ...

    @property
    def jvp(self) -> Derivative[..., tuple[R_co, Any]]: ...

    @property
    def vjp(self) -> Derivative[..., tuple[R_co, Any]]: ...

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co: ...


def grad(f: Callable[P, Any], wrt: Wrt = 0) -> Derivative[P, Any]:
    """Return the function that computes the gradient of `f`, with f's own signature.

    `wrt` is the position or name of an argument, or a tuple of them; a tuple gives a tuple of gradients.
    """
    made: Derivative[P, Any] = _derivative(f, "grad", wrt)
    return made


def value_and_grad(f: Callable[P, R], wrt: Wrt = 0) -> Derivative[P, tuple[R, Any]]:
    """Return the function that computes the value of `f` and its gradient, with f's own signature."""
    made: Derivative[P, tuple[R, Any]] = _derivative(f, "value_and_grad", wrt)
    return made


def jvp(f: Callable[..., R], wrt: Wrt = None) -> Derivative[..., tuple[R, Any]]:
    """Return the forward derivative of `f`, called with all positional arguments, then a tangent for each independent.

    It returns the value and its tangent. `wrt` None means every argument that is not annotated or defaulted as an
    int, a bool, a str or None.
    """
    made: Derivative[..., tuple[R, Any]] = _derivative(f, "jvp", wrt)
    return made


def vjp(f: Callable[..., R], wrt: Wrt = None) -> Derivative[..., tuple[R, Any]]:
    """Return the reverse derivative of `f`: called with f's arguments and, last, the seed, which is 1.0 by default.

    It returns the value and the adjoints of the independents: a tuple where `wrt` is a tuple.
    """
    made: Derivative[..., tuple[R, Any]] = _derivative(f, "vjp", wrt)
    return made


@overload
def differentiate(f: Callable[P, R], /, *, wrt: Wrt = None) -> Differentiable[P, R]: ...


@overload
def differentiate(*, wrt: Wrt = None) -> Callable[[Callable[P, R]], Differentiable[P, R]]: ...


def differentiate(f: Callable[..., Any] | None = None, /, *, wrt: Wrt = None) -> Any:
    """Give a function its derivatives: ``f.jvp``, ``f.vjp``, ``f.grad``, ``f.value_and_grad``. f itself stays f.

    `wrt` is what the functions of these names take; where it is None they have their own defaults.
    """
    if f is None:
        return lambda function: differentiate(function, wrt=wrt)
    function, resolver = _read(f, "differentiate", wrt)
    live = function.live
    assert isinstance(live, FunctionType)
    setattr(live, "vjp", _compile(function, resolver, "vjp", wrt, f"{live.__qualname__}.vjp"))  # noqa: B010
    setattr(live, "jvp", _lazy(live, "jvp", wrt))  # noqa: B010
    for product in _GRADIENTS:
        setattr(live, product, _lazy(live, product, 0 if wrt is None else wrt))
    return f


def transform(
    source: str | os.PathLike[str] | Callable[..., Any],
    name: str | None = None,
    *,
    mode: Mode = "forward",
    wrt: Wrt = None,
    standalone: bool = False,
) -> str:
    """Return the text of the module that ``sct transform`` would write.

    `source` is the text of a module, the path of one (`pathlib.Path`), or a function. With `name` it is the
    derivative of that function; without, of those that are decorated with `differentiate`, or else of all.
    """
    from . import texts
    from .frontend.read import read_file, read_text

    _check_wrt("transform", wrt)
    if mode not in texts.PRODUCTS:
        raise UsageError(f"mode is 'forward' or 'reverse', not {mode!r}")
    if isinstance(source, str):
        target = texts.Target(read_text(source), name)
    elif isinstance(source, os.PathLike):
        target = texts.Target(read_file(source), name)
    else:
        function, _ = _read(source, "transform", wrt)
        target = texts.Target(function.module, function.qualname, function)
    choice = texts.Choice(mode, wrt, standalone, texts.line_length(target.module.directory))
    return texts.transform([target], choice, texts.file_name)


def _derivative(f: Callable[..., Any], product: Product, wrt: Wrt) -> Any:
    function, resolver = _read(f, product, wrt)
    return _compile(function, resolver, product, wrt, "")


def _lazy(live: FunctionType, product: Product, wrt: Wrt) -> Lazy:
    """Return a stand-in for a derivative of a decorated function."""

    def compile_() -> Any:
        function, resolver = _read(live, product, wrt)
        return _compile(function, resolver, product, wrt, f"{live.__qualname__}.{product}")

    return Lazy(live, product, compile_)


def _compile(function: Function, resolver: Resolver, product: Product, wrt: Wrt, qualname: str) -> Any:
    from .emit.live import build
    from .pipeline import Request, derive
    from .room import with_room

    return with_room(lambda: build(derive(Request(function, product, wrt), resolver), resolver, qualname))


def _read(f: Any, caller: str, wrt: Wrt) -> tuple[Function, Resolver]:
    """Return the source of a function and what its names mean."""
    from .frontend.read import read_live
    from .frontend.resolve import Resolver

    if type(f) is Lazy:
        f = f.function()
    if not callable(f):
        raise TypeError(f"sct.{caller}() takes a function, not {type(f).__name__}")
    _check_wrt(caller, wrt)
    function = read_live(f)
    return function, Resolver(function.module)


def _check_wrt(caller: str, wrt: object) -> None:
    parts = wrt if isinstance(wrt, tuple) else (wrt,)
    if wrt is not None and not all(isinstance(p, int | str) and not isinstance(p, bool) for p in parts):
        raise TypeError(f"sct.{caller}(): wrt is a position or a name, or a tuple of them, not {wrt!r}")
