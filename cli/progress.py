"""A bar that grows on a terminal while something takes long; nothing where nobody watches."""

from __future__ import annotations

import sys
import time

_WIDTH, _PATIENCE = 30, 0.5


class Progress:
    """Shows how many of `total` steps are done, once they have taken half a second, and leaves no trace."""

    def __init__(self, total: int, noun: str, wanted: bool = True) -> None:
        self.total, self.noun = total, noun
        self.wanted = wanted and sys.stderr.isatty()
        self.started = time.monotonic()
        self.shown = False

    def done(self, count: int) -> None:
        """Say that `count` steps are done."""
        if not self.wanted or time.monotonic() - self.started < _PATIENCE:
            return
        filled = _WIDTH * count // max(self.total, 1)
        bar = "#" * filled + "." * (_WIDTH - filled)
        print(f"\r[{bar}] {count}/{self.total} {self.noun}", end="", file=sys.stderr, flush=True)
        self.shown = True

    def end(self) -> None:
        """Take the bar away."""
        if self.shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
            self.shown = False
