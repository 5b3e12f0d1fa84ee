"""BSrE gateways from a settings file: ``sign-all`` with version 1, version 2 and the seal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pks_kit.cli.main import main
from pks_kit.cli.writing import write_sandbox
from pks_kit.signing.sandbox.authority import sandbox_files
from support import bsre_gateway
from support.signing_world import KEPALA_CABANG, PASSPHRASE, make_issued

KINDS = {
    "bsre_v1": 'jenis: bsre_v1, nik: "env:NIK", passphrase: "env:FRASA"',
    "bsre_v2": 'jenis: bsre_v2, nik: "env:NIK", passphrase: "env:FRASA"',
    "surel": 'jenis: bsre_v2, surel: "env:SUREL", passphrase: "env:FRASA"',
    "bsre_segel": 'jenis: bsre_segel, id_pelanggan: segel-0001, totp: "env:AKTIVASI"',
}
SETTINGS = """\
buku: buku.sqlite
penanda_tangan:
  cabang:
    {{{kind}, alamat: "{url}", pengguna: aplikasi, kata_sandi: "env:SANDI", lingkungan: uji,
      nama_penanda_tangan: "{name}"}}
meterai:
  uji: {{jenis: sandbox, folder: uji, kata_sandi: "env:KUNCI"}}
pihak:
  pihak_kesatu: {{penanda_tangan: cabang, meterai: uji}}
"""
ENVIRONMENT = {
    "NIK": bsre_gateway.NIK, "SUREL": bsre_gateway.SUREL, "FRASA": bsre_gateway.PASSPHRASE,
    "SANDI": bsre_gateway.PASSWORD, "AKTIVASI": bsre_gateway.ACTIVATION,
    "KUNCI": PASSPHRASE.decode(), "PKS_KIT_LANG": "en",
}  # fmt: skip


@pytest.fixture
def bsre(sandbox):
    with bsre_gateway.make_gateway(sandbox, bsre_gateway.expired_key()) as running:
        yield running


def _run(place: Path, url: str, kind: str, **changed: str):
    text = SETTINGS.format(kind=KINDS[kind], url=url, name=KEPALA_CABANG)
    (place / "pengaturan.yml").write_text(text)
    source = str(next(place.glob("pks-*.pdf")))
    return CliRunner(env={**ENVIRONMENT, **changed}).invoke(
        main,
        ["sign-all", source, "--settings", str(place / "pengaturan.yml"),
         "-o", str(place / "hasil.pdf"), "--json"],
    )  # fmt: skip


@pytest.fixture
def place(sandbox, tmp_path: Path) -> Path:
    write_sandbox(sandbox_files(sandbox, PASSPHRASE), tmp_path / "uji")
    make_issued(tmp_path, areas=frozenset({bsre_gateway.P1}))
    return tmp_path


@pytest.mark.parametrize("kind", KINDS)
def test_the_branch_signs_by_the_gateway_and_stamps(place, bsre, kind):
    done = _run(place, bsre.url, kind)
    assert done.exit_code == 0, done.output
    result = json.loads(done.stdout)
    first = result["done"][0]
    assert (first["step"], first["signer"]) == (
        "p1_tanda_tangan",
        KEPALA_CABANG,
    )
    assert result["waiting"] == ["p2_tanda_tangan", "p2_meterai"]


def test_a_wrong_passphrase_is_told_without_showing_it(place, bsre):
    done = _run(place, bsre.url, "bsre_v2", FRASA="frasa-yang-salah-9131")
    assert done.exit_code == 20
    assert "frasa-yang-salah-9131" not in done.output
    assert bsre_gateway.NIK not in done.output
    assert not (place / "hasil.pdf").exists()


def test_a_prepared_field_is_refused_before_the_gateway_is_asked(place, bsre):
    for old in place.glob("pks-*"):
        old.unlink()
    make_issued(place)
    done = _run(place, bsre.url, "bsre_v2")
    assert done.exit_code == 20
    assert json.loads(done.stdout)["error"]["code"] == "signing.field_prepared"
    assert not bsre.acts("sign")
