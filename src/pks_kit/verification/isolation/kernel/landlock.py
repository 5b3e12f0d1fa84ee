"""Which files a process may read; nothing else of files, and as much more as the kernel knows.

Landlock (``landlock(7)``) is taken as far as the kernel has it: 1 (Linux 5.13) files, 2 (5.19)
moving between folders, 3 (6.2) truncating, 4 (6.7) TCP, 5 (6.10) commands to devices, 6 (6.12)
signals and abstract sockets. Debian 12 has 2.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Sequence
from pathlib import Path

from pks_kit.verification.isolation.kernel.isolation import Covered
from pks_kit.verification.isolation.kernel.libc import syscall

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every processor
_CREATE_RULESET_VERSION = 1
_RULE_PATH_BENEATH = 1

_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_FILES_SINCE = {1: (1 << 13) - 1, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
_TCP_SINCE, _TCP = 4, 0b11
_SCOPES_SINCE, _SCOPES = 6, 0b11

_COVERS_SINCE: dict[Covered, int] = {
    "files": 1,
    "truncating": 3,
    "tcp": _TCP_SINCE,
    "devices": 5,
    "signals": _SCOPES_SINCE,
    "abstract_sockets": _SCOPES_SINCE,
}


def known_abi() -> int:
    """Return the version of landlock that the kernel has.

    Raises:
        RefusedError: ``ENOSYS`` when it is not in the kernel, ``EOPNOTSUPP`` when it is switched
            off, ``EPERM`` when a container forbids it.
    """
    return syscall(_CREATE_RULESET, 0, 0, _CREATE_RULESET_VERSION)


def covers(abi: int) -> tuple[Covered, ...]:
    """Return what a version refuses: ``files``, ``truncating``, ``tcp`` and so on."""
    return tuple(what for what, since in _COVERS_SINCE.items() if abi >= since)


def restrict_files(readable: Sequence[Path], abi: int) -> None:
    """Refuse to this thread every file but those beneath ``readable``, which it may only read.

    Rights over descriptors that are open already stay. Of names, times and sizes anywhere landlock
    hides nothing, and changes of modes and times it does not see: see the list of system calls.

    Args:
        readable: Files and folders; one that is not there, or cannot be reached, is left out.
        abi: Version to use, from 1.

    Raises:
        RefusedError: The kernel does not do it; then nothing is restricted.
    """
    files = sum(bits for since, bits in _FILES_SINCE.items() if abi >= since)
    words = [files]
    if abi >= _TCP_SINCE:
        words.append(_TCP)
    if abi >= _SCOPES_SINCE:
        words.append(_SCOPES)
    attributes = ctypes.create_string_buffer(struct.pack(f"={len(words)}Q", *words), 8 * len(words))
    rules = syscall(_CREATE_RULESET, ctypes.addressof(attributes), len(attributes), 0)
    try:
        for place in readable:
            _allow_reading(rules, place)
        syscall(_RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)


def _allow_reading(rules: int, place: Path) -> None:
    try:
        opened = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        is_folder = stat.S_ISDIR(os.fstat(opened).st_mode)
        rights = _READ_FILE | _READ_DIR if is_folder else _READ_FILE
        rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, opened), 12)
        syscall(_ADD_RULE, rules, _RULE_PATH_BENEATH, ctypes.addressof(rule), 0)
    finally:
        os.close(opened)


def refuses_reading() -> bool:
    """Try it: return whether the top folder is closed to this process."""
    try:
        os.close(os.open("/", os.O_RDONLY | os.O_DIRECTORY))
    except PermissionError:
        return True
    except OSError:
        return False
    return False
