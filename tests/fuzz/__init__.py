"""Random programs over the supported language: ``python -m tests.fuzz --seconds 60``."""
