"""What every check is given: the contract data, the day, the parameters and what is offered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.sifat_faskes import SIFAT, SifatFaskes
from pks_kit.messages import Message, lookup
from pks_kit.rules.computed.deadlines import expiry_flag_from
from pks_kit.rules.law.parameters import ResolvedParameters

PKS = "PKS FKTP 2024"
DATA = "Susunan data pks-kit"
"""Basis of findings that only say that the data contradict themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckScope:
    """What is checked and for which day.

    Attributes:
        kontrak: Contract data of the right shape.
        as_of: Day for which is checked.
        aturan: Parameters as of that day.
        jenis_tersedia: Kinds that the template version offers; None: not checked.
        cara_tersedia: Contract methods that are offered; None: not checked.
        berlayanan: Parties whose signing service makes its field itself; None: not known.
    """

    kontrak: Kontrak
    as_of: date
    aturan: ResolvedParameters
    jenis_tersedia: frozenset[str] | None = None
    cara_tersedia: frozenset[str] | None = None
    berlayanan: frozenset[str] | None = None

    @property
    def sifat(self) -> SifatFaskes:
        """Return the traits of the kind of facility."""
        return SIFAT[self.kontrak.faskes.jenis]

    @property
    def start(self) -> date:
        """Return the first day of the term."""
        return self.kontrak.jangka_waktu.tanggal_mulai

    @property
    def signed(self) -> date:
        """Return the day of signing."""
        return self.kontrak.pihak_kesatu.tanggal_tanda_tangan

    @property
    def day(self) -> date:
        """Return the day on which licences must be valid: not before the term starts."""
        return max(self.as_of, self.start)

    @property
    def months(self) -> int:
        """Return how many months before an end it is warned of."""
        return self.aturan.whole("jangka.peringatan_berakhir")

    def ends_soon(self, ends: date) -> bool:
        """Return whether something ends within those months; the first such day counts."""
        return self.day >= expiry_flag_from(ends, self.aturan).tanggal


def day_name(hari: str) -> Message:
    """Return a day of the week in both languages."""
    return lookup(f"day.{hari}")
