"""Records that live in one function: their fields as variables.

In: the body of a resolved function, before it is lifted. Out: the same body, in which a variable that is only ever
bound to new records of one class, and of which only fields are used, is one variable for each field: ``s = State(x,
v)`` and ``s.x += dt * s.v`` become ``s_x, s_v = x, v`` and ``s_x += dt * s_v``. A field of a parameter that is
annotated as a named tuple is a member by position, and so is one of what NumPy returns as a named tuple.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from .. import core
from ..names import fresh
from ..walk import walk
from .named import fields_of, named_variables

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


@dataclass(frozen=True)
class Record:
    """A class of records: its fields in order, with what is written as their defaults."""

    fields: tuple[str, ...]
    defaults: Mapping[str, ast.expr]
    is_tuple: bool


Find = Callable[[str], Record | None]


#: Methods that change what it means to make a record, or to ask for a field.
_HOOKS = frozenset(
    "__init__ __new__ __post_init__ __getattr__ __getattribute__ __setattr__ __delattr__ __iter__ __getitem__ "
    "__init_subclass__".split()
)


def record_of(stmt: ast.stmt) -> Record | None:
    """Return what a class statement declares, None where it is more than a plain record."""
    if isinstance(stmt, ast.Assign) and isinstance(stmt.value, ast.Call):
        return _named_tuple(stmt.value)
    if not isinstance(stmt, ast.ClassDef) or stmt.keywords:
        return None
    bases = [ast.unparse(b).rpartition(".")[2] for b in stmt.bases]
    decorators = [ast.unparse(d).partition("(")[0].rpartition(".")[2] for d in stmt.decorator_list]
    is_tuple = bases == ["NamedTuple"] and not decorators
    if not is_tuple and (bases or decorators != ["dataclass"]):
        return None
    fields: list[str] = []
    defaults: dict[str, ast.expr] = {}
    for part in stmt.body:
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            if "ClassVar" in ast.unparse(part.annotation) or "InitVar" in ast.unparse(part.annotation):
                return None
            if part.value is not None and not isinstance(part.value, ast.Constant):
                return None
            fields.append(part.target.id)
            if part.value is not None:
                defaults[part.target.id] = part.value
        elif isinstance(part, ast.FunctionDef):
            if part.name in _HOOKS:
                return None
        elif not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant) or isinstance(part, ast.Pass)):
            return None
    return Record(tuple(fields), defaults, is_tuple)


def _named_tuple(call: ast.Call) -> Record | None:
    """Return what ``namedtuple("Point", "x y")`` declares, None where it is not that plain."""
    if ast.unparse(call.func).rpartition(".")[2] != "namedtuple" or call.keywords or len(call.args) != 2:
        return None
    said = call.args[1]
    parts = said.elts if isinstance(said, (ast.List, ast.Tuple)) else [said]
    texts = [p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str)]
    if len(texts) < len(parts):
        return None
    fields = texts if said not in parts else texts[0].replace(",", " ").split()
    return Record(tuple(fields), {}, True)


def in_variables(
    stmts: list[ast.stmt], parameters: Mapping[str, Record], known: Collection[str], used: set[str], find: Find
) -> list[ast.stmt]:
    """Return statements in which fields are variables.

    `parameters` are those that are annotated as records, `known` are all names that have a value before.
    """
    attributes = [n for s in stmts for n in walk(s) if isinstance(n, ast.Attribute)]
    if not attributes:
        return stmts
    records = {n: r for n, r in _local_records(stmts, find).items() if n not in known}
    named = {n: r.fields for n, r in parameters.items() if r.is_tuple and _only_read(stmts, n, r)}
    named |= named_variables(stmts, known)
    if not records and not named and not any(fields_of(a.value) for a in attributes):
        return stmts
    taken = used | {n.id for s in stmts for n in walk(s) if isinstance(n, ast.Name)}
    variables = {n: {f: fresh(f"{n}_{f}", taken) for f in r.fields} for n, r in records.items()}
    writer = _Writer(records, variables, named)
    return [writer.visit(copy.deepcopy(s)) if writer.touches(s) else s for s in stmts]


def _local_records(stmts: list[ast.stmt], find: Find) -> dict[str, Record]:
    bound: dict[str, list[ast.expr]] = {}
    stores: dict[str, int] = {}
    reads: dict[str, int] = {}
    uses: dict[str, set[str]] = {}
    fields: dict[str, int] = {}
    attributes: dict[tuple[str, str], int] = {}
    for node in (n for s in stmts for n in walk(s)):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            bound.setdefault(node.targets[0].id, []).append(node.value)
        elif isinstance(node, ast.Name):
            counts = reads if isinstance(node.ctx, ast.Load) else stores
            counts[node.id] = counts.get(node.id, 0) + 1
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and not core.is_ref(node.value):
            uses.setdefault(node.value.id, set()).add(node.attr)
            fields[node.value.id] = fields.get(node.value.id, 0) + 1
            attributes[node.value.id, node.attr] = attributes.get((node.value.id, node.attr), 0) + 1
    inside = {
        n.id for s in stmts for f in walk(s) if isinstance(f, _SCOPES) for n in walk(f) if isinstance(n, ast.Name)
    }
    # Variables that hold nothing but records, and of which nothing but fields and copies is asked.
    alone = {
        n for n, v in bound.items() if n not in inside and stores.get(n) == len(v) and reads.get(n) == fields.get(n)
    }
    found: dict[str, Record] = {}
    for _ in bound:  # a copy is known when what it is a copy of is
        for name in [n for n in bound if n in alone and n not in found]:
            sources = {_replaced(v) for v in bound[name]} - {None, name}
            makers = {core.qualname(v.func) for v in bound[name] if isinstance(v, ast.Call) and not _replaced(v)}
            records = [find(maker) for maker in makers] + [found.get(source or "") for source in sources]
            record = records[0] if records else None
            if record is None or any(r != record for r in records):
                continue
            asked = uses.get(name, set()) - ({"_replace"} if record.is_tuple else set())
            if asked <= set(record.fields) and all(_given(v, record) is not None for v in bound[name]):
                found[name] = record
    lost = set(found)
    while lost:
        copied = [_replaced(v) for name in found for v in bound[name]]
        lost = {
            n
            for n in found
            if attributes.get((n, "_replace"), 0) > copied.count(n)
            or any(_replaced(v) not in (None, *found) for v in bound[n])
        }
        found = {n: r for n, r in found.items() if n not in lost}
    return found


def _replaced(value: ast.expr) -> str | None:
    """Return of which variable a value is a copy with other fields: ``s`` for ``s._replace(x=1.0)``."""
    func = value.func if isinstance(value, ast.Call) else None
    plain = isinstance(func, ast.Attribute) and func.attr == "_replace" and isinstance(func.value, ast.Name)
    return func.value.id if plain and isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) else None


def _given(node: ast.expr, record: Record) -> list[ast.expr] | None:
    """Return what a call gives each field."""
    if not isinstance(node, ast.Call):
        return None
    same = _replaced(node)
    if same is not None:
        kept: dict[str | None, ast.expr] = {f: _field(same, f) for f in record.fields}
        if node.args or any(k.arg not in kept for k in node.keywords):
            return None
        kept.update({k.arg: k.value for k in node.keywords})
        return [kept[f] for f in record.fields]
    if any(isinstance(a, ast.Starred) for a in node.args) or len(node.args) > len(record.fields):
        return None
    values = dict(zip(record.fields, node.args, strict=False))
    for keyword in node.keywords:
        if keyword.arg not in record.fields or keyword.arg in values:
            return None
        values[keyword.arg] = keyword.value
    every = [values.get(f, record.defaults.get(f)) for f in record.fields]
    return None if any(v is None for v in every) else [v for v in every if v is not None]


def _field(name: str, field: str) -> ast.expr:
    return ast.Attribute(value=ast.Name(id=name, ctx=ast.Load()), attr=field, ctx=ast.Load())


def _only_read(stmts: list[ast.stmt], name: str, record: Record) -> bool:
    """Say whether a parameter is never bound anew, and nothing but fields of its class is asked of it."""
    for node in (n for s in stmts for n in walk(s)):
        if isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load):
            return False
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name:
            if node.attr not in record.fields:
                return False
    return True


class _Writer(ast.NodeTransformer):
    def __init__(
        self,
        records: Mapping[str, Record],
        variables: Mapping[str, Mapping[str, str]],
        named: Mapping[str, tuple[str, ...]],
    ) -> None:
        self.records = records
        self.variables = variables
        self.named = named

    def touches(self, stmt: ast.stmt) -> bool:
        names = self.records.keys() | self.named.keys()
        return any(
            isinstance(n, ast.Name) and n.id in names or isinstance(n, ast.Attribute) and fields_of(n.value)
            for n in walk(stmt)
        )

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        self.generic_visit(node)
        name = node.value.id if isinstance(node.value, ast.Name) else ""
        if name in self.records:
            return ast.copy_location(ast.Name(id=self.variables[name][node.attr], ctx=node.ctx), node)
        fields = self.named.get(name) or fields_of(node.value)
        if node.attr in fields:
            place = ast.Constant(value=fields.index(node.attr))
            return ast.copy_location(ast.Subscript(value=node.value, slice=place, ctx=node.ctx), node)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.Assign:
        target = node.targets[0]
        if not isinstance(target, ast.Name) or target.id not in self.records:
            self.generic_visit(node)
            return node
        record = self.records[target.id]
        values = _given(node.value, record)
        assert values is not None
        if isinstance(node.value, ast.Call) and node.value.keywords:
            values = [copy.deepcopy(v) for v in values]
        values = [self.visit(v) for v in values]
        names = [self.variables[target.id][f] for f in record.fields]
        pairs = [(n, v) for n, v in zip(names, values, strict=True) if not (isinstance(v, ast.Name) and v.id == n)]
        names, values = [n for n, _ in pairs] or names, [v for _, v in pairs] or values  # a field may stay as it is
        targets: list[ast.expr] = [ast.Name(id=name, ctx=ast.Store()) for name in names]
        if len(targets) == 1:
            return ast.copy_location(ast.Assign(targets=targets, value=values[0]), node)
        whole = ast.Tuple(elts=targets, ctx=ast.Store())
        return ast.copy_location(ast.Assign(targets=[whole], value=ast.Tuple(elts=values, ctx=ast.Load())), node)
