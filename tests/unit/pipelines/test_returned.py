"""Many scans at once: sorted by code, each agreement judged by its own sheets, recorded once."""

from __future__ import annotations

import inspect
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pks_kit import ReturnedRequest, ReturnedResult, verify_returned
from pks_kit.errors import InputError, UsageError
from pks_kit.files import NamedFile
from pks_kit.json_form import to_json
from pks_kit.ledger import kinds
from pks_kit.ledger.agreements import AgreementStage
from pks_kit.ledger.store import open_ledger
from pks_kit.pipelines.ledger import LedgerShowRequest, ledger_show
from support import paper_samples as paper
from support import returned_paper as back
from support.schema_check import follows

MANUAL, DIGITAL = back.manual(), back.digital()
IDS = [MANUAL.receipt.agreement_id, DIGITAL.receipt.agreement_id]


def reasons(result: ReturnedResult, index: int) -> Mapping[tuple[str, str], str]:
    return {(one.code, one.reason): one.status for one in result.agreements[index].report.checks}


def pages(result: ReturnedResult, index: int) -> list[tuple[int, int | None, str]]:
    facts = result.agreements[index].report.paper
    assert facts is not None
    return [(one.scan_page, one.page, one.status) for one in facts.pages]


@pytest.mark.slow
def test_two_agreements_in_one_file_and_a_folder_of_everything(tmp_path: Path) -> None:
    scans, root = tmp_path / "masuk", tmp_path / "root.pem"
    (scans / "senin").mkdir(parents=True)
    root.write_bytes(DIGITAL.root)
    signed = paper.written(paper.printed(1), paper.place("PARAF_PIHAK_KEDUA"))
    (scans / "a.pdf").write_bytes(
        back.as_pdf(
            signed, back.page("digital", 3), back.without_codes("manual", 17),
            back.page("digital", 22),
        )
    )  # fmt: skip
    (scans / "senin" / "b.jpg").write_bytes(paper.scanned(paper.printed(2)))
    (scans / "c.txt").write_text("catatan")
    (scans / "d.pdf").write_bytes(DIGITAL.signed)
    (scans / "e.pdf").write_bytes(b"%PDF-1.7 rusak")
    (scans / "f.pdf").write_bytes(MANUAL.issued)
    (scans / "g.jpg").write_bytes((scans / "senin" / "b.jpg").read_bytes())
    ledger_file, sessions = back.session_of_manual(tmp_path / "buku")
    told: list[str] = []
    with open_ledger(ledger_file, create=False) as ledger:
        result = verify_returned(
            ReturnedRequest(
                scans=(scans,), issued=(back.folder_of_issues(tmp_path / "terbit", DIGITAL),),
                ledger=ledger, sessions=sessions, record=True, trust=(root,), progress=told.append,
            )
        )  # fmt: skip
        assert ledger.verify().intact
        (event,) = ledger.events(jenis=kinds.PAPER_RECEIVED)
        shown = ledger_show(LedgerShowRequest(ledger=ledger)).agreements
    assert [one.agreement_id for one in result.agreements] == IDS
    # sheets of the other agreement are no part of it, and the one without a code found its own
    assert pages(result, 0) == [(1, 1, "ok"), (3, 17, "ok_without_code"), (5, 2, "ok")]
    assert pages(result, 1) == [(2, 3, "ok"), (4, 22, "ok")]
    assert [(one.scan_page, one.file, one.sheet) for one in result.agreements[0].sheets] == [
        (1, "a.pdf", 1), (3, "a.pdf", 3), (5, "g.jpg", 1),
    ]  # fmt: skip
    assert reasons(result, 0)["issued.ledger", "found"] == "passed"
    assert ("paper.sheets", "other_agreement") not in reasons(result, 0)
    # kontrak digital: compared with the signed file, whose signatures are judged as always
    assert reasons(result, 1)["paper.electronic", "signed"] == "passed"
    assert ("paper.text", "addition") not in reasons(result, 1)
    states = {one.file: one.state for one in result.files}
    assert states == {
        "a.pdf": "read", "c.txt": "passed_over", "d.pdf": "signed_file", "e.pdf": "unreadable",
        "f.pdf": "issued", "g.jpg": "read", "senin/b.jpg": "same_file",
    }  # fmt: skip
    assert told[-2:] == [MANUAL.receipt.nama_kedua, DIGITAL.receipt.nama_kedua]
    assert (result.left, result.verdict, result.exit_code) == ((), "incomplete", 30)
    totals = result.totals
    assert (totals.files, totals.sheets, totals.incomplete, totals.files_open) == (7, 5, 2, 3)
    names = [one.name for one in result.send_back]
    assert names == [MANUAL.receipt.nama_kedua, DIGITAL.receipt.nama_kedua]
    first = result.send_back[0].text
    assert MANUAL.receipt.nomor_kesatu in first
    assert "halaman 3-16, 18-30" in first
    assert "PIHAK KESATU" not in first  # no facility can fill what belongs to BPJS Kesehatan
    assert "PIHAK KEDUA hlm. 2, 17" in first
    # the ledger knows one of them, and only that one was written down
    assert (event.perjanjian, event.isi["verdict"], event.isi["sheets"]) == (
        IDS[0],
        "incomplete",
        3,
    )
    assert (event.isi["pages"], event.isi["missing"]) == (3, 27)
    recorded = result.agreements[0].recorded
    assert recorded is not None
    assert (recorded.nomor, recorded.is_new) == (event.nomor, True)
    assert result.agreements[1].recorded is None
    why = result.agreements[1].why_not_recorded
    assert why is not None
    assert IDS[1] in why.id
    assert [one.tahap for one in shown] == [AgreementStage.KERTAS_KURANG]
    assert follows(to_json(result), "verify-returned") == []


