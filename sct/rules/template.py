"""The bodies of rules, read as templates from their source, and the small algebra that keeps instances readable.

In: the function that declares a rule. Out: expressions with the arguments of one use in place of the parameters.
A body is never executed. ``np.`` in it stands for NumPy, or for `math` where the rule was matched by a function of
`math`, and ``math.`` for `math`; every other free name is a helper of `sct.runtime` or a built-in.
"""

from __future__ import annotations

import ast
import builtins
import linecache
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

from sct.core import is_ref, qualname, ref
from sct.walk import names as names_in

Number = int | float

# NumPy's names where those of `math` differ. `sign` is a helper: `math` has none.
_MATH_NAMES = {
    "absolute": "math.fabs",
    "abs": "math.fabs",
    "arccos": "math.acos",
    "arccosh": "math.acosh",
    "arcsin": "math.asin",
    "arcsinh": "math.asinh",
    "arctan": "math.atan",
    "arctanh": "math.atanh",
    "arctan2": "math.atan2",
    "sign": "sct.runtime.sign",
}


@dataclass(frozen=True)
class Parameter:
    """One parameter of a rule: its name, its default as an expression, whether it must be given by keyword."""

    name: str
    default: ast.expr | None = None
    keyword_only: bool = False
    variadic: bool = False


@dataclass(frozen=True)
class Template:
    """What a rule's function says: the results it names first, the parameters, an expression for each operand."""

    results: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    parts: tuple[ast.expr, ...]
    outside: tuple[tuple[str, ast.expr], ...] = ()  # what a user's rule reads of its own module


@cache
def _definitions(path: str) -> dict[int, ast.FunctionDef]:
    """Return the functions in a file by the line on which they start, decorators included."""
    tree = ast.parse("".join(linecache.getlines(path)))
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            found[min([node.lineno, *(d.lineno for d in node.decorator_list)])] = node
    return found


@cache
def read(function: Callable[..., Any] | Template) -> Template:
    """Read the template that is the source of `function`."""
    if isinstance(function, Template):
        return function
    code = function.__code__
    return template(_definitions(code.co_filename)[code.co_firstlineno], dict(_outside(function)))


def template(node: ast.FunctionDef, outside: Mapping[str, ast.expr]) -> Template:
    """Return the template that a definition is; `outside` is what the names of its module stand for."""
    parameters = _parameters(node.args)
    results = tuple(p.name for p in parameters if p.name in ("y", "y_bar"))
    value = node.body[-1].value if isinstance(node.body[-1], ast.Return) else None
    parts = () if value is None else tuple(value.elts) if isinstance(value, ast.Tuple) else (value,)
    read_here: set[str] = set().union(*map(names, parts))
    kept = tuple((name, target) for name, target in outside.items() if name in read_here)
    return Template(results, tuple(p for p in parameters if p.name not in results), parts, kept)


def _outside(function: Callable[..., Any]) -> Iterator[tuple[str, ast.expr]]:
    """Yield the modules and functions of the module of a user's rule, with what stands for them."""
    if function.__module__.startswith("sct.rules."):
        return
    for name, value in function.__globals__.items():
        if name in ("np", "math", "scipy"):
            continue
        if isinstance(value, ModuleType):
            yield name, ref(value.__name__)
        elif isinstance(value, FunctionType) or type(value).__name__ == "ufunc":
            module = getattr(value, "__module__", None) or "numpy"
            if not module.startswith("sct."):
                yield name, ref(f"{module}.{value.__name__}")


def _parameters(args: ast.arguments) -> tuple[Parameter, ...]:
    positional = [*args.posonlyargs, *args.args]
    defaults = [None] * (len(positional) - len(args.defaults)) + list(args.defaults)
    found = [Parameter(a.arg, d) for a, d in zip(positional, defaults, strict=True)]
    if args.vararg:
        found.append(Parameter(args.vararg.arg, variadic=True))
    found += [Parameter(a.arg, d, keyword_only=True) for a, d in zip(args.kwonlyargs, args.kw_defaults, strict=True)]
    return tuple(found)


@cache
def _helpers() -> dict[str, tuple[Parameter, ...]]:
    """Return the parameters of the helpers in `sct.runtime`."""
    from sct import runtime

    return {name: _signature(getattr(runtime, name)) for name in runtime.__all__}


def _signature(function: Callable[..., Any]) -> tuple[Parameter, ...]:
    """Return the parameters that can be given by position."""
    code = function.__code__
    positional, defaults = code.co_varnames[: code.co_argcount], function.__defaults__ or ()
    given: list[ast.expr | None] = [None] * (len(positional) - len(defaults))
    given += [negate(ast.Constant(value=-v)) if type(v) is int and v < 0 else ast.Constant(value=v) for v in defaults]
    return tuple(Parameter(name, default) for name, default in zip(positional, given, strict=True))


