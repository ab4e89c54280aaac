import numpy as np
from jaxtyping import Float


def attention(
    queries: Float[np.ndarray, "heads n d"],
    keys: Float[np.ndarray, "heads m d"],
    values: Float[np.ndarray, "heads m v"],
    bias: Float[np.ndarray, "heads m"],
):
    """Scaled dot-product attention with a bias for each key."""
    d = queries.shape[-1]
    scores = queries @ np.swapaxes(keys, 1, 2) / np.sqrt(d) + bias[:, None, :]
    weights = np.exp(scores - np.max(scores, axis=2, keepdims=True))
    weights = weights / np.sum(weights, axis=2, keepdims=True)
    return weights @ values
