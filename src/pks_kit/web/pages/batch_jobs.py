"""The jobs of a batch that tell its pages how it stands, and who approved its plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pks_kit.web.pages.batch_standing import in_turn, last_word
from pks_kit.web.pages.visit import Visit
from pks_kit.web.problem_error import ToldError
from pks_kit.web.routes.batch import approval_of
from pks_kit.web.state import jobs
from pks_kit.web.state.batches import StoredBatch
from pks_kit.web.state.deliveries import files_in, pending
from pks_kit.web.state.jobs import Job
from pks_kit.web.state.tables import BUSY


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchJobs:
    """The jobs of a batch, the newest first.

    Attributes:
        all: Those that tell how it stands, see ``jobs.of_batches``: of deliveries that wait or are
            being read not every one.
        waiting: All deliveries that wait or are being read, in their turn.
    """

    all: tuple[Job, ...]
    waiting: tuple[Job, ...] = ()

    @property
    def busy(self) -> Job | None:
        """Return the job that is worked on; where none is, the one that waits."""
        busy = [one for one in self.all if one.keadaan in BUSY]
        return next((one for one in busy if one.keadaan == "dikerjakan"), next(iter(busy), None))

    @property
    def may_report(self) -> bool:
        """Return whether a report is offered: how it stands now, also while scans are read."""
        busy = self.busy
        return busy is None or busy.jenis in (*jobs.DELIVERIES, *jobs.BETWEEN)

    def unread(self, *, rehearsal: bool) -> int:
        """Return how many files that came back are not read to the end.

        Args:
            rehearsal: Whether those of rehearsals are meant, or those in earnest.
        """
        return files_in(self.waiting, rehearsal=rehearsal)

    def about_report(self, *, rehearsal: bool) -> dict[str, Any]:
        """Return what pages that offer a report show of it: the above, by name."""
        return {"may_report": self.may_report, "unread": self.unread(rehearsal=rehearsal)}

    def last(self, *kinds: str) -> Job | None:
        """Return the last job of one of these kinds that was not cancelled."""
        return next(
            (one for one in self.all if one.jenis in kinds and one.keadaan != "dibatalkan"), None
        )

    def rejected(self) -> dict[str, Any] | None:
        """Return the last rejection of the plan; None when it was approved since."""
        found = last_word(self.all)
        return found.hasil["hasil"] if found and found.jenis != "setujui_batch" else None

    def ended(self, *kinds: str) -> Job | None:
        """Return the last job of one of these kinds that ended well."""
        return next(
            (one for one in self.all if one.jenis in kinds and one.keadaan == "selesai"), None
        )

    def done(self, *kinds: str) -> dict[str, Any] | None:
        """Return the result of the last job of one of these kinds that ended well."""
        found = self.ended(*kinds)
        return found.hasil["hasil"] if found else None

    def files(self, kind: str, role: str) -> list[dict[str, Any]]:
        """Return what the last job of a kind that ended well made for a role."""
        found = next(
            (one for one in self.all if one.jenis == kind and one.keadaan == "selesai"), None
        )
        return [one for one in found.hasil["berkas"] if one["peran"] == role] if found else []


async def jobs_of(visit: Visit, batch_id: str) -> BatchJobs:
    """Return the jobs of a batch."""
    known = await visit.portal.read(jobs.of_batch, batch_id, visit.call.reach)
    waiting = await visit.portal.read(pending, batch_id, visit.call.reach)
    return BatchJobs(all=in_turn(known), waiting=waiting)


async def approved_elsewhere(
    visit: Visit, one: StoredBatch, known: BatchJobs
) -> dict[str, Any] | None:
    """Return an approval that was not given on these pages; None when there is none."""
    try:
        return await approval_of(visit.call, one, known.all)
    except ToldError:
        return None  # nobody approved it; what else stands in the way is told by the run
