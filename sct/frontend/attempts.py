"""Try statements as branches.

In: a ``try``. Out: what it does without one, where that can be told: what is tried is computed a first time to see
whether it fails, and then in the branch that the answer chooses. This needs code that does nothing but compute.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Sequence

from sct import core
from sct.analysis.purity import repeatable
from sct.frontend.structure import Block, Fresh, always_jumps
from sct.nodes import assign, load
from sct.walk import walk

_JUMPS = (ast.Return, ast.Break, ast.Continue)
UNBOUND = frozenset({"NameError", "UnboundLocalError"})


class Attempts:
    """Rewrites try statements."""

    def __init__(self, fresh: Fresh, pure: Callable[[str], bool]) -> None:
        self.fresh = fresh
        self.pure = pure

    def rewritten(self, stmt: ast.Try, after: Sequence[ast.stmt], around: Sequence[ast.ExceptHandler] = ()) -> Block:
        """Return the statements that do what a try does; the try itself where they cannot be written.

        `around` are the handlers of the tries that this one stands in.
        """
        if stmt.finalbody and around:
            return self.finished_and_caught(stmt, after, around) or [stmt]
        if stmt.finalbody:
            return self.finished(stmt, after)
        return self.chosen(stmt, after) or [stmt]

    def finished_and_caught(
        self, stmt: ast.Try, after: Sequence[ast.stmt], around: Sequence[ast.ExceptHandler]
    ) -> Block | None:
        """Return a try without its finally clause, which also runs before what a try around this one catches."""
        if any(isinstance(n, _JUMPS) for n in walk(stmt)):
            return None
        body: Block = list(stmt.body)
        if stmt.handlers:
            inner = ast.Try(body=stmt.body, handlers=stmt.handlers, orelse=stmt.orelse, finalbody=[])
            body = self.chosen(ast.copy_location(inner, stmt), [*stmt.finalbody, *after]) or [inner]
        caught, error = self.fresh.name("caught"), self.fresh.name("error")
        types = [t for h in around for t in (h.type.elts if isinstance(h.type, ast.Tuple) else [h.type])]
        known = [t for t in types if t is not None]
        every: ast.expr | None = None
        if len(known) == len(types):
            every = copy.deepcopy(known[0]) if len(known) == 1 else ast.Tuple(elts=copy.deepcopy(known), ctx=ast.Load())
        keep = ast.ExceptHandler(
            type=every or core.ref("builtins.BaseException"), name=error, body=[assign(caught, load(error))]
        )
        whole = ast.Try(body=body, handlers=[ast.copy_location(keep, stmt)], orelse=[], finalbody=[])
        done = self.chosen(ast.copy_location(whole, stmt), [*stmt.finalbody, *after])
        if done is None:
            return None
        test = ast.Compare(left=load(caught), ops=[ast.IsNot()], comparators=[ast.Constant(value=None)])
        again = ast.If(test=test, body=[ast.Raise(exc=load(caught), cause=None)], orelse=[])
        start = assign(caught, ast.Constant(value=None))
        return [ast.copy_location(start, stmt), *done, *stmt.finalbody, ast.copy_location(again, stmt)]

    def finished(self, stmt: ast.Try, after: Sequence[ast.stmt]) -> Block:
        """Return a try without its finally clause, and what the clause does."""
        body: Block = list(stmt.body)
        if stmt.handlers:
            inner = ast.Try(body=stmt.body, handlers=stmt.handlers, orelse=stmt.orelse, finalbody=[])
            body = self.chosen(ast.copy_location(inner, stmt), [*stmt.finalbody, *after]) or []
            if not body:
                return [stmt]
        if any(isinstance(n, _JUMPS) for s in stmt.finalbody for n in walk(s)):
            return [stmt]
        done = self.before_jumps(body, stmt.finalbody, True)
        if done is None:
            return [stmt]
        return done if always_jumps(done) else [*done, *stmt.finalbody]

    def before_jumps(self, stmts: Sequence[ast.stmt], last: Sequence[ast.stmt], leaves: bool) -> Block | None:
        """Return statements that run others last, before each jump out of them, None where a jump cannot be found.

        `leaves`: a ``break`` or ``continue`` here leaves them.
        """
        out: Block = []
        for stmt in stmts:
            if isinstance(stmt, ast.Return):
                name = self.fresh.name("result")
                value = stmt.value or ast.Constant(value=None)
                out += [ast.copy_location(assign(name, value), stmt), *copy.deepcopy(list(last))]
                out.append(ast.copy_location(ast.Return(value=load(name)), stmt))
            elif isinstance(stmt, ast.Break | ast.Continue):
                out += [*copy.deepcopy(list(last)), stmt] if leaves else [stmt]
            elif isinstance(stmt, ast.If | ast.For | ast.While) and any(isinstance(n, _JUMPS) for n in walk(stmt)):
                body = self.before_jumps(stmt.body, last, leaves and isinstance(stmt, ast.If))
                orelse = self.before_jumps(stmt.orelse, last, leaves)
                if body is None or orelse is None:
                    return None
                fields = {name: getattr(stmt, name) for name in stmt._fields} | {"body": body, "orelse": orelse}
                out.append(ast.copy_location(type(stmt)(**fields), stmt))
            elif any(isinstance(n, _JUMPS) for n in walk(stmt)):
                return None
            else:
                out.append(stmt)
        return out

    def chosen(self, stmt: ast.Try, after: Sequence[ast.stmt]) -> Block | None:
        """Return a try as a trial and branches on how it went."""
        done = [*stmt.body, *stmt.orelse]
        if not all(self.only_computes(s) for s in stmt.body) or not self.is_atomic(stmt, after):
            return None
        if any(isinstance(s, ast.AugAssign) and self.may_write(s) for s in stmt.body[:-1]):
            return None  # it has written into an array when what follows fails
        if catches(stmt.handlers, UNBOUND):
            return None  # a variable that is saved before it is bound is None then
        failed = self.fresh.name("failed")
        handlers, chain = self.marked(stmt.handlers, done, failed)
        trial = ast.Try(body=self.trial(stmt.body), handlers=handlers, orelse=[], finalbody=[])
        trial = ast.copy_location(trial, stmt)
        if chain is done:
            return [trial, *done]
        several = sum(h is not new for h, new in zip(stmt.handlers, handlers, strict=True)) > 1
        start = assign(failed, ast.Constant(value=0 if several else False))
        return [ast.copy_location(start, stmt), trial, *chain]

    def marked(
        self, given: Sequence[ast.ExceptHandler], done: Block, failed: str
    ) -> tuple[list[ast.ExceptHandler], Block]:
        """Return handlers that note in `failed` which of them came to it, and the branches on that; `done` is the last.

        Handlers that only raise stay as they are.
        """
        handling = [h for h in given if not isinstance(h.body[-1], ast.Raise)]
        handlers: list[ast.ExceptHandler] = []
        chain: Block = done
        for number, handler in reversed(list(enumerate(handling, 1))):
            sign: ast.expr = ast.Constant(value=True if len(handling) == 1 else number)
            test: ast.expr = load(failed)
            if len(handling) > 1:
                test = ast.Compare(left=test, ops=[ast.Eq()], comparators=[sign])
            body, said = self.handler(handler)
            chain = [ast.copy_location(ast.If(test=test, body=body, orelse=chain), handler)]
            new = ast.ExceptHandler(type=handler.type, name=handler.name, body=[*said, assign(failed, sign)])
            handlers.insert(0, ast.copy_location(new, handler))
        return _in_order(given, handlers, handling), chain

    def handler(self, handler: ast.ExceptHandler) -> tuple[Block, Block]:
        """Return what a handler does, and what the trial must note for it."""
        inside = [n for s in handler.body for n in walk(s)]
        again = any(isinstance(n, ast.Raise) and n.exc is None for n in inside)
        if again and handler.name is None:
            handler.name = self.fresh.name("error")
        name = handler.name
        if name is None or not again and not any(isinstance(n, ast.Name) and n.id == name for n in inside):
            return list(handler.body), []
        kept = self.fresh.name(f"{name}_raised")
        renamed = _Rename({name: kept}, kept)
        return [renamed.visit(copy.deepcopy(s)) for s in handler.body], [assign(kept, load(name))]

    def trial(self, stmts: Sequence[ast.stmt]) -> Block:
        """Return statements that compute the same under names that nobody reads."""
        names: dict[str, str] = {}
        out: Block = []
        for stmt in stmts:
            if isinstance(stmt, (ast.If, ast.Raise, ast.Pass, ast.Assert)):
                out.append(_Rename(names).visit(copy.deepcopy(stmt)))
                continue
            value = getattr(stmt, "value", None) or ast.Constant(value=None)
            if isinstance(stmt, ast.AugAssign) and isinstance(stmt.target, ast.Name):
                value = ast.copy_location(ast.BinOp(load(stmt.target.id), stmt.op, value), stmt)
            value = _Rename(names).visit(copy.deepcopy(value))
            if isinstance(stmt, ast.Return):
                out.append(ast.copy_location(assign(self.fresh.name("tried"), value), stmt))
                continue
            targets = stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target]  # type: ignore[attr-defined]
            bound = [n.id for t in targets for n in walk(t) if isinstance(n, ast.Name)]
            names |= {n: self.fresh.name(f"{n}_tried") for n in bound if n not in names}
            renamed = [_Rename(names).visit(copy.deepcopy(t)) for t in targets]
            out.append(ast.copy_location(ast.Assign(targets=renamed, value=value), stmt))
        return out

    def may_write(self, stmt: ast.AugAssign) -> bool:
        """Say whether an augmented assignment may write into an array instead of binding a number anew."""
        return True

    def only_computes(self, stmt: ast.stmt) -> bool:
        """Say whether a statement can be run twice: it binds names and does nothing else."""
        if isinstance(stmt, (ast.Assign, ast.AnnAssign)):
            targets = stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target]
            plain = all(not isinstance(n, (ast.Subscript, ast.Attribute)) for t in targets for n in walk(t))
            return plain and stmt.value is not None and self.is_pure(stmt.value)
        if isinstance(stmt, ast.AugAssign):
            return isinstance(stmt.target, ast.Name) and self.is_pure(stmt.value)
        if isinstance(stmt, ast.If):  # it may raise, and it binds nothing
            inside = [*stmt.body, *stmt.orelse]
            return self.is_pure(stmt.test) and all(isinstance(s, (ast.Raise, ast.Pass)) for s in inside)
        if isinstance(stmt, (ast.Raise, ast.Pass)):
            return True
        if isinstance(stmt, ast.Assert):
            return self.is_pure(stmt.test)
        return isinstance(stmt, ast.Return) and (stmt.value is None or self.is_pure(stmt.value))

    def is_pure(self, expr: ast.expr) -> bool:
        for node in walk(expr):
            if isinstance(node, (ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)):
                return False
            if isinstance(node, ast.Call):
                name = core.qualname(node.func)
                if not self.pure(name) if name.startswith("@") else not repeatable(node):
                    return False
        return True

    def is_atomic(self, stmt: ast.Try, after: Sequence[ast.stmt]) -> bool:
        """Say whether nobody sees how far a trial came that failed."""
        if any(isinstance(n, _JUMPS) for s in stmt.body[:-1] for n in walk(s)):
            return False
        if len(stmt.body) == 1:
            return True
        bound = {n.id for s in stmt.body for n in walk(s) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        for handler in stmt.handlers:
            leaves = isinstance(handler.body[-1], (*_JUMPS, ast.Raise))
            read = _loads(handler.body)
            if read & bound or not leaves and bound - _surely(handler.body):
                return False
        return True


def _in_order(
    handlers: Sequence[ast.ExceptHandler], made: Sequence[ast.ExceptHandler], handling: Sequence[ast.ExceptHandler]
) -> list[ast.ExceptHandler]:
    """Return the handlers of a trial: those that only raise as they are, the others as they were made."""
    new = dict(zip(map(id, handling), made, strict=True))
    return [new.get(id(h), h) for h in handlers]


def catches(
    handlers: Sequence[ast.ExceptHandler], errors: frozenset[str], is_own: Callable[[str], bool] = lambda name: False
) -> bool:
    """Say whether one of these errors may be caught; ``""`` among them is for a handler that may catch anything.

    `is_own` says whether a name stands for a class of the user's, of which no error of Python's is.
    """
    for handler in handlers:
        types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        for name in map(core.qualname, types):
            known = name.startswith("builtins.")
            if name.removeprefix("builtins.") in errors or not known and not is_own(name) and "" in errors:
                return True
    return False


def _surely(stmts: Sequence[ast.stmt]) -> set[str]:
    """Return the names that simple statements bind."""
    simple = [s for s in stmts if isinstance(s, ast.Assign)]
    return {n.id for s in simple for t in s.targets for n in walk(t) if isinstance(n, ast.Name)}


def _loads(stmts: Sequence[ast.stmt]) -> set[str]:
    return {n.id for s in stmts for n in walk(s) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


class _Rename(ast.NodeTransformer):
    """Renames variables; `caught` is what a ``raise`` alone raises."""

    def __init__(self, names: dict[str, str], caught: str = "") -> None:
        self.names, self.caught = names, caught

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        if node.exc is None and self.caught:
            return ast.copy_location(ast.Raise(exc=load(self.caught), cause=None), node)
        return self.generic_visit(node)

    def visit_Try(self, node: ast.Try) -> ast.AST:
        inner = _Rename(self.names)  # its handlers raise again what they caught themselves
        handlers = [inner.visit(h) for h in node.handlers]
        body, orelse, final = ([self.visit(s) for s in part] for part in (node.body, node.orelse, node.finalbody))
        return ast.copy_location(ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=final), node)

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.copy_location(ast.Name(id=self.names.get(node.id, node.id), ctx=node.ctx), node)
