"""Activity: which names can depend on an independent.

In: a resolved function, its facts and alias classes, the independents. Out: the set of varied names. A name is
varied where anything varied flows into it through something that has a derivative: arithmetic does, a comparison, a
shape, an index or an integer does not.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from sct import core, rules
from sct.analysis.aliasing import Aliases
from sct.analysis.infer import Facts
from sct.analysis.keys import RUNNING, is_key
from sct.frontend.scopes import COMPREHENSIONS
from sct.rules import stores
from sct.walk import children, given, header, root_name

#: Methods that put what they are given into a list, a dict or an array.
KEEPERS = ("append", "extend", "insert", "fill", "update", "setdefault", "appendleft")
#: For a function, the positions of the arguments that it writes into, each with those that may flow into it.
Writes = Callable[[str], Mapping[int, Collection[int]]]


class Activity:
    """The varied names of a function, and what that makes of its expressions."""

    def __init__(
        self,
        node: ast.FunctionDef,
        facts: Facts,
        alias: Aliases,
        independents: Collection[str],
        call_varies: Callable[[str, Sequence[bool]], bool] = lambda key, args: any(args),
        call_writes: Writes = lambda key: {},
    ) -> None:
        self.facts = facts
        self.alias = alias
        self.call_varies = call_varies
        self.varied: set[str] = set(independents)
        self._forget()
        found = list(flows(node.body, call_writes))
        grown = True
        while grown:
            before = len(self.varied)
            for stmt, target, values in found:
                self._flow(stmt, target, values)
            grown = len(self.varied) > before

    def without(self, names: Collection[str]) -> None:
        """Take names for constant on which nothing turned out to depend."""
        self.varied -= set(names)
        self._forget()

    def _forget(self) -> None:
        """Forget what is known of expressions: other names are varied now."""
        self._active: set[tuple[ast.stmt, ast.expr]] = set()
        self._inactive: set[tuple[ast.stmt, ast.expr]] = set()
        self._count = len(self.varied)

    def active(self, stmt: ast.stmt, expr: ast.expr) -> bool:
        """Say whether the value of `expr` in `stmt` depends differentiably on an independent."""
        if isinstance(expr, ast.Name):
            return expr.id in self.varied
        if isinstance(expr, ast.Constant):
            return False
        key = (stmt, expr)
        if key in self._active:
            return True
        if len(self.varied) != self._count:  # a name more makes no active expression inactive
            self._inactive, self._count = set(), len(self.varied)
        elif key in self._inactive:
            return False
        found = self._find(stmt, expr)
        (self._active if found else self._inactive).add(key)
        return found

    def _find(self, stmt: ast.stmt, expr: ast.expr) -> bool:
        if isinstance(expr, (ast.Tuple, ast.List, ast.Set)):
            return any(self.active(stmt, e) for e in expr.elts)
        if isinstance(expr, ast.Dict):
            return any(self.active(stmt, e) for e in expr.values)
        if isinstance(expr, ast.Subscript) and core.qualname(expr.value) in core.JOINING:
            return self.active(stmt, expr.slice)
        if isinstance(expr, ast.Subscript):
            return self.active(stmt, expr.value) and not self._discrete(stmt, expr)
        if isinstance(expr, ast.Starred):
            return self.active(stmt, expr.value) and not self.is_dict(stmt, expr.value)
        if isinstance(expr, ast.NamedExpr):
            return self.active(stmt, expr.value)
        if isinstance(expr, ast.IfExp):
            return self.active(stmt, expr.body) or self.active(stmt, expr.orelse)
        if isinstance(expr, (ast.Compare, ast.JoinedStr, ast.Lambda, ast.FormattedValue)):
            return False
        if isinstance(expr, ast.BoolOp):
            return any(self.active(stmt, e) for e in expr.values) and not self._discrete(stmt, expr)
        if isinstance(expr, (ast.ListComp, ast.GeneratorExp)):
            return self.active(stmt, expr.elt)
        if isinstance(expr, ast.DictComp):
            return self.active(stmt, expr.value)
        if isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.BitOr):
            sides = (expr.left, expr.right)  # of dicts, since neither floats nor arrays of them know it
            return all(self.may_be_dict(stmt, s) for s in sides) and any(self.active(stmt, s) for s in sides)
        return self._operation(stmt, expr)

    def _has_slope(self, stmt: ast.stmt, match: rules.Match) -> bool:
        """Say whether there is a derivative after all: ``np.sign`` of complex numbers has one."""
        if match.rule.complex is not False or not any(self.active(stmt, arg) for arg in match.args.values()):
            return False
        try:
            rules.check_complex(match, self.facts.kinds(stmt))
        except rules.Unsupported:
            return True  # the modes refuse it
        return False

    def may_be_dict(self, stmt: ast.stmt, expr: ast.expr) -> bool:
        """Say whether a value may be a dict: nothing says that it is something else."""
        kind = self.facts.kind(stmt, expr)
        return kind.what == "dict" or kind.what == "unknown" and kind.dtype == "unknown"

    def is_dict(self, stmt: ast.stmt, expr: ast.expr) -> bool:
        """Say whether what runs over a value finds keys."""
        return self.facts.kind(stmt, expr).what == "dict"

    def _operation(self, stmt: ast.stmt, expr: ast.expr) -> bool:
        name = core.qualname(expr.func) if isinstance(expr, ast.Call) else ""
        if isinstance(expr, ast.Call) and name in RUNNING and any(self.is_dict(stmt, a) for a in expr.args):
            return any(self.active(stmt, a) for a in expr.args if not self.is_dict(stmt, a))
        if isinstance(expr, ast.Call) and name.startswith("@"):
            return self.call_varies(name, [self.active(stmt, a) for a in expr.args])
        try:
            match = rules.match(expr)
        except rules.Unsupported:
            match = None
        if match is not None:
            if any(p in match.args and self.active(stmt, match.args[p]) for p in match.rule.fixed):
                return True  # the modes refuse it
            if match.rule.constant:
                return self._has_slope(stmt, match)
            return any(self.active(stmt, match.args[p]) for p in match.operands) and not self._discrete(stmt, expr)
        if isinstance(expr, ast.Call):
            # What is called may be an object that was made of active values, as in `np.poly1d(x)(2.0)`.
            receiver = expr.func.value if isinstance(expr.func, ast.Attribute) else expr.func
            parts = [receiver, *expr.args, *(k.value for k in expr.keywords if k.arg != "key")]
            if name in (
                "builtins.len",
                "builtins.range",
                "builtins.isinstance",
                "builtins.type",
                "builtins.str",
                "builtins.repr",
                "builtins.format",
                "builtins.print",
                "builtins.id",
                "builtins.hash",
            ):
                return False
            if isinstance(expr.func, ast.Attribute) and expr.func.attr in (
                "keys",
                "index",
                "count",
                "format",
                "join",
                "tolist_shape",
                "startswith",
            ):
                return False
            if name in ("builtins.sorted", "builtins.max", "builtins.min"):
                parts = expr.args  # a key only chooses among the members
            # Nobody knows whether a function that is handed over is called.
            return any(self.active(stmt, e.body if isinstance(e, ast.Lambda) else e) for e in parts)
        if isinstance(expr, ast.Attribute):
            return expr.attr not in ("shape", "size", "ndim", "dtype") and self.active(stmt, expr.value)
        return any(self.active(stmt, e) for e in children(expr) if isinstance(e, ast.expr))

    def _discrete(self, stmt: ast.stmt, expr: ast.expr) -> bool:
        kind = self.facts.kind(stmt, expr)
        return kind.what in ("text", "none", "function") or kind.dtype == "bool" and kind.what in ("scalar", "array")

    def _flow(self, stmt: ast.stmt, target: ast.expr, value: ast.expr | None) -> None:
        if value is not None and not self.active(stmt, value):
            return
        if isinstance(target, ast.Name):
            self.varied.add(target.id)
        elif isinstance(target, (ast.Tuple, ast.List)):
            if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts):
                if not any(isinstance(e, ast.Starred) for e in [*target.elts, *value.elts]):
                    for sub, part in zip(target.elts, value.elts, strict=True):
                        self._flow(stmt, sub, part)
                    return
            if value is not None and self.is_dict(stmt, value):
                return
            for sub in target.elts:
                self._flow(stmt, sub, None)
        elif isinstance(target, ast.Starred):
            self._flow(stmt, target.value, None)
        elif isinstance(target, (ast.Subscript, ast.Attribute)):
            base = root_name(target)
            if base is not None:
                self.varied.add(base)
                self.varied.update(self.alias.group(base))


def flows(stmts: Sequence[ast.stmt], writes: Writes) -> Iterator[tuple[ast.stmt, ast.expr, ast.expr | None]]:
    """Yield each place where a value flows into a target."""
    for stmt in stmts:
        if isinstance(stmt, ast.Assign):
            for target in stmt.targets:
                yield stmt, target, stmt.value
        elif isinstance(stmt, ast.AnnAssign) and stmt.value is not None:
            yield stmt, stmt.target, stmt.value
        elif isinstance(stmt, ast.AugAssign):
            # Whatever shares the memory of an array sees what is added to it.
            yield stmt, _place(stmt.target) if isinstance(stmt.target, ast.Name) else stmt.target, stmt.value
        elif isinstance(stmt, ast.For):
            yield from () if is_key(stmt.target, stmt.iter, stmt.body) else _loop_flows(stmt, stmt.target, stmt.iter)
        for node in header(stmt):
            if isinstance(node, ast.NamedExpr):
                yield stmt, node.target, node.value
            elif isinstance(node, COMPREHENSIONS):
                inside = [part for part in children(node) if not isinstance(part, ast.comprehension)]
                for g in node.generators:
                    if not is_key(g.target, g.iter, [*inside, *g.ifs]):
                        yield from _loop_flows(stmt, g.target, g.iter)
            elif isinstance(node, ast.Call):
                yield from _call_flows(stmt, node, writes)
        for fieldname in ("body", "orelse", "finalbody"):
            yield from flows(getattr(stmt, fieldname, []), writes)
        for handler in (*getattr(stmt, "handlers", ()), *getattr(stmt, "cases", ())):
            yield from flows(handler.body, writes)


def _loop_flows(stmt: ast.stmt, target: ast.expr, it: ast.expr) -> Iterator[tuple[ast.stmt, ast.expr, ast.expr | None]]:
    name = core.qualname(it.func) if isinstance(it, ast.Call) else ""
    args = it.args if isinstance(it, ast.Call) else []
    if name == "builtins.zip" and isinstance(target, ast.Tuple) and len(args) == len(target.elts):
        for sub, arg in zip(target.elts, args, strict=True):
            yield from _loop_flows(stmt, sub, arg)
    elif name == "builtins.enumerate" and isinstance(target, ast.Tuple) and len(target.elts) == 2 and args:
        yield from _loop_flows(stmt, target.elts[1], args[0])
    elif isinstance(it, ast.Call) and isinstance(it.func, ast.Attribute) and it.func.attr == "items":
        if isinstance(target, ast.Tuple) and len(target.elts) == 2:
            yield stmt, target.elts[1], it.func.value
    elif name in ("builtins.reversed", "builtins.list", "builtins.tuple", "builtins.iter") and len(args) == 1:
        yield from _loop_flows(stmt, target, args[0])
    else:
        for source in args if name in ("builtins.zip", "builtins.enumerate") else [it]:
            yield stmt, target, ast.Starred(value=source, ctx=ast.Load())  # its members, or its keys


def _call_flows(stmt: ast.stmt, call: ast.Call, writes: Writes) -> Iterator[tuple[ast.stmt, ast.expr, ast.expr | None]]:
    name = core.qualname(call.func)
    if isinstance(call.func, ast.Attribute) and call.func.attr in KEEPERS:
        for arg in given(call):
            yield stmt, _place(call.func.value), arg
    elif name in core.WRITERS and len(call.args) > 1:
        yield stmt, _place(call.args[0]), call.args[-1]
    elif not isinstance(call.func, ast.Attribute) and (array := stores.array(call)) is not None:
        for part in _memory(array):
            yield from ((stmt, _place(part), arg) for arg in given(call) if arg is not array)
    elif name.startswith("@"):
        for position, sources in sorted(writes(name).items()):
            if position < len(call.args):
                those = [call.args[i] for i in sorted(sources) if i < len(call.args)]
                every = ast.Tuple(elts=those, ctx=ast.Load())
                yield from ((stmt, _place(part), every) for part in _memory(call.args[position]))


def _memory(arg: ast.expr) -> Iterator[ast.expr]:
    """Yield what a function that writes into an argument may write: a name, or whatever a display is made of."""
    if root_name(arg) is not None:
        yield arg
    else:
        for child in children(arg):
            if isinstance(child, ast.expr):
                yield from _memory(child)


def _place(base: ast.expr) -> ast.Subscript:
    return ast.Subscript(value=base, slice=ast.Constant(value=0), ctx=ast.Store())
