"""Data that are looked at in one call: what one set shares with another and must not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.sebutan import nama_faskes
from pks_kit.inputs import LoadedKontrak
from pks_kit.inputs.workbook import Book, Facility
from pks_kit.inputs.yaml_tree import PLACEHOLDER
from pks_kit.messages import Message, lookup
from pks_kit.rules.checks.duplicates import Identity
from pks_kit.rules.checks.shared_staff import check_together, held_by
from pks_kit.rules.findings import Finding
from pks_kit.strict_yaml.values import as_text


def identity_of_file(loaded: LoadedKontrak, shown: str) -> Identity:
    """Return what tells the agreement of one file from others; places are file and line."""

    def where(path: str) -> Message:
        line = loaded.line_of(path)
        code = "duplicate.place.line" if line else "duplicate.place.file"
        return lookup(code).fill({"file": shown, "line": line})

    return _of_kontrak(loaded.kontrak, where)


def identities_of_book(book: Book, shown: str = "") -> tuple[Identity, ...]:
    """Return what tells the facilities of a workbook apart, also those that cannot be drafted.

    Args:
        book: The workbook.
        shown: Its name, when cells of several files are named.
    """
    return tuple(_of_facility(one, shown) for one in book.facilities)


def _of_facility(facility: Facility, shown: str) -> Identity:
    def where(path: str) -> Message:
        cell = facility.place_of(path)
        place = f"{shown}: {cell}" if shown else cell
        return Message(place, place)

    kontrak = facility.kontrak
    if kontrak is not None:
        return _of_kontrak(kontrak, where)
    # the cells that are right still say which facility this is
    plain = as_text(facility.tree)
    return Identity(
        kode=_text(plain, "faskes", "kode"),
        nomor_kesatu=_text(plain, "pihak_kesatu", "nomor_pks"),
        nomor_kedua=_text(plain, "pihak_kedua", "nomor_pks"),
        masa=_term(plain),
        nama=facility.name,
        where=where,
    )


def _of_kontrak(kontrak: Kontrak, where: Callable[[str], Message]) -> Identity:
    return Identity(
        kode=kontrak.faskes.kode,
        nomor_kesatu=kontrak.pihak_kesatu.nomor_pks,
        nomor_kedua=kontrak.pihak_kedua.nomor_pks,
        masa=(kontrak.jangka_waktu.tanggal_mulai, kontrak.jangka_waktu.tanggal_selesai),
        nama=nama_faskes(kontrak),
        where=where,
        dipegang=tuple(held_by(kontrak)),
    )


def _text(plain: object, *keys: str) -> str:
    for key in keys:
        plain = plain.get(key) if isinstance(plain, Mapping) else None
    # what waits to be filled is the same in every facility and tells none apart
    return plain if isinstance(plain, str) and not plain.startswith(PLACEHOLDER) else ""


def _term(plain: object) -> tuple[date, date] | None:
    days = [_text(plain, "jangka_waktu", key) for key in ("tanggal_mulai", "tanggal_selesai")]
    try:
        start, end = (date.fromisoformat(day) for day in days)
    except ValueError:
        return None
    return start, end


def shared_in_book(book: Book) -> tuple[tuple[Finding, ...], ...]:
    """Return what the facilities of a workbook share and must not, in their order."""
    return check_together(identities_of_book(book))
