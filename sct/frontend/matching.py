"""A match statement as a chain of branches.

In: a ``match`` of values, alternatives and displays, whose patterns capture nothing. Out: the branches, None for
patterns that look into objects.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from sct.frontend.structure import Block, Fresh


def cases(stmt: ast.Match, fresh: Fresh) -> Block | None:
    """Return the statements that a match stands for."""
    before: Block = []
    subject = _held(stmt.subject, before, fresh, stmt)
    chain: Block = []
    for case in reversed(stmt.cases):
        tests = _tests(case.pattern, subject)
        if tests is None:
            return None
        if case.guard is not None:
            tests = [*tests, case.guard]
        if not tests:
            chain = list(case.body)
            continue
        test = tests[0] if len(tests) == 1 else ast.BoolOp(op=ast.And(), values=tests)
        chain = [ast.copy_location(ast.If(test=test, body=list(case.body), orelse=chain), case.pattern)]
    return [*before, *(chain or [ast.Pass()])]


def _held(subject: ast.expr, before: Block, fresh: Fresh, stmt: ast.stmt) -> ast.expr:
    """Return the subject as something that can be read several times."""
    if isinstance(subject, (ast.Name, ast.Constant)):
        return subject
    if isinstance(subject, ast.Tuple) and not any(isinstance(e, ast.Starred) for e in subject.elts):
        return ast.Tuple(elts=[_held(e, before, fresh, stmt) for e in subject.elts], ctx=ast.Load())
    name = fresh.name("subject")
    assign = ast.Assign(targets=[ast.Name(id=name, ctx=ast.Store())], value=subject)
    before.append(ast.copy_location(assign, stmt))
    return ast.Name(id=name, ctx=ast.Load())


def _tests(pattern: ast.pattern, subject: ast.expr) -> list[ast.expr] | None:
    """Return what must all hold for a pattern to match, None where that is more than comparisons."""
    if isinstance(pattern, ast.MatchValue) and not isinstance(subject, ast.Tuple):
        return [_compare(subject, ast.Eq(), pattern.value)]
    if isinstance(pattern, ast.MatchSingleton) and not isinstance(subject, ast.Tuple):
        return [_compare(subject, ast.Is(), ast.Constant(value=pattern.value))]
    if isinstance(pattern, ast.MatchAs) and pattern.pattern is None:
        return []
    if isinstance(pattern, ast.MatchOr):
        return _alternatives(pattern.patterns, subject)
    if isinstance(pattern, ast.MatchSequence) and isinstance(subject, ast.Tuple):
        if len(pattern.patterns) != len(subject.elts) or any(isinstance(p, ast.MatchStar) for p in pattern.patterns):
            return None
        tests: list[ast.expr] = []
        for sub, part in zip(pattern.patterns, subject.elts, strict=True):
            found = _tests(sub, part)
            if found is None:
                return None
            tests += found
        return tests
    return None


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


def _compare(subject: ast.expr, op: ast.cmpop, value: ast.expr) -> ast.expr:
    return ast.Compare(left=subject, ops=[op], comparators=[value])
