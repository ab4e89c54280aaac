"""Forward mode: the text it writes, the derivatives it gives, what it refuses."""

import ast
import math

import numpy as np
import pytest
from scipy.stats import laplace

import sct
from sct.errors import Refused
from sct.names import in_use, reserve
from sct.oracles import divided_difference
from tests import forward_programs
from tests.programs import handed_out, harness

CASES = {case.name: case for case in forward_programs.CASES}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("emitted")


@pytest.mark.parametrize("door", harness.DOORS)
@pytest.mark.parametrize("name", CASES)
def test_derivatives(name, door, folder):
    case = CASES[name]
    known = harness.truth(case, every=False)
    verdict = harness.verify(case, "forward", door, folder, known)
    allowed = {"right", "refused"} if case.expect == "any" else {"right"}
    assert verdict.kind in allowed, verdict.reason


@pytest.mark.parametrize("function", forward_programs.GLOBAL_WRITES)
def test_an_active_value_does_not_get_into_a_global(function):
    with pytest.raises(Refused, match="global"):
        sct.jvp(function)


def test_a_number_that_came_from_a_global_may_be_augmented_but_not_an_array():
    derivative = sct.jvp(forward_programs.rows_of_a_global)
    with pytest.raises(TypeError, match="row must be a number"):
        derivative(1.3, 1.0)


# The text


