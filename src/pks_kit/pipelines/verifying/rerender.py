"""The re-render proof: template + data give this very document, or not.

A drafted PDF carries its data, its template version and the hash of everything that shaped it.
Whoever has the same kit renders it again: with the same versions the bytes are equal; with others
the words and the pictures of the pages are compared, and a difference is named by clause. The
proof looks at the unsigned base of a signed file, so it finds a draft that was changed before
anybody signed it, even when every signature is sound.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass

from pydantic import ValidationError

from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.page_words import squeezed
from pks_kit.domain.receipt import RECEIPT_ATTACHMENT, Receipt, parse_receipt
from pks_kit.errors import FindingsError, PksKitError
from pks_kit.naskah.assemble import LabelledNaskah, assemble_labelled
from pks_kit.naskah.diff.clauses import Clause, clauses_of
from pks_kit.pipelines.draft import fill
from pks_kit.pipelines.drafting.issue import laid_out, render_issued
from pks_kit.pipelines.drafting.template_values import build_context
from pks_kit.resources import templates_root
from pks_kit.rules.law.parameters import load_parameters
from pks_kit.verification.isolation.parent import run_task_guarded
from pks_kit.verification.isolation.protocol import ComparedPages, Job
from pks_kit.verification.limits import Limits
from pks_kit.verification.report.answers import failed, indeterminate, passed
from pks_kit.verification.report.verdict import Check

_MOST_CLAUSES = 40
_MOST_WORDS = 400
_CELL_ENDS = re.compile(r"\n| : | \| ")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Own:
    """Our own rendering of the embedded data."""

    pdf: bytes
    receipt: Receipt
    kontrak: Kontrak


def rerender_checks(base: bytes, limits: Limits) -> tuple[Check, ...]:
    """Render the embedded data again and compare.

    Args:
        base: The unsigned base: everything before the first revision that was appended.
        limits: What reading the file may cost.

    Returns:
        ``render.data`` and, as far as it comes, ``render.bytes`` and ``render.words``.
    """
    answered, why = run_task_guarded(Job(task="embedded", limits=limits), (base,))
    embedded = answered.embedded
    if embedded is None:
        return (indeterminate("render.data", "unreadable"), *why)
    data, receipt_text = embedded.data, embedded.receipt
    if data is None or receipt_text is None:
        return (indeterminate("render.data", "absent"),)
    try:
        receipt = parse_receipt(receipt_text.encode(), RECEIPT_ATTACHMENT)
        if receipt.induk is not None:
            return (indeterminate("render.data", "addendum"),)
        kontrak = Kontrak.model_validate(json.loads(data))
    except (ValidationError, ValueError, RecursionError, PksKitError):
        return (failed("render.data", "invalid"),)
    try:
        own = _render(kontrak, receipt)
    except FindingsError:
        return (failed("render.data", "blocked"),)
    except PksKitError as error:
        versi = receipt.template.versi
        return (indeterminate("render.data", "cannot_render", versi=versi, kode=error.code),)
    return (*_receipts(receipt, own.receipt), *_compare(base, own, receipt, limits))


def _render(kontrak: Kontrak, receipt: Receipt) -> _Own:
    prepared = fill(kontrak, receipt.as_of, input_sha256=receipt.input_sha256, like=receipt)
    # issues of other programs are compared by what the layout engine itself writes
    same = receipt.versions == prepared.receipt.versions
    layout = laid_out(prepared, road="quick" if same else "written")
    pdf, issued = render_issued(prepared, layout)
    return _Own(pdf=pdf, receipt=issued.without_issued(), kontrak=kontrak)


def _labelled(own: _Own) -> LabelledNaskah:
    kontrak = own.kontrak
    aturan = load_parameters().resolve_all(own.receipt.as_of)
    return assemble_labelled(
        kontrak.versi_templat,
        kontrak.faskes.jenis,
        build_context(kontrak, aturan),
        cara_kontrak=kontrak.cara_kontrak,
        nomor_kesatu=kontrak.pihak_kesatu.nomor_pks,
        nomor_kedua=kontrak.pihak_kedua.nomor_pks,
        templates_root=templates_root(),
    )


def _receipts(printed: Receipt, own: Receipt) -> list[Check]:
    """The receipt inside must be the one that this data gives."""
    exact = ("critical", "words_sha256") if printed.versions == own.versions else ()
    wrong = [
        name
        for name in ("agreement_id", "nomor_kesatu", "nomor_kedua", "nama_kesatu", "nama_kedua",
                     "tanggal_mulai", "tanggal_selesai", "profile", "pages", "places",
                     "edition", "sheets", *exact)
        if getattr(printed, name) != getattr(own, name)
    ]  # fmt: skip
    if wrong and _same_source(printed, own):
        return [failed("render.data", "receipt_differs", names=", ".join(wrong))]
    return [passed("render.data", "read", versi=printed.template.versi)]


def _same_source(printed: Receipt, own: Receipt) -> bool:
    return printed.template == own.template and printed.parameters_sha256 == own.parameters_sha256


def _compare(base: bytes, own: _Own, receipt: Receipt, limits: Limits) -> list[Check]:
    same_text = _same_source(receipt, own.receipt)
    if hashlib.sha256(base).digest() == hashlib.sha256(own.pdf).digest():
        return [passed("render.bytes", "same", versi=receipt.template.versi)]
    checks = [_bytes_check(receipt, own.receipt, same_text=same_text)]
    answered, why = run_task_guarded(Job(task="pages", limits=limits), (base, own.pdf))
    if answered.pages is None:
        return [*checks, indeterminate("render.words", "unreadable", "visual"), *why]
    return [*checks, _words_check(answered.pages, own, same_text=same_text)]


def _bytes_check(printed: Receipt, own: Receipt, *, same_text: bool) -> Check:
    """Same sources and same programs must give the same bytes; others need not."""
    if not same_text:
        return indeterminate("render.bytes", "other_template", versi=printed.template.versi)
    if printed.versions != own.versions:
        names = sorted(
            name
            for name in printed.versions.keys() | own.versions.keys()
            if printed.versions.get(name) != own.versions.get(name)
        )
        return passed("render.bytes", "other_programs", programs=", ".join(names))
    return failed("render.bytes", "different", versi=printed.template.versi)


def _words_check(found: ComparedPages, own: _Own, *, same_text: bool) -> Check:
    answer = failed if same_text else indeterminate
    pages = sorted({*found.other_words, *found.other_pictures})
    if found.pages != found.own_pages:
        return answer(
            "render.words", "pages", "visual", count=found.pages, expected=found.own_pages
        )
    if not found.other_words and not found.other_pictures:
        return passed("render.words", "same", "visual", count=found.pages)
    shown = ", ".join(str(page) for page in pages[:20])
    if not found.other_words:
        return answer("render.words", "pictures", "visual", pages=shown, page=pages[0])
    clauses = _changed(_labelled(own), found.words, found.own_words)
    return answer(
        "render.words",
        "different",
        "visual",
        pages=shown,
        clauses="; ".join(one["clause"] for one in clauses) or "?",
        page=pages[0],
        details={"clauses": clauses},
    )


def _changed(labelled: LabelledNaskah, words: str, own_words: str) -> list[dict[str, str]]:
    """Return the clauses whose words stand in our rendering but not in the file."""
    found: list[dict[str, str]] = []
    for clause in clauses_of(labelled):
        if len(found) >= _MOST_CLAUSES:
            break
        for piece in _pieces(clause):
            if piece in own_words and piece not in words:
                found.append(
                    {
                        "clause": clause.place,
                        "address": clause.alamat or "",
                        "expected": _around(clause.teks, piece),
                    }
                )
                break
    return found


def _around(words: str, piece: str) -> str:
    """Return the words of a clause near the piece that is missing, for people to compare."""
    if len(words) <= _MOST_WORDS:
        return words
    lines = [line for line in _CELL_ENDS.split(words) if squeezed(line) == piece]
    return (lines[0] if lines else words)[:_MOST_WORDS]


def _pieces(clause: Clause) -> list[str]:
    """Return what must stand together on a page: a sentence, or one cell of a table or form."""
    parts = [clause.teks]
    if clause.bentuk not in ("butir", "paragraf", "subjudul"):
        parts = _CELL_ENDS.split(clause.teks)
    return [piece for piece in (squeezed(part) for part in parts) if len(piece) > 2]
