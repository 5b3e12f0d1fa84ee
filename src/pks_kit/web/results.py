"""What a job made is written down with its end, in one transaction: files, agreement, outbox."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from pks_kit.web.scope import Reach, Scope
from pks_kit.web.state import agreements, files, jobs, outbox, taken_back
from pks_kit.web.state.due import asked_back
from pks_kit.web.state.files import StoredFile
from pks_kit.web.work.task import Done, MadeFile

if TYPE_CHECKING:
    from pks_kit.web.portal import Portal
    from pks_kit.web.scope import Area
    from pks_kit.web.state.jobs import Job

EVERYTHING = Reach(frozenset({Scope("pusat")}))


def written_down(
    portal: Portal, connection: Connection, job: Job, done: Done, now: datetime
) -> dict[str, Any]:
    """Write down what a job made and return what is told of it.

    Args:
        portal: The portal.
        connection: The transaction in which the job ends.
        job: The job.
        done: How it ended.
        now: The present time.
    """
    if done.masalah is not None:
        _tell(portal, connection, job, "pekerjaan.gagal", {"code": done.masalah["code"]}, now)
        return {"masalah": done.masalah}
    facts = done.perjanjian or {}
    agreement_id = str(facts.get("id", job.perjanjian))
    areas = {one["id"]: _area(portal, connection, one, job) for one in done.banyak}
    for made in done.berkas:
        whose = made.perjanjian or agreement_id
        area = areas.get(whose, job.area)
        files.add(connection, stored(portal, made, area, whose, job.oleh, now))
    for told in (facts, *done.banyak):
        if "terbit" in told:
            agreements.put(connection, told["id"], areas.get(told["id"], job.area), told, now)
        if "terkini" in told:
            agreements.reached(connection, told["id"], told["terkini"], now)
        if told.get("ditarik"):
            until = now + timedelta(days=portal.settings.simpan_hari.pekerjaan)
            taken_back.take_back(connection, job.isi["batch"], told["id"], told["ditarik"], until)
        if told.get("dipakai"):
            area = areas.get(told["id"], job.area)
            # of a file with pages of others no facility sees what is not its own
            shared = told.get("bersama", ())
            files.keep_for(connection, shared, told["id"], area.of_staff())
            files.keep_for(connection, told["dipakai"], told["id"], area)
        if told.get("tinjauan"):
            _put_review(connection, told["id"], told["tinjauan"], job, now)
    # the letter of one agreement names none: it is that of the job
    asked_back(connection, {one or agreement_id: day for one, day in done.kembali.items()}, now)
    if agreement_id and job.isi.get("dipakai"):
        files.keep_for(connection, job.isi["dipakai"], agreement_id, job.area)
    _tell(portal, connection, job, "pekerjaan.selesai", {"perjanjian": agreement_id or None}, now)
    return {
        "hasil": done.hasil,
        "perjanjian": agreement_id or None,
        "berkas": [
            {
                "peran": one.peran,
                "id": one.id,
                "nama": one.nama,
                "media": one.media,
                "sha256": one.sha256,
                "ukuran": one.ukuran,
            }
            for one in done.berkas
            if not one.perjanjian  # those of many agreements are found there
        ],
    }


def _put_review(
    connection: Connection, agreement_id: str, told: dict[str, Any], job: Job, now: datetime
) -> None:
    """Write down what a delivery read of paper as a review that is done: nobody reads it again."""
    one = agreements.find(connection, agreement_id, EVERYTHING)
    if one is None:
        return
    names = files.found_of(connection, (one.terkini, one.resi), EVERYTHING)
    named = {each.id: {"id": each.id, "nama": each.nama} for each in names}
    if not {one.terkini, one.resi} <= named.keys():
        return
    isi = {
        "pindaian": told["pindaian"],
        "terbit": named[one.terkini],
        "resi": named[one.resi],
        "dipakai": [each["id"] for each in told["pindaian"]],
        "kiriman": job.id,
    }
    review = jobs.add(
        connection,
        jobs.NewJob(
            id=told["id"],
            area=one.area,
            jenis="tinjauan",
            isi=isi,
            perjanjian=agreement_id,
            oleh=job.oleh,
            kunci=f"{jobs.BY_DELIVERY}{told['id']}",
            now=now,
        ),
        holder=job.id,
    )
    hasil = {"hasil": told["hasil"], "perjanjian": agreement_id, "berkas": []}
    jobs.end(connection, review.id, "selesai", hasil, now=now)


def _area(portal: Portal, connection: Connection, facts: dict[str, Any], job: Job) -> Area:
    """Return whose an agreement is: as its data say, or as it is known already."""
    if "kantor_cabang" in facts:
        return portal.area_of(facts)
    return agreements.area_known(connection, facts["id"]) or job.area


def stored(
    portal: Portal, made: MadeFile, area: Area, agreement_id: str, oleh: str, now: datetime
) -> StoredFile:
    """Return a file that a task made as it is written down; how long it is kept follows from why.

    What belongs to an agreement is kept as long as the agreement is.
    """
    kept = portal.settings.simpan_hari
    days = kept.pratinjau if made.asal == "pratinjau" else kept.pekerjaan
    for_good = bool(agreement_id) and made.asal != "pratinjau"
    return StoredFile(
        id=made.id,
        area=area,
        perjanjian=agreement_id,
        asal=made.asal,
        nama=made.nama,
        media=made.media,
        sha256=made.sha256,
        ukuran=made.ukuran,
        oleh=oleh,
        dibuat=now,
        buang=None if for_good else now + timedelta(days=days),
    )


def _tell(
    portal: Portal,
    connection: Connection,
    job: Job,
    event: str,
    data: dict[str, Any],
    now: datetime,
) -> None:
    told = {"pekerjaan": job.id, "jenis": job.jenis, **data}
    outbox.put(connection, portal.settings.webhook, event, job.id, told, now)