def helper(name: str, *arguments: ast.expr) -> ast.expr:
    """Return a call of a helper of `sct.runtime`, without trailing arguments that are its defaults."""
    parameters = _helpers()[name]
    kept = list(arguments)
    while kept and len(kept) <= len(parameters) and same(kept[-1], parameters[len(kept) - 1].default):
        kept.pop()
    return ast.Call(func=ref(f"sct.runtime.{name}"), args=kept, keywords=[])


def call(qualname: str, *arguments: ast.expr, **keywords: ast.expr) -> ast.expr:
    """Return a call of the function with this qualified name."""
    return ast.Call(
        func=ref(qualname), args=list(arguments), keywords=[ast.keyword(arg=k, value=v) for k, v in keywords.items()]
    )


def clone(node: ast.expr) -> ast.expr:
    """Return a copy of an expression, without its place in the source."""
    return _copy(node)  # type: ignore[no-any-return]


def _copy(value: Any) -> Any:
    if isinstance(value, ast.Name):
        return ast.Name(id=value.id, ctx=value.ctx)
    if isinstance(value, ast.Constant):
        return ast.Constant(value=value.value)
    if isinstance(value, ast.AST):
        return type(value)(**{name: _copy(field) for name, field in ast.iter_fields(value)})
    return [_copy(item) for item in value] if isinstance(value, list) else value


def same(a: ast.AST | None, b: ast.AST | None) -> bool:
    """Say whether two expressions are the same, places and spellings apart."""
    return a is not None and b is not None and type(a) is type(b) and ast.dump(a) == ast.dump(b)


def names(node: ast.AST) -> set[str]:
    """Return the ids of all names in an expression."""
    return names_in(node)


class _Instance:
    """Builds one instance of a template part."""

    def __init__(self, env: Mapping[str, ast.expr], module: str, left_out: Set[str]) -> None:
        self.env = env
        self.module = module
        self.left_out = left_out

    def build(self, node: ast.expr) -> ast.expr:
        method: Callable[[Any], ast.expr] = getattr(self, f"_{type(node).__name__}", self._other)
        return method(node)

    def _Name(self, node: ast.Name) -> ast.expr:
        if node.id in self.env:
            return clone(self.env[node.id])
        if node.id in _helpers():
            return ref(f"sct.runtime.{node.id}")
        if hasattr(builtins, node.id):
            return ref(f"builtins.{node.id}")
        raise NameError(f"a rule reads {node.id}, which is neither a parameter nor a helper")

    def _Attribute(self, node: ast.Attribute) -> ast.expr:
        path = ast.unparse(node)
        if path.startswith(("math.", "scipy.")):
            return ref(path)
        if not path.startswith("np."):
            value = self.build(node.value)
            if is_ref(value):
                return ref(f"{qualname(value)}.{node.attr}")
            return ast.Attribute(value=value, attr=node.attr, ctx=ast.Load())
        name = path[3:]
        if self.module == "numpy":
            return ref(f"numpy.{name}")
        if self.module == "math" and (name in _MATH_NAMES or hasattr(math, name)):
            return ref(_MATH_NAMES.get(name, f"math.{name}"))
        return ref("sct.runtime.sign" if name == "sign" else f"numpy.{name}")

    def _BinOp(self, node: ast.BinOp) -> ast.expr:
        return binary(node.op, self.build(node.left), self.build(node.right))

    def _UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        operand = self.build(node.operand)
        return negate(operand) if isinstance(node.op, ast.USub) else ast.UnaryOp(op=node.op, operand=operand)

    def _Call(self, node: ast.Call) -> ast.expr:
        func = self.build(node.func)
        args = [self.build(a) for a in node.args]
        if isinstance(node.func, ast.Name) and node.func.id in _helpers():
            return helper(node.func.id, *args)
        keywords = []
        for keyword in node.keywords:
            value = self.build(keyword.value)
            # A keyword that the user left out, or gave its default, is left out here too.
            absent = isinstance(value, ast.Constant) and value.value is None
            name = keyword.value.id if isinstance(keyword.value, ast.Name) else ""
            if not (name and (absent or name in self.left_out)):
                keywords.append(ast.keyword(arg=keyword.arg, value=value))
        return ast.Call(func=func, args=args, keywords=keywords)

    def _other(self, node: ast.expr) -> ast.expr:
        fields: dict[str, Any] = {}
        for name, value in ast.iter_fields(node):
            if isinstance(value, list):
                fields[name] = [self.build(v) if isinstance(v, ast.expr) else v for v in value]
            else:
                fields[name] = self.build(value) if isinstance(value, ast.expr) else value
        return type(node)(**fields)


