"""sct: derivatives of Python functions, as source code."""

from __future__ import annotations

from .version import VERSION as __version__

TYPE_CHECKING = False  # what type checkers take for true; `typing` takes longer to import than all of this

if TYPE_CHECKING:
    from .api import Derivative as Derivative
    from .api import Differentiable as Differentiable
    from .api import differentiate as differentiate
    from .api import grad as grad
    from .api import jvp as jvp
    from .api import stop_gradient as stop_gradient
    from .api import transform as transform
    from .api import value_and_grad as value_and_grad
    from .api import vjp as vjp
    from .check import GradCheck as GradCheck
    from .check import check_grad as check_grad
    from .errors import ReadError as ReadError
    from .errors import Refused as Refused
    from .errors import SctError as SctError
    from .errors import UsageError as UsageError

_API = (
    "Derivative",
    "Differentiable",
    "differentiate",
    "grad",
    "jvp",
    "stop_gradient",
    "transform",
    "value_and_grad",
    "vjp",
)
_CHECK = ("GradCheck", "check_grad")
_ERRORS = ("ReadError", "Refused", "SctError", "UsageError")

__all__ = ["__version__", *_API, *_CHECK, *_ERRORS]


def __getattr__(name: str) -> object:
    """Import what a public name needs when it is first asked for: ``sct --version`` needs none of it."""
    if name in _API:
        from . import api as module
    elif name in _CHECK:
        from . import check as module  # type: ignore[no-redef]
    elif name in _ERRORS:
        from . import errors as module  # type: ignore[no-redef]
    else:
        raise AttributeError(f"module 'sct' has no attribute {name!r}")
    value = getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
