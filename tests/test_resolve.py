"""Names become what they stand for by reading alone: nothing is imported, nothing is run."""

from __future__ import annotations

import ast
import sys

import pytest

from sct import core
from sct.errors import Refused, UsageError
from sct.frontend.read import read_file, read_text
from sct.frontend.resolve import Resolver


def write(folder, **files):
    for name, text in files.items():
        path = folder.joinpath(*name.split("__")).with_suffix(".py")
        path = path.with_name(path.name.replace("init.py", "__init__.py"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def shown(node):
    """Print a resolved tree with qualified names in the place of references."""

    class Plain(ast.NodeTransformer):
        def visit_Name(self, node):
            return ast.Name(id=core.qualname(node), ctx=node.ctx) if core.is_ref(node) else node

    return [ast.unparse(ast.fix_missing_locations(Plain().visit(statement))) for statement in node.body]


def body(text, name="f", path="m.py"):
    module = read_text(text, path)
    resolver = Resolver(module)
    return shown(resolver.resolve(resolver.find(module, name)))


def meaning(prelude, spelling, path="m.py"):
    """Return what a spelling inside a function of a module with this prelude becomes."""
    (line,) = body(f"{prelude}\ndef f(x):\n    return {spelling}\n", path=path)
    return line.removeprefix("return ")


def reason(prelude, spelling):
    module = read_text(f"{prelude}\ndef f(x):\n    return {spelling}\n", "m.py")
    resolver = Resolver(module)
    resolver.resolve(resolver.find(module, "f"))
    return resolver.why_unknown(f"?{spelling}")


# Imports and aliases of a module.


@pytest.mark.parametrize(
    ("prelude", "spelling", "expected"),
    [
        ("import numpy", "numpy.sin", "numpy.sin"),
        ("import numpy as xp", "xp.sin", "numpy.sin"),
        ("import numpy as xp", "xp.sin(x).T", "numpy.sin(x).T"),
        ("import math as m", "m.sin", "math.sin"),
        ("from numpy import sin", "sin", "numpy.sin"),
        ("from numpy import sin as s", "s", "numpy.sin"),
        ("import numpy.linalg", "numpy.linalg.norm", "numpy.linalg.norm"),
        ("import numpy.linalg", "numpy.sin", "numpy.sin"),
        ("import numpy.linalg as la", "la.norm", "numpy.linalg.norm"),
        ("from numpy import linalg as la", "la.norm", "numpy.linalg.norm"),
        ("from numpy.linalg import norm", "norm", "numpy.linalg.norm"),
        ("import numpy as np\nlinalg = np.linalg", "linalg.norm", "numpy.linalg.norm"),
        ("import numpy as np\nmysin = np.sin", "mysin", "numpy.sin"),
        ("import numpy as np\nmysin: object = np.sin", "mysin", "numpy.sin"),
        ("import numpy as np\ns, c = np.sin, np.cos", "c", "numpy.cos"),
        ("import numpy as np\n(s, [c, d]) = np.sin, (np.cos, np.tan)", "d", "numpy.tan"),
        ("import numpy as np\na = b = np.sin", "a", "numpy.sin"),
        ("import numpy as np\nxp = np\nyp = xp", "yp.sin", "numpy.sin"),
        ("import numpy as np\n(s := np.sin)", "s", "numpy.sin"),
        ("import pandas as pd", "pd.read_csv", "pandas.read_csv"),
        ("from scipy.special import erf", "erf", "scipy.special.erf"),
        ("import os.path", "os.path.join", "os.path.join"),
        ("", "len", "builtins.len"),
        ("", "float.fromhex", "builtins.float.fromhex"),
        ("absolute = abs", "absolute", "builtins.abs"),
        ("import sct", "sct.stop_gradient", "sct.stop_gradient"),
        ("from sct.runtime import unbroadcast", "unbroadcast", "sct.runtime.unbroadcast"),
        ("def g(x): return x", "g", "@m.g"),
        ("def g(x): return x\nh = g", "h", "@m.g"),
        ("g = lambda x: x", "g", "@m.g"),
        ("def g(x): return x\nfrom sct import differentiate\ng = differentiate(g)", "g", "@m.g"),
        ("K = 3.0", "K", "=m.K"),
        ("K = [1, 2]", "K[0].y", "=m.K[0].y"),
        ("class C: pass", "C(1)", "=m.C(1)"),
        ("def make(): return len\ng = make()", "g", "=m.g"),
        ("for i in range(3): pass", "i", "=m.i"),
        ("", "__name__", "=m.__name__"),
    ],
)
def test_module_names(prelude, spelling, expected):
    assert meaning(prelude, spelling) == expected


def test_the_spelling_is_kept():
    module = read_text("import numpy as np\nmysin = np.sin\ndef f(x): return np.linalg.norm(mysin(x))\n", "m.py")
    resolver = Resolver(module)
    call = resolver.resolve(resolver.find(module, "f")).body[0].value
    assert (core.qualname(call.func), core.spelling(call.func)) == ("numpy.linalg.norm", "np.linalg.norm")
    assert core.spelling(call.args[0].func) == "mysin"
    assert (call.func.lineno, call.func.col_offset, call.func.end_col_offset) == (3, 17, 31)


def test_helpers_defined_later_are_found():
    assert body("def f(x): return g(x) + SCALE\ndef g(x): return x\nSCALE = 2.0\n") == ["return @m.g(x) + =m.SCALE"]


# What may be one thing or another.


@pytest.mark.parametrize(
    ("prelude", "spelling", "expected"),
    [
        ("try:\n    import numpy as np\nexcept ImportError:\n    raise", "np.sin", "numpy.sin"),
        ("try:\n    import numpy as np\nexcept ImportError:\n    np = None", "np.sin", "numpy.sin"),
        ("np = None\ntry:\n    import numpy as np\nexcept ImportError:\n    pass", "np.sin", "numpy.sin"),
        ("if x:\n    from math import sin\nelse:\n    from math import sin", "sin", "math.sin"),
        ("if x:\n    def g(): pass", "g", "@m.g"),
        ("def g(): return 1\ndef g(): return 2", "g", "@m.g"),
        ("K = 1\nif K:\n    K = 2", "K", "=m.K"),
        ("sin = 3\nfrom math import sin", "sin", "math.sin"),
        ("from math import sin\nfrom numpy import sin", "sin", "numpy.sin"),
        ("import math\ng = math.sin if x else math.sin", "g", "math.sin"),
        ("sum = 3", "sum", "=m.sum"),
        ("with open(a) as sum:\n    import math as m", "m.sin", "math.sin"),
        ("def g(): return 1\nold = g\ng = old", "old", "@m.g"),
        ("if __name__ == '__main__':\n    sin = 4\nfrom math import sin", "sin", "math.sin"),
        ("from math import sin\nif __name__ == '__main__':\n    sin = 4", "sin", "math.sin"),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import numpy as np", "np.pi", "numpy.pi"),
        ("def g(x): return x\ndef set():\n    global g\n    return g", "g", "@m.g"),
        ("K = 1\ndef set():\n    global K\n    K = 2", "K", "=m.K"),
        ("import math\n_ = [m := math for i in range(3)]\n", "m.sin", "math.sin"),
    ],
)
def test_agreeing_and_later_bindings(prelude, spelling, expected):
    assert meaning(prelude, spelling) == expected


@pytest.mark.parametrize(
    ("prelude", "spelling", "why"),
    [
        (
            "if x:\n    from math import sin\nelse:\n    from numpy import sin",
            "sin",
            "different things, see lines 2 and 4",
        ),
        ("try:\n    from fast import g\nexcept ImportError:\n    def g(): pass", "g", "different things"),
        ("if x:\n    def g(): return 1\nelse:\n    def g(): return 2", "g", "different things"),
        ("if x:\n    g = lambda: 1\nelse:\n    g = lambda: 2", "g", "different things"),
        ("import numpy as np\nsin = np.sin if x else np.cos", "sin", "different things"),
        ("import numpy as np\nsin = np.sin or 3", "sin", "different things"),
        ("import numpy as np\nif x:\n    sum = np.sum", "sum", "different things"),
        ("import numpy as np\nif x:\n    sum = 3", "sum", "different things"),
        ("from math import sin\nwhile x:\n    sin = 3", "sin", "different things"),
        ("def g(): return 1\nold = g\ndef g(): return 2", "old", "own name 'g' was bound again"),
        ("from math import sin\ndel sin", "sin", "deleted at line 2"),
        ("from math import sin\ndef set():\n    global sin\n    sin = 3", "sin", "rebinds 'sin' by a global statement"),
        ("", "nowhere", "'nowhere' is not defined in m.py"),
        ("from .missing import g", "g", "there is no file for '.missing'"),
        ("from scipy.special import *", "gamma", "may come from 'from scipy.special import *'"),
        ("from pylab import *", "len", "may come from 'from pylab import *'"),
    ],
)
def test_what_is_not_clear_is_unknown(prelude, spelling, why):
    assert meaning(prelude, spelling) == f"?{spelling}"
    assert why in reason(prelude, spelling)


def test_many_aliases_of_aliases_take_no_time():
    prelude = "import math\ns0 = math.sin\n" + "".join(f"s{i} = s{i - 1} if x else s{i - 1}\n" for i in range(1, 60))
    assert meaning(prelude, "s59") == "math.sin"


@pytest.mark.parametrize("text", ["import m\na = m.a", "from m import a", "from m import *\na = a"])
def test_circles_end(tmp_path, text):
    write(tmp_path, m=f"{text}\ndef f(x): return a\n")
    module = read_file(tmp_path / "m.py")
    resolver = Resolver(module)
    assert shown(resolver.resolve(resolver.find(module, "f"))) == ["return ?a"]


# Star imports.


@pytest.mark.parametrize(
    ("prelude", "spelling", "expected"),
    [
        ("from math import *", "sin", "math.sin"),
        ("from numpy import *", "sin", "numpy.sin"),
        ("from math import *\nfrom numpy import *", "sin", "numpy.sin"),
        ("from numpy import *\nfrom math import *", "sin", "math.sin"),
        ("from math import *\nfrom numpy import *", "erf", "math.erf"),
        ("from numpy import *", "sum", "numpy.sum"),
        ("from numpy import *", "len", "builtins.len"),
        ("from numpy import *", "acos", "numpy.acos"),
        ("def sin(x): return x\nfrom numpy import *", "sin", "numpy.sin"),
        ("from numpy import *\ndef sin(x): return x", "sin", "@m.sin"),
        ("def helper(x): return x\nfrom numpy import *", "helper", "@m.helper"),
        # NumPy 2 exports max and acos, NumPy 1 does not.
        ("from numpy import *", "max", "?max"),
        ("from math import *\nfrom numpy import *", "acos", "?acos"),
        ("from scipy.special import *\nimport numpy as np", "np.sin", "numpy.sin"),
        ("import numpy as np\nfrom scipy.special import *", "np", "?np"),
    ],
)
def test_star_imports(prelude, spelling, expected):
    assert meaning(prelude, spelling) == expected


def test_star_imports_of_siblings(tmp_path):
    write(
        tmp_path,
        plain="import numpy as np\nfrom more import *\ndef g(x): return x\n_hidden = 1\n",
        more="def deep(x): return x\n",
        listed="__all__ = ['g']\ndef g(x): return x\ndef h(x): return x\n",
        dynamic="__all__ = ['g'] + []\ndef g(x): return x\n",
    )
    main = tmp_path / "main.py"

    def of(module, spelling):
        return meaning(f"from {module} import *", spelling, str(main))

    assert of("plain", "g") == "@plain.g"
    assert of("plain", "np.sin") == "numpy.sin"
    assert of("plain", "deep") == "@more.deep"
    assert of("plain", "_hidden") == "?_hidden"
    assert of("listed", "g") == "@listed.g"
    assert of("listed", "h") == "?h"
    assert of("dynamic", "g") == "@dynamic.g"


# Modules beside the file.


@pytest.fixture
def project(tmp_path):
    write(
        tmp_path,
        helpers="import numpy as np\nimport main\nK = 2.0\ndef g(x): return np.sin(x)\nsin = np.sin\n",
        pkg__init="from .core import layer\nfrom . import util as u\nVERSION = 1\n",
        pkg__core="from .util import twice\nfrom ..helpers import g\nimport pkg.sub.deep as d\ndef layer(x): return twice(x)\n",
        pkg__util="from pkg import core\ndef twice(x): return 2 * x\n",
        pkg__sub__init="",
        pkg__sub__deep="from ... import helpers\nfrom .. import util\nfrom ..core import layer as l\ndef deepest(x): return x\n",
        loose__part="def p(x): return x\n",
        broken="def g(:\n",
    )
    return tmp_path


@pytest.mark.parametrize(
    ("prelude", "spelling", "expected"),
    [
        ("import helpers", "helpers.g", "@helpers.g"),
        ("import helpers as h", "h.K", "=helpers.K"),
        ("import helpers as h", "h.np.cos", "numpy.cos"),
        ("import helpers as h", "h.sin", "numpy.sin"),
        ("import helpers as h", "h.absent", "?h.absent"),
        ("import helpers as h", "h.len", "?h.len"),
        ("from helpers import g as h", "h", "@helpers.g"),
        ("from helpers import K", "K", "=helpers.K"),
        ("from helpers import np", "np.cos", "numpy.cos"),
        ("from .helpers import g", "g", "@helpers.g"),
        ("from . import helpers", "helpers.g", "@helpers.g"),
        ("import helpers\ng = helpers.g", "g", "@helpers.g"),
        ("from pkg import layer", "layer", "@pkg.core.layer"),
        ("from pkg import VERSION", "VERSION", "=pkg.VERSION"),
        ("from pkg import core", "core.layer", "@pkg.core.layer"),
        ("import pkg", "pkg.u.twice", "@pkg.util.twice"),
        ("import pkg.core", "pkg.core.layer", "@pkg.core.layer"),
        ("import pkg.core", "pkg.layer", "@pkg.core.layer"),
        ("import pkg.core as c", "c.g", "@helpers.g"),
        ("import pkg.sub.deep", "pkg.sub.deep.deepest", "@pkg.sub.deep.deepest"),
        ("from pkg.sub.deep import helpers", "helpers.g", "@helpers.g"),
        ("from pkg.sub.deep import l", "l", "@pkg.core.layer"),
        ("from pkg.core import d", "d.util.twice", "@pkg.util.twice"),
        ("import loose.part", "loose.part.p", "@loose.part.p"),
        ("from loose import part", "part.p", "@loose.part.p"),
        ("from loose.part import p", "p", "@loose.part.p"),
        ("import broken", "broken.g", "?broken.g"),
        ("from broken import g", "g", "?g"),
        ("import elsewhere", "elsewhere.g", "elsewhere.g"),
    ],
)
def test_siblings_and_packages(project, prelude, spelling, expected):
    found = meaning(prelude, spelling, str(project / "main.py"))
    # An unknown module leaves its attributes as they are.
    assert found == expected or (spelling == "broken.g" and found == "?broken.g")


def test_a_helper_is_found_by_its_key(project):
    module = read_text("from pkg import layer\ndef f(x): return layer(x)\n", str(project / "main.py"))
    resolver = Resolver(module)
    resolver.resolve(resolver.find(module, "f"))
    layer = resolver.function("pkg.core.layer")
    assert layer.node.name == "layer"
    assert shown(resolver.resolve(layer)) == ["return @pkg.util.twice(x)"]
    assert resolver.module_of("@pkg.core.layer") == (layer.module, "layer")


def test_inside_a_package_absolute_imports_start_at_its_root(project):
    write(project, pkg__math="def sin(x): return x\n", pkg__twin="def a(): pass\n", twin="def b(): pass\n")
    path = str(project / "pkg" / "main.py")
    assert meaning("import math", "math.sin", path) == "math.sin"
    assert meaning("from . import math", "math.sin", path) == "@pkg.math.sin"
    assert meaning("import helpers", "helpers.g", path) == "@helpers.g"
    # As a module of pkg this imports the one, as a script the other.
    assert meaning("import twin", "twin", path) == "?twin"
    assert meaning("import util", "util.twice", path) == "@pkg.util.twice"


@pytest.mark.parametrize("name", ["numpy", "math", "scipy"])
def test_a_file_that_hides_a_known_module_is_not_overlooked(tmp_path, name):
    write(tmp_path, **{name: "def sin(x): return 0 * x\n"})
    assert meaning(f"import {name}", f"{name}.sin", str(tmp_path / "main.py")) == f"?{name}.sin"
    assert meaning(f"from {name} import sin", "sin", str(tmp_path / "main.py")) == "?sin"


def test_an_extension_module_is_not_read(tmp_path):
    write(tmp_path, fast="def g(x): return x\n")
    from importlib.machinery import EXTENSION_SUFFIXES

    (tmp_path / f"fast{EXTENSION_SUFFIXES[0]}").write_bytes(b"")
    assert meaning("import fast", "fast.g", str(tmp_path / "main.py")) == "fast.g"


def test_modules_of_one_name_are_told_apart(tmp_path):
    write(tmp_path, a__helpers="def g(x): return x\n", helpers="def g(x): return 2 * x\n", a__init="")
    text = "import helpers\nfrom a import helpers as other\ndef f(x): return helpers.g(x) + other.g(x)\n"
    assert body(text, path=str(tmp_path / "main.py")) == ["return @helpers.g(x) + @a.helpers.g(x)"]


def test_nothing_is_imported_or_run(tmp_path):
    trap = "import os\nopen({!r}, 'w').close()\nos.remove({!r})\nraise SystemExit('run')\n"
    victim = tmp_path / "precious.txt"
    victim.write_text("precious")
    made = str(tmp_path / "made.txt")
    bomb = trap.format(made, str(victim))
    write(
        tmp_path,
        boom=f"{bomb}def g(x): return x\n",
        danger__init=bomb,
        danger__inner=f"{bomb}def h(x): return x\n",
    )
    main = tmp_path / "main.py"
    imports = "import absent_dependency as ad\nimport boom\nfrom danger.inner import h\nfrom boom import *\n"
    main.write_text(f"{imports}{bomb}def f(x): return boom.g(x) + h(x) + ad.k(x) + 1 / 0\n")
    before = set(sys.modules)
    module = read_file(main)
    resolver = Resolver(module)
    resolved = shown(resolver.resolve(resolver.find(module, "f")))
    assert resolved == ["return @boom.g(x) + @danger.inner.h(x) + absent_dependency.k(x) + 1 / 0"]
    assert victim.read_text() == "precious"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["boom.py", "danger", "main.py", "precious.txt"]
    assert not {name for name in set(sys.modules) - before if name.split(".")[0] in ("boom", "danger", "main")}


# Scopes inside a function.

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
        "def f(x):\n    match x:\n        case [sin, *b] | {'k': sin, **b}: pass\n        case K.q: pass\n        case d: pass\n"
        "    return sin + b + d",
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
        "def f(x):\n    class C(K):\n        sin = sin\n        def m(self): return sin\n        l = [sin for _ in sin]\n    return C",
        [
            "class C(=m.K):\n    sin = sin\n\n    def m(self):\n        return math.sin\n    l = [math.sin for _ in sin]",
            "return C",
        ],
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


# Finding functions, and what else the resolver tells.

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
