"""What generated code was not made for is refused, with the name of the argument."""

from __future__ import annotations

from typing import Any

import numpy as np


def require_scalar(names: str, *values: Any) -> None:
    """Raise TypeError unless every value is a number.

    Parameters
    ----------
    names : str
        The names of the arguments, separated by commas.
    *values
        The arguments.
    """
    for value in values:
        if type(value) is not float:
            break
    else:
        return  # the usual case, fast: this guard may stand before a single multiplication
    for i, value in enumerate(values):
        if type(value) is float or np.isscalar(value):
            if not isinstance(value, (str, bytes)):
                continue
        elif isinstance(value, np.ndarray) and value.ndim == 0:
            continue
        name = names.split(",")[i].strip()
        advice = f"; annotate it, e.g. `{name}: np.ndarray`" if isinstance(value, np.ndarray) else ""
        raise TypeError(
            f"{name} must be a number, not {type(value).__name__}: this derivative was generated for a scalar{advice}"
        )


def require_number(names: str, *values: Any) -> None:
    """Raise TypeError unless every value is a number; an array without axes, which can be written in place, is none.

    Parameters
    ----------
    names : str
        The names of the arguments, separated by commas.
    *values
        The arguments.
    """
    require_scalar(names, *values)
    for i, value in enumerate(values):
        if isinstance(value, np.ndarray):
            name = names.split(",")[i].strip()
            raise TypeError(f"{name} must be a number, not an array without axes: pass `{name}[()]`")


def require_array(name: str, value: Any) -> None:
    """Raise TypeError unless `value` is an ndarray."""
    if not isinstance(value, np.ndarray):
        advice = f"; annotate it, e.g. `{name}: float`" if np.isscalar(value) and name.isidentifier() else ""
        raise TypeError(
            f"{name} must be an array, not {type(value).__name__}: this derivative was generated for code that "
            f"writes it in place{advice}"
        )


def require_output(out: Any) -> None:
    """Raise ValueError where NumPy's `dot` would, which writes into contiguous arrays alone."""
    if not out.flags.c_contiguous:
        raise ValueError("the array that dot() writes into must be contiguous: `out=` takes no column and no step")


def require_numbers(name: str, value: Any) -> None:
    """Raise TypeError if `value` is a list or another container, rather than a number or an array."""
    if isinstance(value, (list, tuple, dict)):
        raise TypeError(
            f"{name} must be a number or an array, not {type(value).__name__}: this derivative was generated for "
            "arithmetic on it"
        )


def require_sequence(name: str, x: Any) -> None:
    """Raise TypeError if `x` is a dict: a loop over it runs over the keys, not over what it holds."""
    if isinstance(x, dict):
        raise TypeError(
            f"{name} must be an array or a list, not a dict: this derivative was generated for a loop over members, "
            f"which runs over the keys of a dict; annotate it, e.g. `{name}: dict`"
        )


def require_dict(name: str, x: Any) -> None:
    """Raise TypeError unless `x` is a dict: nothing else with a derivative knows ``|``."""
    if not isinstance(x, dict):
        raise TypeError(
            f"{name} must be a dict, not {type(x).__name__}: this derivative was generated for `|` between dicts, and "
            f"no number that has a derivative knows it; annotate {name}, or leave it out of wrt"
        )


def require_own_members(name: str, value: Any) -> None:
    """Raise TypeError if `value` is a list or a dict of what can be written: a copy of it has the same members."""
    if isinstance(value, (list, tuple, dict)):
        for member in value.values() if isinstance(value, dict) else value:
            if isinstance(member, (np.ndarray, list, dict)) or hasattr(member, "__dict__"):
                what = f"a {type(value).__name__} of {type(member).__name__}s"
                raise TypeError(
                    f"{name} must be an array, not {what}: this derivative was generated for code that writes into a "
                    "copy, and a copy of a list or a dict has the same members; annotate it, or copy each member"
                )


