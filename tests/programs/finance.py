"""Finance: discounting, options, trees."""

# ruff: noqa

import math
from math import erf, exp, log, sqrt  # noqa: F401

import numpy as np


def present_value(cashflows, rate):
    pv = 0.0
    for t, c in enumerate(cashflows, 1):
        pv += c / (1 + rate) ** t
    return pv


def internal_rate(cashflows, guess):
    r = guess
    for _ in range(30):
        value = slope = 0.0
        for t, c in enumerate(cashflows):
            value += c / (1 + r) ** t
            slope -= t * c / (1 + r) ** (t + 1)
        step = value / slope
        r -= step
        if abs(step) < 1e-14:
            break
    return r


def normal_cdf(x):
    """Abramowitz and Stegun 26.2.17."""
    if x < 0:
        return 1.0 - normal_cdf(-x)
    t = 1.0 / (1.0 + 0.2316419 * x)
    poly = t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
    return 1.0 - exp(-0.5 * x * x) / sqrt(2 * math.pi) * poly


def black_scholes(spot, strike, rate, vol, expiry, kind="call"):
    d1 = (log(spot / strike) + (rate + 0.5 * vol**2) * expiry) / (vol * sqrt(expiry))
    d2 = d1 - vol * sqrt(expiry)
    if kind == "call":
        return spot * normal_cdf(d1) - strike * exp(-rate * expiry) * normal_cdf(d2)
    return strike * exp(-rate * expiry) * normal_cdf(-d2) - spot * normal_cdf(-d1)


def binomial_tree(spot, strike, rate, vol, expiry, steps: int = 6):
    dt = expiry / steps
    up = exp(vol * sqrt(dt))
    down = 1 / up
    p = (exp(rate * dt) - down) / (up - down)
    disc = exp(-rate * dt)
    values = np.zeros(steps + 1)
    for i in range(steps + 1):
        values[i] = max(strike - spot * up**i * down ** (steps - i), 0.0)
    for n in range(steps - 1, -1, -1):
        for i in range(n + 1):
            hold = disc * (p * values[i + 1] + (1 - p) * values[i])
            exercise = strike - spot * up**i * down ** (n - i)
            values[i] = max(hold, exercise)
    return values[0]


def monte_carlo_option(spot, vol, rate, draws, strike=100.0):
    total = 0.0
    for z in draws:
        s = spot * exp((rate - 0.5 * vol**2) + vol * z)
        payoff = s - strike
        if payoff > 0:
            total += payoff
    return exp(-rate) * total / len(draws)


def path_dependent(spot, vol, draws, barrier=130.0):
    """Average price, knocked out at the barrier."""
    s = spot
    average = 0.0
    for i, z in enumerate(draws):
        s *= exp(vol * z - 0.5 * vol**2)
        if s > barrier:
            return 0.0
        average += (s - average) / (i + 1)
    return average


def portfolio_variance(weights, cov):
    w = weights / weights.sum()
    return np.sqrt(w @ cov @ w)


def sharpe(weights, returns, risk_free=0.01):
    r = returns @ weights
    excess = r - risk_free
    return excess.mean() / np.sqrt(((excess - excess.mean()) ** 2).mean())


def loan_payment(principal, rate, years: int = 3):
    monthly = rate / 12
    n = years * 12
    if rate == 0:
        return principal / n
    return principal * monthly / (1 - (1 + monthly) ** -n)


def amortise(principal, rate, payment):
    balance = principal
    interest_paid = 0.0
    months = 0
    while balance > 0 and months < 60:
        interest = balance * rate / 12
        if payment <= interest:
            raise ValueError("the payment never pays it off")
        interest_paid += interest
        balance = balance + interest - payment
        months += 1
    return interest_paid


def progressive_tax(income, brackets=((10_000.0, 0.1), (30_000.0, 0.2), (math.inf, 0.4))):
    tax, lower = 0.0, 0.0
    for upper, rate in brackets:
        if income <= lower:
            break
        tax += (min(income, upper) - lower) * rate
        lower = upper
    return tax


def vasicek(r0, a, b, sigma, shocks):
    rates = np.empty(len(shocks) + 1)
    rates[0] = r0
    for i in range(len(shocks)):
        rates[i + 1] = rates[i] + a * (b - rates[i]) * 0.25 + sigma * 0.5 * shocks[i]
    return np.exp(-0.25 * rates[:-1].sum())


DRAWS = np.array([0.1, -0.7, 1.4, 0.2, -0.3])
COV = np.array([[0.04, 0.01], [0.01, 0.09]])
CASES = {
    "present_value": [([10.0, 10.0, 110.0], 0.05), (np.array([10.0, 110.0]), 0.04)],
    "internal_rate": [([-100.0, 30.0, 50.0, 45.0], 0.1)],
    "normal_cdf": [(0.4,), (-0.4,)],
    "black_scholes": [(100.0, 95.0, 0.03, 0.2, 0.5), (100.0, 95.0, 0.03, 0.2, 0.5, "put")],
    "binomial_tree": [(100.0, 103.0, 0.03, 0.2, 0.5)],
    "monte_carlo_option": {"args": [(100.0, 0.2, 0.03, DRAWS)], "wrt": ("spot", "vol", "rate")},
    "path_dependent": [(100.0, 0.1, DRAWS), (120.0, 0.3, -DRAWS)],
    "portfolio_variance": [(np.array([0.6, 0.7]), COV)],
    "sharpe": {"args": [(np.array([0.6, 0.4]), np.stack([DRAWS, DRAWS[::-1] * 0.7], axis=1))], "wrt": 0},
    "loan_payment": [(1000.0, 0.05)],
    "amortise": [(1000.0, 0.05, 90.0)],
    "progressive_tax": {"args": [(25_000.0,), (50_000.0,), (4_000.0,)], "wrt": "income"},
    "vasicek": [(0.03, 0.4, 0.05, 0.01, DRAWS)],
}
