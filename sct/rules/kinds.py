"""What a kind of rule means in forward and in reverse mode, and where shapes have to be adjusted.

In: a match, the tangents of its operands or the adjoint of its result, and what is known of any expression.
Out: the tangent, or a contribution to the adjoint of each operand, in the shape of the operand.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sct.analysis.kinds import NO_AXES, UNKNOWN, Kind, Shape, may_be_complex, stretched
from sct.core import spelling
from sct.rules.integers import cut_off, in_floats
from sct.rules.matching import as_function, is_method, substitute
from sct.rules.matching import masked as masked_match
from sct.rules.registry import Axes, KindOf, Match, Memory, Unsupported
from sct.rules.results import is_none, kind_of, shape_of
from sct.rules.template import (
    Template,
    add_terms,
    call,
    clone,
    helper,
    instantiate,
    names,
    read,
    same,
    scale,
)

ZERO = ast.Constant(value=0.0)


def result(match: Match, kinds: KindOf) -> Kind:
    """Return what is known of the result of a match."""
    framed = masked_match(match)
    if framed:
        return Kind("array", match.rule.result(framed[0], kinds).dtype, shape_of(kind_of(framed[2], kinds)))
    return match.rule.result(match, kinds)


def is_fresh(match: Match, kinds: KindOf) -> bool:
    """Say whether a result surely shares memory with no operand."""
    return memory(match, kinds) == "fresh"


def memory(match: Match, kinds: KindOf) -> Memory:
    """Say whether a result shares memory with the first operand.

    Of a list or a tuple NumPy makes an array first, which what it gives is a view of.
    """
    rule = match.rule
    if rule.memory == "fresh" or rule.fresh is not None and rule.fresh(match, kinds):
        return "fresh"
    if match.module != "numpy" or rule.sequence or not match.operands:
        return rule.memory
    operand = match.args[match.operands[0]]
    what = kind_of(operand, kinds).what
    if what in ("list", "tuple"):
        return "fresh"
    return rule.memory if what == "array" or is_method(match) else "maybe"


def rank(match: Match, kinds: KindOf) -> Axes:
    """Return what is known of the axes of a result whose shape is not known otherwise."""
    return match.rule.rank(match, kinds) if match.rule.rank else None


def expand(match: Match, kinds: KindOf = lambda node: UNKNOWN) -> ast.expr:
    """Return the NumPy expression that a use of a composite rule stands for; Unsupported as for other rules."""
    check_complex(match, kinds)
    rewritten = match.rule.rewrite(match) if match.rule.rewrite else None
    if rewritten is not None:
        return rewritten
    template = _template(match, kinds)
    env = _environment(match, template, kinds)
    dtype = match.args.get("dtype")
    if dtype is not None and not is_none(dtype) and not any("dtype" in names(part) for part in template.parts):
        # As NumPy does it: what is computed with is of that dtype.
        env |= {p: call("numpy.asarray", env[p], clone(dtype)) for p in match.operands if p != "initial"}
    parts = [_instance(part, env | in_floats(match, part, env, (), kinds), match) for part in template.parts]
    return parts[0] if len(parts) == 1 else ast.Tuple(elts=parts, ctx=ast.Load())


def tangent(
    match: Match,
    tangents: Mapping[str, ast.expr],
    y: ast.expr | None,
    kinds: KindOf,
    *,
    masked: bool = False,
    selects: bool = False,
) -> ast.expr:
    """Return the tangent of the result.

    Parameters
    ----------
    match : Match
        A use of a rule that is neither constant nor composite.
    tangents : mapping
        The tangents of the active operands; that of a sequence is a tuple or list, or an expression for one.
    y : expression or None
        The result of the primal, None where it is not at hand.
    kinds : callable
        What is known of an expression.
    masked : bool
        Whether a zero tangent has to win against an infinite or undefined partial derivative.
    selects : bool
        Whether a partial derivative of zero has to win against an infinite or undefined tangent.

    Returns
    -------
    expression
        A tangent in the shape of the result.
    """
    rule = match.rule
    check_complex(match, kinds)
    tangents = {p: _as_array(match, p, dx, kinds) for p, dx in tangents.items()}
    framed = masked_match(match)
    if framed:
        inner, where, _ = framed
        moved = tangent(inner, {p: _chosen(where, dx) for p, dx in tangents.items()}, y, kinds, masked=True)
        return helper("like", moved, clone(y if y is not None else match.expr))
    custom = _declared_tangent(match, kinds)
    if custom is not None:
        read_here: set[str] = set(match.args)
        env = _environment(match, custom, kinds, y=y)
        env |= {f"d{p}": tangents.get(p, ZERO) for p in rule.operands}
        parts = zip(rule.operands, custom.parts, strict=True) if len(custom.parts) > 1 else [("", custom.parts[0])]
        used_parts = [(p, part) for p, part in parts if not p or p in tangents]
        for p, part in used_parts:
            _offered(match, p, part)
        total = add_terms(
            [_instance(part, env | in_floats(match, part, env, tangents, kinds), match) for _, part in used_parts]
        )
        if rule.broadcasts and len(custom.parts) > 1:
            kept = [part for p, part in zip(rule.operands, custom.parts, strict=True) if p in tangents]
            read_here = set().union(*map(names, kept)) | set(tangents)
    elif rule.kind == "elementwise":
        template = _template(match, kinds)
        env = _environment(match, template, kinds, y=y)
        used = [(p, part) for p, part in zip(rule.operands, template.parts, strict=True) if p in tangents]
        for p, part in used:
            _offered(match, p, part)
        slopes = {p: _instance(part, env | in_floats(match, part, env, tangents, kinds), match) for p, part in used}
        if selects:
            total = add_terms([helper("times", slope, tangents[p]) for p, slope in slopes.items()])
        else:
            total = add_terms([scale(slope, tangents[p], guarded=masked) for p, slope in slopes.items()])
        read_here = set().union(*(names(part) for _, part in used)) | set(tangents)
    elif rule.kind == "bilinear":
        total = add_terms([_with(match, {p: dx}, kinds) for p, dx in tangents.items()])
        read_here = set(match.args)
    else:
        changes = {p: tangents.get(p, _zero(match, p, kinds)) for p in rule.operands if p in match.args}
        total = _with(match, changes, kinds)
        read_here = (set(match.args) - set(match.operands)) | set(tangents)
    if rule.broadcasts and "y" not in read_here and not _fills(match, read_here, kinds):
        return helper("like", total, clone(y if y is not None else match.expr))
    return cut_off(match, total, tangents, kinds)


def _chosen(where: ast.expr, s: ast.expr) -> ast.expr:
    """Return a seed that is zero where a mask says that the result is what it was before."""
    return call("numpy.where", clone(where), clone(s), ast.Constant(value=0.0))


def _zero(match: Match, operand: str, kinds: KindOf) -> ast.expr:
    """Return the tangent of an inactive operand that stands beside an active one."""
    arg = match.args[operand]
    if match.rule.broadcasts or kind_of(arg, kinds).what == "scalar":
        return ZERO
    return helper("zeros_like", clone(arg))


def _with(match: Match, changes: Mapping[str, ast.expr], kinds: KindOf) -> ast.expr:
    """Return the matched expression of tangents. A tangent may be a number, which has no methods."""
    receiver = next(iter(match.args), "")
    if is_method(match) and receiver in changes and kinds(match.args[receiver]).what != "array":
        match = as_function(match)
    return substitute(match, changes)


def _fills(match: Match, present: set[str], kinds: KindOf) -> bool:
    """Say whether operands that are `present` in an expression surely give it the shape of the result."""
    absent = [arg for p, arg in match.args.items() if p not in present]
    wide = [arg for arg in absent if shape_of(kind_of(arg, kinds)) != NO_AXES]
    if not wide:
        return True
    shapes = {shape_of(kind_of(match.args[p], kinds)) for p in present if p in match.args} - {None}
    kept = [match.args[p] for p in present if p in match.args]
    return all(
        shape_of(kind_of(arg, kinds)) in shapes or any(same(arg, k) and isinstance(arg, ast.Name) for k in kept)
        for arg in wide
    )


def adjoints(
    match: Match,
    y_bar: ast.expr,
    y: ast.expr,
    wanted: Sequence[str],
    kinds: KindOf,
    *,
    masked: bool = False,
    wide: bool = False,
    shape_of_operand: Callable[[ast.expr], ast.expr | None] = lambda arg: arg,
) -> dict[str, ast.expr]:
    """Return the contribution to the adjoint of each wanted operand.

    A contribution may share memory with `y_bar` (that of a copy is `y_bar` itself); it never does with an operand.

    Parameters
    ----------
    match : Match
        A use of a rule that is neither constant nor composite.
    y_bar, y : expression
        Names of the adjoint and the value of the result.
    wanted : sequence of str
        Operands of the match.
    kinds : callable
        What is known of an expression.
    masked : bool
        Whether the result goes into a selection (`np.where`), so that a zero adjoint has to win against an infinite
        or undefined partial derivative.
    wide : bool
        Whether `y_bar` may have a shape that the result broadcasts to, rather than its own.
    shape_of_operand : callable
        Asked where a contribution has to be summed to the shape of an operand: returns an expression of that shape,
        or None to leave the contribution as wide as it is.

    Returns
    -------
    dict
        Expressions in the shapes of the operands; for a sequence operand a literal or an expression for a sequence.
    """
    rule = match.rule
    check_complex(match, kinds)
    framed = masked_match(match)
    if framed:
        inner, where, _ = framed
        seed = _chosen(where, y_bar)
        return adjoints(inner, seed, y, wanted, kinds, masked=True, wide=True, shape_of_operand=shape_of_operand)
    if rule.write:
        return _real_parts(match, {p: rule.write(match, p, y_bar, y, kinds) for p in wanted}, kinds)
    template = _template(match, kinds)
    if _is_real_of_complex(match, kinds):
        y_bar = call("numpy.real", y_bar)  # what the result is multiplied by may be complex
    env = _environment(match, template, kinds, y=y, y_bar=cut_off(match, y_bar, wanted, kinds))
    found: dict[str, ast.expr] = {}
    for p, part in zip(rule.operands, template.parts, strict=True):
        if p not in wanted:
            continue
        literal = rule.builder(match, y_bar, y, kinds) if rule.builder and p == rule.sequence else None
        if literal is not None:
            found[p] = literal
            continue
        _offered(match, p, part)
        # A function of `math` takes no adjoint that is wider than the number that it is of.
        module = "numpy" if wide and match.module == "math" and rule.broadcasts and "y_bar" in names(part) else None
        bar = _instance(part, env | in_floats(match, part, env, wanted, kinds), match, module)
        if rule.kind == "elementwise":
            bar = scale(bar, clone(y_bar), guarded=masked)
        elif masked and rule.broadcasts and _is_product_with(bar, y_bar):
            assert isinstance(bar, ast.BinOp)
            bar = helper("times", bar.right, bar.left)
        bar = _unbroadcast(match, p, bar, kinds, wide, shape_of_operand) if rule.broadcasts else bar
        found[p] = bar
    return _real_parts(match, found, kinds)


#: What NumPy does with complex numbers too, by other rules than with real ones.
_CONJUGATING = {f"numpy.{name}" for name in ("absolute", "sign", "cov", "corrcoef", "var", "std", "nanvar", "nanstd")}
_CONJUGATING |= {f"numpy.{name}" for name in ("vdot", "vecdot", "vecmat", "correlate")}
_CONJUGATING |= {f"numpy.linalg.{name}" for name in ("norm", "vector_norm", "matrix_norm", "cond", "pinv", "qr")}
_DECOMPOSITIONS = ("svd", "svdvals", "eigh", "eigvalsh", "cholesky", "slogdet")
_CONJUGATING |= {f"{home}.linalg.{name}" for home in ("numpy", "scipy") for name in _DECOMPOSITIONS}
_CONJUGATING |= {f"scipy.linalg.{name}" for name in ("norm", "qr", "cho_solve")}
_CONJUGATING |= {f"scipy.signal.{name}" for name in ("convolve", "fftconvolve", "correlate", "correlate2d")}

_doubts: ContextVar[list[Match] | None] = ContextVar("doubts", default=None)


@contextmanager
def doubts() -> Iterator[list[Match]]:
    """Collect the uses of rules that are right if numbers are real, of which that is not known."""
    found: list[Match] = []
    token = _doubts.set(found)
    try:
        yield found
    finally:
        _doubts.reset(token)


def check_complex(match: Match, kinds: KindOf) -> None:
    """Raise Unsupported where numbers are complex and the rule holds for real ones alone, or loses sight of them."""
    if match.rule.constant and match.rule.complex is not False:
        return
    found = _doubts.get()
    operands = tuple(match.args) if match.rule.constant else match.operands
    of_real = match.rule.complex is False or not _CONJUGATING.isdisjoint(match.rule.names)
    if found is not None and of_real:
        if any(kind_of(match.args[p], kinds).dtype in ("unknown", "inexact") for p in operands):
            found.append(match)
    if not any(may_be_complex(kinds(match.args[p])) for p in operands):
        return
    name = match.qualname.removeprefix("numpy.ndarray.").removeprefix("operator.")
    when = match.rule.complex
    holds = when(match, kinds) if callable(when) else match.rule.holds_for_complex
    if not holds and (match.rule.kind != "composite" or when is False):
        raise Unsupported(f"{name} of complex numbers has no derivative rule", "use real numbers, or write it out")
    made = match.rule.result(match, kinds)
    if made.dtype in ("unknown", "inexact") and not may_be_complex(made):
        raise Unsupported(f"whether the result of {name} is complex is not known", "use real and imaginary parts")


def _is_real_of_complex(match: Match, kinds: KindOf) -> bool:
    """Say whether a function of complex numbers has a real result: an absolute value, a norm, a variance."""
    if match.rule.result(match, kinds).dtype not in ("float", "real"):
        return False
    return any(may_be_complex(kind_of(match.args[p], kinds)) for p in match.operands)


def _real_parts(match: Match, bars: dict[str, ast.expr], kinds: KindOf) -> dict[str, ast.expr]:
    """Return what the operands get, of a complex result the real ones a real part."""
    if not may_be_complex(match.rule.result(match, kinds)):
        return bars
    return {operand: _real_part(match, operand, bar, kinds) for operand, bar in bars.items()}


def _real_part(match: Match, operand: str, bar: ast.expr, kinds: KindOf) -> ast.expr:
    """Return what an operand of a complex result gets."""
    kind = kind_of(match.args[operand], kinds)
    if kind.dtype == "complex":
        return bar
    if kind.what in ("tuple", "list") or isinstance(match.args[operand], (ast.Tuple, ast.List)):
        return _real_members(bar, match.args[operand], kinds)
    real = kind.dtype in ("float", "real", "int", "bool")
    return call("numpy.real", bar) if real else helper("real_like", bar, clone(match.args[operand]))


def _real_members(bar: ast.expr, arg: ast.expr, kinds: KindOf) -> ast.expr:
    """Return the adjoints of the members of a sequence, of real ones their real parts."""
    if not (isinstance(bar, ast.Tuple) and isinstance(arg, (ast.Tuple, ast.List)) and len(bar.elts) == len(arg.elts)):
        return helper("real_parts", bar, clone(arg))
    parts: list[ast.expr] = []
    for part, member in zip(bar.elts, arg.elts, strict=True):
        kind = kind_of(member, kinds)
        if isinstance(member, (ast.Tuple, ast.List)) or kind.what in ("tuple", "list"):
            parts.append(_real_members(part, member, kinds))
        elif kind.dtype == "complex":
            parts.append(part)
        elif kind.dtype in ("float", "real", "int", "bool"):
            parts.append(call("numpy.real", part))
        else:
            parts.append(helper("real_like", part, clone(member)))
    return ast.Tuple(elts=parts, ctx=ast.Load())


def _is_product_with(node: ast.expr, y_bar: ast.expr) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and same(node.right, y_bar)


def _unbroadcast(
    match: Match,
    operand: str,
    bar: ast.expr,
    kinds: KindOf,
    wide: bool,
    shape_of_operand: Callable[[ast.expr], ast.expr | None],
) -> ast.expr:
    """Sum a contribution in the shape of the result to the shape of an operand, where the two may differ."""
    arg = match.args[operand]
    shape = shape_of(kind_of(arg, kinds))
    if not wide and _is_exact(match, operand, shape, kinds):
        return bar
    whole = match.rule.result(match, kinds)
    if not wide and shape == NO_AXES and whole.what == "array":
        return call("numpy.sum", bar)
    summed = None if wide else _summed(bar, stretched(shape, shape_of(whole)))
    if summed is not None:
        return summed
    like = shape_of_operand(arg)
    if isinstance(like, ast.BinOp):
        return helper("as_product", bar, clone(like.left), clone(like.right))
    return bar if like is None else helper("unbroadcast", bar, clone(like))


def _summed(bar: ast.expr, how: tuple[int, tuple[int, ...]] | None) -> ast.expr | None:
    """Sum over the axes that broadcasting put before an operand's own, or along which it stretched the operand."""
    if how is None or all(how):
        return None
    new, axes = how
    if new:
        return call("numpy.sum", bar, axis=_written_axes(range(new)))
    return call("numpy.sum", bar, axis=_written_axes(axes), keepdims=ast.Constant(value=True))


