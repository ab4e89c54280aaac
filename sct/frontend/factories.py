"""Functions that make functions, written out where they are called.

In: the body of a function. Out: the same body in which ``add = make_adder(w)`` became the statements of `make_adder`
with names of their own, the function that it makes among them. A decorator on a nested function is such a call.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any, Protocol

from .. import core
from ..errors import Refused
from ..simplify.trees import rewrite
from ..walk import walk
from .bind import BindError
from .closures import (
    Closure,
    FunctionLike,
    FunctionValue,
    as_definition,
    binding_counts,
    factory_result,
    map_names,
    own_names,
)
from .evaluation import pure
from .lift import Program, Template, binder_for
from .partials import partial_definition
from .scopes import COMPREHENSIONS, parameters
from .source import Function

Block = list[ast.stmt]
_DEEPEST = 20


class Lifting(Protocol):
    """What writing out needs of the walk that lifts a function."""

    program: Program
    template: Template
    env: dict[str, FunctionValue]
    used: set[str]
    origins: dict[int, Function]

    def temporary(self) -> str:
        """Return a new temporary."""

    def fresh(self, wanted: str) -> str:
        """Return a name that the function does not use."""

    def refused(self, reason: str, node: ast.AST, advice: str = "") -> Refused:
        """Return the refusal of a piece of the function."""


def write_out(lifting: Lifting, body: Block) -> Block:
    """Return `body` with the functions that only make functions written out where they are called."""
    body = with_decorators_called(lifting, body)
    return _Writer(lifting, body).run(body)


def with_decorators_called(lifting: Lifting, body: Block) -> Block:
    """Return `body` in which a decorated function of a module is made first: ``f = timed(f)``."""
    program = lifting.program
    first: Block = []
    names: dict[str, str] = {}
    for node in (n for s in body for n in walk(s)):
        key = core.qualname(node) if isinstance(node, ast.Name) else ""
        if not key.startswith("@") or key in names or not program.is_written(key):
            continue
        decorators = program.decorators(key)
        makers = [core.qualname(d.func if isinstance(d, ast.Call) else d) for d in decorators]
        if not makers or any(factory_result(program.template(maker).node) is None for maker in makers):
            continue
        names[key] = lifting.fresh(program.template(key).node.name)
        value: ast.expr = core.ref(program.undecorated(key), program.template(key).node.name)
        for decorator in reversed(decorators):
            value = ast.Call(func=decorator, args=[value], keywords=[])
        first.append(ast.Assign(targets=[ast.Name(id=names[key], ctx=ast.Store())], value=value))

    def local(node: ast.AST, _: ast.AST) -> ast.AST:
        key = core.qualname(node) if isinstance(node, ast.Name) else ""
        return ast.copy_location(ast.Name(id=names[key], ctx=ast.Load()), node) if key in names else node

    return [*first, *(rewrite(stmt, local) for stmt in body)] if names else body


class _Writer:
    def __init__(self, lifting: Lifting, body: Block) -> None:
        self.lifting = lifting
        self.counts = binding_counts(body)
        self.local = {
            n.name: n for s in body for n in walk(s) if isinstance(n, ast.FunctionDef) and self.counts.get(n.name) == 1
        }
        for stmt in body:
            for node in walk(stmt):
                if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
                    target = node.targets[0]
                    if isinstance(target, ast.Name) and self.counts.get(target.id) == 1:
                        self.local[target.id] = as_definition(node.value, target.id)
        self.depth = 0

    def run(self, body: Block) -> Block:
        return self.block(body) if any(self.concerns(n) for s in body for n in walk(s)) else body

    def concerns(self, node: ast.AST) -> bool:
        if isinstance(node, ast.FunctionDef):
            return bool(node.decorator_list)
        return isinstance(node, ast.Call) and (self.made_by(node.func) is not None or self.is_partial(node))

    def is_partial(self, node: ast.Call) -> bool:
        """Say whether a call binds some arguments of a function whose parameters are known."""
        return (
            core.qualname(node.func) == "functools.partial"
            and partial_definition(node, self.signature, str) is not None
        )

    def made_by(self, func: ast.expr) -> Template | None:
        """Return the factory that `func` names, with the names it reads from around it as they are called here."""
        lifting = self.lifting
        if isinstance(func, ast.Lambda):
            node = as_definition(func, "lambda")
            return self.local_template(node) if factory_result(node) is not None else None
        if not isinstance(func, ast.Name):
            return None
        value = lifting.env.get(func.id)
        key = core.qualname(func) if core.is_ref(func) else value.key if isinstance(value, Closure) else ""
        if func.id in self.local:
            node = self.local[func.id]
            return self.local_template(node) if factory_result(node) is not None else None
        if not key.startswith("@"):
            return None
        try:
            template = lifting.program.template(key)
        except KeyError:
            return None
        return template if factory_result(template.node) is not None else None

    def local_template(self, node: ast.FunctionDef) -> Template:
        return Template("", node.name, self.lifting.template.function, node)

    # Statements.

    def block(self, stmts: Block) -> Block:
        out: Block = []
        for stmt in stmts:
            out += self.statement(stmt)
        return out

    def statement(self, stmt: ast.stmt) -> Block:
        if isinstance(stmt, ast.FunctionDef):
            return self.definition(stmt)
        if isinstance(stmt, ast.AsyncFunctionDef | ast.ClassDef):
            return [stmt]
        if not any(self.concerns(n) for n in walk(stmt)):
            return [stmt]
        apart = _one_by_one(stmt)
        if apart:
            return self.block(apart)
        before: Block = []
        fields: dict[str, Any] = {}
        for name, value in ast.iter_fields(stmt):
            if isinstance(value, ast.expr):
                hoist = None if isinstance(stmt, ast.While) or name == "msg" else before
                fields[name] = self.expression(value, hoist, name == "value")
            elif isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                fields[name] = self.block(value)
            elif isinstance(value, list):
                fields[name] = [self.part(v) for v in value]
            else:
                fields[name] = value
        return [*before, ast.copy_location(type(stmt)(**fields), stmt)]

    def part(self, node: object) -> object:
        """Write out in a handler, a case or an item of a with statement."""
        if isinstance(node, ast.ExceptHandler | ast.match_case):
            fields = dict(ast.iter_fields(node)) | {"body": self.block(node.body)}
            return ast.copy_location(type(node)(**fields), node)
        return self.expression(node, None, False) if isinstance(node, ast.expr) else node

    def definition(self, stmt: ast.FunctionDef) -> Block:
        """Turn the decorators of a nested function into calls."""
        if not stmt.decorator_list:
            return [stmt]
        decorators = [d for d in stmt.decorator_list if not self.lifting.program.is_transparent(d)]
        name = self.lifting.fresh(stmt.name) if decorators else stmt.name
        fields = dict(ast.iter_fields(stmt)) | {"decorator_list": [], "name": name}
        bare = ast.copy_location(ast.FunctionDef(**fields), stmt)
        value: ast.expr = ast.Name(id=name, ctx=ast.Load())
        for decorator in reversed(decorators):
            value = ast.copy_location(ast.Call(func=decorator, args=[value], keywords=[]), decorator)
        if not decorators:
            return [bare]
        if not all(self.made_by(d.func if isinstance(d, ast.Call) else d) for d in decorators):
            advice = "Call the decorator's work by hand, or leave it out."
            raise self.lifting.refused(f"the decorator of {stmt.name}() is not understood", decorators[0], advice)
        assign = ast.Assign(targets=[ast.Name(id=stmt.name, ctx=ast.Store())], value=value)
        return [bare, *self.statement(assign)]

    # Expressions.

    def expression(self, node: ast.expr, before: Block | None, whole: bool) -> ast.expr:
        """Write out the factories called in an expression; `whole` where nothing else is evaluated around it."""
        if not any(self.concerns(n) for n in walk(node)):
            return node
        if isinstance(node, ast.Call) and (template := self.made_by(node.func)) is not None:
            return self.made(node, template, before, whole)
        if isinstance(node, ast.Call) and before is not None and self.is_partial(node):
            applied = partial_definition(node, self.signature, self.lifting.fresh)
            assert applied is not None
            held, definition = applied
            before += [*self.block(list(held)), definition]
            self.local[definition.name] = definition
            self.lifting.origins[id(definition)] = self.lifting.template.function
            return ast.copy_location(ast.Name(id=definition.name, ctx=ast.Load()), node)
        if isinstance(node, (ast.Lambda, ast.IfExp, ast.BoolOp, *COMPREHENSIONS)):
            before = None
        fields: dict[str, Any] = {}
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                fields[name] = self.expression(value, before, whole and name == "func")
            elif isinstance(value, list):
                fields[name] = [self.item(v, before) for v in value]
            else:
                fields[name] = value
        made = ast.copy_location(type(node)(**fields), node)
        if isinstance(made, ast.Call) and self.made_by(made.func) is not None:
            return self.expression(made, before, whole)
        return made

    def item(self, node: object, before: Block | None) -> object:
        if isinstance(node, ast.keyword):
            return ast.copy_location(ast.keyword(arg=node.arg, value=self.expression(node.value, before, False)), node)
        if isinstance(node, ast.comprehension):
            return node
        return self.expression(node, before, False) if isinstance(node, ast.expr) else node

    def made(self, node: ast.Call, template: Template, before: Block | None, whole: bool) -> ast.expr:
        """Return the function that a factory makes; what it runs to make it goes to `before`."""
        lifting = self.lifting
        self.depth += 1
        if self.depth > _DEEPEST:
            raise lifting.refused(f"{template.node.name}() makes functions by calling itself", node)
        try:
            bound = binder_for(template, lifting.temporary if before is not None else None).bind(node)
        except BindError as error:
            raise lifting.refused(error.reason, node, error.advice) from None
        statements: Block = list(bound.before)
        mapping: dict[str, str | ast.Constant] = self.outside(template, node)
        stores = binding_counts(template.node.body)
        inside = _nested_names(template.node)
        for name in [*bound.values, *(n for n in _defaulted(template) if n not in bound.values)]:
            value = bound.values.get(name)
            value = lifting.program.default(template, name) if value is None else value
            if not stores.get(name) and self.may_stand(value, inside):
                mapping[name] = value if isinstance(value, ast.Constant) else value.id  # type: ignore[attr-defined]
                continue
            own = mapping[name] = self.fresh(name, inside)
            value = self.expression(value, before, False)
            statements.append(ast.Assign(targets=[ast.Name(id=own, ctx=ast.Store())], value=value))
        for name in stores:
            if name and name not in mapping:
                mapping[name] = self.fresh(name, inside)
        return self.spliced(node, template, mapping, statements, before, whole)

    def spliced(
        self,
        node: ast.Call,
        template: Template,
        mapping: Mapping[str, str | ast.Constant],
        statements: Block,
        before: Block | None,
        whole: bool,
    ) -> ast.expr:
        body = [map_names(s, mapping) for s in template.node.body if not _is_text(s)]
        for part in (n for s in body for n in walk(s)):
            if isinstance(part, FunctionLike):
                self.lifting.origins[id(part)] = template.function
                if isinstance(part, ast.FunctionDef):
                    self.local[part.name] = part
        for stmt in body:
            if not isinstance(stmt, ast.FunctionDef):
                _unplace(stmt)
        body = [self.passing_on(s) if isinstance(s, ast.FunctionDef) else s for s in body]
        last = body.pop()
        assert isinstance(last, ast.Return) and last.value is not None
        statements += body  # type: ignore[arg-type]
        made = self.block(statements)
        if made:
            if before is None or not (whole or pure([*node.args, *(k.value for k in node.keywords)])):
                advice = "Give the function that it makes a name in a statement of its own."
                raise self.lifting.refused(f"{template.node.name}() cannot be called here", node, advice)
            before += made
        self.depth -= 1
        return self.expression(last.value, before, whole)

    def passing_on(self, wrapper: ast.FunctionDef) -> ast.FunctionDef:
        """Give a wrapper that hands on ``*args, **kwargs`` as they come the parameters of the function it calls."""
        calls = [c for n in wrapper.body for c in walk(n) if isinstance(c, ast.Call) and _hands_on(wrapper.args, c)]
        found = {ast.dump(c.func): c.func for c in calls}
        own = [a.arg for a in (wrapper.args.vararg, wrapper.args.kwarg) if a is not None]
        plain = [a for a in parameters(wrapper.args) if a.arg not in own]
        if len(found) != 1 or not own or plain or not self.only_handed_on(wrapper, own):
            return wrapper
        inner = self.signature(next(iter(found.values())))
        if inner is None or inner.vararg or inner.kwarg or {a.arg for a in parameters(inner)} & own_names(wrapper):
            return wrapper
        keywords = [ast.keyword(arg=a.arg, value=ast.Name(id=a.arg, ctx=ast.Load())) for a in inner.kwonlyargs]
        args: list[ast.expr] = [ast.Name(id=a.arg, ctx=ast.Load()) for a in [*inner.posonlyargs, *inner.args]]

        def handed(node: ast.AST, old: ast.AST) -> ast.AST:
            if not _hands_on(wrapper.args, old):
                return node
            assert isinstance(node, ast.Call)
            return ast.copy_location(ast.Call(func=node.func, args=args, keywords=keywords), node)

        body = [rewrite(s, handed) for s in wrapper.body]
        fields = dict(ast.iter_fields(wrapper)) | {"args": inner, "body": body}
        made = ast.copy_location(ast.FunctionDef(**fields), wrapper)
        self.lifting.origins[id(made)] = self.lifting.origins[id(wrapper)]
        self.local[made.name] = made
        return made

    def only_handed_on(self, wrapper: ast.FunctionDef, own: list[str]) -> bool:
        """Say whether the starred parameters of a wrapper are used for nothing but to be handed on."""
        nodes = [n for s in wrapper.body for n in walk(s)]
        uses = sum(isinstance(n, ast.Name) and n.id in own for n in nodes)
        return uses == len(own) * sum(_hands_on(wrapper.args, n) for n in nodes)

    def signature(self, func: ast.expr) -> ast.arguments | None:
        """Return the parameters of a function by its name, None where it is not known."""
        key = core.qualname(func)
        if key.startswith("@"):
            return self.lifting.program.template(key).node.args
        return self.local[func.id].args if isinstance(func, ast.Name) and func.id in self.local else None

    def outside(self, template: Template, node: ast.Call) -> dict[str, str | ast.Constant]:
        """Return what a factory reads from around it, as it is called here."""
        if isinstance(node.func, ast.Name) and isinstance(value := self.lifting.env.get(node.func.id), Closure):
            return dict(zip(template.captured, value.environment, strict=True))
        return {}

    def may_stand(self, value: ast.expr, inside: set[str]) -> bool:
        """Say whether an argument may be read in place of the parameter, now and later."""
        if isinstance(value, ast.Constant):
            return True
        if not isinstance(value, ast.Name) or value.id in inside:
            return False
        fixed = value.id in own_names(self.lifting.template.node) and not self.counts.get(value.id)
        return core.is_ref(value) and core.qualname(value)[0] != "=" or fixed or value.id in self.local

    def fresh(self, wanted: str, inside: set[str]) -> str:
        name = self.lifting.fresh(wanted)
        while name in inside and name != wanted:
            name = self.lifting.fresh(wanted)
        return name


def _one_by_one(stmt: ast.stmt) -> Block:
    """Return ``f, g = make(a), make(b)`` as two statements, nothing where that is not the same."""
    if not isinstance(stmt, ast.Assign) or len(stmt.targets) != 1:
        return []
    target, value = stmt.targets[0], stmt.value
    if not isinstance(target, ast.Tuple) or not isinstance(value, ast.Tuple) or len(target.elts) != len(value.elts):
        return []
    names = [t.id for t in target.elts if isinstance(t, ast.Name)]
    if len(names) < len(target.elts) or any(isinstance(n, ast.Name) and n.id in names for n in walk(value)):
        return []
    pairs = zip(target.elts, value.elts, strict=True)
    return [ast.copy_location(ast.Assign(targets=[t], value=v), stmt) for t, v in pairs]


def _nested_names(node: ast.FunctionDef) -> set[str]:
    """Return the names that belong to the functions inside `node`."""
    nested = [n for s in node.body for n in walk(s) if isinstance(n, FunctionLike)]
    return {name for n in nested for name in own_names(n)}


def _defaulted(template: Template) -> list[str]:
    from .bind import defaults_of

    return list(defaults_of(template.node.args))


def _hands_on(given: ast.arguments, call: ast.AST) -> bool:
    """Say whether a call hands on starred parameters as they came: ``f(*args, **kwargs)``."""
    if not isinstance(call, ast.Call):
        return False
    starred = [a.value.id for a in call.args if isinstance(a, ast.Starred) and isinstance(a.value, ast.Name)]
    named = [k.value.id for k in call.keywords if k.arg is None and isinstance(k.value, ast.Name)]
    own = [[a.arg] if a is not None else [] for a in (given.vararg, given.kwarg)]
    return len(call.args) == len(starred) and len(call.keywords) == len(named) and [starred, named] == own != [[], []]


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _unplace(node: ast.AST) -> None:
    """Forget where a statement came from: it is in no place of the function that it stands in now."""
    for part in walk(node):
        if not isinstance(part, FunctionLike) and hasattr(part, "lineno"):
            del part.lineno, part.col_offset, part.end_lineno, part.end_col_offset  # type: ignore[attr-defined]
