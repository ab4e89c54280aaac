"""What was decided about a function, as a part of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sct.explain import Facts
from sct.explain.facts import FunctionFacts
from sct.page.listing import escape


def decided(facts: Facts, anchors: Mapping[str, str]) -> str:
    """Return the facts of one mode; `anchors` says what the lines of each file are called on the page."""
    out = [f"<h2>What was decided in {facts.mode} mode, and why</h2>"]
    for derivative in facts.derivatives:
        for function in reversed(derivative.functions):
            out.append(_function(function, facts.mode, anchors.get(function.file, "")))
        operations = derivative.operations
        out.append(
            f"<h4>Operations of {escape(derivative.name)}</h4><p>Estimated, where n is the number of iterations of "
            f"each loop: the function <code>{escape(operations.primal)}</code>, the derivative "
            f"<code>{escape(operations.derivative)}</code>, ratio {operations.ratio:g}.</p>"
        )
    return "".join(out)


def _function(function: FunctionFacts, mode: str, key: str) -> str:
    made = ", ".join(f"<code>{escape(name)}</code>" for name in function.derivatives)
    out = [f"<h3><code>{escape(function.name)}</code>: {made}</h3>"]
    paths = [
        (_code(v.name), " → ".join(f"{_code(s.name)}{_small(s.line, key)}" for s in v.path))
        for v in function.variables
        if v.status != "constant"
    ]
    out.append(_table("Active variables, and the way from an independent to the result", ("variable", "way"), paths))
    if mode == "reverse":
        taped = [
            (_line(t.line, key), _code(t.variable), _code(t.holder), _often(t.times, t.loops), escape(_upper(t.why)))
            for t in function.taped
        ]
        out.append(
            _table("Saved for the reverse sweep", ("line", "value", "in", "how often", "why"), taped, "Nothing.")
        )
    again = [(_line(r.line, key), _code(r.value), escape(_upper(r.why))) for r in function.recomputed]
    out.append(_table("Computed again in the reverse sweep", ("line", "value", "why"), again))
    rules = [(_code(u.function), u.kind, " ".join(_line(n, key) for n in u.lines)) for u in function.rules]
    out.append(_table("Rules", ("of", "kind", "lines"), rules))
    kept = [(_line(k.line, key), _code(k.helper), escape(_upper(k.why)), escape(k.advice)) for k in function.kept]
    out.append(_table("Kept because too little is known", ("line", "helper", "why", "what to write"), kept))
    return "".join(out)


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], empty: str = "") -> str:
    if not rows:
        return f"<h4>{title}</h4><p>{empty}</p>" if empty else ""
    heads = "".join(f"<th>{h}</th>" for h in head)
    cells = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in rows)
    return (
        f'<h4>{title}</h4><div class="scroll" tabindex="0"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{cells}</tbody></table></div>"
    )


def _line(number: int, key: str) -> str:
    return f'<a href="#{key}-{number}">{number}</a>' if number else ""


def _small(number: int, key: str) -> str:
    return f'<sub><a href="#{key}-{number}">{number}</a></sub>' if number else ""


def _often(times: str, loops: Sequence[int]) -> str:
    return f"{times}, loop{'s' if len(loops) > 1 else ''} at {', '.join(map(str, loops))}" if loops else times


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
