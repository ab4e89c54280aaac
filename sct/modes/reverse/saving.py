"""What must be recorded (TBR): the second of the three stages of reverse mode.

In: the paired form. Out: the same nodes, marked with what each saves. The reverse sweep takes the program's state
back: before the adjoint of a statement runs, every variable that it or an earlier one reads has the value that it
had before the statement. So a value is saved where it is overwritten and still needed; in a loop, a variable that
each iteration binds anew is saved once an iteration, or computed again where that is cheap.

The analysis is the forward "to be recorded" analysis (Hascoët, Naumann and Pascual, "To be recorded" analysis in
reverse-mode automatic differentiation, FGCS 21, 2005), on structured code.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Sequence

from sct import core
from sct.analysis.aliasing import Aliases
from sct.analysis.binding import assigned_names
from sct.analysis.infer import Facts
from sct.frontend.expressions import simple
from sct.modes.reverse.grouping import (
    augmented,
    bound_by,
    every,
    groups,
    mentioned,
    reads_before,
    resizes,
    separate,
    stores_of,
)
from sct.modes.reverse.nodes import (
    AFTER,
    Branch,
    Loop,
    Node,
    Step,
    beside_shape,
    free_loads,
    loads,
    sized_parts,
    stored,
    value_loads,
)
from sct.modes.reverse.recomputing import MOST, Changes, cost, value_of
from sct.nodes import load
from sct.walk import root_name, walk


class Saving:
    """Marks what each node saves."""

    def __init__(self, alias: Aliases, facts: Facts, adjoints: Collection[str], kept: Collection[str] = ()) -> None:
        self.alias = alias
        self.facts = facts
        self.adjoints = frozenset(adjoints)  # names of adjoints that only the reverse sweep knows
        self.kept = frozenset(kept)  # names whose memory must be as it was when the reverse sweep has ended
        # Leaders of alias classes that the reverse sweep writes to, and names of lists of which it binds slots alone.
        self.restored: set[str] = set()
        self.changed: set[str] = set()  # names through which something is written in place
        self.mentions: dict[str, int] = {}
        self.private: dict[str, int] = {}
        self._exposures: dict[int, dict[str, str]] = {}  # of blocks
        self.resized: set[str] = set()  # lists that grow or shrink

    def run(self, nodes: Sequence[Node]) -> None:
        """Mark `nodes`, the body of a function."""
        for node in every(nodes):
            if isinstance(node, Step) and node.opaque:
                node.stores = self.named_before(node)
            if isinstance(node, Step):
                self.changed |= {
                    n for place in (*node.stores, *augmented([node], self.facts)) if (n := root_name(place))
                }
                for base in self.resized_by(node):
                    self.resized |= {base, *self.alias.holders(base)}
        self._count(nodes)
        self.block(nodes, _with_contents(self.kept), False)

    def named_before(self, step: Step) -> tuple[ast.expr, ...]:
        """Return what a block writes; where it binds the name itself, under the names that the memory has before it."""
        found = {root_name(place): place for place in step.stores}
        for base in [b for b in found if b and b in step.kills]:
            for other in sorted(self.alias.group(base)):
                if other not in step.kills and not core.is_temporary(other):
                    found.setdefault(other, ast.Name(id=other, ctx=ast.Load()))
        return tuple(found.values())

    def resized_by(self, step: Step) -> Iterator[str]:
        """Yield the lists that a step may make longer or shorter."""
        for base in {name for place in stores_of([step]) if (name := root_name(place))} if resizes(step) else ():
            kind = self.facts.kind(step.stmt, load(base)).what if step.stmt is not None else "unknown"
            if kind in ("list", "dict") or step.append_to or step.pop_from or isinstance(step.stmt, ast.Expr):
                yield base

    def valued(self, trees: Iterable[ast.AST]) -> set[str]:
        """Return the variables that trees read, without arrays whose shape alone is asked for."""
        trees = list(trees)
        return {*value_loads(trees), *self.resized.intersection(loads(trees)), *sized_parts(trees)}

    def reads(self, stmts: Sequence[ast.stmt]) -> list[str]:
        """Return the primal variables that adjoint statements read."""
        return [n for n in free_loads(stmts) if n not in self.adjoints]

    def only_shapes(self, step: Step, names: Collection[str], parts: Collection[str]) -> set[str]:
        """Return the arrays and parts of which the adjoint of a step reads but the shape, which no store changes."""
        written = [n for n in names if self.alias.is_written(n)]
        if not written or step.stmt is None:
            return set()
        valued = set(value_loads(step.backward))
        kinds = self.facts.kinds(step.stmt)
        return {n for n in written if n not in valued and (n in parts or kinds(load(n)).what == "array")}

    def is_part_of_array(self, step: Step) -> bool:
        """Say whether a step binds a name to a part or an element of an array."""
        value = value_of(step) if step.stmt is not None and step.forward else None
        return (
            step.stmt is not None
            and isinstance(value, ast.Subscript)
            and self.facts.kind(step.stmt, value.value).what == "array"
        )

    # Mentions.

    def _count(self, nodes: Sequence[Node]) -> None:
        for node in every(nodes):
            for name in mentioned(node):
                self.mentions[name] = self.mentions.get(name, 0) + 1
        separate(nodes, self.mentions, self.alias)
        for node in every(nodes):
            for name in mentioned(node):
                if core.is_temporary(name):
                    group = node.group if isinstance(node, Step) else -1
                    if self.private.setdefault(name, group) != group:
                        self.private[name] = -1

    # Blocks.

    def block(self, nodes: Sequence[Node], need: set[str], in_loop: bool) -> set[str]:
        """Mark the nodes of one block, given what is needed before it; return what is needed after it.

        The set `need` is used up: a copy for each statement would make long functions slow.
        """
        for run in groups(nodes):
            first = run[0]
            if isinstance(first, Branch):
                need = self.branch(first, need, in_loop)
            elif isinstance(first, Loop):
                need = self.loop(first, need, in_loop)
            else:
                need = self.group([s for s in run if isinstance(s, Step)], need, in_loop)
        return need

    def group(self, steps: list[Step], need: set[str], in_loop: bool) -> set[str]:
        reads: set[str] = set()
        afters: set[str] = set()
        contents: set[str] = set()  # the names of which more is read than the shape
        parts_of_arrays = {k for s in steps if self.is_part_of_array(s) for k in s.kills}
        for step in steps:
            found = self.reads(step.backward)
            for name in found:
                if name.endswith(AFTER):
                    afters.add(name[: -len(AFTER)])
                else:
                    reads.add(name)
            contents |= set(found) - self.only_shapes(step, found, parts_of_arrays)
        for step in steps:
            self.restored |= {self.alias.find(n) for n in step.restores}
        if in_loop:
            self.temporaries(steps, reads, contents, afters)
        own = {k for s in steps for k in s.kills if self.is_private(s, k)}
        inner = _with_contents(
            (reads & contents | afters) & own
        )  # they may be views of what the same statement overwrites
        parts = {n for n in (reads & contents | afters) & own if self.alias.is_written(n) and self.alias.is_shared(n)}
        only_shapes = reads - contents - own
        reads = _with_contents(reads - own) - {_contents(n) for n in only_shapes}
        # What a call saved may be written by the very statement that the call stands in.
        reads |= {_memory(self.alias.find(n)) for s in steps for n in s.holds if self.alias.is_written(n)}
        reads |= {_contents(n) for s in steps for n in s.holds}
        changed = True
        while changed:
            changed = False
            for step in steps:
                for place in step.stores:
                    if place not in step.saved and self.is_needed(step, place, need, reads, inner):
                        step.saved += (place,)
                        changed = True
                    if place in step.saved:
                        self.note_restored(root_name(place))
                        wanted = set(loads([place])) - own
                        wanted |= {_contents(n) for n in wanted.intersection(value_loads(beside_shape(place)))}
                        # A list that has grown or shrunk since need not have the part that is put back.
                        wanted |= {_contents(n) for n in wanted & self.resized}
                        changed = changed or not wanted <= reads
                        reads |= wanted
        if in_loop:
            self.finders(steps, own)
        for step in steps:
            for name in step.kills:
                if name not in own and (name in need or name in reads):
                    step.save.add(name)
        need |= reads
        for step in steps:
            if step.opaque:  # what it binds anew on some ways alone may be the old array still, which others write
                step.copied = {
                    k for k in step.save & self.changed if _contents(k) in need and not self.alias.is_shared(k)
                }
        self.rebind(need, [k for s in steps for k in s.kills])
        need |= _with_contents(afters - own)
        need |= {_memory(self.alias.find(n)) for n in parts}  # a temporary may be part of an array
        return need

    def rebind(self, need: set[str], names: Collection[str]) -> None:
        """Take rebound names out of what is needed; what their old values share with others stays needed."""
        lost = need.intersection(names)
        shared = {n for n in lost if self.alias.is_kept(n) and self.alias.is_written(n) and _contents(n) in need}
        need |= {_memory(leader) for n in shared for leader in (self.alias.find(n), min(self.alias.holders(n)))}
        need -= _with_contents(lost)

    def is_private(self, step: Step, name: str) -> bool:
        return core.is_temporary(name) and step.group >= 0 and self.private.get(name) == step.group

    def temporaries(self, steps: list[Step], reads: set[str], contents: set[str], afters: set[str]) -> None:
        """Decide how a loop's reverse sweep gets at the temporaries of one statement."""
        # What a call wrote is taken back by the reverse of the call, after what the statement needs is computed again.
        late = {self.alias.find(n) for s in steps for n in s.restores}
        for step in reversed(steps):
            for name in step.kills:
                if not self.is_private(step, name) or name not in reads and name not in afters:
                    continue
                if self.is_cheap(step) and late.isdisjoint(map(self.alias.find, loads(step.forward))):
                    step.recompute = True
                    step.push.discard(name)
                    value = value_of(step) or step.forward[0]
                    reads |= set(loads([value]))
                    contents |= self.valued([value] if name in contents | afters else beside_shape(value))
                elif not step.recompute:
                    step.push.add(name)

    def finders(self, steps: list[Step], own: set[str]) -> None:
        """Push the temporaries that find restored places: computed again, they would read what is not yet restored."""
        places = [place for step in steps for place in step.saved]
        found = own.intersection(loads(places))
        for step in steps:
            step.early = found.intersection(step.kills)
            step.push |= step.early
            step.recompute = step.recompute and not step.early

    def is_needed(self, step: Step, place: ast.expr, *needs: set[str]) -> bool:
        base = root_name(place)
        if base is None:
            return False
        if step.append_to or step.pop_from:
            holders = self.alias.holders(base)
            names = (_contents(base), _memory(min(holders)), *map(_contents, holders))
        else:
            group = self.alias.group(base)
            names = (_contents(base), _memory(self.alias.find(base)), *map(_contents, group))
        hit = any(n in need for need in needs for n in names)
        if hit:
            self.note_restored(base)
        return hit

    def note_restored(self, base: str | None) -> None:
        """Note that the reverse sweep takes back a store through a name."""
        if base is None:
            return
        if self.alias.find(base) in self.alias.written:
            self.restored.add(self.alias.find(base))
        else:
            self.restored |= {slots_of(name) for name in self.alias.holders(base)}

    def branch(self, node: Branch, need: set[str], in_loop: bool) -> set[str]:
        tested = set(loads([node.stmt.test]))
        inner = [n for n in node.orelse if not isinstance(n, Step) or n.forward]
        if len(inner) == 1 and isinstance(inner[0], Branch):
            inner[0].chained = True
        written = {b for place in stores_of([node]) for b in [root_name(place)] if b}
        changed = {n for b in written for n in self.alias.seeing(b)}
        again = simple(node.stmt.test, 3) if in_loop or node.chained else isinstance(node.stmt.test, ast.Name)
        node.recompute_test = again and not tested & {*assigned_names([node.stmt]), *changed}
        outcomes: set[str] = set()
        for arm in (node.body, node.orelse):
            end = self.block(arm, set(need), in_loop)
            if in_loop:
                self.rebind(end, self.locals(arm, end, need, strict=True, holder=node))
            outcomes |= end
        if node.recompute_test:
            outcomes |= _with_contents(tested)
        return outcomes | _with_contents(self.reads(node.before))

    def loop(self, node: Loop, need: set[str], in_loop: bool) -> set[str]:
        targets = set(stored([node.stmt.target])) if isinstance(node.stmt, ast.For) else set()
        entry = set(need)
        if isinstance(node.stmt, ast.For):
            entry |= _with_contents(loads([node.stmt.iter]))
        node.save |= targets & entry
        entry -= _with_contents(targets)
        head = set(entry)
        while True:
            end = self.block(node.body, set(head), True)
            self.rebind(end, targets)
            self.rebind(end, self.locals(node.body, end, entry, strict=False, holder=node))
            end -= _with_contents(targets)
            if end <= head:
                break
            head |= end
        return head | _with_contents(self.reads(node.before))

    def locals(
        self, nodes: Sequence[Node], end: set[str], entry: set[str], strict: bool, holder: Branch | Loop
    ) -> set[str]:
        """Take care of the variables that a block binds anew each time; return those taken care of.

        With `strict`, only variables that are mentioned nowhere else count.
        """
        done: set[str] = set()
        inside: dict[str, int] = {}
        if strict:
            for sub in every(nodes):
                for name in mentioned(sub):
                    inside[name] = inside.get(name, 0) + 1
        binders: dict[str, list[Node]] = {}
        for sub in nodes:
            for name in bound_by(sub):
                binders.setdefault(name, []).append(sub)
        restored, recomputed = _restores(holder, nodes)
        chains = {tuple(map(id, chain)) for chain in recomputed}
        exposed = self.exposures(nodes)
        changes = Changes(nodes, self.alias)
        for position in range(len(nodes) - 1, -1, -1):
            for name in bound_by(nodes[position]):
                if name not in end or name in entry or name in done or binders[name][-1] is not nodes[position]:
                    continue
                if strict and inside[name] != self.mentions[name]:
                    continue
                if exposed.get(name) != "def" or _leaves(nodes[position]):
                    continue
                sub = nodes[position]
                done.add(name)
                chain = self.steady(nodes, position, name, binders[name], changes)
                if chain:
                    if tuple(map(id, chain)) not in chains:
                        chains.add(tuple(map(id, chain)))
                        recomputed.append(chain)
                    sub.push.discard(name)
                    if name in restored:
                        restored.remove(name)
                    bound = {k for s in chain for k in s.kills}
                    end |= _with_contents({n for s in chain for n in loads(s.forward)} - bound)
                else:
                    sub.push.add(name)
                    if name not in restored:
                        restored.append(name)
        return done

    def exposures(self, nodes: Sequence[Node]) -> dict[str, str]:
        """Say what happens first to each name in a block: "def" where it is bound first on every path, else "use"."""
        found = self._exposures.get(id(nodes))
        if found is None:
            found = self._exposures[id(nodes)] = {}
            for node in nodes:
                for name, what in self._exposed(node).items():
                    found.setdefault(name, what)
        return found

    def _exposed(self, node: Node) -> dict[str, str]:
        """Say what a node does first to each name in it."""
        if isinstance(node, Step):
            found = dict.fromkeys(node.kills, "use" if node.opaque else "def")
            reads = reads_before(node)
            plain = bool(node.forward)
            for name in loads([*node.forward, *node.backward]):
                if name not in found or not plain or name in reads:
                    found[name] = "use"
            return found
        if isinstance(node, Branch):
            arms = self.exposures(node.body), self.exposures(node.orelse)
            found = {n: "def" if arms[0].get(n) == arms[1].get(n) == "def" else "use" for n in {**arms[0], **arms[1]}}
            return found | dict.fromkeys(loads([node.stmt.test, *node.before]), "use")
        found = dict.fromkeys(self.exposures(node.body), "use")
        if isinstance(node.stmt, ast.For):
            for name in stored([node.stmt.target]):
                found.pop(name, None)
            return found | dict.fromkeys(loads([node.stmt.iter, *node.before]), "use")
        return found | dict.fromkeys(loads([node.stmt.test, *node.before]), "use")

    def steady(
        self, nodes: Sequence[Node], position: int, name: str, binders: Sequence[Node], changes: Changes
    ) -> list[Step]:
        """Return the steps that compute a variable again at the end of its block, [] where that is dear or wrong."""
        node = nodes[position]
        if not isinstance(node, Step) or len(binders) != 1:
            return []
        chain: list[Step] = []
        first = position
        wanted = {name}
        for place in range(position, -1, -1):
            step = nodes[place]
            if not isinstance(step, Step) or step.group != node.group or step.group < 0:
                break
            hit = wanted & set(step.kills)
            if not hit:
                continue
            if not self.is_cheap(step) or name in loads(step.forward):
                return []
            chain.insert(0, step)
            first = place
            wanted = (wanted - hit) | {n for n in loads(step.forward) if self.is_private(step, n)}
        if not chain or wanted or sum(cost(value_of(s)) for s in chain) > MOST:
            return []
        operands = {n for s in chain for n in loads(s.forward)} - {k for s in chain for k in s.kills}
        # What was written since is not what would be computed again.
        return [] if changes.since(first, operands) or changes.written_after(position, name) else chain

    def is_cheap(self, step: Step) -> bool:
        """Say whether the one value that a step binds is cheap to compute again."""
        if len(step.kills) != 1 or len(step.forward) != 1 or step.stmt is None:
            return False
        value = value_of(step)
        if value is None or cost(value) > MOST:
            return False
        # An array is saved as a reference, which costs less than any operation on it.
        arithmetic = any(isinstance(n, ast.BinOp) for n in walk(value))
        return not arithmetic or self.facts.name_after(step.stmt, step.kills[0]).what == "scalar"


