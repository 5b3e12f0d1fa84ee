"""``pks-kit sign-all``: settings, secrets from elsewhere, resuming, words and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pks_kit.cli.main import main
from pks_kit.cli.writing import write_sandbox
from pks_kit.signing.sandbox.authority import sandbox_files
from support.branch import SIGNS
from support.signing_world import KEPALA_CABANG, PASSPHRASE, PIMPINAN, make_issued


@pytest.fixture
def place(sandbox, tmp_path: Path) -> Path:
    write_sandbox(sandbox_files(sandbox, PASSPHRASE), tmp_path / "uji")
    make_issued(tmp_path)
    (tmp_path / "pengaturan.yml").write_text(SIGNS)
    return tmp_path


def _run(place: Path, *more: str, passphrase: str = PASSPHRASE.decode(), pdf: str = ""):
    source = pdf or str(next(place.glob("pks-*.pdf")))
    arguments = ["sign-all", source, "--settings", str(place / "pengaturan.yml")]
    output = [] if "-o" in more else ["-o", str(place / "hasil.pdf")]
    return CliRunner(env={"RAHASIA": passphrase, "PKS_KIT_LANG": "en"}).invoke(
        main, [*arguments, *output, *more]
    )


def test_both_parties_then_nothing_left(place):
    done = _run(place, "--json")
    assert done.exit_code == 0, done.output
    result = json.loads(done.stdout)
    assert [one["step"] for one in result["done"]] == [
        "p1_tanda_tangan", "p1_meterai", "p2_tanda_tangan", "p2_meterai",
    ]  # fmt: skip
    assert [one["signer"] for one in result["done"]][::2] == [KEPALA_CABANG, PIMPINAN]
    assert result["waiting"] == []
    again = _run(place)
    assert again.exit_code == 0
    assert "All steps are done." in again.stdout


def test_one_party_hands_over(place):
    done = _run(place, "--pihak", "kesatu")
    assert done.exit_code == 0, done.output
    assert "Waiting for somebody else: p2_tanda_tangan, p2_meterai" in done.stdout


def test_settings_without_any_party_are_refused_before_anything_is_written(place):
    (place / "pengaturan.yml").write_text(SIGNS.partition("pihak:")[0])
    done = _run(place)
    assert done.exit_code == 2
    assert "pihak_kesatu, pihak_kedua" in done.stderr
    assert not (place / "hasil.pdf").exists()


def test_a_wrong_passphrase_is_refused_before_anything_is_written(place):
    done = _run(place, passphrase="bukan-kata-sandi-itu")
    assert done.exit_code == 20
    assert "bukan-kata-sandi-itu" not in done.output
    assert not (place / "hasil.pdf").exists()
    assert not (place / "sesi").exists()


def test_all_problems_of_the_settings_at_once_and_no_secret_in_the_words(place):
    wrong = SIGNS.replace('"env:RAHASIA", waktu: uji}', "hunter2-rahasia, waktu: lain}", 1)
    wrong = wrong.replace("folder_sesi", "folder_sessi")
    (place / "pengaturan.yml").write_text(wrong)
    done = _run(place, "--json")
    assert done.exit_code == 3
    error = json.loads(done.stdout)["error"]
    codes = {problem["code"]: problem for problem in error["problems"]}
    assert codes["settings.secret_inside"]["path"] == "penanda_tangan.cabang.kata_sandi"
    assert codes["settings.secret_inside"]["line"] == 6
    assert codes["input.unknown_key"]["path"] == "folder_sessi"
    assert "hunter2" not in done.output


def test_a_password_in_the_address_of_the_ledger_is_a_secret_inside(place):
    address = "buku: postgresql+psycopg://pejabat:hunter2-rahasia@10.0.0.7/buku"
    (place / "pengaturan.yml").write_text(SIGNS.replace("buku: buku.sqlite", address))
    done = _run(place, "--json")
    assert done.exit_code == 3
    problems = json.loads(done.stdout)["error"]["problems"]
    assert [(one["code"], one["path"], one["line"]) for one in problems] == [
        ("settings.secret_inside", "buku", 1)
    ]
    assert "hunter2" not in done.output


def test_names_that_nothing_defines(place):
    (place / "pengaturan.yml").write_text(SIGNS.replace("meterai: uji}", "meterai: lain}"))
    done = _run(place, "--json")
    assert done.exit_code == 3
    problems = json.loads(done.stdout)["error"]["problems"]
    assert [one["code"] for one in problems] == ["settings.unknown_name"] * 2
    assert problems[0]["path"] == "pihak.pihak_kesatu.meterai"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("jenis: pkcs12", "jenis: pkcs13"),
        ("buku: buku.sqlite", "buku: [1, 2]"),
        ("uji: {jenis: sandbox, folder: uji,", "uji: {jenis: sandbox, folderr: uji,"),
        ("pihak_kesatu: {penanda", "pihak_ketiga: {penanda"),
        ("waktu:\n", "waktu: []\nwaktu2:\n"),
    ],
)
def test_other_mistakes_are_problems_with_a_line(place, old, new):
    (place / "pengaturan.yml").write_text(SIGNS.replace(old, new, 1))
    done = _run(place, "--json")
    assert done.exit_code == 3, done.output
    assert all(one["line"] for one in json.loads(done.stdout)["error"]["problems"])


def test_an_output_over_the_input_is_refused(place):
    source = str(next(place.glob("pks-*.pdf")))
    done = _run(place, "-o", source)
    assert done.exit_code == 2


# --- after the last step, and before each signature -------------------------------------------

LISTS = "percaya: [uji/root.pem], daftar_cabut: [uji/root.crl, uji/issuing.crl]"
ARCHIVE = f"arsip: {{waktu: uji, {LISTS}}}\n"
CHECK = f"pencabutan: {{{LISTS}}}\n"


def _settings(place: Path, more: str, **replaced: str) -> None:
    content = SIGNS + more
    for old, new in replaced.items():
        content = content.replace(old, new)
    (place / "pengaturan.yml").write_text(content)


def test_the_finished_agreement_is_archived_once(place):
    _settings(place, ARCHIVE + CHECK)
    done = _run(place, "--json")
    assert done.exit_code == 0, done.output
    result = json.loads(done.stdout)
    assert result["archived"]
    assert [one["step"] for one in result["done"]][-1] == "arsip"
    again = json.loads(_run(place, "--json").stdout)
    assert (again["done"], again["sha256"]) == ([], result["sha256"])


def test_an_archive_that_fails_leaves_the_signed_file_and_is_made_up_for_later(place):
    lists = ", daftar_cabut: [uji/root.crl, uji/issuing.crl]"
    _settings(place, ARCHIVE.replace(lists, ""))
    done = _run(place, "--json")
    assert done.exit_code == 20
    assert json.loads(done.stdout)["error"]["code"] == "archive.revocation_unknown"
    signed = (place / "hasil.pdf").read_bytes()
    _settings(place, ARCHIVE)
    done = _run(place, "--json")
    assert done.exit_code == 0, done.output
    assert [one["step"] for one in json.loads(done.stdout)["done"]] == ["arsip"]
    assert (place / "hasil.pdf").read_bytes().startswith(signed)


def test_a_signer_about_whom_nothing_can_be_learned(place):
    unknown = "pencabutan: {percaya: [uji/root.pem]}\n"
    _settings(place, unknown)
    done = _run(place, "--json")
    assert json.loads(done.stdout)["error"]["code"] == "certificate.revocation_unknown"
    assert not (place / "hasil.pdf").exists()
    _settings(place, unknown.replace("}", ", bila_tidak_pasti: lanjut}"))
    assert _run(place).exit_code == 0


def test_a_missing_root_is_named_before_anything_is_done(place):
    _settings(place, ARCHIVE.replace("uji/root.pem", "tidak-ada.pem"))
    done = _run(place)
    assert done.exit_code == 3
    assert "tidak-ada.pem" in done.output
    assert not (place / "sesi").exists()


def test_keys_in_tokens_and_services_come_from_the_settings(place):
    from pks_kit.cli.session import workplace
    from pks_kit.signing.services.csc.key import CscKey
    from pks_kit.signing.services.pkcs11.key import Pkcs11Key

    local = '{jenis: pkcs12, berkas: uji/pihak_kesatu.p12, kata_sandi: "env:RAHASIA", waktu: uji}'
    token = (
        "{jenis: pkcs11, modul: /x/p11.so, token: T, label: L, id: 0A0b, "
        'pin: "env:RAHASIA", waktu: uji}'
    )
    remote = (
        '{jenis: csc, alamat: "http://127.0.0.1:9", kredensial: K, '
        'token: "env:RAHASIA", waktu: uji}'
    )
    for chosen, kind in ((token, Pkcs11Key), (remote, CscKey)):
        _settings(place, "", **{local: chosen})
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("RAHASIA", PASSPHRASE.decode())
            signer = workplace(place / "pengaturan.yml").tools()["pihak_kesatu"].signer
        assert isinstance(signer, kind)
        assert PASSPHRASE.decode() not in repr(signer)
        if isinstance(signer, Pkcs11Key):
            assert (str(signer.module), signer.token) == ("/x/p11.so", "T")
            assert (signer.label, signer.key_id) == ("L", b"\x0a\x0b")
    done = _run(place, "--json")
    assert json.loads(done.stdout)["error"]["code"] == "service.unreachable"
