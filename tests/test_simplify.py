"""Every simplification on small programs, and on random ones that must do the same afterwards."""

from __future__ import annotations

import ast
import math
import random
import sys
import textwrap
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import simplify_programs as programs
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from simplify_helper import expression, program, same, show

from sct import core, runtime
from sct.analysis import purity
from sct.simplify import asked_once, effects, fold, fold_expr, merge_adjoints, name_temporaries, prune, renest, share
from sct.simplify.naming import temporary_names
from sct.simplify.numeric import numeric_names
from sct.simplify.tapes import own_tapes

Pass = Callable[[list[ast.stmt]], list[ast.stmt]]


def check(simplify: Pass, before: str, after: str, user: bool = False) -> None:
    stmts = program(before, user)
    original = ast.dump(ast.Module(body=stmts, type_ignores=[]))
    assert show(simplify(stmts)) == same(after)
    assert ast.dump(ast.Module(body=stmts, type_ignores=[])) == original, "the input was changed"


def unchanged(simplify: Pass, text: str, user: bool = False) -> None:
    check(simplify, text, text, user)


# Guards -------------------------------------------------------------------------------------------------------


def test_guards_are_asked_once() -> None:
    check(
        asked_once,
        """
        rt.require_distinct('x, y, z', x, y, z)
        rt.require_array('x', x)
        t = x * 2
        rt.require_array('w', x)
        rt.require_distinct('x, y', x, y)
        for i in r:
            rt.require_array('x', x)
            y[i] = t
        if c:
            rt.require_array('x', x)
        """,
        """
        rt.require_distinct('x, y, z', x, y, z)
        rt.require_array('x', x)
        t = x * 2
        for i in r:
            y[i] = t
        if c:
            pass
        """,
    )


@pytest.mark.parametrize(
    "between",
    [
        "x = y * 2",
        "x += y",
        "for x in r:\n    pass",
        "if c:\n    x = y",
        "try:\n    x = y\nexcept ValueError:\n    pass",
        "with open(p) as x:\n    pass",
        "y = [x := 1.0, 2.0]",
        "(x, y) = y",
        "del x",
    ],
)
def test_guards_are_asked_again_of_another_value(between: str) -> None:
    unchanged(asked_once, f"rt.require_array('x', x)\n{between}\nrt.require_array('x', x)")


def test_guards_in_branches_answer_nothing_after_them() -> None:
    unchanged(asked_once, "if c:\n    rt.require_array('x', x)\nrt.require_array('x', x)")
    unchanged(asked_once, "for i in r:\n    rt.require_array('x', x)\nrt.require_array('x', x)")
    unchanged(asked_once, "for i in r:\n    rt.require_array('x', x)\n    x = y")


def test_shared_memory_is_asked_again_after_a_store() -> None:
    unchanged(asked_once, "rt.require_distinct('x, y', x, y)\ny[0] = x\nrt.require_distinct('x, y', x, y)")
    unchanged(asked_once, "rt.require_view('v', v, x)\nx.append(y)\nrt.require_view('v', v, x)")
    unchanged(asked_once, "rt.require_distinct('x, y', x, y)\nrt.require_distinct('x, y, z', x, y, z)")


# Effects --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reads", "binds", "writes"),
    [
        ("y = x[i] * np.sin(z)", "x i z", "y", ""),
        ("a[i] = x", "a i x", "", "a"),
        ("a[i] += x", "a i x", "", "a"),
        ("a += x", "a x", "a", "a"),
        ("del a[i]", "a i", "", "a"),
        ("t.append(x)", "t x", "", "t"),
        ("x = t.pop()", "t", "x", "t"),
        ("a.fill(x)", "a x", "", "a"),
        ("np.add.at(a, i, x)", "a i x", "", "a"),
        ("rt.take_add(a, i, x)", "a i x", "", "a"),
        ("np.add(x, y, a)", "x y a", "", "a"),
        ("np.add(x, y, out=a)", "x y a", "", "a"),
        ("y = user.f(x, z)", "x z =", "y", "x z ="),
        ("y = x + glob.G", "x =glob.G", "y", ""),
        ("for i in r:\n    s = s + i", "r s i", "i s", ""),
        ("if (n := f.x) > 0:\n    y = n", "f n", "n y", ""),
    ],
)
def test_effects_of_statements(text: str, reads: str, binds: str, writes: str) -> None:
    stmt = program(text)[0]
    assert effects.reads(stmt) == set(reads.split())
    assert effects.binds(stmt) == set(binds.split())
    assert effects.writes(stmt) == set(writes.split())


@pytest.mark.parametrize(
    "text",
    [
        "np.sin(x)",
        "math.sqrt(x)",
        "len(x)",
        "x.sum(axis=0)",
        "x.T @ y",
        "a[i:j]",
        "rt.unbroadcast(v, x)",
        "x if c else y",
    ],
)
def test_pure(text: str) -> None:
    assert effects.is_pure(expression(text))


