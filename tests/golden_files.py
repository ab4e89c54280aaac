"""Golden files: what sct writes, checked in; ``pytest --update-golden`` writes them anew."""

from __future__ import annotations

import ast
import re
from pathlib import Path


def compare(path: Path, text: str, update: bool) -> None:
    """Hold a text against a file: as text, or as syntax where another Python prints the same code otherwise."""
    if update:
        path.write_text(text, encoding="utf-8", newline="\n")
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    if kept != text and not same_code(kept, text):
        assert text == kept, f"{path} is not what sct writes: read the difference, then run pytest --update-golden"


def same_code(left: str, right: str) -> bool:
    """Say whether two texts are the same program under the same comments."""
    if not left or comments(left) != comments(right):
        return False
    return ast.dump(ast.parse(left)) == ast.dump(ast.parse(right))


def comments(text: str) -> list[str]:
    """Return the lines that are comments; without the hashes of the header."""
    lines = [line.strip() for line in text.splitlines()]
    return [re.sub("[0-9a-f]{64}", "", line) for line in lines if line.startswith("#")]


def same_text(path: Path, text: str, update: bool) -> None:
    """Hold a text that is no program against a file."""
    if update:
        path.write_text(text, encoding="utf-8", newline="\n")
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    assert text == kept, f"{path} is not what sct writes: read the difference, then run pytest --update-golden"
