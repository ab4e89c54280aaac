"""Iterators that have names: what reads one first uses it up.

In: the statements of a function. Out: the same, in which an iterator that is read once is a list; one that is read
again is refused, because a list in its place would give its members twice.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator

from sct import core
from sct.analysis import purity
from sct.frontend.evaluation import reads_nothing, taken_late
from sct.frontend.functional import takes_turns
from sct.nodes import changed
from sct.walk import blocks, given, header, root_name, walk

_MAKERS = frozenset(f"builtins.{n}" for n in ("iter", "map", "filter", "zip", "enumerate", "reversed"))
_LAZY = ("builtins.map", "builtins.filter", "numpy.ndenumerate")
_VIEWS = ("values", "items", "keys")
_LOOPS = (ast.For, ast.While, ast.GeneratorExp, ast.ListComp, ast.SetComp, ast.DictComp, ast.Lambda, ast.FunctionDef)


Refused = Callable[[str, ast.AST, str], Exception]
Definition = Callable[[str], "ast.FunctionDef | None"]
CalledBy = Callable[["ast.expr | None"], "ast.FunctionDef | None"]


def listed(stmts: list[ast.stmt], refused: Refused, definition: Definition) -> list[ast.stmt]:
    """Return statements in which named iterators that are read once are lists; `definition` finds functions."""
    nodes = [n for s in stmts for n in walk(s)]
    inner = {n.name: n for n in nodes if isinstance(n, ast.FunctionDef)}

    def called_by(value: ast.expr | None) -> ast.FunctionDef | None:
        if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Name):
            return None
        key = core.qualname(value.func)
        return definition(key) if key.startswith("@") else inner.get(value.func.id)

    def is_iterator(value: ast.expr | None) -> bool:
        called = called_by(value)
        return _is_iterator(value) or called is not None and _gives_iterator(called)

    for node in nodes:
        if isinstance(node, (ast.Tuple, ast.List, ast.Dict)):
            for member in node.values if isinstance(node, ast.Dict) else node.elts:
                if _is_iterator(member):
                    raise refused("an iterator is put into a container here", member, "Make it a list.")
        elif isinstance(node, ast.Call):
            _check_star(node, refused)
            if (called := called_by(node)) is not None:
                _check_call(node, refused, called)
    for node in nodes:
        if isinstance(node, ast.For):
            _check_loop(node, refused, stmts, called_by)
    bound = [n for n in nodes if isinstance(n, ast.Assign) and len(n.targets) == 1 and is_iterator(n.value)]
    named = [n for n in bound if isinstance(n.targets[0], ast.Name)]
    if not named:
        return stmts
    bindings = Counter(n.targets[0].id for n in named if isinstance(n.targets[0], ast.Name))
    stepped = [
        n.args[0] for n in nodes if isinstance(n, ast.Call) and core.qualname(n.func) == "builtins.next" and n.args
    ]
    by_hand = {a.id for a in stepped if isinstance(a, ast.Name)}
    _check_steps(nodes, refused, by_hand)
    around = _loops(stmts)
    made: dict[ast.stmt, ast.stmt | None] = {}
    sources: dict[ast.stmt, ast.expr] = {}  # what loops go over instead of a name
    for stmt in named:
        name = stmt.targets[0].id  # type: ignore[attr-defined]
        reads = [n for n in nodes if isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load)]
        if name in by_hand:
            continue
        again = any(not around[id(n)] <= around[id(stmt)] for n in reads)
        if again or len(reads) > bindings[name]:
            reason = f"'{name}' is an iterator, which is used up by what reads it first"
            raise refused(reason, stmt, "Make it a list.")
        for read in reads:
            if (write := _written_before(stmts, stmt, read, called_by)) is not None:
                raise refused(
                    f"'{name}' is an iterator, and what it reads is changed before it is read", write, "Make it a list."
                )
        loop = next((n for n in nodes if isinstance(n, ast.For) and any(n.iter is r for r in reads)), None)
        if loop is not None and bindings[name] == 1 and _may_wait(stmts, stmt, loop):
            made[stmt] = None
            sources[loop] = stmt.value
        else:
            made[stmt] = ast.copy_location(changed(stmt, value=_as_list(stmt.value)), stmt)
    return _block(stmts, made, sources)


_AT_ONCE = frozenset(f"builtins.{name}" for name in "list tuple sorted set sum min max any all dict".split())


def _check_star(call: ast.Call, refused: Refused) -> None:
    """Refuse a lone ``*map(…)`` beside keywords that may change what is mapped: it is read after them, in the call."""
    value = call.args[0].value if call.args and isinstance(call.args[0], ast.Starred) else None
    if value is None or not taken_late(call) or isinstance(value, ast.GeneratorExp) and reads_nothing(value):
        return
    view = isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in _VIEWS
    if view or _is_iterator(value) or any(True for _ in _read_late_in(value)):
        raise refused(
            "this is read after the keyword arguments, which may change it",
            value,
            "Evaluate the keyword arguments in a statement before.",
        )


def _check_loop(loop: ast.For, refused: Refused, stmts: list[ast.stmt], called_by: CalledBy) -> None:
    """Refuse a loop that changes what an iterator in its head is still to read."""
    for part in _read_late_in(loop.iter):
        if part is loop.iter and takes_turns(loop.iter):
            continue
        wanted = _related(stmts, _run_over(part))
        write = next((s for s in _in_order(loop.body) if _changes(s, wanted, _read_late(part, stmts), called_by)), None)
        if write is not None:
            raise refused("what the iterator of this loop reads is changed in the loop", write, "Make it a list.")


def _run_over(iterator: ast.expr) -> set[str]:
    """Return the names whose memory an iterator may read: numbers are read where a range is made."""
    numbers = {
        id(n)
        for call in walk(iterator)
        if isinstance(call, ast.Call) and core.qualname(call.func) in ("builtins.range", "builtins.len")
        for n in walk(call)
    }
    return {n.id for n in walk(iterator) if isinstance(n, ast.Name) and id(n) not in numbers}


def _changes(stmt: ast.stmt, wanted: set[str], late: set[str], called_by: CalledBy) -> bool:
    """Say whether a statement may write memory of `wanted` names, or bind `late` ones anew."""
    binds = isinstance(stmt, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.For, ast.With))
    own = {n.id for n in header(stmt) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return binds and bool(own & late) or _may_write(stmt, wanted, called_by)


def _written_before(stmts: list[ast.stmt], bound: ast.Assign, read: ast.Name, called_by: CalledBy) -> ast.stmt | None:
    """Return a statement that may write what an iterator reads, after it was made and before it is used up."""
    wanted = _related(stmts, _run_over(bound.value))
    late = _read_late(bound.value, stmts)

    def changes(stmt: ast.stmt) -> bool:
        return _changes(stmt, wanted, late, called_by)

    between = False
    for stmt in _in_order(stmts):
        reads = any(n is read for n in walk(stmt))
        if stmt is bound:
            between = True
        elif between and reads and isinstance(stmt, ast.For) and any(n is read for n in walk(stmt.iter)):
            return next((s for s in _in_order(stmt.body) if changes(s)), None)
        elif between and changes(stmt):
            return stmt
        elif between and reads and not any(n is read for block in blocks(stmt) for s in block for n in walk(s)):
            return None
    return None


def _read_late(value: ast.expr, stmts: list[ast.stmt]) -> set[str]:
    """Return the variables that an iterator reads only when it is read itself, not where it is made."""
    first: set[int] = set()
    for node in walk(value):
        if isinstance(node, ast.GeneratorExp):
            first |= {id(n) for n in walk(node.generators[0].iter)}
    functions: dict[str, ast.AST] = {}
    for node in (n for s in stmts for n in walk(s)):
        if isinstance(node, ast.FunctionDef):
            functions[node.name] = node
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
            functions.update({t.id: node.value for t in node.targets if isinstance(t, ast.Name)})
    late: set[str] = set()
    for node in walk(value):
        if isinstance(node, ast.GeneratorExp):
            late |= {n.id for n in walk(node) if isinstance(n, ast.Name) and id(n) not in first}
        elif isinstance(node, ast.Lambda):
            late |= {n.id for n in walk(node.body) if isinstance(n, ast.Name)}
        elif isinstance(node, ast.Name) and node.id in functions:
            late |= {n.id for n in walk(functions[node.id]) if isinstance(n, ast.Name)}
    return late


def _may_wait(stmts: list[ast.stmt], bound: ast.Assign, loop: ast.For) -> bool:
    """Say whether an iterator is the same when it is made only where a loop reads it: it is made of variables alone."""
    calls = [n for n in walk(bound.value) if isinstance(n, (ast.Call, ast.GeneratorExp, ast.Lambda))]
    names = {n.id for n in walk(bound.value) if isinstance(n, ast.Name)}
    between = False
    for stmt in _in_order(stmts):
        if stmt is loop:
            return between and calls == [bound.value]
        targets = (n for n in header(stmt) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load))
        if between and any(n.id in names for n in targets):
            return False
        between |= stmt is bound
    return False


def _related(stmts: list[ast.stmt], names: set[str]) -> set[str]:
    """Return the names that may share memory with some, whatever the order of the statements."""
    found = {n for n in names if ":" not in n}
    pairs: list[set[str]] = []
    for node in (n for s in stmts for n in walk(s)):
        value = node.value if isinstance(node, ast.Assign) else node.iter if isinstance(node, ast.For) else None
        if value is None or isinstance(value, (ast.BinOp, ast.UnaryOp, ast.Compare, ast.Constant, ast.JoinedStr)):
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.For) else []
        pairs.append({n.id for part in (value, *targets) for n in walk(part) if isinstance(n, ast.Name)})
    grown = True
    while grown:
        more = {n for pair in pairs if pair & found for n in pair if ":" not in n}
        grown = not more <= found
        found |= more
    return found


def _may_write(stmt: ast.stmt, names: set[str], called_by: CalledBy) -> bool:
    """Say whether a statement, but for its blocks, may write memory of one of these names."""
    targets = stmt.targets if isinstance(stmt, (ast.Assign, ast.Delete)) else []
    if isinstance(stmt, (ast.AugAssign, ast.AnnAssign)):
        targets = [stmt.target]
    if any(isinstance(t, (ast.Subscript, ast.Attribute)) and root_name(t) in names for t in targets):
        return True
    if isinstance(stmt, ast.AugAssign) and isinstance(stmt.target, ast.Name) and stmt.target.id in names:
        return True
    for call in (n for n in header(stmt) if isinstance(n, ast.Call)):
        given_names = {n.id for a in given(call) for n in walk(a) if isinstance(n, ast.Name)}
        called = called_by(call)
        if called is not None:
            if _writes(called, called_by, frozenset()) and (given_names & names or not call.args):
                return True
        elif any(root_name(w) in names for w in purity.written_by(call)):
            return True
    return False


def _writes(node: ast.FunctionDef, called_by: CalledBy, seen: frozenset[str]) -> bool:
    """Say whether a function may write memory that it did not make."""
    if node.name in seen:
        return False
    for part in (n for s in node.body for n in walk(s)):
        if isinstance(part, (ast.Subscript, ast.Attribute)) and not isinstance(part.ctx, ast.Load):
            return True
        if isinstance(part, ast.AugAssign) and isinstance(part.target, ast.Name):
            return True
        if isinstance(part, ast.Call):
            called = called_by(part)
            if called is not None and _writes(called, called_by, seen | {node.name}):
                return True
            if called is None and purity.call_effect(part).written:
                return True
    return False


def _in_order(stmts: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements and those in their blocks, in the order of the text."""
    for stmt in stmts:
        yield stmt
        for block in blocks(stmt) if not isinstance(stmt, ast.FunctionDef) else ():
            yield from _in_order(block)


