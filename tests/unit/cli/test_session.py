"""A secret that cannot be had is told by its place in the settings, not by an option."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pks_kit.cli.main import main

SETTINGS = """\
buku: buku.sqlite
folder_sesi: sesi
waktu:
  tsa: {jenis: http, alamat: "https://tsa.contoh.example/"}
penanda_tangan:
  kepala:
    jenis: bsre_v1
    alamat: https://esign.contoh.example
    pengguna: aplikasi
    kata_sandi: ASAL
    nik: env:NIK_UJI
    passphrase: env:NIK_UJI
    nama_penanda_tangan: "Ayu Contoh"
    lingkungan: uji
pihak:
  pihak_kesatu: {penanda_tangan: kepala}
"""


@pytest.mark.parametrize(
    ("origin", "source"), [("env:TIDAK_ADA_UJI", "TIDAK_ADA_UJI"), ("fd:987", "987")]
)
def test_the_place_in_the_settings_is_named(
    origin: str, source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PKS_KIT_LANG", "id")
    monkeypatch.setenv("NIK_UJI", "0" * 16)
    file = tmp_path / "setelan.yml"
    file.write_text(SETTINGS.replace("ASAL", origin), encoding="utf-8")
    asked = ["sign-all", "--check", "--settings", str(file), "--json"]
    result = CliRunner().invoke(main, asked)
    told = json.dumps(json.loads(result.stdout), ensure_ascii=False)
    assert source in told
    assert "setelan.yml" in told
    assert "penanda_tangan.kepala.kata_sandi" in told
    assert "--passphrase" not in told
