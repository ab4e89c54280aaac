"""What writes into an array without being a store, as a store: `out=`, `fill`, `copyto`, `put`, ``for a[0] in …``.

In: a resolved function. Out: the same function, in which such calls are plain stores, and in which ``np.r_[a, b]`` and
``np.c_[a, b]`` are calls too. What cannot be written so stays as it is, and is refused later where it matters.
"""

from __future__ import annotations

import ast
import copy
import itertools
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from sct import core, outputs, rules
from sct.analysis.kinds import Kind
from sct.frontend.evaluation import parts, pure, rebuilt, trivial
from sct.nodes import assign, changed, load
from sct.rules import stores
from sct.rules.stores import Store
from sct.walk import names_places, walk

_NONE: Mapping[str, int] = MappingProxyType({})


def with_stores(
    node: ast.FunctionDef, native: Mapping[str, int] = _NONE, temporary: Callable[[], str] | None = None
) -> ast.FunctionDef:
    """Return a function in which calls that write are stores, but for those in `native`.

    `native` says how many arguments functions and methods have by position that are left as they are.
    """
    if not any(_may_write(n) for n in walk(node)):
        return node
    return _Stores(native, temporary or _temporaries(node)).visit(copy.deepcopy(node))  # type: ignore[no-any-return]


def _temporaries(node: ast.FunctionDef) -> Callable[[], str]:
    """Return what makes names that a function does not have yet."""
    names = {n.id for n in walk(node) if isinstance(n, ast.Name) and core.is_temporary(n.id)}
    free = (name for count in itertools.count(1) if (name := f"%{count}") not in names)
    return lambda: next(free)


def _may_write(node: ast.AST) -> bool:
    if isinstance(node, ast.keyword):
        return node.arg == "out"
    if isinstance(node, ast.Subscript):
        return core.qualname(node.value) in core.JOINING
    if isinstance(node, ast.For):
        return names_places(node.target)
    if not isinstance(node, ast.Call):
        return False
    if stores.writes_into(node) or outputs.position(node) is not None:
        return True
    return _output_position(node, core.qualname(node.func)) is not None


class _Stores(ast.NodeTransformer):
    def __init__(self, native: Mapping[str, int], temporary: Callable[[], str]) -> None:
        self.native, self.temporary = native, temporary

    def visit_For(self, stmt: ast.For) -> ast.stmt:
        """Let a loop over members that go to places, ``for a[0], k in …``, bind names that are stored there first."""
        self.generic_visit(stmt)
        if names_places(stmt.target):
            stores: list[ast.stmt] = []
            stmt.target = self.with_names(stmt.target, stores)
            stmt.body = [*(ast.copy_location(store, stmt) for store in stores), *stmt.body]
        return stmt

    def with_names(self, target: ast.expr, stores: list[ast.stmt]) -> ast.expr:
        if isinstance(target, (ast.Tuple, ast.List)):
            elts = [self.with_names(part, stores) for part in target.elts]
            return ast.copy_location(ast.Tuple(elts=elts, ctx=ast.Store()), target)
        if isinstance(target, ast.Starred):
            return ast.copy_location(ast.Starred(value=self.with_names(target.value, stores), ctx=ast.Store()), target)
        name = self.temporary()
        stores.append(ast.Assign(targets=[target], value=load(name)))
        return ast.copy_location(ast.Name(id=name, ctx=ast.Store()), target)

    def visit_Expr(self, stmt: ast.Expr) -> ast.stmt | list[ast.stmt]:
        self.generic_visit(stmt)
        before, call = self.in_order(stmt)
        if call is None:
            return stmt
        if (store := self.stored(stmt, call)) is not None:
            return [*before, *_strict(stmt, call), store]
        written = _written(stmt.value) if isinstance(stmt.value, ast.Call) else []
        return [*before, changed(stmt, value=call)] if any(map(_is_nameless, written)) else stmt

    def in_order(self, stmt: ast.Expr | ast.Assign | ast.Return) -> tuple[list[ast.stmt], ast.Call | None]:
        """Return a call whose arguments have names, where a store may read them in another order, or more than once."""
        call, before = stmt.value, list[ast.stmt]()
        if not isinstance(call, ast.Call):
            return before, None
        written = [] if self.is_native(call) else _written(call)
        kept = {id(node) for node in written if not _is_nameless(node)}
        given = [part for part in parts(call) if part.field != "func"]
        if pure([part.node for part in given]) and len(kept) == len(written):
            return before, call

        def named(part: ast.expr, _: list[ast.stmt] | None) -> ast.expr:
            if trivial(part) or isinstance(part, ast.Starred) or id(part) in kept:
                return part
            name = self.temporary()
            before.append(ast.copy_location(assign(name, part), stmt))
            return load(name)

        base = call.func.value if isinstance(call.func, ast.Attribute) else None
        if base is not None and id(base) not in kept and any(base is node for node in written):
            func = changed(call.func, value=named(base, None))
            call = changed(call, func=func)
        return before, rebuilt(call, given, named, None, self.temporary)

    def visit_Assign(self, stmt: ast.Assign) -> ast.stmt | list[ast.stmt]:
        return self.with_value(stmt)

    def visit_Return(self, stmt: ast.Return) -> ast.stmt | list[ast.stmt]:
        return self.with_value(stmt)

    def with_value(self, stmt: ast.Assign | ast.Return) -> ast.stmt | list[ast.stmt]:
        """The value of a call with `out` is the array that it wrote into."""
        self.generic_visit(stmt)
        before, call = self.in_order(stmt)
        if call is None or (found := _output(call)) is None:
            return stmt
        store = _assignment(stmt, found)
        if store is None:
            return stmt
        stmt.value = copy.deepcopy(found[0])
        return [*before, *_strict(stmt, call), store, stmt]

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        return outputs.by_keyword(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        self.generic_visit(node)
        name = core.qualname(node.value)
        if name not in core.JOINING or not isinstance(node.ctx, ast.Load):
            return node
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        parts = [_range(p) if isinstance(p, ast.Slice) else p for p in parts]
        if any(isinstance(p, (ast.Slice, ast.Starred)) or _is_text(p) for p in parts):
            return node
        axis: list[ast.expr] = (
            [ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1))] if name.endswith("c_") else []
        )
        display = ast.Tuple(elts=list(parts), ctx=ast.Load())
        return ast.copy_location(_call("sct.runtime.join", display, *axis), node)

    def stored(self, stmt: ast.Expr, call: ast.Call) -> ast.stmt | None:
        """Return the store that a call makes, None where it makes none that can be written so."""
        if self.is_native(call):
            return None
        name, args = core.qualname(call.func), call.args
        if name == "numpy.subtract.at" and len(args) == 3:
            return _less(stmt, args)
        if name == "numpy.multiply.at" and len(args) == 3 and isinstance(args[0], ast.Name):
            return _times(stmt, args)
        try:
            found = stores.store(call) or _output(call)
        except rules.Unsupported:
            return None  # which matters only where it is active, see `why_not`
        return _assignment(stmt, found) if found else None

    def is_native(self, call: ast.Call) -> bool:
        count = self.native.get(outputs.method_of(call) or core.qualname(call.func))
        return len(call.args) == count and not call.keywords and not any(map(_is_nameless, _written(call)))


