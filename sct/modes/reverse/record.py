"""The record of the adjoints that are live while a function is walked backwards."""

from __future__ import annotations

import ast

from sct import core
from sct.analysis.kinds import CONTAINERS, NO_AXES, UNKNOWN, Kind, is_inexact
from sct.modes.log import Fired
from sct.modes.members import asked_members
from sct.modes.reverse.context import Context
from sct.modes.reverse.forms import may_lack_axes
from sct.modes.reverse.live import Live
from sct.modes.reverse.nodes import AFTER, add_to, helper, loads, number, stored
from sct.modes.reverse.places import shared_names
from sct.modes.reverse.regimes import SHADOW
from sct.nodes import assign, load

#: Helpers that may return a list, a tuple or a dict.
_KEEPS_STRUCTURE = frozenset(
    "add as_list astype_like block_bar broadcast_bar check_seed column_split_like dict_tangent dsplit_like entry "
    "finish first_max_bar first_min_bar fold hsplit_like last_writes members meshgrid_bar numbers_bar once "
    "put_back_bar restored save select_bar sorted_bar split_like sum_bar unfold vsplit_like written zeros_like "
    "zeros_mirror".split()
)


class Record:
    """Knows where each adjoint is, and adds to it."""

    def __init__(self, context: Context) -> None:
        self.c = context
        self.varied = context.analysis.activity.varied
        self.live = Live()
        self.out: list[ast.stmt] = []
        self.stmt: ast.stmt = ast.Pass()
        self.fired: Fired = []
        self.depth = 0  # of blocks
        self.group = 0
        self.asked = asked_members(context.flat.node)
        self._last_source: ast.stmt | None = None
        self._names: dict[ast.stmt, set[str]] = {}
        self.roots: dict[str, set[str]] = {}  # for each adjoint, those whose memory it may be or share
        self.typed: set[str] = set()  # adjoints in the container types of what they belong to
        self.bare: set[str] = set()  # adjoints that may be arrays without axes where they belong to numbers
        self.numeric: set[str] = set()  # adjoints that arithmetic made: of numbers or arrays, never of containers
        self.stands_for: dict[str, str] = {}  # the adjoints that are those of the user's variables too
        self.begun: set[str] = set()  # names whose buffers began as a first share, in the precision of that
        self.structured: set[str] = set()  # adjoints that were given a value which may be a container
        self.absent: set[str] = set()  # adjoints of what one arm of a branch alone reads: it may be None otherwise
        self._order = {name: i for i, name in enumerate(context.bars)}
        self._kinds: dict[str, list[Kind]] = {}  # wherever a name is bound
        for after in context.analysis.facts.after.values():
            for name, kind in after.items():
                self._kinds.setdefault(name, []).append(kind)

    def is_live(self, name: str) -> bool:
        return name in self.live or self.c.regimes.regime(name) == SHADOW

    def adjoint(self, name: str) -> ast.expr:
        """Return the expression that holds the adjoint of a live name."""
        if self.c.regimes.regime(name) == SHADOW:
            return load(self.c.bar(name))
        return self.live[name]

    def emit(self, stmt: ast.stmt) -> None:
        start = len(self.out)
        for name in stored([stmt]):
            self.settle_readers(name)
        if isinstance(stmt, (ast.Assign, ast.AugAssign)) and set(stored(self.out[start:])) & set(loads([stmt.value])):
            # What was settled changes what the value reads: it is computed before.
            held = self.c.fresh.temporary()
            self.out.insert(start, assign(held, stmt.value))
            fields = {name: getattr(stmt, name) for name in stmt._fields} | {"value": load(held)}
            stmt = type(stmt)(**fields)
        self.note_roots(stmt)
        self.out.append(stmt)

    def note_roots(self, stmt: ast.stmt) -> None:
        """Note which adjoints may be, or share the memory of, which others."""
        if isinstance(stmt, ast.Assign) and isinstance(stmt.targets[0], ast.Name):
            own = stmt.targets[0].id
            self.absent.discard(own)
            self.share_roots(own, stmt.value)
            structured = self.may_be_container(stmt.value)
            (self.numeric.discard if structured else self.numeric.add)(own)
            (self.structured.add if structured else self.structured.discard)(own)
            (self.bare.add if self.may_be_bare(stmt.value) else self.bare.discard)(own)
            (self.typed.add if self.has_types(stmt.value) else self.typed.discard)(own)
        else:
            self.numeric.difference_update(stored([stmt]))
            self.typed.update(stored([stmt]))

    def share_roots(self, own: str, value: ast.expr) -> None:
        """Note that an adjoint may be what `value` is: in straight-line code nothing else any more."""
        known = set().union(*(self.roots.get(n, {n}) for n in shared_names(value)))
        before = self.roots.get(own, set()) if self.depth > 1 else set()
        self.roots[own] = {own} | before | known

    def may_be_container(self, value: ast.expr) -> bool:
        """Say whether an adjoint may be a list, a tuple or a dict, as that of a value whose kind is not known may."""
        if isinstance(value, ast.Name):
            return value.id not in self.numeric
        if isinstance(value, ast.Call):
            name = core.qualname(value.func)
            structured = name.startswith("!") or name.rpartition(".")[2] in _KEEPS_STRUCTURE
            return structured or bool(core.popped(value))
        if isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Tuple):
            return not any(isinstance(step, ast.Slice) for step in value.slice.elts)  # only an array has such parts
        return not isinstance(value, (ast.BinOp, ast.UnaryOp, ast.Constant))

    def may_be_bare(self, value: ast.expr) -> bool:
        """Say whether an adjoint may be an array without axes where its value is a number."""
        return value.id in self.bare if isinstance(value, ast.Name) else may_lack_axes(value)

    def has_types(self, value: ast.expr) -> bool:
        """Say whether an adjoint surely has tuples where its value has them, not the lists that are added to."""
        if isinstance(value, ast.Name):
            return value.id in self.typed
        if not isinstance(value, ast.Call):
            return False
        name = core.qualname(value.func).rpartition(".")[2]
        return name.startswith("!") or name == "finish" or name == "add" and self.has_types(value.args[0])

    def sum(self, name: str, first: ast.expr, second: ast.expr) -> ast.expr:
        """Return the sum of two contributions to the adjoint of `name`: lists are added member by member."""
        what = self.kind_of(name).what  # `+` would join lists
        if (
            what in ("scalar", "array")
            or what not in ("list", "tuple", "dict")
            and not (self.may_be_container(first) and self.may_be_container(second))
        ):
            return ast.BinOp(left=first, op=ast.Add(), right=second)
        return helper("add", first, second)

    def may_share(self, value: ast.expr) -> set[str]:
        """Return the roots of an adjoint's memory."""
        todo = [value.id] if isinstance(value, ast.Name) else list(shared_names(value))
        found: set[str] = set()
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                todo += self.roots.get(name, set())
        return found

    def settle_readers(self, bar: str) -> None:
        """Give every adjoint that is only the value of `bar` a name of its own, before `bar` changes."""
        for name in self.live.readers(bar):
            if self.c.bar(name) != bar:
                self.settle(name)

    def settled_by(self, bars: list[str]) -> set[str]:
        """Return the adjoints that get values of their own when these change."""
        found: set[str] = set()
        todo = list(bars)
        while todo:
            bar = todo.pop()
            for name in self.live.readers(bar):
                own = self.c.bar(name)
                if own != bar and own not in found:
                    found.add(own)
                    todo.append(own)
        return found

    def settle(self, name: str) -> None:
        """Put the adjoint of `name` into its own variable."""
        value = self.live[name]
        own = self.c.bar(name)
        if not (isinstance(value, ast.Name) and value.id == own):
            self.settle_readers(own)
            self.note_roots(assign(own, value))
            self.out.append(assign(own, value))
            self.live[name] = load(own)

    def zero(self, name: str, kind: Kind) -> ast.expr:
        if kind.what == "scalar":
            return number(0.0)
        if is_inexact(kind):
            return ast.Call(func=core.ref("numpy.zeros_like"), args=[load(name)], keywords=[])
        return helper("zeros_mirror" if self.is_mirrored(name, kind) else "zeros_like", load(name))

    def is_mirrored(self, name: str, kind: Kind) -> bool:
        """Say whether members of a variable that are one object have one adjoint."""
        alias = self.c.analysis.alias
        return (
            kind.what in (*CONTAINERS, "unknown")
            and (self.c.regimes.regime(name) == SHADOW or name in alias.tangled)
            and alias.is_memory_written(name)
            and name not in self.c.params_kinds
        )

    def counted_once(self, name: str, kind: Kind, y_bar: ast.expr) -> ast.expr:
        """Return an adjoint for what made a value: the adjoint of an object that is in it twice is in there once."""
        if isinstance(y_bar, ast.Name) and self.is_mirrored(name, kind):
            return helper("once", y_bar, y_bar)
        return y_bar

    def is_shadow(self, expr: ast.expr) -> bool:
        return isinstance(expr, ast.Name) and self.c.regimes.regime(expr.id) == SHADOW

    def shares_shadow(self, stmt: ast.stmt, expr: ast.expr) -> bool:
        """Say whether what is put somewhere has a shadow that can be put there too: a number has none to share."""
        return self.is_shadow(expr) and self.c.analysis.facts.kind(stmt, expr).what != "scalar"

    def ensure(self, name: str) -> None:
        """Make the buffer of `name`, if it is not made yet."""
        if self.is_live(name):
            value = self.adjoint(name)
            if not (isinstance(value, ast.Name) and value.id == self.c.bar(name)):
                self.settle(name)
            return
        view = self.c.regimes.views.get(name)
        own = self.c.bar(name)
        if view is not None and isinstance(view.value, ast.Name) and view.value.id in self.varied:
            base = view.value.id
            self.ensure(base)
            self.emit(assign(own, ast.Subscript(value=load(self.c.bar(base)), slice=view.slice, ctx=ast.Load())))
        else:
            rebinds = (
                isinstance(self.stmt, ast.Assign) and name in loads([self.stmt.value]) and name in stored([self.stmt])
            )
            before = self.c.analysis.facts.before.get(self.stmt, {})
            kind = before.get(name, UNKNOWN) if rebinds else self.kind_of(name)  # what is read is what it was before
            self.emit(assign(own, self.zero(name, kind)))
        self.live[name] = load(own)

    def kind_of(self, name: str) -> Kind:
        kinds = self.c.analysis.facts
        after = kinds.after.get(self.stmt, {}).get(name)
        return after if after is not None else kinds.before.get(self.stmt, {}).get(name, UNKNOWN)

    def entry_kind(self, name: str) -> Kind:
        """Return what is known of a name wherever it is bound."""
        kinds = self._kinds.get(name, [])
        given = self.c.params_kinds.get(name, Kind("scalar"))
        if kinds and all(k.what == "scalar" for k in (given, *kinds)):
            return Kind("scalar", "unknown", NO_AXES)
        if name in self.c.params_kinds:
            kind = self.c.params_kinds[name]
            if all(k.what == kind.what for k in kinds):
                return kind
            kinds = [kind, *kinds]
        if kinds and all(map(is_inexact, kinds)):
            return Kind("array", "float" if all(k.dtype == "float" for k in kinds) else "inexact")
        return UNKNOWN

    def order(self, name: str) -> int:
        return self._order.get(name, len(self._order))

    def contribute(self, name: str, value: ast.expr) -> None:
        """Add `value` to the adjoint of `name`."""
        if isinstance(value, ast.Name) and value.id.endswith(AFTER):
            value = helper("save", value)  # a shadow, which changes before this adjoint is read
        if self.c.regimes.buffered(name):
            kind = self.kind_of(name)
            own = self.c.bar(name)
            if not self.is_live(name) and name not in self.c.regimes.views:
                may_have_none = kind.ndim == 0 or kind.ndim is None and name in self.c.regimes.whole
                if (
                    isinstance(value, (ast.BinOp, ast.UnaryOp))
                    and kind.what in ("array", "unknown")
                    and kind.dtype != "complex"  # what is added first may be real
                    and not may_have_none
                ):
                    # The result of an operation is an array of its own: the buffer need not be zeroed first.
                    # Where there are no axes it is a number.
                    self.emit(assign(own, value))
                    self.live[name] = load(own)
                    self.begun.add(name)
                    return
                if own in loads([value]):
                    held = self.c.fresh.temporary()
                    self.emit(assign(held, value))
                    value = load(held)
            self.ensure(name)
            if kind.what in ("scalar", "array"):
                self.emit(add_to(load(own), value))
            elif self.c.regimes.regime(name) == SHADOW or name in self.c.regimes.views:
                self.emit(ast.Expr(value=helper("accumulate", load(own), value)))
            elif kind.what in CONTAINERS and self.is_mirrored(name, kind):
                self.emit(ast.Expr(value=helper("accumulate", load(own), self.counted_once(name, kind, value))))
            else:
                self.emit(assign(own, helper("add", load(own), value)))
                self.take_views(name)
        elif name not in self.live:
            if isinstance(value, ast.Constant) or isinstance(value, ast.Name) and value.id not in self.c.bars:
                self.live[name] = value
                if isinstance(value, ast.Name) and not core.is_temporary(name):
                    self.stands_for.setdefault(value.id, self.c.bar(name))
            else:
                self.emit(assign(self.c.bar(name), value))
                self.live[name] = load(self.c.bar(name))
        else:
            self.emit(assign(self.c.bar(name), self.sum(name, self.live[name], value)))
            self.live[name] = load(self.c.bar(name))

    def take_views(self, name: str) -> None:
        """Take the adjoints that are parts of the adjoint of `name` again: it is another object now."""
        for view, source in self.c.regimes.views.items():
            if isinstance(source.value, ast.Name) and source.value.id == name and view in self.live:
                part = ast.Subscript(value=load(self.c.bar(name)), slice=source.slice, ctx=ast.Load())
                self.emit(assign(self.c.bar(view), part))
                self.live[view] = load(self.c.bar(view))
                self.take_views(view)

    def distribute(self, shares: list[tuple[ast.expr, ast.expr]]) -> None:
        """Add shares to the adjoints of the names they belong to, none of which changes before it is read."""
        together: dict[str, ast.expr] = {}
        for arg, share in shares:
            if isinstance(arg, ast.Name):
                known = together.get(arg.id)
                together[arg.id] = share if known is None else self.sum(arg.id, known, share)
        read = set(loads(together.values()))
        changing = self.settled_by([self.c.bar(n) for n in together])
        for name in [n for n in together if changing & set(loads([together[n]]))]:
            held = self.c.fresh.temporary()
            self.emit(assign(held, together[name]))
            together[name] = load(held)
        last = [n for n in together if self.c.bar(n) in read]
        if len(last) > 1:
            for name in last:
                held = self.c.fresh.temporary()
                self.emit(assign(held, together[name]))
                together[name] = load(held)
        for name in [*(n for n in together if n not in last), *last]:
            self.contribute(name, together[name])
