"""Find every filled signature field and read its container and its box; judging lies above."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from pks_kit.domain.meterai import sn_of_field, sn_of_reason
from pks_kit.domain.rect import Rect
from pks_kit.pdf.objects import ObjectKey, annotations_of, entry_of
from pks_kit.pdf.parsing import ParserFailure, guarded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

    from pks_kit.pdf.opening import OpenedFile

MOST_SIGNATURES = 300
"""Most filled signature fields; the largest agreement has some fifty places."""
_MOST_LEVELS = 40
"""Levels of a form whose names are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSignature:
    """One filled signature field.

    Attributes:
        field: Full name.
        embedded: pyHanko's object; None when the container could not be read.
        trouble: Why it could not be read, else empty.
        revision: Revision whose bytes hold it; None when unknown.
        reason: ``/Reason`` of the signature dictionary.
        is_timestamp: Whether it is a timestamp of the whole document.
        page: Page of its visible box from 1, else None.
        rect: Box in points, lower left and upper right, else None.
    """

    field: str
    embedded: EmbeddedPdfSignature | None
    trouble: str = ""
    revision: int | None = None
    reason: str = ""
    is_timestamp: bool = False
    page: int | None = None
    rect: Rect | None = None

    @property
    def meterai_numbers(self) -> tuple[str | None, str | None]:
        """Return the serial number of a meterai by the field's name and by the reason."""
        return sn_of_field(self.field), sn_of_reason(self.reason)

    @property
    def covers_file(self) -> bool:
        """Return whether no byte of the file follows what it covers."""
        from pyhanko.sign.validation.status import SignatureCoverageLevel

        return bool(self._coverage == SignatureCoverageLevel.ENTIRE_FILE)

    @property
    def covers_revision(self) -> bool:
        """Return whether it covers everything up to the end of its own revision."""
        from pyhanko.sign.validation.status import SignatureCoverageLevel

        coverage = self._coverage
        return coverage is not None and coverage >= SignatureCoverageLevel.ENTIRE_REVISION

    @property
    def _coverage(self) -> Any:
        if self.embedded is None:
            return None
        return self.embedded.coverage or self.embedded.evaluate_signature_coverage()


def filled_fields(state: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield name, value and field of every filled signature field.

    Args:
        state: pyHanko's reader of a file, or of one of its earlier states.

    Raises:
        PdfReadError: Fields that no form can have.
    """
    if "/AcroForm" not in state.root:
        return  # as pyHanko would say, and what signs need not be loaded for it
    from pyhanko.pdf_utils.misc import PdfReadError
    from pyhanko.sign.fields import enumerate_sig_fields

    for name, value, field in enumerate_sig_fields(state, filled_status=True):
        if not all(isinstance(part, (str, bytes)) for part in _partial_names(field.get_object())):
            raise PdfReadError("the name of a signature field is no text")
        yield name, value, field


def _partial_names(field: Any) -> Iterator[Any]:
    """Yield what pyHanko puts into the full name of a field, whatever it is."""
    for _ in range(_MOST_LEVELS):
        if "/T" in field:
            yield field["/T"]
        above = entry_of(field, "/Parent")
        if not hasattr(above, "keys"):
            return
        field = above


def too_many_signatures(opened: OpenedFile) -> bool:
    """Return whether there are more filled fields than ``MOST_SIGNATURES``; reads none of them."""
    fields = filled_fields(opened.reader)
    counted = guarded(lambda: sum(1 for _ in islice(fields, MOST_SIGNATURES + 1)))
    return not isinstance(counted, ParserFailure) and counted > MOST_SIGNATURES


def find_signatures(opened: OpenedFile) -> tuple[FoundSignature, ...] | ParserFailure:
    """Return all filled signature fields in the order of their revisions."""
    fields = guarded(lambda: list(filled_fields(opened.reader)))
    if isinstance(fields, ParserFailure):
        return fields
    pages = guarded(lambda: widget_pages(opened))
    if isinstance(pages, ParserFailure):
        return pages
    found = [_read(opened, str(name), field, pages) for name, _, field in fields]
    return tuple(sorted(found, key=lambda one: (one.revision is None, one.revision or 0)))


def is_intact(embedded: EmbeddedPdfSignature) -> bool:
    """Return whether the signed bytes are unchanged and the key of the certificate signed them.

    Raises:
        SignatureValidationError: The container is malformed.
    """
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    intact, valid = validate_sig_integrity(
        embedded.signer_info, embedded.signer_cert, "data", embedded.compute_digest()
    )
    return bool(intact and valid)


def widget_pages(opened: OpenedFile) -> dict[ObjectKey, int]:
    """Map the object number of every annotation to its page number, from 1.

    Raises:
        ValueError: A page lists an annotation that an earlier revision had and a later one freed.
        Exception: Whatever a malformed page provokes.
    """
    found: dict[ObjectKey, int] = {}
    for number, page in enumerate(opened.pdf.pages, start=1):
        listed = list(annotations_of(page.obj))
        for annotation in listed:
            found.setdefault(annotation.objgen, number)
        if len(listed) < len(page.obj.get("/Annots", ())):
            _refuse_freed(opened, page.obj.objgen)
    return found


def _refuse_freed(opened: OpenedFile, page: ObjectKey) -> None:
    """Tell a place that was always empty from an annotation that somebody took away."""
    from pyhanko.pdf_utils.generic import IndirectObject, Reference

    reader: Any = opened.reader
    listed = reader.get_object(Reference(*page, reader))["/Annots"]
    for place in range(len(listed)):
        item = listed.raw_get(place)
        if not isinstance(item, IndirectObject):
            continue
        states = [
            reader.xrefs.get_historical_ref(item.reference, n)
            for n in range(reader.xrefs.total_revisions)
        ]
        if states[-1] is None and any(one is not None for one in states):
            raise ValueError(f"annotation {item.reference.idnum} was freed")


def _read(opened: OpenedFile, name: str, field: Any, pages: dict[ObjectKey, int]) -> FoundSignature:
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

    embedded = guarded(lambda: EmbeddedPdfSignature(opened.reader, field, name))
    box = guarded(lambda: _box(field, pages))
    page, rect = (None, None) if isinstance(box, ParserFailure) else box
    if isinstance(embedded, ParserFailure):
        return FoundSignature(
            field=name, embedded=None, trouble=embedded.text, page=page, rect=rect
        )
    reason = guarded(lambda: str(entry_of(embedded.sig_object, "/Reason", "")))
    return FoundSignature(
        field=name,
        embedded=embedded,
        revision=int(embedded.signed_revision),
        reason="" if isinstance(reason, ParserFailure) else reason[:400],
        is_timestamp=str(embedded.sig_object_type) == "/DocTimeStamp",
        page=page,
        rect=rect,
    )


def _box(field: Any, pages: dict[ObjectKey, int]) -> tuple[int | None, Rect | None]:
    """Return page and rectangle of the field's only widget; invisible gives None twice."""
    reference = getattr(field, "reference", None) or field.container_ref
    field = field.get_object()
    kids = entry_of(field, "/Kids")
    if kids:
        widget_reference = kids.raw_get(0).reference
        widget = kids[0].get_object()
    else:
        widget_reference, widget = reference, field
    edges = [float(edge) for edge in widget["/Rect"]]
    if len(edges) != 4:
        return None, None
    left, right = sorted((edges[0], edges[2]))
    bottom, top = sorted((edges[1], edges[3]))
    if right - left <= 0 or top - bottom <= 0:
        return None, None
    page = pages.get((widget_reference.idnum, widget_reference.generation))
    return page, (left, bottom, right, top)
