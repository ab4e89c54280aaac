"""One page about a function: its source beside its derivatives, with the lines linked, and its computational graph.

In: derivatives in both modes, with their logs. Out: the text of one HTML file that needs nothing else.
"""

from .page import Report, is_page, page

__all__ = ["Report", "is_page", "page"]
