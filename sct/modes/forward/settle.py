"""Where the values live that tangents read.

In: tangent statements that read values of the primal through what stands for them (`forward_expr`). Out: the same
with the name of the result, a temporary that is set before the primal, or a copy of the expression in their places;
and what to replace in the primal, so that it reads the temporaries too and computes nothing twice.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sct import core
from sct.analysis.reach import head
from sct.frontend.evaluation import replaced, substituted
from sct.modes.forward.expr import Tangents
from sct.modes.forward.values import is_cheap
from sct.nodes import assign, load
from sct.rules.template import clone
from sct.walk import children, walk

Block = list[ast.stmt]
_SCOPES = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)


@dataclass
class Reads:
    """What tangent statements read: values of the primal, tangents that are held, variables."""

    values: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)


@dataclass
class Settled:
    """Tangent statements with their values in place, what comes `before` the primal, what is `new` in it."""

    before: Block
    made: list[ast.AST]
    new: dict[int, ast.expr]

    def primal(self, stmt: ast.stmt) -> ast.stmt:
        """Return the primal statement, which reads what was computed before it."""
        return replaced(stmt, self.new) if self.new else stmt  # type: ignore[return-value]

    def expression(self, place: int = 0) -> ast.expr:
        """Return one of the expressions that were settled, as part of a primal statement."""
        made = self.made[place]
        return replaced(made, self.new) if self.new else made  # type: ignore[return-value]

    def statements(self) -> Block:
        """Return the statements that were settled."""
        return list(self.made)  # type: ignore[arg-type]


def reads(t: Tangents, made: Sequence[ast.AST], skip: Collection[str | None] = ()) -> Reads:
    """Return what tangent statements read, directly and through values."""
    found = Reads()
    todo = [n for tree in made for n in _names(tree)]
    while todo:
        name = todo.pop()
        if name in skip:
            continue
        if name in t.values and name not in found.values:
            found.values.add(name)
            todo += _names(t.values[name])
        elif name in t.held and name not in found.held:
            found.held.add(name)
            todo += _names(t.held[name])
        elif name not in t.values and name not in t.held:
            found.names.add(name)
    return found


def settle(
    t: Tangents, made: Sequence[ast.AST], stmt: ast.stmt, result: str | None = None, whole: ast.expr | None = None
) -> Settled:
    """Give the values a home; `result` is the variable that holds the value of `whole` when tangents are computed."""
    read = reads(t, made)
    if not read.values and not read.held:
        return Settled([], list(made), {})
    settler = _Settler(t, stmt, t.place.get(id(whole), "") if result is not None else "", result or "")
    return settler.run(made, read)


class _Settler:
    def __init__(self, t: Tangents, stmt: ast.stmt, whole: str, result: str) -> None:
        self.t, self.stmt, self.whole, self.result = t, stmt, whole, result
        self.kept: list[str] = []
        self.new: dict[int, ast.expr] = {}

    def run(self, made: Sequence[ast.AST], read: Reads) -> Settled:
        t = self.t
        self.kept = [n for n in t.values if n in read.values and n != self.whole and not self.is_copied(n)]
        if self.kept:
            self.order()
        self.new = {id(t.values[n]): load(n) for n in self.kept}
        before: Block = []
        for name in self.kept:
            value = t.values[name]
            inner = {i: e for i, e in self.new.items() if i != id(value)}
            before.append(assign(name, self.final(replaced(value, inner))))
        for name in t.held:
            if name in read.held and core.is_temporary(name):
                before.append(assign(name, self.final(t.held[name])))
        return Settled(before, [self.final(m) for m in made], self.new)

    def is_copied(self, name: str) -> bool:
        """Say whether a value is computed again where it is read."""
        t, value = self.t, self.t.values[name]
        budget = 3 if t.kind(value).what == "scalar" else 2
        if name not in t.fixed and not is_cheap(value, budget):
            return False
        pure = t.home.is_pure(value)
        if not pure and name in t.fixed:
            t.refuse(value, "this would have to be evaluated twice", "Name it in a statement of its own.")
        return pure

    def order(self) -> None:
        """Bring the values into the order of evaluation, with all that must keep its order with them."""
        t, places = self.t, _positions(self.stmt)
        last = len(places)
        created = {n: i for i, n in enumerate(t.values)}

        def place(name: str) -> int:
            # What rules expanded stands nowhere; of that, the inner parts were made last.
            return places.get(id(t.values[name]), last + len(created) - created[name])

        inside = {id(n) for k in self.kept for n in walk(t.values[k])}
        latest = max(place(n) for n in self.kept)
        outermost = getattr(self.stmt, "value", None)  # is evaluated last: it is what the values are for
        nodes = head(self.stmt)
        # What a comprehension or a lambda computes is computed there: its variables are not known here.
        scopes = [n for n in nodes if isinstance(n, _SCOPES)]
        inside |= {id(n) for scope in scopes for n in walk(scope)}
        for node in nodes:
            early = node is not outermost and places.get(id(node), 0) < latest
            if isinstance(node, ast.Call) and id(node) not in inside and early:
                if not t.home.is_pure(node):
                    name = t.value(node)
                    assert isinstance(name, ast.Name)
                    created.setdefault(name.id, len(created))
                    self.kept.append(name.id)
        self.kept = self.read_first(sorted(dict.fromkeys(self.kept), key=place))

    def read_first(self, names: Sequence[str]) -> list[str]:
        """Return the values with those that others read, by name or as a part, before them; otherwise as they stand."""
        ordered: dict[str, None] = {}

        def visit(name: str) -> None:
            value = self.t.values[name]
            parts = {id(n) for n in walk(value)}
            inner = reads(self.t, [value]).values
            for other in names:
                if other != name and other not in ordered and (other in inner or id(self.t.values[other]) in parts):
                    visit(other)
            ordered[name] = None

        for name in names:
            if name not in ordered:
                visit(name)
        return list(ordered)

    def final(self, tree: ast.AST) -> ast.expr:
        """Put names and copies where a tree reads values."""
        t, kept = self.t, set(self.kept)
        while True:
            found = {n for n in _names(tree) if n in t.values and n not in kept}
            if not found:
                return tree  # type: ignore[return-value]
            values: dict[str, ast.expr] = {}
            for name in found:
                copied = clone(replaced(t.values[name], self.new)) if name != self.whole else load(self.result)
                values[name] = copied
            tree = substituted(tree, values)  # type: ignore[arg-type]


def _names(tree: ast.AST) -> Iterator[str]:
    """Return the names that a tree reads."""
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Store):
                yield node.id
            continue
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, ast.AST):
                stack.append(value)
            elif isinstance(value, list):
                stack += [v for v in value if isinstance(v, ast.AST)]


def _positions(stmt: ast.stmt) -> Mapping[int, int]:
    """Return the place of each node of a statement in the order of evaluation: parts before wholes."""
    out: dict[int, int] = {}
    stack: list[tuple[ast.AST, bool]] = [(stmt, False)]
    while stack:
        node, done = stack.pop()
        if done:
            out[id(node)] = len(out)
            continue
        stack.append((node, True))
        inner = [c for c in children(node) if not isinstance(c, (ast.stmt, ast.ExceptHandler))]
        if isinstance(node, ast.Assign):
            inner = [node.value, *node.targets]
        stack += [(c, False) for c in reversed(inner)]
    return out
