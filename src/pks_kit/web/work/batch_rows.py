"""Tasks that look after a batch: try again, take out, judge what came back, show it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from pks_kit.domain.paper import PaperFacts
from pks_kit.errors import InputError
from pks_kit.files import read_limited
from pks_kit.json_form import from_wire, to_json
from pks_kit.ledger.plans import approvals, left_out
from pks_kit.messages import lookup
from pks_kit.pipelines.batch_receive import BatchReceiveRequest, batch_receive
from pks_kit.pipelines.batch_rows import (
    BatchRowsRequest,
    BatchStatusRequest,
    batch_cancel,
    batch_retry,
    batch_status,
)
from pks_kit.pipelines.batching.alive import at_work
from pks_kit.pipelines.batching.book import RowStanding, count_book, standing_rows
from pks_kit.pipelines.batching.covering_letters import earlier_letters
from pks_kit.pipelines.batching.decisions import words_about
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.kept_scans import KeptScans
from pks_kit.pipelines.batching.letters_again import lacks_letter
from pks_kit.pipelines.batching.outcome import LETTER_REFUSED
from pks_kit.pipelines.batching.preview import preview_values
from pks_kit.pipelines.batching.received_files import ReceivedFile
from pks_kit.pipelines.batching.returns import RECEIVED
from pks_kit.pipelines.batching.row_index import IndexedRow, row_index
from pks_kit.pipelines.batching.sample import LIST, SampleList
from pks_kit.pipelines.batching.summary import HELD_BACK, detail_of
from pks_kit.web.work.batches import folder_of, packed, report_of
from pks_kit.web.work.days_of_return import days_of_return
from pks_kit.web.work.pauses import FOLDER
from pks_kit.web.work.shop import Shop
from pks_kit.web.work.task import Done, Task

_LIST_BYTES = 1 << 24
_PICTURE_BYTES = 1 << 24
_MOST_ROWS = 200
_MOST_LOOKED = 500
"""Names that an approval takes of what its person looked at."""


def tried_again(shop: Shop, task: Task) -> Done:
    """Let rows be tried again by the next run."""
    return _with_states(shop, task, to_json(batch_retry(_meant(shop, task))))


def taken_out(shop: Shop, task: Task) -> Done:
    """Take rows out that are not done."""
    return _with_states(shop, task, to_json(batch_cancel(_meant(shop, task))))


def _meant(shop: Shop, task: Task) -> BatchRowsRequest:
    isi = task.isi
    by = str(isi.get("oleh", ""))  # a job that was ordered before names nobody
    return BatchRowsRequest(
        folder=folder_of(shop, task),
        keys=isi["kunci"],
        rehearsal=isi["gladi"],
        by=by,
        ledger=shop.ledger if by else None,
        clock=shop.clock,
    )


def _with_states(shop: Shop, task: Task, told: dict[str, Any]) -> Done:
    """Return what was changed, and how many agreements are in each state now."""
    asked = BatchStatusRequest(folder=folder_of(shop, task), rehearsal=task.isi["gladi"])
    return Done(hasil=told | {"status": {"states": batch_status(asked).states}})


def counted(shop: Shop, task: Task) -> Done:
    """Tell of some batches how many agreements are in each state now, as their books say.

    A batch whose book nobody began, or cannot be read, is not in the answer. Of one of which
    ``rinci`` is asked also which kind of its state each is, and what is to be printed and written:
    that reads every row.
    """
    told: dict[str, Any] = {}
    for one in task.isi["batch"]:
        folder = BatchFolder(shop.folder / FOLDER / one["id"])
        place = folder.rehearsal if one["gladi"] else folder
        try:
            book = count_book(place.book)
        except InputError:
            continue
        states: Counter[str] = Counter()
        for (state, _), count in book.stages.items():
            states[state] += count
        if not states:
            continue
        if not at_work(folder, book.runs, time.time()):
            states["interrupted"] = states.pop("working", 0)
        # of the rows of the plan only those that are ready ever come into a book
        states["waiting"] += max(0, one["siap"] - sum(states.values()))
        states["refused"] += one["baris"] - one["siap"]
        told[one["id"]] = {
            "keadaan": {name: count for name, count in sorted(states.items()) if count},
            "draf": book.stages.get(("done", "drafted"), 0),
        }
        if one.get("rinci"):
            told[one["id"]] |= _in_detail(folder, place)
    return Done(hasil=told)


_BY_PEN = ("digital", "manual")
"""Methods by which somebody signs a print."""


def _in_detail(folder: BatchFolder, place: BatchFolder) -> dict[str, Any]:
    """Return how many agreements are in each kind of state; the same as the report tells."""
    known, runs = standing_rows(place.book)
    is_at_work = bool(at_work(folder, runs, time.time()))
    details: Counter[str] = Counter()
    to_print = unwritten = written = refused = 0
    for indexed in row_index(folder).rows:
        stands = known.get(indexed.row.number, RowStanding())
        details[_detail(indexed, stands, is_at_work=is_at_work)] += 1
        if indexed.look != "stopped" and stands.state == "with_other":
            waits = not stands.code.startswith(RECEIVED)
            to_print += waits and indexed.row.cara_kontrak in _BY_PEN
            unwritten += waits and lacks_letter(indexed.row, stands, every=False)
            written += waits and stands.stage == "sent" and stands.code != LETTER_REFUSED
            refused += stands.code == LETTER_REFUSED
    return {
        "rinci": dict(details),
        "cetak": to_print,
        "tanpa_surat": unwritten,
        "bersurat": written,
        "surat_ditolak": refused,
        "hari_surat": day.isoformat() if (day := place.deadline()) else "",
    }


def _detail(indexed: IndexedRow, stands: RowStanding, *, is_at_work: bool) -> str:
    if indexed.look == "stopped":
        return HELD_BACK
    if stands.state == "working" and not is_at_work:
        return "interrupted"
    return detail_of(stands.state, stands.stage, stands.code, indexed.row.cara_kontrak)


def to_download(shop: Shop, task: Task) -> Done:
    """Tell which agreements of a batch can be downloaded together, in the order of its plan.

    Each with whether somebody signs its print next, and where its covering letter lies in the
    folder of the portal; empty when none was written. Likewise its scans that came back.
    """
    folder = BatchFolder(folder_of(shop, task))
    kept = KeptScans(folder.scans)
    known, _ = standing_rows(folder.book)
    rows, indexed_rows = [], row_index(folder).rows
    for indexed in indexed_rows:
        row, stands = indexed.row, known.get(indexed.row.number, RowStanding())
        if _is_made(stands) and row.agreement_id:
            waits = stands.state != "done" and not stands.code.startswith(RECEIVED)
            rows.append(
                {
                    "id": row.agreement_id,
                    "nama": row.name,
                    "nomor": row.number,
                    "cara_kontrak": row.cara_kontrak,
                    "cetak": waits and row.cara_kontrak in _BY_PEN,
                    "kembali": [
                        str(one.relative_to(shop.folder)) for one in kept.paths_of(row.agreement_id)
                    ],
                    **_letters(shop, folder, stands.file),
                }
            )
    return Done(hasil={"baris": rows, "semua": len(indexed_rows)})


def _is_made(stands: RowStanding) -> bool:
    """Return whether there is something to download: also what a stopped run only signed."""
    if stands.state in ("done", "with_other"):
        return True
    return stands.state not in ("failed", "cancelled") and stands.stage in ("signed", "sent")


def _letters(shop: Shop, folder: BatchFolder, file: str) -> dict[str, Any]:
    """Return where the letter of an agreement lies, and those whose place it took."""
    name = f"{Path(file).stem}-pengantar.pdf"
    path = folder.to_send / name
    before = earlier_letters(folder, name) if file else []
    return {
        "surat": str(path.relative_to(shop.folder)) if file and path.is_file() else "",
        "surat_terdahulu": [str(one.relative_to(shop.folder)) for one in before],
    }


def received(shop: Shop, task: Task) -> Done:
    """Judge what came back, and let each scan belong to the agreements whose sheets it holds."""
    isi, folder = task.isi, folder_of(shop, task)
    scans, ids = [], {}
    names = Counter(str(one["nama"]) for one in isi["pindaian"])
    for number, one in enumerate(isi["pindaian"], start=1):
        file = shop.read(one)
        if names[file.name] > 1:  # sheets name their file, so no two may be called the same
            file = replace(file, name=f"{number:03d}-{file.name}")
        scans.append(file)
        ids[file.name] = one["id"]
    result = batch_receive(
        BatchReceiveRequest(
            folder=folder,
            scans=scans,
            ledger=shop.ledger,
            sessions=shop.tools.session_folder(),
            trust=shop.trust,
            deadline=date.fromisoformat(isi["batas_waktu"]) if isi["batas_waktu"] else None,
            rehearsal=isi["gladi"],
            progress=lambda name: shop.tell({"langkah": name}),
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
        kept["wanted"], kept["own_wanted"] = agreement.wanted, agreement.own_wanted
        kept["places"] = open_places(agreement.report.paper)
        kept["only_drafted"] = agreement.agreement_id in result.only_drafted
        kept["of_batch"] = agreement.agreement_id in planned
        kept["files"] = sorted({sheet["file"] for sheet in kept["sheets"]})
    name_scans(told["returned"]["agreements"], ids)
    # nothing is kept of a file without content, so it is no scan; it is told all the same
    told["files"] += [
        to_json(ReceivedFile(file=name, outcome="empty", words=lookup("returned.file.empty")))
        for name in isi.get("kosong", ())
    ]
    many: list[dict[str, Any]] = [
        {
            "id": one["agreement_id"],
            "dipakai": [each["id"] for each in one["scans"]],
            "bersama": [each["id"] for each in one["scans"] if each["bersama"]],
        }
        for one in told["returned"]["agreements"]
        if one["agreement_id"] in planned and not isi["gladi"]
    ]
    letters = [(name, place.reminders / name) for one in result.not_back for name in one.files]
    made = tuple(packed(shop, letters, "surat_pengingat"))
    back = {} if isi["gladi"] else days_of_return(folder)
    return Done(hasil=told, berkas=made, banyak=tuple(many), kembali=back)


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

    ``missing`` where the page is.

    Args:
        paper: What a scan shows.
    """
    return {
        one.id: "missing" if one.reason == "page_missing" else one.decision
        for one in (paper.places if paper else ())
        if one.kind != "paraf" and one.decision != "signed"
    }


