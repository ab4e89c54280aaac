"""Functions that are chosen while the program runs: which one is called, as a branch.

In: the body of a resolved function, before it is lifted. Out: the same body, in which a variable that stands for one of
several functions holds the name of one, and a call of it is a choice between calls: ``act = np.tanh if deep else
np.sin`` and ``act(x)`` become ``act = "tanh" if deep else "sin"`` and ``np.tanh(x) if act == "tanh" else np.sin(x)``.
A loop over functions as written runs once for each. What is done with such a variable otherwise is not followed.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from .. import core
from ..analysis.purity import repeatable
from ..nodes import changed
from ..walk import Put, children, walk

Block = list[ast.stmt]
Constant = Callable[[str], ast.expr | None]
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_MODULES = ("builtins.", "numpy.", "math.", "scipy.", "operator.")
_MOST = 8


def spelled_out(stmts: list[ast.stmt], known: Collection[str], constant: Constant) -> list[ast.stmt]:
    """Return statements in which it is known, of each call, which function it calls.

    `known` are the names of parameters; `constant` returns the display of functions that a global is bound to.
    """
    found = _Uses(stmts, known, constant)
    displays = {n: d for n in found.bound if (d := found.display(n)) is not None}
    chosen = {n: c for n in found.bound if n not in displays and (c := found.choices(n, displays)) is not None}
    if not displays and not chosen and not found.direct:
        return stmts
    return _Writer(found, displays, chosen).block(stmts)


@dataclass
class Choices:
    """The functions that a variable may stand for, by the texts that stand for them."""

    functions: dict[str, ast.expr] = field(default_factory=dict)

    def label(self, function: ast.expr) -> str:
        text = ast.dump(function)
        for label, known in self.functions.items():
            if ast.dump(known) == text:
                return label
        spelled = core.spelling(function) or (function.id if isinstance(function, ast.Name) else "lambda")
        wanted = spelled.rpartition(".")[2]
        label, count = wanted, 1
        while label in self.functions:
            count += 1
            label = f"{wanted}_{count}"
        self.functions[label] = function
        return label


class _Uses:
    """Where names are bound and read."""

    def __init__(self, stmts: Sequence[ast.stmt], known: Collection[str], constant: Constant) -> None:
        self.constant = constant
        self.defined = defined_in(stmts)
        self.bound: dict[str, list[ast.expr | None]] = {}
        self.reads: dict[str, int] = {}
        self.calls: dict[str, int] = {}
        self.parts: dict[str, int] = {}
        self.walks: dict[str, list[ast.For | ast.comprehension]] = {}
        self.stores: dict[str, int] = dict.fromkeys(known, 1)
        self.direct = False  # whether a display of functions is used as it is
        for node in own_nodes(stmts):
            self.note(node)
        for name, count in self.stores.items():
            if count != len(self.bound.get(name, [])):
                self.bound.pop(name, None)  # it is bound in other ways as well
        for stmt in (n for s in stmts for n in walk(s) if isinstance(n, _SCOPES)):
            for name in {n.id for n in walk(stmt) if isinstance(n, ast.Name)}:
                self.reads[name] = self.reads.get(name, 0) + 1  # seen from a function inside: not followed

    def note(self, node: ast.AST) -> None:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            self.bound.setdefault(node.targets[0].id, []).append(node.value)
        elif isinstance(node, ast.Name):
            counts = self.reads if isinstance(node.ctx, ast.Load) else self.stores
            counts[node.id] = counts.get(node.id, 0) + 1
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            self.calls[node.func.id] = self.calls.get(node.func.id, 0) + 1
        elif isinstance(node, ast.Call) and isinstance(node.func, (ast.Subscript, ast.IfExp)):
            self.direct = True
        elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and isinstance(node.ctx, ast.Load):
            self.parts[node.value.id] = self.parts.get(node.value.id, 0) + 1
        elif isinstance(node, (ast.For, ast.comprehension)):
            self.direct = self.direct or self.is_functions(node.iter) or core.qualname(node.iter).startswith("=")
            if isinstance(node.iter, ast.Name):
                self.parts[node.iter.id] = self.parts.get(node.iter.id, 0) + 1
                self.walks.setdefault(node.iter.id, []).append(node)

    def is_function(self, node: ast.expr) -> bool:
        return is_function(node, self.defined)

    def is_functions(self, node: ast.expr) -> bool:
        """Say whether an expression is a display of functions."""
        if isinstance(node, (ast.Tuple, ast.List)):
            return bool(node.elts) and all(self.is_function(e) for e in node.elts)
        if isinstance(node, ast.Dict):
            keys = all(isinstance(k, ast.Constant) for k in node.keys)
            return bool(node.keys) and keys and all(self.is_function(v) for v in node.values)
        return False

    def display(self, name: str) -> ast.expr | None:
        """Return the display of functions that a name is bound to, if parts of it are all that is read."""
        values = self.bound[name]
        if len(values) != 1 or values[0] is None or not self.is_functions(values[0]):
            return None
        if not isinstance(values[0], ast.Dict) and not all(map(_runs_once_for_each, self.walks.get(name, ()))):
            return None
        return values[0] if self.reads.get(name, 0) == self.parts.get(name, 0) else None

    def choices(self, name: str, displays: Mapping[str, ast.expr]) -> Choices | None:
        """Return the functions that a name may stand for, if calls of it are all that is read."""
        values = self.bound[name]
        if self.reads.get(name, 0) != self.calls.get(name, 0) or not self.calls.get(name, 0):
            return None
        if len(values) == 1 and values[0] is not None and self.is_function(values[0]):
            return None
        found = Choices()
        if all(v is not None and self.collect(v, found, displays) for v in values):
            return found if len(found.functions) <= _MOST else None
        return None

    def collect(self, node: ast.expr, found: Choices, displays: Mapping[str, ast.expr]) -> bool:
        if self.is_function(node):
            found.label(node)
            return True
        if isinstance(node, ast.IfExp):
            return self.collect(node.body, found, displays) and self.collect(node.orelse, found, displays)
        if isinstance(node, ast.Subscript):
            display = self.shown(node.value, displays)
            if display is not None:
                return all(self.collect(f, found, displays) for f in _members(display))
        return False

    def shown(self, node: ast.expr, displays: Mapping[str, ast.expr]) -> ast.expr | None:
        if core.qualname(node).startswith("="):
            display = self.constant(core.qualname(node))
            return display if display is not None and self.is_functions(display) else None
        if isinstance(node, ast.Name):
            return displays.get(node.id)
        return node if self.is_functions(node) else None


class _Writer(ast.NodeTransformer):
    def __init__(self, uses: _Uses, displays: Mapping[str, ast.expr], chosen: Mapping[str, Choices]) -> None:
        self.uses = uses
        self.displays = displays
        self.chosen = chosen

    def block(self, stmts: list[ast.stmt]) -> list[ast.stmt]:
        out = [made for stmt in stmts for made in self.statement(stmt)]
        same = len(out) == len(stmts) and all(a is b for a, b in zip(out, stmts, strict=True))
        return stmts if same else out or [ast.Pass()]

    def statement(self, stmt: ast.stmt) -> Block:
        if isinstance(stmt, _SCOPES):
            return [stmt]
        if isinstance(stmt, ast.Assign) and isinstance(stmt.targets[0], ast.Name) and len(stmt.targets) == 1:
            name = stmt.targets[0].id
            if name in self.displays:
                return []
            if name in self.chosen:
                return [changed(stmt, value=self.labelled(stmt.value, self.chosen[name]))]
        fields: dict[str, object] = {}
        for name, value in ast.iter_fields(stmt):
            if name in ("body", "orelse", "finalbody") and isinstance(value, list):
                fields[name] = self.block(value) if value else value
            elif name in ("handlers", "cases") and isinstance(value, list):
                parts = [changed(part, body=self.block(part.body)) for part in value]
                fields[name] = parts if any(a is not b for a, b in zip(parts, value, strict=True)) else value
            elif name == "iter" and (keys := self.keys(value)) is not None:
                fields[name] = keys
            elif isinstance(value, ast.expr) and self.touches(value):
                fields[name] = self.visit(copy.deepcopy(value))
        stmt = changed(stmt, **fields)
        return self.unrolled(stmt) if isinstance(stmt, ast.For) else [stmt]

    def keys(self, source: ast.expr) -> ast.expr | None:
        """Return the keys that a loop over a dict of functions runs over."""
        display = self.displays.get(source.id) if isinstance(source, ast.Name) else None
        if not isinstance(display, ast.Dict):
            return None
        keys = [copy.deepcopy(key) for key in display.keys if key is not None]
        return ast.copy_location(ast.Tuple(elts=keys, ctx=ast.Load()), source)

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        node.iter = self.keys(node.iter) or node.iter
        return self.generic_visit(node)

    def touches(self, node: ast.expr) -> bool:
        for part in walk(node):
            if isinstance(part, ast.comprehension) and self.keys(part.iter) is not None:
                return True
            if isinstance(part, ast.Call):
                if isinstance(part.func, ast.Name) and part.func.id in self.chosen:
                    return True
                if isinstance(part.func, ast.Subscript) and self.uses.shown(part.func.value, self.displays) is not None:
                    return True
                if isinstance(part.func, ast.IfExp):
                    return True
            if isinstance(part, (ast.ListComp, ast.GeneratorExp)) and self.functions_of(part) is not None:
                return True
        return False

    def functions_of(self, node: ast.ListComp | ast.GeneratorExp) -> list[ast.expr] | None:
        """Return the functions that a comprehension runs over."""
        part = node.generators[0]
        if len(node.generators) > 1 or part.ifs or not isinstance(part.target, ast.Name):
            return None
        display = self.uses.shown(part.iter, self.displays)
        return None if display is None or isinstance(display, ast.Dict) else _members(display)

    def visit_ListComp(self, node: ast.ListComp | ast.GeneratorExp) -> ast.expr:
        self.generic_visit(node)
        functions = self.functions_of(node)
        target = node.generators[0].target
        if functions is None or not isinstance(target, ast.Name):
            return node
        elts = [Put(target.id, function).visit(copy.deepcopy(node.elt)) for function in functions]
        return ast.copy_location(ast.List(elts=elts, ctx=ast.Load()), node)

    visit_GeneratorExp = visit_ListComp

    def unrolled(self, stmt: ast.For) -> Block:
        """Return a loop over functions as written as one run after the other."""
        display = self.uses.shown(stmt.iter, self.displays)
        if display is None or isinstance(display, ast.Dict) or not _runs_once_for_each(stmt):
            return [stmt]
        assert isinstance(stmt.target, ast.Name)
        out: Block = []
        for function in _members(display):
            bind = ast.Assign(targets=[ast.Name(id=stmt.target.id, ctx=ast.Store())], value=function)
            out += [ast.copy_location(bind, stmt), *copy.deepcopy(stmt.body)]
        return [*out, *stmt.orelse]

    def labelled(self, node: ast.expr, found: Choices) -> ast.expr:
        """Return a choice of a function as a choice of its name."""
        if self.uses.is_function(node):
            return ast.copy_location(ast.Constant(value=found.label(node)), node)
        if isinstance(node, ast.IfExp):
            return changed(node, body=self.labelled(node.body, found), orelse=self.labelled(node.orelse, found))
        assert isinstance(node, ast.Subscript)
        display = self.uses.shown(node.value, self.displays)
        assert display is not None
        names: list[ast.expr] = [ast.Constant(value=found.label(f)) for f in _members(display)]
        return changed(node, value=_like(display, names))

    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        func = node.func
        if isinstance(func, ast.Name) and func.id in self.chosen:
            return choice(node, self.chosen[func.id], func)
        if isinstance(func, ast.IfExp):
            found = Choices()
            if self.uses.collect(func, found, self.displays):
                body = self.visit_Call(ast.copy_location(ast.Call(func.body, node.args, node.keywords), node))
                orelse = copy.deepcopy(ast.copy_location(ast.Call(func.orelse, node.args, node.keywords), node))
                return ast.copy_location(ast.IfExp(func.test, body, self.visit_Call(orelse)), node)
        if isinstance(func, ast.Subscript):
            display = self.uses.shown(func.value, self.displays)
            if display is not None and not any(map(_acts, walk(func.slice))):
                return self.part_called(node, func, display)
        return node

    def part_called(self, node: ast.Call, func: ast.Subscript, display: ast.expr) -> ast.expr:
        known = _at(display, func.slice)
        if known is not None:
            return changed(node, func=known)
        found = Choices()
        if not self.uses.collect(func, found, self.displays):
            return node
        return choice(node, found, self.labelled(func, found))


def _runs_once_for_each(node: ast.For | ast.comprehension) -> bool:
    """Say whether a loop over functions can be written as one run after the other."""
    if isinstance(node, ast.For):
        jumps = any(isinstance(n, (ast.Break, ast.Continue)) for s in node.body for n in walk(s))
        return isinstance(node.target, ast.Name) and not jumps
    return isinstance(node.target, ast.Name) and not node.ifs


def _acts(node: ast.AST) -> bool:
    """Say whether asking for a value again may do something, or give another."""
    return isinstance(node, ast.NamedExpr) or isinstance(node, ast.Call) and not repeatable(node)


def choice(node: ast.Call, found: Choices, which: ast.expr) -> ast.expr:
    """Return a call of one of several functions as a choice between calls."""
    made: ast.expr | None = None
    for label, function in reversed(found.functions.items()):
        call = ast.copy_location(
            ast.Call(copy.deepcopy(function), copy.deepcopy(node.args), copy.deepcopy(node.keywords)), node
        )
        if made is None:
            made = call
            continue
        test = ast.Compare(copy.deepcopy(which), [ast.Eq()], [ast.Constant(value=label)])
        made = ast.copy_location(ast.IfExp(test=test, body=call, orelse=made), node)
    assert made is not None
    return made


def is_function(node: ast.expr, defined: Collection[str]) -> bool:
    """Say whether an expression is a function as written; `defined` are those of the function around it."""
    if isinstance(node, ast.Lambda):
        return True
    if not isinstance(node, ast.Name):
        return False
    name = core.qualname(node)
    return name.startswith(("@", *_MODULES)) if name else node.id in defined


def defined_in(stmts: Sequence[ast.stmt]) -> set[str]:
    """Return the names of the functions that statements define, each once and as nothing else."""
    nodes = own_nodes(stmts)
    found = Counter(s.name for s in nodes if isinstance(s, ast.FunctionDef))
    found.update(n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store) and n.id in found)
    return {name for name, count in found.items() if count == 1}


def own_nodes(stmts: Sequence[ast.stmt]) -> list[ast.AST]:
    """Return the nodes of statements without those of the functions inside."""
    out: list[ast.AST] = []
    todo: list[ast.AST] = list(reversed(stmts))
    while todo:
        node = todo.pop()
        out.append(node)
        if not isinstance(node, _SCOPES):
            todo += reversed(children(node))
    return out


def _members(display: ast.expr) -> list[ast.expr]:
    if isinstance(display, ast.Dict):
        return display.values
    assert isinstance(display, (ast.Tuple, ast.List))
    return display.elts


def _like(display: ast.expr, members: list[ast.expr]) -> ast.expr:
    if isinstance(display, ast.Dict):
        return ast.copy_location(ast.Dict(keys=display.keys, values=members), display)
    return ast.copy_location(ast.Tuple(elts=members, ctx=ast.Load()), display)


def _at(display: ast.expr, index: ast.expr) -> ast.expr | None:
    """Return the member under a constant index."""
    if not isinstance(index, ast.Constant):
        return None
    if isinstance(display, ast.Dict):
        found = [v for k, v in zip(display.keys, display.values, strict=True) if _value(k) == index.value]
        return found[-1] if found else None
    members = _members(display)
    inside = isinstance(index.value, int) and -len(members) <= index.value < len(members)
    return members[index.value] if inside and isinstance(index.value, int) else None


def _value(node: ast.expr | None) -> object:
    return node.value if isinstance(node, ast.Constant) else None
