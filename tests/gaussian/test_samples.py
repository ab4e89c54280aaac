"""The samples about mixtures run, and come to what scikit-learn comes to."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.gaussian.data import faithful

pytest.importorskip("scipy")
sklearn_mixture = pytest.importorskip("sklearn.mixture")
SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def best(X, k):
    settings = {"tol": 1e-10, "max_iter": 1000, "n_init": 3, "random_state": 0}
    return sklearn_mixture.GaussianMixture(k, **settings).fit(X)


def test_old_faithful(tmp_path, monkeypatch, capsys):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    monkeypatch.setattr(sys, "argv", ["old_faithful.py", str(tmp_path)])
    runpy.run_path(str(SAMPLES / "old_faithful.py"), run_name="__main__")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["iterations.png", "one_against_two.png"]
    X = faithful()
    assert f"BIC {best(X, 2).bic(X):.3f}" in capsys.readouterr().out


def test_gmm_gradient(capsys):
    names = runpy.run_path(str(SAMPLES / "gmm_gradient.py"), run_name="__main__")
    said = capsys.readouterr().out
    assert "def loss_value_and_grad(" in said
    X = faithful()
    assert f"log-likelihood {len(X) * best(X, 2).score(X):.2f}" in said
    for seed in range(3):
        value, (logits, means, factors) = names["fit"](X, 2, seed)
        np.testing.assert_allclose(value, best(X, 2).score(X), rtol=1e-6)
        assert (logits.shape, means.shape, factors.shape) == ((2,), (2, 2), (2, 2, 2))


def test_every_sample_is_in_the_table():
    text = (SAMPLES / "README.md").read_text(encoding="utf-8")
    for path in SAMPLES.glob("*.py"):
        assert f"| `{path.name}` |" in text, path.name
