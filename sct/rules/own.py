"""Rules of the user's in a file, for the command: the file is read and not run.

In: the path of a file of functions that are decorated as those of `sct.rules.registry` are. Out: nothing; the rules
are registered. What a decorator is given is written out (texts, numbers, tuples of them), since nothing is computed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sct.core import ref
from sct.errors import UsageError
from sct.rules.matching import operator_rule
from sct.rules.registry import Rule, declared, forget, register
from sct.rules.template import Template, template

_KINDS = ("bilinear", "composite", "constant", "custom", "elementwise", "linear")
_PLACES = tuple(f"{place}.{kind}" for place in ("sct.rules", "sct.rules.registry") for kind in _KINDS)
_loaded: set[str] = set()


@contextmanager
def loaded(path: str) -> Iterator[None]:
    """Have the rules of a file, "" for none, while something is differentiated."""
    rules = load(path) if path else ()
    try:
        yield
    finally:
        for rule in rules:
            forget(rule)
        if rules:
            _loaded.clear()
            operator_rule.cache_clear()


def load(path: str) -> tuple[Rule, ...]:
    """Register the rules of a file, once; return those that are new."""
    from sct.frontend.read import read_file

    module = read_file(path)
    if module.source in _loaded:
        return ()
    imports = dict(_imports(module.tree))
    found: dict[str, Rule] = {}
    for node in module.tree.body:
        if not isinstance(node, ast.FunctionDef):
            continue
        for decorator in node.decorator_list:
            problem = _declare(node, decorator, imports, found)
            if problem:
                raise UsageError(f"{path}:{decorator.lineno}: {problem}")
    for rule in found.values():
        register(rule)
    _loaded.add(module.source)
    operator_rule.cache_clear()
    return tuple(found.values())


def _declare(node: ast.FunctionDef, decorator: ast.expr, imports: dict[str, str], found: dict[str, Rule]) -> str:
    """Declare what one decorator says; return what is wrong with it, "" for nothing."""
    if isinstance(decorator, ast.Attribute) and isinstance(decorator.value, ast.Name) and decorator.attr == "tangent":
        rule = found.get(decorator.value.id)
        if rule is None:
            return f"there is no rule '{decorator.value.id}' above"
        rule.tangents.append((None, _template(node, imports)))
        return ""
    kind = _path(decorator.func, imports) if isinstance(decorator, ast.Call) else ""
    if kind not in _PLACES or not isinstance(decorator, ast.Call):
        return "a file of rules has the decorators of sct.rules.registry, and .tangent; cases need a live function"
    try:
        names = tuple(ast.literal_eval(arg) for arg in decorator.args)
        options: dict[str, Any] = {str(k.arg): ast.literal_eval(k.value) for k in decorator.keywords}
        found[node.name] = declared(kind.rpartition(".")[2], names, options, node.name, _template(node, imports))
    except (ValueError, TypeError) as error:
        return f"this rule cannot be read: {error}"
    return ""


def _template(node: ast.FunctionDef, imports: dict[str, str]) -> Template:
    conventional = ("np", "math", "scipy")
    return template(node, {name: ref(target) for name, target in imports.items() if name not in conventional})


def _path(node: ast.expr, imports: dict[str, str]) -> str:
    """Return the qualified name of a dotted path that begins with an imported name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    return ".".join([imports[node.id], *parts]) if isinstance(node, ast.Name) and node.id in imports else ""


def _imports(tree: ast.Module) -> dict[str, str]:
    """Return what the names that a file imports at its top level stand for."""
    found: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                found[name] = alias.name if alias.asname else name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found
