"""A match statement as a chain of branches.

In: a ``match`` of values, alternatives, captures and displays. Out: the branches, None for patterns that look into
objects.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from sct.frontend.structure import Block, Fresh

_Part = tuple[list[ast.expr], Block]  # tests that must all hold, and what is bound then


def cases(stmt: ast.Match, fresh: Fresh) -> Block | None:
    """Return the statements that a match stands for."""
    before: Block = []
    subject = _held(stmt.subject, before, fresh, stmt)
    chain: Block = []
    for case in reversed(stmt.cases):
        part = _pattern(case.pattern, subject)
        if part is None:
            return None
        tests, binds = part
        if case.guard is not None:
            if binds:
                return None
            tests = [*tests, case.guard]
        body = [*binds, *case.body]
        if not tests:
            chain = body
            continue
        test = tests[0] if len(tests) == 1 else ast.BoolOp(op=ast.And(), values=tests)
        chain = [ast.copy_location(ast.If(test=test, body=body, orelse=chain), case.pattern)]
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


def _pattern(pattern: ast.pattern, subject: ast.expr) -> _Part | None:
    if isinstance(pattern, ast.MatchValue) and not isinstance(subject, ast.Tuple):
        return [_compare(subject, ast.Eq(), pattern.value)], []
    if isinstance(pattern, ast.MatchSingleton) and not isinstance(subject, ast.Tuple):
        return [_compare(subject, ast.Is(), ast.Constant(value=pattern.value))], []
    if isinstance(pattern, ast.MatchAs):
        inner: _Part | None = ([], []) if pattern.pattern is None else _pattern(pattern.pattern, subject)
        if inner is None or pattern.name is None:
            return inner
        bind = ast.Assign(targets=[ast.Name(id=pattern.name, ctx=ast.Store())], value=subject)
        return inner[0], [*inner[1], ast.copy_location(bind, pattern)]
    if isinstance(pattern, ast.MatchOr):
        return _alternatives(pattern.patterns, subject)
    if isinstance(pattern, ast.MatchSequence) and isinstance(subject, ast.Tuple):
        if len(pattern.patterns) != len(subject.elts) or any(isinstance(p, ast.MatchStar) for p in pattern.patterns):
            return None
        tests: list[ast.expr] = []
        binds: Block = []
        for sub, part in zip(pattern.patterns, subject.elts, strict=True):
            found = _pattern(sub, part)
            if found is None:
                return None
            tests += found[0]
            binds += found[1]
        return tests, binds
    return None


def _alternatives(patterns: Sequence[ast.pattern], subject: ast.expr) -> _Part | None:
    tests: list[ast.expr] = []
    for pattern in patterns:
        found = _pattern(pattern, subject)
        if found is None or found[1]:
            return None
        if not found[0]:
            return [], []
        tests.append(found[0][0] if len(found[0]) == 1 else ast.BoolOp(op=ast.And(), values=found[0]))
    return [ast.BoolOp(op=ast.Or(), values=tests)], []


def _compare(subject: ast.expr, op: ast.cmpop, value: ast.expr) -> ast.expr:
    return ast.Compare(left=subject, ops=[op], comparators=[value])
