"""The revisions of one agreement: each file is written once and never changed.

``<number>-<langkah>-<sha256[:16]>.pdf`` in a place of the agreement's own (``session_places``);
number 00 is the issued file. Every revision begins with the one before it, so the newest sound one
is all that is needed to go on.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path, PurePath

from pks_kit.errors import LedgerError
from pks_kit.pdf.prefix.running import sha256_of
from pks_kit.signing.session_places import FolderFiles, RevisionFiles

_NAME = re.compile(r"(\d{2})-([a-z0-9_]{1,40})-([0-9a-f]{16})\.pdf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One stored revision.

    Attributes:
        number: From 0, the issued file.
        langkah: Step that made it; ``terbit`` for the issued file.
        path: Where it is; a file when revisions are kept in a folder.
    """

    number: int
    langkah: str
    path: PurePath


class RevisionStore:
    """The revisions of one agreement.

    Args:
        place: Its folder, or its files elsewhere.
    """

    def __init__(self, place: Path | RevisionFiles) -> None:
        self._files = FolderFiles(place) if isinstance(place, Path) else place

    @property
    def folder(self) -> PurePath:
        """Return where the revisions are."""
        return self._files.folder

    def revisions(self) -> tuple[Revision, ...]:
        """Return all stored revisions in order; other files of the place are left alone.

        Raises:
            LedgerError: ``store.doubled`` when a number stands twice, ``store.gap`` when one is
                missing; ``store.unavailable``.
        """
        found = []
        for name in sorted(self._files.names()):
            match = _NAME.fullmatch(name)
            if match is not None:
                path = self.folder / name
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
            LedgerError: ``store.damaged`` when they differ; ``store.unavailable``.
            InputError: The file cannot be read.
        """
        content = self._files.read(revision.path.name)
        match = _NAME.fullmatch(revision.path.name)
        if match is None or hashlib.sha256(content).hexdigest()[:16] != match[3]:
            raise LedgerError("store.damaged", file=str(revision.path))
        return content

    def save(self, number: int, langkah: str, content: bytes) -> Revision:
        """Write a revision durably and once; the same content again is no error.

        Raises:
            LedgerError: ``store.doubled`` when another content has that number; ``store.written``
                when another process wrote it at this moment; ``store.unavailable``.
            InputError: ``file.unwritable``, also for a full disk; nothing is half-written.
        """
        revision = Revision(
            number=number, langkah=langkah, path=self.folder / _name(number, langkah, content)
        )
        stored = {one.number: one for one in self.revisions()}
        if number in stored and stored[number].path != revision.path:
            raise LedgerError("store.doubled", folder=str(self.folder))
        if number not in stored:
            self._files.create(revision.path.name, content)
        return revision

    def alone(self) -> AbstractContextManager[None]:
        """Keep every other process out of this place; the lock ends with the process.

        Raises:
            LedgerError: ``store.busy`` when another process works on this agreement.
            InputError: ``file.unwritable``; ``file.no_locks`` on a system without such locks.
        """
        return self._files.lock()


def _name(number: int, langkah: str, content: bytes) -> str:
    return f"{number:02d}-{langkah}-{sha256_of(content)[:16]}.pdf"