@pytest.mark.parametrize(
    "text",
    [
        "np.random.normal(x)",
        "t.pop()",
        "user.f(x)",
        "derived.f_jvp(x)",
        "f(x)",
        "rt.require_array('x', x)",
        "rt.check_seed('y', y_bar, y)",
        "print(x)",
        "np.sum(x, out=y)",
        "sorted(x, key=f)",
        "(y := x)",
        "rng.normal(x)",
    ],
)
def test_impure(text: str) -> None:
    assert not effects.is_pure(expression(text))


def test_every_runtime_helper_is_known() -> None:
    for name, found in vars(runtime).items():
        if callable(found) and not name.startswith("_") and getattr(found, "__module__", "") == runtime.__name__:
            effect = purity.call_effect(ast.Call(func=core.ref(f"sct.runtime.{name}"), args=[], keywords=[]))
            assert not effect.unknown, f"tell sct.analysis.purity what {name} does"


@pytest.mark.parametrize("text", ["x", "2.0", "x.T", "x[i, 0]", "x[1:n]", "-x", "x * y + 1", "x.shape[0] - 1"])
def test_cheap(text: str) -> None:
    assert effects.is_cheap(expression(text))


@pytest.mark.parametrize("text", ["x * y * z * w", "np.sin(x)", "x / y", "x @ y", "[x, y]", "x ** 2"])
def test_dear(text: str) -> None:
    assert not effects.is_cheap(expression(text))


# Folding --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1.0 * x", "x"),
        ("x * 1", "x"),
        ("x / 1", "x"),
        ("x ** 1", "x"),
        ("x ** (3 - 2)", "x"),
        ("x + 0.0", "x"),
        ("0.0 + x", "x"),
        ("x - 0.0", "x"),
        ("0.0 - x", "-x"),
        ("--x", "x"),
        ("-1 * x", "-x"),
        ("x * -1.0", "-x"),
        ("a + -b", "a - b"),
        ("a - -b", "a + b"),
        ("a + -b * c / d", "a - b * c / d"),
        ("-(-a * b)", "a * b"),
        ("a + b * -c", "a - b * c"),
        ("a - np.sum(b * -c * d, axis=0)", "a + np.sum(b * c * d, axis=0)"),
        ("a + -b @ c", "a - b @ c"),
        ("a + b * np.cos(-c)", "a + b * np.cos(-c)"),
        ("a + (b + -c) * d", "a + (b - c) * d"),
        ("-a + b", "-a + b"),
        ("(1 / b) * v", "v / b"),
        ("v * (1.0 / b)", "v / b"),
        ("2 * 3 * x", "6 * x"),
        ("2 - 3", "-1"),
        ("1.0 / 4", "0.25"),
        ("2 * (3 * x)", "2 * (3 * x)"),
        ("1e200 * 1e200", "1e200 * 1e200"),
        ("0 * x", "0 * x"),
        ("1 / 0", "1 / 0"),
        ("True * x", "True * x"),
    ],
)
def test_fold(before: str, after: str) -> None:
    assert ast.unparse(fold_expr(expression(before))) == ast.unparse(expression(after))


def test_fold_leaves_the_user_alone() -> None:
    for text in ("1.0 * x", "x + 0.0", "--x", "2 * 3", "a + -b"):
        node = expression(text, user=True)
        assert fold_expr(node) is node


def test_fold_inside_the_users_nodes() -> None:
    outer = expression("np.sin(x)", user=True)
    assert isinstance(outer, ast.Call)
    mixed = ast.Call(func=outer.func, args=[expression("1.0 * x")], keywords=[])
    assert ast.unparse(fold_expr(ast.copy_location(mixed, outer)).args[0]) == "x"  # type: ignore[attr-defined]


def test_fold_zero_products_on_request() -> None:
    assert ast.unparse(fold_expr(expression("0 * x + y"), zeros=True)) == "y"
    assert ast.unparse(fold_expr(expression("0 * f(x)"), zeros=True)) == "0 * f(x)"


def test_fold_makes_no_alias() -> None:
    unchanged(fold, "x_bar = 1.0 * y_bar")
    check(fold, "x_bar = 1.0 * (a * b)", "x_bar = a * b")
    check(fold, "x_bar = 1.0 * y_bar + z", "x_bar = y_bar + z")
    check(lambda s: fold(s, is_number=lambda _: True), "x_bar = 1.0 * y_bar\nx = x", "x_bar = y_bar")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1.0 * n * y_bar", "n * y_bar"),
        ("1.0 * n / x", "n / x"),
        ("n * 1.0 / x", "n / x"),
        ("-(1.0 * n) / x", "-(n / x)"),  # unsigned integers have no negative
        ("-1.0 * n / x", "-(n / x)"),
        ("n * -1.0 * x", "-(n * x)"),
        ("-(-1.0 * n) / x", "n / x"),
        ("1.0 * n * m", "1.0 * n * m"),
        ("1.0 * n / 2", "1.0 * n / 2"),
        ("1.0 * n / m", "1.0 * n / m"),
        ("1.0 * n / k", "1.0 * n / k"),
        ("1.0 * n * (x > 0)", "1.0 * n * (x > 0)"),
        ("1.0 * n / x.size", "1.0 * n / x.size"),
        ("1.0 * n / (k - x ** 2)", "n / (k - x ** 2)"),
        ("1.0 * n", "1.0 * n"),
    ],
)
def test_fold_makes_floats_of_integers_once(before: str, after: str) -> None:
    check(lambda s: fold(s, whole={"n", "m"}, inexact={"x", "y_bar"}), f"x_bar = {before}", f"x_bar = {after}")
    values = {"n": np.array([2, 7], np.uint8), "m": 5, "k": 3, "x": np.array([0.25, -1.5]), "y_bar": 0.75}
    assert np.array_equal(eval(after, values), eval(before, values))