def _strict(stmt: ast.stmt, call: ast.Call) -> list[ast.stmt]:
    """Return a check of what ``np.dot(a, b, out=x)`` asks of x and a store does not; a `try` may go by it."""
    out = [k.value for k in call.keywords if k.arg == "out"]
    if core.qualname(call.func) != "numpy.dot" and outputs.method_of(call) != "dot" or not out:
        return []
    check = ast.Expr(value=_call("sct.runtime.require_output", out[0]))
    return [ast.copy_location(check, stmt)]


def _written(call: ast.Call) -> list[ast.expr]:
    """Return the arguments that a call writes into."""
    position = _output_position(call, core.qualname(call.func))
    found = [k.value for k in call.keywords if k.arg == "out"]
    array = stores.array(call)
    return [
        *found,
        *([array] if array is not None else []),
        *(call.args[position : position + 1] if position is not None else []),
    ]


def _is_nameless(array: ast.expr) -> bool:
    """Say whether what is written has no name, nor is part of something: ``a.T``, ``np.flip(a)``."""
    if isinstance(array, ast.Attribute):
        return array.attr in ("T", "mT", "real", "imag")
    return not isinstance(array, (ast.Name, ast.Subscript, ast.Tuple, ast.Constant))


def _range(part: ast.Slice) -> ast.expr:
    """Return the numbers that a slice in ``np.r_`` stands for: a complex step says how many there are."""
    if part.upper is None:
        return part
    start, step = part.lower or ast.Constant(value=0), part.step or ast.Constant(value=1)
    if isinstance(step, ast.Constant) and isinstance(step.value, complex):
        return _call("numpy.linspace", start, part.upper, ast.Constant(value=int(abs(step.value))))
    return _call("numpy.arange", start, part.upper, step)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _call(name: str, *args: ast.expr) -> ast.Call:
    return ast.Call(func=core.ref(name), args=[copy.deepcopy(a) for a in args], keywords=[])


def _less(stmt: ast.Expr, args: Sequence[ast.expr]) -> ast.stmt:
    """Write ``np.subtract.at`` with ``np.add.at``."""
    call = _call("numpy.add.at", args[0], args[1], _call("numpy.negative", args[2]))
    return ast.copy_location(ast.Expr(value=call), stmt)


