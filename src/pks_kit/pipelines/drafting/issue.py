"""Issue a prepared document: tree in, PDF, DOCX, text and receipt out, as bytes with names.

Shared by everything that is drafted: the agreement itself and its addenda.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel

from pks_kit.domain.page_code import format_page_code
from pks_kit.domain.receipt import DATA_ATTACHMENT, RECEIPT_ATTACHMENT, IssuedFile, Receipt
from pks_kit.domain.tanda_tangan import (
    TandaTanganElektronik,
    certificate_note,
    roles_of_services,
)
from pks_kit.errors import UsageError
from pks_kit.files import NamedFile
from pks_kit.json_types import AgreementId, Count
from pks_kit.naskah.catalogue import load_version
from pks_kit.naskah.tree import Naskah
from pks_kit.resources import templates_root
from pks_kit.rules.findings import Finding

FORMATS = ("pdf", "docx", "txt")
"""Formats that can be written; the receipt is always written with the PDF."""


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
    """

    naskah: Naskah
    receipt: Receipt
    findings: tuple[Finding, ...]
    data: BaseModel
    dated: date
    tanda_tangan: TandaTanganElektronik | None = None


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
    prepared: Prepared, formats: Sequence[str], progress: Callable[[str], None]
) -> DraftResult:
    """Make every wanted format.

    Args:
        prepared: The document.
        formats: Subset of ``FORMATS``.
        progress: Called with the message code of each step before it starts.

    Raises:
        RenderError: Pages or DOCX could not be made exactly.
        UsageError: ``draft.unknown_format``.
    """
    refuse_unknown_formats(formats)
    files: dict[str, NamedFile] = {}
    stem = prepared.receipt.slug
    pages = 0
    if "pdf" in formats:
        progress("draft.step.pdf")
        pdf, receipt = render_issued(prepared)
        pages = receipt.pages
        files["pdf"] = NamedFile(f"{stem}.pdf", pdf)
        files["receipt"] = NamedFile(f"{stem}.receipt.json", receipt.to_json())
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


def render_issued(prepared: Prepared) -> tuple[bytes, Receipt]:
    """Return the PDF ready to be issued, and its receipt with the hash of exactly these bytes."""
    from pks_kit.render.pdf import Attachment, PdfRequest, finish_pdf, layout_pdf

    css = _asset(prepared, "style.css").read_text("utf-8")
    method = prepared.naskah.cara_kontrak
    layout = layout_pdf(
        prepared.naskah,
        css=css,
        roles_of_services=roles_of_services(prepared.tanda_tangan, method),
    )
    receipt = prepared.receipt.model_copy(update={"pages": layout.pages, "places": layout.places})
    pdf = finish_pdf(
        layout,
        PdfRequest(
            agreement_id=receipt.agreement_id,
            title=prepared.naskah.judul,
            author=receipt.nama_kesatu,
            issued_at=datetime.combine(prepared.dated, time(0, 0), tzinfo=UTC),
            page_code=lambda page, pages: format_page_code(receipt.agreement_id, page, pages),
            producer=f"pks-kit {version('pks-kit')}",
            certificate_note=certificate_note(prepared.tanda_tangan, method),
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
                    content=receipt.to_json(),
                    mime="application/json",
                    description="Tanda terima: templat, parameter, versi, dan tempat tanda tangan",
                    relationship="Data",
                ),
            ),
        ),
    )
    issued = IssuedFile(
        file=f"{receipt.slug}.pdf", sha256=hashlib.sha256(pdf).hexdigest(), size=len(pdf)
    )
    return pdf, receipt.model_copy(update={"issued": issued})


def program_versions() -> dict[str, str]:
    """Return the versions of everything that shapes the bytes, for the receipt."""
    names = ("pks-kit", "weasyprint", "pikepdf", "font-source-serif-pro", "font-source-sans-pro")
    return {name: version(name) for name in names} | {"python": platform.python_version()}


def _asset(prepared: Prepared, name: str) -> Path:
    return load_version(prepared.naskah.versi_templat, templates_root()).asset(name)


def _data_json(data: BaseModel) -> bytes:
    text = json.dumps(data.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, indent=1)
    return text.encode() + b"\n"


def _docx(prepared: Prepared) -> bytes:
    from pks_kit.render.docx import render_docx

    return render_docx(prepared.naskah, _asset(prepared, "naskah.docx"))


def _text(prepared: Prepared) -> bytes:
    from pks_kit.render.text import render_text

    return render_text(prepared.naskah).encode()