_SAME = "1.0 * x, x * 1, --x, -1 * x, -x * -y, -x / -y, -x * 2 * -y, y + -x, y - -x, x ** 1, x - 0.0".split(", ")


@given(st.floats(), st.sampled_from(_SAME))
def test_fold_keeps_every_float(x: float, text: str) -> None:
    before, after = expression(text), fold_expr(expression(text))
    values = [eval(ast.unparse(tree), {"x": x, "y": 2.5}) for tree in (before, after)]
    assert values[0] == values[1] or all(map(math.isnan, values))
    assert math.isnan(x) or math.copysign(1, values[0]) == math.copysign(1, values[1])


# Renesting ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flat", "whole"),
    [
        ("T1 = x1 * x2\nw = np.sin(T1)", "w = np.sin(x1 * x2)"),
        ("T1 = a[0]\nT2 = user.f(a)\ny = T1 + T2", "y = a[0] + user.f(a)"),
        ("T1 = user.f(a)\ny = a + T1", "y = a + user.f(a)"),
        ("T1 = user.f(a)\nT2 = user.g(T1)\nT3 = user.f(b)\ny = T2 * T3", "y = user.g(user.f(a)) * user.f(b)"),
        ("t = []\nt.append(x)\nT1 = t.pop()\nb[i] += T1 * y", "t = []\nt.append(x)\nb[i] += t.pop() * y"),
        ("T1 = x * x\nif T1 > 0:\n    y = 1", "if x * x > 0:\n    y = 1"),
        ("T1 = range(n)\nfor i in T1:\n    y = i", "for i in range(n):\n    y = i"),
        ("T1 = x * x\nz = 1\nreturn T1 + z", "z = 1\nreturn x * x + z"),
        ("T1 = a[i - 1] * 2\na[i] = T1 * w", "a[i] = a[i - 1] * 2 * w"),
        ("T1 = user.f(x)\n", "user.f(x)"),
        ("T1 = user.f(a)\nT2 = a[0]\ny = T2 + T1", "T1 = user.f(a)\ny = a[0] + T1"),
        ("T1 = user.f(a)\nT2 = user.g(a)\ny = T2 + T1", "T1 = user.f(a)\ny = user.g(a) + T1"),
        ("T1 = t.pop()\nT2 = t.pop()\ny = T2 - T1", "T1 = t.pop()\ny = t.pop() - T1"),
        ("T1 = glob.S\nT2 = user.f(u)\nz = T2\ny = T1", "T1 = glob.S\nz = user.f(u)\ny = T1"),
        ("T1 = np.sin(x)\nT2 = T1 * 2\ny = 1", "y = 1"),
        ("# p\nT1 = np.sin(x)\n# q\ny = 1", "# q\ny = 1"),
    ],
)
def test_renest(flat: str, whole: str) -> None:
    check(renest, flat, whole)


def test_renest_gives_the_users_statement_back() -> None:
    user = program("w = np.sin(x1 * x2) + x1", user=True)[0]
    assert isinstance(user, ast.Assign)
    outer = user.value
    assert isinstance(outer, ast.BinOp)
    assert isinstance(outer.left, ast.Call)
    product, call = ast.Name("%1", ast.Load()), ast.Name("%2", ast.Load())
    inner = ast.Call(func=outer.left.func, args=[product], keywords=[], **_place(outer.left))
    whole = ast.BinOp(left=call, op=outer.op, right=outer.right, **_place(outer))
    flat: list[ast.stmt] = [
        ast.Assign(targets=[ast.Name("%1", ast.Store())], value=outer.left.args[0]),
        ast.Assign(targets=[ast.Name("%2", ast.Store())], value=inner),
        ast.Assign(targets=user.targets, value=whole, **_place(user)),
    ]
    assert ast.dump(renest(flat)[0], include_attributes=True) == ast.dump(user, include_attributes=True)


def _place(node: Any) -> dict[str, int]:
    return {name: getattr(node, name) for name in ("lineno", "col_offset", "end_lineno", "end_col_offset")}


