"""Plausibility of NIK (docs/sumber.md 13.6): a strange one is pointed out, the person decides.

The region code 99 does not exist; sample data use it on purpose. It is told once, as information.
A NIK never stands in a finding, only the name of its owner.
"""

from __future__ import annotations

from collections.abc import Iterator

from pks_kit.domain.nama_orang import same_person
from pks_kit.domain.nik import read_nik
from pks_kit.rules.checks.scope import CheckScope
from pks_kit.rules.findings import Finding, blocking, info, warning

_NIK = "Ketentuan administrasi kependudukan"  # docs/sumber.md 13.6
_HFIS = "Petunjuk teknis HFIS, tenaga medis"


def check_nik(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about birth date, serial number and region inside each NIK."""
    unknown = []
    for path, name, nik in _people(scope):
        isi = read_nik(nik, scope.as_of)
        if isi.lahir is None:
            yield warning("nik.no_date", path, _NIK, name=name)
        if isi.nomor_urut == 0:
            yield warning("nik.no_serial", path, _NIK, name=name)
        if not isi.known_province:
            unknown.append(path)
    if unknown:
        yield info("nik.region", unknown[0], _NIK, count=len(unknown))


def _people(scope: CheckScope) -> Iterator[tuple[str, str, str]]:
    for index, tenaga in enumerate(scope.kontrak.tenaga_kesehatan):
        yield f"tenaga_kesehatan[{index}].nik", tenaga.nama, tenaga.nik
    for index, pengguna in enumerate(scope.kontrak.pengguna_aplikasi):
        yield f"pengguna_aplikasi[{index}].nik", pengguna.nama, pengguna.nik
    pemilik = scope.kontrak.pemilik
    known = {tenaga.nik for tenaga in scope.kontrak.tenaga_kesehatan}
    if pemilik is not None and pemilik.nik is not None and pemilik.nik not in known:
        yield "pemilik.nik", pemilik.nama, pemilik.nik


def check_age(scope: CheckScope) -> Iterator[Finding]:
    """Yield warnings when somebody is, or graduated, too young to be the owner of the NIK."""
    youngest = scope.aturan.whole("pemeriksaan.usia_lulus_minimum")
    basis = scope.aturan.legal_basis("pemeriksaan.usia_lulus_minimum")
    for index, tenaga in enumerate(scope.kontrak.tenaga_kesehatan):
        born = read_nik(tenaga.nik, scope.as_of).lahir
        graduated = tenaga.tahun_lulus
        if born is None:
            continue
        path = f"tenaga_kesehatan[{index}]"
        params = {"name": tenaga.nama, "minimum": youngest}
        if graduated is None and scope.as_of.year - born.year < youngest:
            yield warning("nik.too_young", f"{path}.nik", basis, **params)
        if graduated is not None and graduated - born.year < youngest:
            yield warning("nik.graduation", f"{path}.tahun_lulus", basis, year=graduated, **params)


def check_same_nik(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about one NIK with several people, or one person with several roles."""
    first: dict[str, int] = {}
    staff = scope.kontrak.tenaga_kesehatan
    for index, tenaga in enumerate(staff):
        other = staff[first.setdefault(tenaga.nik, index)]
        if other is tenaga:
            continue
        both_doctors = tenaga.profesi == other.profesi == "dokter"
        again = both_doctors and tenaga.spesialis != other.spesialis
        code = "staff.specialist_again" if again else "staff.duplicate_nik"
        yield blocking(code, f"tenaga_kesehatan[{index}].nik", _HFIS, name=tenaga.nama)
    for index, pengguna in enumerate(scope.kontrak.pengguna_aplikasi):
        known = first.get(pengguna.nik)
        if known is not None and not same_person(staff[known].nama, pengguna.nama):
            yield warning(
                "user.other_name",
                f"pengguna_aplikasi[{index}].nama",
                _HFIS,
                name=pengguna.nama,
                other=staff[known].nama,
            )
