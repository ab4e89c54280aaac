"""Dicts that are put together, and dicts of which functions run over the keys or the entries.

In: a function and its activity. Out: the same function with ``{**a, **b}`` for ``a | b``, ``a.update(b)`` for
``a |= b``, ``{**d, "k": v}`` for ``dict(d, k=v)``, ``list(d)`` where the keys are run over, and a list of pairs where
the entries are. Numbers and arrays that have derivatives know no ``|``: an
active operand is a dict, unless it is known to be something else.
"""

from __future__ import annotations

import ast
import operator

from sct import core
from sct.analysis.activity import Activity
from sct.analysis.binding import assigned_names
from sct.analysis.evaluator import as_load
from sct.analysis.keys import RUNNING
from sct.analysis.lists import WRITING_METHODS
from sct.frontend.evaluation import pure
from sct.names import fresh, in_use
from sct.nodes import changed, load, store
from sct.walk import Rewriter, paired, parameters, walk


def mapped(node: ast.FunctionDef, activity: Activity) -> ast.FunctionDef:
    """Return the function without what neither mode follows of dicts; the one that is given where it has none."""
    mapper = _Mapper(activity, in_use(node))
    made = mapper.visit(node)
    assert isinstance(made, ast.FunctionDef)
    bound = set(assigned_names(node.body))
    guards: list[ast.stmt] = [
        ast.Expr(value=ast.Call(core.ref("sct.runtime.require_dict"), [ast.Constant(value=name), load(name)], []))
        for name in parameters(node)
        if name in mapper.unsure and name not in bound
    ]
    if not guards:
        return made
    start = 1 if ast.get_docstring(node, clean=False) is not None else 0
    return changed(made, body=[*made.body[:start], *guards, *made.body[start:]])


#: What runs over entries once, and keeps none of the view that they are.
_TAKING = frozenset(f"builtins.{name}" for name in "list tuple sorted dict max min iter reversed".split())


_MAKE_LISTS = ("builtins.list", "builtins.tuple", "builtins.sorted")


