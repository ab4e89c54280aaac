"""The computational graphs of the straight-line parts of a function, as the textbooks draw them.

In: a function as reverse mode has taken it apart: one operation a statement. Out: a `Graph` for each run of statements
without a jump between them: its nodes in the order of the statements, with what each computes, its tangent, and what it
adds to the adjoints of its operands. The expressions are those of the rules; shapes are left out of them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sct import core, rules
from sct.analysis.assume import SCALAR
from sct.analysis.kinds import UNKNOWN, Kind
from sct.modes.reverse.body import Body
from sct.modes.reverse.nodes import free_loads, loads
from sct.modes.reverse.sweeps import line_of
from sct.nodes import load
from sct.simplify import trees
from sct.simplify.fold import fold_expr
from sct.walk import walk

_MOST = 60  # nodes of a graph that is still drawn


@dataclass(frozen=True)
class Edge:
    """An operand of a node, and what the node adds to the operand's adjoint."""

    source: str
    share: ast.expr


@dataclass
class Node:
    """A value: an input (without an operation) or the result of one."""

    name: str
    line: int
    value: ast.expr | None = None
    sign: str = ""
    tangent: ast.expr | None = None
    edges: list[Edge] = field(default_factory=list)


@dataclass(frozen=True)
class Graph:
    """A straight-line part: inputs first, then operations in their order; `outputs` are read after it."""

    nodes: tuple[Node, ...]
    outputs: tuple[str, ...]
    first: int
    last: int
    whole: bool  # the part is where the function begins

    def shares(self, name: str) -> list[tuple[str, ast.expr]]:
        """Return what the nodes add to the adjoint of a value, each with the node's name."""
        return [(node.name, edge.share) for node in self.nodes for edge in node.edges if edge.source == name]


def graphs(body: Body) -> list[Graph]:
    """Return the graphs of the straight-line parts that are worth drawing: of two operations or more."""
    flat = body.context.flat.node
    made = []
    for run, read in _runs(flat.body, set()):
        graph = _Maker(body).graph(run, read, run[0] is flat.body[0])
        if graph is not None:
            made.append(graph)
    return made


def _runs(block: Sequence[ast.stmt], after: set[str]) -> Iterator[tuple[list[ast.stmt], set[str]]]:
    """Yield the runs of simple assignments in a block and in those inside it, each with the names read after it."""
    run: list[ast.stmt] = []
    for position, stmt in enumerate(block):
        if isinstance(stmt, ast.Assign) and len(stmt.targets) == 1 and isinstance(stmt.targets[0], ast.Name):
            run.append(stmt)
            continue
        if run:
            yield run, {*loads(block[position:]), *after}
            run = []
        later = {*loads(block[position + 1 :]), *after}
        if isinstance(stmt, (ast.For, ast.While)):
            later |= {*free_loads(stmt.body), *(loads([stmt.test]) if isinstance(stmt, ast.While) else [])}
        for inner in trees.blocks(stmt):
            yield from _runs(inner, later)
    if run:
        yield run, after


