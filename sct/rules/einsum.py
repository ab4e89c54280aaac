"""`numpy.einsum`: the adjoint of an operand is another einsum, written from the subscripts."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are empty: what the rules say is computed here.

from __future__ import annotations

import ast
import string
from collections.abc import Mapping
from typing import Any

from sct import core
from sct.analysis.kinds import Kind, sizes
from sct.analysis.sizes import broadcast
from sct.rules.registry import Axes, KindOf, Match, Unsupported, bilinear, composite, declared, register
from sct.rules.results import join_dtypes, kind_of
from sct.rules.samples import M23, M33, M34, T234, V3, W3
from sct.rules.template import call, clone, helper, template

ELLIPSIS = "..."


def split(subscripts: str, count: int) -> tuple[list[str], str]:
    """Return the labels of each operand and of the result."""
    text = subscripts.replace(" ", "")
    left, arrow, result = text.partition("->")
    inputs = left.split(",")
    if len(inputs) != count:
        raise Unsupported("the subscripts do not fit the number of operands")
    if not arrow:
        labels = left.replace(ELLIPSIS, "").replace(",", "")
        result = ELLIPSIS * (ELLIPSIS in left) + "".join(sorted(c for c in set(labels) if labels.count(c) == 1))
    return inputs, result


def _spelled(args: Mapping[str, ast.expr]) -> str:
    node = args.get("subscripts")
    written = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return "" if written else "the subscripts are not written as a text"


def _of(match: Match) -> tuple[list[str], str]:
    node = match.args["subscripts"]
    assert isinstance(node, ast.Constant) and isinstance(node.value, str)
    return split(node.value, len(match.rule.operands))


def adjoint(match: Match, operand: str, y_bar: ast.expr, y: ast.expr, kinds: KindOf) -> ast.expr:
    """Return the contribution to the adjoint of one operand.

    Labels that occur in it alone are summed: there the adjoint is constant, which a vector of ones says. A label that
    occurs twice in it reads a diagonal: there the adjoint is diagonal, which a unit matrix says.
    """
    inputs, result = _of(match)
    names = list(match.rule.operands)
    own = inputs[names.index(operand)]
    arg = match.args[operand]
    others = [(labels, match.args[p]) for labels, p in zip(inputs, names, strict=True) if p != operand]
    terms = [(result, y_bar), *others]
    behind = ELLIPSIS in own and not own.startswith(ELLIPSIS) and any(ELLIPSIS in labels for labels, _ in others)
    if behind and len(set(own)) < len(own) - 2:
        raise Unsupported("an ellipsis that is not in front of the other labels")
    unused = iter(c for c in string.ascii_letters if not any(c in labels for labels in (*inputs, result)))
    target = ""
    before = len(own.partition(ELLIPSIS)[0]) if ELLIPSIS in own else len(own)
    letters = own.replace(ELLIPSIS, "")
    for i, label in enumerate(letters):
        axis = i if i < before else i - len(letters)
        size = ast.Subscript(value=call("numpy.shape", clone(arg)), slice=_integer(axis), ctx=ast.Load())
        new = label
        if label in target:
            new = next(unused)
            terms.append((label + new, call("numpy.eye", size, dtype=_truth())))
        elif not any(label in labels for labels, _ in terms):
            terms.append((label, call("numpy.ones", size, dtype=_truth())))
        target += ELLIPSIS * (i == before and ELLIPSIS in own) + new
    if ELLIPSIS in own and ELLIPSIS not in target:
        target += ELLIPSIS
    if ELLIPSIS not in own and any(ELLIPSIS in labels for labels, _ in terms):
        target = ELLIPSIS + target
    if behind:  # broadcasting is from the right: the other axes have to stand there
        target = f"{ELLIPSIS}{letters}"
    text = ast.Constant(value=f"{','.join(labels for labels, _ in terms)}->{target}")
    made = call("numpy.einsum", text, *(clone(value) for _, value in terms))
    if behind:
        moved = call("numpy.einsum", ast.Constant(value=f"{own}->{target}"), clone(arg))
        back = ast.Constant(value=f"{target}->{own}")
        return call("numpy.einsum", back, helper("unbroadcast", made, moved))
    whole = ELLIPSIS not in target and _all_of(match, kinds, operand, own)
    return made if whole else helper("unbroadcast", made, clone(arg))


def _integer(value: int) -> ast.expr:
    return ast.Constant(value=value) if value >= 0 else ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=-value))


def _truth() -> ast.expr:
    from sct.core import ref

    return ref("numpy.bool_")


def result(match: Match, kinds: KindOf) -> Kind:
    """An array, unless no label is left."""
    dtype = join_dtypes(*(kind_of(match.args[p], kinds).dtype for p in match.operands)) if match.operands else "unknown"
    return Kind("array" if _of(match)[1].replace(ELLIPSIS, "") else "unknown", dtype)


def rank(match: Match, kinds: KindOf) -> Axes:
    """As many axes as labels, each as long as its label says."""
    labels = _of(match)[1]
    if ELLIPSIS in labels:
        return None
    met = _sizes(match, kinds)
    return [None if label not in met else met[label] for label in labels]


def _sizes(match: Match, kinds: KindOf) -> dict[str, str]:
    """Return the sizes of the labels, where all operands say what they are: an axis of size 1 stretches."""
    found: dict[str, set[str]] = {}
    doubtful: set[str] = set()
    for labels, operand in zip(_of(match)[0], match.rule.operands, strict=True):
        names = sizes(kind_of(match.args[operand], kinds).shape)
        if names is None or ELLIPSIS in labels or len(names) != len(labels):
            doubtful |= set(labels)
        else:
            for label, name in zip(labels, names, strict=True):
                found.setdefault(label, set()).add(name)
    return {label: broadcast(names) for label, names in found.items() if label not in doubtful}


def _all_of(match: Match, kinds: KindOf, operand: str, own: str) -> bool:
    """Say whether no axis of an operand is stretched, and none of the others' is stretched to it."""
    met, names = _sizes(match, kinds), sizes(kind_of(match.args[operand], kinds).shape)
    if names is None or [met.get(label) for label in own] != list(names):
        return False
    inputs, result = _of(match)
    for labels, p in zip(inputs, match.rule.operands, strict=True):
        others = sizes(kind_of(match.args[p], kinds).shape)
        if others is None or len(others) != len(labels):
            continue  # no label of this one has a size, so it shares none with the operand
        short = {label for label, name in zip(labels, others, strict=True) if name != met.get(label)}
        if p != operand and short & set(own) - set(result):
            return False
    return True


