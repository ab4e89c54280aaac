"""Values that are made, put into one slot of a list or a dict, and reached by nothing else afterwards.

In: a flattened function. Out: `Handed`. Whoever writes into the memory of such a value later does so through that slot:
its adjoint is found there, whether it is a number or an array.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from sct import core
from sct.walk import children, parameters, walk
from sct.walk import names as names_in


class Handed:
    """Where names are bound to new values, and where they are put."""

    def __init__(self, node: ast.FunctionDef) -> None:
        self.computed: set[str] = set()  # names of what arithmetic gave that no list takes part in
        self.sums: set[str] = set()  # names of what arithmetic gave that may be a list
        self.others: set[str] = set()  # names of whatever else
        self.where: dict[str, list[int | None]] = {}  # the blocks where it is put into a slot; None: elsewhere
        self.bound: dict[str, list[int]] = {}  # the blocks in which a name is bound
        self.displayed: set[str] = set()  # names that stand in displays
        self.arms: dict[int, tuple[ast.stmt, int]] = {}  # for each arm of a branch: that, and the block it stands in
        self._block = 0
        self.others.update(parameters(node))
        self.block(node.body)

    def over(self, name: str) -> bool:
        """Say whether a name is of what is made here and then put into one slot, each time that it is bound."""
        put = self.where.get(name, [])
        made = self.computed if name in self.displayed else self.sums | self.computed
        if name not in made or name in self.others or len(put) != 1:
            return False
        bound = self.bound[name]
        if len(bound) == 2:  # one in each arm of a branch
            arms = {self.arms.get(block) for block in bound}
            bound = [block for _, block in filter(None, arms)] if len(arms) == 1 and bound[0] != bound[1] else []
        return bound == put

    def block(self, stmts: Sequence[ast.stmt]) -> None:
        for stmt in stmts:
            self._block = id(stmts)
            self.statement(stmt)
            for handler in getattr(stmt, "handlers", []):
                self.block(handler.body)
            for fieldname in ("body", "orelse", "finalbody"):
                inner = getattr(stmt, fieldname, [])
                if isinstance(stmt, ast.If):
                    self.arms[id(inner)] = stmt, id(stmts)
                self.block(inner)

    def statement(self, stmt: ast.stmt) -> None:
        if isinstance(stmt, ast.Assign):
            self.put(stmt.targets[0], stmt.value)
            for target in stmt.targets:
                for name in [n.id for n in walk(target) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]:
                    self.bind(name, stmt.value if target is stmt.targets[0] and isinstance(target, ast.Name) else None)
        elif isinstance(stmt, (ast.For, ast.AugAssign, ast.AnnAssign)):
            for name in [n.id for n in walk(stmt.target) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]:
                self.bind(name, None)
        elif isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Call):
            self.call(stmt.value)

    def bind(self, name: str, value: ast.expr | None) -> None:
        self.bound.setdefault(name, []).append(self._block)
        if value is not None and self.computes(value):
            self.computed.add(name)
        elif isinstance(value, ast.BinOp):
            self.sums.add(name)
        else:
            self.others.add(name)

    def call(self, call: ast.Call) -> None:
        """Note what a call for its effect is given: an append puts it into one slot."""
        func = call.func
        if isinstance(func, ast.Attribute) and func.attr == "append" and len(call.args) == 1:
            self.put(ast.Subscript(value=func.value, slice=ast.Constant(value=-1), ctx=ast.Store()), call.args[0])
        elif not core.qualname(func).startswith("sct.runtime.require_"):
            for arg in call.args:
                self.put(None, arg)

    def put(self, target: ast.expr | None, value: ast.expr) -> None:
        """Note names by which what is bound or put into a slot may be reached: all but operands of arithmetic."""
        if isinstance(value, (ast.BinOp, ast.UnaryOp, ast.Compare)):
            return
        display = isinstance(value, (ast.Tuple, ast.List, ast.Dict)) and isinstance(target, (ast.Name, ast.Subscript))
        slot = display or isinstance(target, ast.Subscript)
        for sub in children(value) if display else [value]:
            for name in names_in(sub):
                if display:
                    self.displayed.add(name)
                self.where.setdefault(name, []).append(self._block if slot and isinstance(sub, ast.Name) else None)

    def computes(self, value: ast.expr) -> bool:
        """Say whether a value is new, and no list: what arithmetic gives where one side cannot be a list."""
        if not isinstance(value, ast.BinOp):
            return core.qualname(getattr(value, "func", None)).startswith("math.")
        if isinstance(value.op, (ast.Sub, ast.Div, ast.Pow)):
            return True
        sides = (value.left, value.right)
        floats = any(isinstance(s, ast.Constant) and isinstance(s.value, float) for s in sides)
        return floats or any(isinstance(s, ast.Name) and s.id in self.computed for s in sides)
