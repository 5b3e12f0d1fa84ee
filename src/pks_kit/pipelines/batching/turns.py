"""Whose turn it is in the folder of a batch: long work, and short work that goes between.

Two locks lie there. Who works for long holds both, so that one does so at a time; while it reads,
and nothing in the folder changes, it lets go of the inner one. Short work takes that one alone: it
never waits until a long delivery is at its end, and yet nobody else changes anything beside it.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pks_kit.errors import InputError, UsageError
from pks_kit.file_locks import lock_alone, unlock
from pks_kit.files import make_folder
from pks_kit.messages.os_reason import told_by_system
from pks_kit.pipelines.batching.advice import quoted

LOCK, LONG = ".kunci", ".giliran"
"""The lock of whoever changes something, and the one of whoever works for long."""
LOCKS = (LOCK, LONG)

_ASKED_EVERY = 0.05
_SOON = 0.5
"""So many seconds a lock is asked for: who only looks whether it is held has it for an instant."""
_PATIENCE = 900.0
"""So many seconds long work waits for short work that it let in."""


class Turn:
    """A turn in a folder; the locks end with the process.

    Args:
        folder: The folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._handle: int | None = None

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Let short work in, as long as nothing in the folder is looked at or changed.

        Raises:
            UsageError: ``batch.busy``: it did not end in a quarter of an hour.
            InputError: ``file.unwritable``, ``file.no_locks``.
        """
        self.give()
        try:
            yield
        finally:
            self.take(_PATIENCE)

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Keep everybody out for a moment, while the turn is opened.

        Raises:
            UsageError: As :meth:`opened`.
            InputError: As :meth:`opened`.
        """
        self.take(_PATIENCE)
        try:
            yield
        finally:
            self.give()

    def take(self, seconds: float | None = None) -> None:
        """Keep everybody out, and say who does.

        Args:
            seconds: How long to ask for it; None: as long as somebody may look at it.

        Raises:
            UsageError: ``batch.busy``.
            InputError: ``file.unwritable``, ``file.no_locks``.
        """
        handle = locked(self._folder, LOCK, seconds)
        with suppress(OSError):  # on a full disk nobody learns who it is; that one may tell so
            os.ftruncate(handle, 0)
            os.pwrite(handle, named_process(socket.gethostname(), os.getpid()).encode(), 0)
        self._handle = handle

    def give(self) -> None:
        """Let everybody in."""
        if self._handle is not None:
            unlock(self._handle)
            os.close(self._handle)
            self._handle = None


def locked(folder: Path, name: str, seconds: float | None = None) -> int:
    """Return the handle of a lock that is held now.

    Args:
        folder: Where it lies.
        name: Its name.
        seconds: How long to ask for it.

    Raises:
        UsageError: ``batch.busy``.
        InputError: ``file.unwritable``, ``file.no_locks``.
    """
    try:
        make_folder(folder, private=True)
        handle = os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise InputError("file.unwritable", file=str(folder), **told_by_system(error)) from error
    until = time.monotonic() + (_SOON if seconds is None else seconds)
    try:
        while True:
            try:
                lock_alone(handle)
            except OSError as error:
                if time.monotonic() >= until:
                    raise UsageError(
                        "batch.busy", folder=str(folder), quoted=quoted(folder)
                    ) from error
                time.sleep(_ASKED_EVERY)
            else:
                return handle
    except BaseException:
        os.close(handle)
        raise


def named_process(host: str, process: int) -> str:
    """Return how a lock names whoever holds it."""
    return f"{process} {host}\n"
