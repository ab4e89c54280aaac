"""A text of Python as a listing: each line an element of its own, with colours, numbers and links.

In: the text, and what is known of its lines. Out: HTML, in which nothing of the text is anything but text.
"""

from __future__ import annotations

import builtins
import io
import keyword
import tokenize
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape as escape_html

#: Control characters are no part of HTML; they are shown as pictures of themselves.
_PICTURES = (
    {n: chr(0x2400 + n) for n in range(32) if n not in (9, 10)}
    | {127: "␡"}
    | dict.fromkeys([*range(128, 160), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF], "\ufffd")
)
_BUILTINS = frozenset(name for name in dir(builtins) if name.islower())


@dataclass(frozen=True)
class Row:
    """What is known of a line: what it is, the groups that it is lit with, what its number and its marks link to."""

    role: str = ""
    groups: tuple[str, ...] = ()
    title: str = ""
    link: str = ""
    references: tuple[tuple[str, str], ...] = ()  # texts and targets
    marks: tuple[tuple[str, str, str], ...] = ()  # a class, a text, what it belongs to


def escape(text: str) -> str:
    """Return a text as HTML shows it, whatever it is made of."""
    return escape_html(text.translate(_PICTURES), quote=True)


def listing(text: str, rows: Mapping[int, Row], key: str) -> str:
    """Return the lines of a text, which are called ``key-1``, ``key-2``, …"""
    lines = _coloured(text)
    while lines and not lines[-1]:
        lines.pop()
    return "".join(_line(number, line, rows.get(number, Row()), key) for number, line in enumerate(lines, 1))


def _line(number: int, inner: str, row: Row, key: str) -> str:
    classes = " ".join(filter(None, ("line", row.role, "linked" if row.groups else "")))
    groups = f' data-g="{escape(" ".join(row.groups))}"' if row.groups else ""
    title = f' title="{escape(row.title)}"' if row.title else ""
    shown = f'<a href="#{escape(row.link)}">{number}</a>' if row.link else str(number)
    marks = "".join(
        f' <span class="mark {kind}" data-t="{escape(of)}">{escape(text)}</span>' for kind, text, of in row.marks
    )
    links = "".join(f' <a class="ref" href="#{escape(to)}">{escape(text)}</a>' for text, to in row.references)
    return (
        f'<div class="{classes}" id="{key}-{number}"{groups}{title}><span class="no">{shown}</span>'
        f'<span class="of">{links}</span> <code>{inner or " "}</code>{marks}</div>\n'
    )


def _coloured(text: str) -> list[str]:
    """Return the lines of a text with its tokens in colours; without, where it cannot be cut into tokens."""
    lines = text.split("\n")
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return [escape(line) for line in lines]
    spans: dict[int, list[tuple[int, int, str]]] = {}
    before = ""
    for token in tokens:
        kind = _kind(token, before)
        if kind:
            for number in range(token.start[0], token.end[0] + 1):
                start = token.start[1] if number == token.start[0] else 0
                end = token.end[1] if number == token.end[0] else len(lines[number - 1])
                spans.setdefault(number, []).append((start, end, kind))
        before = token.string if token.type == tokenize.NAME else before if token.type == tokenize.NL else ""
    return [_spanned(line, spans.get(number, ())) for number, line in enumerate(lines, 1)]


def _kind(token: tokenize.TokenInfo, before: str) -> str:
    if token.type == tokenize.COMMENT:
        return "c"
    if token.type == tokenize.STRING or tokenize.tok_name[token.type].startswith(("FSTRING", "TSTRING")):
        return "s"
    if token.type == tokenize.NUMBER:
        return "n"
    if token.type == tokenize.NAME:
        if before in ("def", "class"):
            return "f"
        if keyword.iskeyword(token.string):
            return "k"
        return "b" if token.string in _BUILTINS else ""
    return ""


def _spanned(line: str, spans: Iterable[tuple[int, int, str]]) -> str:
    out: list[str] = []
    at = 0
    for start, end, kind in spans:
        if start < at:
            continue
        out += [escape(line[at:start]), f'<span class="{kind}">{escape(line[start:end])}</span>']
        at = end
    return "".join([*out, escape(line[at:])])
