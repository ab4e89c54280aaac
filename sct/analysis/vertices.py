"""What flows together in a function, and what its uses say of being a scalar: the graph under `evidence`.

A vertex stands for the values of a name, of the members of something, or of an expression. Values that flow into one
another share a vertex (union-find). Arithmetic ties vertices without uniting them: ``r = a * b`` ties r, a and b, and
where r is surely a scalar so are a and b.
"""

from __future__ import annotations

from collections.abc import Sequence

Vertex = int

#: What may be known of a vertex.
USED = 1  # in arithmetic
LOOPED = 2  # in arithmetic, in a loop that counts
SURE = 4  # where an array would fail
SPREADS = 8  # so, and it says as much of what it meets in arithmetic
WIDE = 16  # what it meets may be an array: it is annotated as one
ARRAY = 32  # as an array, or as an object
FLAT = 64  # an array with one axis
AUGMENTED = 128  # changed by an augmented assignment: an array without axes would be written in place
INDEX = 256  # as the index of one member
HELD = 512  # put into a dict, and nothing else
UNSURE = 1024  # found by a key that may be an array: one member, or several
SLICED = 2048  # of which slices are taken, or such a slice: rather an array than a list
GIVEN = 4096  # to a function of NumPy, which takes numbers too


class Vertices:
    """Vertices, what is known of each, and what is tied to what."""

    def __init__(self) -> None:
        self.parent: list[int] = []
        self.marks: list[int] = []
        self.member: list[Vertex | None] = []
        self.keyed: list[dict[object, Vertex]] = []  # members under keys, as long as no key is unknown
        self.met: list[tuple[Vertex, Vertex]] = []  # a result of arithmetic and an operand
        self.swapped: list[Vertex] = []  # members that change places: numbers, where they have no members
        self.tied: list[tuple[Vertex, Vertex]] = []  # values that meet somewhere in a called function
        self._parts: dict[Vertex, Vertex] | None = None
        self._of_part: dict[Vertex, int] = {}

    def vertex(self, marks: int = 0) -> Vertex:
        """Make a vertex."""
        self.parent.append(len(self.parent))
        self.marks.append(marks)
        self.member.append(None)
        self.keyed.append({})
        return len(self.parent) - 1

    def find(self, v: Vertex) -> Vertex:
        """Return the vertex that stands for all that `v` is united with."""
        while self.parent[v] != v:
            self.parent[v] = self.parent[self.parent[v]]
            v = self.parent[v]
        return v

    def unite(self, a: Vertex | None, b: Vertex | None) -> Vertex | None:
        """Make two vertices one."""
        if a is None or b is None:
            return a if b is None else b
        todo = [(a, b)]
        while todo:
            x, y = (self.find(v) for v in todo.pop())
            if x == y:
                continue
            self.parent[y] = x
            self.marks[x] |= self.marks[y]
            for key, entry in self.keyed[y].items():
                todo.append((self.keyed[x].setdefault(key, entry), entry))
            first, second = self.member[x], self.member[y]
            if first is None:
                self.member[x] = second
            elif second is not None:
                todo.append((first, second))
            if self.member[x] is not None:
                todo += self._joined(x)
        return self.find(a)

    def _joined(self, v: Vertex) -> list[tuple[Vertex, Vertex]]:
        """Return what is to be united so that the members under keys are members like any other."""
        held, entries = self.member[v], self.keyed[v]
        self.keyed[v] = {}
        return [(held, entry) for entry in entries.values() if held is not None]

    def entry(self, v: Vertex, key: object, marks: int = 0) -> Vertex:
        """Return the vertex of the member of a value under a key; `marks`: of one that is found here first."""
        v = self.find(v)
        if self.member[v] is not None:
            return self.of_member(v)
        if key not in self.keyed[v]:
            self.keyed[v][key] = self.vertex(marks)
        return self.keyed[v][key]

    def of_member(self, v: Vertex) -> Vertex:
        """Return the vertex of the members of a value."""
        v = self.find(v)
        held = self.member[v]
        if held is None:
            held = self.member[v] = self.vertex()
            for one, other in self._joined(v):
                self.unite(one, other)
        return held

    def mark(self, v: Vertex | None, marks: int) -> Vertex | None:
        """Note that a value is used in some ways."""
        if v is not None:
            v = self.find(v)
            self.marks[v] |= marks
        return v

    def has(self, v: Vertex, mark: int) -> bool:
        """Say whether a value is used in a way."""
        return bool(self.marks[self.find(v)] & mark)

    def meet(self, values: Sequence[Vertex | None], marks: int) -> Vertex | None:
        """Return what arithmetic on these values gives."""
        present = [v for v in values if v is not None]
        if not present:
            return None
        result = self.vertex(marks)
        for v in present:
            self.met.append((result, v))
            self.mark(v, marks)
        return result

    # Answers, once everything is read.

    def settle(self) -> None:
        """Carry what is known of results to their operands, and find out what meets what."""
        for v in self.swapped:
            if not self.is_holder(v):
                self.mark(v, SURE)
        operands: dict[Vertex, list[Vertex]] = {}
        for result, operand in self.met:
            operands.setdefault(self.find(result), []).append(self.find(operand))
        todo = [v for v in operands if self.marks[v] & SURE]
        while todo:
            v = todo.pop()
            if self.is_holder(v):
                continue  # a name that stands for several things
            carried = self.marks[v] & (SURE | SPREADS)
            for operand in operands.get(v, ()):
                if carried & ~self.marks[operand]:
                    self.marks[operand] |= carried
                    todo.append(operand)
        parts = self._parts = self._find_parts()
        self._of_part = {}
        for v, part in parts.items():
            marks = self.marks[v]
            if self.is_holder(v):
                marks |= ARRAY
            elif marks & SURE:
                marks &= ~(UNSURE | GIVEN)
            self._of_part[part] = self._of_part.get(part, 0) | marks

    def _find_parts(self) -> dict[Vertex, Vertex]:
        """Return, for each vertex that meets others, the one that stands for all that it meets."""
        leader: dict[Vertex, Vertex] = {}

        def top(v: Vertex) -> Vertex:
            while leader.setdefault(v, v) != v:
                leader[v] = leader.setdefault(leader[v], leader[v])
                v = leader[v]
            return v

        for a, b in [*self.met, *self.tied]:
            leader[top(self.find(a))] = top(self.find(b))
        return {v: top(v) for v in list(leader)}

    def part(self, v: Vertex) -> Vertex | None:
        """Return the vertex that stands for all that `v` meets in arithmetic, None where it meets nothing."""
        if self._parts is None:
            self.settle()
        assert self._parts is not None
        return self._parts.get(self.find(v))

    def met_marks(self, v: Vertex) -> int:
        """Return what is known of anything that `v` meets in arithmetic."""
        part = self.part(v)
        return self.marks[self.find(v)] if part is None else self._of_part[part]

    def is_holder(self, v: Vertex) -> bool:
        """Say whether a value is used as an array or has members."""
        v = self.find(v)
        return bool(self.marks[v] & ARRAY or self.keyed[v]) or self.member[v] is not None

    def is_tainted(self, v: Vertex, wide: int = UNSURE) -> bool:
        """Say whether a value, or one that it meets, is known not to be a plain scalar."""
        return self.is_holder(v) or bool(self.met_marks(v) & (ARRAY | GIVEN | WIDE | wide))

    def is_scalar(self, v: Vertex, enough: int) -> bool:
        """Say whether a value may be taken for a scalar: what it meets has one of the marks that are `enough`."""
        met = self.met_marks(v)  # first: this settles the graph
        if self.is_holder(v):
            return False
        if self.has(v, SURE):
            return True
        held = bool(enough & HELD) and self.has(v, HELD)
        if not self.has(v, USED | enough & HELD) or self.is_tainted(v, 0 if held else UNSURE):
            return False
        return bool((met | self.marks[self.find(v)]) & enough)

    def is_number(self, v: Vertex) -> bool:
        """Say whether a value, or a result that it goes into, is used where an array would fail."""
        return self.has(v, SURE) and not self.is_holder(v)

    def scalar_depth(self, v: Vertex, enough: int) -> int:
        """Return how often a value has to be subscripted until what comes out may be taken for a scalar."""
        depth = 0
        v = self.find(v)
        wide = ARRAY | USED | SURE | (0 if enough & USED else SLICED)
        while self.member[v] is not None and not self.marks[v] & wide:
            held = self.member[v]
            assert held is not None
            v = self.find(held)
            depth += 1
            if depth > 4:
                return 0
        return depth if depth and self.is_scalar(v, enough) else 0
