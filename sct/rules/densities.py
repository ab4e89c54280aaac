"""Densities and distribution functions of `scipy.stats`, from a table of the derivatives of logarithms of densities.

In the table, `z` is ``(x - loc) / scale``: the standard density has the slope that stands first, and a derivative by
each of its parameters. What else a distribution has follows from these. Outside the support, densities are zero and so
are their derivatives.
"""

from __future__ import annotations

import ast
import re
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
    ("arcsine", {}, "(1 / (1 - z) - 1 / z) / 2", [U3]),
    (
        "beta",
        {"a": f"np.log(z) - {PSI}(a) + {PSI}(a + b)", "b": f"np.log1p(-z) - {PSI}(b) + {PSI}(a + b)"},
        "(a - 1) / z - (b - 1) / (1 - z)",
        [U3, 1.7, 2.5],
    ),
    (
        "betaprime",
        {"a": f"np.log(z) - np.log1p(z) - {PSI}(a) + {PSI}(a + b)", "b": f"{PSI}(a + b) - {PSI}(b) - np.log1p(z)"},
        "(a - 1) / z - (a + b) / (1 + z)",
        [P3, 1.7, 2.5],
    ),
    ("cauchy", {}, "-2 * z / (1 + z * z)", [V3]),
    ("chi", {"df": f"np.log(z) - ({PSI}(df / 2) + math.log(2)) / 2"}, "(df - 1) / z - z", [P3, 2.5]),
    ("chi2", {"df": f"(np.log(z / 2) - {PSI}(df / 2)) / 2"}, "(df / 2 - 1) / z - 0.5", [P3, 2.5]),
    ("expon", {}, "-1", [P3]),
    (
        "f",
        {
            "dfn": f"(np.log(dfn * z / dfd) + 1 - np.log1p(dfn * z / dfd) - {PSI}(dfn / 2) + {PSI}((dfn + dfd) / 2)"
            " - (dfn + dfd) * z / (dfd + dfn * z)) / 2",
            "dfd": f"({PSI}((dfn + dfd) / 2) - {PSI}(dfd / 2) - np.log1p(dfn * z / dfd) - dfn / dfd"
            " + (dfn + dfd) * dfn * z / (dfd * (dfd + dfn * z))) / 2",
        },
        "(dfn / 2 - 1) / z - (dfn + dfd) / 2 * dfn / (dfd + dfn * z)",
        [P3, 3.5, 4.5],
    ),
    (
        "fisk",
        {"c": "1 / c + np.log(z) - 2 * z**c * np.log(z) / (1 + z**c)"},
        "(c - 1) / z - 2 * c * z ** (c - 1) / (1 + z**c)",
        [P3, 2.5],
    ),
    ("gamma", {"a": f"np.log(z) - {PSI}(a)"}, "(a - 1) / z - 1", [P3, 1.7]),
    ("genpareto", {"c": "np.log1p(c * z) / c**2 - (1 + 1 / c) * z / (1 + c * z)"}, "-(1 + c) / (1 + c * z)", [P3, 0.7]),
    ("gompertz", {"c": "1 / c - np.expm1(z)"}, "1 - c * np.exp(z)", [P3, 0.7]),
    ("gumbel_l", {}, "1 - np.exp(z)", [V3]),
    ("gumbel_r", {}, "np.exp(-z) - 1", [V3]),
    ("halfcauchy", {}, "-2 * z / (1 + z * z)", [P3]),
    ("halflogistic", {}, "-np.tanh(z / 2)", [P3]),
    ("halfnorm", {}, "-z", [P3]),
    ("hypsecant", {}, "-np.tanh(z)", [V3]),
    ("invgamma", {"a": f"-np.log(z) - {PSI}(a)"}, "1 / z**2 - (a + 1) / z", [P3, 1.7]),
    ("invgauss", {"mu": "(z - mu) / mu**3"}, "-1.5 / z - (1 / mu**2 - 1 / z**2) / 2", [P3, 0.8]),
    ("laplace", {}, "-np.sign(z)", [V3]),
    ("levy", {}, "(1 / z**2 - 3 / z) / 2", [P3]),
    ("loggamma", {"c": f"z - {PSI}(c)"}, "c - np.exp(z)", [V3, 1.7]),
    ("logistic", {}, "-np.tanh(z / 2)", [V3]),
    ("lognorm", {"s": "np.log(z) ** 2 / s**3 - 1 / s"}, "-(1 + np.log(z) / s**2) / z", [P3, 0.8]),
    ("lomax", {"c": "1 / c - np.log1p(z)"}, "-(c + 1) / (1 + z)", [P3, 1.7]),
    ("maxwell", {}, "2 / z - z", [P3]),
    ("moyal", {}, "(np.exp(-z) - 1) / 2", [V3]),
    (
        "nakagami",
        {"nu": f"np.log(nu) + 1 - {PSI}(nu) + 2 * np.log(z) - z**2"},
        "(2 * nu - 1) / z - 2 * nu * z",
        [P3, 1.7],
    ),
    ("pareto", {"b": "1 / b - np.log(z)"}, "-(b + 1) / z", [[2.7, 3.2, 2.1], 1.7]),
    ("powerlaw", {"a": "1 / a + np.log(z)"}, "(a - 1) / z", [U3, 1.7]),
    ("rayleigh", {}, "1 / z - z", [P3]),
    ("semicircular", {}, "-z / (1 - z * z)", [U3]),
    (
        "skewnorm",
        {"a": "z * np.exp(-((a * z) ** 2) / 2 - scipy.special.log_ndtr(a * z)) / math.sqrt(2 * math.pi)"},
        "a * np.exp(-((a * z) ** 2) / 2 - scipy.special.log_ndtr(a * z)) / math.sqrt(2 * math.pi) - z",
        [V3, 1.3],
    ),
    (
        "t",
        {
            "df": f"({PSI}((df + 1) / 2) - {PSI}(df / 2) - 1 / df - np.log1p(z * z / df)"
            " + (df + 1) * z * z / (df * (df + z * z))) / 2"
        },
        "-(df + 1) * z / (df + z * z)",
        [V3, 3.5],
    ),
    (
        "truncnorm",
        {
            "a": "np.exp(-a * a / 2) / math.sqrt(2 * math.pi) / (scipy.special.ndtr(b) - scipy.special.ndtr(a))",
            "b": "-np.exp(-b * b / 2) / math.sqrt(2 * math.pi) / (scipy.special.ndtr(b) - scipy.special.ndtr(a))",
        },
        "-z",
        [U3, -0.7, 2.5],
    ),
    ("uniform", {}, "0 * z", [U3]),
    (
        "vonmises",
        {"kappa": "np.cos(z) - scipy.special.i1e(kappa) / scipy.special.i0e(kappa)"},
        "-kappa * np.sin(z)",
        [V3, 1.7],
    ),
    ("wald", {}, "-1.5 / z - (1 - 1 / z**2) / 2", [P3]),
    (
        "weibull_min",
        {"c": "1 / c + np.log(z) - z**c * np.log(z)"},
        "(c - 1) / z - c * z ** (c - 1)",
        [P3, 1.7],
    ),
]
#: Name, parameters that are held fixed, the one that has a derivative, its derivative, where to try it.
DISCRETE = [
    ("bernoulli", (), "p", "k / p - (1 - k) / (1 - p)", [[1, 0, 1], U3]),
    ("binom", ("n",), "p", "k / p - (n - k) / (1 - p)", [[1, 0, 2], 3, U3]),
    ("geom", (), "p", "1 / p - (k - 1) / (1 - p)", [[1, 2, 4], U3]),
    ("nbinom", ("n",), "p", "n / p - k / (1 - p)", [[1, 0, 4], 3, U3]),
    ("poisson", (), "mu", "k / mu - 1", [[1, 2, 4], P3]),
]