def transformed(text, tmp_path, **options):
    """Return the derived functions as text, without the imports before them."""
    path = tmp_path / "function.py"
    path.write_text("import numpy as np\nfrom math import exp, sin\n\n\n" + text)
    import importlib.util

    spec = importlib.util.spec_from_file_location("function", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    source = sct.jvp(module.f, **options).source
    tree = ast.parse(source)
    functions = [ast.unparse(n) for n in tree.body if isinstance(n, ast.FunctionDef)]
    return "\n\n".join(functions)


CLASSIC = """\
def f_jvp(x1, x2, dx1, dx2):
    w3 = x1 * x2
    dw3 = dx1 * x2 + x1 * dx2
    w4 = sin(x1)
    dw4 = sin_derivative
    w5 = w3 + w4
    dw5 = dw3 + dw4
    return (w5, dw5)""".replace("sin_derivative", "cos(x1) * dx1")


@pytest.mark.parametrize("parameters", ["x1: float, x2: float", "x1, x2"])
def test_the_classic(parameters, tmp_path):
    text = f"def f({parameters}):\n    w3 = x1 * x2\n    w4 = sin(x1)\n    w5 = w3 + w4\n    return w5\n"
    assert transformed(text, tmp_path) == CLASSIC


TEXTS = {
    "nested calls stay word for word": (
        """
def f(x: float, y: float):
    w = sin(x * y)
    return w
""",
        """
def f_jvp(x, y, dx, dy):
    w = sin(x * y)
    dw = cos(x * y) * (dx * y + x * dy)
    return (w, dw)
""",
    ),
    "the result is used where it helps": (
        """
def f(x: float):
    w = exp(-x * x)
    return w
""",
        """
def f_jvp(x, dx):
    w = exp(-x * x)
    dw = w * (-dx * x - x * dx)
    return (w, dw)
""",
    ),
    "what is too dear gets a name": (
        """
def f(x: float):
    return x * exp(x)
""",
        """
def f_jvp(x, dx):
    exp_x = exp(x)
    return (x * exp_x, dx * exp_x + x * (exp_x * dx))
""",
    ),
    "before what overwrites it": (
        """
def f(x: float, y: float):
    x = x * y
    y -= x
    x *= y
    return x
""",
        """
def f_jvp(x, y, dx, dy):
    require_scalar('x, y', x, y)
    dx = dx * y + x * dy
    x = x * y
    y -= x
    dy -= dx
    dx = dx * y + x * dy
    x *= y
    return (x, dx)
""",
    ),
    "zero on one path": (
        """
def f(x: float):
    if x > 0:
        y = x * x
    else:
        y = 1.0
    return y
""",
        """
def f_jvp(x, dx):
    if x > 0:
        y = x * x
        dy = 2 * x * dx
    else:
        y = 1.0
        dy = 0.0
    return (y, dy)
""",
    ),
    "loops over arrays and what is written in them": (
        """
def f(x: np.ndarray, w: float):
    a = np.zeros(3)
    for i, v in enumerate(x):
        a[i] = v * w
    return a.sum()
""",
        """
def f_jvp(x, w, dx, dw):
    dx = check_tangent('dx', dx, x)
    a = np.zeros(3)
    da = np.zeros_like(a)
    for i, (v, dv) in enumerate(zip(x, dx)):
        a[i] = v * w
        da[i] = dv * w + v * dw
    return (a.sum(), da.sum())
""",
    ),
    "a call gives value and tangent at once": (
        """
def g(x, y, k=2):
    return x * y + k

def f(x: float, y: float):
    return g(x, y) * g(y, 3.0, k=1)
""",
        """
def g_jvp_x_y(x, y, k, dx, dy):
    return (x * y + k, dx * y + x * dy)

def g_jvp_x(x, y, k, dx):
    return (x * y + k, dx * y)

def f_jvp(x, y, dx, dy):
    t, dt = g_jvp_x_y(x, y, 2, dx, dy)
    t_2, dt_2 = g_jvp_x(y, 3.0, 1, dy)
    return (t * t_2, dt * t_2 + t * dt_2)
""",
    ),
    "names that are taken": (
        """
def f(x: float, dx: float):
    y = x * dx
    return y
""",
        """
def f_jvp(x, dx, dx_2, ddx):
    y = x * dx
    dy = dx_2 * dx + x * ddx
    return (y, dy)
""",
    ),
    "what nobody needs is not there": (
        """
def f(x: float, n: int):
    k = n + 1
    big = x * 100
    print(big)
    return x * k
""",
        """
def f_jvp(x, n, dx):
    k = n + 1
    big = x * 100
    print(big)
    return (x * k, dx * k)
""",
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_the_text(name, tmp_path):
    text, expected = TEXTS[name]
    assert transformed(text, tmp_path) == expected.strip()


# Refusals and checks at run time


REFUSED = {
    "an attribute": ("def f(x, o):\n    o.value = x\n    return o.value\n", "stored into an attribute"),
    "an unknown method": ("def f(x: np.ndarray):\n    x.resize(2)\n    return x\n", "changes an active value"),
    "an unknown function": ("def f(x):\n    return np.packbits(x)\n", "no rule for"),
    "a set": ("def f(x, y):\n    return sum({x, y})\n", "a set of active values"),
    "a text that comes back": ("def f(x):\n    return float(f'{x}') * x\n", "comes back from a text"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals(name, tmp_path):
    text, reason = REFUSED[name]
    with pytest.raises(Refused, match=reason) as error:
        transformed(text, tmp_path, wrt=(0,))
    assert error.value.span.line > 4
    assert error.value.advice


def in_buffer(x, buffer):
    buffer[0] = x * 2.0
    return buffer[0] * x


def test_a_buffer_of_integers_raises():
    derivative = sct.jvp(in_buffer, wrt=0)
    assert derivative(1.5, np.zeros(2), 1.0) == (4.5, 6.0)
    with pytest.raises(TypeError, match="buffer has dtype int"):
        derivative(1.5, np.zeros(2, dtype=int), 1.0)


def doubled(x: np.ndarray):
    x *= 2.0
    return x


def test_the_tangents_of_the_caller_stay_as_they_are():
    x, dx = np.ones(3), np.arange(3.0)
    value, tangent = sct.jvp(doubled)(x, dx)
    assert value is x
    np.testing.assert_array_equal(dx, np.arange(3.0))
    np.testing.assert_array_equal(tangent, 2 * dx)


@pytest.mark.parametrize("tangent", [1.0, np.zeros(2), [1.0, 2.0, 3.0, 4.0]])
def test_a_tangent_of_another_shape_raises(tangent):
    with pytest.raises((TypeError, ValueError), match="dx"):
        sct.jvp(doubled)(np.ones(3), tangent)


def added(x: np.ndarray, y: np.ndarray):
    x += y
    return x * y


def test_arguments_that_share_memory_raise_where_one_is_written():
    x = np.ones(4)
    with pytest.raises(ValueError, match="share memory"):
        sct.jvp(added)(x, x[::-1], np.ones(4), np.ones(4))


def summed_over_joined(v):
    e = sum(laplace.cdf(math.tanh(q)) for q in np.concatenate((np.array([v, 0.3, v])[:1], np.zeros(2))))
    return v * e


def test_what_a_comprehension_computes_is_computed_in_it():
    value, tangent = sct.jvp(summed_over_joined)(0.4, 1.0)
    assert value == summed_over_joined(0.4)
    assert tangent == pytest.approx(divided_difference(summed_over_joined, (0.4,), (1.0,)).value, rel=1e-8)


def correlated_rows(v):
    s = 0.0
    for row in np.corrcoef([0.3, 1.6, 0.9] + np.tanh(v * np.arange(3.0)), [0.4, 0.1, 1.2]):
        s = s + row[0] * row[1]
    return s * v


def test_what_a_composite_computes_in_the_head_of_a_loop_is_computed_in_order():
    value, tangent = sct.jvp(correlated_rows)(0.4, 1.0)
    assert value == correlated_rows(0.4)
    assert tangent == pytest.approx(divided_difference(correlated_rows, (0.4,), (1.0,)).value, rel=1e-8)


def stored_in_integers(x):
    y = np.array([1, 2])
    try:
        y[0] = x
    except Exception:
        y[1] = 7
    return x * y.sum()


def test_what_a_guard_raises_is_not_caught_by_a_handler_of_the_users():
    with pytest.raises(TypeError, match="cuts off"):
        sct.jvp(stored_in_integers)(1.5, 1.0)


@pytest.mark.parametrize("function", handed_out.PARTS)
def test_parts_of_new_arrays_have_tangents_of_their_own(function):
    args = [handed_out.V3, handed_out.W3]
    tangents = [np.array([0.4, -1.3, 0.7]), np.array([1.1, 0.2, -0.6])]
    held = [a.copy() for a in (*args, *tangents)]
    found = sct.jvp(function)(*args, *tangents)[1]
    wanted = divided_difference(function, args, tangents)
    np.testing.assert_allclose(found, wanted.value, rtol=1e-7)
    np.testing.assert_array_equal(np.concatenate([*args, *tangents]), np.concatenate(held))


# Names


def test_names_are_reserved_together_and_in_order():
    assert reserve({"dx"}, ["dx", "dy", "dx_2"]) == {"dx": "dx_2", "dy": "dy", "dx_2": "dx_2_2"}


def test_no_name_hides_a_word_or_a_builtin():
    assert reserve((), ["del", "dict", "x_bar"]) == {"del": "del_2", "dict": "dict_2", "x_bar": "x_bar"}


def test_names_in_use_are_those_of_every_scope():
    tree = ast.parse("def f(a, *b, c=1, **d):\n    import e.g\n    h = [i for i in a]\n    def j(k): pass\n")
    assert in_use(tree) >= set("a b c d e h i j k f".split())