def _written_axes(axes: Sequence[int]) -> ast.expr:
    each: list[ast.expr] = [ast.Constant(value=axis) for axis in axes]
    return each[0] if len(each) == 1 else ast.Tuple(elts=each, ctx=ast.Load())


def _is_exact(match: Match, operand: str, shape: Shape | None, kinds: KindOf) -> bool:
    """Say whether the result surely has the shape of an operand."""
    arg = match.args[operand]
    rest = [a for p, a in match.args.items() if p != operand and not is_none(a)]
    others = [shape_of(kind_of(a, kinds)) for a in rest]
    equal = [o == NO_AXES or (o is not None and o == shape) for o in others]
    if all(e or _same_name(a, arg) for e, a in zip(equal, rest, strict=True)):
        return True
    return shape is not None and shape == shape_of(match.rule.result(match, kinds))


def _as_array(match: Match, operand: str, node: ast.expr, kinds: KindOf) -> ast.expr:
    """Return an operand of a NumPy function, or its tangent, as an array where it is a list: ``2 * x`` is to scale."""
    rule = match.rule
    if match.module not in ("numpy", "scipy", "operator") or operand not in rule.operands or operand == rule.sequence:
        return node
    arg = match.args[operand]
    if isinstance(arg, (ast.List, ast.Tuple)) or kinds(arg).what in ("list", "tuple"):
        return call("numpy.array", clone(node))
    return node


