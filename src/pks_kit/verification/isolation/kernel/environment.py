"""Forget the environment of a process, values and all.

A fork without ``exec`` keeps in its memory what the environment of the original held, and a
passphrase or token is often handed over there. Python has it twice: as the C library was given it,
and as the bytes of ``os.environ``. Both are overwritten; what somebody decoded before is not found.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Mapping
from itertools import count

_HEAD = bytes.__basicsize__ - 1
"""Bytes of a Python ``bytes`` object before the first of its own."""

_SHARED = 1
"""Longest ``bytes`` of which the interpreter keeps one for all."""


def forget_environment(kept: Mapping[str, str]) -> None:
    """Overwrite every value that the environment holds, and put others in their place.

    Args:
        kept: The new environment.
    """
    _forget_in_libc()
    held: dict[bytes, bytes] = getattr(os.environ, "_data", {})
    for value in list(held.values()):
        if len(value) > _SHARED:
            ctypes.memset(id(value) + _HEAD, 0, len(value))
    os.environ.clear()
    os.environ.update(kept)


def _forget_in_libc() -> None:
    entries = ctypes.POINTER(ctypes.c_void_p).in_dll(ctypes.CDLL(None), "environ")
    if not entries:
        return
    for number in count():
        entry = entries[number]
        if entry is None:
            return
        name_and_value = ctypes.string_at(entry)
        name = name_and_value.partition(b"=")[0]
        ctypes.memset(entry + len(name), 0, len(name_and_value) - len(name))
        del name_and_value
