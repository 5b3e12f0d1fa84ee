"""What the adapter of the e-meterai would refuse, refused here before anything is sent.

The adapter looks at the document only after the serial number was bought; its refusals have twins
here that cost nothing (docs/sumber.md E2.3 and E6, rows 16 and 17).

==== ==========================================================================================
code twin
==== ==========================================================================================
80   ``meterai.source_changed``: something was added after a signature that it does not allow
81   ``meterai.source_broken``: an earlier signature is not intact
82   ``meterai.source_version``: PDF older than 1.6, which the adapter rewrites and so destroys
83   ``meterai.source_certified``: certified with DocMDP, P=1
--   ``meterai.page``, ``signing.page_rotated``: the adapter takes the last page silently, and
     misplaces the stamp on rotated ones
--   ``meterai.outside_page``, ``meterai.over_field``, ``meterai.over_text``
==== ==========================================================================================
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pks_kit.errors import InputError, SigningError
from pks_kit.foreign import HERE, Files, Looks, Question
from pks_kit.pdf.box import Box
from pks_kit.pdf.layout import Layout, check_room, layout_of, open_sound
from pks_kit.pdf.parsing import ParserFailure, refusing_broken_pdf
from pks_kit.pdf.prefix.opened import own_updates
from pks_kit.pdf.prefix.own_files import own_files
from pks_kit.pdf.signatures import FoundSignature, find_signatures, is_intact
from pks_kit.signing.step.blank_area import text_in

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader

    from pks_kit.pdf.opening import OpenedFile
    from pks_kit.signing.step.state import AgreementState

OLDEST_VERSION = (1, 6)

_HEADER = re.compile(rb"%PDF-(\d)\.(\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stampable(Question[Layout]):
    """Would a stamp survive in a document, and in a place of it?

    Attributes:
        box: The place; None for the document alone.
    """

    box: Box | None

    def answer(self, files: Files) -> Layout:
        """Look at version, earlier signatures and place.

        Raises:
            SigningError: As :func:`check_source` and :func:`check_box`.
            InputError: As :func:`check_source`.
        """
        opened = open_sound(files[0])
        layout = layout_of(opened)
        with refusing_broken_pdf():
            version = _version(files[0], opened.reader)
        if version < OLDEST_VERSION:
            raise SigningError("meterai.source_version", version=f"{version[0]}.{version[1]}")
        _check_earlier(opened)
        if self.box is not None:
            check_box(files[0], layout, self.box)
        return layout


def check_stampable(
    pdf: bytes, box: Box, looks: Looks = HERE, state: AgreementState | None = None
) -> Box:
    """Return the place in whole points; refuse a document or place that no stamp would survive.

    Args:
        pdf: The document.
        box: The place.
        looks: Where the document is opened, unless this process wrote all of it.
        state: What is in it, when that is known.

    Raises:
        SigningError: As ``check_source``, ``check_box`` and ``whole_points``.
        InputError: As ``check_source``.
        NotLookedError: ``pdf.not_looked``.
    """
    check_room(pdf)
    if state is None or not _is_free(pdf, box, state):
        looks.ask(Stampable(box=box), pdf)
    return whole_points(box)


def _is_free(pdf: bytes, box: Box, state: AgreementState) -> bool:
    """Return whether a place is known to be free in a document that this process wrote.

    It is as our writer writes them (version, no certification), all that followed is ours, and its
    signatures are whole, else there would be no state. Who drew the page knows where letters are.

    Raises:
        SigningError: As :func:`check_area`.
    """
    file = own_files.of(pdf)
    if file is None or state.known is None:
        return False
    check_area(state.layout, box)
    return any(box.inside(Box(page=page, rect=rect)) for page, rect in file.free)


def check_source(pdf: bytes, looks: Looks = HERE) -> Layout:
    """Refuse a document that the adapter would refuse or rewrite.

    Returns:
        Its pages and fields.

    Raises:
        SigningError: ``meterai.source_version``, ``meterai.source_certified``,
            ``meterai.source_broken``, ``meterai.source_changed``, ``pdf.encrypted``,
            ``pdf.active_content``.
        InputError: ``pdf.unreadable``, ``pdf.beyond_limits``, ``pdf.no_room``.
        NotLookedError: ``pdf.not_looked``.
    """
    check_room(pdf)
    return looks.ask(Stampable(box=None), pdf)


def check_box(pdf: bytes, layout: Layout, box: Box) -> None:
    """Refuse a place where a stamp would be lost, misplaced, or over something else.

    Args:
        pdf: The document.
        layout: Its pages and fields.
        box: Where the stamp shall stand.

    Raises:
        SigningError: ``meterai.page``, ``signing.page_rotated``, ``meterai.outside_page``,
            ``meterai.over_field``, ``meterai.over_text``.
    """
    check_area(layout, box)
    words = text_in(pdf, box)
    if words:
        raise SigningError("meterai.over_text", page=box.page, words=words)


def check_area(layout: Layout, box: Box) -> None:
    """Refuse a place as :func:`check_box`, but for words in it.

    Args:
        layout: Pages and fields of the document.
        box: Where the stamp shall stand.

    Raises:
        SigningError: ``meterai.page``, ``signing.page_rotated``, ``meterai.outside_page``,
            ``meterai.over_field``.
    """
    if not 1 <= box.page <= len(layout.pages):
        raise SigningError("meterai.page", page=box.page, pages=len(layout.pages))
    page = layout.pages[box.page - 1]
    if page.rotation:
        raise SigningError("signing.page_rotated", page=box.page, degrees=page.rotation)
    if not box.inside(page.area) or box.width <= 0 or box.height <= 0:
        raise SigningError("meterai.outside_page", page=box.page)
    for field in layout.fields:
        if field.box is not None and field.box.overlaps(box):
            raise SigningError("meterai.over_field", page=box.page, field=field.name)


def whole_points(box: Box) -> Box:
    """Return the largest square of whole points in the middle of a box; the adapter takes integers.

    Raises:
        SigningError: ``meterai.too_small`` below ``SMALLEST_SIDE``.
    """
    from math import ceil, floor

    left, bottom = ceil(box.rect[0] - 0.01), ceil(box.rect[1] - 0.01)
    right, top = floor(box.rect[2] + 0.01), floor(box.rect[3] + 0.01)
    side = min(right - left, top - bottom)
    if side < SMALLEST_SIDE:
        raise SigningError("meterai.too_small", side=side, least=SMALLEST_SIDE)
    left += (right - left - side) // 2
    bottom += (top - bottom - side) // 2
    return Box(page=box.page, rect=(left, bottom, left + side, bottom + side))


SMALLEST_SIDE = 39
"""Whole points that fit into the smallest stamp of ``preflight`` (40 points) wherever it begins."""


def _version(pdf: bytes, reader: PdfFileReader) -> tuple[int, int]:
    found = _HEADER.match(pdf[:16])
    header = (int(found[1]), int(found[2])) if found else (0, 0)
    stated = str(reader.root["/Version"]) if "/Version" in reader.root else ""
    catalog = re.fullmatch(r"/?(\d)\.(\d)", stated)
    return max(header, (int(catalog[1]), int(catalog[2]))) if catalog else header


def _check_earlier(opened: OpenedFile) -> None:
    from pyhanko.sign.validation.errors import SignatureValidationError

    found = find_signatures(opened)
    if isinstance(found, ParserFailure):
        raise InputError("pdf.unreadable", reason=found.text.partition(":")[0])
    own = own_updates(opened, None) if found else None
    policy = None if own is None else own.policy()
    with refusing_broken_pdf():
        for one in found:
            if one.embedded is None:
                raise SigningError("meterai.source_broken", field=one.field)
            if _docmdp_level(one.embedded) == 1:
                raise SigningError("meterai.source_certified", field=one.field)
            if one.is_timestamp:
                continue
            try:
                embedded: Any = one.embedded
                embedded.compute_integrity_info(policy)
                intact = is_intact(embedded)
            except SignatureValidationError:
                intact = False
            if not intact:
                raise SigningError("meterai.source_broken", field=one.field)
            if not _only_signed_after(one):
                raise SigningError("meterai.source_changed", field=one.field)


def _only_signed_after(found: FoundSignature) -> bool:
    """Return whether nothing but signatures and validation data follows a signature."""
    from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel

    if found.covers_file:
        return True
    if not found.covers_revision:
        return False
    result: Any = getattr(found.embedded, "diff_result", None)
    level = result.modification_level if isinstance(result, DiffResult) else None
    return level is not None and level <= ModificationLevel.FORM_FILLING


def _docmdp_level(found: Any) -> int | None:
    level = found.docmdp_level
    return None if level is None else int(level.value)
