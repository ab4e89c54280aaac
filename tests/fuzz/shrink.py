"""Make a failing program small: delete statements, unwrap blocks, replace expressions by their parts."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator


def shrink(text: str, fails: Callable[[str], bool], rounds: int = 2000) -> str:
    """Return a small text for which `fails` still holds."""
    best = ast.unparse(ast.parse(text))
    if not fails(best):
        return text
    tried = 0
    progress = True
    while progress and tried < rounds:
        progress = False
        for candidate in _smaller(ast.parse(best)):
            tried += 1
            if len(candidate) < len(best) and fails(candidate):
                best, progress = candidate, True
                break
            if tried >= rounds:
                break
    return best


def _smaller(tree: ast.Module) -> Iterator[str]:
    """Yield texts that have a little less in them, the boldest changes first."""
    if any(isinstance(a, ast.arg) and a.annotation for a in ast.walk(tree)):
        changed = copy.deepcopy(tree)
        for argument in (a for a in ast.walk(changed) if isinstance(a, ast.arg) and a.arg != "n"):
            argument.annotation = None
        yield ast.unparse(changed)
    for path, (owner, name, block) in enumerate(_blocks(tree)):
        for position in range(len(block)):
            for replacement in _replacements(block[position]):
                changed = copy.deepcopy(tree)
                _, _, other = list(_blocks(changed))[path]
                other[position : position + 1] = replacement
                if not other and name == "body":
                    if isinstance(owner, ast.Module):
                        continue
                    other.append(ast.Pass())
                yield ast.unparse(ast.fix_missing_locations(changed))
    sites = [n for n in ast.walk(tree) if isinstance(n, ast.expr)]
    fixed = {id(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    fixed |= {id(n) for a in ast.walk(tree) if isinstance(a, ast.arg) and a.annotation for n in ast.walk(a.annotation)}
    for number, node in enumerate(sites):
        if id(node) in fixed:
            continue
        parts = [p for p in ast.iter_child_nodes(node) if isinstance(p, ast.expr)]
        if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            continue
        for part in [*parts, ast.Constant(value=1.0)]:
            if isinstance(part, ast.Constant) and isinstance(node, ast.Constant):
                continue
            yield ast.unparse(ast.fix_missing_locations(_Replace(number, part).visit_all(copy.deepcopy(tree))))


class _Replace(ast.NodeTransformer):
    def __init__(self, number: int, part: ast.expr) -> None:
        self.number, self.part = number, part

    def visit_all(self, tree: ast.Module) -> ast.Module:
        sites = [n for n in ast.walk(tree) if isinstance(n, ast.expr)]
        self.site = sites[self.number]
        return self.visit(tree)  # type: ignore[no-any-return]

    def visit(self, node: ast.AST) -> ast.AST:
        return copy.deepcopy(self.part) if node is self.site else self.generic_visit(node)


def _blocks(tree: ast.AST) -> Iterator[tuple[ast.AST, str, list[ast.stmt]]]:
    for node in ast.walk(tree):
        for name in ("body", "orelse"):
            block = getattr(node, name, None)
            if isinstance(block, list) and block:
                yield node, name, block


def _replacements(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    yield []
    if isinstance(statement, ast.If | ast.For | ast.While):
        yield copy.deepcopy(statement.body)
        if statement.orelse:
            yield copy.deepcopy(statement.orelse)
