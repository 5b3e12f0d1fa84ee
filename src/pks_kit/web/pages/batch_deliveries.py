"""What came back of a batch to this day: the answers of all deliveries together.

Each delivery is a job that tells of what came with it alone. Who was asked for something before is
asked still, until a later delivery answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pks_kit.messages import lookup
from pks_kit.web.pages.batch_standing import Counted
from pks_kit.web.pages.states import awaited_in
from pks_kit.web.pages.visit import Visit
from pks_kit.web.state.deliveries import DECISION, deliveries, delivery_ids, event_of
from pks_kit.web.state.jobs import Job

TOLD_ELSEWHERE = frozenset(
    {"complete", "incomplete", "needs_person", "taken_over", "same_file", "passed_over"}
)
"""What became of a file of which nothing is to be done, or it stands with its agreement."""
_OPEN_FIRST = ("incomplete", "needs_person", "complete")
_COUNTED = ("incomplete", "incomplete_own", "needs_person", "complete")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One delivery.

    Attributes:
        id: Id of the job that judged it.
        told: What that job told.
        rehearsed: Whether it was a rehearsal.
        ordered: When it was handed in.
        at: When it was judged.
        letters: Files with the reminders that were written after it.
        day: Last day that was given for its reminders; None for none.
        decided: Agreement about which a person decided, where that alone was counted.
    """

    id: str
    told: Mapping[str, Any]
    rehearsed: bool = False
    ordered: datetime | None = None
    at: datetime | None = None
    letters: tuple[Mapping[str, Any], ...] = ()
    decided: str = ""
    day: date | None = None

    @property
    def decided_paper(self) -> Mapping[str, Any] | None:
        """Return what a person decided about, as it stands since; None for a delivery."""
        papers = self.told["returned"]["agreements"]
        return next((one for one in papers if one["agreement_id"] == self.decided), None)

    @property
    def files(self) -> Sequence[Mapping[str, Any]]:
        """Return the files that were given, each with what became of it."""
        where = self.told if "files" in self.told else self.told["returned"]
        found: Sequence[Mapping[str, Any]] = where["files"]
        return found

    @property
    def count(self) -> int:
        """Return how many files were given."""
        if "files" in self.told:
            return len(self.files)
        # a result of before names no file that was signed elsewhere
        return len(self.files) + len(self.told.get("electronic", ()))

    def has_unsettled(self, aside: Collection[str]) -> bool:
        """Return whether a file or sheet is of no agreement that is told elsewhere.

        Args:
            aside: Names of its files that somebody set aside.
        """
        # a result of before tells no outcome
        files = [one for one in self.files if one.get("outcome", "complete") not in TOLD_ELSEWHERE]
        left = self.told["returned"].get("left", ())
        return any(one["file"] not in aside for one in (*files, *left))


_READ: dict[str, Delivery] = {}
"""Deliveries that were read, those read first at the beginning: what they told never changes.

Whether somebody may see one is asked anew each time.
"""
_MOST_READ = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedText:
    """A text that asks a facility for what lacks.

    Attributes:
        delivery: Id of the delivery after which it was written.
        number: Its number among the texts of that delivery, from 1.
        name: Name of the facility.
        text: The text, in several lines; only what is asked for still.
    """

    delivery: str
    number: int
    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotBack:
    """An agreement of which nothing came back.

    Attributes:
        name: Name of the facility.
        number: Its number.
        problem: Why no reminder of it was written, by the delivery judged last; None for none.
    """

    name: str
    number: str
    problem: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CameBack:
    """How much of a batch came back, on paper and signed elsewhere.

    Attributes:
        papers: The answer that holds for each agreement of the batch that came back on paper, as
            its job told it; those that lack something first. What is of no row of the batch
            belongs to its delivery alone.
        every: The same of all agreements, by their ids.
        texts: What is asked for still.
        counts: How many agreements of the batch are ``complete``, ``incomplete``,
            ``incomplete_own`` (the pen of the branch office alone lacks) or ``needs_person``.
        silent: How many sent nothing yet.
        not_back: The first of these.
        any_back: Whether anything came back that belongs to an agreement.
    """

    papers: tuple[Mapping[str, Any], ...]
    every: Mapping[str, Mapping[str, Any]]
    texts: tuple[AskedText, ...]
    counts: Mapping[str, int]
    silent: int
    not_back: tuple[NotBack, ...]
    any_back: bool

    @property
    def complete(self) -> int:
        """Return how many are complete."""
        return self.counts["complete"]

    @property
    def open_papers(self) -> tuple[Mapping[str, Any], ...]:
        """Return what came back of the batch and lacks something or needs a person."""
        return tuple(one for one in self.papers if one["verdict"] != "complete")

    @property
    def for_branch(self) -> tuple[Mapping[str, Any], ...]:
        """Return what came back of the batch and waits for the pen of the branch office."""
        return tuple(one for one in self.open_papers if one["own_wanted"])

    @property
    def for_both(self) -> int:
        """Return how many of these wait for something else too; no count of pens holds them."""
        return sum(not own_only(one) for one in self.for_branch)

    @property
    def awaited(self) -> int:
        """Return of how many something came back, or is waited for."""
        return sum(self.counts.values()) + self.silent


