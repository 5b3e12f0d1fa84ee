"""Final files of ours that are tampered with: two small ones and a drafted addendum.

Nobody may sign with these keys but this module; who tampers has the file and nothing else, unless
a kind of tampering says that he has keys of his own.
"""

from __future__ import annotations

import io
import json
import re
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

import pikepdf

from pks_kit.domain.receipt import DATA_ATTACHMENT, RECEIPT_ATTACHMENT, Receipt, parse_receipt
from pks_kit.pipelines.addendum import AddendumRequest
from pks_kit.pipelines.addendum import addendum as draft_addendum
from pks_kit.resources import samples_root
from support import signed_files

ACCOUNT = "9900510022331"
OTHER_ACCOUNT = "9907770001234"
LAMPIRAN = ("LAMPIRAN I", "LAMPIRAN II", "LAMPIRAN III")
_RESERVED = 7200
"""Digits for a container; little more than needed, because every examination reads them all."""
_STEPS = (
    ("TTD_PIHAK_KESATU", ""),
    ("METERAI_PIHAK_KESATU", signed_files.SN_1),
    ("TTD_PIHAK_KEDUA", ""),
    ("METERAI_PIHAK_KEDUA", signed_files.SN_2),
)


@dataclass(frozen=True)
class Specimen:
    """One final file.

    Attributes:
        issued: The file as it was issued.
        states: The file after each step of its profile; the last one is final.
        receipt: The receipt beside the issued file.
        other: Final file of another agreement: other account, other lampiran.
        lampiran: Pages (from 0) of the lampiran.
    """

    issued: bytes
    states: tuple[bytes, ...]
    receipt: Receipt
    other: bytes
    lampiran: tuple[int, ...] = ()

    @property
    def done(self) -> bytes:
        return self.states[-1]


def signed(
    issued: bytes, receipt: Receipt, *, keys: signed_files.World | None = None
) -> tuple[bytes, ...]:
    """Do all steps of the profile, as far as they are electronic; return every state."""
    people = keys or signed_files.world()
    states: list[bytes] = [issued]
    for number, (name, sn) in enumerate(_STEPS[: 2 if receipt.profile == "digital" else 4]):
        place = next(one for one in receipt.places if one.name == name)
        moment = signed_files.NOW + number * timedelta(minutes=1)
        if sn:
            box = tuple(int(edge) + 1 for edge in place.rect)
            spec = signed_files.fields.SigFieldSpec(
                f"Emet{sn}", on_page=place.page - 1, box=(box[0], box[1], box[2] - 2, box[3] - 2)
            )
            done = signed_files.sign(
                states[-1], f"Emet{sn}", people.stamper, authority=people, new_field=spec,
                moment=moment, box_text=sn, reserved=_RESERVED, reason=f"[{sn}] Perjanjian",
                name="e-meterai_signatures",
            )  # fmt: skip
        else:
            signer = _signer(people, place.nama)
            done = signed_files.sign(
                states[-1], name, signer, authority=people, moment=moment, reserved=_RESERVED
            )
        states.append(done)
    return tuple(states[1:])


@cache
def _signer(people: signed_files.World, name: str) -> signed_files.Identity:
    bare = {signed_files.KEPALA: people.kepala, signed_files.PIMPINAN: people.pimpinan}
    return bare.get(name) or signed_files._certificate(
        signed_files.name(name, "Contoh"), people.root
    )


def _page(number: int, pages: int, lines: tuple[str, ...]) -> bytes:
    rows = [
        f"{signed_files.NOMOR_1}  {signed_files.NOMOR_2}",
        f"Halaman {number} dari {pages}",
        *lines,
    ]
    rows += [f"Baris {row}: Para Pihak sepakat." for row in range(8)]
    shown = "".join(f"({row}) Tj T*\n" for row in rows)
    return f"BT /F1 10 Tf 14 TL 60 790 Td\n{shown}ET\n".encode("latin-1")


def _small(agreement: str, account: str, profile: str, capitation: int) -> tuple[bytes, Receipt]:
    """A short agreement whose streams are not compressed: every word lies open in the file."""
    pages = 2 + len(LAMPIRAN)
    receipt = signed_files.receipt_of(agreement, pages).model_copy(update={"profile": profile})
    data = {"agreement": agreement, "rekening": {"utama": {"nomor": account}}}
    lines = [("Perjanjian Kerja Sama",), (f"Nomor rekening {account}",)]
    lines += [(name, f"Kapitasi Rp{capitation + place}") for place, name in enumerate(LAMPIRAN)]
    with pikepdf.open(io.BytesIO(signed_files.issued(pages, agreement))) as pdf:
        for number, page in enumerate(pdf.pages, start=1):
            page.obj.Contents = pdf.make_stream(_page(number, pages, lines[number - 1]))
        for name, content in (
            (RECEIPT_ATTACHMENT, receipt.to_json()),
            (DATA_ATTACHMENT, json.dumps(data).encode()),
        ):
            pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, content, filename=name)
        target = io.BytesIO()
        pdf.save(target, force_version="1.7", deterministic_id=True, compress_streams=False)
    return target.getvalue(), receipt


@cache
def small(profile: str = "digital") -> Specimen:
    """Return a final file of the size that allows thousands of examinations."""
    issued, receipt = _small("AAAA-BBBB-CCCC", ACCOUNT, profile, 12000)
    assert issued.count(ACCOUNT.encode()) == 2
    other, other_receipt = _small("ZZZZ-YYYY-XXXX", OTHER_ACCOUNT, profile, 97000)
    return Specimen(
        issued=issued,
        states=signed(issued, receipt),
        receipt=_beside(issued, receipt),
        other=signed(other, other_receipt)[-1],
        lampiran=tuple(range(2, 2 + len(LAMPIRAN))),
    )


@cache
def addendum() -> Specimen:
    """Return the addendum of the samples, drafted by the real pipeline and signed by both."""
    issued, receipt = _drafted()
    other, other_receipt = _drafted(OTHER_ACCOUNT)
    return Specimen(
        issued=issued,
        states=signed(issued, receipt),
        receipt=receipt,
        other=signed(other, other_receipt)[-1],
    )


def _drafted(account: str = "") -> tuple[bytes, Receipt]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for source in ("addendum-rekening.yml", "klinik-pratama-rawat-inap.yml"):
            text = (samples_root() / source).read_text(encoding="utf-8")
            if account:
                text = re.sub(r'(nomor: )"0099001122334"', rf'\1"{account}"', text)
            (folder / source).write_text(text, encoding="utf-8")
        made = draft_addendum(
            AddendumRequest(source=folder / "addendum-rekening.yml", formats=("pdf",))
        )
        beside = made.files["receipt"].content
        return made.files["pdf"].content, parse_receipt(beside, "receipt.json")


def _beside(issued: bytes, receipt: Receipt) -> Receipt:
    known = signed_files.receipt_beside(issued, receipt.agreement_id, receipt.pages)
    return receipt.model_copy(update={"issued": known.issued})
