"""Tasks of a batch: plan, approval, run, status, report; its folder is the portal's."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from pks_kit.domain.receipt import parse_receipt
from pks_kit.errors import InputError, UsageError
from pks_kit.files import NamedFile, read_limited
from pks_kit.json_form import to_json
from pks_kit.pdf.prefix.running import sha256_of
from pks_kit.pipelines.batch import (
    BatchApproveRequest,
    BatchPlanRequest,
    BatchRejectRequest,
    batch_approve,
    batch_plan,
    batch_reject,
)
from pks_kit.pipelines.batch_report import written
from pks_kit.pipelines.batch_rows import BatchStatusRequest, batch_status
from pks_kit.pipelines.batch_run import BatchRunRequest, batch_run
from pks_kit.pipelines.batching.asked_texts import with_asked
from pks_kit.pipelines.batching.awaited import Awaited, awaited
from pks_kit.pipelines.batching.book import read_book
from pks_kit.pipelines.batching.coordinator import Progress
from pks_kit.pipelines.batching.days_of_return import days_of_return
from pks_kit.pipelines.batching.decisions import approvals_by_others, not_approved
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.letters_again import letters_named
from pks_kit.pipelines.batching.plan import PlannedRow, ReadPlan
from pks_kit.pipelines.batching.report import BatchReport
from pks_kit.pipelines.batching.row import issued_files, loaded_row
from pks_kit.pipelines.batching.row_index import row_index
from pks_kit.pipelines.requests.clock import moment
from pks_kit.web.pages.at_desk import at_desk
from pks_kit.web.scope import Reach, scopes_of
from pks_kit.web.work.areas import area_of
from pks_kit.web.work.drafting import facts_of
from pks_kit.web.work.packed_letters import packed
from pks_kit.web.work.pauses import FOLDER, pause_mark
from pks_kit.web.work.shop import Shop
from pks_kit.web.work.task import Done, MadeFile, Task

_MOST_BYTES = 1 << 30
_NAMED = 5


def planned(shop: Shop, task: Task) -> Done:
    """Plan many agreements; the plan holds whose each is, so that its owner can be asked for.

    A plan that was made before this process died stands there and is told again.

    Raises:
        UsageError: ``batch.busy``: another process is still planning it; ``web.other_area``.
    """
    isi, folder = task.isi, folder_of(shop, task)
    if not _stands(folder):
        result = batch_plan(
            BatchPlanRequest(
                sources=[shop.read(one) for one in isi["sumber"]],
                earlier=[shop.read(one) for one in isi["sebelumnya"]],
                folder=folder,
                by=isi["oleh"],
                settings=shop.settings,
                settings_bytes=shop.settings_bytes,
                sample=isi["contoh"],
                compiled=shop.compiled,
                clock=shop.clock,
                progress=lambda done, whole: shop.tell({"selesai": done, "semua": whole}),
                ledger=shop.ledger,
            )
        )
        told = to_json(result) | {"folder": isi["batch"]}
    else:
        told = {"plan": BatchFolder(folder).plan().id, "folder": isi["batch"]}
    reach = Reach(scopes_of(isi["jangkauan"]))
    if not all(reach.covers(area_of(shop.portal, facts)) for _, facts in _facts(folder)):
        shutil.rmtree(folder)
        raise UsageError("web.other_area")
    row_index(BatchFolder(folder))  # now, so that nobody waits for it at a page
    pages = [folder / "pratinjau.html", folder / "pratinjau.xlsx"]
    made = tuple(_kept(shop, one, one.stem + one.suffix) for one in pages if one.is_file())
    return Done(hasil=told, berkas=made)


def _stands(folder: Path) -> bool:
    """Return whether a batch was planned; what a process left that did not come so far goes.

    Raises:
        UsageError: ``batch.busy``.
    """
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    place = BatchFolder(folder)
    with place.alone():
        if any(folder.glob("rencana-*.json")):
            return True
        place.clear()
    return False


def held_back(shop: Shop, task: Task) -> Done:
    """Name the first agreements that the plan holds back."""
    rows = BatchFolder(folder_of(shop, task)).plan().plan.rows
    held = (one.name or one.place or one.file for one in rows if not one.is_ready)
    return Done(hasil={"nama": list(islice(held, _NAMED))})


def _folder_of_plan(shop: Shop, task: Task) -> Path:
    """Return the folder of a batch whose plan is still the one that somebody saw.

    Raises:
        UsageError: ``web.other_plan``.
    """
    folder = folder_of(shop, task)
    if BatchFolder(folder).plan().id != task.isi["rencana"]:
        raise UsageError("web.other_plan")
    return folder


def approved(shop: Shop, task: Task) -> Done:
    """Write into the ledger that a person approved exactly this plan."""
    isi = task.isi
    folder = _folder_of_plan(shop, task)
    result = batch_approve(
        BatchApproveRequest(
            folder=folder,
            by=isi["oleh"],
            ledger=shop.ledger,
            leave_out=isi["kecuali"],
            looked_at=isi["dilihat"],
            clock=shop.clock,
        )
    )
    return Done(hasil=to_json(result))


def approval_sought(shop: Shop, task: Task) -> Done:
    """Tell the approval that a plan is run by: who gave it, for how many agreements and meterai.

    Raises:
        UsageError: ``batch.not_approved``, ``batch.rejected``.
    """
    plan_id = task.isi["rencana"]
    found = approvals_by_others(shop.ledger, plan_id, task.isi["pembuat"])
    if not found:
        raise not_approved(shop.ledger, plan_id)
    isi = found[-1].isi
    return Done(hasil={"by": isi["oleh"], "rows": isi["baris"], "meterai": isi["meterai"]})


def rejected(shop: Shop, task: Task) -> Done:
    """Write into the ledger that a person rejected exactly this plan."""
    isi = task.isi
    folder = _folder_of_plan(shop, task)
    result = batch_reject(
        BatchRejectRequest(
            folder=folder,
            by=isi["oleh"],
            reason=isi["alasan"],
            ledger=shop.ledger,
            clock=shop.clock,
        )
    )
    return Done(hasil=to_json(result))


def withdrawn(shop: Shop, task: Task) -> Done:
    """Take a plan back of which nothing was signed: to the ledger a rejection, name and reason.

    What it drafted is told with the hash of its file, so that it leaves the list of work; a draft
    that the ledger knows keeps the plan where it is.

    Raises:
        UsageError: ``web.batch_ran``: something was signed, or a run that signs has begun.
    """
    place = BatchFolder(_folder_of_plan(shop, task))
    with place.alone():
        found = place.plan()
        drafts = _drafts_alone(shop, place, found)
        done = rejected(shop, task)
    return replace(done, banyak=tuple(drafts))


def _drafts_alone(shop: Shop, place: BatchFolder, found: ReadPlan) -> list[dict[str, Any]]:
    """Return what was drafted of a plan, as its files tell: the book may be lost.

    Raises:
        UsageError: ``web.batch_ran``.
    """
    rows, runs = read_book(place.book, found.id, len(found.plan.rows))
    drafts = []
    for row in found.plan.ready():
        issued = issued_files(place, row)
        if issued is not None and row.agreement_id is not None:
            sha256 = sha256_of(read_limited(issued[0], _MOST_BYTES))
            drafts.append({"id": row.agreement_id, "ditarik": sha256})
    if (
        any(one.until != "drafted" for one in runs)
        or any(one.stage not in ("", "drafted") for one in rows.values())
        or any(shop.ledger.events(one["id"]) for one in drafts)
    ):
        raise UsageError("web.batch_ran")
    return drafts


def ran(shop: Shop, task: Task) -> Done:
    """Bring every agreement of a batch on; the same run again goes on where it stopped."""
    isi, folder = task.isi, folder_of(shop, task)
    signs = isi["sampai"] != "drafted" and not isi["gladi"]
    result = batch_run(
        BatchRunRequest(
            folder=folder,
            until=isi["sampai"],
            signing=shop.signing_for(task) if signs else None,
            settings_bytes=shop.settings_bytes if signs else None,
            rehearse=isi["gladi"],
            jobs=shop.portal.proses,
            compiled=shop.compiled,
            deadline=date.fromisoformat(isi["batas_waktu"]) if isi["batas_waktu"] else None,
            progress=lambda one: shop.tell(_told(one)),
            compiling=lambda done, whole: shop.tell({"naskah": done, "semua_naskah": whole}),
            stopping=pause_mark(shop.folder, isi["batch"], task.id).exists,
            clock=shop.clock,
        )
    )
    known = set(isi["sudah"])
    files: list[MadeFile] = []
    many: list[dict[str, Any]] = []
    back: dict[str, date] = {}
    if not isi["gladi"]:
        for row, facts in _facts(folder, whole=False):
            _taken_over(shop, BatchFolder(folder), row, facts, known, files, many)
        place = BatchFolder(folder)
        files += packed(shop, letters_named(place, place.plan().plan.ready()), "surat_pengantar")
        back = days_of_return(folder, shop.ledger)
    # row by row it stands at /batch/{id}/keadaan, page by page
    short = replace(result, status=replace(result.status, rows=()))
    hasil = to_json(short)
    hasil["status"]["states"] = result.status.states
    return Done(hasil=hasil, berkas=tuple(files), banyak=tuple(many), kembali=back)


def status(shop: Shop, task: Task) -> Done:
    """Tell how far a batch is: all states, and a page of its agreements."""
    isi = task.isi
    found = batch_status(
        BatchStatusRequest(folder=folder_of(shop, task), ledger=shop.ledger, rehearsal=isi["gladi"])
    )
    wanted = (
        one
        for one in found.rows
        if one.number > isi["setelah"] and isi["keadaan"] in ("", one.state)
    )
    page = replace(found, rows=tuple(islice(wanted, isi["batas"])))
    return Done(hasil=to_json(page) | {"states": found.states})


def reported(shop: Shop, task: Task) -> Done:
    """Write page and workbook about a batch, with advice for whoever sits at the desk."""
    report = report_of(shop, task)
    result = written(report.status, report, report.html())
    made = shop.keep_all([("halaman", result.page), ("buku_kerja", result.workbook)])
    return Done(hasil=to_json(result), berkas=made)


def report_of(shop: Shop, task: Task) -> BatchReport:
    """Return the report of a batch as it is now, with advice for whoever sits at the desk.

    Pages and files are made of it alike, so that they tell the same numbers in the same words.
    """
    isi, folder = task.isi, folder_of(shop, task)
    status = batch_status(
        BatchStatusRequest(folder=folder, ledger=shop.ledger, rehearsal=isi["gladi"])
    )
    place = BatchFolder(folder)
    return BatchReport(
        with_asked(status, place.rehearsal if isi["gladi"] else place),
        isi["bahasa"],
        moment(shop.clock),
        rehearsed=isi["gladi"],
        name=str(isi.get("nama") or isi["batch"]),  # a job that was ordered before names none
        reword=at_desk,
        awaited=Awaited() if isi["gladi"] else awaited(folder, shop.ledger),
        unread=int(isi.get("belum_dibaca", 0)),
        folder="FOLDER",  # no page of the desk advises a command
    )


def _taken_over(
    shop: Shop,
    folder: BatchFolder,
    row: PlannedRow,
    facts: dict[str, Any],
    known: set[str],
    files: list[MadeFile],
    many: list[dict[str, Any]],
) -> None:
    """Put the files of a row into the store, those that are not there yet."""
    found = issued_files(folder, row)
    if found is None or row.agreement_id is None:
        return
    pdf, receipt = found
    told = dict(facts) | {"id": row.agreement_id}
    if row.agreement_id not in known:
        data = NamedFile(f"{pdf.stem}.yml", loaded_row(folder, row).source_bytes)
        kept = {
            "terbit": _kept(shop, pdf, "pdf", row.agreement_id),
            "resi": _kept(shop, receipt, "receipt", row.agreement_id),
            "data": shop.keep(data, "data", perjanjian=row.agreement_id),
        }
        files += kept.values()
        told |= {name: one.id for name, one in kept.items()}
        told["halaman"] = parse_receipt(receipt.read_bytes(), receipt.name).pages
    final = folder.finished / pdf.name
    if final.is_file():
        made = _kept(shop, final, "pdf", row.agreement_id)
        files.append(made)
        told["terkini"] = made.id
    many.append(told)


def _facts(folder: Path, *, whole: bool = True) -> Iterator[tuple[PlannedRow, dict[str, Any]]]:
    """Yield the rows of a plan with their facts.

    Args:
        folder: Folder of the batch.
        whole: Whether to stop at a row whose data were changed; else it is left out: the run
            refused it, and the files of the others are not lost for it.
    """
    batch = BatchFolder(folder)
    for row in batch.plan().plan.ready():
        try:
            facts = facts_of(loaded_row(batch, row).kontrak)
        except InputError:
            if whole:
                raise
            continue
        yield row, facts


def folder_of(shop: Shop, task: Task) -> Path:
    """Return the folder of the batch that a task names."""
    return shop.folder / FOLDER / str(task.isi["batch"])


def _kept(shop: Shop, path: Path, peran: str, perjanjian: str = "") -> MadeFile:
    content = read_limited(path, _MOST_BYTES)
    return shop.keep(NamedFile(path.name, content), peran, perjanjian=perjanjian)


def _told(one: Progress) -> dict[str, Any]:
    return {
        "semua": one.rows,
        "selesai": one.ended,
        "keadaan": one.states,
        "sisa_detik": one.left,
        "per_menit": one.per_minute,
        "menunggu_layanan": list(one.waiting_for),
    }
