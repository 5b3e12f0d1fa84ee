"""``pks-kit ledger`` as people and scripts use it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.main import main
from pks_kit.domain.secret import Secret
from pks_kit.files import write_atomic
from pks_kit.ledger import kinds
from pks_kit.ledger.chain import Head
from pks_kit.ledger.export import verify_export
from pks_kit.ledger.store import open_ledger
from support.ledger_events import PERJANJIAN, WAKTU, facts, write
from support.ledger_places import Place, drop_guards, make_old
from support.postgres import Server
from support.schema_check import follows

SCHEMAS = Path(__file__).resolve().parents[3] / "docs" / "skema"
SECRET = "Rahasia-9f8e7d"
HIDING = f"postgresql+psycopg://u:{SECRET}@127.0.0.1:1/buku?sslpassword={SECRET}"


def run(*arguments: str | Path, **environment: str) -> Result:
    return CliRunner(env=environment).invoke(main, ["ledger", *map(str, arguments)])


@pytest.fixture
def filled(place: Place) -> Place:
    with place.open() as ledger:
        isi = facts(kinds.PERJANJIAN, nama_kedua="Klinik Rekaan", nomor_kedua="12/KR/XII/2023")
        ledger.append(PERJANJIAN, kinds.PERJANJIAN, isi | {"profil": "digital"}, waktu=WAKTU)
        for number in (1, 2):
            kunci = f"K{number}"
            isi = facts(kinds.METERAI_NIAT, kunci=kunci)
            ledger.append(PERJANJIAN, kinds.METERAI_NIAT, isi, waktu=WAKTU)
        isi = facts(kinds.METERAI_TERBIT, kunci="K1", sn="SN0001")
        ledger.append(PERJANJIAN, kinds.METERAI_TERBIT, isi, waktu=WAKTU, unik="sn:SN0001")
        write(ledger, 1, "LAIN")
    return place


def at(place: Place, *arguments: str | Path, **environment: str) -> Result:
    """Run with the ledger on the command line and its password in the environment."""
    if place.password is None:
        return run(*arguments, "--ledger", place.address, **environment)
    environment["UJI_SANDI"] = place.password.reveal()
    return run(*arguments, "--ledger", place.address, "--password-env", "UJI_SANDI", **environment)


@pytest.mark.slow
def test_show(filled: Place) -> None:
    result = at(filled, "show", "--json")
    assert result.exit_code == 0, result.output
    shown = json.loads(result.stdout)
    assert follows(shown, "ledger-show") == []
    assert [one["agreement_id"] for one in shown["agreements"]] == [PERJANJIAN, "LAIN"]
    first = shown["agreements"][0]
    assert (first["state"], first["method"]) == ("HANYA_METERAI", "digital")
    assert first["names"] == {"pihak_kesatu": None, "pihak_kedua": "Klinik Rekaan"}
    assert first["last"] == "2024-01-02T10:04:05.678901+07:00"
    assert [one["keadaan"] for one in shown["purchases"]] == ["issued", "intended"]
    assert shown["price"] == 10_000  # by law
    assert shown["sums"] == {
        "bought": 1, "stamped": 0, "unused": 1, "unknown": 1, "rupiah": 10_000,
        "rupiah_unused": 10_000,
    }  # fmt: skip
    text = at(filled, "show").stdout
    assert "K1\t1\tsudah dibeli, belum dibubuhkan\tSN0001\t" in text
    block = text.split("\n\n")[1].splitlines()
    assert block[0] == "Klinik Rekaan"
    assert "  nomor\t12/KR/XII/2023" in block
    assert f"  ID\t{PERJANJIAN}" in block
    assert "  keadaan\thanya pembelian meterai yang tercatat" in block
    assert any(line.startswith("  terakhir\t02-01-2024 10.04.05 WIB") for line in block)
    assert "Rp10.000,00" in text
    assert "bought, not stamped" in at(filled, "show", PKS_KIT_LANG="en").stdout
    one = json.loads(at(filled, "show", "LAIN", "--json", "--price", "1").stdout)
    assert [row["agreement_id"] for row in one["agreements"]] == ["LAIN"]
    assert one["purchases"] == []
    unknown = at(filled, "show", "TIDAK-ADA", "--json")
    assert unknown.exit_code == 40
    assert json.loads(unknown.stdout)["error"]["code"] == "ledger.no_agreement"


def test_show_in_english_tells_what_to_do(place: Place) -> None:
    with place.open() as ledger:
        for jenis in (kinds.TERBIT, kinds.LANGKAH_MULAI, kinds.LANGKAH_TIDAK_PASTI):
            isi = facts(jenis, langkah="p1_tanda_tangan") if "langkah" in jenis else facts(jenis)
            ledger.append(PERJANJIAN, jenis, isi, waktu=WAKTU)
    text = at(place, "show", PKS_KIT_LANG="en").stdout
    assert "  state\tissued, not signed yet" in text
    assert "  note\tthe answer of step p1_tanda_tangan was lost" in text
    assert "run pks-kit sign-all again" in text
    shown = json.loads(at(place, "show", "--json").stdout)
    assert follows(shown, "ledger-show") == []
    assert shown["agreements"][0]["stopped"]["how"] == "tidak_pasti"


def test_verify(filled: Place) -> None:
    result = at(filled, "verify")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Utuh: 5 peristiwa, kepala rantai 5:")
    assert "--head" in result.stderr
    shown = json.loads(at(filled, "verify", "--json").stdout)
    assert follows(shown, "ledger-verify") == []
    head = f"{shown['head']['nomor']}:{shown['head']['hash']}"
    known = at(filled, "verify", "--head", head)
    assert known.exit_code == 0
    assert known.stderr == ""
    ahead = at(filled, "verify", "--head", f"7:{'a' * 64}")
    assert ahead.exit_code == 40
    assert "Peristiwa 6 sampai 7 dihapus." in ahead.stdout
    assert at(filled, "verify", "--head", "x").exit_code == 2


def test_verify_broken(filled: Place) -> None:
    on = "" if filled.name == "sqlite" else " ON pks_peristiwa"
    filled.tamper(
        f"DROP TRIGGER pks_peristiwa_tolak_ubah{on}",
        "UPDATE pks_peristiwa SET waktu = '2020-01-01T00:00:00.000000Z' WHERE nomor = 4",
    )
    result = at(filled, "verify")
    assert result.exit_code == 40
    assert "Peristiwa 4 diubah" in result.stdout
    assert "TIDAK UTUH" in result.stdout
    assert "Penjaga pks_peristiwa_tolak_ubah tidak terpasang." in result.stderr
    assert "tidak lagi menjaga peristiwa" in result.stderr
    result = at(filled, "verify", "--json")
    assert result.exit_code == 40
    shown = json.loads(result.stdout)
    assert follows(shown, "ledger-verify") == []
    assert [(one["kind"], one["nomor"]) for one in shown["faults"]] == [("altered", 4)]
    shown = at(filled, "show", "--json")
    assert shown.exit_code == 40
    assert json.loads(shown.stdout)["error"]["code"] == "ledger.chain_broken"


def test_lost_guards_have_an_exit_code_of_their_own(filled: Place) -> None:
    """Every event is whole; whoever could drop the guards could also have written anew."""
    drop_guards(filled)
    result = at(filled, "verify")
    assert (result.exit_code, result.stdout[:6]) == (41, "Utuh: ")
    shown = json.loads(at(filled, "verify", "--json").stdout)
    assert follows(shown, "ledger-verify") == []
    assert (shown["guarded"], len(shown["guard_faults"])) == (False, 3)
    told = at(filled, "show")
    assert (told.exit_code, "PERHATIAN" in told.stderr) == (41, True)
    assert not json.loads(at(filled, "show", "--json").stdout)["guarded"]
    done = at(filled, "migrate")
    assert done.exit_code == 0
    assert "Penjaga pks_peristiwa_sambung tidak terpasang." in done.stderr
    assert at(filled, "verify").exit_code == 0


def test_export_and_verify_it_elsewhere(filled: Place, tmp_path: Path) -> None:
    out = tmp_path / "buku.jsonl"
    result = at(filled, "export", "-o", out, "--json")
    assert result.exit_code == 0, result.output
    shown = json.loads(result.stdout)
    assert follows(shown, "ledger-export") == []
    lines = out.read_text(encoding="utf-8").splitlines()
    assert len(lines) == shown["count"] == 5
    assert [follows(json.loads(line), "ledger-event") for line in lines] == [[]] * 5
    head = Head(**shown["head"])
    assert verify_export(out, head).intact
    assert run("verify", "--export", out, "--head", str(head)).exit_code == 0
    again = at(filled, "export", "-o", out)
    assert again.exit_code == 3
    assert at(filled, "export", "-o", out, "--force").exit_code == 0
    assert out.read_text(encoding="utf-8").splitlines() == lines
    altered = tmp_path / "diubah.jsonl"
    for changed, words in (
        ([*lines[:2], lines[2].replace("K2", "K9"), *lines[3:]], "Peristiwa 3 diubah"),
        ([lines[0], *lines[2:]], "Peristiwa 2 dihapus"),
        (lines[:4], "Peristiwa 5 dihapus"),
    ):
        altered.write_text("".join(f"{line}\n" for line in changed), encoding="utf-8")
        result = run("verify", "--export", altered, "--head", str(head))
        assert result.exit_code == 40
        assert words in result.stdout
    swapped = [lines[1], lines[0], *lines[2:]]
    altered.write_text("".join(f"{line}\n" for line in swapped), encoding="utf-8")
    result = run("verify", "--export", altered)
    assert result.exit_code == 40
    assert "Peristiwa 1 dipindahkan ke nomor 2." in result.stdout


def test_export_of_an_altered_ledger_stays_altered(filled: Place, tmp_path: Path) -> None:
    on = "" if filled.name == "sqlite" else " ON pks_peristiwa"
    for number, isi in enumerate(("{", "[1, 2]", '{"a" : 1}'), 2):
        if number == 2:
            filled.tamper(f"DROP TRIGGER pks_peristiwa_tolak_ubah{on}")
        filled.tamper(f"UPDATE pks_peristiwa SET isi = '{isi}' WHERE nomor = {number}")  # noqa: S608
    out = tmp_path / "buku.jsonl"
    assert at(filled, "export", "-o", out).exit_code == 0
    assert {fault.nomor for fault in verify_export(out).faults} == {2, 3, 4}


@pytest.mark.parametrize(
    "content",
    [b"x\n", b"{}\n", b"[]\n", b"\xff\n", b'{"nomor":1}\n', b"[" * 50_000 + b"\n", b"{", b"\n"],
)
def test_files_that_are_no_export(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(content)
    result = run("verify", "--export", path, "--json")
    assert result.exit_code == 40
    assert json.loads(result.stdout)["error"]["code"] == "ledger.bad_export"


def test_export_never_replaces_the_ledger(tmp_path: Path) -> None:
    path = tmp_path / "buku.sqlite"
    open_ledger(path).close()
    content = path.read_bytes()
    assert run("export", "--ledger", path, "-o", path, "--force").exit_code == 2
    assert path.read_bytes() == content
    assert run("verify", "--export", tmp_path / "tidak-ada").exit_code == 3


def test_commands_that_read_make_no_ledger(tmp_path: Path) -> None:
    path = tmp_path / "buku.sqlite"
    for arguments in (("show",), ("verify",), ("export", "-o", "x"), ("migrate",)):
        result = run(*arguments, "--ledger", path, "--json")
        assert result.exit_code == 40
        assert json.loads(result.stdout)["error"]["code"] == "ledger.not_found"
    assert list(tmp_path.iterdir()) == []


def test_ledger_from_the_environment(tmp_path: Path) -> None:
    path = tmp_path / "buku.sqlite"
    open_ledger(path).close()
    assert run("verify", PKS_KIT_LEDGER=str(path)).exit_code == 0
    result = run("verify", PKS_KIT_LEDGER="")
    assert result.exit_code == 2
    assert "PKS_KIT_LEDGER" in result.stderr


def test_migrate(place: Place) -> None:
    make_old(place)
    old = at(place, "show")
    assert old.exit_code == 40
    assert "pks-kit ledger migrate" in old.stderr
    shown = json.loads(at(place, "migrate", "--json").stdout)
    assert follows(shown, "ledger-migrate") == []
    assert shown == {"before": "0001", "after": "0002", "guards": []}
    assert at(place, "migrate").exit_code == 0
    assert at(place, "show").exit_code == 0


@pytest.mark.slow
def test_passwords(server: Server, tmp_path: Path) -> None:
    database = server.new_database()
    open_ledger(server.url(database), password=Secret(server.password)).close()
    inside = server.url(database, with_password=True)
    refused = run("verify", "--ledger", inside)
    assert refused.exit_code == 2
    assert "--password-env" in refused.stderr
    assert server.password not in refused.output
    for option in ("password", "sslpassword", "passfile", "oauth_client_secret", "sslkey"):
        hidden = f"{server.url(database)}?{option}={server.password}"
        refused = run("verify", "--ledger", hidden)
        assert refused.exit_code == 2
        assert server.password not in refused.output
    assert run("verify", PKS_KIT_LEDGER=inside).exit_code == 0
    shown = json.loads(run("show", "--json", PKS_KIT_LEDGER=inside).stdout)
    assert server.password not in json.dumps(shown)
    assert database in shown["ledger"]
    path = tmp_path / "sandi"
    write_atomic(path, f"{server.password}\n".encode())
    with path.open("rb") as stream:
        done = subprocess.run(
            [
                sys.executable, "-m", "pks_kit.cli.main", "ledger", "verify",
                "--ledger", server.url(database), "--password-fd", str(stream.fileno()),
            ],
            pass_fds=[stream.fileno()], capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("debug", ["0", "1"])
@pytest.mark.parametrize("command", [["show"], ["verify"], ["export", "-o", "x"], ["migrate"]])
def test_secrets_stay_secret(
    command: list[str], debug: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for as_json in ([], ["--json"]):
        done = run(*command, *as_json, PKS_KIT_LEDGER=HIDING, PKS_KIT_DEBUG=debug)
        assert done.exit_code == 40, done.stderr
        assert SECRET not in done.output


@pytest.mark.slow
def test_secrets_stay_secret_in_whatever_a_process_says() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pks_kit.cli.main", "ledger", "verify"],
        env={**os.environ, "PKS_KIT_LEDGER": HIDING, "PKS_KIT_DEBUG": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 40, done.stderr
    assert SECRET not in done.stdout + done.stderr


def test_help_imports_no_database() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "pks_kit.cli.main", "ledger", "show", "--help"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "PKS_KIT_LEDGER" in done.stdout
    assert not [line for line in done.stderr.splitlines() if "sqlalchemy" in line]


def test_sqlite_ledger_is_one_file(tmp_path: Path) -> None:
    path = tmp_path / "buku.sqlite"
    with open_ledger(path) as ledger:
        write(ledger, 2)
        assert [one.name for one in tmp_path.iterdir()] == ["buku.sqlite"]
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    connection.close()
