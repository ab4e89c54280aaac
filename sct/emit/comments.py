"""Put the user's comments, blank lines and way of writing back into a derived function.

In: a function whose names are spelled, and the user's function that it came from. Out: the same statements with
`sct.emit.marks` between them. A statement with a place is found again in the source by it; what stands around it
there stands around it here, once. Where a statement says what the source says, the source's own text is taken.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..frontend.source import Function
from ..walk import walk
from . import marks
from .notes import Around, Block, Place, notes, segment
from .tree import blocks, place, same, with_blocks

_HEADS = ("test", "iter", "target", "subject")


def weave(tree: ast.FunctionDef, function: Function, verbatim: bool = True) -> ast.FunctionDef:
    """Return a copy of `tree` with the comments, blank lines and, where `verbatim`, the texts of `function`."""
    weaver = _Weaver(function, tree, verbatim)
    result = with_blocks(tree, lambda name, body: weaver.block(body, (weaver.notes.root, name)))
    assert isinstance(result, ast.FunctionDef)
    return result


class _Weaver:
    """Walks a derived function once, handing out what the source has around each statement."""

    def __init__(self, function: Function, tree: ast.FunctionDef, verbatim: bool) -> None:
        self.notes, self.verbatim = notes(function), verbatim
        self.used: set[Place] = set()
        self.kept = {where for node in walk(tree) if isinstance(node, ast.stmt) and (where := place(node))}

    def block(self, body: list[ast.stmt], block: Block | None) -> list[ast.stmt]:
        """Return the statements of a block with what stands around each."""
        result: list[ast.stmt] = []
        if block is not None:
            result.extend(marks.tail(text) for text in self.notes.heads.pop(block, ()))
        if block is not None and block[1] == "body" and (parent := self.notes.around.get(block[0])):
            result.extend(marks.tail(text) for text in _taken(parent.behind))
            result.extend(marks.line(text) for text in _taken(parent.opening))
        last = {where: i for i, node in enumerate(body) if (where := place(node))}
        end_of_primal = max(last.values(), default=-1)
        for i, node in enumerate(body):
            where = place(node)
            around = self.notes.around.get(where) if where is not None else None
            if around is None:
                result.append(self.inner(node, None))
            else:
                result.extend(self.placed(node, around, i == last[around.place]))
            if i == end_of_primal:
                result.extend(self.orphans(block))
        if block is not None:
            result.extend(marks.line(text) for text in self.notes.ends.pop(block, ()))
        return result

    def placed(self, node: ast.stmt, around: Around, last: bool) -> Iterator[ast.stmt]:
        """Yield a statement of the user's with what stands around it."""
        text = self.text(node, around)
        if around.place not in self.used:
            self.used.add(around.place)
            yield from (marks.line(line) for line in _taken(around.before))
            if text is None:
                yield from (marks.line(line) for line in _taken(around.inside))
        compound = next(blocks(around.node), None) is not None
        # The comment behind a compound statement's head goes behind the head: `block` sees to that.
        behind = _taken(around.behind) if last and not compound else []
        yield marks.text(text) if text is not None else self.inner(node, around)
        yield from (marks.tail(comment) for comment in behind)

    def inner(self, node: ast.stmt, around: Around | None) -> ast.stmt:
        """Return a statement with its own blocks woven and, where they say the same, its head as the user wrote it."""
        where = around.place if around is not None else None
        result = with_blocks(node, lambda name, body: self.block(body, (where, name) if where else None))
        if not self.verbatim or around is None or type(result) is not type(around.node):
            return result
        for name in _HEADS if next(blocks(result), None) else ():
            mine, theirs = getattr(result, name, None), getattr(around.node, name, None)
            if isinstance(theirs, ast.expr) and same(mine, theirs):
                text = segment(self.notes.module, theirs)
                if text is not None and "\n" not in text:
                    setattr(result, name, marks.inline(text))
        return result

    def text(self, node: ast.stmt, around: Around) -> str | None:
        """Return the user's own text for a simple statement, None where the statement says something else."""
        if not self.verbatim or next(blocks(node), None) is not None or not same(node, around.node):
            return None
        return segment(self.notes.module, around.node)

    def orphans(self, block: Block | None) -> Iterator[ast.stmt]:
        """Yield the comments of a return of this block for which the derivative has no statement."""
        for around in self.notes.returns.get(block, ()) if block is not None else ():
            if around.place not in self.kept:
                comments = _taken(around.before) + _taken(around.inside) + _taken(around.behind)
                yield from (marks.line(text) for text in comments if text)


def _taken(texts: list[str]) -> list[str]:
    """Return the texts and empty the list: each is printed once."""
    taken = texts[:]
    texts.clear()
    return taken