def day_of(job: Job) -> date | None:
    """Return the last day that a job was given for its reminders; None for none."""
    told = job.isi.get("batas_waktu")
    return date.fromisoformat(told) if told else None


def own_only(paper: Mapping[str, Any]) -> bool:
    """Return whether nothing lacks on a paper but the pen of the branch office."""
    lacks = paper.get("own_wanted") and not paper.get("wanted")
    return paper["verdict"] == "incomplete" and bool(lacks)


async def deliveries_of(visit: Visit, batch_id: str) -> tuple[Delivery, ...]:
    """Return the deliveries of a batch, the newest first; as the newest, in earnest or not.

    Among them is what counted decisions of persons; it is no delivery.
    """
    ids = await visit.portal.read(delivery_ids, batch_id, visit.call.reach)
    lacking = [one for one in ids if one not in _READ]
    found = {one: _READ[one] for one in ids if one in _READ}
    if lacking:
        for job in await visit.portal.read(deliveries, lacking, visit.call.reach):
            made = job.hasil["berkas"]
            one = Delivery(
                id=job.id,
                told=job.hasil["hasil"],
                rehearsed=job.isi["gladi"],
                ordered=job.dibuat,
                at=job.berakhir,
                letters=tuple(each for each in made if each["peran"] == "surat_pengingat"),
                decided=job.perjanjian if job.jenis == DECISION else "",
                day=day_of(job),
            )
            found[job.id] = _READ[job.id] = one
    while len(_READ) > _MOST_READ:
        del _READ[next(iter(_READ))]
    known = [found[one] for one in ids if one in found]
    came = only_deliveries(known)
    return tuple(one for one in known if came and one.rehearsed is came[0].rehearsed)


def only_deliveries(given: Sequence[Delivery]) -> list[Delivery]:
    """Return what came, without what was decided about it."""
    return [one for one in given if not one.decided]


def judged_last(given: Sequence[Delivery]) -> Delivery:
    """Return the delivery that was judged last; a small one may have overtaken it.

    Args:
        given: The deliveries, the newest first; at least one.
    """
    came = only_deliveries(given) or given
    return max(came, key=lambda one: one.at.timestamp() if one.at else 0.0)


