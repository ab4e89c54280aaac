"""Make the project importable where it is not installed, and the tests quick."""

import os
import sys
from pathlib import Path

# As many processes run the tests as there are cores: each has one thread for linear algebra.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

ROOT = str(Path(__file__).resolve().parents[1])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew instead of comparing")
    parser.addoption(
        "--corpus", action="store_true", help="run every example of every rule and the fuzzer too, which takes long"
    )


LONG = ("test_fuzz.py",)


def pytest_collection_modifyitems(config, items):
    import pytest

    skip = pytest.mark.skip(reason="long: run with --corpus")
    for item in items:
        if (item.path.name in LONG or item.get_closest_marker("long")) and not config.getoption("--corpus"):
            item.add_marker(skip)
