"""Active expressions taken apart, so that a rule sees one operation.

In: an active expression of a statement. Out: one operation on names and constants, behind the temporaries that it
reads. What is inactive stays whole.
"""

from __future__ import annotations

import ast
from collections import ChainMap
from collections.abc import Callable
from typing import Any, NoReturn, TypeGuard

from sct import core, rules
from sct.analysis.activity import Activity
from sct.analysis.aliasing import CallEffects
from sct.analysis.evaluator import Evaluator
from sct.analysis.kinds import Kind
from sct.frontend.evaluation import replaced
from sct.frontend.lists import REPEATED
from sct.frontend.order import Acts, Order
from sct.frontend.repeated import named_once
from sct.frontend.structure import Block, Fresh
from sct.nodes import assign, load
from sct.rules.registry import KindOf
from sct.walk import children, names, walk

Refuse = Callable[[ast.AST, str, str], NoReturn]

#: Parts of an operation that have a value of their own, which can be found before the operation.
_WHOLE = (ast.Call, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Subscript, ast.Attribute)
#: What makes a container of another.
CONVERSIONS = ("builtins.list", "builtins.tuple", "builtins.dict", "sct.runtime.listed", "sct.runtime.row")
#: What copies a container of a sort, but not its members.
_COPIES = {"list": "builtins.list", "tuple": "builtins.tuple", "dict": "builtins.dict"}


def simple(expr: ast.expr, budget: int = 2) -> bool:
    """Say whether `expr` is so cheap that computing it again beats keeping it."""
    return _cost(expr) <= budget


def _cost(expr: ast.expr) -> int:
    if isinstance(expr, (ast.Name, ast.Constant)):
        return 0
    if isinstance(expr, ast.Attribute):
        return _cost(expr.value)
    if isinstance(expr, ast.UnaryOp):
        return _cost(expr.operand)
    if isinstance(expr, ast.BinOp) and isinstance(expr.op, (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod)):
        return 1 + _cost(expr.left) + _cost(expr.right)
    if isinstance(expr, ast.Subscript):
        return _cost(expr.value) + _cost(expr.slice)
    if isinstance(expr, (ast.Tuple, ast.List)):
        return sum(_cost(e) for e in expr.elts)
    if isinstance(expr, ast.Slice):
        return sum(_cost(e) for e in (expr.lower, expr.upper, expr.step) if e is not None)
    if isinstance(expr, ast.Compare):
        return 1 + _cost(expr.left) + sum(_cost(e) for e in expr.comparators)
    if isinstance(expr, ast.BoolOp):
        return sum(_cost(e) for e in expr.values)
    if isinstance(expr, ast.Call) and not expr.keywords:
        name = core.qualname(expr.func)
        if name in ("builtins.len", "builtins.range") or name == "builtins.min" and len(expr.args) > 1:
            return 1 + sum(_cost(a) for a in expr.args)
    return 1000


