"""Complex values, of which rules for real numbers would make something wrong.

In: a primal, its derivative, and the uses of rules of which it is not known that numbers are real. Out: the derivative,
which refuses complex arguments, globals and results of functions that nothing is known of, where they would reach one
of these uses.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence

from sct import core, rules
from sct.nodes import load
from sct.rules.registry import Match, lookup
from sct.rules.template import clone
from sct.simplify import trees
from sct.walk import walk

Source = Callable[[ast.AST], bool]

#: Functions that make complex numbers of real ones, where those are constant.
_COMPLEX = {f"{home}.linalg.{name}" for home in ("numpy", "scipy") for name in ("eig", "eigvals")} | {"numpy.roots"}
_COMPLEX |= {f"scipy.linalg.{name}" for name in ("sqrtm", "logm", "fractional_matrix_power", "schur")}
#: What random generators do, and what is called of containers.
_REAL_METHODS = set("normal uniform random standard_normal integers choice permutation exponential items keys".split())
_REAL_METHODS |= set("values get setdefault pop popitem append extend index count format join split strip".split())


def for_real_numbers(
    functions: Sequence[ast.FunctionDef],
    primal: ast.FunctionDef,
    names: Sequence[str],
    doubted: Sequence[Match],
    is_known: Callable[[str], bool],
) -> tuple[ast.FunctionDef, ...]:
    """Return a derivative, with what it calls, with guards for what may reach what is doubted.

    Guarded are those parameters in `names`, globals for which `is_known` does not hold, and what is got from functions
    that nothing is known of.
    """
    if not doubted:
        return tuple(functions)
    called = {name for match in doubted for name in match.rule.names}
    places = [*functions, primal]
    wanted: list[ast.expr] = [load(n) for n in names if reaches(_is_name(n), [primal], called)]
    wanted += [part for part in _outside(places, is_known) if reaches(_equals(part), places, called)]
    functions = tuple(_with_results_guarded(f, called) for f in functions)
    calls = [s.value for s in functions[-1].body if isinstance(s, ast.Expr) and isinstance(s.value, ast.Call)]
    if not wanted or any(core.qualname(call.func) == "sct.runtime.require_real" for call in calls):
        return functions
    entry = functions[-1]
    first = 1 if ast.get_docstring(entry, clean=False) is not None else 0
    return *functions[:-1], _with_body(entry, [*entry.body[:first], _guard(wanted), *entry.body[first:]])


def _guard(wanted: Sequence[ast.expr]) -> ast.stmt:
    said = ", ".join(_spelled(part) for part in wanted)
    args = [ast.Constant(value=said), *map(clone, wanted)]
    return ast.Expr(value=ast.Call(func=core.ref("sct.runtime.require_real"), args=args, keywords=[]))


def _spelled(part: ast.expr) -> str:
    if core.is_ref(part):
        return core.spelling(part)
    if isinstance(part, ast.Attribute):
        return f"{_spelled(part.value)}.{part.attr}"
    if isinstance(part, ast.Subscript):
        return f"{_spelled(part.value)}[{ast.unparse(part.slice)}]"
    return ast.unparse(part)


def _with_body(function: ast.FunctionDef, body: list[ast.stmt]) -> ast.FunctionDef:
    fields = {field: getattr(function, field) for field in function._fields} | {"body": body}
    return ast.copy_location(ast.FunctionDef(**fields), function)


def reaches(is_source: Source, places: Iterable[ast.FunctionDef], called: set[str]) -> bool:
    """Say whether something may flow into a call of one of these functions, or of one of the user's."""
    return any(_reaches_in(is_source, place, called) for place in places)


def _reaches_in(is_source: Source, place: ast.FunctionDef, called: set[str]) -> bool:
    flowed: set[str] = set()
    nodes = list(walk(place))
    bindings = [(targets, value) for targets, value in map(_binding, nodes) if value is not None]

    def holds(node: ast.AST) -> bool:
        return any(is_source(n) or isinstance(n, ast.Name) and n.id in flowed for n in walk(node))

    size = -1
    while len(flowed) > size:
        size = len(flowed)
        for targets, value in bindings:
            if holds(value):
                flowed |= set(_names(targets))
    return any(isinstance(n, ast.Call) and _may_be(n, called) and holds(n) for n in nodes)