def require_index(names: str, *values: Any) -> None:
    """Raise TypeError unless each value finds one member of a container: it is an integer, or a key of a dict.

    Parameters
    ----------
    names : str
        The names of the arguments, separated by commas.
    *values
        The arguments.
    """
    for i, value in enumerate(values):
        if isinstance(value, (bool, np.bool_, slice, tuple, list)) or value is None or value is ... or np.ndim(value):
            name = names.split(",")[i].strip()
            raise TypeError(
                f"{name} must be one index, not {type(value).__name__}: this derivative was generated for code in "
                f"which single members change places; annotate it, e.g. `{name}: np.ndarray`"
            )


def require_lists(name: str, x: Any) -> None:
    """Raise TypeError unless `x` is a list of lists: to put a row into another slot means something else for arrays."""
    if not isinstance(x, list) or not all(isinstance(row, list) for row in x):
        raise TypeError(
            f"{name} must be a list of lists, not {type(x).__name__}: this derivative was generated for code that puts "
            f"its rows into other slots; of an array, copy the rows: `{name}[i].copy()`"
        )


def listed(x: Any) -> Any:
    """Return `x`; raise TypeError unless it is a list, which ``+`` joins and a slice copies."""
    if not isinstance(x, list):
        raise TypeError(
            f"a list must be here, not {type(x).__name__}: this derivative was generated for lists that are joined or "
            f"copied; write what is meant, e.g. np.concatenate or .copy()"
        )
    return x


def row(x: Any) -> Any:
    """Return `x`; raise TypeError unless it is a list of numbers, of which a slice is a copy."""
    if not isinstance(x, list) or not all(np.isscalar(v) for v in x):
        raise TypeError(
            f"a list of numbers must be here, not {type(x).__name__}: this derivative was generated for a slice that "
            f"copies; write .copy() where a copy of an array is meant"
        )
    return x


def require_view(name: str, v: Any, x: Any) -> None:
    """Raise TypeError unless `v` is an array that shares the memory of `x`, or of a member where `x` is a container."""
    members = x.values() if isinstance(x, dict) else x if isinstance(x, (list, tuple)) else (x,)
    shares = isinstance(v, np.ndarray) and any(v is m or np.may_share_memory(v, m) for m in members)
    if not shares and not (isinstance(v, np.ndarray) and not v.size):
        raise TypeError(
            f"{name} must be a view of an array here, but it is a copy: this derivative was generated for code whose "
            f"writes to {name} reach the array it came from"
        )


def require_length(part: Any, length: int) -> None:
    """Raise TypeError unless the slice `part` is as long as what is stored into it, where it is one of a list.

    Parameters
    ----------
    part : list or ndarray
        The slice. One of an array always stays as long as it is.
    length : int
        How many members are stored.
    """
    if isinstance(part, list) and len(part) != length:
        raise TypeError(
            f"{length} members are put where a slice has {len(part)}, which makes the list another length: this "
            f"derivative puts slices back where they were; build a new list instead"
        )


def require_part(x: Any, index: Any, value: Any) -> None:
    """Raise TypeError unless ``x[index]`` is a part of an array, or a number for which `value`, another, is stored.

    Parameters
    ----------
    x : ndarray, list or dict
        What is stored into. A member of a list or a dict may have an adjoint that others share.
    index
        The place in it.
    value
        What will be stored.
    """
    if isinstance(x, np.ndarray):
        return
    member = x.get(index) if isinstance(x, dict) else x[index]
    if not (np.isscalar(member) and np.isscalar(value)):
        raise TypeError(
            f"a {type(x).__name__} is given another member here, and this derivative was generated for an array or "
            f"for numbers: give what is stored into a name of its own, which is never bound to something else"
        )


def require_storable(value: Any, target: Any, index: Any) -> None:
    """Raise what ``target[index] = value`` would raise, and store nothing.

    Parameters
    ----------
    value
        What would be stored.
    target : ndarray, list, dict or float
        Where; a dict takes any key, and a number is bound anew by an augmented assignment.
    index
        The place.

    Raises
    ------
    IndexError, TypeError, ValueError
        As the store would.
    """
    _store_nowhere(value, target, index)