class Expressions:
    """Takes apart the expressions of one function, statement by statement."""

    def __init__(self, activity: Activity, fresh: Fresh, refuse: Refuse, effects: CallEffects, acts: Acts) -> None:
        self.activity = activity
        self.effects = effects
        self.fresh = fresh
        self.refuse = refuse
        self.order = Order(acts)
        self.origin: dict[ast.stmt, ast.stmt] = {}
        self.stmt: ast.stmt = ast.Pass()
        self.out: Block = []
        self.held: dict[str, ast.expr] = {}  # by the temporaries of one statement
        self.holder: ast.stmt = self.stmt

    def emit(self, stmt: ast.stmt) -> None:
        self.origin[stmt] = self.stmt
        self.out.append(stmt)

    def active(self, expr: ast.expr) -> bool:
        if isinstance(expr, ast.Name) and core.is_temporary(expr.id):
            return expr.id in self.activity.varied
        return self.activity.active(self.stmt, expr)

    def temporary(self, value: ast.expr, active: bool = False) -> ast.Name:
        name = self.fresh.temporary()
        if active:
            self.activity.varied.add(name)
        value = self.without_pops(value)
        self.emit(assign(name, value))
        if self.holder is not self.stmt:
            self.holder, self.held = self.stmt, {}
        self.held[name] = value
        return load(name)

    def kinds(self) -> KindOf:
        """Return what is known of expressions here: temporaries are what they hold."""
        facts = self.activity.facts
        if self.holder is not self.stmt or not self.held:
            return facts.kinds(self.stmt)
        own: dict[str, Kind] = {}
        known = ChainMap(own, dict(facts.before.get(self.stmt, {})))
        evaluator = Evaluator(known, facts.call, facts.constant, facts.stable)
        for name, value in self.held.items():
            own[name] = evaluator.kind(value)
        return evaluator.kind

    def atom(self, expr: ast.expr, copy_names: bool = False) -> ast.expr:
        """Return a name or a constant that holds the value of `expr`."""
        if isinstance(expr, ast.Constant) or isinstance(expr, ast.Name) and not copy_names:
            return expr
        if not self.active(expr):
            return self.inactive(expr)
        return self.temporary(self.operation(expr), active=True)

    def inactive(self, expr: ast.expr) -> ast.expr:
        """Return an inactive operand: as it is where it is cheap and nothing comes between, else a temporary."""
        return expr if simple(expr, 3) and not self.order.moves(self.stmt, expr) else self.temporary(expr)

    def index(self, expr: ast.expr) -> ast.expr:
        """Return an index whose parts are cheap."""
        if isinstance(expr, ast.Slice):
            parts: dict[str, Any] = {f: self.inactive(e) if e is not None else None for f, e in ast.iter_fields(expr)}
            return ast.copy_location(ast.Slice(**parts), expr)
        if isinstance(expr, ast.Tuple):
            return ast.copy_location(ast.Tuple(elts=[self.index(e) for e in expr.elts], ctx=ast.Load()), expr)
        if isinstance(expr, ast.Starred):
            return ast.copy_location(ast.Starred(value=self.inactive(expr.value), ctx=ast.Load()), expr)
        return self.inactive(expr)

    def operand(self, expr: ast.expr) -> ast.expr:
        if isinstance(expr, (ast.Tuple, ast.List)):
            if self.active(expr) and any(isinstance(e, ast.Starred) for e in expr.elts):
                return self.atom(self.joined(expr))
            return ast.copy_location(type(expr)(elts=[self.operand(e) for e in expr.elts], ctx=ast.Load()), expr)
        if isinstance(expr, ast.Starred):
            return ast.copy_location(ast.Starred(value=self.operand(expr.value), ctx=ast.Load()), expr)
        return self.atom(expr)

    def joined(self, display: ast.Tuple | ast.List) -> ast.expr:
        """Return a display with starred members as a display without, or as the sum of sequences."""
        make = "builtins.tuple" if isinstance(display, ast.Tuple) else "builtins.list"
        parts: list[ast.expr] = []
        plain: list[ast.expr] = []
        for member in display.elts:
            if not isinstance(member, ast.Starred):
                plain.append(member)
                continue
            items = self.activity.facts.kind(self.stmt, member.value).items
            held = self.atom(member.value if items is not None else before_made(member.value, make))
            if items is not None and isinstance(held, ast.Name):
                plain += [member_at(held, i) for i in range(len(items))]
                continue
            if plain:
                parts.append(type(display)(elts=plain, ctx=ast.Load()))
            plain = []
            parts.append(ast.Call(func=core.ref(make), args=[held], keywords=[]))
        if plain or not parts:
            parts.append(type(display)(elts=plain, ctx=ast.Load()))
        whole = parts[0]
        for part in parts[1:]:
            whole = ast.BinOp(left=whole, op=ast.Add(), right=part)
        return ast.copy_location(whole, display)

    def operation(self, expr: ast.expr) -> ast.expr:
        """Return `expr` as one operation on atoms."""
        if not self.active(expr) or isinstance(expr, (ast.Name, ast.Constant)):
            return expr
        if isinstance(expr, (ast.Tuple, ast.List)):
            if any(isinstance(e, ast.Starred) for e in expr.elts):
                return self.operation(self.joined(expr))
            return self.operand(expr)
        if isinstance(expr, ast.BinOp) and self.activity.facts.kind(self.stmt, expr).what in ("list", "tuple"):
            if isinstance(expr.op, ast.Mult):
                for side in (expr.left, expr.right):
                    if self.activity.facts.kind(self.stmt, side).what == "unknown" and self.active(side):
                        self.refuse(expr, *REPEATED)
            left = self.operand(expr.left)
            return ast.copy_location(ast.BinOp(left=left, op=expr.op, right=self.operand(expr.right)), expr)
        if isinstance(expr, ast.Dict):
            if any(k is None for k in expr.keys):
                self.refuse(expr, "`**` in a dict of active values", "write the entries out")
            pairs = [(self.inactive(k) if k is not None else k, self.atom(v)) for k, v in _entries(expr)]
            return ast.copy_location(ast.Dict(keys=[k for k, _ in pairs], values=[v for _, v in pairs]), expr)
        if isinstance(expr, ast.Subscript) and core.qualname(expr.value) in core.JOINING:
            advice = "use np.concatenate or np.column_stack"
            self.refuse(expr, f"sct has no rule for `{core.spelling(expr.value)}`", advice)
        if isinstance(expr, ast.Subscript):
            part = self.part(expr)
            if part is not None:
                return self.operation(part)
            base = self.atom(expr.value)
            return ast.copy_location(ast.Subscript(value=base, slice=self.index(expr.slice), ctx=expr.ctx), expr)
        if isinstance(expr, ast.IfExp):
            return self.choice(expr.test, expr.body, expr.orelse)
        if isinstance(expr, ast.BoolOp):
            return self.short_circuit(expr)
        if isinstance(expr, ast.Call) and core.qualname(expr.func).startswith("@"):
            return self.user_call(expr)
        copied = core.shallow_copied(expr)
        if copied is not None and (what := self.activity.facts.kind(self.stmt, copied).what) in _COPIES:
            return ast.copy_location(
                ast.Call(func=core.ref(_COPIES[what]), args=[self.atom(copied)], keywords=[]), expr
            )
        if isinstance(expr, ast.Call) and core.qualname(expr.func) in CONVERSIONS:
            if len(expr.args) == 1 and not expr.keywords:
                new = ast.Call(func=expr.func, args=[self.atom(expr.args[0])], keywords=[])
                return ast.copy_location(new, expr)
        if core.popped(expr):
            return expr
        made, expanded = self.use(expr)
        return self.operation(made) if expanded else made

    def use(self, expr: ast.expr) -> tuple[ast.expr, bool]:
        """Return the use of a rule on atoms, or what that stands for, and whether it is the latter."""
        try:
            match = rules.match(expr)
        except rules.Unsupported as unsupported:
            self.refuse(expr, str(unsupported), getattr(unsupported, "advice", ""))
        if match is None:
            self.unknown(expr)
        for parameter in match.rule.fixed:
            if parameter in match.args and self.active(match.args[parameter]):
                self.refuse(expr, f"there is no derivative by the argument {parameter}", "pass a constant")
        if isinstance(expr, ast.BinOp):
            for side, other in ((expr.left, expr.right), (expr.right, expr.left)):
                what = self.activity.facts.kind(self.stmt, side).what
                if what in ("list", "tuple") and self.calculates(expr.op, other):
                    new = ast.Call(func=core.ref("numpy.array"), args=[side], keywords=[])
                    return self.use(replaced(expr, {id(side): new}))
                if what in ("list", "tuple", "dict", "text"):
                    self.refuse(
                        expr,
                        f"arithmetic on a {what} of active values",
                        f"use arrays; to join sequences, say what both are, e.g. by an annotation `: {what}`",
                    )
        if match.rule.kind in ("composite", "constant"):  # temporaries that are made in branches are not known
            try:
                rules.check_complex(match, self.activity.facts.kinds(self.stmt))
            except rules.Unsupported as unsupported:
                self.refuse(expr, unsupported.reason, unsupported.advice)
        operands: list[ast.expr] = []
        for arg in (match.args[p] for p in match.operands):
            # A sequence of operands may be the rule's own reading of several arguments: max(a, b, c).
            several = isinstance(arg, (ast.Tuple, ast.List)) and not _starred(arg, expr)
            operands += arg.elts if several else [arg]  # type: ignore[attr-defined]
        flat = replaced(expr, self.parts(expr, {id(operand) for operand in operands}, in_order=True))
        return (self.expanded(expr, flat), True) if match.rule.kind == "composite" else (flat, False)

    def part(self, expr: ast.Subscript) -> ast.expr | None:
        """Return what is taken of the tuple that a composite stands for; None for any other member."""
        if not isinstance(expr.slice, ast.Constant) or not isinstance(expr.slice.value, int):
            return None
        position, whole = expr.slice.value, self.composed(expr.value)
        if isinstance(whole, ast.Tuple) and 0 <= position < len(whole.elts):
            return whole.elts[position]
        return None if whole is None else ast.copy_location(ast.Subscript(whole, expr.slice, expr.ctx), expr)

    def composed(self, call: ast.expr) -> ast.Tuple | ast.Name | None:
        """Return the tuple that a composite stands for, or a name for what is none; None for other expressions."""
        if not isinstance(call, ast.Call) or not self.active(call):
            return None
        try:
            match = rules.match(call)
        except rules.Unsupported:
            return None
        if match is None or match.rule.kind != "composite":
            return None
        made, _ = self.use(call)
        return made if isinstance(made, ast.Tuple) else self.temporary(self.operation(made), active=True)

    def expanded(self, expr: ast.expr, flat: ast.expr) -> ast.expr:
        """Return what a use of a composite on atoms stands for, each call in it once."""
        match = rules.match(flat)
        assert match is not None
        try:
            whole = rules.expand(match, self.kinds())
        except rules.Unsupported as unsupported:
            self.refuse(expr, unsupported.reason, unsupported.advice)
        return named_once(whole, lambda part: self.atom(part) if self.active(part) else None)

    def calculates(self, op: ast.operator, other: ast.expr) -> bool:
        """Say whether an operation on a sequence and another operand is arithmetic of arrays: lists have none."""
        what = self.activity.facts.kind(self.stmt, other).what
        return what == "array" or what == "unknown" and not isinstance(op, (ast.Add, ast.Mult))

    def parts(self, expr: ast.AST, operands: set[int], in_order: bool = False) -> dict[int, ast.expr]:
        """Return what stands for the operands in `expr`, and for what other parts of it take from active lists; with
        `in_order` also for what must be read before something else that the statement does.
        """
        new: dict[int, ast.expr] = {}
        for part in children(expr):
            if isinstance(part, ast.expr) and id(part) in operands:
                new[id(part)] = self.operand(part)
            elif self.takes(part):
                new[id(part)] = self.temporary(part, active=True)
            elif in_order and isinstance(part, _WHOLE) and part is not getattr(expr, "func", None):
                alone = not any(id(n) in operands for n in walk(part))
                if alone and self.order.moves(self.stmt, part):
                    new[id(part)] = self.temporary(part)
                else:
                    new |= self.parts(part, operands, in_order)
            else:
                new |= self.parts(part, operands, in_order)
        return new

    def takes(self, node: ast.AST) -> TypeGuard[ast.expr]:
        """Say whether an expression is ``name.pop()`` of an active list, which the reverse sweep takes back."""
        return core.popped(node) in self.activity.varied

    def without_pops(self, expr: ast.expr) -> ast.expr:
        """Return an inactive expression with what it takes from active lists in temporaries."""
        if self.takes(expr):
            return expr
        new = self.parts(expr, set())
        if new and any(isinstance(n, (ast.IfExp, ast.BoolOp, ast.Lambda, ast.comprehension)) for n in walk(expr)):
            self.refuse(expr, "this may take something from an active list or not", "call .pop() in a statement before")
        return replaced(expr, new) if new else expr

    def unknown(self, expr: ast.expr) -> NoReturn:
        if isinstance(expr, ast.Call):
            spelled = core.called(expr.func)
            if isinstance(expr.func, ast.Attribute):
                self.refuse(
                    expr,
                    f"sct has no rule for the method `.{expr.func.attr}` of an active value",
                    "use the NumPy function, or write the operation out",
                )
            if isinstance(expr.func, ast.Name) and not core.is_ref(expr.func):
                self.refuse(
                    expr,
                    f"sct cannot tell which function `{spelled}` is",
                    "call a function that is defined with `def` in this file or one beside it",
                )
            self.refuse(
                expr,
                f"sct has no rule for `{spelled}`",
                "`sct` differentiates NumPy and math functions it has rules for, "
                "and functions whose source it can read",
            )
        if isinstance(expr, ast.Attribute):
            self.refuse(
                expr,
                f"sct cannot differentiate the attribute `.{expr.attr}` of an active value",
                "pass the numbers in as arguments",
            )
        if isinstance(expr, (ast.DictComp, ast.SetComp, ast.ListComp, ast.GeneratorExp)):
            self.refuse(expr, "sct cannot differentiate this comprehension of active values", "write a loop")
        if isinstance(expr, (ast.Await, ast.Yield, ast.YieldFrom)):
            self.refuse(expr, "generators and coroutines cannot be differentiated", "return a list instead")
        self.refuse(
            expr, f"sct cannot differentiate this {type(expr).__name__} of active values", "write it another way"
        )

    def user_call(self, expr: ast.Call) -> ast.Call:
        """Return a call on atoms and displays; one that comes back, and of which a part is written, has a name."""
        written = any(map(self.activity.alias.is_written, names(self.stmt)))
        back = {i for group in self.effects(core.qualname(expr.func)).shared if -1 in group for i in group}
        args: list[ast.expr] = []
        for i, arg in enumerate(expr.args):
            given = self.atom if written and i in back else self.operand
            args.append(given(arg) if self.active(arg) else self.inactive(arg))
        return ast.copy_location(ast.Call(func=expr.func, args=args, keywords=[]), expr)

    def choice(self, test: ast.expr, body: ast.expr, orelse: ast.expr) -> ast.expr:
        result = self.fresh.temporary()
        self.activity.varied.add(result)
        arms: list[Block] = []
        for arm in (body, orelse):
            saved, self.out = self.out, []
            self.emit(assign(result, self.operation(arm)))
            arms.append(self.out)
            self.out = saved
        self.emit(ast.If(test=test, body=arms[0], orelse=arms[1]))
        return load(result)

    def short_circuit(self, expr: ast.BoolOp) -> ast.expr:
        first, rest = expr.values[0], expr.values[1:]
        held = self.atom(first)
        if not rest:
            return held
        tail = rest[0] if len(rest) == 1 else ast.BoolOp(op=expr.op, values=rest)
        if isinstance(expr.op, ast.Or):
            return self.choice(held, held, tail)
        return self.choice(held, tail, held)


def _entries(made: ast.Dict) -> list[tuple[ast.expr | None, ast.expr]]:
    return list(zip(made.keys, made.values, strict=True))


def _starred(display: ast.Tuple | ast.List, expr: ast.expr) -> bool:
    """Say whether a display with starred members is an argument as it is written."""
    return any(isinstance(e, ast.Starred) for e in display.elts) and any(n is display for n in walk(expr))


def before_made(expr: ast.expr, make: str) -> ast.expr:
    """Return what a list or tuple is made of, where `expr` makes one as `make` does."""
    if isinstance(expr, ast.Call) and core.qualname(expr.func) == make and len(expr.args) == 1:
        return expr if isinstance(expr.args[0], ast.Starred) else expr.args[0]
    return expr


def member_at(base: ast.expr, position: int) -> ast.Subscript:
    """Return ``base[position]``."""
    return ast.Subscript(value=base, slice=number(position), ctx=ast.Load())


def number(value: int) -> ast.expr:
    """Return a constant; a negative one is an operation."""
    if value < 0:
        return ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=-value))
    return ast.Constant(value=value)
