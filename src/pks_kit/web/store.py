"""The bytes of files: written once under an id, never changed, removed when their time is over."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pks_kit.errors import InputError, LedgerError
from pks_kit.files import make_folder, read_limited
from pks_kit.messages.os_reason import told_by_system
from pks_kit.signing.object_store import ObjectPlace

_FILES = "berkas"
_INCOMING = "masuk"
_MOST_BYTES = 1 << 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Spooled:
    """Content that came in and lies in a temporary file.

    Attributes:
        path: Where; whoever takes it removes it.
        sha256: Its hash.
        size: Its size in bytes.
    """

    path: Path
    sha256: str
    size: int


class Blobs(Protocol):
    """Where the bytes are."""

    def take(self, file_id: str, spooled: Path) -> None:
        """Keep the content of a temporary file, durably, under an id that nobody has.

        Raises:
            LedgerError: ``store.written``, ``store.unavailable``.
            InputError: ``file.unwritable``.
        """
        ...

    def read(self, file_id: str) -> bytes:
        """Return a content.

        Raises:
            InputError: ``file.not_found``.
            LedgerError: ``store.unavailable``.
        """
        ...

    def path(self, file_id: str) -> Path | None:
        """Return where a content can be read from a disk; None when it lies elsewhere."""
        ...

    def remove(self, file_id: str) -> None:
        """Remove a content; nothing when there is none."""
        ...


@dataclass(frozen=True, slots=True)
class FolderBlobs:
    """Contents in a folder of this machine, or one that several mount; ``Blobs``.

    Attributes:
        folder: The folder.
    """

    folder: Path

    def take(self, file_id: str, spooled: Path) -> None:
        """Give a temporary file of the same file system its lasting name."""
        path = self._path(file_id)
        try:
            make_folder(path.parent, private=True)
            os.link(spooled, path)
            spooled.unlink(missing_ok=True)
            handle = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        except FileExistsError as error:
            raise LedgerError("store.written", file=file_id) from error
        except OSError as error:
            raise InputError("file.unwritable", file=file_id, **told_by_system(error)) from error

    def read(self, file_id: str) -> bytes:
        """Return a content."""
        return read_limited(self._path(file_id), _MOST_BYTES)

    def path(self, file_id: str) -> Path | None:
        """Return where a content is."""
        return self._path(file_id)

    def remove(self, file_id: str) -> None:
        """Remove a content."""
        self._path(file_id).unlink(missing_ok=True)

    def _path(self, file_id: str) -> Path:
        # the last letters are chance, so folders stay even
        return self.folder / file_id[-2:] / file_id


@dataclass(frozen=True, slots=True)
class ObjectBlobs:
    """Contents on a server for objects; ``Blobs``.

    Attributes:
        place: The server.
    """

    place: ObjectPlace

    def take(self, file_id: str, spooled: Path) -> None:
        """Send a temporary file; the server refuses a name that is taken."""
        self.place.of(_FILES).create(file_id, spooled.read_bytes())
        spooled.unlink(missing_ok=True)

    def read(self, file_id: str) -> bytes:
        """Return a content."""
        return self.place.of(_FILES).read(file_id)

    def path(self, file_id: str) -> Path | None:
        """Return None: it lies elsewhere."""
        return None

    def remove(self, file_id: str) -> None:
        """Remove a content."""
        from obstore import delete

        files = self.place.of(_FILES)
        delete(files.store, f"{_FILES}/{file_id}")


def blobs_in(folder: Path, sessions: object) -> Blobs:
    """Return where contents are kept: with the revisions, or in the portal's own folder.

    Args:
        folder: Folder of the portal.
        sessions: Where revisions are kept.
    """
    if isinstance(sessions, ObjectPlace):
        return ObjectBlobs(sessions)
    return FolderBlobs(folder / _FILES)


def spool_bytes(folder: Path, content: bytes) -> Spooled:
    """Write a content into a temporary file of the portal's folder, durably.

    Raises:
        InputError: ``file.unwritable``.
    """
    path = _temporary(folder)
    try:
        with path.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise InputError("file.unwritable", file=path.name, **told_by_system(error)) from error
    return Spooled(path=path, sha256=hashlib.sha256(content).hexdigest(), size=len(content))


async def spool_stream(folder: Path, chunks: AsyncIterator[bytes], limit: int) -> Spooled:
    """Write what comes in into a temporary file, durably, and no more than is allowed.

    Raises:
        InputError: ``file.too_large``, ``file.unwritable``.
    """
    import asyncio

    path = _temporary(folder)
    seen, size = hashlib.sha256(), 0
    try:
        with path.open("wb") as stream:
            async for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise InputError("file.too_large", file="-", limit=limit)
                seen.update(chunk)
                await asyncio.to_thread(stream.write, chunk)
            await asyncio.to_thread(_to_disk, stream)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise InputError("file.unwritable", file=path.name, **told_by_system(error)) from error
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Spooled(path=path, sha256=seen.hexdigest(), size=size)


def _to_disk(stream: object) -> None:
    stream.flush()  # type: ignore[attr-defined]
    os.fsync(stream.fileno())  # type: ignore[attr-defined]


def incoming_of(folder: Path) -> Path:
    """Return where temporary files of the portal's folder are."""
    return folder / _INCOMING


def incoming_folder(folder: Path) -> Path:
    """Return the same, made when it is not there.

    Raises:
        InputError: ``file.unwritable``.
    """
    incoming = incoming_of(folder)
    try:
        make_folder(incoming, private=True)
    except OSError as error:
        raise InputError("file.unwritable", file=_INCOMING, **told_by_system(error)) from error
    return incoming


def _temporary(folder: Path) -> Path:
    incoming = incoming_folder(folder)
    try:
        handle, name = tempfile.mkstemp(dir=incoming)
    except OSError as error:
        raise InputError("file.unwritable", file=_INCOMING, **told_by_system(error)) from error
    os.close(handle)
    return Path(name)
