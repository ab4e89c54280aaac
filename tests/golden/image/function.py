import numpy as np


def roughness(image, weight):
    """How far each pixel is from the weighted mean of itself and its neighbourhood."""
    h, w = image.shape
    out = np.zeros((h - 2, w - 2))
    for i in range(1, h - 1):
        for j in range(1, w - 1):
            if image[i, j] < 0.0:
                continue
            patch = image[i - 1 : i + 2, j - 1 : j + 2]
            out[i - 1, j - 1] = weight * image[i, j] - (1 - weight) * patch.mean()
    return np.sum(out**2)
