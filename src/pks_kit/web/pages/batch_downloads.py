"""All that a batch made, in one ZIP each: what is to be printed, and everything.

Files are named by facility with a number before it, so that a pile from a printer lies in order.
The ZIP is written while it is sent; of its files one is in memory at a time.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from pks_kit.errors import PksKitError, UsageError
from pks_kit.files import read_limited
from pks_kit.limits import PDF_BYTES
from pks_kit.visible_text import WIB, one_line
from pks_kit.web.pages.declared import NavEntry, shown
from pks_kit.web.pages.rendering import Words
from pks_kit.web.pages.visit import Visit
from pks_kit.web.routes import batch as operations
from pks_kit.web.scope import Act
from pks_kit.web.state import files

KINDS = ("cetak", "semua")
"""What is downloaded together: what somebody signs as a print next, and all that there is."""

_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
_LONGEST = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A file of a ZIP.

    Attributes:
        name: Its name there.
        size: Its size in bytes.
        file_id: Its id in the store; empty for a letter, which lies in the folder of the portal.
        path: Where it lies on a disk; None when it lies elsewhere.
    """

    name: str
    size: int
    file_id: str
    path: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """One ZIP.

    Attributes:
        agreements: Of how many agreements it holds files.
        parts: Its files in their order.
    """

    agreements: int
    parts: tuple[Part, ...]

    @property
    def size(self) -> int:
        """Return how many bytes its files have."""
        return sum(one.size for one in self.parts)


async def downloads_of(visit: Visit, batch_id: str) -> dict[str, Download]:
    """Return what of a batch can be downloaded together, by :data:`KINDS`.

    Raises:
        ToldError: It cannot be found out.
    """
    told = (await visit.portal.ask("unduhan_batch", {"batch": batch_id})).hasil["baris"]
    known = await visit.portal.read(
        files.newest_of, [str(one["id"]) for one in told], visit.call.reach
    )
    rows = [one for one in told if one["id"] in known]
    words = Words(visit.language)
    found = {}
    digits = max(3, len(str(len(rows))))
    for kind in KINDS:
        # a facility has one number in every ZIP
        chosen = [(n, one) for n, one in enumerate(rows, 1) if one["cetak"] or kind != "cetak"]
        parts: list[Part] = []
        for number, one in chosen:
            method = words.of(f"method.{one['cara_kontrak']}").lower()
            begins = f"{number:0{digits}} {_in_a_name(one['nama'] or one['id'])} - {method}"
            file = known[one["id"]]
            agreement = Part(
                name=f"{begins} - {words.of('batch.zip.agreement')}.pdf",
                size=file.ukuran,
                file_id=file.id,
                path=visit.portal.blobs.path(file.id),
            )
            letter = _letter(visit, one, begins, words)
            # a covering letter for the pen holds the pages of the agreement behind it
            parts += [letter or agreement] if kind == "cetak" else filter(None, [agreement, letter])
        found[kind] = Download(agreements=len(chosen), parts=tuple(parts))
    return found


def _letter(visit: Visit, row: dict[str, Any], begins: str, words: Words) -> Part | None:
    if not row["surat"]:
        return None
    path = visit.portal.folder / str(row["surat"])
    code = "batch.zip.to_print" if row["cetak"] else "batch.zip.letter"
    name = f"{begins} - {words.of(code)}.pdf"
    return Part(name=name, size=path.stat().st_size, file_id="", path=path)


def _in_a_name(text: str) -> str:
    """Return a name as every system takes it for a file."""
    plain = " ".join(one_line(_NOT_IN_NAMES.sub(" ", text)).split())
    return plain[:_LONGEST].strip(" .") or "-"


async def meja_batch_unduh(visit: Visit) -> Response:
    """Give files of many agreements in one ZIP.

    Raises:
        UsageError: ``web.unknown``: there is nothing.
        PksKitError: ``web.content_lost``.
    """
    one = await operations.batch_in_reach(visit.call, visit.given("id"))
    kind = visit.given("isi")
    if kind not in KINDS:
        raise UsageError("web.unknown")
    found = (await downloads_of(visit, one.id))[kind]
    if not found.parts:
        raise UsageError("web.unknown")
    if any(part.path is not None and not part.path.is_file() for part in found.parts):
        raise PksKitError("web.content_lost")
    name = f"{_in_a_name(one.nama)} - {Words(visit.language).of(f'batch.zip.{kind}')}.zip"
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    blobs, moment = visit.portal.blobs, visit.portal.now().astimezone(WIB)

    def content(part: Part) -> bytes:
        return blobs.read(part.file_id) if part.path is None else read_limited(part.path, PDF_BYTES)

    packed = zipped(found.parts, content, moment.timetuple()[:6])
    return StreamingResponse(packed, headers=headers, media_type="application/zip")


class _Sink:
    """What was written and not yet sent."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []

    def write(self, chunk: bytes) -> int:
        self._chunks.append(bytes(chunk))
        return len(chunk)

    def flush(self) -> None:
        """Do nothing; ``zipfile`` asks for it."""

    def taken(self) -> bytes:
        found = b"".join(self._chunks)
        self._chunks.clear()
        return found


def zipped(
    parts: Sequence[Part],
    content: Callable[[Part], bytes],
    moment: tuple[int, ...],
) -> Iterator[bytes]:
    """Yield a ZIP, file by file.

    Args:
        parts: Its files.
        content: Returns what a file holds.
        moment: Year, month, day, hour, minute and second that it names.
    """
    sink = _Sink()
    with zipfile.ZipFile(cast("IO[bytes]", sink), "w") as archive:  # PDFs do not become smaller
        for part in parts:
            told = zipfile.ZipInfo(part.name, cast("tuple[int, int, int, int, int, int]", moment))
            archive.writestr(told, content(part))
            yield sink.taken()
    yield sink.taken()


PAGES = (shown("/batch/{id}/unduh/{isi}.zip", meja_batch_unduh, Act.SEE, target="id"),)
NAV: tuple[NavEntry, ...] = ()
