"""Old Faithful with one and two Gaussians, and how the fit of two came about.

``python samples/old_faithful.py [FOLDER]`` writes two pictures into the folder, or into the current one:
``one_against_two.png`` and ``iterations.png``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from mixtures import GaussianMixture, plot

NAMES = ["eruption (minutes)", "waiting for the next (minutes)"]


def main(folder: Path) -> None:
    X = np.loadtxt(Path(__file__).with_name("old_faithful.csv"), delimiter=",", skiprows=1)

    figure = plot.one_against_two(X, names=NAMES, random_state=0)
    figure.savefig(folder / "one_against_two.png", dpi=80)

    # A start far off, with the components where there are no rows, so that there is something to see.
    start = {
        "weights_init": [0.5, 0.5],
        "means_init": [[1.6, 85.0], [5.0, 45.0]],
        "precisions_init": np.tile(np.diag([2.0, 0.01]), (2, 1, 1)),
    }
    model = GaussianMixture(2, tol=1e-9, **start).fit(X)
    figure = plot.iterations(model, X, names=NAMES)
    figure.savefig(folder / "iterations.png", dpi=80)

    for number in (0, 1, 2, 3, 4, 5, 6, 20):
        print(f"iteration {number:2}: log-likelihood {len(X) * model.history_[number].log_likelihood:9.3f}")
    print(f"log-likelihood {len(X) * model.score(X):.3f}, BIC {model.bic(X):.3f}, weights {model.weights_.round(4)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path())