def _store_nowhere(value: Any, target: Any, index: Any) -> None:
    """Raise what a store would; by another name than a guard's, since the user's handler is for that."""
    if isinstance(target, np.ndarray):
        place = target[index]
        if not target.flags.writeable:
            raise ValueError("assignment destination is read-only")
        np.empty(np.shape(place), target.dtype)[...] = value
    elif isinstance(target, list) and index is not ...:  # all of a list may grow
        target[index]
    elif isinstance(target, tuple):
        raise TypeError("'tuple' object does not support item assignment")


def require_distinct(names: str, *values: Any) -> None:
    """Raise ValueError if two of the values share memory that can be written: arrays, lists or dicts.

    Parameters
    ----------
    names : str
        The names of the arguments, separated by commas.
    *values
        The arguments.
    """
    for i, a in enumerate(values):
        for j, b in enumerate(values[:i]):
            if _share(a, b):
                split = [name.strip() for name in names.split(",")]
                raise ValueError(f"{split[j]} and {split[i]} share memory, and one of them is written: pass a copy")


def require_unguarded(error: BaseException) -> None:
    """Raise `error` again if a guard of generated code raised it: the user's handler was not written for that.

    Parameters
    ----------
    error : BaseException
        What was caught.
    """
    guards = "array dict distinct float index length lists members number numbers output own_members part real scalar "
    guards += "scalar_result sequence value view"
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    if place is None or place.tb_frame.f_code.co_filename != require_unguarded.__code__.co_filename:
        return  # a function of the user's may be called `require_positive`
    name = place.tb_frame.f_code.co_name
    if name in ("listed", "row") or name.startswith("require_") and name[len("require_") :] in guards.split():
        raise error


def _share(a: Any, b: Any) -> bool:
    """Say whether two values share an array, a list or a dict, or memory of arrays in them."""
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        if not np.may_share_memory(a, b):
            return False
        try:
            return bool(np.shares_memory(a, b, 100_000))  # type: ignore[arg-type]
        except np.exceptions.TooHardError:
            return True
    first, second = _mutable_in(a), _mutable_in(b)
    if {id(x) for x in first} & {id(x) for x in second}:
        return True
    arrays = [[x for x in found if isinstance(x, np.ndarray)] for found in (first, second)]
    return any(_share(x, y) for x in arrays[0] for y in arrays[1])


def _mutable_in(value: Any) -> list[Any]:
    """Return a value and what is in it, as far as it can be changed in place."""
    if isinstance(value, (list, tuple, dict)):
        members = value.values() if isinstance(value, dict) else value
        inside = [x for member in members for x in _mutable_in(member)]
        return inside if isinstance(value, tuple) else [value, *inside]
    return [value] if isinstance(value, np.ndarray) else []


def require_float(name: str, a: Any, depth: int = 1) -> None:
    """Raise TypeError if `a` is an array of integers or booleans, into which an active value is stored.

    Where it is stored under `depth` subscripts, what `a` holds is asked too.
    """
    if depth > 1 and isinstance(a, (list, tuple, dict)):
        for i, member in a.items() if isinstance(a, dict) else enumerate(a):
            require_float(f"{name}[{i!r}]", member, depth - 1)
    if isinstance(a, np.ndarray) and a.dtype.kind in "iub":
        raise TypeError(
            f"{name} has dtype {a.dtype}, which cuts off what is stored in it: make it an array of floats, e.g. "
            f"`{name}.astype(float)`"
        )


