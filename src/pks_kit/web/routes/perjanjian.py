"""Agreements: checking data, previewing, drafting, finding."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import Query
from starlette.responses import Response

from pks_kit.errors import UsageError
from pks_kit.ledger.agreements import AgreementStage
from pks_kit.pipelines.draft import CheckForm
from pks_kit.web.bodies import After, AgreementPath, CheckBody, DraftBody, Key, Most, SourceBody
from pks_kit.web.operation import Asked, Operation
from pks_kit.web.problem_error import ToldError
from pks_kit.web.results import stored
from pks_kit.web.routes.common import (
    agreement_in_reach,
    answer,
    day,
    problems,
    promised,
    source,
    told_by,
)
from pks_kit.web.scope import Act, Area
from pks_kit.web.state import agreements, files
from pks_kit.web.views import (
    AgreementForm,
    AgreementsForm,
    CountsForm,
    JobForm,
    PreviewForm,
    agreement_form,
)


async def periksa(call: Asked, body: CheckBody) -> Response:
    """Return all findings for contract data."""
    isi = {**await source(call, body), "per_tanggal": day(body.per_tanggal)}
    return await told_by(call, "periksa", isi)


async def pratinjau(call: Asked, body: SourceBody) -> Response:
    """Draft the pages without issuing anything; their pictures and words are at the file."""
    portal = call.portal
    done = await portal.ask("pratinjau", await source(call, body))
    area = _owned(call, done.perjanjian or {})
    made = stored(portal, done.berkas[0], area, "", call.person.subject, portal.now())
    await portal.write(files.add, made)
    return answer(
        PreviewForm(berkas=made.id, halaman=done.hasil["pages"], findings=done.hasil["findings"])
    )


async def perjanjian_terbitkan(call: Asked, body: DraftBody, idempotency_key: Key) -> Response:
    """Draft an agreement: what is wrong with the data is told now, the files come as a job."""
    isi = {**await source(call, body), "per_tanggal": day(body.per_tanggal)}
    checked = await call.portal.ask("periksa", isi)
    area = _owned(call, checked.perjanjian or {})
    blocking = [one for one in checked.hasil["findings"] if one["level"] == "blocking"]
    if blocking:
        raise ToldError(_blocked(checked.hasil["findings"], len(blocking)))
    dipakai = [body.berkas] if body.berkas else []
    task = {**isi, "format": list(body.format), "dipakai": dipakai}
    return await promised(call, "perjanjian", task, area=area)


async def perjanjian(
    call: Asked,
    cari: Annotated[str, Query(max_length=100, description="Nama, nomor, atau kode")] = "",
    berakhir_dalam: Annotated[
        int | None, Query(ge=0, le=3660, description="Berakhir dalam sekian hari")
    ] = None,
    tahap: Annotated[AgreementStage | None, Query(description="Hanya yang berkeadaan ini")] = None,
    setelah: After = "",
    batas: Most = 50,
) -> Response:
    """Return agreements, those that end first at the beginning."""
    until: date | None = None
    if berakhir_dalam is not None:
        until = call.portal.now().date() + timedelta(days=berakhir_dalam)
    found = await call.portal.read(
        agreements.listed,
        call.reach,
        words=cari,
        tahap=str(tahap) if tahap else "",
        ends_before=until,
        before=setelah,
        most=batas + 1,
    )
    shown = found[:batas]
    more = len(found) > batas
    return answer(
        AgreementsForm(
            daftar=tuple(map(agreement_form, shown)),
            berikutnya=f"{shown[-1].selesai.isoformat()}~{shown[-1].id}" if more else None,
        )
    )


async def perjanjian_satu(call: Asked, id: AgreementPath) -> Response:
    """Return one agreement."""
    return answer(agreement_form(await agreement_in_reach(call, id)))


async def ringkasan(call: Asked) -> Response:
    """Return how many agreements are in each state."""
    counts = await call.portal.read(agreements.counted, call.reach)
    return answer(
        CountsForm(tahap={tahap or "BELUM_TERCATAT": count for tahap, count in counts.items()})
    )


def _owned(call: Asked, facts: dict[str, Any]) -> Area:
    """Return whose an agreement is, if the person may act there.

    Raises:
        UsageError: ``web.other_area``.
    """
    area = call.portal.area_of(facts)
    if not call.reach.covers(area):
        raise UsageError("web.other_area")
    return area


def _blocked(findings: list[dict[str, Any]], count: int) -> dict[str, Any]:
    from pks_kit.errors import FindingsError
    from pks_kit.json_form import to_json
    from pks_kit.pipelines.error_form import error_form

    form = to_json(error_form(FindingsError("draft.blocked", (), count=count)))
    return {**form, "findings": findings}


_TAGS = {"tags": ["perjanjian"]}
OPERATIONS = (
    Operation(
        method="POST",
        path="/periksa",
        endpoint=periksa,
        act=Act.CHECK,
        recorded=False,
        told={"response_model": CheckForm, "responses": problems(404, 409, 413, 422), **_TAGS},
    ),
    Operation(
        method="POST",
        path="/pratinjau",
        endpoint=pratinjau,
        act=Act.CHECK,
        told={"response_model": PreviewForm, "responses": problems(404, 409, 413, 422), **_TAGS},
    ),
    Operation(
        method="POST",
        path="/perjanjian",
        endpoint=perjanjian_terbitkan,
        act=Act.ISSUE,
        creates=True,
        told={
            "status_code": 202,
            "response_model": JobForm,
            "responses": problems(404, 409, 413, 422),
            **_TAGS,
        },
    ),
    Operation(
        method="GET",
        path="/perjanjian",
        endpoint=perjanjian,
        act=Act.SEE,
        told={"response_model": AgreementsForm, "responses": problems(), **_TAGS},
    ),
    Operation(
        method="GET",
        path="/ringkasan",
        endpoint=ringkasan,
        act=Act.SEE,
        recorded=False,
        told={"response_model": CountsForm, "responses": problems(), **_TAGS},
    ),
    Operation(
        method="GET",
        path="/perjanjian/{id}",
        endpoint=perjanjian_satu,
        act=Act.SEE,
        target="id",
        told={"response_model": AgreementForm, "responses": problems(404), **_TAGS},
    ),
)
