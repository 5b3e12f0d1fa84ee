"""What a delivery read of paper at which a person must look, kept as the review of that paper."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pks_kit.files import read_limited, write_atomic
from pks_kit.json_form import from_wire, to_wire
from pks_kit.pipelines.verifying.returned_agreement import ReturnedAgreement
from pks_kit.web.work.paper import FOLDER, keep_reading, kept_pictures, summary_of

if TYPE_CHECKING:
    from pks_kit.domain.paper_pictures import PaperPicture
    from pks_kit.web.work.shop import Shop

_ANSWER, _ENTRY = "jawaban.json", "entri.json"
_MOST_BYTES = 1 << 26


class KeptReading:
    """What was read of one agreement.

    Args:
        shop: The process at work.
        id: Id of the review.

    Attributes:
        id: Id of the review.
        summary: What the job of the review tells; empty before it was kept.
    """

    def __init__(self, shop: Shop, id: str) -> None:
        self.id = id
        self.summary: dict[str, Any] = {}
        self._folder = shop.folder / FOLDER / id

    def keep(self, answer: ReturnedAgreement, pictures: Sequence[PaperPicture]) -> None:
        """Keep it."""
        self.summary = summary_of(answer.report, pictures)
        keep_reading(self._folder, answer.report, pictures, {_ANSWER: to_wire(answer)})

    def tell(self, entry: dict[str, Any]) -> None:
        """Keep what the delivery tells of the agreement."""
        write_atomic(self._folder / _ENTRY, json.dumps(entry, ensure_ascii=False).encode())

    def answer(self) -> ReturnedAgreement | None:
        """Return what was read; None where no delivery kept it, or nobody has it any more."""
        if not self.id or not (self._folder / _ENTRY).is_file():
            return None
        return from_wire(ReturnedAgreement, read_limited(self._folder / _ANSWER, _MOST_BYTES))

    def pictures(self) -> tuple[PaperPicture, ...]:
        """Return its pictures."""
        return kept_pictures(self._folder)

    def entry(self) -> dict[str, Any]:
        """Return what the delivery told of the agreement."""
        told: dict[str, Any] = json.loads(read_limited(self._folder / _ENTRY, _MOST_BYTES))
        return told
