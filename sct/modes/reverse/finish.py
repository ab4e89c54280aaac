"""The last word on a generated function: the order of the simplifying passes.

In: a generated function as reverse mode writes it, full of temporaries, and what is known of its variables. Out: the
same as a person would have written it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from sct import core, simplify
from sct.analysis.kinds import Kind, Shape
from sct.analysis.program import Analysis
from sct.modes.reverse.nodes import loads, stored
from sct.modes.reverse.signature import replace_body
from sct.modes.reverse.spreads import Spreads
from sct.modes.sharing import shared
from sct.simplify import effects, needs, trees
from sct.simplify.contexts import with_contexts
from sct.simplify.glance import count, has_made
from sct.walk import Rewriter, walk


@dataclass(frozen=True)
class Knowledge:
    """What is known of variables wherever they are bound: which are scalars, and the shapes of the others.

    `whole` are those that may be arrays of integers: parameters and constants; `inexact` are surely of floats.
    """

    scalars: frozenset[str]
    shapes: Mapping[str, Shape]
    alias: Callable[[str, str], bool]
    whole: frozenset[str] = frozenset()
    inexact: frozenset[str] = frozenset()


def know(analysis: Analysis, bars: Mapping[str, str]) -> Knowledge:
    """Gather what an analysis knows of each name, and so of its adjoint."""
    kinds: dict[str, list[Kind]] = {}
    for name, kind in analysis.facts.entry.items():
        kinds.setdefault(name, []).append(kind)
    for after in analysis.facts.after.values():
        for name, kind in after.items():
            kinds.setdefault(name, []).append(kind)
    scalars = {n for n, found in kinds.items() if all(k.what == "scalar" for k in found)}
    shapes = {n: found[0].shape for n, found in kinds.items() if found[0].shape and len({k.shape for k in found}) == 1}
    both = frozenset(scalars | {bars[n] for n in scalars if n in bars})
    own = set(bars.values())

    def alias(a: str, b: str) -> bool:
        if a in both or b in both:
            return False
        if (a in own) != (b in own) and not core.is_temporary(a) and not core.is_temporary(b):
            return False  # an adjoint never shares memory with a variable of the user's
        if a in kinds and b in kinds:
            return analysis.alias.may_alias(a, b)
        return True

    known = {n: s for n, s in shapes.items() if s is not None}
    return Knowledge(both, known, alias, analysis.whole(), analysis.inexact())


def tidy(
    function: ast.FunctionDef, known: Knowledge, forget: bool = False, names: dict[str, str] | None = None
) -> ast.FunctionDef:
    """Simplify a function of the reverse mode and name its temporaries; see `simplified` and `named`."""
    return named([simplified(function, known, forget)], names)[0]


def simplified(function: ast.FunctionDef, known: Knowledge, forget: bool = False) -> ast.FunctionDef:
    """Put together what the compiler took apart; what temporaries are left keep their numbers.

    `forget` drops what only the value of the primal needed.
    """
    body = list(function.body)
    params = _parameters(function)

    def cheap(expr: ast.expr) -> bool:
        """An array operation is never cheap; one on scalars is."""
        nodes = walk(expr)
        plain = not any(isinstance(n, (ast.BinOp, ast.UnaryOp)) for n in nodes)
        names = {n.id for n in nodes if isinstance(n, ast.Name) and not core.is_ref(n)}
        return plain or names <= known.scalars or _of_members(expr, known)

    body = simplify.prune(simplify.asked_once(body), frozenset(), parameters=params, user=forget)
    fewer = shared(body, known.alias, params)
    if fewer != body:
        body = simplify.prune(fewer, frozenset(), parameters=params, user=forget)
    body = Spreads(body, known.scalars, known.shapes).narrowed(body)
    for last in (False, True):
        body = simplify.renest(body, known.alias, cheap)
        body = [_signed(s) for s in body]
        body = Spreads(body, known.scalars, known.shapes).narrowed(body)
        body = simplify.fold(simplify.factor(body, hand_on=last), whole=known.whole, inexact=known.inexact)
        body = simplify.merge_adjoints(body, known.alias)
    body = _merge_adds(body, needs.inferred_alias(body, known.alias, params, lambda name: True, False))
    return replace_body(function, simplify.prune(body, frozenset(), parameters=params, user=forget))


def named(functions: Sequence[ast.FunctionDef], told: dict[str, str] | None = None) -> list[ast.FunctionDef]:
    """Name the temporaries of functions that belong together: the same one has the same name in all of them.

    `told` is told the names.
    """
    body = [s for f in functions for s in f.body]
    params = {p for f in functions for p in _parameters(f)}
    used = {name for found in count(body) for name in found if ":" not in name}
    names = simplify.temporary_names(body, {*params, *used, *_spelled(body)})
    if told is not None:
        told.update(names)
    done = [simplify.rename_temporaries(function, names) for function in functions]
    return [replace_body(function, with_contexts(_trim(function.body))) for function in done]


def _parameters(function: ast.FunctionDef) -> frozenset[str]:
    args = function.args
    return frozenset(a.arg for a in [*args.posonlyargs, *args.args, *args.kwonlyargs])


def _of_members(expr: ast.expr, known: Knowledge) -> bool:
    """Say whether arithmetic is on scalars and on members of vectors only."""
    if isinstance(expr, ast.BinOp):
        return _of_members(expr.left, known) and _of_members(expr.right, known)
    if isinstance(expr, ast.UnaryOp):
        return _of_members(expr.operand, known)
    if isinstance(expr, ast.Subscript) and isinstance(expr.value, ast.Name):
        shape = known.shapes.get(expr.value.id)
        return shape is not None and shape.ndim == 1 and not isinstance(expr.slice, ast.Slice)
    return isinstance(expr, ast.Constant) or isinstance(expr, ast.Name) and expr.id in known.scalars


def _signed(stmt: ast.stmt) -> ast.stmt:
    """Return a statement with its signs as a person would write them."""
    new = _Signs().visit(stmt)
    assert isinstance(new, ast.stmt)
    return new


def _may_have_signs(stmt: ast.stmt) -> bool:
    """Say whether there may be anything to visit in a statement: in most there is not."""
    return bool(trees.blocks(stmt)) or has_made(stmt) and any(part.__class__ in _OF_SIGNS for part in walk(stmt))


_OF_SIGNS = (ast.UnaryOp, ast.Subscript, ast.Attribute)


class _Signs(Rewriter):
    """Writes signs of compiler-made expressions as a person would; no value changes."""

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.expr) and hasattr(node, "lineno"):
            return node  # the user's own expression
        if isinstance(node, ast.stmt) and not _may_have_signs(node):
            return node
        done: ast.AST = super().visit(node)
        return done

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        left, right = self.visit(node.left), self.visit(node.right)
        assert isinstance(left, ast.expr) and isinstance(right, ast.expr)
        if isinstance(node.op, ast.Mult):
            if isinstance(right, ast.UnaryOp) and isinstance(right.op, ast.USub):
                return _negative(ast.BinOp(left=left, op=node.op, right=right.operand))
            if _is_negative(left) and not isinstance(left.operand, ast.Constant):
                return _negative(ast.BinOp(left=left.operand, op=node.op, right=right))
        if isinstance(node.op, ast.MatMult):
            for one, other, turned in ((left, right, False), (right, left, True)):
                if _is_negative(one):
                    pair = (other, one.operand) if turned else (one.operand, other)
                    return _negative(ast.BinOp(left=pair[0], op=node.op, right=pair[1]))
        if isinstance(node.op, (ast.Add, ast.Sub)) and isinstance(right, ast.UnaryOp) and _made(right):
            if isinstance(right.op, ast.USub):
                op: ast.operator = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
                return ast.BinOp(left=left, op=op, right=right.operand)
        if isinstance(node.op, (ast.Add, ast.Sub)) and isinstance(right, ast.BinOp) and _is_negative(right.left):
            if isinstance(right.op, ast.Mult) and isinstance(right.left.operand, ast.Constant) and _made(right):
                op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
                whole = (right.left.operand, right.right)
                return ast.BinOp(left=left, op=op, right=ast.BinOp(left=whole[0], op=right.op, right=whole[1]))
        if isinstance(node.op, ast.Add) and _is_negative(left) and not _is_negative(right):
            return ast.BinOp(left=right, op=ast.Sub(), right=left.operand)
        same = left is node.left and right is node.right
        return node if same else ast.BinOp(left=left, op=node.op, right=right)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Signs leave what is linear, so that what is smaller changes its sign."""
        done = self.generic_visit(node)
        if isinstance(done, ast.Call) and core.qualname(done.func) in _LINEAR and done.args:
            first = done.args[0]
            if _is_negative(first):
                args = [first.operand, *done.args[1:]]
                return _negative(ast.Call(func=done.func, args=args, keywords=done.keywords))
        return done

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """An axis that a sum has kept, and that is dropped at once, need not be kept."""
        done = self.generic_visit(node)
        if not isinstance(done, ast.Subscript) or not _made(done):
            return done
        if _is_negative(done.value):
            part = ast.Subscript(value=done.value.operand, slice=done.slice, ctx=ast.Load())
            inner = self.visit_Subscript(part)
            return _negative(inner) if isinstance(inner, ast.expr) else done
        if isinstance(done.value, ast.Call) and core.qualname(done.value.func) == "numpy.sum":
            steps = done.slice.elts if isinstance(done.slice, ast.Tuple) else []
            dropped = [i for i, s in enumerate(steps) if isinstance(s, ast.Constant) and type(s.value) is int]
            given = {k.arg: k.value.value for k in done.value.keywords if isinstance(k.value, ast.Constant)}
            if given.get("keepdims") is True and dropped == [given.get("axis")]:
                keywords = [k for k in done.value.keywords if k.arg != "keepdims"]
                return ast.Call(func=done.value.func, args=done.value.args, keywords=keywords)
        return done

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        done = self.generic_visit(node)
        if isinstance(done, ast.Attribute) and done.attr == "T" and isinstance(done.value, ast.Attribute):
            if done.value.attr == "T" and _made(done):
                return done.value.value
        if isinstance(done, ast.Attribute) and done.attr == "T" and _is_negative(done.value):
            return _negative(ast.Attribute(value=done.value.operand, attr="T", ctx=ast.Load()))
        return done

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        done = self.generic_visit(node)
        return _negative(done.operand) if _is_negative(done) else done

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        if hasattr(node, "lineno"):
            return node
        value = self.visit(node.value)
        assert isinstance(value, ast.expr)
        if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub) and isinstance(node.op, ast.Add):
            return ast.AugAssign(target=node.target, op=ast.Sub(), value=value.operand)
        return node if value is node.value else ast.AugAssign(target=node.target, op=node.op, value=value)


