"""What came of the paper of one agreement, and what is next: for its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pks_kit.ledger.agreements import AgreementStage as Stage
from pks_kit.web.pages.visit import Visit
from pks_kit.web.scope import Act
from pks_kit.web.state.deliveries import being_counted, left_of, reviews_of
from pks_kit.web.state.jobs import Job

_VERDICTS: Mapping[str, str] = {
    Stage.KERTAS_LENGKAP: "complete",
    Stage.KERTAS_KURANG: "incomplete",
    Stage.KERTAS_MENUNGGU_BPJS: "incomplete",
    Stage.KERTAS_DILIHAT: "needs_person",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperStanding:
    """What came of it.

    Attributes:
        code: ``complete``, ``incomplete``, ``doubtful`` (a person must look), ``decided`` (a
            person did, and nobody counted it yet) or ``counting`` (that is being counted).
        kind: How grave it looks.
        left: How many places wait for a person.
        review: Id of the review that tells all; empty for none, or for whoever may not see it.
        is_decided: Whether a person decided anything in that review.
        wanted: What the facility is asked for; empty for nothing, or where nobody knows.
        own_wanted: What the branch office fills in itself; likewise.
        changed: Whether a printed value was changed, by the word of persons.
        batch: Id of the batch that it belongs to; empty for none.
        since: Since when decisions are being counted.
    """

    code: str
    kind: str
    left: int = 0
    review: str = ""
    is_decided: bool = False
    wanted: str = ""
    own_wanted: str = ""
    changed: bool = False
    batch: str = ""
    since: datetime | None = None


_KINDS = {"complete": "done", "incomplete": "wrong", "doubtful": "look"}


def standing_of_paper(
    stage: str,
    last: Job | None,
    agreement_id: str,
    reviews: Sequence[Job],
    counting: datetime | None,
    *,
    is_decided: bool,
) -> PaperStanding | None:
    """Return what came of the paper of an agreement; None while none was judged.

    Args:
        stage: State that the ledger tells.
        last: The delivery that told of it last.
        agreement_id: The agreement.
        reviews: The reviews of its paper that were read, the newest first.
        counting: Since when decisions about it are being counted; None when none are.
        is_decided: Whether the ledger holds a decision of a person.
    """
    verdict = _VERDICTS.get(stage)
    if verdict is None:
        return None
    told = last.hasil["hasil"]["returned"]["agreements"] if last is not None else ()
    entry: Mapping[str, Any] = next(
        (one for one in told if one["agreement_id"] == agreement_id), {}
    )
    review = _review_of(last, entry, reviews)
    code, left = verdict, left_of(review) if review is not None else 0
    if verdict == "needs_person":
        code = "decided" if review is not None and not left else "doubtful"
        code = "counting" if counting is not None else code
    else:  # what was decided is told, also where it was decided about another scan
        review = review or next(iter(reviews), None)
    holds = entry.get("verdict") == verdict
    return PaperStanding(
        code=code,
        kind=_KINDS.get(code, "note"),
        left=left,
        review=review.id if review is not None else "",
        is_decided=is_decided,
        wanted=str(entry.get("wanted", "")) if holds else "",
        own_wanted=str(entry.get("own_wanted", "")) if holds else "",
        changed=holds and bool(entry.get("changed")),
        batch=str(last.isi["batch"]) if last is not None else "",
        since=counting,
    )


def _review_of(last: Job | None, entry: Mapping[str, Any], reviews: Sequence[Job]) -> Job | None:
    """Return the review of the paper judged last; one of an earlier scan settles nothing."""
    if last is None:
        return next(iter(reviews), None)
    own = [one for one in reviews if one.id == entry.get("tinjauan")]
    ended = last.berakhir
    own += [one for one in reviews if ended is not None and one.dibuat > ended]
    return next(iter(own), None)


async def paper_standing(
    visit: Visit, agreement_id: str, seen: Mapping[str, Any], last: Job | None
) -> PaperStanding | None:
    """Return what came of the paper of an agreement, as far as this person may see it.

    Args:
        visit: The visit.
        agreement_id: The agreement.
        seen: What the task ``muka`` tells.
        last: The delivery that told of it last.
    """
    reviews: list[Job] = []
    counting: Mapping[str, datetime] = {}
    reach = visit.person.reach(Act.DECIDE)
    if reach:
        known = await visit.portal.read(reviews_of, agreement_id, reach)
        reviews = [one for one in known if one.keadaan == "selesai"]
    if last is not None:
        batch_id = str(last.isi["batch"])
        counting = await visit.portal.read(being_counted, batch_id, visit.call.reach)
    return standing_of_paper(
        str((seen["langkah"] or {}).get("state", "")),
        last,
        agreement_id,
        reviews,
        counting.get(agreement_id),
        is_decided=any(one["jenis"] == "paper.decided" for one in seen["peristiwa"]),
    )
