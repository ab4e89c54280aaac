"""Programs mixed from statements on a common state come out right or are refused."""

import textwrap

import pytest

from tests.programs import harness

from .expressions import RandomChooser
from .mixed import STATEMENTS, mixed
from .verdicts import DISCARDED, FIRST, judge, worst

FINE = (harness.RIGHT, harness.REFUSED, harness.RAISES, DISCARDED)


@pytest.mark.parametrize("seed", [pytest.param(n, marks=pytest.mark.long if n >= 60 else ()) for n in range(1000)])
def test_right_or_refused(seed, tmp_path):
    program = mixed(RandomChooser(seed), 2 + seed % 4)
    way, verdict = worst(judge(program, tmp_path, FIRST))
    assert verdict.kind in FINE, f"{way}: {verdict.kind}: {verdict.reason}\n{program.text}\n# {program.args!r}"


def test_every_statement_compiles():
    assert len(set(STATEMENTS)) == len(STATEMENTS) > 300
    for statement in STATEMENTS:
        body = textwrap.indent(statement, "    ")
        compile(f"def main(s):\n{body}\n", "<mixed>", "exec")
