"""Which names are a function's own: Python's scoping rules."""

from __future__ import annotations

import ast

import pytest
from resolve_support import body, shown, write

from sct import core
from sct.frontend.read import read_text
from sct.frontend.resolve import Resolver

SCOPES = {
    "parameter": ("def f(sin): return sin(1)", ["return sin(1)"]),
    "every kind of parameter": (
        "def f(a, /, b, *c, d=1, **e): return a + b + c + d + e",
        ["return a + b + c + d + e"],
    ),
    "local assigned later": ("def f(x):\n    y = len\n    len = 3\n    return y", ["y = len", "len = 3", "return y"]),
    "local in a dead branch": (
        "def f(x):\n    if 0:\n        len = 1\n    return len",
        ["if 0:\n    len = 1", "return len"],
    ),
    "annotation without a value": ("def f(x):\n    len: int\n    return len", ["len: int", "return len"]),
    "augmented": ("def f(x):\n    K += 1\n    return K", ["K += 1", "return K"]),
    "for target": ("def f(x):\n    for (sin, [b, *c]) in x: pass\n    return sin + b + c", [..., "return sin + b + c"]),
    "with target": (
        "def f(x):\n    with open(x) as len: return len",
        ["with builtins.open(x) as len:\n    return len"],
    ),
    "except": ("def f(x):\n    try: pass\n    except OSError as len: pass\n    return len", [..., "return len"]),
    "walrus": ("def f(x):\n    return (len := 3) + len", ["return (len := 3) + len"]),
    "walrus in a comprehension": (
        "def f(x):\n    y = [len := i for i in x]\n    return len + i",
        ["y = [(len := i) for i in x]", "return len + ?i"],
    ),
    "walrus in a nested comprehension": (
        "def f(x):\n    y = [[len := i for i in j] for j in x]\n    return len",
        [..., "return len"],
    ),
    "walrus in a lambda": (
        "def f(x): return (lambda: (len := 3)) and len",
        ["return (lambda: (len := 3)) and builtins.len"],
    ),
    "deleted": ("def f(x):\n    del len", ["del len"]),
    "match": (
        "def f(x):\n    match x:\n        case [sin, *b] | {'k': sin, **b}: pass\n        case K.q: pass\n"
        "        case d: pass\n    return sin + b + d",
        [..., "return sin + b + d"],
    ),
    "match values": (
        "import helpers_absent as h\ndef f(x):\n    match x:\n        case h.K: return 1",
        ["match x:\n    case helpers_absent.K:\n        return 1"],
    ),
    "comprehension targets are its own": (
        "def f(x): return [sin for sin in sin(x)], sin",
        ["return ([sin for sin in math.sin(x)], math.sin)"],
    ),
    "only the first iterable is outside": (
        "def f(x): return [a for a in K for K in a]",
        ["return [a for a in =m.K for K in a]"],
    ),
    "later iterables see earlier targets": (
        "def f(x): return {a: b for a in x for b in a if b}",
        ["return {a: b for a in x for b in a if b}"],
    ),
    "nested def": (
        "def f(x):\n    def g(y, len=len):\n        return x + y + K + len(z)\n    z = 1\n    return g",
        ["def g(y, len=builtins.len):\n    return x + y + =m.K + len(z)", "z = 1", "return g"],
    ),
    "nested def sees later locals": (
        "def f(x):\n    g = lambda: K\n    K = 1\n    return g",
        ["g = lambda: K", "K = 1", "return g"],
    ),
    "nested defaults and decorators": (
        "def f(sin):\n    @len\n    def g(a=sin, b=K): return a\n    return g",
        ["@builtins.len\ndef g(a=sin, b==m.K):\n    return a", "return g"],
    ),
    "lambda": ("def f(x): return lambda sin, y=sin: sin + y", ["return lambda sin, y=math.sin: sin + y"]),
    "global declared": (
        "def f(x):\n    global K\n    K = K + 1\n    return K",
        ["global K", "=m.K = =m.K + 1", "return =m.K"],
    ),
    "global inside a nested function": (
        "def f(K):\n    def g():\n        global K\n        return K\n    return K + g()",
        ["def g():\n    global K\n    return =m.K", "return K + g()"],
    ),
    "nonlocal": (
        "def f(x):\n    len = 1\n    def g():\n        nonlocal len\n        len = 2\n    return len",
        [..., "def g():\n    nonlocal len\n    len = 2", "return len"],
    ),
    "class body": (
        "def f(x):\n    class C(K):\n        sin = 1\n        def m(self): return sin\n        l = [sin for _ in sin]",
        ["class C(=m.K):\n    sin = 1\n\n    def m(self):\n        return math.sin\n    l = [math.sin for _ in sin]"],
    ),
    "attributes are not names": ("def f(x): return x.sin + x.K.len", ["return x.sin + x.K.len"]),
    "keywords are not names": ("def f(x): return x(sin=sin)", ["return x(sin=math.sin)"]),
    "stores into globals' parts": ("def f(x):\n    K[0] = 1\n    K.a = 2", ["=m.K[0] = 1", "=m.K.a = 2"]),
    "f-strings": ("def f(x): return f'{K:{sin}} {x!r}'", ["return f'{=m.K:{math.sin}} {x!r}'"]),
    "annotations stay": (
        "def f(x: K) -> sin:\n    y: K = K\n    def g(a: K) -> K: return a\n    return y",
        ["y: K = =m.K", "def g(a: K) -> K:\n    return a", "return y"],
    ),
    "recursion": ("def f(x): return f(x - 1)", ["return @m.f(x - 1)"]),
    "own name shadowed": ("def f(f): return f(1)", ["return f(1)"]),
}


