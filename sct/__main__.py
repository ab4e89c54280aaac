"""``python -m sct``: the same program as the command ``sct``."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys


def _find_command() -> None:
    """Make the folder ``cli`` of a checkout known by the name that it is installed under."""
    folder = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "cli")
    init = os.path.join(folder, "__init__.py")
    spec = importlib.util.spec_from_file_location("sct_cli", init, submodule_search_locations=[folder])
    if spec is None or spec.loader is None:
        raise ImportError("the package sct_cli is not installed")
    sys.modules["sct_cli"] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)


if __name__ == "__main__":
    if importlib.util.find_spec("sct_cli") is None:
        _find_command()
    sys.exit(importlib.import_module("sct_cli.main").main())
