"""The record of live adjoints that `adjoint` keeps while it walks a function backwards.

In: names, each with the expression that holds its adjoint. Out: those expressions, and which names have for their
adjoint nothing but the value of a given variable: these need a variable of their own before that one changes.
"""

from __future__ import annotations

import ast
from collections import UserDict


class Live(UserDict[str, ast.expr]):
    """The adjoint of each live name, in the order in which they came alive."""

    def __init__(self) -> None:
        self._readers: dict[str, tuple[str, ...]] = {}
        self._places: dict[str, int] = {}
        self._next = 0
        super().__init__()

    def __setitem__(self, name: str, value: ast.expr) -> None:
        old = self.data.get(name)
        if old is None:
            self._places[name] = self._next
            self._next += 1
        else:
            self._forget(name, old)
        self.data[name] = value
        if isinstance(value, ast.Name):
            self._readers[value.id] = (*self._readers.get(value.id, ()), name)

    def __delitem__(self, name: str) -> None:
        self._forget(name, self.data.pop(name))

    def _forget(self, name: str, value: ast.expr) -> None:
        if isinstance(value, ast.Name):
            left = tuple(n for n in self._readers[value.id] if n != name)
            if left:
                self._readers[value.id] = left
            else:
                del self._readers[value.id]

    def copy(self) -> Live:
        """Return a record that can be changed apart from this one."""
        new = Live()
        new.data, new._readers, new._places = dict(self.data), dict(self._readers), dict(self._places)
        new._next = self._next
        return new

    def readers(self, variable: str) -> list[str]:
        """Return the names whose adjoint is only the value of a variable."""
        return sorted(self._readers.get(variable, ()), key=self._places.__getitem__)
