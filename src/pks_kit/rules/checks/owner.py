"""Checks of who is bound by the signature of PIHAK KEDUA (docs/sumber.md 1.2, 1.4).

Levels: an owner that the kind of facility cannot have, a signature for somebody else without a
power of attorney, and dates that contradict each other block. What a person must look up (deed,
approval, decree) is ``manual``; the text is right without it and only says less.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pks_kit.domain.masukan import DasarPenetapan
from pks_kit.domain.nama_orang import same_person
from pks_kit.domain.pemilik import SIFAT_PEMILIK, Kuasa, Pemilik, allowed_owners
from pks_kit.rules.checks.scope import DATA, CheckScope
from pks_kit.rules.checks.signatory import is_placeholder
from pks_kit.rules.findings import Finding, blocking, info, manual, warning

_BOUND = "KUH Perdata Pasal 1315, 1320, dan 1792; Permenkes 71/2013 Pasal 4"
_DEED_WORDS = ("akta", "anggaran dasar")
_BLUD_RULE = "Sosialisasi PKS FKTP 2024, bentuk kontrak puskesmas BLUD"
_PATH = "pemilik"


def check_owner(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about the owner: who it is, its papers, its address."""
    pemilik, jenis = scope.kontrak.pemilik, scope.kontrak.faskes.jenis
    if pemilik is None:
        code = "owner.no_domicile" if scope.sifat.perorangan else "owner.missing"
        yield manual(code, _PATH, _BOUND, kind=jenis)
        return
    allowed = allowed_owners(scope.sifat)
    if pemilik.jenis not in allowed:
        choices = ", ".join(allowed)
        path = f"{_PATH}.jenis"
        yield blocking("owner.kind", path, _BOUND, given=pemilik.jenis, kind=jenis, choices=choices)
        return
    if is_placeholder(pemilik.nama):
        yield blocking("authority.placeholder", f"{_PATH}.nama", _BOUND, value=pemilik.nama)
    yield from _person(pemilik)
    yield from _papers(pemilik)
    yield from _dates(pemilik, scope.kontrak.pihak_kesatu.tanggal_tanda_tangan)
    yield from _government(scope, pemilik)


def _person(pemilik: Pemilik) -> Iterator[Finding]:
    path = f"{_PATH}.nik"
    if SIFAT_PEMILIK[pemilik.jenis].pribadi:
        if pemilik.nik is None:
            yield manual("owner.no_nik", path, _BOUND, name=pemilik.nama)
    elif pemilik.nik is not None:
        yield warning("owner.nik_unused", path, _BOUND, name=pemilik.nama)


def _papers(pemilik: Pemilik) -> Iterator[Finding]:
    sifat = SIFAT_PEMILIK[pemilik.jenis]
    if sifat.berakta and pemilik.akta is None:
        yield manual("owner.no_deed", f"{_PATH}.akta", _BOUND, name=pemilik.nama)
    if sifat.disahkan and pemilik.pengesahan is None:
        yield manual("owner.no_approval", f"{_PATH}.pengesahan", _BOUND, name=pemilik.nama)
    if sifat.berakta or sifat.disahkan:
        return
    for name in ("akta", "pengesahan", "perubahan_terakhir"):
        if getattr(pemilik, name) is not None:
            yield warning(
                "owner.paper_unused", f"{_PATH}.{name}", _BOUND, field=name, kind=pemilik.jenis
            )


def _dates(pemilik: Pemilik, signed: date) -> Iterator[Finding]:
    """Yield findings about papers of the future, and about papers in the wrong order."""
    akta, ubah = pemilik.akta, pemilik.perubahan_terakhir
    rows = (
        ("akta", akta.tanggal if akta else None),
        ("pengesahan", pemilik.pengesahan.tanggal if pemilik.pengesahan else None),
        ("perubahan_terakhir", ubah.tanggal if ubah else None),
        (
            "perubahan_terakhir.pengesahan",
            ubah.pengesahan.tanggal if ubah and ubah.pengesahan else None,
        ),
    )
    last: tuple[str, date] | None = None
    for name, given in rows:
        if given is None:
            continue
        path = f"{_PATH}.{name}.tanggal"
        if given > signed:
            yield blocking("owner.after_signing", path, _BOUND, given=given, signed=signed)
        elif last is not None and given < last[1]:
            yield warning("owner.order", path, _BOUND, given=given, earlier=last[0], day=last[1])
        last = (name, given)
    decrees: tuple[tuple[str, DasarPenetapan | None], ...] = (
        ("penetapan_blud", pemilik.penetapan_blud),
        ("koordinasi_dinas", pemilik.koordinasi_dinas),
    )
    for name, decree in decrees:
        if decree is not None and decree.tanggal > signed:
            yield blocking(
                "owner.after_signing",
                f"{_PATH}.{name}.tanggal",
                _BOUND,
                given=decree.tanggal,
                signed=signed,
            )


