"""What loops run over: members, or the keys of a dict, of which none is active.

In: the target and the body of a loop, or a function and its kinds. Out: whether a target is a key; and the function
with guards for parameters that a loop runs over as over arrays or lists, where nothing says that they are no dicts.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence

from sct import core
from sct.analysis.binding import assigned_names
from sct.analysis.evaluator import as_load
from sct.analysis.infer import Facts
from sct.analysis.placing import placed
from sct.nodes import changed, load
from sct.walk import clone, header, paired, root_name, walk

_GUARD = "sct.runtime.require_sequence"
#: Functions that run over the members of what they are given.
RUNNING = frozenset(
    f"builtins.{n}" for n in "sum max min list tuple sorted enumerate reversed zip map filter any all iter".split()
)
_ASKING = ("builtins.len", "builtins.isinstance")


def is_key(target: ast.expr, source: ast.expr, inside: Sequence[ast.AST]) -> bool:
    """Say whether the target of a loop finds members of what the loop runs over, as no active value can.

    One that only finds things elsewhere is a key too; a number that is computed with may be one in a dict of results.
    """
    if not isinstance(target, ast.Name) or target.id in assigned_names([n for n in inside if isinstance(n, ast.stmt)]):
        return False
    found, reads = _uses(target.id, inside)
    return finds_members(target, source, inside) or bool(found) and reads == len(found)


def finds_members(target: ast.expr, source: ast.expr, inside: Sequence[ast.AST]) -> bool:
    """Say whether the target of a loop finds members of the very thing that the loop runs over."""
    over = run_over(source)
    if over is None or not isinstance(target, ast.Name):
        return False
    return any(_is_name(n.value, over.id) for n in _uses(target.id, inside)[0])


def _uses(name: str, inside: Sequence[ast.AST]) -> tuple[list[ast.Subscript], int]:
    """Return what is found by a name, and how often it is mentioned."""
    nodes = [n for part in inside for n in walk(part)]
    found = [n for n in nodes if isinstance(n, ast.Subscript) and _is_name(n.slice, name)]
    return found, sum(_is_name(n, name) for n in nodes)


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def guarded(node: ast.FunctionDef, facts: Facts, concerns: Callable[[str], bool]) -> ast.FunctionDef:
    """Return a function that refuses dicts where a loop would run over their keys; `concerns` says where it matters."""
    bound = set(assigned_names(node.body))
    node = changed(node, body=placed(node.body, lambda stmt: (_asked(stmt, facts, concerns), []), {}))
    named = ((place, key) for place, key in _loops(walk(node)) if isinstance(place, ast.Name))
    loops = [*named, *((name, False) for name in _into_lists(node, facts))]
    made: list[ast.stmt] = []
    known = [ast.dump(s) for s in node.body[:20]]
    for name, kind in facts.entry.items():
        if name in bound or kind.what != "unknown" or not concerns(name):
            continue
        if any(s.id == name and not key for s, key in loops) and _may_be_dict(name, node, [s for s, _ in loops]):
            guard = _guard(load(name))
            if ast.dump(guard) not in known:
                made.append(guard)
    if not made:
        return node
    start = 1 if ast.get_docstring(node, clean=False) is not None else 0
    return changed(node, body=[*node.body[:start], *made, *node.body[start:]])


def _asked(stmt: ast.stmt, facts: Facts, concerns: Callable[[str], bool]) -> list[ast.stmt]:
    """Return guards of what the head of a statement runs over, where it is a dict on one way and not on another."""
    if isinstance(stmt, (ast.FunctionDef, ast.ClassDef)):
        return []
    over = [place for place, key in _loops(header(stmt)) if not key and concerns(root_name(place) or "")]
    unsure = {ast.unparse(place): place for place in over if "dict" in facts.kind(stmt, place).among}
    return [_guard(place) for _, place in sorted(unsure.items())]


def _guard(place: ast.expr) -> ast.stmt:
    title = ast.Constant(value=ast.unparse(place))
    return ast.Expr(value=ast.Call(core.ref(_GUARD), [title, clone(place)], []))


def _loops(nodes: Iterable[ast.AST]) -> Iterator[tuple[ast.expr, bool]]:
    """Yield the names and the parts of them that loops and functions run over, each with whether that gives keys."""
    sources: set[int] = set()
    for part in nodes:
        if isinstance(part, (ast.For, ast.comprehension)):
            sources |= {id(n) for n in walk(part.iter)}
        if isinstance(part, ast.For):
            yield from _leaves(part.target, part.iter, part.body)
        elif isinstance(part, (ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp)):
            inside = [part.key, part.value] if isinstance(part, ast.DictComp) else [part.elt]
            for generator in part.generators:
                yield from _leaves(generator.target, generator.iter, [*inside, *generator.ifs])
        elif isinstance(part, ast.Assign):
            yield from ((name, False) for t in part.targets for name in _taken_apart(t, part.value))
        elif isinstance(part, ast.Starred) and _is_place(part.value) and isinstance(part.ctx, ast.Load):
            yield part.value, False
        elif isinstance(part, ast.Call) and _runs(part) and id(part) not in sources:
            yield from ((a, False) for a in part.args if _is_place(a))


def _into_lists(node: ast.AST, facts: Facts) -> Iterator[ast.Name]:
    """Yield the names whose members come into a list: ``l += d``, ``l[1:] = d``."""
    for part in walk(node):
        if isinstance(part, ast.AugAssign) and isinstance(part.op, ast.Add):
            grown: ast.expr | None = as_load(part.target)
        elif isinstance(part, ast.Assign) and isinstance(target := part.targets[0], ast.Subscript):
            grown = target.value if isinstance(target.slice, ast.Slice) else None
        else:
            continue
        if grown is not None and isinstance(part.value, ast.Name) and facts.kind(part, grown).what == "list":
            yield part.value


def _runs(call: ast.Call) -> bool:
    extends = isinstance(call.func, ast.Attribute) and call.func.attr == "extend"
    return extends or core.qualname(call.func) in RUNNING


def _is_place(expr: ast.expr) -> bool:
    """Say whether an expression is a name or a part of one, which reads the same a second time."""
    return root_name(expr) is not None and not any(isinstance(n, ast.Call) for n in walk(expr))


def _taken_apart(target: ast.expr, value: ast.expr) -> Iterator[ast.expr]:
    """Yield the names whose members a target takes, and the parts of names."""
    if not isinstance(target, (ast.Tuple, ast.List)):
        return
    if _is_place(value):
        yield value
    for sub, part in paired(target, value):
        yield from _taken_apart(sub, part)


def _leaves(target: ast.expr, source: ast.expr, inside: Sequence[ast.AST]) -> Iterator[tuple[ast.expr, bool]]:
    """Yield the names and their parts that a loop runs over, one by one or at once, each with whether it gives keys."""
    name = core.qualname(source.func) if isinstance(source, ast.Call) else ""
    args = source.args if isinstance(source, ast.Call) else []
    elts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else []
    if name == "builtins.enumerate" and len(elts) == 2 and args:
        yield from _leaves(elts[1], args[0], inside)
    elif name == "builtins.zip" and len(elts) == len(args):
        for sub, arg in zip(elts, args, strict=True):
            yield from _leaves(sub, arg, inside)
    elif _is_place(over := _unsorted(source)):
        yield over, is_key(target, source, inside)


def run_over(source: ast.expr) -> ast.Name | None:
    """Return the name of what a loop runs over, as it is or sorted."""
    over = _unsorted(source)
    return over if isinstance(over, ast.Name) and not core.is_ref(over) else None


def _unsorted(source: ast.expr) -> ast.expr:
    """Return what gives a loop its members, whatever puts them in order."""
    while isinstance(source, ast.Call) and len(source.args) == 1 and core.qualname(source.func) in RUNNING:
        source = source.args[0]
    return source


def _may_be_dict(name: str, node: ast.AST, loops: Iterable[ast.Name]) -> bool:
    """Say whether nothing that is done with a name would fail for a dict."""
    fine = {id(s) for s in loops}
    for part in walk(node):
        if isinstance(part, ast.Subscript):
            steps = part.slice.elts if isinstance(part.slice, ast.Tuple) else [part.slice]
            if len(steps) == 1 and not isinstance(steps[0], ast.Slice):
                fine.add(id(part.value))
        elif isinstance(part, ast.Attribute) and part.attr in ("get", "items", "values", "keys", "copy", "update"):
            fine.add(id(part.value))
        elif isinstance(part, ast.Call):
            asks = core.qualname(part.func).startswith(("@", "sct.runtime.")) or core.qualname(part.func) in _ASKING
            fine |= {id(a) for a in part.args} if asks else set()
        elif isinstance(part, ast.Compare):
            fine |= {id(c) for c in part.comparators}
    return all(id(n) in fine for n in walk(node) if isinstance(n, ast.Name) and n.id == name)
