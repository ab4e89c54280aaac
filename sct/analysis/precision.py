"""Where arrays in double precision may come from.

In: a function of the user's. Out: whether it, or one that it calls, makes or reads arrays whose dtype does not follow
from its arguments: adjoints of arguments in single precision may then come out in double.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Sequence

from sct import core
from sct.frontend.lift import Program
from sct.walk import children, walk

_MAKERS = frozenset("array asarray zeros ones full empty eye identity arange linspace logspace tri".split())
#: Functions whose derivatives SciPy or NumPy computes in double precision, whatever it is given.
_DOUBLE_DERIVATIVES = frozenset(
    "numpy.polyval numpy.polynomial.polynomial.polyval scipy.special.digamma scipy.special.psi scipy.special.entr "
    "scipy.special.betainc scipy.special.betaincc scipy.special.betaincinv".split()
)
_NUMBERS = ("builtins.float", "builtins.int", "builtins.bool")
_PLAIN = (*_NUMBERS, "builtins.len")
#: Functions that return a number of Python's own if they are given nothing else.
_AS_GIVEN = frozenset([f"builtins.{name}" for name in "abs divmod max min pow round sum".split()])
_AS_GIVEN |= {"math.prod", "math.sumprod"}


def meets_doubles(node: ast.FunctionDef, program: Program) -> bool:
    """Say whether arrays may meet the arguments of `node` that are not made of them."""
    seen: set[str] = set()
    todo = [node]
    while todo:
        inside = walk(todo.pop())
        plain = _plain_names(inside)
        for part in inside:
            name = core.qualname(part)
            if name.startswith("=") and not _is_number(program, name) or _makes_doubles(part, plain):
                return True
            if name.startswith("@") and name not in seen:
                seen.add(name)
                called = program.followed(name)
                if called is None:
                    return True
                todo.append(called)
    return False


def _is_number(program: Program, name: str) -> bool:
    return isinstance(program.resolver.constant(name), (ast.Constant, ast.UnaryOp, ast.BinOp))


def _makes_doubles(node: ast.AST, plain: Collection[str]) -> bool:
    if not isinstance(node, ast.Call) or any(k.arg == "dtype" for k in node.keywords):
        return False
    name = core.qualname(node.func)
    if name in _DOUBLE_DERIVATIVES:
        return True
    if name.startswith("numpy.random.") or name.startswith("numpy.") and name[6:] in _MAKERS:
        return True
    # Of Python's numbers NumPy makes doubles, as in ``np.sqrt(2)``; Python's own numbers are as precise as need be.
    return name.startswith(("numpy.", "scipy.")) and bool(node.args) and all(_is_plain(a, plain) for a in node.args)


def _plain_names(nodes: Sequence[ast.AST]) -> set[str]:
    """Return the variables that hold nothing but Python's own numbers, whatever happens."""
    values: dict[str, list[ast.expr]] = {}
    stores: Counter[str] = Counter()
    for node in nodes:
        if isinstance(node, ast.arg):
            number = node.annotation is not None and core.qualname(node.annotation) in _NUMBERS
            stores[node.arg] += 0 if number else 1
            values.setdefault(node.arg, [])
        elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            values.setdefault(node.targets[0].id, []).append(node.value)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            stores[node.id] += 1
    plain = {name for name, found in values.items() if stores[name] == len(found)}
    while True:
        fewer = {name for name in plain if all(_is_plain(value, plain) for value in values[name])}
        if fewer == plain:
            return plain
        plain = fewer


def _is_plain(value: ast.expr, plain: Collection[str]) -> bool:
    """Say whether a value is one of Python's own numbers, for certain."""
    if isinstance(value, ast.Constant):
        return isinstance(value.value, (int, float, complex))
    if isinstance(value, ast.Name):
        return value.id in plain or core.qualname(value).partition(".")[2] in ("pi", "e", "tau", "inf")
    if isinstance(value, (ast.BinOp, ast.UnaryOp, ast.List, ast.Tuple)):
        return all(_is_plain(part, plain) for part in children(value) if isinstance(part, ast.expr))
    if isinstance(value, ast.Subscript):
        return isinstance(value.value, ast.Attribute) and value.value.attr == "shape"
    if isinstance(value, ast.Attribute):
        return value.attr in ("size", "ndim")
    if not isinstance(value, ast.Call):
        return False
    name = core.qualname(value.func)
    if name in _PLAIN or name.startswith("math.") and name not in _AS_GIVEN:
        return True  # whatever it is given
    return name in _AS_GIVEN and not value.keywords and all(_is_plain(a, plain) for a in value.args)