@pytest.mark.parametrize(("text", "expected"), SCOPES.values(), ids=SCOPES.keys())
def test_scopes(text, expected):
    found = body(f"from math import sin\nK = 3.0\n{text}\n")
    assert len(found) == len(expected)
    assert all(e is ... or e == line for e, line in zip(expected, found, strict=True)), found


IMPORTS = {
    "import": ("def f(x):\n    import numpy as np\n    return np.sin(x)", "return numpy.sin(x)"),
    "from": ("def f(x):\n    from numpy import sin as s\n    return s(x)", "return numpy.sin(x)"),
    "dotted": ("def f(x):\n    import numpy.linalg\n    return numpy.linalg.norm(x)", "return numpy.linalg.norm(x)"),
    "hides a global": (
        "import math as np\ndef f(x):\n    import numpy as np\n    return np.sin(x)",
        "return numpy.sin(x)",
    ),
    "seen by a nested function": (
        "def f(x):\n    import numpy as np\n    return (lambda y: np.sin(y))(x)",
        "return (lambda y: numpy.sin(y))(x)",
    ),
    "bound to something else too": (
        "def f(x):\n    import numpy as np\n    np = x\n    return np.sin(x)",
        "return np.sin(x)",
    ),
    "two that agree": (
        "def f(x):\n    if x:\n        import numpy as np\n    else:\n        import numpy as np\n    return np.sin(x)",
        "return numpy.sin(x)",
    ),
    "two that do not": (
        "def f(x):\n    if x:\n        import numpy as np\n    else:\n        import math as np\n    return np.sin(x)",
        "return np.sin(x)",
    ),
    "rebound from inside": (
        "def f(x):\n    import numpy as np\n    def g():\n        nonlocal np\n        np = 3\n    return np.sin(x)",
        "return np.sin(x)",
    ),
    "a parameter": ("def f(np):\n    return np.sin(1)", "return np.sin(1)"),
}


@pytest.mark.parametrize(("text", "expected"), IMPORTS.values(), ids=IMPORTS.keys())
def test_imports_inside_a_function(text, expected):
    assert body(text)[-1] == expected


def test_a_sibling_imported_inside_a_function(tmp_path):
    write(tmp_path, helpers="def g(x): return x\n")
    text = "def f(x):\n    from helpers import g\n    return g(x)\n"
    assert body(text, path=str(tmp_path / "main.py"))[-1] == "return @helpers.g(x)"


def test_defaults_are_resolved_outside_and_the_source_is_left_alone():
    module = read_text("from math import sin, pi\ndef f(x, sin=sin, *, y=pi): return sin(x)\n", "m.py")
    before = ast.dump(module.tree, include_attributes=True)
    resolver = Resolver(module)
    node = resolver.resolve(resolver.find(module, "f"))
    assert core.qualname(node.args.defaults[0]) == "math.sin"
    assert core.qualname(node.args.kw_defaults[0]) == "math.pi"
    assert shown(node) == ["return sin(x)"]
    assert ast.dump(module.tree, include_attributes=True) == before


def test_deep_expressions_need_no_recursion():
    terms = " + ".join(["sin(x)"] * 900)
    module = read_text(f"from math import sin\ndef f(x):\n    return {terms}\n", "m.py")
    resolver = Resolver(module)
    resolved = resolver.resolve(resolver.find(module, "f"))
    references = [n for n in ast.walk(resolved) if core.qualname(n) == "math.sin"]
    assert len(references) == 900
