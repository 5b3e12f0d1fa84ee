"""The end of a ledger is cut and its chain computed again: whatever left the house tells it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.main import main
from pks_kit.cli.writing import write_sandbox
from pks_kit.domain.ledger_head import heads_in_pdf
from pks_kit.ledger.store import open_ledger
from pks_kit.signing.sandbox.authority import sandbox_files
from support.branch import SETTINGS
from support.ledger_places import Place, cut_and_compute_again
from support.schema_check import follows
from support.signing_world import PASSPHRASE, make_issued


def run(*arguments: object) -> Result:
    done = CliRunner(env={"RAHASIA": PASSPHRASE.decode(), "PKS_KIT_LANG": "en"}).invoke(
        main, [str(one) for one in arguments]
    )
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


@pytest.fixture(scope="module")
def office(sandbox, tmp_path_factory) -> Path:
    """A finished and archived agreement with its receipt, evidence file and seal."""
    folder = tmp_path_factory.mktemp("kantor")
    write_sandbox(sandbox_files(sandbox, PASSPHRASE), folder / "uji")
    issued = make_issued(folder)
    (folder / "pengaturan.yml").write_text(SETTINGS)
    ledger = ("--ledger", folder / "buku.sqlite")
    done = run("sign-all", issued.path, "--settings", folder / "pengaturan.yml",
               "-o", folder / "hasil.pdf", "--json")  # fmt: skip
    assert done.exit_code == 0, done.output
    (folder / "sign-all.json").write_text(done.stdout)
    done = run("evidence", folder / "hasil.pdf", "--issued", issued.path, "--receipt",
               issued.receipt_path, "--trust", folder / "uji/root.pem", *ledger,
               "-o", folder / "bukti.zip")  # fmt: skip
    assert (folder / "bukti.zip").exists(), done.output
    return folder


@pytest.fixture
def place(office: Path, tmp_path: Path) -> Path:
    shutil.copytree(office, tmp_path / "kantor")
    return tmp_path / "kantor"


def as_place(folder: Path) -> Place:
    path = folder / "buku.sqlite"

    def tamper(*statements: str) -> list:
        with sqlite3.connect(path) as connection:
            rows = [connection.execute(statement).fetchall() for statement in statements]
        connection.close()
        return rows[-1]

    return Place("sqlite", str(path), None, tamper)


def verify(folder: Path, *more: object) -> Result:
    trust = ("--trust", folder / "uji/root.pem")
    return run("ledger", "verify", "--ledger", folder / "buku.sqlite", *trust, *more)


KEPT = ("hasil.sesi.json", "sign-all.json", "bukti.zip", "hasil.pdf")


@pytest.mark.parametrize("name", KEPT)
def test_what_left_the_house_agrees_and_finds_a_cut_end(place: Path, name: str) -> None:
    done = verify(place, "--receipt", place / name)
    assert done.exit_code == 0, done.output
    assert f"{name}: event " in done.stderr
    with open_ledger(place / "buku.sqlite") as ledger:
        count = len(ledger.events())
    cut_and_compute_again(as_place(place), count - 4, "LAIN")
    assert verify(place).exit_code == 0, "no trace inside"
    done = verify(place, "--receipt", place / name, "--json")
    assert done.exit_code == 40
    shown = json.loads(done.stdout)
    assert follows(shown, "ledger-verify") == []
    assert [one["agrees"] for one in shown["heads"]] == [False]
    assert "removed" in {one["kind"] for one in shown["faults"]}
    assert "is NOT as noted there" in verify(place, "--receipt", place / name).stdout


def test_the_receipt_of_a_session(place: Path) -> None:
    receipt = json.loads((place / "hasil.sesi.json").read_text())
    assert follows(receipt, "session-receipt") == []
    result = json.loads((place / "sign-all.json").read_text())
    assert follows(result, "sign-all") == []
    with open_ledger(place / "buku.sqlite") as ledger:
        last = ledger.events()[-1]
    assert last.jenis == "selesai"
    assert receipt["ledger_head"] == result["ledger_head"]
    assert (receipt["ledger_head"]["nomor"], receipt["ledger_head"]["hash"]) == (
        last.nomor,
        last.hash,
    )
    assert (receipt["sha256"], receipt["without_tls"]) == (result["sha256"], [])


def test_the_head_stands_under_the_archive_timestamp_and_the_file_is_sound(place: Path) -> None:
    content = (place / "hasil.pdf").read_bytes()
    (head,) = heads_in_pdf(content)
    with open_ledger(place / "buku.sqlite") as ledger:
        events = ledger.events()
    sealed = next(one for one in events if one.nomor == head.nomor)
    assert (sealed.jenis, sealed.isi["langkah"]) == ("langkah.mulai", "arsip")
    done = run("verify", place / "hasil.pdf", "--ledger", place / "buku.sqlite", "--sessions",
               place / "sesi", "--trust", place / "uji/root.pem", "--json")  # fmt: skip
    report = json.loads(done.stdout)
    wrong = {one["code"] for one in report["checks"] if one["status"] != "passed"}
    assert wrong <= {"content.numbers"}  # the sample prints no numbers
    assert report["revisions"][-1]["kind"] in ("timestamp", "dss")
    assert [one["intact"] for one in report["signatures"]] == [True] * 5
    forged = content.replace(str(head).encode(), str(head).encode()[::-1], 1)
    (place / "palsu.pdf").write_bytes(forged)
    done = run("verify", place / "palsu.pdf", "--trust", place / "uji/root.pem", "--json")
    stamps = [one for one in json.loads(done.stdout)["signatures"] if one["kind"] == "timestamp"]
    assert [one["intact"] for one in stamps] == [False]


def test_a_prolonged_archive_holds_a_later_head(place: Path) -> None:
    (first,) = heads_in_pdf((place / "hasil.pdf").read_bytes())
    receipt = next(place.glob("*.receipt.json"))
    options = ("--tsa", f"sandbox:{place / 'uji'}", "--trust", place / "uji/root.pem", "--offline",
               "--receipt", receipt, "--passphrase-env", "RAHASIA")  # fmt: skip
    ledger = ("--ledger", place / "buku.sqlite")
    for name, more in (("lagi.pdf", ledger), ("tanpa.pdf", ())):
        done = run("extend", place / "hasil.pdf", *options, *more, "-o", place / name)
        assert done.exit_code == 0, done.output
    assert heads_in_pdf((place / "tanpa.pdf").read_bytes()) == (first,)
    heads = heads_in_pdf((place / "lagi.pdf").read_bytes())
    assert (heads[0], len(heads)) == (first, 2)
    assert heads[1].nomor > first.nomor
    assert verify(place, "--receipt", place / "lagi.pdf").exit_code == 0


def test_a_seal_beside_the_ledger_is_found_without_being_named(place: Path) -> None:
    done = run("ledger", "seal", "--settings", place / "pengaturan.yml", "--json")
    assert done.exit_code == 0, done.output
    made = json.loads(done.stdout)
    assert follows(made, "ledger-seal") == []
    seal = Path(made["output"])
    assert seal.parent == place / "buku.sqlite.segel"
    assert follows(json.loads(seal.read_text()), "ledger-seal-file") == []
    sound = verify(place)
    assert sound.exit_code == 0, sound.output
    assert "proven" in sound.stderr
    cut_and_compute_again(as_place(place), made["head"]["nomor"] - 3, "LAIN")
    found = verify(place)
    assert found.exit_code == 40
    assert "were removed" in found.stdout
    assert "proven" in found.stdout
    elsewhere = place / "lain.segel.json"
    done = run("ledger", "seal", "--settings", place / "pengaturan.yml", "--waktu", "uji",
               "-o", elsewhere)  # fmt: skip
    assert done.exit_code == 0, done.output
    assert elsewhere.exists()
    assert "sandbox" in done.stderr or "test" in done.stderr.lower()


def test_a_seal_that_somebody_spoiled(place: Path) -> None:
    seal = Path(json.loads(
        run("ledger", "seal", "--settings", place / "pengaturan.yml", "--json").stdout
    )["output"])  # fmt: skip
    told = json.loads(seal.read_text())
    seal.write_text(json.dumps(told | {"token": "AAAA"}))
    done = verify(place)
    assert done.exit_code == 40
    assert "the seal is broken" in done.output
    seal.write_text("{")
    done = verify(place)
    assert done.exit_code == 3
    assert seal.name in done.output


def test_which_authority_seals(place: Path) -> None:
    done = run("ledger", "seal", "--settings", place / "pengaturan.yml", "--waktu", "lain")
    assert done.exit_code == 2
    assert "uji" in done.stderr
    assert not (place / "buku.sqlite.segel").exists()
