"""Lifting: routines without functions as values compute what the program computed."""

import ast
import copy
import re

import numpy as np
import pytest

from sct import core
from sct.errors import Refused
from sct.frontend.lift import Program
from sct.frontend.read import read_text
from sct.frontend.resolve import Resolver

HEAD = "import functools\nimport math\nimport numpy as np\n\n\n"


def lift(text, name="f"):
    """Return the program, the entry routine, and all routines that it reaches by key."""
    module = read_text(HEAD + text, "/nowhere/program.py")
    resolver = Resolver(module)
    program = Program(resolver)
    entry = program.entry(resolver.find(module, name))
    routines, todo = {}, [entry.node]
    while todo:
        for node in ast.walk(todo.pop()):
            if program.is_user(node) and core.qualname(node) not in routines:
                routine = program.routine(core.qualname(node))
                routines[routine.key] = routine
                todo.append(routine.node)
    return program, entry, routines


def run(entry, routines, args, text):
    """Run lifted routines."""
    namespace = {"numpy": np, "math": __import__("math"), "functools": __import__("functools")}
    for line in re.findall(r"^[A-Z_]+ = .*$", text, flags=re.M):
        exec(line, namespace)
    for node, name in [(entry.node, "ENTRY"), *((r.node, re.sub(r"\W", "_", k)) for k, r in routines.items())]:
        tree = copy.deepcopy(node)
        tree.name, tree.decorator_list, tree.returns = name, [], None
        for part in ast.walk(tree):
            if isinstance(part, ast.Name) and core.is_ref(part):
                qualname = core.qualname(part)
                user = qualname.startswith("@")
                part.id = (
                    re.sub(r"\W", "_", qualname)
                    if user
                    else qualname.removeprefix("builtins.").rpartition("=program.")[2]
                )
            elif isinstance(part, ast.Name) and core.is_temporary(part.id):
                part.id = "t_" + part.id[1:]
        exec(ast.unparse(ast.fix_missing_locations(tree)), namespace)
    return namespace["ENTRY"](*args)


