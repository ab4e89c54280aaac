"""The import statements of an emitted module: those that the user wrote, and what they have to grow by.

In: the bindings of a module. Out: `Import` records, and the sorted text of a set of them.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ..frontend.bindings import Table, never_on_import


@dataclass(frozen=True, order=True)
class Import:
    """One name of one import statement; `guarded` where it stands under ``if TYPE_CHECKING``."""

    module: str
    name: str = ""
    alias: str = ""
    guarded: bool = False

    @property
    def binds(self) -> str:
        """The name that the import binds."""
        return self.alias or self.name or self.module.partition(".")[0]

    @property
    def target(self) -> str:
        """The qualified name of what `binds` stands for."""
        if self.name:
            return f"{self.module}.{self.name}"
        return self.module if self.alias else self.module.partition(".")[0]

    @property
    def is_plain(self) -> bool:
        """Whether this is ``import a.b``, which binds ``a`` and makes ``a.b`` an attribute of it."""
        return not self.name and not self.alias


def written(table: Table) -> list[Import]:
    """Return what the absolute imports at the top level of a module bind, in the order of the source."""
    found: list[tuple[int, Import]] = []
    for entry in (e for entries in table.entries.values() for e in entries):
        statement = entry.binding.statement
        if isinstance(entry.binding.node, ast.alias) and isinstance(statement, ast.Import | ast.ImportFrom):
            records = records_of(statement, entry.binding.node, never_on_import(entry.top))
            found.extend((entry.order, record) for record in records)
    return [record for _, record in sorted(found)]


def records_of(
    statement: ast.Import | ast.ImportFrom, only: ast.alias | None = None, guarded: bool = False
) -> list[Import]:
    """Return what an absolute import binds, or one name of it."""
    names = statement.names if only is None else [only]
    if isinstance(statement, ast.Import):
        return [Import(n.name, "", n.asname or "", guarded) for n in names]
    if statement.level or statement.module == "__future__":
        return []
    module = statement.module or ""
    pairs = [(n.name, n.asname if n.asname != n.name else None) for n in names if n.name != "*"]
    return [Import(module, name, alias or "", guarded) for name, alias in pairs]


def has_annotations_import(tree: ast.Module) -> bool:
    """Say whether a module begins with ``from __future__ import annotations``."""
    futures = (n for n in tree.body if isinstance(n, ast.ImportFrom) and n.module == "__future__")
    return any(alias.name == "annotations" for node in futures for alias in node.names)


def text(imports: Iterable[Import], future: bool = False) -> str:
    """Return the import statements for `imports`, in groups, sorted; "" for none."""
    records = set(imports)
    guarded = {r for r in records if r.guarded and replace(r, guarded=False) not in records}
    if guarded:
        records.add(Import("typing", "TYPE_CHECKING"))
    groups = [["from __future__ import annotations"]] if future else []
    plain = [r for r in records if not r.guarded]
    groups += [list(_lines(r for r in plain if _is_standard(r) is standard)) for standard in (True, False)]
    if guarded:
        groups.append(["if TYPE_CHECKING:", *(f"    {line}" for line in _lines(guarded))])
    return "\n\n".join("\n".join(group) for group in groups if group)


def _is_standard(record: Import) -> bool:
    return record.module.partition(".")[0] in sys.stdlib_module_names


def _lines(records: Iterable[Import]) -> Iterator[str]:
    records = sorted(records, key=lambda r: (bool(r.name), r.module, _rank(r.name), r.alias))
    modules: dict[str, list[str]] = {}
    for record in records:
        if record.name:
            modules.setdefault(record.module, []).append(_aliased(record.name, record.alias))
        else:
            yield f"import {_aliased(record.module, record.alias)}"
    for module, names in modules.items():
        yield f"from {module} import {', '.join(names)}"


def _aliased(name: str, alias: str) -> str:
    return f"{name} as {alias}" if alias else name


def _rank(name: str) -> tuple[int, str]:
    """Order constants before classes before functions, as isort does."""
    return (0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2), name
