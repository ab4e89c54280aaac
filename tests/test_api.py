"""The functions that users call."""

from __future__ import annotations

import bdb
import contextlib
import copy
import doctest
import importlib
import inspect
import io
import linecache
import math
import os
import pdb
import pickle
import pydoc
import subprocess
import sys
import textwrap
import threading
import traceback
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import api_module
import numpy as np
import pytest

import sct

ROOT = Path(__file__).parent.parent
GAIN = 3.0


def square(x: float, gain: float = 1.0) -> float:
    """Return a square."""
    y = x * x  # squared
    return gain * y


def test_calling_forms():
    def f(x: float, y: float, *, k: float = 1.0):
        return k * x * x * y

    assert sct.grad(f)(3.0, 2.0) == 12.0
    assert sct.grad(f, "y")(3.0, 2.0, k=2.0) == 18.0
    assert sct.grad(f, wrt=(0, 1))(3.0, y=2.0) == (12.0, 9.0)
    assert sct.grad(f, wrt=(1,))(3.0, 2.0) == (9.0,)
    assert sct.value_and_grad(f)(3.0, 2.0) == (18.0, 12.0)
    assert sct.jvp(f)(3.0, 2.0, 1.0, 0.5) == (18.0, 16.5)
    assert sct.jvp(f, wrt=1)(3.0, 2.0, 1.0, k=2.0) == (36.0, 18.0)
    assert sct.vjp(f)(3.0, 2.0) == (18.0, (12.0, 9.0))
    assert sct.vjp(f)(3.0, 2.0, 2.0) == (18.0, (24.0, 18.0))
    assert sct.vjp(f, wrt="x")(3.0, 2.0, 2.0) == (18.0, 24.0)


def test_signatures():
    assert str(inspect.signature(sct.grad(square))) == "(x: 'float', gain: 'float' = 1.0) -> 'float'" or str(
        inspect.signature(sct.grad(square))
    ).startswith("(x: 'float', gain: 'float' = 1.0)")
    assert list(inspect.signature(sct.jvp(square)).parameters) == ["x", "gain", "dx", "dgain"]
    assert all(p.default is p.empty for p in inspect.signature(sct.jvp(square)).parameters.values())
    parameters = inspect.signature(sct.vjp(square)).parameters
    assert list(parameters)[:2] == ["x", "gain"]
    assert list(parameters.values())[-1].default == 1.0


def test_derivatives_are_plain_functions():
    made = sct.grad(square)
    assert type(made) is types.FunctionType
    assert made.__name__ == made.__qualname__ == "square_grad"
    assert made.__module__ == __name__
    assert made.__doc__ == "Return a square."
    assert made.__globals__ is globals()
    assert "def square_grad(x: float, gain: float = 1.0)" in made.source
    assert inspect.getsource(made) in made.source
    assert inspect.getsource(made).startswith("def square_grad(")
    assert "y = x * x  # squared\n" in sct.vjp(square).source


def test_globals_are_read_when_the_function_runs(monkeypatch: pytest.MonkeyPatch):
    def f(x: float):
        return GAIN * x * x

    made = sct.grad(f)
    assert made(1.0) == 6.0
    monkeypatch.setitem(globals(), "GAIN", 5.0)
    assert made(1.0) == 10.0


def test_variables_of_functions_around_are_read_when_the_function_runs():
    def around():
        rate = 2.0

        def set_rate(value: float):
            nonlocal rate
            rate = value

        def f(x: float):
            return rate * x * x

        return f, set_rate

    f, set_rate = around()
    made = sct.vjp(f)
    assert made(3.0) == (18.0, 12.0)
    set_rate(1.0)
    assert made(3.0) == (9.0, 6.0)
    g, set_other = around()
    set_other(10.0)
    assert sct.grad(g)(1.0) == 20.0
    assert made(3.0) == (9.0, 6.0)


def test_defaults_are_the_very_objects_of_the_primal():
    table = [1.0, 2.0]
    ones = np.ones(2)

    def f(x: float, values=table, *, more=ones):
        return x * x * values[0] * more[1]

    made = sct.grad(f)
    assert made.__defaults__[0] is table
    assert made.__kwdefaults__["more"] is f.__kwdefaults__["more"]
    table[0] = 3.0
    assert made(1.0) == 6.0


def test_errors_in_generated_code_show_its_lines():
    def f(x: float, table):
        y = x * x * table["missing"]  # not there
        return y

    with pytest.raises(KeyError) as caught:
        sct.grad(f)(1.0, {})
    frame = caught.traceback[-1]
    assert 'table["missing"]' in str(frame.statement)
    assert 'table["missing"]' in "".join(traceback.format_exception(caught.value))
    assert str(frame.path).startswith(f"<sct {__name__}.f_grad")


