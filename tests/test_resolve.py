"""Names become what they stand for by reading alone: nothing is imported, nothing is run."""

from __future__ import annotations

import sys

import pytest
from resolve_support import body, meaning, reason, shown, write

from sct import core
from sct.frontend.read import read_file, read_text
from sct.frontend.resolve import Resolver

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


@pytest.mark.parametrize(
    ("prelude", "spelling", "why"),
    [
        ("import numpy as np\nnp.sin = len", "np.sin", "m.py binds 'np.sin' anew"),
        ("import numpy as np\nfrom numpy import sin\nnp.sin = len", "sin", "m.py binds 'np.sin' anew"),
        ("import numpy as np\nnp.linalg.norm = len", "np.linalg.norm", "binds 'np.linalg.norm' anew"),
        ("import numpy as np\ndef patch():\n    np.sin = len", "np.sin", "binds 'np.sin' anew"),
        ("import numpy as np\nsetattr(np, 'sin', len)", "np.sin", "binds 'np.sin' anew"),
        ("import builtins\nbuiltins.abs = 3", "abs", "binds 'builtins.abs' anew"),
        ("from math import sin\nglobals()['sin'] = len", "sin", "line 2 of m.py may bind 'sin' again"),
        ("from math import sin\nglobals().update(a=1)", "sin", "may bind 'sin' again"),
        ("from math import sin\nexec('sin = 3')", "sin", "may bind 'sin' again"),
        ("from math import sin\ndef g():\n    exec('sin = 3', globals())", "sin", "may bind 'sin' again"),
    ],
)
def test_what_is_patched_is_unknown(prelude, spelling, why):
    assert meaning(prelude, spelling) == f"?{spelling}"
    assert why in reason(prelude, spelling)


def test_patches_that_touch_nothing_here():
    prelude = "import numpy as np\nnp.cos = len\nclass A:\n    def m(self): self.sin = 1\nexec('a = 1', {})\n"
    assert meaning(prelude, "np.sin") == "numpy.sin"


def test_a_patched_sibling(tmp_path):
    write(tmp_path, helpers="K = 1\ndef g(x): return x\ndef h(x): return x\n")
    prelude = "import helpers\nhelpers.g = len\nhelpers.K = 2\n"
    assert meaning(prelude, "helpers.g(1) + helpers.h(1)", str(tmp_path / "main.py")) == "?helpers.g(1) + @helpers.h(1)"


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
        pkg__core="from .util import twice\nfrom ..helpers import g\nimport pkg.sub.deep as d\n"
        "def layer(x): return twice(x)\n",
        pkg__util="from pkg import core\ndef twice(x): return 2 * x\n",
        pkg__sub__init="",
        pkg__sub__deep="from ... import helpers\nfrom .. import util\nfrom ..core import layer as l\n"
        "def deepest(x): return x\n",
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


def test_the_namespace_package_around_a_file(tmp_path):
    folder = tmp_path / "outer" / "inner"
    folder.mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "helpers.py").write_text("def g(x): return x\n")
    main = folder / "main.py"
    assert meaning("from outer.inner.helpers import g", "g(1)", str(main)) == "@inner.helpers.g(1)"
    assert meaning("from other.inner.helpers import g", "g(1)", str(main)) != "@inner.helpers.g(1)"


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
