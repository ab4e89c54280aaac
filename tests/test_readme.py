"""The README: its snippets run, and what it quotes is what the tool prints."""

from __future__ import annotations

import contextlib
import io
import math
import re
import runpy
from pathlib import Path

import pytest
from sct_cli.main import main

import sct
from tests.golden_files import same_text

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
TEXT = README.read_text(encoding="utf-8")
QUOTE = re.compile(r"<!-- (?P<what>[^\n]*) -->\n```(?P<language>\w+)\n(?P<text>.*?)```\n", re.S)
PYTHON = re.findall(r"(?<!-->\n)```python\n(.*?)```\n", TEXT, re.S)
SNIPPETS = [m for m in PYTHON if "import sct" in m or "import mixtures" in m]


def quoted(what: str) -> str:
    """Return what the README has to quote under a marker."""
    if what.startswith("samples/"):
        return (ROOT / what).read_text(encoding="utf-8")
    if what.startswith("sct transform "):
        file, *options = what.removeprefix("sct transform ").split()
        chosen = dict(zip(options[::2], options[1::2], strict=True))
        wrt = tuple(chosen["--wrt"].split(",")) if "--wrt" in chosen else None
        text = sct.transform(ROOT / file, mode=chosen.get("--mode", "forward"), wrt=wrt)
        return text.split("\n", 3)[3].lstrip("\n")
    if what.startswith("sct explain "):
        return printed(what.removeprefix("sct "))
    assert what.startswith("refused: ")
    with pytest.raises(sct.Refused) as caught:
        sct.transform(what.removeprefix("refused: ").replace("\\n", "\n"))
    return f"{caught.value}\n"


def printed(command: str) -> str:
    """Return what a command prints."""
    out = io.StringIO()
    with contextlib.chdir(ROOT), contextlib.redirect_stdout(out):
        assert main(command.split()) == 0
    return out.getvalue()


def test_quotes(request):
    def fresh(match: re.Match[str]) -> str:
        return f"<!-- {match['what']} -->\n```{match['language']}\n{quoted(match['what'])}```\n"

    assert len(QUOTE.findall(TEXT)) == 8
    same_text(README, QUOTE.sub(fresh, TEXT), request.config.getoption("--update-golden"))


@pytest.mark.parametrize("number", range(len(SNIPPETS)))
def test_snippets(number, tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    path = tmp_path / "snippet.py"
    path.write_text(SNIPPETS[number], encoding="utf-8")
    names = runpy.run_path(str(path))
    if "x1_bar" in names:
        assert names["value"] == 2.0 + math.sin(1.0)
        assert names["tangent"] == 0.5 * (2.0 + math.cos(1.0))
        assert (names["x1_bar"], names["x2_bar"]) == (math.cos(1.0) + 2.0, 1.0)


def test_snippets_are_found():
    assert len(SNIPPETS) == 6
