"""Tasks that look after a batch: try again, take out, show it."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import Any

from pks_kit.errors import InputError
from pks_kit.files import read_limited
from pks_kit.json_form import from_wire, to_json
from pks_kit.ledger.plans import approvals, left_out
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
from pks_kit.pipelines.batching.returns import RECEIVED, is_silent
from pks_kit.pipelines.batching.row_index import IndexedRow, row_index
from pks_kit.pipelines.batching.sample import LIST, SampleList
from pks_kit.pipelines.batching.summary import HELD_BACK, detail_of
from pks_kit.web.work.batches import folder_of, report_of
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
    not_back: list[dict[str, str]] = []
    for indexed in row_index(folder).rows:
        stands = known.get(indexed.row.number, RowStanding())
        details[_detail(indexed, stands, is_at_work=is_at_work)] += 1
        if indexed.look != "stopped" and stands.state == "with_other":
            waits = is_silent(stands)
            if waits and len(not_back) < _MOST_ROWS:
                not_back.append({"nama": indexed.row.name, "nomor": indexed.row.nomor_kesatu})
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
        "belum_kembali": not_back,
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
