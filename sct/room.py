"""Room for deep recursion: a sum of 500 terms is a tree 500 levels deep, and Python allows 1000 calls.

In: a computation. Out: its result, from a thread with a large stack where it needs one.
"""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable
from typing import TypeVar

from .errors import SctError

T = TypeVar("T")

_STACKS = (512 << 20, 64 << 20)  # address space; memory is taken as it is used
_FRAME = 2600  # what a call may take of it
_lock = threading.Lock()


def with_room(compute: Callable[[], T]) -> T:
    """Return ``compute()``; where it recurses too deeply, once more with room. It must have no side effects."""
    collecting = gc.isenabled()
    gc.disable()  # trees are many small objects without cycles: looking for some takes a third of the time
    try:
        return _with_room(compute)
    finally:
        if collecting:
            gc.enable()


def _with_room(compute: Callable[[], T]) -> T:
    try:
        return compute()
    except RecursionError:
        pass
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(compute())
        except BaseException as error:  # handed on to the caller below
            errors.append(error)

    with _lock:
        _run_with_room(run)
    if errors and not isinstance(errors[0], RecursionError | MemoryError):
        raise errors[0]
    if not results:
        raise SctError("the code is nested too deeply: split its longest expression into several statements")
    return results[0]


def _run_with_room(run: Callable[[], None]) -> None:
    """Run in a thread with the largest stack that there is."""
    depth, stack = sys.getrecursionlimit(), threading.stack_size()
    for size in _STACKS:
        try:
            threading.stack_size(size)
            thread = threading.Thread(target=run, name="sct")
            sys.setrecursionlimit(max(depth, size // _FRAME))
            thread.start()
            thread.join()
            return
        except (ValueError, RuntimeError):  # no stack of this size
            continue
        finally:
            sys.setrecursionlimit(depth)
            threading.stack_size(stack)
