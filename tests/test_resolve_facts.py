"""What else the resolver tells: functions by name, constants, definitions, annotations."""

from __future__ import annotations

import ast

import pytest
from resolve_support import shown

from sct.errors import Refused, UsageError
from sct.frontend.read import read_text
from sct.frontend.resolve import Resolver

FINDABLE = """
def f(x): return x
def f(x): return 2 * x
g = lambda x: x
h = f
class A:
    def m(self): return 1
    def m(self): return 2
    class B:
        def n(self): return 3
async def co(): pass
K = 3
if K:
    def both(): return 1
else:
    def both(): return 2
"""


def test_functions_and_find():
    module = read_text(FINDABLE, "m.py")
    resolver = Resolver(module)
    assert [f.qualname for f in resolver.functions(module)] == ["f", "both"]
    with pytest.raises(Refused, match=r"^m.py:16:5: which 'both' is meant is not clear: .*, see lines 14 and 16"):
        resolver.resolve(resolver.functions(module)[1])
    assert shown(resolver.resolve(resolver.find(module, "f"))) == ["return 2 * x"]
    assert resolver.find(module, "g").node.name == "g"
    assert resolver.find(module, "h").qualname == "f"
    assert shown(resolver.resolve(resolver.find(module, "A.m"))) == ["return 2"]
    assert resolver.find(module, "A.B.n").key == "m.A.B.n"
    for missing in ("K", "A", "A.q", "ff", "f.x", "len"):
        with pytest.raises(UsageError, match=f"there is no function '{missing}'"):
            resolver.find(module, missing)
    with pytest.raises(UsageError, match="did you mean 'both'"):
        resolver.find(module, "bot")
    with pytest.raises(Refused, match="async"):
        resolver.find(module, "co")
    with pytest.raises(Refused, match="which 'both' is meant is not clear"):
        resolver.find(module, "both")


def test_functions_that_are_bound_again():
    text = (
        "from sct import differentiate\nfrom numba import njit\ndef f(x): return x\nf = differentiate(f)\n"
        "def g(x): return x\ng = njit(g)\ndef sin(x): return x\nfrom math import sin\n"
        "if __name__ == '__main__':\n    def main(): pass\n"
    )
    module = read_text(text, "m.py")
    resolver = Resolver(module)
    assert [f.qualname for f in resolver.functions(module)] == ["f"]
    assert resolver.find(module, "main").qualname == "main"


def test_private_names_in_methods_are_mangled():
    text = "def __g(x): return 1\ndef _A__g(x): return 2\nclass __A:\n    def m(self): return __g(1) + __name__\n"
    module = read_text(text, "m.py")
    resolver = Resolver(module)
    assert shown(resolver.resolve(resolver.find(module, "__A.m"))) == ["return @m._A__g(1) + =m.__name__"]


FACTS = """
import numpy as np, os.path
from math import sin as s
try:
    import scipy
except ImportError:
    scipy = None
N = 3
SIGN = -1.0
PAIR = (1, 2)
TABLE = np.zeros(N)
TABLE[0] = 1
for i in range(N):
    TABLE[i] = i
np.random.shuffle(TABLE)
TABLE.sort()
print(TABLE)
TWICE = 1
TWICE = 2
if N:
    MAYBE = 1
COUNT = 0
def count():
    global COUNT
    COUNT += 1
"""


def test_facts_about_globals():
    module = read_text(FACTS, "m.py")
    resolver = Resolver(module)
    literals = {
        n: resolver.constant(f"=m.{n}") for n in ("N", "SIGN", "PAIR", "TABLE", "TWICE", "MAYBE", "COUNT", "no")
    }
    assert {n: ast.unparse(v) for n, v in literals.items() if v} == {"N": "3", "SIGN": "-1.0", "PAIR": "(1, 2)"}
    assert [s.lineno for s in resolver.definitions(module, "TABLE")] == [11, 12, 13]
    assert [s.lineno for s in resolver.mutations(module, "TABLE")] == [15, 16]
    assert [s.lineno for s in resolver.definitions(module, "TWICE")] == [18, 19]
    assert resolver.is_conditional(module, "MAYBE")
    assert not resolver.is_conditional(module, "N")
    assert resolver.imports(module) == {"np": "numpy", "os": "os", "s": "math.sin", "scipy": "scipy"}
    assert {"np", "os", "s", "N", "TABLE", "i", "count"} <= resolver.global_names(module)
    assert resolver.meaning(module, "np.linalg.norm") == "numpy.linalg.norm"
    assert resolver.meaning(module, "N") == "=m.N"
    assert resolver.meaning(module, "nothing") == ""


def test_a_constant_behind_a_star_import_is_not_certain():
    module = read_text("N = 3\nfrom somewhere import *\nM = 4\n", "m.py")
    resolver = Resolver(module)
    assert resolver.constant("=m.N") is None
    assert resolver.constant("=m.M").value == 4


def test_local_names_are_all_that_is_bound_inside():
    text = (
        "def f(a, *b, c=1, **d):\n    global K\n    import os.path as e, re\n    K = [g for g in a if (h := g)]\n"
        "    def i(j): l = lambda m: m\n    for n in a: o.p = q[0] = r = 1\n    return s\n"
    )
    module = read_text(text, "m.py")
    resolver = Resolver(module)
    assert resolver.local_names(resolver.find(module, "f")) == frozenset("a b c d e re g h i j l m n r".split())


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ("float", "builtins.float"),
        ("np.ndarray", "numpy.ndarray"),
        ("'np.ndarray'", "numpy.ndarray"),
        ("Vec", "jaxtyping.Float[numpy.ndarray, 'n']"),
        ("'Vec'", "jaxtyping.Float[numpy.ndarray, 'n']"),
        ("Alias", "jaxtyping.Float[numpy.ndarray, 'n']"),
        ("Vec | None", "jaxtyping.Float[numpy.ndarray, 'n'] | None"),
        ("'not an annotation ('", "'not an annotation ('"),
        ("Loop", "=m.Loop"),
    ],
)
def test_annotations_are_opened_up(annotation, expected):
    prelude = (
        "import numpy as np\nfrom jaxtyping import Float\nVec = Float[np.ndarray, 'n']\nAlias = 'Vec'\nLoop = Loop\n"
    )
    module = read_text(f"{prelude}def f(x: {annotation}): pass\n", "m.py")
    resolver = Resolver(module)
    found = resolver.annotation(module, resolver.find(module, "f").node.args.args[0].annotation)
    wrapped = ast.FunctionDef(name="_", args=None, body=[ast.Expr(found)], decorator_list=[])
    assert shown(wrapped) == [expected]
