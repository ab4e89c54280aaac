"""The core language: Python's own ``ast``, narrowed.

In: nothing. Out: the few conventions that every pass shares.

*References.* After `frontend.resolve`, a plain ``ast.Name`` in a function is one of its own variables. Whatever
else a name or a dotted path stood for is one ``ast.Name`` whose id no Python source can contain, made by `ref`:
``ref("numpy.sin", "np.sin")`` keeps the qualified name, which rules look up, and the user's spelling, which the
printer puts back. The qualified name of a function that the user wrote starts with ``@`` and that of a global of
the user's with ``=``; then come the module and the name: ``@model.layer``, ``=model.SCALE``.

*Temporaries.* A name that the compiler made and that nobody has to see is ``%1``, ``%2``, … (`is_temporary`).
`simplify` puts most of them back into expressions and names the rest.

*Remarks.* A comment that the compiler writes is an expression statement made by `remark`; a blank line is an empty
remark.

*Places.* A node with ``lineno`` came from the user's source; a node without one was made by the compiler.
"""

from __future__ import annotations

import ast

_REMARK = "\0remark:"

#: Views that NumPy does not let one write.
READ_ONLY_VIEWS = {
    f"numpy.{name}" for name in ("diag", "diagonal", "ndarray.diagonal", "linalg.diagonal", "broadcast_to")
} | {"numpy.broadcast_arrays", "numpy.lib.stride_tricks.sliding_window_view"}
#: Functions that write into their first argument and return nothing, and the position of what they write.
WRITERS = {
    "numpy.add.at": 2,
    "numpy.subtract.at": 2,
    "sct.runtime.take_add": 2,
    "sct.runtime.accumulate": 1,
    "sct.runtime.accumulate_at": 2,
    "sct.runtime.accumulate_numbers": 1,
    "sct.runtime.put_back": 1,
    "sct.runtime.put_back_at": 2,
    "sct.runtime.put_entry": 2,
}

#: Those that write the arrays which a list or a dict holds, rather than bind its slots anew.
WRITES_MEMBERS = frozenset(name for name in WRITERS if name != "sct.runtime.put_entry")


def begins(call: ast.Call) -> ast.expr | None:
    """Return what a ``sum`` begins with, as it is written."""
    return next((k.value for k in call.keywords if k.arg == "start"), call.args[1] if len(call.args) > 1 else None)


def ref(qualname: str, spelling: str = "") -> ast.Name:
    """Return the expression that stands for the thing with this qualified name."""
    return ast.Name(id=f"{qualname}:{spelling}", ctx=ast.Load())


def as_global(node: ast.expr) -> ast.Name:
    """Return a reference to one of the user's functions as one to a global, which is not looked into."""
    return ast.copy_location(ref("=" + qualname(node)[1:], spelling(node)), node)


def popped(expr: ast.AST) -> str:
    """Return the variable of which ``name.pop()`` takes the last member, "" for any other expression."""
    if isinstance(expr, ast.Call) and not expr.args and not expr.keywords and isinstance(expr.func, ast.Attribute):
        base = expr.func.value
        if expr.func.attr == "pop" and isinstance(base, ast.Name) and not is_ref(base):
            return base.id
    return ""


def shallow_copied(expr: ast.AST) -> ast.expr | None:
    """Return what ``x.copy()`` or ``copy.copy(x)`` copies, None for any other expression.

    A list or a dict that is copied so holds the same members; an array has its own.
    """
    if not isinstance(expr, ast.Call) or expr.keywords:
        return None
    if isinstance(expr.func, ast.Attribute):
        return expr.func.value if expr.func.attr == "copy" and not expr.args else None
    return expr.args[0] if qualname(expr.func) == "copy.copy" and len(expr.args) == 1 else None


def key_of(index: ast.expr | None) -> str | int | None:
    """Return the key, or the position, that an index is as written, None where it is another."""
    value = index.value if isinstance(index, ast.Constant) else None
    return value if isinstance(value, (str, int)) and not isinstance(value, bool) else None


def is_ref(node: ast.AST | None) -> bool:
    """Say whether `node` is a reference made by `ref`."""
    return isinstance(node, ast.Name) and ":" in node.id


def qualname(node: ast.AST | None) -> str:
    """Return the qualified name of a reference, and "" for anything else."""
    return node.id.partition(":")[0] if isinstance(node, ast.Name) and ":" in node.id else ""


def spelling(node: ast.AST | None) -> str:
    """Return how the user spelled a reference, "" where the compiler made it."""
    return node.id.partition(":")[2] if isinstance(node, ast.Name) and ":" in node.id else ""


def function_name(call: ast.Call) -> str:
    """Return the qualified name of what a call calls; a method is taken for one of arrays."""
    return f"numpy.ndarray.{call.func.attr}" if isinstance(call.func, ast.Attribute) else qualname(call.func)


def is_guard(stmt: ast.AST) -> bool:
    """Say whether a statement only asks whether a value is what the derivative was generated for."""
    call = stmt.value if isinstance(stmt, ast.Expr) else None
    return isinstance(call, ast.Call) and qualname(call.func).startswith("sct.runtime.require_")


def called(func: ast.expr) -> str:
    """Return how a message names what is called: as the user spelled it, and what it is found in without details."""
    if isinstance(func, ast.Name):
        return spelling(func) or qualname(func) or ("this value" if is_temporary(func.id) else func.id)
    if isinstance(func, ast.Attribute):
        return f"{called(func.value)}.{func.attr}"
    if isinstance(func, ast.Call):
        return f"{called(func.func)}(...)"
    if isinstance(func, ast.Subscript):
        index = repr(func.slice.value) if isinstance(func.slice, ast.Constant) else "..."
        return f"{called(func.value)}[{index}]"
    return "this function"


def is_temporary(name: str) -> bool:
    """Say whether `name` is one of the compiler's own temporaries."""
    return name.startswith("%")


# Objects of NumPy that join what stands in their brackets: what they give is active where the index is.
JOINING = frozenset({"numpy.r_", "numpy.c_"})


def remark(text: str = "", line: int = 0) -> ast.Expr:
    """Return the statement that prints as the comment ``# text``, or as a blank line without a text.

    `line` is that of the user's statement which the paragraph below belongs to, 0 for none.
    """
    return ast.Expr(value=ast.Constant(value=f"{_REMARK}{line}:{text}"))


def remark_text(node: ast.AST) -> str | None:
    """Return the text of a remark, None for any other statement."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        value = node.value.value
        if isinstance(value, str) and value.startswith(_REMARK):
            return value[len(_REMARK) :].partition(":")[2]
    return None


def remark_line(node: ast.AST) -> int:
    """Return the line of the user's statement that a remark speaks of, 0 for none and for any other statement."""
    if remark_text(node) is None:
        return 0
    return int(node.value.value[len(_REMARK) :].partition(":")[0])  # type: ignore[attr-defined]
