"""Fit the model to ten minutes of measurements, by gradient descent."""

import numpy as np
from diff_misfit import misfit_vjp

times = np.linspace(0.0, 10.0, 11)
measured = 21.0 + 60.0 * np.exp(-0.2 * times)
estimate = np.array([70.0, 15.0, 0.1])
steps = np.array([0.5, 0.3, 1e-5])  # how far to go along each entry of the gradient

for _ in range(5000):
    value, gradient = misfit_vjp(*estimate, times, measured)
    estimate = estimate - steps * np.array(gradient)

print("start {:.2f}, ambient {:.2f}, rate {:.3f}: misfit {:.6f}".format(*estimate, value))
