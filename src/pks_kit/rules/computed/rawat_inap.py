"""Tariff of first-level inpatient care (RITP) per day.

Source: docs/sumber.md 5.10, 11.4.
"""

from __future__ import annotations

from dataclasses import dataclass

from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.terbilang import bilangan
from pks_kit.errors import UsageError
from pks_kit.rules.computed.tenaga import counted, not_counted
from pks_kit.rules.law.parameters import ResolvedParameters

COMPANIONS = ("perawat", "apoteker", "bidan")
"""Professions that must all be present for the higher inpatient tariff (docs/sumber.md 5.10)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TarifRawatInap:
    """Tariff of inpatient care (RITP).

    Attributes:
        tarif: Rupiah per day.
        dokter_dihitung: General doctors that count.
        tidak_tersedia: Professions without anybody whose licence is valid.
        penjelasan: How it was computed, one sentence for print.
        parameter: Full name of the parameter that the tariff is.
        dasar_hukum: Legal basis of the tariff.
    """

    tarif: int
    dokter_dihitung: int
    tidak_tersedia: tuple[str, ...]
    penjelasan: str
    parameter: str
    dasar_hukum: str


def inpatient_tariff(kontrak: Kontrak, aturan: ResolvedParameters) -> TarifRawatInap:
    """Return the inpatient tariff per day.

    The higher tariff needs enough counted doctors and a nurse, a pharmacist and a midwife, each
    with a valid licence; a single missing component gives the lower one.

    Raises:
        UsageError: ``rules.no_inpatient_care`` when the facility has none.
        NotInForceError: ``rules.not_in_force``.
    """
    if not kontrak.faskes.rawat_inap:
        raise UsageError("rules.no_inpatient_care")
    dokter = len(counted(kontrak, "dokter"))
    minimum = aturan.whole("rawat_inap.dokter_minimum")
    missing = tuple(profesi for profesi in COMPANIONS if not counted(kontrak, profesi))
    full = dokter >= minimum and not missing
    parameter = "rawat_inap.tarif_penuh" if full else "rawat_inap.tarif_dasar"
    return TarifRawatInap(
        tarif=aturan.whole(parameter),
        dokter_dihitung=dokter,
        tidak_tersedia=missing,
        penjelasan=" ".join(
            [
                _explanation(dokter, minimum, missing),
                *not_counted(kontrak, "dokter", "dokter"),
                *(line for one in COMPANIONS for line in not_counted(kontrak, one, one)),
            ]
        ),
        parameter=parameter,
        dasar_hukum=aturan.legal_basis(parameter),
    )


def _explanation(dokter: int, minimum: int, missing: tuple[str, ...]) -> str:
    if dokter >= minimum and not missing:
        return (
            f"Seluruh komponen terpenuhi, yaitu {bilangan(dokter)} dokter umum dari paling sedikit "
            f"{bilangan(minimum)} yang disyaratkan, serta perawat, apoteker, dan bidan."
        )
    reasons = []
    if dokter < minimum:
        reasons.append(
            f"dokter umum yang dihitung {bilangan(dokter)}, kurang dari {bilangan(minimum)}"
        )
    reasons += [f"{profesi} tidak tersedia" for profesi in missing]
    return f"Komponen belum terpenuhi: {'; '.join(reasons)}."
