"""Open a PDF from outside; whatever is wrong with it becomes one of our refusals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from pks_kit.errors import InputError, SigningError
from pks_kit.limits import SIGNABLE_PDF_BYTES
from pks_kit.pdf.box import Box, normalised
from pks_kit.pdf.content import ContentFacts, content_facts
from pks_kit.pdf.limits import PdfLimits
from pks_kit.pdf.objects import ObjectKey, annotations_of, words_in
from pks_kit.pdf.opening import (
    FileFlaw,
    OpenedFile,
    open_pdf,
    open_with_qpdf,
    outer_flaws,
    unopened,
)
from pks_kit.pdf.parsing import ParserFailure, guarded, refusing_broken_pdf

if TYPE_CHECKING:
    import pikepdf

_DEPTH = 40

_LOCKS = {
    "encrypted": "pdf.encrypted",
    "restricted": "pdf.restricted",
    "for_certificates": "pdf.for_certificates",
    "unknown_lock": "pdf.unknown_lock",
}
"""How each kind of lock is refused; all of them change every byte that a signature covers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSeen:
    """A top-level form field. ``box`` is None when it is not one widget on one page."""

    name: str
    is_signature: bool
    filled: bool
    box: Box | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSeen:
    """A page: its visible area and its rotation in degrees."""

    area: Box
    rotation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What a PDF shows without looking at any signature."""

    pages: tuple[PageSeen, ...]
    fields: tuple[FieldSeen, ...]

    def field(self, name: str) -> FieldSeen | None:
        """Return the field of that name, or None."""
        return next((field for field in self.fields if field.name == name), None)


def check_room(pdf: bytes) -> None:
    """Refuse a file that would be too large to be verified after one revision more.

    Raises:
        InputError: ``pdf.no_room``.
    """
    if len(pdf) > SIGNABLE_PDF_BYTES:
        raise InputError("pdf.no_room", size=len(pdf), limit=SIGNABLE_PDF_BYTES)


def open_plain(pdf: bytes) -> pikepdf.Pdf:
    """Return pikepdf's view of a file that nobody locked.

    Raises:
        InputError: ``pdf.unreadable``.
        SigningError: ``pdf.encrypted`` and its neighbours (:data:`_LOCKS`).
    """
    opened = guarded(lambda: open_with_qpdf(pdf))
    if isinstance(opened, ParserFailure):
        _refuse(unopened(opened, pdf))
    if opened.is_encrypted:
        _refuse(FileFlaw(kind="restricted"))
    return opened


def open_sound(pdf: bytes) -> OpenedFile:
    """Return a file after refusing what a contract never holds and no verifier would let pass.

    Raises:
        InputError: ``pdf.unreadable``, ``pdf.beyond_limits``.
        SigningError: ``pdf.encrypted``, ``pdf.active_content``.
    """
    limits = PdfLimits()
    with refusing_broken_pdf():
        for flaw in outer_flaws(pdf, limits):
            _refuse(flaw)
        seen = open_pdf(pdf, limits)
        for flaw in seen.flaws:
            _refuse(flaw)
        if seen.opened is None:
            raise InputError("pdf.unreadable", reason="-")
        _refuse_content(content_facts(seen.opened.pdf, limits))
    return seen.opened


def _refuse(flaw: FileFlaw) -> NoReturn:
    if flaw.kind in _LOCKS:
        raise SigningError(_LOCKS[flaw.kind])
    if "limit" in flaw.params:
        raise InputError("pdf.beyond_limits", what=flaw.kind, limit=flaw.params["limit"])
    raise InputError("pdf.unreadable", reason=flaw.parser.partition(":")[0] or flaw.kind)


def _refuse_content(found: ContentFacts) -> None:
    programs = [one.name for one in found.files if one.is_program]
    active = sorted([*found.running, *found.outside, *programs])
    if active:
        raise SigningError("pdf.active_content", found=", ".join(active)[:200])
    if found.too_much:
        raise InputError("pdf.beyond_limits", what=found.too_much, limit="-")
    if found.broken:
        raise InputError("pdf.unreadable", reason=f"object {found.broken}")


def layout_of(opened: OpenedFile) -> Layout:
    """Return pages and fields of an opened file.

    Raises:
        InputError: ``pdf.unreadable``.
    """
    with refusing_broken_pdf():
        widgets: dict[ObjectKey, int] = {}
        pages = []
        for number, page in enumerate(opened.pdf.pages, start=1):
            pages.append(_page(number, page))
            for annotation in annotations_of(page.obj):
                widgets.setdefault(annotation.objgen, number)
        return Layout(pages=tuple(pages), fields=tuple(_fields(opened.pdf, widgets)))


def _page(number: int, page: pikepdf.Page) -> PageSeen:
    area = page.cropbox.as_list() if "/CropBox" in page.obj else page.mediabox.as_list()
    x1, y1, x2, y2 = (float(side) for side in area)
    rotation = 0
    node: pikepdf.Object = page.obj
    for _ in range(_DEPTH):
        if "/Rotate" in node:
            rotation = int(node.Rotate)
            break
        if "/Parent" not in node:
            break
        node = node.Parent
    return PageSeen(
        area=Box(page=number, rect=normalised((x1, y1, x2, y2))), rotation=rotation % 360
    )


def _fields(pdf: pikepdf.Pdf, widgets: dict[ObjectKey, int]) -> Iterator[FieldSeen]:
    form = pdf.Root.get("/AcroForm")
    for field in form.get("/Fields", []) if form is not None else []:
        page = widgets.get(field.objgen)
        box = None
        if page is not None and "/Kids" not in field and "/Rect" in field:
            x1, y1, x2, y2 = (float(side) for side in field.Rect.as_list())
            box = Box(page=page, rect=normalised((x1, y1, x2, y2)))
        yield FieldSeen(
            name=words_in(field.get("/T"), ""),
            is_signature=field.get("/FT") == "/Sig" and "/Kids" not in field,
            filled="/V" in field,
            box=box,
        )
