"""The facts as a person reads them in a terminal."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence

from sct.explain.facts import Derivative, Facts, FunctionFacts, Taped, Variable, listed

Paint = Callable[[str, str], str]


def _plain(text: str, colour: str) -> str:
    return text


def as_text(facts: Facts, paint: Paint = _plain, verbose: bool = False) -> str:
    """Return the facts as text; `paint` colours, `verbose` lists constants too."""
    return "\n".join(
        line for derivative in facts.derivatives for line in _derivative(derivative, facts, paint, verbose)
    )


def in_short(derivative: Derivative) -> str:
    """Return a line on a derivative: how much is active, how much is saved, how much it costs."""
    entry = derivative.functions[-1]
    taped = [t for f in derivative.functions for t in f.taped]
    iterated = sum(t.times == "per iteration" for t in taped)
    active = sum(v.status == "active" for v in entry.variables)
    return (
        f"{derivative.name}: {active} active, {len(taped) - iterated} saved once, {iterated} per iteration, "
        f"ratio {derivative.operations.ratio:g}"
    )


def _derivative(derivative: Derivative, facts: Facts, paint: Paint, verbose: bool) -> Iterator[str]:
    for function in reversed(derivative.functions):
        yield from _function(function, facts, paint, verbose)
    operations = derivative.operations
    yield paint("operations (estimated, n iterations of each loop)", "bold")
    yield f"  function    {operations.primal}"
    yield f"  derivative  {operations.derivative}"
    yield f"  ratio       {operations.ratio:g}"
    yield ""


def _function(function: FunctionFacts, facts: Facts, paint: Paint, verbose: bool) -> Iterator[str]:
    where = f"{os.path.basename(function.file)}:{function.line}"
    made = ", ".join(function.derivatives)
    yield paint(f"{function.name} ({where}): {made}, {facts.mode} mode, by {', '.join(function.independents)}", "bold")
    yield ""
    yield from _section("active variables", _variables(function.variables, ("active",)), paint)
    yield from _section(
        "variables on which the result does not depend", _variables(function.variables, ("varied",)), paint
    )
    constants = [v for v in function.variables if v.status == "constant"]
    if verbose:
        yield from _section("constant variables", [f"{v.name} (line {v.line}): {v.why}" for v in constants], paint)
    elif constants:
        yield from _section("constant variables", [", ".join(v.name for v in constants)], paint)
    if facts.mode == "reverse":
        yield from _section("saved", [_taped(t) for t in function.taped], paint, "nothing")
    yield from _section("computed again", [f"{_at(r.line)}{r.value}: {r.why}" for r in function.recomputed], paint)
    rules = [f"{u.function} ({u.kind}): {_lines(u.lines)}" for u in function.rules]
    yield from _section("rules", rules, paint)
    helpers = [f"{_at(k.line)}{k.helper} kept: {k.why}. {k.advice}" for k in function.kept]
    yield from _section("kept because too little is known", helpers, paint)


def _section(title: str, rows: Sequence[str], paint: Paint, empty: str = "") -> Iterator[str]:
    if rows or empty:
        yield paint(title, "cyan")
        yield from (f"  {row}" for row in rows or [empty])
        yield ""


def _variables(variables: Sequence[Variable], statuses: Sequence[str]) -> list[str]:
    found = [v for v in variables if v.status in statuses]
    width = max((len(v.name) for v in found), default=0)
    return [f"{v.name:<{width}}  {_path(v)}" for v in found]


def _path(variable: Variable) -> str:
    first, *rest = variable.path
    return " → ".join([first.name, *(f"{s.name} ({s.line})" if s.line else s.name for s in rest)])


def _taped(taped: Taped) -> str:
    often: str = taped.times
    if taped.loops:
        often += f" of the loop{'s' if len(taped.loops) > 1 else ''} at {_lines(taped.loops)}"
    return f"{_at(taped.line)}{taped.variable} in {taped.holder}, {often}: {taped.why}"


def _at(line: int) -> str:
    return f"line {line}: " if line else ""


def _lines(lines: Sequence[int]) -> str:
    return listed("line", [n for n in lines if n])
