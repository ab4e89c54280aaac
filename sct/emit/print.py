"""Turn a syntax tree into text, and prove that the text is that tree.

In: statements whose names are spelled, with remarks and marks between them. Out: text. astor prints, `ast.unparse`
does where astor fails or is not wanted, and the text of either is parsed again and compared before it is believed.
"""

from __future__ import annotations

import ast
import math
import warnings
from collections.abc import Sequence
from typing import Any

from .. import core
from ..errors import SctError
from ..frontend.source import Function
from . import marks
from .comments import weave
from .format import parse, parses_to


def print_function(tree: ast.FunctionDef, function: Function | None, pretty: bool = True) -> str:
    """Return the text of a function; `function` is the user's own that its comments come from.

    `pretty` is for files. A live function is printed by ``ast.unparse`` alone, which needs no import.
    """
    bare = _bare(tree)
    for verbatim in (True, False) if function is not None else ():
        assert function is not None
        text = _print(weave(tree, function, verbatim), bare, pretty)
        if text is not None:
            return text
    text = _print(tree, bare, pretty)
    if text is not None:
        return text
    raise _unprintable(f"the derivative '{tree.name}'", bare)


def print_statement(tree: ast.stmt, pretty: bool = True) -> str:
    """Return the text of one statement of a module, such as an import or a constant."""
    text = _print(tree, _bare(tree), pretty)
    if text is None:
        raise _unprintable("a statement", _bare(tree))
    return text


def _unprintable(what: str, tree: ast.stmt) -> SctError:
    """Return the error that says why no text parses to a tree."""
    try:
        parse(ast.unparse(ast.fix_missing_locations(tree)))
    except SyntaxError as error:
        if "too many" in str(error):  # levels of indentation, nested parentheses, statically nested blocks
            advice = "put inner branches into functions, inner operands into statements of their own"
            return SctError(f"{what} would be nested too deeply for Python ({error.msg}): {advice}")
    except (MemoryError, RecursionError, ValueError):
        return SctError(f"{what} would be nested too deeply for Python: split its longest expression")
    return SctError(f"{what} cannot be printed: this is a defect of sct, please report it")


def _print(tree: ast.stmt, bare: ast.stmt, pretty: bool) -> str | None:
    """Return text that parses to `bare`, None where no printer finds one."""
    expected = ast.Module(body=[bare], type_ignores=[])
    for printer in (_astor, ast.unparse) if pretty else (ast.unparse,):
        found: list[marks.Mark] = []
        marked = _Marker(found, pretty).visit(tree)
        try:
            text = marks.settle(printer(marked).strip("\n"), found) + "\n"
        except (AttributeError, TypeError, ValueError, KeyError, AssertionError):
            continue  # astor knows not every node of every Python
        if parses_to(text, expected):
            return text
    return None