def slots_of(name: str) -> str:
    """Return what stands for the slots of a list or a dict, whatever is in them."""
    return f"{name}[...]"


def is_restored(name: str, restored: Collection[str], alias: Aliases) -> bool:
    """Say whether the reverse sweep may have changed what a name leads to."""
    return alias.find(name) in restored or slots_of(name) in restored


def _contents(name: str) -> str:
    """Return what stands among needed names for what is in the memory of one: without it, its shape is needed."""
    return f"={name}"


def _with_contents(names: Iterable[str]) -> set[str]:
    found = set(names)
    return found | {_contents(name) for name in found}


def _memory(leader: str) -> str:
    """Return what stands among needed names for the memory of a class, where no name that is needed refers to it."""
    return f"{leader}[]"


def _restores(holder: Branch | Loop, nodes: Sequence[Node]) -> tuple[list[str], list[list[Step]]]:
    """Return the lists in which a block notes what its reverse sweep restores first."""
    if isinstance(holder, Loop):
        return holder.restored, holder.recomputed
    slot = 0 if nodes is holder.body else 1
    return holder.restored[slot], holder.recomputed[slot]


def _leaves(node: Node) -> bool:
    """Say whether a jump out of the loop around it is in a node."""
    if isinstance(node, Step):
        return any(isinstance(s, ast.Break) for s in node.forward)
    return isinstance(node, Branch) and any(_leaves(n) for n in [*node.body, *node.orelse])
