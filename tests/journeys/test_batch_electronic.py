"""The other party signs a batch's agreement elsewhere, and its file comes back as the row's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.main import main
from pks_kit.ledger import kinds
from pks_kit.ledger.store import open_ledger
from support.branch import SETTINGS, facility, write_branch
from support.signing_world import PASSPHRASE

SECRETS = {"RAHASIA": PASSPHRASE.decode(), "PKS_KIT_LANG": "en"}
OURS = SETTINGS.replace("  pihak_kedua: {penanda_tangan: klinik, meterai: uji}\n", "")


def pks_kit(*arguments: str | Path) -> Result:
    return CliRunner(env=SECRETS).invoke(main, [*map(str, arguments)])


@pytest.mark.slow
@pytest.mark.sampled(of="nights")
def test_a_file_that_was_signed_elsewhere_is_the_result_of_its_row(tmp_path: Path) -> None:
    write_branch(tmp_path, {f"klinik-{one}": facility(one) for one in (1, 2)}, OURS)
    theirs = tmp_path / "lain.yml"
    theirs.write_text(
        SETTINGS.replace("buku.sqlite", "lain.sqlite").replace(
            "folder_sesi: sesi", "folder_sesi: lain"
        )
    )
    batch = tmp_path / "r"
    assert pks_kit(
        "batch", "plan", tmp_path / "faskes.xlsx", "-o", batch, "--oleh", "Sari Contohwati",
        "--settings", tmp_path / "pengaturan.yml", "--sample", "0",
    ).exit_code == 0  # fmt: skip
    assert pks_kit("batch", "approve", batch, "--oleh", "Budi Rekaan").exit_code == 0
    ran = json.loads(pks_kit("batch", "run", batch, "--jobs", "1", "--json").stdout)
    assert ran["status"]["states"] == {"with_other": 2}
    # the facility signs and stamps on a machine of its own, with a ledger of its own
    first, second = sorted((batch / "hasil").glob("*.pdf"))
    back = tmp_path / "kembali"
    back.mkdir()
    (receipt,) = batch.glob(f"draf/*/{first.stem}.receipt.json")
    done = pks_kit(
        "sign-all",
        first,
        "--settings",
        theirs,
        "--receipt",
        receipt,
        "-o",
        back / "dari-faskes.pdf",
    )
    assert done.exit_code == 0, done.output
    signed = (back / "dari-faskes.pdf").read_bytes()
    (receipt,) = batch.glob(f"draf/*/{second.stem}.receipt.json")
    other = tmp_path / "dua.pdf"
    assert pks_kit(
        "sign-all", second, "--settings", theirs, "--receipt", receipt, "-o", other
    ).exit_code == 0  # fmt: skip
    changed = other.read_bytes()
    (back / "rusak.pdf").write_bytes(changed[:-3000] + b"\0" + changed[-2999:])
    for one in back.glob("*.json"):
        one.unlink()
    (back / "belum.pdf").write_bytes(next(batch.glob(f"draf/*/{second.stem}.pdf")).read_bytes())
    (back / "hampa.pdf").touch()
    # one is taken over, one is told why it is not; what comes back as it went is told so too
    received = pks_kit("batch", "receive", batch, back, "--no-reminders", "--json")
    told = {one["file"]: one for one in json.loads(received.stdout)["electronic"]}
    assert received.exit_code == 50
    assert told["dari-faskes.pdf"]["problem"] is None
    assert told["dari-faskes.pdf"]["verdict"] == "passed"
    assert told["rusak.pdf"]["problem"]
    files = {one["file"]: one["outcome"] for one in json.loads(received.stdout)["files"]}
    assert files == {
        "dari-faskes.pdf": "taken_over", "rusak.pdf": "not_taken_over",
        "belum.pdf": "issued", "hampa.pdf": "empty",
    }  # fmt: skip
    assert first.read_bytes() == signed
    assert second.read_bytes() != (back / "rusak.pdf").read_bytes()
    status = json.loads(pks_kit("batch", "status", batch, "--json").stdout)
    assert [one["state"] for one in status["rows"]].count("done") == 1
    assert status["files_changed"] == 0
    # the whole of it once more changes nothing
    (back / "rusak.pdf").unlink()
    again = pks_kit("batch", "receive", batch, back, "--no-reminders")
    assert "belum.pdf: our issued file for" in again.stdout
    assert "signed elsewhere and taken over" in again.stdout
    with open_ledger(tmp_path / "buku.sqlite") as ledger:
        assert ledger.verify().intact
        assert len(ledger.events(jenis=kinds.SELESAI)) == 1
    # what cannot be an agreement of the batch goes the way of scans
    ours = pks_kit("batch", "run", batch, "--jobs", "1", "--json")
    assert json.loads(ours.stdout)["status"]["states"] == {"done": 1, "with_other": 1}