@pytest.mark.slow
def test_what_nobody_can_place_is_told(tmp_path: Path) -> None:
    """Without an issued file nothing is judged; every agreement and every sheet is named."""
    result = verify_returned(
        ReturnedRequest(
            scans=(
                NamedFile("foto.pdf", back.as_pdf(back.without_codes("manual", 2))),
                back.as_tiff([back.page("digital", 3), back.page("digital", 3) * 0 + 250]),
                tmp_path / "tidak-ada.pdf",
            ),
            issued=(NamedFile("x.pdf", MANUAL.issued),),
        )
    )
    (unknown, manual) = result.agreements
    assert (manual.agreement_id, pages(result, 1)) == (IDS[0], [(1, 2, "ok_without_code")])
    assert (unknown.agreement_id, unknown.verdict, unknown.report.paper) == (
        IDS[1], "needs_person", None,
    )  # fmt: skip
    assert reasons(result, 0) == {("paper.issued", "unknown"): "indeterminate"}
    assert [one.state for one in result.files] == ["read", "read", "unreadable"]
    assert (result.files[1].sheets, result.files[1].blank) == (2, 1)
    assert result.exit_code == 30


def test_a_sheet_of_nobody_is_told() -> None:
    photo = NamedFile("foto.pdf", back.as_pdf(back.without_codes("manual", 2)))
    result = verify_returned(ReturnedRequest(scans=(photo,)))
    assert [(one.file, one.sheet, one.reason) for one in result.left] == [("foto.pdf", 1, "nobody")]
    assert (result.agreements, result.exit_code) == ((), 31)


def test_a_hostile_file_stops_nothing() -> None:
    """Each file is looked at in a child of its own."""
    scans = [
        NamedFile("bom.png", b"\x89PNG\r\n\x1a\n" + bytes(200)),
        NamedFile("kosong.pdf", b"%PDF-1.4\n%%EOF"),
        NamedFile("teks.docx", b"PK\x03\x04 apa saja"),
        NamedFile("nol.pdf", b""),
    ]
    result = verify_returned(ReturnedRequest(scans=scans))
    states = [one.state for one in result.files]
    assert states == ["unreadable", "unreadable", "not_a_scan", "empty"]
    assert (result.agreements, result.verdict, result.exit_code) == ((), "needs_person", 31)
    assert [one.file for one in result.files] == [one.name for one in scans]
    assert follows(to_json(result), "verify-returned") == []


def test_what_only_looks_like_a_file_is_named(tmp_path: Path) -> None:
    elsewhere = tmp_path / "lain"
    elsewhere.mkdir()
    (elsewhere / "rahasia.pdf").write_bytes(b"%PDF-1.4")
    incoming = tmp_path / "masuk"
    incoming.mkdir()
    (incoming / "putus.pdf").symlink_to("tiada.pdf")
    (incoming / "folder.pdf").symlink_to(elsewhere)
    (incoming / "tautan").symlink_to(elsewhere)
    os.mkfifo(incoming / "pipa.pdf")
    result = verify_returned(ReturnedRequest(scans=(incoming,)))
    assert {one.file: one.state for one in result.files} == {
        "folder.pdf": "unreadable", "pipa.pdf": "unreadable", "putus.pdf": "unreadable",
        "tautan": "passed_over",
    }  # fmt: skip
    assert result.exit_code == 31


def test_nothing_at_all_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "catatan.txt").write_text("-")
    for scans, issued in (((), ()), ((tmp_path,), ()), ((b"%PDF-1.7",), (tmp_path,))):
        with pytest.raises(InputError) as told:
            verify_returned(ReturnedRequest(scans=scans, issued=issued))
        assert told.value.code == ("returned.no_issues" if issued else "returned.no_scans")


def test_an_issue_of_which_nothing_came_back_is_named() -> None:
    issued = NamedFile("x.pdf", MANUAL.issued)
    result = verify_returned(ReturnedRequest(scans=(issued,), issued=(issued,)))
    assert [one.name for one in result.not_returned] == [MANUAL.receipt.nama_kedua]
    assert [one.state for one in result.files] == ["no_pictures"]


@pytest.mark.parametrize("ledger", [None, "reader"])
def test_recording_needs_a_ledger_that_can_be_written(ledger: str | None) -> None:
    class Reader:
        def events(self, perjanjian: str | None = None, jenis: str | None = None) -> Any:
            return ()

        def events_with_sn(self, sn: str) -> Any:
            return ()

    given = Reader() if ledger else None
    with pytest.raises(UsageError) as told:
        verify_returned(ReturnedRequest(scans=(), ledger=given, record=True))
    assert told.value.code == "returned.cannot_record"


def test_the_clock_and_the_guard_are_on_by_default() -> None:
    fields = inspect.signature(ReturnedRequest).parameters
    assert fields["isolated"].default is True
    assert fields["record"].default is False
