"""The same gradients by other tools, where they are installed; nothing here is needed."""

from __future__ import annotations

import importlib.util
import inspect
from collections.abc import Callable, Sequence
from typing import Any

from . import plain

NAMES = ("autograd", "jax", "tangent")


def gradients(name: str, args: Sequence[Any], wrt: Any) -> dict[str, Callable[[], Any]]:
    """Return one runnable gradient for each installed tool that can do this function."""
    found = {}
    for tool in NAMES:
        if importlib.util.find_spec(tool):
            try:
                run = _MAKERS[tool](name, args, wrt)
                run()
            except Exception as error:
                print(f"  {tool} fails on {name}: {type(error).__name__}: {str(error).splitlines()[:1]}")
            else:
                found[tool] = run
    return found


def _rewritten(name: str, numpy: str) -> Callable[..., Any]:
    """Return the plain function with NumPy and ``math`` taken from another module."""
    source = inspect.getsource(plain).replace("import numpy as np", f"import {numpy} as np")
    space: dict[str, Any] = {}
    exec(source.replace("from math import", f"from {numpy} import"), space)
    function: Callable[..., Any] = space[name]
    return function


def _autograd(name: str, args: Sequence[Any], wrt: Any) -> Callable[[], Any]:
    from autograd import grad

    made = grad(_rewritten(name, "autograd.numpy"), wrt)
    return lambda: made(*args)


def _jax(name: str, args: Sequence[Any], wrt: Any) -> Callable[[], Any]:
    import jax

    if name in ("lorenz", "rosenbrock"):
        raise NotImplementedError("a thousand steps unrolled take minutes to compile")
    jax.config.update("jax_enable_x64", True)
    made = jax.jit(jax.grad(_rewritten(name, "jax.numpy"), wrt))
    return lambda: jax.block_until_ready(made(*args))


def _tangent(name: str, args: Sequence[Any], wrt: Any) -> Callable[[], Any]:
    import tangent

    made = tangent.grad(getattr(plain, name), wrt=wrt if isinstance(wrt, tuple) else (wrt,))
    return lambda: made(*args)


_MAKERS = {"autograd": _autograd, "jax": _jax, "tangent": _tangent}