def _check_steps(nodes: list[ast.AST], refused: Refused, names: set[str]) -> None:
    """Refuse ``next(it)`` in a loop over `it` itself."""
    for loop in nodes:
        if isinstance(loop, ast.For) and (
            over := names.intersection(n.id for n in walk(loop.iter) if isinstance(n, ast.Name))
        ):
            for call in (n for s in loop.body for n in walk(s) if isinstance(n, ast.Call)):
                if core.qualname(call.func) == "builtins.next" and any(
                    isinstance(a, ast.Name) and a.id in over for a in call.args
                ):
                    raise refused("a loop goes over this iterator, which `next` moves on", call, "Loop over positions.")


def _check_call(call: ast.Call, refused: Refused, node: ast.FunctionDef) -> None:
    """Refuse an iterator that is given to a function which reads it more than once."""
    given: list[tuple[int | str, ast.expr]] = [*enumerate(call.args)]
    given += [(k.arg, k.value) for k in call.keywords if k.arg]
    for place, value in given:
        if not _is_iterator(value):
            continue
        names = [a.arg for a in (*node.args.posonlyargs, *node.args.args)]
        name = place if isinstance(place, str) else names[place] if place < len(names) else ""
        around = _loops(node.body)
        inside = [n for s in node.body for n in walk(s) if isinstance(n, ast.Name) and n.id == name]
        if len(inside) > 1 or any(around[id(n)] for n in inside):
            reason = f"an iterator is given to '{node.name}', which may read it more than once"
            raise refused(reason, value, "Make it a list.")


