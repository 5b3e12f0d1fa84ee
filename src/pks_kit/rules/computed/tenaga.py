"""Who counts: health workers with a valid licence who are no specialists.

Source: docs/sumber.md 3.2 (P6(6): holders of a specialist SIP are not counted), 5.10 (valid SIP).
Whether a licence counts is judged on the first day of the term.
"""

from __future__ import annotations

from datetime import date

from pks_kit.domain.kontrak import Kontrak, TenagaKesehatan
from pks_kit.domain.tanggal import format_tanggal
from pks_kit.domain.terbilang import bilangan


def is_valid_on(tenaga: TenagaKesehatan, day: date) -> bool:
    """Return whether the licence is still valid on a day (its last day counts)."""
    return tenaga.sip.berlaku_sampai >= day


def counted(kontrak: Kontrak, profesi: str) -> tuple[TenagaKesehatan, ...]:
    """Return who counts in a profession.

    A valid SIP on the first day of the term, no SIP as a specialist, alive, and not a midwife of
    the network (jejaring), who is not staff of the facility.
    """
    day = kontrak.jangka_waktu.tanggal_mulai
    return tuple(
        tenaga
        for tenaga in _staff(kontrak, profesi)
        if not tenaga.spesialis and is_valid_on(tenaga, day)
    )


def _staff(kontrak: Kontrak, profesi: str) -> list[TenagaKesehatan]:
    return [
        tenaga
        for tenaga in kontrak.tenaga_kesehatan
        if tenaga.profesi == profesi and not tenaga.bidan_jejaring and not tenaga.meninggal
    ]


def not_counted(kontrak: Kontrak, profesi: str, sebutan: str) -> tuple[str, ...]:
    """Return sentences for print about who of a profession does not count, and why.

    Args:
        kontrak: Contract data.
        profesi: Profession as in the data.
        sebutan: Its word in running text.
    """
    start = kontrak.jangka_waktu.tanggal_mulai
    people = _staff(kontrak, profesi)
    specialists = sum(1 for tenaga in people if tenaga.spesialis)
    expired = sum(1 for t in people if not t.spesialis and not is_valid_on(t, start))
    sentences = []
    if specialists:
        sentences.append(
            f"Tidak dihitung: {bilangan(specialists)} {sebutan} yang telah memiliki SIP sebagai "
            "spesialis."
        )
    if expired:
        sentences.append(
            f"Tidak dihitung: {bilangan(expired)} {sebutan} yang SIP-nya tidak berlaku pada "
            f"tanggal {format_tanggal(start)}."
        )
    return tuple(sentences)
