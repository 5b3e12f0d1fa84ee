"""Which profession may practise in which poli (docs/sumber.md 6.7).

The HFIS table speaks of poli. For the units ``ugd`` and ``rawat_inap``, which HFIS does not list,
doctors and nurses are allowed; professions that the table does not name have no poli. Both are
our reading. A nurse stands in for a doctor or a dentist only in a puskesmas that has none who
counts on the first day of the term.
"""

from __future__ import annotations

from collections.abc import Iterator

from pks_kit.domain.kontrak import Kontrak, Poli, TenagaKesehatan
from pks_kit.domain.sebutan import POLI_TAMPIL, PROFESI_TAMPIL
from pks_kit.domain.sifat_faskes import SIFAT
from pks_kit.rules.checks.scope import CheckScope
from pks_kit.rules.computed.values import counted
from pks_kit.rules.findings import Finding, blocking, info

_HFIS = "Petunjuk teknis HFIS, jadwal praktik tenaga medis"
_POLI_OF: dict[str, frozenset[str]] = {
    "dokter": frozenset({"umum", "kia", "kb", "persalinan", "ugd", "rawat_inap"}),
    "dokter_gigi": frozenset({"gigi"}),
    "bidan": frozenset({"kia", "kb", "persalinan"}),
    "perawat": frozenset({"ugd", "rawat_inap"}),
    "refraksionis_optisien": frozenset({"refraksi"}),
    "optometris": frozenset({"refraksi"}),
}


def check_poli(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about sessions in a poli that the profession does not have.

    That a nurse stands in is told once for each nurse and poli, not for every session.
    """
    told: set[tuple[str, str]] = set()
    staff = {tenaga.kunci: tenaga for tenaga in scope.kontrak.tenaga_kesehatan}
    for index, sesi in enumerate(scope.kontrak.jadwal.praktik):
        tenaga = staff.get(sesi.tenaga)
        if tenaga is None:
            continue
        code = poli_refusal(scope.kontrak, tenaga, sesi.poli)
        params = {
            "name": tenaga.nama,
            "profession": PROFESI_TAMPIL[tenaga.profesi],
            "poli": POLI_TAMPIL[sesi.poli],
        }
        path = f"jadwal.praktik[{index}].poli"
        if code is not None:
            yield blocking(code, path, _HFIS, **params)
        elif tenaga.profesi == "perawat" and sesi.poli not in _POLI_OF["perawat"]:
            if (tenaga.kunci, sesi.poli) not in told:
                yield info("schedule.nurse_stands_in", path, _HFIS, **params)
            told.add((tenaga.kunci, sesi.poli))


def poli_refusal(kontrak: Kontrak, tenaga: TenagaKesehatan, poli: Poli) -> str | None:
    """Return the code of the finding that refuses somebody in a poli, or None when allowed."""
    if tenaga.bidan_jejaring:
        return "schedule.jejaring_midwife"
    if poli in _POLI_OF.get(tenaga.profesi, frozenset()):
        return None
    if tenaga.profesi == "perawat" and SIFAT[kontrak.faskes.jenis].puskesmas:
        replaced = "dokter_gigi" if poli == "gigi" else "dokter"
        return f"schedule.nurse_beside_{replaced}" if counted(kontrak, replaced) else None
    return "schedule.poli_not_allowed"
