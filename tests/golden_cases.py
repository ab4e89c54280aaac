"""The golden cases: the functions in ``tests/golden/*/function.py`` and the points at which they are differentiated."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import numpy as np

FOLDER = Path(__file__).parent / "golden"
V3, V5 = np.array([0.4, 1.3, 0.7]), np.array([0.4, 1.3, -0.7, 0.9, 1.6])
V2, M22 = np.array([0.2, -0.5]), np.array([[0.7, -0.3], [0.4, 1.2]])
M23 = np.array([[0.7, -0.3, 0.2], [0.4, 1.2, -0.6]])
T222 = np.array([[[0.7, -0.3], [0.4, 1.2]], [[0.1, 0.9], [-0.6, 0.5]]])
IMAGE = np.array([[0.3, -0.4, 1.1, 0.2], [0.6, 0.9, -0.5, 0.7], [1.2, 0.1, 0.8, -0.3], [0.5, 0.4, -0.2, 1.0]])
SLOPES = {"slope": np.array([0.3, -0.8, 1.1]), "offset": 0.25}

# case: the function in it, and its arguments
CASES: Mapping[str, tuple[str, tuple[Any, ...]]] = {
    "attention": ("attention", (T222, T222 + 0.3, np.cos(T222), M22)),
    "branch": ("branch", (1.3,)),
    "classic": ("f", (1.3, -0.4)),
    "diverged": ("settled", (1.1, 0.2)),
    "early_return": ("first_above", (1.1, 0.2, 2.5)),
    "heat": ("heat", (V5, 0.2, 3)),
    "helpers": ("area", (1.3, 0.6)),
    "image": ("roughness", (IMAGE, 0.7)),
    "kalman": ("log_likelihood", ([0.4, -0.2, 1.1], 0.3, 0.8)),
    "logsumexp": ("logsumexp", (V3,)),
    "mlp": ("loss", (M22, V2[:, None], M22.T + 0.1, V2, M22[:, :1], V2[:1])),
    "newton": ("root", (2.5, 1.0, 1e-12)),
    "parameters": ("predict", (SLOPES, V3)),
    "recursion": ("power", (1.3, 5)),
    "rescued": ("balance", (V3, 0.6)),
    "rosenbrock": ("rosenbrock", (V3,)),
    "scan": ("scan", (V5, 1.2)),
    "softmax": ("loss", ({"w": M23, "b": V3}, M22, np.array([[0.1, 0.2, 0.7], [0.8, 0.1, 0.1]]))),
    "waves": ("energy", (V5, 1.2, 0.3)),
    "views": ("smooth", (V5, 1.2)),
}


class _Annotation:
    """Stands in for a type of jaxtyping, which the tests do not install."""

    def __class_getitem__(cls, item: object) -> type:
        return cls


def load(path: Path) -> ModuleType:
    """Import a file as a module of its own."""
    name = f"golden_{path.parent.name}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    with jaxtyping():
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        finally:
            del sys.modules[name]
    return module


@contextmanager
def jaxtyping() -> Iterator[None]:
    """Let ``from jaxtyping import Float`` work."""
    stub = ModuleType("jaxtyping")
    stub.Float = _Annotation  # type: ignore[attr-defined]
    with mock.patch.dict(sys.modules, {"jaxtyping": stub}):
        yield
