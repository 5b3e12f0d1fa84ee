"""Read what a form sends, within limits: its fields, and its files into temporary files."""

from __future__ import annotations

import asyncio
import hashlib
import math
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, BinaryIO, cast

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.types import Message

from pks_kit.errors import InputError, UsageError
from pks_kit.messages.os_reason import told_by_system
from pks_kit.web.gate import refuse_zero
from pks_kit.web.pages.guarding import FIELD
from pks_kit.web.pages.rendering import size_text
from pks_kit.web.store import Spooled, incoming_folder, spool_stream

if TYPE_CHECKING:
    from pks_kit.settings.portal import PortalSettings
    from pks_kit.web.portal import Portal

KEY = "kunci"
"""Hidden field by which a form that is sent twice is done once."""

SECRET = "sandi"  # noqa: S105 - the name of a field
"""Beginning of the names of fields with a passphrase or PIN; no hash of one is kept."""

_BODY_BYTES = 4 * 1024 * 1024
_MOST_FIELDS = 4000
MOST_FILES = 50
"""So many files come with one form at most."""

_LEFT_FREE = 256 * 1024 * 1024
"""So much of a disk no form may take."""

_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that came with a form.

    Attributes:
        name: What the browser called it, without folders.
        spooled: Where its content lies for now.
        field: Name of the field it was given in.
    """

    name: str
    spooled: Spooled
    field: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentForm:
    """What a form sent.

    Attributes:
        fields: Names and values, in order; a name may come several times.
        files: Files that hold something.
        empty: Names of files that were chosen and hold nothing.
    """

    fields: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    files: tuple[SentFile, ...] = field(default=())
    empty: tuple[str, ...] = field(default=())

    def one(self, name: str) -> str:
        """Return the first value of a name; empty when there is none."""
        return next((value for known, value in self.fields if known == name), "").strip()

    def secret(self, name: str) -> str:
        """Return the first value of a name exactly as it was typed; empty when there is none."""
        return next((value for known, value in self.fields if known == name), "")

    def all(self, name: str) -> tuple[str, ...]:
        """Return all values of a name."""
        return tuple(value.strip() for known, value in self.fields if known == name)

    def mapping(self) -> Mapping[str, str]:
        """Return the last value of every name."""
        return dict(self.fields)

    def digest(self) -> str:
        """Return a hash of what was sent, without what guards the form."""
        seen = hashlib.sha256()
        for name, value in self.fields:
            if name not in (FIELD, KEY) and not name.startswith(SECRET):
                seen.update(f"{len(name)}:{name}{len(value)}:{value}".encode())
        for file in self.files:
            named = f"{len(file.field)}:{file.field}{len(file.name)}:{file.name}"
            seen.update(f"{named}{file.spooled.sha256}".encode())
        for name in self.empty:
            seen.update(f"{len(name)}:{name}".encode())
        return seen.hexdigest()

    def forget(self) -> None:
        """Remove temporary files that nobody took."""
        for file in self.files:
            file.spooled.path.unlink(missing_ok=True)


async def read_form(portal: Portal, request: Request, *, uploads: bool) -> SentForm:
    """Return what a form sends.

    Args:
        portal: The portal, for its limits and its folder.
        request: The request.
        uploads: Whether files may come with it.

    Raises:
        UsageError: ``web.too_large``, ``web.form_too_large``, ``web.file_too_large``,
            ``web.too_many_files``, ``web.no_room``, ``web.bad_form``, ``web.zero_character``.
        InputError: ``file.unwritable``.
    """
    most = portal.settings.batas_unggahan if uploads else 0
    limit = most_together(portal.settings) + _BODY_BYTES if uploads else _BODY_BYTES
    announced = 0
    with suppress(ValueError):
        announced = int(request.headers.get("content-length", "0"))
    if announced > limit:
        raise _too_large(uploads, limit)
    if uploads:
        await asyncio.to_thread(refuse_full_disk, portal.folder, announced + most)
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await request.receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise _too_large(uploads, limit)
        return message

    within = Request(request.scope, limited)
    async with portal.uploading if uploads else nullcontext():
        try:
            found = await _parsed(within, portal, most)
        except MultiPartException:
            raise UsageError("web.bad_form") from None
        except OSError as error:
            told = told_by_system(error)
            raise InputError("file.unwritable", file="unggahan", **told) from error
        files: list[SentFile] = []
        try:
            fields = [(name, one) for name, one in found.multi_items() if isinstance(one, str)]
            sent = [(name, one) for name, one in found.multi_items() if isinstance(one, UploadFile)]
            refuse_zero(*(part for one in fields for part in one))
            for name, one in sent:
                if one.size:
                    spooled = await spool_stream(portal.folder, _pieces(one), most)
                    files.append(SentFile(_bare(one.filename or ""), spooled, name))
                await one.close()  # so no file lies there twice longer than it must
        except BaseException:
            SentForm(files=tuple(files)).forget()
            raise
        finally:
            await found.close()
    # of a field in which no file was chosen a browser sends a file without a name
    empty = tuple(_bare(one.filename) for _, one in sent if one.filename and not one.size)
    return SentForm(fields=tuple(fields), files=tuple(files), empty=empty)


def most_together(settings: PortalSettings) -> int:
    """Return how many bytes the files of one form may have together."""
    return MOST_FILES * settings.batas_unggahan


def upload_limits(settings: PortalSettings) -> dict[str, int]:
    """Return what pages say beforehand of how much can be sent: files, bytes of each and of all."""
    return {
        "files": MOST_FILES,
        "each": settings.batas_unggahan,
        "together": most_together(settings),
    }


def refuse_full_disk(folder: Path, wanted: int) -> None:
    """Refuse what would fill the disk of a folder.

    Args:
        folder: The folder.
        wanted: How many bytes are to be written.

    Raises:
        UsageError: ``web.no_room``.
    """
    free = max(0, shutil.disk_usage(folder).free - _LEFT_FREE)
    if wanted > free:
        raise UsageError("web.no_room", wanted=size_text(wanted), free=size_text(free))


async def _parsed(request: Request, portal: Portal, most: int) -> FormData:
    """Return the form of a request; files lie in temporary files of the portal's folder.

    Raises:
        UsageError: ``web.file_too_large``, ``web.too_many_files``.
        MultiPartException: It is no form.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        return await request.form(max_files=0, max_fields=_MOST_FIELDS)
    parser = _Files(
        request.headers,
        request.stream(),
        max_files=math.inf,  # counted here, so that what is wrong is said
        max_fields=_MOST_FIELDS,
        max_part_size=_BODY_BYTES,
    )
    parser.folder, parser.most = await asyncio.to_thread(incoming_folder, portal.folder), most
    found = await parser.parse()
    if parser.wrong is not None:
        await found.close()
        raise parser.wrong
    return found


