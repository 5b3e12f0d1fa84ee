"""What the ledger knows of the agreements of a new plan already: issued, signed, or the number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pks_kit.domain.tanggal import WIB
from pks_kit.errors import Problem
from pks_kit.ledger import kinds
from pks_kit.ledger.ports import Event, Ledger

_ISSUED = (kinds.TERBIT, kinds.LANGKAH_SELESAI, kinds.SELESAI)


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Agreements that a ledger knows.

    Attributes:
        issued: File and day of the issue, by agreement.
        signed: Day of the last signature or stamp, by agreement.
        numbers: Agreements by the number of PIHAK KESATU.
    """

    issued: dict[str, tuple[str, str]] = field(default_factory=dict)
    signed: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, set[str]] = field(default_factory=dict)

    def problems(self, agreement: str, number: str) -> Iterator[Problem]:
        """Yield what a person must know before an agreement is planned once more.

        Args:
            agreement: Id of the agreement.
            number: Number of PIHAK KESATU.
        """
        if agreement in self.issued:
            file, day = self.issued[agreement]
            code = "batch.row_signed" if agreement in self.signed else "batch.row_issued"
            day = self.signed.get(agreement, day)
            yield Problem(code, "", None, issued=file, day=day)
        elif others := self.numbers.get(number, set()) - {agreement}:
            named = sorted(self.issued[one][0] for one in others if one in self.issued)
            if named:
                yield Problem("batch.row_number_issued", "", None, number=number, issued=named[0])


def known_elsewhere(ledger: Ledger | None) -> Elsewhere:
    """Return what a ledger knows of agreements; nothing without one.

    Raises:
        LedgerError: It cannot be read.
    """
    found = Elsewhere()
    if ledger is None:
        return found
    for one in _of(ledger, _ISSUED):
        day = one.waktu.astimezone(WIB).date().isoformat()
        if one.jenis == kinds.TERBIT:
            found.issued.setdefault(one.perjanjian, (str(one.isi["file"]), day))
        else:
            found.signed[one.perjanjian] = day
    for one in _of(ledger, (kinds.PERJANJIAN,)):
        number = one.isi.get("nomor_kesatu")
        if number:
            found.numbers.setdefault(str(number), set()).add(one.perjanjian)
    return found


def _of(ledger: Ledger, names: Iterable[str]) -> Iterator[Event]:
    for name in names:
        yield from ledger.events(jenis=name)
