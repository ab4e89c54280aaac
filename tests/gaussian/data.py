"""The data on which mixtures are tried."""

from __future__ import annotations

from pathlib import Path

import numpy as np

FAITHFUL = Path(__file__).resolve().parents[2] / "samples" / "old_faithful.csv"
TYPES = ("full", "tied", "diag", "spherical")


def faithful():
    """Old Faithful: eruptions and the waiting time to the next (Azzalini and Bowman 1990)."""
    return np.loadtxt(FAITHFUL, delimiter=",", skiprows=1)


def iris():
    """Fisher's irises."""
    from sklearn.datasets import load_iris

    return load_iris().data


def made(n=400, d=3, k=3, seed=0, far=0.0):
    """Rows of a mixture with correlated features, `far` from the origin."""
    rng = np.random.default_rng(seed)
    parts = []
    for c in range(k):
        mix = rng.normal(size=(d, d)) + np.eye(d)
        parts.append(rng.normal(size=(n // k + c, d)) @ mix + 3.0 * rng.normal(size=d))
    return np.concatenate(parts) + far


DATA = {"faithful": (faithful, 2), "iris": (iris, 3), "made": (made, 3)}
