"""Links: each line of generated code belongs to the statement that it came from, or that it takes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from sct.emit.links import Link
from sct.explain import linked
from sct.frontend.read import read_text
from sct.texts import Choice, Target, file_name, transformed
from tests.golden_cases import CASES

GOLDEN = Path(__file__).parent / "golden"


def links(text: str, mode: str) -> list[tuple[str, Link]]:
    """Return each line of the derivative that has a link."""
    made = transformed([Target(read_text(text))], Choice(mode=mode), file_name)
    rows = made.text.split("\n")
    return [(rows[link.line - 1].strip(), link) for link in linked(made, mode)]


def short(text: str, mode: str) -> list[str]:
    return [f"{' '.join(map(str, link.sources)) or '-'} {link.role}: {row}" for row, link in links(text, mode)]


CLASSIC = """\
from math import sin

def f(x1: float, x2: float):
    w3 = x1 * x2
    w4 = sin(x1)
    w5 = w3 + w4
    return w5
"""


def test_the_classic():
    assert short(CLASSIC, "forward") == [
        "3 definition: def f_jvp(x1, x2, dx1, dx2):",
        "4 primal: w3 = x1 * x2",
        "4 tangent: dw3 = dx1 * x2 + x1 * dx2",
        "5 primal: w4 = sin(x1)",
        "5 tangent: dw4 = cos(x1) * dx1",
        "6 primal: w5 = w3 + w4",
        "6 tangent: dw5 = dw3 + dw4",
        "7 result: return w5, dw5",
    ]
    assert short(CLASSIC, "reverse") == [
        "3 definition: def f_vjp(x1: float, x2: float, w5_bar=1.0):",
        "4 primal: w3 = x1 * x2",
        "5 primal: w4 = sin(x1)",
        "6 primal: w5 = w3 + w4",
        "5 adjoint: # w4 = sin(x1)",
        "5 adjoint: x1_bar = cos(x1) * w5_bar",
        "4 adjoint: # w3 = x1 * x2",
        "4 adjoint: x1_bar = x1_bar + x2 * w5_bar",
        "4 adjoint: x2_bar = x1 * w5_bar",
        "7 result: return w5, (x1_bar, x2_bar)",
    ]


LOOPS = """\
def f(x: float, n: int):
    # before
    s = 0.0
    for i in range(n):
        for j in range(i):
            s = s + x * s
        if s > 1.0:
            s = s * s
        else:
            s = 2.0 * s
    return s
"""


def test_loops_branches_and_tapes():
    found = links(LOOPS, "reverse")
    where = {}
    for row, link in found:
        where.setdefault((row.partition(" #")[0], link.role), link)
    assert where["for j in range(i - 1, -1, -1):", "adjoint"].sources == (5,)
    assert where["for i in range(n - 1, -1, -1):", "adjoint"].sources == (4,)
    assert where["for i in range(n):", "primal"].sources == (4,)
    branches = [link for row, link in found if row.startswith("if ")]
    assert [link.sources for link in branches] == [(7,), (7,)]
    for row, link in found:
        assert bool(link.saves) == (".append(" in row), row
        assert ".pop()" not in row or link.restores, row
        if ".append(" in row and "s_tape" in row:
            assert set(link.sources) <= {6, 8, 10}
    assert [link.sources for row, link in found if row == "x_bar = 0.0"] == [()]


def test_loops_of_comprehensions():
    text = (
        "def f(x: float, n: int):\n    s = x\n    for i in range(n):\n        s = s * sum([x * j for j in range(i)])\n"
    )
    found = [link.sources for row, link in links(f"{text}    return s\n", "reverse") if row.startswith("for ")]
    assert found == [(3,), (4,), (3,), (4,)]


def test_a_paragraph_ends_where_a_loop_begins():
    """Statements in a loop without a remark of their own do not belong to the paragraph before the loop."""
    text = "def f(x: float, n: int):\n    m = [x * i for i in range(n)]\n    return sum(m) * x\n"
    found = links(text, "reverse")
    last = max(i for i, (row, _) in enumerate(found) if row.startswith("for "))
    assert found[last][1].sources == (2,)
    assert all(3 not in link.sources for _, link in found[last:-1])


def test_statements_of_several_lines():
    text = "def f(x: float):\n    y = (\n        x\n        * x\n    )\n    return (\n        y\n    )\n"
    for mode in ("forward", "reverse"):
        assert {link.sources for _, link in links(text, mode)} <= {(1,), (2,), (6,)}


def test_helpers_have_links_into_their_own_lines():
    text = (GOLDEN / "helpers" / "function.py").read_text()
    found = links(text, "reverse")
    inside = [link for row, link in found if "angle" in row]
    assert inside and all(set(link.sources) <= {4, 5, 6, 7} for link in inside)
    assert any(link.role == "adjoint" for link in inside)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("case", CASES)
def test_golden_functions(case: str, mode: str):
    """Each line has one link; lines of the user's are linked to themselves, paragraphs to the statement they name."""
    text = (GOLDEN / case / "function.py").read_text()
    rows = text.split("\n")
    found = links(text, mode)
    lines = [link.line for _, link in found]
    assert len(lines) == len(set(lines))
    for row, link in found:
        assert all(0 < n <= len(rows) for n in link.sources)
        if link.role == "adjoint" and row.startswith("# "):
            target, _, value = row.removeprefix("# ").partition(" = ")
            source = rows[link.sources[0] - 1]
            # What a return gives has a name of the compiler's, and a loop's variable a value.
            value = value.removeprefix("try_")  # the same function with the handlers of its caller in it
            assert value.removesuffix("...") in source or target.split(" ")[0] in source, (row, source)
        # A try is taken apart into small ones: the head of each belongs to the statement in it.
        if link.role == "primal" and row in [r.strip() for r in rows] and row != "try:":
            assert row in rows[link.sources[0] - 1], row
    made = {link.role for _, link in found} & {"tangent", "adjoint"}
    assert made == {"tangent" if mode == "forward" else "adjoint"} or any("_jvp(" in row for row, _ in found[1:])
