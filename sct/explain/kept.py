"""Helpers that stayed in the generated code because too little is known, and the annotation that would spare them.

In: the generated functions, and what is known of the parameters. Out: `Kept`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from sct import core
from sct.analysis.kinds import Kind
from sct.explain.facts import Kept
from sct.modes.reverse.sweeps import line_of, shown
from sct.simplify import trees
from sct.walk import header, root_name

_PREFIX = "sct.runtime."
#: For each helper why it is there, where {} is what it is called for, and the arguments that this is.
_FIRST, _SECOND, _REST = slice(0, 1), slice(1, 2), slice(1, None)
_REASONS: dict[str, tuple[str, slice]] = {
    "unbroadcast": ("what {} meets is not known to have the same shape", _SECOND),
    "matmul_bar_left": ("the numbers of axes of the operands {} of a product are not known", _REST),
    "matmul_bar_right": ("the numbers of axes of the operands {} of a product are not known", _REST),
    "require_scalar": ("the code is for numbers, and nothing says so of {}", _REST),
    "require_number": ("the code is for numbers, and nothing says so of {}", _REST),
    "require_members": ("the code is for members that are numbers, and nothing says so of {}", _SECOND),
    "require_index": ("the code is for a single index, and nothing says so of {}", _REST),
    "require_array": ("the code is for arrays, and nothing says so of {}", _FIRST),
    "require_numbers": ("the code is for arithmetic, and nothing says that {} is no list", _FIRST),
    "require_length": ("slices of a list are put back by their places, and nothing says how long {} is", _FIRST),
    "require_part": ("{} is stored into, and nothing says that it is an array", _FIRST),
    "require_own_members": ("members of a copy are written, and nothing says that {} is an array", _FIRST),
    "require_dict": ("dicts are put together by `|`, and nothing says that {} is one", _FIRST),
    "require_sequence": ("a loop runs over {}, and nothing says that it is no dict", _FIRST),
    "require_float": ("the code writes floats into {}, which may hold integers", _SECOND),
    "finish": ("the adjoint may be a number, an array or a container, as {} may", _SECOND),
    "zeros_like": ("the adjoint may be a number, an array or a container, as {} may", _FIRST),
}


def kept(
    functions: Sequence[ast.FunctionDef],
    kinds: Mapping[str, Kind],
    ancestors: Callable[[str], Collection[str]],
    entry: bool,
) -> list[Kept]:
    """Return the helpers that are left in functions; `ancestors` says which variables one depends on."""
    found: dict[tuple[str, int, str], dict[str, None]] = {}
    for function in functions:
        for call, line in _calls(function.body, 0):
            name = core.qualname(call.func).removeprefix(_PREFIX)
            args = call.args[_REASONS[name][1]]
            roots = [r for a in args if (r := root_name(a)) is not None]
            advice = _advice(name, _blamed(roots, kinds, ancestors), kinds, entry)
            found.setdefault((name, line, advice), {}).update(dict.fromkeys(map(shown, args)))
    return [_kept(name, line, advice, tuple(values)) for (name, line, advice), values in found.items()]


def _kept(name: str, line: int, advice: str, values: tuple[str, ...]) -> Kept:
    return Kept(name, line, values, _REASONS[name][0].format(", ".join(f"`{v}`" for v in values)), advice)


def _blamed(roots: Sequence[str], kinds: Mapping[str, Kind], ancestors: Callable[[str], Collection[str]]) -> list[str]:
    """Return the parameters of which too little is known, among those that variables depend on."""
    doubted = [n for n, kind in kinds.items() if _is_doubtful(n, kind)]
    reached = {a for r in roots for a in ancestors(r)}
    return [n for n in doubted if n in roots] or [n for n in doubted if n in reached] or doubted


def _is_doubtful(name: str, kind: Kind) -> bool:
    """Say whether an annotation could say more of a parameter."""
    unsized = kind.shape is None or kind.shape.ndim is None
    return kind.what == "unknown" or kind.what == "array" and unsized or kind.dtype == "unknown"


def _advice(helper: str, names: Sequence[str], kinds: Mapping[str, Kind], entry: bool) -> str:
    if not names:
        return "No annotation changes this."
    if not entry:
        return "Annotations of the function that is differentiated say more."
    if helper in ("require_scalar", "require_number", "require_index"):
        kind = "int" if helper == "require_index" else "float"
        return f"Annotate {', '.join(f'{n}: {kind}' for n in names)}."
    sized = f'{names[0]}: Float[np.ndarray, "n"]'
    if all(kinds[n].what == "array" for n in names):
        return f"Annotate {', '.join(names)} with sizes, as in {sized}."
    return f"Annotate {', '.join(names)} as float, or with sizes, as in {sized}."


def _calls(block: Sequence[ast.stmt], line: int) -> Iterator[tuple[ast.Call, int]]:
    """Yield the calls of helpers, each with the line of the user's that it belongs to, 0 for none."""
    for stmt in block:
        if core.remark_text(stmt) is not None:
            line = core.remark_line(stmt)
            continue
        for node in header(stmt):
            if isinstance(node, ast.Call) and core.qualname(node.func).removeprefix(_PREFIX) in _REASONS:
                if core.qualname(node.func).startswith(_PREFIX):
                    yield node, line_of(stmt) or line
        for inner in trees.blocks(stmt):
            yield from _calls(inner, line)
