"""What ``python -m mixtures`` ends with where it cannot go on: one line, and an exit code."""

from __future__ import annotations


class Unusable(Exception):
    """A file that cannot be read, fitted or written."""

    exit_code = 123


class UsageError(Unusable):
    """The command line asks for something that does not exist."""

    exit_code = 2