def require_scalar_result(name: str, *values: Any) -> None:
    """Raise TypeError if the result of a function is not a number.

    Parameters
    ----------
    name : str
        The name of the function.
    *values
        The result, or what it is made of by arithmetic.
    """
    for y in values:
        if type(y) is not float and (isinstance(y, (list, tuple, dict)) or np.ndim(y)):
            what = f"an array of shape {np.shape(y)}" if isinstance(y, np.ndarray) else f"a {type(y).__name__}"
            raise TypeError(
                f"{name} returns {what}, and only a number has a gradient: use vjp with a seed for the result, or jvp "
                f"with a direction"
            )


def require_real(names: str, *values: Any) -> None:
    """Raise TypeError where a value is complex, or holds what is.

    Parameters
    ----------
    names : str
        The names of the arguments, separated by commas.
    *values
        The arguments.
    """
    for i, value in enumerate(values):
        if type(value) is not float and _is_complex(value):
            raise TypeError(
                f"{names.split(',')[i].strip()} is complex: this derivative was generated for real numbers; "
                f"take real and imaginary parts as arguments"
            )


def _is_complex(value: Any) -> bool:
    """Say whether a number, an array, or something in a container is complex."""
    if isinstance(value, (list, tuple)):
        return any(map(_is_complex, value))
    if isinstance(value, dict):
        return any(map(_is_complex, value.values()))
    return isinstance(value, complex) or isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind == "c"


def require_value(name: str, value: Any, expected: Any) -> None:
    """Raise ValueError unless `value` is what the code was generated for.

    Parameters
    ----------
    name : str
        The name of the variable.
    value
        What it holds.
    expected
        What it held. A member that is an ellipsis may be anything.
    """
    if not _is_same(value, expected):
        raise ValueError(f"{name} has changed since this derivative was generated from it: generate it anew")


def _is_same(value: Any, expected: Any) -> bool:
    """Say whether a value is another, in which an ellipsis stands for anything."""
    if expected is ...:
        return True
    if type(value) is not type(expected):
        return False
    if isinstance(expected, dict):
        return list(value) == list(expected) and all(_is_same(value[k], v) for k, v in expected.items())
    if isinstance(expected, (tuple, list)):
        return len(value) == len(expected) and all(map(_is_same, value, expected))
    return bool(value == expected)


def require_members(name: str, x: Any, depth: int) -> None:
    """Raise TypeError unless subscripting `x` `depth` times gives numbers.

    Parameters
    ----------
    name : str
        The name of the argument.
    x : list, tuple or ndarray
        The argument.
    depth : int
        How often the code subscripts it.
    """
    if isinstance(x, np.ndarray):
        if x.ndim == depth:
            return
        found = f"an array with {x.ndim} axes"
    elif isinstance(x, (list, tuple, dict)):
        members = list(x.values()) if isinstance(x, dict) else x
        if depth > 1:
            for member in members:
                require_members(name, member, depth - 1)
            return
        if all(type(m) is float or np.ndim(m) == 0 and not isinstance(m, (str, bytes, np.ndarray)) for m in members):
            return
        found = f"a {type(x).__name__} of other things"
    else:
        found = type(x).__name__
    what = "an array or a list of numbers" if depth == 1 else f"numbers under {depth} subscripts"
    said = f'Float[np.ndarray, "{" ".join("nmklpq"[: x.ndim])}"]' if isinstance(x, np.ndarray) else "np.ndarray"
    raise TypeError(
        f"{name} must be {what}, not {found}: this derivative was generated for members that are scalars; annotate it, "
        f"e.g. `{name}: {said}`"
    )