class _Maker:
    """Makes the graph of one run."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.analysis = body.context.analysis
        self.shown: dict[str, str] = {}
        self.versions: dict[str, str] = {}

    def graph(self, run: Sequence[ast.stmt], after: set[str], whole: bool) -> Graph | None:
        """Return the graph of a run after which these names are read, None where it is too small or too large."""
        nodes: dict[str, Node] = {}
        for stmt in run:
            assert isinstance(stmt, ast.Assign) and isinstance(stmt.targets[0], ast.Name)
            name = stmt.targets[0].id
            if name not in self.analysis.activity.varied:
                continue
            for read in loads([stmt.value]):
                if read in self.analysis.activity.varied:
                    nodes.setdefault(self.operand(load(read)), Node(self.operand(load(read)), 0))
            value = self.named(stmt.value)
            final = self.name(name)
            while final in nodes:  # each binding is a node of its own
                final += "′"
            edges, tangent = self.derived(stmt, final)
            self.versions[name] = final
            nodes[final] = Node(final, line_of(stmt), value, sign(stmt.value), tangent, edges)
        operations = [n for n in nodes.values() if n.value is not None]
        if len(operations) < 2 or len(nodes) > _MOST or not any(n.edges for n in operations):
            return None
        used = {e.source for n in operations for e in n.edges}
        read_later = {self.versions[n] for n in after if n in self.versions}
        outputs = tuple(n.name for n in operations if n.name in read_later or n.name not in used)
        lines = [line for s in run if (line := line_of(s))]
        inputs = [n for n in nodes.values() if n.value is None and n.name in used]
        return Graph((*inputs, *operations), outputs, min(lines, default=0), max(lines, default=0), whole)

    def name(self, name: str) -> str:
        """Return the name of a variable that the reader sees."""
        if not core.is_temporary(name):
            return name
        if name not in self.shown:
            taken = {n.id for n in walk(self.body.context.flat.node) if isinstance(n, ast.Name)}
            number = len(self.shown) + 1
            while f"t{number}" in taken:
                number += 1
            self.shown[name] = f"t{number}"
        return self.shown[name]

    def named(self, expr: ast.expr) -> ast.expr:
        """Return an expression with the names that the reader sees."""

        def visit(node: ast.AST, _: ast.AST) -> ast.AST:
            if not isinstance(node, ast.Name) or core.is_ref(node):
                return node
            return load(self.versions.get(node.id, self.name(node.id)))

        done = trees.rewrite(expr, visit)
        assert isinstance(done, ast.expr)
        return done

    def derived(self, stmt: ast.Assign, final: str) -> tuple[list[Edge], ast.expr | None]:
        """Return what an operation adds to the adjoints of its operands, and its tangent."""
        value = stmt.value
        if isinstance(value, ast.Name):
            source = self.operand(value)
            if value.id not in self.analysis.activity.varied:
                return [], None
            return [Edge(source, load(f"{final}_bar"))], load(f"d{source}")
        try:
            match = rules.match(value)
            if match is None or match.rule.constant or match.rule.kind == "composite":
                return [], None
            wanted = [p for p in match.operands if self.analysis.activity.active(stmt, match.args[p])]
            wanted = [p for p in wanted if isinstance(match.args[p], ast.Name)]
            stands_for = {"\1bar": value, "\1result": value} | {f"\1d{p}": match.args[p] for p in wanted}
            kinds = self.kinds(stmt, stands_for)
            found = rules.adjoints(match, load("\1bar"), load("\1result"), wanted, kinds)
            tangents = {p: load(f"\1d{p}") for p in wanted}
            tangent = rules.tangent(match, tangents, load("\1result"), kinds) if wanted else None
        except rules.Unsupported:
            return [], None
        operands = {p: self.operand(match.args[p]) for p in wanted}
        names = {"\1bar": f"{final}_bar", "\1result": final} | {f"\1d{p}": f"d{o}" for p, o in operands.items()}
        edges = [Edge(operands[p], self.finished(found[p], names)) for p in wanted]
        return edges, self.finished(tangent, names) if tangent is not None else None

    def operand(self, arg: ast.expr) -> str:
        assert isinstance(arg, ast.Name)
        return self.versions.get(arg.id, self.name(arg.id))

    def finished(self, expr: ast.expr, names: Mapping[str, str]) -> ast.expr:
        """Return an expression of a rule as the reader sees it."""

        def visit(node: ast.AST, _: ast.AST) -> ast.AST:
            if isinstance(node, ast.Call) and core.qualname(node.func) in _SHAPES:
                return node.args[0]
            if not isinstance(node, ast.Name) or core.is_ref(node):
                return node
            return load(names[node.id]) if node.id in names else load(self.versions.get(node.id, self.name(node.id)))

        done = trees.rewrite(fold_expr(expr), visit)
        assert isinstance(done, ast.expr)
        return done

    def kinds(self, stmt: ast.stmt, stands_for: Mapping[str, ast.expr]) -> rules.KindOf:
        """Return what is known of expressions; among no arrays, those of which nothing is known are numbers."""
        facts = self.analysis.facts
        met = [facts.kind(stmt, e).what for e in stands_for.values()]
        otherwise = UNKNOWN if "array" in met else SCALAR

        def kind(expr: ast.expr) -> Kind:
            known = stands_for.get(expr.id, expr) if isinstance(expr, ast.Name) else expr
            if any(isinstance(n, ast.Name) and n.id in stands_for for n in walk(known)):
                return otherwise
            found = facts.kind(stmt, known)
            return found if found.what != "unknown" else otherwise

        return kind


#: Helpers that give an adjoint its shape, which the graph does not show.
_SHAPES = ("sct.runtime.unbroadcast",)

_SIGNS: dict[type, str] = {
    ast.Add: "+",
    ast.Sub: "−",
    ast.Mult: "×",
    ast.Div: "÷",
    ast.Pow: "^",
    ast.MatMult: "@",
    ast.Mod: "%",
    ast.FloorDiv: "//",
    ast.USub: "−",
}


def sign(value: ast.expr) -> str:
    """Return what stands in the circle of an operation."""
    if isinstance(value, (ast.BinOp, ast.UnaryOp)):
        return _SIGNS.get(type(value.op), "·")
    if isinstance(value, ast.Call):
        if isinstance(value.func, ast.Attribute):
            return value.func.attr
        return core.qualname(value.func).rpartition(".")[2]
    if isinstance(value, ast.Subscript):
        return "[ ]"
    return "="
