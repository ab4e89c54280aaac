"""What raises where: of each simple statement in a try, the part that may raise what is caught.

In: a statement. Out: statements that compute the same under names that nobody reads, and change nothing.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Collection
from typing import TypeGuard, cast

from sct import core
from sct.analysis.kinds import Kind
from sct.frontend.attempts import Attempts
from sct.frontend.lift import Program
from sct.frontend.structure import Block, Fresh
from sct.nodes import as_argument, assign, load
from sct.walk import root_name, walk

#: Errors of an index of a sequence, and of a key of a dict.
PLACES = frozenset({"IndexError", "LookupError", "Exception", "BaseException", ""})
KEYS = frozenset({"KeyError", "LookupError", "Exception", "BaseException", ""})
#: Errors of sums, products and comparisons.
ARITHMETIC = frozenset({"ArithmeticError", "OverflowError", "TypeError", "Exception", "BaseException", ""})
#: Errors of arrays whose shapes do not fit each other, and of stores into arrays that may not be written.
SHAPES = frozenset({"ValueError", "Exception", "BaseException", ""})
_OPERATIONS = (ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp)
_SIGNS = (ast.operator, ast.unaryop, ast.cmpop, ast.boolop, ast.expr_context)
_PLAIN = (ast.Name, ast.Constant, *_OPERATIONS, *_SIGNS)
_LEAVES = (ast.Name, ast.Constant, ast.Subscript)
_SAFE = (ast.Add, ast.Sub, ast.Mult)
_EAGER = frozenset(f"builtins.{n}" for n in "range len zip enumerate reversed sorted list tuple".split())
_SEQUENCES = ("array", "list", "tuple")


class Trials(Attempts):
    """Finds the parts of statements that raise.

    `kind` is what is known of a value where a statement reads it; `frozen` are the variables that may be views that may
    not be written.
    """

    def __init__(
        self,
        fresh: Fresh,
        pure: Callable[[str], bool],
        program: Program,
        varied: Callable[[], Collection[str]],
        kind: Callable[[ast.stmt, ast.expr], Kind],
        frozen: Collection[str],
    ) -> None:
        super().__init__(fresh, pure)
        self.program, self.varied, self.kind, self.frozen = program, varied, kind, frozen
        self.places = self.keys = self.arithmetic = self.shapes = False  # whether such errors are caught

    def trial_of(self, stmt: ast.stmt) -> Block | None:
        """Return what raises what a statement would; [] where that is nothing, None where it cannot be told."""
        if isinstance(stmt, ast.Pass | ast.Break | ast.Continue):
            return []
        if isinstance(stmt, ast.Expr):
            return self.trial_of_call(stmt, stmt.value)
        if self.may_not_fit(stmt) and self.is_pure(stmt.value):
            target = cast(ast.Name, stmt.target)
            whole = ast.BinOp(left=load(target.id), op=stmt.op, right=stmt.value)
            return [self.tries_store(whole, target, ast.Constant(value=...))]
        if self.only_computes(stmt):
            value = getattr(stmt, "value", None)
            unpacks = isinstance(stmt, ast.Assign) and not all(isinstance(t, ast.Name) for t in stmt.targets)
            if isinstance(stmt, ast.AugAssign):
                value = ast.BinOp(load(stmt.target.id), stmt.op, stmt.value)  # type: ignore[union-attr]
            plain = value is None or self.is_plain(stmt, value) and not unpacks
            return [] if plain and not isinstance(stmt, ast.Assert) else self.trial([stmt])
        if self.stores_into_tuple(stmt):
            return None  # which raises once ``t[0] += x`` has written into the array that is the member
        if isinstance(stmt, ast.AugAssign) and self.is_pure(stmt.value) and self.is_pure(stmt.target):
            whole = ast.BinOp(left=copy.deepcopy(stmt.target), op=stmt.op, right=copy.deepcopy(stmt.value))
            whole.left.ctx = ast.Load()  # type: ignore[attr-defined]
            if isinstance(stmt.target, ast.Subscript) and self.is_checked(stmt, stmt.target, whole):
                return [self.tries_store(whole, stmt.target.value, stmt.target.slice)]
            return [] if self.is_plain(stmt, whole) else [self.tries(whole)]
        if isinstance(stmt, ast.Assign) and all(isinstance(t, ast.Subscript) for t in stmt.targets):
            return self.trial_of_store(stmt)
        return None

    def stores_into_tuple(self, stmt: ast.stmt) -> bool:
        targets = stmt.targets if isinstance(stmt, ast.Assign) else [getattr(stmt, "target", None)]
        places = [t for t in targets if isinstance(t, ast.Subscript)]
        return any(self.kind(stmt, place.value).what == "tuple" for place in places)

    def tries(self, value: ast.expr) -> ast.stmt:
        return assign(self.fresh.name("tried"), value)

    def tries_store(self, value: ast.expr, target: ast.expr, index: ast.expr) -> ast.stmt:
        """Return a statement that raises what a store into an array would."""
        base = load(target.id) if isinstance(target, ast.Name) else copy.deepcopy(target)
        args = [copy.deepcopy(value), base, as_argument(copy.deepcopy(index))]
        return ast.Expr(value=ast.Call(func=core.ref("sct.runtime.require_storable"), args=args, keywords=[]))

    def may_write(self, stmt: ast.AugAssign) -> bool:
        return not isinstance(stmt.target, ast.Name) or self.kind(stmt, load(stmt.target.id)).what != "scalar"

    def may_not_fit(self, stmt: ast.stmt) -> TypeGuard[ast.AugAssign]:
        """Say whether an augmented name may be an array that is written, with errors of shapes that are caught."""
        if not self.shapes or not isinstance(stmt, ast.AugAssign) or not isinstance(stmt.target, ast.Name):
            return False
        return self.kind(stmt, load(stmt.target.id)).what in ("array", "unknown")

    def is_checked(self, stmt: ast.stmt, place: ast.Subscript, value: ast.expr) -> bool:
        """Say whether a store into an array may raise an error of shapes that is caught."""
        if not self.shapes or self.kind(stmt, place.value).what in ("list", "tuple", "dict"):
            return False
        parts = [value.left, value.right] if isinstance(value, ast.BinOp) else [value]
        return root_name(place) in self.frozen or any(self.kind(stmt, part).what != "scalar" for part in parts)

    def trial_of_store(self, stmt: ast.Assign) -> Block | None:
        """Return what raises what a store would: its value, and its index, which reading there raises as well."""
        if not self.is_pure(stmt.value) or not all(map(self.is_pure, stmt.targets)) or len(stmt.targets) > 1:
            return None  # of several places, some would be stored into
        (target,) = stmt.targets
        assert isinstance(target, ast.Subscript)
        if self.is_checked(stmt, target, stmt.value):
            return [self.tries_store(stmt.value, target.value, target.slice)]
        out = [] if self.is_plain(stmt, stmt.value) else [self.tries(copy.deepcopy(stmt.value))]
        for place in stmt.targets:
            assert isinstance(place, ast.Subscript)
            text = isinstance(place.slice, ast.Constant) and isinstance(place.slice.value, str)
            if text or self.is_safe(stmt, place):  # storing under a new key raises nothing
                continue
            read = copy.deepcopy(place)
            read.ctx = ast.Load()
            value: ast.expr = read
            if self.kind(stmt, place.value).what not in _SEQUENCES:
                is_dict = ast.Call(
                    func=core.ref("builtins.isinstance"),
                    args=[copy.deepcopy(place.value), core.ref("builtins.dict")],
                    keywords=[],
                )
                value = ast.IfExp(test=is_dict, body=ast.Constant(value=None), orelse=read)
            out.append(self.tries(value))
        return out

    def is_safe(self, stmt: ast.stmt, place: ast.Subscript) -> bool:
        """Say whether an index raises nothing that is caught: a slice never does."""
        if isinstance(place.slice, ast.Slice):
            return True
        text = isinstance(place.slice, ast.Constant) and isinstance(place.slice.value, str)
        what = self.kind(stmt, place.value).what
        return not (self.keys and what not in _SEQUENCES or self.places and what != "dict" and not text)

    def trial_of_call(self, stmt: ast.stmt, expr: ast.expr) -> Block | None:
        if isinstance(expr, ast.Constant):
            return []
        if not isinstance(expr, ast.Call) or expr.keywords or not all(map(self.is_pure, expr.args)):
            return None
        if core.qualname(expr.func) in ("numpy.add.at", "numpy.subtract.at") and len(expr.args) == 3:
            target, index, value = copy.deepcopy(expr.args)
            read = ast.Subscript(value=target, slice=index, ctx=ast.Load())
            return [self.tries(ast.BinOp(left=read, op=ast.Add(), right=value))]
        if core.qualname(expr.func) == "sct.runtime.require_storable":
            return [stmt] if self.shapes or self.places or self.arithmetic else []
        if core.qualname(expr.func).startswith("sct.runtime."):  # of generated code: guards raise a TypeError
            return None if self.arithmetic else []
        adds = (
            isinstance(expr.func, ast.Attribute)
            and expr.func.attr == "append"
            and isinstance(expr.func.value, ast.Name)
        )
        if not adds and core.qualname(expr.func) != "builtins.print":
            return None
        return [self.tries(copy.deepcopy(a)) for a in expr.args if not self.is_plain(stmt, a)]

    def is_plain(self, stmt: ast.stmt, expr: ast.expr) -> bool:
        """Say whether an expression raises nothing that is caught here."""
        if isinstance(expr, ast.Name | ast.Constant):
            return True
        leaves: list[ast.expr] = []
        todo: list[ast.AST] = [expr]
        while todo:
            part = todo.pop()
            if isinstance(part, ast.Subscript):
                if not isinstance(part.value, ast.Name) or not self.is_safe(stmt, part):
                    return False
                if not all(isinstance(n, (*_PLAIN, ast.Slice)) for n in walk(part.slice)):
                    return False
            elif not isinstance(part, _PLAIN) or isinstance(part, ast.BinOp) and not isinstance(part.op, _SAFE):
                return False
            if isinstance(part, _LEAVES):
                leaves.append(part)
            else:
                todo += ast.iter_child_nodes(part)
        wide = {ast.dump(leaf) for leaf in leaves if self.kind(stmt, leaf).what != "scalar"}
        return len(wide) <= (0 if self.arithmetic else 1 if self.shapes else len(wide))  # one alone fits itself

    def goes_through(self, stmt: ast.For) -> Block | None:
        """Return what raises what the head of a loop would, None where a later round may raise as well."""
        calls = [n for n in walk(stmt.iter) if isinstance(n, ast.Call)]
        names = [core.qualname(c.func) for c in calls]
        if not self.is_pure(stmt.iter) or any(k.arg == "strict" for c in calls for k in c.keywords):
            return None
        if any(isinstance(n, ast.GeneratorExp | ast.Lambda | ast.Starred) for n in walk(stmt.iter)):
            return None
        if any(n in ("builtins.map", "builtins.filter", "builtins.iter") or n.startswith("itertools.") for n in names):
            return None
        if not isinstance(stmt.target, ast.Name) and not self.fits(stmt.target, stmt.iter):
            return None
        whole = isinstance(stmt.iter, ast.Name | ast.Constant) or set(names) <= _EAGER
        simple = all(isinstance(n, (*_PLAIN, ast.Call)) for n in walk(stmt.iter))
        known = self.kind(stmt, stmt.iter).what in ("list", "tuple", "dict")
        numbers = all(self.kind(stmt, n).what == "scalar" for c in calls for n in c.args)
        if whole and simple and (not self.arithmetic or known or bool(calls) and numbers):
            return []
        return [self.tries(ast.Call(func=core.ref("builtins.iter"), args=[copy.deepcopy(stmt.iter)], keywords=[]))]

    def fits(self, target: ast.expr, source: ast.expr) -> bool:
        """Say whether each member is as many values as a target takes."""
        if isinstance(target, ast.Name):
            return True
        if not isinstance(target, ast.Tuple) or not isinstance(source, ast.Call):
            return False
        name, method = core.qualname(source.func), getattr(source.func, "attr", "")
        if name == "builtins.zip":
            parts: list[ast.expr] = list(source.args)
        elif name == "builtins.enumerate" and source.args:
            parts = [ast.Name(id="_", ctx=ast.Load()), source.args[0]]
        elif method == "items" and not source.args:
            return len(target.elts) == 2 and all(isinstance(e, ast.Name) for e in target.elts)
        else:
            return False
        return len(parts) == len(target.elts) and all(map(self.fits, target.elts, parts))


def read_only(node: ast.FunctionDef) -> set[str]:
    """Return the variables that are bound to views that NumPy does not let one write."""
    found: set[str] = set()
    for stmt in walk(node):
        if isinstance(stmt, ast.Assign) and isinstance(stmt.value, ast.Call):
            if core.function_name(stmt.value) in core.READ_ONLY_VIEWS:
                found |= {n.id for target in stmt.targets for n in walk(target) if isinstance(n, ast.Name)}
    return found
