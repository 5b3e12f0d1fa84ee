"""Settings: the sample loads, and each mistake is told with what is known there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pks_kit.errors import InputProblemsError
from pks_kit.inputs.settings_file import is_settings, load_settings, parse_settings
from pks_kit.pipelines.init import InitRequest, init
from pks_kit.resources import contract_samples, settings_sample
from pks_kit.settings.model import PenandaTangan, PenyediaMeterai, SandboxSignerSettings

SCHEMA = Path(__file__).resolve().parents[3] / "docs" / "skema" / "pengaturan.schema.json"


def told(text: str) -> dict[str, str]:
    with pytest.raises(InputProblemsError) as caught:
        parse_settings(text.encode(), "s.yml")
    return {str(one.path): one.text.id for one in caught.value.problems}


def test_the_sample_loads_and_shows_every_kind() -> None:
    settings = load_settings(settings_sample())
    signers = {type(one) for one in settings.penanda_tangan.values()}
    # it may stand beside nothing else, so the sample only tells of it
    assert signers == set(PenandaTangan.__origin__.__args__) - {SandboxSignerSettings}
    known = {type(one).__name__ for one in settings.meterai.values()}
    kinds = {one.__name__ for one in PenyediaMeterai.__origin__.__args__}
    assert known == kinds - {"SandboxMeteraiSettings"}
    text = settings_sample().read_text(encoding="utf-8")
    assert "tanda_tangan_elektronik" in text
    assert settings_sample().name in [one.name for one in init(InitRequest()).files]


def test_the_schema_names_every_kind_of_the_sample() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    kinds = {
        kind["properties"]["jenis"]["const"]
        for kind in schema["$defs"].values()
        if "const" in kind["properties"].get("jenis", {})
    }
    settings = load_settings(settings_sample())
    shown = [*settings.waktu.values(), *settings.penanda_tangan.values()]
    assert {one.jenis for one in shown} < kinds


def test_a_kind_that_is_not_known_is_told_with_all_kinds() -> None:
    words = told("penanda_tangan: {kepala: {jenis: bsre, alamat: 'https://x.example'}}")
    assert "bsre_v1, bsre_v2, bsre_segel" in words["penanda_tangan.kepala.jenis"]
    assert "mungkin maksudnya «bsre_v" in words["penanda_tangan.kepala.jenis"]
    words = told("meterai: {m: {jenis: zzz}}")
    assert "sandbox, peruri_lokal, peruri_cloud" in words["meterai.m.jenis"]
    assert "http, sandbox" in told("waktu: {m: {alamat: 'http://x'}}")["waktu.m.jenis"]


_TRIED = """\
waktu: {uji: {jenis: sandbox, folder: uji, kata_sandi: 'env:R'}}
penanda_tangan: {uji: {jenis: sandbox, folder: uji, kata_sandi: 'env:R', waktu: uji}}
meterai: {uji: {jenis: sandbox, folder: uji, kata_sandi: 'env:R'}}
pihak:
  pihak_kesatu: {penanda_tangan: uji, meterai: uji}
  pihak_kedua: {penanda_tangan: uji, meterai: uji}
