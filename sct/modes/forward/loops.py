"""Loops over active values: in forward mode they run over the tangents too.

In: targets and iterables of loops and comprehensions. Out: the same with the tangents zipped in.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TypeGuard

from sct import core
from sct.analysis.keys import is_key
from sct.analysis.kinds import INT, UNKNOWN, Kind
from sct.frontend.scopes import Comprehension, bound
from sct.modes.forward.activity import is_items
from sct.modes.forward.values import Values
from sct.nodes import changed
from sct.rules.template import clone
from sct.walk import names as names_in

SAME_WALK = ("builtins.reversed", "builtins.list", "builtins.tuple", "builtins.iter")


class Loops(Values):
    """Targets and iterables of loops."""

    def comprehension(self, expr: Comprehension) -> ast.expr:
        """Return the comprehension of the tangents of the members."""
        saved = set(self.varied), self.scope, self.kind_of, self.evaluator, dict(self.place)
        self.scope, self.kind_of = dict(self.scope), {}
        self.evaluator = self.evaluate()
        generators = []
        alone: list[ast.expr] = []
        values = [expr.key, expr.value] if isinstance(expr, ast.DictComp) else [expr.elt]
        for index, generator in enumerate(expr.generators):
            self.depth += bool(index)
            target, source = self.walk(generator.target, generator.iter)
            alone.append(self.source(generator.iter))
            self.depth -= bool(index)
            self.enter(generator, is_key(generator.target, generator.iter, [*values, *generator.ifs]))
            generators.append(changed(generator, target=target, iter=source, ifs=[clone(t) for t in generator.ifs]))
        self.depth += 1
        if isinstance(expr, ast.DictComp):
            parts: dict[str, ast.expr] = {"key": clone(expr.key), "value": self.own(expr.value)}
        else:
            parts = {"elt": self.own(expr.elt)}
        self.depth -= 1
        # What stands for values in here must be put back here: the targets are unknown outside.
        inner = {n: self.put_back(v) for n, v in parts.items()}
        read = {n for part in (*inner.values(), *(g.iter for g in generators)) for n in names_in(part)}
        for index, (old, new) in enumerate(zip(expr.generators, generators, strict=True)):
            if not read & ({b.name for b in bound([new.target])} - {b.name for b in bound([old.target])}):
                # The tangents of the members are of no use: perhaps these are the keys of a dict.
                generators[index] = changed(new, target=old.target, iter=alone[index])
        self.varied, self.scope, self.kind_of, self.evaluator, self.place = saved
        return type(expr)(generators=generators, **inner)  # type: ignore[arg-type]

    def enter(self, generator: ast.comprehension, key: bool) -> None:
        """Bind the targets of a comprehension; `key` says that these are keys."""
        activity = self.home.activity.at(self.varied)
        varied = {
            n for n, active in activity.members(self.stmt, generator.target, generator.iter) if active and not key
        }
        self.varied = self.varied - {b.name for b in bound([generator.target])} | varied
        for name, kind in self.member_kinds(generator.target, generator.iter):
            self.scope[name] = kind
        self.evaluator = self.evaluate()

    def member_kinds(self, target: ast.expr, source: ast.expr) -> list[tuple[str, Kind]]:
        """Return what is known of the names that a loop binds."""
        name = core.qualname(source.func) if isinstance(source, ast.Call) else ""
        args = source.args if isinstance(source, ast.Call) else []
        elts = target.elts if isinstance(target, ast.Tuple) else []
        if name in SAME_WALK and len(args) == 1 and elts:
            return self.member_kinds(target, args[0])
        if name == "builtins.zip" and len(elts) == len(args):
            return [pair for sub, arg in zip(elts, args, strict=True) for pair in self.member_kinds(sub, arg)]
        if name == "builtins.enumerate" and len(elts) == 2 and isinstance(elts[0], ast.Name):
            return [(elts[0].id, INT), *self.member_kinds(elts[1], args[0])]
        if isinstance(target, ast.Name):
            if name == "builtins.range":
                return [(target.id, INT)]
            first = ast.Subscript(value=source, slice=ast.Constant(value=0), ctx=ast.Load())
            return [(target.id, self.kind(first))]
        return [(b.name, UNKNOWN) for b in bound([target])]

    def walk(self, target: ast.expr, source: ast.expr) -> tuple[ast.expr, ast.expr]:
        """Return target and iterable of a loop that also runs over the tangents."""
        activity = self.home.activity.at(self.varied)
        active = {n for n, varied in activity.members(self.stmt, target, source) if varied}
        if not active:
            return target, self.source(source)
        name = core.qualname(source.func) if isinstance(source, ast.Call) else ""
        if name == "builtins.enumerate" and isinstance(source, ast.Call) and isinstance(target, ast.Tuple):
            if len(target.elts) == 2 and not isinstance(target.elts[1], ast.Starred):
                inner, walked = self.walk(target.elts[1], source.args[0])
                return changed(target, elts=[target.elts[0], inner]), changed(source, args=[walked, *source.args[1:]])
        if is_items(source):
            return self.items(target, source)
        if self.kind(source).what == "dict":
            self.refuse(source, "which values a loop over this dict gives is not clear", "Loop over .items().")
        if name == "builtins.zip" and isinstance(source, ast.Call) and isinstance(target, ast.Tuple):
            if len(target.elts) == len(source.args) and not source.keywords:
                return self.zipped(target, source)
        tangents = self.sources(source)
        return self.pair([target], [self.mirror(target, active)]), _zip([self.source(source), tangents])

    def zipped(self, target: ast.Tuple, source: ast.Call) -> tuple[ast.expr, ast.expr]:
        """Add the tangents of the active sequences to those that are zipped already."""
        targets, sources = list(target.elts), [self.source(a) for a in source.args]
        activity = self.home.activity
        for sub, arg in zip(target.elts, source.args, strict=True):
            active = {n for n, v in activity.at(self.varied).members(self.stmt, sub, arg) if v}
            if active and is_items(arg) and isinstance(sub, ast.Tuple) and len(sub.elts) == 2:
                targets.append(self.mirror(sub.elts[1], active))
                sources.append(self.values_of(arg))
            elif active and _counts(arg) and isinstance(sub, ast.Tuple) and len(sub.elts) == 2:
                targets.append(self.mirror(sub.elts[1], active))
                sources.append(self.sources(arg.args[0]))
            elif active:
                targets.append(self.mirror(sub, active))
                sources.append(self.sources(arg))
        return ast.Tuple(elts=targets, ctx=ast.Store()), _zip(sources)

    def items(self, target: ast.expr, source: ast.expr) -> tuple[ast.expr, ast.expr]:
        if not isinstance(target, ast.Tuple) or len(target.elts) != 2:
            self.refuse(source, "the pairs of this dict are not taken apart", "Write `for key, value in d.items()`.")
        active = {b.name for b in bound([target.elts[1]])}
        tangents = [self.source(source), self.values_of(source)]
        return self.pair([target], [self.mirror(target.elts[1], active)]), _zip(tangents)

    def values_of(self, source: ast.expr) -> ast.expr:
        """Return the tangents of the values that ``d.items()`` gives with their keys."""
        assert isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute)
        values = ast.Attribute(value=self.or_zero(source.func.value), attr="values", ctx=ast.Load())
        return ast.Call(func=values, args=[], keywords=[])

    def pair(self, targets: Sequence[ast.expr], mirrors: Sequence[ast.expr]) -> ast.expr:
        return ast.Tuple(elts=[*targets, *mirrors], ctx=ast.Store())

    def mirror(self, target: ast.expr, active: set[str]) -> ast.expr:
        """Return the target of the tangents; what has none goes into a temporary."""
        if isinstance(target, ast.Name):
            name = self.home.names.get(target.id) if target.id in active else None
            return ast.Name(id=name or self.home.temporary(), ctx=ast.Store())
        if isinstance(target, ast.Starred):
            return ast.Starred(value=self.mirror(target.value, active), ctx=ast.Store())
        if isinstance(target, (ast.Tuple, ast.List)):
            return type(target)(elts=[self.mirror(e, active) for e in target.elts], ctx=ast.Store())
        self.refuse(target, "a loop stores active values into elements", "Loop over a name and assign it.")

    def source(self, source: ast.expr) -> ast.expr:
        """Return the iterable of the primal, which is not evaluated again by the loop that replaces it."""
        return source

    def sources(self, source: ast.expr) -> ast.expr:
        """Return the iterable of the tangents of the members."""
        name = core.qualname(source.func) if isinstance(source, ast.Call) else ""
        if isinstance(source, ast.Call) and name in ("builtins.zip", *SAME_WALK):
            args = [self.sources(a) for a in source.args]
            return ast.Call(
                func=source.func, args=args, keywords=[changed(k, value=clone(k.value)) for k in source.keywords]
            )
        if isinstance(source, ast.Call) and name == "builtins.enumerate":
            return self.numbered(source)
        return self.own(source)

    def numbered(self, source: ast.Call) -> ast.expr:
        """Return the tangents of the pairs of ``enumerate``, as they are asked for: counts have none."""
        member = self.home.temporary()
        pair = ast.Tuple(elts=[ast.Constant(value=0.0), ast.Name(id=member, ctx=ast.Load())], ctx=ast.Load())
        target = ast.Name(id=member, ctx=ast.Store())
        generator = ast.comprehension(target=target, iter=self.sources(source.args[0]), ifs=[], is_async=0)
        return ast.GeneratorExp(elt=pair, generators=[generator])


def _counts(source: ast.expr) -> TypeGuard[ast.Call]:
    return isinstance(source, ast.Call) and core.qualname(source.func) == "builtins.enumerate"


def _zip(sources: Sequence[ast.expr]) -> ast.expr:
    return ast.Call(func=core.ref("builtins.zip", "zip"), args=list(sources), keywords=[])
