"""One function lifted: the walk that makes its routine.

In: a `Template`. Out: its definition without functions as values. The walk follows the control flow and knows, at
each place, which names stand for functions; a name that is bound once stands for the same one in the functions
inside, whatever the order of the definitions is.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from .. import core
from ..analysis.annotations import annotated
from ..errors import Refused, SctError
from ..nodes import changed
from ..walk import walk
from .bind import BindError
from .captures import with_captures_named
from .choices import spelled_out
from .closures import (
    Ambiguous,
    Closure,
    External,
    FunctionValue,
    Nothing,
    as_lambda,
    binding_counts,
    default_names,
    own_names,
)
from .defaults import with_defaults_named
from .evaluation import Part, parts, rebuilt, replaced, statement_parts
from .factories import write_out
from .function_names import Functions, called
from .functional import written_out
from .generators import without_generators
from .held import with_values_held
from .lift import Program, Template, binder_for, check, plain_arguments
from .methods import called_by_object
from .nonlocals import passed_back
from .oneshot import listed
from .pairs import with_names_of_functions
from .records import Record, in_variables, record_of
from .scopes import COMPREHENSIONS, Comprehension, bound, parameters
from .sorts import sort_of
from .starred import with_members_named
from .views import with_views_named

Block = list[ast.stmt]
_Node = TypeVar("_Node", bound=ast.AST)
_ENDS = (ast.Return, ast.Raise)


def lift(program: Program, template: Template, entry: bool) -> ast.FunctionDef:
    """Return the first-order definition of a template; an `entry` keeps its signature."""
    check(program, template)
    node = template.node
    body = _with_objects(_Lifter(program, template).run(), program)
    args = node.args if entry else plain_arguments(template)
    if entry and len(body) == len(node.body) and all(a is b for a, b in zip(body, node.body, strict=True)):
        return node
    written = template.key == "@" + template.function.key and not template.given
    fields = {name: getattr(node, name) for name in node._fields}
    fields |= {"args": args, "body": body, "name": node.name if written else template.name}
    if not entry:
        fields["decorator_list"] = []
    return ast.copy_location(ast.FunctionDef(**fields), node)


def _with_objects(body: Block, program: Program) -> Block:
    """Return statements in which a function that has attributes is a global like any other there: ``step.calls``."""
    owners = [n.value for s in body for n in walk(s) if isinstance(n, ast.Attribute) and program.is_user(n.value)]
    new = {id(n): core.as_global(n) for n in owners}
    return [replaced(s, new) for s in body] if new else body  # type: ignore[misc]


class _Lifter(Functions):
    """Walks through one function."""

    def run(self) -> Block:
        node = self.template.node
        known = [*self.template.captured, *(a.arg for a in parameters(node.args))]
        stmts = with_captures_named(node.body, self.used, self.record, self.refused)
        stmts = without_generators(stmts, self.template, self.program, self.used)
        stmts = with_views_named(called_by_object(stmts, known), self.used)
        stmts = in_variables(stmts, self.records(node.args), known, self.used, self.record)
        stmts = passed_back(listed(stmts, self.refused, self.written), self.used, known)
        kinds = {a.arg: annotated(a.arg, a.annotation, lambda name: None) for a in parameters(node.args)}
        said = {name: sort_of(kind) for name, kind in kinds.items() if kind is not None}
        stmts = written_out(stmts, self.used, known, said)
        stmts = with_values_held(stmts, self.program.resolver.held, self.program.resolver.constant)
        stmts = with_names_of_functions(with_members_named(stmts), self.display)
        stmts = with_defaults_named(stmts, self.used)
        body = write_out(self, spelled_out(stmts, known, self.display))
        self.counts = binding_counts(body)
        for parameter in own_names(self.template.node) - set(self.counts):
            self.counts[parameter] = 0
        self.called = called(body)
        self.body = body
        self.find_stable(body)
        return self.block(body)

    def written(self, key: str) -> ast.FunctionDef | None:
        """Return the definition of a function of the user's, None where it cannot be read."""
        try:
            return self.program.template(key).node
        except (KeyError, SctError):
            return None

    def record(self, qualname: str) -> Record | None:
        """Return the class of records that a name of this module stands for."""
        module = self.template.function.module
        name = qualname.rpartition(".")[2]
        found = self.program.resolver.definitions(module, name) if qualname else []
        here = f".{qualname.lstrip('=@')}".endswith(f".{module.name}.{name}")
        return record_of(found[0]) if here and len(found) == 1 else None

    def records(self, args: ast.arguments) -> dict[str, Record]:
        """Return the parameters that are annotated as records."""
        found: dict[str, Record] = {}
        module = self.template.function.module.name
        for arg in parameters(args):
            text = ast.unparse(arg.annotation).strip("'") if arg.annotation is not None else ""
            if text.isidentifier() and (record := self.record(f"{module}.{text}")) is not None:
                found[arg.arg] = record
        return found

    def display(self, qualname: str) -> ast.expr | None:
        """Return what a global of this module is bound to, once and for all, with references in it."""
        module = self.template.function.module
        name = qualname.rpartition(".")[2]
        resolver = self.program.resolver
        if qualname != f"={module.name}.{name}" or resolver.mutations(module, name):
            return None
        found = resolver.definitions(module, name)
        if len(found) != 1 or not isinstance(found[0], ast.Assign) or resolver.is_conditional(module, name):
            return None
        return resolver.resolve_expression(module, found[0].value)

    # Statements.

    def block(self, stmts: Iterable[ast.stmt]) -> Block:
        out: Block = []
        for stmt in stmts:
            new = self.statement(stmt)
            out += new
            if isinstance(stmt, ast.If) and new and isinstance(new[-1], _ENDS):
                break  # the branch that is always taken leaves: what follows it is never run
        return out

    def inner(self, stmts: list[ast.stmt]) -> Block:
        """Lift a block of a compound statement, which cannot be empty."""
        out = self.block(stmts)
        if len(out) == len(stmts) and all(a is b for a, b in zip(out, stmts, strict=True)):
            return stmts
        return out or ([ast.Pass()] if stmts else [])

    def statement(self, stmt: ast.stmt) -> Block:
        if isinstance(stmt, ast.FunctionDef):
            return self.definition(stmt)
        if isinstance(stmt, ast.AsyncFunctionDef | ast.ClassDef):
            return [stmt]
        if isinstance(stmt, ast.Assign | ast.AnnAssign):
            value = self.assigned_function(stmt)
            if value is not None:
                return value
        before: Block = []
        if isinstance(stmt, ast.If):
            block = self.branch(stmt, before)
            return [*before, *block]
        if isinstance(stmt, ast.For | ast.While | ast.AsyncFor):
            made = self.loop(stmt, before)
        elif isinstance(stmt, ast.Try | ast.TryStar | ast.With | ast.AsyncWith | ast.Match):
            made = self.other_compound(stmt, before)
        else:
            made = self.simple(stmt, before)
        self.forget(stmt)
        return [*before, made]

    def definition(self, stmt: ast.FunctionDef) -> Block:
        if stmt.name not in self.stable:
            before: Block = []
            self.env[stmt.name] = self.closure(stmt, stmt.name, before)
            return before
        return self.block(self.preludes.get(id(stmt), []))

    def assigned_function(self, stmt: ast.Assign | ast.AnnAssign) -> Block | None:
        """Note the names that an assignment makes stand for a function; None where it does nothing of the kind."""
        targets = stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target]
        names = [t.id for t in targets if isinstance(t, ast.Name)]
        if len(names) != len(targets) or stmt.value is None:
            return None
        before: Block = []
        if isinstance(stmt.value, ast.Lambda):
            known = self.stable.get(names[0])
            if isinstance(known, Closure):
                value: FunctionValue | None = known
                before += self.preludes.get(id(self.program.template(known.key).node), [])
            else:
                value = self.closure(stmt.value, names[0], before)
        else:
            value = next((v for n in names if (v := self.named_function(n, stmt.value, self.env))), None)
        if value is None:
            return None
        if isinstance(value, Ambiguous):
            raise self.ambiguous(value, stmt)
        self.env.update(dict.fromkeys(names, value))
        return before

    def forget(self, stmt: ast.stmt) -> None:
        """Names that a statement binds stand for no function any more."""
        if isinstance(stmt, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Delete | ast.Expr | ast.Return):
            for name in [b.name for b in bound([stmt]) if b.name in self.env]:
                del self.env[name]

    def branch(self, stmt: ast.If, before: Block) -> Block:
        taken = self.truth(stmt.test, frozenset())
        if taken is not None:
            # Whether a function was given is known: only one of the branches is ever taken.
            return self.block(stmt.body if taken else stmt.orelse)
        test = self.top(stmt.test, before)
        start = dict(self.env)
        body = self.inner(stmt.body)
        first, self.env = self.env, dict(start)
        orelse = self.inner(stmt.orelse)
        if _ends(stmt.body):
            pass
        elif _ends(stmt.orelse):
            self.env = first
        else:
            self.env = _join(first, self.env)
        return [changed(stmt, test=test, body=body, orelse=orelse)]

    def loop(self, stmt: ast.For | ast.While | ast.AsyncFor, before: Block) -> ast.stmt:
        fields: dict[str, object] = {}
        if isinstance(stmt, ast.While):
            self.enter(stmt)
            fields["test"] = self.top(stmt.test, None)
        else:
            fields["iter"] = self.top(stmt.iter, before)
            self.enter(stmt)
            fields["target"] = self.top(stmt.target, None)
        start = dict(self.env)
        fields["body"] = self.inner(stmt.body)
        self.env = _join(start, self.env)
        fields["orelse"] = self.inner(stmt.orelse)
        return changed(stmt, **fields)

    def enter(self, stmt: ast.stmt) -> None:
        """At the head of a loop, a name that its body binds anew may stand for what an earlier round gave it."""
        for name in {b.name for b in bound([stmt])}:
            if name in self.env and name not in self.stable:
                self.env[name] = Ambiguous(name)

    def other_compound(self, stmt: ast.stmt, before: Block) -> ast.stmt:
        """Lift try, with and match: a name bound anew in one of their blocks is not followed through them."""
        start = dict(self.env)
        fields: dict[str, object] = {}
        for name, value in ast.iter_fields(stmt):
            if name in ("body", "orelse", "finalbody"):
                fields[name] = self.inner(value)
                start = self.env = _join(start, self.env)
            elif name in ("handlers", "cases"):
                fields[name] = [changed(part, body=self.inner(part.body), **self.guard(part)) for part in value]
                start = self.env = _join(start, self.env)
            elif name == "items":
                fields[name] = [changed(i, context_expr=self.top(i.context_expr, None)) for i in value]
            elif name == "subject":
                fields[name] = self.top(value, before)
        return changed(stmt, **fields)

    def guard(self, part: ast.AST) -> dict[str, object]:
        guard = getattr(part, "guard", None)
        return {"guard": self.top(guard, None)} if guard is not None else {}

    def simple(self, stmt: ast.stmt, before: Block) -> ast.stmt:
        pieces = statement_parts(stmt)
        if not any(self.needs(p.node) for p in pieces):
            return stmt
        return self.rebuilt(stmt, pieces, frozenset(), before)

    # Expressions.

    def top(self, node: ast.expr, before: Block | None) -> ast.expr:
        return self.visit(node, frozenset(), before) if self.needs(node) else node

    def needs(self, node: ast.AST) -> bool:
        """Say whether there is anything to lift in an expression."""
        return any(
            isinstance(n, ast.Lambda) or isinstance(n, ast.Name) and (n.id[0] == "@" or n.id in self.env)
            for n in walk(node)
        )

    def visit(self, node: ast.expr, shadow: frozenset[str], before: Block | None) -> ast.expr:
        if isinstance(node, ast.Call):
            return self.call(node, shadow, before)
        if isinstance(node, ast.Name):
            return self.plain(node, shadow)
        if isinstance(node, ast.Lambda):
            inside = shadow | {a.arg for a in parameters(node.args)}
            args = [("defaults", d) for d in default_names(node) if self.needs(d)]
            if args:
                raise self.refused("a function is the default of a lambda", node, "Name the lambda with def.")
            return changed(node, body=self.visit(node.body, inside, None))
        if isinstance(node, COMPREHENSIONS):
            return self.comprehension(node, shadow, before)
        known = self.truth(node, shadow) if isinstance(node, ast.Compare | ast.UnaryOp) else None
        if known is not None:
            return ast.copy_location(ast.Constant(value=known), node)
        if isinstance(node, ast.IfExp) and (taken := self.truth(node.test, shadow)) is not None:
            return self.visit(node.body if taken else node.orelse, shadow, before)
        return self.rebuilt(node, parts(node), shadow, before)

    def rebuilt(
        self,
        node: _Node,
        pieces: list[Part],
        shadow: frozenset[str],
        before: Block | None,
        keep: Callable[[ast.expr], bool] = lambda _: False,
    ) -> _Node:
        """Visit the parts of a node in the order in which they are evaluated."""

        def visit(part: ast.expr, hoist: Block | None) -> ast.expr:
            return part if keep(part) else self.visit(part, shadow, hoist)

        return rebuilt(node, pieces, visit, before, self.temporary)

    def comprehension(self, node: Comprehension, shadow: frozenset[str], before: Block | None) -> ast.expr:
        inside = shadow | {b.name for g in node.generators for b in bound([g.target])}
        generators = []
        for index, generator in enumerate(node.generators):
            source = self.visit(generator.iter, inside if index else shadow, None if index else before)
            ifs = [self.visit(test, inside, None) for test in generator.ifs]
            generators.append(changed(generator, iter=source, ifs=ifs))
        fields: dict[str, object] = {"generators": generators}
        for name in ("elt", "key", "value"):
            if hasattr(node, name):
                fields[name] = self.visit(getattr(node, name), inside, None)
        return changed(node, **fields)

    def truth(self, node: ast.expr, shadow: frozenset[str]) -> bool | None:
        """Return whether a test of a function holds, as in ``f is None`` or ``if f``; None for any other test."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            inner = self.truth(node.operand, shadow)
            return None if inner is None else not inner
        name, wanted = node, True
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Is | ast.IsNot):
            right = node.comparators[0]
            if not (isinstance(right, ast.Constant) and right.value is None):
                return None
            name, wanted = node.left, isinstance(node.ops[0], ast.IsNot)
        value = self.env.get(name.id) if isinstance(name, ast.Name) and name.id not in shadow else None
        if value is None or isinstance(value, Ambiguous):
            return None
        return isinstance(value, Nothing) is not wanted

    def plain(self, node: ast.Name, shadow: frozenset[str]) -> ast.expr:
        """Return what to write where a name is read, not called."""
        value = self.env.get(node.id) if node.id not in shadow else None
        if value is None or not isinstance(node.ctx, ast.Load):
            return node
        if isinstance(value, Ambiguous):
            raise self.ambiguous(value, node)
        if isinstance(value, External):
            return ast.copy_location(ast.Name(id=value.id, ctx=ast.Load()), node)
        if isinstance(value, Nothing):
            return ast.copy_location(ast.Constant(value=None), node)
        template = self.program.template(value.key)
        if self.program.is_written(value.key):
            return ast.copy_location(core.ref(value.key, template.node.name), node)
        made = as_lambda(template.node)
        same = value.environment == template.captured and not set(value.environment) & shadow
        if made is None or not same or template.given:
            raise self.refused(
                f"the function {node.id}() is used as a value here",
                node,
                "Call it, or give it as an argument to a function of yours, which is then specialised.",
            )
        return self.visit(ast.copy_location(made, node), shadow, None)

    def ambiguous(self, value: Ambiguous, node: ast.AST) -> Refused:
        return self.refused(
            f"which function {value.name!r} stands for here is known only when the program runs",
            node,
            "Call each function in its own branch.",
        )

    # Calls.

    def call(self, node: ast.Call, shadow: frozenset[str], before: Block | None) -> ast.expr:
        value = self.function_of(node.func, shadow, before)
        if isinstance(value, Ambiguous):
            raise self.ambiguous(value, node)
        if isinstance(value, Closure):
            return self.user_call(node, value, shadow, before)
        if isinstance(value, Nothing):
            raise self.refused("None is called here", node)
        if isinstance(value, External):
            node = changed(node, func=ast.copy_location(ast.Name(id=value.id, ctx=ast.Load()), node.func))
        return self.rebuilt(node, parts(node), shadow, before)

    def user_call(self, node: ast.Call, value: Closure, shadow: frozenset[str], before: Block | None) -> ast.expr:
        template = self.program.template(value.key)
        if not isinstance(node.func, ast.Lambda) and set(value.environment) & shadow:
            clash = ", ".join(sorted(set(value.environment) & shadow))
            raise self.refused(f"{clash} means two things here", node, "Rename the variable of the comprehension.")
        given = [p for p in parts(node) if p.field != "func"]
        visited = self.rebuilt(node, given, shadow, before, lambda a: self.may_be_function(a, shadow))
        assert isinstance(visited, ast.Call)
        try:
            bound_call = binder_for(template, self.temporary if before is not None else None).bind(visited)
        except BindError as error:
            raise self.refused(error.reason, node, error.advice) from None
        if before is not None:
            before += bound_call.before
        self.program.note(self.template.function.module.name, node, value.key, bound_call)
        values = bound_call.values
        if (spread := self.program.spread(value.key, values)) is not None:
            key, values = spread
            value, template = replace(value, key=key), self.program.template(key)
        return self.made_call(node, value, template, values, shadow, before)

    def made_call(
        self,
        node: ast.Call,
        value: Closure,
        template: Template,
        values: dict[str, ast.expr],
        shadow: frozenset[str],
        before: Block | None,
    ) -> ast.expr:
        functions: dict[str, External | Closure | Nothing] = {}
        args: list[ast.expr] = []
        for name in own_parameters(template):
            arg = values.get(name)
            if arg is None and name in template.default_from:
                place = template.captured.index(template.default_from[name])
                arg = ast.Name(id=value.environment[place], ctx=ast.Load())
            elif arg is None:
                arg = self.program.default(template, name)
            function = self.argument_function(template, name, arg, shadow, before)
            if function is None:
                args.append(self.plain(arg, shadow) if isinstance(arg, ast.Name) else arg)
            else:
                functions[name] = function
        key, environment = value.key, value.environment
        if functions:
            key, outside = self.program.specialised(key, functions)
            environment += outside
        for name in environment:
            if name in self.env and name not in shadow:  # it stood for no function, or another, where it was captured
                reason = (
                    f"which function {name!r} stands for inside of {template.node.name}() is known only when it runs"
                )
                raise self.refused(reason, node, "Give each function a name of its own.")
        args += [ast.Name(id=name, ctx=ast.Load()) for name in environment]
        spelled = core.spelling(node.func) or (node.func.id if isinstance(node.func, ast.Name) else template.node.name)
        func = ast.copy_location(core.ref(key, spelled), node.func)
        return ast.copy_location(ast.Call(func=func, args=args, keywords=[]), node)

    def may_be_function(self, node: ast.expr, shadow: frozenset[str]) -> bool:
        if isinstance(node, ast.Lambda):
            return True
        return isinstance(node, ast.Name) and node.id not in shadow and (":" in node.id or node.id in self.env)

    def argument_function(
        self, template: Template, name: str, arg: ast.expr, shadow: frozenset[str], before: Block | None
    ) -> External | Closure | Nothing | None:
        """Return the function that an argument is, if the routine has to be made for it."""
        if isinstance(arg, ast.Constant) and arg.value is None and name in called(template.node.body):
            return Nothing()
        if not self.may_be_function(arg, shadow):
            return None
        if self.is_external(arg):
            assert isinstance(arg, ast.Name)
            return External(arg.id) if name in called(template.node.body) else None
        value = self.function_of(arg, shadow, before)
        if isinstance(value, Ambiguous):
            raise self.ambiguous(value, arg)
        if isinstance(value, External):
            return value if name in called(template.node.body) else None
        return value


def own_parameters(template: Template) -> list[str]:
    """Return the parameters that calls of a template give, without captured ones."""
    return [a.arg for a in parameters(template.node.args) if a.arg not in template.given]


def _join(first: dict[str, FunctionValue], second: dict[str, FunctionValue]) -> dict[str, FunctionValue]:
    """Return what is known where two paths meet."""
    names = list(dict.fromkeys([*first, *second]))
    return {n: first[n] if n in first and first.get(n) == second.get(n) else Ambiguous(n) for n in names}


def _ends(block: Sequence[ast.stmt]) -> bool:
    return bool(block) and isinstance(block[-1], _ENDS)
