"""Dicts of active values, as displays, stores and loops: for reverse mode.

In: an expression or a statement that makes, changes or asks a dict in a way of its own. Out: what does the same with
``d[key]``, ``d[key] = value`` and ``for key in d``.
"""

from __future__ import annotations

import ast

from sct import core
from sct.analysis.activity import Activity
from sct.frontend.evaluation import pure
from sct.frontend.lists import call
from sct.frontend.pops import taken
from sct.frontend.structure import Block, Fresh
from sct.nodes import assign, load
from sct.walk import root_name, walk


class Dicts:
    """Rewrites what is done to a dict of active values."""

    def __init__(self, activity: Activity, fresh: Fresh, sole_stores: frozenset[ast.stmt]) -> None:
        self.activity = activity
        self.fresh = fresh
        self.sole_stores = sole_stores

    def statement(self, stmt: ast.stmt) -> Block | None:
        """Return what stands for a statement that changes a dict, None for any other."""
        if isinstance(stmt, ast.Delete) and len(stmt.targets) == 1 and isinstance(stmt.targets[0], ast.Subscript):
            place = stmt.targets[0]
            if isinstance(place.value, ast.Name) and self.rebuildable(stmt, place.value.id, place.slice):
                key, setup = self.held(place.slice)
                entry = ast.Subscript(value=place.value, slice=key, ctx=ast.Load())  # which has to be there
                return [*setup, ast.Expr(value=entry), self.without(place.value.id, key)]
        made = stmt.value if isinstance(stmt, ast.Expr) else None
        if not isinstance(made, ast.Call) or not isinstance(made.func, ast.Attribute):
            return None
        base = made.func.value
        if not isinstance(base, ast.Name) or core.is_ref(base) or base.id not in self.activity.varied:
            return None
        if made.func.attr == "pop" and len(made.args) == 2:
            popped = self.popped(stmt, made)  # which may not be there
            return None if popped is None else popped[0]
        if made.func.attr == "setdefault" and len(made.args) == 2 and not made.keywords:
            key, setup = self.held(made.args[0])
            value, before = (made.args[1], []) if pure(made.args[1]) else self.held(made.args[1])
            return [*setup, *before, filled(base, key, value)]
        if made.func.attr == "update" and self.activity.facts.kind(stmt, base).what in ("dict", "unknown"):
            return self.updated(base.id, made)
        return None

    def updated(self, name: str, update: ast.Call) -> Block | None:
        if len(update.args) > 1 or any(k.arg is None for k in update.keywords):
            return None
        out: Block = []
        for given in update.args:
            if isinstance(given, ast.Dict) and all(k is not None for k in given.keys):
                pairs = zip(given.keys, given.values, strict=True)
                out += [store(name, key, value) for key, value in pairs if key is not None]
            elif isinstance(given, ast.Name):
                out.append(self.copied(name, given))
            else:
                held = self.fresh.temporary()
                out += [assign(held, given), self.copied(name, load(held))]
        return [*out, *(store(name, ast.Constant(value=k.arg), k.value) for k in update.keywords)]

    def copied(self, name: str, source: ast.expr) -> ast.stmt:
        """Return the loop that stores every entry of one dict into another."""
        key = self.fresh.name("key")
        value = ast.Subscript(value=source, slice=load(key), ctx=ast.Load())
        body: Block = [store(name, load(key), value)]
        target = ast.Name(id=key, ctx=ast.Store())
        return ast.For(target=target, iter=source, body=body, orelse=[], type_comment=None)

    def held(self, expr: ast.expr) -> tuple[ast.expr, Block]:
        """Return an expression that can be read twice, and what must happen before."""
        if isinstance(expr, (ast.Constant, ast.Name)):
            return expr, []
        name = self.fresh.temporary()
        return load(name), [assign(name, expr)]

    def kept(self, expr: ast.Call) -> tuple[Block, ast.expr] | None:
        """Return ``d.setdefault(key, value)`` as the entry that it finds, and the statements that see to it."""
        func = expr.func
        if not isinstance(func, ast.Attribute) or func.attr != "setdefault" or expr.keywords or len(expr.args) != 2:
            return None
        if not isinstance(func.value, ast.Name) or core.is_ref(func.value):
            return None
        key, setup = self.held(expr.args[0])
        value, before = self.held(expr.args[1])  # which is computed whether the entry is there or not
        found = self.fresh.temporary()
        entry = ast.Subscript(value=func.value, slice=key, ctx=ast.Load())
        return [*setup, *before, filled(func.value, key, value), assign(found, entry)], load(found)

    def rebuildable(self, stmt: ast.stmt, name: str, key: ast.expr) -> bool:
        """Say whether a name holds a dict that has no other name."""
        if name not in self.activity.varied or stmt not in self.sole_stores:
            return False
        what = self.activity.facts.kind(stmt, load(name)).what
        return what == "dict" or what == "unknown" and isinstance(core.key_of(key), str)

    def without(self, name: str, key: ast.expr) -> ast.stmt:
        """Return the statement that leaves an entry out of a dict."""
        other = self.fresh.name("key")
        test = ast.Compare(left=load(other), ops=[ast.NotEq()], comparators=[key])
        target = ast.Name(id=other, ctx=ast.Store())
        kept = ast.comprehension(target=target, iter=load(name), ifs=[test], is_async=0)
        value = ast.Subscript(value=load(name), slice=load(other), ctx=ast.Load())
        return assign(name, ast.DictComp(key=load(other), value=value, generators=[kept]))

    def popped(self, stmt: ast.stmt, expr: ast.Call) -> tuple[Block, ast.expr] | None:
        """Return ``d.pop(key)`` as the entry, or the default, and the statements that leave the entry out."""
        func = expr.func
        if not isinstance(func, ast.Attribute) or func.attr != "pop" or expr.keywords or len(expr.args) not in (1, 2):
            return None
        name = func.value.id if isinstance(func.value, ast.Name) else ""
        if not name or core.is_ref(func.value) or not self.rebuildable(stmt, name, expr.args[0]):
            return None
        if not self.sole_mention(stmt, name):
            return None
        key, setup = self.held(expr.args[0])
        value: ast.expr = ast.Subscript(value=func.value, slice=key, ctx=ast.Load())
        if len(expr.args) == 2:
            default, made = self.held(expr.args[1])
            present = ast.Compare(left=key, ops=[ast.In()], comparators=[func.value])
            setup, value = [*setup, *made], ast.IfExp(test=present, body=value, orelse=default)
        found = self.fresh.temporary()
        return [*setup, assign(found, value), self.without(name, key)], load(found)

    def sole_mention(self, stmt: ast.stmt, name: str) -> bool:
        """Say whether a statement asks for nothing of a dict but what it takes out, and then where it puts that."""
        targets = stmt.targets if isinstance(stmt, ast.Assign) else []  # which are evaluated after the value
        takes = [n for n in walk(stmt) if taken(n) and isinstance(n, ast.Call) and root_name(n.func) == name]
        if len(takes) != 1 or any(n is takes[0] for target in targets for n in walk(target)):
            return False
        return _mentions(stmt, name) == sum(_mentions(part, name) for part in (*targets, *takes))

    def asked(self, expr: ast.Call) -> tuple[Block, ast.expr] | None:
        """Return ``d.get(key, default)`` as a choice, and what must happen before."""
        func = expr.func
        if not isinstance(func, ast.Attribute) or func.attr != "get" or expr.keywords or not 1 <= len(expr.args) <= 2:
            return None
        if not isinstance(func.value, ast.Name):
            return None
        key, setup = self.held(expr.args[0])
        default = expr.args[1] if len(expr.args) == 2 else ast.Constant(value=None)
        if not isinstance(default, (ast.Constant, ast.Name)):
            value, before = self.held(default)
            setup, default = [*setup, *before], value
        present = ast.Compare(left=key, ops=[ast.In()], comparators=[func.value])
        found = ast.Subscript(value=func.value, slice=key, ctx=ast.Load())
        return setup, ast.copy_location(ast.IfExp(test=present, body=found, orelse=default), expr)

    def display(self, expr: ast.Dict) -> tuple[Block, ast.expr]:
        """Return a dict display with ``**`` in it as a copy that the other entries are stored into."""
        made = self.fresh.temporary()
        first = expr.values[0] if expr.keys[0] is None else None
        start = call("builtins.dict", first) if first is not None else ast.Dict(keys=[], values=[])
        out: Block = [assign(made, start)]
        for key, value in list(zip(expr.keys, expr.values, strict=True))[first is not None :]:
            if key is not None:
                out.append(store(made, key, value))
                continue
            source, setup = self.held(value)
            out += [*setup, self.copied(made, source)]
        return out, load(made)

    def made(self, stmt: ast.stmt, expr: ast.Call) -> ast.expr | None:
        """Return ``dict(a=x, b=y)`` as a display and ``dict(zip(keys, values))`` as a comprehension."""
        if core.qualname(expr.func) != "builtins.dict":
            return None
        if not expr.args and expr.keywords and all(k.arg for k in expr.keywords):
            keys: list[ast.expr | None] = [ast.Constant(value=k.arg) for k in expr.keywords]
            return ast.copy_location(ast.Dict(keys=keys, values=[k.value for k in expr.keywords]), expr)
        given = expr.args[0] if len(expr.args) == 1 and not expr.keywords else None
        if isinstance(given, ast.Call) and core.qualname(given.func) == "builtins.zip":
            key, value = self.fresh.name("key"), self.fresh.name("value")
            names: list[ast.expr] = [ast.Name(id=key, ctx=ast.Store()), ast.Name(id=value, ctx=ast.Store())]
            target = ast.Tuple(elts=names, ctx=ast.Store())
            generator = ast.comprehension(target=target, iter=given, ifs=[], is_async=0)
            return ast.copy_location(ast.DictComp(key=load(key), value=load(value), generators=[generator]), expr)
        return None

    def values(self, expr: ast.Call) -> ast.ListComp | None:
        """Return ``d.values()`` as a comprehension."""
        func = expr.func
        if not isinstance(func, ast.Attribute) or func.attr != "values" or expr.args or expr.keywords:
            return None
        if not isinstance(func.value, ast.Name):
            return None
        key = self.fresh.name("key")
        target = ast.Name(id=key, ctx=ast.Store())
        generator = ast.comprehension(target=target, iter=func.value, ifs=[], is_async=0)
        value = ast.Subscript(value=func.value, slice=load(key), ctx=ast.Load())
        return ast.ListComp(elt=value, generators=[generator])


def _mentions(node: ast.AST, name: str) -> int:
    return sum(isinstance(n, ast.Name) and n.id == name for n in walk(node))


def store(name: str, key: ast.expr, value: ast.expr) -> ast.Assign:
    """Return ``name[key] = value``."""
    return ast.Assign(targets=[ast.Subscript(value=load(name), slice=key, ctx=ast.Store())], value=value)


def filled(base: ast.Name, key: ast.expr, value: ast.expr) -> ast.If:
    """Return the statement that stores an entry into a dict which has none under that key."""
    missing = ast.Compare(left=key, ops=[ast.NotIn()], comparators=[base])
    return ast.If(test=missing, body=[store(base.id, key, value)], orelse=[])
