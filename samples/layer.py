from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float


def layer(x: Float[np.ndarray, "n d"], w: Float[np.ndarray, "d k"], b: Float[np.ndarray, "k"]):
    return np.tanh(x @ w + b)
