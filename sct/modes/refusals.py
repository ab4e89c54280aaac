"""Handlers of the user's that would catch what a guard of the derivative raises.

In: a ``try`` of generated code. Out: one whose handlers let pass what a guard raises, which they were not written for.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from sct import core
from sct.frontend.attempts import catches
from sct.nodes import changed, load
from sct.rules.template import helper
from sct.walk import Rewriter, walk

#: What a handler catches that catches a guard's TypeError; "" is a bare ``except``.
_CAUGHT = frozenset({"TypeError", "Exception", "BaseException", ""})
_REFUSING = ("sct.runtime.listed", "sct.runtime.row")


def let_pass(stmt: ast.Try, named: Callable[[], str]) -> ast.Try:
    """Return a try whose handlers raise again what guards in its body raise; `named` gives a name for an error."""
    if not may_refuse(stmt.body):
        return stmt
    handlers = [_unguarded(h, named) if catches_guards([h]) else h for h in stmt.handlers]
    return changed(stmt, handlers=handlers)


class LetPass(Rewriter):
    """Has every try in a statement let pass what guards raise."""

    def __init__(self, named: Callable[[], str]) -> None:
        self.named = named

    def visit_Try(self, node: ast.Try) -> Any:
        """Return the try with the tries in it."""
        made = self.generic_visit(node)
        assert isinstance(made, ast.Try)
        return let_pass(made, self.named)


def may_refuse(nodes: Sequence[ast.AST]) -> bool:
    """Say whether parts of a derivative hold a guard, or call a derivative that may."""
    calls = [n for node in nodes for n in walk(node) if isinstance(n, ast.Call)]
    names = {core.qualname(call.func) for call in calls} - {"sct.runtime.require_storable"}
    return any(n[:1] == "!" or n.startswith("sct.runtime.require_") or n in _REFUSING for n in names)


def catches_guards(handlers: Sequence[ast.ExceptHandler]) -> bool:
    """Say whether handlers would catch what a guard raises."""
    return catches(handlers, _CAUGHT)


def _unguarded(handler: ast.ExceptHandler, named: Callable[[], str]) -> ast.ExceptHandler:
    """Return a handler that lets pass what a guard of the derivative raises."""
    name = handler.name or named()
    first = ast.Expr(value=helper("require_unguarded", load(name)))
    caught = handler.type or core.ref("builtins.BaseException")  # which a bare handler catches and cannot name
    rest = [s for s in handler.body if not isinstance(s, ast.Pass)]
    return changed(handler, type=caught, name=name, body=[first, *rest])
