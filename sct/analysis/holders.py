"""Which names are touched when a slot of a list or a dict is bound anew: those that may be it, or that hold it.

In: a flattened function. Out: `Holders`. What is in a container is not touched by that, nor is a copy of it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

from sct import core
from sct.walk import given, walk
from sct.walk import names as names_in

MayShare = Callable[[str, str], bool]


class Holders:
    """Containers and what they hold, as far as assignments tell."""

    def __init__(self, node: ast.FunctionDef, may_share: MayShare) -> None:
        self.may_share = may_share
        self.same: dict[str, set[str]] = {}
        self.above: dict[str, set[str]] = {}
        self.below: dict[str, set[str]] = {}
        self.copies: dict[str, set[str]] = {}
        for stmt in walk(node):
            if isinstance(stmt, ast.Assign):
                for target in stmt.targets:
                    self.assign(target, stmt.value)
            elif isinstance(stmt, ast.For):
                self.hold(names_in(stmt.iter), names_in(stmt.target))
            elif isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Call):
                self.effect(stmt.value)

    def touched(self, name: str) -> set[str]:
        """Return the names that may be the container `name`, or hold it."""
        found = {name}
        todo = [name]
        while todo:
            here = todo.pop()
            near = set(self.same.get(here, ()))
            for one in self.with_these_members(self.above.get(here, ())):
                near |= {one, *self.below.get(one, ())}
            todo += near - found
            found |= near
        return found

    def with_these_members(self, containers: Iterable[str]) -> set[str]:
        """Return containers with their other names and their copies, which hold the same members."""
        found = set(containers)
        todo = list(found)
        while todo:
            here = todo.pop()
            more = {*self.same.get(here, ()), *self.copies.get(here, ())} - found
            found |= more
            todo += more
        return found

    def assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Subscript):
            self.hold(_held_in(target), names_in(value))
            return
        for name in sorted(names_in(target)):
            if isinstance(value, ast.Name):
                self.link(self.same, name, value.id)
            elif isinstance(value, (ast.Tuple, ast.List, ast.Dict, ast.Set)):
                self.hold([name], names_in(value))
            elif isinstance(value, ast.Subscript) or core.popped(value):
                self.hold(_held_in(value), [name])
            elif isinstance(value, ast.Call) and core.qualname(value.func) in ("builtins.list", "builtins.tuple"):
                for source in names_in(value):
                    self.link(self.copies, name, source)
            elif not isinstance(value, (ast.BinOp, ast.UnaryOp, ast.Compare, ast.Constant)):
                for source in sorted(names_in(value)):
                    if self.may_share(name, source):
                        self.link(self.same, name, source)
                        self.hold([name], [source])
                        self.hold([source], [name])

    def effect(self, call: ast.Call) -> None:
        """Note what an append, or a call for its effect alone, puts into what."""
        if isinstance(call.func, ast.Attribute):
            self.hold(names_in(call.func.value), {n for a in given(call) for n in names_in(a)})
            return
        every = sorted({n for a in given(call) for n in names_in(a)})
        for a in every:
            for b in every:
                if a != b and self.may_share(a, b):
                    self.hold([a], [b])

    def hold(self, holders: Iterable[str], members: Iterable[str]) -> None:
        held = [n for n in members if ":" not in n]
        for holder in holders:
            for member in held if ":" not in holder else ():
                self.above.setdefault(member, set()).add(holder)
                self.below.setdefault(holder, set()).add(member)

    def link(self, table: dict[str, set[str]], a: str, b: str) -> None:
        if ":" not in a and ":" not in b:
            table.setdefault(a, set()).add(b)
            table.setdefault(b, set()).add(a)


def _held_in(part: ast.expr) -> set[str]:
    """Return the names of what a member is taken from, or put into; an index holds nothing."""
    while isinstance(part, ast.Subscript):
        part = part.value
    return names_in(part)
