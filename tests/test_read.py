"""Files, texts and live functions become syntax trees; what cannot be read says so in one line."""

from __future__ import annotations

import ast
import functools
import importlib.util
import linecache
import os
import sys

import numpy as np
import pytest

from sct.errors import ReadError, Refused
from sct.frontend.read import read_file, read_live, read_text


def write(folder, name, data):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return str(path)


def load(folder, name, text):
    """Import a module from a text, as a user's program would."""
    path = write(folder, f"{name}.py", text)
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def _forget_modules():
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if not name.startswith("sct"):
            sys.modules.pop(name)


# Files.


@pytest.mark.parametrize(
    ("data", "place", "reason"),
    [
        (b"def f(:\n", "1:7", "syntax error: invalid syntax"),
        (b"x = 1\nreturn x\n", "2:", "syntax error: 'return' outside function"),
        (b"def f(a, a): pass\n", "1:", "syntax error: duplicate argument 'a' in function definition"),
        (b"if x:\npass\n", "2:", "syntax error: expected an indented block after 'if' statement on line 1"),
        (b"x = 1\ny = '\0'\n", "2:6", "a source file cannot hold null bytes"),
        (b"# coding: klingon\n", "1:1", "unknown encoding: klingon"),
        (b"\xef\xbb\xbf# coding: latin-1\n", "1:1", "the file starts with the byte order mark of UTF-8"),
        (b"# coding: rot13\n", "1:1", "cannot be decoded: 'rot13' is not a text encoding"),
    ],
)
def test_bad_files_are_one_line(tmp_path, data, place, reason):
    path = write(tmp_path, "bad.py", data)
    with pytest.raises(ReadError) as caught:
        read_file(path)
    text = str(caught.value)
    assert "\n" not in text
    # Python versions do not agree on every column.
    assert text.startswith(f"{path}:{place}")
    assert f": {reason}" in text


@pytest.mark.parametrize(
    ("data", "place"),
    [(b"x = '\xe9'\n", "1:6"), (b"a = 1\nb = 2\nx = '\xe9'\n", "3:6"), (b"a = 1\r\nb = 2\r\n\xff", "3:1")],
)
def test_text_that_is_not_utf8_names_the_byte(tmp_path, data, place):
    path = write(tmp_path, "latin.py", data)
    with pytest.raises(ReadError, match="is not UTF-8; save the file as UTF-8") as caught:
        read_file(path)
    assert str(caught.value).startswith(f"{path}:{place}: byte 0x")


def test_missing_file_and_directory(tmp_path):
    with pytest.raises(ReadError, match="no such file"):
        read_file(tmp_path / "absent.py")
    with pytest.raises(ReadError, match="is a directory"):
        read_file(tmp_path)
    with pytest.raises(ReadError, match="cannot be read"):
        read_file("nu\0ll.py")


@pytest.mark.parametrize("text", ["(" * 400 + ")" * 400, "-" * 100000 + "1", "+".join("a" * 100000), "f(" * 5000])
def test_absurd_nesting_is_an_error_not_a_crash(text):
    with pytest.raises(ReadError, match="nested"):
        read_text(f"x = {text}\n")


def test_a_long_sum_is_read():
    assert read_text("x = " + "+".join(["a"] * 900) + "\n").tree.body


def test_encodings_and_line_ends(tmp_path):
    declared = read_file(write(tmp_path, "a.py", b"# -*- coding: latin-1 -*-\r\ns = '\xe9'\r\nt = 1\r"))
    assert declared.source == "# -*- coding: latin-1 -*-\ns = 'é'\nt = 1\n"
    assert declared.tree.body[0].value.value == "é"
    marked = read_file(write(tmp_path, "b.py", b"\xef\xbb\xbfx = 1\r\n"))
    assert marked.source == "x = 1\n"
    assert read_text("\ufeffx = 1\r\n", "b.py").source == "x = 1\n"


def test_no_warnings_reach_the_user(recwarn):
    read_text("x = '\\d'\nif x is 1: pass\n")
    assert not list(recwarn)


def test_names_and_roots_of_modules(tmp_path):
    write(tmp_path, "pkg/__init__.py", "")
    write(tmp_path, "pkg/sub/__init__.py", "")
    inner = read_file(write(tmp_path, "pkg/sub/model.py", "x = 1\n"))
    assert (inner.name, inner.root) == ("pkg.sub.model", str(tmp_path))
    package = read_file(str(tmp_path / "pkg" / "__init__.py"))
    assert (package.name, package.is_package) == ("pkg", True)
    odd = read_file(write(tmp_path, "my-model.v2.py", ""))
    assert odd.name == "my_model_v2"
    assert read_text("x = 1\n").root == os.getcwd()


# Live functions.


def decorate(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args)

    return wrapper


def register(function):
    return function


@register
def registered(x):
    return x


@decorate
def wrapped(x):
    return x


