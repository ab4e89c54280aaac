"""What forward mode cannot follow inside an expression becomes statements.

In: a function and its analysis. Out: the same function, in which each active call of a user's function is the whole
right-hand side of a statement, and active assignment expressions are assignments. A choice or a comprehension with
such a call inside becomes an ``if`` or a loop. All else stays as it is, node for node.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from sct import core
from sct.analysis.activity import Activity
from sct.analysis.aliasing import IMMUTABLE
from sct.analysis.hidden import index_reads_memory
from sct.analysis.purity import repeatable
from sct.frontend.closures import map_names
from sct.frontend.early import found_early
from sct.frontend.evaluation import parts, pure, rebuilt, statement_parts
from sct.frontend.members import with_entry
from sct.frontend.scopes import COMPREHENSIONS, Comprehension, bound, parameters
from sct.frontend.writers import array_sorted, into_part
from sct.modes.forward.trials import value_first
from sct.names import in_use, reserve
from sct.nodes import changed, load
from sct.walk import root_name, walk

Block = list[ast.stmt]
#: What asks a generator until it knows.
_ASKING = tuple(f"builtins.{name}" for name in ("any", "all", "next"))
Refuse = Callable[[ast.AST, str, str], NoReturn]
_TAKING = ("pop", "popleft", "setdefault")


def lower(
    node: ast.FunctionDef,
    activity: Activity,
    acts: Callable[[str], bool],
    refuse: Refuse,
    caught: bool = False,
) -> ast.FunctionDef:
    """Return `node` as forward mode can follow it; `acts` says whether a function does more than return a value.

    `caught`: a caller may go on after what the function raises.
    """
    return _Lowerer(node, activity, acts, refuse, caught).run()


class _Lowerer:
    def __init__(
        self,
        node: ast.FunctionDef,
        activity: Activity,
        acts: Callable[[str], bool],
        refuse: Refuse,
        caught: bool,
    ) -> None:
        self.node, self.activity, self.acts, self.refuse, self.caught = node, activity, acts, refuse, caught
        self.used = in_use(node)
        self.mentions = _mentions(node)
        numbers = [int(n[1:]) for n in self.used if core.is_temporary(n) and n[1:].isdigit()]
        self.count = max(numbers, default=0)
        self.stmt: ast.stmt = ast.Pass()
        self.tried = False  # whether somebody may catch what is raised here

    def run(self) -> ast.FunctionDef:
        body = self.block(self.node.body)
        return self.node if _same(body, self.node.body) else changed(self.node, body=body)

    def temporary(self) -> str:
        self.count += 1
        return f"%{self.count}"

    # Statements.

    def block(self, stmts: Sequence[ast.stmt]) -> Block:
        return [new for stmt in stmts for new in self.statement(stmt)]

    def inner(self, stmts: list[ast.stmt]) -> Block:
        out = self.block(stmts)
        return stmts if _same(out, stmts) else out

    def statement(self, stmt: ast.stmt) -> Block:
        self.stmt = stmt
        if isinstance(stmt, ast.While):
            return self.repeat(stmt)
        if isinstance(stmt, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return [stmt]
        if isinstance(stmt, ast.Expr) and (store := self.sort(stmt)) is not None:
            return [store]
        stmt = into_part(stmt, self.activity.facts.kinds(stmt))
        entered = with_entry(stmt, self)
        if len(entered) > 1:
            return self.block(entered)
        if isinstance(stmt, ast.Assign) and any(isinstance(t, (ast.Tuple, ast.List)) for t in stmt.targets):
            apart = self.apart(stmt)
            if apart:
                return self.block(apart)
        if self.tried or self.caught and self.outlives(stmt):
            two = value_first(stmt, self.activity.varied, self.temporary, self.is_own)
            if two:
                return self.block(two)
        before: Block = []
        made = self.head(stmt, before)
        blocks: dict[str, object] = {}
        outer = self.tried
        for name in ("body", "orelse", "finalbody"):
            if getattr(made, name, None):
                self.tried = outer or name == "body" and _catches(made)
                blocks[name] = self.inner(getattr(made, name))
        self.tried = outer
        for name in ("handlers", "cases"):
            if getattr(made, name, None):
                blocks[name] = [changed(part, body=self.inner(part.body)) for part in getattr(made, name)]
        return [*before, changed(made, **{n: v for n, v in blocks.items() if not _same(v, getattr(made, n))})]

    def apart(self, stmt: ast.Assign) -> Block:
        """Return an assignment to several places as one for each, [] unless an index among them calls what writes.

        Python finds each place when it stores into it: nothing can be called before the first store.
        """
        target, value = stmt.targets[0], stmt.value
        if not any(self.concerns(t) for t in stmt.targets):
            return []
        one = len(stmt.targets) == 1 and isinstance(target, (ast.Tuple, ast.List))
        places = target.elts if one else []  # type: ignore[attr-defined]
        values = value.elts if isinstance(value, (ast.Tuple, ast.List)) else []
        starred = any(isinstance(e, ast.Starred) for e in (*places, *values))
        if starred or not places or len(places) != len(values):
            self.refuse(stmt, "an index among these targets calls a function", "Assign the parts one by one.")
        names = [self.temporary() for _ in values]
        held = [
            ast.Assign(targets=[ast.Name(id=n, ctx=ast.Store())], value=v) for n, v in zip(names, values, strict=True)
        ]
        stores = [
            ast.Assign(targets=[p], value=ast.Name(id=n, ctx=ast.Load())) for n, p in zip(names, places, strict=True)
        ]
        return [ast.copy_location(s, stmt) for s in (*held, *stores)]

    def sort(self, stmt: ast.Expr) -> ast.stmt | None:
        """Return the sort of an active array as a store."""
        base = root_name(stmt.value.func) if isinstance(stmt.value, ast.Call) else None
        if base is None or base not in self.activity.varied:
            return None
        return array_sorted(stmt, lambda a: self.activity.facts.kind(stmt, a).what == "array")

    def head(self, stmt: ast.stmt, before: Block) -> ast.stmt:
        """Lower the expressions in the head of a statement."""
        if isinstance(stmt, ast.AugAssign) and isinstance(stmt.target, ast.Subscript):
            stmt = changed(stmt, target=self.found_once(stmt.target, before))
        pieces = statement_parts(stmt)
        if isinstance(stmt, ast.With):
            if any(self.concerns(i.context_expr) for i in stmt.items):
                self.refuse(stmt, "a with statement opens an active value", "Call the function in a statement before.")
            return stmt
        if not any(self.concerns(p.node) for p in pieces):
            return stmt
        if isinstance(stmt, ast.AugAssign) and isinstance(stmt.target, ast.Subscript) and self.has_effects(stmt.value):
            return self.augmented(stmt, stmt.target, before)
        direct = isinstance(stmt, (ast.Assign, ast.AnnAssign, ast.Return, ast.Expr)) and not self.moves_place(stmt)

        def visit(part: ast.expr, hoist: Block | None) -> ast.expr:
            if direct and part is getattr(stmt, "value", None) and isinstance(part, ast.Call) and self.is_call(part):
                return self.children(part, hoist)
            return self.visit(part, hoist)

        return rebuilt(stmt, pieces, visit, before, self.temporary)

    def found_once(self, place: ast.Subscript, before: Block) -> ast.Subscript:
        """Return a place, which the tangent is found by too, with what must not be evaluated twice in temporaries."""
        inner = place.value
        if root_name(place) not in self.activity.varied or pure(place):
            return place
        if isinstance(inner, ast.Subscript):
            inner = self.found_once(inner, before)
        whole = isinstance(place.slice, (ast.Slice, ast.Tuple))
        index = rebuilt(place.slice, parts(place.slice), self.once, before, self.temporary) if whole else None
        return changed(place, value=inner, slice=index or self.once(place.slice, before))

    def once(self, index: ast.expr, before: Block | None) -> ast.expr:
        if isinstance(index, (ast.Slice, ast.Starred)):
            return rebuilt(index, parts(index), self.once, before, self.temporary)
        if before is None or pure(index):
            return index
        name = self.temporary()
        before.append(ast.Assign(targets=[ast.Name(id=name, ctx=ast.Store())], value=index))
        return ast.Name(id=name, ctx=ast.Load())

    def augmented(self, stmt: ast.AugAssign, target: ast.Subscript, before: Block) -> ast.stmt:
        """Write an augmented assignment out as Python runs it: first the element is found and read."""
        facts = self.activity.facts
        target = found_early(target, lambda n: facts.kind(self.stmt, n).what in IMMUTABLE, self.temporary, before)
        name = self.temporary()
        before.append(ast.Assign(targets=[ast.Name(id=name, ctx=ast.Store())], value=changed(target, ctx=ast.Load())))
        value = self.visit(stmt.value, before)
        before.append(changed(stmt, target=ast.Name(id=name, ctx=ast.Store()), value=value))
        return ast.copy_location(ast.Assign(targets=[target], value=ast.Name(id=name, ctx=ast.Load())), stmt)

    def repeat(self, stmt: ast.While) -> Block:
        if not self.concerns(stmt.test):
            body, orelse = self.inner(stmt.body), self.inner(stmt.orelse)
            return [changed(stmt, body=body, orelse=orelse)]
        before: Block = []
        test = self.visit(stmt.test, before)
        leave = ast.If(
            test=ast.UnaryOp(op=ast.Not(), operand=test), body=[*self.block(stmt.orelse), ast.Break()], orelse=[]
        )
        body = [*before, leave, *self.block(stmt.body)]
        return [ast.copy_location(ast.While(test=ast.Constant(value=True), body=body, orelse=[]), stmt)]

    # Expressions.

    def concerns(self, node: ast.AST) -> bool:
        """Say whether something in an expression has to become a statement."""
        for part in walk(node):
            if isinstance(part, ast.Call) and self.is_call(part):
                return True
            if isinstance(part, ast.NamedExpr) and (self.may_carry(part.target.id) or self.computes()):
                return True
            if isinstance(part, COMPREHENSIONS) and _acts(part):
                return True
        return False

    def is_call(self, node: ast.Call) -> bool:
        """Say whether a call needs a statement: it has a tangent of its own, or does more than return a value."""
        if isinstance(node.func, ast.Attribute):
            base = root_name(node.func.value)
            if node.func.attr in _TAKING and base is not None and base in self.activity.varied:
                return True
        if not core.qualname(node.func).startswith("@"):
            return not repeatable(node) and self.computes() and not self.activity.active(self.stmt, node)
        # What does something keeps its place among the reads around it, whatever it is given, and is called once.
        acts = self.acts(core.qualname(node.func)) and self.is_active_statement()
        return acts or any(self.may_be_active(a) for a in node.args)

    def is_active_statement(self) -> bool:
        """Say whether an expression in the head of this statement is active."""
        return any(self.activity.active(self.stmt, part.node) for part in statement_parts(self.stmt))

    def computes(self) -> bool:
        """Say whether this statement computes something active: tangents are computed beside it."""
        parts = (part for part in statement_parts(self.stmt) if part.field not in ("target", "targets"))
        return any(self.activity.active(self.stmt, part.node) for part in parts)

    def may_be_active(self, node: ast.expr) -> bool:
        if isinstance(node, (ast.Name, ast.Starred, ast.Tuple, ast.List, ast.Dict, ast.Subscript)):
            return self.activity.active(self.stmt, node)
        # Targets of comprehensions, and temporaries that were just made, are unknown to the activity.
        return any(isinstance(n, ast.Name) and self.is_varied(n.id) for n in walk(node))

    def is_own(self, node: ast.Name) -> bool:
        """Say whether changing a value in place is no more than binding its name anew."""
        what = self.activity.facts.kind(self.stmt, node).what
        known = {a.arg for a in parameters(self.node.args)}
        own = node.id not in known and not self.activity.alias.is_shared(node.id)
        return what == "scalar" or what == "unknown" and own

    def outlives(self, stmt: ast.stmt) -> bool:
        """Say whether a statement may change what outlives the function."""
        if isinstance(stmt, ast.AugAssign):
            return not isinstance(stmt.target, ast.Name) or not self.is_own(load(stmt.target.id))
        return isinstance(stmt, ast.Assign) and any(isinstance(n, ast.Subscript) for t in stmt.targets for n in walk(t))

    def is_varied(self, name: str) -> bool:
        return name in self.activity.varied or core.is_temporary(name)

    def may_carry(self, name: str) -> bool:
        """Say whether a name may have a tangent: what shares memory with something active has one too."""
        return not self.activity.varied.isdisjoint((name, *self.activity.alias.group(name)))

    def visit(self, node: ast.expr, before: Block | None) -> ast.expr:
        if not self.concerns(node) or isinstance(node, ast.Lambda):
            return node
        if not self.activity.active(self.stmt, node) and not self.has_effects(node):
            return node
        if _stops_early(node):
            return self.asked(node, before)
        if isinstance(node, ast.Call) and self.is_call(node):
            made = self.children(node, before)
            return self.hoisted(made, node, before)
        if isinstance(node, ast.NamedExpr):
            value = self.visit(node.value, before)
            if self.may_carry(node.target.id) or self.computes():
                target = ast.copy_location(ast.Name(id=node.target.id, ctx=ast.Store()), node.target)
                assign = ast.copy_location(ast.Assign(targets=[target], value=value), node)
                self.block_of(before, node).append(assign)
                return ast.copy_location(ast.Name(id=node.target.id, ctx=ast.Load()), node.target)
            return changed(node, value=value)
        if isinstance(node, COMPREHENSIONS):
            return self.comprehension(node, before)
        if isinstance(node, ast.IfExp) and (self.concerns(node.body) or self.concerns(node.orelse)):
            test = self.visit(node.test, before)
            return self.choice(test, node.body, node.orelse, node, before)
        if isinstance(node, ast.BoolOp) and any(self.concerns(v) for v in node.values[1:]):
            return self.short_circuit(node, before)
        return self.children(node, before)

    def has_effects(self, node: ast.expr) -> bool:
        """Say whether a call in an expression does something besides returning a value, or binds a name."""
        for part in walk(node):
            if isinstance(part, ast.NamedExpr):
                return True
            if isinstance(part, ast.Call) and self.is_call(part):
                name = core.qualname(part.func)
                if not name.startswith("@") or self.acts(name):
                    return True
        return False

    def asked(self, node: ast.expr, before: Block | None) -> ast.expr:
        """Return the answer of what asks a generator no longer than it must, such as ``any(f(v) for v in x)``."""
        writes = any(self.is_call(n) and self.may_be_active(n) for n in walk(node) if isinstance(n, ast.Call))
        if self.activity.active(self.stmt, node) or writes and self.has_effects(node):
            self.refuse(node, "how often this generator is asked depends on what it gives", "Write a loop that stops.")
        return self.hoisted(node, node, before)

    def moves_place(self, stmt: ast.stmt) -> bool:
        """Say whether the value of an assignment calls what changes the index that it is stored at."""
        if not isinstance(stmt, ast.Assign) or not self.has_effects(stmt.value):
            return False
        kinds = self.activity.facts.kinds(stmt)
        return any(index_reads_memory(target, kinds) for target in stmt.targets)

    def children(self, node: ast.expr, before: Block | None) -> ast.expr:
        return rebuilt(node, parts(node), self.visit, before, self.temporary)

    def hoisted(self, value: ast.expr, node: ast.expr, before: Block | None) -> ast.expr:
        name = self.temporary()
        assign = ast.Assign(targets=[ast.Name(id=name, ctx=ast.Store())], value=value)
        self.block_of(before, node).append(assign)
        return ast.Name(id=name, ctx=ast.Load())

    def block_of(self, before: Block | None, node: ast.AST) -> Block:
        if before is None:
            self.refuse(node, "this is evaluated only sometimes", "Give it a name in a statement of its own.")
        return before

    def choice(
        self, test: ast.expr, body: ast.expr, orelse: ast.expr, node: ast.expr, before: Block | None
    ) -> ast.expr:
        name = self.temporary()
        arms = []
        for arm in (body, orelse):
            block: Block = []
            value = self.children(arm, block) if isinstance(arm, ast.Call) and self.is_call(arm) else None
            value = self.visit(arm, block) if value is None else value
            arms.append([*block, ast.Assign(targets=[ast.Name(id=name, ctx=ast.Store())], value=value)])
        self.block_of(before, node).append(ast.If(test=test, body=arms[0], orelse=arms[1]))
        return ast.Name(id=name, ctx=ast.Load())

    def short_circuit(self, node: ast.BoolOp, before: Block | None) -> ast.expr:
        held = self.hoisted(self.visit(node.values[0], before), node, before)
        rest = node.values[1] if len(node.values) == 2 else changed(node, values=node.values[1:])
        if isinstance(node.op, ast.Or):
            return self.choice(held, held, rest, node, before)
        return self.choice(held, rest, held, node, before)

    def comprehension(self, node: Comprehension, before: Block | None) -> ast.expr:
        """Write a comprehension as a loop that appends."""
        if isinstance(node, ast.SetComp):
            self.refuse(node, "a set of active values", "Use a list.")
        out = self.block_of(before, node)
        name = self.temporary()
        empty: ast.expr = ast.List(elts=[], ctx=ast.Load())
        if isinstance(node, ast.DictComp):
            empty = ast.Dict(keys=[], values=[])
        out.append(ast.Assign(targets=[ast.Name(id=name, ctx=ast.Store())], value=empty))
        mapping = self.own_names(node)
        load = ast.Name(id=name, ctx=ast.Load())
        if isinstance(node, ast.DictComp):
            key: Any = map_names(node.key, mapping)
            value: Any = map_names(node.value, mapping)
            place = ast.Subscript(value=load, slice=key, ctx=ast.Store())
            last: ast.stmt = ast.Assign(targets=[place], value=value)
        else:
            append = ast.Attribute(value=load, attr="append", ctx=ast.Load())
            elt: Any = map_names(node.elt, mapping)
            last = ast.Expr(value=ast.Call(func=append, args=[elt], keywords=[]))
        for index, generator in reversed(list(enumerate(node.generators))):
            for test in reversed(generator.ifs):
                last = ast.If(test=map_names(test, mapping), body=[last], orelse=[])  # type: ignore[arg-type]
            source = map_names(generator.iter, mapping) if index else generator.iter
            target = map_names(generator.target, mapping)
            last = ast.For(target=target, iter=source, body=[last], orelse=[])  # type: ignore[arg-type]
        saved = self.stmt
        self.activity.varied |= set(mapping.values())
        out += self.statement(last)
        self.stmt = saved
        return load

    def own_names(self, node: Comprehension) -> dict[str, str]:
        """Return names for the targets of a comprehension that the function does not use elsewhere."""
        targets = list(dict.fromkeys(b.name for g in node.generators for b in bound([g.target])))
        alone = {n for n in targets if _mentions(node)[n] == self.mentions[n]}
        chosen = reserve(self.used - alone, targets)
        self.used |= set(chosen.values())
        self.mentions.update(alone)
        return chosen


def _stops_early(node: ast.expr) -> bool:
    """Say whether an expression may ask a generator for some of its members only."""
    searched: list[ast.expr] = []
    if isinstance(node, ast.Compare):
        finds = (isinstance(op, (ast.In, ast.NotIn)) for op in node.ops)
        searched = [part for part, found in zip(node.comparators, finds, strict=True) if found]
    elif isinstance(node, ast.Call) and core.qualname(node.func) in _ASKING:
        searched = node.args[:1]
    return any(isinstance(part, ast.GeneratorExp) for part in searched)


def _acts(made: Comprehension) -> bool:
    """Say whether something in a comprehension may give another value when it is asked again."""
    calls = (n for n in walk(made) if isinstance(n, ast.Call) and not core.qualname(n.func).startswith("@"))
    return any(not repeatable(call) for call in calls)


def _catches(stmt: ast.stmt) -> bool:
    """Say whether a statement may go on after what is raised in its body."""
    return isinstance(stmt, (ast.Try, ast.TryStar, ast.With))


def _mentions(node: ast.AST) -> Counter[str]:
    return Counter(n.id for n in walk(node) if isinstance(n, ast.Name))


def _same(a: object, b: object) -> bool:
    if not isinstance(a, list) or not isinstance(b, list):
        return a is b
    return len(a) == len(b) and all(x is y for x, y in zip(a, b, strict=True))
