"""Many agreements: the list of batches, a new one, and one of them step by step."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.responses import Response

from pks_kit.errors import UsageError
from pks_kit.messages import lookup
from pks_kit.pipelines.batching.report import STATES
from pks_kit.web.bodies_verbs import PlanBody, RejectBody, RowsBody, RunBody
from pks_kit.web.pages.agreement_acts import day_given
from pks_kit.web.pages.batch_jobs import approved_elsewhere, jobs_of
from pks_kit.web.pages.batch_standing import (
    Counted,
    Standing,
    came_back,
    counted_now,
    may_be_withdrawn,
    short_id,
    standing_of,
    wrong_in,
)
from pks_kit.web.pages.declared import NavEntry, sent, shown
from pks_kit.web.pages.given_files import kept_files, refuse_empty
from pks_kit.web.pages.given_secrets import WrongSecret, asked_of, taken_secrets
from pks_kit.web.pages.rendering import Words
from pks_kit.web.pages.visit import Visit
from pks_kit.web.routes import batch as operations
from pks_kit.web.routes import batch_rows
from pks_kit.web.routes.langkah import Nothing
from pks_kit.web.scope import Act
from pks_kit.web.state import batches, jobs
from pks_kit.web.state.batches import StoredBatch
from pks_kit.web.state.jobs import Job

MOST_ROWS = 30
_SAMPLED = 3
_WHY_LENGTH = 500
_PLAN = re.compile("[0-9a-f]{64}")
STAGES = ("verified", "signed", "drafted", "sent")
"""How far a run goes; the first is what is mostly meant."""


async def meja_batch_daftar(visit: Visit) -> Response:
    """List batches, and take the workbook of a new one."""
    return await _list_page(visit, problems=())


async def _list_page(visit: Visit, problems: Sequence[str]) -> Response:
    call, words = visit.call, Words(visit.language)
    reach = visit.person.reach(Act.SEE)
    before = visit.given("setelah")[:80]
    withdrawn = visit.given("ditarik") == "ya"
    found = await visit.portal.read(
        batches.listed, reach, before=before, most=MOST_ROWS + 1, withdrawn=withdrawn
    )
    rows = found[:MOST_ROWS]
    known = await visit.portal.read(jobs.of_batches, [one.id for one in rows], reach)
    now = await counted_now(visit.portal, known)
    more = "&ditarik=ya" if withdrawn else ""
    after = f"{visit.root}/batch?setelah={rows[-1].id}{more}" if len(found) > MOST_ROWS else ""
    return visit.page(
        "batch-daftar.html.j2",
        words.of("nav.batch"),
        nav="batch",
        status=422 if problems else 200,
        rows=[_listed(one, standing_of(known.get(one.id, ()), now.get(one.id)), words)
              for one in rows],
        after=after,
        withdrawn=withdrawn,
        withdrawn_count=await visit.portal.read(batches.withdrawn_count, reach),
        mine=call.person.subject,
        given={name: visit.sent.one(name) for name in ("nama",)},
        problems=[{"text": words.of(f"batch.{one}"), "href": "#f-" + _FIELD[one]}
                  for one in problems],
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedBatch:
    """A batch as the list shows it.

    Attributes:
        one: The batch.
        short: By what it is told apart from another one of its name.
        standing: How it stands.
        state: The same in few words.
        counts: Its counts in words; empty when there are none.
    """

    one: StoredBatch
    short: str
    standing: Standing
    state: str
    counts: str


def _listed(one: StoredBatch, standing: Standing, words: Words) -> ListedBatch:
    return ListedBatch(
        one=one,
        short=short_id(one.id),
        standing=standing,
        state=words.of(f"batch.stands.{standing.code}"),
        counts=_counts(standing, words),
    )


def _counts(standing: Standing, words: Words) -> str:
    """Return the counts of a standing in words; those of states without the empty ones."""
    params = {name: words.number(value) if isinstance(value, int) else value
              for name, value in standing.params.items()}  # fmt: skip
    parts = [
        words.of(f"batch.stands_part.{name}", count=params[name])
        for name in _PARTS
        if standing.params.get(name) and (name == "out" or standing.code not in _IN_ONE)
    ]
    if standing.code in _IN_ONE:
        parts.insert(0, words.of(f"batch.stands_counts.{standing.code}", **params))
    return ", ".join(parts)


_IN_ONE = ("planned", "rejected", "withdrawn", "approved", "running")
_PARTS = ("done", "drafted", "other", "wrong", "left", "out", "held")
_FIELD = {"no_name": "nama", "no_book": "buku"}


async def meja_batch_baru(visit: Visit) -> Response:
    """Plan a batch from a workbook; files of last year may come with it."""
    given = visit.sent
    refuse_empty(given)
    books = [one for one in given.files if one.field == "buku"]
    earlier = [one for one in given.files if one.field == "tahun_lalu"]
    problems = [
        code
        for code, lacks in (("no_name", not given.one("nama")), ("no_book", not books))
        if lacks
    ]
    if problems:
        return await _list_page(visit, problems)
    body = PlanBody(
        nama=given.one("nama")[:200],
        sumber=await kept_files(visit, books),
        sebelumnya=await kept_files(visit, earlier),
        contoh=_SAMPLED,
    )
    job = visit.promised(await operations.batch_rencanakan(visit.call, body, visit.call.key))
    known = await visit.portal.read(jobs.find, job["id"], visit.call.reach)
    if known is None:
        raise UsageError("web.unknown")
    return visit.to(f"/batch/{known.isi['batch']}")


async def meja_batch(visit: Visit) -> Response:
    """Show a batch step by step; while something is at work, how far it is."""
    return await _batch_page(visit, wrong=None, wrong_day="")


async def _batch_page(
    visit: Visit, *, wrong: WrongSecret | None, wrong_day: str, wrong_reason: str = ""
) -> Response:
    one = await operations.batch_in_reach(visit.call, visit.given("id"))
    known = await jobs_of(visit, one.id)
    busy, words = known.busy, Words(visit.language)
    if visit.is_part:
        if busy is None:
            return visit.to(f"/batch/{one.id}")
        return visit.part("batch-bagian.html.j2", one=one, **progress_values(busy))
    plan, ran = known.last("rencana_batch"), known.last("jalan_batch")
    rehearsed = bool(ran and ran.isi["gladi"])
    now = (await counted_now(visit.portal, {one.id: known.all}, rehearsal=rehearsed)).get(one.id)
    standing = standing_of(known.all, None if rehearsed else now)
    planned, rejected = known.done("rencana_batch"), known.rejected()
    approved = None if rejected else known.done("setujui_batch")
    if planned and not approved and not rejected:
        approved = await approved_elsewhere(visit, one, known)
    received, reported = known.done("terima_batch"), known.last("laporan_batch")
    failed = next((job for job in known.all[:1] if job.keadaan == "gagal"), None)
    now = now or Counted(states={}, drafted=0)
    states = {**now.states, "done": now.states.get("done", 0) - now.drafted} if ran else {}
    # what the approval leaves out waits for ever
    out = max(0, planned.get("ready", 0) - approved["rows"]) if planned and approved else 0
    return visit.page(
        "batch.html.j2",
        one.nama,
        nav="batch",
        status=422 if wrong or wrong_day or wrong_reason else 200,
        one=one,
        short=short_id(one.id),
        withdrawn=standing.code == "withdrawn",
        may_withdraw=visit.may(Act.BATCH) and may_be_withdrawn(standing) and not busy,
        wrong_reason=wrong_reason,
        asked_secrets=asked_of(visit, tuple(visit.portal.signing.pihak)),
        wrong_secret=wrong.name if wrong else "",
        wrong_words=wrong.words if wrong else "",
        wrong_day=wrong_day,
        typed_day=visit.sent.one("batas_waktu"),
        rehearse=visit.sent.one("gladi") == "ya",
        chosen=visit.sent.one("sampai") or STAGES[0],
        plan=plan,
        planned=planned,
        approved=approved,
        rejected=rejected,
        ran=ran,
        letters=known.files("jalan_batch", "surat_pengantar"),
        ran_result=(ran.hasil.get("hasil") or {}) if ran else {},
        rehearsed=rehearsed,
        states=[(lookup("desk.batch.drafts"), now.drafted)] * bool(ran and now.drafted)
        + [(lookup(f"batch.state.{one}"), states[one]) for one in STATES if states.get(one)],
        only_drafts=bool(now.drafted) and not states.get("done") and not states.get("with_other"),
        wrong=wrong_in(now, planned) if ran else 0,
        left=max(0, sum(states.get(one, 0) for one in ("waiting", "working")) - out),
        out=out,
        received=received,
        back=came_back(received) if received else None,
        reported=reported if reported and reported.keadaan == "selesai" else None,
        failed=failed,
        problem=failed.hasil.get("masalah") if failed else None,
        busy=busy,
        may_run=visit.may(Act.BATCH),
        alike=operations.planner_is(one, known.all, visit.person),
        made_by=str(plan.isi["oleh"]) if plan else "",
        may_approve=visit.may(Act.APPROVE),
        stages=[(stage, words.of(f"batch.until.{stage}")) for stage in STAGES],
        **(progress_values(busy) if busy else {}),
    )  # fmt: skip


def progress_values(job: Job) -> dict[str, Any]:
    """Return what templates show of a job that is at work."""
    told = job.kemajuan
    left = told.get("sisa_detik")
    return {
        "job": job,
        "done": int(told.get("selesai", 0)),
        "whole": int(told.get("semua", 0)),
        "per_minute": round(float(told.get("per_menit", 0.0))),
        "minutes_left": None if left is None else max(1, round(left / 60)),
        "now": [(lookup(f"batch.state.{state}"), count) for state, count in
                told.get("keadaan", {}).items() if count],
        "services": told.get("menunggu_layanan", []),
        "step": str(told.get("langkah", "")),
        "texts": int(told.get("naskah", 0)),
        "whole_texts": int(told.get("semua_naskah", 0)),
    }  # fmt: skip


async def meja_batch_jalan(visit: Visit) -> Response:
    """Run a batch, or go on with it."""
    given = visit.sent
    # the button of a rehearsal says no more than that
    until = given.one("sampai") or (STAGES[0] if given.one("gladi") == "ya" else "")
    if until not in STAGES:
        raise UsageError("web.bad_form")
    deadline, wrong_day = _deadline(visit, until)
    if wrong_day:
        return await _batch_page(visit, wrong=None, wrong_day=wrong_day)
    body = RunBody(
        sampai=until,  # type: ignore[arg-type]
        gladi=given.one("gladi") == "ya",
        batas_waktu=deadline,
    )
    one = await operations.batch_in_reach(visit.call, visit.given("id"))
    await operations.refuse_too_early(visit.call, one, body)
    if until != "drafted" and not body.gladi:
        wrong = await taken_secrets(visit, tuple(visit.portal.signing.pihak))
        if wrong is not None:
            return await _batch_page(visit, wrong=wrong, wrong_day="")
    await operations.batch_jalankan(visit.call, visit.given("id"), body, visit.call.key)
    return visit.to(f"/batch/{visit.given('id')}")


def _deadline(visit: Visit, until: str) -> tuple[date | None, str]:
    """Return the last day as it was typed, and in words what is wrong with it."""
    if not visit.sent.one("batas_waktu"):
        return None, Words(visit.language).of("batch.no_deadline") if until == "sent" else ""
    try:
        return day_given(visit, "batas_waktu"), ""
    except UsageError as error:
        told = error.text
        return None, f"{told.in_language(visit.language)} {told.hint_in_language(visit.language)}"


def plan_meant(visit: Visit) -> str:
    """Return the hash of the plan that a form is about.

    Raises:
        UsageError: ``web.bad_form``: it holds none.
    """
    found = visit.sent.one("rencana")
    if not _PLAN.fullmatch(found):
        raise UsageError("web.bad_form")
    return found


def rejection_of(visit: Visit, why: str) -> RejectBody:
    """Return what a form says against a plan, in one line.

    Raises:
        UsageError: ``web.bad_form``: it is about no plan.
    """
    return RejectBody(rencana=plan_meant(visit), alasan=" ".join(why.split())[:_WHY_LENGTH])


async def meja_batch_tarik(visit: Visit) -> Response:
    """Withdraw a plan of which nothing was signed."""
    batch_id, why = visit.given("id"), visit.sent.one("alasan").strip()
    if not why:
        words = Words(visit.language).of("batch.no_withdraw_reason")
        return await _batch_page(visit, wrong=None, wrong_day="", wrong_reason=words)
    await operations.batch_tarik(visit.call, batch_id, rejection_of(visit, why), visit.call.key)
    return visit.to(f"/batch/{batch_id}", "batch_withdrawing")


async def meja_batch_jeda(visit: Visit) -> Response:
    """Begin nothing more."""
    await batch_rows.batch_jeda(visit.call, visit.given("id"), Nothing(), visit.call.key)
    return visit.to(f"/batch/{visit.given('id')}", "batch_pausing")


async def meja_batch_ulangi(visit: Visit) -> Response:
    """Let rows be tried again by the next run."""
    body = _rows(visit)
    await batch_rows.batch_ulangi(visit.call, visit.given("id"), body, visit.call.key)
    return visit.to(f"/batch/{visit.given('id')}")


async def meja_batch_batalkan(visit: Visit) -> Response:
    """Take rows out; nobody means all of them by leaving every box empty."""
    body = _rows(visit)
    if not body.kunci:
        raise UsageError("web.nothing_chosen")
    await batch_rows.batch_batalkan(visit.call, visit.given("id"), body, visit.call.key)
    return visit.to(f"/batch/{visit.given('id')}")


def _rows(visit: Visit) -> RowsBody:
    rehearsal = visit.sent.one("gladi") == "ya"
    return RowsBody(kunci=[one for one in visit.sent.all("baris") if one], gladi=rehearsal)


PAGES = (
    shown("/batch", meja_batch_daftar, Act.SEE),
    sent("/batch", meja_batch_baru, Act.BATCH, uploads=True),
    shown("/batch/{id}", meja_batch, Act.SEE, target="id"),
    sent("/batch/{id}/jalan", meja_batch_jalan, Act.BATCH, target="id"),
    sent("/batch/{id}/tarik", meja_batch_tarik, Act.BATCH, target="id"),
    sent("/batch/{id}/jeda", meja_batch_jeda, Act.BATCH, target="id"),
    sent("/batch/{id}/ulangi", meja_batch_ulangi, Act.BATCH, target="id"),
    sent("/batch/{id}/batalkan", meja_batch_batalkan, Act.BATCH, target="id"),
)
NAV = (NavEntry(code="batch", path="/batch", act=Act.APPROVE, order=35),)
