"""By which day the papers of a batch must come back, for the lists of the desk."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pks_kit.pipelines.batching.book import RowStanding, standing_rows
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.outcome import LETTER_REFUSED
from pks_kit.pipelines.batching.row_index import row_index


def days_of_return(folder: Path) -> dict[str, date]:
    """Return the day that the covering letters tell, by agreement; none where no letter is.

    Args:
        folder: Folder of the batch, planned to its end.
    """
    place = BatchFolder(folder)
    day = place.deadline()
    if day is None:
        return {}
    known, _ = standing_rows(place.book)
    found = {}
    for one in row_index(place).rows:
        stands = known.get(one.row.number, RowStanding())
        has_letter = stands.stage == "sent" and stands.code != LETTER_REFUSED
        if one.row.agreement_id and stands.state == "with_other" and has_letter:
            found[one.row.agreement_id] = day
    return found
