"""Gaussian mixtures whose every derivative is code that sct wrote, checked in under `mixtures.generated`."""

from mixtures.likelihood import hvp, log_likelihood, value_and_grad

__all__ = ["hvp", "log_likelihood", "value_and_grad"]
