"""What expressions and statements read, bind and write: the shared knowledge of all simplifications.

In: expressions and statements of resolved functions. Out: `Effects`. A plain name stands for itself, a user's global
for its qualified name (``=module.NAME``), and `WORLD` for all globals together. Refs to functions read nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from sct import core
from sct.analysis import purity
from sct.analysis.purity import WORLD
from sct.simplify import order, trees
from sct.simplify.glance import own_nodes
from sct.walk import walk

Alias = Callable[[str, str], bool]


@dataclass
class Effects:
    """What running some code reads, rebinds and writes in place."""

    reads: set[str] = field(default_factory=set)
    binds: set[str] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)
    ordered: bool = False  # must keep its place among ordered code
    anything: bool = False  # may read and write all memory

    @property
    def pure(self) -> bool:
        """Nothing happens but a value."""
        return not (self.binds or self.writes or self.ordered or self.anything)

    @property
    def nothing(self) -> bool:
        """The value does not even depend on anything."""
        return self.pure and not self.reads

    def copy(self) -> Effects:
        """Return effects that can be changed apart from these."""
        return Effects(set(self.reads), set(self.binds), set(self.writes), self.ordered, self.anything)

    def add(self, other: Effects) -> None:
        """Take in the effects of more code."""
        self.reads |= other.reads
        self.binds |= other.binds
        self.writes |= other.writes
        self.ordered |= other.ordered
        self.anything |= other.anything


def is_global(name: str) -> bool:
    """Say whether a name in `Effects` stands for something outside the function."""
    return name[:1] in ("=", "?")


def touch(a: str, b: str, alias: Alias | None) -> bool:
    """Say whether a write to the memory of `b` may be seen through `a`."""
    if a == b or alias is None or (WORLD in (a, b) and is_global(a) and is_global(b)):
        return True
    return alias(a, b)


def clash(first: Effects, then: Effects, alias: Alias | None) -> bool:
    """Say whether exchanging two pieces of code, one run right after the other, may change what they do."""
    if (first.pure and then.pure) or first.nothing or then.nothing:
        return False
    if (first.ordered and then.ordered) or first.anything or then.anything:
        return True
    if first.binds & (then.binds | then.reads) or first.reads & then.binds:
        return True
    return _disturbs(first.writes, then, alias) or _disturbs(then.writes, first, alias)


def _disturbs(writes: Iterable[str], other: Effects, alias: Alias | None) -> bool:
    return any(touch(name, b, alias) for b in writes for name in (*other.reads, *other.writes))


# Expressions ----------------------------------------------------------------------------------------------------


_expressions: WeakKeyDictionary[ast.expr, Effects] = WeakKeyDictionary()
_headers: WeakKeyDictionary[ast.stmt, Effects] = WeakKeyDictionary()
_statements: WeakKeyDictionary[ast.stmt, Effects] = WeakKeyDictionary()  # of those with blocks


def expression(node: ast.expr) -> Effects:
    """Return the effects of evaluating an expression: the same object each time, which nobody may change."""
    found = _expressions.get(node)
    if found is None:
        found = Effects()
        for part in walk(node):
            add_own(part, found)
        _expressions[node] = found
    return found


def add_own(node: ast.AST, found: Effects) -> None:
    """Add what one node does, without its operands."""
    if isinstance(node, ast.Name):
        name = node.id if ":" not in node.id else read_name(node)
        if name and isinstance(node.ctx, ast.Load):
            found.reads.add(name)
    elif isinstance(node, ast.Constant | ast.BinOp):
        pass
    elif isinstance(node, ast.Call):
        _call(node, found)
    elif isinstance(node, ast.NamedExpr):
        found.binds.add(node.target.id)
    elif isinstance(node, ast.Await | ast.Yield | ast.YieldFrom):
        found.anything = found.ordered = True


def read_name(node: ast.Name) -> str:
    """Return what a name reads: itself, or a user's global; "" for functions and modules."""
    return meaning(node.id)


def meaning(name: str) -> str:
    """Return what a name in a tree reads."""
    if ":" not in name:
        return name
    name = name.partition(":")[0]
    return name if is_global(name) else ""


def names(node: ast.AST) -> set[str]:
    """Return every name that occurs in a tree, read or not."""
    return {name for part in walk(node) if isinstance(part, ast.Name) and (name := read_name(part))}


def _call(node: ast.Call, found: Effects) -> None:
    effect = purity.call_effect(node)
    found.ordered |= effect.ordered
    found.anything |= effect.anything
    for written in effect.written:
        found.writes |= names(written)
    if effect.unknown:
        found.writes |= names(node) | {WORLD}
        found.reads.add(WORLD)


def is_pure(node: ast.expr) -> bool:
    """Say whether evaluating an expression does nothing but give a value."""
    return expression(node).pure


def reads(node: ast.expr | ast.stmt) -> frozenset[str]:
    """Return the names that an expression or a whole statement reads."""
    return frozenset((expression(node) if isinstance(node, ast.expr) else statement(node)).reads)


def binds(stmt: ast.stmt) -> frozenset[str]:
    """Return the names that a whole statement may rebind."""
    return frozenset(statement(stmt).binds)


def writes(stmt: ast.stmt) -> frozenset[str]:
    """Return the names whose memory a whole statement may write in place."""
    return frozenset(statement(stmt).writes)


# Statements -----------------------------------------------------------------------------------------------------


def header(stmt: ast.stmt) -> Effects:
    """Return the effects of a statement without those of the blocks inside it; nobody may change them."""
    found = _headers.get(stmt)
    if found is None:
        found = _headers[stmt] = _header(stmt)
    return found


