"""A batch of kontrak digital on paper: signed here, sent, printed, signed, scanned, taken back."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.main import main
from pks_kit.domain.companion import companion_kind
from pks_kit.domain.receipt import parse_receipt
from pks_kit.domain.tanggal import format_tanggal, working_day_until
from pks_kit.ledger import kinds
from pks_kit.ledger.store import open_ledger
from pks_kit.pipelines.batching.book import Book
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.row import issued_files
from pks_kit.scan.simulated import encode
from pks_kit.scan.simulated.devices import Flatbed
from pks_kit.scan.simulated.stack import Wishes, stack
from support.branch import write_branch
from support.digital_doctors import ONE_SIDE, doctor
from support.schema_check import follows
from support.signing_world import PASSPHRASE

pytestmark = [pytest.mark.slow, pytest.mark.sampled(of="nights")]

SECRETS = {"RAHASIA": PASSPHRASE.decode(), "PKS_KIT_LANG": "id"}
DEADLINE = datetime.now(UTC).date() + timedelta(days=20)


def pks_kit(*arguments: str | Path) -> Result:
    return CliRunner(env=SECRETS).invoke(main, ["batch", *map(str, arguments)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> BatchFolder:
    """Three agreements, signed and stamped by this side, with covering letters."""
    place = tmp_path_factory.mktemp("kertas")
    write_branch(place, {f"dokter-{one}": doctor(one) for one in (1, 2, 3)}, ONE_SIDE)
    planned = pks_kit(
        "plan", place / "faskes.xlsx", "-o", place / "r", "--oleh", "Sari Contohwati",
        "--settings", place / "pengaturan.yml", "--sample", "0", "--json",
    )  # fmt: skip
    assert json.loads(planned.stdout)["ready"] == 3, planned.output
    assert pks_kit("approve", place / "r", "--oleh", "Budi Rekaan").exit_code == 0
    sent = pks_kit("run", place / "r", "--until", "sent", "--deadline", DEADLINE.isoformat())
    assert sent.exit_code == 0, sent.output
    return BatchFolder(place / "r")


def scan(folder: BatchFolder, number: int, wishes: Wishes) -> bytes:
    """Print, sign and scan the agreement of a row, as it was signed here."""
    row = folder.plan().plan.rows[number - 1]
    found = issued_files(folder, row)
    assert found is not None
    receipt = parse_receipt(found[1].read_bytes(), found[1].name)
    signed = (folder.finished / found[0].name).read_bytes()
    pages = stack(signed, receipt, number, wishes)
    return encode.as_pdf([one.picture for one in pages], dpi=150, jpeg_quality=75)


def states(folder: BatchFolder) -> dict[str, str]:
    told = json.loads(pks_kit("status", folder.path, "--json").stdout)
    return {one["key"]: one["state"] for one in told["rows"]}


def receive(folder: BatchFolder, *arguments: str | Path) -> dict[str, Any]:
    done = pks_kit("receive", folder.path, *arguments, "--json")
    assert done.exit_code in (0, 50), done.output
    told: dict[str, Any] = json.loads(done.stdout)
    assert follows(told, "batch-receive") == []
    return told


def test_from_sent_to_verified_over_real_paper(folder: BatchFolder, tmp_path: Path) -> None:
    assert len(list(folder.to_send.glob("*.pdf"))) == 3
    assert set(states(folder).values()) == {"with_other"}
    # 1. One comes back whole, of another a single sheet, of the third nothing; all in one heap.
    colour = Flatbed(dpi=150)
    signed = {
        one.name: "signed" if one.peran != "pihak_kesatu" else "empty"
        for one in _places(folder, 1)
    }  # fmt: skip
    whole = Wishes(device=colour, dpi=150, shuffled=True, initials_mm=(12, 25), states=signed)
    heap = tmp_path / "pindaian"
    heap.mkdir()
    (heap / "0001.pdf").write_bytes(scan(folder, 1, whole))
    part = Wishes(device=colour, dpi=150, pages=(1, 2), initials_mm=(12, 25), states=signed)
    (heap / "0002.pdf").write_bytes(scan(folder, 2, part))
    told = receive(folder, heap, "--letter-number", "7{urut}/KTR", "--remind-days", "30")
    verdicts = {one["number"]: one["verdict"] for one in told["returned"]["agreements"]}
    assert verdicts["2/KTR/1227"] == "incomplete"
    assert verdicts["1/KTR/1227"] == "complete", told["returned"]["agreements"]
    assert states(folder) == {
        "dokter-1": "done", "dokter-2": "with_other", "dokter-3": "with_other",
    }  # fmt: skip
    # 2. Whoever lacks something gets a text, whoever sent nothing a letter; each under its row.
    assert [one.name[:6] for one in folder.send_back.iterdir()] == ["00002-"]
    (late,) = told["not_back"]
    assert late["number"] == "3/KTR/1227"
    assert {Path(one).suffix for one in late["files"]} == {".pdf", ".docx"}
    assert sorted(one.name for one in folder.reminders.iterdir()) == sorted(late["files"])
    letter = next(folder.reminders.glob("00003-*.pdf")).read_bytes()
    assert companion_kind(letter) == "surat"
    words = _words(letter)
    assert "73/KTR" in words
    assert "belum kami terima kembali" in words
    assert "Tanda tangan dr. Cahya Contohsari dengan meterai tempel" in words
    assert f"paling lambat {format_tanggal(working_day_until(DEADLINE))}" in words
    # 3. Written down once; the same sheets again change nothing. Reading all of them takes long.
    again = receive(folder, heap / "0002.pdf")
    assert again["status"]["states"] == told["status"]["states"]
    with open_ledger(folder.path.parent / "buku.sqlite") as ledger:
        assert len(ledger.events(jenis=kinds.PAPER_RECEIVED)) == 2
    # a page that comes by itself lies beside those of the first day, which are not asked for again
    third = Wishes(device=colour, dpi=150, pages=(3,), initials_mm=(12, 25), states=signed)
    (tmp_path / "0004.pdf").write_bytes(scan(folder, 2, third))
    told = receive(folder, tmp_path / "0004.pdf", "--no-reminders")
    (grown,) = told["returned"]["agreements"]
    assert {(one["file"], one["sheet"]) for one in grown["sheets"]} == {
        ("0002.pdf", 1), ("0002.pdf", 2), ("0004.pdf", 1),
    }  # fmt: skip
    (asked,) = told["returned"]["send_back"]
    assert "halaman 4-" in asked["text"]
    # 4. The third comes too: its letter is taken away, so that nobody sends it by mistake.
    (tmp_path / "0003.pdf").write_bytes(scan(folder, 3, part))
    told = receive(folder, tmp_path / "0003.pdf")
    assert list(folder.reminders.iterdir()) == []
    assert sorted(one.name[:6] for one in folder.send_back.iterdir()) == ["00002-", "00003-"]
    # 5. Two of its sheets that come once more take nothing back from what was complete.
    two = Wishes(device=Flatbed(dpi=150), dpi=150, pages=(1, 2))
    (tmp_path / "0001.pdf").write_bytes(scan(folder, 1, two))
    receive(folder, tmp_path / "0001.pdf", "--no-reminders")
    assert states(folder)["dokter-1"] == "done"
    assert not [one for one in folder.send_back.iterdir() if one.name.startswith("00001-")]
    # 6. The report says all of it in words.
    assert pks_kit("report", folder.path).exit_code == 0
    assert "[batch" not in (folder.path / "laporan.html").read_text()


def test_paper_of_what_is_not_issued_here_yet_changes_nothing(
    folder: BatchFolder, tmp_path: Path
) -> None:
    """Scans given to the folder of another plan: its agreements are still to be run."""
    place = folder.path.parent
    settings = ("--settings", place / "pengaturan.yml")
    planned = pks_kit("plan", place / "faskes.xlsx", "-o", place / "lain", *settings,
                      "--oleh", "Sari Contohwati", "--sample", "0")  # fmt: skip
    assert planned.exit_code == 0, planned.output
    other = BatchFolder(place / "lain")
    wishes = Wishes(device=Flatbed(dpi=150), dpi=150, pages=(1, 2))
    (tmp_path / "0001.pdf").write_bytes(scan(folder, 1, wishes))
    assert receive(other, tmp_path / "0001.pdf", "--no-reminders")["unknown"] == 1
    assert set(states(other).values()) == {"waiting"}
    assert "belum disusun di sini" in pks_kit("receive", other.path, tmp_path / "0001.pdf").stdout


def test_what_this_side_signed_and_gets_back_as_it_went_is_no_signature_of_the_facility(
    folder: BatchFolder, tmp_path: Path
) -> None:
    """Such a file was told as signed elsewhere, and its agreement as done."""
    before = states(folder)
    found = issued_files(folder, folder.plan().plan.rows[2])
    assert found is not None
    sent = folder.finished / found[0].name
    (tmp_path / "kembali.pdf").write_bytes(sent.read_bytes())
    told = receive(folder, tmp_path / "kembali.pdf", "--no-reminders")
    assert [(one["file"], one["outcome"]) for one in told["files"]] == [("kembali.pdf", "issued")]
    assert "tanda tangan faskes belum ada" in told["files"][0]["text"]["id"]
    assert [(one["unchanged"], one["complete"]) for one in told["electronic"]] == [(True, False)]
    assert states(folder) == before
    assert before["dokter-3"] == "with_other"


def test_a_book_that_was_lost_knows_what_came_back(folder: BatchFolder, tmp_path: Path) -> None:
    two = Wishes(device=Flatbed(dpi=150), dpi=150, pages=(1, 2), initials_mm=(12, 25))
    (tmp_path / "0001.pdf").write_bytes(scan(folder, 1, two))
    receive(folder, tmp_path / "0001.pdf", "--no-reminders")
    before = states(folder)
    for old in folder.path.glob("buku-jalan*"):
        old.unlink()
    assert pks_kit("rebuild", folder.path).exit_code == 0
    assert states(folder) == before
    with closing(Book(folder.book, folder.plan().id, 3)) as book:
        assert book.rows()[1].stage == "sent"


def _places(folder: BatchFolder, number: int) -> Any:
    found = issued_files(folder, folder.plan().plan.rows[number - 1])
    assert found is not None
    return parse_receipt(found[1].read_bytes(), found[1].name).places


def _words(content: bytes) -> str:
    import pypdfium2

    with pypdfium2.PdfDocument(content) as document:
        text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    return " ".join(text.split())
