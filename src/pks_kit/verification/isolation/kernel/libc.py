"""The few functions of the C library that Python has no words for."""

from __future__ import annotations

import ctypes
import errno
import os
from functools import cache


@cache
def _libc() -> ctypes.CDLL:
    """Return the C library; only Linux has all of these, other systems import this module too."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
    libc.syscall.restype = ctypes.c_long
    libc.syscall.argtypes = [ctypes.c_long] * 5
    return libc


class RefusedError(Exception):
    """The kernel does not do it.

    Attributes:
        reason: Name of its error, as in ``errno(3)``.
    """

    def __init__(self, number: int) -> None:
        self.reason = errno.errorcode.get(number, str(number))
        super().__init__(f"{self.reason}: {os.strerror(number)}")


def prctl(option: int, *values: int) -> int:
    """Ask for an operation on this process (``prctl(2)``).

    Raises:
        RefusedError: The kernel refuses.
    """
    given = [*values, 0, 0, 0, 0][:4]
    return _checked(_libc().prctl(option, *given))


def syscall(number: int, *values: int) -> int:
    """Make a system call that the C library has no function for; four arguments at most.

    Raises:
        RefusedError: The kernel refuses.
    """
    given = [*values, 0, 0, 0, 0][:4]
    return _checked(_libc().syscall(number, *given))


def capset(header: int, data: int) -> None:
    """Set the capabilities of this thread (``capset(2)``).

    Args:
        header: Address of the header.
        data: Address of the sets.

    Raises:
        RefusedError: The kernel refuses.
    """
    _checked(_libc().capset(ctypes.c_void_p(header), ctypes.c_void_p(data)))


def _checked(result: int) -> int:
    if result < 0:
        raise RefusedError(ctypes.get_errno())
    return result
