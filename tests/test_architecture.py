"""The architecture page, ``sct/README.md``: what it shows after each pass is what that pass returns."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path
from typing import Any
from unittest import mock

import sct
from sct import core
from sct.frontend.read import read_text
from sct.frontend.resolve import Resolver
from sct.pipeline import Request, derive
from tests.golden_files import same_text

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "sct" / "README.md"
STAGE = re.compile(r"<!-- (?P<stage>[\w ]+) -->\n```python\n(?P<text>.*?)```\n", re.S)
EXAMPLE = '''\
import numpy as np


def energy(x: np.ndarray, k: float):
    total = 0.0
    for v in x:
        if v < 0.0:
            break
        total += v * np.sin(k * v)
    return total
'''


def shown(tree: Any) -> str:
    """Print a tree as it is inside the compiler: references and temporaries as they are encoded."""
    text = ast.unparse(tree.node if hasattr(tree, "node") else tree)
    text = re.sub(r"^( *)'\\x00remark:(.*)'$", r"\1# \2", text, flags=re.M)
    return re.sub(r"^ *# $", "", text, flags=re.M) + "\n"


def stages() -> dict[str, str]:
    """Differentiate the example in reverse mode; return what each pass returned last."""
    reverse = importlib.import_module("sct.modes.reverse")
    seen: dict[str, str] = {"source": EXAMPLE}

    def record(stage: str, function: Any, before: str = "") -> Any:
        def run(*args: Any, **keywords: Any) -> Any:
            if before:
                seen[before] = shown(args[0])
            result = function(*args, **keywords)
            if stage == "flatten" and stage in seen:
                return result
            seen[stage] = shown(result)
            return result

        return run

    resolver = Resolver(read_text(EXAMPLE))
    (function,) = resolver.functions(resolver.library.modules[0] if False else _main(resolver))
    seen["resolve"] = shown(resolver.resolve(function))
    with mock.patch.multiple(
        reverse,
        structure=record("structure", reverse.structure, "lift"),
        lower=record("lower", reverse.lower),
        flatten=record("flatten", reverse.flatten),
        tidy=record("simplify", reverse.tidy, "sweeps"),
    ):
        derive(Request(function, "vjp"), resolver)
    for mode in ("forward", "reverse"):
        seen[f"emit {mode}"] = sct.transform(EXAMPLE, mode=mode).split("\n", 3)[3].lstrip("\n")
    return seen