def test_pdb_shows_generated_lines():
    made = sct.vjp(square)
    out = io.StringIO()
    debugger = pdb.Pdb(stdin=io.StringIO("step\nlist\nquit\n"), stdout=out, nosigint=True, readrc=False)
    debugger.use_rawinput = False
    with contextlib.suppress(bdb.BdbQuit):
        debugger.runcall(made, 2.0)
    assert "y = x * x  # squared" in out.getvalue()


def test_texts_of_different_functions_do_not_mix():
    def make(source: str) -> Callable[..., Any]:
        name = f"<made {len(source)}>"
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        scope: dict[str, Any] = {"__name__": __name__}
        exec(compile(source, name, "exec"), scope)
        function: Callable[..., Any] = scope["f"]
        return function

    first = sct.grad(make("def f(x):\n    return x * x\n"))
    second = sct.grad(make("def f(x):\n    return x * x * x\n"))
    third = sct.grad(make("def f(x):\n    return x * x\n"))
    linecache.checkcache()
    assert inspect.getsource(first) == inspect.getsource(third) != inspect.getsource(second)
    assert (first(2.0), second(2.0), third(2.0)) == (4.0, 12.0, 4.0)


def test_lambdas():
    power = lambda x: x**3  # noqa: E731
    assert sct.grad(power)(2.0) == 12.0
    assert sct.grad(lambda x: x * x)(2.0) == 4.0


def test_generated_functions_are_differentiated_again():
    cube = sct.grad(lambda x: x * x * x)
    assert sct.grad(cube)(2.0) == pytest.approx(12.0)
    assert sct.jvp(sct.grad(square))(2.0, 1.0, 1.0, 0.0) == pytest.approx((4.0, 2.0))
    assert sct.grad(sct.grad(sct.grad(lambda x: math.sin(x) * x)))(0.5) == pytest.approx(
        -3 * math.sin(0.5) - 0.5 * math.cos(0.5)
    )


# The decorator


def test_a_decorated_function_stays_itself():
    assert type(api_module.energy) is types.FunctionType
    assert api_module.energy(1.0, 2.0) == 2.0 * math.sin(1.0) * 2.0 * 2.0
    assert api_module.energy.__doc__ == "Return an energy."
    assert pickle.loads(pickle.dumps(api_module.energy)) is api_module.energy

    def f(x: float):
        return x

    assert sct.differentiate(f) is f
    assert sct.differentiate(wrt=0)(f) is f


def test_a_decorated_function_has_derivatives():
    f = api_module.energy
    slope = 4.0 * math.cos(1.0) * 2.0
    assert f.grad(1.0, 2.0) == pytest.approx(slope)
    assert f.value_and_grad(1.0, 2.0) == pytest.approx((f(1.0, 2.0), slope))
    assert f.jvp(1.0, 2.0, 1.0, 0.0) == pytest.approx((f(1.0, 2.0), slope))
    assert f.vjp(1.0, 2.0)[1] == pytest.approx((slope, 4.0 * math.sin(1.0)))
    assert f.vjp(1.0, 2.0, scale=0.0)[1] == (0.0, 0.0)
    x = np.array([1.0, 2.0])
    assert api_module.affine.grad(x, 2.0, 3.0) == (3.0, 2.0)


PRODUCTS = ["grad", "value_and_grad", "jvp", "vjp"]


@pytest.mark.parametrize("name", PRODUCTS)
def test_derivatives_of_decorated_functions_pickle_by_reference(name: str):
    first = getattr(api_module.energy, name)
    assert pickle.loads(pickle.dumps(first)) == first
    made = getattr(api_module.energy, name)
    assert type(made) is types.FunctionType
    assert made.__qualname__ == f"energy.{name}"
    assert made.__module__ == api_module.__name__
    assert pickle.loads(pickle.dumps(made)) is made


@pytest.mark.parametrize(
    "use",
    [
        lambda made: made.source,
        inspect.getsource,
        inspect.signature,
        repr,
        hash,
        pydoc.render_doc,
        lambda made: made == made,
        lambda made: made.__defaults__,
        pytest.param(lambda made: sct.jvp(made), id="jvp"),
        pytest.param(copy.deepcopy, id="deepcopy"),
    ],
)
def test_derivatives_of_decorated_functions_are_compiled_when_they_are_used(use: Callable[[Any], object]):
    @sct.differentiate
    def f(x: float, y: float = 2.0):
        """Multiply."""
        return x * y

    first = f.grad
    assert inspect.isfunction(first)
    assert isinstance(first, types.FunctionType)
    assert (first.__name__, first.__module__) == ("f_grad", __name__)
    assert type(vars(f)["grad"]) is not types.FunctionType
    use(first)
    assert type(vars(f)["grad"]) is types.FunctionType
    assert first == f.grad == first
    assert first.source == f.grad.source
    assert inspect.getdoc(first) == "Multiply."


