"""A derivative of a decorated function, until somebody uses it.

In: how to compile it, and the function whose attribute it is. Out: on first use the attribute is the generated function
itself, a plain one, and nothing is in its way any more; whoever took the attribute before has this stand-in, which
does and says what the function does and says.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any


class Lazy:
    """Compiles its function when it is called or asked for anything, and puts it where it stands itself."""

    def __init__(self, owner: FunctionType, name: str, compile_: Callable[[], FunctionType]) -> None:
        self.__name__, self.__qualname__ = f"{owner.__name__}_{name}", f"{owner.__qualname__}.{name}"
        self.__module__, self.__doc__ = owner.__module__, owner.__doc__
        self._owner, self._name, self._compile = owner, name, compile_
        self._made: FunctionType | None = None

    @property  # type: ignore[misc]
    def __class__(self) -> type[FunctionType]:  # type: ignore[override]
        """What `inspect` and other people's ``isinstance`` ask for: this is a function, in all that it does."""
        return FunctionType

    def function(self) -> FunctionType:
        """Return the generated function; it is compiled once."""
        if self._made is None:
            self._made = self._compile()
            if vars(self._owner).get(self._name) is self:
                setattr(self._owner, self._name, self._made)
        return self._made

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function()(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.function(), name)

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        return self.function().__get__(instance, owner)

    def __reduce__(self) -> Any:
        return getattr, (self._owner, self._name)

    def __repr__(self) -> str:
        return repr(self.function())

    def __eq__(self, other: object) -> bool:
        return (other.function() if type(other) is Lazy else other) is self.function()

    def __hash__(self) -> int:
        return hash(self.function())
