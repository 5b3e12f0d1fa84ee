"""What would stop or disturb a renewal: the checks of the next agreement's data, and gaps in them.

Renewing reuses the checks of contract data on the data as they will be. Left out is what a person
fills anyway: numbers and term. The day of signing is not known either; what must stand on that day
is asked for on the last one before the term, so that nothing is compared with the old day.
"""

from __future__ import annotations

from collections.abc import Iterator

from pks_kit.domain.kontrak import JangkaWaktu, Kontrak
from pks_kit.domain.perpanjangan import renewed
from pks_kit.domain.sifat_faskes import SIFAT
from pks_kit.domain.tanggal import days_after
from pks_kit.errors import UsageError
from pks_kit.rules.checks.catalogue import check_kontrak
from pks_kit.rules.checks.recredentialing import no_result_for
from pks_kit.rules.checks.scope import PKS
from pks_kit.rules.findings import Finding, gravest_first, manual, warning

_FILLED_BY_PEOPLE = ("number.", "term.")
_JUKNIS = "Petunjuk teknis HFIS"


def check_renewal(
    kontrak: Kontrak, term: JangkaWaktu, versi: str | None = None
) -> tuple[Finding, ...]:
    """Return what would block, warn or be missing when an agreement is renewed.

    Args:
        kontrak: Data of the agreement that ends.
        term: Term of the next one; licences are judged on its first day.
        versi: Template version of the next one; None keeps the old.

    Raises:
        NotInForceError: A limit has no value on the first day of the term.
    """
    upcoming = _signed_before(renewed(kontrak, term, versi), term)
    found = [
        finding
        for finding in check_kontrak(upcoming, term.tanggal_mulai)
        if not finding.code.startswith(_FILLED_BY_PEOPLE)
    ]
    found += _gap(kontrak, term)
    if not SIFAT[kontrak.faskes.jenis].penunjang:
        found += no_result_for(kontrak, days_after(term.tanggal_mulai, -1).year)
    known = {finding.path for finding in found}
    found += [finding for finding in _incomplete(upcoming) if finding.path not in known]
    return gravest_first(found)


def _signed_before(upcoming: Kontrak, term: JangkaWaktu) -> Kontrak:
    last = days_after(term.tanggal_mulai, -1)
    first_party = upcoming.pihak_kesatu.model_copy(update={"tanggal_tanda_tangan": last})
    return upcoming.model_copy(update={"pihak_kesatu": first_party})


def check_next_term(kontrak: Kontrak, term: JangkaWaktu) -> None:
    """Refuse a next term that is turned around or begins before the agreement has ended.

    Raises:
        UsageError: ``renew.term_turned`` or ``renew.term_overlaps``.
    """
    if term.tanggal_mulai > term.tanggal_selesai:
        raise UsageError("renew.term_turned", start=term.tanggal_mulai, end=term.tanggal_selesai)
    if term.tanggal_mulai <= kontrak.jangka_waktu.tanggal_selesai:
        raise UsageError(
            "renew.term_overlaps",
            start=term.tanggal_mulai,
            end=kontrak.jangka_waktu.tanggal_selesai,
        )


def _gap(kontrak: Kontrak, term: JangkaWaktu) -> Iterator[Finding]:
    expected = days_after(kontrak.jangka_waktu.tanggal_selesai, 1)
    if term.tanggal_mulai > expected:
        yield warning(
            "renew.gap",
            "jangka_waktu.tanggal_mulai",
            f"{PKS}, Pasal Jangka Waktu Perjanjian",
            start=term.tanggal_mulai,
            expected=expected,
        )


def _incomplete(kontrak: Kontrak) -> Iterator[Finding]:
    faskes = kontrak.faskes
    if faskes.izin_operasional and faskes.izin_operasional.berlaku_sampai is None:
        yield manual("renew.no_end_date", "faskes.izin_operasional.berlaku_sampai", _JUKNIS)
    if faskes.akreditasi and faskes.akreditasi.berlaku_sampai is None:
        yield manual("renew.no_end_date", "faskes.akreditasi.berlaku_sampai", _JUKNIS)
    for index, anggota in enumerate(kontrak.jejaring):
        if anggota.izin.berlaku_sampai is None:
            yield manual("renew.no_end_date", f"jejaring[{index}].izin.berlaku_sampai", _JUKNIS)
