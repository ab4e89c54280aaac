"""Random rows of a mixture."""

from __future__ import annotations

import numpy as np

from mixtures.likelihood import Array
from mixtures.rows import Labels


def draw(
    n_samples: int,
    weights: Array,
    means: Array,
    covariances: Array,
    covariance_type: str,
    random_state: np.random.RandomState,
) -> tuple[Array, Labels]:
    """Return rows in the order of their components, and the components.

    The random numbers are drawn in scikit-learn's order: how many rows each component has, and then the rows.
    """
    k, d = means.shape
    counts = random_state.multinomial(n_samples, np.asarray(weights, np.float64))
    rows = []
    for c in range(k):
        if covariance_type in ("full", "tied"):
            matrix = covariances if covariance_type == "tied" else covariances[c]
            rows.append(random_state.multivariate_normal(means[c], matrix, int(counts[c])))
        else:
            rows.append(means[c] + random_state.standard_normal(size=(counts[c], d)) * np.sqrt(covariances[c]))
    return np.concatenate(rows).astype(np.float64), np.repeat(np.arange(k), counts)