def came_back(given: Sequence[Delivery], now: Counted | None = None) -> CameBack:
    """Return what came back with all deliveries together.

    The newest answer of each agreement holds, as in the ledger: what lacks something takes nothing
    back from what was complete. A delivery that was read later than one that was handed in after it
    was judged together with that, so the answer that was written down last is the newest.

    Args:
        given: The deliveries, the newest first; at least one delivery.
        now: How many agreements of the batch are in each state now, with their kinds; where it is
            known, what is awaited is counted and named by it, as on all other pages.
    """
    papers: dict[str, Mapping[str, Any]] = {}
    taken: set[str] = set()
    answers = _as_written_down(given)
    for one in reversed(given):
        for file in one.told.get("electronic", ()):
            if file.get("complete", file["problem"] is None):
                # a result of before tells the number of the row alone
                key = file.get("agreement_id") or f"baris {file.get('number')}"
                taken.add(key)
                papers.pop(key, None)
        for told in _answers(one):
            paper = next(answers[told["agreement_id"]])
            key, verdict = paper["agreement_id"], paper["verdict"]
            is_complete = key in taken or (key in papers and papers[key]["verdict"] == "complete")
            if is_complete and verdict == "incomplete":
                continue
            if key in taken:
                if verdict == "complete":
                    continue
                taken.remove(key)
            papers[key] = paper
    own = [one for one in papers.values() if one.get("of_batch", True)]
    counts = Counter("incomplete_own" if own_only(one) else str(one["verdict"]) for one in own)
    counts["complete"] += len(taken)
    last = judged_last(given).told
    shown = sorted(own, key=lambda one: _OPEN_FIRST.index(one["verdict"]))
    silent = last["not_back_count"] if "not_back_count" in last else len(last["not_back"])
    if now is not None and now.details:
        awaited = awaited_in(now.details)
        silent = awaited["belum_kembali"]
        counts["incomplete"] = awaited["belum_lengkap"]
        counts["incomplete_own"] = awaited["menunggu_pena"]
        counts["needs_person"] = awaited["perlu_dilihat"]
    return CameBack(
        papers=tuple(
            {"wanted": "", "own_wanted": "", "files": (), "scans": ()} | dict(one) for one in shown
        ),
        every=papers,
        texts=tuple(text for one in given for text in _texts(one, papers)),
        counts={one: counts[one] for one in _COUNTED if one in _OPEN_FIRST or counts[one]},
        silent=silent,
        not_back=_not_back(last, now),
        any_back=bool(own or any(one.told.get("electronic") for one in given)),
    )


def _answers(one: Delivery) -> list[Mapping[str, Any]]:
    """Return what a delivery tells of agreements; the file of a draft is told with why."""
    told: Sequence[Mapping[str, Any]] = one.told["returned"]["agreements"]
    return [each for each in told if not each.get("only_drafted")]


def _as_written_down(given: Sequence[Delivery]) -> dict[str, Iterator[Mapping[str, Any]]]:
    """Return the answers of each agreement, in the order in which the ledger holds them."""
    several: dict[str, list[Mapping[str, Any]]] = {}
    for one in reversed(given):
        for paper in _answers(one):
            several.setdefault(paper["agreement_id"], []).append(paper)
    for papers in several.values():
        if all(event_of(one) for one in papers):
            papers.sort(key=event_of)
    return {one: iter(papers) for one, papers in several.items()}


def _not_back(last: Mapping[str, Any], now: Counted | None) -> tuple[NotBack, ...]:
    """Return of what nothing came back, by the batch as it stands; else by what was judged last."""
    told = {(one["name"], one["number"]): one.get("problem") for one in last["not_back"]}
    known = now.not_back if now is not None and now.not_back is not None else told
    return tuple(NotBack(name=one[0], number=one[1], problem=told.get(one)) for one in known)


def _texts(one: Delivery, papers: Mapping[str, Mapping[str, Any]]) -> list[AskedText]:
    """Return the texts of a delivery without what was answered since."""
    found = []
    told = one.told["returned"]
    for number, each in enumerate(told["send_back"], start=1):
        text, asked = each["text"], 0
        for paper in told["agreements"]:
            wanted = paper.get("wanted", "")
            if not wanted or each["name"] not in (paper["name"], paper["agreement_id"]):
                continue
            if papers.get(paper["agreement_id"]) is paper:
                asked += 1
            else:
                values = {"number": paper["number"] or paper["agreement_id"], "what": wanted}
                part = lookup("returned.send.agreement").fill(values).id
                text = text.replace(f"{part}\n", "", 1)
        if asked:
            found.append(AskedText(delivery=one.id, number=number, name=each["name"], text=text))
    return found
