"""The workbook of the next term: its tables with marked cells, and sheets of notes before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pks_kit.domain.perpanjangan import DIISI_KEMBALI
from pks_kit.inputs.workbook.notes_sheet import Listed, NotesSheet
from pks_kit.inputs.workbook.words import in_cell, in_workbook
from pks_kit.inputs.workbook.writer import MARK_FILLS, Mark, write_workbook
from pks_kit.messages import lookup
from pks_kit.rules.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pks_kit.pipelines.workbook_renew import RenewedFacility, TextChanges, WorkbookRenewResult

_MOST_LINES = 40
"""Lines of one cell; a person reads the rest in the JSON or on the command line."""


def renewed_book(result: WorkbookRenewResult, language: str) -> bytes:
    """Return the new workbook as XLSX.

    Args:
        result: What came of the old one.
        language: Of the sheets of notes; ``id`` or ``en``. Notes on cells are Indonesian, as the
            words of the agreement.
    """
    facilities = {
        one.facility.key: one.made.kontrak for one in result.facilities if one.made is not None
    }
    marks = {one.facility.key: _marks(one) for one in result.facilities if one.made is not None}
    notes = [_summary(result, language)]
    if result.texts:
        notes.append(_texts(result.texts, language))
    branches = {one.facility.key: one.facility.branch for one in result.facilities}
    return write_workbook(facilities, marks=marks, notes=notes, branches=branches)


def _marks(one: RenewedFacility) -> dict[str, Mark]:
    """Return the marks of one facility: to fill, carried over, and what the checks found."""
    if one.made is None:
        return {}
    found = {path: Mark(kind="fill", note=words) for path, words in DIISI_KEMBALI.items()}
    for path, words in one.made.remarks.items():
        found.setdefault(path, Mark(kind="check", note=words))
    for finding in one.made.findings:
        path = one.cells.cell_path(finding.path)
        if path and finding.level in ("blocking", "warning"):
            level = lookup(f"cli.level.{finding.level}").id
            found.setdefault(path, Mark(kind="check", note=f"{level}: {finding.text.id}"))
    return found


def _summary(result: WorkbookRenewResult, language: str) -> NotesSheet:
    heads = (
        "key", "facility_name", "facility", "state", "old_end", "template", "to_fill", "to_check",
        "removed", "licences", "recredentialing", "blocking", "warning", "text",
    )  # fmt: skip
    rows = tuple(_row(result, one, language) for one in result.facilities)
    colours = tuple(
        MARK_FILLS["blocking"]
        if one.made is None
        else MARK_FILLS["fill"]
        if any(finding.level == "blocking" for finding in one.made.findings)
        else MARK_FILLS["check"]
        for one in result.facilities
    )
    return NotesSheet(
        title=_say("sheet.summary", language),
        headings=tuple(_say(f"head.{name}", language) for name in heads),
        rows=rows,
        colours=colours,
    )


def _row(result: WorkbookRenewResult, one: RenewedFacility, language: str) -> tuple[Listed, ...]:
    facility, made, old = one.facility, one.made, one.facility.kontrak
    first = (facility.key, facility.name)
    if made is None or old is None:
        problems = getattr(one.error, "problems", ())
        lines = [f"{problem.where}: {problem.text.in_language(language)}" for problem in problems]
        words = one.error.text.in_language(language) if one.error is not None else ""
        reason = _lines([words, *lines])
        return (*first, "", _say("state.failed", language), "", "", reason, *[""] * 7)
    return (
        *first,
        old.faskes.kode,
        _say("state.renewed", language),
        old.jangka_waktu.tanggal_selesai,
        f"{old.versi_templat} → {made.kontrak.versi_templat}",
        _lines(f"{cell.place}: {cell.words}" for cell in one.to_fill()),
        _lines(f"{cell.place}: {cell.words}" for cell in one.to_check()),
        _lines(made.removed),
        _lines(
            f"{ending.berakhir} {lookup(f'renewals.kind.{ending.jenis}').in_language(language)}: "
            f"{ending.nama} {ending.nomor}".rstrip()
            for ending in made.licences
        ),
        _recredentialing(one, language),
        _findings(one, "blocking", language),
        _findings(one, "warning", language),
        _text_words(result, one, language),
    )


def _recredentialing(one: RenewedFacility, language: str) -> str:
    from pks_kit.pipelines.reference.recredentialing_form import last_year

    row = last_year(one.made.kontrak) if one.made else None
    if row is None:
        return ""
    values = {
        "year": row.year,
        "self": row.self_score or "-",
        "self_day": row.self_date or "-",
        "score": row.result_score or "-",
        "day": row.result_date or "-",
        "status": row.status or "-",
        "method": row.method or "-",
    }
    return lookup("renewals.recredentialing").fill(values).in_language(language)


def _findings(one: RenewedFacility, level: str, language: str) -> str:
    found: Iterable[Finding] = one.made.findings if one.made else ()
    return _lines(
        f"{in_cell(one.place_of(finding.path), finding.path)}: "
        f"{in_workbook(finding.text.in_language(language))}"
        for finding in found
        if finding.level == level
    )


def _text_words(result: WorkbookRenewResult, one: RenewedFacility, language: str) -> str:
    if one.text is None:
        return ""
    text = result.texts[one.text - 1]
    if text.problem is not None:
        reason = text.problem.text.in_language(language)
        return lookup("renew.not_compared").fill({"reason": reason}).in_language(language)
    words = {"count": len(text.changes), "number": one.text}
    return lookup("renew.book.text").fill(words).in_language(language)


def _texts(texts: tuple[TextChanges, ...], language: str) -> NotesSheet:
    """Return the sheet of changed clauses, group after group."""
    heads = ("number", "template", "facilities", "change", "old", "new", "old_words", "new_words")
    rows: list[tuple[Listed, ...]] = []
    for number, one in enumerate(texts, start=1):
        first = (number, f"{one.versi_lama} → {one.versi_baru}", _lines(one.keys))
        if not one.changes:
            code = "renew.no_changes" if one.problem is None else "renew.not_compared"
            reason = one.problem.text.in_language(language) if one.problem else ""
            words = lookup(code).fill({"reason": reason}).in_language(language)
            rows.append((*first, words, "", "", "", ""))
        rows += [
            (
                *first,
                lookup(f"renew.change.{change.kind}").in_language(language),
                change.old.place if change.old else "",
                change.new.place if change.new else "",
                change.old.teks if change.old else "",
                change.new.teks if change.new else "",
            )
            for change in one.changes
        ]
    return NotesSheet(
        title=_say("sheet.texts", language),
        headings=tuple(_say(f"head.{name}", language) for name in heads),
        rows=tuple(rows),
    )


def _lines(lines: Iterable[str]) -> str:
    found = list(lines)
    shown = found[:_MOST_LINES]
    return "\n".join([*shown, "…"] if len(found) > len(shown) else shown)


def _say(code: str, language: str) -> str:
    return lookup(f"renew.book.{code}").in_language(language)
