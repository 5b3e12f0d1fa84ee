"""Covering letters of a batch: refused, written again with another day, replaced and kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.main import main
from pks_kit.domain.tanggal import format_tanggal, working_day_until
from pks_kit.errors import UsageError
from pks_kit.pipelines.batching.book import BookRow, read_book
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.letters_again import LettersWritten, letters_named, write_letters
from pks_kit.pipelines.batching.outcome import LETTER_REFUSED
from support.branch import write_branch
from support.digital_doctors import ONE_SIDE, doctor
from support.signing_world import PASSPHRASE

pytestmark = pytest.mark.slow

TODAY = datetime.now(UTC).date()
FIRST, SECOND = TODAY + timedelta(days=20), TODAY + timedelta(days=40)
AFTER_THE_TERM = TODAY + timedelta(days=3000)


def pks_kit(*arguments: str | Path) -> Result:
    secrets = {"RAHASIA": PASSPHRASE.decode(), "PKS_KIT_LANG": "id"}
    return CliRunner(env=secrets).invoke(main, ["batch", *map(str, arguments)])


@contextmanager
def looked_at_too_late() -> Iterator[None]:
    """Let a day pass that only the letters themselves refuse, as one that ends meanwhile."""
    with pytest.MonkeyPatch.context() as patched:
        for place in ("pks_kit.pipelines.batch_run", "pks_kit.pipelines.batching.letters_again",
                      "pks_kit.pipelines.batching.last_days"):  # fmt: skip
            patched.setattr(f"{place}.refuse_after_terms", lambda *_: None)
        yield


def rows(folder: BatchFolder) -> list[BookRow]:
    known, _ = read_book(folder.book, folder.plan().id, 2)
    return [known[number] for number in (1, 2)]


def told_days(paths: list[Path]) -> list[set[date]]:
    found = []
    for path in paths:
        with pypdfium2.PdfDocument(path.read_bytes()) as document:
            text = " ".join(
                " ".join(page.get_textpage().get_text_bounded().split()) for page in document
            )
        days = (FIRST, SECOND)
        found.append({day for day in days if format_tanggal(working_day_until(day)) in text})
    return found


@pytest.mark.sampled(of="desk days")
def test_a_letter_is_a_fact_of_its_own_and_written_again_with_another_day(tmp_path: Path) -> None:
    write_branch(tmp_path, {f"dokter-{one}": doctor(one) for one in (1, 2)}, ONE_SIDE)
    planned = pks_kit(
        "plan", tmp_path / "faskes.xlsx", "-o", tmp_path / "r", "--oleh", "Sari Contohwati",
        "--settings", tmp_path / "pengaturan.yml", "--sample", "0", "--json",
    )  # fmt: skip
    assert json.loads(planned.stdout)["ready"] == 2, planned.output
    assert pks_kit("approve", tmp_path / "r", "--oleh", "Budi Rekaan").exit_code == 0
    folder = BatchFolder(tmp_path / "r")

    # 1. A day after the end of a term is refused before anything begins.
    run = ("run", folder.path, "--until", "sent", "--deadline")
    refused = pks_kit(*run, AFTER_THE_TERM.isoformat())
    assert refused.exit_code == 2, refused.output
    assert "melewati akhir masa berlaku 2 perjanjian" in refused.output
    assert "akhir masa berlaku." in refused.output
    assert not list(folder.finished.glob("*"))

    # 2. Letters that cannot be written take nothing back from what was signed, and are told.
    with looked_at_too_late():
        ended = pks_kit(*run, AFTER_THE_TERM.isoformat())
    assert ended.exit_code == 50, ended.output
    assert [(one.state, one.stage, one.code) for one in rows(folder)] == [
        ("with_other", "signed", LETTER_REFUSED)
    ] * 2
    assert len(list(folder.finished.glob("*.pdf"))) == 2
    shown = json.loads(pks_kit("status", folder.path, "--json").stdout)["rows"]
    assert all("hanya surat pengantarnya" in one["reason"]["id"] for one in shown)
    in_cells = pks_kit("status", folder.path).output.replace("│", " ")
    assert "hanya surat" in " ".join(in_cells.split())
    assert pks_kit("report", folder.path).exit_code == 50
    assert "hanya surat pengantarnya tidak tersusun" in (folder.path / "laporan.html").read_text()

    # 3. Another day: those that lack are written, and nothing is signed again.
    signed = {one: one.stat().st_mtime_ns for one in folder.finished.glob("*.pdf")}
    done = write_letters(folder, FIRST, every=False)
    assert done == LettersWritten(written=2, replaced=0, refused=0)
    assert [(one.state, one.stage, one.code) for one in rows(folder)] == [
        ("with_other", "sent", "")
    ] * 2
    assert folder.deadline() == working_day_until(FIRST)
    assert write_letters(folder, SECOND, every=False).written == 0
    assert folder.deadline() == working_day_until(FIRST)

    # 4. All of them again: the earlier ones are kept aside, once however often that is asked;
    #    since when each waits stays as it was.
    since = [one.changed for one in rows(folder)]
    for replaced in (2, 0):
        done = write_letters(folder, SECOND, every=True)
        assert done == LettersWritten(written=2, replaced=replaced, refused=0)
    assert [one.changed for one in rows(folder)] == since
    assert told_days(sorted(folder.to_send.iterdir())) == [{SECOND}] * 2
    assert told_days(sorted(folder.letters_before.iterdir())) == [{FIRST}] * 2
    assert [name[:6] for name, _ in letters_named(folder, folder.plan().plan.ready())] == [
        "00001-", "00002-",
    ]  # fmt: skip

    # 5. A day that cannot be: the letters that stand are left, and a run writes them once more.
    with pytest.raises(UsageError, match="is over"):
        write_letters(folder, TODAY - timedelta(days=5), every=True)
    with pytest.raises(UsageError) as late:
        write_letters(folder, AFTER_THE_TERM, every=True)
    assert late.value.code == "batch.deadline_after_term"
    with looked_at_too_late():
        none = write_letters(folder, AFTER_THE_TERM, every=True)
    assert none == LettersWritten(written=0, replaced=0, refused=2, kept=2)
    assert {(one.stage, one.code) for one in rows(folder)} == {("sent", "")}
    assert told_days(sorted(folder.to_send.iterdir())) == [{SECOND}] * 2
    assert folder.deadline() == working_day_until(SECOND)
    assert write_letters(folder, FIRST, every=True).written == 2
    assert pks_kit(*run, FIRST.isoformat()).exit_code == 0
    assert {(one.state, one.stage, one.code) for one in rows(folder)} == {
        ("with_other", "sent", "")
    }
    assert told_days(sorted(folder.to_send.iterdir())) == [{FIRST}] * 2
    assert len(list(folder.letters_before.iterdir())) == 4
    assert {one: one.stat().st_mtime_ns for one in folder.finished.glob("*.pdf")} == signed
