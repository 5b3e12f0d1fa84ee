"""Paper of one agreement and the batch that waits for it: whether it was handed in there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pks_kit.web.bodies_verbs import ReceiveBody
from pks_kit.web.pages.batch_deliveries import came_back, deliveries_of
from pks_kit.web.pages.visit import Visit
from pks_kit.web.routes import batch_rows
from pks_kit.web.routes.batch import batch_in_reach
from pks_kit.web.routes.common import file_in_reach, promised
from pks_kit.web.scope import Act
from pks_kit.web.state import batches
from pks_kit.web.state.deliveries import DECISION, being_counted, handed_in, last_about
from pks_kit.web.state.tables import BUSY

_MOST_BATCHES = 100
"""So many batches are asked whether they wait for an agreement, the newest first."""


PaperState = Literal["waits", "reading", "counting", "told"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperOfBatch:
    """The batch that an agreement belongs to, seen from its paper.

    Attributes:
        id: Id of the batch.
        name: How people call it.
        state: ``waits``: it does not know these scans, or not what was decided about them;
            ``reading``: they were handed in and are being read; ``counting``: what was decided
            about them is being counted; ``told``: it knows them.
        is_known: Whether a delivery of the batch held these scans, so that only decisions count.
        review: Id of what that delivery read of the agreement; empty where it kept nothing.
        since: Since when decisions are being counted.
    """

    id: str
    name: str
    state: PaperState
    is_known: bool = False
    review: str = ""
    since: datetime | None = None


async def paper_of_batch(
    visit: Visit, agreement_id: str, scans: Sequence[str]
) -> PaperOfBatch | None:
    """Return the batch that scans of an agreement belong to; None for none, or for no permission.

    Args:
        visit: The visit.
        agreement_id: The agreement.
        scans: Ids of the files.
    """
    reach = visit.person.reach(Act.BATCH)
    if not scans or not reach:
        return None
    judged = await visit.portal.read(last_about, agreement_id, reach)
    batch_id, verdict, review = "", "", ""
    counting: Mapping[str, datetime] = {}
    given: tuple[str, ...] = ()
    if judged is not None and not judged.isi["gladi"]:
        batch_id = str(judged.isi["batch"])
        # before the answers: what ends between both is told as at work, never as not ordered
        counting = await visit.portal.read(being_counted, batch_id, reach)
        given = await visit.portal.read(handed_in, batch_id, scans, reach)
        papers = came_back(await deliveries_of(visit, batch_id)).every
        entry = papers.get(agreement_id, {})
        verdict, review = str(entry.get("verdict", "")), str(entry.get("tinjauan", ""))
    if not verdict:
        batch_id = await _waiting(visit, agreement_id)
        counting = await visit.portal.read(being_counted, batch_id, reach)
        given = await visit.portal.read(handed_in, batch_id, scans, reach)
    names = await visit.portal.read(batches.names_of, {batch_id} - {""}, reach)
    if batch_id not in names:
        return None
    state: PaperState = "waits"
    if agreement_id in counting:
        state = "counting"
    elif any(one in BUSY for one in given):
        state = "reading"
    elif verdict == "complete" or (given and verdict != "needs_person"):
        state = "told"
    return PaperOfBatch(
        id=batch_id,
        name=names[batch_id],
        state=state,
        is_known="selesai" in given,
        review=review,
        since=counting.get(agreement_id),
    )


async def _waiting(visit: Visit, agreement_id: str) -> str:
    """Return the id of the batch that waits for an agreement, as its book says; empty for none."""
    reach = visit.person.reach(Act.BATCH)
    known = await visit.portal.read(
        batches.listed, reach, before="", most=_MOST_BATCHES, withdrawn=False
    )
    if not known:
        return ""
    isi: dict[str, Any] = {"perjanjian": agreement_id, "batch": [one.id for one in known]}
    return str((await visit.portal.ask("batch_perjanjian", isi)).hasil["batch"])


async def hand_in(visit: Visit, found: PaperOfBatch, scans: Sequence[str]) -> None:
    """Hand scans in to the batch that waits for them.

    Args:
        visit: The visit.
        found: The batch.
        scans: Ids of the files.
    """
    await batch_rows.receiving(visit.call, found.id, ReceiveBody(pindaian=list(scans)))


async def let_count(
    visit: Visit, found: PaperOfBatch, agreement_id: str, scans: Sequence[str]
) -> None:
    """Let a batch count what was decided about paper of which it knows all scans.

    Args:
        visit: The visit.
        found: The batch.
        agreement_id: The agreement.
        scans: Ids of the files, for a batch that kept nothing of what it read.
    """
    call = visit.call
    one = await batch_in_reach(call, found.id)
    files = [await file_in_reach(call, each) for each in scans]
    isi: dict[str, Any] = {
        "batch": one.id,
        "tinjauan": found.review,
        "pindaian": [{"id": each.id, "nama": each.nama} for each in files],
        "batas_waktu": None,
        "gladi": False,
        "oleh": visit.person.name,
    }
    await promised(call, DECISION, isi, area=one.area, perjanjian=agreement_id)
