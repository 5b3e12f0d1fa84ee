"""Which agreements of a plan a person should look at, and their pages as pictures."""

from __future__ import annotations

import hashlib
import io
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from pks_kit.collector import collector_paused
from pks_kit.errors import PksKitError
from pks_kit.messages import Message
from pks_kit.pdf.pdfium import opened, picture_of
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.niks import niks_of
from pks_kit.pipelines.batching.plan import PlannedRow, ReadPlan
from pks_kit.pipelines.batching.row import loaded_row
from pks_kit.pipelines.draft import prepare
from pks_kit.pipelines.drafting.beside import beside_of
from pks_kit.pipelines.drafting.issue import issue
from pks_kit.settings.model import SigningSettings

if TYPE_CHECKING:
    from PIL import Image

PLACE = "contoh"
"""Folder of the sample, beside the preview."""

LIST = f"{PLACE}/daftar.json"
"""What was chosen, for whoever shows the pictures elsewhere."""

_DPI, _POINTS = 96, 72
_QUALITY = 72
_COVER_COLOUR = (70, 70, 70)
_WORST = {"manual": 0, "warning": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePage:
    """A page as a picture.

    Attributes:
        number: Number from 1.
        file: Name of the JPEG, from the folder of the preview.
        width: Pixels.
        height: Pixels.
    """

    number: int
    file: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """An agreement that was chosen.

    Attributes:
        row: Which.
        alike: How many agreements that can be drafted have the same text, kind and method.
        pdf: Name of its PDF, from the folder of the preview; empty when it was not drafted.
        pages: Its pages.
        problem: Why it could not be drafted; None when it was, or when nobody tried.
        covered: Whether a NIK on its pages was covered.
    """

    row: PlannedRow
    alike: int
    pdf: str = ""
    pages: tuple[SamplePage, ...] = ()
    problem: Message | None = None
    covered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleList:
    """Everything that was chosen from a plan."""

    agreements: tuple[Sampled, ...]


def chosen(found: ReadPlan) -> list[tuple[PlannedRow, int]]:
    """Return one agreement of every structure, those first that a person must look at anyway.

    Within a structure the gravest one is taken, and among equals the one that the hash of the plan
    draws: the same for everybody who looks, and not for whoever makes the plan to choose.

    Returns:
        The agreement, and how many have its structure; the gravest first, then the commonest.
    """
    alike: dict[tuple[str, str, str], list[PlannedRow]] = defaultdict(list)
    for one in found.plan.ready():
        alike[one.versi, one.jenis, one.cara_kontrak].append(one)
    plan_id = found.id

    def order(row: PlannedRow) -> tuple[int, str]:
        drawn = hashlib.sha256(f"{plan_id}:{row.number}".encode()).hexdigest()
        return _gravity(row), drawn

    picked = [(min(rows, key=order), len(rows)) for rows in alike.values()]
    return sorted(picked, key=lambda one: (_gravity(one[0]), -one[1], one[0].number))


def _gravity(row: PlannedRow) -> int:
    return min((_WORST.get(one.level, len(_WORST)) for one in row.said), default=len(_WORST))


def sampled(
    found: ReadPlan,
    folder: BatchFolder,
    most: int,
    settings: SigningSettings | None,
    compiled: Path | None,
) -> Iterator[tuple[Sampled, Mapping[str, bytes]]]:
    """Yield every chosen agreement, the first of them drafted, with the files of its pages.

    An agreement that cannot be drafted is told and does not stop the others.

    Args:
        found: The plan.
        folder: Its folder, for the data.
        most: How many are drafted.
        settings: Settings of signing; None when nothing will be signed.
        compiled: Folder with compiled templates; None reads nothing.

    Yields:
        The agreement, and content of its files by their names from the folder of the preview.
    """
    for place, (row, alike) in enumerate(chosen(found)):
        if place >= most:
            yield Sampled(row=row, alike=alike), {}
            continue
        try:
            yield _drafted(found, folder, row, alike, settings, compiled)
        except PksKitError as error:
            yield Sampled(row=row, alike=alike, problem=error.text), {}


def _drafted(
    found: ReadPlan,
    folder: BatchFolder,
    row: PlannedRow,
    alike: int,
    settings: SigningSettings | None,
    compiled: Path | None,
) -> tuple[Sampled, dict[str, bytes]]:
    loaded = loaded_row(folder, row)
    with collector_paused():
        prepared = prepare(loaded, found.plan.as_of, beside_of(settings), compiled)
        result = issue(prepared, ("pdf",), lambda _step: None, compiled=compiled)
    pdf = result.files["pdf"]
    place = PurePosixPath(PLACE) / prepared.receipt.slug
    files = {str(place / pdf.name): pdf.content}
    pages: list[SamplePage] = []
    covered = False
    for number, (picture, here) in enumerate(
        _pictures(pdf.content, niks_of(loaded.kontrak)), start=1
    ):
        name = str(place / f"hal-{number:03}.jpg")
        files[name] = _jpeg(picture)
        pages.append(
            SamplePage(number=number, file=name, width=picture.width, height=picture.height)
        )
        covered = covered or here
    told = Sampled(
        row=row, alike=alike, pdf=str(place / pdf.name), pages=tuple(pages), covered=covered
    )
    return told, files


def row_pdf(
    folder: BatchFolder,
    row: PlannedRow,
    as_of: date | None,
    settings: SigningSettings | None,
    compiled: Path | None,
) -> bytes:
    """Return one agreement of a plan as it would be issued now.

    Args:
        folder: Folder of the plan, for the data.
        row: Which; also one that the sample did not choose.
        as_of: Date of the rules; None: the start of its term.
        settings: Settings of signing; None when nothing will be signed.
        compiled: Folder with compiled templates; None reads nothing.

    Raises:
        PksKitError: It cannot be drafted as its data stand.
    """
    with collector_paused():
        prepared = prepare(loaded_row(folder, row), as_of, beside_of(settings))
        return issue(prepared, ("pdf",), lambda _step: None, compiled=compiled).files["pdf"].content


def page_sizes(content: bytes) -> list[tuple[int, int]]:
    """Return width and height of every page's picture, in pixels."""
    with opened(content) as document:
        return [
            (round(width * _DPI / _POINTS), round(height * _DPI / _POINTS))
            for width, height in (page.get_size() for page in document)
        ]


def page_picture(content: bytes, number: int, niks: Collection[str]) -> bytes | None:
    """Return the picture of one page (JPEG) with every NIK covered; None without such a page.

    Args:
        content: The PDF.
        number: Number of the page, from 1.
        niks: NIKs that the data hold.
    """
    with opened(content) as document:
        if not 1 <= number <= len(document):
            return None
        return _jpeg(_picture(document[number - 1], niks)[0])


def _pictures(content: bytes, niks: Collection[str]) -> Iterator[tuple[Image.Image, bool]]:
    """Yield every page as a picture, and whether a NIK was covered on it."""
    with opened(content) as document:
        for page in document:
            yield _picture(page, niks)


def _picture(page: Any, niks: Collection[str]) -> tuple[Image.Image, bool]:
    scale = _DPI / _POINTS
    picture = picture_of(page, scale)
    return picture, _cover(picture, page, niks, scale)


def _cover(picture: Image.Image, page: Any, niks: Collection[str], scale: float) -> bool:
    from PIL import ImageDraw

    pen, covered = ImageDraw.Draw(picture), False
    words = page.get_textpage()
    for nik in niks:
        search = words.search(nik)
        while (hit := search.get_next()) is not None:
            covered = True
            for number in range(words.count_rects(*hit)):
                left, bottom, right, top = (side * scale for side in words.get_rect(number))
                box = (left - 1, picture.height - top - 2, right + 1, picture.height - bottom + 2)
                pen.rectangle(box, fill=_COVER_COLOUR)
    return covered


def _jpeg(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=_QUALITY, optimize=True)
    return stream.getvalue()
