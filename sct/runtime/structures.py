"""Zeros, sums and copies of structures, and reads and writes by index."""

from __future__ import annotations

from typing import Any

import numpy as np

from .shapes import _paired, astype_like


def zeros_like(x: Any) -> Any:
    """Return the zero adjoint of `x`, mutable where `x` holds members.

    Parameters
    ----------
    x : structure
        The value.

    Returns
    -------
    structure
        0.0 for a number (of its own NumPy type), zeros of an inexact dtype for an array, a list for a list or a
        tuple, a dict for a dict, a deque for a deque, None for anything else.
    """
    if type(x) is float:
        return 0.0
    if isinstance(x, bool):
        return None
    if isinstance(x, np.ndarray):
        return np.zeros_like(x, dtype=None if x.dtype.kind in "fc" else float, subok=False)
    if isinstance(x, (list, tuple)):
        return [zeros_like(v) for v in x]
    if isinstance(x, dict):
        return {key: zeros_like(v) for key, v in x.items()}
    if isinstance(x, np.inexact):
        return x.dtype.type(0)
    if isinstance(x, (int, np.integer, np.bool_, float)):
        return 0.0
    if _is_deque(x):
        return type(x)(map(zeros_like, x), x.maxlen)
    return 0j if isinstance(x, complex) else None


def zeros_mirror(x: Any) -> Any:
    """Return zeros like `x` (see `zeros_like`), where members that share memory have zeros that share it likewise.

    Parameters
    ----------
    x : float, ndarray or list of such
        A value whose members are written in place.
    """
    return _mirror(x, {})


def _mirror(x: Any, made: dict[int, Any]) -> Any:
    """Return the zeros of `zeros_mirror`; `made` are those of the objects met so far."""
    if not isinstance(x, (list, tuple, dict, np.ndarray)):
        return zeros_like(x)
    if id(x) not in made:
        if isinstance(x, dict):
            made[id(x)] = {key: _mirror(member, made) for key, member in x.items()}
        elif isinstance(x, np.ndarray):
            made[id(x)] = _mirrored_view(x, made)
        else:
            made[id(x)] = [_mirror(member, made) for member in x]
    return made[id(x)]


def _mirrored_view(x: np.ndarray, made: dict[int, Any]) -> Any:
    """Return the zeros of a member: the view of those of the array it is a view of, if it is one of floats."""
    owner: Any = x
    while isinstance(owner.base, np.ndarray):
        owner = owner.base
    if owner is x or x.dtype.kind not in "fc" or owner.dtype != x.dtype or not owner.flags.forc:
        return zeros_like(x)
    if id(owner) not in made:
        made[id(owner)] = zeros_like(owner)
    memory = made[id(owner)]
    start = x.__array_interface__["data"][0] - owner.__array_interface__["data"][0]
    return np.ndarray(x.shape, x.dtype, buffer=memory, offset=start, strides=x.strides)


def finish(x_bar: Any, x: Any) -> Any:
    """Return the adjoint `x_bar` with the container types and the floating dtypes of `x`.

    Parameters
    ----------
    x_bar : structure
        The adjoint as it was accumulated, with a list where `x` has a tuple.
    x : structure
        The value.

    Returns
    -------
    structure
        The adjoint in the types of `x`: tuples, named tuples, lists, dicts, an array where `x` is one, a number for
        a number.
    """
    if isinstance(x, np.ndarray) and isinstance(x_bar, (list, tuple)):
        return np.array(x_bar, dtype=x.dtype if x.dtype.kind in "fc" else float).reshape(x.shape)
    if isinstance(x, (list, tuple)) and x_bar is not None:
        if isinstance(x_bar, dict):
            raise TypeError(f"a dict is expected here, not a {type(x).__name__} of pairs")
        bars = [finish(bar, v) for bar, v in _paired(x_bar, x)]
        if isinstance(x, list):
            return bars
        return type(x)(*bars) if hasattr(x, "_fields") else tuple(bars)
    if isinstance(x, dict) and x_bar is not None:
        if not isinstance(x_bar, dict):
            raise TypeError("this derivative was generated for arrays and lists, and here is a dict: annotate it")
        return {key: finish(x_bar.get(key), v) for key, v in x.items()}
    if isinstance(x_bar, np.ndarray) and x_bar.ndim == 0 and not isinstance(x, np.ndarray):
        return x_bar[()]
    if isinstance(x_bar, np.ndarray) and isinstance(x, np.ndarray) and x_bar.dtype is not x.dtype:
        return astype_like(x_bar, x)
    return None if x is None or isinstance(x, (str, bytes, bool)) else x_bar


