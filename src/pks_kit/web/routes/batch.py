"""Many agreements: plan, approval, run, progress, report."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import Query
from starlette.responses import Response

from pks_kit.domain.nama_orang import compare_names, surely_different
from pks_kit.domain.tanggal import refuse_past
from pks_kit.errors import UsageError
from pks_kit.pipelines.batching.outcome import RowState
from pks_kit.pipelines.batching.summary import BatchStatus
from pks_kit.visible_text import WIB
from pks_kit.web.bodies import After, Key, Most, PathId
from pks_kit.web.bodies_verbs import (
    ApproveBody,
    PlanBody,
    RejectBody,
    ReportBody,
    RunBody,
)
from pks_kit.web.given_books import content_of, refuse_no_book
from pks_kit.web.operation import Asked, Operation
from pks_kit.web.routes.common import (
    answer,
    day,
    file_in_reach,
    problems,
    promised,
    promising,
    told_by,
)
from pks_kit.web.scope import Act, Person
from pks_kit.web.state import batches, jobs
from pks_kit.web.state.batches import StoredBatch
from pks_kit.web.state.ids import new_id
from pks_kit.web.state.jobs import Job
from pks_kit.web.state.tables import BUSY
from pks_kit.web.views_lists import BatchesForm, BatchForm, batch_form


async def batch_rencanakan(call: Asked, body: PlanBody, idempotency_key: Key) -> Response:
    """Plan many agreements: what is wrong with which is in the plan, and nothing is done yet."""
    portal, now = call.portal, call.portal.now()
    sumber, sebelumnya = [
        [await file_in_reach(call, one) for one in several]
        for several in (body.sumber, body.sebelumnya)
    ]
    for file in (*sumber, *sebelumnya):
        content = await asyncio.to_thread(content_of, portal.blobs, file)
        refuse_no_book(file.nama, content)
    area = call.portal.home_of(call.reach)
    new = StoredBatch(
        id=new_id(now), area=area, nama=body.nama, oleh=call.person.subject, dibuat=now
    )
    one = await portal.write(batches.add, new, call.key)
    isi = {
        "batch": one.id,
        "oleh": call.person.name,
        "sumber": [{"id": file.id, "nama": file.nama} for file in sumber],
        "sebelumnya": [{"id": file.id, "nama": file.nama} for file in sebelumnya],
        "contoh": body.contoh,
        "jangkauan": [str(scope) for scope in sorted(call.reach.scopes)],
    }
    return await promised(call, "rencana_batch", isi, area=area)


async def batch_setujui(
    call: Asked, id: PathId, body: ApproveBody, idempotency_key: Key
) -> Response:
    """Approve exactly this plan; not by whoever planned it."""
    one = await batch_in_reach(call, id)
    known = await call.portal.read(jobs.of_batch, one.id, call.reach)
    if planner_is(one, known, call.person) != "another":
        raise UsageError("batch.same_person", name=call.person.name)
    isi = {"batch": one.id, "oleh": call.person.name, **body.model_dump(mode="json")}
    unless = partial(batches.refuse_withdrawn, batch_id=one.id)
    return await promised(call, "setujui_batch", isi, area=one.area, unless=unless)


def planner_is(
    one: StoredBatch, known: Sequence[Job], person: Person
) -> Literal["own", "alike", "another"]:
    """Return whether somebody made a plan, has a name much like its maker's, or is another person.

    Args:
        one: The batch.
        known: Its jobs.
        person: Who asks.
    """
    if one.oleh == person.subject:
        return "own"
    plan = plan_of(known)
    if plan is None or surely_different(person.name, made_by := str(plan.isi["oleh"])):
        return "another"
    return "own" if compare_names(person.name, made_by).outcome == "same" else "alike"


def plan_of(known: Sequence[Job]) -> Job | None:
    """Return the job that planned a batch; None when it was not accepted or was cancelled."""
    return next(
        (one for one in known if one.jenis == "rencana_batch" and one.keadaan != "dibatalkan"), None
    )


async def batch_tolak(call: Asked, id: PathId, body: RejectBody, idempotency_key: Key) -> Response:
    """Reject exactly this plan: earlier approvals end with it."""
    one = await batch_in_reach(call, id)
    isi = {"batch": one.id, "oleh": call.person.name, **body.model_dump(mode="json")}
    return await promised(call, "tolak_batch", isi, area=one.area)


async def batch_tarik(call: Asked, id: PathId, body: RejectBody, idempotency_key: Key) -> Response:
    """Withdraw a plan of which nothing was signed: it leaves the list and stays in the record."""
    one = await batch_in_reach(call, id)
    isi = {"batch": one.id, "oleh": call.person.name, **body.model_dump(mode="json")}
    unless = partial(batches.refuse_signed, batch_id=one.id)
    return await promised(call, "tarik_batch", isi, area=one.area, unless=unless)


async def batch_jalankan(call: Asked, id: PathId, body: RunBody, idempotency_key: Key) -> Response:
    """Bring every agreement on; another time it goes on where it stopped."""
    one = await batch_in_reach(call, id)
    await refuse_day(call, one, body.batas_waktu)
    await refuse_too_early(call, one, body)
    isi: dict[str, Any] = {
        "batch": one.id,
        "sampai": body.sampai,
        "gladi": body.gladi,
        "batas_waktu": day(body.batas_waktu),
    }
    unless = partial(batches.refuse_withdrawn, batch_id=one.id)
    return await promised(call, "jalan_batch", isi, area=one.area, unless=unless)


async def refuse_day(call: Asked, one: StoredBatch, last: date | None) -> None:
    """Refuse a last day on which no letter of a batch could be written, before anything begins.

    Args:
        call: The call.
        one: The batch.
        last: Day that was given; None: no day.

    Raises:
        UsageError: ``value.deadline_over``.
        ToldError: ``batch.deadline_after_term``.
    """
    refuse_past(last, call.portal.now().astimezone(WIB).date())
    if last is not None:
        await call.portal.ask("hari_batch", {"batch": one.id, "hari": last.isoformat()})


async def refuse_too_early(call: Asked, one: StoredBatch, body: RunBody) -> None:
    """Refuse to sign by a plan that nobody else approved; a job would only fail by it, for all.

    Drafts and rehearsals need no approval. An approval that is being written is waited for: jobs of
    a batch are done one after another, and the run looks into the ledger once more.

    Raises:
        UsageError: ``batch.not_approved``: there is no plan yet.
        ToldError: ``batch.not_approved``, ``batch.rejected``.
    """
    if body.gladi or body.sampai == "drafted":
        return
    known = await call.portal.read(jobs.of_batch, one.id, call.reach)
    if not any(job.jenis == "setujui_batch" and job.keadaan in BUSY for job in known):
        await approval_of(call, one, known)


async def approval_of(call: Asked, one: StoredBatch, known: Sequence[Job]) -> dict[str, Any]:
    """Return by which approval a plan may be run, as the ledger tells: name and sums.

    Args:
        call: The call.
        one: The batch.
        known: Its jobs.

    Raises:
        UsageError: ``batch.not_approved``: there is no plan yet.
        ToldError: ``batch.not_approved``, ``batch.rejected``.
    """
    plan = plan_of(known)
    if plan is None or plan.keadaan != "selesai":
        raise UsageError("batch.not_approved", plan=one.nama)
    isi = {"rencana": plan.hasil["hasil"]["plan"], "pembuat": plan.isi["oleh"]}
    return (await call.portal.ask("persetujuan_batch", isi)).hasil


async def batch_laporkan(
    call: Asked, id: PathId, body: ReportBody, idempotency_key: Key
) -> Response:
    """Write page and workbook about every agreement of a batch."""
    one = await batch_in_reach(call, id)
    isi = {"batch": one.id, "nama": one.nama, **body.model_dump(mode="json")}
    return await promised(call, "laporan_batch", isi, area=one.area)


async def batch_keadaan(
    call: Asked,
    id: PathId,
    gladi: Annotated[bool, Query(description="Keadaan gladi")] = False,
    keadaan: Annotated[RowState | None, Query(description="Hanya yang berkeadaan ini")] = None,
    setelah: Annotated[
        int, Query(ge=0, le=10_000_000, description="Nomor baris terakhir sebelumnya")
    ] = 0,
    batas: Most = 50,
) -> Response:
    """Return how far a batch is, and a page of its agreements; also while it runs."""
    one = await batch_in_reach(call, id)
    isi = {
        "batch": one.id,
        "gladi": gladi,
        "keadaan": keadaan or "",
        "setelah": setelah,
        "batas": batas,
    }
    return await told_by(call, "status_batch", isi)


async def batch_satu(call: Asked, id: PathId) -> Response:
    """Return one batch."""
    return answer(batch_form(await batch_in_reach(call, id)))


async def batch(call: Asked, setelah: After = "", batas: Most = 50) -> Response:
    """Return batches, the newest first."""
    found = await call.portal.read(
        batches.listed, call.reach, before=setelah, most=batas + 1, withdrawn=None
    )
    shown = found[:batas]
    after = shown[-1].id if len(found) > batas else None
    return answer(BatchesForm(daftar=tuple(map(batch_form, shown)), berikutnya=after))


async def batch_in_reach(call: Asked, batch_id: str) -> StoredBatch:
    """Return a batch.

    Raises:
        UsageError: ``web.unknown``.
    """
    found = await call.portal.read(batches.find, batch_id, call.reach)
    if found is None:
        raise UsageError("web.unknown")
    return found


_TAGS = {"tags": ["batch"]}


OPERATIONS = (
    promising("/batch", batch_rencanakan, Act.BATCH, "batch"),
    promising("/batch/{id}/persetujuan", batch_setujui, Act.APPROVE, "batch", target="id"),
    promising("/batch/{id}/penolakan", batch_tolak, Act.APPROVE, "batch", target="id"),
    promising("/batch/{id}/penarikan", batch_tarik, Act.BATCH, "batch", target="id"),
    promising("/batch/{id}/jalan", batch_jalankan, Act.BATCH, "batch", target="id"),
    promising("/batch/{id}/laporan", batch_laporkan, Act.SEE, "batch", target="id"),
    Operation(
        method="GET",
        path="/batch",
        endpoint=batch,
        act=Act.SEE,
        told={"response_model": BatchesForm, "responses": problems(), **_TAGS},
    ),
    Operation(
        method="GET",
        path="/batch/{id}",
        endpoint=batch_satu,
        act=Act.SEE,
        target="id",
        told={"response_model": BatchForm, "responses": problems(404), **_TAGS},
    ),
    Operation(
        method="GET",
        path="/batch/{id}/keadaan",
        endpoint=batch_keadaan,
        act=Act.SEE,
        target="id",
        told={"response_model": BatchStatus, "responses": problems(404, 409, 422), **_TAGS},
    ),
)
