"""``python -m sct``: the same program as the command ``sct``."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path


def _find_command() -> None:
    """Make the folder ``cli`` of a checkout known by the name that it is installed under."""
    folder = Path(__file__).resolve().parent.parent / "cli"
    spec = importlib.util.spec_from_file_location(
        "sct_cli", folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise ImportError("the package sct_cli is not installed")
    sys.modules["sct_cli"] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)


if __name__ == "__main__":
    if importlib.util.find_spec("sct_cli") is None:
        _find_command()
    from sct_cli.main import main

    sys.exit(main())
