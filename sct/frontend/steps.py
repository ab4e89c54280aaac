"""Try statements that do more than compute, step by step.

In: a ``try`` that holds active values and writes, loops, or may fail half way. Out: each of its statements after a
trial that computes the same and nothing else. Where a trial fails, what would follow is left out, loops end, and the
handler comes next. What is raised on purpose needs no trial: it only says that it failed.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Collection, Sequence

from sct import core
from sct.analysis.kinds import Kind
from sct.frontend.attempts import UNBOUND, catches
from sct.frontend.lift import Program
from sct.frontend.raising import ancestors, catcher
from sct.frontend.structure import Block, Fresh, always_jumps
from sct.frontend.told import told
from sct.frontend.trials import ARITHMETIC, KEYS, PLACES, SHAPES, Trials
from sct.nodes import assign, load
from sct.walk import names, walk


class Steps(Trials):
    """Rewrites try statements; `signs` are the variables that it made to say that something was raised."""

    def __init__(
        self,
        fresh: Fresh,
        pure: Callable[[str], bool],
        program: Program,
        varied: Callable[[], Collection[str]],
        kind: Callable[[ast.stmt, ast.expr], Kind],
        frozen: Collection[str],
    ) -> None:
        super().__init__(fresh, pure, program, varied, kind, frozen)
        self.signs: set[str] = set()

    failed = ""
    looping = False  # whether these are the statements of a loop's body themselves, which a jump ends
    handlers: Sequence[ast.ExceptHandler] = ()  # those of the trials
    given: Sequence[ast.ExceptHandler] = ()  # those of the try

    def chosen(self, stmt: ast.Try, after: Sequence[ast.stmt]) -> Block | None:
        done = super().chosen(stmt, after)
        if done is not None or not stmt.handlers or catches(stmt.handlers, UNBOUND):
            return done
        return self.stepwise(stmt) if names(stmt) & set(self.varied()) else None

    def stepwise(self, stmt: ast.Try) -> Block | None:
        """Return a try as trials and branches, None where a statement in it cannot be tried."""
        caught_outside = self.keys, self.places, self.arithmetic, self.shapes
        outer = self.failed, self.handlers, self.given, self.looping
        orelse, failed = list(stmt.orelse), self.fresh.name("failed")
        self.handlers, chain = self.marked(stmt.handlers, orelse, failed)
        self.failed, self.given, self.looping = "" if chain is orelse else failed, stmt.handlers, False

        def caught(errors: frozenset[str]) -> bool:
            return catches(stmt.handlers, errors, lambda name: ancestors(name, self.program) is not None)

        self.keys, self.places, self.arithmetic, self.shapes = map(caught, (KEYS, PLACES, ARITHMETIC, SHAPES))
        body = self.steps(stmt.body)
        self.failed, self.handlers, self.given, self.looping = outer
        self.keys, self.places, self.arithmetic, self.shapes = caught_outside
        if body is None:
            return None
        tells = any(isinstance(s, ast.Assign) and failed in names(s) for s in body[:2])
        self.signs.add(failed)
        start = [ast.copy_location(assign(failed, ast.Constant(value=False)), stmt)]
        return [*([] if tells or chain is orelse else start), *_joined(body, chain, failed)]

    def steps(self, stmts: Sequence[ast.stmt]) -> Block | None:
        """Return statements each of which comes after its trial, and is left out where one before it failed."""
        if not stmts:
            return []
        made = self.step(stmts[0])
        rest = self.steps(stmts[1:]) if made is not None and not always_jumps(stmts[:1]) else []
        if made is None or rest is None:
            return None
        tried, real = made
        return self.then(stmts[0], tried, self.then(stmts[0], real, rest))

    def step(self, stmt: ast.stmt) -> tuple[Block, Block] | None:
        """Return the trial of a statement, and the statement."""
        if isinstance(stmt, ast.If):
            return self.branch(stmt)
        if isinstance(stmt, ast.For):
            return self.loop(stmt)
        if isinstance(stmt, ast.While):
            return self.repeated(stmt)
        if isinstance(stmt, ast.Raise):
            return self.noted(stmt) or [self.tried(stmt, [stmt])], []
        if isinstance(stmt, ast.Try):  # it is a trial already
            return [self.tried(stmt, [stmt])], []
        trial = self.trial_of(stmt)
        if trial is not None:
            return [self.tried(stmt, trial)] if trial else [], [stmt]
        call = told(stmt, self)
        if call is not None:
            return call
        if not names(stmt) & set(self.varied()):
            return [self.tried(stmt, [stmt])], []
        return None

    def branch(self, stmt: ast.If) -> tuple[Block, Block] | None:
        body, orelse = self.block(stmt.body, False), self.block(stmt.orelse, False)
        if body is None or orelse is None or not self.is_pure(stmt.test):
            return None
        for arm in (body, orelse):
            if self.looping and arm and self.fails(arm[-1]):
                arm.append(ast.copy_location(ast.Break(), stmt))
        test, trial = self.test(stmt)
        return trial, [ast.copy_location(ast.If(test=test, body=body or [ast.Pass()], orelse=orelse), stmt)]

    def block(self, stmts: Sequence[ast.stmt], looping: bool) -> Block | None:
        outer, self.looping = self.looping, looping
        made = self.steps(stmts)
        self.looping = outer
        return made

    def test(self, stmt: ast.If | ast.While) -> tuple[ast.expr, Block]:
        """Return what to ask for a test, and its trial."""
        if self.is_plain(stmt, stmt.test):
            return stmt.test, []
        taken = self.fresh.name("taken")
        value = ast.Call(func=core.ref("builtins.bool"), args=[copy.deepcopy(stmt.test)], keywords=[])
        return load(taken), [self.tried(stmt, [assign(taken, value)])]

    def loop(self, stmt: ast.For) -> tuple[Block, Block] | None:
        head, body, orelse = self.goes_through(stmt), self.block(stmt.body, True), self.block(stmt.orelse, False)
        if head is None or body is None or orelse is None:
            return None
        real = ast.copy_location(ast.For(target=stmt.target, iter=stmt.iter, body=body, orelse=orelse), stmt)
        return [self.tried(stmt, head)] if head else [], [real]

    def repeated(self, stmt: ast.While) -> tuple[Block, Block] | None:
        body, orelse = self.block(stmt.body, True), self.block(stmt.orelse, False)
        if body is None or orelse is None or not self.is_pure(stmt.test):
            return None
        test, trial = self.test(stmt)
        if trial:
            if orelse:
                return None
            ends = ast.If(test=ast.UnaryOp(op=ast.Not(), operand=test), body=[ast.Break()], orelse=[])
            outer, self.looping = self.looping, True
            body = self.then(stmt, trial, [ast.copy_location(ends, stmt), *body])
            self.looping = outer
            test = ast.copy_location(ast.Constant(value=True), stmt.test)
        return [], [ast.copy_location(ast.While(test=test, body=body, orelse=orelse), stmt)]

    def tried(self, stmt: ast.stmt, trial: Block) -> ast.stmt:
        made = ast.Try(body=trial, handlers=copy.deepcopy(list(self.handlers)), orelse=[], finalbody=[])
        return ast.copy_location(made, stmt)

    def then(self, stmt: ast.stmt, first: Block, rest: Block) -> Block:
        """Return statements, and those that follow unless the first ones failed."""
        if not self.failed or not any(self.says(n) for s in first for n in walk(s)):
            return [*first, *rest]
        if always_jumps(first):
            return first
        if self.looping:
            if self.fails(first[-1]):
                return [*first, ast.copy_location(ast.Break(), stmt)]
            if self.leaves_where_it_says(first):
                return [*first, *rest]
            leave = ast.If(test=load(self.failed), body=[ast.Break()], orelse=[])
            return [*first, ast.copy_location(leave, stmt), *rest]
        if not rest or self.fails(first[-1]):
            return first
        test = ast.UnaryOp(op=ast.Not(), operand=load(self.failed))
        return [*first, ast.copy_location(ast.If(test=test, body=rest, orelse=[]), stmt)]

    def says(self, node: ast.AST) -> bool:
        """Say whether a statement notes that something failed."""
        return isinstance(node, ast.Assign) and any(
            isinstance(n, ast.Name) and n.id == self.failed for t in node.targets for n in walk(t)
        )

    def fails(self, node: ast.stmt) -> bool:
        """Say whether a statement notes a failure, whatever happened."""
        return isinstance(node, ast.Assign) and self.says(node) and isinstance(node.value, ast.Constant)

    def leaves_where_it_says(self, stmts: Block) -> bool:
        """Say whether these are one branch, each arm of which leaves the loop where it notes a failure."""
        arms = (stmts[0].body, stmts[0].orelse) if len(stmts) == 1 and isinstance(stmts[0], ast.If) else ()
        saying = [arm for arm in arms if any(self.says(n) for s in arm for n in walk(s))]
        return bool(saying) and all(map(always_jumps, saying))

    def noted(self, stmt: ast.Raise) -> Block:
        """Return what the handler notes that catches what is raised; [] where that is not known."""
        if stmt.exc is None or not self.failed:
            return []
        error = stmt.exc.func if isinstance(stmt.exc, ast.Call) else stmt.exc
        position = catcher(self.given, error, self.program)
        if position is None or not _is_harmless(stmt.exc, self.program):
            return []
        if position < 0:
            return [stmt]
        handler = self.handlers[position]
        if not all(isinstance(s, ast.Assign) for s in handler.body):
            return []
        value = copy.deepcopy(stmt.exc) if isinstance(stmt.exc, ast.Call) else ast.Call(stmt.exc, [], [])
        return [ast.copy_location(_with_error(s, handler.name, value), stmt) for s in handler.body]


def _joined(body: Block, chain: Block, failed: str) -> Block:
    """Return what is tried and what its handlers do; one branch for what is done where nothing failed at its end."""
    match body[-1:], chain[:1]:
        case [ast.If(test=ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=one)), body=done, orelse=[])], [
            ast.If(test=ast.Name(id=other)) as handled
        ] if one == other == failed and not any(
            isinstance(n, ast.Name) and n.id == failed for s in done for n in walk(s)
        ):
            both = ast.If(test=handled.test, body=handled.body, orelse=[*done, *handled.orelse])
            return [*body[:-1], ast.copy_location(both, handled), *chain[1:]]
    return [*body, *chain]


def _is_harmless(raised: ast.expr, program: Program) -> bool:
    """Say whether making an exception raises no other one."""
    if not isinstance(raised, ast.Call):
        return core.qualname(raised).startswith("builtins.")
    definition = program.class_definition(core.qualname(raised.func))
    if definition is not None and any(isinstance(s, ast.FunctionDef) for s in definition.body):
        return False
    parts = [n for a in raised.args for n in walk(a)]
    plain = (ast.Constant, ast.Name, ast.expr_context, ast.JoinedStr, ast.FormattedValue)
    return not raised.keywords and all(isinstance(n, plain) and getattr(n, "format_spec", None) is None for n in parts)


def _with_error(stmt: ast.stmt, name: str | None, error: ast.expr) -> ast.stmt:
    """Return what a handler notes, with the exception itself for its name."""
    value = getattr(stmt, "value", None)
    if isinstance(stmt, ast.Assign) and isinstance(value, ast.Name) and name is not None and value.id == name:
        return ast.Assign(targets=copy.deepcopy(stmt.targets), value=error)
    return copy.deepcopy(stmt)