def _is_name(name: str) -> Source:
    return lambda node: isinstance(node, ast.Name) and node.id == name


def _equals(part: ast.expr) -> Source:
    text = ast.dump(part)
    return lambda node: type(node) is type(part) and ast.dump(node) == text


def _outside(places: Iterable[ast.FunctionDef], is_known: Callable[[str], bool]) -> list[ast.expr]:
    """Return the globals that are read, each once, with the attributes and entries that are taken of them."""
    found: dict[str, ast.expr] = {}
    for place in places:
        inner: set[int] = set()
        for node in walk(place):
            if id(node) in inner or not isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
                continue
            inner |= {id(part) for part in walk(node)}
            root = _root(node)
            if isinstance(root, ast.Name) and core.qualname(root).startswith("=") and not is_known(core.qualname(root)):
                if isinstance(node.ctx, ast.Load):
                    found.setdefault(ast.dump(node), node)
    called = {ast.dump(n.func) for place in places for n in walk(place) if isinstance(n, ast.Call)}
    return [part for text, part in found.items() if text not in called]


def _root(node: ast.expr) -> ast.expr | None:
    """Return what attributes and entries under constants are taken of."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Constant):
            return None
        node = node.value
    return node


def _with_results_guarded(function: ast.FunctionDef, called: set[str]) -> ast.FunctionDef:
    """Return a function that looks at what it gets from functions that nothing is known of, where that may matter."""
    if not any(map(_is_opaque, walk(function))):
        return function
    if not reaches(_is_opaque, [function], called):
        return function
    done: set[str] = set()

    def block(body: Sequence[ast.stmt]) -> list[ast.stmt]:
        out: list[ast.stmt] = []
        for stmt in body:
            out.append(trees.map_blocks(stmt, block))
            if isinstance(stmt, ast.Assign) and ast.dump(stmt) not in done and any(map(_is_opaque, walk(stmt.value))):
                done.add(ast.dump(stmt))
                names = list(_names(stmt.targets))
                out += [_guard([load(n) for n in names])] if names else []
        return out

    return _with_body(function, block(function.body))


def _is_opaque(node: ast.AST) -> bool:
    """Say whether this is a call of a function that nothing is known of, or that makes complex numbers of real ones."""
    if not isinstance(node, ast.Call):
        return False
    name = core.qualname(node.func)
    if name:
        own = name.startswith(("@", "!", "sct.", "builtins.", "math.", "numpy.random."))
        return name in _COMPLEX or not own and not (lookup(name) and _is_followed(node))
    if not isinstance(node.func, ast.Attribute):
        return True  # a function that a variable holds, or that a function returned
    return node.func.attr not in _REAL_METHODS and not lookup(f"numpy.ndarray.{node.func.attr}")


def _is_followed(call: ast.Call) -> bool:
    """Say whether a rule holds for the arguments of a call: of others, as of some dtypes, the result is not known."""
    try:
        return rules.match(call) is not None
    except rules.Unsupported:
        return False


def _binding(node: ast.AST) -> tuple[list[ast.AST], ast.AST | None]:
    """Return what a node binds, and to what."""
    if isinstance(node, ast.Assign):
        return list(node.targets), node.value
    if isinstance(node, (ast.AugAssign, ast.AnnAssign, ast.NamedExpr)):
        return [node.target], node.value
    if isinstance(node, (ast.For, ast.comprehension)):
        return [node.target], node.iter
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return [node.func.value], node  # what a method is given may stay in its object
    return [], None


def _may_be(call: ast.Call, called: set[str]) -> bool:
    if isinstance(call.func, ast.Attribute):
        return f"numpy.ndarray.{call.func.attr}" in called
    name = core.qualname(call.func)
    declared = lookup(name)
    written_out = bool(declared) and all(rule.kind == "composite" for rule in declared)
    return not name or name.startswith(("@", "?", "!")) or name in called or written_out


def _names(nodes: Iterable[ast.AST]) -> Iterable[str]:
    return (n.id for node in nodes for n in walk(node) if isinstance(n, ast.Name) and ":" not in n.id)