def plan_shown(shop: Shop, task: Task) -> Done:
    """Tell what a page shows of a plan, and who approved it."""
    folder = BatchFolder(folder_of(shop, task))
    found = folder.plan()
    plan = found.plan
    known, seen = approvals(shop.ledger, found.id), set(task.isi["dilihat"])
    out = left_out(known[-1]) if known else frozenset()
    chosen = _sample(folder)
    return Done(
        hasil={
            **preview_values(found, task.isi["bahasa"]),
            "made_by": plan.made_by,
            "count": len(plan.rows),
            "ready": [
                {"number": one.number, "name": one.name, "kode": one.kode, "key": one.key}
                for one in plan.ready()
            ][:_MOST_ROWS],
            "ready_count": sum(one.is_ready for one in plan.rows),
            "meterai": plan.meterai(),
            "sample": chosen.agreements,
            "looked": [one.name for one in plan.rows if one.number in seen][:_MOST_LOOKED],
            "approved": [
                {"by": str(one.isi["oleh"]), "at": one.waktu, "rows": one.isi["baris"],
                 "meterai": one.isi["meterai"]}
                for one in known
            ],
            "rejected": words_about(shop.ledger, found).rejected,
            "left_out": [one.name for one in plan.rows if one.number in out],
        }
    )  # fmt: skip


def sample_page(shop: Shop, task: Task) -> Done:
    """Return the picture of a page of the sample; nothing when it was not drawn with the plan.

    Every NIK on it is covered.
    """
    folder = BatchFolder(folder_of(shop, task))
    for one in _sample(folder).agreements:
        for page in one.pages:
            if (one.row.number, page.number) == (task.isi["baris"], task.isi["halaman"]):
                return Done(content=read_limited(folder.path / page.file, _PICTURE_BYTES))
    return Done()


def _sample(folder: BatchFolder) -> SampleList:
    path = folder.path / LIST
    if not path.is_file():
        return SampleList(agreements=())
    return from_wire(SampleList, read_limited(path, _LIST_BYTES))


def status_shown(shop: Shop, task: Task) -> Done:
    """Tell what a page shows of how far a batch is."""
    return Done(hasil=report_of(shop, task).shown(task.isi["lewati"]))
