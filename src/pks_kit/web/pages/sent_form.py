"""Read what a form sends, within limits: its fields, and its files into temporary files."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.types import Message

from pks_kit.errors import InputError, UsageError
from pks_kit.web.gate import refuse_zero
from pks_kit.web.pages.guarding import FIELD
from pks_kit.web.store import Spooled, spool_stream

if TYPE_CHECKING:
    from pks_kit.web.portal import Portal

KEY = "kunci"
"""Hidden field by which a form that is sent twice is done once."""

SECRET = "sandi"  # noqa: S105 - the name of a field
"""Beginning of the names of fields with a passphrase or PIN; no hash of one is kept."""

_BODY_BYTES = 4 * 1024 * 1024
_MOST_FIELDS = 4000
_MOST_FILES = 50
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
        UsageError: ``web.too_large``, ``web.bad_request``, ``web.zero_character``.
        InputError: ``file.too_large``, ``file.unwritable``.
    """
    most = portal.settings.batas_unggahan if uploads else 0
    limit = most + _BODY_BYTES
    with suppress(ValueError):
        if int(request.headers.get("content-length", "0")) > limit:
            raise _too_large(uploads, limit)
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await request.receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise _too_large(uploads, limit)
        return message

    within = Request(request.scope, limited)
    async with (
        portal.uploading if uploads else nullcontext(),
        within.form(
            max_files=_MOST_FILES if uploads else 0,
            max_fields=_MOST_FIELDS,
            max_part_size=_BODY_BYTES,
        ) as found,
    ):
        fields = [(name, value) for name, value in found.multi_items() if isinstance(value, str)]
        sent = [(name, value) for name, value in found.multi_items()
                if isinstance(value, UploadFile)]  # fmt: skip
        refuse_zero(*(part for one in fields for part in one))
        files: list[SentFile] = []
        try:
            for name, one in sent:
                if one.size:
                    spooled = await spool_stream(portal.folder, _pieces(one), most)
                    files.append(SentFile(_bare(one.filename or ""), spooled, name))
        except BaseException:
            SentForm(files=tuple(files)).forget()
            raise
    # of a field in which no file was chosen a browser sends a file without a name
    empty = tuple(_bare(one.filename) for _, one in sent if one.filename and not one.size)
    return SentForm(fields=tuple(fields), files=tuple(files), empty=empty)


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(_CHUNK):
        yield piece


def _bare(name: str) -> str:
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[:200] or "berkas"


def _too_large(uploads: bool, limit: int) -> UsageError | InputError:
    if uploads:
        return InputError("file.too_large", file="-", limit=limit)
    return UsageError("web.too_large", limit=limit)
