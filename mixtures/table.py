"""Tables of numbers in text files: comma-separated values, with or without a line of names."""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mixtures.errors import Unusable, UsageError
from mixtures.likelihood import Array


class Table(NamedTuple):
    """Numbers, and the names of their columns."""

    names: list[str]
    values: Array


class _Line(NamedTuple):
    """The cells of a line, and its number in the file, from 1."""

    number: int
    cells: list[str]


def read(path: str, columns: str | None = None) -> Table:
    """Return the numbers in some columns of a file.

    Parameters
    ----------
    path : str
        The file; "-" is standard input. A tab or a semicolon in its first line separates cells, or else commas do. If
        no cell of the first line is a number, it holds the names of columns.
    columns : str, optional
        Which columns, by name or by number from 1, with commas between; all if it is left out.

    Returns
    -------
    Table
        Names and numbers, in the order of `columns`.

    Raises
    ------
    UsageError
        If there is no such column.
    Unusable
        If the file cannot be read or has something else than finite numbers in these columns.
    """
    path, lines = _lines(path)
    if not lines:
        raise Unusable(f"{path}: is empty")
    width = len(lines[0].cells)
    named = not any(_is_number(cell) for cell in lines[0].cells)
    names = [cell if named and cell else f"column {i}" for i, cell in enumerate(lines[0].cells, 1)]
    chosen = list(range(width)) if columns is None else _chosen(path, columns, names)
    values = []
    for line in lines[named:]:
        if len(line.cells) != width:
            raise Unusable(f"{path}:{line.number}: has {len(line.cells)} cells, and the first line has {width}")
        values.append([_number(path, line, names[i], i) for i in chosen])
    return Table([names[i] for i in chosen], np.array(values).reshape(len(values), len(chosen)))


def _lines(path: str) -> tuple[str, list[_Line]]:
    """Return the name of the file for messages, and its lines that are not blank."""
    try:
        if path == "-":
            path, data = "<stdin>", sys.stdin.buffer.read()
        else:
            with open(path, "rb") as file:
                data = file.read()
        texts = data.decode("utf-8-sig").splitlines()
    except OSError as error:
        raise Unusable(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise Unusable(f"{path}: is not text in UTF-8") from None
    first = next((text for text in texts if text.strip()), "")
    separator = next((mark for mark in "\t;" if mark in first), ",")
    reader = csv.reader(texts, delimiter=separator, skipinitialspace=True, strict=True)
    try:
        return path, [_Line(reader.line_num, [cell.strip() for cell in cells]) for cells in reader if any(cells)]
    except csv.Error as error:
        raise Unusable(f"{path}:{reader.line_num}: is not a line of a table: {error}") from None


def _chosen(path: str, columns: str, names: Sequence[str]) -> list[int]:
    """Return the positions of columns."""
    chosen = []
    for text in (part.strip() for part in columns.split(",")):
        if names.count(text) > 1:
            raise UsageError(f"{path}: has {names.count(text)} columns '{text}': choose by number, from 1")
        if text in names:
            position = names.index(text)
        elif text.isdecimal() and 1 <= int(text) <= len(names):
            position = int(text) - 1
        else:
            raise UsageError(f"{path}: has no column '{text}'; there are: {', '.join(names)}")
        if position in chosen:
            raise UsageError(f"{path}: column '{text}' is chosen twice")
        chosen.append(position)
    return chosen


def _number(path: str, line: _Line, name: str, position: int) -> float:
    cell = line.cells[position]
    if not cell:
        problem = "is empty"
    elif not _is_number(cell):
        problem = f"has {cell!r}, which is not a number"
    elif not math.isfinite(float(cell)):
        problem = f"has {cell!r}, and only finite numbers can be fitted"
    else:
        return float(cell)
    raise Unusable(f"{path}:{line.number}: {name} {problem}: mend the line or choose other --columns")


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell  # Python reads 1_000