def _gives_iterator(node: ast.FunctionDef) -> bool:
    """Say whether a function returns an iterator that it makes, under a name or without one."""
    parts = [n for s in node.body for n in walk(s)]
    named = {
        target.id
        for n in parts
        if isinstance(n, ast.Assign) and _is_iterator(n.value)
        for target in n.targets
        if isinstance(target, ast.Name)
    }
    returned = [n.value for n in parts if isinstance(n, ast.Return)]
    return any(_is_iterator(v) or isinstance(v, ast.Name) and v.id in named for v in returned)


def _is_iterator(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call) and core.qualname(value.func) in _MAKERS:
        return core.qualname(value.func) != "builtins.iter" or len(value.args) == 1
    return isinstance(value, ast.GeneratorExp)


def _read_late_in(expr: ast.AST) -> Iterator[ast.expr]:
    """Yield the iterators in an expression that are not at once made a list of."""
    if isinstance(expr, ast.Call):
        made = core.qualname(expr.func)
        if made in _AT_ONCE:
            return
        columns = made == "builtins.zip" and any(isinstance(a, ast.Starred) for a in expr.args)
        if made in _LAZY or made.startswith("itertools.") or columns:
            yield expr
    elif isinstance(expr, ast.GeneratorExp):
        yield expr
    for part in ast.iter_child_nodes(expr):
        yield from _read_late_in(part)


