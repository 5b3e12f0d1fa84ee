"""Upload a PDF or a scan, and what the checks say of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from pks_kit.errors import UsageError
from pks_kit.verification.report.headline import headline, warning_line
from pks_kit.verification.report.verdict import VerifyReport
from pks_kit.web.bodies_verbs import VerifyBody
from pks_kit.web.pages.batch_papers import paper_of_batch
from pks_kit.web.pages.declared import NavEntry, sent, shown
from pks_kit.web.pages.given_files import books_in, refuse_empty
from pks_kit.web.pages.one_agreement import PARTIES
from pks_kit.web.pages.rendering import Words
from pks_kit.web.pages.visit import Visit
from pks_kit.web.routes.berkas import berkas_unggah
from pks_kit.web.routes.common import agreement_in_reach
from pks_kit.web.routes.langkah import sesi_diteruskan, signs_for
from pks_kit.web.routes.terima import goes_on, judging_in_reach, report_of
from pks_kit.web.routes.verifikasi import verifikasi
from pks_kit.web.scope import Act
from pks_kit.web.state.agreements import StoredAgreement
from pks_kit.web.state.deliveries import left_of, reviews_of
from pks_kit.web.state.jobs import Job

ACCEPTED = ".pdf,.jpg,.jpeg,.png,.tif,.tiff"
_TO_FACILITY = ("paper_send_back", "paper_own_places")
"""Notes about what to ask for, which a file that was judged alone does not tell."""
_LOOKS = {"passed": "done", "indeterminate": "look", "failed": "wrong"}


async def meja_unggah(visit: Visit) -> Response:
    """Ask for files."""
    return await _upload_page(visit, visit.given("perjanjian"), missing=False)


async def _upload_page(
    visit: Visit, agreement_id: str, *, missing: bool, books: Sequence[str] = ()
) -> Response:
    one = await agreement_in_reach(visit.call, agreement_id) if agreement_id else None
    return visit.page(
        "unggah.html.j2",
        Words(visit.language).of("nav.upload"),
        nav="upload",
        status=422 if missing or books else 200,
        one=one,
        accept=ACCEPTED,
        missing=missing,
        books=", ".join(books),
        may_batch=visit.may(Act.BATCH),
    )


async def meja_unggahan(visit: Visit) -> Response:
    """Keep the files and let them be checked."""
    call, agreement_id = visit.call, visit.sent.one("perjanjian")
    refuse_empty(visit.sent)
    if not visit.sent.files:
        return await _upload_page(visit, agreement_id, missing=True)
    if books := books_in(visit.sent.files):
        return await _upload_page(visit, agreement_id, missing=False, books=books)
    if agreement_id:
        await agreement_in_reach(call, agreement_id)
    kept: list[str] = []
    for file in visit.sent.files:
        call.upload = file.spooled
        made = await berkas_unggah(call, file.name, call.key)
        kept.append(json.loads(bytes(made.body))["id"])
    body = VerifyBody(berkas=kept[0], lagi=kept[1:], perjanjian=agreement_id or None)
    return await visit.ordered(verifikasi(call, body, call.key))


async def meja_putusan(visit: Visit) -> Response:
    """Show what the checks say of uploaded files.

    Raises:
        UsageError: ``web.unknown``: the job judges nothing, or has not ended well.
    """
    job, report = await _judged(visit)
    words = Words(visit.language)
    goes_on = await _agreement_to_go_on(visit, job, report)
    checks = [one for one in report.checks if one.status != "passed"]
    of_paper = await _of_paper(visit, job, report)
    alone = seen_alone(report, of_agreement=bool(job.perjanjian), of_batch=bool(of_paper["batch"]))
    return visit.page(
        "putusan.html.j2",
        words.of(alone or f"verdict.{report.verdict}"),
        nav="upload",
        job=job,
        goes_on=goes_on is not None,
        **of_paper,
        alone=alone,
        report=report,
        told_notes=[one for one in report.notes if not alone or one.code not in _TO_FACILITY],
        kind="look" if alone else _LOOKS[report.verdict],
        headline=headline(report),
        warning=warning_line(report),
        failed=[one for one in checks if one.status == "failed"],
        unsure=[one for one in checks if one.status == "indeterminate"],
        passed=len(report.checks) - len(checks),
        pages=[one for one in job.hasil["berkas"] if one["peran"] == f"laporan_{visit.language}"],
        names=[str(job.isi["berkas"]["nama"]), *(str(one["nama"]) for one in job.isi["lagi"])],
    )


def seen_alone(report: VerifyReport, *, of_agreement: bool, of_batch: bool) -> str:
    """Return under which words a scan is told of that lacks pages; empty for every other file.

    It was judged without what came back before: that it lacks pages is nobody's fault yet, and no
    facility is to be asked for them.

    Args:
        report: What the checks say.
        of_agreement: Whether it was uploaded for an agreement.
        of_batch: Whether a batch waits for that agreement, or knows its paper.
    """
    if report.paper is None or not report.paper.missing or not of_agreement:
        return ""
    return "verdict.this_file_to_batch" if of_batch else "verdict.this_file_alone"


async def _of_paper(visit: Visit, job: Job, report: VerifyReport) -> dict[str, Any]:
    """Return what comes next of a scan: its doubtful places, and the batch that waits for it."""
    scans = [str(one["id"]) for one in (job.isi["berkas"], *job.isi["lagi"])]
    values: dict[str, Any] = {"scans": scans, "doubtful": False, "review": None, "batch": None,
                              "all_decided": False}  # fmt: skip
    if report.paper is None or not job.perjanjian:
        return values
    values["batch"] = await paper_of_batch(visit, job.perjanjian, scans)
    if visit.may(Act.DECIDE) and any(one.status == "indeterminate" for one in report.checks):
        known = await visit.portal.read(reviews_of, job.perjanjian, visit.person.reach(Act.DECIDE))
        same = (one for one in known if one.isi.get("dipakai") == scans)
        review = next(same, None)
        values["doubtful"], values["review"] = True, review
        if review is not None and review.keadaan == "selesai":
            values["all_decided"] = not left_of(review)
    return values


async def meja_teruskan(visit: Visit) -> Response:
    """Go on with a file that a party signed elsewhere.

    Raises:
        UsageError: ``web.unknown``: the job judged nothing that an agreement can go on with.
    """
    job, report = await _judged(visit)
    one = await _agreement_to_go_on(visit, job, report)
    if one is None:
        raise UsageError("web.unknown")
    order = sesi_diteruskan(visit.call, one, str(job.isi["berkas"]["id"]))
    return await visit.ordered(order, "goes_on_ordered")


async def _judged(visit: Visit) -> tuple[Job, VerifyReport]:
    """Return the job that judged a file, and what it says.

    Raises:
        UsageError: ``web.unknown``: the job judges nothing, or has not ended well.
    """
    job = await judging_in_reach(visit.call, visit.given("id"))
    if job.keadaan != "selesai":
        raise UsageError("web.unknown")
    return job, await report_of(job)


async def _agreement_to_go_on(
    visit: Visit, job: Job, report: VerifyReport
) -> StoredAgreement | None:
    """Return the agreement that this person lets go on with the judged file; None for none."""
    if not job.perjanjian:
        return None
    one = await agreement_in_reach(visit.call, job.perjanjian)
    reach = visit.person.reach(Act.SIGN)
    mine = any(signs_for(reach, one, party) for party in PARTIES)
    return one if mine and await goes_on(visit.call, one, job, report) else None


PAGES = (
    shown("/unggah", meja_unggah, Act.VERIFY),
    sent("/unggah", meja_unggahan, Act.VERIFY, uploads=True),
    shown("/putusan/{id}", meja_putusan, Act.SEE, target="id"),
    sent("/putusan/{id}/teruskan", meja_teruskan, Act.SIGN, target="id"),
)
NAV = (NavEntry(code="upload", path="/unggah", act=Act.VERIFY, order=30),)
