"""The revisions of one agreement on disk: each file is written once and never changed.

``<folder>/<number>-<langkah>-<sha256[:16]>.pdf``; number 00 is the issued file. Every revision
begins with the one before it, so the newest sound one is all that is needed to go on.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pks_kit.errors import InputError, LedgerError
from pks_kit.files import lock_alone, make_folder, read_limited, write_atomic
from pks_kit.limits import PDF_BYTES
from pks_kit.messages.os_reason import told_by_system
from pks_kit.pdf.prefix.running import sha256_of

_NAME = re.compile(r"(\d{2})-([a-z0-9_]{1,40})-([0-9a-f]{16})\.pdf")
_LOCK = ".kunci"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One stored revision.

    Attributes:
        number: From 0, the issued file.
        langkah: Step that made it; ``terbit`` for the issued file.
        path: The file.
    """

    number: int
    langkah: str
    path: Path


@dataclass(frozen=True, slots=True)
class RevisionStore:
    """The folder of one agreement.

    Attributes:
        folder: Made when the first revision is saved; only its owner may look into it.
    """

    folder: Path

    def revisions(self) -> tuple[Revision, ...]:
        """Return all stored revisions in order; other files of the folder are left alone.

        Raises:
            LedgerError: ``store.doubled`` when a number stands twice, ``store.gap`` when one is
                missing.
        """
        found = []
        for path in sorted(self.folder.glob("*.pdf")) if self.folder.is_dir() else ():
            match = _NAME.fullmatch(path.name)
            if match is not None:
                found.append(Revision(number=int(match[1]), langkah=match[2], path=path))
        numbers = [one.number for one in found]
        if len(set(numbers)) != len(numbers):
            raise LedgerError("store.doubled", folder=str(self.folder))
        if numbers != list(range(len(numbers))):
            raise LedgerError("store.gap", folder=str(self.folder))
        return tuple(found)

    def read(self, revision: Revision) -> bytes:
        """Return the bytes of a revision after comparing them with the hash in its name.

        Raises:
            LedgerError: ``store.damaged`` when they differ.
            InputError: The file cannot be read.
        """
        content = read_limited(revision.path, PDF_BYTES)
        match = _NAME.fullmatch(revision.path.name)
        if match is None or hashlib.sha256(content).hexdigest()[:16] != match[3]:
            raise LedgerError("store.damaged", file=str(revision.path))
        return content

    def save(self, number: int, langkah: str, content: bytes) -> Revision:
        """Write a revision durably, read-only; the same content again is no error.

        Raises:
            LedgerError: ``store.doubled`` when another content has that number.
            InputError: ``file.unwritable``, also for a full disk; nothing is half-written.
        """
        path = self.folder / _name(number, langkah, content)
        for other in self.revisions():
            if other.number == number and other.path != path:
                raise LedgerError("store.doubled", folder=str(self.folder))
        if not path.exists():
            write_atomic(path, content, read_only=True)
            try:
                _sync_folder(self.folder)
            except OSError as error:
                raise InputError(
                    "file.unwritable", file=str(path), **told_by_system(error)
                ) from error
        return Revision(number=number, langkah=langkah, path=path)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other process out of this folder; the lock ends with the process.

        Raises:
            LedgerError: ``store.busy`` when another process works on this agreement.
            InputError: ``file.unwritable``; ``file.no_locks`` on a system without such locks.
        """
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


def _name(number: int, langkah: str, content: bytes) -> str:
    return f"{number:02d}-{langkah}-{sha256_of(content)[:16]}.pdf"


def _sync_folder(folder: Path) -> None:
    """Make a rename in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
