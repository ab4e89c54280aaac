"""Gaussian mixtures whose every derivative is code that sct wrote, checked in under `mixtures.generated`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mixtures.likelihood import hvp, log_likelihood, value_and_grad

if TYPE_CHECKING:
    from mixtures.model import GaussianMixture

__all__ = ["GaussianMixture", "hvp", "log_likelihood", "value_and_grad"]


def __getattr__(name: str) -> Any:
    """Import the estimator when it is first used: it needs scikit-learn and SciPy, and the rest NumPy alone."""
    if name == "GaussianMixture":
        try:
            from mixtures.model import GaussianMixture
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(
                f"mixtures.GaussianMixture needs scikit-learn and SciPy ({error}): pip install 'sct-ad[mixtures]'",
                name=error.name,
            ) from None

        return GaussianMixture
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
