"""What sct decided about a function, and why: the facts behind ``sct explain`` and ``sct report``.

In: derivatives, with the log of the mode that wrote them. Out: `Facts`, which can be printed or written as JSON. All of
it comes from the analyses that the derivative was written from; the text of the derivative is not searched.
"""

from .collect import collect
from .facts import Facts
from .linking import linked
from .text import as_text, in_short

__all__ = ["Facts", "as_text", "collect", "in_short", "linked"]
