"""``sign-all --check``: what works is told, and nothing is signed, bought, or written."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.main import main
from pks_kit.cli.writing import write_sandbox
from pks_kit.signing.sandbox.authority import sandbox_files
from support import bsre_gateway
from support.fakes.peruri import FakePeruri
from support.schema_check import follows
from support.signing_world import KEPALA_CABANG, PASSPHRASE, make_issued

NOBODY = "http://127.0.0.1:9"
SETTINGS = """\
buku: buku.sqlite
waktu:
  uji: {{jenis: sandbox, folder: uji, kata_sandi: "env:KUNCI"}}
  mati: {{jenis: http, alamat: "http://127.0.0.1:9/tsr"}}
penanda_tangan:
  cabang:
    {{{kind}, alamat: "{gateway}", pengguna: aplikasi, kata_sandi: "env:SANDI", lingkungan: uji,
      nama_penanda_tangan: "{name}"}}
  faskes: {{jenis: pkcs12, berkas: uji/pihak_kedua.p12, kata_sandi: "env:KUNCI", waktu: {tsa}}}
meterai:
  peruri:
    jenis: peruri_cloud
    pengguna: uji@contoh.example
    kata_sandi: env:SANDI_METERAI
    lingkungan: uji
    alamat: {{masuk: "{peruri}", meterai: "{peruri}", unggah: "{peruri}", bubuh: "{peruri}"}}
