"""Every answer of a batch follows its published schema, also of a folder that was moved or held."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pks_kit.cli.main import main
from pks_kit.ledger.store import open_ledger
from pks_kit.pipelines.batching.folder import BatchFolder
from support.branch import facility, write_branch
from support.schema_check import follows
from support.signing_world import PASSPHRASE

pytestmark = [pytest.mark.slow, pytest.mark.sampled(of="nights")]

SECRETS = {"RAHASIA": PASSPHRASE.decode(), "PKS_KIT_LANG": "id"}
HOSTILE = '=HYPERLINK("http://contoh.example","<script>")'


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bentuk")
    one, other = facility(1), facility(2)
    named = other.pihak_kedua.model_copy(update={"nama_faskes": HOSTILE})
    clinics = {"k-1": one, "=k-2": other.model_copy(update={"pihak_kedua": named})}
    write_branch(folder, clinics)
    return folder


def told(schema: str, *arguments: str | Path, code: int | tuple[int, ...] = 0) -> dict[str, Any]:
    done = CliRunner(env=SECRETS).invoke(main, ["batch", *map(str, arguments), "--json"])
    wanted = code if isinstance(code, tuple) else (code,)
    assert done.exit_code in wanted, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    assert follows(found, "error" if "error" in found else schema) == []
    return found


def test_every_answer_follows_its_schema(place: Path, tmp_path: Path) -> None:
    folder, settings = place / "r", ("--settings", place / "pengaturan.yml")
    by, boss = ("--oleh", "Sari Contohwati"), ("--oleh", "Budi Rekaan")
    told("batch-plan", "plan", place / "faskes.xlsx", "-o", folder, *by, *settings, "--sample", "0")
    told("batch-plan", "plan", place / "faskes.xlsx", "-o", folder, *by, code=2)
    told("batch-preview", "preview", folder, "--sample", "0")
    told("batch-run", "run", folder, code=2)
    assert not told("batch-status", "status", folder, code=50)["approved_by"]
    told("batch-approve", "approve", folder, *boss)
    told("batch-reject", "reject", folder, *boss, "--alasan", " ", code=2)
    why = ("--alasan", "Rekening  klinik 2")
    assert told("batch-reject", "reject", folder, *boss, *why)["reason"] == "Rekening klinik 2"
    seen = told("batch-status", "status", folder, code=50)
    assert (seen["approved_by"], seen["rejected"]["by"]) == ([], "Budi Rekaan")
    assert "Rekening klinik 2" in str(told("batch-run", "run", folder, code=2)["error"])
    told("batch-report", "report", folder, code=50)
    assert "Rekening klinik 2" in (folder / "laporan.html").read_text()
    told("batch-approve", "approve", folder, *boss)
    told("batch-approve", "approve", folder, *by, code=2)
    told("batch-status", "status", folder, code=50)
    told("batch-rows", "cancel", folder, "=k-2", code=2)
    assert told("batch-rows", "cancel", folder, "=k-2", *boss)["names"] == [HOSTILE]
    ran = told("batch-run", "run", folder, "--jobs", "1", code=50)
    states = ran["status"]["states"]
    assert states == {"cancelled": 1, "done": 1}
    told("batch-report", "report", folder, code=50)
    # the book is lost: who was taken out stays out, and is not signed
    for old in folder.glob("buku-jalan*"):
        old.unlink()
    assert told("batch-status", "rebuild", folder)["states"]["cancelled"] == 1
    assert told("batch-run", "run", folder, "--jobs", "1", code=50)["status"]["states"] == states
    with open_ledger(place / "buku.sqlite") as ledger:
        assert len({one.perjanjian for one in ledger.events(jenis="selesai")}) == 1
    # copied elsewhere it is the same batch; held by another process it can be looked at
    copied = tmp_path / "salinan"
    shutil.copytree(folder, copied)
    with BatchFolder(copied).alone():
        seen = told("batch-status", "status", copied, code=50)
        assert seen["states"] == states
        assert not seen["at_work"]  # whoever holds it is no run of this book
        told("batch-run", "run", copied, code=2)
        told("batch-rows", "retry", copied, "=k-2", *boss, code=2)
    assert told("batch-run", "run", copied, "--jobs", "1", code=50)["status"]["states"] == states
    # taken back by name, it is signed too, once
    told("batch-rows", "retry", folder, "=k-2", *boss)
    assert told("batch-run", "run", folder, "--jobs", "1")["status"]["states"] == {"done": 2}
    with open_ledger(place / "buku.sqlite") as ledger:
        assert ledger.verify().intact
        assert len(ledger.events(jenis="meterai.terbit")) == 4
    page = (folder / "laporan.html").read_text()
    assert "<script" not in page
