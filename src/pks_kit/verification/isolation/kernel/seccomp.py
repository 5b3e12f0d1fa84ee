"""Give a process its list of system calls (``seccomp(2)``)."""

from __future__ import annotations

import ctypes
import os
import struct
import sys

from pks_kit.verification.isolation.kernel.allowed import UNKNOWN, allowed_calls
from pks_kit.verification.isolation.kernel.bpf import program
from pks_kit.verification.isolation.kernel.libc import RefusedError, prctl
from pks_kit.verification.isolation.kernel.syscalls import PROCESSORS, Processor

_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
_PR_GET_NAME = 16


def this_processor() -> Processor | None:
    """Return the processor of this process; None when its calls are not listed."""
    if sys.byteorder != "little" or sys.maxsize < 1 << 32:
        return None  # other numbers, or 32-bit code on a 64-bit kernel
    return PROCESSORS.get(os.uname().machine)


def restrict_calls(processor: Processor) -> None:
    """Refuse to this thread every system call that is not on the list, for ever.

    Raises:
        RefusedError: The kernel does not do it; then nothing is restricted.
    """
    filter_ = program(processor, allowed_calls(os.getpid()), UNKNOWN)
    lines = ctypes.create_string_buffer(filter_, len(filter_))
    header = ctypes.create_string_buffer(
        struct.pack("=HxxxxxxQ", len(filter_) // 8, ctypes.addressof(lines)), 16
    )
    prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(header))


def refuses_calls() -> bool:
    """Try it: return whether a harmless call that is not on the list is refused."""
    try:
        prctl(_PR_GET_NAME, ctypes.addressof(ctypes.create_string_buffer(16)))
    except RefusedError as error:
        return error.reason == "EPERM"
    return False
