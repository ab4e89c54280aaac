"""Densities and distribution functions of `scipy.stats`, from a table of the derivatives of logarithms of densities.

In the table, `z` is ``(x - loc) / scale``: the standard density has the slope that stands first, and a derivative by
each of its parameters. What else a distribution has follows from these. Outside the support, densities are zero and so
are their derivatives.
"""

from __future__ import annotations

import ast
from typing import Any

from sct.rules.registry import declared, register
from sct.rules.results import broadcast_float
from sct.rules.samples import V3
from sct.rules.template import template

P3 = [0.7, 1.2, 2.1]
U3 = [0.2, 0.35, 0.7]
PSI = "scipy.special.digamma"

#: Name, parameters with their derivatives, slope in z, where to try it.
CONTINUOUS: list[tuple[str, dict[str, str], str, list[Any]]] = [
    (
        "beta",
        {"a": f"np.log(z) - {PSI}(a) + {PSI}(a + b)", "b": f"np.log1p(-z) - {PSI}(b) + {PSI}(a + b)"},
        "(a - 1) / z - (b - 1) / (1 - z)",
        [U3, 1.7, 2.5],
    ),
    ("cauchy", {}, "-2 * z / (1 + z * z)", [V3]),
    ("chi2", {"df": f"(np.log(z / 2) - {PSI}(df / 2)) / 2"}, "(df / 2 - 1) / z - 0.5", [P3, 2.5]),
    ("expon", {}, "-1", [P3]),
    ("gamma", {"a": f"np.log(z) - {PSI}(a)"}, "(a - 1) / z - 1", [P3, 1.7]),
    ("laplace", {}, "-np.sign(z)", [V3]),
    ("logistic", {}, "-np.tanh(z / 2)", [V3]),
    ("lognorm", {"s": "np.log(z) ** 2 / s**3 - 1 / s"}, "-(1 + np.log(z) / s**2) / z", [P3, 0.8]),
    (
        "t",
        {
            "df": f"({PSI}((df + 1) / 2) - {PSI}(df / 2) - 1 / df - np.log1p(z * z / df)"
            " + (df + 1) * z * z / (df * (df + z * z))) / 2"
        },
        "-(df + 1) * z / (df + z * z)",
        [V3, 3.5],
    ),
    ("uniform", {}, "0 * z", [U3]),
]
#: Name, parameters that are held fixed, the one that has a derivative, its derivative, where to try it.
DISCRETE = [
    ("bernoulli", (), "p", "k / p - (1 - k) / (1 - p)", [[1, 0, 1], U3]),
    ("binom", ("n",), "p", "k / p - (n - k) / (1 - p)", [[1, 0, 2], 3, U3]),
    ("geom", (), "p", "1 / p - (k - 1) / (1 - p)", [[1, 2, 4], U3]),
    ("nbinom", ("n",), "p", "n / p - k / (1 - p)", [[1, 0, 4], 3, U3]),
    ("poisson", (), "mu", "k / mu - 1", [[1, 2, 4], P3]),
]


def _rule(name: str, parameters: list[str], operands: tuple[str, ...], parts: list[str], examples: list[Any]) -> None:
    """Declare a function of each element by the partial derivatives, given as texts."""
    text = f"def f(y, {', '.join(parameters)}):\n    return ({', '.join(parts)},)\n"
    node = ast.parse(text).body[0]
    assert isinstance(node, ast.FunctionDef)
    options = {"operands": operands, "examples": examples, "result": broadcast_float}
    register(declared("elementwise", (f"scipy.stats.{name}",), options, name, template(node, {})))


def _times_density(partial: str) -> str:
    """Return the derivative of a density from that of its logarithm, which may be undefined outside the support."""
    return f"y * np.where(y > 0, {partial}, 0.0)" if "log" in partial or "/" in partial else f"y * ({partial})"


def _continuous(name: str, partials: dict[str, str], slope: str, at: list[Any]) -> None:
    shapes = list(partials)
    parameters = ["x", *shapes, "loc=0", "scale=1"]
    operands = ("x", *shapes, "loc", "scale")
    examples = [tuple(at), (*at, -0.1, 1.5), (*at, {"scale": 1.5}), (at[0][1], *at[1:])]
    slope, own = (text.replace("z", "((x - loc) / scale)") for text in (slope, "z"))
    by_shape = [text.replace("z", own) for text in partials.values()]
    logarithm = [f"({slope}) / scale", *by_shape, f"-({slope}) / scale", f"-(1 + {own} * ({slope})) / scale"]
    _rule(f"{name}.logpdf", parameters, operands, logarithm, examples)
    _rule(f"{name}.pdf", parameters, operands, [_times_density(part) for part in logarithm], examples)
    given = ", ".join(["x", *shapes, "loc=loc", "scale=scale"])
    density, refused = f"scipy.stats.{name}.pdf({given})", ["None"] * len(shapes)
    for kind, factor in (("cdf", ""), ("sf", "-")):
        by_x = f"{factor}{density}"
        parts = [by_x, *refused, f"-{by_x}", f"-{own} * {by_x}"]
        _rule(f"{name}.{kind}", parameters, operands, parts, examples)
        _rule(
            f"{name}.log{kind}",
            parameters,
            operands,
            [p if p == "None" else f"{p} / np.exp(y)" for p in parts],
            examples,
        )


def _discrete(name: str, fixed: tuple[str, ...], shape: str, partial: str, at: list[Any]) -> None:
    parameters = ["k", *fixed, shape]
    _rule(f"{name}.logpmf", parameters, (shape,), [partial], [tuple(at)])
    _rule(f"{name}.pmf", parameters, (shape,), [_times_density(partial)], [tuple(at)])


for row in CONTINUOUS:
    _continuous(*row)
for entry in DISCRETE:
    _discrete(*entry)
# The distribution function of counts falls where the density is.
for kind, sign in (("cdf", "-"), ("sf", "")):
    slope_by_mean = f"{sign}scipy.stats.poisson.pmf(np.floor(k), mu)"
    _rule(f"poisson.{kind}", ["k", "mu"], ("mu",), [slope_by_mean], [([1, 2, 4], P3)])
