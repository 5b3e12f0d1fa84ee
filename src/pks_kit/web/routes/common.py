"""What operations share: files and agreements within reach, jobs that are promised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection
from starlette.responses import Response

from pks_kit.errors import UsageError
from pks_kit.json_form import adapter
from pks_kit.web.bodies import SourceBody
from pks_kit.web.operation import Asked, Operation
from pks_kit.web.problems import MEDIA, ProblemDetails, language_of
from pks_kit.web.scope import Act, Area
from pks_kit.web.state import agreements, files, jobs
from pks_kit.web.state.agreements import StoredAgreement
from pks_kit.web.state.files import StoredFile
from pks_kit.web.state.ids import new_id
from pks_kit.web.state.jobs import NewJob
from pks_kit.web.views import JobForm, job_form
from pks_kit.web.words_of_http import answer_in_words_of_http

PROBLEM = {"content": {MEDIA: {}}, "model": ProblemDetails}
_MEANING = {
    400: "A parameter or header is wrong",
    401: "Nobody is named, or the proof does not hold",
    403: "No role of this person allows it",
    404: "There is none, or it is somebody else's",
    409: "Something stored stands in its way, or the same key is still being answered",
    412: "It was changed by somebody else",
    413: "Too large",
    422: "What was given is wrong; see errors",
    428: "If-Match is missing",
    500: "Something went wrong here",
    502: "A service answered what it should not",
    503: "Something that is needed is out of reach for now",
    504: "A service did not answer; it may have acted",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return how OpenAPI describes the problems of an operation."""
    always = (400, 401, 403, 500, 503)
    return {
        status: {"description": _MEANING[status], **PROBLEM}
        for status in sorted({*always, *statuses})
    }


def promising(
    path: str, endpoint: Callable[..., Any], act: Act, tag: str, *, target: str = ""
) -> Operation:
    """Return an operation that orders long work: its answer is a job.

    Args:
        path: Its address.
        endpoint: What orders the job.
        act: What must be allowed.
        tag: Group in OpenAPI.
        target: Name of the path parameter that accesses are recorded for.
    """
    return Operation(
        method="POST",
        path=path,
        endpoint=endpoint,
        act=act,
        creates=True,
        target=target,
        told={
            "status_code": 202,
            "response_model": JobForm,
            "responses": problems(404, 409, 413, 422),
            "tags": [tag],
        },
    )


def answer(form: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return the JSON form of an object as an answer."""
    body = adapter(type(form)).dump_json(form, by_alias=True, warnings="error")
    return Response(answer_in_words_of_http(body), status, headers, media_type="application/json")


async def told_by(call: Asked, kind: str, isi: dict[str, Any]) -> Response:
    """Return the result of a task as the answer.

    Raises:
        ToldError: What went wrong there.
    """
    done = await call.portal.ask(kind, isi, written=True)
    content = answer_in_words_of_http(done.content)
    return Response(content, media_type="application/json")


async def file_in_reach(call: Asked, file_id: str) -> StoredFile:
    """Return a file.

    Raises:
        UsageError: ``web.unknown``.
    """
    found = await call.portal.read(files.find, file_id, call.reach)
    if found is None:
        raise UsageError("web.unknown")
    return found


async def agreement_in_reach(call: Asked, agreement_id: str) -> StoredAgreement:
    """Return an agreement.

    Raises:
        UsageError: ``web.unknown``.
    """
    found = await call.portal.read(agreements.find, agreement_id, call.reach)
    if found is None:
        raise UsageError("web.unknown")
    return found


async def named_file(call: Asked, file_id: str | None) -> dict[str, str] | None:
    """Return how a task names a file.

    Raises:
        UsageError: ``web.unknown``.
    """
    if file_id is None:
        return None
    found = await file_in_reach(call, file_id)
    return {"id": found.id, "nama": found.nama}


async def source(call: Asked, body: SourceBody) -> dict[str, Any]:
    """Return contract data as a task holds it.

    Raises:
        UsageError: ``web.unknown``.
    """
    return {"data": body.data, "berkas": await named_file(call, body.berkas)}


def day(value: date | None) -> str | None:
    """Return a day as a task holds it."""
    return value.isoformat() if value else None


async def promised(
    call: Asked,
    jenis: str,
    isi: dict[str, Any],
    *,
    area: Area,
    perjanjian: str = "",
    unless: Callable[[Connection], None] | None = None,
) -> Response:
    """Write down a job and return the promise: 202 with its address.

    Args:
        call: The call.
        jenis: What is to be done.
        isi: With what.
        area: Whose it is.
        perjanjian: Agreement that it is about; empty for none.
        unless: Raises for what stands in the way, in the transaction that writes the job down.
    """
    portal, now = call.portal, call.portal.now()
    new = NewJob(
        id=new_id(now),
        area=area,
        jenis=jenis,
        isi=isi,
        perjanjian=perjanjian,
        oleh=call.person.subject,
        kunci=call.key,
        now=now,
    )
    if call.secrets:
        new = replace(new, isi={**isi, "rahasia": sorted(name for _, name in call.secrets)})
        job = await portal.jobs.begin(new, call.secrets, unless)
    else:
        job = await portal.write(jobs.add, new, unless=unless)
        portal.jobs.ring()
    where = str(call.request.url_for("pekerjaan_satu", id=job.id).path)
    return answer(job_form(job, language_of(call.request)), 202, {"Location": where})