#: Calls that are linear in their first argument.
_LINEAR = (
    "numpy.sum",
    "sct.runtime.unbroadcast",
    "sct.runtime.as_product",
    "sct.runtime.matmul_bar_left",
    "sct.runtime.matmul_bar_right",
)


def _is_negative(node: ast.AST) -> TypeGuard[ast.UnaryOp]:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and _made(node)


def _made(node: ast.expr) -> bool:
    return not hasattr(node, "lineno")


def _negative(expr: ast.expr) -> ast.expr:
    if isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Mult) and isinstance(expr.left, ast.Constant):
        if type(expr.left.value) is float and _made(expr):
            return ast.BinOp(left=ast.UnaryOp(op=ast.USub(), operand=expr.left), op=expr.op, right=expr.right)
    return ast.UnaryOp(op=ast.USub(), operand=expr)


def _merge_adds(body: Sequence[ast.stmt], alias: Callable[[str, str], bool]) -> list[ast.stmt]:
    """Join additions to one place of an adjoint: ``x_bar[i] += a`` and ``x_bar[i] += b``."""
    out: list[ast.stmt] = []
    for stmt in body:
        for name in ("body", "orelse"):
            if getattr(stmt, name, None) and isinstance(stmt, (ast.For, ast.While, ast.If)):
                fields = {f: getattr(stmt, f) for f in stmt._fields} | {name: _merge_adds(getattr(stmt, name), alias)}
                stmt = ast.copy_location(type(stmt)(**fields), stmt)
        earlier = _joinable(out, stmt, alias)
        if earlier is not None:
            first = out.pop(earlier)
            assert isinstance(first, ast.AugAssign) and isinstance(stmt, ast.AugAssign)
            op = stmt.op if isinstance(first.op, ast.Add) else ast.Sub() if isinstance(stmt.op, ast.Add) else ast.Add()
            value = ast.BinOp(left=first.value, op=op, right=stmt.value)
            stmt = ast.AugAssign(target=stmt.target, op=first.op, value=value)
            if earlier and core.remark_text(out[earlier - 1]) is not None:
                if earlier == len(out) or core.remark_text(out[earlier]) is not None:
                    out.pop(earlier - 1)
        out.append(stmt)
    return out