class _Files(MultiPartParser):
    """Takes each file up to a limit of its own; of what is too large nothing more is kept.

    The rest is read all the same: a browser shows an answer once it has sent everything.
    """

    folder: Path
    most: int
    wrong: UsageError | None = None

    def on_headers_finished(self) -> None:
        """Begin a part; the temporary file of one with a file lies in the folder."""
        super().on_headers_finished()
        part = self._current_part.file
        if part is None:
            return
        if not self.most:
            raise MultiPartException("files come with no such form")
        if self._current_files > MOST_FILES:
            self.wrong = self.wrong or UsageError("web.too_many_files", limit=MOST_FILES)
        part.file.close()
        kept = SpooledTemporaryFile(self.spool_max_size, dir=str(self.folder))  # noqa: SIM115
        self._files_to_close_on_error.append(kept)
        part.file = cast("BinaryIO", kept)

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """Take more of a part, unless its file, or the form, is refused already."""
        part = self._current_part.file
        if part is not None:
            size = self._sizes[part] = self._sizes.get(part, 0) + end - start
            if size > self.most and self.wrong is None:
                name, limit = _bare(part.filename or ""), size_text(self.most)
                self.wrong = UsageError("web.file_too_large", file=name, limit=limit)
            if self.wrong is not None:
                return
        super().on_part_data(data, start, end)

    @cached_property
    def _sizes(self) -> dict[UploadFile, int]:
        return {}


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(_CHUNK):
        yield piece


def _bare(name: str) -> str:
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[:200] or "berkas"


def _too_large(uploads: bool, limit: int) -> UsageError:
    if uploads:
        return UsageError("web.form_too_large", limit=size_text(limit))
    return UsageError("web.too_large", limit=limit)
