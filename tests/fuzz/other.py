"""A second process, with other hashes of strings: what it emits must be the same to the byte.

The process reads requests and writes answers, each a line of JSON. It lives as long as the fuzzer, so that what it did
before differs too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from tests.programs.harness import ROOT


def emit(path: str, name: str, mode: Any, wrt: list[int] | None) -> str:
    """Return what is emitted for a function of a file: a text, or why it is refused."""
    import sct

    return or_reason(lambda: sct.transform(Path(path), name, mode=mode, wrt=None if wrt is None else tuple(wrt)))


def or_reason(emitted: Callable[[], str]) -> str:
    """Return a text, or why there is none."""
    try:
        return emitted()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


@cache
def _process() -> subprocess.Popen[str]:
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    return subprocess.Popen(
        [sys.executable, "-m", "tests.fuzz.other"],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def ask(path: str, name: str, mode: str, wrt: tuple[int, ...] | None) -> None:
    """Have another process emit; its answers come in the order in which they are asked for."""
    process = _process()
    assert process.stdin
    process.stdin.write(json.dumps([path, name, mode, wrt]) + "\n")
    process.stdin.flush()


def answer() -> str:
    """Return what the other process emits."""
    process = _process()
    assert process.stdout
    text: str = json.loads(process.stdout.readline())
    return text


def main() -> None:
    """Answer until there are no more requests."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    sys.stdout = sys.stderr
    for line in sys.stdin:
        answers.write(json.dumps(emit(*json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
