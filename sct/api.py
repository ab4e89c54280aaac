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
T = TypeVar("T")
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
    """Return the gradient of `f`: a function with f's own signature that returns the adjoints of its independents.

    Parameters
    ----------
    f : function
        A Python function of floats, arrays and structures of them, whose result is a number.
    wrt : None, int, str, or tuple of them
        The independents, as for `jvp`; the first argument is the default.

    Returns
    -------
    function
        Returns a tuple of adjoints where `wrt` is a tuple or there are several independents, otherwise a bare one.

    Raises
    ------
    Refused, UsageError
        If sct cannot differentiate `f`, or cannot find what `wrt` names.

    Examples
    --------
    >>> import sct
    >>> def f(x, y):
    ...     return x * x * y
    >>> sct.grad(f)(3.0, 2.0)
    12.0
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
    """Return the reverse derivative of `f`: its value and the adjoints of its independents.

    Parameters
    ----------
    f : function
        A Python function of floats, arrays and structures of them.
    wrt : None, int, str, or tuple of them
        The independents, as for `jvp`.

    Returns
    -------
    function
        Called with f's arguments and, last, the seed: the adjoint of the result, in its structure and shape. It is
        1.0 where it is left out, which only a result that is a number allows. Returns ``(value, adjoints)``: a tuple
        of adjoints where `wrt` is a tuple or there are several independents, otherwise a bare one.

    Raises
    ------
    Refused, UsageError
        As `grad` does.
    TypeError, ValueError
        From the derivative, if the seed has not the structure or shape of the result.

    Examples
    --------
    >>> import sct
    >>> def f(x, y):
    ...     return x * x * y
    >>> sct.vjp(f)(3.0, 2.0)
    (18.0, (12.0, 9.0))
    >>> sct.vjp(f)(3.0, 2.0, 0.5)
    (18.0, (6.0, 4.5))
    """
    made: Derivative[..., tuple[R, Any]] = _derivative(f, "vjp", wrt)
    return made


@overload
def differentiate(f: Callable[P, R], /, *, wrt: Wrt = None) -> Differentiable[P, R]: ...


@overload
def differentiate(*, wrt: Wrt = None) -> Callable[[Callable[P, R]], Differentiable[P, R]]: ...


def differentiate(f: Callable[..., Any] | None = None, /, *, wrt: Wrt = None) -> Any:
    """Give a function its derivatives as attributes; the function itself stays what it is.

    Parameters
    ----------
    f : function
        The function to decorate.
    wrt : None, int, str, or tuple of them
        The independents of all four derivatives; None leaves each its own default.

    Returns
    -------
    function
        `f`, with the attributes ``f.jvp``, ``f.vjp``, ``f.grad`` and ``f.value_and_grad``, which are what the
        functions of these names return. The reverse derivative is made at once, the others when they are first used.

    Raises
    ------
    Refused, UsageError
        As `grad` does, when the module is imported.

    Examples
    --------
    >>> import sct
    >>> @sct.differentiate
    ... def f(x, y):
    ...     return x * x * y
    >>> f(3.0, 2.0), f.grad(3.0, 2.0)
    (18.0, 12.0)
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


def stop_gradient(x: T) -> T:
    """Return `x` itself, which derivatives take for a constant."""
    return x


def transform(
    source: str | os.PathLike[str] | Callable[..., Any],
    name: str | None = None,
    *,
    mode: Mode = "forward",
    wrt: Wrt = None,
    standalone: bool = False,
) -> str:
    """Return the text of the module that ``sct transform`` would write.

    Parameters
    ----------
    source : str, os.PathLike or function
        The text of a module, the path of one, or a function. Nothing of it is run.
    name : str, optional
        The function to differentiate. Without it these are the functions decorated with `differentiate`, or else
        every function at the top level.
    mode : {"forward", "reverse"}
        Which derivative to write: ``f_jvp`` or ``f_vjp``.
    wrt : None, int, str, or tuple of them
        The independents, as for `jvp`.
    standalone : bool
        Whether to write the helpers of `sct.runtime` that the code uses into it, so that it needs NumPy alone.

    Returns
    -------
    str
        A module: two header lines, imports, constants and helpers that are reached, the derivatives.

    Raises
    ------
    ReadError
        If the source cannot be read or parsed.
    Refused, UsageError
        As `grad` does.

    Examples
    --------
    >>> import sct
    >>> text = sct.transform("def f(x: float):\\n    return x * x\\n")
    >>> print(text[text.index("def") :])
    def f_jvp(x, dx):
        return x * x, 2 * x * dx
    <BLANKLINE>
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
    from .frontend.spread import reach

    if type(f) is Lazy:
        f = f.function()
    if not callable(f):
        raise TypeError(f"sct.{caller}() takes a function, not {type(f).__name__}")
    _check_wrt(caller, wrt)
    function = read_live(f, reach(wrt))
    return function, Resolver(function.module)


def _check_wrt(caller: str, wrt: object) -> None:
    parts = wrt if isinstance(wrt, tuple) else (wrt,)
    if wrt is not None and not all(isinstance(p, int | str) and not isinstance(p, bool) for p in parts):
        raise TypeError(f"sct.{caller}(): wrt is a position or a name, or a tuple of them, not {wrt!r}")