def _government(scope: CheckScope, pemilik: Pemilik) -> Iterator[Finding]:
    faskes = scope.kontrak.faskes
    negara = SIFAT_PEMILIK[pemilik.jenis].negara
    blud = scope.sifat.puskesmas and scope.sifat.aturan_rekening == "blud"
    if blud and pemilik.penetapan_blud is None:
        yield manual("owner.no_blud_decree", f"{_PATH}.penetapan_blud", _BLUD_RULE)
    not_blud = scope.sifat.puskesmas and not blud
    if pemilik.penetapan_blud is not None and (not_blud or not negara):
        yield warning("owner.blud_unused", f"{_PATH}.penetapan_blud", _BLUD_RULE, kind=faskes.jenis)
    if negara and faskes.kepemilikan in ("pmdn", "pma"):
        yield warning(
            "owner.ownership_differs",
            "faskes.kepemilikan",
            DATA,
            given=faskes.kepemilikan.upper(),
            kind=pemilik.jenis,
        )
    if scope.sifat.puskesmas and not _same_region(pemilik.nama, faskes.kabupaten_kota):
        yield info(
            "owner.other_region",
            f"{_PATH}.nama",
            DATA,
            name=pemilik.nama,
            region=faskes.kabupaten_kota,
        )


def _same_region(name: str, region: str) -> bool:
    return " ".join(region.casefold().split()) in " ".join(name.casefold().split())


def check_power(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about the power of who signs to bind the owner."""
    kontrak = scope.kontrak
    kedua, pemilik = kontrak.pihak_kedua, kontrak.pemilik
    if kedua.kuasa is not None:
        yield from _power(kedua.kuasa, kedua.nama_penandatangan, scope)
    by_power = kedua.kuasa is not None and not scope.sifat.perorangan
    if pemilik is None or by_power or SIFAT_PEMILIK[pemilik.jenis].negara:
        return
    if pemilik.jenis not in allowed_owners(scope.sifat):
        return
    if SIFAT_PEMILIK[pemilik.jenis].pribadi:
        if not same_person(pemilik.nama, kedua.nama_penandatangan):
            yield blocking(
                "owner.other_signs",
                "pihak_kedua.kuasa",
                _BOUND,
                owner=pemilik.nama,
                name=kedua.nama_penandatangan,
            )
        return
    basis = kedua.dasar_penetapan.jenis
    if not any(word in basis.casefold() for word in _DEED_WORDS):
        yield manual(
            "owner.no_power",
            "pihak_kedua.kuasa",
            _BOUND,
            name=kedua.nama_penandatangan,
            basis=basis,
            owner=pemilik.nama,
        )


def _power(kuasa: Kuasa, signatory: str, scope: CheckScope) -> Iterator[Finding]:
    path, signed = "pihak_kedua.kuasa", scope.kontrak.pihak_kesatu.tanggal_tanda_tangan
    if scope.sifat.perorangan:
        yield warning("owner.power_unused", path, _BOUND, kind=scope.kontrak.faskes.jenis)
    if kuasa.tanggal > signed:
        yield blocking(
            "owner.after_signing", f"{path}.tanggal", _BOUND, given=kuasa.tanggal, signed=signed
        )
    if same_person(kuasa.pemberi, signatory):
        yield warning("owner.power_to_self", f"{path}.pemberi", _BOUND, name=signatory)
    for name in ("jenis", "nomor", "pemberi", "jabatan_pemberi"):
        value = getattr(kuasa, name)
        if is_placeholder(value):
            yield blocking("authority.placeholder", f"{path}.{name}", _BOUND, value=value)


def check_owner_nik(scope: CheckScope) -> Iterator[Finding]:
    """Yield a finding when the owner is among the staff with another NIK."""
    pemilik = scope.kontrak.pemilik
    if pemilik is None or pemilik.nik is None:
        return
    for tenaga in scope.kontrak.tenaga_kesehatan:
        if same_person(tenaga.nama, pemilik.nama) and tenaga.nik != pemilik.nik:
            yield warning("owner.nik_differs", f"{_PATH}.nik", DATA, name=pemilik.nama)