def _as_list(value: ast.expr) -> ast.expr:
    if isinstance(value, ast.GeneratorExp):
        return ast.copy_location(ast.ListComp(elt=value.elt, generators=value.generators), value)
    if isinstance(value, ast.Call) and core.qualname(value.func) == "builtins.iter":
        value = value.args[0]
    return ast.copy_location(ast.Call(func=core.ref("builtins.list"), args=[value], keywords=[]), value)


def _loops(stmts: list[ast.stmt]) -> dict[int, frozenset[int]]:
    """Return the loops and functions around each node; what a loop goes over is read outside it."""
    found: dict[int, frozenset[int]] = {}

    def visit(node: ast.AST, around: frozenset[int]) -> None:
        found[id(node)] = around
        first: ast.AST | None = None
        if isinstance(node, ast.For):
            first = node.iter
        elif isinstance(node, (ast.GeneratorExp, ast.ListComp, ast.SetComp, ast.DictComp)):
            first = node.generators[0].iter
        inner = around | {id(node)} if isinstance(node, _LOOPS) else around
        for child in ast.iter_child_nodes(node):
            visit(child, inner)
        if first is not None:
            visit(first, around)

    for stmt in stmts:
        visit(stmt, frozenset())
    return found


def _block(
    stmts: list[ast.stmt], made: dict[ast.stmt, ast.stmt | None], sources: dict[ast.stmt, ast.expr]
) -> list[ast.stmt]:
    """Return a block with some statements replaced or, where None takes their place, left out."""
    new = [made[s] if s in made else _replaced(s, made, sources) for s in stmts]
    return [s for s in new if s is not None] or [ast.copy_location(ast.Pass(), stmts[0])]


def _replaced(stmt: ast.stmt, made: dict[ast.stmt, ast.stmt | None], sources: dict[ast.stmt, ast.expr]) -> ast.stmt:
    fields: dict[str, object] = {"iter": sources[stmt]} if stmt in sources else {}
    for name in ("body", "orelse", "finalbody"):
        if getattr(stmt, name, None):
            fields[name] = _block(getattr(stmt, name), made, sources)
    for name in ("handlers", "cases"):
        if isinstance(getattr(stmt, name, None), list):
            parts = getattr(stmt, name)
            fields[name] = [changed(p, body=_block(p.body, made, sources)) for p in parts]
    return changed(stmt, **fields) if fields else stmt
