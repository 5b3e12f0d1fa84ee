"""Read hostile files within limits and write results so that no half file is ever seen."""

from __future__ import annotations

import errno
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from pks_kit.errors import InputError, UsageError
from pks_kit.json_form import HasJsonForm


@dataclass(frozen=True, slots=True)
class NamedFile(HasJsonForm):
    """The content of a file and the name that it has or should get; nothing on a disk.

    In JSON only its name stands.

    Attributes:
        name: A name without a folder.
        content: All bytes.
    """

    name: str
    content: bytes = field(repr=False)

    def json_form(self) -> str:
        """Return the name."""
        return self.name

    def save(self, folder: Path, *, replace: bool = False) -> Path:
        """Write the file into a folder, all of it or nothing, and return where it stands.

        Args:
            folder: The folder; made when missing.
            replace: Replace a file of that name whose content differs.

        Raises:
            UsageError: ``file.exists``.
            InputError: As :func:`holds_other` and :func:`write_atomic`.
        """
        path = folder / self.name
        if not replace and holds_other(path, self.content):
            raise UsageError("file.exists", file=str(path))
        write_atomic(path, self.content)
        return path


_HELD_FILES_STAY = os.name == "nt"
_HELD = (5, 32)
"""What Windows calls it when another program holds a file: access denied, sharing violation."""
_PATIENCE = (0.05, 0.1, 0.2, 0.4)
"""Seconds between attempts to take a name."""


def read_limited(path: Path, limit_bytes: int) -> bytes:
    """Return the content of a regular file of at most ``limit_bytes`` bytes.

    Raises:
        InputError: ``file.not_found``, ``file.not_regular``, ``file.too_large`` or
            ``file.unreadable``.
    """
    try:
        if not path.exists():
            raise InputError("file.not_found", file=str(path))
        if not path.is_file():
            raise InputError("file.not_regular", file=str(path))
        with path.open("rb") as stream:
            content = stream.read(limit_bytes + 1)
    except OSError as error:
        raise InputError("file.unreadable", file=str(path), reason=error.strerror) from error
    if len(content) > limit_bytes:
        raise InputError("file.too_large", file=str(path), limit=limit_bytes)
    return content


def refuse_over_input(output: Path, *inputs: Path) -> None:
    """Refuse a result that would replace a file it is made from.

    Raises:
        UsageError: ``file.over_input``.
        InputError: ``file.unwritable`` when the path cannot be followed (a loop of links, a name
            that is too long).
    """
    try:
        target = output.resolve()
        output.exists()
        if any(target == source.resolve() for source in inputs):
            raise UsageError("file.over_input", file=str(output))
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop, up to Python 3.12
        reason = getattr(error, "strerror", None) or "symlink loop"
        raise InputError("file.unwritable", file=str(output), reason=reason) from error


def holds_other(path: Path, content: bytes) -> bool:
    """Return whether there is a file at ``path`` whose content is not ``content``.

    Raises:
        InputError: ``file.not_regular`` for a folder, a pipe or a device; ``file.unreadable`` or
            ``file.unwritable`` when it cannot be looked at.
    """
    try:
        if not path.exists():
            return False
    except OSError as error:
        raise InputError("file.unwritable", file=str(path), reason=error.strerror) from error
    if not path.is_file():
        raise InputError("file.not_regular", file=str(path))
    try:
        return path.stat().st_size != len(content) or path.read_bytes() != content
    except OSError as error:
        raise InputError("file.unreadable", file=str(path), reason=error.strerror) from error


def write_atomic(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write ``content`` to a temporary file beside ``path``, flush it to disk, then rename.

    Args:
        path: The file; its folder is made when missing.
        content: All of it.
        private: Nobody but the owner may read it, not even while it is written.

    Raises:
        InputError: ``file.unwritable`` when the folder or file cannot be written.
    """
    write_together({path: content}, private=private)


def write_together(contents: Mapping[Path, bytes], *, private: bool = False) -> None:
    """Write files that belong together: none takes its name before all are on the disk.

    Args:
        contents: What to write where.
        private: As for :func:`write_atomic`.

    Raises:
        InputError: ``file.unwritable`` when a folder or file cannot be written.
    """
    waiting: dict[Path, Path] = {}
    path = Path()
    try:
        for path, content in contents.items():
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=f".{path.name[:60]}.", dir=path.parent)
            waiting[path] = Path(name)
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            if not private:
                waiting[path].chmod(0o644)
        for path in contents:
            _refuse_held(path)
        for path in contents:
            _take_name(waiting[path], path)
            del waiting[path]
    except OSError as error:
        raise InputError("file.unwritable", file=str(path), reason=error.strerror) from error
    finally:
        for temporary in waiting.values():
            temporary.unlink(missing_ok=True)


def _refuse_held(path: Path) -> None:
    """Refuse early what another program holds open, before any file of a set takes its name.

    Windows does not let a file be replaced that Word or a PDF reader shows; elsewhere a rename
    needs no right to the file that was there.

    Raises:
        PermissionError: It is held, or read-only.
    """
    if _HELD_FILES_STAY and path.exists():
        with path.open("r+b"):
            pass


def _take_name(temporary: Path, path: Path) -> None:
    """Rename, with a little patience for a virus scanner that still looks at the new file.

    Raises:
        OSError: It cannot be renamed.
    """
    for wait in _PATIENCE:
        try:
            temporary.replace(path)
            return
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _HELD:
                raise
            time.sleep(wait)
    temporary.replace(path)


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


@contextmanager
def atomic_stream(path: Path) -> Iterator[IO[bytes]]:
    """Give a stream whose content stands under ``path`` when the block ends without an error.

    Raises:
        InputError: ``file.unwritable`` when the folder or file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:60]}.", dir=path.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            temporary.chmod(0o644)
            _take_name(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError("file.unwritable", file=str(path), reason=error.strerror) from error
