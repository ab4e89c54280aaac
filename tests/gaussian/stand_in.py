"""A plugin of pytest: scikit-learn's own tests see our class under the name of theirs."""

from __future__ import annotations

import sklearn.mixture

import mixtures


def pytest_configure():
    sklearn.mixture.GaussianMixture = mixtures.GaussianMixture
