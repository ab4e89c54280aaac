"""The architecture page, ``sct/README.md``: what it shows after each pass is what that pass returns."""

from __future__ import annotations

import ast
import copy
import importlib
import re
from pathlib import Path
from typing import Any
from unittest import mock

import sct
from sct.frontend.read import read_text
from sct.frontend.resolve import Resolver
from sct.pipeline import Request, derive
from tests.golden_files import same_text

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "sct" / "README.md"
STAGE = re.compile(r"<!-- (?P<stage>[\w ]+) -->\n```python\n(?P<text>.*?)```\n", re.S)
EXAMPLE = """\
import numpy as np
from jaxtyping import Float


def energy(x: Float[np.ndarray, "n"], k: float):
    total = 0.0
    for v in x:
        if v < 0.0:
            return total
        total += v * np.sin(k * v)
    return total
"""


def shown(tree: Any) -> str:
    """Print a tree as it is inside the compiler: references and temporaries as they are encoded."""
    node = copy.deepcopy(tree.node if hasattr(tree, "node") else tree)
    text = ast.unparse(ast.fix_missing_locations(node))
    text = re.sub(r"^( *)'\\x00remark:\d+:(.*)'$", r"\1# \2", text, flags=re.M)
    return re.sub(r"^ *# $", "", text, flags=re.M) + "\n"


def stages() -> dict[str, str]:
    """Differentiate the example in reverse mode; return what each pass returned last."""
    compiler = importlib.import_module("sct.modes.reverse.compile")
    body = importlib.import_module("sct.modes.reverse.body")
    seen: dict[str, str] = {"source": EXAMPLE}

    def record(stage: str, function: Any, before: str = "") -> Any:
        def run(*args: Any, **keywords: Any) -> Any:
            if before:
                seen[before] = shown(args[0])
            result = function(*args, **keywords)
            seen[stage] = shown(result)
            return result

        return run

    module = read_text(EXAMPLE)
    resolver = Resolver(module)
    (function,) = resolver.functions(module)
    seen["resolve"] = shown(resolver.resolve(function))
    passes = mock.patch.multiple(
        body,
        structure=record("structure", body.structure, "lift"),
        lower=record("lower", body.lower),
        flatten=record("flatten", body.flatten),
    )
    with passes, mock.patch.object(compiler, "tidy", record("simplify", compiler.tidy, "sweeps")):
        derive(Request(function, "vjp"), resolver)
    for mode in ("forward", "reverse"):
        seen[f"emit {mode}"] = sct.transform(EXAMPLE, mode=mode).split("\n", 3)[3].lstrip("\n")
    return seen


def test_the_page_shows_what_the_passes_return(request):
    found = stages()
    text = PAGE.read_text(encoding="utf-8")

    def fresh(match: re.Match[str]) -> str:
        return f"<!-- {match['stage']} -->\n```python\n{found[match['stage']]}```\n"

    assert {m["stage"] for m in STAGE.finditer(text)} == set(found)
    same_text(PAGE, STAGE.sub(fresh, text), request.config.getoption("--update-golden"))


def test_the_page_names_files_that_exist():
    for path in re.findall(r"`(\w+/\w+\.py|\w+/)`", PAGE.read_text(encoding="utf-8")):
        assert (PAGE.parent / path).exists() or (ROOT / path).exists(), path


def test_sct_imports_neither_the_command_nor_the_library():
    for path in (ROOT / "sct").rglob("*.py"):
        if path.name == "__main__.py":  # `python -m sct` is the command
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {n.partition(".")[0] for n in names} & {"sct_cli", "cli", "mixtures"}, path
