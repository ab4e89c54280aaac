"""Small programs as text for the tests of `sct.simplify`.

``T1`` stands for the temporary ``%1`` and ``T1_bar`` for ``%1_bar``; ``np.``, ``math.``, builtins, ``rt.`` (the
runtime), ``user.f`` (a function of the user's), ``glob.G`` (a global of the user's) for references; ``# text``
lines are remarks and ``#`` alone a blank one. Compiler-made code has no line numbers; ``user=True`` keeps them.
"""

from __future__ import annotations

import ast
import builtins
import re
import textwrap

from sct import core

_MODULES = {"np": "numpy", "math": "math", "rt": "sct.runtime", "user": "@user", "glob": "=glob", "derived": "!"}


def program(text: str, user: bool = False) -> list[ast.stmt]:
    """Parse a program, see the module."""
    lines = []
    for line in textwrap.dedent(text).strip("\n").split("\n"):
        bare = line.strip()
        lines.append(line.replace(bare, f"__remark__({bare[1:].strip()!r})") if bare.startswith("#") else line)
    tree = ast.parse("\n".join(lines))
    tree = _Encode().visit(tree)
    if not user:
        for node in ast.walk(tree):
            for place in ("lineno", "col_offset", "end_lineno", "end_col_offset"):
                if place in vars(node):
                    delattr(node, place)
    return tree.body


def expression(text: str, user: bool = False) -> ast.expr:
    """Parse one expression."""
    stmt = program(text, user)[0]
    assert isinstance(stmt, ast.Expr)
    return stmt.value


def show(stmts: list[ast.stmt]) -> str:
    """Print a program as `program` reads it."""
    return ast.unparse(ast.Module(body=[_Decode().visit(_copy(s)) for s in stmts], type_ignores=[]))


def same(text: str) -> str:
    """Normalise the text of a program for comparison with `show`."""
    return show(program(text))


def _copy(node: ast.AST) -> ast.AST:
    import copy

    return ast.fix_missing_locations(copy.deepcopy(node))


class _Encode(ast.NodeTransformer):
    def visit_Name(self, node: ast.Name) -> ast.AST:
        if re.fullmatch(r"d?T\d+\w*", node.id):
            return ast.copy_location(ast.Name(id=node.id.replace("T", "%", 1), ctx=node.ctx), node)
        if hasattr(builtins, node.id) and isinstance(node.ctx, ast.Load):
            return ast.copy_location(core.ref(f"builtins.{node.id}", node.id), node)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        parts = ast.unparse(node).split(".")
        if parts[0] in _MODULES and isinstance(node.ctx, ast.Load):
            name = ".".join([_MODULES[parts[0]], *parts[1:]]).replace("!.", "!")
            return ast.copy_location(core.ref(name, ast.unparse(node)), node)
        return self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        call = node.value
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "__remark__":
            assert isinstance(call.args[0], ast.Constant)
            return core.remark(call.args[0].value)
        return self.generic_visit(node)


class _Decode(ast.NodeTransformer):
    def visit_Name(self, node: ast.Name) -> ast.AST:
        if core.is_ref(node):
            shown = core.spelling(node) or core.qualname(node).replace("numpy", "np").lstrip("@=!?")
            return ast.parse(shown, mode="eval").body
        return ast.Name(id=node.id.replace("%", "T"), ctx=node.ctx)

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        text = core.remark_text(node)
        if text is None:
            return self.generic_visit(node)
        return ast.Expr(ast.Name(id=f"# {text}".strip(), ctx=ast.Load()))
