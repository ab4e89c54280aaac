"""Functions in programs: closures, lambdas, `nonlocal`, functions as arguments, starred arguments, recursion."""

from __future__ import annotations

import re

from .effects import WRITERS
from .expressions import Expressions
from .shared import RETURNERS

#: Functions that programs call; each is written where a program names it.
HELPERS = (
    WRITERS
    | RETURNERS
    | {
        "writes": '''
def writes(v, s):
    """Write into the argument."""
    v[0] = v[1] * s
    v[1:] += s
''',
        "same": """
def same(v):
    return v
""",
        "square": """
def square(s):
    return s * s
""",
        "power": """
def power(s, k: int = 3):
    return s if k == 0 else 0.5 * s * power(s, k - 1)
""",
        "two": """
def two(s, t):
    if s > t:
        return s * t, s
    return t, s - t
""",
        "grown": '''
def grown(v, s):
    """Write into the argument and return it."""
    v += s
    return v
''',
        "head": """
def head(v):
    return v[:2]
""",
        "scaled": """
def scaled(m, k: int = 1):
    m[k] *= 0.5
    m[:, 0] += m[k]
""",
        "exchanged": """
def exchanged(v, w):
    t = v[0] * 1.0
    v[0] = w[1]
    w[1] = t
""",
        "in_turn": """
def in_turn(v, s, k: int):
    v[0] = v[0] * s + v[1]
    if k > 0:
        other_turn(v, s, k - 1)
""",
        "other_turn": """
def other_turn(v, s, k: int):
    if k > 0:
        in_turn(v, s, k - 1)
""",
        "noted": """
def noted(q, v, k: int = 0):
    s = v[q[k]]
    q[k], q[-1] = q[-1], q[k]
    q[1] = k
    return s
""",
        "flows": """
def flows(a, b, c, s):
    c[0] = b[1]
    b[1:] = a[0]
    a[:2] = s
""",
        "counted": """
def counted(q, v, k: int = 0):
    q.append(k)
    return v[q[0]] * len(q)
""",
        "tick": """
TICKS = [0]

def tick():
    TICKS[0] += 1
    return TICKS[0]
""",
        "ticked": """
def ticked(s):
    return s * (1 + tick() % 3)
""",
        "moved": """
def moved(q, s):
    q[0] = (q[0] + 1) % 3
    return s * q[0]
""",
        "fresh": """
def fresh(v):
    out = np.empty(3)
    for i in range(3):
        out[i] = v[i] * v[i - 1]
    return out
""",
        "total": """
def total(*args, scale=1.0, shift: float = 0.0):
    s = shift
    for k, a in enumerate(args):
        s += scale * a / (k + 1.0)
    return s
""",
        "options": """
def options(s, **kw):
    return s * kw["a"] + kw.get("b", 0.5)
""",
        "applied": """
def applied(f, s, k: int = 2):
    for _ in range(k):
        s = 0.5 * f(s) + 0.1
    return s
""",
        "mapped": """
def mapped(f, v):
    return np.array([f(s) for s in v])
""",
        "even": """
def even(s, k: int):
    if k <= 0:
        return s
    return 0.7 * odd(math.sin(s), k - 1)
""",
        "odd": """
def odd(s, k: int):
    if k <= 0:
        return 2.0 * s
    return even(s * s, k - 1) - s
""",
        "maker": """
def maker(a):
    def made(b, c=0.3):
        return a * b + c

    return made
""",
        "halves": """
def halves(v, depth: int = 2):
    if depth == 0 or len(v) < 2:
        return v.sum()
    return 0.5 * halves(v[:1], depth - 1) + halves(v[1:], depth - 1) ** 2
""",
        "checked": """
def checked(s):
    if s > 2.0:
        raise ValueError("too large")
    return math.sqrt(2.5 - s)
""",
        "filled": """
def filled(out, *parts):
    for k, part in enumerate(parts):
        out[k] = part
""",
        "Pair": """
class Pair(NamedTuple):
    a: float
    b: np.ndarray
""",
        "State": """
@dataclass
class State:
    s: float
    v: np.ndarray
""",
    }
)
#: Helpers of scalars that programs pick when they need a function: name, kinds of parameters, kind of the result.
KNOWN = [("same", "v", "v"), ("square", "f", "f"), ("square", "v", "v"), ("power", "f", "f"), ("halves", "v", "f")]


def helper_texts(body: str) -> list[str]:
    """Return the helpers that a text names, and those which they name."""
    wanted: list[str] = []
    waiting = [body]
    while waiting:
        text = waiting.pop()
        for name, helper in HELPERS.items():
            if name not in wanted and re.search(rf"\b{name}\b", text):
                wanted.append(name)
                waiting.append(helper)
    return [f"{text}\n" for name, text in HELPERS.items() if name in wanted]


