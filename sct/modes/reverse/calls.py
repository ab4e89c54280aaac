"""Adjoints of calls of the user's functions, each split into a forward and a reverse half."""

from __future__ import annotations

import ast
from collections import Counter

from sct import core
from sct.analysis.aliasing import IMMUTABLE
from sct.analysis.program import WRITTEN_DISPLAY
from sct.modes.reverse.context import CallPlan
from sct.modes.reverse.nodes import AFTER, Node, Step, helper, loads, number
from sct.modes.reverse.places import shown
from sct.modes.reverse.regimes import SHADOW
from sct.modes.reverse.writes import Writes
from sct.nodes import assign, load
from sct.walk import root_name, walk


class CallSplitter(Writes):
    """Splits calls."""

    def call(self, stmt: ast.stmt, targets: list[str], call: ast.Call, step: Step) -> list[Node]:
        key = core.qualname(call.func)
        activity, regimes = self.c.analysis.activity, self.c.regimes
        active = [activity.active(stmt, a) for a in call.args]
        shadows = [self.shares_shadow(stmt, a) and ok for a, ok in zip(call.args, active, strict=True)]
        memory = [t for t in targets if self.c.analysis.facts.name_after(stmt, t).what not in IMMUTABLE]
        shadow_result = targets == memory and len(targets) == 1 and regimes.regime(targets[0]) == SHADOW
        useful = any(t in self.varied and self.is_live(t) for t in targets) or any(shadows)
        written = [call.args[i] for i in sorted(self.c.effects(key).written) if i < len(call.args)]
        written = [
            a for a in written if root_name(a) and self.c.analysis.facts.kind(stmt, a).what not in ("scalar", "none")
        ]
        for i in self.c.effects(key).written:
            if i < len(call.args) and isinstance(call.args[i], (ast.Tuple, ast.List, ast.Dict)) and any(active):
                self.c.refuse(call.args[i], *WRITTEN_DISPLAY)
        if not useful or not any(active):
            step.stores = tuple(written)
            for target in () if any(active) else targets:
                self.live.pop(target, None)  # what it was bound to before has an adjoint of its own
            self.shadow_results(stmt, targets, step)
            return []
        apart = self.kept_apart(stmt, call, written)
        kinds = [self.c.analysis.facts.kind(stmt, a) for a in call.args]
        plan = self.c.calls.plan(key, kinds, active, shadows, shadow_result, bool(targets))
        stem = targets[0] if len(targets) == 1 and not core.is_temporary(targets[0]) else _short(key)
        saved = self.c.fresh.name(f"{stem}_saved")
        shadow_args: list[ast.expr] = []
        for i in plan.shadows:
            arg = call.args[i]
            assert isinstance(arg, ast.Name)
            shadow_args.append(load(self.c.bar(arg.id)))
        forward = ast.Call(func=core.ref(f"!{plan.forward}"), args=[*call.args, *shadow_args], keywords=[])
        results: list[ast.expr] = []
        if len(targets) == 1:
            results.append(ast.Name(id=targets[0], ctx=ast.Store()))
        elif targets:
            results.append(ast.Tuple(elts=[ast.Name(id=t, ctx=ast.Store()) for t in targets], ctx=ast.Store()))
        else:
            results.append(ast.Name(id=self.c.ignored(), ctx=ast.Store()))
        if plan.returns_shadow:
            results.append(ast.Name(id=self.c.bar(targets[0]), ctx=ast.Store()))
        results.append(ast.Name(id=saved, ctx=ast.Store()))
        new = ast.Assign(targets=[ast.Tuple(elts=results, ctx=ast.Store())], value=forward)
        step.forward = [*apart, ast.copy_location(new, stmt)]
        step.kills = (*targets, saved, *([self.c.bar(targets[0])] if plan.returns_shadow else []))
        step.holds = (*targets, *(n for a in call.args for n in _memory_of(a)))
        step.restores = tuple(n for a in written for n in [root_name(a)] if n)
        if plan.restores_result:
            facts = self.c.analysis.facts
            step.restores += tuple(t for t in targets if facts.name_after(stmt, t).what not in IMMUTABLE)
        if not plan.returns_shadow:
            if any(regimes.regime(t) == SHADOW for t in memory) and self.shares_memory(stmt, call):
                reason = f"what `{_short(key)}` returns may share memory that is written in place"
                self.c.refuse(stmt, reason, "return a copy: `.copy()`")
            self.shadow_results(stmt, targets, step)
        self.take_back(stmt, targets, call, plan, saved)
        return []

    def kept_apart(self, stmt: ast.stmt, call: ast.Call, written: list[ast.expr]) -> list[ast.stmt]:
        """Return the guard that refuses arguments which share memory that the call writes."""
        kinds = self.c.analysis.facts
        found: dict[str, ast.expr] = {}
        for a in written:
            root = root_name(a) or ""
            for other in call.args:
                name = root_name(other)
                if other is a or name is None or kinds.kind(stmt, other).what in IMMUTABLE:
                    continue
                if self.c.analysis.alias.may_alias(root, name):
                    found |= {ast.unparse(a): a, ast.unparse(other): other}
        if not found:
            return []
        names = ", ".join(shown(text, expr) for text, expr in found.items())
        return [ast.Expr(value=helper("require_distinct", ast.Constant(value=names), *found.values()))]

    def shares_memory(self, stmt: ast.stmt, call: ast.Call) -> bool:
        """Say whether parts of what a call returns may share memory with each other or with an argument."""
        effects = self.c.effects(core.qualname(call.func))
        wide = {i for i, a in enumerate(call.args) if self.c.analysis.facts.kind(stmt, a).what not in IMMUTABLE}
        return effects.tangled or any(-1 in group and group & wide for group in effects.shared)

    def shadow_results(self, stmt: ast.stmt, targets: list[str], step: Step) -> None:
        """Let the forward sweep make the shadows of results that share memory with nothing."""
        for target in targets:
            if self.c.regimes.regime(target) == SHADOW:
                bar = self.c.bar(target)
                step.forward = [*step.forward, assign(bar, self.zero(target, self.kind_of(target)))]
                step.kills = (*step.kills, bar)

    def take_back(self, stmt: ast.stmt, targets: list[str], call: ast.Call, plan: CallPlan, saved: str) -> None:
        args: list[ast.expr] = [load(saved + AFTER)]
        if plan.result_active:
            args.append(self.seed(stmt, targets))
        for target in targets:
            self.live.pop(target, None)
        reverse = ast.Call(func=core.ref(f"!{plan.reverse}"), args=args, keywords=[])
        if not plan.active:
            self.emit(ast.Expr(value=reverse))
            return
        shares: list[ast.expr] = []
        named = Counter(n.id for a in call.args for n in walk(a) if isinstance(n, ast.Name))
        for i in plan.active:
            arg = call.args[i]
            direct = isinstance(arg, ast.Name) and not self.is_live(arg.id) and not self.c.regimes.buffered(arg.id)
            if direct and isinstance(arg, ast.Name) and named[arg.id] == 1:
                shares.append(load(self.c.bar(arg.id)))
            else:
                shares.append(load(self.c.fresh.temporary()))
        stores: list[ast.expr] = [ast.Name(id=s.id, ctx=ast.Store()) for s in shares if isinstance(s, ast.Name)]
        taken: ast.expr = stores[0] if len(stores) == 1 else ast.Tuple(elts=stores, ctx=ast.Store())
        self.emit(ast.Assign(targets=[taken], value=reverse))
        for i, share in zip(plan.active, shares, strict=True):
            arg = call.args[i]
            if isinstance(arg, ast.Name):
                self.contribute(arg.id, share)
            elif isinstance(arg, (ast.Tuple, ast.List)):
                for member, part in self.spread_display(arg, share):
                    if isinstance(member, ast.Name):
                        self.contribute(member.id, part)

    def seed(self, stmt: ast.stmt, targets: list[str]) -> ast.expr:
        """Return the adjoint of what a call returned."""
        parts: list[ast.expr] = []
        for target in targets:
            if self.c.regimes.regime(target) == SHADOW:
                bar = load(self.c.bar(target) + AFTER)  # the name had another shadow before the call
                whole = self.c.analysis.facts.name_after(stmt, target).what in ("array", *IMMUTABLE)
                parts.append(bar if whole else helper("once", bar, bar))  # an array that is in it twice has one
            elif target in self.varied and self.is_live(target):
                kind = self.c.analysis.facts.name_after(stmt, target)
                parts.append(self.counted_once(target, kind, self.adjoint(target)))
            else:
                marked = load(target + AFTER)
                kind = self.c.analysis.facts.name_after(stmt, target)
                parts.append(number(0.0) if kind.what == "scalar" else helper("zeros_like", marked))
        if not targets:
            return ast.Constant(value=None)
        return parts[0] if len(targets) == 1 else ast.Tuple(elts=parts, ctx=ast.Load())


def _memory_of(arg: ast.expr) -> list[str]:
    """Return the names whose memory an argument may share."""
    root = root_name(arg)
    return [root] if root else [n for n in loads([arg]) if ":" not in n]


def _short(key: str) -> str:
    return key.partition("(")[0].rpartition(".")[2]
