"""What is promised of a derivative, checked one by one."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from sct import oracles

from .case import Call, Case, Truth, close


class Wrong(AssertionError):
    """The derivative is not what the oracles say, or breaks a promise."""


def check_forward(case: Case, made: Callable[..., Any], known: Truth) -> None:
    """Check a function of the form ``f_jvp(primals…, tangents…) -> (value, tangent)``."""
    rng = np.random.default_rng(7)
    for trial in range(2):
        call = Call(case)
        tangents = [noise(call.values[i], rng) for i in call.independent]
        if trial == 1 and len(tangents) > 1:  # one independent at a time finds what the others hide
            tangents = [tangents[0], *(zeros(call.values[i]) for i in call.independent[1:])]
        kept = copy.deepcopy(tangents)
        positional, keywords = call.split(call.values)
        value, tangent = made(*positional, *tangents, **keywords)
        check_value(call, value, known, alive=tangents)
        expect_same(tangents, kept, "the caller's tangents are changed")
        expect_structure(tangent, value, "tangent", is_mixed([call.values, read_by(case.function)], known.value))
        expected = known.jacobian @ oracles.flatten(kept)
        if not close(oracles.flatten(tangent), expected, case.tolerance):
            raise Wrong(f"tangent {oracles.flatten(tangent)} should be {expected} (trial {trial})")
        for part in oracles.leaves(tangent):  # a tangent may share with another tangent where its primal does
            no_sharing({"tangent": part}, {"arguments": call.values})


def check_reverse(case: Case, made: Callable[..., Any], known: Truth) -> None:
    """Check a function of the form ``f_vjp(arguments…, seed) -> (value, adjoints)``."""
    rng = np.random.default_rng(8)
    scalar = (
        oracles.flatten(known.value).size == 1
        and not isinstance(known.value, dict | list | tuple)
        and np.ndim(known.value) == 0
    )
    for trial in range(2):
        call = Call(case)
        seed = 1.0 if scalar and trial == 0 else noise(known.value, rng)
        kept = copy.deepcopy(seed)
        positional, keywords = call.split(call.values)
        if trial == 0 and scalar:
            pass
        elif inspect.Parameter.VAR_POSITIONAL in call.kinds:
            (name,) = set(inspect.signature(made).parameters) - set(call.names)
            keywords[name] = seed
        else:
            positional.append(seed)
        value, adjoints = made(*positional, **keywords)
        check_value(call, value, known, alive=seed)
        expect_same(seed, kept, "the caller's seed is changed")
        pieces = [adjoints] if call.bare else adjoints
        if not isinstance(pieces, tuple | list) or len(pieces) != len(call.independent):
            raise Wrong(f"adjoints of {len(call.independent)} independents expected, got {pieces!r}")
        originals = Call(case).values
        for position, piece in zip(call.independent, pieces, strict=True):
            mixed = is_mixed(originals, known.value)
            expect_structure(piece, originals[position], f"adjoint of {call.names[position]}", mixed)
        found, expected = oracles.flatten(list(pieces)), oracles.flatten(kept) @ known.jacobian
        if not close(found, expected, case.tolerance):
            raise Wrong(f"adjoints {found} should be {expected} (trial {trial})")
        named = {f"adjoint of {call.names[p]}": piece for p, piece in zip(call.independent, pieces, strict=True)}
        no_sharing(named, {"seed": seed, "arguments": call.values, "value": value})


def check_value(call: Call, value: Any, known: Truth, alive: Any) -> None:
    """The value is the primal's, and the arguments end as the primal leaves them."""
    rounding = 1e-12 if call.case.tolerance < 1e-6 else 1e-6  # of single precision
    expect_same(value, known.value, "the value is not the primal's", rounding)
    expect_same(call.values, known.after, "the arguments do not end as the primal leaves them", rounding)
    if known.held is not None:
        expect_same(call.held, known.held, "what was in the arguments does not end as the primal leaves it", rounding)


def expect_same(found: Any, expected: Any, complaint: str, tolerance: float = 0.0) -> None:
    """Raise Wrong unless two structures agree."""
    a, b = oracles.flatten(found), oracles.flatten(expected)
    if a.shape != b.shape or not close(a, b, tolerance):
        raise Wrong(f"{complaint}: {found!r} instead of {expected!r}")


def is_mixed(values: Any, result: Any) -> bool:
    """Say whether a call mixes single and double precision: its derivatives have what NumPy promotes them to then.

    To NumPy, arrays of integers are of double precision.
    """
    arrays = [leaf.dtype for leaf in oracles.leaves([values, result]) if hasattr(leaf, "dtype")]
    return len({np.dtype(float) if dtype.kind in "iu" else dtype for dtype in arrays if dtype.kind in "iuf"}) > 1


_DOUBLES = frozenset("array asarray zeros ones full empty eye identity arange linspace random".split())


