"""Jobs that judged what came back: of a batch, or of one agreement."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from pks_kit.web.scope import Reach
from pks_kit.web.state.files import StoredFile
from pks_kit.web.state.jobs import DELIVERIES, DELIVERY, SMALL_DELIVERY, Job, job_in
from pks_kit.web.state.tables import BUSY, pekerjaan, unstamp, within

DECISION = "putusan_batch"
"""What counts what persons decided about paper that came before; it is no delivery."""

FEW_FILES = 3
FEW_SHEETS_BYTES = 1 << 20
_ONE_SHEET = ("image/jpeg", "image/png")
"""A delivery with no more is small: a photo is one sheet, a sheet of a PDF takes 32 KB at least."""

LEFT = "terbuka"
"""Under which name a review keeps how many of its things wait for a person."""

_MOST_ABOUT = 16
"""So many deliveries of one agreement are looked through for its scans."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What a scan holds of one agreement.

    Attributes:
        sheets: Numbers of the sheets that are of it, from 1.
        is_shared: Whether sheets of other agreements are in it too.
    """

    sheets: tuple[int, ...]
    is_shared: bool


def delivery_ids(connection: Connection, batch_id: str, reach: Reach) -> tuple[str, ...]:
    """Return the ids of all deliveries of a batch that were judged, and of decisions about them.

    The newest is the first. Their results are not read; they never change any more.
    """
    asked = _judged(reach).where(pekerjaan.c.batch == batch_id)
    return tuple(connection.execute(asked.with_only_columns(pekerjaan.c.id)).scalars())


def deliveries(connection: Connection, ids: Collection[str], reach: Reach) -> tuple[Job, ...]:
    """Return judged deliveries by their ids, within a reach, the newest first."""
    asked = _judged(reach).where(pekerjaan.c.id.in_(ids))
    return tuple(map(job_in, connection.execute(asked)))


def last_about(connection: Connection, agreement_id: str, reach: Reach) -> Job | None:
    """Return the delivery of any batch that told last of an agreement; None when none did.

    That is the one whose answer the ledger holds last: one that was handed in before another may
    have been read after it, together with what came of that.
    """
    rows = connection.execute(_about(agreement_id, reach).limit(_MOST_ABOUT))
    told = [
        (event_of(one), job)
        for job in map(job_in, rows)
        for one in job.hasil["hasil"]["returned"]["agreements"]
        if one["agreement_id"] == agreement_id
    ]
    if told and all(number for number, _ in told):
        return max(told, key=lambda each: each[0])[1]  # the first, where several found the same
    return told[0][1] if told else None


def event_of(paper: Mapping[str, Any]) -> int:
    """Return the number of the event that holds what a delivery told of an agreement; 0: none."""
    return int((paper.get("recorded") or {}).get("event", 0))


def scans_of(connection: Connection, agreement_id: str, reach: Reach) -> dict[str, Scan]:
    """Return the scans in which sheets of an agreement were found, by the ids of the files.

    Rehearsals, and what was judged before that was told, are not among them.

    Args:
        connection: The transaction.
        agreement_id: The agreement.
        reach: Whose deliveries are looked through, the newest first.
    """
    found: dict[str, Scan] = {}
    for row in connection.execute(_about(agreement_id, reach).limit(_MOST_ABOUT)):
        job = job_in(row)
        for one in job.hasil["hasil"]["returned"]["agreements"]:
            if one["agreement_id"] == agreement_id and not job.isi["gladi"]:
                for scan in one.get("scans", ()):
                    known = Scan(sheets=tuple(scan["lembar"]), is_shared=scan["bersama"])
                    found.setdefault(scan["id"], known)
    return found


def handed_in(
    connection: Connection, batch_id: str, scans: Collection[str], reach: Reach
) -> tuple[str, ...]:
    """Return how the deliveries of a batch stand that hold all of some files, the newest first.

    One that failed or was cancelled is not among them, nor a rehearsal.
    """
    asked = select(pekerjaan.c.isi, pekerjaan.c.keadaan).where(
        within(pekerjaan, reach),
        pekerjaan.c.jenis.in_(DELIVERIES),
        pekerjaan.c.batch == batch_id,
        pekerjaan.c.keadaan.in_((*BUSY, "selesai")),
    )
    found = []
    for row in connection.execute(asked.order_by(pekerjaan.c.id.desc())):
        isi = json.loads(row.isi)
        given = {one["id"] for one in isi.get("pindaian", ())}
        if given.issuperset(scans) and not isi["gladi"]:
            found.append(str(row.keadaan))
    return tuple(found)


def pending(connection: Connection, batch_id: str, reach: Reach) -> tuple[Job, ...]:
    """Return the deliveries of a batch that wait or are being read, in their turn."""
    asked = select(pekerjaan).where(
        within(pekerjaan, reach),
        pekerjaan.c.jenis.in_(DELIVERIES),
        pekerjaan.c.batch == batch_id,
        pekerjaan.c.keadaan.in_(BUSY),
    )
    return tuple(map(job_in, connection.execute(asked.order_by(pekerjaan.c.id))))


def kind_of_delivery(scans: Sequence[StoredFile], *, rehearsal: bool) -> str:
    """Return of which kind the job is that reads a delivery: a small one waits for no large one.

    Args:
        scans: Its files.
        rehearsal: Whether it is a rehearsal.
    """
    many_sheets = sum(one.ukuran for one in scans if one.media not in _ONE_SHEET)
    is_small = len(scans) <= FEW_FILES and many_sheets <= FEW_SHEETS_BYTES
    return SMALL_DELIVERY if is_small and not rehearsal else DELIVERY


def meant(waiting: Sequence[Job], *, rehearsal: bool) -> list[Job]:
    """Return those of some deliveries that are rehearsals, or those that are in earnest."""
    return [one for one in waiting if bool(one.isi["gladi"]) is rehearsal]


def files_in(waiting: Sequence[Job], *, rehearsal: bool) -> int:
    """Return how many files are not read to the end: the number that pages and reports tell.

    Args:
        waiting: All deliveries of the batch that wait or are being read, see :func:`pending`.
        rehearsal: Whether those of rehearsals are meant, or those in earnest.
    """
    return sum(len(one.isi["pindaian"]) for one in meant(waiting, rehearsal=rehearsal))


def being_counted(connection: Connection, batch_id: str, reach: Reach) -> dict[str, datetime]:
    """Return the agreements of a batch of which decisions are being counted, and since when."""
    asked = select(pekerjaan.c.perjanjian, pekerjaan.c.dibuat).where(
        within(pekerjaan, reach),
        pekerjaan.c.jenis == DECISION,
        pekerjaan.c.batch == batch_id,
        pekerjaan.c.keadaan.in_(BUSY),
    )
    rows = connection.execute(asked.order_by(pekerjaan.c.id.desc()))
    return {row.perjanjian: unstamp(row.dibuat) for row in rows}


def reviews_of(connection: Connection, agreement_id: str, reach: Reach) -> tuple[Job, ...]:
    """Return the reviews of the paper of an agreement, within a reach, the newest first."""
    asked = select(pekerjaan).where(
        within(pekerjaan, reach),
        pekerjaan.c.perjanjian == agreement_id,
        pekerjaan.c.jenis == "tinjauan",
    )
    return tuple(map(job_in, connection.execute(asked.order_by(pekerjaan.c.id.desc()))))


def left_of(review: Job) -> int:
    """Return how many things of a review that was read wait for a person, as was seen last."""
    if LEFT in review.kemajuan:
        return int(review.kemajuan[LEFT])
    return int((review.hasil.get("hasil") or {}).get(LEFT, 0))


def reviews_by_id(connection: Connection, ids: Collection[str], reach: Reach) -> dict[str, Job]:
    """Return reviews that are still there by their ids, within a reach."""
    asked = select(pekerjaan).where(within(pekerjaan, reach), pekerjaan.c.id.in_(ids))
    return {one.id: one for one in map(job_in, connection.execute(asked))}


def _about(agreement_id: str, reach: Reach) -> Select[tuple[object, ...]]:
    told = json.dumps({"agreement_id": agreement_id})[1:-1]  # as it stands in the result
    return _judged(reach).where(pekerjaan.c.hasil.contains(told, autoescape=True))


def _judged(reach: Reach) -> Select[tuple[object, ...]]:
    return (
        select(pekerjaan)
        .where(
            within(pekerjaan, reach),
            pekerjaan.c.jenis.in_((*DELIVERIES, DECISION)),
            pekerjaan.c.keadaan == "selesai",
        )
        .order_by(pekerjaan.c.id.desc())
    )
