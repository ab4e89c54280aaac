"""Complex arrays that are written in place, and what may be complex: right in both modes and twice, or refused."""

from __future__ import annotations

import inspect
from typing import Any

import complex_programs
import numpy as np
import pytest

import sct

AT = [np.array([0.31, 0.74, 1.42]), np.array([0.52, 0.23, 1.11])]
ALONG = [np.array([0.4, -0.7, 0.2]), np.array([-0.3, 0.5, 0.9])]
# Writes through an imaginary part, of which the adjoint has another sign; and numbers that nothing is known of.
REFUSED = {
    "imaginary_part_stored": (sct.Refused, "shares memory with `z` in a way that sct cannot follow"),
    "imaginary_part_scaled": (sct.Refused, "shares memory with `z` in a way that sct cannot follow"),
    "complex_entry_of_a_global": (TypeError, r"TABLE\['steering'\] is complex"),
    "complex_result_of_a_library": (TypeError, "c is complex"),
    "complex_parameter": (TypeError, "c is complex"),
    "complex_dtype_by_name": (TypeError, "c is complex"),
}
# Generated code is read as a module of its own, in which nothing says what these globals are.
ONCE = {"complex_global", "complex_global_made_of_another"}
PROGRAMS = {
    name: f
    for name, f in vars(complex_programs).items()
    if inspect.isfunction(f) and list(inspect.signature(f).parameters)[0] == "x"
}


def change(f: Any, at: list[Any], along: list[Any]) -> Any:
    """Return the change of a result along a direction, by differences."""
    step = 1e-6
    high, low = (f(*(x + s * step * dx for x, dx in zip(at, along, strict=True))) for s in (1, -1))
    return (high - low) / (2 * step)


@pytest.mark.parametrize("name", sorted(PROGRAMS.keys() - REFUSED.keys()))
def test_right(name: str) -> None:
    f = PROGRAMS[name]
    forward, reverse = sct.jvp(f), sct.vjp(f)
    tangent = forward(*AT, *ALONG)[1]
    np.testing.assert_allclose(tangent, change(f, AT, ALONG), rtol=1e-7, atol=1e-7)
    seed = np.arange(1.0, 4.0)[: np.size(tangent)]
    adjoints = reverse(*AT, seed)[1]
    assert not any(map(np.iscomplexobj, (tangent, *adjoints)))
    np.testing.assert_allclose(sum(np.sum(a * dx) for a, dx in zip(adjoints, ALONG, strict=True)), seed @ tangent)
    if name in ONCE:
        return
    twice = sct.jvp(reverse)(*AT, seed, *ALONG, 0.0 * seed)[1][1]
    expected = change(lambda *at: np.array(reverse(*at, seed)[1]), AT, ALONG)
    np.testing.assert_allclose(twice, expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", ["real_result_of_a_library", "entry_that_is_missing"])
def test_arguments_are_asked_beside_what_is_outside(name: str) -> None:
    with pytest.raises(TypeError, match="x is complex"):
        sct.vjp(PROGRAMS[name])(AT[0] + 1j, AT[1], np.ones(3))


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_refused(name: str) -> None:
    f, (error, reason) = PROGRAMS[name], REFUSED[name]
    rest = [complex_programs.WEIGHTS] if name == "complex_parameter" else []
    with pytest.raises(error, match=reason):
        sct.vjp(f, wrt=(0, 1))(*AT, *rest, np.ones(3))