class _Mapper(Rewriter):
    def __init__(self, activity: Activity, used: set[str]) -> None:
        self.activity, self.used = activity, used
        self.stmt: ast.stmt = ast.Pass()
        self.unsure: set[str] = set()  # variables that are dicts if all is well

    def visit(self, node: ast.AST) -> ast.AST:
        """Return what stands for a node, where its statement is known."""
        outer = self.stmt
        if isinstance(node, ast.stmt):
            self.stmt = node
        made: ast.AST = super().visit(node)
        self.stmt = outer
        return made

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """Return ``{**a, **b}`` for ``a | b``; displays are opened."""
        made = self.generic_visit(node)
        assert isinstance(made, ast.BinOp)
        if not isinstance(node.op, ast.BitOr) or not self.merges(node.left, node.right):
            return made
        keys: list[ast.expr | None] = []
        values: list[ast.expr] = []
        for side in (made.left, made.right):
            opened = side if isinstance(side, ast.Dict) else ast.Dict(keys=[None], values=[side])
            keys += opened.keys
            values += opened.values
        return ast.copy_location(ast.Dict(keys=keys, values=values), node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        """Return ``a.update(b)`` for ``a |= b``; pairs as written are entries, and a list gets keys."""
        made = self.generic_visit(node)
        assert isinstance(made, ast.AugAssign)
        if isinstance(node.op, ast.Add):
            return changed(made, value=self.keys(node.value, made.value))
        target = as_load(node.target)
        if not isinstance(node.op, ast.BitOr) or not self.merges(target, node.value):
            return made
        given = made.value
        if isinstance(given, (ast.List, ast.Tuple)):
            pairs = [p.elts for p in given.elts if isinstance(p, (ast.List, ast.Tuple)) and len(p.elts) == 2]
            if len(pairs) == len(given.elts):
                given = ast.Dict(keys=[k for k, _ in pairs], values=[v for _, v in pairs])
        update = ast.Attribute(value=target, attr="update", ctx=ast.Load())
        return ast.copy_location(ast.Expr(value=ast.Call(func=update, args=[given], keywords=[])), node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Return a call that is given lists of keys, or of entries."""
        made = self.generic_visit(node)
        assert isinstance(made, ast.Call)
        name = core.qualname(node.func)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "extend" and len(node.args) == 1:
            return changed(made, args=[self.keys(node.args[0], made.args[0])])
        entries = self.entries(node, made)
        if name == "builtins.dict" and isinstance(entries, ast.Call):
            return self.extended(node, entries)
        if not isinstance(entries, ast.Call) or name not in RUNNING or name in _MAKE_LISTS:
            return entries
        args = [self.keys(old, new) for old, new in zip(node.args, entries.args, strict=True)]
        return changed(entries, args=entries.args if all(map(operator.is_, args, entries.args)) else args)

    def visit_For(self, node: ast.For) -> ast.AST:
        """Return a loop over the keys, in order, for one over the entries of a dict that stays what it is."""
        target, call = node.target, node.iter
        made = self.generic_visit(node)
        assert isinstance(made, ast.For)
        if not isinstance(call, ast.Call) or core.qualname(call.func) not in _MAKE_LISTS:
            return made
        read = self.source(call.args[0]) if len(call.args) == 1 and not _has(call, "key") else None
        if not isinstance(read, ast.Name) or not isinstance(target, ast.Tuple) or len(target.elts) != 2:
            return made
        key = target.elts[0]
        if not isinstance(key, ast.Name) or {read.id, key.id} & set(assigned_names(node.body)):
            return made
        own = ast.dump(ast.Subscript(value=read, slice=load(key.id), ctx=ast.Store()))
        if not all(self.keeps_dicts(stmt, own) for stmt in node.body):
            return made
        member = ast.Subscript(value=read, slice=load(key.id), ctx=ast.Load())
        bind = ast.copy_location(ast.Assign(targets=[target.elts[1]], value=member), target)
        return changed(made, target=key, iter=changed(call, args=[self.keys_of(read)]), body=[bind, *made.body])

    def keeps_dicts(self, stmt: ast.stmt, own: str) -> bool:
        """Say whether nothing in a statement stores into a dict, but into `own`, as far as can be told."""
        outer, self.stmt = self.stmt, stmt
        try:
            return all(self.keeps(node, own) for node in walk(stmt))
        finally:
            self.stmt = outer

    def keeps(self, node: ast.AST, own: str) -> bool:
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            if ast.dump(node) == own:
                return True
            place: ast.expr = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITING_METHODS:
            place = node.func.value
        else:
            return not (isinstance(node, ast.Call) and core.qualname(node.func).startswith("@"))
        return self.activity.facts.kind(self.stmt, as_load(place)).what in ("array", "list")

    def extended(self, old: ast.Call, new: ast.Call) -> ast.expr:
        """Return a dict that is made of pairs as a comprehension, ``{**d, "k": v}`` for ``dict(d, k=v)``."""
        if len(new.args) != 1 or not self.activity.active(self.stmt, old):
            return new
        first = new.args[0]
        if isinstance(first, (ast.ListComp, ast.GeneratorExp)) and isinstance(first.elt, ast.Tuple):
            if new.keywords or len(first.elt.elts) != 2 or any(isinstance(e, ast.Starred) for e in first.elt.elts):
                return new
            key, value = first.elt.elts
            return ast.copy_location(ast.DictComp(key=key, value=value, generators=first.generators), old)
        if not new.keywords or not self.activity.may_be_dict(self.stmt, old.args[0]):
            return new
        if not self.copies_late(first, [k.value for k in new.keywords]):
            return new
        if isinstance(first, ast.Name) and not self.activity.is_dict(self.stmt, first):
            self.unsure.add(first.id)
        names = [None if k.arg is None else ast.Constant(value=k.arg) for k in new.keywords]
        values = [first, *(k.value for k in new.keywords)]
        return ast.copy_location(ast.Dict(keys=[None, *names], values=values), old)

    def copies_late(self, source: ast.expr, values: list[ast.expr]) -> bool:
        """Say whether a dict may be copied before other values are computed: they do not change it."""
        if pure(values):
            return True
        names = [n for v in values for n in walk(v) if isinstance(n, ast.Name) and not core.is_ref(n)]
        holders = {n.id for n in names if self.activity.facts.kind(self.stmt, n).what not in ("array", "scalar")}
        return isinstance(source, ast.Name) and not holders & {source.id, *self.activity.alias.group(source.id)}

    def entries(self, old: ast.Call, new: ast.Call) -> ast.expr:
        """Return a call that is given ``d.items()`` of an active dict with a list of pairs for it, or the dict."""
        name = core.qualname(old.func)
        if name not in _TAKING or len(old.args) != 1:
            return new
        read = self.source(new.args[0])
        if read is None:
            return new
        if name == "builtins.dict":
            return changed(new, args=[read])
        if name == "builtins.sorted" and isinstance(read, ast.Name) and not _has(old, "key"):
            # No two keys are the same: they alone say in which order the entries are.
            key = fresh("key", self.used)
            member = ast.Subscript(value=read, slice=load(key), ctx=ast.Load())
            ordered = changed(new, args=[self.keys_of(read)])
            return ast.copy_location(_pairs(ast.Tuple([load(key), member], ast.Load()), store(key), ordered), old)
        pairs = self.pairs(new.args[0])
        return pairs if name == "builtins.list" else changed(new, args=[pairs])

    def keys_of(self, read: ast.Name) -> ast.expr:
        """Return what runs over the keys of a dict, and shows that it is one where nothing else does."""
        if self.activity.is_dict(self.stmt, read):
            return read
        return ast.Call(func=ast.Attribute(value=read, attr="keys", ctx=ast.Load()), args=[], keywords=[])

    def pairs(self, items: ast.expr) -> ast.expr:
        """Return ``[(key, value) for key, value in d.items()]``."""
        key, value = fresh("key", self.used), fresh("value", self.used)
        pair = ast.Tuple(elts=[load(key), load(value)], ctx=ast.Load())
        target = ast.Tuple(elts=[store(key), store(value)], ctx=ast.Store())
        return ast.copy_location(_pairs(pair, target, items), items)

    def source(self, node: ast.expr) -> ast.expr | None:
        """Return the active dict of which an expression is the entries, None where it is none."""
        if not isinstance(node, ast.Call) or node.args or node.keywords or not isinstance(node.func, ast.Attribute):
            return None
        base = node.func.value
        return base if node.func.attr == "items" and self.activity.active(self.stmt, base) else None

    def visit_Starred(self, node: ast.Starred) -> ast.AST:
        """Return the keys of a dict that a display is made with: ``[x, *d]``."""
        made = self.generic_visit(node)
        assert isinstance(made, ast.Starred)
        if not isinstance(node.ctx, ast.Load):
            return made
        if isinstance(base := _keys_read(node.value), ast.Name) and self.activity.active(self.stmt, base):
            return changed(made, value=_listed(made.value))
        return changed(made, value=self.keys(node.value, made.value))

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        """Return an assignment that unpacks a list of keys, or stores one into a slice of a list."""
        made = self.generic_visit(node)
        assert isinstance(made, ast.Assign)
        if any(isinstance(t, (ast.Tuple, ast.List)) for t in node.targets) and self.source(made.value) is not None:
            return changed(made, value=self.pairs(made.value))
        value = made.value
        for target in node.targets:
            value = self.unpacked(target, node.value, value)
        return changed(made, value=value)

    def unpacked(self, target: ast.expr, old: ast.expr, new: ast.expr) -> ast.expr:
        """Return a value with lists of keys where a target takes dicts apart."""
        if isinstance(target, ast.Subscript):
            return self.keys(old, new) if isinstance(target.slice, ast.Slice) else new
        if not isinstance(target, (ast.Tuple, ast.List)):
            return new
        if not isinstance(old, (ast.Tuple, ast.List)) or not isinstance(new, (ast.Tuple, ast.List)):
            return self.keys(old, new)
        elts = [self.unpacked(sub, part, now) for (sub, part), now in zip(paired(target, old), new.elts, strict=False)]
        return changed(new, elts=elts) if any(map(operator.is_not, elts, new.elts)) else new

    def keys(self, old: ast.expr, new: ast.expr) -> ast.expr:
        """Return the list of the keys of what is known to be an active dict."""
        named = isinstance(old, ast.Name) and self.activity.is_dict(self.stmt, old)
        if not named and self.activity.facts.kind(self.stmt, old).what != "dict":
            return new
        if not self.activity.active(self.stmt, old):
            return new
        return _listed(new)

    def merges(self, left: ast.expr, right: ast.expr) -> bool:
        """Say whether two operands are dicts, at least one of them active."""
        sides = [side for side in (left, right) if not isinstance(side, (ast.List, ast.Tuple))]  # pairs are entries
        if not all(self.activity.may_be_dict(self.stmt, side) for side in sides):
            return False
        active = any(self.activity.active(self.stmt, side) for side in (left, right))
        if not active or any(map(_is_set, (left, right))):
            return False
        named = [side for side in (left, right) if isinstance(side, ast.Name)]
        self.unsure |= {side.id for side in named if not self.activity.is_dict(self.stmt, side)}
        return True


def _pairs(pair: ast.expr, target: ast.expr, source: ast.expr) -> ast.ListComp:
    clause = ast.comprehension(target=target, iter=source, ifs=[], is_async=0)
    return ast.ListComp(elt=pair, generators=[clause])


def _listed(source: ast.expr) -> ast.expr:
    return ast.copy_location(ast.Call(func=core.ref("builtins.list"), args=[source], keywords=[]), source)


def _keys_read(value: ast.expr) -> ast.expr | None:
    """Return the dict of which an expression is the view of the keys, as written."""
    view = isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "keys"
    return value.func.value if view else None  # type: ignore[attr-defined]


def _has(call: ast.Call, keyword: str) -> bool:
    return any(k.arg == keyword for k in call.keywords)


def _is_set(expr: ast.expr) -> bool:
    made = core.qualname(expr.func) if isinstance(expr, ast.Call) else ""
    return isinstance(expr, (ast.Set, ast.SetComp)) or made in ("builtins.set", "builtins.frozenset")
