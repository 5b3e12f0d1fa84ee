"""The settings that ``sandbox init`` writes can be used as they stand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.main import main
from pks_kit.cli.sandbox_settings import one_passphrase
from pks_kit.inputs.settings_file import load_settings, parse_settings

SECRETS = {"RAHASIA": "kunci-uji-tanpa-nilai", "PKS_KIT_LANG": "id"}


def pks_kit(*arguments: str | Path) -> Result:
    return CliRunner(env=SECRETS).invoke(main, [*map(str, arguments)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cabang") / "uji"
    made = pks_kit("sandbox", "init", folder, "--passphrase-env", "RAHASIA")
    assert made.exit_code == 0, made.output
    assert f"sign-all --check --settings {folder / 'pengaturan.yml'}" in made.stderr
    return folder


@pytest.mark.parametrize("parties", ["kesatu", "semua"])
def test_everything_of_them_works(folder: Path, parties: str) -> None:
    settings = folder / "pengaturan.yml"
    if parties == "semua":
        text = settings.read_text(encoding="utf-8")
        assert "#  pihak_kedua:" in text
        settings = folder / "semua.yml"
        settings.write_text(text.replace("#  pihak_kedua:", "  pihak_kedua:"), encoding="utf-8")
    tried = pks_kit("sign-all", "--check", "--settings", settings)
    assert tried.exit_code == 0, tried.output
    assert "0 tidak dapat dilihat" in tried.stdout


def test_what_the_settings_let_pass_is_said_to_pass(folder: Path) -> None:
    text = (folder / "pengaturan.yml").read_text(encoding="utf-8")
    lists = "daftar_cabut: [root.crl, issuing.crl]"
    assert lists in text
    settings = folder / "lanjut.yml"
    settings.write_text(text.replace(lists, "bila_tidak_pasti: lanjut"), encoding="utf-8")
    tried = pks_kit("sign-all", "--check", "--settings", settings, "--json")
    assert tried.exit_code == 31, tried.output
    (unseen,) = (one for one in json.loads(tried.stdout)["tried"] if one["state"] == "unseen")
    assert "pengaturan mengizinkan lanjut" in unseen["message"]["id"]


def test_without_a_variable_the_passphrase_is_asked_for(folder: Path) -> None:
    from pks_kit.cli.sandbox_settings import sandbox_settings

    known = (folder / "pengaturan.yml").read_text(encoding="utf-8")
    asked = sandbox_settings("tanya").content.decode()
    assert asked == known.replace("env:RAHASIA", "tanya") != known


def test_one_passphrase_is_asked_for_once(folder: Path) -> None:
    """The key of the branch and the test services beside it were asked for one after the other."""
    settings = folder / "tanya.yml"
    text = (folder / "pengaturan.yml").read_text(encoding="utf-8")
    settings.write_text(text.replace("env:RAHASIA", "tanya"), encoding="utf-8")
    runner = CliRunner(env={"PKS_KIT_LANG": "id"})
    tried = runner.invoke(
        main, ["sign-all", "--check", "--settings", str(settings)], input=SECRETS["RAHASIA"] + "\n"
    )
    assert tried.exit_code == 0, tried.output
    assert tried.stderr.count("Kata sandi") <= 1


def test_a_key_of_somebody_else_has_its_own_passphrase(folder: Path) -> None:
    text = (folder / "pengaturan.yml").read_text(encoding="utf-8").replace("env:RAHASIA", "tanya")
    settings = folder / "asli.yml"
    settings.write_text(text.replace("pihak_kesatu.p12", "asli.p12"), encoding="utf-8")
    assert set(one_passphrase(load_settings(settings))) == {
        "waktu.uji.kata_sandi",
        "meterai.uji.kata_sandi",
        "penanda_tangan.faskes.kata_sandi",
    }


def test_a_part_that_is_called_like_the_folder_of_test_keys_has_its_own_secret() -> None:
    text = """\
waktu: {tsa: {jenis: sandbox, folder: kartu, kata_sandi: tanya}}
penanda_tangan: {kartu: {jenis: pkcs12, berkas: asli.p12, kata_sandi: tanya, waktu: tsa}}
"""
    together = one_passphrase(parse_settings(text.encode(), "setelan.yml"))
    assert together == {"waktu.tsa.kata_sandi": "kartu/"}
