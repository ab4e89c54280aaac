"""Kinds of expressions in one environment.

In: what is known of names. Out: what is known of the expressions that read them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from sct import core, rules
from sct.analysis import sizes as sizes_of
from sct.analysis.across import known_here
from sct.analysis.joining import any_item, any_of, join, join_all, members_of, nameless, retoken
from sct.analysis.kinds import (
    BOOL,
    FLOAT,
    INT,
    NO_AXES,
    NONE,
    TEXT,
    UNKNOWN,
    Dtype,
    Kind,
    Shape,
    What,
    may_be_complex,
    sized,
    sizes,
)
from sct.rules import ranks
from sct.rules.template import number
from sct.walk import names

Env = dict[str, Kind]


CallKind = Callable[[str, Sequence[Kind]], Kind]


def _complex_or_unknown(kind: Kind) -> Dtype:
    return "complex" if kind.dtype == "complex" else "unknown"


@dataclass
class Evaluator:
    """Kinds of expressions in one environment."""

    env: Mapping[str, Kind]
    call: CallKind
    constant: Callable[[str], Kind]
    stable: frozenset[str]  # names that mean one value throughout
    known: dict[ast.expr, Kind] = field(default_factory=dict)

    def kind(self, expr: ast.expr) -> Kind:
        """Return the kind of an expression; each node is looked at once."""
        if isinstance(expr, (ast.Name, ast.Constant)):
            return self._find(expr)
        if expr not in self.known:
            self.known[expr] = self._find(expr)
        return self.known[expr]

    def _find(self, expr: ast.expr) -> Kind:
        method = _method(expr.__class__.__name__)
        if method is not None:
            found = method(self, expr)
            kind = found if isinstance(found, Kind) else UNKNOWN
            return replace(kind, among=self._among(expr)) if kind.what == "unknown" and not kind.among else kind
        return self._by_rule(expr)

    def _among(self, expr: ast.expr) -> frozenset[What]:
        """Return what a copy, a slice or a sum may be of what is one thing on one way and another on another way."""
        parts: list[ast.expr] = []
        if isinstance(expr, ast.Call) and isinstance(expr.func, ast.Attribute) and expr.func.attr == "copy":
            parts = [expr.func.value]
        elif isinstance(expr, ast.Subscript) and isinstance(expr.slice, ast.Slice):
            parts = [expr.value]
        elif isinstance(expr, ast.BinOp):
            parts = [expr.left, expr.right]
        return frozenset().union(*(self.kind(part).among for part in parts))

    def _by_rule(self, expr: ast.expr) -> Kind:
        try:
            match = rules.match(expr)
        except rules.Unsupported:
            return UNKNOWN
        if match is None:
            return UNKNOWN
        kind = rules.result(match, self.kind)
        if kind.shape is None and kind.what in ("array", "unknown"):
            axes = rules.rank(match, self.kind)
            own = f"?{id(expr)}"  # as nothing else
            if isinstance(axes, int):
                return replace(kind, shape=Shape(own, axes))
            if axes is not None:
                return replace(kind, shape=sized([f"{own}.{i}" if s is None else s for i, s in enumerate(axes)]))
        return kind

    def _constant(self, expr: ast.Constant) -> Kind:
        value = expr.value
        if isinstance(value, bool):
            return BOOL
        if isinstance(value, int):
            return INT
        if isinstance(value, float):
            return FLOAT
        if isinstance(value, complex):
            return Kind("scalar", "complex", NO_AXES)
        return TEXT if isinstance(value, (str, bytes)) else NONE if value is None else UNKNOWN

    def _name(self, expr: ast.Name) -> Kind:
        if not core.is_ref(expr):
            return self.env.get(expr.id, UNKNOWN)
        name = core.qualname(expr)
        if name.startswith("="):
            return self.constant(name)
        if name.startswith(("numpy.", "math.")) and name.rpartition(".")[2] in ("pi", "e", "inf", "nan", "tau"):
            return FLOAT
        return UNKNOWN

    def _tuple(self, expr: ast.Tuple) -> Kind:
        if any(isinstance(e, ast.Starred) for e in expr.elts):
            return Kind("tuple")
        return Kind("tuple", items=tuple(self.kind(e) for e in expr.elts))

    def _list(self, expr: ast.List) -> Kind:
        if any(isinstance(e, ast.Starred) for e in expr.elts):
            return Kind("list")
        return Kind("list", items=tuple(self.kind(e) for e in expr.elts))

    def _dict(self, expr: ast.Dict) -> Kind:
        keys = [k.value if isinstance(k, ast.Constant) else None for k in expr.keys]
        return self._entries(keys, expr.values, whole=None not in expr.keys)

    def _entries(self, keys: Sequence[object], values: Sequence[ast.expr], whole: bool = True) -> Kind:
        """Return the kind of a dict with these entries; `whole`: and no others."""
        kinds = [self.kind(v) for v in values]
        dtype: Dtype = "complex" if any(map(may_be_complex, kinds)) else "unknown"
        if not whole:
            return Kind("dict", dtype)
        plain = tuple(k for k in keys if isinstance(k, (str, int)) and not isinstance(k, bool))
        if len(set(plain)) == len(keys):
            return Kind("dict", dtype, items=tuple(kinds), keys=plain)
        return Kind("dict", dtype, element=any_of(kinds))

    def _listcomp(self, expr: ast.ListComp) -> Kind:
        return Kind("list", element=any_of([self.inside(expr.generators).kind(expr.elt)]))

    def inside(self, generators: Sequence[ast.comprehension]) -> Evaluator:
        """Return what evaluates inside a comprehension."""
        inside = Evaluator(dict(self.env), self.call, self.constant, self.stable)
        for generator in generators:
            inside.bind(generator.target, inside.iterated(generator.iter))
        return inside

    def bind(self, target: ast.expr, kind: Kind) -> None:
        """Bind the variables of a comprehension."""
        if isinstance(target, ast.Name):
            self.env = {**self.env, target.id: kind}
        elif isinstance(target, (ast.Tuple, ast.List)):
            for sub, part in zip(target.elts, self.unpacked(target, kind), strict=True):
                self.bind(sub.value if isinstance(sub, ast.Starred) else sub, part)

    def unpacked(self, target: ast.Tuple | ast.List, kind: Kind) -> list[Kind]:
        """Return the kinds of what a value is unpacked to."""
        starred = any(isinstance(e, ast.Starred) for e in target.elts)
        if kind.what == "dict":
            kind = Kind("list", element=keys_of(kind))
        if kind.items is not None and len(kind.items) == len(target.elts) and not starred:
            return list(kind.items)
        uniform = kind.what == "array" or kind.element is not None
        member = self.member(kind, ast.Constant(value=0)) if uniform else Kind(dtype=_complex_or_unknown(kind))
        rest = Kind("list", _complex_or_unknown(kind))
        return [rest if isinstance(e, ast.Starred) else member for e in target.elts]

    def iterated(self, it: ast.expr) -> Kind:
        """Return the kind of one member of what a loop runs over."""
        name = core.qualname(it.func) if isinstance(it, ast.Call) else ""
        args = it.args if isinstance(it, ast.Call) else []
        if name == "builtins.range":
            return INT
        if isinstance(it, ast.Subscript) and isinstance(it.slice, ast.Slice):
            return self.iterated(it.value)
        if name == "builtins.enumerate" and args:
            return Kind("tuple", items=(INT, self.iterated(args[0])))
        if name == "builtins.zip":
            return Kind("tuple", items=tuple(self.iterated(a) for a in args))
        if name in ("builtins.reversed", "builtins.list", "builtins.tuple", "builtins.iter") and args:
            return self.iterated(args[0])
        held = self.kind(it)
        if held.what == "dict":
            return keys_of(held)
        if isinstance(it, ast.Call) and isinstance(it.func, ast.Attribute) and not core.is_ref(it.func):
            held = self.kind(it.func.value)
            if held.what == "dict" and it.func.attr in ("keys", "values", "items"):
                key, value = keys_of(held), self.member(held, it)
                return {"keys": key, "values": value}.get(it.func.attr, Kind("tuple", items=(key, value)))
            held = self.kind(it)
        return self.member(held, ast.Constant(value=0))

    def _dictcomp(self, expr: ast.DictComp) -> Kind:
        member = self.inside(expr.generators).kind(expr.value)
        return Kind("dict", "complex" if may_be_complex(member) else "unknown", element=any_of([member]))

    def _joinedstr(self, expr: ast.JoinedStr) -> Kind:
        return TEXT

    def _lambda(self, expr: ast.Lambda) -> Kind:
        return Kind("function")

    def _namedexpr(self, expr: ast.NamedExpr) -> Kind:
        return self.kind(expr.value)

    def _ifexp(self, expr: ast.IfExp) -> Kind:
        return join(self.kind(expr.body), self.kind(expr.orelse), f"?{id(expr)}")

    def _boolop(self, expr: ast.BoolOp) -> Kind:
        kinds = [self.kind(v) for v in expr.values]
        return join_all(kinds, f"?{id(expr)}")

    def _binop(self, expr: ast.BinOp) -> Kind:
        left, right = self.kind(expr.left), self.kind(expr.right)
        if isinstance(expr.op, ast.Add) and left.what == right.what and left.what in ("list", "tuple"):
            known = left.items is not None and right.items is not None
            items = (*left.items, *right.items) if known else None  # type: ignore[misc]
            held = [members_of(left), members_of(right)]
            element = None if None in held else any_of([k for inside in held for k in inside or ()])
            return Kind(left.what, items=items, element=element if items is None else None)
        if isinstance(expr.op, ast.Add) and left.what in ("list", "unknown") and right.what in ("list", "unknown"):
            # Lists are put one after the other, an array is added to: numbers are the members of either.
            members = [k for side in (left, right) for k in members_of(side) or (UNKNOWN,)]
            if all(k.what == "scalar" for k in members):
                return Kind(element=any_of(members))
        if isinstance(expr.op, ast.Mult):
            for one, other in ((left, right), (right, left)):
                count = other.what in ("scalar", "unknown") and other.dtype in ("int", "bool", "unknown")
                if one.what in ("list", "tuple") and count and (other.what == "scalar" or one.items is not None):
                    return Kind(one.what, element=one.element or (any_item(one.items) if one.items else None))
        if isinstance(expr.op, (ast.BitAnd, ast.BitOr, ast.BitXor)):
            if left.dtype == right.dtype == "bool" and "unknown" in (left.what, right.what):
                return Kind("unknown", "bool")
        kind = self._by_rule(expr)
        return self._counted(expr, kind) if kind.what == "scalar" and kind.dtype == "int" else kind

    def _counted(self, expr: ast.BinOp, kind: Kind) -> Kind:
        """Return the kind of an integer, with a name for its value where it is one of sizes."""
        left, right = (ranks.size_of(side, self.kind) for side in (expr.left, expr.right))
        if left is None or right is None:
            return kind
        if isinstance(expr.op, ast.Mult):
            return replace(kind, size=sizes_of.product(left, right))
        if isinstance(expr.op, ast.Add):
            return replace(kind, size=sizes_of.plus(left, right))
        if isinstance(expr.op, ast.Sub) and not left.isdigit():
            return replace(kind, size=sizes_of.minus(left, right))
        return kind

    def _compare(self, expr: ast.Compare) -> Kind:
        kinds = [self.kind(e) for e in [expr.left, *expr.comparators]]
        if all(k.what in ("scalar", "text", "none") for k in kinds):
            return BOOL
        shapes = {k.shape for k in kinds if k.what != "scalar"}
        shape = next(iter(shapes)) if len(shapes) == 1 else None
        return Kind("unknown", "bool", shape)

    def _call(self, expr: ast.Call) -> Kind:
        name = core.qualname(expr.func)
        if name in ("builtins.str", "builtins.repr", "builtins.format"):
            return TEXT
        if name in ("builtins.list", "builtins.tuple") and len(expr.args) == 1:
            given = self.kind(expr.args[0])
            what: What = "list" if name == "builtins.list" else "tuple"
            if given.what == "dict":
                return Kind(what, element=any_of([keys_of(given)]))
            return Kind(what, items=given.items, element=given.element)
        if name == "builtins.range":
            return Kind("tuple", element=INT)
        if name in ("builtins.max", "builtins.min") and len(expr.args) == 1:
            given = self.kind(expr.args[0])
            members = members_of(given) if given.what != "dict" else None
            if members and all(k.what == "scalar" for k in members):
                return any_of(members) or UNKNOWN
        if name == "builtins.sorted" and expr.args:
            member = self.iterated(expr.args[0])
            known = self.kind(expr.args[0]).what in ("array", "list", "tuple")
            real = replace(member, dtype="real") if may_be_complex(member) else member  # complex ones have no order
            return Kind("list", element=any_of([real]) if known else Kind(dtype="real"))
        if name == "builtins.dict":
            if not expr.args:
                keys = [k.arg for k in expr.keywords]
                return self._entries(keys, [k.value for k in expr.keywords], whole=None not in keys)
            given = self.kind(expr.args[0])
            return given if given.what == "dict" and not expr.keywords else Kind("dict")
        if name == "sct.runtime.listed":
            return Kind("list", element=self.kind(expr.args[0]).element)
        if name == "sct.runtime.row":
            return Kind("list", element=Kind("scalar", "unknown", NO_AXES))
        if isinstance(expr.func, ast.Attribute) and expr.func.attr == "copy" and not expr.args:
            given = self.kind(expr.func.value)
            if given.what in ("list", "dict"):
                return given
            if given.what == "unknown":
                return replace(self._by_rule(expr), element=given.element)
        if name.startswith("@"):
            return known_here(self.call(name, [self.kind(a) for a in expr.args]), expr)
        if isinstance(expr.func, ast.Attribute) and not core.is_ref(expr.func):
            held = self.kind(expr.func.value)
            if held.what == "dict" and expr.func.attr in ("get", "pop", "setdefault") and expr.args:
                return self._taken(held, expr)
            plain = expr.func.attr == "pop" and not expr.args
            kind = self._popped(held, expr) if plain else self._by_rule(expr)
            part = may_be_complex(held) and kind.dtype == "unknown" and kind.what in ("unknown", "array", "scalar")
            return replace(kind, dtype="complex") if part else kind
        return self._by_rule(expr)

    def _popped(self, base: Kind, expr: ast.Call) -> Kind:
        """Return the kind of a member taken off the end of a list: of a shape that nothing else has."""
        if base.what != "list":
            return UNKNOWN
        members = base.items if base.items else [base.element] if base.element is not None else []
        return retoken(join_all(members, "?"), f"?{id(expr)}") if members else UNKNOWN

    def _taken(self, held: Kind, call: ast.Call) -> Kind:
        """Return the kind of what a dict has under a key, or of what is given instead."""
        assert isinstance(call.func, ast.Attribute)
        entry = self.member(held, call.args[0])
        if len(call.args) < 2:
            return entry if call.func.attr == "pop" else join(entry, NONE, f"?{id(call)}")
        return join(entry, self.kind(call.args[1]), f"?{id(call)}")

    def _subscript(self, expr: ast.Subscript) -> Kind:
        base = self.kind(expr.value)
        index = expr.slice
        plain = base.items is not None and base.what != "dict"
        if plain and base.items and isinstance(index, ast.Constant) and isinstance(index.value, int):
            if -len(base.items) <= index.value < len(base.items):
                return base.items[index.value]
        return self.member(base, index)

    def member(self, base: Kind, index: ast.expr) -> Kind:
        """Return the kind of ``base[index]``: a part of what may be complex may be so."""
        kind = self._member(base, index)
        return replace(kind, dtype="complex") if base.dtype == "complex" else kind

    def _member(self, base: Kind, index: ast.expr) -> Kind:
        steps = list(index.elts) if isinstance(index, ast.Tuple) else [index]
        if base.what == "dict":
            return _entry(base, index)
        integers = [self._is_integer(s) for s in steps]
        if base.what in ("list", "tuple") and isinstance(index, ast.Slice):
            element = base.element or (any_item(base.items) if base.items else None)
            return Kind(base.what, element=element)
        if not steps and base.what == "array" and not base.ndim:  # without axes, what comes out is a number
            return Kind("unknown", base.dtype) if base.ndim is None else Kind("scalar", base.dtype, NO_AXES)
        if all(integers):
            kind: Kind | None = base
            for _ in steps:
                kind = self._one_member(kind) if kind is not None else None
            return kind if kind is not None else UNKNOWN
        dropped = _dropped(base.shape, steps) if base.what == "array" and base.shape else None
        if dropped is not None:
            return Kind("array" if dropped.ndim else "unknown", base.dtype, dropped)
        axes = self._axes(base, steps) if base.what == "array" else None
        if axes:
            return Kind("array", base.dtype, sized(axes))
        if (
            base.what == "array"
            and base.ndim is not None
            and all(i or isinstance(s, ast.Slice) for i, s in zip(integers, steps, strict=True))
        ):
            token = f"?{id(index)}"  # as nothing else, unless the same slice is read again
            read = {n for n in names(index) if not n.startswith(("=", "builtins.len:"))}
            if base.shape is not None and read <= self.stable:
                token = base.shape.made(f"[{ast.dump(index)}]~")
            return Kind("array", base.dtype, Shape(token, base.ndim - sum(integers)))
        if base.element is not None and base.what == "unknown" and len(steps) == 1 and isinstance(index, ast.Slice):
            return Kind("unknown", base.dtype, None, None, base.element)
        if any(isinstance(s, ast.Constant) and s.value is ... for s in steps):
            return Kind("array", base.dtype)  # also without axes
        if base.what == "array":
            # A slice keeps its axis, so that what comes out is no number.
            return Kind("array" if any(isinstance(s, ast.Slice) for s in steps) else "unknown", base.dtype)
        return UNKNOWN

    def _axes(self, base: Kind, steps: Sequence[ast.expr]) -> list[str] | None:
        """Return the names of the axes of a part of an array, None where they are not known."""
        left = list(sizes(base.shape) or ())
        spoken = [s for s in steps if not (isinstance(s, ast.Constant) and s.value in (None, ...))]
        gathered = [s for s in spoken if not isinstance(s, ast.Slice) and not self._is_integer(s)]
        if not left or len(spoken) > len(left) or len(gathered) > 1:
            return None
        out: list[str] = []
        for i, step in enumerate(steps):
            if isinstance(step, ast.Constant) and step.value is None:
                out.append("1")
            elif isinstance(step, ast.Constant) and step.value is ...:
                after = sum(1 for s in steps[i + 1 :] if s in spoken)
                out += left[: len(left) - after]
                left = left[len(left) - after :]
            elif isinstance(step, ast.Slice):
                out.append(self._part(left.pop(0), step))
            elif self._is_integer(step):
                left.pop(0)
            else:
                # An array of integers puts its own axes there, where it is the only one and nothing drops an axis.
                kind = self.kind(step)
                own = sizes(kind.shape) if kind.what == "array" and kind.dtype == "int" else None
                if own is None or not all(s is step or isinstance(s, ast.Slice) for s in steps):
                    return None
                out += own
                left.pop(0)
        return [*out, *left]

    def _part(self, axis: str, step: ast.Slice) -> str:
        """Return the size of a part of an axis: equal where the same is read of axes that are equally long."""
        lower = 0 if step.lower is None else number(step.lower)
        upper: int | float | str | None = None if step.upper is None else number(step.upper)
        if step.upper is not None and upper is None:
            upper = self.kind(step.upper).size
        told = step.step is None and (upper is not None or step.upper is None)
        if told and isinstance(lower, int) and not isinstance(upper, float):
            part = sizes_of.between(axis, lower, upper)
            if part is not None:
                return part
        read = {n for n in names(step) if not n.startswith(("=", "builtins.len:"))}
        return f"{axis}[{ast.dump(step)}]" if read <= self.stable else f"?{id(step)}"

    def _one_member(self, base: Kind) -> Kind | None:
        if base.what == "array" and base.ndim is not None:
            if base.ndim == 1:
                return Kind("scalar", base.dtype, NO_AXES)
            axes = sizes(base.shape)
            if axes:
                return Kind("array", base.dtype, sized(axes[1:]))
            if base.ndim > 1 and base.shape is not None:
                return Kind("array", base.dtype, Shape(base.shape.made("[]"), base.ndim - 1))
            return None
        if base.element is not None:
            return nameless(base.element)
        if base.items:
            return nameless(any_item(base.items))
        if base.what == "array" and base.shape is not None:
            return Kind("unknown", base.dtype, Shape(base.shape.made("[]")))
        return None

    def _is_integer(self, index: ast.expr) -> bool:
        if isinstance(index, ast.Slice):
            return False
        kind = self.kind(index)
        return kind.what == "scalar" and kind.dtype in ("int", "real", "unknown")


def keys_of(kind: Kind) -> Kind:
    """Return what is known of any key of a dict."""
    return TEXT if kind.keys and all(isinstance(key, str) for key in kind.keys) else UNKNOWN


def _entry(held: Kind, index: ast.expr) -> Kind:
    """Return the kind of what a dict has under a key."""
    key = core.key_of(index)
    if held.keys is not None and held.items is not None and key in held.keys:
        return held.items[held.keys.index(key)]
    member = any_of(members_of(held) or [])
    return UNKNOWN if member is None else nameless(member)


@cache
def _method(sort: str) -> Callable[[Evaluator, ast.expr], object] | None:
    """Return what finds the kind of an expression of this sort, None where a rule does."""
    return getattr(Evaluator, f"_{sort.lower()}", None)


def as_load(expr: ast.expr) -> ast.expr:
    """Return a place as an expression that reads it."""
    if isinstance(expr, ast.Subscript):
        return ast.Subscript(value=as_load(expr.value), slice=expr.slice, ctx=ast.Load())
    if isinstance(expr, (ast.Tuple, ast.List)):
        return ast.Tuple(elts=[as_load(part) for part in expr.elts], ctx=ast.Load())
    if isinstance(expr, ast.Starred):
        return ast.Starred(value=as_load(expr.value), ctx=ast.Load())
    return ast.Name(id=expr.id, ctx=ast.Load()) if isinstance(expr, ast.Name) else expr


def _dropped(shape: Shape, steps: Sequence[ast.expr]) -> Shape | None:
    """Return the shape of ``x[:, 0]``, where axis 1 is the one that a reduction kept, or the sizes have names."""
    *before, last = steps
    whole = all(isinstance(s, ast.Slice) and not (s.lower or s.upper or s.step) for s in before)
    if not before or not whole or not isinstance(last, ast.Constant) or last.value != 0 or type(last.value) is not int:
        return None
    axis = len(before)
    kept = f".reduce(({axis},), keep)"
    if not shape.token.endswith(kept):
        return None
    token = f"{shape.token.removesuffix(kept)}.reduce(({axis},))"
    return Shape(token, None if shape.ndim is None else shape.ndim - 1)
