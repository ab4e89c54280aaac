"""Printing: trees to text and back, comments, names, headers."""

from __future__ import annotations

import ast
import copy
import textwrap
from pathlib import Path

import numpy as np
import pytest

import sct
from sct import core
from sct.emit.format import format_module
from sct.emit.header import body_of, body_sha256, header, is_generated, parse_header, sha256, syntax_sha256
from sct.emit.imports import Import, text
from sct.emit.module import Options, assemble
from sct.emit.print import plain_constant, print_function
from sct.emit.tree import same
from sct.errors import Refused, SctError
from sct.frontend.read import read_file, read_text
from sct.frontend.resolve import Resolver
from sct.frontend.source import Function, Module
from sct.pipeline import Derived, Request


def module_of(source: str, path: str = "<text>") -> Module:
    return read_text(textwrap.dedent(source), path)


def function_of(source: str) -> Function:
    module = module_of(source)
    node = next(n for n in module.tree.body if isinstance(n, ast.FunctionDef))
    return Function(module, node, node.name)


def made(source: str) -> list[ast.stmt]:
    """Return statements as the compiler makes them: without places."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        for name in ("lineno", "col_offset", "end_lineno", "end_col_offset"):
            if hasattr(node, name):
                delattr(node, name)
    return tree.body


def printed(tree: ast.FunctionDef, function: Function | None = None) -> str:
    """Print in both ways, make sure that both say the same, and return what a file would hold."""
    results = [print_function(copy.deepcopy(tree), function, pretty) for pretty in (True, False)]
    assert same(ast.parse(results[0]).body, ast.parse(results[1]).body)
    assert format_module(results[0], 88) == format_module(results[1], 88)
    return format_module(results[0], 88)


EVERYTHING = '''
def f(x, /, y: int = 3, *args, z=-1, **kwargs) -> float:  # the head
    """What f does.

        indented
    """
    # own line
    a = x * y  # behind
    b = (a +
         1e-3)  # behind two lines

    if (a  >0):  # test
        # first in block
        c = 1_000.0
        # end of block
    # before elif
    elif b:  # elif
        c = 2
    # before else
    else:  # behind else
        c = 0x10

        # end of the other
    for i, (j, k) in enumerate(args):  # head
        c += i; c -= 1  # two in a line
        continue
    while c < 1: c = c + 1  # one line
    try:
        # in try
        d = [1,
             # inside
             2]
    except (ValueError, TypeError) as e:  # handler
        raise RuntimeError("no") from e
    finally:
        pass  # at last
    e = f"{a!r:>{y}} and 'quotes' {{}}"
    g = """two
  lines"""
    h = lambda q: q if q else -q  # noqa: E731
    with open("x") as file, open("y"):
        pass
    assert a, "no"
    del h
    # before return
    return b, *args  # result
    # the end

# not of the function
'''


def test_a_function_printed_back_is_itself():
    function = function_of(EVERYTHING)
    expected = format_module(function.module.source.split("\n# not of")[0].strip() + "\n", 88)
    # What stands between two branches has no place of its own in a syntax tree: it comes after the colon.
    expected = expected.replace(
        "    # before elif\n    elif b:  # elif\n", "    elif b:  # elif\n        # before elif\n"
    )
    expected = expected.replace(
        "    # before else\n    else:  # behind else\n", "    else:  # behind else\n        # before else\n"
    )
    expected = expected.replace("c += i;", "c += i\n        ")
    assert printed(function.node, function) == expected


def test_every_comment_appears_once_when_statements_come_twice():
    function = function_of("def f(x):\n    # before\n    y = x * x  # behind\n    return y  # last\n")
    tree = copy.deepcopy(function.node)
    tree.body = [tree.body[0], *made("dy = 2 * x"), copy.deepcopy(tree.body[0]), tree.body[1]]
    result = printed(tree, function)
    assert result == (
        "def f(x):\n    # before\n    y = x * x\n    dy = 2 * x\n    y = x * x  # behind\n    return y  # last\n"
    )


def test_comments_of_a_return_that_is_gone_end_the_primal_part():
    function = function_of("def f(x):\n    y = x * x\n    # the value\n    return y  # done\n    # end\n")
    tree = copy.deepcopy(function.node)
    tree.body = [tree.body[0], core.remark(), core.remark("y = x * x"), *made("x_bar = 2 * x\nreturn y, x_bar")]
    assert printed(tree, function) == textwrap.dedent("""\
        def f(x):
            y = x * x
            # the value
            # done

            # y = x * x
            x_bar = 2 * x
            return y, x_bar
            # end
        """)


def test_comments_of_pruned_statements_go_with_them():
    function = function_of("def f(x):\n    # about y\n    y = x * x  # y\n    # about z\n    z = x\n    return z\n")
    tree = copy.deepcopy(function.node)
    del tree.body[0]
    assert printed(tree, function) == "def f(x):\n    # about z\n    z = x\n    return z\n"


def test_changed_statements_keep_their_comments():
    function = function_of("def f(x):\n    y = g(  # inside\n        x)  # behind\n    return y\n")
    tree = copy.deepcopy(function.node)
    changed = ast.copy_location(made("y, dy = g_jvp(x, dx)")[0], tree.body[0])
    tree.body[0] = changed
    assert printed(tree, function) == "def f(x):\n    # inside\n    y, dy = g_jvp(x, dx)  # behind\n    return y\n"


def test_a_method_is_indented_anew():
    source = """
    class C:
        @staticmethod
        def f(x):
            '''Doc
            of f.
            '''
            y = [
                x,
            ]
            s = '''a
            b'''
            return y
    """
    module = module_of(source)
    node = module.tree.body[0].body[0]
    bare = copy.deepcopy(node)
    bare.decorator_list = []
    result = printed(bare, Function(module, node, "C.f"))
    assert same(ast.parse(result).body[0].body[2], node.body[2])
    assert result.startswith('def f(x):\n    """Doc\n    of f.\n    """\n    y = [\n        x,\n    ]\n')


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (-1.0, "-1.0"),
        (-0.0, "-0.0"),
        (np.float64(2.5), "2.5"),
        (np.int64(-3), "-3"),
        (np.bool_(True), "True"),
        (float("inf"), "1e309"),
        (float("-inf"), "-1e309"),
        (float("nan"), "float('nan')"),
        (2j, "2j"),
        (-2j, "-2j"),
        (1 - 2j, "1.0 - 2j"),
        ((1, -2), "(1, -2)"),
        (True, "True"),
        (None, "None"),
    ],
)
def test_constants(value: object, expected: str):
    tree = ast.Expression(body=plain_constant(ast.Constant(value=value)))
    assert ast.unparse(tree) == expected
    assert same(ast.parse(expected, mode="eval").body, tree.body)


def test_constants_are_made_plain_when_printed():
    tree = made("def f(x):\n    return x")[0]
    assert isinstance(tree, ast.FunctionDef)
    tree.body[0].value = ast.BinOp(ast.Name("x", ast.Load()), ast.Pow(), ast.Constant(np.float64(-2.0)))
    assert format_module(print_function(tree, None), 88) == "def f(x):\n    return x**-2.0\n"
    tree.body[0].value = ast.BinOp(ast.Constant(-2), ast.Pow(), ast.Name("x", ast.Load()))
    assert printed(tree) == "def f(x):\n    return (-2) ** x\n"


def test_what_is_printed_is_not_changed():
    function = function_of(EVERYTHING)
    before = ast.dump(function.node, include_attributes=True)
    printed(function.node, function)
    assert ast.dump(function.node, include_attributes=True) == before
    assert not any(hasattr(node, "_pp") for node in ast.walk(function.node))


def test_printing_warns_of_nothing(recwarn: pytest.WarningsRecorder):
    function = function_of(EVERYTHING + "\nx = '\\d'\n")
    printed(function.node, function)
    assert not recwarn.list


@pytest.mark.parametrize("left, right, expected", [("x", "x", True), ("x", "y", False), ("0.0", "-0.0", False)])
def test_same(left: str, right: str, expected: bool):
    assert same(ast.parse(left), ast.parse(right)) is expected


# Names and imports


def emit(source: str, body: str, path: str = "<text>", **options: object) -> str:
    """Return the module for a derivative `body` of the first function, with ``R('numpy.cos')`` for references."""
    module = module_of(source, path) if path == "<text>" else read_file(path)
    resolver = Resolver(module)
    module = resolver.library.add(module)
    function = resolver.functions(module)[0]
    tree = resolver.resolve(function)
    (derived,) = made(textwrap.dedent(body))
    assert isinstance(derived, ast.FunctionDef)
    derived = _References().visit(derived)
    derived.body = [*tree.body[:-1], *derived.body]
    request = Request(function, "jvp")
    result = Derived(derived.name, (derived,), (function,), request)
    return assemble([result], resolver, Options(**options)).split("\n", 3)[3]  # type: ignore[arg-type]


class _References(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "R":
            return core.ref(node.args[0].value)  # type: ignore[attr-defined]
        return node


COS = "def f_jvp(x, dx):\n    return R('numpy.cos')(x) * dx"


@pytest.mark.parametrize(
    ("head", "use", "expected"),
    [
        ("from numpy import sin", "sin(x)", "from numpy import cos, sin"),
        ("import numpy as np", "np.sin(x)", "import numpy as np"),
        ("import numpy as xp", "xp.sin(x)", "import numpy as xp"),
        ("import numpy", "numpy.sin(x)", "import numpy"),
        ("import numpy as np\nfrom numpy import sin", "sin(x)", "import numpy as np\nfrom numpy import sin"),
        ("from numpy import cos, sin", "sin(x)", "from numpy import cos, sin"),
        ("from numpy import cos as c, sin", "sin(x)", "from numpy import cos as c, sin"),
        ("from math import sin", "sin(x)", "from math import sin\n\nimport numpy as np"),
        ("from numpy import *", "sin(x)", "import numpy as np\nfrom numpy import sin"),
        ("import numpy as np\nmysin = np.sin", "mysin(x)", "import numpy as np\n\nmysin = np.sin"),
    ],
)
def test_imports_follow_the_module(head: str, use: str, expected: str):
    result = emit(f"{head}\ndef f(x):\n    y = {use}\n    return y\n", COS)
    assert result.split("\n\n\ndef")[0].strip() == expected
    assert f"y = {use}\n" in result


def test_a_math_reference_follows_the_imports_of_math():
    body = "def f_jvp(x, dx):\n    return R('math.cos')(x) * dx"
    assert "from math import cos, sin\n" in emit("from math import sin\ndef f(x):\n    y = sin(x)\n    return y", body)
    assert "math.cos(x)" in emit("import math\ndef f(x):\n    y = math.sin(x)\n    return y", body)
    assert "m.cos(x)" in emit("import math as m\ndef f(x):\n    y = m.sin(x)\n    return y", body)


def test_names_do_not_hide_each_other():
    result = emit(
        "from numpy import sin\ndef f(x, cos):\n    y = sin(x) * cos\n    return y", COS.replace("x, dx", "x, cos, dx")
    )
    assert "from numpy import sin" in result
    assert "cos(x)" not in result.replace("np.cos(x)", "")
    result = emit("def f(np):\n    y = np * 2\n    return y", "def f_jvp(np, dx):\n    return R('numpy.cos')(np) * dx")
    assert "from numpy import cos as cos_" in result
    assert "cos_(np)" in result


def test_imports_inside_a_function_serve_it():
    result = emit("def f(x):\n    import numpy as np\n    y = np.sin(x)\n    return y", COS)
    assert result.count("import numpy as np") == 1
    assert "np.cos(x) * dx" in result


def test_builtins_that_are_hidden_are_imported():
    body = "def f_jvp(x, dx):\n    return R('builtins.len')(x)"
    assert "return len(x)" in emit("def f(x):\n    y = x\n    return y", body)
    result = emit("def f(x, len):\n    y = x\n    return y", body.replace("x, dx", "x, len, dx"))
    assert "from builtins import len as len_" in result


SLICE = '''
from __future__ import annotations

import os
import numpy as np
from typing import Any

Vec = np.ndarray
SCALE = 2.0  # metres
UNUSED = 3.0
TABLE = np.zeros(3)
TABLE[0] = SCALE


def f(x: Vec, other: Any = None):
    y = helper(x) * TABLE[0]
    return y


def decorate(f):
    return f


@decorate
def helper(x):
    """Help."""
    return inner(x)  # kept


def inner(x):
    return x + len(str(x))


def unused(x):
    return os.getpid()
'''


def test_the_slice_holds_what_is_reached():
    result = emit(SLICE, "def f_jvp(x: Vec, other, dx):\n    return y, dx")
    assert result == textwrap.dedent('''\
        from __future__ import annotations

        import numpy as np

        Vec = np.ndarray
        SCALE = 2.0  # metres
        TABLE = np.zeros(3)
        TABLE[0] = SCALE


        def decorate(f):
            return f


        @decorate
        def helper(x):
            """Help."""
            return inner(x)  # kept


        def inner(x):
            return x + len(str(x))


        def f_jvp(x: Vec, other, dx):
            y = helper(x) * TABLE[0]
            return y, dx
        ''')


def test_statements_on_one_line_keep_their_order():
    result = sct.transform("H = 2.0; K = H * 3\ndef f(x):\n    return x * K\n", "f", mode="forward")
    assert result.index("H = 2.0") < result.index("K = H * 3")


def test_what_sibling_modules_define_is_copied_under_a_free_name(tmp_path: Path):
    (tmp_path / "model.py").write_text(
        "import numpy as np\nfrom other import g, K\nimport other\ndef helper(x):\n    return x\n"
        "def f(x):\n    y = g(x) + K + other.helper(x) + helper(x)\n    return y\n"
    )
    (tmp_path / "other.py").write_text(
        "import numpy as xp\nK = xp.pi\ndef g(x):\n    return xp.ones(3) + helper(x)\ndef helper(x):\n    return K\n"
    )
    source = tmp_path / "model.py"
    module = read_file(source)
    resolver = Resolver(module)
    function = resolver.find(module, "f")
    tree = resolver.resolve(function)
    tree.name = "f_jvp"
    result = assemble([Derived("f_jvp", (tree,), (function,), Request(function, "jvp"))], resolver, Options())
    assert "from model.py, other.py." in result
    namespace: dict[str, object] = {}
    exec(result, namespace)
    assert list(namespace["f_jvp"](2.0)) == pytest.approx([1 + np.pi + np.pi + np.pi + 2.0] * 3)  # type: ignore
    assert "def other_helper(x)" in result
    assert "def helper(x)" in result


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("import sys\nif sys.argv:\n    K = 1.0\nelse:\n    K = 2.0", "bound under a condition"),
        ("K = 1.0\ndef set():\n    global K\n    K = 2.0", "bound by a function"),
        ("", "'K' is not defined"),
    ],
)
def test_globals_that_are_not_settled_are_refused(head: str, reason: str):
    with pytest.raises(Refused, match=reason) as caught:
        emit(f"def f(x):\n    y = x * K\n    return y\n{head}\n", "def f_jvp(x, dx):\n    return y")
    assert caught.value.span is not None
    assert caught.value.span.line == 2


def test_standalone_modules_need_numpy_alone():
    body = "def f_jvp(x, dx):\n    return R('sct.runtime.unbroadcast')(dx, x)"
    source = "def f(x):\n    y = x\n    return y"
    assert "from sct.runtime import unbroadcast\n" in emit(source, body)
    result = emit(source, body, standalone=True)
    assert "sct" not in result
    namespace: dict[str, object] = {}
    exec(result, namespace)
    assert namespace["f_jvp"](1.0, np.ones(3)) == 3.0  # type: ignore[operator]


def test_import_text_is_sorted_in_groups():
    records = [
        Import("numpy", "sin"),
        Import("numpy", "", "np"),
        Import("math", "cos"),
        Import("math", "pi"),
        Import("os"),
        Import("typing", "Any"),
        Import("lib", "T", "", True),
        Import("numpy", "Array"),
    ]
    expected = textwrap.dedent("""\
        from __future__ import annotations

        import os
        from math import cos, pi
        from typing import TYPE_CHECKING, Any

        import numpy as np
        from numpy import Array, sin

        if TYPE_CHECKING:
            from lib import T""")
    assert text(records, future=True) == text(reversed(records), future=True) == expected


# Headers


def test_headers_can_be_read_back():
    body = "\nx = 1\n"
    whole = header([("a.py", "x\n"), ("b.py", "y\n")], body, "--mode reverse --wrt x") + body
    found = parse_header(whole)
    assert found is not None
    assert found.sources == ("a.py", "b.py")
    assert found.options == "--mode reverse --wrt x"
    assert body_of(whole) == body
    assert found.body_sha256 == body_sha256(body, found.options)
    assert found.syntax_sha256 == syntax_sha256("x = (1)\n", found.options) != syntax_sha256(body, "")
    assert parse_header(whole.replace("\n", "\r\n")) == found
    assert sha256("a\r\nb\rc\n") == sha256("a\nb\nc\n")
    assert whole.splitlines()[0] == "# Code generated by sct 0.1.0 from a.py, b.py. DO NOT EDIT."


def test_the_hash_of_the_syntax_is_the_same_on_every_python():
    text_ = '''
def f(x: float, *y, z=-1.5e3, **k) -> "g[int]":
    """Say.

      More.  """
    with a as b, c:
        return f"{x!r:>{y}} {z=}" + 'a' "b\\n\\ud800", [*y, 0xFF, 1j, None, ...], {**k, 1: b""}
'''
    assert syntax_sha256(text_, "") == "b35f7db50e24508760b5a7c2cabb44ce448c70b8f0d15ea02e8d002b1527ee1a"
    assert syntax_sha256(text_.replace("  More.  ", "  More.").replace("0xFF", "255"), "") == syntax_sha256(text_, "")
    for old, new in (("-1.5e3", "1.5e3"), ("0xFF", "255.0"), ("None", "..."), ("!r", ""), ('b""', '""'), ("More", "m")):
        assert syntax_sha256(text_.replace(old, new), "") != syntax_sha256(text_, "")


@pytest.mark.parametrize("text_", ["", "x = 1\n", "# Code generated by hand\n", "#!/usr/bin/python\n"])
def test_other_files_are_not_generated(text_: str):
    assert not is_generated(text_)
    assert parse_header(text_) is None


def test_hashes_of_several_sources_tell_where_one_ends():
    one = parse_header(header([("a", "xy"), ("b", "z")], "", ""))
    two = parse_header(header([("a", "x"), ("b", "yz")], "", ""))
    assert one is not None
    assert two is not None
    assert one.source_sha256 != two.source_sha256


PLAIN_AND_OTHER_LINES = '''
import numpy as np

LIMIT  = 3
def f(x, y, *, key = None):
    """Some text.

    a = b
    """
    a = x * np.sin(y[0]) - 2.5 * -x
    # a remark
    #another remark
    a[0, 1] += f(x, y, key=a)
    x.append(a)

    b = (a + x)
    b = (a + x) * y
    c = f(a,)
    c = f(a, (b))
    c = not(a)
    c = a**2 + a ** b.c
    if  x :
        import os
        d = 1E5

        e = 'text'
        e = 1e-05
    else:
        g = f(
            a = b
        )
        # the last remark
    first, second = second, first
    a_name_that_is_long = another_name_that_is_long + another_name_that_is_long * another_name_that_is_long
    return (a, b)
'''


@pytest.mark.parametrize("line_length", [60, 88])
def test_plain_lines_come_out_as_black_has_them(line_length: int) -> None:
    import black

    mode = black.Mode(line_length=line_length, target_versions={black.TargetVersion.PY311})
    wide = textwrap.indent(PLAIN_AND_OTHER_LINES, "  ").replace("\n  def", "\n  if LIMIT:\n    pass\n  def")
    for source in (
        PLAIN_AND_OTHER_LINES,
        f"if True:\n{wide}",
        PLAIN_AND_OTHER_LINES.replace("# a remark", "# fmt: off"),
    ):
        assert format_module(source, line_length) == black.format_str(source, mode=mode)


def test_what_python_cannot_nest_is_said() -> None:
    arms = "".join(f"    {'el' if i else ''}if x > {120 - i}.0:\n        x = x * {i}.5\n" for i in range(120))
    with pytest.raises(SctError, match="nested too deeply for Python"):
        sct.transform(f"def f(x: float):\n{arms}    return x\n", mode="reverse")
