"""A desk at work: agreements in all states, a form, a batch, a stack signed and a scan in doubt."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pks_kit.domain.receipt import parse_receipt
from support.branch import facility
from support.desk_visitor import Visitor, told
from support.portal_server import CABANG, Caller, PortalServer, running_portal, write_portal
from support.sample_years import moved, pinned_samples
from support.scanned_stack import scan_of

DATA = facility(1).model_dump(mode="json")
CLINIC = f"faskes:{DATA['faskes']['kode']}"
BRANCH = f"cabang:{CABANG}"
OFFICER = "Agus Contoh"


@dataclass(frozen=True, slots=True, kw_only=True)
class FurnishedDesk:
    """What stands on it.

    Attributes:
        server: The server.
        agreement: Id of an agreement that nobody has signed.
        issued: Id of its issued file.
        form: Address of a form.
        batch: Address of a batch that was drafted.
        signed: Address of the end of a stack: one agreement was signed, one refused.
        paper: Id of an agreement for the pen.
        review: Address of a scan of it that was read.
        verdict: Address of what was said about a file that was handed in.
    """

    server: PortalServer
    agreement: str
    issued: str
    form: str
    batch: str
    signed: str
    paper: str
    review: str
    verdict: str


@contextmanager
def furnished_desk(folder: Path, **portal: Any) -> Iterator[FurnishedDesk]:
    """Start a portal and do in it what a branch does in December.

    Args:
        folder: An empty folder.
        portal: Settings of the portal.
    """
    settings = write_portal(folder, **portal)
    with running_portal(settings) as server:
        branch = server.client(BRANCH, name=OFFICER)
        officer = Visitor(server.url, BRANCH, OFFICER)
        with officer.http:
            _issued(branch, DATA)
            kini = _issued(branch, yaml.safe_load(moved(_text(DATA), 1)))
            facts = branch.get(f"/perjanjian/{kini}").json()
            asked = {"berkas": facts["terbit"], "perjanjian": kini}
            judged = branch.done(branch.post("/verifikasi", asked))
            form = branch.post("/isian", {"isi": DATA})
            assert form.status_code == 201, form.text
            batch = _drafted(officer, settings.with_name("faskes.xlsx"))
            paper, review = _scanned(branch, officer)
            yield FurnishedDesk(
                server=server,
                agreement=kini,
                issued=facts["terbit"],
                form=f"/meja/isian/{form.json()['id']}",
                batch=batch,
                signed=_signed(branch, officer),
                paper=paper,
                review=review,
                verdict=f"/meja/putusan/{judged['id']}",
            )


def _text(data: dict[str, Any]) -> str:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


def _issued(branch: Caller, data: dict[str, Any]) -> str:
    """Issue an agreement and return its id."""
    file = branch.upload("data.yml", _text(data).encode())
    job = branch.done(branch.post("/perjanjian", {"berkas": file["id"]}))
    found: str = job["perjanjian"]
    return found


def _drafted(officer: Visitor, book: Path) -> str:
    """Plan and draft a batch, as somebody does who sends a workbook."""
    file = (book.name, book.read_bytes(), "application/octet-stream")
    sent = officer.hidden("/meja/batch") | {"nama": "Desember"}
    answer = officer.http.post("/meja/batch", data=sent, files=[("buku", file)])
    page = answer.headers["location"]
    officer.settled(page)
    officer.send(f"{page}/jalan", {"sampai": "drafted"}, page=page)
    officer.settled(page)
    return page


def _signed(branch: Caller, officer: Visitor) -> str:
    """Sign a stack of two, one for a head of branch whose key is not there."""
    other = copy.deepcopy(DATA)
    other["pihak_kesatu"] |= {"nomor_pks": "8/KTR/1227", "nama_kepala_cabang": "Wira Rekaan"}
    other["pihak_kedua"] |= {"nomor_pks": "8/KP/1227"}
    chosen = [_issued(branch, DATA), _issued(branch, other)]
    page = f"/meja/tumpukan/setuju?pihak=pihak_kesatu&pilih={chosen[0]}&pilih={chosen[1]}"
    sent = {"pihak": "pihak_kesatu", "pilih": chosen, "dibaca": "ya", "berhenti": "tidak"}
    answer = officer.send("/meja/tumpukan/setuju", sent, page=page)
    assert answer.status_code == 303, told(answer.text)
    where: str = answer.headers["location"]
    officer.settled(where)
    return where


def _scanned(branch: Caller, officer: Visitor) -> tuple[str, str]:
    """Issue an agreement for the pen, and let its scan be read."""
    lab = yaml.safe_load((pinned_samples() / "laboratorium-manual.yml").read_text())
    one = _issued(branch, lab)
    facts = branch.get(f"/perjanjian/{one}").json()
    pdf = branch.get(f"/berkas/{facts['terbit']}/isi").content
    receipt = parse_receipt(branch.get(f"/berkas/{facts['resi']}/isi").content, "resi")
    page = f"/meja/perjanjian/{one}/kertas"
    signing = next(place.page for place in receipt.places if place.kind == "tanda_tangan")
    scan = scan_of(pdf, receipt, mode="grey", dpi=150, pages=(2, signing))
    sent = [("pindaian", ("kembali.pdf", scan, "application/pdf"))]
    answer = officer.http.post(page, data=officer.hidden(page), files=sent)
    assert answer.status_code == 303, told(answer.text)
    review: str = answer.headers["location"]
    officer.settled(review)
    return one, review
