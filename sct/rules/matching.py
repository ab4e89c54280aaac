"""Which rule an expression is a use of, and which argument is which.

In: an expression whose operands may be anything. Out: a `Match`, None where no rule knows it.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from functools import cache

from sct.core import function_name, is_ref, qualname, ref, spelling
from sct.rules.registry import Match, Rule, Unsupported, lookup
from sct.rules.results import broadcast_bool, reduced_bool, scalar_bool
from sct.rules.template import clone, number

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "truediv",
    ast.FloorDiv: "floordiv",
    ast.Mod: "mod",
    ast.Pow: "pow",
    ast.MatMult: "matmul",
    ast.BitAnd: "and_",
    ast.BitOr: "or_",
    ast.BitXor: "xor",
    ast.LShift: "lshift",
    ast.RShift: "rshift",
}
_UNARY: dict[type[ast.unaryop], str] = {ast.USub: "neg", ast.UAdd: "pos", ast.Invert: "invert", ast.Not: "not_"}

# The array properties that have rules; all other names after a dot are methods.
PROPERTIES = frozenset(
    {"T", "mT", "flat", "shape", "size", "ndim", "dtype", "itemsize", "nbytes", "strides", "flags", "real", "imag"}
)

Slot = tuple[str | int, ...]
Bound = tuple[dict[str, ast.expr], dict[str, Slot]]


def match(expr: ast.expr) -> Match | None:
    """Return the rule that `expr` is a use of, with its arguments; None where no rule knows it.

    Raises
    ------
    Unsupported
        If a rule knows the function, but not this way to call it.
    """
    if isinstance(expr, ast.BinOp):
        return _operator(expr, f"operator.{_BINARY[type(expr.op)]}", "left", "right")
    if isinstance(expr, ast.UnaryOp):
        return _operator(expr, f"operator.{_UNARY[type(expr.op)]}", "operand")
    if isinstance(expr, ast.Compare) or (isinstance(expr, ast.BoolOp) and _is_boolean(expr)):
        rule = lookup("operator.lt")[0]
        return Match(rule, {}, expr, (), "operator.lt", {})
    if isinstance(expr, ast.Attribute) and expr.attr in PROPERTIES and not is_ref(expr):
        return _operator(expr, f"numpy.ndarray.{expr.attr}", "value")
    if isinstance(expr, ast.Call):
        return _call(expr)
    return None


def _is_boolean(expr: ast.expr) -> bool:
    """Say whether an expression is a bool, so that `and` and `or` do not return an active operand."""
    if isinstance(expr, ast.BoolOp):
        return all(map(_is_boolean, expr.values))
    if isinstance(expr, ast.Compare) or (isinstance(expr, ast.UnaryOp) and isinstance(expr.op, ast.Not)):
        return True
    if isinstance(expr, ast.Constant):
        return isinstance(expr.value, bool)
    if isinstance(expr, ast.Call) and is_ref(expr.func):
        rules = lookup(qualname(expr.func))
        return bool(rules) and rules[0].result in (scalar_bool, broadcast_bool, reduced_bool)
    return False


def _operator(expr: ast.expr, name: str, *fields: str) -> Match | None:
    found = operator_rule(name, fields)
    if found is None:
        return None
    rule, places, slots = found
    return _match(rule, {p: getattr(expr, field) for p, field in places}, expr, name, slots)


@cache
def operator_rule(
    name: str, fields: tuple[str, ...]
) -> tuple[Rule, Sequence[tuple[str, str]], Mapping[str, Slot]] | None:
    """Return the rule of an operator, and where each of its parameters stands."""
    for rule in lookup(name):
        if len(rule.parameters) >= len(fields):
            places = list(zip((p.name for p in rule.parameters), fields, strict=False))
            return rule, places, {p: (field,) for p, field in places}
    return None


def _call(expr: ast.Call) -> Match | None:
    method = isinstance(expr.func, ast.Attribute)
    name = function_name(expr)
    rules = [] if method and name.rpartition(".")[2] in PROPERTIES else lookup(name)
    refusal: Unsupported | None = None
    for rule in rules:
        try:
            args, slots = bind(rule, expr, name, method)
        except Unsupported as error:
            refusal = refusal or error
            continue
        return _match(rule, args, expr, name, slots)
    if refusal:
        raise refusal
    return None


def bind(rule: Rule, expr: ast.Call, name: str, method: bool) -> Bound:
    """Bind the arguments of a call to the parameters of a rule."""
    shown = f".{name.rpartition('.')[2]}" if method else spelling(expr.func) or name
    given: list[tuple[ast.expr, Slot]] = [(a, ("args", i)) for i, a in enumerate(expr.args)]
    if method:
        assert isinstance(expr.func, ast.Attribute)
        given.insert(0, (expr.func.value, ("func", "value")))
    args: dict[str, ast.expr] = {}
    slots: dict[str, Slot] = {}
    positional = [p for p in rule.parameters if not p.keyword_only and not p.variadic]
    variadic = next((p.name for p in rule.parameters if p.variadic), "")
    if name in rule.pack and len(given) > len(positional):
        variadic = positional.pop().name
    stars = [i for i, (a, _) in enumerate(given) if isinstance(a, ast.Starred)]
    alone = bool(variadic) and stars == [len(positional)] == [len(given) - 1]
    if (stars and not alone or any(k.arg is None for k in expr.keywords)) and not rule.constant:
        raise Unsupported(f"{shown} is called with starred arguments", "write the arguments out")
    for parameter, (value, slot) in zip(positional, given, strict=False):
        args[parameter.name], slots[parameter.name] = value, slot
    rest = given[len(positional) :]
    if len(rest) == 1 and not variadic and is_ufunc(rule, name):
        args["out"], slots["out"] = rest.pop()
    if rest and variadic:
        last = rest[-1][0]
        # A sequence that the user unpacks is what the rule calls a sequence.
        whole = last.value if alone and isinstance(last, ast.Starred) else None
        args[variadic] = whole or ast.Tuple(elts=[value for value, _ in rest], ctx=ast.Load())
        slots[variadic] = ("args", rest[0][1][1], "*")
    elif rest and (not rule.constant or len(lookup(name)) > 1):
        raise Unsupported(f"{shown} takes at most {len(positional)} arguments by position here")
    known = {p.name for p in rule.parameters} | (UFUNC_KEYWORDS if is_ufunc(rule, name) else set())
    for i, keyword in enumerate(expr.keywords):
        given_as = rule.aliases.get(keyword.arg or "", keyword.arg)
        if given_as in known and given_as not in args:
            args[given_as], slots[given_as] = keyword.value, ("keywords", i, "value")
        elif not rule.constant and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is None):
            raise Unsupported(f"{shown}: the argument {keyword.arg} has no derivative rule", f"leave out {keyword.arg}")
    if is_ufunc(rule, name) and _is_constant(args.get("out"), None):
        args.pop("out", None)
    if not rule.constant:
        _check_writes(rule, args, shown)
    refusal = rule.refusal or (rule.check(args) if rule.check else "")
    if refusal:
        raise Unsupported(f"{shown}: {refusal}")
    for parameter in rule.parameters:
        required = parameter.default is None and not parameter.variadic and not rule.constant
        if required and parameter.name not in args:
            raise Unsupported(f"{shown}: the argument {parameter.name} is missing")
    return args, slots


#: Keywords of all ufuncs; `out` and `where` are those of `masked`.
UFUNC_KEYWORDS = {"out", "where", "dtype", "casting", "order", "subok"}
_FRESH = tuple(f"numpy.{name}{like}" for name in ("zeros", "ones", "empty", "full") for like in ("", "_like"))


def is_ufunc(rule: Rule, name: str) -> bool:
    """Say whether a rule was matched by a ufunc of NumPy that it differentiates element by element."""
    if not rule.broadcasts or not name.startswith("numpy.") or name.count(".") != 1:
        return False
    import numpy as np

    return isinstance(getattr(np, name.removeprefix("numpy."), None), np.ufunc)


def masked(match: Match) -> tuple[Match, ast.expr, ast.expr] | None:
    """Return the match of the same ufunc without `where` and `out`, and these two; None where there is no mask."""
    if "where" not in match.args or not is_ufunc(match.rule, match.qualname):
        return None
    expr = clone(match.expr)
    assert isinstance(expr, ast.Call) and isinstance(match.expr, ast.Call)
    given = [p for p in match.rule.parameters if not p.keyword_only]
    out = [*expr.args[len(given) :], *(k.value for k in expr.keywords if k.arg == "out")]
    expr.args = expr.args[: len(given)]
    expr.keywords = [k for k in expr.keywords if k.arg not in ("where", "out")]
    found = _call(expr)
    assert found is not None
    return found, match.args["where"], out[0]


def _check_writes(rule: Rule, args: dict[str, ast.expr], shown: str) -> None:
    """Raise Unsupported where a call writes into its operands, or into an array that somebody else has too."""
    out = args.get("out")
    own = any(p.name == "where" for p in rule.parameters)
    if not own and getattr(args.get("where"), "value", None) is True:
        del args["where"]
    if "where" in args and not own:
        fresh = isinstance(out, ast.Call) and qualname(out.func) in _FRESH
        if not isinstance(out, ast.Call) or not fresh or len(out.args) > 1 and not _is_written(out.args[1]):
            reason = f"{shown} keeps what is not chosen by where, and there is nothing to keep"
            raise Unsupported(reason, "give it a new array, as out=np.zeros_like(x)")
        del args["out"]  # it is not an operand, and may stand where it is
    elif not _is_constant(out, None):
        raise Unsupported(f"{shown} writes into out inside an expression", "make it a statement of its own")
    for p in args:
        if p.startswith("overwrite_") and not _is_constant(args[p], False):
            raise Unsupported(f"{shown} may overwrite its operand", f"leave out {p}")


def _is_constant(node: ast.expr | None, value: object) -> bool:
    return node is None or isinstance(node, ast.Constant) and node.value is value


def _match(rule: Rule, args: dict[str, ast.expr], expr: ast.expr, name: str, slots: Mapping[str, Slot]) -> Match:
    if "dtype" in args and not rule.constant:
        rule = _by_dtype(rule, args["dtype"])
    operands = tuple(p for p in rule.operands if p in args and not _is_written(args[p]))
    if name == "operator.mul" and isinstance(left := args["x1"], ast.Name) and _is(args["x2"], left.id):
        return Match(lookup("numpy.square")[0], {"x": left}, expr, ("x",), name, {"x": ("left",)})
    return Match(rule, args, expr, operands, name, slots)


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _is_written(node: ast.expr) -> bool:
    """Say whether an argument is None or a number as written, which has no tangent."""
    return isinstance(node, ast.Constant) or isinstance(node, ast.UnaryOp) and number(node) is not None


_FLOATS = {"builtins.float", "numpy.float64", "numpy.float32", "numpy.float16", "numpy.double", "numpy.single"}
_FLOATS |= {"numpy.floating", "numpy.half", "numpy.longdouble"}
_FLOAT_TEXTS = {"float", "float64", "float32", "float16", "f", "d", "f8", "f4", "f2", "<f8", "<f4", "double", "single"}
_INTEGERS = {"builtins.int", "builtins.bool", "numpy.bool_", "numpy.bool", "numpy.intp"}
_INTEGERS |= {f"numpy.{u}int{n}" for u in ("", "u") for n in (8, 16, 32, 64)}
_INTEGER_TEXTS = {"int", "bool", "i", "i4", "i8", "u1", "int32", "int64", "uint8"}


def _by_dtype(rule: Rule, dtype: ast.expr) -> Rule:
    """Return the rule itself for a floating dtype, and that of a constant for one that cuts the fraction off."""
    text = dtype.value if isinstance(dtype, ast.Constant) else qualname(dtype)
    if text is None or text in _FLOATS or (isinstance(dtype, ast.Constant) and text in _FLOAT_TEXTS):
        return rule
    if text in _INTEGERS or (isinstance(dtype, ast.Constant) and text in _INTEGER_TEXTS):
        return lookup("an array of integers")[0]
    raise Unsupported("it is not known whether this dtype is one of floats", "write dtype=float")


def _at(node: ast.expr, slot: Slot) -> ast.expr:
    found = node
    for step in slot:
        found = found[step] if isinstance(step, int) else getattr(found, step)  # type: ignore[index]
    return found


def substitute(match: Match, changes: Mapping[str, ast.expr]) -> ast.expr:
    """Return the matched expression with other arguments for some parameters, spelled as the user spelled it.

    A method whose array is replaced is called as a function if NumPy has one, since a tangent may be a number: the
    caller decides by not handing such a change over (see `as_function`).
    """
    expr = clone(match.expr)
    for name, value in changes.items():
        slot = match.slots[name]
        if slot[-1] == "*":
            assert isinstance(expr, ast.Call)
            value = clone(value)
            new = value.elts if isinstance(value, (ast.Tuple, ast.List)) else [ast.Starred(value=value, ctx=ast.Load())]
            first = slot[1]
            assert isinstance(first, int)
            n = len(expr.args) - first
            expr.args[first : first + n] = new
            continue
        holder = _at(expr, slot[:-1])
        last = slot[-1]
        if isinstance(last, int):
            holder[last] = clone(value)  # type: ignore[index]
        else:
            setattr(holder, last, clone(value))
    return expr


def is_method(match: Match) -> bool:
    """Say whether the match is a method call or a property of its first argument."""
    return match.qualname.startswith("numpy.ndarray.")


def as_function(match: Match) -> Match:
    """Return the match of a method as one of the NumPy function of that rule, where there is one."""
    names: Sequence[str] = [
        n for n in match.rule.names if n.startswith("numpy.") and not n.startswith("numpy.ndarray.")
    ]
    if not is_method(match) or not names:
        return match
    own = f"numpy.{match.qualname.rpartition('.')[2]}"
    name = own if own in names else names[0]
    call = ast.Call(func=ref(name), args=[], keywords=[])
    slots: dict[str, Slot] = {}
    by_keyword = {slot[1]: p for p, slot in match.slots.items() if slot[0] == "keywords"}
    for p in match.rule.parameters:
        if p.name in match.args and p.name not in by_keyword.values():
            slots[p.name] = ("args", len(call.args))
            call.args.append(clone(match.args[p.name]))
        elif p.name in match.args:
            slots[p.name] = ("keywords", len(call.keywords), "value")
            call.keywords.append(ast.keyword(arg=p.name, value=clone(match.args[p.name])))
    return Match(match.rule, match.args, call, match.operands, name, slots)