def test_pickles_are_read_in_other_processes(tmp_path: Path):
    file = tmp_path / "function.pickle"
    file.write_bytes(pickle.dumps(api_module.energy.grad))
    script = f"import pickle; print(pickle.load(open({str(file)!r}, 'rb'))(1.0, 2.0))"
    env = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    found = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True)
    assert float(found.stdout) == api_module.energy.grad(1.0, 2.0)


def test_an_attribute_that_cannot_be_says_why_when_it_is_called():
    assert api_module.pair.jvp(2.0, 1.0) == ((4.0, 6.0), (4.0, 3.0))
    assert api_module.pair.vjp(2.0, (1.0, 0.0)) == ((4.0, 6.0), 4.0)
    with pytest.raises((TypeError, sct.SctError), match=r"(?s)(?=.*jvp)(?=.*vjp)"):
        api_module.pair.grad(2.0)


def test_methods():
    model = api_module.Model()
    assert model.cost(3.0) == 9.0
    assert model.cost.grad(model, 3.0) == 6.0


def test_the_decorator_refuses_at_import(tmp_path: Path):
    source = "import sct\n@sct.differentiate\ndef f(x: float):\n    return unknown(x)\n"
    (tmp_path / "refused.py").write_text(source)
    found = subprocess.run(
        [sys.executable, "-c", "import refused"],
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"},
        capture_output=True,
        text=True,
    )
    assert found.returncode == 1
    assert "refused.py:4:12: " in found.stderr
    assert "    return unknown(x)\n" in found.stderr


# What is refused


@pytest.mark.parametrize("value", [3, None, "f", [1]])
def test_what_cannot_be_called_is_a_type_error(value: Any):
    for make in (sct.grad, sct.vjp, sct.jvp, sct.value_and_grad):
        with pytest.raises(TypeError, match="takes a function, not"):
            make(value)


@pytest.mark.parametrize("value", [int, api_module.Model, print, dict.get])
def test_what_has_no_source_is_refused(value: Any):
    with pytest.raises(sct.Refused) as caught:
        sct.grad(value)
    assert "source" in str(caught.value) or "method" in str(caught.value)


@pytest.mark.parametrize("wrt", [1.5, True, [0], {"x"}, (0, None), ((0,),)])
def test_wrt_of_another_type_is_a_type_error(wrt: Any):
    with pytest.raises(TypeError, match="wrt is a position or a name"):
        sct.grad(square, wrt=wrt)
    with pytest.raises(TypeError, match="wrt is a position or a name"):
        sct.differentiate(square, wrt=wrt)


@pytest.mark.parametrize("wrt", [7, -3, "z", ("x", "z"), (), ("x", 0)])
def test_wrt_that_is_not_there_is_a_usage_error(wrt: Any):
    with pytest.raises(sct.UsageError, match="wrt|parameter"):
        sct.grad(square, wrt=wrt)


def test_results_that_are_not_scalars_have_no_gradient():
    def twice(x: np.ndarray):
        return x * 2.0

    with pytest.raises(TypeError, match=r"(?s)(?=.*jvp)(?=.*vjp)"):
        sct.grad(twice)(np.ones(3))


# Texts


SOURCE = "from math import sin\n\n\ndef f(x):\n    return sin(x)\n\n\ndef g(y):\n    return f(y) * y\n"


def test_transform_of_a_text_a_file_and_a_function(tmp_path: Path):
    path = tmp_path / "source.py"
    path.write_text(SOURCE)
    both = sct.transform(SOURCE)
    assert both.startswith("# Code generated by sct ")
    assert "def f_jvp(x, dx):" in both
    assert "def g_jvp(y, dy):" in both
    assert sct.transform(path).split("\n", 2)[2] == both.split("\n", 2)[2]
    one = sct.transform(path, "f", mode="reverse")
    assert "def f_vjp(x, y_bar=1.0):" in one
    assert "g_vjp" not in one
    assert 'options="--mode reverse source.py::f"' in one
    live = sct.transform(square, mode="reverse", wrt="x")
    assert "def square_vjp(x: float, gain: float = 1.0" in live
    namespace: dict[str, Any] = {}
    exec(live, namespace)
    assert namespace["square_vjp"](3.0, 2.0) == (18.0, 12.0)


def test_transform_takes_the_decorated_functions_with_their_wrt():
    source = "import sct\n@sct.differentiate(wrt='b')\ndef f(a, b):\n    return a * b\ndef g(x):\n    return x\n"
    result = sct.transform(source)
    assert "def f_jvp(a, b, db):" in result
    assert "g_jvp" not in result
    assert "def f_jvp(a, b, da):" in sct.transform(source, wrt="a")


