"""Windows of postnatal visits (PNC).

Source: docs/sumber.md 5.6, 11.5. The day of delivery is day 0. The newborn has as many
windows as it has paid visits, the first ones; the mother has all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from pks_kit.rules.law.parameters import ResolvedParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class MasaNifas:
    """One window of postnatal visits.

    Attributes:
        nomor: 1, 2, 3, ...
        mulai: First day after the delivery (0 for the first window, which begins by the hour).
        mulai_jam: Hours after the delivery from which on the first window begins; None later.
        sampai: Last day, still inside.
        untuk_bayi: Whether the newborn is visited too, not only the mother.
        dasar_hukum: Legal basis.
    """

    nomor: int
    mulai: int
    mulai_jam: int | None
    sampai: int
    untuk_bayi: bool
    dasar_hukum: str


def postnatal_windows(aturan: ResolvedParameters) -> tuple[MasaNifas, ...]:
    """Return all windows, as many as the mother has paid visits.

    Raises:
        NotInForceError: ``rules.not_in_force``.
    """
    newborn = aturan.whole("tarif_kebidanan.pnc.maksimum_bayi")
    mother = aturan.whole("tarif_kebidanan.pnc.maksimum_ibu")
    windows = []
    for nomor in range(1, mother + 1):
        group = f"tarif_kebidanan.kunjungan_nifas_{nomor}"
        start = aturan.whole(f"{group}.mulai")
        by_hour = nomor == 1
        windows.append(
            MasaNifas(
                nomor=nomor,
                mulai=0 if by_hour else start,
                mulai_jam=start if by_hour else None,
                sampai=aturan.whole(f"{group}.sampai"),
                untuk_bayi=nomor <= newborn,
                dasar_hukum=aturan.legal_basis(f"{group}.sampai"),
            )
        )
    return tuple(windows)