def _times(stmt: ast.Expr, args: Sequence[ast.expr]) -> ast.stmt:
    """Write ``np.multiply.at`` as a product with the factors of each element."""
    assert isinstance(args[0], ast.Name)
    target = ast.Name(id=args[0].id, ctx=ast.Store())
    product = ast.AugAssign(target=target, op=ast.Mult(), value=_call("sct.runtime.product_at", *args))
    return ast.copy_location(product, stmt)


def _assignment(stmt: ast.stmt, store: Store) -> ast.stmt | None:
    """Return a store as a statement: one into the whole of a part stays that, since a list would bind its slot anew."""
    array, index, value = store
    if not isinstance(array, (ast.Name, ast.Subscript)) or core.is_ref(array):
        return None
    place = ast.Subscript(value=copy.deepcopy(array), slice=copy.deepcopy(index), ctx=ast.Store())
    return ast.copy_location(ast.Assign(targets=[place], value=value), stmt)


def into_part(stmt: ast.stmt, kind: Callable[[ast.expr], Kind]) -> ast.stmt:
    """Return ``a[i][...] = v`` as ``a[i] = v`` where `a` is an array for sure, and ``a[i]`` a view of it."""
    place = stmt.targets[0] if isinstance(stmt, ast.Assign) else None
    part = place.value if isinstance(place, ast.Subscript) else None
    if not isinstance(part, ast.Subscript) or not isinstance(stmt, ast.Assign) or len(stmt.targets) > 1:
        return stmt
    whole = isinstance(place.slice, ast.Constant) and place.slice.value is ...  # type: ignore[union-attr]
    steps = part.slice.elts if isinstance(part.slice, ast.Tuple) else [part.slice]
    basic = all(isinstance(s, ast.Slice) or (k := kind(s)).what == "scalar" and k.dtype == "int" for s in steps)
    if not whole or not basic or not kind(part.value).what == kind(part).what == "array":
        return stmt
    target = ast.copy_location(ast.Subscript(value=part.value, slice=part.slice, ctx=ast.Store()), part)
    return ast.copy_location(ast.Assign(targets=[target], value=stmt.value), stmt)


def array_sorted(stmt: ast.stmt, is_array: Callable[[ast.expr], bool]) -> ast.stmt | None:
    """Return ``a.sort(axis)`` of an array as a store; None for any other statement, and for the sort of a list."""
    call = stmt.value if isinstance(stmt, ast.Expr) else None
    if not isinstance(call, ast.Call) or outputs.method_of(call) != "sort" or not isinstance(call.func, ast.Attribute):
        return None
    array, keywords = call.func.value, {k.arg for k in call.keywords}
    whole = array.value if isinstance(array, ast.Subscript) else array
    if not (call.args or "axis" in keywords or is_array(whole)) or keywords & {"key", "reverse"}:
        return None
    value = ast.Call(func=core.ref("numpy.sort"), args=[copy.deepcopy(array), *call.args], keywords=call.keywords)
    return _assignment(stmt, (array, ast.Constant(value=...), ast.copy_location(value, call)))


# `out=`


def _output_position(call: ast.Call, name: str) -> int | None:
    """Return where the argument `out` of a ufunc stands, if it is given by position."""
    if len(call.args) < 2 or not name.startswith("numpy."):
        return None
    count = rules.ufunc_operands(name)
    return count if count is not None and len(call.args) == count + 1 else None


def _output(call: ast.Call) -> Store | None:
    """Return the store that a function or method of NumPy makes into its argument `out`."""
    name, known = core.qualname(call.func), outputs.takes_output(call)
    position = _output_position(call, name)
    out = [k.value for k in call.keywords if k.arg == "out"]
    others = [k for k in call.keywords if k.arg != "out"]
    args = call.args
    if position is not None and not out:
        out, args = [args[position]], args[:position]
    if len(out) == 1 and isinstance(out[0], ast.Tuple) and len(out[0].elts) == 1:
        out = [out[0].elts[0]]
    if not (name.startswith("numpy.") or known) or len(out) != 1:
        return None
    where = next((k.value for k in others if k.arg == "where" and not known), None)
    if where is not None and rules.ufunc_operands(name) is None:
        return None
    value: ast.expr = ast.copy_location(ast.Call(func=call.func, args=list(args), keywords=others), call)
    if where is not None and isinstance(value, ast.Call):
        # What the mask leaves out is not computed: it might have no value.
        value.keywords = [*others, ast.keyword(arg="out", value=_call("numpy.zeros_like", out[0]))]
        value = _call("numpy.where", where, value, out[0])
    return out[0], ast.Constant(value=...), value
