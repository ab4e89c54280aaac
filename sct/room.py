"""Room for deep recursion: a sum of 500 terms is a tree 500 levels deep, and Python allows 1000 calls.

In: a computation. Out: its result, from a thread with a large stack where it needs one.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import TypeVar

from .errors import SctError

T = TypeVar("T")

_STACK = 512 * 1024 * 1024  # address space; memory is taken as it is used
_DEPTH = 200_000
_lock = threading.Lock()


def with_room(compute: Callable[[], T]) -> T:
    """Return ``compute()``; where it recurses too deeply, once more with room. It must have no side effects."""
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
        depth, stack = sys.getrecursionlimit(), threading.stack_size(_STACK)
        try:
            sys.setrecursionlimit(max(depth, _DEPTH))
            thread = threading.Thread(target=run, name="sct")
            thread.start()
            thread.join()
        finally:
            sys.setrecursionlimit(depth)
            threading.stack_size(stack)
    if errors and isinstance(errors[0], RecursionError | MemoryError):
        raise SctError("the code is nested too deeply: split its longest expression into several statements")
    if errors:
        raise errors[0]
    return results[0]
