"""Tasks about scans that a person looks at: read once, shown thing by thing, decided one by one.

What a scan shows is kept in a folder of its own: the report, and every picture as a file. So an
answer does not read the scan again, and any process can take it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pks_kit.domain.paper_pictures import MOST_PICTURE_BYTES, PaperPicture
from pks_kit.domain.receipt import parse_receipt
from pks_kit.errors import PksKitError, UsageError
from pks_kit.files import make_folder, read_limited, write_together
from pks_kit.json_form import from_wire, to_json, to_wire
from pks_kit.pipelines.paper import PaperListRequest, paper_list
from pks_kit.pipelines.verifying.paper_desk import PaperChoice, PaperListResult, ReviewDesk
from pks_kit.resources import signing_root
from pks_kit.verification.examination import Examination
from pks_kit.verification.limits import Limits
from pks_kit.verification.report.headline import headline
from pks_kit.verification.report.paper_html import ReviewRow, needs_eyes, review_rows
from pks_kit.verification.report.pictures import Examined
from pks_kit.verification.report.verdict import VerifyReport
from pks_kit.web.work.shop import Shop
from pks_kit.web.work.task import Done, Task

FOLDER = "kertas"
"""Folder of all reviews; the folder of one is called like its job."""

_REPORT, _PICTURES = "laporan.json", "gambar.json"
_MOST_BYTES = 1 << 26
_CPU_SECONDS = 90


def read(shop: Shop, task: Task) -> Done:
    """Read a scan for a person who is to look at it, and keep what it shows."""
    isi = task.isi
    scan, *more = (shop.read(one) for one in isi["pindaian"])
    review = paper_list(
        PaperListRequest(
            scan=scan,
            more=more,
            issued=shop.read(isi["terbit"]),
            receipt=shop.read(isi["resi"]),
            sessions=shop.session_folder,
            trust=shop.trust,
            ledger=shop.ledger,
            limits=Limits().lasting(_CPU_SECONDS),
            clock=shop.clock,
        )
    )
    keep_reading(shop.folder / FOLDER / task.id, review.report, review.examined.paper_pictures)
    return Done(hasil=summary_of(review.report, review.examined.paper_pictures))


def keep_reading(
    folder: Path,
    report: VerifyReport,
    pictures: Sequence[PaperPicture],
    more: Mapping[str, bytes] = MappingProxyType({}),
) -> None:
    """Keep what was read of a scan: the report, every picture, and what else belongs to it."""
    make_folder(folder.parent, private=True)
    make_folder(folder, private=True)
    told = [
        {"item": one.item, "kind": one.kind, "width": one.width, "height": one.height,
         "points": one.points}
        for one in pictures
    ]  # fmt: skip
    write_together(
        {
            **{folder / _picture_name(place): one.jpeg for place, one in enumerate(pictures)},
            folder / _PICTURES: json.dumps(told).encode(),
            **{folder / name: content for name, content in more.items()},
            # the report comes last: where it stands, everything does
            folder / _REPORT: to_wire(report),
        }
    )


def summary_of(report: VerifyReport, pictures: Sequence[PaperPicture]) -> dict[str, Any]:
    """Return what the job of a review tells: how many things there are, and how many are open.

    Args:
        report: The report of a scan.
        pictures: Its pictures.
    """
    rows = review_rows(report.paper, pictures) if report.paper is not None else []
    return {
        "butir": sum(_asked(one) for one in rows),
        "terbuka": sum(needs_eyes(one) for one in rows),
        "verdict": report.verdict,
    }


def kept_pictures(folder: Path) -> tuple[PaperPicture, ...]:
    """Return the pictures of what was read.

    Args:
        folder: Where it was kept.
    """
    told: list[dict[str, Any]] = json.loads(read_limited(folder / _PICTURES, _MOST_BYTES))
    return tuple(
        PaperPicture(
            item=one["item"],
            kind=one["kind"],
            jpeg=read_limited(folder / _picture_name(place), MOST_PICTURE_BYTES),
            width=one["width"],
            height=one["height"],
            points=(one["points"][0], one["points"][1]),
        )
        for place, one in enumerate(told)
    )


def shown(shop: Shop, task: Task) -> Done:
    """Tell what of a scan a person is asked, what was decided, and what that amounts to."""
    desk, pictures = _desk(shop, task)
    review = desk.current()
    rows = [one for one in review_rows(review.facts, pictures) if _asked(one)]
    places = {id(one): place for place, one in enumerate(pictures)}
    wholes = {one.item: place for place, one in enumerate(pictures)
              if one.kind in ("page", "sheet")}  # fmt: skip
    return Done(
        hasil={
            "headline": headline(review.report),
            "verdict": review.report.verdict,
            "missing": review.facts.missing,
            "terbuka": sum(map(needs_eyes, rows)),
            "rows": [
                {
                    "key": one.item.key,
                    "title": one.title,
                    "reason": one.reason,
                    "two": one.item.kind in ("value", "disturbed"),
                    "issued": one.item.issued,
                    "differing": one.differing,
                    "choices": one.choices,
                    "pictures": {
                        kind: (places[id(picture)], picture.width, picture.height)
                        for kind, picture in one.pictures.items()
                    },
                    "whole": wholes.get(one.whole),
                    "sha256": one.crop_sha256,
                    "open": needs_eyes(one),
                    "state": one.decided.state if one.decided else "",
                    "opinions": one.opinions,
                }
                for one in rows
            ],
        }
    )


def decided(shop: Shop, task: Task) -> Done:
    """Write down what a person decided about one thing; a refusal is told and nothing written."""
    desk, pictures = _desk(shop, task)
    isi = task.isi
    choice = PaperChoice(
        item=isi["butir"],
        decision=isi["putusan"],
        reason=isi["alasan"],
        addendum=isi["adendum"],
        crop_sha256=isi["sidik"] or None,
    )
    try:
        desk.write((choice,))
    except UsageError as error:
        return Done(hasil={"ditolak": to_json(error.text), "saran": to_json(error.text.hint)})
    rows = review_rows(desk.review.facts, pictures)
    return Done(hasil={"ditolak": None, "terbuka": sum(map(needs_eyes, rows))})


def picture(shop: Shop, task: Task) -> Done:
    """Return one picture of a scan that was read.

    Raises:
        UsageError: ``web.unknown``.
    """
    path = _place(shop, task) / _picture_name(int(task.isi["gambar"]))
    if not path.is_file():
        raise UsageError("web.unknown")
    return Done(content=read_limited(path, MOST_PICTURE_BYTES))


def _asked(row: ReviewRow) -> bool:
    """Return whether a person is asked about a thing, or somebody decided about it."""
    return row.item.is_open or row.decided is not None


def _place(shop: Shop, task: Task) -> Path:
    return shop.folder / FOLDER / str(task.isi["tinjauan"])


def _picture_name(place: int) -> str:
    return f"{place:04d}.jpg"


def _desk(shop: Shop, task: Task) -> tuple[ReviewDesk, tuple[PaperPicture, ...]]:
    """Open the review of a scan again.

    Raises:
        PksKitError: ``web.content_lost``: what was read is not there any more.
    """
    folder = _place(shop, task)
    if not (folder / _REPORT).is_file():
        raise PksKitError("web.content_lost")
    report = from_wire(VerifyReport, read_limited(folder / _REPORT, _MOST_BYTES))
    pictures = kept_pictures(folder)
    receipt = shop.read(task.isi["resi"])
    now = shop.clock()
    job = Examination(
        content=b"",
        receipt=parse_receipt(receipt.content, receipt.name),
        signing_root=signing_root(),
        now=now,
        kit_version=report.kit_version,
    )
    examined = Examined(report=report, paper_pictures=pictures)
    review = PaperListResult(name=str(task.isi["nama"]), moment=now, examined=examined, job=job)
    return ReviewDesk(review, shop.ledger, task.isi["oleh"], shop.clock), pictures
