"""Many agreements: one batch step by step."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Mapping
from datetime import date
from typing import Any

from starlette.responses import Response

from pks_kit.domain.tanggal import WIB, format_tanggal, working_day_until
from pks_kit.errors import UsageError
from pks_kit.pipelines.batching.summary import DRAFT_ALONE, HELD_BACK
from pks_kit.web.bodies_verbs import LettersBody, RejectBody, RowsBody, RunBody
from pks_kit.web.pages.agreement_acts import deadline_given
from pks_kit.web.pages.batch_deliveries import came_back, deliveries_of
from pks_kit.web.pages.batch_downloads import sizes_of
from pks_kit.web.pages.batch_jobs import approved_elsewhere, jobs_of
from pks_kit.web.pages.batch_next import (
    NOTHING_HELD,
    UNSIGNED,
    by_pen_in,
    held_back,
    reasons_to_go_on,
    still_there,
    turn_after,
    what_next,
    whose_turn,
)
from pks_kit.web.pages.batch_pauses import pause_of
from pks_kit.web.pages.batch_standing import (
    Counted,
    counted_now,
    may_be_withdrawn,
    short_id,
    standing_of,
    told_states,
    wrong_in,
)
from pks_kit.web.pages.declared import NavEntry, sent, shown
from pks_kit.web.pages.given_secrets import WrongSecret, asked_of, taken_secrets
from pks_kit.web.pages.job_pages import may_take_back, waits_behind
from pks_kit.web.pages.rendering import Words
from pks_kit.web.pages.states import awaited_in
from pks_kit.web.pages.visit import Visit
from pks_kit.web.problem_error import ToldError
from pks_kit.web.routes import batch as operations
from pks_kit.web.routes import batch_rows
from pks_kit.web.routes.langkah import Nothing
from pks_kit.web.scope import Act
from pks_kit.web.state import batches
from pks_kit.web.state.batches import StoredBatch
from pks_kit.web.state.jobs import DELIVERIES, Job
from pks_kit.web.work.pauses import FOLDER

_WHY_LENGTH = 500
_PLAN = re.compile("[0-9a-f]{64}")
STAGES = ("verified", "signed", "drafted", "sent")
"""How far a run goes; the first is what is mostly meant."""


async def meja_batch(visit: Visit) -> Response:
    """Show a batch step by step; while something is at work, how far it is."""
    return await _batch_page(visit, wrong=None, wrong_day="")


async def _batch_page(
    visit: Visit,
    *,
    wrong: WrongSecret | None,
    wrong_day: str,
    wrong_reason: str = "",
    wrong_letter_day: str = "",
) -> Response:
    one = await operations.batch_in_reach(visit.call, visit.given("id"))
    known = await jobs_of(visit, one.id)
    busy, words = known.busy, Words(visit.language)
    if visit.is_part and busy is None:
        return visit.to(f"/batch/{one.id}")
    plan, ran = known.last("rencana_batch"), known.last("jalan_batch")
    rehearsed = bool(ran and ran.isi["gladi"])
    counted = await counted_now(
        visit.portal, {one.id: known.all}, rehearsal=rehearsed, in_detail=True
    )
    found = counted.get(one.id)
    standing = standing_of(known.all, None if rehearsed else found)
    planned, rejected = known.done("rencana_batch"), known.rejected()
    approved = None if rejected else known.done("setujui_batch")
    if planned and not approved and not rejected:
        approved = await approved_elsewhere(visit, one, known)
    received, reported = known.done(*DELIVERIES), known.last("laporan_batch")
    failed = next((job for job in known.all[:1] if job.keadaan == "gagal"), None)
    now = found or Counted(states={}, drafted=0)
    # what the approval leaves out waits for ever
    out = max(0, planned.get("ready", 0) - approved["rows"]) if planned and approved else 0
    reported = reported if reported and reported.keadaan == "selesai" else None
    wrong_now = wrong_in(now, planned) if ran else 0
    reasons = reasons_to_go_on(now, out)
    left = sum(reasons.get(one, 0) for one in ("waiting", "interrupted", "parked"))
    earnest = found
    if rehearsed:  # letters and downloads are of what was signed in earnest
        all_counted = await counted_now(visit.portal, {one.id: known.all}, in_detail=True)
        earnest = all_counted.get(one.id)
    back = came_back(await deliveries_of(visit, one.id), found) if received else None
    alike = operations.planner_is(one, known.all, visit.person)
    run = next((job for job in known.all if job.jenis == "jalan_batch"), None)
    afterwards: dict[str, Any] = {"next": None, "downloads": {}, "turn": "", "held": NOTHING_HELD}
    if planned and planned.get("ready", 1) and busy is None and standing.code in UNSIGNED:
        afterwards["turn"] = whose_turn(
            alike,
            is_approved=approved is not None,
            is_rejected=rejected is not None,
            may_approve=visit.may(Act.APPROVE),
            may_run=visit.may(Act.BATCH),
        )
        if approved is None:
            afterwards["held"] = await held_back(visit.portal, one.id, planned)
    else:
        is_unsigned = standing.code in UNSIGNED
        afterwards["turn"] = turn_after(
            "with_wrong" if is_unsigned else standing.code,
            alike,
            may_run=visit.may(Act.BATCH),
            may_go_on=not is_unsigned and left > 0,
            busy=busy.jenis if busy else "",
        )
    if ran and found and planned and not rehearsed and busy is None:
        is_reported = reported is not None and reported.id > ran.id
        afterwards["next"] = what_next(
            now, planned, out, received, is_approved=approved is not None, is_reported=is_reported
        )
    if earnest and planned and busy is None:
        afterwards["downloads"] = await sizes_of(visit, one.id)
    values = dict(
        one=one,
        short=short_id(one.id),
        withdrawn=standing.code == "withdrawn",
        may_discard=visit.may(Act.BATCH) and standing.code == "plan_failed" and not busy,
        may_withdraw=visit.may(Act.BATCH) and may_be_withdrawn(standing) and not busy,
        wrong_reason=wrong_reason,
        asked_secrets=asked_of(visit, tuple(visit.portal.signing.pihak)),
        wrong_secret=wrong.name if wrong else "",
        wrong_words=wrong.words if wrong else "",
        wrong_day=wrong_day,
        **asked_for(visit, ran, reasons, goes_on=left > 0, by_pen=by_pen_in(planned)),
        plan=plan,
        planned=planned,
        approved=approved,
        rejected=rejected,
        ran=ran,
        letters=earnest if earnest and (earnest.written or earnest.unwritten) else None,
        letters_done=known.done("surat_batch"),
        wrong_letter_day=wrong_letter_day,
        typed_letter_day=visit.sent.one("hari_surat"),
        chosen_letters=visit.sent.one("surat"),
        ran_result=(ran.hasil.get("hasil") or {}) if ran else {},
        rehearsed=rehearsed,
        states=told_states(now, planned) if ran else [],
        whole=sum(now.details.values()),
        standing=standing,
        wrong=wrong_now,
        left=left,
        reasons=reasons,
        out=out,
        received=received,
        back=back,
        awaited=awaited_in(now.details) if found and not rehearsed else {},
        pause=await pause_of(visit.portal, run),
        reported=reported,
        failed=failed,
        problem=failed.hasil.get("masalah") if failed else None,
        busy=busy,
        **known.about_report(rehearsal=rehearsed),
        still_there=still_there(busy.jenis if busy else "", earnest),
        may_run=visit.may(Act.BATCH),
        alike=alike,
        made_by=str(plan.isi["oleh"]) if plan else "",
        may_approve=visit.may(Act.APPROVE),
        stages=[(stage, words.of(f"batch.until.{stage}")) for stage in STAGES],
        part=visit.is_part,
        **afterwards,
        **(progress_values(busy, now) if busy else {}),
        behind=await waits_behind(visit, busy) if busy else None,
        taken_back=bool(busy and may_take_back(visit, busy)),
    )  # fmt: skip
    if visit.is_part:
        return visit.part("batch.html.j2", **values)
    status = 422 if wrong or wrong_day or wrong_reason or wrong_letter_day else 200
    return visit.page("batch.html.j2", one.nama, nav="batch", status=status, **values)


def asked_for(
    visit: Visit, ran: Job | None, reasons: Mapping[str, int], *, goes_on: bool, by_pen: int
) -> dict[str, Any]:
    """Return what the form of a run holds: what was typed, else what the last run was asked for.

    Args:
        visit: The visit.
        ran: The last run.
        reasons: Why there is something to go on with.
        goes_on: Whether the last run left something undone; a rehearsal that is done is followed
            by the work itself.
        by_pen: How many agreements the other party signs with a pen.
    """
    if visit.sent.one("sampai") or visit.sent.one("gladi"):
        return {
            "typed_day": visit.sent.one("batas_waktu"),
            "rehearse": visit.sent.one("gladi") == "ya",
            "chosen": visit.sent.one("sampai") or STAGES[0],
            "by_pen": by_pen,
        }
    asked: Mapping[str, Any] = ran.isi if ran else {}
    until, first = asked.get("sampai", "drafted"), STAGES[-1] if by_pen else STAGES[0]
    last = date.fromisoformat(asked["batas_waktu"]) if asked.get("batas_waktu") else None
    today = visit.portal.now().astimezone(WIB).date()
    if tuple(reasons) == ("letters",):
        until = STAGES[-1]
    return {
        "typed_day": format_tanggal(last) if last and working_day_until(last) >= today else "",
        "rehearse": bool(asked.get("gladi")) and goes_on,
        "chosen": until if until != "drafted" else first,
        "by_pen": by_pen,
    }


def progress_values(job: Job, now: Counted) -> dict[str, Any]:
    """Return what templates show of a job that is at work.

    Args:
        job: The job.
        now: How many agreements are in each state; the same that the rest of the page tells.
    """
    told = job.kemajuan
    left = told.get("sisa_detik")
    done, whole = int(told.get("selesai", 0)), int(told.get("semua", 0))
    if job.jenis == "jalan_batch":
        done, whole = _worked_on(now, job.isi["sampai"]) if whole else (0, 0)
    return {
        "job": job,
        "done": done,
        "whole_of_job": whole,
        "per_minute": round(float(told.get("per_menit", 0.0))),
        "minutes_left": None if left is None else max(1, round(left / 60)),
        "services": told.get("menunggu_layanan", []),
        "step": str(told.get("langkah", "")),
        "texts": int(told.get("naskah", 0)),
        "whole_texts": int(told.get("semua_naskah", 0)),
    }


def _worked_on(now: Counted, until: str) -> tuple[int, int]:
    """Return how many agreements a run need not bring on any more, and of how many."""
    whole = {name: count for name, count in now.details.items()
             if name not in (HELD_BACK, "cancelled")}  # fmt: skip
    open_still = sum(whole.get(one, 0) for one in ("waiting", "working", "interrupted", "parked"))
    open_still += whole.get(DRAFT_ALONE, 0) if until != "drafted" else 0
    return sum(whole.values()) - open_still, sum(whole.values())


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
    if wrong_day := await _wrong_for(visit, one, deadline):
        return await _batch_page(visit, wrong=None, wrong_day=wrong_day)
    await operations.refuse_too_early(visit.call, one, body)
    if until != "drafted" and not body.gladi:
        wrong = await taken_secrets(visit, tuple(visit.portal.signing.pihak))
        if wrong is not None:
            return await _batch_page(visit, wrong=wrong, wrong_day="")
    await operations.batch_jalankan(visit.call, visit.given("id"), body, visit.call.key)
    return visit.to(f"/batch/{visit.given('id')}")


def _deadline(visit: Visit, until: str) -> tuple[date | None, str]:
    """Return the last day as it was typed, and in words what is wrong with it."""
    if until == "sent" and not visit.sent.one("batas_waktu"):
        return None, Words(visit.language).of("batch.no_deadline")
    return deadline_given(visit)


async def _wrong_for(visit: Visit, one: StoredBatch, last: date | None) -> str:
    """Return in words why a last day is wrong for the agreements of a batch; empty when not."""
    try:
        await operations.refuse_day(visit.call, one, last)
    except ToldError as error:
        if error.form["code"] != "batch.deadline_after_term":
            raise
        told = [error.form["message"], error.form["hint"]]
        return " ".join(one["en" if visit.language == "en" else "id"] for one in told)
    return ""


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


async def meja_batch_buang(visit: Visit) -> Response:
    """Throw away a batch that could not be planned."""
    one = await operations.batch_in_reach(visit.call, visit.given("id"))
    await visit.portal.write(batches.discard, one.id, visit.call.reach)
    place = visit.portal.folder / FOLDER / one.id
    await asyncio.to_thread(shutil.rmtree, place, ignore_errors=True)
    return visit.to("/batch", "batch_discarded")


async def meja_batch_tulis_surat(visit: Visit) -> Response:
    """Write covering letters, those that lack or all of them once more, with another day."""
    deadline, wrong_day = deadline_given(visit, "hari_surat")
    if deadline is None:
        told = wrong_day or Words(visit.language).of("batch.no_deadline")
        return await _batch_page(visit, wrong=None, wrong_day="", wrong_letter_day=told)
    one = await operations.batch_in_reach(visit.call, visit.given("id"))
    if told := await _wrong_for(visit, one, deadline):
        return await _batch_page(visit, wrong=None, wrong_day="", wrong_letter_day=told)
    body = LettersBody(batas_waktu=deadline, semua=visit.sent.one("surat") == "semua")
    await batch_rows.batch_surat(visit.call, visit.given("id"), body, visit.call.key)
    return visit.to(f"/batch/{visit.given('id')}")


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
    shown("/batch/{id}", meja_batch, Act.SEE, target="id"),
    sent("/batch/{id}/jalan", meja_batch_jalan, Act.BATCH, target="id"),
    sent("/batch/{id}/tarik", meja_batch_tarik, Act.BATCH, target="id"),
    sent("/batch/{id}/buang", meja_batch_buang, Act.BATCH, target="id"),
    sent("/batch/{id}/surat", meja_batch_tulis_surat, Act.BATCH, target="id"),
    sent("/batch/{id}/jeda", meja_batch_jeda, Act.BATCH, target="id"),
    sent("/batch/{id}/ulangi", meja_batch_ulangi, Act.BATCH, target="id"),
    sent("/batch/{id}/batalkan", meja_batch_batalkan, Act.BATCH, target="id"),
)
NAV: tuple[NavEntry, ...] = ()
