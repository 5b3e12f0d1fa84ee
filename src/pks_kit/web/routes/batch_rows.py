"""Looking after a batch: stop beginning, try again, take out, judge what came back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

from starlette.responses import Response

from pks_kit.domain.tanggal import refuse_past
from pks_kit.errors import UsageError
from pks_kit.visible_text import WIB
from pks_kit.web.bodies import Key, PathId
from pks_kit.web.bodies_verbs import LettersBody, ReceiveBody, RemindBody, RowsBody
from pks_kit.web.operation import Asked, Operation
from pks_kit.web.problems import language_of
from pks_kit.web.routes.batch import batch_in_reach, refuse_day
from pks_kit.web.routes.common import answer, day, file_in_reach, problems, promised
from pks_kit.web.routes.langkah import Nothing
from pks_kit.web.scope import Act
from pks_kit.web.state import batches, jobs
from pks_kit.web.state.deliveries import files_in, kind_of_delivery, pending
from pks_kit.web.state.tables import BUSY
from pks_kit.web.views import JobForm, job_form
from pks_kit.web.work.pauses import pause_mark, write_pause


async def batch_jeda(call: Asked, id: PathId, body: Nothing, idempotency_key: Key) -> Response:
    """Let the run begin no further agreement; those at work are brought to their end."""
    one = await batch_in_reach(call, id)
    portal = call.portal
    known = await portal.read(jobs.of_batch, one.id, call.reach)
    running = next(
        (job for job in known
         if job.jenis == "jalan_batch" and job.keadaan in BUSY),
        None,
    )  # fmt: skip
    if running is None:
        raise UsageError("web.not_running")
    # one that nobody has begun is taken back; one at work looks for this file
    mark = pause_mark(portal.folder, one.id, running.id)
    await asyncio.to_thread(write_pause, mark, call.person.name, portal.now())
    await portal.write(jobs.cancel, running.id, call.reach, portal.now())
    told = await portal.read(jobs.find, running.id, call.reach)
    return answer(job_form(told or running, language_of(call.request)))


async def batch_ulangi(call: Asked, id: PathId, body: RowsBody, idempotency_key: Key) -> Response:
    """Let agreements that failed, were refused or taken out be tried again by the next run."""
    return await _rows(call, id, body, "ulangi_batch")


async def batch_batalkan(call: Asked, id: PathId, body: RowsBody, idempotency_key: Key) -> Response:
    """Take agreements out that are not done; what was bought for them stays bought."""
    return await _rows(call, id, body, "batalkan_batch")


async def batch_surat(call: Asked, id: PathId, body: LettersBody, idempotency_key: Key) -> Response:
    """Write covering letters without a run: those that lack, or all of them with another day."""
    one = await batch_in_reach(call, id)
    await refuse_day(call, one, body.batas_waktu)
    isi = {"batch": one.id, "oleh": call.person.name, **body.model_dump(mode="json")}
    unless = partial(batches.refuse_withdrawn, batch_id=one.id)
    return await promised(call, "surat_batch", isi, area=one.area, unless=unless)


async def batch_pengingat(
    call: Asked, id: PathId, body: RemindBody, idempotency_key: Key
) -> Response:
    """Write reminders to everybody of whom nothing came back, without a delivery."""
    one = await batch_in_reach(call, id)
    refuse_past(body.batas_waktu, call.portal.now().astimezone(WIB).date())
    waiting = await call.portal.read(pending, one.id, call.reach)
    unread = files_in(waiting, rehearsal=False)
    if unread and not body.belum_dibaca:  # nobody knows yet whose its sheets are
        raise UsageError("batch.reminder_unread", files=unread)
    isi = {"batch": one.id, **body.model_dump(mode="json", exclude={"belum_dibaca"})}
    return await promised(call, "pengingat_batch", isi, area=one.area)


async def batch_terima(
    call: Asked, id: PathId, body: ReceiveBody, idempotency_key: Key
) -> Response:
    """Sort scans by their page codes, judge each agreement, and tell who has sent nothing."""
    return await receiving(call, id, body)


async def receiving(call: Asked, id: str, body: ReceiveBody, empty: Sequence[str] = ()) -> Response:
    """Order the same.

    Args:
        call: The call.
        id: Id of the batch.
        body: What came back.
        empty: Names of files without content, which are not kept; the result names them.

    Raises:
        UsageError: ``web.unknown``, ``value.deadline_over``.
    """
    one = await batch_in_reach(call, id)
    refuse_past(body.batas_waktu, call.portal.now().astimezone(WIB).date())
    scans = [await file_in_reach(call, file) for file in body.pindaian]
    isi: dict[str, Any] = {
        "batch": one.id,
        "pindaian": [{"id": file.id, "nama": file.nama} for file in scans],
        "batas_waktu": day(body.batas_waktu),
        "gladi": body.gladi,
        "kosong": list(empty),
    }
    kind = kind_of_delivery(scans, rehearsal=body.gladi)
    return await promised(call, kind, isi, area=one.area)


async def _rows(call: Asked, id: str, body: RowsBody, jenis: str) -> Response:
    one = await batch_in_reach(call, id)
    isi = {"batch": one.id, "oleh": call.person.name, **body.model_dump(mode="json")}
    return await promised(call, jenis, isi, area=one.area)


def _post(path: str, endpoint: Any, status: int = 202) -> Operation:
    return Operation(
        method="POST",
        path=path,
        endpoint=endpoint,
        act=Act.BATCH,
        creates=True,
        target="id",
        told={
            "status_code": status,
            "response_model": JobForm,
            "responses": problems(404, 409, 413, 422),
            "tags": ["batch"],
        },
    )


OPERATIONS = (
    _post("/batch/{id}/jeda", batch_jeda, 200),
    _post("/batch/{id}/ulangi", batch_ulangi),
    _post("/batch/{id}/batalkan", batch_batalkan),
    _post("/batch/{id}/surat", batch_surat),
    _post("/batch/{id}/pengingat", batch_pengingat),
    _post("/batch/{id}/terima", batch_terima),
)
