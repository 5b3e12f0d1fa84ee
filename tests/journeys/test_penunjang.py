"""Pharmacies, pharmacy rooms and laboratories: an agreement of their own, on paper only."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from pydantic import ValidationError

from pks_kit.cli.main import main
from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.receipt import parse_receipt
from pks_kit.errors import FindingsError, InputProblemsError, NotInForceError
from pks_kit.inputs import LoadedKontrak, load_kontrak
from pks_kit.inputs.contract_file import parse_kontrak
from pks_kit.inputs.workbook import read_book, write_workbook
from pks_kit.naskah.catalogue import load_version
from pks_kit.naskah.tree import BlokTandaTangan, Naskah, Tabel, plain_text, walk_blocks
from pks_kit.pipelines.draft import DraftRequest, prepare
from pks_kit.pipelines.renew import RenewRequest, renew
from pks_kit.pipelines.template import lint
from pks_kit.render.text import render_text
from pks_kit.resources import samples_root, templates_root
from pks_kit.rules.checks.catalogue import check_kontrak
from support.filled_pages import nearly_empty
from support.on_disk import drafted_in
from support.words import docx_words, pdf_differences, words

VERSI = "pks_penunjang_2024"
KINDS = ("apotek", "ruang_farmasi", "laboratorium")
SAMPLE = {kind: samples_root() / f"{kind}-manual.yml" for kind in ("apotek", "laboratorium")}
ROOM: dict[str, Any] = {
    "pihak_kedua": {
        "nama_faskes": "UPT Puskesmas Mega Rekasari",
        "jabatan_penandatangan": "Kepala UPT Puskesmas Mega Rekasari",
        "dasar_penetapan": {"jenis": "Surat Keputusan", "penerbit": "Bupati Cakrawala"},
    },
    "faskes": {"jenis": "ruang_farmasi"},
}
"""What turns the sample pharmacy into the pharmacy room of a puskesmas."""
PLACES = ["pihak_kesatu", "pihak_kedua", "pernyataan_pelayanan"]
"""Where a pen is put, in the order of the pages."""


def merged(data: Any, changes: dict[str, Any]) -> Any:
    """Return nested data with values replaced."""
    if not isinstance(data, dict):
        return changes
    return data | {
        key: merged(data.get(key), value) if isinstance(value, dict) else value
        for key, value in changes.items()
    }


def loaded(kind: str, changes: dict[str, Any] | None = None) -> LoadedKontrak:
    source = SAMPLE["laboratorium" if kind == "laboratorium" else "apotek"]
    data = yaml.load(source.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    if kind == "ruang_farmasi":
        data = merged(data, ROOM)
    content = yaml.safe_dump(merged(data, changes or {}), allow_unicode=True, sort_keys=False)
    return parse_kontrak(content.encode(), source.name)


@cache
def tree(kind: str) -> Naskah:
    return prepare(loaded(kind)).naskah


@cache
def text(kind: str) -> str:
    return " ".join(render_text(tree(kind)).split())


def codes(kind: str, changes: dict[str, Any], level: str = "blocking") -> set[str]:
    kontrak = loaded(kind, changes).kontrak
    findings = check_kontrak(
        kontrak,
        kontrak.jangka_waktu.tanggal_mulai,
        daftar_jenis_tersedia=load_version(kontrak.versi_templat, templates_root()).kinds(),
    )
    return {one.code for one in findings if one.level == level}


# --- what is drafted ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_title_names_the_service_and_no_fktp(kind: str) -> None:
    about = "LABORATORIUM" if kind == "laboratorium" else "KEFARMASIAN"
    name = {
        "apotek": "APOTEK REMBULAN CONTOH",
        "ruang_farmasi": "RUANG FARMASI UPT PUSKESMAS MEGA REKASARI",
        "laboratorium": "LABORATORIUM KLINIK EMBUN MISALNYA",
    }[kind]
    lines = render_text(tree(kind)).splitlines()
    assert lines[6] == f"PEMILIK DAN PENYELENGGARA {name}"
    assert lines[8] == f"PELAYANAN {about} BAGI PESERTA PROGRAM JAMINAN KESEHATAN"
    assert len([one for one in tree(kind).bagian if one.jenis == "pasal"]) == 18
    assert len([one for one in tree(kind).bagian if one.jenis == "lampiran"]) == 5


COMPARISON = {
    "apotek": (
        "selaku Apoteker Penanggung Jawab pada Apotek Rembulan Contoh",
        "berdasarkan Surat Izin Apotek Nomor 503/0029/SIA/2022",
        "beroperasi berdasarkan Surat Izin Apotek (SIA) Nomor 503/0029/SIA/2022",
        "Surat Izin Praktik Apoteker (SIPA) Nomor 503/0301/SIPA/2022 yang berlaku sampai dengan",
    ),
    "ruang_farmasi": (
        "selaku Kepala UPT Puskesmas Mega Rekasari yang membawahi Ruang Farmasi UPT Puskesmas",
        "berdasarkan Surat Keputusan Nomor",
        "beroperasi berdasarkan izin fasilitas kesehatan pemiliknya Nomor",
        "Surat Izin Praktik Apoteker (SIPA) Nomor",
    ),
    "laboratorium": (
        "selaku Direktur PT Embun Misalnya Diagnostika yang menyelenggarakan Laboratorium Klinik",
        "yang dibuat di hadapan Notaris",
        "beroperasi berdasarkan izin operasional laboratorium Nomor 503/0012/SIL/2022",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_parties_act_on_the_papers_of_their_kind(kind: str) -> None:
    for expected in COMPARISON[kind]:
        assert expected in text(kind), expected
    assert ("SIPA" in text(kind)) is (kind != "laboratorium")


@pytest.mark.parametrize("kind", KINDS)
def test_words_of_an_fktp_are_absent(kind: str) -> None:
    fktp = (
        r"Kapitasi|Jejaring|consID|Kunci Integrasi|Aplikasi Pelayanan Primer|"
        r"Antrean Online|KESSAN|SiBLing|Asosiasi FKTP|rawat inap|Poli |Lampiran VI|Pasal 19"
    )
    assert {match[0] for match in re.finditer(fktp, text(kind))} == set()
    other = "Resep|obat PRB" if kind == "laboratorium" else "Permintaan Pemeriksaan|spesimen"
    assert not re.search(other, text(kind))


def test_laboratory_tariffs_are_those_of_an_outside_laboratory() -> None:
    # Typed from docs/sumber.md 5.4, not from parameters.
    expected = {
        "Gula darah sewaktu (GDS)": "Rp20.000,00",
        "Gula darah puasa (GDP)": "Rp20.000,00",
        "Gula darah postprandial (GDPP)": "Rp20.000,00",
        "HbA1c": "Rp200.000,00",
        "Ureum": "Rp30.000,00",
        "Kreatinin": "Rp30.000,00",
        "Kolesterol total": "Rp45.000,00",
        "Kolesterol LDL": "Rp60.000,00",
        "Kolesterol HDL": "Rp45.000,00",
        "Trigliserida": "Rp50.000,00",
        "Mikroalbuminuria": "Rp120.000,00",
    }
    (table,) = (
        block
        for bagian in tree("laboratorium").bagian
        for block in walk_blocks(bagian.isi)
        if isinstance(block, Tabel) and block.keterangan == "Tarif pemeriksaan laboratorium"
    )
    rows = [[plain_text(cell.isi) for cell in row] for row in table.baris]
    amounts = {row[0]: row[-1].split(" (")[0] for row in rows}  # words stand behind
    assert amounts == expected
    conditions = [row[1] for row in rows]
    assert conditions[:4] == [
        "atas Indikasi Medis",
        "1 kali sebulan",
        "1 kali sebulan",
        "1 kali dalam 3 sampai dengan 6 bulan",
    ]
    assert set(conditions[4:]) == {"2 kali setahun"}


@pytest.mark.parametrize("kind", ["apotek", "ruang_farmasi"])
def test_no_price_of_medicine_is_invented(kind: str) -> None:
    amounts = set(re.findall(r"Rp[0-9.]+,00", text(kind)))
    assert amounts == {"Rp10.000,00"}  # the adhesive meterai
    assert "Perjanjian ini tidak menetapkan besarannya sendiri" in text(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_places_for_the_pen(kind: str) -> None:
    blocks = [
        block
        for bagian in tree(kind).bagian
        for block in walk_blocks(bagian.isi)
        if isinstance(block, BlokTandaTangan)
    ]
    places = [place for block in blocks for place in block.tempat]
    assert [place.kode for place in places] == PLACES
    assert all(place.meterai for place in places)
    assert re.search(r"tanggal \.{20,}$", blocks[-1].pembuka)


@pytest.mark.parametrize("kind", sorted(SAMPLE))
def test_files_hold_the_same_words(kind: str, tmp_path: Path) -> None:
    drafted = drafted_in(
        tmp_path / "naskah", DraftRequest(source=SAMPLE[kind], formats=("pdf", "docx", "txt"))
    )
    text = drafted.files["txt"].read_text(encoding="utf-8")
    assert len(words(text)) > 7_000
    assert nearly_empty(drafted.files["pdf"].read_bytes()) == []
    assert docx_words(drafted.files["docx"], tmp_path) == words(text)
    # at the places for the pen, no words of the text
    drawn = {"meterai", "tempel", "tanda", "tangan", "stempel", "tanggal"}
    more = [
        (tag, gone, [word for word in added if word not in drawn and word.strip(".")])
        for tag, gone, added in pdf_differences(drafted.files["pdf"], text)
    ]
    assert [one for one in more if one[1:] != ([], [])] == []
    receipt = parse_receipt(drafted.files["receipt"].read_bytes(), "receipt")
    for place in ("tanda_tangan", "meterai"):
        assert [one.kode for one in receipt.places if one.kind == place] == PLACES


# --- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["elektronik", "digital"])
@pytest.mark.parametrize("kind", KINDS)
def test_electronic_methods_are_refused_with_the_reason(kind: str, method: str) -> None:
    with pytest.raises(FindingsError) as caught:
        prepare(loaded(kind, {"cara_kontrak": method}))
    (refusal,) = (one for one in caught.value.findings if one.level == "blocking")
    assert (refusal.code, refusal.path) == ("offer.manual_separate", "cara_kontrak")
    assert VERSI in refusal.text.hint_id
    assert "bentuk kontrak menurut jenis faskes" in str(refusal.legal_basis)


@pytest.mark.parametrize("method", ["elektronik", "digital"])
@pytest.mark.parametrize("name", ["apotek", "laboratorium", "klinik-tni-polri"])
def test_commands_refuse_with_their_exit_code(name: str, method: str, tmp_path: Path) -> None:
    data = (samples_root() / f"{name}-manual.yml").read_text(encoding="utf-8")
    source = tmp_path / "kontrak.yml"
    changed = data.replace("cara_kontrak: manual", f"cara_kontrak: {method}")
    assert changed != data
    source.write_text(changed, encoding="utf-8")
    for command in (["check", str(source)], ["draft", str(source), "-o", str(tmp_path / "naskah")]):
        result = CliRunner().invoke(main, command)
        assert result.exit_code == 10
        assert f"cara kontrak {method} tidak tersedia" in " ".join(result.output.split())
        assert "Dasar: Sosialisasi PKS FKTP 2024, bentuk kontrak" in result.output
    assert not (tmp_path / "naskah").exists()


@pytest.mark.parametrize("kind", KINDS)
def test_the_fktp_version_refuses_them_and_names_theirs(kind: str) -> None:
    with pytest.raises(FindingsError) as caught:
        prepare(loaded(kind, {"versi_templat": "pks_2024"}))
    (refusal,) = (one for one in caught.value.findings if one.level == "blocking")
    assert (refusal.code, refusal.path) == ("offer.kind", "faskes.jenis")
    assert VERSI in refusal.text.hint_en


def test_an_agreement_before_the_version_is_refused() -> None:
    term = {"tanggal_mulai": "2023-05-01", "tanggal_selesai": "2023-12-31"}
    with pytest.raises(NotInForceError):
        prepare(loaded("apotek", {"jangka_waktu": term}))


@pytest.mark.parametrize("kind", ["apotek", "ruang_farmasi"])
def test_a_pharmacist_with_a_valid_licence_is_needed(kind: str) -> None:
    staff = yaml.safe_load(SAMPLE["apotek"].read_text(encoding="utf-8"))["tenaga_kesehatan"]
    without = [one for one in staff if one["profesi"] != "apoteker"]
    assert "staff.no_pharmacist" in codes(kind, {"tenaga_kesehatan": without})
    ended = [one | {"sip": one["sip"] | {"berlaku_sampai": "2023-12-31"}} for one in staff]
    assert "staff.no_pharmacist" in codes(kind, {"tenaga_kesehatan": ended})
    first = [ended[0], *staff[1:]]
    assert codes(kind, {"tenaga_kesehatan": first}) == set()
    printed = prepare(loaded(kind, {"tenaga_kesehatan": first})).naskah
    assert "apoteker penanggung jawab apt. Jingga Misalnya" in render_text(printed)


def test_a_laboratory_without_technologist_is_warned() -> None:
    staff = yaml.safe_load(SAMPLE["laboratorium"].read_text(encoding="utf-8"))["tenaga_kesehatan"]
    changes = {"tenaga_kesehatan": staff[:1]}
    assert codes("laboratorium", changes) == set()
    assert "staff.no_laboratory_worker" in codes("laboratorium", changes, "warning")


def test_inpatient_care_is_refused() -> None:
    changes = {"faskes": {"rawat_inap": "ya", "jumlah_tempat_tidur": "3"}}
    assert "facility.inpatient_kind" in codes("laboratorium", changes)


# --- what is asked for -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_an_fktp_is_asked_for(kind: str) -> None:
    kontrak = loaded(kind).kontrak
    assert kontrak.cons_id is None
    assert kontrak.pengguna_aplikasi == kontrak.integrasi == kontrak.jadwal.praktik == ()
    assert not kontrak.faskes.rawat_inap
    for mode in ("json", "python"):
        assert Kontrak.model_validate(kontrak.model_dump(mode=mode)) == kontrak


@pytest.mark.parametrize("section", ["pengguna_aplikasi", "integrasi", "cons_id"])
@pytest.mark.parametrize("given", ["absent", "empty"])
def test_an_fktp_is_asked_for_everything_as_before(section: str, given: str) -> None:
    data = load_kontrak(samples_root() / "tpmd.yml").kontrak.model_dump(mode="json")
    if given == "absent":
        del data[section]
    else:
        data[section] = {} if section == "cons_id" else []
    with pytest.raises(ValidationError) as caught:
        Kontrak.model_validate(data)
    assert {error["loc"][0] for error in caught.value.errors()} == {section}


def test_an_fktp_is_asked_for_sessions_and_participants_as_before() -> None:
    source = samples_root() / "tpmd.yml"
    data = yaml.load(source.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    del data["jadwal"]["praktik"], data["faskes"]["rawat_inap"]
    del data["faskes"]["jumlah_peserta_terdaftar"]
    with pytest.raises(InputProblemsError) as caught:
        parse_kontrak(yaml.safe_dump(data, allow_unicode=True).encode(), source.name)
    assert {(one.path, one.code) for one in caught.value.problems} == {
        ("jadwal.praktik", "input.missing_field"),
        ("faskes.rawat_inap", "input.missing_field"),
        ("faskes.jumlah_peserta_terdaftar", "input.missing_field"),
    }


def test_a_workbook_may_hold_a_pharmacy_beside_a_clinic(tmp_path: Path) -> None:
    facilities = {
        "apotek": load_kontrak(SAMPLE["apotek"]).kontrak,
        "tpmd": load_kontrak(samples_root() / "tpmd.yml").kontrak,
    }
    path = tmp_path / "buku.xlsx"
    path.write_bytes(write_workbook(facilities))
    found = {one.key: one for one in read_book(path).facilities}
    assert {key: one.problems for key, one in found.items()} == {"apotek": (), "tpmd": ()}
    assert {key: one.kontrak for key, one in found.items()} == facilities


def test_renewal_stays_in_their_version(tmp_path: Path) -> None:
    result = renew(
        RenewRequest(
            source=SAMPLE["laboratorium"],
            mulai=date(2025, 1, 1),
            selesai=date(2025, 12, 31),
        )
    )
    assert result.versi_baru == VERSI


def test_lint_finds_nothing() -> None:
    assert lint(VERSI) == ()