def fold(y_bar: Any, times: Any, x: Any = None) -> Any:
    """Return the adjoint of a list or a tuple that was repeated: the sum of the adjoints of the repetitions.

    `x` is what was repeated, where that may have been done no times at all: its adjoint is zero then.
    """
    if not isinstance(times, (int, np.integer)):
        raise TypeError(f"a list is repeated an integer number of times here, not {type(times).__name__}")
    if times <= 0 and x is not None:
        return zeros_like(x)
    size = len(y_bar) // max(int(times), 1)
    total = y_bar[:size]
    for start in range(size, len(y_bar), size or 1):
        total = add(total, y_bar[start : start + size])
    return total


def unfold(y_bar: Any, times: Any) -> Any:
    """Return the adjoint of what `fold` was given: the adjoint of its result for each repetition."""
    return [save(v) for _ in range(int(times)) for v in y_bar]


def add(a: Any, b: Any) -> Any:
    """Return the sum of two adjoints or tangents of one value.

    Parameters
    ----------
    a, b : structure
        What to add; None counts as nothing.

    Returns
    -------
    structure
        A fresh sum, in the container types of `a`.
    """
    if type(a) is float and type(b) is float:
        return a + b
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a + b if a.ndim else np.asarray(a + b)  # NumPy makes a number of arrays without axes
    if a is None or b is None:
        return save(b if a is None else a)
    if isinstance(a, (list, tuple)):
        total = [add(u, v) for u, v in _paired(a, b)]
        return total if isinstance(a, list) else type(a)(*total) if hasattr(a, "_fields") else tuple(total)
    if isinstance(a, dict):
        return {key: add(a.get(key), b.get(key)) for key in [*a, *(key for key in b if key not in a)]}
    total = a + (np.asarray(b) if isinstance(b, (list, tuple)) else b)
    return np.asarray(total) if isinstance(a, np.ndarray) and not a.ndim else total


def save(x: Any) -> Any:
    """Return a copy of `x` that later writes do not reach; a number is its own."""
    return x.copy() if isinstance(x, np.ndarray) else _saved(x, set())


def contents(x: Any) -> Any:
    """Return what `put_back` gives the list or dict `x` its contents from: the objects in it, with what was in them."""
    if not isinstance(x, (list, dict)):
        return save(x)
    members = [(key, v, contents(v)) for key, v in (x.items() if isinstance(x, dict) else enumerate(x))]

    def back() -> Any:
        for _, v, held in members:
            put_back(v, held)
        if isinstance(x, dict):
            x.clear()
            x.update({key: v for key, v, _ in members})
        else:
            x[:] = [v for _, v, _ in members]
        return x

    back.saved_record = True  # type: ignore[attr-defined]
    return back


def _saved(x: Any, seen: set[int]) -> Any:
    """Return the copy of `save`; `seen` are the records that are being copied already."""
    if type(x) in (float, int, bool, complex, str, np.float64):
        return x
    if isinstance(x, (np.ndarray, set, bytearray)) or _is_deque(x):
        return x.copy()
    if isinstance(x, list):
        return [_saved(v, seen) for v in x]
    if isinstance(x, tuple):
        members = [_saved(v, seen) for v in x]
        return type(x)(*members) if hasattr(x, "_fields") else tuple(members)
    if isinstance(x, dict):
        return {key: _saved(v, seen) for key, v in x.items()}
    return _saved_record(x, seen) if _is_record(x) else x


def _saved_record(x: Any, seen: set[int]) -> Any:
    """Return what gives an object of the user's its attributes back, and returns it; `seen` are those in work."""
    members = None
    if id(x) not in seen:
        seen.add(id(x))
        members = {name: _saved(v, seen) for name, v in vars(x).items()}

    def back() -> Any:
        if members is not None:
            now = dict(vars(x))
            vars(x).clear()
            vars(x).update({name: _member_back(now.get(name), kept) for name, kept in members.items()})
        return x

    back.saved_record = True  # type: ignore[attr-defined]
    return back


def _is_record(x: Any) -> bool:
    """Say whether `x` is an object of a class of the user's, with attributes that may be written."""
    module = type(x).__module__.partition(".")[0]
    made = type(x).__flags__ & 1 << 9 or module == "types"  # by a class statement, or a SimpleNamespace
    return bool(made) and hasattr(x, "__dict__") and module not in ("numpy", "scipy", "random")


def _is_deque(x: Any) -> bool:
    """Say whether `x` is a deque."""
    return type(x).__module__ == "collections" and hasattr(x, "appendleft")


