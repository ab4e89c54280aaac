"""What sct refuses, and the exact words: ``tests/golden/refusals/NAME.py`` beside the message of each mode."""

from __future__ import annotations

import pytest

import sct
from tests.golden_cases import FOLDER
from tests.golden_files import same_text

CASES = sorted((FOLDER / "refusals").glob("*.py"))
# What one mode alone refuses says so in its name.
ONE_MODE = ("forward", "reverse")


def modes(path):
    last = path.stem.rpartition("_")[2]
    return (last,) if last in ONE_MODE else ONE_MODE


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_message(path, request):
    source = path.read_text(encoding="utf-8")
    messages = []
    for mode in modes(path):
        with pytest.raises((sct.Refused, sct.UsageError)) as caught:
            sct.transform(source, "f", mode=mode)
        messages.append(f"{mode}:\n{caught.value}\n")
    same_text(path.with_suffix(".txt"), "\n".join(messages), request.config.getoption("--update-golden"))


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_message_has_its_parts(path):
    """Reason, place, the line and a caret under it, and what to write instead."""
    for mode in modes(path):
        with pytest.raises(sct.SctError) as caught:
            sct.transform(path.read_text(encoding="utf-8"), "f", mode=mode)
        if isinstance(caught.value, sct.Refused):
            head, line, carets, advice = str(caught.value).splitlines()
            assert head.startswith("<stdin>:") and set(carets.strip()) == {"^"} and line.strip() and advice


@pytest.mark.parametrize("path", [p for p in CASES if modes(p) == ("reverse",)], ids=lambda p: p.stem)
def test_the_other_mode_takes_it(path):
    assert "def f_jvp" in sct.transform(path.read_text(encoding="utf-8"), "f", mode="forward")
