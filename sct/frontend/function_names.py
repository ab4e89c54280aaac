"""Which names of a function stand for functions, and the templates of the functions defined in it.

In: a template. Out: `Functions`: what a name or an expression stands for, as far as it does not change from place
to place, and a `Template` for each function that is made inside, with what it reads from around it as parameters.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterable, Sequence

from .. import core
from ..errors import Refused, span_of
from ..walk import children, walk
from .bind import defaults_of
from .closures import (
    Closure,
    External,
    FunctionValue,
    as_definition,
    constant,
    free_names,
    own_names,
)
from .lift import Program, Template, fresh_names
from .scopes import bound, parameters
from .source import Function

Block = list[ast.stmt]
_CONSTANTS = frozenset(
    "pi e tau inf nan euler_gamma newaxis float16 float32 float64 int8 int16 int32 int64 intp uint8 bool_ complex64 "
    "complex128 ndarray float int bool complex".split()
)


class Functions:
    """What names stand for in one function."""

    def __init__(self, program: Program, template: Template) -> None:
        self.program, self.template = program, template
        self.used = {n.id for n in walk(template.node) if isinstance(n, ast.Name)} | own_names(template.node)
        self.used |= {a.arg for n in walk(template.node) if isinstance(n, ast.arguments) for a in parameters(n)}
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
        self.body: Block = []

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
        for part in walk(node):
            if isinstance(part, ast.Nonlocal):
                advice = "Pass the variable as an argument and return its new value."
                raise self.refused(f"{name}() assigns variables of the function around it", part, advice)
        inside = own_names(node) | {n.id for n in walk(node) if isinstance(n, ast.Name)} - set(environment)
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
        known = {n: v for n in free_names(node) if (v := self.env.get(n)) is not None}
        if name != "lambda":  # which is called where it stands: others see what the names stand for by then
            known = {n: v for n, v in known.items() if n in self.stable or not self.rebinds(n, node)}
        key = self.key("lambda" if isinstance(node, ast.Lambda) else name)
        calls_itself = isinstance(node, ast.FunctionDef) and self.rebinds(name, node) == [node]
        variables: dict[str, None] = {}
        for free in free_names(node):
            value = known.get(free)
            if isinstance(value, Closure):
                variables.update(dict.fromkeys(value.environment))
            elif value is None and not (calls_itself and free == name):
                variables[free] = None
        variables.update(dict.fromkeys(self.local_defaults(definition).values()))
        if calls_itself:
            known[name] = Closure(key, tuple(variables))
        self.make(key, name, definition, tuple(variables), known.get)
        prelude = self.preludes.get(id(definition), [])
        if prelude:
            if before is None:
                raise self.refused("a default of this function cannot be evaluated here", node, "Name the function.")
            before += prelude
        return Closure(key, tuple(variables))

    def rebinds(self, name: str, node: ast.AST) -> list[ast.AST]:
        """Return what binds a name after a function was made, before that may be called."""
        loops = [s for s in _statements(self.body) if isinstance(s, _LOOPS) and any(n is node for n in walk(s))]
        again = {id(n) for loop in loops for n in walk(loop)}
        found = [b for b in bound(self.body) if b.name == name]
        return [b.node for b in found if id(b.node) in again or _end(b.statement or b.node) >= _start(node)]

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
                if isinstance(default, ast.Lambda):
                    advice = "Give the function at the call."
                    raise self.refused("a default is a function that reads variables around it", default, advice)
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


def called(body: Iterable[ast.stmt]) -> set[str]:
    """Return the names that are called in `body`, given to a function of the user's, or assigned to such a name."""
    found: set[str] = set()
    copies: list[tuple[str, str]] = []
    for node in (n for stmt in body for n in walk(stmt)):
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
                stack += reversed(children(node))
    return out


_LOOPS = (ast.For, ast.AsyncFor, ast.While)


def _start(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _end(node: ast.AST) -> tuple[float, float]:
    """Return where a node ends: behind everything, for one that the user did not write."""
    line, column = getattr(node, "end_lineno", None), getattr(node, "end_col_offset", None)
    return (line, column) if line is not None and column is not None else (math.inf, math.inf)


def _binding(stmt: ast.stmt) -> tuple[str, ast.AST | None]:
    """Return the name that a statement binds to a value of its own, if it does just that."""
    if isinstance(stmt, ast.FunctionDef):
        return stmt.name, stmt
    if isinstance(stmt, ast.Assign) and len(stmt.targets) == 1 and isinstance(stmt.targets[0], ast.Name):
        return stmt.targets[0].id, stmt.value
    if isinstance(stmt, ast.AnnAssign) and isinstance(stmt.target, ast.Name):
        return stmt.target.id, stmt.value
    return "", None
