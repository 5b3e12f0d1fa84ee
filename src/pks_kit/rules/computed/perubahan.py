"""What changed between two states of a facility's data: documents and staff, and nothing more.

A notice of changed data names what changed, what it was and what it is. Of people it tells name,
profession and licence; identity numbers, phone numbers and accounts stay where they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from pks_kit.domain.kontrak import Dokumen, IzinOperasional, Kontrak, TenagaKesehatan
from pks_kit.domain.sebutan import PROFESI_TAMPIL
from pks_kit.domain.tanggal import format_tanggal
from pks_kit.messages import lookup

Kelompok = Literal["dokumen", "tenaga"]
_NONE = "–"
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Perubahan:
    """One change.

    Attributes:
        kelompok: Document or member of staff.
        apa: What changed, for example the name of a document or a person.
        semula: What it was; a dash when it is new.
        menjadi: What it is; a dash when it is gone.
    """

    kelompok: Kelompok
    apa: str
    semula: str
    menjadi: str


def changes(lama: Kontrak, baru: Kontrak) -> tuple[Perubahan, ...]:
    """Return every change of documents and staff, documents first, in the order of the data."""
    return (*_documents(lama, baru), *_staff(lama, baru))


def _documents(lama: Kontrak, baru: Kontrak) -> Iterator[Perubahan]:
    licence = "Izin operasional"
    yield from _row(
        "dokumen",
        licence,
        _licence(lama.faskes.izin_operasional),
        _licence(baru.faskes.izin_operasional),
    )
    yield from _row("dokumen", "Akreditasi", _accredited(lama), _accredited(baru))
    yield from _rows("dokumen", lama.dokumen, baru.dokumen, _document_name, _document)


def _staff(lama: Kontrak, baru: Kontrak) -> Iterator[Perubahan]:
    """A person is known by the identity number, which is never printed."""
    before, after = ({one.nik: one for one in kontrak.tenaga_kesehatan} for kontrak in (lama, baru))
    for nik in dict.fromkeys((*before, *after)):
        old, new = before.get(nik), after.get(nik)
        known = new or old
        if known is not None:
            yield from _row("tenaga", known.nama, _person(old), _person(new))


def _rows(
    kelompok: Kelompok,
    lama: Sequence[_Row],
    baru: Sequence[_Row],
    name: Callable[[_Row], str],
    words: Callable[[_Row], str],
) -> Iterator[Perubahan]:
    """Compare rows of one name by their order; rows of a name that has only one side are new."""
    before, after = _by_name(lama, name), _by_name(baru, name)
    for title in dict.fromkeys((*before, *after)):
        old, new = ([words(one) for one in side.get(title, ())] for side in (before, after))
        gone = [one for one in old if one not in new]
        come = [one for one in new if one not in old]
        for index in range(max(len(gone), len(come))):
            yield from _row(
                kelompok,
                title,
                gone[index] if index < len(gone) else _NONE,
                come[index] if index < len(come) else _NONE,
            )


def _by_name(rows: Sequence[_Row], name: Callable[[_Row], str]) -> Mapping[str, list[_Row]]:
    found: dict[str, list[_Row]] = {}
    for row in rows:
        found.setdefault(name(row), []).append(row)
    return found


def _row(kelompok: Kelompok, apa: str, semula: str, menjadi: str) -> Iterator[Perubahan]:
    if semula != menjadi:
        yield Perubahan(kelompok=kelompok, apa=apa, semula=semula, menjadi=menjadi)


def _licence(izin: IzinOperasional | None) -> str:
    if izin is None:
        return _NONE
    return _told(izin.nomor, izin.tanggal, izin.berlaku_sampai, f"dari {izin.penerbit}")


def _accredited(kontrak: Kontrak) -> str:
    found = kontrak.faskes.akreditasi
    if found is None:
        return _NONE
    return _told(found.nomor, None, found.berlaku_sampai, found.status)


def _document_name(dokumen: Dokumen) -> str:
    name = lookup(f"document.name.{dokumen.jenis}").in_language("id")
    return name[:1].upper() + name[1:]


def _document(dokumen: Dokumen) -> str:
    return _told(dokumen.nomor, dokumen.tanggal, dokumen.berlaku_sampai, "")


def _person(tenaga: TenagaKesehatan | None) -> str:
    if tenaga is None:
        return _NONE
    kind = PROFESI_TAMPIL[tenaga.profesi]
    parts = [
        f"{kind} (spesialis)" if tenaga.spesialis else kind,
        f"SIP nomor {tenaga.sip.nomor}",
        f"berlaku sampai {format_tanggal(tenaga.sip.berlaku_sampai)}",
    ]
    if tenaga.bidan_jejaring:
        parts.append("bidan jejaring")
    if tenaga.sertifikat_usg:
        parts.append("bersertifikat USG")
    return tenaga.nama + ", " + ", ".join(parts)


def _told(nomor: str | None, tanggal: Any, sampai: Any, more: str) -> str:
    parts = [
        more,
        f"nomor {nomor}" if nomor else "",
        f"tanggal {format_tanggal(tanggal)}" if tanggal else "",
        f"berlaku sampai {format_tanggal(sampai)}" if sampai else "",
    ]
    return ", ".join(part for part in parts if part) or "tersedia"