def check_tangent(name: str, dx: Any, x: Any) -> Any:
    """Return the tangent `dx` of the argument `x`, checked.

    Parameters
    ----------
    name : str
        The name of the tangent.
    dx : structure
        The tangent that the caller passed.
    x : structure
        The argument.

    Returns
    -------
    structure
        The tangent, of an inexact dtype.

    Raises
    ------
    TypeError, ValueError
        If `dx` has not the structure or the shape of `x`.
    """
    if type(dx) is float and type(x) is float:
        return dx
    if isinstance(x, (list, tuple)):
        if type(dx) is not type(x) or len(dx) != len(x):
            raise TypeError(f"{name} must be a {type(x).__name__} of {len(x)} tangents, as the argument has members")
        parts = [check_tangent(f"{name}[{i}]", d, v) for i, (d, v) in enumerate(zip(dx, x, strict=True))]
        return parts if isinstance(x, list) else type(x)(*parts) if hasattr(x, "_fields") else tuple(parts)
    if isinstance(x, dict):
        if not isinstance(dx, dict) or set(dx) != set(x):
            raise TypeError(f"{name} must be a dict with the keys of the argument")
        return {key: check_tangent(f"{name}[{key!r}]", dx[key], v) for key, v in x.items()}
    if not isinstance(x, (np.ndarray, np.number, np.bool_, int, float, complex)):
        return None
    if dx is None and isinstance(x, (bool, np.bool_)):
        return 0.0  # as its adjoint is None, so may its tangent be
    return _numeric(name, dx, x)


def check_seed(name: str, y_bar: Any, y: Any) -> Any:
    """Return the seed `y_bar` for the result `y`, checked.

    Parameters
    ----------
    name : str
        The name of the seed.
    y_bar : structure
        The seed that the caller passed; 1.0 where none was.
    y : structure
        The result.

    Returns
    -------
    structure
        A number for a number, else a fresh structure of numbers and arrays, mutable where `y` has members.

    Raises
    ------
    TypeError, ValueError
        If `y_bar` has not the structure or the shape of `y`.
    """
    if type(y_bar) is float and isinstance(y, float):
        return y_bar
    if isinstance(y, (list, tuple, dict)):
        if type(y_bar) is float:
            raise ValueError(f"the result is a {type(y).__name__} and needs a seed of that structure: pass {name}")
        keys = y.keys() if isinstance(y, dict) else range(len(y))
        if isinstance(y, dict) is not isinstance(y_bar, dict) or len(y_bar) != len(y):
            raise TypeError(f"{name} must be a {type(y).__name__} of {len(y)} seeds, as the result has members")
        seeds = {key: check_seed(f"{name}[{key!r}]", y_bar[key], y[key]) for key in keys}
        return seeds if isinstance(y, dict) else list(seeds.values())
    if not isinstance(y, (np.ndarray, np.number, np.bool_, int, float, complex)):
        return None
    if type(y_bar) is float and np.ndim(y):
        raise ValueError(f"the result of shape {np.shape(y)} needs a seed of that shape: pass {name}")
    return _numeric(name, y_bar, y)


def _numeric(name: str, d: Any, x: Any) -> Any:
    """Return `d` as a float, or as a fresh array of the shape of `x`, in an inexact dtype."""
    if isinstance(x, (np.matrix, np.ma.MaskedArray)):
        kind = type(x).__name__
        raise TypeError(f"{name} is for a {kind}, of which operators mean something else: pass `np.asarray(…)`")
    try:
        array = np.array(d)
    except ValueError as error:
        raise TypeError(f"{name} must be a number or an array") from error
    if array.dtype.kind not in "fciub":
        raise TypeError(f"{name} must be a number or an array, not {type(d).__name__}")
    if array.shape != np.shape(x):
        raise ValueError(f"{name} has shape {array.shape}, and must have shape {np.shape(x)}")
    if isinstance(x, np.ndarray) and isinstance(d, np.ndarray):
        array = np.empty_like(
            x, dtype=array.dtype, subok=False
        )  # laid out as `x` is: what is a view of one is of the other
        array[...] = d
    single = isinstance(x, (np.ndarray, np.inexact)) and x.dtype.kind == "f" and array.dtype.kind != "c"
    if array.dtype.kind in "iub" or single:
        array = array.astype(x.dtype if single else float, copy=False)
    if isinstance(x, np.ndarray) and x.dtype.kind == "c":  # what is written into it is complex
        array = array.astype(np.result_type(array, x), copy=False)
    return array if isinstance(x, np.ndarray) else array.item() if not isinstance(x, np.generic) else array[()]
