"""Read hostile files within limits and write results so that no half file is ever seen.

What is written holds personal data, or will when it is filled in, unless its writer says otherwise;
so only its owner may read it (0600, and 0700 for folders made for it). The rest, such as
certificates, gets the mode that the user's umask leaves.
Windows has no such modes: there the rights of the folder decide.
"""

from __future__ import annotations

import errno
import os
import secrets
import shlex
import stat
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from pks_kit.errors import InputError, UsageError
from pks_kit.json_form import HasJsonForm
from pks_kit.messages.os_reason import told_by_system


@dataclass(frozen=True, slots=True)
class NamedFile(HasJsonForm):
    """The content of a file and the name that it has or should get; nothing on a disk.

    In JSON only its name stands.

    Attributes:
        name: A name without a folder.
        content: All bytes.
        private: Whether it holds personal data or a key; then nobody but its owner may read what
            :meth:`save` writes.
    """

    name: str
    content: bytes = field(repr=False)
    private: bool = True

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
        write_atomic(path, self.content, private=self.private)
        return path


_HELD_FILES_STAY = os.name == "nt"
_HELD = (5, 32)
"""What Windows calls it when another program holds a file: access denied, sharing violation."""
_PATIENCE = (0.05, 0.1, 0.2, 0.4)
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS)
"""What a file system says that gives a file one name only."""
"""Seconds between attempts to take a name."""


def read_limited(path: Path, limit_bytes: int) -> bytes:
    """Return the content of a regular file of at most ``limit_bytes`` bytes.

    Raises:
        InputError: ``file.not_found``, ``file.not_regular``, ``file.too_large`` or
            ``file.unreadable``.
    """
    return _read(path, limit_bytes, is_secret=False)


def read_secret(path: Path, limit_bytes: int) -> bytes:
    """Return the content of a file that holds a key or a secret, if it is closed to others.

    Raises:
        InputError: As :func:`read_limited`, and :func:`refuse_open_secret`.
    """
    return _read(path, limit_bytes, is_secret=True)


def refuse_absent(given: Iterable[object]) -> None:
    """Refuse files and folders that are not there, before anything is done with the others.

    Args:
        given: What was named; contents without a path are let through.

    Raises:
        InputError: ``file.not_found``.
    """
    for one in given:
        if isinstance(one, Path) and not one.exists():
            raise InputError("file.not_found", file=str(one))


def _read(path: Path, limit_bytes: int, *, is_secret: bool) -> bytes:
    try:
        if not path.exists():
            raise InputError("file.not_found", file=str(path))
        if not path.is_file():
            raise InputError("file.not_regular", file=str(path))
        with path.open("rb") as stream:
            if is_secret:
                refuse_open_secret(stream.fileno(), str(path))
            content = stream.read(limit_bytes + 1)
    except OSError as error:
        raise InputError("file.unreadable", file=str(path), **told_by_system(error)) from error
    if len(content) > limit_bytes:
        raise InputError("file.too_large", file=str(path), limit=limit_bytes)
    return content


def refuse_open_secret(handle: int, name: str) -> None:
    """Refuse a file with a secret that its group or others may read, change or run.

    Pipes and terminals pass: nobody can open them later. Windows passes, because its modes say
    nothing about who may read; there the rights of the folder decide.

    Args:
        handle: The open file; looked at itself, so that no other file can take its name between.
        name: Path for messages, or what stands for it.

    Raises:
        InputError: ``file.secret_open`` with the command that mends it.
        OSError: The file cannot be looked at.
    """
    state = os.fstat(handle)
    if os.name == "posix" and stat.S_ISREG(state.st_mode) and state.st_mode & 0o077:
        mode = f"{stat.S_IMODE(state.st_mode):04o}"
        raise InputError("file.secret_open", file=name, mode=mode, command=_closing(name))


def _closing(name: str) -> str:
    return f"chmod 600 {shlex.quote(name)}"


def check_output(output: Path, *inputs: Path) -> None:
    """Refuse a file as a result before any work is done for it.

    Raises:
        UsageError: ``file.over_input`` when it would replace a file it is made from.
        InputError: ``file.no_folder`` when its folder is not there: a folder is made only where
            one is named, never for a slip in the name of a file; ``file.unwritable`` when the path
            cannot be followed (a loop of links, a name that is too long).
    """
    try:
        target = output.resolve()
        output.exists()
        if any(target == source.resolve() for source in inputs):
            raise UsageError("file.over_input", file=str(output))
        if not output.parent.is_dir():
            raise InputError("file.no_folder", file=str(output), folder=str(output.parent))
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop, up to Python 3.12
        raise InputError("file.unwritable", file=str(output), **told_by_system(error)) from error