def _rule(
    name: str,
    parameters: list[str],
    operands: tuple[str, ...],
    parts: list[str],
    examples: list[Any],
    fixed: tuple[str, ...] = (),
) -> None:
    """Declare a function of each element by the partial derivatives, given as texts."""
    text = f"def f(y, {', '.join(parameters)}):\n    return ({', '.join(parts)},)\n"
    node = ast.parse(text).body[0]
    assert isinstance(node, ast.FunctionDef)
    options = {"operands": operands, "examples": examples, "result": broadcast_float, "fixed": fixed}
    register(declared("elementwise", (f"scipy.stats.{name}",), options, name, template(node, {})))


def _times_density(partial: str) -> str:
    """Return the derivative of a density from that of its logarithm, which may be undefined outside the support."""
    return f"y * np.where(y > 0, {partial}, 0.0)" if "log" in partial or "/" in partial else f"y * ({partial})"


def _continuous(name: str, partials: dict[str, str], slope: str, at: list[Any]) -> None:
    shapes = list(partials)
    parameters = ["x", *shapes, "loc=0", "scale=1"]
    operands = ("x", *shapes, "loc", "scale")
    examples = [tuple(at), (*at, -0.1, 1.5)]
    own = "((x - loc) / scale)"
    slope, *by_shape = (re.sub(r"\bz\b", own, text) for text in (slope, *partials.values()))
    logarithm = [f"({slope}) / scale", *by_shape, f"-({slope}) / scale", f"-(1 + {own} * ({slope})) / scale"]
    _rule(f"{name}.logpdf", parameters, operands, logarithm, examples)
    _rule(f"{name}.pdf", parameters, operands, [_times_density(part) for part in logarithm], examples)
    given = ", ".join(["x", *shapes, "loc=loc", "scale=scale"])
    density, refused = f"scipy.stats.{name}.pdf({given})", ["None"] * len(shapes)
    quantile = [[0.2, 0.35, 0.7], *at[1:]]
    for kind, factor in (("ppf", ""), ("isf", "-")):
        slope_at = f"{factor}1 / scipy.stats.{name}.pdf({given.replace('x', 'y', 1)})"
        parts = [slope_at, *refused, "1.0", "(y - loc) / scale"]
        given_here = ["q", *parameters[1:]]
        _rule(f"{name}.{kind}", given_here, ("q", *operands[1:]), parts, [tuple(quantile), (*quantile, -0.1, 1.5)])
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
    parameters = ["k", *fixed, shape, "loc=0"]
    partial = re.sub(r"\bk\b", "(k - loc)", partial)
    examples = [tuple(at), ([k + 1 for k in at[0]], *at[1:], 1)]
    _rule(f"{name}.logpmf", parameters, (shape,), [partial], examples, fixed)
    _rule(f"{name}.pmf", parameters, (shape,), [_times_density(partial)], examples, fixed)


for row in CONTINUOUS:
    _continuous(*row)
for entry in DISCRETE:
    _discrete(*entry)
# The distribution function of counts falls where the density is.
for kind, sign in (("cdf", "-"), ("sf", "")):
    slope_by_mean = f"{sign}scipy.stats.poisson.pmf(np.floor(k), mu, loc)"
    _rule(f"poisson.{kind}", ["k", "mu", "loc=0"], ("mu",), [slope_by_mean], [([1, 2, 4], P3), ([2, 3], 0.7, 1)])
