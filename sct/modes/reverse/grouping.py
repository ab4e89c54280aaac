"""Steps that belong together: those of one statement of the user's, which make one paragraph of the reverse sweep.

In: the nodes of a function. Out: the same, with inactive blocks in one step each and with the number of its group on
each step; and what nodes write, bind and mention.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from sct import core
from sct.analysis.aliasing import Aliases
from sct.analysis.binding import assigned_names
from sct.analysis.infer import Facts
from sct.frontend.lower import RESIZING
from sct.modes.reverse.nodes import AFTER, Branch, Loop, Node, Step, free_loads, has_backward, loads, stored
from sct.walk import root_name, walk


def groups(nodes: Sequence[Node]) -> Iterator[list[Node]]:
    """Yield the nodes of a block, those of one source statement together where that is safe."""
    run: list[Step] = []
    for node in nodes:
        if isinstance(node, Step) and run and node.group >= 0 and node.group == run[0].group:
            run.append(node)
            continue
        if run:
            yield list(run)
            run = []
        if isinstance(node, Step):
            run = [node]
        else:
            yield [node]
    if run:
        yield list(run)


def guards_first(stmts: Sequence[ast.stmt], bars: Collection[str]) -> list[ast.stmt]:
    """Put the guards of what was just bound before the shadows that are made beside it."""
    out: list[ast.stmt] = []
    shadows = frozenset(bars)
    for stmt in stmts:
        at = len(out)
        while core.is_guard(stmt) and at and _binds_only(out[at - 1], shadows):
            at -= 1
        out.insert(at, stmt)
    return out


def _binds_only(stmt: ast.stmt, names: frozenset[str]) -> bool:
    bound = stored([stmt]) if isinstance(stmt, ast.Assign) else []
    return bool(bound) and names.issuperset(bound)


def separate(nodes: Sequence[Node], mentions: Mapping[str, int], alias: Aliases) -> None:
    """Take apart the groups in which a step reads what an earlier one of the group bound or wrote.

    `mentions` says in how many nodes of the function each name is. Temporaries that a group has to itself do not count.
    """
    for run in list(groups(nodes)):
        first = run[0]
        if isinstance(first, Branch):
            separate(first.body, mentions, alias)
            separate(first.orelse, mentions, alias)
        elif isinstance(first, Loop):
            separate(first.body, mentions, alias)
        elif len(run) > 1 and not _together([s for s in run if isinstance(s, Step)], mentions, alias):
            for step in run:
                assert isinstance(step, Step)
                step.group = -1


def _together(run: Sequence[Step], mentions: Mapping[str, int], alias: Aliases) -> bool:
    touched: set[str] = set()
    here = Counter(n for step in run for n in mentioned(step))
    own = {n for n, count in here.items() if core.is_temporary(n) and count == mentions[n]}
    for step in run:
        reads = set(loads(step.backward)) - own
        for stmt in step.forward:
            reads |= set(_read_by(stmt)) - own
        reads |= {b for p in step.stores for b in [root_name(p)] if b}
        if reads & touched:
            return False
        touched |= set(step.kills) - own
        written = {*step.restores, *(b for p in step.stores for b in [root_name(p)] if b)}
        touched |= {n for b in written for n in alias.seeing(b)}
    return True


def _read_by(stmt: ast.stmt) -> list[str]:
    """Return what a statement reads; what is only stored into does not count."""
    if isinstance(stmt, ast.Assign) and isinstance(stmt.targets[0], ast.Subscript):
        return loads([stmt.value, stmt.targets[0].slice])
    return loads([stmt])


def reads_before(step: Step) -> set[str]:
    """Return the names of which a step reads the value that they had before the step."""
    found: set[str] = set()
    for stmt in step.forward:
        if isinstance(stmt, ast.AugAssign) and isinstance(stmt.target, ast.Name):
            found.add(stmt.target.id)
        value = stmt.value if isinstance(stmt, (ast.Assign, ast.AugAssign, ast.AnnAssign)) else stmt
        if value is not None:
            found.update(loads([value]))
    return found | set(free_loads(step.backward))


def every(nodes: Sequence[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        if isinstance(node, Branch):
            yield from every(node.body)
            yield from every(node.orelse)
        elif isinstance(node, Loop):
            yield from every(node.body)


def mentioned(node: Node) -> list[str]:
    """Return the names in a node itself, without those of the blocks in it."""
    if isinstance(node, Step):
        trees: list[ast.AST] = [*node.forward, *node.backward]
    elif isinstance(node, Branch):
        trees = [node.stmt.test, *node.before]
    elif isinstance(node.stmt, ast.For):
        trees = [node.stmt.target, node.stmt.iter, *node.before]
    else:
        trees = [node.stmt.test, *node.before]
    names = [n.removesuffix(AFTER) for n in loads(trees)]
    return list(dict.fromkeys([*names, *stored(trees)]))


def bound_by(node: Node) -> list[str]:
    """Return the names that a node binds, those in the blocks in it included."""
    if isinstance(node, Step):
        return list(node.kills)
    if isinstance(node, Branch):
        return list(dict.fromkeys(n for sub in [*node.body, *node.orelse] for n in bound_by(sub)))
    own = stored([node.stmt.target]) if isinstance(node.stmt, ast.For) else []
    return list(dict.fromkeys([*own, *(n for sub in node.body for n in bound_by(sub))]))


def collapse(nodes: Sequence[Node], facts: Facts) -> list[Node]:
    """Turn compound statements without adjoints into single steps."""
    out: list[Node] = []
    for node in nodes:
        if isinstance(node, Step):
            out.append(node)
        elif not has_backward([node]):
            assert node.stmt is not None
            forward = list(forward_of(node))
            out.append(
                Step(
                    None,
                    None,
                    forward,
                    kills=tuple(assigned_names(forward)),
                    stores=(*stores_of([node]), *augmented([node], facts)),
                    opaque=True,
                )
            )
        elif isinstance(node, Branch):
            node.body, node.orelse = collapse(node.body, facts), collapse(node.orelse, facts)
            out.append(node)
        else:
            node.body = collapse(node.body, facts)
            out.append(node)
    return out


def forward_of(node: Node) -> Iterator[ast.stmt]:
    if isinstance(node, Step):
        yield from node.forward
    elif isinstance(node, Branch):
        body = [s for n in node.body for s in forward_of(n)] or [ast.Pass()]
        orelse = [s for n in node.orelse for s in forward_of(n)]
        yield ast.copy_location(ast.If(test=node.stmt.test, body=body, orelse=orelse), node.stmt)
    else:
        body = [s for n in node.body for s in forward_of(n)] or [ast.Pass()]
        fields = {name: getattr(node.stmt, name) for name in node.stmt._fields} | {"body": body}
        yield ast.copy_location(type(node.stmt)(**fields), node.stmt)


def stores_of(nodes: Sequence[Node]) -> Iterator[ast.expr]:
    """Yield the names of what nodes write, by themselves or by calls that take it back."""
    for node in nodes:
        if isinstance(node, Step):
            for base in [*map(root_name, node.stores), *node.restores]:
                if base is not None:
                    yield ast.Name(id=base, ctx=ast.Load())
        elif isinstance(node, Branch):
            yield from stores_of([*node.body, *node.orelse])
        else:
            yield from stores_of(node.body)


def resizes(step: Step) -> bool:
    """Say whether a step may make a list longer or shorter."""
    entries = isinstance(step.stmt, (ast.Assign, ast.AugAssign)) and not step.restores
    return step.stmt is None or not entries or any(map(_resizes, walk(step.stmt)))


def _resizes(node: ast.AST) -> bool:
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Slice) and not isinstance(node.ctx, ast.Load)
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in RESIZING


def augmented(nodes: Sequence[Node], facts: Facts) -> Iterator[ast.expr]:
    """Yield the names of what augmented assignments may change in place."""
    for node in every(nodes):
        stmt = node.stmt if isinstance(node, Step) else None
        if isinstance(stmt, ast.AugAssign) and isinstance(stmt.target, ast.Name):
            if not facts.binds_anew(stmt):
                yield ast.Name(id=stmt.target.id, ctx=ast.Load())
