"""Who counts: health workers with a valid licence who are no specialists.

Source: fact sheet 3.2 (P6(6): holders of a specialist SIP are not counted), 5.10 (valid SIP).
Whether a licence counts is judged on the first day of the term.
"""

from __future__ import annotations

from datetime import date

from pks_kit.domain.kontrak import Kontrak, TenagaKesehatan


def is_valid_on(tenaga: TenagaKesehatan, day: date) -> bool:
    """Return whether the licence is still valid on a day (its last day counts)."""
    return tenaga.sip.berlaku_sampai >= day


def counted(kontrak: Kontrak, profesi: str) -> tuple[TenagaKesehatan, ...]:
    """Return who counts in a profession.

    A valid SIP on the first day of the term, no SIP as a specialist, and not a midwife of the
    network (jejaring), who is not staff of the facility.
    """
    day = kontrak.jangka_waktu.tanggal_mulai
    return tuple(
        tenaga
        for tenaga in kontrak.tenaga_kesehatan
        if tenaga.profesi == profesi
        and not tenaga.spesialis
        and not tenaga.bidan_jejaring
        and is_valid_on(tenaga, day)
    )
