"""The plan of a batch: what a person reads before approving it, and the approval itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from pks_kit.domain.sebutan import CARA_KONTRAK_TAMPIL
from pks_kit.messages import lookup
from pks_kit.pipelines.batching.counts import KIND_NAMES
from pks_kit.web.bodies_verbs import ApproveBody
from pks_kit.web.pages.batch_jobs import jobs_of
from pks_kit.web.pages.batch_pages import plan_meant, rejection_of
from pks_kit.web.pages.batch_standing import standing_of
from pks_kit.web.pages.declared import NavEntry, sent, shown
from pks_kit.web.pages.rendering import Words
from pks_kit.web.pages.visit import Visit
from pks_kit.web.routes import batch as operations
from pks_kit.web.scope import Act
from pks_kit.web.state import access

_FIRST_ROWS = 5
"""So many rows of each kind stand open; the others unfold."""

_MOST_WORDS = 100
ROWS = 100
"""Agreements on one page of their list."""
_LOOKS = {"ready": "done", "look": "look", "stopped": "wrong"}
_BOXES = 200
"""Most agreements with a box to leave them out; others are named by their key."""


async def meja_batch_rencana(visit: Visit) -> Response:
    """Show the plan: exceptions first, totals, texts, differences, a sample as pictures."""
    return await _plan_page(visit, problem="")


async def _plan_page(visit: Visit, problem: str, **params: object) -> Response:
    one = await operations.batch_in_reach(visit.call, visit.given("id"))
    words = Words(visit.language)
    seen = await visit.portal.read(access.opened, one.id, visit.person.subject)
    plan = await _plan(visit, one.id, seen)
    known = await jobs_of(visit, one.id)
    job = known.last("rencana_batch")
    files = job.hasil.get("berkas", []) if job else []
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
        first=_FIRST_ROWS,
        boxes=_BOXES,
        may_approve=visit.may(Act.APPROVE),
        alike=operations.planner_is(one, known.all, visit.person),
        made_by=plan["made_by"],
        withdrawn=standing_of(known.all).code == "withdrawn",
        busy=known.busy,
        seen=seen,
        chosen=visit.sent.one("pilihan"),
        ticked=visit.sent.all("kecuali"),
        typed_out=visit.sent.one("kecuali_lain"),
        typed_why=visit.sent.one("alasan"),
        problems=[{"text": words.of(f"batch.{problem}", **params), "href": "#setujui"}]
        if problem
        else [],
    )  # fmt: skip


async def meja_batch_contoh(visit: Visit) -> Response:
    """Give the picture of a page of an agreement of the plan."""
    one = await operations.batch_in_reach(visit.call, visit.given("id"))
    row, page = visit.number("baris"), visit.number("halaman")
    isi = {"batch": one.id, "baris": row, "halaman": page}
    done = await visit.portal.ask("contoh_batch", isi)
    if not done.content:
        done = await visit.portal.ask("baris_gambar", isi)
    return Response(done.content, media_type="image/jpeg")


async def meja_batch_lihat(visit: Visit) -> Response:
    """Show the pages of one agreement of the plan, and note that this person opened it."""
    one = await operations.batch_in_reach(visit.call, visit.given("id"))
    row = visit.number("baris")
    told = (await visit.portal.ask("baris_tampil", {"batch": one.id, "baris": row})).hasil
    if told["pages"]:
        await visit.portal.record_access(
            visit.person, "GET /batch/{id}/contoh/{baris}", f"{one.id}:{row}", 200
        )
    return visit.page(
        "batch-contoh.html.j2",
        told["row"].name or Words(visit.language).of("batch.row_title", number=row),
        nav="batch",
        one=one,
        row=told["row"],
        sizes=told["pages"],
        problem=told["problem"],
    )


async def meja_batch_baris(visit: Visit) -> Response:
    """List every agreement of the plan, page by page; each opens as it would be issued."""
    one = await operations.batch_in_reach(visit.call, visit.given("id"))
    cari, page = visit.given("cari")[:_MOST_WORDS], visit.number("halaman")
    isi = {"batch": one.id, "cari": cari, "lewati": (page - 1) * ROWS, "batas": ROWS}
    told = (await visit.portal.ask("baris_rencana", isi)).hasil
    at = f"{visit.root}/batch/{one.id}/baris?{urlencode({'cari': cari})}&halaman="
    return visit.page(
        "batch-baris.html.j2",
        Words(visit.language).of("batch.rows_title", name=one.nama),
        nav="batch",
        one=one,
        rows=told["rows"],
        count=told["count"],
        cari=cari,
        kind_names=KIND_NAMES,
        methods=CARA_KONTRAK_TAMPIL,
        looks=_LOOKS,
        seen=await visit.portal.read(access.opened, one.id, visit.person.subject),
        before=f"{at}{page - 1}" if page > 1 else "",
        after=f"{at}{page + 1}" if page * ROWS < told["count"] else "",
    )


async def meja_batch_setujui(visit: Visit) -> Response:
    """Approve all or some of a plan, or reject it."""
    batch_id, given = visit.given("id"), visit.sent
    choice = given.one("pilihan")
    if choice == "tidak":
        if not (why := given.one("alasan").strip()):
            return await _plan_page(visit, "no_reason")
        no = rejection_of(visit, why)
        await operations.batch_tolak(visit.call, batch_id, no, visit.call.key)
        return visit.to(f"/batch/{batch_id}", "batch_rejecting")
    if choice not in ("semua", "sebagian"):
        return await _plan_page(visit, "no_choice")
    typed = given.one("kecuali_lain").replace(";", ",").split(",")
    out = [*given.all("kecuali"), *(one.strip() for one in typed if one.strip())]
    if choice == "semua" and out:
        return await _plan_page(visit, "all_but_some", count=len(out))
    if choice == "sebagian" and not out:
        return await _plan_page(visit, "no_exception")
    seen = await visit.portal.read(access.opened, batch_id, visit.person.subject)
    plan = await _plan(visit, batch_id, seen)
    body = ApproveBody(rencana=plan_meant(visit), kecuali=out, dilihat=plan["looked"])
    await operations.batch_setujui(visit.call, batch_id, body, visit.call.key)
    return visit.to(f"/batch/{batch_id}", "batch_approving")


async def _plan(visit: Visit, batch_id: str, seen: Sequence[int]) -> dict[str, Any]:
    isi = {"batch": batch_id, "bahasa": visit.language, "dilihat": list(seen)}
    return (await visit.portal.ask("rencana_tampil", isi)).hasil


PAGES = (
    shown("/batch/{id}/rencana", meja_batch_rencana, Act.SEE, target="id"),
    shown("/batch/{id}/baris", meja_batch_baris, Act.SEE, target="id"),
    shown("/batch/{id}/contoh/{baris}", meja_batch_lihat, Act.SEE, target="id"),
    shown("/batch/{id}/contoh/{baris}/{halaman}.jpg", meja_batch_contoh, Act.SEE, target="id"),
    sent("/batch/{id}/setujui", meja_batch_setujui, Act.APPROVE, target="id"),
)
NAV: tuple[NavEntry, ...] = ()
