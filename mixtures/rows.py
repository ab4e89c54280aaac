"""The rows of a fit: centred, weighted, and grouped by what is known of their components."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from mixtures.likelihood import Array, Parameters, chunks, counted_from, derivatives, rows_value_and_grad

Labels = npt.NDArray[np.integer[Any]]


class Group(NamedTuple):
    """Rows of the whole mixture, or of the one component that they are known to come from."""

    X: Array
    row_weights: Array
    component: int | None = None


class Rows(NamedTuple):
    """Groups of rows, counted from a centre so that differences of rows and means lose no digits."""

    groups: tuple[Group, ...]
    centre: Array
    total_weight: float
    covariance_type: str

    @property
    def dtype(self) -> np.dtype[Any]:
        """The precision of the data; parameters are kept in double precision while they are fitted."""
        return self.groups[0].X.dtype


def centred(X: Array, row_weights: Array, labels: Labels | None, covariance_type: str) -> Rows:
    """Return rows less their mean, grouped by labels, where -1 stands for unknown."""
    centre = X.mean(axis=0, dtype=np.float64).astype(X.dtype)
    total = float(row_weights.sum(dtype=np.float64))
    groups = tuple(split(counted_from(centre, X), row_weights, labels))
    return Rows(groups, np.asarray(centre, np.float64), total, covariance_type)


def split(X: Array, row_weights: Array, labels: Labels | None) -> Iterator[Group]:
    """Yield the group of each label."""
    if labels is None:
        yield Group(X, row_weights)
        return
    for label in np.unique(labels):
        chosen = labels == label
        yield Group(X.T[:, chosen].T, row_weights[chosen], None if label < 0 else int(label))


def likelihood_and_sums(rows: Rows, step: Parameters) -> tuple[float, Parameters]:
    """Return the log-likelihood of all rows, and its gradient in `step`, which is what rows are compared with.

    A row whose component is known is a row of a mixture of that one component.
    """
    known = derivatives(rows.covariance_type)
    narrow = tuple(np.asarray(part, rows.dtype) for part in step)
    total = 0.0
    sums = tuple(np.zeros(part.shape) for part in step)
    for group in rows.groups:
        part = _of_component(narrow, group.component, rows.covariance_type)
        value, bars = rows_value_and_grad(group.X, group.row_weights, part, known)
        total += value
        for whole, bar in zip(_of_component(sums, group.component, rows.covariance_type), bars, strict=True):
            whole += bar
    return total, sums  # type: ignore[return-value]


def most_probable(rows: Rows, step: Parameters) -> Rows:
    """Return the rows with every row counted to its most probable component, as k-means does."""
    joint = derivatives(rows.covariance_type).joint
    narrow = tuple(np.asarray(part, rows.dtype) for part in step)
    groups: list[Group] = []
    for group in rows.groups:
        if group.component is not None:
            groups.append(group)
            continue
        labels = np.empty(len(group.X), np.intp)
        for part in chunks(group.X, len(step[1])):
            labels[part] = joint(group.X[part], *narrow).argmax(axis=0)
        groups.extend(split(group.X, group.row_weights, labels))
    return rows._replace(groups=tuple(groups))


def _of_component(parts: Any, component: int | None, covariance_type: str) -> Any:
    """Return views of what belongs to one component; a tied matrix belongs to all."""
    if component is None:
        return parts
    one = slice(component, component + 1)
    matrices, shift, log_scale = parts
    return (matrices if covariance_type == "tied" else matrices[one]), shift[one], log_scale[one]
