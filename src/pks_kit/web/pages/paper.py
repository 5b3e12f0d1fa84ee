"""Doubtful places of paper: the issued part beside the scanned one, decided one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from pks_kit.domain.page_list import page_list
from pks_kit.errors import UsageError
from pks_kit.web.pages.batch_papers import hand_in, let_count, paper_of_batch
from pks_kit.web.pages.declared import NavEntry, sent, shown
from pks_kit.web.pages.given_files import kept_files, refuse_empty
from pks_kit.web.pages.job_pages import job_in_reach, may_take_back, waits_behind
from pks_kit.web.pages.rendering import Words
from pks_kit.web.pages.visit import Visit
from pks_kit.web.routes.common import agreement_in_reach, named_file, promised
from pks_kit.web.scope import Act
from pks_kit.web.state import files, jobs
from pks_kit.web.state.deliveries import LEFT, left_of, reviews_of, scans_of
from pks_kit.web.state.files import StoredFile
from pks_kit.web.state.jobs import Job
from pks_kit.web.state.tables import BUSY

_SCANS = ("application/pdf", "image/jpeg", "image/png", "image/tiff")
_MOST_REASON = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class CameScan:
    """A file that may be a scan that came back.

    Attributes:
        file: The file.
        sheets: Which of its sheets are of this agreement, in words; empty where all may be.
    """

    file: StoredFile
    sheets: str = ""


async def scans_of_agreement(
    visit: Visit, agreement_id: str, kept: Sequence[StoredFile]
) -> list[CameScan]:
    """Return which files may be scans of an agreement that came back, the newest first.

    A scan of several agreements belongs to one of them, and is found at each.

    Args:
        visit: The visit.
        agreement_id: The agreement.
        kept: Its own files.
    """
    reach = visit.call.reach
    told = await visit.portal.read(scans_of, agreement_id, reach)
    own = {one.id: one for one in kept if one.asal == "unggahan" and one.media in _SCANS}
    others = await visit.portal.read(files.found_of, told.keys() - own.keys(), reach)
    every = sorted([*own.values(), *others], key=lambda one: one.id, reverse=True)
    return [
        CameScan(
            file=one,
            sheets=page_list(told[one.id].sheets)
            if one.id in told and told[one.id].is_shared
            else "",
        )
        for one in every
    ]


async def meja_kertas(visit: Visit) -> Response:
    """Choose which scans of an agreement to look at, or go on with those that were read."""
    return await _choice_page(visit, problem=False)


async def _choice_page(visit: Visit, *, problem: bool) -> Response:
    one = await agreement_in_reach(visit.call, visit.given("id"))
    kept = await visit.portal.read(files.of_agreement, one.id, visit.call.reach)
    words = Words(visit.language)
    scans = await scans_of_agreement(visit, one.id, kept)
    known = await visit.portal.read(reviews_of, one.id, visit.call.reach)
    return visit.page(
        "kertas.html.j2",
        words.of("paper.title", name=one.nama),
        status=422 if problem else 200,
        one=one,
        scans=scans,
        reviews=known,
        lefts={each.id: left_of(each) for each in known},
        problems=[{"text": words.of("paper.no_scan"), "href": "#f-pindaian"}] if problem else [],
    )


async def meja_kertas_baca(visit: Visit) -> Response:
    """Order that scans be read; a later file replaces the same page of an earlier one."""
    call = visit.call
    one = await agreement_in_reach(call, visit.given("id"))
    refuse_empty(visit.sent)
    # ids tell the order in which files came; the page shows the newest first
    chosen = sorted(name for name in visit.sent.all("berkas") if name)
    ids = [*chosen, *await kept_files(visit, visit.sent.files)]
    if not ids:
        return await _choice_page(visit, problem=True)
    isi: dict[str, Any] = {
        "pindaian": [await named_file(call, file) for file in ids],
        "terbit": await named_file(call, one.terkini),
        "resi": await named_file(call, one.resi),
        "dipakai": ids,
    }
    order = promised(call, "tinjauan", isi, area=one.area, perjanjian=one.id)
    return visit.to(f"/tinjauan/{visit.promised(await order)['id']}")


async def meja_tinjauan(visit: Visit) -> Response:
    """Show one doubtful thing; the first that is open unless another one was asked for."""
    return await _thing_page(visit, number=0, refused="")


async def _thing_page(visit: Visit, *, number: int, refused: str) -> Response:
    job = await _review(visit)
    words = Words(visit.language)
    one = await agreement_in_reach(visit.call, job.perjanjian)
    values: dict[str, Any] = {"job": job, "one": one}
    if job.keadaan == "dibatalkan":
        return visit.to(f"/pekerjaan/{job.id}")
    if job.keadaan != "selesai":
        values["behind"] = await waits_behind(visit, job)
        values["taken_back"] = may_take_back(visit, job)
        if visit.is_part and job.keadaan in BUSY:
            return visit.part("tinjauan-bagian.html.j2", **values)
        values["problem"] = job.hasil.get("masalah")
        return visit.page("tinjauan-tunggu.html.j2", words.of("paper.reading"), **values)
    told = await _shown(visit, job)
    rows = told["rows"]
    asked = number or (visit.number("butir") if visit.given("butir") else 0)
    first_open = next((place for place, row in enumerate(rows, 1) if row["open"]), 0)
    place = min(asked, len(rows)) or first_open
    if not place:
        return visit.to(f"/tinjauan/{job.id}/putusan")
    row = rows[place - 1]
    here = f"{visit.root}/tinjauan/{job.id}?butir="
    return visit.page(
        "tinjauan.html.j2",
        words.say(row["title"]),
        status=422 if refused else 200,
        row=row,
        place=place,
        whole=len(rows),
        left=sum(each["open"] for each in rows),
        before=f"{here}{place - 1}" if place > 1 else "",
        after=f"{here}{place + 1}" if place < len(rows) else "",
        refused=refused,
        typed={name: visit.sent.one(name) for name in ("alasan", "adendum")},
        problems=[{"text": refused, "href": "#f-alasan"}] if refused else [],
        **values,
    )


async def meja_tinjauan_putuskan(visit: Visit) -> Response:
    """Write one decision down at once, and go to the next thing."""
    job = await _review(visit)
    given = visit.sent
    isi = await _isi(visit, job) | {
        "butir": given.one("butir"),
        "putusan": given.one("putusan"),
        "alasan": given.one("alasan")[:_MOST_REASON],
        "adendum": given.one("adendum")[:200],
        "sidik": given.one("sidik"),
    }
    done = (await visit.portal.ask("tinjauan_putuskan", isi)).hasil
    if done["ditolak"] is not None:
        words = Words(visit.language)
        refused = f"{words.both(done['ditolak'])} {words.both(done['saran'])}".strip()
        return await _thing_page(visit, number=_typed_number(given.one("nomor")), refused=refused)
    await _keep_left(visit, job, done["terbuka"])
    await _told_to_batch(visit, job)
    return visit.to(f"/tinjauan/{job.id}")


async def _told_to_batch(visit: Visit, job: Job) -> None:
    """Let the batch that waits for the paper count it once everything is decided."""
    scans = job.isi.get("dipakai", ())
    found = await paper_of_batch(visit, job.perjanjian, scans)
    if found is None or found.state != "waits":
        return
    if not any(each["open"] for each in (await _shown(visit, job))["rows"]):
        if found.is_known:
            await let_count(visit, found, job.perjanjian, scans)
        else:
            await hand_in(visit, found, scans)


async def meja_tinjauan_putusan(visit: Visit) -> Response:
    """Show what all decisions amount to."""
    job = await _review(visit)
    one = await agreement_in_reach(visit.call, job.perjanjian)
    if job.keadaan != "selesai":
        return visit.to(f"/tinjauan/{job.id}")
    told = await _shown(visit, job)
    left = sum(each["open"] for each in told["rows"])
    return visit.page(
        "tinjauan-putusan.html.j2",
        Words(visit.language).of("paper.verdict_title", name=one.nama),
        job=job,
        one=one,
        found=told,
        left=left,
        batch=await paper_of_batch(visit, one.id, job.isi.get("dipakai", ())),
    )


async def meja_tinjauan_gambar(visit: Visit) -> Response:
    """Give one picture of the scan."""
    job = await _review(visit)
    isi = {"tinjauan": job.id, "gambar": visit.number("gambar") - 1}
    done = await visit.portal.ask("tinjauan_gambar", isi)
    headers = {"Cache-Control": "private, max-age=3600"}
    return Response(done.content, headers=headers, media_type="image/jpeg")


async def _review(visit: Visit) -> Job:
    job = await job_in_reach(visit, visit.given("id"))
    if job.jenis != "tinjauan":
        raise UsageError("web.unknown")
    return job


async def _isi(visit: Visit, job: Job) -> dict[str, Any]:
    return {
        "tinjauan": job.id,
        "resi": job.isi["resi"],
        "nama": job.isi["pindaian"][0]["nama"],
        "oleh": visit.person.name,
    }


async def _shown(visit: Visit, job: Job) -> dict[str, Any]:
    told = (await visit.portal.ask("tinjauan_tampil", await _isi(visit, job))).hasil
    await _keep_left(visit, job, told["terbuka"])
    return told


async def _keep_left(visit: Visit, job: Job, left: int) -> None:
    """Keep how many things of a review wait for a person: other pages tell of it by that."""
    if left_of(job) != left:
        await visit.portal.write(jobs.progressed, job.id, {LEFT: left})


def _typed_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0


PAGES = (
    shown("/perjanjian/{id}/kertas", meja_kertas, Act.DECIDE, target="id"),
    sent("/perjanjian/{id}/kertas", meja_kertas_baca, Act.DECIDE, target="id", uploads=True),
    shown("/tinjauan/{id}", meja_tinjauan, Act.DECIDE, target="id"),
    sent("/tinjauan/{id}", meja_tinjauan_putuskan, Act.DECIDE, target="id"),
    shown("/tinjauan/{id}/putusan", meja_tinjauan_putusan, Act.DECIDE, target="id"),
    shown("/tinjauan/{id}/gambar/{gambar}.jpg", meja_tinjauan_gambar, Act.DECIDE, target="id"),
)
NAV: tuple[NavEntry, ...] = ()
