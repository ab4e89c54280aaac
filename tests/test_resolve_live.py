"""The live door: the same reading, checked against the running program and helped out by it."""

from __future__ import annotations

import importlib
import linecache
import sys

import numpy as np
import pytest
from resolve_support import shown, write

from sct import core
from sct.frontend.read import read_file, read_live
from sct.frontend.resolve import Resolver

MAIN = """
import functools
import math
import numpy as np
import helpers
import pkg.inner
from helpers import g, K
from numpy import sin
SCALE = 3.0
TABLE = np.zeros(3)

def timed(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args)
    return wrapper

def register(function):
    return function

@register
def f(x):
    return g(x) + helpers.g(x) + pkg.inner.deep(x) + sin(x) + np.cos(x) + K + SCALE + later(x) + helpers.np.exp(x)

def later(x):
    return x

def make(k):
    import math as m
    def inner(x):
        return m.sin(k * x) + other(x) + inner(x)
    def other(x):
        return inner(x)
    return inner

made = make(2.0)
twice_made = lambda x: made(x) + make(3.0)(x)
chosen = np.sin if SCALE > 2 else np.cos
if SCALE > 2:
    def either(x): return x
else:
    def either(x): return -x

def uses(x):
    return made(x) + chosen(x) + either(x) + SCALE

def compose(first, second):
    def both(x):
        return first(second(x))
    return both

composed = compose(make(1.0), make(2.0))

def defaults(a, b=1.0, c=SCALE, d=SCALE * 2, *, e=np.pi, f=TABLE, h=sin, i=later):
    return a

@timed
def wrapped(x):
    return wrapped(x - 1)

@functools.lru_cache
def cached(n):
    return cached(n - 1)

def calls(x):
    return wrapped(x) + cached(3)

alias = None
def set_alias():
    global alias
    alias = np.sin
def uses_alias(x):
    return alias(x)
"""


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Import a program of several modules, freshly for each test."""
    write(
        tmp_path,
        main=MAIN,
        helpers="import numpy as np\nK = 2.0\ndef g(x): return np.sin(x) * K\n",
        pkg__inner="def deep(x): return x\n",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    names = ("main", "helpers", "pkg", "pkg.inner")
    for name in names:
        monkeypatch.delitem(sys.modules, name, raising=False)
    importlib.invalidate_caches()
    yield importlib.import_module("main")
    for name in names:
        sys.modules.pop(name, None)


def resolved(function):
    read = read_live(function)
    resolver = Resolver(read.module)
    return resolver, resolver.resolve(read)


def line(function):
    resolver, node = resolved(function)
    return shown(node)[-1]


def test_both_doors_read_the_same(program):
    module = read_file(program.__file__)
    resolver = Resolver(module)
    for name in ("f", "later", "calls", "set_alias"):
        by_file = shown(resolver.resolve(resolver.find(module, name)))
        assert shown(resolved(getattr(program, name))[1]) == by_file
    assert line(program.f) == (
        "return @helpers.g(x) + @helpers.g(x) + @pkg.inner.deep(x) + numpy.sin(x) + numpy.cos(x) + =helpers.K"
        " + =main.SCALE + @main.later(x) + numpy.exp(x)"
    )


def test_helpers_come_with_their_function_objects(program):
    resolver, _ = resolved(program.f)
    assert resolver.function("helpers.g").live is program.g
    assert resolver.function("main.f").live is program.f
    assert shown(resolver.resolve(resolver.function("helpers.g"))) == ["return numpy.sin(x) * =helpers.K"]
    assert resolver.namespace(resolver.function("helpers.g").module) is vars(sys.modules["helpers"])


def test_what_reading_cannot_tell_the_program_does(program):
    assert line(program.uses) == "return @main.make.<locals>.inner(x) + numpy.sin(x) + @main.either(x) + =main.SCALE"


def test_closures(program):
    resolver, node = resolved(program.made)
    inner = "main.make.<locals>.inner"
    other = f"@{inner.replace('inner', 'other')}"
    assert shown(node) == [f"return math.sin(={inner}.<closure>.k * x) + {other}(x) + @{inner}(x)"]
    assert resolver.cell(f"={inner}.<closure>.k").cell_contents == 2.0
    assert resolver.cell(f"={inner}.<closure>.k") in program.made.__closure__
    assert resolver.cell("=main.SCALE") is None
    assert shown(resolver.resolve(resolver.function(other[1:]))) == [f"return @{inner}(x)"]


def test_closures_of_one_def_are_told_apart(program):
    resolver, node = resolved(program.composed)
    first, second = (c.func for c in (node.body[0].value, node.body[0].value.args[0]))
    keys = [core.qualname(first)[1:], core.qualname(second)[1:]]
    assert len(set(keys)) == 2
    values = []
    for key in keys:
        found = resolver.resolve(resolver.function(key)).body[-1].value
        qualname = core.qualname(found.left.left.args[0].left)
        values.append(resolver.cell(qualname).cell_contents)
    assert values == [1.0, 2.0]


def test_a_variable_without_a_value_yet():
    def early():
        return later_variable

    assert line(early) == "return ?later_variable"
    later_variable = 1


def test_a_nested_function_that_calls_itself_before_it_has_a_name():
    seen = []

    def keep(function):
        seen.append(line(function))

    def recursive(x):
        return recursive(x)

    keep(recursive)
    assert seen[0].startswith("return @")
    assert seen[0].endswith(".<locals>.recursive(x)")


def test_defaults_that_only_the_function_knows(program):
    program.SCALE = 4.0
    resolver, node = resolved(program.defaults)
    positional = [core.qualname(d) for d in node.args.defaults]
    assert positional == ["", "=main.defaults.<defaults>.c", "=main.defaults.<defaults>.d"]
    assert [core.qualname(d) for d in node.args.kw_defaults] == ["numpy.pi", "=main.TABLE", "numpy.sin", "@main.later"]
    assert resolver.cell("=main.defaults.<defaults>.c").cell_contents == 3.0
    assert resolver.cell("=main.defaults.<defaults>.d").cell_contents == 6.0


def test_a_loop_variable_as_a_default():
    functions = []
    for k in range(3):

        def scaled(x, k=k):
            return k * x

        functions.append(scaled)
    resolver, node = resolved(functions[1])
    assert resolver.cell(core.qualname(node.args.defaults[0])).cell_contents == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("g", lambda x: x), ("sin", np.cos), ("np", np.linalg), ("later", np.sin), ("helpers", np), ("later", 3)],
)
def test_a_global_that_was_bound_again_is_unknown(program, name, value):
    setattr(program, name, value)
    resolver, node = resolved(program.f)
    assert f"?{name}" in shown(node)[-1]
    assert "not what the source says" in resolver.why_unknown(f"?{name}")


def test_a_patched_sibling_is_unknown(program, monkeypatch):
    monkeypatch.setattr(sys.modules["helpers"], "g", lambda x: x)
    assert "?helpers.g(x)" in line(program.f)


def test_data_that_was_bound_again_is_still_data(program):
    program.SCALE = np.ones(3)
    program.K = 5.0
    assert "=main.SCALE" in line(program.f)
    assert "=main.K" in line(program.f)


def test_a_global_that_a_function_rebinds_is_not_taken_at_its_word(program):
    assert line(program.uses_alias) == "return =main.alias(x)"
    program.set_alias()
    assert line(program.uses_alias) == "return ?alias(x)"


def test_decorated_helpers(program):
    resolver, node = resolved(program.calls)
    assert shown(node) == ["return @main.wrapped(x) + @main.cached(3)"]
    # The wrapper's meaning is unknown: what is under it keeps its decorator for all to see.
    assert resolver.function("main.wrapped").live is None
    assert core.qualname(resolver.resolve(resolver.function("main.wrapped")).decorator_list[0]) == "@main.timed"
    cached = resolver.function("main.cached")
    assert cached.live is program.cached.__wrapped__
    assert shown(resolver.resolve(cached)) == ["return @main.cached(n - 1)"]


def test_a_decorator_that_returns_its_function_does_no_harm(program):
    assert resolved(program.f)[1].decorator_list == []


def test_the_bare_function_under_a_wrapper_does_not_mistake_the_wrapper_for_itself(program):
    assert line(program.wrapped.__wrapped__) == "return ?wrapped(x - 1)"


def test_while_the_module_is_still_being_imported(program):
    names = dict(vars(program))
    for name in ("later", "K", "helpers"):
        del vars(program)[name]
    try:
        assert "@main.later(x)" in line(program.f)
        assert "=helpers.K" in line(program.f)
    finally:
        vars(program).update(names)


def run(text, path, **names):
    linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)
    exec(compile(text, path, "exec"), names)
    return names


def test_functions_of_other_cells(program):
    first = run("import numpy as np\ndef g(x): return np.sin(x)\n", "<cell 1>", __name__="__main__")
    second = run("def f(x): return g(x) + np.cos(x) + y\n", "<cell 2>", **first, y=3)
    resolver, node = resolved(second["f"])
    assert shown(node) == ["return @__main___2.g(x) + numpy.cos(x) + =__main__.y"]
    assert shown(resolver.resolve(resolver.function("__main___2.g"))) == ["return numpy.sin(x)"]


def test_installed_functions_are_not_read():
    from statistics import mean

    import scipy.special

    def f(x):
        return mean(x) + scipy.special.erf(x) + local(x) + sum_of(x)

    local, sum_of = scipy.special.expit, np.linalg.norm
    assert line(f) == "return statistics.mean(x) + scipy.special.erf(x) + scipy.special.expit(x) + numpy.linalg.norm(x)"
