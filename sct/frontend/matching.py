"""A match statement as a chain of branches.

In: a ``match`` whose patterns capture nothing. Out: the branches, None for patterns of attributes without names.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from sct import core
from sct.frontend.captures import WHOLE, at_index, held, is_simple
from sct.frontend.structure import Block, Fresh
from sct.nodes import assign, load
from sct.rules.template import call


def cases(stmt: ast.Match, fresh: Fresh) -> Block | None:
    """Return the statements that a match stands for."""
    before: Block = []

    def kept(part: ast.expr) -> ast.expr:
        name = fresh.name("subject")
        before.append(ast.copy_location(assign(name, part), stmt))
        return load(name)

    subject = held(stmt.subject, is_simple, kept)
    chain: Block = []
    for case in reversed(stmt.cases):
        tests = _tests(case.pattern, subject)
        if tests is None:
            return None
        if case.guard is not None:
            tests = [*tests, *_conjuncts(case.guard)]
        if not tests:
            chain = list(case.body)
            continue
        test = tests[0] if len(tests) == 1 else ast.BoolOp(op=ast.And(), values=tests)
        chain = [ast.copy_location(ast.If(test=test, body=list(case.body), orelse=chain), case.pattern)]
    return [*before, *(chain or [ast.Pass()])]


def _tests(pattern: ast.pattern, subject: ast.expr) -> list[ast.expr] | None:
    """Return what must all hold for a pattern to match, None for attributes that have no name in it."""
    if isinstance(pattern, ast.MatchAs) and pattern.pattern is None:
        return []
    if isinstance(pattern, ast.MatchOr):
        return _alternatives(pattern.patterns, subject)
    if isinstance(pattern, ast.MatchSequence):
        return _sequence(pattern, subject)
    if isinstance(subject, ast.Tuple):
        return None
    if isinstance(pattern, ast.MatchValue):
        return [_compare(subject, ast.Eq(), pattern.value)]
    if isinstance(pattern, ast.MatchSingleton):
        return [_compare(subject, ast.Is(), ast.Constant(value=pattern.value))]
    if isinstance(pattern, ast.MatchMapping):
        keyed = [(ast.Subscript(value=subject, slice=k, ctx=ast.Load()), k) for k in pattern.keys]
        there: list[ast.expr] = [_compare(k, ast.In(), subject) for _, k in keyed]
        parts = zip(pattern.patterns, (place for place, _ in keyed), strict=True)
        return _all([call("sct.runtime.is_mapping", subject), *there], parts)
    return _class(pattern, subject) if isinstance(pattern, ast.MatchClass) else None


def _sequence(pattern: ast.MatchSequence, subject: ast.expr) -> list[ast.expr] | None:
    stars = [i for i, p in enumerate(pattern.patterns) if isinstance(p, ast.MatchStar)]
    count, display = len(pattern.patterns), subject.elts if isinstance(subject, ast.Tuple) else None
    if display is not None and (stars or count != len(display)):
        return None
    at = [at_index(i - count if stars and i > stars[0] else i) for i in range(count)]
    places = display or [ast.Subscript(value=subject, slice=i, ctx=ast.Load()) for i in at]
    first: list[ast.expr] = []
    if display is None:
        length = call("builtins.len", subject)
        op, least = (ast.GtE(), count - 1) if stars else (ast.Eq(), count)
        first = [call("sct.runtime.is_sequence", subject), _compare(length, op, ast.Constant(value=least))]
    parts = zip(pattern.patterns, places, strict=True)
    return _all(first, (part for part in parts if not isinstance(part[0], ast.MatchStar)))


def _class(pattern: ast.MatchClass, subject: ast.expr) -> list[ast.expr] | None:
    first = [call("builtins.isinstance", subject, pattern.cls)]
    whole = core.qualname(pattern.cls) in WHOLE and len(pattern.patterns) == 1
    positional = [(p, subject) for p in pattern.patterns]
    if not whole and any(_tests(p, place) != [] for p, place in positional):
        return None
    named = [ast.Attribute(value=subject, attr=name, ctx=ast.Load()) for name in pattern.kwd_attrs]
    first += [call("builtins.hasattr", subject, ast.Constant(value=name)) for name in pattern.kwd_attrs]
    return _all(first, [*positional, *zip(pattern.kwd_patterns, named, strict=True)])


def _all(first: list[ast.expr], parts: Iterable[tuple[ast.pattern, ast.expr]]) -> list[ast.expr] | None:
    """Return tests, and behind them those of patterns for parts of the subject."""
    tests = first
    for pattern, place in parts:
        found = _tests(pattern, place)
        if found is None:
            return None
        tests = [*tests, *found]
    return tests


def _alternatives(patterns: Sequence[ast.pattern], subject: ast.expr) -> list[ast.expr] | None:
    tests: list[ast.expr] = []
    for pattern in patterns:
        found = _tests(pattern, subject)
        if found is None:
            return None
        if not found:
            return []
        tests.append(found[0] if len(found) == 1 else ast.BoolOp(op=ast.And(), values=found))
    return [ast.BoolOp(op=ast.Or(), values=tests)]


def _conjuncts(test: ast.expr) -> list[ast.expr]:
    return test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]


def _compare(subject: ast.expr, op: ast.cmpop, value: ast.expr) -> ast.expr:
    return ast.Compare(left=subject, ops=[op], comparators=[value])