OPTIONS: dict[str, Any] = {"check": _spelled, "write": adjoint, "result": result, "rank": rank}


@bilinear(
    "numpy.einsum",
    examples=[
        ("ij->ji", M23),
        ("ii", M33),
        ("ii->i", M33),
        ("ij->j", M23),
        ("...i->...", T234),
        ("ba", M23),
        ("iij->j", [M33, M33, M33]),
    ],
    operands=("a",),
    memory="maybe",
    **OPTIONS,
)
def einsum1(y_bar, subscripts, a, *, optimize=False): ...


@bilinear(
    "numpy.einsum",
    examples=[
        *[("i,i", V3, W3), ("i,j->ij", V3, W3), ("ij,jk->ik", M23, M34), ("ij,jk", M23, M34), ("ij,k->j", M23, V3)],
        *[("...ij,...jk->...ik", M23, [M34, M34]), ("ii,ij->j", M33, M34)],
        *[("i,...->...", V3, M23), ("ij,j->i", M23, V3, {"optimize": True})],
        *[("j...k,lj...->lk...", M33, T234), ("ij...,ij->j...", T234, M23)],
    ],
    once=[("ij,ij->", [M23[0]], M23)],
    operands=("a", "b"),
    **OPTIONS,
)
def einsum2(y_bar, subscripts, a, b, *, optimize=False): ...


@bilinear(
    "numpy.einsum",
    examples=[("i,ij,j", V3, M33, W3), ("ij,jk,k->i", M23, M34, [0.3, 1.6, -0.9, 0.8])],
    operands=("a", "b", "c"),
    **OPTIONS,
)
def einsum3(y_bar, subscripts, a, b, c, *, optimize=False): ...


@bilinear(
    "numpy.einsum",
    examples=[("i,ij,jk,k->", V3, M33, M33, W3)],
    operands=("a", "b", "c", "d"),
    **OPTIONS,
)
def einsum4(y_bar, subscripts, a, b, c, d, *, optimize=False): ...


def _of_many(count: int) -> None:
    """Declare the rule for a larger number of operands."""
    names = tuple(string.ascii_lowercase[:count])
    node = ast.parse(f"def f(y_bar, subscripts, {', '.join(names)}, *, optimize=False): ...").body[0]
    assert isinstance(node, ast.FunctionDef)
    example = (f"i,{'ij,' * (count - 1)}j->".replace("j,j->", "j->"), V3, *[M33] * (count - 1))
    options = {"operands": names, "examples": [example], **OPTIONS}
    register(declared("bilinear", ("numpy.einsum",), options, f"einsum{count}", template(node, {})))


for number_of_operands in (5, 6, 7, 8):
    _of_many(number_of_operands)


# Subscripts as lists of integers: operands and their labels in turn, and the labels of the result at the end


def _labels(node: ast.expr) -> str | None:
    """Return the labels that a list of integers stands for, None for anything else."""
    if not isinstance(node, (ast.List, ast.Tuple)):
        return None
    found = ""
    for member in node.elts:
        value = member.value if isinstance(member, ast.Constant) else None
        if core.qualname(member) == "builtins.Ellipsis":
            value = Ellipsis
        if value is not Ellipsis and (not isinstance(value, int) or not 0 <= value < 26):
            return None
        found += ELLIPSIS if value is Ellipsis else string.ascii_lowercase[value]
    return found


def _lists(args: Mapping[str, ast.expr]) -> str:
    node = args["operands"]
    members = node.elts if isinstance(node, ast.Tuple) else []
    written = len(members) > 1 and all(
        _labels(member) is not None for member in (*members[1::2], *members[len(members) - len(members) % 2 :])
    )
    return "" if written else "the subscripts are not written out"


def _as_text(match: Match) -> ast.expr | None:
    node = match.args["operands"]
    assert isinstance(node, ast.Tuple)
    members = list(node.elts)
    result = f"->{_labels(members.pop())}" if len(members) % 2 else ""
    text = ",".join(_labels(member) or "" for member in members[1::2]) + result
    return call("numpy.einsum", ast.Constant(value=text), *(clone(member) for member in members[::2]))


@composite(
    "numpy.einsum",
    operands=("operands",),
    sequence="operands",
    check=_lists,
    rewrite=_as_text,
    spelled=["np.einsum(np.outer(x, x), [0, 1], x, [1], [0])", "np.einsum(x, [0], x, [0])"],
)
def einsum_lists(*operands, optimize=False): ...
