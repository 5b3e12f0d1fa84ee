"""What a process may never get again, and how much of the machine it may hold."""

from __future__ import annotations

import ctypes
import errno
import math
import resource
import struct

from pks_kit.verification.isolation.kernel.libc import RefusedError, capset, prctl

_PR_CAPBSET_READ, _PR_CAPBSET_DROP = 23, 24
_PR_SET_NO_NEW_PRIVS, _PR_GET_NO_NEW_PRIVS = 38, 39
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
_CAPABILITY_VERSION = 0x20080522
_MOST_CAPABILITIES = 64

MOST_DESCRIPTORS = 64
"""Open files at once; an event loop takes three, a library one, a font one."""


def forbid_new_privileges() -> None:
    """Let no program that is started give more rights (``PR_SET_NO_NEW_PRIVS``); for ever.

    Raises:
        RefusedError: The kernel does not do it.
    """
    prctl(_PR_SET_NO_NEW_PRIVS, 1)
    if not prctl(_PR_GET_NO_NEW_PRIVS):
        raise RefusedError(0)


def drop_capabilities() -> None:
    """Give up every capability (``capabilities(7)``), also as root, also for later programs.

    Raises:
        RefusedError: The kernel does not do it.
    """
    for number in range(_MOST_CAPABILITIES):
        try:
            if prctl(_PR_CAPBSET_READ, number):
                prctl(_PR_CAPBSET_DROP, number)
        except RefusedError as error:
            if error.reason not in {"EINVAL", "EPERM"}:
                raise
            # EINVAL: the last one is behind us. EPERM: whoever may not shrink the bounding set
            # cannot gain from it either, since no program can give new privileges.
            break
    prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    header = ctypes.create_string_buffer(struct.pack("=Ii", _CAPABILITY_VERSION, 0))
    nothing = ctypes.create_string_buffer(24)  # effective, permitted, inheritable: two words each
    capset(ctypes.addressof(header), ctypes.addressof(nothing))


def limit_resources() -> None:
    """No further process or thread, few open files, no growing file, no core dump.

    The kernel does not count processes of root; there the list of system calls decides alone.

    Raises:
        RefusedError: The kernel does not do it.
    """
    lower(resource.RLIMIT_NPROC, 0)
    lower(resource.RLIMIT_NOFILE, MOST_DESCRIPTORS)
    lower(resource.RLIMIT_FSIZE, 0)
    lower(resource.RLIMIT_CORE, 0)


def lower(which: int, soft: int, hard: int | None = None) -> None:
    """Set a limit; one that was given from outside is never raised.

    Args:
        which: ``RLIMIT_...`` of :mod:`resource`.
        soft: Limit that can be met.
        hard: Limit up to which the soft one could be raised; None: the soft one.

    Raises:
        RefusedError: The kernel does not do it.
    """
    given = resource.getrlimit(which)[1]
    most = math.inf if given == resource.RLIM_INFINITY else given
    hard = soft if hard is None else hard
    try:
        resource.setrlimit(which, (int(min(soft, most)), int(min(hard, most))))
    except ValueError as error:  # so Python says that the kernel answered EPERM
        raise RefusedError(errno.EPERM) from error
