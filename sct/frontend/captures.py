"""What the patterns of a ``match`` capture, as assignments: ``case [a]:`` as ``case [_]:`` and ``a = subject[0]``.

In: the statements of a resolved function. Out: the same, with patterns that only test. What a name is bound to is then
seen by whatever follows assignments: a captured part may be memory that is written, or hold what is differentiated.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sct import core
from sct.errors import Refused
from sct.frontend.evaluation import pure
from sct.frontend.records import Record
from sct.frontend.scopes import COMPREHENSIONS, bound
from sct.names import reserve
from sct.nodes import assign, changed, load
from sct.rules.template import call
from sct.simplify.trees import rewrite
from sct.walk import clone, walk
from sct.walk import names as names_in

Block = list[ast.stmt]
Refuse = Callable[[str, ast.AST, str], Refused]
#: Classes whose one positional pattern stands for the whole (PEP 634).
WHOLE = frozenset(
    f"builtins.{name}" for name in "bool bytearray bytes dict float frozenset int list set str tuple".split()
)


def with_captures_named(stmts: Block, used: set[str], record: Callable[[str], Record | None], refuse: Refuse) -> Block:
    """Return statements whose patterns bind nothing; `used` holds the names in use, and gets the new ones."""
    matches = [n for s in stmts for n in walk(s) if isinstance(n, ast.Match)]
    if not any(_names(case.pattern) for stmt in matches for case in stmt.cases):
        return stmts
    return _Captures(stmts, used, record, refuse).block(stmts)


class _Captures:
    def __init__(self, stmts: Block, used: set[str], record: Callable[[str], Record | None], refuse: Refuse) -> None:
        self.stmts, self.used, self.record, self.refuse = stmts, used, record, refuse

    def block(self, stmts: Sequence[ast.stmt]) -> Block:
        return [new for stmt in stmts for new in self.statement(stmt)]

    def statement(self, stmt: ast.stmt) -> Block:
        if isinstance(stmt, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return [stmt]
        blocks: dict[str, Any] = {
            name: self.block(inner)
            for name in ("body", "orelse", "finalbody")
            if isinstance(inner := getattr(stmt, name, None), list) and inner
        }
        for name in ("handlers", "cases"):
            if parts := getattr(stmt, name, None):
                blocks[name] = [changed(part, body=self.block(part.body)) for part in parts]
        new = changed(stmt, **blocks) if blocks else stmt
        return self.match(new) if isinstance(new, ast.Match) else [new]

    def match(self, stmt: ast.Match) -> Block:
        captured = {name for case in stmt.cases for name in _names(case.pattern)}
        if not captured:
            return [stmt]
        before: Block = []
        ordered = pure(stmt.subject)

        def stays(part: ast.expr) -> bool:  # whatever is captured before it is read, and called before it is
            return ordered and is_simple(part) and captured.isdisjoint(names_in(part))

        subject = held(stmt.subject, stays, lambda part: self.kept(part, before, stmt))
        cases = [self.case(case, subject) for case in stmt.cases]
        return [*before, changed(stmt, subject=subject, cases=cases)]

    def kept(self, value: ast.expr, before: Block, stmt: ast.stmt) -> ast.expr:
        name = reserve(self.used, ["subject"])["subject"]
        self.used.add(name)
        before.append(ast.copy_location(assign(name, value), stmt))
        return ast.copy_location(load(name), value)

    def case(self, case: ast.match_case, subject: ast.expr) -> ast.match_case:
        binds = list(self.bound(case.pattern, subject))
        guard = case.guard
        if not binds:
            return case
        if guard is not None:
            self.check_guard(case, guard)
            places = dict(binds)

            def placed(node: ast.AST, _: ast.AST) -> ast.AST:
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in places:
                    return ast.copy_location(clone(places[node.id]), node)
                return node

            guard = rewrite(guard, placed)
        first = [ast.copy_location(assign(name, place), case.pattern) for name, place in binds]
        body = [s for s in case.body if not isinstance(s, ast.Pass)]
        return changed(case, pattern=_testing(case.pattern), guard=guard, body=[*first, *body])

    def check_guard(self, case: ast.match_case, guard: ast.expr) -> None:
        """Refuse a guard after which a name may be bound although its case is not taken, and that is seen."""
        names = _names(case.pattern)
        inner = [n for n in walk(guard) if isinstance(n, (ast.Lambda, ast.NamedExpr, *COMPREHENSIONS))]
        cases = [n for s in self.stmts for n in walk(s) if isinstance(n, ast.match_case)]
        inside = {id(n) for c in cases if names <= _names(c.pattern) for n in walk(c)}
        everywhere = [n for s in self.stmts for n in walk(s) if isinstance(n, ast.Name) and n.id in names]
        if inner or any(id(n) not in inside for n in everywhere):
            raise self.refuse(
                "what a pattern captures stays bound where the guard of its case says no",
                case.pattern,
                "Give the captured parts names that are used in this case alone.",
            )

    def bound(self, pattern: ast.pattern, place: ast.expr) -> Iterator[tuple[str, ast.expr]]:
        """Yield each name that a pattern captures, with what it captures."""
        if isinstance(pattern, ast.MatchAs):
            if pattern.name is not None:
                yield pattern.name, clone(place)
            if pattern.pattern is not None:
                yield from self.bound(pattern.pattern, place)
        elif isinstance(pattern, ast.MatchSequence):
            yield from self.sequence(pattern, place)
        elif isinstance(pattern, ast.MatchMapping) and _names(pattern):
            for key, part in zip(pattern.keys, pattern.patterns, strict=True):
                yield from self.bound(part, ast.Subscript(value=clone(place), slice=clone(key), ctx=ast.Load()))
            if pattern.rest is not None:
                yield pattern.rest, self.rest(pattern, place)
        elif isinstance(pattern, ast.MatchClass):
            yield from self.attributes(pattern, place)
        elif isinstance(pattern, ast.MatchOr) and _names(pattern):
            found = [list(self.bound(part, place)) for part in pattern.patterns]
            texts = [sorted((name, ast.dump(value)) for name, value in binds) for binds in found]
            if any(text != texts[0] for text in texts):
                raise self.refuse("the alternatives capture different parts", pattern, "Write a case for each.")
            yield from found[0]

    def rest(self, pattern: ast.MatchMapping, place: ast.expr) -> ast.expr:
        """Return what is left of a dict without the keys of a pattern."""
        names = reserve(self.used, ["key", "value"])
        key, value = load(names["key"]), load(names["value"])
        pair = ast.Tuple(elts=[ast.Name(id=n.id, ctx=ast.Store()) for n in (key, value)], ctx=ast.Store())
        items = ast.Call(func=ast.Attribute(value=clone(place), attr="items", ctx=ast.Load()), args=[], keywords=[])
        taken = ast.Tuple(elts=[clone(k) for k in pattern.keys], ctx=ast.Load())
        tests: list[ast.expr] = [ast.Compare(left=key, ops=[ast.NotIn()], comparators=[taken])] if pattern.keys else []
        over = ast.comprehension(target=pair, iter=items, ifs=tests, is_async=0)
        return ast.DictComp(key=load(key.id), value=value, generators=[over])

    def sequence(self, pattern: ast.MatchSequence, place: ast.expr) -> Iterator[tuple[str, ast.expr]]:
        count, star = len(pattern.patterns), False
        display = place.elts if isinstance(place, ast.Tuple) else None
        for i, part in enumerate(pattern.patterns):
            if isinstance(part, ast.MatchStar):
                star = True
                if part.name is not None:
                    left = count - 1 - i
                    rest = ast.Slice(lower=at_index(i) if i else None, upper=at_index(-left) if left else None)
                    value: ast.expr = ast.Subscript(value=clone(place), slice=rest, ctx=ast.Load())
                    yield part.name, call("builtins.list", value)
            elif display is not None and (star or len(display) == count) and len(display) >= count - 1:
                yield from self.bound(part, display[i - count if star else i])
            else:
                at = at_index(i - count if star else i)
                yield from self.bound(part, ast.Subscript(value=clone(place), slice=at, ctx=ast.Load()))

    def attributes(self, pattern: ast.MatchClass, place: ast.expr) -> Iterator[tuple[str, ast.expr]]:
        if core.qualname(pattern.cls) in WHOLE and len(pattern.patterns) == 1:
            yield from self.bound(pattern.patterns[0], place)
        elif any(map(_names, pattern.patterns)):
            found = self.record(core.qualname(pattern.cls))
            if found is None or len(found.fields) < len(pattern.patterns):
                raise self.refuse("which attributes these are is not known", pattern, "Name them: `Circle(radius=r)`.")
            for name, part in zip(found.fields, pattern.patterns, strict=False):
                yield from self.bound(part, ast.Attribute(value=clone(place), attr=name, ctx=ast.Load()))
        for name, part in zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True):
            yield from self.bound(part, ast.Attribute(value=clone(place), attr=name, ctx=ast.Load()))


def held(subject: ast.expr, stays: Callable[[ast.expr], bool], kept: Callable[[ast.expr], ast.expr]) -> ast.expr:
    """Return a subject as something that can be read several times: what does not stay as it is, is kept first."""
    if isinstance(subject, ast.Tuple) and not any(isinstance(e, ast.Starred) for e in subject.elts):
        return ast.Tuple(elts=[held(e, stays, kept) for e in subject.elts], ctx=ast.Load())
    return subject if stays(subject) else kept(subject)


def is_simple(value: ast.expr) -> bool:
    """Say whether a value is a name or a constant, which may be read again."""
    return isinstance(value, (ast.Name, ast.Constant))


def _names(pattern: ast.AST) -> set[str]:
    return {binding.name for binding in bound([pattern])}


def at_index(value: int) -> ast.expr:
    """Return an index as it is written."""
    return ast.Constant(value=value) if value >= 0 else ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=-value))


def _testing(pattern: ast.pattern) -> ast.pattern:
    """Return a pattern that matches the same and binds nothing."""

    def without(node: ast.AST, _: ast.AST) -> ast.AST:
        if isinstance(node, ast.MatchAs):
            return node.pattern if node.pattern is not None else changed(node, name=None)
        if isinstance(node, ast.MatchMapping) and node.rest is not None:
            return changed(node, rest=None)
        return changed(node, name=None) if isinstance(node, ast.MatchStar) else node

    return rewrite(pattern, without)