def _joinable(out: Sequence[ast.stmt], stmt: ast.stmt, alias: Callable[[str, str], bool]) -> int | None:
    """Return the position of an addition to the same place, which nothing in between reads or changes."""
    if not _adds(stmt):
        return None
    assert isinstance(stmt, ast.AugAssign)
    place = ast.dump(stmt.target)
    base = loads([stmt.target])[0]

    def sees(value: ast.expr) -> bool:
        """Say whether an expression may read what additions to the place change."""
        return any(effects.touch(name, base, alias) for name in effects.reads(value))

    if sees(stmt.value):
        return None
    between: set[str] = set()
    for back in range(1, min(len(out), 8) + 1):
        earlier = out[-back]
        if core.remark_text(earlier) is not None:
            continue
        if _adds(earlier) and isinstance(earlier, ast.AugAssign) and ast.dump(earlier.target) == place:
            short = len(ast.unparse(earlier.value)) + len(ast.unparse(stmt.value)) < 70
            reads = set(loads([earlier.value, earlier.target]))
            return len(out) - back if short and not reads & between and not sees(earlier.value) else None
        other_place = _adds(earlier) and isinstance(earlier, ast.AugAssign) and base == loads([earlier.target])[0]
        if other_place and not sees(earlier.value):  # type: ignore[attr-defined]
            continue
        plain = isinstance(earlier, ast.Assign) and isinstance(earlier.targets[0], ast.Name)
        if not plain or any(isinstance(n, ast.Call) for n in walk(earlier)) or sees(earlier.value):  # type: ignore[attr-defined]
            return None
        between |= set(stored([earlier]))
    return None


def _adds(stmt: ast.stmt) -> bool:
    return (
        isinstance(stmt, ast.AugAssign)
        and not hasattr(stmt, "lineno")
        and isinstance(stmt.op, (ast.Add, ast.Sub))
        and isinstance(stmt.target, ast.Subscript)
        and isinstance(stmt.target.value, ast.Name)
    )


def _spelled(body: Sequence[ast.stmt]) -> frozenset[str]:
    """Return the names that references print as, which no variable may hide."""
    out: set[str] = set()
    for stmt in body:
        for node in walk(stmt):
            if core.is_ref(node):
                text = core.spelling(node) or core.qualname(node).rpartition(".")[2]
                out |= {text.partition(".")[0], core.qualname(node).rpartition(".")[2]}
    return frozenset(out | {"np"})


def _trim(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Drop remarks that head nothing, and blank lines that follow each other."""
    out: list[ast.stmt] = []
    for stmt in body:
        if core.remark_text(stmt) == "" and out and core.remark_text(out[-1]) == "":
            continue
        out.append(stmt)
    while out and core.remark_text(out[-1]) is not None:
        out.pop()
    if len(out) > 2 and isinstance(out[-1], ast.Return) and core.remark_text(out[-2]) == "":
        del out[-2]
    return out
