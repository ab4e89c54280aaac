"""Gaussian mixtures whose every derivative is code that sct wrote. Nothing is here yet; the library is to come."""
