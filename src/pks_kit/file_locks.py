"""Locks of files, which end with the process that holds them, however it ends."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path

from pks_kit.errors import InputError

_MAKING = threading.Lock()


def lock_alone(handle: int) -> None:
    """Lock an open file for this process alone; the lock ends with the process.

    Raises:
        BlockingIOError: Another process has it.
        InputError: ``file.no_locks`` on a system without such locks.
    """
    try:
        import fcntl
    except ModuleNotFoundError as error:
        raise InputError("file.no_locks") from error
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def unlock(handle: int) -> None:
    """Let go of the lock of an open file, also where a child process has the file open."""
    with suppress(ModuleNotFoundError):
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_UN)


def is_locked(handle: int) -> bool:
    """Return whether another process holds the lock of an open file; it is not taken from anybody.

    Who asks for the lock at this very moment may be refused once.

    Raises:
        InputError: ``file.no_locks`` on a system without such locks.
    """
    try:
        import fcntl
    except ModuleNotFoundError as error:
        raise InputError("file.no_locks") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    fcntl.flock(handle, fcntl.LOCK_UN)
    return False


def make_file_of_database(path: Path) -> None:
    """Make the missing file of an SQLite database, for its owner alone.

    One that is there is not opened: the system ends every lock of a process on a file as soon as
    that process closes any descriptor of it, so that another process would take a database that is
    in use for one that nobody has open. What cannot be made SQLite cannot make either, and says
    why.

    Args:
        path: Where.
    """
    with _MAKING, suppress(OSError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
