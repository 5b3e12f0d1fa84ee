"""All that a batch made, in one ZIP each: what is to be printed, and everything.

Files are named by facility with the number of its row in the plan before it: a pile from a printer
lies in that order, and an agreement has one number however much of its batch is done.
The ZIP is written while it is sent; of its files one is in memory at a time.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
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
from pks_kit.web.state.files import StoredFile

KINDS = ("cetak", "semua")
"""What is downloaded together: what somebody signs as a print next, and all that there is."""

_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
_LONGEST = 80
_NUMBERS_NAMED = 12
"""So many agreements of one scan are named by number in its name."""
LETTER_END = "-pengantar.pdf"
"""How the name of a covering letter ends, after that of its agreement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A file of a ZIP.

    Attributes:
        name: Its name there.
        size: Its size in bytes.
        file_id: Its id in the store; empty for letters and scans, which lie in the folder of the
            portal.
        path: Where it lies on a disk; None when it lies elsewhere.
    """

    name: str
    size: int
    file_id: str
    path: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much a ZIP holds, for whoever is offered it.

    Attributes:
        agreements: Of how many agreements it holds files.
        size: How many bytes its files have.
    """

    agreements: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """An agreement of which there is something.

    Attributes:
        number: Number of its row in the plan, with zeros before it; the same in every ZIP.
        told: What the task told of it.
        file: The file reached so far.
        letter: Its covering letter; None when there is none.
        before: Letters whose place it took.
        scans: Scans of it that came back; one may hold sheets of others too.
    """

    number: str
    told: dict[str, Any]
    file: StoredFile
    letter: Path | None
    before: tuple[Path, ...]
    scans: tuple[Path, ...]

    def paths(self, kind: str) -> tuple[Path, ...]:
        """Return the letters that a ZIP holds."""
        letter = () if self.letter is None else (self.letter,)
        return letter if kind == "cetak" else (*letter, *self.before)

    def holds_agreement(self, kind: str) -> bool:
        """Return whether a ZIP holds the agreement as a file of its own.

        A covering letter for the pen holds the pages of the agreement behind it.
        """
        return kind != "cetak" or self.letter is None

    @property
    def is_sent_as_file(self) -> bool:
        """Return whether the file itself goes to the facility: it holds electronic signatures."""
        return self.letter is not None and self.told["cara_kontrak"] != "manual"

    @property
    def name_in_letter(self) -> str:
        """Return the name by which the covering letter calls the agreement's file."""
        if self.letter is None:
            raise AssertionError(self.told["id"])
        return self.letter.name.removesuffix(LETTER_END) + ".pdf"


async def _rows_of(visit: Visit, batch_id: str) -> list[_Row]:
    found = (await visit.portal.ask("unduhan_batch", {"batch": batch_id})).hasil
    told, digits = found["baris"], max(3, len(str(found["semua"])))
    known = await visit.portal.read(
        files.newest_of, [str(one["id"]) for one in told], visit.call.reach
    )
    root = visit.portal.folder
    there = [one for one in told if one["id"] in known]
    return [
        _Row(
            number=f"{one['nomor']:0{digits}}",
            told=one,
            file=known[one["id"]],
            letter=root / str(one["surat"]) if one["surat"] else None,
            before=tuple(root / str(path) for path in one["surat_terdahulu"]),
            scans=tuple(root / str(path) for path in one["kembali"]),
        )
        for one in there
    ]


def _in_zip(rows: Sequence[_Row], kind: str) -> list[_Row]:
    return [one for one in rows if one.told["cetak"] or kind != "cetak"]


async def sizes_of(visit: Visit, batch_id: str) -> dict[str, Sizes]:
    """Return how much of a batch can be downloaded together, by :data:`KINDS`.

    Raises:
        ToldError: It cannot be found out.
    """
    rows = await _rows_of(visit, batch_id)
    return {
        kind: Sizes(
            agreements=len(_in_zip(rows, kind)),
            size=sum(one.size for one in _parts(visit, rows, kind)),
        )
        for kind in KINDS
    }


