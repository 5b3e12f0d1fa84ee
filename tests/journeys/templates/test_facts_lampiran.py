"""What every lampiran must hold for each kind of facility and contract method.

The table ``facts_lampiran.yml`` beside this file is written for a lawyer; a row is one test for
each of its samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from pks_kit.domain.kontrak import Kontrak
from pks_kit.inputs import load_kontrak
from pks_kit.naskah.assemble import assemble_naskah
from pks_kit.naskah.tree import Naskah, Tabel, plain_text, walk_blocks
from pks_kit.pipelines.drafting.template_values import build_context
from pks_kit.resources import contract_samples, templates_root
from pks_kit.rules.law.parameters import load_parameters
from support.naskah_reader import holds, items, places, words
from support.trees import signature_places

TABLE: dict[str, Any] = yaml.safe_load(
    Path(__file__).with_name("facts_lampiran.yml").read_text(encoding="utf-8")
)
SAMPLES = {path.stem: path for path in contract_samples()}
METHODS = ("elektronik", "digital", "manual")


@cache
def agreement(name: str, method: str = "", akad: bool = False) -> Naskah:
    data = load_kontrak(SAMPLES[name]).kontrak.model_dump(mode="json")
    if method:
        data["cara_kontrak"] = method
    if akad:
        data["nama_perjanjian"] = "AKAD IJARAH"
    return assembled(data)


def assembled(data: dict[str, Any]) -> Naskah:
    kontrak = Kontrak.model_validate(data)
    aturan = load_parameters().resolve_all(kontrak.jangka_waktu.tanggal_mulai)
    return assemble_naskah(
        kontrak.versi_templat,
        kontrak.faskes.jenis,
        build_context(kontrak, aturan),
        cara_kontrak=kontrak.cara_kontrak,
        nomor_kesatu=kontrak.pihak_kesatu.nomor_pks,
        nomor_kedua=kontrak.pihak_kedua.nomor_pks,
        templates_root=templates_root(),
    )


def rows_of(section: str) -> Iterator[Any]:
    for fact in TABLE[section]:
        named = fact.get("sampel", "semua")
        samples = named if isinstance(named, list) else TABLE["kelompok"][named]
        method = fact.get("cara", "")
        for name in samples:
            for one in METHODS if method == "semua" else (method,):
                yield pytest.param(fact, name, one, id=f"{fact['fakta']}-{name}-{one}")


@pytest.mark.parametrize(("fact", "name", "method"), list(rows_of("fakta")))
def test_fact_stands_in_its_lampiran(fact: dict[str, Any], name: str, method: str) -> None:
    text = words(places(agreement(name, method, fact.get("akad", False)))[fact["tempat"]])
    missing = [pattern for pattern in fact.get("kata", []) if not holds(text, pattern)]
    assert not missing, text[:3000]
    assert [word for word in fact.get("tidak", []) if word in text] == []


@pytest.mark.parametrize(("fact", "name", "method"), list(rows_of("asal")))
def test_clause_says_where_it_comes_from(fact: dict[str, Any], name: str, method: str) -> None:
    tree = agreement(name, method, fact.get("akad", False))
    found = {
        item.sumber
        for bagian in tree.bagian
        for item in items(bagian.isi)
        if words(item.isi).startswith(fact["label"])
    }
    assert found == {fact["sumber"]}


@pytest.mark.parametrize("name", TABLE["kelompok"]["semua"])
def test_only_the_parties_sign_inside_the_electronic_file(name: str) -> None:
    tree = agreement(name, "elektronik")
    assert [place.kode for place in signature_places(tree)] == ["pihak_kesatu", "pihak_kedua"]


@pytest.mark.parametrize("name", TABLE["kelompok"]["semua"])
@pytest.mark.parametrize("method", ["digital", "manual"])
def test_nobody_acknowledges_himself(name: str, method: str) -> None:
    data = load_kontrak(SAMPLES[name]).kontrak.model_dump(mode="json")
    data["cara_kontrak"] = method
    head = data["pihak_kedua"]["nama_penandatangan"]
    data["pengguna_aplikasi"][0]["nama"] = head.upper()
    data["cons_id"]["pejabat_struktural"]["nama"] = head
    codes = {place.kode for place in signature_places(assembled(data))}
    assert {"pengguna_1", "pakta_cons_id"} <= codes
    assert not {"pengguna_1_mengetahui", "pakta_cons_id_mengetahui"} & codes
    data["pengguna_aplikasi"][0]["nama"] = "Orang Lain"
    data["cons_id"]["pejabat_struktural"]["nama"] = "Orang Lain"
    codes = {place.kode for place in signature_places(assembled(data))}
    assert {"pengguna_1_mengetahui", "pakta_cons_id_mengetahui"} <= codes


@pytest.mark.parametrize("name", TABLE["kelompok"]["semua"])
@pytest.mark.parametrize("method", METHODS)
def test_user_names_stand_on_no_common_page(name: str, method: str) -> None:
    kontrak = load_kontrak(SAMPLES[name]).kontrak
    found = places(agreement(name, method))
    listed = words(found["lampiran_8__bagian_a"])
    whole = words(found["lampiran_8"])
    for user in kontrak.pengguna_aplikasi:
        assert user.nama in listed
        assert user.nama_pengguna not in listed
        for secret in (user.nik, user.nama_pengguna):
            assert (secret in whole) is (method != "elektronik")


def test_every_tariff_of_lampiran_two_has_its_words() -> None:
    for name in TABLE["kelompok"]["semua"]:
        (lampiran,) = (b for b in agreement(name).bagian if b.alamat == "lampiran_2")
        for block in walk_blocks(lampiran.isi):
            if isinstance(block, Tabel) and "menurut jumlah peserta klub" not in block.keterangan:
                cells = [plain_text(cell.isi) for row in block.baris for cell in row]
                bare = [cell for cell in cells if cell.startswith("Rp") and "rupiah)" not in cell]
                assert bare == [], (name, block.keterangan)


def test_title_of_the_network_sheet_names_the_agreement_of_aceh() -> None:
    titles = {
        akad: [b.judul for b in agreement("tpmdg", "", akad).bagian if b.alamat == "lampiran_5"]
        for akad in (False, True)
    }
    start = "Pernyataan Persetujuan Jejaring Untuk Menundukkan diri pada"
    assert titles == {False: [f"{start} PKS"], True: [f"{start} Akad Ijarah"]}
