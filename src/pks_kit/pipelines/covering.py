"""What a cover may promise: a last day on which somebody is there, and file names that tell."""

from __future__ import annotations

from datetime import date
from pathlib import PurePath

from pks_kit.domain.hari_libur import libur_tetap
from pks_kit.domain.receipt import Receipt
from pks_kit.domain.tanggal import format_tanggal, nama_hari, refuse_after_term, working_day_until
from pks_kit.errors import UsageError
from pks_kit.pipelines.drafting.template_values import running_word
from pks_kit.verification.report.verdict import Note


def last_day(wanted: date, receipt: Receipt, signed: date | None) -> tuple[date, tuple[Note, ...]]:
    """Return the deadline that the cover tells, and why it is not the wanted one.

    A Saturday or Sunday becomes the Friday before, so that nobody comes too late by waiting.

    Args:
        wanted: Day that was asked for.
        receipt: Receipt of the agreement.
        signed: Day of the last electronic act; None before the first.

    Raises:
        UsageError: ``cover.deadline_after_term``, ``cover.deadline_passed``.
    """
    refuse_after_term(wanted, receipt.tanggal_selesai)
    found = working_day_until(wanted)
    if signed is not None and found < signed:
        raise UsageError(
            "cover.deadline_passed", deadline=format_tanggal(found), signed=format_tanggal(signed)
        )
    if found == wanted:
        return found, ()
    told = {
        "wanted": f"{nama_hari(wanted)}, {format_tanggal(wanted)}",
        "deadline": f"{nama_hari(found)}, {format_tanggal(found)}",
    }
    if holiday := libur_tetap(wanted):
        return found, (Note(code="deadline_holiday", params=told | {"holiday": holiday}),)
    return found, (Note(code="deadline_moved", params=told),)


def name_to_send(given: str, receipt: Receipt) -> tuple[str, tuple[Note, ...]]:
    """Return the name by which the cover calls the agreement's file, and what to do about it.

    ``2.pdf`` tells nobody which agreement it is; a name that begins like the issued file stays.
    """
    if PurePath(given).name.startswith(receipt.slug):
        return given, ()
    name = f"{receipt.slug}-untuk-faskes.pdf"
    return name, (Note(code="cover_file_name", params={"given": given, "name": name}),)


def word_for(receipt: Receipt, title: str) -> str:
    """Return what running text calls the document: ``Adendum``, ``Perjanjian``, ``Akad Ijarah``.

    Args:
        receipt: Its receipt.
        title: Title of the PDF, which begins with the name of the agreement.
    """
    return "Adendum" if receipt.induk else running_word(title.partition(" antara ")[0])
