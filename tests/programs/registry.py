"""All cases of the corpus, read from the table ``CASES`` at the end of each file of programs."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

from .case import Case

HERE = Path(__file__).resolve().parent
_MACHINERY = {"__init__", "case", "checks", "harness", "registry", "report", "twice", "helpers", "common"}


def themes() -> list[str]:
    """Return the names of the modules of programs: those in this package, and the plain scripts beside each other."""
    inner = [f"{__package__}.{p.stem}" for p in sorted(HERE.glob("*.py")) if p.stem not in _MACHINERY]
    scripts = [p.stem for p in sorted((HERE / "scripts").glob("*.py")) if p.stem not in _MACHINERY]
    return inner + scripts


def cases(pattern: str = "") -> list[Case]:
    """Return the cases whose name contains `pattern`, one for each sample input."""
    if str(HERE / "scripts") not in sys.path:
        sys.path.append(str(HERE / "scripts"))
    found = []
    for theme in themes():
        module = importlib.import_module(theme)
        for name, entry in module.CASES.items():
            options: dict[str, Any] = dict(entry) if isinstance(entry, dict) else {"args": entry}
            inputs = options.pop("args")
            keywords = options.pop("kwargs", [{}] * len(inputs))
            for number, (args, kwargs) in enumerate(zip(inputs, keywords, strict=True)):
                label = f"{theme.rpartition('.')[2]}.{name}" + (f"#{number}" if number else "")
                if pattern in label:
                    found.append(Case(label, getattr(module, name), tuple(args), dict(kwargs), **options))
    return found
