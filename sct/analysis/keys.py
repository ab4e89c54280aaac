"""What loops run over: members, or the keys of a dict, of which none is active.

In: the target and the body of a loop, or a function and its kinds. Out: whether a target is a key; and the function
with guards for parameters that a loop runs over as over arrays or lists, where nothing says that they are no dicts.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterable, Iterator, Sequence

from sct import core
from sct.analysis.binding import assigned_names
from sct.analysis.evaluator import as_load
from sct.analysis.infer import Facts
from sct.nodes import load
from sct.walk import Rewriter, header, paired, walk

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
    asked = _InPlace(facts, concerns).visit(node)
    assert isinstance(asked, ast.FunctionDef)
    node = asked
    loops = [*_loops(walk(node)), *((name, False) for name in _into_lists(node, facts))]
    made: list[ast.stmt] = []
    known = [ast.dump(s) for s in node.body[:20]]
    for name, kind in facts.entry.items():
        if name in bound or kind.what != "unknown" or not concerns(name):
            continue
        if any(s.id == name and not key for s, key in loops) and _may_be_dict(name, node, [s for s, _ in loops]):
            guard = _guard(name)
            if ast.dump(guard) not in known:
                made.append(guard)
    if not made:
        return node
    start = 1 if ast.get_docstring(node, clean=False) is not None else 0
    return _with_body(node, [*node.body[:start], *made, *node.body[start:]])


def _with_body(node: ast.FunctionDef, body: list[ast.stmt]) -> ast.FunctionDef:
    fields = {name: getattr(node, name) for name in node._fields} | {"body": body}
    return ast.copy_location(ast.FunctionDef(**fields), node)


class _InPlace(Rewriter):
    """Puts guards before what runs over a variable that is a dict on one way and something else on another."""

    def __init__(self, facts: Facts, concerns: Callable[[str], bool]) -> None:
        self.facts, self.concerns = facts, concerns

    def block(self, stmts: list[ast.stmt]) -> list[ast.stmt]:
        """Return a block with the guards; the one that is given where it needs none."""
        out: list[ast.stmt] = []
        for stmt in stmts:
            asked = map(_guard, sorted(self.unsure(stmt)))
            out += [guard for guard in asked if ast.dump(guard) not in map(ast.dump, out[-1:])]
            made = self.visit(stmt)
            assert isinstance(made, ast.stmt)
            out.append(made)
        same = len(out) == len(stmts) and all(a is b for a, b in zip(out, stmts, strict=True))
        return stmts if same else out

    def unsure(self, stmt: ast.stmt) -> set[str]:
        """Return the names of what the head of a statement runs over, and nothing says whether it is a dict."""
        if isinstance(stmt, (ast.FunctionDef, ast.ClassDef)):
            return set()
        over = [name for name, key in _loops(header(stmt)) if not key and self.concerns(name.id)]
        return {name.id for name in over if "dict" in self.facts.kind(stmt, name).among}

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Return a statement, a handler or a case with guards in its blocks."""
        if not isinstance(node, (ast.stmt, ast.ExceptHandler, ast.match_case)):
            return node
        made: dict[str, object] = {}
        for field in ("body", "orelse", "finalbody"):
            if found := getattr(node, field, None):
                made[field] = self.block(found)
        for field in ("handlers", "cases"):
            if found := getattr(node, field, None):
                parts = [self.visit(part) for part in found]
                made[field] = parts if any(map(operator.is_not, parts, found)) else found
        if all(getattr(node, field) is value for field, value in made.items()):
            return node
        return ast.copy_location(type(node)(**{**vars(node), **made}), node)


def _guard(name: str) -> ast.stmt:
    return ast.Expr(value=ast.Call(core.ref(_GUARD), [ast.Constant(value=name), load(name)], []))


def _loops(nodes: Iterable[ast.AST]) -> Iterator[tuple[ast.Name, bool]]:
    """Yield the names that loops and functions run over, each with whether that gives keys."""
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
        elif isinstance(part, ast.Starred) and isinstance(part.value, ast.Name) and isinstance(part.ctx, ast.Load):
            yield part.value, False
        elif isinstance(part, ast.Call) and _runs(part) and id(part) not in sources:
            yield from ((a, False) for a in part.args if isinstance(a, ast.Name) and not core.is_ref(a))


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


def _taken_apart(target: ast.expr, value: ast.expr) -> Iterator[ast.Name]:
    """Yield the names whose members a target takes."""
    if not isinstance(target, (ast.Tuple, ast.List)):
        return
    if isinstance(value, ast.Name) and not core.is_ref(value):
        yield value
    for sub, part in paired(target, value):
        yield from _taken_apart(sub, part)


def _leaves(target: ast.expr, source: ast.expr, inside: Sequence[ast.AST]) -> Iterator[tuple[ast.Name, bool]]:
    """Yield the names that a loop runs over, one by one or several at once, each with whether that gives keys."""
    name = core.qualname(source.func) if isinstance(source, ast.Call) else ""
    args = source.args if isinstance(source, ast.Call) else []
    elts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else []
    if name == "builtins.enumerate" and len(elts) == 2 and args:
        yield from _leaves(elts[1], args[0], inside)
    elif name == "builtins.zip" and len(elts) == len(args):
        for sub, arg in zip(elts, args, strict=True):
            yield from _leaves(sub, arg, inside)
    elif (over := run_over(source)) is not None:
        yield over, is_key(target, source, inside)


def run_over(source: ast.expr) -> ast.Name | None:
    """Return the name of what a loop runs over, as it is or sorted."""
    while isinstance(source, ast.Call) and len(source.args) == 1 and core.qualname(source.func) in RUNNING:
        source = source.args[0]
    return source if isinstance(source, ast.Name) and not core.is_ref(source) else None


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
