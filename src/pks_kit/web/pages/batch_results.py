"""What came of a batch: states as charts and tables, what came back, the report."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, get_args

from starlette.responses import Response

from pks_kit.domain.page_list import page_list
from pks_kit.domain.sebutan import CARA_KONTRAK_TAMPIL
from pks_kit.errors import UsageError
from pks_kit.messages import lookup
from pks_kit.pipelines.batching.counts import KIND_NAMES
from pks_kit.pipelines.batching.preview import MOST_ROWS
from pks_kit.pipelines.batching.received_files import FileOutcome
from pks_kit.pipelines.batching.summary import HELD_BACK
from pks_kit.visible_text import format_wib
from pks_kit.web.bodies_verbs import ReceiveBody, RemindBody, ReportBody
from pks_kit.web.pages.batch_deliveries import (
    Delivery,
    came_back,
    deliveries_of,
    judged_last,
    only_deliveries,
    own_only,
)
from pks_kit.web.pages.batch_jobs import jobs_of
from pks_kit.web.pages.batch_reminders import (
    DAY,
    begins_on,
    day_asked,
    default_day,
    is_too_early,
    letters_there,
    why_none,
)
from pks_kit.web.pages.batch_set_aside import MAY_BE_SET_ASIDE
from pks_kit.web.pages.batch_standing import Counted, counted_now
from pks_kit.web.pages.declared import NavEntry, sent, shown
from pks_kit.web.pages.given_files import kept_files
from pks_kit.web.pages.job_pages import may_take_back, waits_behind
from pks_kit.web.pages.rendering import Words
from pks_kit.web.pages.states import awaited_in
from pks_kit.web.pages.visit import Visit
from pks_kit.web.routes import batch as operations
from pks_kit.web.routes import batch_rows
from pks_kit.web.routes.common import file_in_reach
from pks_kit.web.scope import Act
from pks_kit.web.state import agreements, files
from pks_kit.web.state.deliveries import (
    FEW_FILES,
    FEW_SHEETS_BYTES,
    being_counted,
    left_of,
    reviews_by_id,
)
from pks_kit.web.state.jobs import DELIVERIES, Job
from pks_kit.web.state.set_aside import set_aside
from pks_kit.web.state.tables import BUSY

_VERDICTS = {"complete": "done", "incomplete": "wrong", "needs_person": "look"}
_OUTCOMES = {**_VERDICTS, "taken_over": "done", "same_file": "plain", "passed_over": "plain"}
"""What became of a file that needs no look; all else does."""
ADVISED = frozenset(get_args(FileOutcome)) - _OUTCOMES.keys() | {"incomplete", "needs_person"}
"""Outcomes behind which stands what to do now."""
_TRIED_AGAIN = ("failed", "refused", "parked", "cancelled")
_STATES = {
    "done": "done", "with_other": "note", "working": "note", "waiting": "plain", "parked": "look",
    "refused": "wrong", "failed": "wrong", "cancelled": "plain",
}  # fmt: skip


async def meja_batch_hasil(visit: Visit) -> Response:
    """Show how every agreement of a batch stands."""
    one = await operations.batch_in_reach(visit.call, visit.given("id"))
    rehearsal = visit.given("gladi") == "ya"
    page = visit.number("halaman")
    isi = {
        "batch": one.id,
        "nama": one.nama,
        "gladi": rehearsal,
        "bahasa": visit.language,
        "lewati": (page - 1) * MOST_ROWS,
    }
    told = (await visit.portal.ask("hasil_tampil", isi)).hasil
    known = await jobs_of(visit, one.id)
    report = known.last("laporan_batch")
    shown = {row.agreement_id for row in told["rows"].shown if row.agreement_id}
    issued = await visit.portal.read(agreements.known_of, shown, visit.call.reach)
    values: dict[str, Any] = {
        **{("batch_status" if name == "status" else name): one for name, one in told.items()},
        "one": one,
        "page_number": page,
        "before": _rows_at(visit, page - 1) if page > 1 else "",
        "after": _rows_at(visit, page + 1) if told["rows"].left else "",
        "rehearsal": rehearsal,
        "issued": issued,
        "word": lambda code, **params: (
            lookup(f"batch_report.{code}").fill(params).in_language(visit.language)
        ),
        "kind": lambda kind: KIND_NAMES.get(kind, kind or "–"),
        "method_names": CARA_KONTRAK_TAMPIL,
        "when": lambda moment: format_wib(moment) if moment else "",
        "state_kinds": _STATES,
        "may_run": visit.may(Act.BATCH),
        "busy": known.busy,
        **known.about_report(rehearsal=rehearsal),
        "again": {
            row.number
            for row, _, _ in told["exceptions"]["shown"]
            if row.state in _TRIED_AGAIN and row.agreement_id and row.detail != HELD_BACK
        },
        "reported": report if report and report.keadaan == "selesai" else None,
    }
    title = Words(visit.language).of("batch.results_title", name=one.nama)
    return visit.page("batch-hasil.html.j2", title, nav="batch", **values)


def _rows_at(visit: Visit, page: int) -> str:
    rehearsal = "&gladi=ya" if visit.given("gladi") == "ya" else ""
    return f"{visit.root}/batch/{visit.given('id')}/hasil?halaman={page}{rehearsal}#semua-baris"


async def meja_batch_laporkan(visit: Visit) -> Response:
    """Order page and workbook of the report."""
    rehearsal = visit.sent.one("gladi") == "ya"
    body = ReportBody(gladi=rehearsal, bahasa=visit.language)
    await operations.batch_laporkan(visit.call, visit.given("id"), body, visit.call.key)
    return visit.to(f"/batch/{visit.given('id')}")


async def meja_batch_kembali(visit: Visit) -> Response:
    """Show what came back and who is missing, and take more."""
    return await _returned_page(visit, problem="")


async def _returned_page(
    visit: Visit,
    problem: str = "",
    wrong_day: str = "",
    wrong_remind: str = "",
    wrong_unread: str = "",
) -> Response:
    one = await operations.batch_in_reach(visit.call, visit.given("id"))
    known = await jobs_of(visit, one.id)
    words = Words(visit.language)
    last = known.last(*DELIVERIES)
    every = await deliveries_of(visit, one.id)
    deliveries = only_deliveries(every)
    aside = await visit.portal.read(set_aside, [each.id for each in deliveries], visit.call.reach)
    rehearsal = bool(last and last.isi["gladi"])
    now = await counted_now(visit.portal, {one.id: known.all}, rehearsal=rehearsal, in_detail=True)
    back = came_back(every, now.get(one.id)) if deliveries else None
    ids = {each["agreement_id"] for each in back.papers} if back else set()
    issued = await visit.portal.read(agreements.known_of, ids, visit.call.reach)
    scans = {scan["id"] for each in (back.papers if back else ()) for scan in each["scans"]}
    letter_day = counted.letter_day if (counted := now.get(one.id)) else None
    letters = await letters_there(visit, deliveries, known.ended("pengingat_batch"), letter_day)
    queue = known.waiting
    reviews = {str(each.get("tinjauan", "")) for each in (back.papers if back else ())}
    reminding = known.last("pengingat_batch")
    waited = back.silent if back else _silent(counted)
    return visit.page(
        "batch-kembali.html.j2",
        words.of("batch.returned_title", name=one.nama),
        nav="batch",
        status=422 if problem or wrong_day or wrong_remind or wrong_unread else 200,
        one=one,
        wrong_day=wrong_day,
        typed_day=visit.sent.one("batas_waktu"),
        last=last,
        deliveries=deliveries,
        decisions=[each for each in every if each.decided],
        counting=await visit.portal.read(being_counted, one.id, visit.call.reach),
        reviews={
            name: left_of(each)
            for name, each in (
                await visit.portal.read(reviews_by_id, reviews - {""}, visit.call.reach)
            ).items()
        },
        taken_back={each.id for each in queue if may_take_back(visit, each)},
        reminding=reminding if reminding and reminding.keadaan in BUSY else None,
        back=back,
        letters=letters,
        queue=queue,
        few_files=FEW_FILES,
        few_megabytes=FEW_SHEETS_BYTES >> 20,
        behind={each.id: await waits_behind(visit, each) for each in queue},
        rehearsal=rehearsal,
        waited=waited,
        may_be_aside=MAY_BE_SET_ASIDE,
        aside=aside,
        opened=opened(deliveries, aside),
        own_only=own_only,
        letter_day=letter_day,
        begins=begins_on(letter_day),
        why_none=why_none(visit, judged_last(deliveries), letter_day) if deliveries else "",
        reminded=known.done("pengingat_batch"),
        failed_reminders=_failed(known.last("pengingat_batch")),
        wrong_remind=wrong_remind,
        wrong_unread=wrong_unread,
        unread=known.unread(rehearsal=rehearsal),
        typed_remind=visit.sent.one(DAY) or default_day(visit, letter_day),
        early_asked=[one for one in (DAY, "batas_waktu") if is_too_early(visit, letter_day, one)],
        busy=known.busy,
        may_run=visit.may(Act.BATCH),
        verdict_kinds=_VERDICTS,
        file_kinds=_OUTCOMES,
        advised=ADVISED,
        issued=issued,
        there=await visit.portal.read(files.known_of, scans, visit.call.reach),
        sheet_list=page_list,
        problems=[
            *([{"text": words.of(f"batch.{problem}"), "href": "#f-pindaian"}] if problem else []),
            *([{"text": wrong_day, "href": "#f-batas_waktu"}] if wrong_day else []),
            *([{"text": wrong_remind, "href": f"#f-{DAY}"}] if wrong_remind else []),
            *([{"text": wrong_unread, "href": "#f-belum_dibaca"}] if wrong_unread else []),
        ],
    )


def opened(deliveries: Sequence[Delivery], aside: Mapping[str, Collection[str]]) -> frozenset[str]:
    """Return the deliveries that are seen at once: the one judged last, and what needs a look.

    Args:
        deliveries: The deliveries, the newest first.
        aside: Names of the files of each that somebody set aside.
    """
    if not deliveries:
        return frozenset()
    looked = {one.id for one in deliveries if one.has_unsettled(aside.get(one.id, ()))}
    return frozenset(looked | {judged_last(deliveries).id})


def _silent(counted: Counted | None) -> int:
    """Return of how many agreements of a batch nothing came back yet, before any delivery."""
    return awaited_in(counted.details)["belum_kembali"] if counted else 0


def _failed(job: Job | None) -> dict[str, Any] | None:
    return job.hasil.get("masalah") if job is not None and job.keadaan == "gagal" else None


async def _letter_day(visit: Visit, batch_id: str) -> date | None:
    known = await jobs_of(visit, batch_id)
    now = (await counted_now(visit.portal, {batch_id: known.all}, in_detail=True)).get(batch_id)
    return now.letter_day if now else None


async def meja_batch_ingatkan(visit: Visit) -> Response:
    """Let reminders be written to everybody of whom nothing came back."""
    one = await operations.batch_in_reach(visit.call, visit.given("id"))
    day, wrong = day_asked(visit, await _letter_day(visit, one.id), DAY)
    if day is None:
        needed = Words(visit.language).of("batch.remind.needed")
        return await _returned_page(visit, wrong_remind=wrong or needed)
    unread = (await jobs_of(visit, one.id)).unread(rehearsal=False)
    meant = visit.sent.one("belum_dibaca") == "ya"
    if unread and not meant:
        needed = Words(visit.language).of("batch.remind.unread_needed")
        return await _returned_page(visit, wrong_unread=needed)
    early = visit.sent.one("lebih_awal") == "ya"
    body = RemindBody(batas_waktu=day, lebih_awal=early, belum_dibaca=meant)
    await batch_rows.batch_pengingat(visit.call, one.id, body, visit.call.key)
    return visit.to(f"/batch/{one.id}/kembali#pengingat", "reminders_ordered")


async def meja_batch_terima(visit: Visit) -> Response:
    """Take scans, to be sorted and judged."""
    given, empty = visit.sent.files, visit.sent.empty
    chosen = [name for name in visit.sent.all("berkas") if name]
    known = [(await file_in_reach(visit.call, name)).id for name in chosen]
    if not given and not known:
        return await _returned_page(visit, "only_empty" if empty else "no_scans")
    letter_day = await _letter_day(visit, visit.given("id"))
    deadline, wrong_day = day_asked(visit, letter_day, "batas_waktu")
    if wrong_day:
        return await _returned_page(visit, "", wrong_day)
    body = ReceiveBody(
        pindaian=[*known, *await kept_files(visit, given)],
        batas_waktu=deadline,
    )
    await batch_rows.receiving(visit.call, visit.given("id"), body, empty)
    return visit.to(f"/batch/{visit.given('id')}")


async def meja_batch_surat(visit: Visit) -> Response:
    """Give one of the texts to send, as text to be saved.

    Raises:
        UsageError: ``web.unknown``.
    """
    one = await operations.batch_in_reach(visit.call, visit.given("id"))
    deliveries = await deliveries_of(visit, one.id)
    texts = came_back(deliveries).texts if deliveries else ()
    # numbers of a later delivery never lead to the text of another facility
    delivery = visit.given("kiriman") or (deliveries[0].id if deliveries else "")
    meant = (delivery, visit.number("nomor"))
    found = next((each for each in texts if (each.delivery, each.number) == meant), None)
    if found is None:
        raise UsageError("web.unknown")
    headers = {"Content-Disposition": f'attachment; filename="kirim-{found.number}.txt"'}
    return Response(found.text, headers=headers, media_type="text/plain; charset=utf-8")


PAGES = (
    shown("/batch/{id}/hasil", meja_batch_hasil, Act.SEE, target="id"),
    sent("/batch/{id}/laporan", meja_batch_laporkan, Act.SEE, target="id"),
    shown("/batch/{id}/kembali", meja_batch_kembali, Act.SEE, target="id"),
    sent("/batch/{id}/kembali", meja_batch_terima, Act.BATCH, target="id", uploads=True),
    sent("/batch/{id}/pengingat", meja_batch_ingatkan, Act.BATCH, target="id"),
    shown("/batch/{id}/surat/{nomor}.txt", meja_batch_surat, Act.SEE, target="id"),
)
NAV: tuple[NavEntry, ...] = ()
