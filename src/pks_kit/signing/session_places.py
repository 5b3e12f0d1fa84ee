"""Where revisions of agreements are kept: four calls, behind which a folder or a server may stand.

A name is written once: a second write of it is refused, by the place itself and not by looking
before. Everything else (numbers, hashes, gaps) is the business of ``revision_store``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Protocol, runtime_checkable

from pks_kit.errors import InputError, LedgerError
from pks_kit.file_locks import lock_alone
from pks_kit.files import make_folder, read_limited, write_new
from pks_kit.limits import PDF_BYTES
from pks_kit.messages.os_reason import told_by_system

_LOCK = ".kunci"


class RevisionFiles(Protocol):
    """The files of one agreement."""

    @property
    def folder(self) -> PurePath:
        """Return where they are, for people."""
        ...

    def names(self) -> tuple[str, ...]:
        """Return the names of all files; none when nothing was ever written.

        Raises:
            LedgerError: ``store.unavailable``.
        """
        ...

    def read(self, name: str) -> bytes:
        """Return the content of a file.

        Raises:
            InputError: It cannot be read, or is too large.
            LedgerError: ``store.unavailable``.
        """
        ...

    def create(self, name: str, content: bytes) -> None:
        """Write a file durably, whole or not at all.

        Raises:
            LedgerError: ``store.written`` when the name is taken; ``store.unavailable``.
            InputError: ``file.unwritable``.
        """
        ...

    def lock(self) -> AbstractContextManager[None]:
        """Keep other processes out as long as this one lives; those of this place at least.

        Raises:
            LedgerError: ``store.busy``.
            InputError: ``file.unwritable``, ``file.no_locks``.
        """
        ...


@runtime_checkable
class SessionPlace(Protocol):
    """Where the files of all agreements are."""

    @property
    def needs_shared_lock(self) -> bool:
        """Return whether it has no lock of its own, so that a ledger on a server must have one."""
        ...

    def of(self, agreement_id: str) -> RevisionFiles:
        """Return the files of one agreement."""
        ...

    def check(self) -> None:
        """Make sure that it can be reached and refuses a second write.

        Raises:
            LedgerError: ``store.overwrites``, ``store.unavailable``.
        """
        ...


@dataclass(frozen=True, slots=True)
class FolderFiles:
    """Files in a folder; ``RevisionFiles``.

    Attributes:
        folder: Made when it is first needed; only its owner may look into it.
    """

    folder: Path

    def names(self) -> tuple[str, ...]:
        """Return the names of all files."""
        if not self.folder.is_dir():
            return ()
        return tuple(sorted(one.name for one in self.folder.iterdir()))

    def read(self, name: str) -> bytes:
        """Return the content of a file."""
        return read_limited(self.folder / name, PDF_BYTES)

    def create(self, name: str, content: bytes) -> None:
        """Write a file, read-only, and make its name durable."""
        path = self.folder / name
        try:
            write_new(path, content, read_only=True)
        except FileExistsError as error:
            raise LedgerError("store.written", file=str(path)) from error
        try:
            _sync_folder(self.folder)
        except OSError as error:
            raise InputError("file.unwritable", file=str(path), **told_by_system(error)) from error

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep every other process out of this folder; the lock ends with the process."""
        try:
            make_folder(self.folder, private=True)
            handle = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise InputError(
                "file.unwritable", file=str(self.folder), **told_by_system(error)
            ) from error
        try:
            try:
                lock_alone(handle)
            except OSError as error:
                raise LedgerError("store.busy", folder=str(self.folder)) from error
            yield
        finally:
            os.close(handle)


def _sync_folder(folder: Path) -> None:
    """Make a rename in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def files_of(place: Path | SessionPlace, agreement_id: str) -> RevisionFiles:
    """Return where the revisions of one agreement are."""
    if isinstance(place, Path):
        return FolderFiles(place / agreement_id)
    return place.of(agreement_id)
