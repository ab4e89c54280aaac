"""Where arrays in double precision may come from.

In: a function of the user's. Out: whether it, or one that it calls, makes or reads arrays whose dtype does not follow
from its arguments: adjoints of arguments in single precision may then come out in double.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from sct import core, rules
from sct.frontend.lift import Program
from sct.walk import children, walk

_MAKERS = frozenset("array asarray zeros ones full empty eye identity arange linspace logspace tri".split())
#: Functions whose values or derivatives SciPy or NumPy computes in double precision, whatever it is given.
_ALWAYS_DOUBLE = frozenset(
    "numpy.bincount numpy.corrcoef numpy.cov numpy.float_power numpy.histogram numpy.interp numpy.polyder "
    "numpy.polyfit numpy.polyint numpy.polynomial.polynomial.polyval numpy.polyval numpy.vander "
    "scipy.integrate.simpson scipy.linalg.det scipy.linalg.norm scipy.special.betainc scipy.special.betaincc "
    "scipy.special.betaincinv scipy.special.digamma scipy.special.entr scipy.special.psi".split()
)
#: Functions to which a number of Python's has the precision of the arrays that stand beside it.
_WEAK = frozenset(
    "choose clip fill full_like insert nan_to_num pad place put put_along_axis putmask select where".split()
)
#: Variables that hold Python's own numbers, or lists of them, with the values that they are given.
Plain = Mapping[str, Sequence[ast.expr]]
_NOT_DOUBLE = ("builtins.bool", "numpy.bool_", "numpy.float32", "numpy.float16", "numpy.complex64")
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


def _makes_doubles(node: ast.AST, plain: Plain) -> bool:
    """Say whether a value may be in double precision though all that is active in it is in single precision."""
    if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.Add):  # which joins lists, too
        sides = [node.left, node.right]
        return any(_is_list(side, plain) for side in sides) and not all(_is_plain(side, plain) for side in sides)
    if not isinstance(node, ast.Call):
        return False
    method = isinstance(node.func, ast.Attribute)
    name = core.function_name(node)
    dtypes = [k.value for k in node.keywords if k.arg == "dtype"] + node.args[:1] * (name == "numpy.ndarray.astype")
    if dtypes:
        return not all(_follows(dtype) for dtype in dtypes)
    if name.removesuffix(".outer") in _ALWAYS_DOUBLE or name.startswith(("numpy.random.", "scipy.stats.")):
        return True
    if name == "sct.runtime.slab":  # what ``np.diff(x, prepend=0.5)`` is written with
        return _is_plain(node.args[0], plain)
    if not name.startswith(("numpy.", "scipy.")):
        return False
    short = name[6:]
    # Of Python's numbers NumPy makes doubles, as in ``np.sqrt(2)``; Python's own numbers are as precise as need be.
    if short in _MAKERS or not method and bool(node.args) and all(_is_plain(a, plain) for a in node.args):
        return True
    if name.startswith("scipy.special.") and any(_is_plain(a, plain) for a in node.args):
        return True
    return short.rpartition(".")[2] not in _WEAK and _turns_numbers(node, plain)


def _follows(dtype: ast.expr) -> bool:
    """Say whether a dtype is that of another array, or not of doubles."""
    return isinstance(dtype, ast.Attribute) and dtype.attr == "dtype" or core.qualname(dtype) in _NOT_DOUBLE


def _turns_numbers(call: ast.Call, plain: Plain) -> bool:
    """Say whether a function makes an array of doubles of one of Python's numbers, or of a list of them."""
    try:
        match = rules.match(call)
    except rules.Unsupported:
        return True
    if match is None or match.rule.constant:
        return False
    if any(k.arg in ("prepend", "append") and _is_plain(k.value, plain) for k in call.keywords):
        return True
    weak = match.rule.kind == "elementwise" and match.qualname.startswith("numpy.") and "outer" not in match.qualname
    for name in match.rule.operands:
        operand = match.args.get(name)
        elements = operand.elts if isinstance(operand, (ast.List, ast.Tuple)) else []
        for part in [operand, *elements] if operand is not None else []:
            if _is_list(part, plain) if weak else _is_plain(part, plain):
                return True
    return False


def _is_list(value: ast.expr, plain: Plain, seen: Collection[str] = ()) -> bool:
    """Say whether a value is a list or a tuple of Python's own numbers; `seen` are the variables asked for already."""
    if isinstance(value, ast.Name):
        values = () if value.id in seen else plain.get(value.id, ())
        return any(_is_list(v, plain, {*seen, value.id}) for v in values)
    if isinstance(value, ast.BinOp):
        return _is_list(value.left, plain, seen) or _is_list(value.right, plain, seen)
    return isinstance(value, (ast.List, ast.Tuple)) and _is_plain(value, plain)


def _plain_names(nodes: Sequence[ast.AST]) -> Plain:
    """Return the variables that hold nothing but Python's own numbers, whatever happens, with what is put there."""
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
    plain = {name: found for name, found in values.items() if stores[name] == len(found)}
    while True:
        fewer = {name: found for name, found in plain.items() if all(_is_plain(value, plain) for value in found)}
        if len(fewer) == len(plain):
            return plain
        plain = fewer


def _is_plain(value: ast.expr, plain: Plain) -> bool:
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
