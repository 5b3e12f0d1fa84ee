"""The plan of a batch: what a person reads before approving it, and the approval itself."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from pks_kit.domain.nama_orang import compare_names
from pks_kit.domain.sebutan import CARA_KONTRAK_TAMPIL
from pks_kit.messages import lookup
from pks_kit.pipelines.batching.counts import KIND_NAMES
from pks_kit.web.bodies_verbs import ApproveBody, RejectBody
from pks_kit.web.pages.batch_pages import jobs_of
from pks_kit.web.pages.declared import NavEntry, sent, shown
from pks_kit.web.pages.rendering import Words
from pks_kit.web.pages.visit import Visit
from pks_kit.web.routes import batch as operations
from pks_kit.web.scope import Act
from pks_kit.web.state import access

_FIRST_PAGES = 6
_WHY_LENGTH = 500
_BOXES = 200
"""Most agreements with a box to leave them out; others are named by their key."""


async def meja_batch_rencana(visit: Visit) -> Response:
    """Show the plan: exceptions first, totals, texts, differences, a sample as pictures."""
    return await _plan_page(visit, problem="")


async def _plan_page(visit: Visit, problem: str) -> Response:
    one = await operations.batch_in_reach(visit.call, visit.given("id"))
    words = Words(visit.language)
    plan = await _plan(visit, one.id)
    known = await jobs_of(visit, one.id)
    job = known.last("rencana_batch")
    files = job.hasil.get("berkas", []) if job else []
    same = one.oleh == visit.person.subject or (
        compare_names(visit.person.name, plan["made_by"]).outcome != "different"
    )
    seen = await visit.portal.read(access.opened, one.id, visit.person.subject)
    return visit.page(
        "batch-rencana.html.j2",
        words.of("batch.plan_title", name=one.nama),
        nav="batch",
        status=422 if problem else 200,
        one=one,
        plan=plan,
        book=next((file for file in files if file["nama"].endswith(".xlsx")), None),
        word=lambda code, **params: lookup(f"preview.{code}").fill(params).in_language(
            visit.language
        ),
        kind_names=KIND_NAMES,
        methods=CARA_KONTRAK_TAMPIL,
        clause_kind=lambda kind: lookup(f"diff.kind.{kind}").in_language(visit.language),
        first=_FIRST_PAGES,
        boxes=_BOXES,
        may_approve=visit.may(Act.APPROVE),
        same=same,
        busy=known.busy,
        seen=seen,
        problems=[{"text": words.of(f"batch.{problem}"), "href": "#setujui"}] if problem else [],
    )  # fmt: skip


async def meja_batch_contoh(visit: Visit) -> Response:
    """Give the picture of a page of the sample, and note that this person opened it."""
    one = await operations.batch_in_reach(visit.call, visit.given("id"))
    row, page = visit.number("baris"), visit.number("halaman")
    isi = {"batch": one.id, "baris": row, "halaman": page}
    done = await visit.portal.ask("contoh_batch", isi)
    return Response(done.content, media_type="image/jpeg")


async def meja_batch_lihat(visit: Visit) -> Response:
    """Show the pages of one agreement of the sample, and note that this person opened it."""
    one = await operations.batch_in_reach(visit.call, visit.given("id"))
    row = visit.number("baris")
    plan = await _plan(visit, one.id)
    sampled = next((each for each in plan["sample"] if each.row.number == row), None)
    if sampled is None or not sampled.pages:
        return visit.to(f"/batch/{one.id}/rencana")
    await visit.portal.record_access(
        visit.person, "GET /batch/{id}/contoh/{baris}", f"{one.id}:{row}", 200
    )
    return visit.page("batch-contoh.html.j2", sampled.row.name, nav="batch", one=one, each=sampled)


async def meja_batch_setujui(visit: Visit) -> Response:
    """Approve all or some of a plan, or reject it."""
    batch_id, given = visit.given("id"), visit.sent
    choice = given.one("pilihan")
    if choice == "tidak":
        if not (why := given.one("alasan").strip()):
            return await _plan_page(visit, "no_reason")
        no = RejectBody(rencana=given.one("rencana"), alasan=why[:_WHY_LENGTH])
        await operations.batch_tolak(visit.call, batch_id, no, visit.call.key)
        return visit.to(f"/batch/{batch_id}", "batch_rejecting")
    if choice not in ("semua", "sebagian"):
        return await _plan_page(visit, "no_choice")
    out: list[str] = []
    if choice == "sebagian":
        typed = given.one("kecuali_lain").replace(";", ",").split(",")
        out = [*given.all("kecuali"), *(one.strip() for one in typed if one.strip())]
        if not out:
            return await _plan_page(visit, "no_exception")
    plan = await _plan(visit, batch_id)
    seen = await visit.portal.read(access.opened, batch_id, visit.person.subject)
    looked = [each.row.name for each in plan["sample"] if each.row.number in seen]
    body = ApproveBody(rencana=given.one("rencana"), kecuali=out, dilihat=looked)
    await operations.batch_setujui(visit.call, batch_id, body, visit.call.key)
    return visit.to(f"/batch/{batch_id}", "batch_approving")


async def _plan(visit: Visit, batch_id: str) -> dict[str, Any]:
    isi = {"batch": batch_id, "bahasa": visit.language}
    return (await visit.portal.ask("rencana_tampil", isi)).hasil


PAGES = (
    shown("/batch/{id}/rencana", meja_batch_rencana, Act.SEE, target="id"),
    shown("/batch/{id}/contoh/{baris}", meja_batch_lihat, Act.SEE, target="id"),
    shown("/batch/{id}/contoh/{baris}/{halaman}.jpg", meja_batch_contoh, Act.SEE, target="id"),
    sent("/batch/{id}/setujui", meja_batch_setujui, Act.APPROVE, target="id"),
)
NAV: tuple[NavEntry, ...] = ()