"""
_REAL = {
    "penanda_tangan": "jenis: pkcs12, berkas: k.p12, kata_sandi: tanya, waktu: uji",
    "waktu": "jenis: http, alamat: 'https://tsa.example'",
    "meterai": "jenis: peruri_cloud, pengguna: a, kata_sandi: tanya, lingkungan: uji",
}


@pytest.mark.parametrize("part", _REAL)
def test_who_signs_in_any_name_stands_beside_nothing_that_may_be_real(part: str) -> None:
    assert parse_settings(_TRIED.encode(), "s.yml").pihak
    mixed = _TRIED.replace(f"{part}: {{uji", f"{part}: {{lain: {{{_REAL[part]}}}, uji")
    assert "untuk percobaan saja" in told(mixed)[f"{part}.lain.jenis"]


_IN_FOLDER = """\
waktu: {uji: {jenis: sandbox, folder: uji, kata_sandi: 'env:R'}}
penanda_tangan: {k: {jenis: pkcs12, berkas: uji/k.p12, kata_sandi: tanya, waktu: uji}}
"""


@pytest.mark.parametrize(
    ("text", "practice"),
    [
        (_TRIED, True),
        (_IN_FOLDER, True),
        (_IN_FOLDER.replace("uji/k.p12", "kunci/k.p12"), False),
        (_IN_FOLDER.replace("uji/k.p12", "uji/lama/k.p12"), False),
        (_IN_FOLDER + f"meterai: {{m: {{{_REAL['meterai']}}}}}", False),
        ("buku: buku.sqlite", False),
    ],
)
def test_only_where_nothing_can_be_real_it_is_practice(text: str, practice: bool) -> None:
    assert parse_settings(text.encode(), "s.yml").is_practice() is practice


@pytest.mark.parametrize(
    ("text", "path", "part"),
    [
        ("penanda_tangan: {k: {jenis: bsre_v1, passfrase: tanya}}", "passfrase", "«passphrase»"),
        ("penanda_tangan: {k: {jenis: pkcs12, xyzzy: 1}}", "xyzzy", "jenis, berkas, kata_sandi"),
        ("meterai: {k: {jenis: peruri_cloud, penguna: a}}", "penguna", "«pengguna»"),
        ("pihak: {pihak_satu: {}}", "pihak.pihak_satu", "«pihak_kesatu»"),
        ("pihak: {pihak_kesatu: {metere: x}}", "metere", "«meterai»"),
        ("pencabutn: {}", "pencabutn", "«pencabutan»"),
        ("waktu: {'T S A': {jenis: http, alamat: 'http://x'}}", "T S A", "huruf kecil"),
    ],
)
def test_keys_that_are_not_known(text: str, path: str, part: str) -> None:
    found = {place: words for place, words in told(text).items() if path in place}
    assert part in " ".join(found.values())


def test_no_problem_of_settings_speaks_of_nothing() -> None:
    """No empty list of known keys, and no length that nobody knows."""
    words = told(
        "waktu: {a: {jenis: http, alamat: 'ftp://x'}, b: teks}\n"
        "penanda_tangan:\n  k: {jenis: pkcs11, modul: '', token: 5, pin: tanya, waktu: a, id: zz}\n"
        "  l: {jenis: bsre_v1, ukuran: besar}\n"
        "meterai: {m: {jenis: peruri_lokal, batas_detik: 900, jalur_gambar: x, terutang: 1}}\n"
    )
    for text in words.values():
        assert "…" not in text
        assert ": ." not in text
    assert "https" in words["waktu.a.alamat"]
    assert "heksadesimal" in words["penanda_tangan.k.id"]
    assert "ukuran, sudut" in words["penanda_tangan.l.ukuran"]
    assert "«900»" in words["meterai.m.batas_detik"]
    assert "600" in words["meterai.m.batas_detik"]


def test_a_nik_is_personal_and_a_password_is_secret() -> None:
    words = told(
        'penanda_tangan: {k: {jenis: bsre_v1, nik: "0201019909990007", passphrase: rahasia}}'
    )
    assert words["penanda_tangan.k.nik"].startswith("Data pribadi")
    assert words["penanda_tangan.k.passphrase"].startswith("Rahasia")
    assert "0201019909990007" not in " ".join(words.values())
    words = told("penanda_tangan: {k: {jenis: bsre_v2, surel: a@contoh.example}}")
    assert words["penanda_tangan.k.surel"].startswith("Data pribadi")


def test_a_name_that_nothing_defines_is_told_with_those_that_are() -> None:
    words = told("meterai: {}\npihak: {pihak_kesatu: {penanda_tangan: kepalaa}}")
    assert "yang ada: -" in words["pihak.pihak_kesatu.penanda_tangan"]


def test_settings_are_no_contract_data() -> None:
    assert is_settings(settings_sample().read_bytes())
    assert not any(is_settings(path.read_bytes()) for path in contract_samples())
    assert not is_settings(b"\xff\xfe")
    assert not is_settings(b"pihak: [")