def _astor(tree: ast.AST) -> str:
    """Print with astor, without its own wrapping of lines and strings: black does that."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # astor asks for ast.Num and its kin
        from astor.code_gen import to_source

        text: str = to_source(tree, pretty_string=lambda s, *_, **__: repr(s), pretty_source="".join)
    return text


def _bare(tree: ast.stmt) -> ast.stmt:
    """Return the tree as Python sees it: no remarks, constants as a parser makes them."""
    result: ast.stmt = _Plain().visit(tree)
    return result


class _Rebuild(ast.NodeVisitor):
    """Rebuilds a tree from copies: what is given is never changed."""

    def generic_visit(self, node: ast.AST) -> Any:
        result = type(node).__new__(type(node))
        for name, value in node.__dict__.items():
            if isinstance(value, ast.AST):
                value = self.visit(value)
            elif isinstance(value, list):
                value = self.sequence(value)
            setattr(result, name, value)
        return result

    def sequence(self, nodes: Sequence[Any]) -> list[Any]:
        return [self.visit(node) if isinstance(node, ast.AST) else node for node in nodes]


class _Plain(_Rebuild):
    def sequence(self, nodes: Sequence[Any]) -> list[Any]:
        return super().sequence([n for n in nodes if not (isinstance(n, ast.stmt) and marks.is_comment(n))])

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return plain_constant(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.JoinedStr:
        return node

    visit_TemplateStr = visit_JoinedStr


class _Marker(_Plain):
    """Replaces remarks and marks by the names that they print as."""

    def __init__(self, found: list[marks.Mark], pretty: bool) -> None:
        self.found, self.pretty = found, pretty

    def visit_Return(self, node: ast.Return) -> Any:
        return self.with_bare_tuples(self.generic_visit(node), "value")

    def visit_Assign(self, node: ast.Assign) -> Any:
        result = self.with_bare_tuples(self.generic_visit(node), "value")
        result.targets = [self.bare(target) for target in result.targets]
        return result

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        result = self.generic_visit(node)
        if not self.pretty:
            mark = marks.number(self.found, marks.inline(signature(result.args)))
            result.args = ast.arguments(
                posonlyargs=[], args=[ast.arg(arg=mark.id)], kwonlyargs=[], kw_defaults=[], defaults=[]
            )
        return result

    def visit_For(self, node: ast.For) -> Any:
        return self.with_bare_tuples(self.generic_visit(node), "target")

    def with_bare_tuples(self, node: Any, name: str) -> Any:
        setattr(node, name, self.bare(getattr(node, name)))
        return node

    def bare(self, node: ast.expr | None) -> ast.expr | None:
        """Return a tuple without its parentheses: astor knows where they are idle, `ast.unparse` not everywhere."""
        if self.pretty or not isinstance(node, ast.Tuple) or not node.elts:
            return node
        comma = "," if len(node.elts) == 1 else ""
        return marks.number(self.found, marks.inline(", ".join(map(ast.unparse, node.elts)) + comma))

    def generic_visit(self, node: ast.AST) -> Any:
        result = super().generic_visit(node)
        if isinstance(result, ast.stmt) and not hasattr(result, "lineno"):
            result.lineno = 0  # `ast.unparse` looks up type comments by it
        return result

    def sequence(self, nodes: Sequence[Any]) -> list[Any]:
        return _Rebuild.sequence(self, nodes)

    def visit_Expr(self, node: ast.Expr) -> Any:
        text = core.remark_text(node)
        if text is not None:
            return ast.Expr(
                value=marks.number(
                    self.found, marks.Mark("line", "\n".join(f"# {row}" for row in text.split("\n")) if text else "")
                )
            )
        return self.generic_visit(node)

    def visit_Mark(self, node: marks.Mark) -> ast.Name:
        return marks.number(self.found, node)


def plain_constant(node: ast.Constant) -> ast.expr:
    """Return a constant as a parser would make it: negative ones are operations, NumPy's Python's, nan a call."""
    value: Any = node.value
    if type(value).__module__ == "numpy" and hasattr(value, "item"):
        value = value.item()
    if isinstance(value, tuple):
        return ast.Tuple(elts=[plain_constant(ast.Constant(value=v)) for v in value], ctx=ast.Load())
    if isinstance(value, float) and math.isnan(value):
        return ast.Call(func=ast.Name(id="float", ctx=ast.Load()), args=[ast.Constant(value="nan")], keywords=[])
    if isinstance(value, int | float) and not isinstance(value, bool) and math.copysign(1.0, value) < 0:
        return ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=-value))
    if isinstance(value, complex) and str(value.real) == "-0.0" and math.copysign(1.0, value.imag) < 0:
        return ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=-value))
    if isinstance(value, complex) and (str(value.real) != "0.0" or math.copysign(1.0, value.imag) < 0):
        parts = [plain_constant(ast.Constant(value=v)) for v in (value.real, complex(0.0, abs(value.imag)))]
        sign = ast.Sub() if math.copysign(1.0, value.imag) < 0 else ast.Add()
        return ast.BinOp(left=parts[0], op=sign, right=parts[1])
    if value is node.value:
        return node
    return ast.copy_location(ast.Constant(value=value), node)


def signature(arguments: ast.arguments) -> str:
    """Return the text between the parentheses of a definition, with the spaces that people write."""
    positional = [*arguments.posonlyargs, *arguments.args]
    missing = [None] * (len(positional) - len(arguments.defaults))
    parts = [_parameter(a, d) for a, d in zip(positional, [*missing, *arguments.defaults], strict=True)]
    if arguments.posonlyargs:
        parts.insert(len(arguments.posonlyargs), "/")
    if arguments.vararg is not None:
        parts.append("*" + _parameter(arguments.vararg, None))
    elif arguments.kwonlyargs:
        parts.append("*")
    parts += [_parameter(a, d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]
    if arguments.kwarg is not None:
        parts.append("**" + _parameter(arguments.kwarg, None))
    return ", ".join(parts)


def _parameter(arg: ast.arg, default: ast.expr | None) -> str:
    text = arg.arg if arg.annotation is None else f"{arg.arg}: {ast.unparse(arg.annotation)}"
    if default is None:
        return text
    return f"{text}{'=' if arg.annotation is None else ' = '}{ast.unparse(default)}"
