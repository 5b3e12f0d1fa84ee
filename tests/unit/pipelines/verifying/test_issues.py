"""Issued files are found where they lie, and none that the ledger does not confirm."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pks_kit.errors import InputError
from pks_kit.files import NamedFile
from pks_kit.foreign import HERE
from pks_kit.ledger import kinds
from pks_kit.ledger.store import open_ledger
from pks_kit.pipelines.verifying.issues import Issues, IssuesOf
from pks_kit.verification.limits import Limits
from support import returned_paper as back
from support import signed_files
from support.ledger_events import WAKTU

MANUAL, DIGITAL = back.manual(), back.digital()
ID = MANUAL.receipt.agreement_id


def issues(*given, receipt=None, ledger=None, sessions=None) -> Issues:
    return Issues(given, receipt, ledger=ledger, sessions=sessions, limits=Limits(), looks=HERE)


def reasons(found: IssuesOf) -> list[tuple[str, str, str]]:
    return [(one.code, one.reason, one.status) for one in found.checks]


def test_a_folder_gives_the_newest_revision_of_each_issue(tmp_path: Path) -> None:
    folder = back.folder_of_issues(tmp_path / "terbit", MANUAL, DIGITAL)
    (folder / "lama").mkdir()
    (folder / "lama" / "rusak.receipt.json").write_bytes(b"{}")
    (folder / "lama" / "lain.pdf").write_bytes(b"%PDF-1.7 lain")
    known = issues(folder)
    (digital,) = known.of(DIGITAL.receipt.agreement_id).issues
    assert (digital.read(), digital.receipt.edition) == (DIGITAL.signed, DIGITAL.receipt.edition)
    (manual,) = known.of(ID).issues
    assert (manual.read(), known.named) == (MANUAL.issued, [])
    assert reasons(known.of("0" * 26)) == [("paper.issued", "unknown", "indeterminate")]


def test_an_issue_that_is_exchanged_meanwhile_is_refused(tmp_path: Path) -> None:
    folder = back.folder_of_issues(tmp_path / "terbit", MANUAL)
    (one,) = issues(folder).of(ID).issues
    (folder / MANUAL.name).write_bytes(DIGITAL.issued)
    with pytest.raises(InputError) as told:
        one.read()
    assert told.value.code == "returned.issue_changed"


def test_a_pdf_without_its_receipt_is_known_by_the_one_inside(tmp_path: Path) -> None:
    (tmp_path / "simpanan").mkdir()
    (tmp_path / "simpanan" / "x.pdf").write_bytes(DIGITAL.signed)
    (one,) = issues(tmp_path / "simpanan").of(DIGITAL.receipt.agreement_id).issues
    assert (one.receipt.issued, one.name) == (None, "x.pdf")


def test_a_receipt_finds_the_file_beside_it_and_no_other(tmp_path: Path) -> None:
    folder = back.folder_of_issues(tmp_path / "terbit", MANUAL)
    receipt = folder / f"{MANUAL.name.removesuffix('.pdf')}.receipt.json"
    (one,) = issues(receipt=receipt).of(ID).issues
    assert one.read() == MANUAL.issued
    (folder / MANUAL.name).write_bytes(MANUAL.issued[:-1] + b" ")
    found = issues(receipt=receipt).of(ID)
    assert (found.issues, reasons(found)) == ((), [("paper.issued", "not_beside", "indeterminate")])
    assert issues(receipt=MANUAL.receipt_json).of(ID).issues == ()


def test_an_issued_file_needs_a_receipt_of_its_own(tmp_path: Path) -> None:
    bare = signed_files.plain_pdf()
    for given in (NamedFile("x.pdf", bare), tmp_path / "x.pdf"):
        (tmp_path / "x.pdf").write_bytes(bare)
        (tmp_path / "x.receipt.json").write_bytes(MANUAL.receipt_json)
        with pytest.raises(InputError) as told:
            issues(given)
        assert told.value.code == "returned.no_receipt"


def test_the_ledger_decides_which_issue_is_in_force(tmp_path: Path) -> None:
    path, sessions = back.session_of_manual(tmp_path)
    folder = back.folder_of_issues(tmp_path / "berkas", MANUAL, DIGITAL)
    with open_ledger(path, create=False) as ledger:
        stored = issues(ledger=ledger, sessions=sessions).of(ID)
        assert reasons(stored) == [("issued.ledger", "found", "passed")]
        assert (stored.issues[0].read(), stored.in_ledger) == (MANUAL.issued, True)
        assert stored.issues[0].receipt.issued == MANUAL.receipt.issued
        given = issues(folder, ledger=ledger)
        assert given.of(ID).issues[0].read() == MANUAL.issued
        unknown = given.of(DIGITAL.receipt.agreement_id)
        assert (len(unknown.issues), unknown.in_ledger) == (1, False)
        assert [one.code for one in unknown.notes] == ["paper_not_in_ledger"]
        nowhere = issues(ledger=ledger).of(ID)
        assert reasons(nowhere) == [("paper.issued", "not_at_hand", "indeterminate")]
        assert MANUAL.name in nowhere.checks[0].message.id


def test_an_issue_that_the_ledger_does_not_know_is_not_used(tmp_path: Path) -> None:
    folder = back.folder_of_issues(tmp_path / "terbit", MANUAL)
    with open_ledger(tmp_path / "buku.sqlite") as ledger:
        other = {"file": "baru.pdf", "sha256": "0" * 64, "size": 5}
        ledger.append(ID, kinds.TERBIT, other, waktu=WAKTU)
        found = issues(folder, ledger=ledger).of(ID)
    assert found.issues == ()
    assert reasons(found) == [("paper.issued", "other_than_ledger", "indeterminate")]


def test_a_damaged_store_is_told_and_stops_nothing(tmp_path: Path) -> None:
    path, sessions = back.session_of_manual(tmp_path)
    (stored,) = (sessions / ID).glob("*.pdf")
    stored.chmod(0o600)
    stored.write_bytes(b"%PDF-1.7 rusak")
    with open_ledger(path, create=False) as ledger:
        found = issues(ledger=ledger, sessions=sessions).of(ID)
        assert reasons(found) == [("paper.issued", "unusable", "indeterminate")]
        shutil.rmtree(sessions / ID)
        gone = issues(ledger=ledger, sessions=sessions).of(ID)
        assert reasons(gone) == [("paper.issued", "not_at_hand", "indeterminate")]
