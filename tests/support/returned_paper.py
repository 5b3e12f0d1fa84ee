"""Two agreements that came back on paper, as a branch finds them: golden files, few sheets of each.

``manual`` is the laboratory of :mod:`support.paper_samples`; ``digital`` a dentist whose file BPJS
has signed and stamped electronically. The ledger and the session are those of then.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
from PIL import Image

from pks_kit.domain.receipt import Receipt, parse_receipt
from pks_kit.scan.issued import IssuedPages
from pks_kit.scan.simulated import encode
from support import paper_samples

GOLDEN = Path(__file__).parents[1] / "golden" / "v2"
DPI = 150


@dataclass(frozen=True)
class Issued:
    """What the branch has of an agreement."""

    name: str
    issued: bytes
    receipt: Receipt
    receipt_json: bytes
    signed: bytes
    root: bytes


@cache
def manual() -> Issued:
    """Kontrak manual: 30 pages, nothing electronic."""
    return _from(GOLDEN / "manual.tar.xz", "")


@cache
def digital() -> Issued:
    """Kontrak digital: 61 pages, signed and stamped by PIHAK KESATU."""
    return _from(GOLDEN / "digital.tar.xz", "langkah/2-meterai.pdf")


def _from(archive: Path, signed: str) -> Issued:
    found: dict[str, bytes] = {}
    with tarfile.open(archive) as opened:
        for member in opened:
            content = opened.extractfile(member)
            if content is not None:
                found[member.name] = content.read()
    (name,) = (one for one in found if one.startswith("terbit/") and one.endswith(".pdf"))
    receipt = found[name.removesuffix(".pdf") + ".receipt.json"]
    return Issued(
        name=Path(name).name,
        issued=found[name],
        receipt=parse_receipt(receipt, "receipt.json"),
        receipt_json=receipt,
        signed=found[signed or name],
        root=found["otoritas/root.pem"],
    )


def session_of_manual(folder: Path) -> tuple[Path, Path]:
    """Unpack the session of the manual agreement; return its ledger and the folder of sessions."""
    with tarfile.open(GOLDEN / "manual.tar.xz") as opened:
        opened.extractall(folder, filter="data")
    place = folder / "sesi-1-selesai"
    return place / "buku.sqlite", place / "sesi"


def folder_of_issues(folder: Path, *issues: Issued) -> Path:
    """Write issued files, their receipts, and beside them what was signed since."""
    folder.mkdir(exist_ok=True)
    for one in issues:
        (folder / one.name).write_bytes(one.issued)
        stem = one.name.removesuffix(".pdf")
        (folder / f"{stem}.receipt.json").write_bytes(one.receipt_json)
        if one.signed != one.issued:
            (folder / f"{stem}-ttd.pdf").write_bytes(one.signed)
    return folder


@cache
def page(one: str, number: int) -> Any:
    """A page of an agreement as printed, grey, 300 dpi."""
    if one == "manual":
        return paper_samples.printed(number)
    known = digital()
    pages = IssuedPages(known.signed, known.receipt)
    width, height = pages.size(number)
    picture = pages.crop(number, (0, 0, width, height), 300)
    pages.close()
    picture.setflags(write=False)
    return picture


def without_codes(one: str, number: int) -> Any:
    """A page with stickers over both of its codes, and nothing else covered."""
    receipt = manual().receipt if one == "manual" else digital().receipt
    done = page(one, number).copy()
    sheet = next(
        each for each in receipt.sheets or () if any(a <= number <= b for a, b in each.pages)
    )
    for left, bottom, right, top in sheet.codes:
        across = slice(round(left * 300 / 72) - 8, round(right * 300 / 72) + 8)
        down = slice(
            round((sheet.height - top) * 300 / 72) - 8,
            round((sheet.height - bottom) * 300 / 72) + 8,
        )
        done[down, across] = 255
    return done


def as_pdf(*pictures: Any) -> bytes:
    """One PDF of pictures, a sheet for each."""
    factor = DPI / 300
    small = [
        cv2.resize(one, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        for one in pictures
    ]
    return encode.as_pdf(small, dpi=DPI, jpeg_quality=75)


def as_tiff(pictures: Sequence[Any]) -> bytes:
    """One TIFF with a frame for each sheet."""
    factor = DPI / 300
    frames = [
        Image.fromarray(cv2.resize(one, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA))
        for one in pictures
    ]
    target = io.BytesIO()
    frames[0].save(target, "TIFF", save_all=True, append_images=frames[1:])
    return target.getvalue()
