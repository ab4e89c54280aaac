"""Files that the command writes: whole or not at all, and never over what a human wrote."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable

from sct.emit.header import is_generated
from sct.errors import ReadError


def check(path: str, ours: Callable[[str], bool] = is_generated) -> None:
    """Raise where `write` would: the file is somebody's work, or its folder is not there to be written.

    `ours` says from how a file begins whether sct wrote it.
    """
    target = os.path.realpath(path)
    folder = os.path.dirname(target)
    if os.path.isdir(target):
        raise ReadError("is a directory, not a file to write", path)
    if not os.path.isdir(folder):
        raise ReadError("cannot be written: there is no such folder", path)
    if _is_device(target):
        return
    head = _head(path, target) if os.path.exists(target) else ""
    if head and not ours(head):
        raise ReadError("is not a file that sct generated, so it is not overwritten", path)
    if os.path.exists(target) and not os.access(target, os.W_OK):
        raise ReadError("cannot be written: it is read-only", path)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ReadError("cannot be written: the folder is read-only", path)


def write(path: str, text: str, ours: Callable[[str], bool] = is_generated) -> None:
    """Write a file at once: a reader sees the old one or the new one, and so does a crash."""
    check(path, ours)
    target = os.path.realpath(path)
    data = text.encode("utf-8", "surrogatepass")
    try:
        if _is_device(target):
            with open(target, "wb") as device:
                device.write(data)
        else:
            _replace(target, data)
    except OSError as error:
        raise ReadError(f"cannot be written: {error.strerror or error}", path) from None


def _replace(target: str, data: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(prefix=".sct-", suffix=".tmp", dir=os.path.dirname(target))
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
        os.chmod(temporary, _mode(target))
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _mode(target: str) -> int:
    """Return the permissions of the file to replace, or those that a new file gets."""
    if os.path.exists(target):
        return stat.S_IMODE(os.stat(target).st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _is_device(target: str) -> bool:
    return os.path.exists(target) and not os.path.isfile(target)


def _head(path: str, target: str) -> str:
    try:
        with open(target, "rb") as file:
            return file.read(4096).decode("utf-8", "replace")
    except OSError as error:
        raise ReadError(f"cannot be read: {error.strerror or error}", path) from None
