"""Values of which a selection may leave out what is infinite: ``np.where(p > 0, p * np.log(p), 0.0)``.

In: a function. Out: `Selections`: which operands need a zero adjoint to win against a partial derivative that is
infinite or undefined. The adjoint of what was left out is exactly zero, and so is that of all it was computed from; by
itself, zero times infinity is NaN. Forward mode meets them the other way round: an infinite tangent, and then the
partial derivative of a selection, which is zero; `np.where` takes tangents as it takes values, and asks nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence

from sct import core, rules
from sct.analysis.evaluator import as_load
from sct.analysis.program import Analysis
from sct.rules.template import number
from sct.walk import walk

#: Functions that take some of the elements of what they are given: by a condition, or the largest and smallest ones.
_BY_CONDITION = "where select choose nan_to_num nanmax nanmin nansum nanmean nanprod nanvar nanstd extract compress"
_BY_SIZE = "maximum minimum fmax fmin clip max min amax amin"
_CHOOSING = {f"numpy.{name}": True for name in _BY_CONDITION.split()}
_CHOOSING |= {f"numpy.{name}": False for name in _BY_SIZE.split()} | {"builtins.max": False, "builtins.min": False}
_METHODS = {"max": False, "min": False, "clip": False, "compress": True}
#: Elementwise ones of which the partial derivatives are one and zero.
SELECTORS = frozenset(f"numpy.{name}" for name in "maximum minimum fmax fmin clip nan_to_num".split())
#: Helpers that multiply a seed, which may be zero, by what may be infinite.
_SCALING = ("sct.runtime.times", "sct.runtime.over")
#: Functions that may give what is infinite or undefined; those of `math` raise.
_WILD = "log log2 log10 log1p exp exp2 expm1 sinh cosh tan sqrt arcsin arccos arctanh arccosh asin acos atanh acosh "
_WILD += "power pow float_power reciprocal divide true_divide mod remainder fmod floor_divide"
_INFINITE = frozenset(f"numpy.{name}" for name in _WILD.split())
_TESTS = frozenset(f"{module}.{name}" for module in ("numpy", "math") for name in ("isfinite", "isnan", "isinf"))


class Selections:
    """What is selected from in a function, and what may be infinite there.

    A condition may leave out all elements where one number divides them and is zero; the largest of such elements is
    worth nothing.
    """

    def __init__(self, node: ast.FunctionDef, analysis: Analysis) -> None:
        self.analysis = analysis
        made, selected = _made(node), list(_selected(node, analysis))
        sources = [
            (_name(s), n.id) for s in made for n in walk(s.value) if isinstance(n, ast.Name) and not core.is_ref(n)
        ]
        self.asked = _closed(set(_asked(node)), sources) if selected else set()
        self.chosen: dict[bool, set[str]] = {}
        self.wild: dict[bool, set[str]] = {}
        for tested in (False, True) if selected else ():
            self.chosen[tested] = _closed({name for name, by in selected if by or not tested}, sources)
            wild = {_name(s) for s in made if self._is_made_wild(s, s.value, tested)}
            self.wild[tested] = _closed(wild, [(source, name) for name, source in sources])

    def guarded(self, stmt: ast.stmt, name: str, match: rules.Match, param: str) -> bool:
        """Say whether the share of an operand in the adjoint of `name` needs a zero to stay zero."""
        return any(
            name in chosen and self.may_be_infinite(stmt, match, param, tested)
            for tested, chosen in self.chosen.items()
        )

    def may_be_infinite(self, stmt: ast.stmt, match: rules.Match, param: str, tested: bool) -> bool:
        """Say whether the derivative by an operand may be infinite or undefined where the others are not."""
        expr, wild = match.expr, self.wild[tested]
        if isinstance(expr, ast.BinOp) and isinstance(expr.op, (ast.Add, ast.Sub)):
            return False
        if isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Mult):
            others = [a for p, a in match.args.items() if p != param]
            return any(isinstance(a, ast.Name) and a.id in wild for a in others)
        values = list(match.args.values())
        if isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Div) and self.is_common(stmt, expr, tested):
            values = [expr.left]
        arguments = [n.id for a in values for n in walk(a) if isinstance(n, ast.Name)]
        return self.is_wild(expr, stmt, tested) or not wild.isdisjoint(arguments)

    def may_be_undefined(self, stmt: ast.stmt, value: ast.expr) -> bool:
        """Say whether a value that is selected from may be infinite or undefined, and its tangent with it."""
        named = {n.id for n in walk(value) if isinstance(n, ast.Name)}
        return self._is_made_wild(stmt, value, False) or not named.isdisjoint(self.wild.get(False, ()))

    def _is_made_wild(self, stmt: ast.stmt, value: ast.expr, tested: bool) -> bool:
        return any(self.is_wild(n, stmt, tested) for n in walk(value) if isinstance(n, (ast.BinOp, ast.Call)))

    def is_wild(self, value: ast.AST, stmt: ast.stmt, tested: bool) -> bool:
        """Say whether an operation may give what is infinite or undefined of numbers that are neither."""
        if isinstance(value, ast.BinOp):
            if isinstance(value.op, ast.Pow):
                power = number(value.right)
                return power is None or power < 1
            if isinstance(value.op, (ast.Div, ast.Mod, ast.FloorDiv)):
                return number(value.right) is None and not self.is_common(stmt, value, tested)
            return False
        name = core.qualname(value.func) if isinstance(value, ast.Call) else ""
        return name in _INFINITE or name.startswith("scipy.special.")

    def is_common(self, stmt: ast.stmt, value: ast.BinOp, tested: bool) -> bool:
        """Say whether one number divides all elements, and no condition asks about it."""
        kind = self.analysis.facts.kind
        if kind(stmt, value.right).what != "scalar" or kind(stmt, value.left).what != "array":
            return False
        return not tested or self.asked.isdisjoint(n.id for n in walk(value.right) if isinstance(n, ast.Name))


def _asked(node: ast.FunctionDef) -> Iterator[str]:
    """Yield the names that conditions ask about."""
    for part in walk(node):
        test = part if isinstance(part, ast.Compare) else part.test if isinstance(part, (ast.If, ast.While)) else None
        if isinstance(part, ast.Call) and core.qualname(part.func) in _TESTS:
            test = part
        if test is not None:
            yield from (n.id for n in walk(test) if isinstance(n, ast.Name))


def _closed(found: set[str], pairs: Sequence[tuple[str, str]]) -> set[str]:
    """Add what follows from what is found: the second names of pairs whose first are."""
    while new := {b for a, b in pairs if a in found} - found:
        found |= new
    return found


def _made(node: ast.FunctionDef) -> list[ast.Assign]:
    return [s for s in walk(node) if isinstance(s, ast.Assign) and isinstance(s.targets[0], ast.Name)]


def _name(stmt: ast.Assign) -> str:
    assert isinstance(stmt.targets[0], ast.Name)
    return stmt.targets[0].id


def _selected(node: ast.FunctionDef, analysis: Analysis) -> Iterator[tuple[str, bool]]:
    """Yield the names that something is selected from, and whether by a condition."""
    masks = {_name(s) for s in _made(node) if _is_condition(s.value)}
    for stmt in (s for s in walk(node) if isinstance(s, ast.stmt)):
        for part in walk(stmt) if isinstance(stmt, (ast.Assign, ast.AugAssign, ast.Expr, ast.Return)) else ():
            by = _chooses(stmt, part, analysis, masks)
            if by is not None:
                of = part.args[1] if isinstance(part, ast.Call) and core.qualname(part.func) in _SCALING else part
                yield from ((n.id, by) for n in walk(of) if isinstance(n, ast.Name) and not core.is_ref(n))
    yield from ((name, True) for name in _of_branches(node))


def _chooses(stmt: ast.stmt, part: ast.AST, analysis: Analysis, masks: Collection[str]) -> bool | None:
    """Say whether an expression takes some elements by a condition, or others than those that are largest; or none."""
    if isinstance(part, ast.Call):
        name = core.qualname(part.func)
        if isinstance(part.func, ast.Attribute) and not name:
            return _METHODS.get(part.func.attr)
        masked = any(k.arg == "where" for k in part.keywords)
        return True if masked or name in _SCALING else _CHOOSING.get(name)
    if not isinstance(part, ast.Subscript):
        return None
    index = part.slice.elts if isinstance(part.slice, ast.Tuple) else [part.slice]
    if any(_is_condition(e) or isinstance(e, ast.Name) and e.id in masks for e in index):
        return True
    # What is stored leaves out what was there. What is read is seldom meant to leave out the rest.
    whole = not index or isinstance(index[0], ast.Constant) and index[0].value is Ellipsis
    stored = isinstance(part.ctx, ast.Store) and not whole
    return True if stored and analysis.facts.kind(stmt, as_load(part.value)).what == "array" else None


def _is_condition(value: ast.AST) -> bool:
    """Say whether an expression says yes or no of each element."""
    if isinstance(value, ast.UnaryOp):
        return isinstance(value.op, ast.Invert)
    if isinstance(value, ast.BinOp):
        return isinstance(value.op, (ast.BitAnd, ast.BitOr))
    return isinstance(value, ast.Compare) or isinstance(value, ast.Call) and core.qualname(value.func) in _TESTS


def _of_branches(node: ast.FunctionDef) -> Iterator[str]:
    """Yield the names that are bound outside of branches, and read in branches alone."""
    bound: set[str] = set()
    read: dict[bool, set[str]] = {False: set(), True: set()}

    def visit(stmts: list[ast.stmt], inside: bool) -> None:
        for stmt in stmts:
            if isinstance(stmt, ast.If):
                visit(stmt.body, True)
                visit(stmt.orelse, True)
            elif isinstance(stmt, ast.Match):
                for case in stmt.cases:
                    visit(case.body, True)
            elif isinstance(stmt, (ast.For, ast.While)):
                visit(stmt.body, inside)
            else:
                names = [n for n in walk(stmt) if isinstance(n, ast.Name)]
                read[inside].update(n.id for n in names if isinstance(n.ctx, ast.Load))
                if not inside:
                    bound.update(n.id for n in names if isinstance(n.ctx, ast.Store))

    visit(node.body, False)
    yield from bound & read[True] - read[False]