def _header(stmt: ast.stmt) -> Effects:
    found = Effects()
    if core.remark_text(stmt) is not None:
        return found
    for use in order.uses(stmt):
        found.add(expression(use.node))
    for target in _targets(stmt):
        _bind(target, found)
    if isinstance(stmt, ast.AugAssign):
        _bind(stmt.target, found)
        written = names(stmt.target.value) if not isinstance(stmt.target, ast.Name) else names(stmt.target)
        found.writes |= written
        found.reads |= written
    _odd(stmt, found)
    return found


def _targets(stmt: ast.stmt) -> list[ast.expr]:
    match stmt:
        case ast.Assign() | ast.Delete():
            return list(stmt.targets)
        case ast.AnnAssign() | ast.For():
            return [stmt.target]
        case ast.With():
            return [item.optional_vars for item in stmt.items if item.optional_vars]
    return []


def _bind(target: ast.expr, found: Effects) -> None:
    for part in trees.walk(target):
        if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
            found.binds.add(read_name(part) or part.id)
        elif isinstance(part, ast.Subscript | ast.Attribute) and not isinstance(part.ctx, ast.Load):
            found.writes |= names(part.value)


def _odd(stmt: ast.stmt, found: Effects) -> None:
    """Statements that are passed through whole, and those that leave the block."""
    if isinstance(stmt, ast.Return | ast.Raise | ast.Assert | ast.Break | ast.Continue):
        found.ordered = True
    elif isinstance(stmt, ast.Try | ast.TryStar):
        found.ordered = True
        found.binds |= {handler.name for handler in stmt.handlers if handler.name}
    elif isinstance(stmt, ast.Match | ast.Import | ast.ImportFrom | ast.Global | ast.Nonlocal | trees.OPAQUE):
        found.ordered = True
        found.reads |= names(stmt)
        for part in trees.walk(stmt):
            for label in ("name", "rest", "asname"):
                if isinstance(bound := getattr(part, label, None), str):
                    found.binds.add(bound.partition(".")[0])


def statement(stmt: ast.stmt) -> Effects:
    """Return the effects of a statement with all that is inside it; nobody may change them."""
    blocks = trees.blocks(stmt)
    if not blocks:
        return header(stmt)
    known = _statements.get(stmt)
    if known is None:
        known = header(stmt).copy()
        for block in blocks:
            for inner in block:
                known.add(statement(inner))
        _statements[stmt] = known
    return known


_LATE = (ast.Lambda, ast.GeneratorExp, ast.ListComp, ast.SetComp, ast.DictComp, *trees.OPAQUE.__args__)
_READING_NAMES = ("builtins.exec", "builtins.eval", "builtins.locals", "builtins.vars")


def captured(stmts: Iterable[ast.stmt]) -> set[str]:
    """Return the names that occur in scopes inside: functions, lambdas and comprehensions."""
    return {name for stmt in trees.all_statements(stmts) for name in _scope(stmt)[0]}


def is_straightforward(stmts: Iterable[ast.stmt]) -> bool:
    """Say whether names are bound only where binding statements say so: no ``nonlocal``, ``exec`` or ``locals()``."""
    return all(_scope(stmt)[1] for stmt in trees.all_statements(stmts))


_scopes: WeakKeyDictionary[ast.stmt, tuple[frozenset[str], bool]] = WeakKeyDictionary()


def _scope(stmt: ast.stmt) -> tuple[frozenset[str], bool]:
    """Return the names in scopes inside a statement itself, and whether it binds names as binding statements say."""
    found = _scopes.get(stmt)
    if found is None:
        inner: set[str] = set()
        straight = True
        for node in own_nodes(stmt):
            kind = node.__class__
            if kind is ast.BinOp or kind is ast.Constant:
                pass
            elif isinstance(node, ast.Name):
                if node.id.startswith("builtins.") and core.qualname(node) in _READING_NAMES:
                    straight = False
            elif isinstance(node, ast.Nonlocal | ast.Yield | ast.YieldFrom | ast.Await):
                straight = False
            elif isinstance(node, _LATE):
                inner |= names(node)
        found = _scopes[stmt] = (frozenset(inner), straight)
    return found


def is_cheap(node: ast.expr) -> bool:
    """Say whether an expression is no dearer than a name: at most two + - * of names, constants and elements."""
    operations = 0
    stack: list[ast.expr] = [node]
    while stack:
        match stack.pop():
            case ast.Constant() | ast.Name():
                pass
            case ast.Attribute(value=value, attr="T" | "shape" | "size" | "ndim"):
                stack.append(value)
            case ast.Subscript(value=value, slice=index):
                stack += [value, index]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                stack.append(operand)
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult(), right=right) if operations < 2:
                operations += 1
                stack += [left, right]
            case ast.Tuple(elts=elts):
                stack += elts
            case ast.Slice(lower=lower, upper=upper, step=step):
                stack += [part for part in (lower, upper, step) if part]
            case _:
                return False
    return True


def stays(expr: ast.expr, after: Sequence[ast.stmt]) -> bool:
    """Say whether a name for the value of an expression keeps that value through the statements after it.

    Arithmetic makes an object of its own; a name or a part of one is changed where something is written in place.
    """
    while True:
        if isinstance(expr, ast.BinOp | ast.UnaryOp) or isinstance(expr, ast.Call) and purity.makes_fresh(expr):
            return True
        if isinstance(expr, ast.Call) and core.is_ref(expr.func) and expr.args and purity.shares_first_only(expr):
            expr = expr.args[0]
        elif isinstance(expr, ast.Subscript | ast.Attribute):
            expr = expr.value
        else:
            break
    return not any(found.writes or found.anything for found in map(statement, after))
