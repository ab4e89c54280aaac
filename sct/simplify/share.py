"""Dear expressions that are computed twice, once.

In: statements, block by block. Out: the same with an expression that the compiler's statements compute several times
between two changes of anything it reads named once, or read from the variable that already holds it. Only values
that nobody can tell from a copy are shared: the reader makes a new object of each.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence

from sct import core
from sct.simplify import effects, needs, order, trees
from sct.simplify.effects import Alias
from sct.simplify.glance import count
from sct.simplify.propagate import Versions
from sct.simplify.trees import Use

Number = int


def share(
    stmts: Sequence[ast.stmt],
    alias: Alias | None = None,
    is_dear: Callable[[ast.expr], bool] | None = None,
    parameters: frozenset[str] | None = None,
    members: Callable[[str], bool] = lambda name: True,
    plain: bool = False,
) -> list[ast.stmt]:
    """Share equal dear expressions (by default those that are not cheap) inside every block.

    For `alias` see `renest`, for the rest see `prune`.
    """
    if not effects.is_straightforward(stmts):
        return list(stmts)
    dear = is_dear or (lambda expr: not effects.is_cheap(expr))
    names = {name for found in count(stmts) for name in found}
    numbers = [int(name[1:].split("_")[0]) for name in names if name[:1] == "%" and name[1:].split("_")[0].isdigit()]
    counter = [max(numbers, default=0)]
    late = effects.captured(stmts)

    def fresh() -> str:
        counter[0] += 1
        return f"%{counter[0]}"

    versions = Versions(needs.inferred_alias(stmts, alias, parameters, members, plain))

    def block(body: Sequence[ast.stmt]) -> list[ast.stmt]:
        inner = [trees.map_blocks(stmt, block) for stmt in body]
        return _Sharer(inner, versions, dear, late).run(fresh)

    return block(stmts)


class _Sharer:
    """Shares inside one block. Equal value numbers mean equal values."""

    def __init__(
        self,
        body: Sequence[ast.stmt],
        versions: Versions,
        dear: Callable[[ast.expr], bool],
        late: set[str],
    ) -> None:
        self._body = body
        self._versions = versions
        self._dear, self._late = dear, late
        self._numbers: dict[Hashable, Number] = {}
        self._bound: dict[tuple[str, int], Number] = {}  # what is bound to a name, by its version
        self._computed: set[Number] = set()  # what is more than an element or a part
        self._holders: dict[Number, tuple[str, int]] = {}
        self._places: defaultdict[Number, list[tuple[int, ast.expr]]] = defaultdict(list)
        self._done: list[tuple[Number, list[tuple[int, ast.expr]]]] = []  # places of which the last keeps the value
        self._held: dict[int, ast.expr] = {}
        self._tainted: set[int] = set()  # what reads a name that other scopes read too

    def run(self, fresh: Callable[[], str]) -> list[ast.stmt]:
        """Return the block with its expressions shared."""
        for position, stmt in enumerate(self._body):
            if core.remark_text(stmt) is not None:
                continue
            found = effects.statement(stmt)
            values = self._number(stmt)
            if values is not None:
                self._look(stmt, position, values)
            self._versions.apply(found)
            self._hold(stmt, values)
        return self._rebuilt(fresh)

    def _number(self, stmt: ast.stmt) -> dict[int, Number] | None:
        """Number every expression of a statement, None where it does anything before all of them are computed."""
        own = order.uses(stmt)
        found: list[Use] = []
        stack = list(own)
        while stack:
            use = stack.pop()
            found.append(use)
            stack.extend(order.operands(use))
        last = own[0].node if isinstance(stmt, ast.Expr) else None
        values: dict[int, Number] = {}
        for use in reversed(found):
            inside = order.operands(use) if self._late else []
            if any(id(inner.node) in self._tainted for inner in inside) or _is_one_of(use.node, self._late):
                self._tainted.add(id(use.node))
            key = self._key(use.node, values)
            if isinstance(key, int):
                values[id(use.node)] = key
            elif key is not None:
                values[id(use.node)] = self._numbers.setdefault(key, len(self._numbers))
            elif use.node is not last:
                return None
        return values

    def _key(self, node: ast.expr, values: dict[int, Number]) -> Hashable | None:
        """What decides the value of a node whose operands are numbered, None where it does more than give one.

        A name that is bound to a numbered value has its number.
        """
        if isinstance(node, ast.Name):
            name = effects.read_name(node)
            if not name:
                return core.qualname(node), -1
            version = name, self._versions.value(name)
            return self._bound.get(version, version)
        if isinstance(node, ast.Constant):
            return "constant", type(node.value), repr(node.value)
        own = effects.Effects()
        effects.add_own(node, own)
        shape = _shape(node)
        if shape is None or not own.pure:
            return None
        return shape, *(values[id(use.node)] for use in order.operands(Use(node)))

    def _look(self, stmt: ast.stmt, position: int, values: dict[int, Number]) -> None:
        """Find the dear expressions of a statement, outermost first; inside one that is shared there is nothing new."""
        stack = [use for use in order.uses(stmt) if use.once][::-1]
        while stack:
            use = stack.pop()
            number = values.get(id(use.node))
            if number is not None and use.fresh and isinstance(use.node, ast.Name):
                holder = self._holder(number)
                both = core.is_temporary(holder) and core.is_temporary(use.node.id)
                if both and holder != use.node.id and number in self._computed:
                    self._held[id(use.node)] = ast.Name(id=holder, ctx=ast.Load())
            if not use.once or isinstance(use.node, ast.Name | ast.Constant):
                continue
            if number is not None and (use.fresh or number in self._places) and self._is_shareable(use.node):
                holder = self._holder(number)
                if not use.fresh:  # what it is named is read no more after this
                    self._done.append((number, [*self._places.pop(number), (position, use.node)]))
                    continue
                if holder:
                    self._held[id(use.node)] = ast.Name(id=holder, ctx=ast.Load())
                    continue
                self._places[number].append((position, use.node))
                if len(self._places[number]) > 1:
                    continue
            stack.extend(reversed(order.operands(use)))

    def _is_shareable(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Slice | ast.Starred | ast.Tuple):
            return False
        return not trees.is_user(node) and id(node) not in self._tainted and self._dear(node)

    def _holder(self, number: Number) -> str:
        name, version = self._holders.get(number, ("", 0))
        return name if name and self._versions.value(name) == version else ""

    def _hold(self, stmt: ast.stmt, values: dict[int, Number] | None) -> None:
        """Remember the variable that now holds a value."""
        name = trees.target_name(stmt)
        if not name or values is None or name in self._late or not isinstance(stmt, ast.Assign):
            return
        number = values.get(id(stmt.value))
        if number is None or isinstance(stmt.value, ast.Name | ast.Constant):
            return
        version = self._versions.value(name)
        self._bound[name, version] = number
        if isinstance(stmt.value, ast.BinOp | ast.UnaryOp | ast.Call):
            self._computed.add(number)
        if not self._holder(number):
            self._holders[number] = name, version

    def _rebuilt(self, fresh: Callable[[], str]) -> list[ast.stmt]:
        replaced: dict[int, ast.AST] = dict(self._held)
        shared = [(number, places) for number, places in (*self._places.items(), *self._done) if len(places) > 1]
        if not replaced and not shared:
            return list(self._body)
        # Before one statement, what is part of another comes first: it was numbered before it.
        shared.sort(key=lambda found: (found[1][0][0], found[0]))
        named = [(fresh(), places) for _, places in shared]
        for name, places in named:
            replaced.update((id(node), ast.Name(id=name, ctx=ast.Load())) for _, node in places)
        before: defaultdict[int, list[ast.stmt]] = defaultdict(list)
        for name, ((position, node), *_) in named:
            value = trees.replace(node, replaced, inside=True)
            before[position].append(ast.Assign(targets=[ast.Name(id=name, ctx=ast.Store())], value=value))
        return [new for i, stmt in enumerate(self._body) for new in (*before[i], trees.replace(stmt, replaced))]


def _is_one_of(node: ast.expr, names: set[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in names


def _shape(node: ast.expr) -> Hashable | None:
    """What a node is, its operands aside; None where values are not told apart by it."""
    kind = type(node).__name__
    match node:
        case ast.BinOp() | ast.UnaryOp() | ast.BoolOp():
            return kind, type(node.op), len(getattr(node, "values", ()))
        case ast.Compare():
            return kind, *(type(op) for op in node.ops)
        case ast.Call():
            called = node.func.attr if isinstance(node.func, ast.Attribute) else core.qualname(node.func)
            return kind, type(node.func), called, len(node.args), *(k.arg for k in node.keywords)
        case ast.Attribute():
            return kind, node.attr
        case ast.Slice():
            return kind, node.lower is None, node.upper is None, node.step is None
        case ast.Tuple():
            return kind, len(node.elts)
        case ast.Subscript() | ast.IfExp() | ast.Starred():
            return (kind,)
    return None