def read_by(function: Any) -> list[Any]:
    """Return the arrays that a function reads, or one that it calls, which are not made of its arguments."""
    todo, seen = [function], set[str]()
    found: list[Any] = []
    while todo:
        part = todo.pop()
        code, scope = getattr(part, "__code__", None), getattr(part, "__globals__", {})
        for name in {*(code.co_names if code else ())} - seen:
            seen.add(name)
            if name in _DOUBLES:
                found.append(np.zeros(1))
            value = scope.get(name)
            (found if isinstance(value, np.ndarray) else todo).append(value)
    return found


def expect_structure(found: Any, like: Any, what: str, mixed: bool = False) -> None:
    """Raise Wrong unless a derivative has the structure, the shapes and the precision of what it belongs to."""
    if isinstance(like, tuple | list):
        if type(found) is not type(like) or len(found) != len(like):
            raise Wrong(f"{what}: {type(like).__name__} of {len(like)} expected, got {found!r}")
        for position, (a, b) in enumerate(zip(found, like, strict=True)):
            expect_structure(a, b, f"{what}[{position}]", mixed)
    elif isinstance(like, dict):
        if not isinstance(found, dict) or list(found) != list(like):
            raise Wrong(f"{what}: a dict of {list(like)} expected, got {found!r}")
        for key in like:
            expect_structure(found[key], like[key], f"{what}[{key!r}]", mixed)
    elif isinstance(like, np.ndarray) and like.dtype.kind in "iuf":
        array = isinstance(found, np.ndarray) or like.ndim == 0  # without axes NumPy makes numbers of arrays
        if not array or np.shape(found) != like.shape:
            raise Wrong(f"{what}: an array of shape {like.shape} expected, got {found!r}")
        dtype, own = np.asarray(found).dtype, like.dtype if like.dtype.kind == "f" else np.float64
        # Of an array without axes a number is made, which takes the precision of what it meets in the function.
        none = what.startswith("tangent") and like.dtype.kind in "iu" and not np.any(found)  # of sums of nothing
        if dtype != own and not none and not ((mixed or not like.ndim) and dtype.kind == "f"):
            raise Wrong(f"{what}: dtype {dtype} where the primal has {like.dtype}")
    elif isinstance(like, int | float | np.number) and not isinstance(like, bool):
        whole = isinstance(found, int) and not (what.startswith("tangent") and found == 0 and isinstance(like, int))
        # The tangent of `x + 1.0` is that of x, which may be an array without axes though the sum is none.
        bare = isinstance(found, np.ndarray) and not what.startswith("tangent")
        if np.ndim(found) != 0 or whole or bare:
            raise Wrong(f"{what}: a float expected, got {found!r}")


def no_sharing(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    """Returned gradients never share memory with arguments, seeds or each other, unless they stand for numbers."""
    seen: list[tuple[str, Any]] = [(n, a) for n, s in theirs.items() for a in oracles.leaves(s)]
    for name, structure in ours.items():
        for array in oracles.leaves(structure):
            if isinstance(array, np.ndarray) and array.ndim:
                for other, b in seen:
                    if isinstance(b, np.ndarray) and np.shares_memory(array, b):
                        raise Wrong(f"the {name} shares memory with the {other}")
                seen.append((name, array))


def dot_product(case: Case, jvp: Callable[..., Any], vjp: Callable[..., Any], known: Truth) -> float:
    """Return the relative gap between ``<x_bar, dx>`` and ``<y_bar, dy>`` in random directions."""
    rng = np.random.default_rng(9)
    call = Call(case)
    tangents, seed = [noise(call.values[i], rng) for i in call.independent], noise(known.value, rng)
    positional, keywords = call.split(call.values)
    tangent = jvp(*positional, *tangents, **keywords)[1]
    positional, keywords = call.split(Call(case).values)
    if inspect.Parameter.VAR_POSITIONAL in call.kinds:
        (name,) = set(inspect.signature(vjp).parameters) - set(call.names)
        keywords[name] = seed
    else:
        positional.append(seed)
    adjoints = vjp(*positional, **keywords)[1]
    return oracles.dot_product_gap(tangents, [adjoints] if call.bare else list(adjoints), tangent, seed)


def noise(like: Any, rng: np.random.Generator) -> Any:
    """Return a random direction in the structure of `like`."""
    vector = rng.uniform(0.5, 1.5, oracles.flatten(like).size) * rng.choice([-1.0, 1.0], oracles.flatten(like).size)
    return nothing_for_texts(oracles.unflatten(vector, like))


def zeros(like: Any) -> Any:
    """Return the zero direction in the structure of `like`."""
    return nothing_for_texts(oracles.unflatten(np.zeros(oracles.flatten(like).size), like))


def nothing_for_texts(value: Any) -> Any:
    """Put None where a structure holds something that is not numeric."""
    if isinstance(value, dict):
        return {key: nothing_for_texts(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        items = [nothing_for_texts(item) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    return None if isinstance(value, bool | str) else value
