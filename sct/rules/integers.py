"""Constants that may be arrays of integers, in the formulas of derivatives.

In: a use of a rule and a part of its template. Out: the operands that the part takes as floats; and what is left of a
derivative where a constant of integers says that the result is one of integers too.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping

from sct.analysis.kinds import may_be_integers
from sct.core import qualname
from sct.rules.registry import KindOf, Match
from sct.rules.results import is_none, kind_of
from sct.rules.template import clone, helper, instantiate, names

#: Functions that take integers as they are.
_OF_ANY_NUMBERS = frozenset(
    f"numpy.{name}" for name in ("shape", "ndim", "size", "sign", "maximum", "minimum", "where")
)
#: Functions of SciPy that are themselves written in arithmetic, as those of `scipy.stats` are.
_IN_PYTHON = frozenset(f"scipy.special.{name}" for name in ("ivp", "jvp", "kvp", "yvp"))


def in_floats(
    match: Match, part: ast.expr, env: Mapping[str, ast.expr], active: Collection[str], kinds: KindOf
) -> dict[str, ast.expr]:
    """Return the constant operands that a formula has to take as floats, should they be arrays of integers.

    In a product with a float integers are exact. Among themselves they wrap around, where NumPy's function itself does
    not (``x1 * x1`` in the derivative of ``arctan2``), unsigned ones have no negative, and functions of short ones are
    of low precision.
    """
    if match.module == "math" or match.rule.kind in ("linear", "bilinear"):
        return {}
    if match.rule.kind == "composite" and match.rule.follows:
        return {}  # floats would give another result than its integers
    args = {p: match.args[p] for p in match.operands if p in match.args and p not in active}
    exact = {p for p, arg in args.items() if may_be_integers(kind_of(arg, kinds)) and not _is_in_floats(arg)}
    if not exact:
        return {}
    left_out = {p.name: p.default for p in match.rule.parameters if p.name not in match.args and p.default is not None}
    found: set[str] = set()
    own = {name: ast.Name(id=name, ctx=ast.Load()) for name in names(part)} | left_out
    _look_for_integers(instantiate(part, own, match.module), exact, found)
    return {p: helper("floats", clone(env[p])) for p in found}


def cut_off(match: Match, s: ast.expr, active: Collection[str], kinds: KindOf) -> ast.expr:
    """Return a seed or a tangent that is zero where the result is of integers, as a constant operand is."""
    operand, dtype = match.args.get(match.rule.follows), match.args.get("dtype")
    if operand is None or match.rule.follows in active or not (dtype is None or is_none(dtype)):
        return s
    kind = kind_of(operand, kinds)
    if not may_be_integers(kind) and kind.what not in ("list", "tuple"):
        return s
    return helper("where_floats", s, clone(operand))


def _is_in_floats(arg: ast.expr) -> bool:
    return isinstance(arg, ast.Call) and qualname(arg.func) == "sct.runtime.floats"


def _look_for_integers(node: ast.expr, exact: Collection[str], found: set[str]) -> bool:
    """Say whether a formula is of integers alone, and collect those that it computes with."""
    if isinstance(node, ast.Name):
        return node.id in exact
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int)
    parts = [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]
    if isinstance(node, ast.Call):
        parts = list(node.args)
    alone = [_look_for_integers(part, exact, found) for part in parts]
    called = qualname(node.func) if isinstance(node, ast.Call) else ""
    if called.startswith("scipy.stats.") or called in _IN_PYTHON:
        found |= {part.id for part, whole in zip(parts, alone, strict=True) if whole and isinstance(part, ast.Name)}
    if isinstance(node, ast.Compare) or not alone or not all(alone):
        return False
    computes = isinstance(node, ast.UnaryOp) or isinstance(node, ast.BinOp) and not isinstance(node.op, ast.Div)
    if computes or called.startswith("numpy.") and called not in _OF_ANY_NUMBERS:
        found |= names(node) & set(exact)
    return computes
