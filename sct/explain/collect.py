"""The facts about derivatives, from the logs of the modes that wrote them."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from sct.analysis.program import Analyst
from sct.explain.counting import Counter, polynomial, ratio
from sct.explain.facts import Derivative, Facts, FunctionFacts, Operations, Recomputed, RuleUse, Taped
from sct.explain.influence import Influence
from sct.explain.kept import kept
from sct.explain.savings import Savings
from sct.frontend.lift import Program
from sct.modes.log import Log, Made
from sct.modes.reverse.nodes import loads, stored
from sct.modes.reverse.sweeps import line_of
from sct.pipeline import Derived
from sct.room import with_room
from sct.rules import Rule
from sct.walk import parameters


def collect(deriveds: Sequence[Derived], logs: Sequence[Log], mode: str) -> Facts:
    """Return the facts about derivatives in one mode, each with the log that was kept of it."""
    every = with_room(lambda: tuple(_derivative(d, log) for d, log in zip(deriveds, logs, strict=True)))
    return Facts(mode, every)


def _derivative(derived: Derived, log: Log) -> Derivative:
    assert log.program is not None and log.analyst is not None
    written = {f.name: f for f in derived.functions}
    functions = [
        _function(made, written, log.analyst, made.functions == (derived.name,))
        for made in log.made
        if any(name in written for name in made.functions)
    ]
    return Derivative(derived.name, tuple(functions), _operations(derived, log.program))


def _function(made: Made, written: dict[str, ast.FunctionDef], analyst: Analyst, entry: bool) -> FunctionFacts:
    node = made.routine.node
    analysis = analyst.analyse(node, made.kinds, made.independents)
    influence = Influence(node, analysis, made.independents, lambda key: analyst.effects(key).into)
    functions = [written[name] for name in made.functions if name in written]
    taped: list[Taped] = []
    recomputed: list[Recomputed] = []
    if made.body is not None:
        bodies = [s for f in functions for s in f.body]
        savings = Savings(made.body, made.names, {*loads(bodies), *stored(bodies)})
        taped = [*savings.taped(), *savings.handed(made.handed, made.functions[0])]
        recomputed = savings.recomputed()
    kinds = {name: made.kinds[name] for name in parameters(node) if name in made.kinds}
    source = made.routine.function
    return FunctionFacts(
        made.routine.name,
        source.module.path,
        source.node.lineno,
        tuple(f.name for f in functions),
        made.independents,
        tuple(influence.variables()),
        tuple(taped),
        tuple(recomputed),
        tuple(_rules(made.fired)),
        tuple(kept(functions, kinds, influence.ancestors, entry)),
    )


def _rules(fired: Sequence[tuple[ast.stmt, Rule]]) -> list[RuleUse]:
    """Return the rules that were used, in the order of the lines, each with all of its lines."""
    lines: dict[tuple[str, str, str], set[int]] = {}
    for stmt, rule in fired:
        lines.setdefault((rule.name, rule.names[0], rule.kind), set()).add(line_of(stmt))
    uses = [RuleUse(*key, tuple(sorted(found))) for key, found in lines.items()]
    return sorted(uses, key=lambda use: (use.lines, use.rule))


def _operations(derived: Derived, program: Program) -> Operations:
    written = {f.name: f for f in derived.functions}

    def users(name: str) -> ast.FunctionDef | None:
        return program.routine(name).node if name.startswith("@") else None

    def made(name: str) -> ast.FunctionDef | None:
        return written.get(name[1:]) if name.startswith("!") else users(name)

    entry = program.entry(derived.request.function).node
    primal, derivative = Counter(users).function(entry), Counter(made).function(derived.functions[-1])
    return Operations(polynomial(primal), polynomial(derivative), round(ratio(derivative, primal), 2))
