"""An agreement goes on with a file that a party signed at a provider of its own."""

from __future__ import annotations

import asyncio
import json

from starlette.responses import Response

from pks_kit.errors import UsageError
from pks_kit.verification.report.verdict import VerifyReport, read_report
from pks_kit.web.bodies import AgreementPath, Key
from pks_kit.web.bodies_verbs import TakeOverBody
from pks_kit.web.operation import Asked
from pks_kit.web.routes.common import agreement_in_reach, file_in_reach, promising
from pks_kit.web.routes.langkah import sesi_diteruskan
from pks_kit.web.scope import Act
from pks_kit.web.state import jobs
from pks_kit.web.state.agreements import StoredAgreement
from pks_kit.web.state.jobs import Job


async def perjanjian_terima(
    call: Asked, id: AgreementPath, body: TakeOverBody, idempotency_key: Key
) -> Response:
    """Go on with a file that was signed elsewhere and judged here; nothing is signed or bought."""
    one = await agreement_in_reach(call, id)
    job = await judging_in_reach(call, body.verifikasi)
    if job.perjanjian != one.id:
        raise UsageError("web.unknown")
    if job.keadaan != "selesai" or not await goes_on(call, one, job, await report_of(job)):
        raise UsageError("web.not_taken_over")
    return await sesi_diteruskan(call, one, str(job.isi["berkas"]["id"]))


async def judging_in_reach(call: Asked, job_id: str) -> Job:
    """Return the job that judged a file.

    Raises:
        UsageError: ``web.unknown``.
    """
    found = await call.portal.read(jobs.find, job_id, call.reach)
    if found is None or found.jenis != "verifikasi":
        raise UsageError("web.unknown")
    return found


async def report_of(job: Job) -> VerifyReport:
    """Return what a job that ended well says of its file."""
    return await asyncio.to_thread(_read, job)


async def goes_on(call: Asked, one: StoredAgreement, job: Job, report: VerifyReport) -> bool:
    """Return whether an agreement can go on with the file that a job judged for it.

    That something is still missing does not matter. Whether the file continues what is here, the
    session decides: it refuses every other one.
    """
    if job.isi["lagi"] or not report.compared_with_issued or not report.signatures:
        return False
    if report.paper is not None:  # the signatures are those of the issued file, not of a scan
        return False
    sound = all(each.intact and each.trusted for each in report.signatures)
    known = all(each.kind != "unexpected" for each in report.revisions)
    current = await file_in_reach(call, one.terkini)
    return sound and known and current.sha256 != report.sha256


def _read(job: Job) -> VerifyReport:
    return read_report(json.dumps(job.hasil["hasil"]))


OPERATIONS = (
    promising("/perjanjian/{id}/terima", perjanjian_terima, Act.SIGN, "perjanjian", target="id"),
)