def instantiate(part: ast.expr, env: Mapping[str, ast.expr], module: str, left_out: Set[str] = frozenset()) -> ast.expr:
    """Return a template part with the expressions of `env` for its names, in the terms of `module`.

    `module` is the module whose function was matched: "math", "numpy", or another, which means operators. `left_out`
    are the parameters that have their defaults, which `env` has too.
    """
    return _Instance(env, module, left_out).build(part)


# The algebra: what a careful human would fold


def number(node: ast.AST | None) -> Number | None:
    """Return the number that an expression spells, None for any other expression."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = number(node.operand)
        return None if value is None else -value
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        return node.value
    return None


def constant(value: Number) -> ast.expr:
    """Return the expression that spells a number."""
    if value < 0:
        return ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=-value))
    return ast.Constant(value=value)


def negate(node: ast.expr) -> ast.expr:
    """Return ``-node``."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return node.operand
    return ast.UnaryOp(op=ast.USub(), operand=node)


def _take_sign(node: ast.expr) -> tuple[ast.expr, bool]:
    """Return an expression without the minus that leads it, and whether there was one."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return node.operand, True
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div)):
        left, minus = _take_sign(node.left)
        if minus:
            return binary(node.op, left, node.right), True
    return node, False


def binary(op: ast.operator, left: ast.expr, right: ast.expr) -> ast.expr:
    """Return ``left op right``, folded where that reads better."""
    a, b = number(left), number(right)
    if isinstance(op, ast.Mult):
        if isinstance(a, float) and b is not None or isinstance(b, float) and a is not None:
            return constant(a * b)
        for one, other in ((a, right), (b, left)):
            if isinstance(one, int) and abs(one) == 1:  # 1.0 makes floats of integers
                return other if one == 1 else negate(other)
    if isinstance(op, (ast.Add, ast.Sub)):
        if b == 0:
            return left
        if isinstance(a, int) and isinstance(b, int):
            return constant(a + b if isinstance(op, ast.Add) else a - b)
        if a is not None and b is not None and isinstance(op, ast.Sub):
            return constant(a - b)
    if isinstance(op, ast.Div) and b == 1:
        return left
    if isinstance(op, ast.Pow) and b in (0, 1):
        return left if b else constant(1)
    return ast.BinOp(left=left, op=op, right=right)


def add_terms(terms: Iterable[ast.expr]) -> ast.expr:
    """Return the sum of the terms: a leading minus becomes a subtraction, a common denominator is shared."""
    total: ast.expr | None = None
    for term in terms:
        total = term if total is None else _plus(total, term)
    assert total is not None
    return total


def _plus(a: ast.expr, b: ast.expr) -> ast.expr:
    match a, b:
        case ast.BinOp(left=p, op=ast.Div(), right=d), ast.BinOp(left=q, op=ast.Div(), right=e) if same(d, e):
            return ast.BinOp(left=_plus(p, q), op=ast.Div(), right=d)
        case ast.Call(func=f, args=[p, d]), ast.Call(func=g, args=[q, e]) if _scales(a) and same(f, g) and same(d, e):
            return ast.Call(func=f, args=[_plus(p, q), d], keywords=[])
    bare, minus = _take_sign(b)
    return ast.BinOp(left=a, op=ast.Sub() if minus else ast.Add(), right=bare if minus else b)


# The helpers that scale the seed which is their first argument.
_SCALING = {f"sct.runtime.{name}" for name in ("over", "kinked", "times", "power_slope", "exponent_slope")}


def _scales(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.partition(":")[0] in _SCALING


def scale(partial: ast.expr, seed: ast.expr, *, guarded: bool = False) -> ast.expr:
    """Return a partial derivative times a seed.

    A quotient divides the seed last and a scaling helper takes it in. Where `guarded`, a zero seed gives zero
    whatever the partial derivative is.
    """
    if number(partial) is not None:
        return binary(ast.Mult(), partial, seed)
    if isinstance(partial, ast.UnaryOp) and isinstance(partial.op, ast.USub) and (guarded or _scales(partial.operand)):
        return negate(scale(partial.operand, seed, guarded=guarded))
    if isinstance(partial, ast.Call) and _scales(partial):
        return ast.Call(func=partial.func, args=[scale(partial.args[0], seed), *partial.args[1:]], keywords=[])
    if isinstance(partial, ast.BinOp) and isinstance(partial.op, ast.Div):
        if guarded:
            return helper("over", scale(partial.left, seed, guarded=True), partial.right)
        return binary(ast.Div(), scale(partial.left, seed), partial.right)
    if guarded:
        return helper("times", seed, partial)
    return binary(ast.Mult(), partial, seed)