pihak:
  pihak_kesatu: {{penanda_tangan: cabang, meterai: peruri}}
  pihak_kedua: {{penanda_tangan: faskes}}
{more}
"""
V2 = 'jenis: bsre_v2, nik: "env:NIK", passphrase: "env:FRASA"'
SEAL = 'jenis: bsre_segel, id_pelanggan: segel-0001, totp: "env:AKTIVASI"'
METERAI_PASSWORD = "sandi-tertanam-K4mb1ng!"
ENVIRONMENT = {
    "NIK": bsre_gateway.NIK, "FRASA": bsre_gateway.PASSPHRASE, "SANDI": bsre_gateway.PASSWORD,
    "AKTIVASI": bsre_gateway.ACTIVATION, "KUNCI": PASSPHRASE.decode(),
    "SANDI_METERAI": METERAI_PASSWORD,
}  # fmt: skip
SECRETS = (*bsre_gateway.SECRETS, METERAI_PASSWORD, PASSPHRASE.decode())


@pytest.fixture
def bsre(sandbox):
    with bsre_gateway.make_gateway(sandbox, bsre_gateway.expired_key()) as running:
        yield running


@pytest.fixture
def peruri(tmp_path, sandbox):
    fake = FakePeruri(sandbox, datetime.now(UTC), tmp_path / "berbagi").start()
    fake.password = METERAI_PASSWORD
    yield fake
    fake.stop()


@pytest.fixture
def place(sandbox, tmp_path: Path) -> Path:
    folder = tmp_path / "kerja"
    write_sandbox(sandbox_files(sandbox, PASSPHRASE), folder / "uji")
    return folder


def settings(place: Path, gateway: str, peruri: str, **changed: str) -> Path:
    values = {"kind": V2, "name": KEPALA_CABANG, "tsa": "uji", "more": ""} | changed
    path = place / "pengaturan.yml"
    path.write_text(SETTINGS.format(gateway=gateway, peruri=peruri, **values))
    return path


def check(path: Path, *more: str, **environment: str) -> Result:
    before = sorted(one for one in path.parent.rglob("*"))
    result = CliRunner(env={**ENVIRONMENT, "PKS_KIT_LANG": "id", **environment}).invoke(
        main, ["sign-all", "--check", "--settings", str(path), *more]
    )
    for secret in SECRETS:
        assert secret not in result.output
    assert sorted(one for one in path.parent.rglob("*")) == before
    return result


def states(path: Path, *more: str, code: int, **environment: str) -> dict[tuple[str, str], Any]:
    result = check(path, "--json", *more, **environment)
    assert result.exit_code == code, result.output
    shown = json.loads(result.stdout)
    assert follows(shown, "settings-check") == []
    return {(one["part"], one["what"]): one["state"] for one in shown["tried"]}


@pytest.mark.parametrize("kind", [V2, V2.replace("v2", "v1"), SEAL])
def test_all_is_well(place, bsre, peruri, kind):
    path = settings(place, bsre.url, peruri.url, kind=kind)
    found = states(path, code=0)
    assert found == {
        ("buku", "ledger"): "ok",
        ("folder_sesi", "folder"): "ok",
        ("penanda_tangan.cabang", "service"): "ok",
        ("meterai.peruri", "meterai"): "ok",
        ("penanda_tangan.faskes", "key"): "ok",
        ("penanda_tangan.faskes", "chain"): "absent",
        ("penanda_tangan.faskes", "revocation"): "absent",
        ("waktu.uji", "timestamp"): "ok",
        ("pihak.pihak_kedua", "meterai"): "absent",
    }
    assert bsre.acts("sign") == []
    assert peruri.book.money == 0
    assert {endpoint for endpoint, _ in peruri.book.calls} == {"login", "jenisdoc", "saldo"}


def test_the_table_names_the_quota_and_what_is_missing(place, bsre, peruri):
    result = check(settings(place, bsre.url, peruri.url))
    assert result.exit_code == 0
    words = " ".join(result.stdout.replace("│", " ").split())
    assert f"kuota {peruri.quota}" in words
    assert "tidak ada yang ditandatangani" in words
    assert "6 baik, 0 tidak, 0 tidak dapat dilihat." in words


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"SANDI": "salah-9131"}, ("penanda_tangan.cabang", "service")),
        ({"NIK": "0201019909990008"}, ("penanda_tangan.cabang", "service")),
        ({"SANDI_METERAI": "salah-9131"}, ("meterai.peruri", "meterai")),
    ],
)
def test_credentials_that_are_refused(place, bsre, peruri, changed, where):
    found = states(settings(place, bsre.url, peruri.url), code=20, **changed)
    assert [place for place, state in found.items() if state == "bad"] == [where]


def test_keys_that_do_not_open(place, bsre, peruri):
    path = settings(place, bsre.url, peruri.url)
    (place / "uji" / "pihak_kedua.p12").unlink()
    found = states(path, code=20)
    assert found[("penanda_tangan.faskes", "key")] == "bad"
    assert ("penanda_tangan.faskes", "chain") not in found


def test_what_is_out_of_reach(place, peruri):
    found = states(settings(place, NOBODY, peruri.url, tsa="mati"), code=20)
    assert found[("penanda_tangan.cabang", "service")] == "bad"
    assert found[("waktu.mati", "timestamp")] == "bad"
    assert found[("meterai.peruri", "meterai")] == "ok"


def test_no_quota_is_told_before_the_work(place, bsre, peruri):
    peruri.quota = 0
    found = states(settings(place, bsre.url, peruri.url), code=20)
    assert found[("meterai.peruri", "meterai")] == "bad"


@pytest.mark.sampled(2)
@pytest.mark.parametrize("fault", ["500", "html", "lost_before", "no_number"])
def test_a_distributor_with_faults(place, bsre, peruri, fault):
    peruri.fault("saldo", *[fault] * 4)
    found = states(settings(place, bsre.url, peruri.url), code=20)
    assert found[("meterai.peruri", "meterai")] == "bad"


def test_revocation_that_cannot_be_asked_is_unseen(place, bsre, peruri):
    more = "pencabutan: {percaya: [uji/root.pem], bila_tidak_pasti: lanjut}"
    root = next((place / "uji").glob("*root*.pem"))
    path = settings(place, bsre.url, peruri.url, more=more.replace("root.pem", root.name))
    found = states(path, code=31)
    assert found[("penanda_tangan.faskes", "chain")] == "ok"
    assert found[("penanda_tangan.faskes", "revocation")] == "unseen"


def test_a_chain_to_another_root_is_bad(place, bsre, peruri, tmp_path):
    from support.signing_world import NOW, make_sandbox

    (place / "lain.pem").write_bytes(make_sandbox(NOW).root_pem)
    more = "pencabutan: {percaya: [lain.pem]}"
    found = states(settings(place, bsre.url, peruri.url, more=more), code=20)
    assert found[("penanda_tangan.faskes", "chain")] == "bad"


def test_a_file_with_prepared_fields_does_not_suit_a_gateway(place, bsre, peruri):
    make_issued(place)
    source = str(next(place.glob("pks-*.pdf")))
    found = states(settings(place, bsre.url, peruri.url), source, code=20)
    assert found[("p1_tanda_tangan", "step")] == "bad"
    assert found[("p2_tanda_tangan", "step")] == "ok"
    assert found[("p2_meterai", "step")] == "absent"


def test_a_file_whose_fields_the_gateway_makes(place, bsre, peruri):
    make_issued(place, areas=frozenset({bsre_gateway.P1}))
    source = str(next(place.glob("pks-*.pdf")))
    found = states(settings(place, bsre.url, peruri.url), source, code=0)
    assert found[("p1_tanda_tangan", "step")] == "ok"
    assert found[("FILE", "file")] == "ok"


def test_another_person_is_told_before_signing(place, bsre, peruri):
    make_issued(place, areas=frozenset({bsre_gateway.P1}))
    source = str(next(place.glob("pks-*.pdf")))
    path = settings(place, bsre.url, peruri.url, name="Orang Lain Samasekali")
    assert states(path, source, code=20)[("p1_tanda_tangan", "step")] == "bad"


def test_without_check_a_file_and_a_result_are_asked_for(place, bsre, peruri):
    path = settings(place, bsre.url, peruri.url)
    result = CliRunner(env=ENVIRONMENT).invoke(main, ["sign-all", "--settings", str(path)])
    assert result.exit_code == 2
    assert "--check" in result.stderr