@pytest.mark.parametrize(
    "text",
    [
        "T1 = np.sin(x)\nx = 3\nreturn T1",
        "T1 = np.sin(a)\na[0] = 5\nreturn T1",
        "T1 = np.sin(a)\nuser.f(b)\ny = T1",
        "T1 = user.f(a)\ny = a[0] + T1",
        "T1 = user.f(a)\na[0] += 1\ny = T1",
        "T1 = user.f(a)\na[0] += T1",
        "T1 = t.pop()\nb[i] += T1",
        "T1 = np.sin(x)\nfor i in range(n):\n    y = y + T1",
        "T1 = np.sin(x)\nwhile T1 > y:\n    y = y + 1",
        "T1 = np.sin(x)\ny = T1 if c else 0.0",
        "T1 = np.sin(x)\ny = c and T1",
        "T1 = np.sin(x)\ny = [T1 * i for i in z]",
        "T1 = np.sin(x)\ny = lambda: T1",
        "T1 = np.sin(x)\nif c:\n    y = T1",
        "T1 = np.zeros(3)\nT1[0] = x\nreturn 1",
        "T1 = np.sin(x)\ny = (x := 3) + T1",
        "T1 = np.sin(x)\ny = T1 * T1",
        "T1 = glob.G\ny = user.f(x) + T1",
    ],
)
def test_renest_stays(text: str) -> None:
    unchanged(renest, text)


def test_renest_with_known_aliases() -> None:
    def apart(a: str, b: str) -> bool:
        return a[0] == b[0]

    check(lambda s: renest(s, apart), "T1 = np.sin(x)\na[0] = 5\ny = T1", "a[0] = 5\ny = np.sin(x)")
    check(lambda s: renest(s, apart), "T1 = t.pop()\nT2 = s.pop()\ny = T2 - T1", "y = s.pop() - t.pop()")
    text = "a_bar = np.zeros(3)\nsaved = user.f(a_bar)\nT1 = user.g(saved)\na_bar[0] += T1"
    unchanged(lambda s: renest(s, lambda a, b: False), text)
    check(
        lambda s: renest(s, lambda a, b: False),
        "a_bar = np.zeros(3)\nsaved = user.f(x)\nT1 = user.g(saved)\na_bar[0] += T1",
        "a_bar = np.zeros(3)\nsaved = user.f(x)\na_bar[0] += user.g(saved)",
    )
    unchanged(lambda s: renest(s, apart), "T1 = np.sin(x)\nx2[0] = 5\nreturn T1")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("T1 = x\ny = T1 * T1\nz = T1", "y = x * x\nz = x"),
        ("T1 = 2.0\nfor i in r:\n    y = T1 * T1", "for i in r:\n    y = 2.0 * 2.0"),
        ("T1 = x * y\nw = np.sin(T1)\nx_bar = np.cos(T1)", "w = np.sin(x * y)\nx_bar = np.cos(x * y)"),
        ("T1 = x\nT2 = T1\nx = 5\ny = T2 + T2", "T2 = x\nx = 5\ny = T2 + T2"),
        ("T1 = x\nfor i in r:\n    y = T1\n    x = 2", "T1 = x\nfor i in r:\n    y = T1\n    x = 2"),
        ("T1 = x * y\nw = [T1]\nv = T1, 0", "T1 = x * y\nw = [T1]\nv = T1, 0"),
        ("T1 = a[0]\ny = T1 * T1\na[0] = 1", "y = a[0] * a[0]\na[0] = 1"),
        ("T1 = a[0]\ny = T1 * 2\na[0] = 1\nz = T1 * 3", "T1 = a[0]\ny = T1 * 2\na[0] = 1\nz = T1 * 3"),
        ("T1 = glob.S\ny = user.f(x) - (T1 + T1)", "T1 = glob.S\ny = user.f(x) - (T1 + T1)"),
        ("T1 = x * y\nfor i in r:\n    z = T1 * T1", "T1 = x * y\nfor i in r:\n    z = T1 * T1"),
        ("T1 = np.exp(x)\ny = T1 * T1", "T1 = np.exp(x)\ny = T1 * T1"),
    ],
)
def test_copies_and_cheap_values(before: str, after: str) -> None:
    check(renest, before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("T1 = np.sin(s)\ns = x * s\nb[i] += T1", "b[i] += np.sin(s)\ns = x * s"),
        ("T1 = np.sin(s)\ns = b[i] * s\nb[i] += T1", "T1 = np.sin(s)\ns = b[i] * s\nb[i] += T1"),
        ("T1 = np.sin(s)\ns = s\ns = T1", "T1 = np.sin(s)\ns = s\ns = T1"),
        ("T1 = np.sin(s)\n# p\ns = 2\ny = T1", "y = np.sin(s)\n# p\ns = 2"),
    ],
)
def test_readers_move_up(before: str, after: str) -> None:
    check(lambda s: renest(s, lambda a, b: False), before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("T1 = np.sin(x)\ny = 2 * T1\n# p\nw = T1\nz = T1", "w = np.sin(x)\ny = 2 * w\n# p\nz = w"),
        ("T1 = np.sin(x)\ny = w * T1\nw = T1", "T1 = np.sin(x)\ny = w * T1\nw = T1"),
        ("T1 = np.sin(x)\ny = 2 * T1\nw = T1\nw = 3\nz = T1", "T1 = np.sin(x)\ny = 2 * T1\nw = T1\nw = 3\nz = T1"),
        ("T1 = np.sin(x)\ny = T1 + T1\nprint(y)\nw = T1", "T1 = np.sin(x)\ny = T1 + T1\nprint(y)\nw = T1"),
    ],
)
def test_copies_take_the_name_of_their_target(before: str, after: str) -> None:
    check(renest, before, after)