@functools.lru_cache
def cached(x):
    return x


def outer(k):
    def inner(x):
        return k * x

    return inner


square = lambda x: x * x  # noqa: E731
pair = [lambda x: x + 1, lambda x: x + 2]


class Model:
    @staticmethod
    def static(x):
        return x

    def method(self, x):
        return x

    def __call__(self, x):
        return x


def test_the_whole_module_is_read():
    function = read_live(registered)
    assert function.module.path == registered.__code__.co_filename
    assert function.node in function.module.tree.body
    assert (function.node.name, function.live) == ("registered", registered)
    assert function.key == f"{function.module.name}.registered"


def test_the_same_file_is_parsed_once():
    assert read_live(registered).module is read_live(outer).module


def test_nested_functions_lambdas_and_static_methods():
    assert read_live(outer(2)).qualname == "outer.<locals>.inner"
    made = read_live(square)
    assert (made.node.name, ast.unparse(made.node.body[0])) == ("square", "return x * x")
    assert ast.unparse(read_live(pair[1]).node.body[0]) == "return x + 2"
    assert read_live(Model.static).qualname == "Model.static"
    assert read_live(vars(Model)["static"]).qualname == "Model.static"
    assert read_live(Model.method).qualname == "Model.method"


def test_a_cache_keeps_the_meaning():
    assert read_live(cached).live is cached.__wrapped__


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (print, "'print', a builtin_function_or_method, has no Python source"),
        (float, "the class 'float' has no Python source"),
        (dict.get, "'dict.get', a method_descriptor, has no Python source"),
        (object(), "an object of type object has no Python source"),
        (functools.partial(print, 1), "an object of type partial has no Python source"),
        (3, "an object of type int has no Python source"),
    ],
)
def test_what_is_no_function_is_refused(value, message):
    with pytest.raises(Refused, match="Differentiate") as caught:
        read_live(value)
    assert str(caught.value).startswith(message)


def test_what_can_be_called_has_a_function_in_its_place():
    text = ast.unparse(read_live(np.sin).node)
    assert text == "def sin(x):\n    return numpy.sin(x)"
    text = ast.unparse(read_live(Model().method).node)
    assert text == "def method(x):\n    return Model_method(self, x)"
    text = ast.unparse(read_live(functools.partial(pow, exp=2)).node)
    assert text == "def pow_applied(base):\n    return pow(base, exp=2)"


async def coroutine(x):
    return x


def test_async_functions_are_refused():
    with pytest.raises(Refused, match="'coroutine' is an async function"):
        read_live(coroutine)


def run(text, name="<a text>", **names):
    """Run a text that `linecache` knows, as notebooks, doctests and sct itself do."""
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    exec(compile(text, name, "exec"), names)
    return names


def test_functions_known_to_linecache_alone():
    text = "\n\nfrom math import sin\ndef f(x):\n    return sin(x)\n"
    function = read_live(run(text, "<cell 1>", __name__="__main__")["f"])
    assert (function.module.path, function.module.source, function.node.lineno) == ("<cell 1>", text, 4)
    assert function.module.name == "__main__"


def test_functions_without_source_say_so():
    names = {}
    exec("def f(x):\n    return x\n", names)
    with pytest.raises(ReadError, match="the source of 'f' is not available; put it into a file"):
        read_live(names["f"])


@pytest.mark.parametrize(
    "edited",
    [
        "def f(x):\n    return 3.0 * x\n",
        "def f(x):\n    return 2 * x\n",
        "def f(y):\n    return 2.0 * y\n",
        "\ndef f(x):\n    return 2.0 * x\n",
        "def g(x):\n    return 2.0 * x\n",
        "",
    ],
)
def test_an_edited_file_is_not_taken_for_what_runs(tmp_path, edited):
    module = load(tmp_path, "edited_module", "def f(x):\n    return 2.0 * x\n")
    assert read_live(module.f).qualname == "f"
    write(tmp_path, "edited_module.py", edited + "# changed\n")
    with pytest.raises(ReadError, match=r"'f' is not what runs: the file changed after it was imported"):
        read_live(module.f)


def test_an_edit_elsewhere_does_no_harm(tmp_path):
    module = load(tmp_path, "edited_after", "def f(x):\n    return 2.0 * x\n")
    write(tmp_path, "edited_after.py", "def f(x):\n    return 2.0 * x\n\n\ndef g(x):\n    return x\n")
    assert read_live(module.f).qualname == "f"


def test_functions_with_asserts_under_pytest():
    # pytest has rewritten this very function, so its code is not what its source compiles to.
    def asserting(x):
        assert x > 0
        return x

    assert read_live(asserting).node.name == "asserting"


def test_two_lambdas_that_cannot_be_told_apart(tmp_path):
    names = run("f, g = (lambda x: x), (lambda x: x)\n", "<twins>")
    assert ast.unparse(read_live(names["f"]).node.body[0]) == "return x"
