"""Budget of one Prolanis group activity of one club.

Source: docs/sumber.md 5.9, 11.3. The limits of participants stand in the table for
both ways (offline and online), so both are refused outside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pks_kit.domain.rupiah import format_rupiah
from pks_kit.domain.terbilang import bilangan
from pks_kit.errors import UsageError
from pks_kit.rules.law.parameters import ResolvedParameters

Kegiatan = Literal["edukasi", "aktivitas"]
CaraKegiatan = Literal["luring", "daring"]

_SEBUTAN = {"edukasi": "narasumber", "aktivitas": "instruktur"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnggaranKegiatan:
    """The most that is reimbursed for one activity of one club, before income tax.

    Attributes:
        kegiatan: ``edukasi`` (health education) or ``aktivitas`` (physical activity).
        cara: ``luring`` (face to face) or ``daring`` (online).
        peserta: Participants.
        honor: Fee of the speaker or instructor, rupiah.
        biaya_peserta: Cost of the participants, rupiah; zero online.
        maksimum: Rupiah.
        penjelasan: How it was computed, one sentence for print.
        dasar_hukum: Legal basis.
    """

    kegiatan: Kegiatan
    cara: CaraKegiatan
    peserta: int
    honor: int
    biaya_peserta: int
    maksimum: int
    penjelasan: str
    dasar_hukum: str


def is_payable(peserta: int, aturan: ResolvedParameters) -> bool:
    """Return whether an activity with so many participants can be reimbursed."""
    least = aturan.whole("prolanis.peserta_minimum")
    return least <= peserta <= aturan.whole("prolanis.peserta_maksimum")


def prolanis_budget(
    kegiatan: Kegiatan, cara: CaraKegiatan, peserta: int, aturan: ResolvedParameters
) -> AnggaranKegiatan:
    """Return the budget of one activity.

    Raises:
        UsageError: ``rules.prolanis_participants`` with fewer or more participants than payable.
        NotInForceError: ``rules.not_in_force``.
    """
    if not is_payable(peserta, aturan):
        raise UsageError(
            "rules.prolanis_participants",
            given=peserta,
            least=aturan.whole("prolanis.peserta_minimum"),
            most=aturan.whole("prolanis.peserta_maksimum"),
        )
    if cara == "daring":
        maksimum = aturan.whole(f"prolanis.{kegiatan}.daring")
        honor, costs = maksimum, 0
        text = f"Kegiatan daring: honor {_SEBUTAN[kegiatan]} {format_rupiah(maksimum)}."
    else:
        honor = aturan.whole(f"prolanis.{kegiatan}.honor")
        each = aturan.whole("prolanis.per_peserta")
        costs = each * peserta
        maksimum = min(honor + costs, aturan.whole(f"prolanis.{kegiatan}.maksimum_luring"))
        text = (
            f"Honor {_SEBUTAN[kegiatan]} {format_rupiah(honor)} ditambah {bilangan(peserta)} "
            f"peserta dikali {format_rupiah(each)}, paling tinggi {format_rupiah(maksimum)}."
        )
    return AnggaranKegiatan(
        kegiatan=kegiatan,
        cara=cara,
        peserta=peserta,
        honor=honor,
        biaya_peserta=costs,
        maksimum=maksimum,
        penjelasan=text,
        dasar_hukum=aturan.legal_basis(f"prolanis.{kegiatan}.honor"),
    )