def test_cheap_values_stay_on_request() -> None:
    unchanged(lambda s: renest(s, duplicate_cheap=False), "T1 = x * y\nw = np.sin(T1)\nx_bar = np.cos(T1)")
    check(
        lambda s: renest(s, duplicate_cheap=lambda e: "a" in effects.reads(e)),
        "T1 = x * y\nT2 = a[0]\nw = T1 * T1 + T2 * T2",
        "T1 = x * y\nw = T1 * T1 + a[0] * a[0]",
    )


def test_squares_of_squares_do_not_explode() -> None:
    text = "T0 = x * x\n" + "\n".join(f"T{i} = T{i - 1} * T{i - 1}" for i in range(1, 60)) + "\ny = np.sin(T59)"
    assert len(show(renest(program(text)))) < 2000


# Names ----------------------------------------------------------------------------------------------------------


def test_names() -> None:
    check(
        lambda s: name_temporaries(s, frozenset({"q"})),
        """
        T1 = np.exp(x - m)
        T2 = np.sum(T1)
        T3 = np.exp(z)
        T4 = y_bar / T2
        T5 = s_tape.pop()
        T6 = T1 * T4
        T7 = T6 + T3
        T7_bar = np.cos(T5)
        T8 = s
        """,
        """
        e = np.exp(x - m)
        s_2 = np.sum(e)
        exp_z = np.exp(z)
        q_2 = y_bar / s_2
        s_ = s_tape.pop()
        t = e * q_2
        t_2 = t + exp_z
        t_2_bar = np.cos(s_)
        t = s
        """,
    )


def test_names_serve_again() -> None:
    check(
        name_temporaries,
        """
        T1 = a + b
        T2 = T1 + b
        for i in range(n):
            T3 = a[i] + T2
            T4 = T3 + T2
            c = T4 + c
        T5 = T2 + c
        T6 = T6 + T5
        """,
        """
        t = a + b
        t = t + b
        for i in range(n):
            t_c = a[i] + t
            t_c = t_c + t
            c = t_c + c
        t = t + c
        t_2 = t_2 + t
        """,
    )


def test_names_do_not_serve_again_within_what_is_named_later() -> None:
    check(
        name_temporaries,
        """
        T1 = a + b
        for i in range(n):
            c = c + 1.0
        T2 = y_bar + b
        T3 = y_bar + c
        d = T2 * T3
        T4 = y_bar + d
        e = T4 * T1
        """,
        """
        t_3 = a + b
        for i in range(n):
            c = c + 1.0
        t = y_bar + b
        t_2 = y_bar + c
        d = t * t_2
        t = y_bar + d
        e = t * t_3
        """,
    )


def test_names_are_neither_reserved_nor_those_of_modules() -> None:
    stmts = program("T1 = t.x()\nT2 = np.max(y.z)\nT3 = m.sin(T1, T2)")
    assert set(temporary_names(stmts).values()) == {"t_2", "m_2", "s"}


# Pruning --------------------------------------------------------------------------------------------------------


def dead_code(**options: Any) -> Pass:
    return lambda stmts: prune(stmts, **{"parameters": frozenset({"x", "y", "n", "y_bar"}), **options})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a = np.sin(x)\nb = a * 2\nreturn x", "return x"),
        ("a = 1\na = 2\nreturn a", "a = 2\nreturn a"),
        ("a = user.f(x)\nreturn x", "a = user.f(x)\nreturn x"),
        ("for i in range(n):\n    s = s + x\nreturn x", "return x"),
        ("for i in range(n):\n    a = x\n    b = a\nreturn b", "for i in range(n):\n    a = x\n    b = a\nreturn b"),
        ("for i in range(n):\n    a = x\nreturn i", "for i in range(n):\n    pass\nreturn i"),
        ("if x > 0:\n    a = 1\nelse:\n    b = 2\nreturn x", "return x"),
        ("if x > 0:\n    a = 1\nelse:\n    b = 2\nreturn b", "if not x > 0:\n    b = 2\nreturn b"),
        ("if x > 0:\n    a = 1\nelif y > 0:\n    b = 2\nreturn a", "if x > 0:\n    a = 1\nreturn a"),
        ("# p\na = 1\n# q\nb = 2\nreturn b", "# q\nb = 2\nreturn b"),
        ("#\n# p\na = 1\nreturn x", "#\nreturn x"),
        (
            "t, u = [], []\nt.append(x)\nu.append(x)\nx = u.pop()\nreturn x",
            "u = []\nu.append(x)\nx = u.pop()\nreturn x",
        ),
        ("t = []\nt.append(x)\na = t.pop()\nreturn x", "return x"),
        ("b = np.zeros_like(x)\nb[0] += y\nb = b + y\nnp.add.at(b, x, 1)\nreturn x", "return x"),
        ("b = np.zeros_like(x)\nc = np.zeros(3)\nc[0] += y\nb[0] += c[0]\nreturn y", "return y"),
        ("b = np.zeros(3)\nv = b[1:]\nv[0] = 1\nreturn b", "b = np.zeros(3)\nv = b[1:]\nv[0] = 1\nreturn b"),
        ("while x > n:\n    n = n + 1\n    a = n\nreturn n", "while x > n:\n    n = n + 1\nreturn n"),
        ("a = 1\ndel a\nreturn x", "return x"),
        ("a = np.sin(x)\nf = lambda: a\nreturn f", "a = np.sin(x)\nf = lambda: a\nreturn f"),
        ("rt.require_array('x', x)\nreturn y", "rt.require_array('x', x)\nreturn y"),
    ],
)
def test_prune(before: str, after: str) -> None:
    check(dead_code(), before, after)