def take_add(x_bar: Any, index: Any, v: Any) -> None:
    """Add `v` to ``x_bar[index]`` in place, as often as an integer array names an element.

    Parameters
    ----------
    x_bar : ndarray, list or dict
        The adjoint to add to.
    index
        Any index: integers, slices, masks, integer arrays, tuples of them.
    v : float or ndarray
        What to add, in the shape of ``x[index]``.
    """
    if isinstance(x_bar, list):
        if isinstance(index, slice):
            x_bar[index] = [add(a, b) for a, b in zip(x_bar[index], v, strict=True)]
        else:
            x_bar[index] = add(x_bar[index], v)
        return
    if isinstance(x_bar, dict):
        accumulate_at(x_bar, index, v)
        return
    v = _fitting(v, x_bar)
    if _repeats(index):
        np.add.at(x_bar, index, v)
    else:
        x_bar[index] += v


def _fitting(v: Any, x_bar: Any) -> Any:
    """Return what is added to an adjoint in place: that of real numbers is real."""
    real = isinstance(x_bar, np.ndarray) and x_bar.dtype.kind != "c"
    return np.real(v) if real and np.iscomplexobj(v) else v


def accumulate(x_bar: Any, v: Any) -> None:
    """Add `v` to the adjoint `x_bar` in place; arrays in it keep their memory, which others may share.

    Parameters
    ----------
    x_bar : ndarray, list or dict
        The adjoint to add to.
    v : structure
        What to add; None counts as nothing.

    Raises
    ------
    TypeError
        If `x_bar` is a number, which cannot be added to in place.
    """
    if v is None:
        return
    if isinstance(x_bar, np.ndarray):
        x_bar += _fitting(np.asarray(v) if isinstance(v, (list, tuple)) else v, x_bar)
    elif not isinstance(x_bar, (list, dict)):
        raise TypeError("this derivative was generated for arrays and containers, and here is a number: annotate it")
    else:
        if isinstance(x_bar, list) and len(x_bar) != len(v):
            raise ValueError(f"an adjoint of {len(v)} members is added to one of {len(x_bar)}")
        for key in v if isinstance(v, dict) else range(len(v)):
            accumulate_at(x_bar, key, v[key])


def accumulate_numbers(x_bar: Any, v: Any) -> None:
    """Add the members of the list or dict `v` to those of `x_bar`, but for arrays and lists, which both hold."""
    for index, member in v.items() if isinstance(v, dict) else enumerate(v):
        if member is not None and not isinstance(member, (np.ndarray, list, dict)):
            x_bar[index] = add(x_bar[index], member)


def numbers_bar(x_bar: Any) -> Any:
    """Return the adjoint of what `accumulate_numbers` added to a list or dict of this adjoint: none of its arrays."""
    members = x_bar.items() if isinstance(x_bar, dict) else enumerate(x_bar)
    held = {k: zeros_like(v) if isinstance(v, (np.ndarray, list, dict)) else v for k, v in members}
    return held if isinstance(x_bar, dict) else list(held.values())


def accumulate_at(x_bar: Any, index: Any, v: Any) -> None:
    """Add `v` to ``x_bar[index]``, a part of an array or a member of a container, in place where it can be."""
    if type(x_bar) is list and type(v) is float and type(x_bar[index]) is float:  # the usual case, fast
        x_bar[index] += v
        return
    if isinstance(x_bar, np.ndarray) and v is not None:
        take_add(x_bar, index, v)
        return
    member = x_bar.get(index) if isinstance(x_bar, dict) else x_bar[index]
    if isinstance(member, (np.ndarray, list, dict)):
        accumulate(member, v)
    else:
        x_bar[index] = save(v) if member is None else add(member, v)


def last_writes(v: Any, x: Any, index: Any) -> Any:
    """Return what is to become of each entry of `v` in ``x[index] = v``: itself, zero where a later one replaces it.

    Parameters
    ----------
    v : ndarray
        Entries in the shape of ``x[index]``.
    x : ndarray
        An array like the one that is written.
    index
        Any index; an integer array may name an element twice, and then the last write counts.

    Returns
    -------
    ndarray
        A fresh array.
    """
    if isinstance(x, list) or not _repeats(index):
        return save(v)
    place = np.arange(x.size).reshape(x.shape)[index]
    order = np.arange(place.size).reshape(place.shape)
    last = np.empty(x.size, int)
    last[place] = order
    return np.where(last[place] == order, v, np.zeros_like(v))


def written(x_bar: Any, index: Any) -> Any:
    """Return the adjoint of `v` in ``x[index] = v``: a copy of ``x_bar[index]``, zero where a later entry counts."""
    return last_writes(x_bar[index], x_bar, index)


def scatter(v: Any, x: Any, index: Any) -> Any:
    """Return the adjoint of `x` in ``x[index]``: zeros, to which `v` is added at `index`."""
    bar = zeros_like(x)
    take_add(bar, index, v)
    return bar


def dict_tangent(dx: Any, x: Any) -> Any:
    """Return the tangent of ``dict(x)``, x a dict or a sequence of pairs: the keys are those of `x`."""
    if isinstance(x, dict):
        return dict(dx)
    return {key: d for (key, _), (_, d) in zip(x, dx, strict=True)}


