"""Resolve small programs, and print what their names become."""

from __future__ import annotations

import ast

from sct import core
from sct.frontend.read import read_text
from sct.frontend.resolve import Resolver


def write(folder, **files):
    for name, text in files.items():
        path = folder.joinpath(*name.split("__")).with_suffix(".py")
        path = path.with_name(path.name.replace("init.py", "__init__.py"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def shown(node):
    """Print a resolved tree with qualified names in the place of references."""

    class Plain(ast.NodeTransformer):
        def visit_Name(self, node):
            return ast.Name(id=core.qualname(node), ctx=node.ctx) if core.is_ref(node) else node

    return [ast.unparse(ast.fix_missing_locations(Plain().visit(statement))) for statement in node.body]


def body(text, name="f", path="m.py"):
    module = read_text(text, path)
    resolver = Resolver(module)
    return shown(resolver.resolve(resolver.find(module, name)))


def meaning(prelude, spelling, path="m.py"):
    """Return what a spelling inside a function of a module with this prelude becomes."""
    (line,) = body(f"{prelude}\ndef f(x):\n    return {spelling}\n", path=path)
    return line.removeprefix("return ")


def reason(prelude, spelling):
    module = read_text(f"{prelude}\ndef f(x):\n    return {spelling}\n", "m.py")
    resolver = Resolver(module)
    resolver.resolve(resolver.find(module, "f"))
    return resolver.why_unknown(f"?{spelling}")