class Functions(Expressions):
    """Grows functions inside the program, and calls with every kind of argument."""

    FORMS = ((2, "closure"), (1, "lambda_"), (2, "passed"), (2, "starred"), (1, "record"), (1, "keeper"))

    def closure(self) -> None:
        """A function that reads what is around it, writes into it, or rebinds it."""
        if self.depth >= 2:
            return
        self.counter += 1
        name = f"inner{self.counter}"
        kinds = self.pick(["f", "ff", "v", "vf"])
        result = self.pick(["f", "v"])
        inner = self.child(self.chooser.integer(0, 3))
        inner.protected |= set(inner.types)
        inner.fixed |= set(inner.types)
        floats = self.rebindable()
        if floats and self.chance(25):
            kept = self.pick(floats)
            inner.line(f"nonlocal {kept}")
            inner.line(f"{kept} {self.pick(['=', '+=', '*='])} {inner.expression('f', 1)}")
        parameters = "pq"[: len(kinds)]
        for parameter, kind in zip(parameters, kinds, strict=True):
            inner.types[parameter] = kind
            inner.protected.discard(parameter)
            inner.fixed.discard(parameter)
        inner.result = result
        inner.statements(inner.budget)
        inner.line(f"return {inner.expression(result, 2)}")
        signature = ", ".join(parameters)
        if kinds.endswith("f") and self.chance(30):
            signature += f"={self.pick(self.names('f') or ['0.5'])}"
        if self.chance(20):
            inner.lines[-1] += " * k" if result == "v" else " + k"
            signature += f", *, k={self.number()}"
        self.line(f"def {name}({signature}):")
        self.lines += inner.lines
        self.helpers.append((name, kinds, result))
        if self.chance(70):
            self.bind(result, self.call(result, 1, name))

    def rebindable(self) -> list[str]:
        """Return the names that a function in this one may declare to be nonlocal."""
        return [n for n in self.free("f") if n not in ("p", "q")]

    def lambda_(self) -> None:
        self.counter += 1
        name = f"fn{self.counter}"
        outer = self.types
        self.types = {**outer, "p": "f"}
        text = self.expression("f", 2)
        self.types = outer
        extra = f", k={self.number()}" if self.chance(20) else ""
        self.line(f"{name} = lambda p{extra}: {text}{' * k' if extra else ''}")
        self.helpers.append((name, "f", "f"))
        self.bind("f", f"{name}({self.expression('f', 1)})")

    def function(self) -> str:
        """Return an expression for a function of a float."""
        known = [h[0] for h in self.helpers if h[1:] == ("f", "f")]
        outer = self.types
        self.types = {**outer, "p": "f"}
        text = self.expression("f", 1)
        self.types = outer
        return self.pick(
            [*known, "math.sin", "np.tanh", f"lambda p: {text}", f"maker({self.expression('f', 1)})", "checked"]
        )

    def passed(self) -> None:
        """Functions as arguments."""
        f, e = self.function(), self.expression
        kind, text = self.pick(
            [
                ("f", f"applied({f}, {e('f', 1)})"),
                ("f", f"applied({f}, {e('f', 1)}, k={self.pick(['0', '1', '3'])})"),
                ("v", f"mapped({f}, {e('v', 1)})"),
                ("v", f"np.array(list(map({f}, {e('v', 1)})))"),
                ("f", f"sum(map({f}, {e('v', 1)}))"),
                ("f", f"maker({e('f', 1)})({e('f', 1)})"),
                ("f", f"maker({e('f', 1)})({e('f', 1)}, c={e('f', 1)})"),
                ("f", f"({f})({e('f', 1)})"),
            ]
        )
        self.bind(kind, text)

    def starred(self) -> None:
        """Calls with starred arguments and keywords, and recursion."""
        e = self.expression
        lists = self.names("l")
        kind, text = self.pick(
            [
                ("f", f"total({e('f', 1)}, {e('f', 1)}, scale={e('f', 1)})"),
                ("f", f"total(*{e('v', 1)})"),
                ("f", f"total({e('f', 1)}, *({e('f', 1)}, {e('f', 1)}), shift={e('f', 1)})"),
                ("f", f"total(*{self.pick(lists)}, scale=0.5)" if lists else f"total({e('f', 1)})"),
                ("f", f"total(**{{'scale': 0.5, 'shift': {e('f', 1)}}})"),
                ("f", f"options({e('f', 1)}, a={e('f', 1)}, b={e('f', 1)})"),
                ("f", f"options({e('f', 1)}, **{{'a': {e('f', 1)}}})"),
                ("f", f"even({e('f', 1)}, {self.pick(['0', '1', '2', 'n'])})"),
                ("f", f"halves({e('v', 1)}, depth={self.pick(['0', '1', '2'])})"),
                ("f", f"two(*({e('f', 1)}, {e('f', 1)}))[{self.pick(['0', '1'])}]"),
            ]
        )
        self.bind(kind, text)

    def record(self) -> None:
        """A named tuple or a dataclass that lives here."""
        self.counter += 1
        name, e = f"rec{self.counter}", self.expression
        if self.chance(50):
            self.line(f"{name} = Pair({e('f', 1)}, b={e('v', 1)})")
            if self.chance(40):
                self.line(f"{name}.b[{self.index(0)}] *= {e('f', 1)}")
            kind, text = self.pick([("f", f"{name}.a * 2.0"), ("v", f"{name}.b * {name}.a"), ("f", f"{name}[0]")])
        else:
            self.line(f"{name} = State({e('f', 1)}, {e('v', 1)})")
            for _ in range(self.chooser.integer(0, 2)):
                self.line(
                    self.pick(
                        [
                            f"{name}.s {self.pick(['=', '+=', '*='])} {e('f', 1)}",
                            f"{name}.v = {name}.v * {e('f', 1)}",
                            f"{name}.v[{self.index(0)}] = {e('f', 1)}",
                            f"{name}.v += {e('f', 1)}",
                        ]
                    )
                )
            kind, text = self.pick([("f", f"{name}.s"), ("v", f"{name}.v + {name}.s"), ("v", f"{name}.v")])
        self.bind(kind, text)

    def keeper(self) -> None:
        """A closure that counts: it rebinds what is around it each time that it is called."""
        floats = self.rebindable()
        if not floats or self.depth:
            return
        self.counter += 1
        name, kept = f"add{self.counter}", self.pick(floats)
        self.line(f"def {name}(p):")
        self.line(f"    nonlocal {kept}")
        self.line(f"    {kept} = {kept} * 0.5 + p * {self.pick(floats)}")
        self.line(f"    return {kept}")
        self.line(f"for {name}_i in range({self.chooser.integer(0, 3)}):")
        self.line(f"    {name}({self.expression('f', 1)})")
