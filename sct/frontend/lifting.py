"""One function lifted: the walk that makes its routine.

In: a `Template`. Out: its definition without functions as values. The walk follows the control flow and knows, at
each place, which names stand for functions; a name that is bound once stands for the same one in the functions
inside, whatever the order of the definitions is.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from .. import core
from ..errors import Refused, span_of
from .bind import BindError, defaults_of
from .closures import (
    Ambiguous,
    Closure,
    External,
    FunctionValue,
    as_definition,
    as_lambda,
    binding_counts,
    constant,
    default_names,
    free_names,
    own_names,
)
from .evaluation import Part, changed, parts, rebuilt, statement_parts
from .factories import write_out
from .lift import Program, Template, binder_for, check, fresh_names, plain_arguments
from .scopes import COMPREHENSIONS, Comprehension, bound, parameters
from .source import Function

Block = list[ast.stmt]
_Node = TypeVar("_Node", bound=ast.AST)
_ENDS = (ast.Return, ast.Raise)
_CONSTANTS = frozenset(
    "pi e tau inf nan euler_gamma newaxis float16 float32 float64 int8 int16 int32 int64 intp uint8 bool_ complex64 "
    "complex128 ndarray float int bool complex".split()
)


def lift(program: Program, template: Template, entry: bool) -> ast.FunctionDef:
    """Return the first-order definition of a template; an `entry` keeps its signature."""
    check(program, template)
    node = template.node
    body = _Lifter(program, template).run()
    args = node.args if entry else plain_arguments(template)
    if entry and len(body) == len(node.body) and all(a is b for a, b in zip(body, node.body, strict=True)):
        return node
    written = template.key == "@" + template.function.key and not template.given
    fields = {name: getattr(node, name) for name in node._fields}
    fields |= {"args": args, "body": body, "name": node.name if written else template.name}
    if not entry:
        fields["decorator_list"] = []
    return ast.copy_location(ast.FunctionDef(**fields), node)


class _Lifter:
    def __init__(self, program: Program, template: Template) -> None:
        self.program, self.template = program, template
        self.used = {n.id for n in ast.walk(template.node) if isinstance(n, ast.Name)} | own_names(template.node)
        self.used |= {a.arg for n in ast.walk(template.node) if isinstance(n, ast.arguments) for a in parameters(n)}
        self.used |= set(template.captured)
        self.env: dict[str, FunctionValue] = {**template.outer, **template.given}
        self.counts: dict[str, int] = {}
        self.called: set[str] = set()
        self.stable: dict[str, FunctionValue] = {}
        self.preludes: dict[int, Block] = {}
        self.defaults: dict[int, dict[str, str]] = {}
        self.alive: list[ast.AST] = []
        self.origins: dict[int, Function] = {}
        self.keys: dict[str, int] = {}
        self.count = 0

    def run(self) -> Block:
        body = write_out(self, self.template.node.body)
        self.counts = binding_counts(body)
        for parameter in own_names(self.template.node) - set(self.counts):
            self.counts[parameter] = 0
        self.called = _called(body)
        self.find_stable(body)
        return self.block(body)

    # Names and messages.

    def temporary(self) -> str:
        self.count += 1
        return f"%{self.count}"

    def fresh(self, wanted: str) -> str:
        return fresh_names([wanted], self.used)[0]

    def refused(self, reason: str, node: ast.AST, advice: str = "") -> Refused:
        return Refused(reason, span_of(self.template.function.module, node), advice)

    def key(self, name: str) -> str:
        self.keys[name] = self.keys.get(name, 0) + 1
        count = self.keys[name]
        return f"{self.template.key}.{name}" + (f"_{count}" if count > 1 else "")

    # Functions that a name stands for all through.

    def find_stable(self, body: Block) -> None:
        """Find the names that stand for one function wherever they are read."""
        local: dict[str, ast.FunctionDef] = {}
        aliases: list[tuple[str, ast.expr]] = []
        for stmt in _statements(body):
            name, value = _binding(stmt)
            if not name or self.counts.get(name, 0) != 1 or self.is_parameter(name):
                continue
            if isinstance(value, ast.FunctionDef):
                local[name] = value
            elif isinstance(value, ast.Lambda):
                local[name] = as_definition(value, name)
            elif isinstance(value, ast.expr):
                aliases.append((name, value))
        self.stable.update({n: v for n, v in self.env.items() if not self.counts.get(n)})
        done = False
        chained: dict[str, str] = {}
        while not done:
            done = True
            for name, alias in aliases:
                if name in self.stable or name in chained:
                    continue
                if isinstance(alias, ast.Name) and (alias.id in local or alias.id in chained):
                    chained[name] = alias.id
                    done = False
                elif (found := self.named_function(name, alias, self.stable)) is not None:
                    self.stable[name] = found
                    done = False
        self.make_local(local, chained)
        self.env.update(self.stable)

    def make_local(self, local: dict[str, ast.FunctionDef], chained: dict[str, str]) -> None:
        """Make templates of the functions defined here, which may call each other."""

        def origin(name: str) -> str:
            while name in chained:
                name = chained[name]
            return name

        direct = {name: self.reach(node, {*local, *chained}) for name, node in local.items()}
        for name, node in local.items():
            direct[name][0].update(dict.fromkeys(self.local_defaults(node).values()))
        environments: dict[str, tuple[str, ...]] = {}
        for name in local:
            found: dict[str, None] = {}
            todo, seen = [name], {name}
            while todo:
                variables, functions = direct[todo.pop(0)]
                found.update(variables)
                new = [o for f in functions if (o := origin(f)) not in seen]
                seen.update(new)
                todo += new
            environments[name] = tuple(found)
        keys = {name: self.key(name) for name in local}
        known = {name: Closure(keys[name], environments[name]) for name in local}
        self.stable.update(known)
        self.stable.update({name: known[origin(name)] for name in chained})
        for name, node in local.items():
            self.make(keys[name], name, node, environments[name], self.stable.get)

    def reach(self, node: ast.FunctionDef | ast.Lambda, local: set[str]) -> tuple[dict[str, None], list[str]]:
        """Return the variables that a function reads, and the functions among `local` that it reaches directly."""
        variables: dict[str, None] = {}
        functions: list[str] = []
        for name in free_names(node):
            value = self.stable.get(name)
            if name in local:
                functions.append(name)
            elif isinstance(value, Closure):
                variables.update(dict.fromkeys(value.environment))
            elif value is None and not isinstance(self.env.get(name), External):
                variables[name] = None
        return variables, functions

    def make(
        self,
        key: str,
        name: str,
        node: ast.FunctionDef,
        environment: Sequence[str],
        lookup: Callable[[str], FunctionValue | None],
    ) -> None:
        """Add the template of a function defined here."""
        for part in ast.walk(node):
            if isinstance(part, ast.Nonlocal):
                advice = "Pass the variable as an argument and return its new value."
                raise self.refused(f"{name}() assigns variables of the function around it", part, advice)
        inside = own_names(node) | {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} - set(environment)
        captured = tuple(fresh_names(environment, inside))
        parameter_of = dict(zip(environment, captured, strict=True))
        outer: dict[str, FunctionValue] = {}
        for free in free_names(node):
            value = lookup(free)
            if isinstance(value, Closure):
                value = Closure(value.key, tuple(parameter_of[v] for v in value.environment))
            if value is not None:
                outer[free] = value
        origin = self.origins.get(id(node), self.template.function)
        wanted = f"{self.template.name}_{name}"
        made = Template(key, "", origin, node, captured, outer)
        made.default_from = {p: parameter_of[v] for p, v in self.local_defaults(node).items()}
        made.depth = self.template.depth
        made = self.program.add(made)
        made.name = made.name or self.program.unique_name(key, wanted)

    def closure(self, node: ast.Lambda | ast.FunctionDef, name: str, before: Block | None) -> Closure:
        """Return what a function that is made at this place, and not known by one name alone, stands for."""
        definition = as_definition(node, name) if isinstance(node, ast.Lambda) else node
        variables: dict[str, None] = {}
        for free in free_names(node):
            value = self.env.get(free)
            if isinstance(value, Closure):
                variables.update(dict.fromkeys(value.environment))
            elif value is None:
                variables[free] = None
        variables.update(dict.fromkeys(self.local_defaults(definition).values()))
        key = self.key("lambda" if isinstance(node, ast.Lambda) else name)
        self.make(key, name, definition, tuple(variables), self.env.get)
        prelude = self.preludes.get(id(definition), [])
        if prelude:
            if before is None:
                raise self.refused("a default of this function cannot be evaluated here", node, "Name the function.")
            before += prelude
        return Closure(key, tuple(variables))

    def local_defaults(self, node: ast.FunctionDef) -> dict[str, str]:
        """Return the variables that hold the defaults of a function made here, and note what sets them.

        A default is evaluated when the definition runs, so one that is not a constant is a variable of this function.
        """
        if id(node) not in self.defaults:
            found: dict[str, str] = {}
            prelude: Block = []
            for parameter, default in defaults_of(node.args).items():
                if constant(default, self.program.resolver.constant) is not None:
                    continue
                if isinstance(default, ast.Name) and self.counts.get(default.id) == 0:
                    found[parameter] = default.id
                    continue
                found[parameter] = self.fresh(parameter)
                target = ast.Name(id=found[parameter], ctx=ast.Store())
                prelude.append(ast.Assign(targets=[target], value=default))
            self.alive.append(node)
            self.defaults[id(node)] = found
            self.preludes[id(node)] = prelude
        return self.defaults[id(node)]

    # What an expression stands for, if it is a function.

    def is_parameter(self, name: str) -> bool:
        return name in {a.arg for a in parameters(self.template.node.args)}

    def function_of(self, node: ast.expr, shadow: frozenset[str], before: Block | None) -> FunctionValue | None:
        """Return the function of the user's, or known by a name of this function, that an expression stands for."""
        if isinstance(node, ast.Lambda):
            return self.closure(node, "lambda", before)
        if not isinstance(node, ast.Name) or node.id in shadow:
            return None
        if ":" not in node.id:
            return self.env.get(node.id)
        return self.user_function(node)

    def user_function(self, node: ast.Name) -> Closure | None:
        key = core.qualname(node)
        if not key.startswith("@"):
            return None
        try:
            self.program.template(key)
        except KeyError:
            return None
        return Closure(key)

    def named_function(self, name: str, value: ast.expr, lookup: dict[str, FunctionValue]) -> FunctionValue | None:
        """Return the function that ``name = value`` makes `name` stand for."""
        if not isinstance(value, ast.Name):
            return None
        if ":" not in value.id:
            return lookup.get(value.id)
        found = self.user_function(value)
        return found or (External(value.id) if self.is_external(value) and name in self.called else None)

    @staticmethod
    def is_external(node: ast.expr) -> bool:
        qualname = core.qualname(node)
        return bool(qualname) and qualname[0] not in "@=?!" and qualname.rpartition(".")[2] not in _CONSTANTS

    # Statements.

    def block(self, stmts: Iterable[ast.stmt]) -> Block:
        out: Block = []
        for stmt in stmts:
            out += self.statement(stmt)
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
            made = self.branch(stmt, before)
        elif isinstance(stmt, ast.For | ast.While | ast.AsyncFor):
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

    def branch(self, stmt: ast.If, before: Block) -> ast.stmt:
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
        return changed(stmt, test=test, body=body, orelse=orelse)

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
            for n in ast.walk(node)
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
        if isinstance(node, ast.Compare) and (folded := self.none_test(node, shadow)) is not None:
            return folded
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

    def none_test(self, node: ast.Compare, shadow: frozenset[str]) -> ast.expr | None:
        """Fold ``f is None`` where f is a function."""
        if len(node.ops) != 1 or not isinstance(node.ops[0], ast.Is | ast.IsNot):
            return None
        left, right = node.left, node.comparators[0]
        known = isinstance(left, ast.Name) and left.id not in shadow and left.id in self.env
        if not known or not (isinstance(right, ast.Constant) and right.value is None):
            return None
        if isinstance(self.env[left.id], Ambiguous):  # type: ignore[attr-defined]
            return None
        return ast.copy_location(ast.Constant(value=isinstance(node.ops[0], ast.IsNot)), node)

    def plain(self, node: ast.Name, shadow: frozenset[str]) -> ast.expr:
        """Return what to write where a name is read, not called."""
        value = self.env.get(node.id) if node.id not in shadow else None
        if value is None or not isinstance(node.ctx, ast.Load):
            return node
        if isinstance(value, Ambiguous):
            raise self.ambiguous(value, node)
        if isinstance(value, External):
            return ast.copy_location(ast.Name(id=value.id, ctx=ast.Load()), node)
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
        return self.made_call(node, value, template, bound_call.values, shadow, before)

    def made_call(
        self,
        node: ast.Call,
        value: Closure,
        template: Template,
        values: dict[str, ast.expr],
        shadow: frozenset[str],
        before: Block | None,
    ) -> ast.expr:
        functions: dict[str, External | Closure] = {}
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
    ) -> External | Closure | None:
        """Return the function that an argument is, if the routine has to be made for it."""
        if not self.may_be_function(arg, shadow):
            return None
        if self.is_external(arg):
            assert isinstance(arg, ast.Name)
            return External(arg.id) if name in _called(template.node.body) else None
        value = self.function_of(arg, shadow, before)
        if isinstance(value, Ambiguous):
            raise self.ambiguous(value, arg)
        if isinstance(value, External):
            return value if name in _called(template.node.body) else None
        return value


