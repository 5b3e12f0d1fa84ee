"""Peruri from a settings file: ``sign-all``, ``ledger reconcile``, ``ledger release``."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.main import main
from pks_kit.cli.writing import write_sandbox
from pks_kit.domain.secret import Secret
from pks_kit.errors import InputProblemsError, UsageError
from pks_kit.inputs.settings_file import parse_settings
from pks_kit.pipelines.signing.tools import SigningTools
from pks_kit.signing.sandbox.authority import sandbox_files
from pks_kit.signing.services.peruri.options import PRODUKSI, STAGING
from support.fakes.peruri import FakePeruri
from support.schema_check import follows
from support.signing_world import PASSPHRASE, make_issued

SECRET = "sandi-tertanam-K4mb1ng!"
NPWP = "012345678901000"
SETTINGS = """\
buku: buku.sqlite
waktu:
  uji: {{jenis: sandbox, folder: uji, kata_sandi: "env:KUNCI"}}
penanda_tangan:
  cabang: {{jenis: pkcs12, berkas: uji/pihak_kesatu.p12, kata_sandi: "env:KUNCI", waktu: uji}}
meterai:
  peruri:
    {kind}
    pengguna: uji@contoh.example
    kata_sandi: env:SANDI
    lingkungan: uji
    terutang:
      pihak_kesatu: {{jenis: NPWP, nomor: "env:NPWP"}}
    alamat: {{masuk: "{url}", meterai: "{url}", unggah: "{url}", bubuh: "{url}"}}
pihak:
  pihak_kesatu: {{penanda_tangan: cabang, meterai: peruri}}
"""
LOKAL = (
    "jenis: peruri_lokal\n    adapter: {url}\n    env_adapter: STAGING\n    folder_bersama: berbagi"
)


def settings_text(url: str, kind: str = "cloud") -> str:
    chosen = "jenis: peruri_cloud" if kind == "cloud" else LOKAL.format(url=url)
    return SETTINGS.format(url=url, kind=chosen)


@pytest.fixture
def peruri(tmp_path, sandbox):
    fake = FakePeruri(sandbox, datetime.now(UTC), tmp_path / "berbagi").start()
    fake.password = SECRET
    yield fake
    fake.stop()


@pytest.fixture
def place(sandbox, peruri, tmp_path: Path) -> Path:
    write_sandbox(sandbox_files(sandbox, PASSPHRASE), tmp_path / "uji")
    make_issued(tmp_path)
    (tmp_path / "pengaturan.yml").write_text(settings_text(peruri.url))
    return tmp_path


def run(place: Path, *arguments: str, lang: str = "en") -> Result:
    secrets = {"KUNCI": PASSPHRASE.decode(), "SANDI": SECRET, "NPWP": NPWP, "PKS_KIT_LANG": lang}
    result = CliRunner(env=secrets).invoke(main, list(arguments))
    for secret in (SECRET, NPWP, "eyJ"):
        assert secret not in result.output
    return result


def sign(place: Path) -> Result:
    source = str(next(place.glob("pks-*.pdf")))
    where = str(place / "pengaturan.yml")
    return run(place, "sign-all", source, "--settings", where, "-o", str(place / "hasil.pdf"))


def reconcile(place: Path, *more: str, lang: str = "en") -> Result:
    where = str(place / "pengaturan.yml")
    return run(place, "ledger", "reconcile", "--settings", where, *more, lang=lang)


@pytest.mark.parametrize("kind", ["lokal", "cloud"])
def test_from_a_lost_answer_to_agreement(place, peruri, kind):
    (place / "pengaturan.yml").write_text(settings_text(peruri.url, kind))
    peruri.fault("stampv2", "lost_after")
    lost = sign(place)
    assert lost.exit_code == 20, lost.output
    found = reconcile(place, "--json")
    assert found.exit_code == 0, found.output
    shown = json.loads(found.stdout)
    assert follows(shown, "ledger-reconcile") == []
    sn = peruri.book.sold[0].sn
    assert [(one["result"], one["sn"]) for one in shown["purchases"]] == [("issued", sn)]
    assert shown["books"][0]["ledger"] == shown["books"][0]["book"]
    assert peruri.book.sold[0].body["noidentitas"] == NPWP
    done = sign(place)
    assert done.exit_code == 0, done.output
    assert sn in done.output
    text = reconcile(place).stdout
    assert "No purchase of a meterai is open." in text
    assert "Ledger and distributor agree." in text
    assert "Buku besar dan penyedia cocok." in reconcile(place, lang="id").stdout
    assert peruri.book.money == 10_000


def test_a_person_must_decide(place, peruri):
    peruri.fault("stampv2", "lost_after")
    sign(place)
    peruri.fault("list", "renamed", "renamed", "renamed", "renamed")
    found = reconcile(place)
    assert found.exit_code == 40
    assert "must be decided by a person" in found.stdout
    key = found.stdout.split("\t")[0]
    ledger = ["--ledger", str(place / "buku.sqlite")]
    assert run(place, "ledger", "release", key, "--oleh", "Sari", *ledger).exit_code == 2
    options = ["--oleh", "Sari", "--alasan", "berkas hilang", *ledger]
    result = run(place, "ledger", "release", key, *options, "--json")
    assert result.exit_code == 0, result.output
    shown = json.loads(result.stdout)
    assert follows(shown, "ledger-release") == []
    assert (shown["oleh"], shown["alasan"], shown["before"]) == ("Sari", "berkas hilang", "unknown")
    again = run(place, "ledger", "release", key, *options, lang="id")
    assert again.exit_code == 40
    assert "tidak terbuka lagi" in again.output
    twice = reconcile(place, "--json")
    assert twice.exit_code == 40
    assert [one["kind"] for one in json.loads(twice.stdout)["books"][0]["differences"]] == [
        "not_on_record"
    ]


def test_release_says_what_was_paid(place, peruri):
    peruri.fault("stamp", "code:91")
    assert sign(place).exit_code == 20
    listed = run(place, "ledger", "show", "--ledger", str(place / "buku.sqlite"), "--json")
    key = json.loads(listed.stdout)["purchases"][0]["kunci"]
    options = ["--oleh", "Sari", "--alasan", "x", "--ledger", str(place / "buku.sqlite")]
    done = run(place, "ledger", "release", key, *options)
    assert done.exit_code == 0
    assert f"The meterai {peruri.book.sold[0].sn} was paid for" in done.stderr


def test_settings_without_a_distributor(place):
    (place / "pengaturan.yml").write_text("buku: buku.sqlite\n")
    assert reconcile(place).exit_code == 2


# --- settings ----------------------------------------------------------------------------------

PRODUCTION = """\
meterai:
  a: {jenis: peruri_cloud, pengguna: a@contoh.example, kata_sandi: "env:S", lingkungan: produksi}
  b:
    jenis: peruri_lokal
    pengguna: b@contoh.example
    kata_sandi: env:S
    lingkungan: uji
    jenis_dokumen: Akta
    akun: pemungut
    id_pemungut: "77"
    nilai_dokumen: "0"
    akun_bersama: ya
    adapter: http://127.0.0.1:7777
    env_adapter: STAGING
    folder_bersama: berbagi
    folder_kontainer: /app/sharefolder
    jalur_gambar: /snqr?sn={sn}
    cara_saldo: GET
    batas_detik: 90
