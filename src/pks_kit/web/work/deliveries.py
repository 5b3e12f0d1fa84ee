"""Tasks that judge what came back of a batch, and count what was decided about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from pks_kit.json_form import to_json
from pks_kit.messages import lookup
from pks_kit.pipelines.batch_receive import BatchReceiveRequest, batch_receive
from pks_kit.pipelines.batching.days_of_return import days_of_return
from pks_kit.pipelines.batching.decided_paper import (
    DecidedPaper,
    count_decisions,
    may_be_decided,
)
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.received_files import ReceivedFile
from pks_kit.web.state.deliveries import DECISION
from pks_kit.web.state.ids import moment_of, new_id
from pks_kit.web.work.batches import folder_of
from pks_kit.web.work.kept_readings import KeptReading
from pks_kit.web.work.pace import Pace
from pks_kit.web.work.packed_letters import packed
from pks_kit.web.work.shop import Shop
from pks_kit.web.work.task import Done, Task

if TYPE_CHECKING:
    from pks_kit.domain.paper import PaperFacts
    from pks_kit.domain.paper_pictures import PaperPicture
    from pks_kit.pipelines.verifying.returned_agreement import ReturnedAgreement

_MOST_ROWS = 200
_SAID = {"accepted": "signed", "refused": "empty"}
"""What a place is once a person decided about it."""


def received(shop: Shop, task: Task) -> Done:
    """Judge what came back, and let each scan belong to the agreements whose sheets it holds.

    What a person must look at is kept as it was read, so that nobody reads it once more.
    """
    return _received(shop, task, between=False, remind=True)


def received_few(shop: Shop, task: Task) -> Done:
    """Judge a small delivery, between what a large one at work reads."""
    return _received(shop, task, between=True, remind=True)


def decided(shop: Shop, task: Task) -> Done:
    """Count what was decided about paper that a delivery read.

    Where that was read before such things were kept, or other sheets came since, its scans are read
    once more, between what a delivery at work reads.
    """
    kept = KeptReading(shop, str(task.isi["tinjauan"]))
    answer = kept.answer()
    if answer is not None:
        folder = BatchFolder(folder_of(shop, task))
        found = count_decisions(folder, shop.ledger, answer, kept.pictures(), shop.clock)
        if found is not None:
            return Done(hasil=_told_of_decision(found, kept.entry()))
    return _received(shop, task, between=True, remind=False)


def _told_of_decision(found: DecidedPaper, entry: dict[str, Any]) -> dict[str, Any]:
    told = to_json(found.returned)
    (answer,) = found.returned.agreements
    # by its event pages tell which answer of several the ledger holds last
    recorded = told["agreements"][0]["recorded"]
    told["agreements"] = [
        entry | {"verdict": answer.verdict, "recorded": recorded, **_wanted(answer)}
    ]
    return {
        "returned": told,
        "electronic": [],
        "files": [],
        "not_back": [],
        "not_back_count": 0,
        "status": {"states": found.status.states},
    }


def _wanted(answer: ReturnedAgreement) -> dict[str, Any]:
    return {
        "wanted": answer.wanted,
        "own_wanted": answer.own_wanted,
        "changed": answer.is_changed,
        "places": open_places(answer.report.paper),
    }


def _received(shop: Shop, task: Task, *, between: bool, remind: bool) -> Done:
    isi, folder = task.isi, folder_of(shop, task)
    readings: dict[tuple[str, str], KeptReading] = {}

    def looked(answer: ReturnedAgreement, pictures: Sequence[PaperPicture]) -> None:
        if answer.verdict != "complete" and pictures and may_be_decided(answer):
            kept = KeptReading(shop, new_id(shop.clock()))
            kept.keep(answer, pictures)
            readings[answer.agreement_id, answer.edition] = kept

    scans, ids = [], {}
    handed: dict[str, datetime] = {}
    names = Counter(str(one["nama"]) for one in isi["pindaian"])
    for number, one in enumerate(isi["pindaian"], start=1):
        file = shop.read(one)
        if names[file.name] > 1:  # sheets name their file, so no two may be called the same
            file = replace(file, name=f"{number:03d}-{file.name}")
        scans.append(file)
        ids[file.name] = one["id"]
        # what is read once more was handed in when it was uploaded, not now
        ordered = None if task.kind == DECISION else task.ordered
        handed[file.name] = ordered or moment_of(one["id"])
    pace = Pace(shop.tell, files=ids)
    result = batch_receive(
        BatchReceiveRequest(
            folder=folder,
            scans=scans,
            ledger=shop.ledger,
            sessions=shop.tools.session_folder(),
            trust=shop.trust,
            deadline=date.fromisoformat(isi["batas_waktu"]) if isi["batas_waktu"] else None,
            rehearsal=isi["gladi"],
            progress=pace.at,
            counted=pace.counted,
            looked=None if isi["gladi"] else looked,
            remind=remind,
            between=between,
            handed_in=handed,
            clock=shop.clock,
        )
    )
    batch = BatchFolder(folder)
    place = batch.rehearsal if isi["gladi"] else batch
    told = to_json(replace(result, status=replace(result.status, rows=())))
    told["status"]["states"] = result.status.states
    told["not_back_count"] = len(told["not_back"])
    # whoever is missing stands at /batch/{id}/keadaan too, page by page
    told["not_back"] = told["not_back"][:_MOST_ROWS]
    for one in told["returned"]["agreements"]:
        one.pop("report")  # the verdict and what is asked for stand beside it
    ready = batch.plan().plan.ready()
    planned = {one.agreement_id: one.name for one in ready}
    ids_by_row = {one.number: one.agreement_id for one in ready}
    for one in told["electronic"]:
        one["agreement_id"] = ids_by_row.get(one["number"])
    for agreement, kept in zip(result.returned.agreements, told["returned"]["agreements"],
                               strict=True):  # fmt: skip
        kept["name"] = kept["name"] or planned.get(
            agreement.agreement_id
        )  # no ledger knows a draft
        kept |= _wanted(agreement)
        kept["only_drafted"] = agreement.agreement_id in result.only_drafted
        kept["of_batch"] = agreement.agreement_id in planned
        kept["files"] = sorted({sheet["file"] for sheet in kept["sheets"]})
    name_scans(told["returned"]["agreements"], ids)
    # nothing is kept of a file without content, so it is no scan; it is told all the same
    told["files"] += [
        to_json(ReceivedFile(file=name, outcome="empty", words=lookup("returned.file.empty")))
        for name in isi.get("kosong", ())
    ]
    for one in told["returned"]["agreements"]:
        reading = readings.get((one["agreement_id"], one["edition"] or ""))
        if reading is not None and one["of_batch"]:
            one["tinjauan"] = reading.id
            reading.tell(one)
    many: list[dict[str, Any]] = [
        {
            "id": one["agreement_id"],
            "dipakai": [each["id"] for each in one["scans"]],
            "bersama": [each["id"] for each in one["scans"] if each["bersama"]],
            **({"tinjauan": _review(one, readings)} if "tinjauan" in one else {}),
        }
        for one in told["returned"]["agreements"]
        if one["agreement_id"] in planned and not isi["gladi"]
    ]
    letters = [(name, place.reminders / name) for one in result.not_back for name in one.files]
    made = tuple(packed(shop, letters, "surat_pengingat"))
    back = {} if isi["gladi"] else days_of_return(folder, shop.ledger)
    return Done(hasil=told, berkas=made, banyak=tuple(many), kembali=back)


def _review(
    one: Mapping[str, Any], readings: Mapping[tuple[str, str], KeptReading]
) -> dict[str, Any]:
    reading = readings[one["agreement_id"], one["edition"] or ""]
    scans = [{"id": each["id"], "nama": each["nama"]} for each in one["scans"]]
    return {"id": reading.id, "pindaian": scans, "hasil": reading.summary}


def name_scans(agreements: Sequence[dict[str, Any]], ids: Mapping[str, str]) -> None:
    """Tell of each agreement which files of a delivery hold sheets of it, and which these are.

    Args:
        agreements: What is told of the agreements.
        ids: Ids of the files of this delivery, by the names under which they were judged.
    """
    whose = Counter(name for one in agreements for name in one["files"])
    for one in agreements:
        one["scans"] = [
            {
                "id": ids[name],
                "nama": name,
                "bersama": whose[name] > 1,
                "lembar": sorted({each["sheet"] for each in one["sheets"] if each["file"] == name}),
            }
            for name in one["files"]
            if name in ids
        ]


def open_places(paper: PaperFacts | None) -> dict[str, str]:
    """Return what was seen at places that are not filled, initials apart.

    ``missing`` where the page is. What a person said of a place counts, not what the machine said.

    Args:
        paper: What a scan shows, and what was decided about it.
    """
    if paper is None:
        return {}
    said = {one.item: _SAID.get(one.state) for one in paper.decided}
    seen = {
        one.id: said.get(one.id)
        or ("missing" if one.reason == "page_missing" else str(one.decision))
        for one in paper.places
        if one.kind != "paraf"
    }
    return {name: what for name, what in seen.items() if what != "signed"}
