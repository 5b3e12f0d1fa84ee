"""Read hostile files within limits and write results so that no half file is ever seen."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pks_kit.errors import InputError, UsageError


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


def write_atomic(path: Path, content: bytes) -> None:
    """Write ``content`` to a temporary file beside ``path``, flush it to disk, then rename.

    Raises:
        InputError: ``file.unwritable`` when the folder or file cannot be written.
    """
    with atomic_stream(path) as stream:
        stream.write(content)


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
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError("file.unwritable", file=str(path), reason=error.strerror) from error
