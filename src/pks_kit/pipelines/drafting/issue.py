"""Issue a prepared document: tree in, PDF, DOCX, text and receipt out, as bytes with names.

Shared by everything that is drafted: the agreement itself and its addenda.
"""

from __future__ import annotations

import hashlib
import platform
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel
from pydantic_core import to_json

from pks_kit.domain.edition import LAYOUT, OLD_LAYOUT, edition_of
from pks_kit.domain.page_code import format_page_code
from pks_kit.domain.receipt import (
    DATA_ATTACHMENT,
    RECEIPT_ATTACHMENT,
    RECEIPT_FORMATS,
    IssuedFile,
    Receipt,
    written_receipt,
)
from pks_kit.domain.tanda_tangan import (
    TandaTanganElektronik,
    certificate_note,
    roles_of_services,
)
from pks_kit.errors import InputError, UsageError
from pks_kit.files import NamedFile
from pks_kit.json_types import AgreementId, Count
from pks_kit.naskah.catalogue import load_version
from pks_kit.naskah.tree import Naskah
from pks_kit.pipelines.drafting.critical_values import critical_values
from pks_kit.pipelines.drafting.summary import SummarySource, summary_pdf
from pks_kit.resources import templates_root
from pks_kit.rules.findings import Finding
from pks_kit.rules.law.parameters import load_parameters

if TYPE_CHECKING:
    from pks_kit.render.look import Look
    from pks_kit.render.pdf import DrawnPages, PdfLayout, PdfRequest
    from pks_kit.render.pdf.roads import Road

FORMATS = ("pdf", "docx", "txt", "ringkasan")
"""Formats that can be written; the receipt is always written with the PDF. ``ringkasan`` is a
summary beside the agreement; addenda have none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A document that passed its checks; nothing is written yet.

    Attributes:
        naskah: The tree.
        receipt: Receipt without pages and places.
        findings: Findings that did not block.
        data: Data that filled the document, embedded in the PDF.
        dated: Day of signing; the PDF says that it was made on this day.
        tanda_tangan: How the parties sign with certificates, when the data say so.
        ringkasan: What the summary beside the agreement is made from; None when there is none.
    """

    naskah: Naskah
    receipt: Receipt
    findings: tuple[Finding, ...]
    data: BaseModel
    dated: date
    tanda_tangan: TandaTanganElektronik | None = None
    ringkasan: SummarySource | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftResult:
    """What was drafted.

    Attributes:
        agreement_id: Id made from the content, 26 characters: the same input gives the same id.
        template: Template version, for example ``pks_2024``.
        pages: Pages of the PDF, or 0 when no PDF was asked for.
        files: Format name to file; with the PDF also ``receipt``. They belong together: the
            receipt holds the hash of the PDF.
        findings: Findings that did not block.
    """

    agreement_id: AgreementId
    template: str
    pages: Count
    files: Mapping[str, NamedFile]
    findings: tuple[Finding, ...]


def refuse_unknown_formats(formats: Sequence[str]) -> None:
    """Refuse formats that cannot be written, before any work is done.

    Raises:
        UsageError: ``draft.unknown_format``.
    """
    unknown = sorted(set(formats) - set(FORMATS))
    if unknown or not formats:
        raise UsageError(
            "draft.unknown_format", formats=", ".join(unknown), known=", ".join(FORMATS)
        )


def issue(
    prepared: Prepared,
    formats: Sequence[str],
    progress: Callable[[str], None],
    *,
    road: Road = "quick",
    compiled: Path | None = None,
    layout: PdfLayout | None = None,
) -> DraftResult:
    """Make every wanted format.

    Args:
        prepared: The document.
        formats: Subset of ``FORMATS``.
        progress: Called with the message code of each step before it starts.
        road: ``plain`` has every page made by the layout engine itself, for comparing.
        compiled: Folder with compiled templates; None reads nothing.
        layout: Result of :func:`laid_out` when it is there already.

    Raises:
        RenderError: Pages or DOCX could not be made exactly.
        UsageError: ``draft.unknown_format``.
    """
    refuse_unknown_formats(formats)
    files: dict[str, NamedFile] = {}
    stem = prepared.receipt.slug
    pages = 0
    summary = prepared.ringkasan if "ringkasan" in formats else None
    if prepared.ringkasan is None and set(formats) == {"ringkasan"}:
        known = ", ".join(one for one in FORMATS if one != "ringkasan")
        raise UsageError("draft.unknown_format", formats="ringkasan", known=known)
    if "pdf" in formats or summary is not None:
        progress("draft.step.pdf")
        layout = layout or laid_out(prepared, road=road, compiled=compiled)
        if "pdf" in formats:
            pdf, receipt = render_issued(prepared, layout, thorough=road != "quick")
            pages = receipt.pages
            files["pdf"] = NamedFile(f"{stem}.pdf", pdf)
            files["receipt"] = NamedFile(f"{stem}.receipt.json", written_receipt(receipt))
        if summary is not None:
            progress("draft.step.ringkasan")
            content = summary_pdf(
                summary,
                prepared.naskah,
                _with_places(prepared, layout),
                layout.clause_pages,
                prepared.dated,
            )
            files["ringkasan"] = NamedFile(f"{stem}-ringkasan.pdf", content)
    if "docx" in formats:
        progress("draft.step.docx")
        files["docx"] = NamedFile(f"{stem}.docx", _docx(prepared))
    if "txt" in formats:
        progress("draft.step.txt")
        files["txt"] = NamedFile(f"{stem}.txt", _text(prepared))
    return DraftResult(
        agreement_id=prepared.receipt.agreement_id,
        template=prepared.naskah.versi_templat,
        pages=pages,
        files=files,
        findings=prepared.findings,
    )