def _offered(match: Match, operand: str, part: ast.expr) -> None:
    """Raise Unsupported where a rule says None for the derivative by an operand."""
    if isinstance(part, ast.Constant) and part.value is None:
        name = spelling(match.expr.func) if isinstance(match.expr, ast.Call) else ""
        name = name or match.qualname.rpartition(".")[2]
        raise Unsupported(f"{name} has no derivative by its argument {operand.rstrip('_')}")


def _same_name(a: ast.expr, b: ast.expr) -> bool:
    return isinstance(a, ast.Name) and isinstance(b, ast.Name) and a.id == b.id


def reads_result(match: Match, kinds: KindOf) -> bool:
    """Say whether the adjoints of a match are written with its result."""
    return any("y" in names(part) for part in _template(match, kinds).parts)


def _template(match: Match, kinds: KindOf) -> Template:
    for when, function in match.rule.cases:
        if when(match, kinds):
            return read(function)
    return match.rule.template


def _declared_tangent(match: Match, kinds: KindOf) -> Template | None:
    general: Callable[..., Any] | Template | None = None
    for when, function in match.rule.tangents:
        if when is not None and when(match, kinds):
            return read(function)
        general = function if when is None else general
    if general is None and match.rule.kind == "custom":
        raise Unsupported(f"{match.rule.name} has no forward derivative")
    return read(general) if general else None


def _instance(part: ast.expr, env: Mapping[str, ast.expr], match: Match, module: str | None = None) -> ast.expr:
    left_out = {
        p.name for p in match.rule.parameters if p.name not in match.args or same(match.args[p.name], p.default)
    }
    return instantiate(part, env, module or match.module, left_out)


def _environment(
    match: Match, template: Template, kinds: KindOf, *, y: ast.expr | None = None, y_bar: ast.expr | None = None
) -> dict[str, ast.expr]:
    """Return what the names of a template stand for."""
    env = dict(template.outside) | {p: _as_array(match, p, arg, kinds) for p, arg in match.args.items()}
    axis = env.get("axis")
    if isinstance(axis, ast.Tuple) and len(axis.elts) == 1:
        env["axis"] = axis.elts[0]  # which all that take a tuple take as well
    for parameter in match.rule.parameters:
        if parameter.name not in env:
            env[parameter.name] = parameter.default or ast.Tuple(elts=[], ctx=ast.Load())
    if "y" in template.results:
        env["y"] = y if y is not None else match.expr
    if "y_bar" in template.results and y_bar is not None:
        env["y_bar"] = y_bar
    return env
