"""Where arrays in double precision may come from.

In: a function of the user's. Out: whether it, or one that it calls, makes or reads arrays whose dtype does not follow
from its arguments: adjoints of arguments in single precision may then come out in double.
"""

from __future__ import annotations

import ast

from sct import core
from sct.frontend.lift import Program
from sct.walk import walk

_MAKERS = frozenset("array asarray zeros ones full empty eye identity arange linspace logspace tri".split())
#: Functions whose derivatives SciPy or NumPy computes in double precision, whatever it is given.
_DOUBLE_DERIVATIVES = frozenset(
    "numpy.polyval numpy.polynomial.polynomial.polyval scipy.special.digamma scipy.special.psi scipy.special.entr "
    "scipy.special.betainc scipy.special.betaincc scipy.special.betaincinv".split()
)


def meets_doubles(node: ast.FunctionDef, program: Program) -> bool:
    """Say whether arrays may meet the arguments of `node` that are not made of them."""
    seen: set[str] = set()
    todo = [node]
    while todo:
        for part in walk(todo.pop()):
            name = core.qualname(part)
            if name.startswith("=") and not _is_number(program, name) or _makes_doubles(part):
                return True
            if name.startswith("@") and name not in seen:
                seen.add(name)
                todo.append(program.routine(name).node)
    return False


def _is_number(program: Program, name: str) -> bool:
    return isinstance(program.resolver.constant(name), (ast.Constant, ast.UnaryOp, ast.BinOp))


def _makes_doubles(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or any(k.arg == "dtype" for k in node.keywords):
        return False
    name = core.qualname(node.func)
    if name in _DOUBLE_DERIVATIVES:
        return True
    return name.startswith("numpy.random.") or name.startswith("numpy.") and name[6:] in _MAKERS