def own_parameters(template: Template) -> list[str]:
    """Return the parameters that calls of a template give, without captured ones."""
    return [a.arg for a in parameters(template.node.args) if a.arg not in template.given]


def _called(body: Iterable[ast.stmt]) -> set[str]:
    """Return the names that are called in `body`, given to a function of the user's, or assigned to such a name."""
    found: set[str] = set()
    copies: list[tuple[str, str]] = []
    for node in (n for stmt in body for n in ast.walk(stmt)):
        if isinstance(node, ast.Call):
            mentioned = [node.func]
            if isinstance(node.func, ast.Name) and (":" not in node.func.id or node.func.id[0] == "@"):
                mentioned += [*node.args, *(k.value for k in node.keywords)]
            found.update(p.id for p in mentioned if isinstance(p, ast.Name) and ":" not in p.id)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
            copies += [(t.id, node.value.id) for t in node.targets if isinstance(t, ast.Name)]
    for _ in copies:
        found.update(source for target, source in copies if target in found)
    return found


def _statements(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Return the statements of a function's own scope."""
    out: list[ast.stmt] = []
    stack: list[ast.AST] = list(reversed(body))
    while stack:
        node = stack.pop()
        if isinstance(node, ast.stmt):
            out.append(node)
        if isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                stack += reversed(list(ast.iter_child_nodes(node)))
    return out


def _binding(stmt: ast.stmt) -> tuple[str, ast.AST | None]:
    """Return the name that a statement binds to a value of its own, if it does just that."""
    if isinstance(stmt, ast.FunctionDef):
        return stmt.name, stmt
    if isinstance(stmt, ast.Assign) and len(stmt.targets) == 1 and isinstance(stmt.targets[0], ast.Name):
        return stmt.targets[0].id, stmt.value
    if isinstance(stmt, ast.AnnAssign) and isinstance(stmt.target, ast.Name):
        return stmt.target.id, stmt.value
    return "", None


def _join(first: dict[str, FunctionValue], second: dict[str, FunctionValue]) -> dict[str, FunctionValue]:
    """Return what is known where two paths meet."""
    names = list(dict.fromkeys([*first, *second]))
    return {n: first[n] if n in first and first.get(n) == second.get(n) else Ambiguous(n) for n in names}


def _ends(block: Sequence[ast.stmt]) -> bool:
    return bool(block) and isinstance(block[-1], _ENDS)
