"""Complex values, of which rules for real numbers would make something wrong.

In: a primal, its derivative, and the uses of rules of which it is not known that numbers are real. Out: the derivative,
which refuses complex arguments, globals and results of functions that nothing is known of, where they would reach one
of these uses.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial

from sct import core, rules
from sct.modes.reverse.signature import replace_body
from sct.nodes import load
from sct.rules.registry import Match, lookup
from sct.rules.template import clone
from sct.simplify import trees
from sct.walk import walk

#: Functions that make complex numbers of real ones, where those are constant.
_COMPLEX = {f"{home}.linalg.{name}" for home in ("numpy", "scipy") for name in ("eig", "eigvals")} | {"numpy.roots"}
_COMPLEX |= {f"scipy.linalg.{name}" for name in ("sqrtm", "logm", "fractional_matrix_power", "schur")}
#: What random generators do, and what is called of containers.
_REAL_METHODS = set("normal uniform random standard_normal integers choice permutation exponential items keys".split())
_REAL_METHODS |= set("values get setdefault pop popitem append extend index count format join split strip".split())
#: What stands for the result of any function that nothing is known of.
_RESULT = "()"


def for_real_numbers(
    functions: Sequence[ast.FunctionDef],
    primal: ast.FunctionDef,
    names: Sequence[str],
    doubted: Sequence[Match],
    is_known: Callable[[str], bool],
) -> tuple[ast.FunctionDef, ...]:
    """Return a derivative, with what it calls, with guards for what may reach what is doubted.

    Guarded are those parameters in `names` and globals for which `is_known` does not hold, where the derivative begins;
    and where they stand attributes and entries of such globals, which need not be there before, and what is got from
    functions that nothing is known of.
    """
    if not doubted:
        return tuple(functions)
    called = {name for match in doubted for name in match.rule.names}
    own, *others = [_Flow(place, called, is_known) for place in (primal, *functions)]
    wanted: list[ast.expr] = [load(n) for n in names if own.reaches(n)]
    outside = {key: part for flow in (*others, own) for key, part in flow.outside.items()}
    doubtful = {key: part for key, part in outside.items() if any(flow.reaches(key) for flow in (own, *others))}
    wanted += [part for part in doubtful.values() if isinstance(part, ast.Name)]
    parts = {key: part for key, part in doubtful.items() if not isinstance(part, ast.Name)}
    guarded = [_guarded(f, parts, flow.reaches(_RESULT)) for f, flow in zip(functions, others, strict=True)]
    entry = guarded[-1]
    calls = [s.value for s in functions[-1].body if isinstance(s, ast.Expr) and isinstance(s.value, ast.Call)]
    if wanted and not any(core.qualname(call.func) == "sct.runtime.require_real" for call in calls):
        first = 1 if ast.get_docstring(entry, clean=False) is not None else 0
        guarded[-1] = replace_body(entry, [*entry.body[:first], _guard(wanted), *entry.body[first:]])
    return tuple(guarded)


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


class _Flow:
    """What flows where in a function. Sources have keys: variables their names, what is outside its text."""

    def __init__(self, place: ast.FunctionDef, called: set[str], is_known: Callable[[str], bool]) -> None:
        nodes = list(walk(place))
        skipped = {id(n.func) for n in nodes if isinstance(n, ast.Call)}
        skipped |= {
            id(n.value) for n in nodes if isinstance(n, (ast.Attribute, ast.Subscript)) and _root(n) is not None
        }
        self.outside: dict[str, ast.expr] = {}
        self._sources: dict[int, str] = {}
        for node in nodes:
            root = _root(node)
            if id(node) not in skipped and root is not None and not is_known(core.qualname(root)):
                self._sources[id(node)] = ast.dump(node)
                self.outside.setdefault(self._sources[id(node)], node)  # type: ignore[arg-type]
        bindings = [(targets, value) for targets, value in map(_binding, nodes) if value is not None]
        self._bindings = [(set(_names(targets)), self._keys(value)) for targets, value in bindings]
        self._calls = [self._keys(n) for n in nodes if isinstance(n, ast.Call) and _may_be(n, called)]

    def reaches(self, key: str) -> bool:
        """Say whether a source may flow into a call of one of the functions, or of one of the user's."""
        flowed, size = {key}, 0
        while len(flowed) > size:
            size = len(flowed)
            for names, keys in self._bindings:
                if not flowed.isdisjoint(keys):
                    flowed |= names
        return any(not flowed.isdisjoint(keys) for keys in self._calls)

    def _keys(self, expr: ast.AST) -> set[str]:
        """Return the keys of all sources in an expression."""
        found = set(_names([expr]))
        for node in walk(expr):
            if id(node) in self._sources:
                found.add(self._sources[id(node)])
            elif _is_opaque(node):
                found.add(_RESULT)
        return found


def _root(node: ast.AST) -> ast.Name | None:
    """Return the global that attributes, and entries under constants, are taken of."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Constant):
            return None
        node = node.value
    return node if isinstance(node, ast.Name) and core.qualname(node).startswith("=") else None


def _guarded(function: ast.FunctionDef, parts: Mapping[str, ast.expr], results: bool) -> ast.FunctionDef:
    """Return a function that looks at parts of globals where it reads them, and at results of unknown functions."""

    def block(body: Sequence[ast.stmt], seen: Collection[str]) -> list[ast.stmt]:
        out: list[ast.stmt] = []
        before = set(seen)
        for stmt in body:
            inside = {id(n) for inner in trees.blocks(stmt) for s in inner for n in walk(s)}
            header = [n for n in walk(stmt) if id(n) not in inside]
            read = {key: n for n in header if (key := _key_of(n)) in parts and key not in before}
            always = {id(n) for n in _surely(stmt)}
            before |= {key for key, n in read.items() if id(n) in always}
            out += [_guard([parts[key]]) for key, n in read.items() if id(n) in always]
            out.append(trees.map_blocks(stmt, partial(block, seen=frozenset(before))))
            bound = list(_names(stmt.targets)) if isinstance(stmt, ast.Assign) else []
            unsure = any(id(n) not in always for n in read.values()) or results and any(map(_is_opaque, header))
            if bound and unsure:
                out.append(_guard([load(n) for n in bound]))
        return out

    return replace_body(function, block(function.body, ())) if parts or results else function


def _key_of(node: ast.AST) -> str:
    return ast.dump(node) if isinstance(node, (ast.Attribute, ast.Subscript)) else ""


def _surely(stmt: ast.stmt) -> Iterator[ast.AST]:
    """Yield what a statement evaluates in any case, before the blocks in it."""
    blocks = {id(s) for inner in trees.blocks(stmt) for s in inner}
    stack: list[ast.AST] = [stmt]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, ast.BoolOp):
            stack.append(node.values[0])
        elif isinstance(node, ast.IfExp):
            stack.append(node.test)
        elif not isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            stack += [part for part in ast.iter_child_nodes(node) if id(part) not in blocks]


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
