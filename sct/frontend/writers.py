"""What writes into an array without being a store, as a store: `out=`, `fill`, `copyto`, `put`, ``for a[0] in …``.

In: a resolved function. Out: the same function, in which such calls are plain stores, and in which ``np.r_[a, b]`` and
``np.c_[a, b]`` are calls too. What cannot be written so stays as it is, and is refused later where it matters.
"""

from __future__ import annotations

import ast
import copy
import itertools
from collections.abc import Callable, Collection, Sequence

from sct import core, outputs, rules
from sct.analysis.kinds import Kind
from sct.frontend.evaluation import parts, pure, rebuilt, trivial
from sct.nodes import assign, load
from sct.walk import names_places, walk

Store = tuple[ast.expr, ast.expr, ast.expr]  # an array, an index, what is stored there


def with_stores(
    node: ast.FunctionDef, native: Collection[str] = (), temporary: Callable[[], str] | None = None
) -> ast.FunctionDef:
    """Return a function in which calls that write are stores, but for the functions and methods in `native`."""
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
    name = core.qualname(node.func)
    if name in _WRITERS or outputs.method_of(node) in _METHODS or outputs.position(node) is not None:
        return True
    return _output_position(node, name) is not None


class _Stores(ast.NodeTransformer):
    def __init__(self, native: Collection[str], temporary: Callable[[], str]) -> None:
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
        store = self.stored(stmt, call) if call is not None else None
        return stmt if store is None or call is None else [*before, *_strict(stmt, call), store]

    def in_order(self, stmt: ast.Expr | ast.Assign | ast.Return) -> tuple[list[ast.stmt], ast.Call | None]:
        """Return a call whose arguments have names, where a store may read them in another order, or more than once."""
        call, before = stmt.value, list[ast.stmt]()
        if not isinstance(call, ast.Call):
            return before, None
        given = [part for part in parts(call) if part.field != "func"]
        if pure([part.node for part in given]):
            return before, call
        kept = {id(node) for node in _written(call)}

        def named(part: ast.expr, _: list[ast.stmt] | None) -> ast.expr:
            if trivial(part) or isinstance(part, ast.Starred) or id(part) in kept:
                return part
            name = self.temporary()
            before.append(ast.copy_location(assign(name, part), stmt))
            return load(name)

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
        name, method = core.qualname(call.func), outputs.method_of(call)
        if name in self.native and not call.keywords or method in self.native:
            return None
        args = [call.func.value, *call.args] if method and isinstance(call.func, ast.Attribute) else call.args
        make = _METHODS.get(method) if method else _WRITERS.get(name)
        if name == "numpy.subtract.at" and len(args) == 3:
            return _less(stmt, args)
        if name == "numpy.multiply.at" and len(args) == 3 and isinstance(args[0], ast.Name):
            return _times(stmt, args)
        found = make(args, call.keywords) if make else _output(call)
        return _assignment(stmt, found) if found else None


def _strict(stmt: ast.stmt, call: ast.Call) -> list[ast.stmt]:
    """Return a check of what ``np.dot(a, b, out=x)`` asks of x and a store does not; a `try` may go by it."""
    out = [k.value for k in call.keywords if k.arg == "out"]
    if core.qualname(call.func) != "numpy.dot" and outputs.method_of(call) != "dot" or not out:
        return []
    check = ast.Expr(value=_call("sct.runtime.require_output", out[0]))
    return [ast.copy_location(check, stmt)]


def _written(call: ast.Call) -> list[ast.expr]:
    """Return the arguments that a call writes into."""
    name = core.qualname(call.func)
    position = _output_position(call, name)
    found = [k.value for k in call.keywords if k.arg == "out"]
    return [
        *found,
        *call.args[: name in _WRITERS],
        *(call.args[position : position + 1] if position is not None else []),
    ]


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


# Functions and methods


def _whole(args: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> Store | None:
    """``np.copyto(a, v)``, perhaps with `where`, and ``a.fill(v)``."""
    if len(args) != 2 or any(k.arg not in ("where", "casting") for k in keywords):
        return None
    where = next((k.value for k in keywords if k.arg == "where"), None)
    value = args[1] if where is None else _call("numpy.where", where, args[1], args[0])
    return args[0], ast.Constant(value=...), value


def _put(args: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> Store | None:
    if len(args) != 3 or keywords:
        return None
    array, index, value = args
    every = _call("numpy.arange", _call("numpy.size", array))
    chosen = ast.Subscript(value=every, slice=_call("numpy.ravel", index), ctx=ast.Load())
    return (
        array,
        _call("numpy.unravel_index", chosen, _call("numpy.shape", array)),
        _resized(value, "numpy.size", index),
    )


def _put_method(args: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> Store | None:
    """``a.put(index, values)``; the queue of a thread takes an item and whether to wait."""
    waits = len(args) == 3 and isinstance(args[2], ast.Constant) and isinstance(args[2].value, bool)
    return None if waits else _put(args, keywords)


def _put_along_axis(args: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> Store | None:
    axis = [*args[3:], *(k.value for k in keywords if k.arg == "axis")]
    if len(args) not in (3, 4) or len(axis) != 1 or len(args) + len(keywords) != 4:
        return None
    return args[0], _call("sct.runtime.places_along", args[0], args[1], axis[0]), args[2]


def _place(args: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> Store | None:
    if len(args) != 3 or keywords:
        return None
    return args[0], args[1], _resized(args[2], "numpy.count_nonzero", args[1])


def _putmask(args: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> Store | None:
    if len(args) != 3 or keywords:
        return None
    whole = _resized(args[2], "numpy.shape", args[0])
    value = whole if isinstance(whole, ast.Constant) else ast.Subscript(value=whole, slice=args[1], ctx=ast.Load())
    return args[0], args[1], value


def _fill_diagonal(args: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> Store | None:
    if len(args) != 2 or keywords:
        return None
    size = _call("builtins.min", _call("numpy.shape", args[0]))
    index = _call("numpy.diag_indices", size, _call("numpy.ndim", args[0]))
    value = args[1] if isinstance(args[1], ast.Constant) else _call("numpy.resize", args[1], size)
    return args[0], index, value


def _resized(value: ast.expr, size: str, of: ast.expr) -> ast.expr:
    """Return values that are repeated or cut off as needed; a number needs neither."""
    return value if isinstance(value, ast.Constant) else _call("numpy.resize", value, _call(size, of))


Maker = Callable[[Sequence[ast.expr], Sequence[ast.keyword]], "Store | None"]
_WRITERS: dict[str, Maker | None] = {
    "numpy.copyto": _whole,
    "numpy.put": _put,
    "numpy.put_along_axis": _put_along_axis,
    "numpy.place": _place,
    "numpy.putmask": _putmask,
    "numpy.fill_diagonal": _fill_diagonal,
    "numpy.subtract.at": None,
    "numpy.multiply.at": None,
}
_METHODS: dict[str, Maker] = {"fill": _whole, "put": _put_method}
