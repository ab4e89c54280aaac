"""Read what is to be differentiated: a file, a text, or the source of a live function.

In: a path, a text or a function object. Out: a `Module` or a `Function`. Nothing that is read is ever run.
"""

from __future__ import annotations

import codecs
import io
import os
import tokenize

from ..errors import ReadError
from .source import Function, Module, identifier, is_file_name, parse, place

__all__ = ["Function", "Module", "decode", "read_file", "read_live", "read_text"]


def read_file(path: str | os.PathLike[str]) -> Module:
    """Read and parse a Python file."""
    shown = os.fspath(path)
    return read_text(read_source(shown), shown)


def read_text(text: str, path: str = "<stdin>") -> Module:
    """Parse a text; `path` names it in messages and says where its siblings are: the current folder for ``<stdin>``."""
    name, root = place(path) if is_file_name(path) else (identifier(path), os.getcwd())
    return parse(normalise(text), path, name, root)


def read_source(path: str) -> str:
    """Read the text of a Python file."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except IsADirectoryError:
        raise ReadError("is a directory, not a Python file", path) from None
    except FileNotFoundError:
        raise ReadError("no such file", path) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        reason = "is a directory, not a Python file" if os.path.isdir(path) else f"cannot be read: {reason}"
        raise ReadError(reason, path) from None
    return normalise(decode(data, path))


def normalise(text: str) -> str:
    """Give a text the line ends that Python's parser sees, and take off a byte order mark."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def read_live(function: object, count: int = 0) -> Function:
    """Return the definition of a function object, in the syntax tree of the whole module that it came from.

    What stands for an installed one takes `count` arguments by position, where that can be given so many.
    """
    from .live import read_function
    from .values import called

    return read_function(called(function, count))


def decode(data: bytes, path: str) -> str:
    """Decode a source file as Python does: a byte order mark, then a PEP 263 comment, then UTF-8."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as error:
        # An undecodable byte in one of the two lines that may name an encoding ends here too: say where it is.
        head = b"".join(data.splitlines(keepends=True)[:2])
        _decode(head, "utf-8", path)
        reason = str(error).replace(" for None", "")
        if data.startswith(codecs.BOM_UTF8):
            reason = "the file starts with the byte order mark of UTF-8 but names another encoding"
        raise ReadError(reason, path, 1, 1) from None
    return _decode(data, encoding, path)


def _decode(data: bytes, encoding: str, path: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        name = "UTF-8" if encoding in ("utf-8", "utf-8-sig") else encoding
        reason = f"byte 0x{data[error.start]:02x} is not {name}; save the file as UTF-8 or name its encoding in a"
        raise ReadError(
            f"{reason} '# -*- coding: ... -*-' line", path, *_position(data, error.start, encoding)
        ) from None
    except (LookupError, UnicodeError) as error:
        raise ReadError(f"cannot be decoded: {str(error).partition(';')[0]}", path, 1, 1) from None


def _position(data: bytes, offset: int, encoding: str) -> tuple[int, int]:
    """Return line and column, from 1, of a byte."""
    before = data[:offset].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    last = before[before.rfind(b"\n") + 1 :].decode(encoding, "replace")
    return before.count(b"\n") + 1, len(last.removeprefix("\ufeff")) + 1