"""


def workplace(text: str) -> SigningTools:
    return SigningTools(
        settings=parse_settings(text.encode(), "p.yml"), base=Path("/kerja"),
        secret=lambda _origin, _name: Secret(SECRET), clock=lambda: datetime.now(UTC),
    )  # fmt: skip


def test_all_settings_arrive():
    place = workplace(PRODUCTION)
    first, second = place.distributor("a"), place.distributor("b")
    assert first.backend.login.hosts == PRODUKSI
    assert not first.is_uji
    assert second.backend.login.hosts == STAGING
    assert second.adapter.folder == Path("/kerja/berbagi")
    assert second.adapter.in_container("x") == "/sharefolder/x"
    assert second.adapter.batas_detik == second.backend.options.batas_detik == 90
    account = second.backend.login.account
    assert (account.jenis, account.id_pemungut, account.nilai_dokumen) == ("pemungut", "77", "0")
    assert (account.nama_jenisdoc, account.akun_bersama) == ("Akta", True)
    assert second.backend.options.gambar == "/snqr?sn={sn}"
    assert second.backend.options.saldo_pos == "GET"
    assert first.name != second.name
    assert SECRET not in repr((first, second))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("env_adapter: STAGING", "env_adapter: PROD", "meterai.mixed_hosts"),
        ("lingkungan: uji", "lingkungan: produksi", "meterai.mixed_hosts"),
        (
            "    akun: pemungut",
            "    alamat: {masuk: https://backendservice.e-meterai.co.id}\n    akun: pemungut",
            "meterai.mixed_hosts",
        ),
        (
            "adapter: http://127.0.0.1:7777",
            "tanpa_tls: ya\n    adapter: http://adaptor.contoh.example",
            "meterai.url",
        ),
        ('id_pemungut: "77"', 'id_pemungut: ""', "meterai.account_incomplete"),
        ("/app/sharefolder", "/app/app/sharefolder", "meterai.container_folder"),
    ],
)
def test_settings_that_cannot_be_right(old, new, code):
    place = workplace(PRODUCTION.replace(old, new))
    with pytest.raises(UsageError) as caught:
        place.distributor("b")
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        (
            'kata_sandi: "env:S"',
            "kata_sandi: hunter2",
            "settings.secret_inside",
            "meterai.a.kata_sandi",
        ),
        (
            "lingkungan: produksi",
            "lingkungan: produksi, terutang: {pihak_kedua: {jenis: KTP, nomor: hunter2}}",
            "settings.personal_inside",
            "meterai.a.terutang.pihak_kedua.nomor",
        ),
        ("lingkungan: produksi", "adapter: http://x", "input.unknown_key_far", "meterai.a.adapter"),
        ("    adapter: http://127.0.0.1:7777\n", "", "input.missing_field", "meterai.b.adapter"),
        ("http://127.0.0.1:7777", "http://adaptor.x", "settings.without_tls", "meterai.b.adapter"),
    ],
)
def test_settings_that_are_incomplete_or_hold_a_secret(old, new, code, path):
    with pytest.raises(InputProblemsError) as caught:
        parse_settings(PRODUCTION.replace(old, new, 1).encode(), "p.yml")
    found = {problem.path: problem.code for problem in caught.value.problems}
    assert found.get(path) == code
    assert "hunter2" not in repr(caught.value.problems)
