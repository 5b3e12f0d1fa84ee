"""By which day the papers of a batch must come back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pks_kit.ledger import kinds
from pks_kit.pipelines.batching.book import RowStanding, standing_rows
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.outcome import LETTER_REFUSED
from pks_kit.pipelines.batching.row import issued_files
from pks_kit.pipelines.batching.row_index import row_index

if TYPE_CHECKING:
    from pks_kit.ledger.ports import Event
    from pks_kit.pipelines.batching.plan import PlannedRow


class TellsEvents(Protocol):
    """The one question that is put to a ledger here."""

    def events(self, perjanjian: str | None = None, jenis: str | None = None) -> tuple[Event, ...]:
        """Return events in order, all or those of one agreement or kind."""
        ...


_LETTERS = (kinds.SURAT_PENGINGAT, kinds.SURAT_PENGANTAR)


def days_of_return(folder: Path, ledger: TellsEvents) -> dict[str, date]:
    """Return the day that the last letter to each facility tells, by agreement.

    That is the covering letter of the batch, or a letter that was written to it alone, or to remind
    it, after that; an agreement without any is not in the answer.

    Args:
        folder: Folder of the batch, planned to its end.
        ledger: Its ledger, which holds those letters.

    Raises:
        LedgerError: The ledger cannot be read.
    """
    place = BatchFolder(folder)
    day = place.deadline()
    asked = [one for kind in _LETTERS for one in ledger.events(jenis=kind)]
    last = {one.perjanjian: one for one in sorted(asked, key=lambda each: each.nomor)}
    known, _ = standing_rows(place.book)
    found = {}
    for one in row_index(place).rows:
        agreement_id = one.row.agreement_id
        stands = known.get(one.row.number, RowStanding())
        if not agreement_id or stands.state != "with_other":
            continue
        letter = day if stands.stage == "sent" and stands.code != LETTER_REFUSED else None
        single = last.get(agreement_id)
        told = _day_of(single) if single is not None else None
        if single is not None and (letter is None or _written(place, one.row) <= single.waktu):
            letter = told or letter
        if letter is not None:
            found[agreement_id] = letter
    return found


def _day_of(letter: Event) -> date | None:
    """Return the last day that a letter tells; None when it tells none."""
    try:
        return date.fromisoformat(str(letter.isi.get("batas", "")))
    except ValueError:
        return None


def _written(place: BatchFolder, row: PlannedRow) -> datetime:
    """Return when the covering letter was written; long ago where it does not lie there."""
    issued = issued_files(place, row)
    path = place.to_send / f"{issued[0].stem}-pengantar.pdf" if issued is not None else None
    at = path.stat().st_mtime if path is not None and path.is_file() else 0
    return datetime.fromtimestamp(at, UTC)