@pytest.mark.parametrize(
    ("arguments", "error", "reason"),
    [
        ((SOURCE, "h"), sct.UsageError, "no function 'h'"),
        (("x = 1\n",), sct.UsageError, "no function"),
        (("def f(:\n",), sct.ReadError, "syntax error"),
        ((Path("nowhere.py"),), sct.ReadError, "no such file"),
        ((3,), TypeError, "takes a function"),
    ],
)
def test_transform_says_what_is_wrong(arguments: Any, error: type[Exception], reason: str):
    with pytest.raises(error, match=reason):
        sct.transform(*arguments)


def test_transform_checks_its_mode():
    with pytest.raises(sct.UsageError, match="'forward' or 'reverse'"):
        sct.transform(SOURCE, mode="backward")  # type: ignore[arg-type]


def test_long_sums_and_deep_code_do_not_hit_the_recursion_limit():
    limit = sys.getrecursionlimit()
    terms = " + ".join(f"x * {i}.0" for i in range(500))
    source = f"def f(x: float):\n    return {terms}\n"
    namespace: dict[str, Any] = {}
    exec(sct.transform(source, mode="reverse"), namespace)
    assert namespace["f_vjp"](1.0)[1] == sum(range(500))
    assert sys.getrecursionlimit() == limit
    assert threading.stack_size() == 0


def test_code_that_is_too_deep_says_so():
    source = "def f(x):\n    return " + "(" * 150 + "x" + " + 1)" * 150
    assert "f_jvp" in sct.transform(source)
    source = "def f(x):\n    return " + "-" * 5000 + "x"
    with pytest.raises(sct.SctError, match="nested too deeply"):
        sct.transform(source)


def test_functions_are_typed(tmp_path: Path):
    pytest.importorskip("mypy")
    (tmp_path / "use.py").write_text(textwrap.dedent("""\
        import sct

        def f(x: float, n: int = 2) -> float:
            return x * n

        @sct.differentiate
        def g(x: float) -> float:
            return x

        @sct.differentiate(wrt="x")
        def h(x: float) -> float:
            return x

        sct.grad(f)(1.0, n=2)
        value, slope = sct.value_and_grad(f)(1.0)
        value + 1.0
        sct.grad(f).source.upper()
        g(1.0) + g.grad(1.0) + h.grad(1.0)
        g.jvp(1.0, 1.0)
        sct.transform(f, mode="reverse").upper()

        sct.grad(f)("1.0")  # error
        sct.grad(f)()  # error
        sct.grad(f)(1.0, k=2)  # error
        sct.value_and_grad(f)(1.0)[0].upper()  # error
        sct.grad(3)  # error
        g.grad("x")  # error
        h("x")  # error
        sct.grad(f, wrt=1.5)  # error
        sct.transform(f, mode="sideways")  # error
        """))
    found = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "--cache-dir", str(tmp_path), "use.py"],
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    reported = {int(line.split(":")[1]) for line in found.stdout.splitlines() if ": error:" in line}
    lines = (tmp_path / "use.py").read_text().splitlines()
    assert reported == {i for i, line in enumerate(lines, 1) if line.endswith("# error")}, found.stdout


def test_the_examples_of_the_docstrings_are_true():
    results = doctest.testmod(importlib.import_module("sct.api"))
    assert results.attempted >= 10 and not results.failed


def doubles_in_place(x: np.ndarray, y: np.ndarray):
    x *= 2.0
    return x * y


def test_a_seed_that_the_primal_writes_is_refused():
    x, y = np.array([0.3, 0.7]), np.array([1.1, -0.4])
    with pytest.raises(ValueError, match="x and result_bar share memory"):
        sct.vjp(doubles_in_place)(x, y, x)
    assert x.tolist() == [0.3, 0.7]
    bars = sct.vjp(doubles_in_place)(x, y, x.copy())[1]
    np.testing.assert_allclose(bars[0], 2.0 * np.array([0.3, 0.7]) * y)


def test_a_list_of_the_caller_that_becomes_longer_is_refused():
    def live(x, given):
        y = x * 2.0
        given[1:2] = [y, x]
        return given[1] * given[3]

    def unread(x, given: list[float]):
        given[0:1] = [x, x]
        return x * 3.0

    for f in (live, unread):
        members = [1.0, 2.0, 5.0]
        with pytest.raises(TypeError, match="2 members are put where a slice has 1"):
            sct.vjp(f)(2.0, members)
        assert members == [1.0, 2.0, 5.0]


@pytest.mark.parametrize("product", [sct.vjp, sct.jvp])
def test_an_entry_that_is_not_there_is_not_deleted(product: Any):
    def f(x: float, y: float):
        d = {"a": x, "b": y}
        del d["c"]
        return d["a"] * y

    with pytest.raises(KeyError, match="c"):
        product(f)(1.0, 2.0, *((1.0, 1.0) if product is sct.jvp else ()))