PROGRAMS = {
    "defaults, keywords and stars": """
def g(x, k=2, *, s=1.0):
    return x**k * s

def f(x, y):
    return g(s=y, x=x) + g(y) + g(*(x, 3)) + g(*[x], s=2) + g(**{"x": y, "k": 3})
""",
    "starred parameters": """
def g(x, *rest, **kw):
    return x + sum(rest) + kw.get("a", 0)

def f(x, y):
    t = (x, y)
    return g(x, y, y, a=3) + g(x) + g(*t) + g(1.0, *t, b=2)
""",
    "the order of evaluation": """
def g(x, y):
    return x - 2 * y

def f(x, y):
    a = [x]
    def grow():
        a.append(1.0)
        return a[-1] * len(a)
    return y + g(y=grow(), x=grow()) + a[0] * grow() + g(*[grow(), 1.0])
""",
    "late binding and mutual recursion": """
def f(x, y):
    w = 3.0
    def even(n, v):
        return v * w if n == 0 else odd(n - 1, v)
    def odd(n, v):
        return v + y if n == 0 else even(n - 1, v)
    g = lambda t: t * x + even(3, t)
    h = g
    w = 5.0
    return h(y) + (lambda t: t * t)(x) + g(2.0)
""",
    "functions as arguments": """
def apply(f, x, n=2):
    for _ in range(n):
        x = f(x)
    return x

def f(x, y):
    def add(t):
        return t + y
    return apply(add, x) + apply(np.sin, x) + apply(lambda t: t * y * 2, x, n=3) + apply(f=math.exp, x=x)
""",
    "functions that make functions": """
def make(a, b=2):
    "doc"
    c = a * b
    def inner(x):
        return c * x + a
    return inner

def power(p):
    return lambda x: x**p

def compose(f, g):
    def h(x):
        return f(g(x))
    return h

def curried(a):
    return lambda b: lambda c: a * b + c

def f(x, y):
    add = make(x)
    add2 = make(y * 2, 3)
    cube = power(3)
    square = compose(np.sin, cube)
    z = compose(add, lambda t: t * y)(x)
    return add(y) + add2(x) + cube(x) + square(y) + z + curried(x)(y)(2.0)
""",
    "functions given on": """
def newton(f, x, n):
    return x if n == 0 else newton(f, x - f(x) / 10, n - 1)

def slope(f, x, h=0.1):
    return (f(x + h) - f(x)) / h

def both(k, x):
    def inner(t):
        return k(t) * x
    return slope(inner, x) + slope(k, x) + newton(k, x, 2)

def f(x, y):
    x_ = y
    return both(lambda t: t * y * x_, x)
""",
    "decorators, early defaults, one function a path": """
def scale(fn):
    def wrapper(*args):
        return 2 * fn(*args)
    return wrapper

def f(x, y):
    @scale
    def g(a, b):
        return a * b + y
    for k in range(3):
        fn = lambda t, k=k: t * k
        x = fn(x) + g(x, y)
    if x > 0:
        s = np.sin
        r = s(x)
    else:
        s = np.cos
        r = s(x)
    return sorted([x, y], key=lambda p: -p)[0] + r
""",
    "names that mean other things inside": """
def solve(f, x, act=np.tanh):
    if act is None:
        act = abs
    return act(f(x))

def helper(x):
    return x * 2

def f(x, y):
    def g(t):
        z = t + y
        def k(u):
            return u * z * x
        return k(t) + m(t)
    def m(t):
        y = 2
        return t * y + q(t)
    def q(t):
        return t * y
    return g(x) + solve(helper, x) + solve(g, y, np.sin) + solve(x=x, f=q) + sum([g(v) for v in [x, y]])
""",
    "functions that may be left out": """
def root(fn, x, slope=None, scale=None, last=None):
    d = slope(x) if slope is not None else fn(x + 1) - fn(x)
    if scale:
        d = scale(d)
    if not last:
        return x - fn(x) / d
    return last(x)

def f(x, y):
    g = lambda t: t**2 - y
    return root(g, x) + root(g, x, lambda t: 2 * t) + root(g, x, scale=np.sin) + root(g, y, last=g)
""",
    "constants of the module as defaults": """
RATE = 0.5

def g(x, r=RATE, p=np.pi, s=-1.5):
    return x * r * p * s

def f(x, y):
    return g(x) + g(y, 2.0)
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_lifted_programs_compute_the_same(name):
    text = PROGRAMS[name]
    _, entry, routines = lift(text)
    namespace = {}
    exec(HEAD + text, namespace)
    assert run(entry, routines, (1.2, 0.7), text) == pytest.approx(namespace["f"](1.2, 0.7), rel=1e-14)


@pytest.mark.parametrize("name", PROGRAMS)
def test_routines_are_first_order(name):
    program, entry, routines = lift(PROGRAMS[name])
    for routine in [entry, *routines.values()]:
        for node in ast.walk(routine.node):
            assert not isinstance(node, ast.FunctionDef) or node is routine.node
            if isinstance(node, ast.Call) and program.is_user(node.func):
                called = program.routine(core.qualname(node.func)).node
                assert not node.keywords
                assert len(node.args) == len(called.args.args)
                assert not (called.args.defaults or called.args.kwonlyargs or called.args.vararg or called.args.kwarg)


def test_names_and_keys():
    text = "def f(x, y):\n    def g(t):\n        return t * y\n    return apply(g, x) + apply(np.sin, x)\n"
    _, entry, routines = lift("def apply(h, v):\n    return h(v)\n\n" + text)
    assert entry.key == "@program.f"
    found = {k: (r.name, r.captured, [a.arg for a in r.node.args.args]) for k, r in routines.items()}
    assert found == {
        "@program.apply(h=@program.f.g)": ("apply_g", ("y",), ["v", "y"]),
        "@program.apply(h=numpy.sin)": ("apply_sin", (), ["v"]),
        "@program.f.g": ("f_g", ("y",), ["t", "y"]),
    }


def test_a_function_without_functions_is_left_as_it_is():
    text = "def f(x: float, *, k: int = 2):\n    # why\n    return x**k\n"
    module = read_text(HEAD + text, "/nowhere/program.py")
    resolver = Resolver(module)
    function = resolver.find(module, "f")
    assert ast.dump(Program(resolver).entry(function).node) == ast.dump(resolver.resolve(function))


def test_user_nodes_keep_their_place_and_invented_ones_have_none():
    text = "def g(a, b):\n    return a - b\n\ndef f(x, t):\n    t = t[1:]\n    return g(*t)\n"
    _, entry, _ = lift(text)
    unpacking, returns = entry.node.body[1:]
    assert not hasattr(unpacking, "lineno")
    assert returns.lineno == 11


def test_calls_are_restored_as_they_were_written():
    text = """
def g(x, *rest, k=1, **kw):
    return x * k

def f(x, y):
    def h(t):
        return t * y
    return g(k=2, x=x), g(x, y, y, k=y), g(y, z=3), h(x), apply(h, 2.0)

def apply(fn, v):
    return fn(v)
"""
    program, entry, _ = lift(text)
    *extra, restored = program.restore([entry.node], "program")
    assert [n.name for n in extra] == ["f_h", "apply_h"]
    calls = restored.body[-1].value.elts
    shown = [(len(c.args), [k.arg for k in c.keywords], core.qualname(c.func)) for c in calls]
    assert shown == [
        (0, ["k", "x"], "@program.g"),
        (3, ["k"], "@program.g"),
        (1, ["k", None], "@program.g"),
        (2, [], "!f_h"),
        (2, [], "!apply_h"),
    ]


REFUSED = {
    "too many arguments": ("def g(x): return x\ndef f(x, y): return g(x, y)\n", "takes 1 positional argument but"),
    "no such keyword": ("def g(x): return x\ndef f(x): return g(x, z=1)\n", "no parameter 'z'"),
    "a missing argument": ("def g(x, y): return x\ndef f(x): return g(x)\n", "not given its parameter 'y'"),
    "an argument twice": ("def g(x, y): return x\ndef f(x): return g(x, x=1)\n", "given its parameter 'x' twice"),
    "an unknown number": ("def g(x, y=1): return x\ndef f(x): return g(*x)\n", "how many parameters"),
    "unknown keywords": ("def g(x, y=1): return x\ndef f(x, d): return g(x, **d)\n", r"which parameters of g\(\)"),
    "a mutable default": ("def g(x, l=[]): return x\ndef f(x): return g(x)\n", "not a constant"),
    "nonlocal": (
        "def f(x):\n    def g():\n        nonlocal x\n        x = 2\n        return x\n    return x + g()\n",
        "assigns variables",
    ),
    "a returned function": (
        "def f(x):\n    def g(t):\n        t += 1\n        return t * x\n    return g\n",
        "used as a value",
    ),
    "one of several": (
        "def f(x):\n    if x > 0:\n        g = lambda t: t\n"
        "    else:\n        g = lambda t: -t\n    return [g(x), g]\n",
        "which function 'g'",
    ),
    "a generator": ("def g(x):\n    yield x\ndef f(x):\n    h = g(x)\n    return sum(h) + sum(h)\n", "a generator"),
    "an iterator read late": (
        "def f(x):\n    x = x * 1.0\n    g = (v * 2.0 for v in x)\n    x[0] = 3.0\n    return sum(g)\n",
        "is changed before it is read",
    ),
    "a decorated helper": ("import strange\n@strange.d\ndef g(x): return x\ndef f(x): return g(x)\n", "is decorated"),
    "eval": ("def f(x): return eval('x')\n", r"eval\(\)"),
    "ever new functions": ("def r(h, n): return r(lambda t: h(t), n - 1)\ndef f(x): return r(np.sin, 2)\n", "ever new"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals(name):
    text, reason = REFUSED[name]
    with pytest.raises(Refused, match=reason) as error:
        lift(text)
    assert error.value.span.line > 5


@pytest.mark.parametrize("decorator", ["functools.lru_cache(maxsize=None)", "functools.cache"])
def test_decorators_that_change_nothing(decorator):
    text = f"@{decorator}\ndef g(x):\n    return x * 2\n\ndef f(x, y):\n    return g(x) + y\n"
    _, entry, routines = lift(text)
    assert run(entry, routines, (1.5, 1.0), text) == 4.0


def test_routine_of_something_else_is_a_key_error():
    program, _, _ = lift("def f(x):\n    return x\n")
    with pytest.raises(KeyError):
        program.routine("numpy.sin")
