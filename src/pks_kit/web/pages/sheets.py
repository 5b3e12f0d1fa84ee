"""Pages of a document: pictures made by the server, each beside its words."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import Response

from pks_kit.web.file_pages import picture_of, words_of
from pks_kit.web.pages.declared import NavEntry, shown
from pks_kit.web.pages.flowing_text import flowing
from pks_kit.web.pages.rendering import Words
from pks_kit.web.pages.visit import Visit
from pks_kit.web.routes.common import file_in_reach
from pks_kit.web.scope import Act
from pks_kit.web.state.files import StoredFile

SHEETS = 5
"""Pages of a document that one page shows."""

_READ_DPI = 96
_SHARP_DPI = 144


@dataclass(frozen=True, slots=True)
class Back:
    """Where one came from.

    Attributes:
        path: Address below the pages.
        text: Words of the link.
    """

    path: str
    text: str


async def sheets_page(
    visit: Visit,
    file: StoredFile,
    *,
    pages: int,
    title: str,
    here: str,
    back: Back,
    more: dict[str, str] | None = None,
    preview: bool = False,
) -> Response:
    """Return some pages of a file as a page.

    Args:
        visit: The visit; ``dari`` of its address is the first page.
        file: The file.
        pages: How many pages it has.
        title: Title, already in words.
        here: Address below the pages.
        back: Where one came from.
        more: What the address must say beside.
        preview: Whether it is a draft that was not issued.

    Raises:
        ToldError: A page cannot be read.
    """
    first = min(max(1, visit.number("dari")), max(1, pages))
    last = min(first + SHEETS - 1, pages)
    told = await words_of(visit.portal, file, first, last) if pages else {"texts": []}
    sheets = [
        {"number": number, "words": flowing(text)}
        for number, text in enumerate(told["texts"], start=first)
    ]

    def at(number: int) -> str:
        return f"{visit.root}{here}?{urlencode({**(more or {}), 'dari': number})}"

    return visit.page(
        "lembar.html.j2",
        title,
        file=file,
        sheets=sheets,
        pages=pages,
        first=first,
        last=last,
        before=at(max(1, first - SHEETS)) if first > 1 else "",
        after=at(last + 1) if last < pages else "",
        address=visit.root + here,
        more=more or {},
        back=back,
        sharp=_SHARP_DPI,
        preview=preview,
    )


async def meja_gambar(visit: Visit) -> Response:
    """Give the picture of a page with every NIK covered that it writes as text."""
    file = await file_in_reach(visit.call, visit.given("id"))
    page = visit.number("halaman")
    dpi = _SHARP_DPI if visit.given("dpi") == str(_SHARP_DPI) else _READ_DPI
    named = f"{file.sha256}:{page}:{dpi}"
    tag = f'"{hashlib.sha256(named.encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if visit.request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    picture = await picture_of(visit.portal, file, page, dpi=dpi, cover=True)
    return Response(picture, headers=headers, media_type="image/jpeg")


async def meja_pratinjau(visit: Visit) -> Response:
    """Show the pages of a draft that was not issued."""
    file = await file_in_reach(visit.call, visit.given("id"))
    words, form = Words(visit.language), visit.given("isian")
    here = f"/isian/{form}" if form.isalnum() else "/isian"
    return await sheets_page(
        visit,
        file,
        pages=visit.number("halaman"),
        title=words.of("sheets.preview"),
        here=f"/pratinjau/{file.id}",
        back=Back(here, words.of("sheets.back_to_form")),
        more={"isian": form, "halaman": str(visit.number("halaman"))},
        preview=True,
    )


PAGES = (
    shown("/berkas/{id}/halaman/{halaman}.jpg", meja_gambar, Act.SEE, target="id"),
    shown("/pratinjau/{id}", meja_pratinjau, Act.SEE, target="id"),
)
NAV: tuple[NavEntry, ...] = ()