def entry(d: Any, key: Any) -> Any:
    """Return what a dict has under a key, in a tuple, for `put_entry`; an empty one where it has nothing."""
    return (d[key],) if key in d else ()


def put_entry(d: Any, key: Any, old: Any) -> None:
    """Give a dict the entry again that `entry` found, or none."""
    if old:
        d[key] = old[0]
    else:
        del d[key]


def put_back(x: Any, saved: Any) -> None:
    """Give the array or container `x` the contents of `saved` again, in place; arrays in it keep their memory."""
    if hasattr(saved, "saved_record"):
        saved()
    elif isinstance(x, np.ndarray):
        if x.flags.writeable:  # what a read-only view shows is put back where it was written
            x[...] = saved
    elif isinstance(x, list):
        now = x + [None] * (len(saved) - len(x))
        x[:] = [_member_back(v, kept) for v, kept in zip(now[: len(saved)], saved, strict=True)]
    elif isinstance(x, dict):
        members = {key: _member_back(x.get(key), kept) for key, kept in saved.items()}
        x.clear()
        x.update(members)
    elif isinstance(x, tuple):
        for v, kept in zip(x, saved, strict=True):
            put_back(v, kept)
    elif isinstance(x, bytearray):
        x[:] = saved
    elif isinstance(x, set) or _is_deque(x):
        x.clear()
        (x.update if isinstance(x, set) else x.extend)(saved)


def _member_back(v: Any, saved: Any) -> Any:
    """Return the member of a container that is to hold `saved` again: `v` itself where that can."""
    if hasattr(saved, "saved_record"):
        return saved()
    same = isinstance(v, np.ndarray) and isinstance(saved, np.ndarray)
    same = same and v.shape == saved.shape and v.dtype == saved.dtype
    if not same and not (type(v) is type(saved) and isinstance(v, (list, tuple, dict))):
        return saved
    put_back(v, saved)
    return v


def put_back_at(x: Any, index: Any, saved: Any) -> None:
    """Give the member ``x[index]`` the contents of `saved` again, in place where it is an array of this shape still.

    An array that is written in place keeps its dtype, whatever that of the new contents: so does one of adjoints.
    """
    member = x[index]
    if isinstance(member, np.ndarray) and isinstance(saved, (np.ndarray, np.generic, int, float, complex)):
        if member.shape == np.shape(saved) and np.can_cast(np.asarray(saved).dtype, member.dtype, "same_kind"):
            member[...] = saved
            saved = member
    x[index] = saved if saved is member else _member_back(member, saved)


def once(v: Any, x: Any) -> Any:
    """Return a copy of `v`, with zeros for each member that is an object of `x` which stands there before.

    Parameters
    ----------
    v : structure
        What to copy.
    x : structure
        A structure like `v`, in which one array, list or dict may stand several times.
    """
    return _once(v, x, [])


def put_back_bar(x_bar: Any) -> Any:
    """Return the adjoint of what `put_back` puts back into a value of this adjoint: none into a number, which stays."""
    return once(x_bar, x_bar) if isinstance(x_bar, (np.ndarray, list, tuple, dict)) else zeros_like(x_bar)


def _once(v: Any, x: Any, seen: list[Any]) -> Any:
    """Return the copy of `once`; `seen` are the objects met so far."""
    if not isinstance(x, (np.ndarray, list, tuple, dict)) or v is None:
        return save(v)
    if any(x is s for s in seen):
        return zeros_like(v)
    if isinstance(x, np.ndarray):
        if any(np.may_share_memory(x, s) for s in seen if isinstance(s, np.ndarray)):
            raise TypeError("arrays that overlap stand in one list here: this derivative was not generated for that")
        seen.append(x)
        return save(v)
    if isinstance(x, dict):
        copied: Any = {key: _once(v.get(key), member, seen) for key, member in x.items()}
    else:
        copied = [_once(part, member, seen) for part, member in zip(v, x, strict=True)]
    seen.append(x)
    return copied


def entry_bar(s: Any, key: Any) -> Any:
    """Return the adjoint of a dict of which `entry` was read, from that of the entry: a dict of this entry alone."""
    return {key: s[0]} if s else {}


def restored(x: Any, saved: Any) -> Any:
    """Return `x` with the contents of `saved` again, in place where `x` is an array; a number as it was saved."""
    if not isinstance(saved, np.ndarray):
        return saved  # a number, which was bound anew, maybe to an array
    x[...] = saved
    return x


def _repeats(index: Any) -> bool:
    """Say whether an index may name an element twice: whether an integer array is in it."""
    for i in index if isinstance(index, tuple) else (index,):
        if isinstance(i, (np.ndarray, list)) and np.ndim(i) and np.asarray(i).dtype.kind in "iu":
            return True
    return False