async def parts_of(visit: Visit, batch_id: str, kind: str) -> list[Part]:
    """Return the files of one ZIP in their order.

    What is to be printed lies in one heap; of everything each agreement lies there once, in a
    folder for itself, and what else was written, or came back, in folders that say what they hold.

    Raises:
        ToldError: It cannot be found out.
    """
    return _parts(visit, await _rows_of(visit, batch_id), kind)


def _parts(visit: Visit, rows: Sequence[_Row], kind: str) -> list[Part]:
    words = Words(visit.language)
    parts: list[Part] = []
    for one in _in_zip(rows, kind):
        method = words.of(f"method.{one.told['cara_kontrak']}").lower()
        name = _in_a_name(one.told["nama"] or one.told["id"])
        begins = f"{one.number} {name} - {method} - "

        def called(code: str, begins: str = begins, more: str = "") -> str:
            what = words.of(f"batch.zip.{code}")
            return f"{'' if kind == 'cetak' else f'{what}/'}{begins}{what}{more}.pdf"

        if one.holds_agreement(kind) or one.is_sent_as_file:
            path = visit.portal.blobs.path(one.file.id)
            size, file_id = one.file.ukuran, one.file.id
            told = called("agreement")
            if one.is_sent_as_file:  # its letter says the name of the file that holds signatures
                what = words.of(f"batch.zip.{'as_file' if kind == 'cetak' else 'agreement'}")
                told = f"{what}/{begins.removesuffix(' - ')}/{one.name_in_letter}"
            parts.append(Part(name=told, size=size, file_id=file_id, path=path))
        for number, path in enumerate(one.paths(kind)):
            code = "letter" if one.told["cara_kontrak"] == "elektronik" else "to_print"
            is_earlier = path != one.letter
            found = called("earlier", more=f" {number}") if is_earlier else called(code)
            parts.append(_part(found, path))
    if kind != "cetak":
        parts += _scans(rows, words)
    return sorted(parts, key=lambda part: part.name.rpartition("/")[0])


def _part(name: str, path: Path) -> Part:
    size = path.stat().st_size if path.is_file() else 0
    return Part(name=name, size=size, file_id="", path=path)


def _scans(rows: Sequence[_Row], words: Words) -> Iterator[Part]:
    """Yield the scans that came back, each once; one of several agreements by their numbers."""
    what = words.of("batch.zip.scans")
    whose: dict[Path, list[_Row]] = {}
    for one in rows:
        for path in one.scans:
            whose.setdefault(path, []).append(one)
    told: Counter[str] = Counter()
    for path, several in whose.items():
        first = several[0]
        if len(several) == 1:
            method = words.of(f"method.{first.told['cara_kontrak']}").lower()
            begins = f"{first.number} {_in_a_name(first.told['nama'] or first.told['id'])}"
            begins = f"{begins} - {method}"
        else:
            begins = " ".join(one.number for one in several[:_NUMBERS_NAMED])
            if len(several) > _NUMBERS_NAMED:
                more = words.of("batch.and_more", count=len(several) - _NUMBERS_NAMED)
                begins = f"{begins} {more}"
        told[begins] += 1
        number = f" {told[begins]}" if told[begins] > 1 else ""
        yield _part(f"{what}/{begins} - {what}{number}{path.suffix}", path)


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
    parts = await parts_of(visit, one.id, kind)
    if not parts:
        raise UsageError("web.unknown")
    if any(part.path is not None and not part.path.is_file() for part in parts):
        raise PksKitError("web.content_lost")
    name = f"{_in_a_name(one.nama)} - {Words(visit.language).of(f'batch.zip.{kind}')}.zip"
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    blobs, moment = visit.portal.blobs, visit.portal.now().astimezone(WIB)

    def content(part: Part) -> bytes:
        return blobs.read(part.file_id) if part.path is None else read_limited(part.path, PDF_BYTES)

    packed = zipped(parts, content, moment.timetuple()[:6])
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