def check_folder(folder: Path) -> None:
    """Refuse a folder for results before any work is done for it; it need not be there yet.

    A file without a name is written to the nearest folder that is there, and nothing is left.

    Raises:
        InputError: ``file.unwritable``.
    """
    try:
        above = (folder, *folder.absolute().parents)
        there = next(one for one in above if os.path.lexists(one))  # also a link to nothing
        if not there.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        raise InputError("file.unwritable", file=str(folder), **told_by_system(error)) from error


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
        raise InputError("file.unwritable", file=str(path), **told_by_system(error)) from error
    if not path.is_file():
        raise InputError("file.not_regular", file=str(path))
    try:
        return path.stat().st_size != len(content) or path.read_bytes() != content
    except OSError as error:
        raise InputError("file.unreadable", file=str(path), **told_by_system(error)) from error


def write_atomic(
    path: Path, content: bytes, *, private: bool = True, read_only: bool = False
) -> None:
    """Write ``content`` to a temporary file beside ``path``, flush it to disk, then rename.

    Args:
        path: The file; its folder is made when missing.
        content: All of it.
        private: Nobody but the owner may read it, not even while it is written.
        read_only: Nobody may change it once it stands.

    Raises:
        InputError: ``file.unwritable`` when the folder or file cannot be written.
    """
    write_together({path: content}, private=private, read_only=read_only)


def write_together(
    contents: Mapping[Path, bytes], *, private: bool = True, read_only: bool = False
) -> None:
    """Write files that belong together: none takes its name before all are on the disk.

    Args:
        contents: What to write where.
        private: As for :func:`write_atomic`.
        read_only: As for :func:`write_atomic`.

    Raises:
        InputError: ``file.unwritable`` when a folder or file cannot be written.
    """
    waiting: dict[Path, Path] = {}
    path = Path()
    try:
        for path, content in contents.items():
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            stream, waiting[path] = _temporary(path, private=private, read_only=read_only)
            with stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        for path in contents:
            _refuse_held(path)
        for path in contents:
            _take_name(waiting[path], path)
            del waiting[path]
    except OSError as error:
        raise InputError("file.unwritable", file=str(path), **told_by_system(error)) from error
    finally:
        for temporary in waiting.values():
            temporary.unlink(missing_ok=True)


def write_new(path: Path, content: bytes, *, read_only: bool = False) -> None:
    """Write a private file durably under a name that nobody has; the system itself refuses another.

    Args:
        path: The file; its folder is made when missing.
        content: All of it.
        read_only: Nobody may change it once it stands.

    Raises:
        FileExistsError: The name is taken; what stands there is left alone.
        InputError: ``file.unwritable`` when the folder or file cannot be written.
    """
    temporary = None
    try:
        stream, temporary = _temporary(path, private=True, read_only=read_only)
        with stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        _take_new_name(temporary, path)
    except FileExistsError:
        raise
    except OSError as error:
        raise InputError("file.unwritable", file=str(path), **told_by_system(error)) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _take_new_name(temporary: Path, path: Path) -> None:
    """Give a file a name that nobody has.

    Raises:
        FileExistsError: Somebody has it.
        OSError: It cannot be named.
    """
    try:
        os.link(temporary, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from error
        temporary.replace(path)  # a file system without links: only the caller's lock is left


def make_folder(folder: Path, *, private: bool) -> None:
    """Make a folder and those above it where they are missing; one that exists stays as it is.

    Args:
        folder: Where.
        private: Nobody but the owner may look into what is made.

    Raises:
        OSError: It cannot be made, or a file has its name.
    """
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for one in reversed(missing):
        one.mkdir(mode=0o700 if private else 0o777, exist_ok=True)
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))


def _temporary(path: Path, *, private: bool, read_only: bool = False) -> tuple[IO[bytes], Path]:
    """Open a new file beside ``path``; the system takes the user's umask off its mode.

    Raises:
        OSError: Folder or file cannot be made.
    """
    make_folder(path.parent, private=private)
    mode = (0o600 if private else 0o666) & (0o444 if read_only else 0o777)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    temporary = path.parent / f".{path.name[:60]}.{secrets.token_hex(8)}"
    return os.fdopen(os.open(temporary, flags, mode), "wb"), temporary


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


@contextmanager
def atomic_stream(path: Path) -> Iterator[IO[bytes]]:
    """Give a stream whose content stands under ``path`` when the block ends without an error.

    Nobody but the owner may read the file, as with :func:`write_atomic`.

    Raises:
        InputError: ``file.unwritable`` when the folder or file cannot be written.
    """
    try:
        stream, temporary = _temporary(path, private=True)
        try:
            with stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            _take_name(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError("file.unwritable", file=str(path), **told_by_system(error)) from error
