"""Which adjoints may not have the form of what they belong to, though they hold the right numbers.

NumPy takes a list of arrays where it takes an array, and makes an array without axes of a number that is reshaped or
chosen. The adjoint of the list is a list all the same, and that of the number a number.
"""

from __future__ import annotations

import ast

from sct import core
from sct.analysis.keys import RUNNING
from sct.walk import walk

#: Functions of NumPy that people give lists to.
_OF_LISTS = frozenset(
    "sum mean prod max min amax amin ptp median quantile percentile average var std nansum nanmean nanmax nanmin "
    "nanprod cumsum cumprod sort array asarray asanyarray stack concatenate vstack hstack dstack column_stack "
    "transpose reshape ravel squeeze atleast_1d atleast_2d atleast_3d diff flip roll take swapaxes moveaxis "
    "expand_dims".split()
)
#: Functions of NumPy that give arrays without axes for numbers.
_WITHOUT_AXES = frozenset(
    "reshape transpose squeeze moveaxis swapaxes broadcast_to where select choose tensordot copy array asarray flip "
    "roll zeros_like ones_like full_like".split()
)


def may_be_list(node: ast.FunctionDef, name: str) -> bool:
    """Say whether a parameter may be a list: only what takes lists is given it, or what knows them, as ``sum`` does."""
    uses = sum(isinstance(n, ast.Name) and n.id == name for n in walk(node))
    calls = [n for n in walk(node) if isinstance(n, ast.Call)]
    given = sum(_takes_list(n, name) for n in calls) + sum(_repeats(n, name) for n in walk(node))
    names = [(n, core.qualname(n.func)) for n in calls]
    # The user's own functions may take lists as well: their adjoints say so themselves.
    own = ("@", "sct.runtime.")
    helped = [a for n, called in names if called.startswith(own) or called in _KNOWING for a in n.args]
    return 0 < given == uses - sum(isinstance(a, ast.Name) and a.id == name for a in helped)


_KNOWING = frozenset(("builtins.len", *RUNNING))  # the adjoints of their arguments are lists for lists


def _takes_list(call: ast.Call, name: str) -> bool:
    first = call.args[0] if call.args else None
    return isinstance(first, ast.Name) and first.id == name and _numpy(call) in _OF_LISTS


def _repeats(node: ast.AST, name: str) -> bool:
    """Say whether an operation multiplies a name by an integer, which repeats a list."""
    sides = [node.left, node.right] if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) else []
    named = [isinstance(s, ast.Name) and s.id == name for s in sides]
    return any(named) and any(isinstance(s, ast.Constant) and isinstance(s.value, int) for s in sides)


def may_lack_axes(value: ast.expr) -> bool:
    """Say whether a value may be an array without axes where it is made of a number."""
    return isinstance(value, ast.Call) and _numpy(value) in _WITHOUT_AXES


def _numpy(call: ast.Call) -> str:
    """Return the name of a function of NumPy's own module; "" for any other."""
    module, _, name = core.qualname(call.func).rpartition(".")
    return name if module == "numpy" else ""
