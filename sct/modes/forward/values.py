"""Values of the primal that tangents of expressions read, and small things about expressions."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import NoReturn, Protocol

from sct import core, rules
from sct.analysis import purity
from sct.analysis.aliasing import IMMUTABLE
from sct.analysis.evaluator import Evaluator
from sct.analysis.kinds import Kind, is_inexact, may_be_complex
from sct.frontend.evaluation import substituted
from sct.frontend.scopes import COMPREHENSIONS
from sct.modes.forward.activity import FlowActivity
from sct.modes.log import Fired
from sct.modes.selections import Selections
from sct.nodes import changed
from sct.rules.matching import PROPERTIES
from sct.rules.template import clone, helper
from sct.walk import walk

_COPYING = frozenset("sum mean prod dot matmul outer max min cumsum copy zeros_like where array std var trace".split())


class Home(Protocol):
    """What an expression needs of the function that it stands in."""

    names: Mapping[str, str]
    fired: Fired

    @property
    def activity(self) -> FlowActivity:
        """What is active."""

    @property
    def selections(self) -> Selections:
        """What is selected from."""

    def temporary(self) -> str:
        """Return a new temporary."""

    def refuse(self, node: ast.AST, reason: str, advice: str) -> NoReturn:
        """Refuse a piece of the primal."""

    def is_written_in_place(self, tangent: str, names: set[str]) -> bool:
        """Say whether memory that a tangent shares with values kept under these names may be written in place."""

    def is_pure(self, node: ast.AST) -> bool:
        """Say whether evaluating `node` again, or earlier, makes no difference."""

    def check_key(self, keywords: Sequence[ast.keyword]) -> None:
        """Refuse a key to sort by that may not be asked again."""


class Values(ABC):
    """The values of one statement: what stands for them in tangents, what is known of them."""

    def __init__(self, home: Home, stmt: ast.stmt, active: set[str]) -> None:
        self.home, self.stmt, self.varied = home, stmt, set(active)
        self.values: dict[str, ast.expr] = {}
        self.place: dict[int, str] = {}
        self.fixed: set[str] = set()
        self.held: dict[str, ast.expr] = {}
        self.tangents: dict[str, ast.expr] = {}  # of values that several places read
        self.kind_of: dict[int, Kind] = {}
        self.scope: dict[str, Kind] = dict(home.activity.facts.before.get(stmt, {}))
        self.evaluator = self.evaluate()
        self.depth = 0
        self.whole = False
        self.keepers: set[str] = set()
        self.handed_out = False  # whether somebody else may write what is kept
        self.alive: list[ast.AST] = []

    # Questions.

    def active(self, expr: ast.expr) -> bool:
        """Say whether an expression has a tangent."""
        return self.home.activity.at(self.varied).active(self.stmt, expr)

    def kind(self, expr: ast.expr) -> Kind:
        """Return what is known of an expression of this statement."""
        if id(expr) not in self.kind_of:
            self.alive.append(expr)
            self.kind_of[id(expr)] = self.evaluator.kind(expr)
        return self.kind_of[id(expr)]

    def evaluate(self) -> Evaluator:
        """Return what finds kinds in the present scope, which may grow by names that nothing reads yet."""
        facts = self.home.activity.facts
        return Evaluator(self.scope, facts.call, facts.constant, facts.stable)

    def refuse(self, node: ast.AST, reason: str, advice: str = "") -> NoReturn:
        self.home.refuse(node, reason, advice)

    # Values.

    def value(self, expr: ast.expr) -> ast.expr:
        """Return what stands for the value of an expression in a tangent: a name, a constant or a display of them."""
        if isinstance(expr, (ast.Name, ast.Constant)) or is_number(expr):
            return expr
        if isinstance(expr, (ast.Tuple, ast.List)) and not any(isinstance(e, ast.Starred) for e in expr.elts):
            return changed(expr, elts=[self.value(e) for e in expr.elts])
        if isinstance(expr, (ast.Starred, ast.Slice)):
            return expr
        name = self.place.get(id(expr))
        if name is None:
            name = self.place[id(expr)] = self.home.temporary()
            self.values[name] = expr
            self.scope[name] = self.kind(expr)
            if self.active(expr):
                self.varied.add(name)
            if self.depth:
                self.fixed.add(name)
        return ast.Name(id=name, ctx=ast.Load())

    def held_tangent(self, tangent: ast.expr) -> ast.expr:
        """Return what stands for a tangent that may be read several times."""
        if isinstance(tangent, (ast.Name, ast.Constant)):
            return tangent
        if isinstance(tangent, (ast.Tuple, ast.List)):
            return tangent
        name = self.home.temporary()
        self.held[name] = tangent
        return ast.Name(id=name, ctx=ast.Load())

    @abstractmethod
    def or_zero(self, expr: ast.expr) -> ast.expr:
        """Return the tangent of an expression, a zero of its structure where it is inactive."""

    # Memory.

    def own(self, expr: ast.expr) -> ast.expr:
        """Return the tangent of a value that is kept: with memory of its own where the value has that.

        The tangent of ``x + 1`` is that of `x`, but what is written into ``x + 1`` does not reach `x`.
        """
        tangent = self.or_zero(expr)
        kind = self.kind(expr)
        if isinstance(expr, (ast.Call, ast.ListComp, ast.BoolOp)) and self.is_tangled(expr):
            return helper("zeros_mirror", self.value(expr))
        if isinstance(expr, (ast.Tuple, ast.List)) or not self.is_fresh(expr):
            return tangent
        numbers = self.lacks_axes(expr, kind, tangent)
        if kind.what in IMMUTABLE and not numbers:
            return tangent
        unsure = kind.dtype == "complex" and kind.what in ("array", "unknown") and not self.is_complex(tangent)
        if unsure and self.may_be_written(tangent):
            return helper("as_complex", tangent, self.value(expr))
        if numbers:
            return ast.Call(func=core.ref("numpy.positive"), args=[tangent], keywords=[])  # a number, or a copy
        if isinstance(tangent, ast.Tuple):  # of a function that gives several new arrays
            return changed(tangent, elts=[self.apart(part) for part in tangent.elts])
        return self.apart(tangent)

    def is_tangled(self, expr: ast.expr) -> bool:
        """Say whether an inactive value that is kept may hold an object twice, into which an active one is stored."""
        kept = self.keepers & self.home.activity.alias.tangled
        return bool(kept) and not self.active(expr) and self.kind(expr).what not in IMMUTABLE and self.is_written("")

    def lacks_axes(self, expr: ast.expr, kind: Kind, tangent: ast.expr) -> bool:
        """Say whether a tangent that is written may be an array without axes where the value is a number."""
        if kind.ndim or not rules.makes_numbers(expr) or rules.makes_numbers(tangent):
            return False
        if kind.what == "scalar":
            return self.evaluate().kind(tangent).what == "array"
        return kind.what in ("array", "unknown") and self.may_be_written(tangent)

    def apart(self, tangent: ast.expr) -> ast.expr:
        """Return a tangent, in memory of its own where what it shares may be written in place."""
        root = self.memory_of(tangent)
        shares = root is not None or _is_read_only(tangent)
        return helper("save", tangent) if shares and self.is_written(root or "") else tangent

    def is_written(self, tangent: str) -> bool:
        """Say whether what is kept, or shares memory with a tangent variable, may be written in place."""
        return self.handed_out or self.home.is_written_in_place(tangent, self.keepers)

    def may_be_written(self, tangent: ast.expr) -> bool:
        """Say whether a new value may be written in place, here or by who gets it."""
        return self.whole or self.is_written(self.memory_of(tangent) or "")

    def is_complex(self, tangent: ast.expr) -> bool:
        """Say whether a tangent is surely of complex numbers: that of a complex variable need not be."""
        return may_be_complex(self.evaluate().kind(tangent))

    def is_fresh(self, expr: ast.expr) -> bool:
        """Say whether a value shares memory with nothing that has a name: it is new, or a view of what is."""
        if isinstance(expr, ast.Name) and expr.id in self.values:
            return self.is_fresh(self.values[expr.id])
        if isinstance(expr, (ast.Subscript, ast.Starred)):
            return self.is_fresh(expr.value)
        if isinstance(expr, ast.Call) and core.qualname(expr.func).startswith(("@", "builtins.max", "builtins.min")):
            return False  # of two arrays without axes, `max` gives one itself
        if not isinstance(expr, (ast.BinOp, ast.UnaryOp, ast.Call, ast.Attribute)):
            return False
        try:
            match = rules.match(expr)
        except rules.Unsupported:
            return False
        if match is None:
            return False
        viewed = match.rule.memory != "fresh" and match.operands
        return self.is_fresh(match.args[match.operands[0]]) if viewed else match.rule.memory == "fresh"

    def memory_of(self, tangent: ast.expr) -> str | None:
        """Return the tangent variable whose memory a tangent may share."""
        if isinstance(tangent, ast.Name):
            return self.memory_of(self.held[tangent.id]) if tangent.id in self.held else tangent.id
        if isinstance(tangent, ast.Subscript) and isinstance(tangent.value, ast.Tuple):
            position = getattr(tangent.slice, "value", None)
            parts = tangent.value.elts
            return self.memory_of(parts[position]) if type(position) is int and position < len(parts) else None
        if isinstance(tangent, (ast.Subscript, ast.Attribute)):
            return self.memory_of(tangent.value)
        if isinstance(tangent, ast.IfExp):
            return self.memory_of(tangent.body) or self.memory_of(tangent.orelse)
        if isinstance(tangent, ast.Call):
            if isinstance(tangent.func, ast.Attribute):
                return None if tangent.func.attr in _COPYING else self.memory_of(tangent.func.value)
            name = core.qualname(tangent.func)
            if name.startswith("sct.runtime.") and purity.makes_fresh(tangent):
                return None
            if name.startswith(("sct.runtime.", "numpy.")) and tangent.args:
                return None if name.rpartition(".")[2] in _COPYING else self.memory_of(tangent.args[0])
        return None

    # Putting values back.

    def put_back(self, tangent: ast.expr) -> ast.expr:
        """Compute values again that no temporary may hold, because they are known only where they stand."""
        names = {n.id for n in walk(tangent) if isinstance(n, ast.Name)}
        here = {n: self.values[n] for n in self.values if n in self.fixed and n in names}
        for node in here.values():
            if not self.home.is_pure(node):
                self.refuse(node, "this would have to be evaluated twice here", "Name it in a statement of its own.")
        return substituted(tangent, {n: clone(v) for n, v in here.items()}) if here else tangent


def _is_read_only(tangent: ast.expr) -> bool:
    """Say whether a tangent is a view that NumPy does not let one write."""
    while isinstance(tangent, (ast.Subscript, ast.Attribute)):
        tangent = tangent.value
    if not isinstance(tangent, ast.Call):
        return False
    if isinstance(tangent.func, ast.Attribute):
        return tangent.func.attr == "diagonal" or _is_read_only(tangent.func.value)
    return core.qualname(tangent.func) in core.READ_ONLY_VIEWS


def zero_of(kind: Kind, value: ast.expr) -> ast.expr:
    """Return the zero tangent of a value of this kind."""
    if kind.what == "scalar":
        return ast.Constant(value=0.0)
    if kind.what in ("text", "none", "function"):
        return ast.Constant(value=None)
    if is_inexact(kind):
        return ast.Call(func=core.ref("numpy.zeros_like"), args=[value], keywords=[])
    mutable = [k for k in kind.items or () if k.what not in IMMUTABLE]
    if kind.what == "tuple" and kind.items is not None and len(mutable) < 2:
        members = [
            ast.Subscript(value=value, slice=ast.Constant(value=i), ctx=ast.Load()) for i in range(len(kind.items))
        ]
        return ast.Tuple(elts=[zero_of(k, m) for k, m in zip(kind.items, members, strict=True)], ctx=ast.Load())
    if kind.what in ("tuple", "list", "dict"):  # what shares memory in it has tangents that share it
        return helper("finish", helper("zeros_mirror", value), value)
    return helper("zeros_like", value)


def is_cheap(expr: ast.expr, budget: int = 3) -> bool:
    """Say whether computing `expr` again costs next to nothing."""
    cost = 0
    for node in ast.walk(expr):
        if isinstance(node, (ast.BinOp, ast.Compare, ast.BoolOp)):
            cost += 1000 if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult) else 1
        elif isinstance(node, ast.Call):
            cost += 1 if core.qualname(node.func) in ("builtins.len", "builtins.range") else 1000
        elif isinstance(node, (ast.IfExp, ast.Lambda, ast.NamedExpr, *COMPREHENSIONS)):
            cost += 1000
        elif isinstance(node, ast.Attribute) and node.attr not in PROPERTIES:
            cost += 1
        if cost > budget:
            return False
    return True


def is_number(expr: ast.expr) -> bool:
    """Say whether an expression is a negative number as written."""
    return isinstance(expr, ast.UnaryOp) and isinstance(expr.op, ast.USub) and isinstance(expr.operand, ast.Constant)
