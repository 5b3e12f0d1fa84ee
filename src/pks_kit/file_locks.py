"""Locks of files, which end with the process that holds them, however it ends."""

from __future__ import annotations

from pks_kit.errors import InputError


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
