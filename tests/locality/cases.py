"""Functions, an edit of one line of each, and how many lines of its derivatives a person would have to change for it.

The counts are of lines in which the derivative of the old function and that of the new one have to differ, whoever
writes them: the statement itself, its tangent or its adjoints, the comment over these, and what takes a value that is
now saved, passed on or needed twice. A line that is replaced counts once.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """The line `old` of a function becomes `new`; `forward` and `reverse` are the lines that have to change."""

    name: str
    source: str
    old: str
    new: str
    forward: int
    reverse: int

    def sources(self) -> tuple[str, str]:
        """Return the module before and after the edit."""
        before = textwrap.dedent(self.source).lstrip("\n")
        old, new = textwrap.dedent(self.old).strip("\n"), textwrap.dedent(self.new).strip("\n")
        assert before.count(old) == 1, self.name
        return before, before.replace(old, new)


CHAIN = """
    from math import cos, exp, log, sin


    def f(x: float, y: float):
        a = sin(x) * y
        b = exp(a) + x * y
        c = log(1.0 + b * b) / (1.0 + a)
        d = cos(c) * sin(c) + b
        e = d * d * a + exp(-d)
        return e + c
    """
LAYERS = """
    import numpy as np


    def loss(w1, b1, w2, b2, x, t):
        h = np.tanh(x @ w1 + b1)
        y = h @ w2 + b2
        r = y - t
        return np.mean(r * r)
    """
LOOP = """
    import numpy as np


    def simulate(u: np.ndarray, k: float, steps: int):
        energy = 0.0
        for i in range(steps):
            force = -k * u
            u = u + 0.1 * force
            speed = np.sum(u * u)
            energy = energy + speed * np.sqrt(speed)
        return energy
    """
CELLS = """
    import numpy as np


    def scan(x: np.ndarray, w: float):
        a = x.copy()
        s = 1.0
        for i in range(1, len(x)):
            a[i] = a[i - 1] * a[i] * w
            s = s * a[i]
        return s
    """
BRANCH = """
    from math import exp, sin, sqrt


    def g(x: float, y: float):
        r = sqrt(x * x + y * y)
        if r > 1.0:
            z = x * y / r
        else:
            z = sin(x) * exp(y)
        w = z * r + x
        return w * w
    """
HELPERS = """
    import numpy as np


    def distance(a, b):
        d = a - b
        return np.sqrt(np.sum(d * d))


    def kernel(r, width):
        return np.exp(-r * r / width)


    def weight(a, b, width):
        r = distance(a, b)
        k = kernel(r, width)
        return k * (1.0 + r)
    """
LIKELIHOOD = """
    import numpy as np


    def log_likelihood(x, mean, log_scale):
        z = (x - mean) * np.exp(-log_scale)
        n = x.shape[0]
        quadratic = -0.5 * np.sum(z * z)
        penalty = n * np.sum(log_scale)
        return quadratic - penalty
    """
NEWTON = """
    def root(a: float, x: float):
        error = x * x - a
        while abs(error) > 1e-12:
            slope = 2.0 * x
            step = error / slope
            x = x - step
            error = x * x - a
        return x
    """
SOFTMAX = """
    import numpy as np


    def attention(q, k, v):
        scores = q @ k.T / np.sqrt(q.shape[1])
        top = np.max(scores, axis=1, keepdims=True)
        e = np.exp(scores - top)
        p = e / np.sum(e, axis=1, keepdims=True)
        out = p @ v
        return np.sum(out * out)
    """
DICT = """
    import numpy as np


    def predict(p, x):
        h = np.tanh(p["w"] * x + p["b"])
        y = h * p["v"]
        return np.sum(y)
    """
PHYSICS = """
    import numpy as np


    def energy(q: np.ndarray, m: np.ndarray, g: float):
        v = np.diff(q)
        kinetic = 0.5 * np.sum(m[1:] * v * v)
        depth = np.sin(q) * q
        potential = g * np.sum(m * depth)
        rest = np.sum(np.abs(m))
        return kinetic + potential - rest
    """
EARLY = """
    from math import sin


    def first(x: float, n: int):
        s = 0.0
        for i in range(n):
            s = s + sin(x * i)
            if s > 2.0:
                return s * x
            s = s * 1.5
        return s
    """
ROSENBROCK = """
    import numpy as np


    def rosenbrock(x: np.ndarray):
        total = 0.0
        for i in range(len(x) - 1):
            step = x[i + 1] - x[i] * x[i]
            off = 1.0 - x[i]
            total += 100.0 * step * step + off * off
        return total
    """
VIEWS = """
    import numpy as np


    def smooth(x: np.ndarray, w: float):
        y = x * w
        inner = y[1:-1]
        inner *= 2.0
        y[0] = y[1] * w
        y[-1] = y[-2] * w
        return np.sum(y * y)
    """
NESTED = """
    import numpy as np


    def pairs(x: np.ndarray, c: float):
        total = 0.0
        for i in range(len(x)):
            for j in range(i):
                gap = x[i] - x[j]
                near = np.exp(-c * gap * gap)
                total = total + near * gap
        return total
    """
PRODUCTS = """
    from math import exp, sin


    def products(x: float, y: float, z: float):
        a = (x * y + z) * (x * z + y)
        b = (a * y + x) * (a * z - y)
        c = (b * x - a) / (b * y + 3.0)
        d = (c * z + x) * (a * c - z)
        e = (d * y + b) * (d * x + c)
        f = (e * z - d) / (e * e + 2.0)
        g = (f * x + e) * (f * y - b)
        h = (g * a + f) * (g * c + d)
        return (h * x + g) * (h * y - f)
    """
OPTION = """
    from math import erf, exp, log, sqrt


    def price(s: float, k: float, sigma: float, tau: float, call: bool):
        d1 = (log(s / k) + sigma * sigma / 2 * tau) / (sigma * sqrt(tau))
        d2 = d1 - sigma * sqrt(tau)
        if call:
            return s * erf(d1 / 2) - k * exp(-tau) * erf(d2 / 2)
        return k * exp(-tau) * erf(-d2 / 2) - s * erf(-d1 / 2)
    """

EDITS = [
    Edit("constant", CHAIN, "c = log(1.0 + b * b)", "c = log(2.0 + b * b)", 2, 3),
    Edit("function", CHAIN, "d = cos(c) * sin(c) + b", "d = cos(c) * exp(c) + b", 2, 4),
    Edit("first_line", CHAIN, "a = sin(x) * y", "a = sin(x) * cos(x) * y", 2, 5),
    Edit("last_line", CHAIN, "return e + c", "return e * c", 2, 4),
    Edit("inserted", CHAIN, "d = cos(c) * sin(c) + b", "c = c + exp(c) * b\n    d = cos(c) * sin(c) + b", 2, 5),
    Edit("inserted_first", CHAIN, "a = sin(x) * y", "x = x * exp(y)\n    a = sin(x) * y", 2, 4),
    Edit("removed", CHAIN, "e = d * d * a + exp(-d)", "e = d * d * a", 2, 4),
    Edit("layer", LAYERS, "h = np.tanh(x @ w1 + b1)", "h = np.sin(x @ w1 + b1)", 2, 4),
    Edit("residual", LAYERS, "y = h @ w2 + b2", "y = h @ w2 + b2 + x", 2, 4),
    Edit("mean", LAYERS, "return np.mean(r * r)", "return np.sum(r * r)", 2, 3),
    Edit("scaled", LAYERS, "r = y - t", "r = (y - t) * np.exp(t)", 3, 6),
    Edit("in_loop", LOOP, "force = -k * u", "force = -k * np.sin(u)", 2, 6),
    Edit("time_step", LOOP, "u = u + 0.1 * force", "u = u + 0.2 * force", 2, 3),
    Edit("loop_result", LOOP, "energy + speed * np.sqrt(speed)", "energy + speed", 2, 5),
    Edit("cell", CELLS, "a[i] = a[i - 1] * a[i] * w", "a[i] = a[i - 1] + a[i] * w", 2, 4),
    Edit("accumulated", CELLS, "s = s * a[i]", "s = s + a[i]", 2, 6),
    Edit("in_branch", BRANCH, "z = x * y / r", "z = x + y / r", 2, 4),
    Edit("condition", BRANCH, "if r > 1.0:", "if r > 2.0:", 1, 1),
    Edit("behind_branch", BRANCH, "w = z * r + x", "w = z * r * x", 2, 5),
    Edit("helper", HELPERS, "d = a - b", "d = a - 2.0 * b", 2, 3),
    Edit("other_helper", HELPERS, "return np.exp(-r * r / width)", "return np.exp(-r / width)", 2, 4),
    Edit("call", HELPERS, "return k * (1.0 + r)", "return k + r", 2, 4),
    Edit("other_argument", HELPERS, "k = kernel(r, width)", "k = kernel(r, 2.0 * width)", 1, 3),
    Edit("quadratic", LIKELIHOOD, "-0.5 * np.sum(z * z)", "-0.5 * np.sum(np.abs(z))", 2, 3),
    Edit("penalty", LIKELIHOOD, "penalty = n * np.sum(log_scale)", "penalty = n * np.sum(log_scale * log_scale)", 2, 3),
    Edit("standardised", LIKELIHOOD, "z = (x - mean) *", "z = (x - mean - 1.0) *", 2, 3),
    Edit("slope", NEWTON, "slope = 2.0 * x", "slope = 2.0 * x + 1.0", 1, 2),
    Edit("damped", NEWTON, "x = x - step", "x = x - 0.5 * step", 2, 3),
    Edit("scores", SOFTMAX, "scores = q @ k.T / np.sqrt(q.shape[1])", "scores = q @ k.T", 2, 4),
    Edit("output", SOFTMAX, "out = p @ v", "out = np.tanh(p @ v)", 2, 5),
    Edit("square", SOFTMAX, "return np.sum(out * out)", "return np.sum(out * out * out)", 2, 3),
    Edit("member", DICT, 'y = h * p["v"]', 'y = h * p["v"] + x', 2, 4),
    Edit("squashed", DICT, 'h = np.tanh(p["w"] * x + p["b"])', 'h = np.sin(p["w"] * x + p["b"])', 2, 4),
    Edit("kinetic", PHYSICS, "0.5 * np.sum(m[1:] * v * v)", "0.5 * np.sum(m[:-1] * v * v)", 2, 4),
    Edit("depth", PHYSICS, "depth = np.sin(q) * q", "depth = np.sin(q)", 2, 3),
    Edit("rest", PHYSICS, "rest = np.sum(np.abs(m))", "rest = np.sum(m * m)", 2, 3),
    Edit("before_return", EARLY, "s = s + sin(x * i)", "s = s + sin(x * i) * x", 2, 4),
    Edit("return", EARLY, "return s * x", "return s + x", 2, 4),
    Edit("step", ROSENBROCK, "step = x[i + 1] - x[i] * x[i]", "step = x[i + 1] - x[i]", 2, 3),
    Edit("total", ROSENBROCK, "total += 100.0 * step * step + off * off", "total += step * step + off * off", 2, 2),
    Edit("view", VIEWS, "inner *= 2.0", "inner *= 3.0", 2, 3),
    Edit("edge", VIEWS, "y[-1] = y[-2] * w", "y[-1] = y[-2] * w * w", 2, 4),
    Edit("inner_loop", NESTED, "near = np.exp(-c * gap * gap)", "near = np.exp(-c * gap)", 2, 4),
    Edit("inner_sum", NESTED, "total = total + near * gap", "total = total + near * gap * c", 2, 5),
    Edit("first_product", PRODUCTS, "a = (x * y + z) * (x * z + y)", "a = sin(x * y) * exp(x * z)", 4, 8),
    Edit("middle", PRODUCTS, "d = (c * z + x) * (a * c - z)", "d = sin(c * z) * exp(a * c)", 4, 8),
    Edit("last_product", PRODUCTS, "h = (g * a + f) * (g * c + d)", "h = sin(g * a) * exp(g * c)", 4, 8),
    Edit("before_branch", OPTION, "d2 = d1 - sigma * sqrt(tau)", "d2 = exp(d1) * exp(sigma / tau) * sqrt(tau)", 5, 9),
]