def laid_out(
    prepared: Prepared, *, road: Road = "quick", compiled: Path | None = None
) -> PdfLayout:
    """Return the pages of a document before furniture and files: where does everything stand?

    Args:
        prepared: The document.
        road: As for :func:`issue`.
        compiled: As for :func:`issue`.
    """
    from pks_kit.render.pdf import layout_pdf

    return layout_pdf(
        prepared.naskah,
        css=_asset(prepared, "style.css").read_text("utf-8"),
        look=look_of(prepared.receipt.as_of, prepared.receipt.printed_layout),
        roles_of_services=roles_of_services(prepared.tanda_tangan, prepared.naskah.cara_kontrak),
        road=road,
        compiled=compiled,
    )


def css_of(prepared: Prepared) -> str:
    """Return the style sheet by which the leaves of a document are set."""
    from pks_kit.render.html_signature import place_css

    look = look_of(prepared.receipt.as_of, prepared.receipt.printed_layout)
    return _asset(prepared, "style.css").read_text("utf-8") + place_css(look)


def _with_places(prepared: Prepared, layout: PdfLayout) -> Receipt:
    return prepared.receipt.model_copy(update={"pages": layout.pages, "places": layout.places})


def render_issued(
    prepared: Prepared, layout: PdfLayout | None = None, *, thorough: bool = False
) -> tuple[bytes, Receipt]:
    """Return the PDF ready to be issued, and its receipt with the hash of exactly these bytes.

    Args:
        prepared: The document.
        layout: Result of :func:`laid_out` when it is there already.
        thorough: Check the finished file as a whole, whatever was written before it.
    """
    from pks_kit.render.pdf import Attachment, PdfRequest, draw_pages, finish_pdf

    # 1. Lay out the pages.
    layout = layout or laid_out(prepared)
    method = prepared.naskah.cara_kontrak
    receipt = _with_places(prepared, layout)
    request = PdfRequest(
        agreement_id=receipt.agreement_id,
        title=prepared.naskah.judul,
        author=receipt.nama_kesatu,
        issued_at=datetime.combine(prepared.dated, time(0, 0), tzinfo=UTC),
        page_code=lambda page, pages: format_page_code(
            receipt.agreement_id, receipt.edition, page, pages
        ),
        producer=f"pks-kit {_program_versions()['pks-kit']}",
        certificate_note=certificate_note(prepared.tanda_tangan, method),
        edition=receipt.edition or "",
    )
    # 2. Draw what stands round the pages: the receipt inside the file tells what they hold.
    drawn = draw_pages(layout, request)
    if receipt.edition is not None:
        receipt = _with_pages(receipt, layout, drawn, request, prepared.data)
    # 3. Write the file, with data and receipt inside.
    pdf = finish_pdf(
        layout,
        replace(
            request,
            attachments=(
                Attachment(
                    name=DATA_ATTACHMENT,
                    content=_data_json(prepared.data),
                    mime="application/json",
                    description="Data kontrak yang mengisi perjanjian ini",
                    relationship="Source",
                ),
                Attachment(
                    name=RECEIPT_ATTACHMENT,
                    content=written_receipt(receipt),
                    mime="application/json",
                    description="Tanda terima: templat, parameter, versi, dan tempat tanda tangan",
                    relationship="Data",
                ),
            ),
        ),
        drawn,
        thorough=thorough,
    )
    issued = IssuedFile(
        file=f"{receipt.slug}.pdf", sha256=hashlib.sha256(pdf).hexdigest(), size=len(pdf)
    )
    return pdf, receipt.model_copy(update={"issued": issued})