@pytest.mark.parametrize(
    "text",
    [
        "x[0] = 1\nreturn y",
        "v = x\nv[0] = 1\nreturn y",
        "v = x[1:]\nv += 1\nreturn y",
        "v = user.f(x)\nv[0] = 1\nreturn y",
        "glob.G[0] = 1\nreturn y",
        "a = 1\nfor i in range(n):\n    if x > i:\n        break\n    a = 2\nreturn a",
        "a = 1\nfor i in range(n):\n    if x > i:\n        continue\n    a = 2\nreturn a",
        "a = 1\nif x > 0:\n    return a\na = 2\nreturn a",
        "a = 1\ntry:\n    a = user.f(x)\nexcept ValueError:\n    pass\nreturn a",
        "a = 1\nwith user.ignore():\n    a = user.f(x)\nreturn a",
        "a = 0\nfor i in range(n):\n    b = a\n    a = x\nreturn b",
        "a = 0\nfor i in range(n):\n    a = 1\nelse:\n    b = a\nreturn b",
        "s = 0.0\nfor i in range(n):\n    s = s + x\nreturn s",
        "a, b = b0, a0\nreturn a, b",
    ],
)
def test_prune_keeps(text: str) -> None:
    unchanged(dead_code(user=True), text, user=True)
    unchanged(dead_code(), text)


def test_prune_keeps_the_users_statements() -> None:
    unchanged(dead_code(), "a = np.sin(x)\nfor i in range(n):\n    a = 1\nreturn x", user=True)
    check(dead_code(user=True), "a = np.sin(x)\nfor i in range(n):\n    a = 1\nreturn x", "return x", user=True)


def test_prune_only_what_is_removable() -> None:
    check(
        dead_code(removable=lambda name: name.endswith("_bar")),
        "a = np.sin(x)\na_bar = np.cos(x)\nreturn y",
        "a = np.sin(x)\nreturn y",
    )


def test_prune_keeps_what_is_live_out() -> None:
    check(dead_code(live_out=frozenset({"a"})), "a = 1\nb = 2", "a = 1")


def test_prune_without_parameters_takes_names_for_such() -> None:
    unchanged(prune, "if x > 0:\n    a = np.zeros(3)\na[0] = 1\nreturn x")
    check(prune, "a = np.zeros(3)\na[0] = 1\nreturn x", "return x")


@pytest.mark.parametrize(
    "text",
    [
        "c = b + [x]\nc[0][1] = y\nreturn b",
        "b = [a0]\nc = b + b\nc[0][1] = y\nreturn b",
        "b = [a0]\nc = b * 2\nc[0][1] = y\nreturn a0",
        "b = [a0]\nc = [1]\nc[0] = a0\nc[0][1] = y\nreturn b",
        "b = [a0]\nc = []\nc += b\nc[0][1] = y\nreturn b",
        "b = [a0]\nc = b.copy()\nc[0][1] = y\nreturn b",
        "t = []\nt.append(a0)\nc = t.pop()\nc[0] = y\nreturn a0",
        "for r in a0:\n    r[0] = y\nreturn a0",
    ],
)
def test_prune_keeps_writes_into_members(text: str) -> None:
    unchanged(dead_code(parameters=frozenset({"x", "y", "b0"})), text)


@pytest.mark.parametrize(
    ("text", "numeric"),
    [
        ("a = 0.0\nfor i in range(n):\n    a = a + x", "a i"),
        ("a = x - y\nb = a * a\nc = x * x", "a b c x y"),
        ("a = [1]\nb = a + a\nc = a[0]", ""),
        ("a = np.zeros_like(x)\nb = rt.zeros_like(a)\nc = rt.zeros_like(y)", "a b"),
        ("t = []\nt.append(1.0)\na = t.pop()", "a t[]"),
        ("t = []\nt.append(x)\na = t.pop()", ""),
        ("a = 1\na = (b := [x])", ""),
        ("a = y if x else 1\nb = 2 if x else 1", "b"),
        ("a = user.f(x)\nb = a / 2", "b"),
    ],
)
def test_numeric_names(text: str, numeric: str) -> None:
    stmts = program(text)
    assert numeric_names(stmts, {"x", "y"}, lambda name: True, own_tapes(stmts)) == set(numeric.split())


