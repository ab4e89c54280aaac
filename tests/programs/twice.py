"""Second derivatives of the corpus: each first derivative, emitted, is itself a program to differentiate.

An order is written ``outer/inner``: ``forward/reverse`` is forward over reverse, the Hessian-vector product. The
oracles are those of the first order, run over the first derivative: divided differences, and the others where they
apply. A first derivative that is refused is not taken further.
"""

from __future__ import annotations

import copy
import dataclasses
import inspect
from pathlib import Path
from typing import Any

import numpy as np

from sct import oracles
from sct.oracles.structures import on_line

from .case import Call, Case, Truth, close, deadline, silence
from .checks import noise
from .harness import MODES, SKIPPED, SLOW, UNKNOWN, Slow, Verdict, derivative, verify

#: Programs whose first derivatives have steps: a bisection ends at one of finitely many places.
STEPS = ("beginners.bisect",)
ORDERS = tuple(f"{outer}/{inner}" for inner in MODES for outer in MODES)


def first(case: Case, mode: str, door: str, place: Path) -> Case:
    """Return the first derivative as a case: at the same point, with tangents or with a seed."""
    made = derivative(case, mode, door, place)
    call, rng = Call(case), np.random.default_rng(5)
    positional, keywords = call.split(call.values)
    independent = [call.names[i] for i in call.independent]
    if mode == "forward":
        own = set(call.names)
        tangents = [n for n in inspect.signature(made).parameters if n not in own]
        wrt = (*independent, *tangents)
        args = (*positional, *(noise(call.values[i], rng) for i in call.independent))
    else:
        with silence():
            seed = noise(case.function(*copy.deepcopy(positional), **copy.deepcopy(keywords)), rng)
        (name,) = set(inspect.signature(made).parameters) - set(call.names)
        wrt, args = (*independent, name), tuple(positional)
        if inspect.Parameter.VAR_POSITIONAL in call.kinds:
            keywords = {**keywords, name: seed}
        else:
            args = (*args, seed)
    return dataclasses.replace(
        case, name=f"{case.name} ({mode})", function=made, args=args, kwargs=keywords, wrt=wrt, truth=None
    )


def known(case: Case) -> Truth:
    """Run a first derivative and the oracles over it: one is enough, and where two apply they must agree."""
    call = Call(case)
    values = copy.deepcopy(call.values)
    positional, keywords = call.split(values)
    with silence():
        value = copy.deepcopy(case.function(*positional, **keywords))
        found: dict[str, Any] = {}
        for name in ("differences", "dual_numbers", "complex_step"):
            try:
                with deadline(5.0):
                    found[name] = oracles.jacobian(
                        getattr(oracles, name), call.by_parameter(), copy.deepcopy(call.values), call.independent
                    )
            except (Exception, Slow):  # noqa: S112
                continue  # what is written for floats need not run on other numbers
    if np.iscomplexobj(oracles.flatten(value)):
        raise LookupError("the first derivative is complex")
    if not found:
        raise LookupError("no oracle applies")
    if "differences" not in found:
        raise LookupError("the divided differences do not converge")
    exact = found.get("dual_numbers", found["differences"])
    if not close(exact, found["differences"], 1e-5):
        raise LookupError("the oracles disagree")  # of a bisection, differences see the steps
    sharper = [name for name in found if close(found["differences"], found[name], 1e-5)]
    if len(sharper) == 1:  # nothing else would tell of a kink, of which differences to both sides give the mean
        try:
            with silence():
                oracles.jacobian(bend, call.by_parameter(), copy.deepcopy(call.values), call.independent)
        except oracles.NotApplicable as kink:
            raise LookupError(str(kink)) from kink
    return Truth(value, values, found[sharper[-1]], tuple(found))


def bend(*args: Any) -> Any:
    """Return by how much the slopes on both sides differ near a point, where that vanishes with the distance."""
    at = on_line(*args)
    far, near = (abs(at(h) - 2.0 * at(0.0) + at(-h)) / h for h in (1e-4, 1e-5))
    if np.any((near > 5e-6 * (1.0 + abs(at(0.0)))) & (near > 0.5 * far)):
        raise oracles.NotApplicable("there is a kink here")
    return near


def judge(case: Case, place: Path, order: str, door: str, seconds: float) -> Verdict:
    """Return the verdict on one second derivative of a case."""
    outer, inner = order.split("/")
    if case.name in STEPS:
        return Verdict(UNKNOWN, "the first derivative has steps")
    try:
        made = first(case, inner, door, place)
        truth = known(made)
    except LookupError as error:
        return Verdict(UNKNOWN, str(error))
    except Exception as error:
        return Verdict(SKIPPED, f"{type(error).__name__}: {error}")
    tolerance = 1e-5 if truth.agreed == ("differences",) else 1e-6
    if case.tolerance > 1e-6:  # single precision
        tolerance = 1e-3
    try:
        with deadline(seconds):
            return verify(dataclasses.replace(made, tolerance=tolerance), outer, door, place, truth)
    except Slow:
        return Verdict(SLOW, f"more than {seconds:g} s")
