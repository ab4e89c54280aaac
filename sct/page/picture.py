"""The two pictures of a graph: values that flow forward, adjoints that flow back.

In: a graph, and the numbers that flow through it where they are known. Out: SVG, and the same as a list of formulas.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from sct.modes.reverse.sweeps import shown
from sct.page.evaluate import Numbers
from sct.page.graph import Graph, Node
from sct.page.layout import Layout, layout

_RADIUS, _ROW, _CHARACTER, _LONGEST = 21, 112, 6.7, 44


@dataclass(frozen=True)
class _Label:
    """What stands below a node: formulas, then numbers."""

    formulas: tuple[str, ...]
    numbers: tuple[str, ...]

    @property
    def width(self) -> float:
        return max((len(_cut(row)) for row in (*self.formulas, *self.numbers)), default=0) * _CHARACTER


def forward(graph: Graph, numbers: Numbers, key: str) -> str:
    """Return the picture of the forward sweep: each value with its tangent."""

    def label(node: Node) -> _Label:
        formulas = [f"{node.name} = {shown(node.value)}" if node.value is not None else node.name]
        if node.tangent is not None:
            formulas.append(f"d{node.name} = {shown(node.tangent)}")
        elif node.value is None:
            formulas.append(f"d{node.name}")
        return _Label(tuple(formulas), _number(numbers.values, node.name))

    return _picture(graph, label, lambda source, target: "", "forward", key)


def backward(graph: Graph, numbers: Numbers, key: str) -> str:
    """Return the picture of the reverse sweep: what each operation adds to the adjoints of its operands."""

    def label(node: Node) -> _Label:
        return _Label((adjoint(graph, node),), _number(numbers.adjoints, node.name))

    shares: dict[tuple[str, str], list[str]] = {}
    for node in graph.nodes:
        for edge in node.edges:
            shares.setdefault((edge.source, node.name), []).append(shown(edge.share))
    return _picture(graph, label, lambda source, target: " + ".join(shares[source, target]), "backward", key)


def adjoint(graph: Graph, node: Node) -> str:
    """Return the adjoint of a node as a formula: the sum of what the operations that read it add.

    That of an output comes from what follows the graph, or is the seed.
    """
    own = f"{node.name}_bar"
    terms = [own] if node.name in graph.outputs else []
    terms += [shown(share) for _, share in graph.shares(node.name)]
    text = " + ".join(terms).replace("+ -", "- ")
    return own if text == own else f"{own} = {text or '0.0'}"


def formulas(graph: Graph) -> list[tuple[int, str, str, str]]:
    """Return for each operation its line, and the formulas of value, tangent and adjoint."""
    found = []
    for node in graph.nodes:
        value = f"{node.name} = {shown(node.value)}" if node.value is not None else node.name
        tangent = f"d{node.name} = {shown(node.tangent)}" if node.tangent is not None else ""
        found.append((node.line, value, tangent, adjoint(graph, node)))
    return found


def _picture(
    graph: Graph,
    label: Callable[[Node], _Label],
    on_edge: Callable[[str, str], str],
    direction: str,
    key: str,
) -> str:
    found = layout(graph)
    labels = {node.name: label(node) for node in graph.nodes}
    at, width, height = _coordinates(graph, found, labels, on_edge)
    title = f"{'Values' if direction == 'forward' else 'Adjoints'}, lines {graph.first} to {graph.last}"
    description = "; ".join(row for label in labels.values() for row in label.formulas)
    out = [
        f'<svg class="graph {direction}" role="img" aria-labelledby="{key}-t {key}-d" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}">',
        f'<title id="{key}-t">{escape(title)}</title><desc id="{key}-d">{escape(description)}</desc>',
        f'<defs><marker id="{key}-a" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
        'orient="auto-start-reverse"><path class="head" d="M0 1 L10 5 L0 9 z"/></marker></defs>',
    ]
    texts: list[str] = []
    for node in graph.nodes:
        for edge in {e.source: e for e in node.edges}.values():
            stops = [at(*found.places[edge.source]), *(at(*p) for p in found.routes[edge.source, node.name])]
            out.append(_edge([*stops, at(*found.places[node.name])], direction, key))
            if text := on_edge(edge.source, node.name):
                texts.append(_edge_label(stops, at(*found.places[node.name]), text))
    out += [
        _node(node, at(*found.places[node.name]), labels[node.name], node.name in graph.outputs) for node in graph.nodes
    ]
    return "".join([*out, *texts, "</svg>"])


Point = tuple[float, float]


def _coordinates(
    graph: Graph, found: Layout, labels: dict[str, _Label], on_edge: Callable[[str, str], str]
) -> tuple[Callable[[int, float], Point], float, float]:
    """Return the place of a column and row on the canvas, and the size of the canvas."""
    wide = [2.0 * _RADIUS] * found.columns
    for name, (x, _) in found.places.items():
        wide[x] = max(wide[x], labels[name].width)
    gaps = [44.0] * found.columns  # behind each column
    for node in graph.nodes:
        for edge in node.edges:
            before = found.places[node.name][0] - 1
            text = len(_cut(on_edge(edge.source, node.name))) * _CHARACTER
            gaps[before] = max(gaps[before], text + 76 - (wide[before] + wide[before + 1]) / 2 + 2 * _RADIUS)
    centres: list[float] = []
    right = 14.0
    for column in range(found.columns):
        centres.append(right + wide[column] / 2)
        right += wide[column] + gaps[column]
    width = right - gaps[-1] + 14.0 if found.columns else 28.0

    def at(x: int, y: float) -> Point:
        return centres[x], 40.0 + y * _ROW

    return at, width, found.rows * _ROW + 20.0


def _edge(points: list[Point], direction: str, key: str) -> str:
    """Return the line of an edge, from circle to circle: it runs level where it leaves and arrives."""
    (x0, y0), (x1, y1) = points[0], points[-1]
    points = [(x0 + _RADIUS, y0), *points[1:-1], (x1 - _RADIUS - 2, y1)]
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (ax, ay), (bx, by) in zip(points, points[1:], strict=False):
        middle = (ax + bx) / 2
        path += f" C{middle:.1f} {ay:.1f} {middle:.1f} {by:.1f} {bx:.1f} {by:.1f}"
    end = "marker-end" if direction == "forward" else "marker-start"
    return f'<path class="edge" d="{path}" {end}="url(#{key}-a)"/>'


def _edge_label(stops: list[Point], target: Point, text: str) -> str:
    """Return what an edge carries, on its last part before the operation."""
    (ax, ay), (bx, by) = (stops[-1][0] + _RADIUS, stops[-1][1]), (target[0] - _RADIUS, target[1])
    t = 0.62  # along the curve, which leaves and arrives level: away from what stands below its ends
    along = 1.5 * t * (1 - t) + t**3
    return _text(ax + (bx - ax) * along, ay + (by - ay) * (3 * t**2 - 2 * t**3) - 5, text, "share")


def _node(node: Node, place: Point, label: _Label, output: bool) -> str:
    x, y = place
    kind = "input" if node.value is None else "output" if output else "operation"
    inside = node.sign if node.value is not None else node.name
    small = " small" if len(inside) > 4 else ""
    group = f' data-line="{node.line}"' if node.line else ""
    out = [f'<g class="node {kind}"{group}><title>{escape("; ".join(label.formulas))}</title>']
    out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_RADIUS}"/>')
    out.append(_text(x, y + 4.5, inside if len(inside) <= 7 else inside[:6] + "…", f"sign{small}"))
    rows = [(row, "formula") for row in label.formulas] + [(row, "number") for row in label.numbers]
    for position, (row, style) in enumerate(rows):
        out.append(_text(x, y + _RADIUS + 15 + 15 * position, row, style))
    return "".join([*out, "</g>"])


def _text(x: float, y: float, text: str, style: str) -> str:
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}">{escape(_cut(text))}</text>'


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _number(known: dict[str, float], name: str) -> tuple[str, ...]:
    return (f"{known[name]:.6g}",) if name in known else ()
