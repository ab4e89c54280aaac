"""``sct rules``: what can be differentiated, read from the rules themselves."""

from __future__ import annotations

import argparse
import ast
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import zip_longest

from sct.rules import Rule, all_rules
from sct.rules.stores import writers

from .arguments import Parser, add_volume
from .details import details_of

_KINDS = {
    "elementwise": "partial derivatives of each element",
    "linear": "the function itself, and its transpose",
    "bilinear": "a product rule, and two transposes",
    "composite": "stands for an expression of NumPy",
    "constant": "the derivative is zero everywhere",
    "custom": "a tangent and an adjoint of its own",
    "write": "writes into its first argument, as a store does",
}
# Keywords of SciPy, where a rule serves both.
_OF_SCIPY = ("assume_a", "atol", "check_finite", "lapack_driver", "lower", "overwrite_a", "overwrite_b")
# How wide the column of calls is at most, and what the next two take with the space between them.
_CALL = 42
_REST = 20


@dataclass(frozen=True, order=True)
class _Line:
    """One function: how it is called, its kind, in which modes, by which arguments, or why not at all; what is more."""

    call: str
    kind: str
    modes: str
    by: str
    reason: str = ""
    details: tuple[str, ...] = ()


def run(arguments: Sequence[str]) -> int:
    """Run the subcommand; 1 where nothing is covered that fits the pattern."""
    given = _parser().parse_args(arguments)
    if given.rules:
        from sct.rules.own import load

        load(given.rules)
    lines = sorted({line for rule in (*all_rules(), *writers()) for line in _lines(rule, given.pattern, given.verbose)})
    for line in () if given.quiet else _table(lines):
        print(line)
    return 0 if lines else 1


def _parser() -> argparse.ArgumentParser:
    kinds = "\n".join(f"  {kind:<14}{meaning}" for kind, meaning in _KINDS.items())
    parser = Parser(
        prog="sct rules",
        description="List the functions that have a derivative rule: how they may be called, the kind\n"
        "of the rule, the modes it serves (F forward, R reverse), the arguments by which\n"
        "it differentiates. What is not listed is refused; reasons are listed where a\n"
        "function has one of its own.",
        epilog=f"kinds:\n{kinds}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("pattern", nargs="?", default="", help="part of a name, or a pattern such as 'numpy.linalg.*'")
    add_volume(
        parser,
        "print nothing: the exit code tells whether there is one",
        "say what each rule does: its derivatives, its conventions, where it is declared",
    )
    parser.add_argument("--rules", metavar="FILE", help="list the rules of this file too, which is read and not run")
    return parser


def _lines(rule: Rule, pattern: str, verbose: bool) -> Iterator[_Line]:
    for name in rule.names:
        if "." in name and _fits(name, pattern):
            details = tuple(details_of(rule)) if verbose else ()
            if rule.refusal:
                yield _Line(name, "refused", "", "", rule.refusal, details)
                continue
            by = ", ".join(_wrt(rule))
            by = f"by {by}" if by else ""
            yield _Line(f"{name}({_signature(rule, name)})", rule.kind, _modes(rule), by, "", details)


def _fits(name: str, pattern: str) -> bool:
    if any(c in pattern for c in "*?["):
        return fnmatchcase(name, pattern)
    # The helpers that generated code calls have rules too, which concern nobody who does not ask for them.
    return pattern in name and (not name.startswith("sct.") or "sct." in pattern)


def _signature(rule: Rule, name: str) -> str:
    if rule.constant:
        return "..."
    parts, keyword_only = [], False
    for p in rule.parameters[1:] if name.startswith("numpy.ndarray.") else rule.parameters:
        if p.name in _OF_SCIPY and name.startswith("numpy."):
            continue
        if p.keyword_only and not keyword_only:
            parts.append("*")
            keyword_only = True
        shown = p.name.rstrip("_")
        parts.append(f"*{shown}" if p.variadic else shown if p.default is None else _defaulted(shown, p.default))
        keyword_only = keyword_only or p.variadic
    return ", ".join(parts)


def _defaulted(name: str, default: ast.expr) -> str:
    return f"{name}={ast.unparse(default)}"


def _modes(rule: Rule) -> str:
    forward = rule.kind != "custom" or rule.tangents
    return "F R" if forward else "  R"


def _wrt(rule: Rule) -> list[str]:
    """Return the operands by which there is a derivative: a rule says None where there is none."""
    parts = rule.template.parts if rule.kind not in ("composite", "constant", "write") and not rule.write else ()
    refused = {
        p
        for p, part in zip(rule.operands, parts, strict=False)
        if isinstance(part, ast.Constant) and part.value is None
    }
    return [p.rstrip("_") for p in rule.operands if p not in refused]


def _table(lines: Sequence[_Line]) -> Iterator[str]:
    """Yield the lines of a table that fits into 80 columns: long calls and long lists of arguments are wrapped."""
    width = min(max((len(line.call) for line in lines), default=0), _CALL)
    for line in lines:
        calls = textwrap.wrap(line.call, width, subsequent_indent="    ", break_long_words=False) or [""]
        by = textwrap.wrap(line.by, 80 - width - _REST, subsequent_indent="   ", break_long_words=False)
        for i, (call, more) in enumerate(zip_longest(calls, by, fillvalue="")):
            kind, modes = ("", "") if i else (line.kind, line.modes)
            yield f"{call:<{width}}  {kind:<11}  {modes:<3}  {more}".rstrip()
        if line.reason:
            yield textwrap.fill(line.reason, 80, initial_indent="    ", subsequent_indent="    ")
        for detail in line.details:
            yield textwrap.fill(detail, 80, initial_indent="    ", subsequent_indent="        ")
