"""The ledger knows which file was issued, which one was final, and whose the meterai are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner

from pks_kit.cli.verify import verify_command
from pks_kit.domain.receipt import RECEIPT_ATTACHMENT
from pks_kit.ledger import kinds
from pks_kit.ledger.store import SqlLedger
from pks_kit.pipelines.verify import VerifyRequest, verify
from pks_kit.signing.revision_store import RevisionStore
from pks_kit.verification.report.verdict import VerifyReport
from support import ledgers, signed_files
from support.judging import LATER

ID = "AAAA-BBBB-CCCC"


@pytest.fixture
def book(tmp_path: Path) -> Iterator[SqlLedger]:
    start, *_, done = signed_files.signed_steps()
    with ledgers.book_of(tmp_path / "buku.sqlite", ID, start, final=done) as ledger:
        yield ledger


@pytest.fixture
def look(tmp_path: Path):
    root = tmp_path / "root.pem"
    root.write_bytes(signed_files.world().root.pem)

    def judged(content: bytes, ledger: SqlLedger, **more: object) -> VerifyReport:
        pdf = tmp_path / "kiriman.pdf"
        pdf.write_bytes(content)
        request = VerifyRequest(
            pdf=pdf, clock=lambda: LATER, ledger=ledger, trust=(root,), isolated=False, **more
        )  # type: ignore[arg-type]
        return verify(request).report

    return judged


def answers(report: VerifyReport) -> set[str]:
    return {f"{one.code}/{one.reason}" for one in report.checks}


def failures(report: VerifyReport) -> set[str]:
    return {f"{one.code}/{one.reason}" for one in report.checks if one.status == "failed"}


def test_issued_file_is_found_without_having_it(book, look):
    report = look(signed_files.signed_steps()[-1], book)
    assert report.verdict == "passed"
    assert report.compared_with_issued
    assert answers(report) >= {
        "issued.ledger/found",
        "issued.prefix/same",
        "issued.revisions/expected",
        "issued.final/same",
        "meterai.unique/bought",
    }


def test_a_file_built_on_another_beginning_is_refused(book, look):
    other = signed_files.issued(lines=("Nomor rekening 999",))
    report = look(signed_files.sign(other, "TTD_PIHAK_KESATU", signed_files.world().kepala), book)
    assert failures(report) >= {"issued.prefix/other", "issued.final/other"}


def test_stored_revision_says_where_the_difference_is(book, look, tmp_path):
    start = signed_files.signed_steps()[0]
    RevisionStore(tmp_path / "sesi" / ID).save(0, "terbit", start)
    other = signed_files.issued(lines=("Nomor rekening 999",))
    report = look(other, book, sessions=tmp_path / "sesi")
    assert "issued.prefix/differs_at" in failures(report)


def test_torn_out_receipt_does_not_hide_the_agreement(tmp_path, look):
    def without_receipt(content: bytes) -> bytes:
        with pikepdf.open(BytesIO(content)) as pdf:
            del pdf.attachments[RECEIPT_ATTACHMENT]
            out = BytesIO()
            pdf.save(out)
        return out.getvalue()

    bare = without_receipt(signed_files.issued())
    with ledgers.book_of(tmp_path / "b.sqlite", ID, bare) as ledger:
        report = look(bare, ledger)
    assert "issued.ledger/found" in answers(report)
    assert "issued.prefix/same" in answers(report)


def test_receipt_that_names_another_agreement(tmp_path, look):
    start = signed_files.issued()
    with ledgers.book_of(tmp_path / "b.sqlite", ledgers.OTHER, start) as ledger:
        report = look(start, ledger)
    assert "issued.ledger/other_agreement" in failures(report)


def test_unknown_agreement_is_unknown_not_wrong(tmp_path, look):
    other = signed_files.issued(lines=("lain",))
    with ledgers.book_of(tmp_path / "b.sqlite", ledgers.OTHER, other) as ledger:
        report = look(signed_files.issued(), ledger)
    found = next(one for one in report.checks if one.code == "issued.ledger")
    assert (found.reason, found.status) == ("not_found", "indeterminate")


def test_given_receipt_and_file_must_be_those_of_the_ledger(book, look, tmp_path):
    other = signed_files.issued(lines=("lain",))
    (tmp_path / "lain.pdf").write_bytes(other)
    (tmp_path / "lain.json").write_bytes(signed_files.receipt_beside(other).to_json())
    given = {"issued": tmp_path / "lain.pdf", "receipt": tmp_path / "lain.json"}
    report = look(signed_files.signed_steps()[-1], book, **given)
    assert failures(report) == {"issued.ledger/other_receipt", "issued.ledger/other_file"}
    assert "issued.prefix/same" in answers(report)  # the ledger decides what was issued


def test_final_file_same_continued_earlier_other(book, look):
    steps = signed_files.signed_steps()
    book.append(
        ID,
        kinds.LANGKAH_SELESAI,
        {
            "langkah": "p1_meterai",
            "sebelum_sha256": "0" * 64,
            "sesudah_sha256": ledgers.file_facts(steps[2])["sha256"],
            "bidang": "Emet",
            "berkas": "x.pdf",
        },
        waktu=signed_files.NOW,
    )
    assert "issued.final/earlier" in answers(look(steps[2], book))
    assert "issued.final/other" in failures(look(steps[3], book))
    more = signed_files.sign(steps[4], "TTD_JEJARING_1", signed_files.world().kepala)
    assert "issued.final/continued" in answers(look(more, book))


def test_no_final_file_is_told_as_unknown(tmp_path, look):
    start, *_, done = signed_files.signed_steps()
    with ledgers.book_of(tmp_path / "b.sqlite", ID, start) as ledger:
        report = look(done, ledger)
    assert report.verdict == "passed"
    assert "final_not_known" in {note.code for note in report.notes}


def test_meterai_of_another_agreement_is_refused(tmp_path, look):
    start, *_, done = signed_files.signed_steps()
    with ledgers.book_of(tmp_path / "b.sqlite", ID, start, bought=(signed_files.SN_1,)) as ledger:
        ledgers.buy(ledger, ledgers.OTHER, signed_files.SN_2)
        report = look(done, ledger)
    found = [one for one in report.checks if one.reason == "other_agreement"]
    assert [(one.code, one.status, one.params["sn"]) for one in found] == [
        ("meterai.unique", "failed", signed_files.SN_2)
    ]


def test_meterai_stamped_elsewhere_but_bought_here_is_refused(book, look):
    facts = {"kunci": "k", "sn": signed_files.SN_1, "sesudah_sha256": "0" * 64}
    book.append(ledgers.OTHER, kinds.METERAI_TERBUBUH, facts, waktu=signed_files.NOW)
    report = look(signed_files.signed_steps()[-1], book)
    assert "meterai.unique/other_agreement" in failures(report)


def test_meterai_that_nobody_bought_is_unknown(tmp_path, look):
    start, *_, done = signed_files.signed_steps()
    with ledgers.book_of(tmp_path / "b.sqlite", ID, start, bought=(signed_files.SN_1,)) as ledger:
        report = look(done, ledger)
    found = [one for one in report.checks if one.reason == "not_in_ledger"]
    assert [(one.status, one.params["sn"]) for one in found] == [
        ("indeterminate", signed_files.SN_2)
    ]
    assert report.verdict == "indeterminate"


@pytest.mark.parametrize(
    "content", [b"", b"not a pdf", b"%PDF-1.7\n%%EOF", signed_files.plain_pdf()]
)
def test_any_bytes_are_a_verdict(content, book, look):
    assert look(content, book).verdict in ("failed", "indeterminate")


def test_command_line_with_ledger(book, tmp_path):
    (tmp_path / "done.pdf").write_bytes(signed_files.signed_steps()[-1])
    (tmp_path / "root.pem").write_bytes(signed_files.world().root.pem)
    common = [str(tmp_path / "done.pdf"), "--trust", str(tmp_path / "root.pem"), "--json"]
    run = CliRunner().invoke(verify_command, [*common, "--ledger", str(tmp_path / "buku.sqlite")])
    assert run.exit_code == 0, run.output
    assert json.loads(run.stdout)["compared_with_issued"]
    missing = CliRunner().invoke(verify_command, [*common, "--ledger", str(tmp_path / "x.sqlite")])
    assert missing.exit_code == 40
    assert not (tmp_path / "x.sqlite").exists()
    alone = CliRunner().invoke(verify_command, [*common, "--sessions", str(tmp_path)])
    assert alone.exit_code == 2