# Sharing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a = np.sin(x) * 2\nb = np.sin(x) + 3", "T1 = np.sin(x)\na = T1 * 2\nb = T1 + 3"),
        ("a = np.sin(x)\nb = np.sin(x) + 3", "a = np.sin(x)\nb = a + 3"),
        ("a = np.sin(x)\na = 2\nb = np.sin(x) + 3", "a = np.sin(x)\na = 2\nb = np.sin(x) + 3"),
        ("a = np.sin(x) * 2\nx = 1\nb = np.sin(x) + 3", "a = np.sin(x) * 2\nx = 1\nb = np.sin(x) + 3"),
        ("a = np.sin(x) * 2\nz[0] = 1\nb = np.sin(x) + 3", "a = np.sin(x) * 2\nz[0] = 1\nb = np.sin(x) + 3"),
        ("a = x * y * 2\nb = x * y + 3", "a = x * y * 2\nb = x * y + 3"),
        ("a = user.f(x) * 2\nb = user.f(x) + 3", "a = user.f(x) * 2\nb = user.f(x) + 3"),
        ("a = np.cos(x)\nb = np.cos(x)", "a = np.cos(x)\nb = np.cos(x)"),
        ("a = 1 + np.exp(x) if c else 2\nb = 1 + np.exp(x)", "a = 1 + np.exp(x) if c else 2\nb = 1 + np.exp(x)"),
        (
            "a = np.sin(np.exp(x) * y) * 2\nb = np.sin(np.exp(x) * y) * np.exp(x)",
            "T1 = np.exp(x)\nT2 = np.sin(T1 * y)\na = T2 * 2\nb = T2 * T1",
        ),
    ],
)
def test_share(before: str, after: str) -> None:
    check(share, before, after)


def test_share_reads_the_users_variable() -> None:
    stmts = [*program("w = np.sin(x)", user=True), *program("dw = np.cos(x) * np.sin(x)")]
    assert show(share(stmts)) == same("w = np.sin(x)\ndw = np.cos(x) * w")
    unchanged(share, "a = np.sin(x) * 2\nb = np.sin(x) * 3", user=True)


# Merging --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x_bar = a\nx_bar = x_bar + b", "x_bar = a + b"),
        ("x_bar = a\nx_bar = x_bar - b", "x_bar = a - b"),
        ("x_bar = a\ny_bar = c\nx_bar = x_bar + b\nx_bar = x_bar + c", "y_bar = c\nx_bar = a + b + c"),
        ("x_bar = 0.0\nx_bar = x_bar + a * b", "x_bar = a * b"),
        ("x_bar = 0.0\n# p\nx_bar = x_bar + a * b", "# p\nx_bar = a * b"),
        ("x_bar = 0.0\nx_bar = y", "x_bar = y"),
    ],
)
def test_merge(before: str, after: str) -> None:
    check(lambda s: merge_adjoints(s, unshared=True), before, after)


@pytest.mark.parametrize(
    "text",
    [
        "# p\nx_bar = a\n# q\nx_bar = x_bar + b",
        "x_bar = a\na = 2\nx_bar = x_bar + b",
        "x_bar = a\nc[0] = 2\nx_bar = x_bar + b",
        "x_bar = a\ny_bar = x_bar\nx_bar = x_bar + b",
        "x_bar = a\nx_bar = x_bar + b * x_bar",
        "x_bar = a\nx_bar = b + x_bar",
        "x_bar = a\nx_bar = x_bar + user.f(b)",
        f"x_bar = {'a' * 40}\nx_bar = x_bar + {'b' * 40}",
        "for i in r:\n    x_bar = 0.0\n    if c:\n        break\n    x_bar = x_bar + a",
        "x_bar = 0.0\nif c:\n    x_bar = 1.0\nx_bar = x_bar + a",
    ],
)
def test_merge_stays(text: str) -> None:
    unchanged(lambda s: merge_adjoints(s, unshared=True), text)


def test_merge_makes_no_alias() -> None:
    unchanged(merge_adjoints, "x_bar = 0.0\nx_bar = x_bar + b")


# All of them ----------------------------------------------------------------------------------------------------


def _holds_members(name: str) -> bool:
    return name[0] in "tl"


