"""Dicts that are put together, and dicts of which functions run over the keys.

In: a function and its activity. Out: the same function with ``{**a, **b}`` for ``a | b``, ``a.update(b)`` for
``a |= b``, and ``list(d)`` where the keys are run over. Numbers and arrays that have derivatives know no ``|``: an
active operand is a dict, unless it is known to be something else.
"""

from __future__ import annotations

import ast
import operator

from sct import core
from sct.analysis.activity import Activity
from sct.analysis.binding import assigned_names
from sct.analysis.evaluator import as_load
from sct.analysis.keys import RUNNING
from sct.frontend.evaluation import changed
from sct.nodes import load
from sct.walk import Rewriter, parameters


def mapped(node: ast.FunctionDef, activity: Activity) -> ast.FunctionDef:
    """Return the function without what neither mode follows of dicts; the one that is given where it has none."""
    mapper = _Mapper(activity)
    made = mapper.visit(node)
    assert isinstance(made, ast.FunctionDef)
    bound = set(assigned_names(node.body))
    guards: list[ast.stmt] = [
        ast.Expr(value=ast.Call(core.ref("sct.runtime.require_dict"), [ast.Constant(value=name), load(name)], []))
        for name in parameters(node)
        if name in mapper.unsure and name not in bound
    ]
    if not guards:
        return made
    start = 1 if ast.get_docstring(node, clean=False) is not None else 0
    return changed(made, body=[*made.body[:start], *guards, *made.body[start:]])


_MAKE_LISTS = ("builtins.list", "builtins.tuple", "builtins.sorted")


class _Mapper(Rewriter):
    def __init__(self, activity: Activity) -> None:
        self.activity = activity
        self.stmt: ast.stmt = ast.Pass()
        self.unsure: set[str] = set()  # variables that are dicts if all is well

    def visit(self, node: ast.AST) -> ast.AST:
        """Return what stands for a node, where its statement is known."""
        outer = self.stmt
        if isinstance(node, ast.stmt):
            self.stmt = node
        made: ast.AST = super().visit(node)
        self.stmt = outer
        return made

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """Return ``{**a, **b}`` for ``a | b``; displays are opened."""
        made = self.generic_visit(node)
        assert isinstance(made, ast.BinOp)
        if not isinstance(node.op, ast.BitOr) or not self.merges(node.left, node.right):
            return made
        keys: list[ast.expr | None] = []
        values: list[ast.expr] = []
        for side in (made.left, made.right):
            opened = side if isinstance(side, ast.Dict) else ast.Dict(keys=[None], values=[side])
            keys += opened.keys
            values += opened.values
        return ast.copy_location(ast.Dict(keys=keys, values=values), node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        """Return ``a.update(b)`` for ``a |= b``; pairs as written are entries."""
        made = self.generic_visit(node)
        assert isinstance(made, ast.AugAssign)
        target = as_load(node.target)
        if not isinstance(node.op, ast.BitOr) or not self.merges(target, node.value):
            return made
        given = made.value
        if isinstance(given, (ast.List, ast.Tuple)):
            pairs = [p.elts for p in given.elts if isinstance(p, (ast.List, ast.Tuple)) and len(p.elts) == 2]
            if len(pairs) == len(given.elts):
                given = ast.Dict(keys=[k for k, _ in pairs], values=[v for _, v in pairs])
        update = ast.Attribute(value=target, attr="update", ctx=ast.Load())
        return ast.copy_location(ast.Expr(value=ast.Call(func=update, args=[given], keywords=[])), node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Return a call that is given lists of keys."""
        made = self.generic_visit(node)
        assert isinstance(made, ast.Call)
        if core.qualname(node.func) not in RUNNING or core.qualname(node.func) in _MAKE_LISTS:
            return made
        args = [self.keys(old, new) for old, new in zip(node.args, made.args, strict=True)]
        return changed(made, args=made.args if all(map(operator.is_, args, made.args)) else args)

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        """Return an assignment that unpacks a list of keys."""
        made = self.generic_visit(node)
        assert isinstance(made, ast.Assign)
        unpacks = any(isinstance(t, (ast.Tuple, ast.List)) for t in node.targets)
        return changed(made, value=self.keys(node.value, made.value)) if unpacks else made

    def keys(self, old: ast.expr, new: ast.expr) -> ast.expr:
        """Return the list of the keys of what is known to be an active dict."""
        if not isinstance(old, ast.Name) or not self.activity.is_dict(self.stmt, old):
            return new
        if not self.activity.active(self.stmt, old):
            return new
        return ast.copy_location(ast.Call(func=core.ref("builtins.list"), args=[new], keywords=[]), old)

    def merges(self, left: ast.expr, right: ast.expr) -> bool:
        """Say whether two operands are dicts, at least one of them active."""
        sides = [side for side in (left, right) if not isinstance(side, (ast.List, ast.Tuple))]  # pairs are entries
        if not all(self.activity.may_be_dict(self.stmt, side) for side in sides):
            return False
        active = any(self.activity.active(self.stmt, side) for side in (left, right))
        if not active or any(map(_is_set, (left, right))):
            return False
        named = [side for side in (left, right) if isinstance(side, ast.Name)]
        self.unsure |= {side.id for side in named if not self.activity.is_dict(self.stmt, side)}
        return True


def _is_set(expr: ast.expr) -> bool:
    made = core.qualname(expr.func) if isinstance(expr, ast.Call) else ""
    return isinstance(expr, (ast.Set, ast.SetComp)) or made in ("builtins.set", "builtins.frozenset")
