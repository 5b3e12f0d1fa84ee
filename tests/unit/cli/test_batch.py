"""What the commands of a batch say before anything is signed, and when they are interrupted."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.main import main
from pks_kit.ledger.plans import record_approval
from pks_kit.ledger.store import open_ledger
from pks_kit.pipelines.batching.folder import BatchFolder
from support.batch_plans import MADE_AT, plan_of, planned
from support.branch import SETTINGS
from support.processes import environment

ASKED = SETTINGS.replace("env:RAHASIA", "tanya")
_COMMAND = "from pks_kit.cli.main import main; main()"


def pks_kit(*arguments: str | Path, language: str = "id") -> Result:
    runner = CliRunner(env={"PKS_KIT_LANG": language})
    return runner.invoke(main, ["batch", *map(str, arguments)])


@pytest.fixture
def drafts(tmp_path: Path) -> Path:
    """A plan that was made without settings."""
    BatchFolder(tmp_path / "r").save_plan(plan_of([planned(1), planned(2)]))
    return tmp_path / "r"


def approved(folder: BatchFolder) -> None:
    """Somebody approved the plan of a folder, in the ledger beside it."""
    with open_ledger(folder.path.parent / "buku.sqlite") as ledger:
        record_approval(
            ledger, folder.plan().id, oleh="Budi Rekaan", pembuat="Sari Contoh", baris=2,
            meterai=0, kecuali=[], waktu=MADE_AT, dilihat="",
        )  # fmt: skip


def test_a_plan_without_settings_has_nothing_to_approve(drafts: Path) -> None:
    done = pks_kit("approve", drafts, "--oleh", "Budi Rekaan")
    assert done.exit_code == 2
    assert "tidak ada yang disetujui" in done.stderr
    assert "--rehearsal" not in done.stderr


def test_whoever_takes_back_is_told_which_settings_are_lacking(drafts: Path) -> None:
    done = pks_kit("receive", drafts, drafts)
    assert "menyebut buku besarnya" in done.stderr
    assert "menandatangani" not in done.stderr


@pytest.mark.parametrize("command", ["approve", "run", "receive", "enqueue"])
def test_without_a_plan_that_is_what_is_said(tmp_path: Path, command: str) -> None:
    more = {"approve": ("--oleh", "A B"), "receive": (str(tmp_path),)}.get(command, ())
    done = pks_kit(command, tmp_path, *more)
    assert "tidak ada rencana" in done.stderr, done.stderr


def test_what_lacks_is_told_before_anybody_is_asked_for_a_secret(drafts: Path) -> None:
    done = pks_kit("run", drafts, "--until", "sent")
    assert "diperlukan batas waktu" in done.stderr
    done = pks_kit("run", drafts)
    assert "diperlukan pengaturan" in done.stderr


def test_what_is_no_data_is_called_so(tmp_path: Path) -> None:
    text = tmp_path / "BACA.md"
    text.write_text("# Judul\n\nSebuah kalimat\nyang panjang: dua baris.\n" * 9)
    done = pks_kit("plan", text, "-o", tmp_path / "r", "--oleh", "Sari Contohwati")
    assert done.exit_code == 2
    assert "bukan buku kerja (.xlsx)" in done.stderr
    assert "ganti baris" not in done.stderr


def test_without_a_ledger_a_cancellation_stands_in_the_book(drafts: Path) -> None:
    assert pks_kit("cancel", drafts, "K1").exit_code == 0
    assert "Dikeluarkan" in pks_kit("status", drafts).stdout
    assert "0 perjanjian diubah" in pks_kit("retry", drafts).stdout
    assert "1 perjanjian diubah" in pks_kit("retry", drafts, "K1").stdout


def test_with_settings_somebody_must_be_named(drafts: Path) -> None:
    (drafts / "p.yml").write_text(SETTINGS)
    done = pks_kit("cancel", drafts, "K1", "--settings", drafts / "p.yml")
    assert done.exit_code == 2
    assert "--oleh" in done.stderr


@pytest.mark.parametrize(
    ("command", "why"), [("run", "belum disetujui"), ("enqueue", "buku besar PostgreSQL")]
)
def test_what_stands_in_the_way_is_told_before_a_secret_is_asked(
    drafts: Path, command: str, why: str
) -> None:
    """The prompt came first, and only then that nobody had approved, or where."""
    settings = drafts.parent / "p.yml"
    settings.write_text(ASKED)
    for _ in range(2):  # without a ledger, and with one in which nothing stands
        done = pks_kit(command, drafts, "--settings", settings)
        assert done.exit_code == 2, done.stderr
        assert why in done.stderr
        assert "sandi" not in done.stderr
        open_ledger(drafts.parent / "buku.sqlite").close()


def test_the_printed_days_are_told_before_a_secret_is_asked(drafts: Path) -> None:
    settings = drafts.parent / "p.yml"
    settings.write_text(ASKED)
    rows = [planned(1), planned(2, signed_on=date(2020, 1, 2), selesai=date(9999, 1, 1))]
    folder = BatchFolder(drafts.parent / "s")
    folder.save_plan(plan_of(rows))
    approved(folder)
    done = pks_kit("run", folder.path, "--settings", settings)
    assert "1 perjanjian mencetak hari tanda tangan 2 Januari 2020" in done.stderr
    assert "2 Klinik Pratama Contoh 00002" in done.stderr
    assert "20 Desember 2026" in done.stderr


@pytest.mark.slow
def test_one_ctrl_c_at_the_question_for_a_passphrase_ends_the_command(drafts: Path) -> None:
    (drafts.parent / "p.yml").write_text(ASKED)
    approved(BatchFolder(drafts))
    for name in ("pihak_kesatu.p12", "pihak_kedua.p12"):
        (drafts.parent / "uji").mkdir(exist_ok=True)
        (drafts.parent / "uji" / name).write_bytes(b"")
        (drafts.parent / "uji" / name).chmod(0o600)
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", _COMMAND, "batch", "run", str(drafts), "--settings",
         str(drafts.parent / "p.yml")],
        env=environment() | {"PKS_KIT_LANG": "id"}, stdin=theirs, stdout=theirs, stderr=theirs,
        start_new_session=True,
    ) as process:  # fmt: skip
        try:
            os.close(theirs)
            said = b""
            ends = time.monotonic() + 60
            while b"sandi" not in said and time.monotonic() < ends:
                said += os.read(ours, 1_000)
            os.kill(process.pid, signal.SIGINT)
            assert process.wait(30) == 130, said
        finally:
            process.kill()
            os.close(ours)
