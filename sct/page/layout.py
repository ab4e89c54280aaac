"""Where the nodes of a graph stand: in layers from the inputs to the outputs, with few crossings.

In: a graph. Out: a `Layout`: a column and a row for each node, and the points that each edge passes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sct.page.graph import Graph

Pair = tuple[str, str]


@dataclass(frozen=True)
class Layout:
    """Columns and rows: of nodes, and of the points between, by which an edge passes the columns on its way."""

    places: Mapping[str, tuple[int, float]]
    routes: Mapping[Pair, tuple[tuple[int, float], ...]]
    columns: int
    rows: int


def layout(graph: Graph) -> Layout:
    """Return a layout of a graph."""
    pairs = list(dict.fromkeys((e.source, n.name) for n in graph.nodes for e in n.edges))
    column = _columns(graph, pairs)
    layers: list[list[str]] = [[] for _ in range(max(column.values(), default=0) + 1)]
    for node in graph.nodes:
        layers[column[node.name]].append(node.name)
    neighbours: dict[str, list[str]] = {}
    via: dict[Pair, list[str]] = {}
    for number, (source, target) in enumerate(pairs):
        stops = [source]
        for between in range(column[source] + 1, column[target]):
            stops.append(f"\0{number}:{between}")
            layers[between].append(stops[-1])
        stops.append(target)
        via[source, target] = stops[1:-1]
        for a, b in zip(stops, stops[1:], strict=False):
            neighbours.setdefault(a, []).append(b)
            neighbours.setdefault(b, []).append(a)
    _sort(layers, neighbours)
    rows = max(map(len, layers), default=0)
    places = {name: (x, y + (rows - len(layer)) / 2) for x, layer in enumerate(layers) for y, name in enumerate(layer)}
    routes = {pair: tuple(places[stop] for stop in stops) for pair, stops in via.items()}
    nodes = {name: place for name, place in places.items() if not name.startswith("\0")}
    return Layout(nodes, routes, len(layers), rows)


def _columns(graph: Graph, pairs: Sequence[Pair]) -> dict[str, int]:
    """Return the column of each node: behind all of its operands; inputs stand close before where they are read."""
    column = {node.name: 0 for node in graph.nodes}
    for node in graph.nodes:
        column[node.name] = max((column[e.source] + 1 for e in node.edges), default=0 if node.value is None else 1)
    for node in graph.nodes:
        readers = [column[target] for source, target in pairs if source == node.name]
        if node.value is None and readers:
            column[node.name] = max(min(readers) - 1, 0)
    return column


def _sort(layers: list[list[str]], neighbours: Mapping[str, Sequence[str]]) -> None:
    """Order each layer by the mean place of what its nodes are connected with, there and back a few times."""
    for sweep in range(8):
        order = range(1, len(layers)) if sweep % 2 == 0 else range(len(layers) - 2, -1, -1)
        for x in order:
            beside = layers[x - 1 if sweep % 2 == 0 else x + 1]
            place = {name: y / max(len(beside) - 1, 1) for y, name in enumerate(beside)}
            own = {name: y / max(len(layers[x]) - 1, 1) for y, name in enumerate(layers[x])}

            def mean(name: str, place: Mapping[str, float] = place, own: Mapping[str, float] = own) -> float:
                found = [place[n] for n in neighbours.get(name, ()) if n in place]
                return sum(found) / len(found) if found else own[name]

            layers[x].sort(key=mean)