def sealed(receipt: Receipt, data: BaseModel, like: Receipt | None = None) -> Receipt:
    """Return a receipt with its edition, and file names that tell it.

    Args:
        receipt: What is known before rendering.
        data: What fills the document.
        like: The receipt of an issue that is rendered again: its page and its program versions
            count, and an issue of the first printed page gets no edition.

    Raises:
        InputError: ``receipt.unknown_layout``: the issue was printed by a later version.
    """
    from pks_kit.render.pdf.page_design import known_layouts

    layout = LAYOUT if like is None else like.printed_layout
    if like is not None and layout == OLD_LAYOUT:
        named = {name: one for name, one in receipt.versions.items() if name in like.versions}
        return receipt.model_copy(update={"format": RECEIPT_FORMATS[0], "versions": named})
    if layout not in known_layouts():
        raise InputError("receipt.unknown_layout", layout=layout)
    edition = edition_of(
        data.model_dump(mode="json"),
        template_sha256=receipt.template.sha256,
        parameters_sha256=receipt.parameters_sha256,
        as_of=receipt.as_of.isoformat(),
        method=receipt.profile,
        versions=(like or receipt).versions,
        layout=layout,
    )
    slug = f"{receipt.slug}-{edition.lower()}"
    return receipt.model_copy(update={"layout": layout, "edition": edition, "slug": slug})


def look_of(as_of: date, layout: int) -> Look:
    """Return how pages look on a date of the rules, in a version of the printed page."""
    from pks_kit.render.look import Look
    from pks_kit.render.pen_box import Sticker

    aturan = load_parameters().resolve_all(as_of)
    sticker = Sticker(
        width=aturan.whole("meterai_tempel.lebar"), height=aturan.whole("meterai_tempel.tinggi")
    )
    return Look(sticker=sticker, layout=layout)


def _with_pages(
    receipt: Receipt, layout: PdfLayout, drawn: DrawnPages, request: PdfRequest, data: BaseModel
) -> Receipt:
    """Return the receipt with what the finished pages hold."""
    from pks_kit.render.pdf import bare_pdf
    from pks_kit.render.pdf.laid_facts import laid_facts
    from pks_kit.render.pdf.page_design import design_of
    from pks_kit.render.pdf.printed_facts import printed_facts
    from pks_kit.render.pdf.sheets import recorded_sheets

    wanted = critical_values(data)
    # what the marks cannot tell is read from the file, as anybody reads it later
    facts = laid_facts(drawn, wanted)
    if facts is None:
        facts = printed_facts(bare_pdf(layout, request, drawn), wanted)
    sizes = [sheet.size for part in layout.parts for sheet in part.sheets]
    sheets = recorded_sheets(
        sizes, design_of(layout.layout), receipt.profile, initials=layout.initials
    )
    return receipt.model_copy(
        update={
            "sheets": sheets,
            "critical": facts.critical,
            "words_sha256": facts.words_sha256,
        }
    )


def program_versions() -> dict[str, str]:
    """Return the versions of everything that shapes the bytes, for the receipt."""
    return dict(_program_versions())


@cache
def _program_versions() -> dict[str, str]:
    names = (
        *("pks-kit", "weasyprint", "pikepdf", "pypdfium2", "fonttools"),
        *("font-source-serif-pro", "font-source-sans-pro"),
    )
    others = {"python": platform.python_version(), "zlib": zlib.ZLIB_RUNTIME_VERSION}
    return {name: version(name) for name in names} | others


def _asset(prepared: Prepared, name: str) -> Path:
    return load_version(prepared.naskah.versi_templat, templates_root()).asset(name)


def _data_json(data: BaseModel) -> bytes:
    return to_json(_in_order(data.model_dump(mode="json")), indent=1) + b"\n"


def _in_order(value: object) -> object:
    """Return the same with the keys of every group sorted."""
    if isinstance(value, dict):
        return {key: _in_order(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_in_order(one) for one in value]
    return value


def _docx(prepared: Prepared) -> bytes:
    from pks_kit.render.docx import render_docx

    receipt = prepared.receipt
    identity = f"{receipt.agreement_id}/{receipt.edition}"
    return render_docx(prepared.naskah, _asset(prepared, "naskah.docx"), identity=identity)


def _text(prepared: Prepared) -> bytes:
    from pks_kit.render.text import render_text

    return render_text(prepared.naskah).encode()
