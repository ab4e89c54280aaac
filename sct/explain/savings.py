"""What the forward sweep saves and what the reverse sweep computes again, and why.

In: a body of the reverse mode, whose paired form is marked with what is saved, and the names that are left in the code.
Out: `Taped` and `Recomputed`.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence

from sct import core
from sct.explain.facts import Recomputed, Taped, listed
from sct.modes.log import Saved
from sct.modes.reverse.body import Body
from sct.modes.reverse.grouping import every
from sct.modes.reverse.nodes import AFTER, Branch, Loop, Step, loads
from sct.modes.reverse.sweeps import line_of, shown
from sct.simplify import trees
from sct.walk import walk

_WHY = {
    "decision": "the reverse sweep takes the same branch",
    "count": "the reverse sweep makes as many iterations",
    "members": "the reverse sweep runs over the same members",
}


_COMPUTE = (ast.BinOp, ast.UnaryOp, ast.Call)


class Savings:
    """The savings of one function; `names` of temporaries in the code, and all names that are `left` in it."""

    def __init__(self, body: Body, names: Mapping[str, str], left: Collection[str]) -> None:
        self.body, self.names, self.left = body, names, left
        assigned = [s for s in walk(body.context.flat.node) if isinstance(s, ast.Assign)]
        self.values = {s.targets[0].id: s.value for s in assigned if isinstance(s.targets[0], ast.Name)}
        self.readers: dict[str, set[int]] = {}
        for node in every(body.nodes):
            if isinstance(node, Step) and node.source is not None:
                again = loads(node.forward) if node.recompute else []
                for name in (*body.saving.reads(node.backward), *again):
                    self.readers.setdefault(name.removesuffix(AFTER), set()).add(line_of(node.source))

    def taped(self) -> list[Taped]:
        """Return what is saved, in the order of the lines, each once."""
        found: dict[tuple[str, str, int], Taped] = {}
        for saved in self.body.saved:
            if self.names.get(saved.holder, saved.holder) in self.left:
                line = line_of(saved.stmt) if saved.stmt is not None else 0
                found.setdefault((saved.variable, saved.holder, line), self.one(saved, line))
        return sorted(found.values(), key=lambda taped: taped.line)

    def handed(self, names: Sequence[str], holder: str) -> list[Taped]:
        """Return what the forward half of a call hands to the reverse half, which is not on tapes anyway."""
        tapes = {saved.holder for saved in self.body.saved}
        lines = {}
        for node in every(self.body.nodes):
            if isinstance(node, Step) and node.source is not None:
                lines.update({name: line_of(node.source) for name in node.kills})
        why = "the call is split, and the reverse half reads it"
        return [
            Taped(self.named(name), holder, lines.get(name, 0), "once", (), why, tuple(self.read_by(name, True)))
            for name in names
            if name not in tapes
        ]

    def one(self, saved: Saved, line: int) -> Taped:
        variable, _, contents = saved.variable.partition("[")
        loops = tuple(line_of(loop) for loop in saved.loops)
        readers = self.read_by(variable, bool(contents))
        read = "the reverse sweep reads it"
        if readers:
            several = len(readers) > 1
            read = f"the adjoint{'s' * several} of {listed('line', readers)} read{'s' * (not several)} it"
        if saved.why in _WHY:
            why = _WHY[saved.why]
        elif saved.why == "overwritten":
            what = "what it holds is overwritten" if contents else "it is overwritten"
            why = f"{what} here, and {read}"
        else:
            why = f"each iteration computes it anew, {read}, and to compute it again would cost more"
        return Taped(
            self.what(saved, variable),
            self.names.get(saved.holder, saved.holder),
            line,
            "per iteration" if saved.on_tape and loops else "once",
            loops if saved.on_tape else (),
            why,
            tuple(readers),
        )

    def what(self, saved: Saved, variable: str) -> str:
        """Return what is saved, as a user would call it."""
        if saved.why == "decision" and isinstance(saved.stmt, ast.If):
            return shown(saved.stmt.test)
        return "the number of iterations" if saved.why == "count" else self.named(variable)

    def read_by(self, variable: str, contents: bool) -> list[int]:
        alias = self.body.saving.alias
        names = {variable, *(alias.group(variable) if contents else ())}
        return sorted(set().union(*(self.readers.get(n, set()) for n in names)) - {0})

    def named(self, variable: str) -> str:
        """Return a variable, or the expression that a temporary stands for."""
        if not core.is_temporary(variable):
            return variable
        return shown(self.written_out(variable)) if variable in self.values else variable

    def written_out(self, name: str, depth: int = 0) -> ast.expr:
        """Return the expression that a temporary stands for, in the user's variables."""

        def visit(node: ast.AST, _: ast.AST) -> ast.AST:
            if isinstance(node, ast.Name) and core.is_temporary(node.id) and node.id in self.values and depth < 20:
                return self.written_out(node.id, depth + 1)
            return node

        made = trees.rewrite(self.values[name], visit)
        assert isinstance(made, ast.expr)
        return made

    def recomputed(self) -> list[Recomputed]:
        """Return what is computed again, in the order of the lines, each once."""
        found = dict.fromkeys(self.again())
        return sorted(found, key=lambda again: again.line)

    def again(self) -> Iterator[Recomputed]:
        cheap = "costs less than to save it"
        for node in every(self.body.nodes):
            if isinstance(node, Step):
                if node.recompute:
                    yield from self.of_steps([node], cheap)
            elif isinstance(node, Branch):
                if node.recompute_test and _is_taken_back(node):
                    why = "its operands are still there when the branch is taken back"
                    yield Recomputed(shown(node.stmt.test), line_of(node.stmt), why)
                for chain in (c for chains in node.recomputed for c in chains):
                    yield from self.of_steps(chain[-1:], cheap)
            elif isinstance(node, Loop):
                for chain in node.recomputed:
                    yield from self.of_steps(chain[-1:], f"{cheap}, and its operands are still there")

    def of_steps(self, steps: Sequence[Step], why: str) -> Iterator[Recomputed]:
        for step in steps:
            line = line_of(step.source) if step.source is not None else 0
            for name in step.kills:
                if isinstance(self.values.get(name), _COMPUTE):
                    text = shown(self.written_out(name))
                    yield Recomputed(text if core.is_temporary(name) else f"{name} = {text}", line, why)


def _is_taken_back(node: Branch) -> bool:
    return any(isinstance(n, Step) and n.backward for n in [*every(node.body), *every(node.orelse)])