_PASSES: dict[str, Callable[[list[ast.stmt], programs.Program], list[ast.stmt]]] = {
    "renest": lambda s, _: renest(s),
    "renest with aliases": lambda s, p: renest(s, p.alias()),
    "renest without duplicates": lambda s, p: renest(s, p.alias(), duplicate_cheap=False),
    "prune": lambda s, _: prune(s),
    "prune with parameters": lambda s, _: prune(s, parameters=programs.PARAMETERS),
    "prune all": lambda s, _: prune(s, user=True, parameters=programs.PARAMETERS),
    "prune arrays": lambda s, _: prune(s, user=True, parameters=programs.PARAMETERS, members=_holds_members),
    "renest with parameters": lambda s, _: renest(s, parameters=programs.PARAMETERS),
    "renest arrays": lambda s, _: renest(s, parameters=programs.PARAMETERS, members=_holds_members),
    "share with parameters": lambda s, _: share(s, None, lambda _: True, programs.PARAMETERS, _holds_members),
    "share": lambda s, _: share(s),
    "share with aliases": lambda s, p: share(s, p.alias()),
    "share all": lambda s, p: share(s, p.alias(), lambda _: True),
    "name": lambda s, _: name_temporaries(s, programs.PARAMETERS),
    "merge": lambda s, p: merge_adjoints(s, p.alias()),
    "merge with parameters": lambda s, _: merge_adjoints(s, parameters=programs.PARAMETERS, members=_holds_members),
    "fold": lambda s, _: fold(s),
}


def _shown(value: Any, exact: bool) -> Any:
    """What was seen of a run, comparable: folding may divide once where the program multiplied by a quotient."""
    if isinstance(value, list):
        return [_shown(item, exact) for item in value]
    return repr(value) if exact else f"{value + 0.0:.9g}"


@pytest.mark.parametrize("name", _PASSES)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.integers(0, 2))
def test_programs_do_the_same(name: str, seed: int, sharing: int) -> None:
    made = programs.Program(random.Random(seed))
    try:
        expected = programs.run(made.body, sharing)
    except (IndexError, UnboundLocalError, OverflowError):
        assume(False)
    new = _PASSES[name](made.body, made)
    exact = not name.startswith(("fold", "merge"))
    assert _shown(programs.run(new, sharing), exact) == _shown(expected, exact)


def test_the_walkthrough_of_a_reverse_sweep() -> None:
    flat = """
    T1 = x - m
    T2 = np.exp(T1)
    T3 = np.sum(T2)
    T4 = np.log(T3)
    y = m + T4
    #
    # y = m + np.log(np.sum(np.exp(x - m)))
    T4_bar = y_bar
    m_bar = 0.0
    m_bar = m_bar + y_bar
    T3_bar = T4_bar / T3
    T1_bar = T2 * T3_bar
    x_bar = T1_bar
    m_bar = m_bar - np.sum(T1_bar)
    unused_bar = np.zeros_like(x)
    return y, x_bar, m_bar
    """
    stmts = prune(fold(merge_adjoints(renest(program(flat)), unshared=True)), parameters=frozenset({"x", "m", "y_bar"}))
    assert show(name_temporaries(stmts)) == same("""
        e = np.exp(x - m)
        s = np.sum(e)
        y = m + np.log(s)
        #
        # y = m + np.log(np.sum(np.exp(x - m)))
        x_bar = e * (y_bar / s)
        m_bar = y_bar - np.sum(x_bar)
        return y, x_bar, m_bar
        """)


def _long(statements: int) -> list[ast.stmt]:
    """A function with its reverse sweep."""
    lines = []
    for i in range(statements):
        lines += [f"T{2 * i} = x{i} * y{i}", f"T{2 * i + 1} = np.sin(T{2 * i})", f"a[{i}] = T{2 * i + 1} * 3"]
        lines += [f"x{i + 1} = T{2 * i + 1} + T{2 * i}"]
    for i in reversed(range(statements)):
        lines += [f"# p{i}", f"x{i}_bar = 0.0", f"T{2 * i}_bar = np.cos(T{2 * i}) * x{i + 1}_bar"]
        lines += [f"x{i}_bar = x{i}_bar + y{i} * T{2 * i}_bar", f"dead{i} = x{i}_bar"]
    return program("\n".join([*lines, "return x0_bar"]))


def _all(stmts: list[ast.stmt]) -> list[ast.stmt]:
    return name_temporaries(fold(merge_adjoints(share(prune(renest(stmts), user=True)), unshared=True)))


def test_work_grows_with_length() -> None:
    calls = []
    for statements in (50, 200):
        stmts = _long(statements)
        seen = [0]

        def count(*_: Any, seen: list[int] = seen) -> None:
            seen[0] += 1

        sys.setprofile(count)
        try:
            _all(stmts)
        finally:
            sys.setprofile(None)
        calls += seen
    assert calls[1] < 5 * calls[0]


def test_sums_of_many_terms() -> None:
    lines = ["T1 = x0 * x1", *(f"T{i} = T{i - 1} + np.sin(x{i})" for i in range(2, 1500)), "y = T1499", "return y"]
    found = _all(program("\n".join(lines)))
    assert len(found) == 2
    assert sum(1 for node in ast.walk(found[0]) if isinstance(node, ast.Call)) == 1498


def test_remarks_are_no_code() -> None:
    stmts = [core.remark("x = 1"), *program(textwrap.dedent("y = 2\nreturn y"))]
    assert core.remark_text(prune(stmts)[0]) == "x = 1"
