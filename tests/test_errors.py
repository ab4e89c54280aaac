"""Errors say where, show the line, and point at the code."""

from __future__ import annotations

import ast
import pickle

import pytest

from sct import core
from sct.errors import ReadError, Refused, SctError, Span, UsageError, span_of
from sct.frontend.read import read_text


def first(module, kind):
    return next(node for node in ast.walk(module.tree) if isinstance(node, kind))


def test_refused_shows_the_line_and_a_caret():
    module = read_text("def f(x):\n    return x + foo(x)\n", "dir/model.py")
    error = Refused("cannot differentiate foo", span_of(module, first(module, ast.Call)), "Write bar.")
    assert str(error).splitlines() == [
        "dir/model.py:2:16: cannot differentiate foo",
        "    return x + foo(x)",
        "               ^^^^^^",
        "Write bar.",
    ]


def test_exit_codes_and_the_tree():
    assert [e.exit_code for e in (SctError, ReadError, Refused, UsageError)] == [123, 123, 123, 2]
    assert all(issubclass(e, SctError) for e in (ReadError, Refused, UsageError))


@pytest.mark.parametrize(
    "error",
    [
        Refused("reason", Span("f.py", 1, 2, 4, "abcdef"), "advice"),
        Refused("reason", None),
        ReadError("reason", "f.py", 3, 4),
        UsageError("no such function"),
    ],
)
def test_errors_survive_pickling(error):
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)


def test_without_a_place_there_is_no_picture():
    assert str(Refused("reason", None, "advice")) == "reason\nadvice"
    module = read_text("x = 1\n", "f.py")
    made = ast.Name(id="%1", ctx=ast.Load())
    assert str(Refused("reason", span_of(module, made))) == "f.py: reason"


def test_a_made_node_is_placed_by_what_it_holds():
    module = read_text("def f(x):\n    return g(x)\n", "f.py")
    made = ast.Expr(value=ast.UnaryOp(op=ast.USub(), operand=first(module, ast.Call)))
    span = span_of(module, made)
    assert (span.line, span.column, span.end_column) == (2, 12, 16)


def test_a_reference_keeps_its_place():
    module = read_text("def f(x):\n    return x\n", "f.py")
    name = ast.copy_location(core.ref("numpy.sin", "np.sin"), first(module, ast.Return))
    assert span_of(module, name).line == 2


@pytest.mark.parametrize(
    ("line", "shown", "caret"),
    [
        ("\tif y:  return foo(x)", "if y:  return foo(x)", "              ^^^^^^"),
        ("    é = 'ü' + foo(x)", "é = 'ü' + foo(x)", "          ^^^^^^"),
        ("    s = '漢字' + foo(x)", "s = '漢字' + foo(x)", "             ^^^^^^"),
        ("    a =\tfoo(x)", "a =\tfoo(x)", "   \t^^^^^^"),
    ],
)
def test_carets_stand_under_the_code(line, shown, caret):
    module = read_text(f"def f(x, y):\n{line}\n", "f.py")
    picture = str(Refused("no", span_of(module, first(module, ast.Call)))).splitlines()
    assert picture[1:] == ["    " + shown, "    " + caret]


def test_code_over_several_lines_is_underlined_to_the_end_of_the_first():
    module = read_text("y = foo(1,\n        2)  # tail\n", "f.py")
    picture = str(Refused("no", span_of(module, first(module, ast.Call)))).splitlines()
    assert picture[1:] == ["    y = foo(1,", "        ^^^^^^"]


def test_a_very_long_line_is_shown_in_part():
    module = read_text("y = [" + "1, " * 400 + "foo(x), " + "2, " * 400 + "]\n", "f.py")
    _, text, caret = str(Refused("no", span_of(module, first(module, ast.Call)))).splitlines()
    assert len(text) < 200
    start = caret.index("^")
    assert text[start : start + caret.count("^")] == "foo(x)"


def test_form_feeds_do_not_count_as_lines():
    module = read_text("x = 1\n\x0cy = foo(x)\n", "f.py")
    span = span_of(module, first(module, ast.Call))
    assert (span.line, span.text.strip("\x0c")) == (2, "y = foo(x)")


def test_a_read_error_is_one_line():
    assert str(ReadError("two\nlines", "f.py", 3, 0)) == "f.py:3:1: two lines"
    assert str(ReadError("missing", "f.py")) == "f.py: missing"
