"""Next year's data: what carries over, what is reset, and that the file comes back to life."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pks_kit.cli.main import main
from pks_kit.domain.aksara import find_unprintable, normalise
from pks_kit.domain.kontrak import Kontrak
from pks_kit.errors import InputError, InputProblemsError, UsageError
from pks_kit.inputs import load_kontrak, parse_kontrak
from pks_kit.inputs.yaml_writer import write_kontrak
from pks_kit.pipelines.draft import CheckRequest, check, prepare
from pks_kit.pipelines.renew import RenewRequest, RenewResult, renew
from pks_kit.resources import contract_samples
from support.sample import changed_at, sample

RESET = {"pihak_kesatu.nomor_pks", "pihak_kesatu.tanggal_tanda_tangan", "pihak_kedua.nomor_pks"}
FILLED = {
    "pihak_kesatu.nomor_pks": '"511/KTR/XIV-07/1224"',
    "pihak_kesatu.tanggal_tanda_tangan": "2024-12-18",
    "pihak_kedua.nomor_pks": '"021/KP-SR/PKS/XII/2024"',
}


def renewed(source: Path, output: Path, **changes: Any) -> RenewResult:
    term = {"mulai": date(2025, 1, 1), "selesai": date(2025, 12, 31)}
    values = term | {"with_changes": False} | changes
    result = renew(RenewRequest(source=source, **values))
    output.write_bytes(result.file.content)
    return result


def fill(path: Path, result: RenewResult) -> None:
    """Do what a person does: replace every ``ISI: ...``."""
    text = path.read_text(encoding="utf-8")
    for place, wanted in result.to_fill.items():
        assert text.count(f'"ISI: {wanted}"') == 1
        text = text.replace(f'"ISI: {wanted}"', FILLED[place])
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("source", contract_samples(), ids=lambda path: path.stem)
def test_renew_fill_check(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "baru.yml"
    result = renewed(source, target)
    with pytest.raises(InputProblemsError) as refused:
        load_kontrak(target)
    assert {problem.path for problem in refused.value.problems} == RESET == set(result.to_fill)
    assert {problem.code for problem in refused.value.problems} == {"input.to_be_filled"}
    assert all(problem.line for problem in refused.value.problems)
    fill(target, result)
    new, old = load_kontrak(target).kontrak, load_kontrak(source).kontrak
    untouched = set(Kontrak.model_fields) - {
        "versi_templat",
        "pihak_kesatu",
        "pihak_kedua",
        "jangka_waktu",
        "kinerja",
        "perjanjian_sebelumnya",
        "rekredensialing",
    }
    for name in untouched:
        assert getattr(new, name) == getattr(old, name), name
    same = {"nomor_pks": None, "tanggal_tanda_tangan": None}
    for pihak in ("pihak_kesatu", "pihak_kedua"):
        assert getattr(new, pihak).model_dump() | same == getattr(old, pihak).model_dump() | same
    assert new.jangka_waktu.tanggal_mulai == date(2025, 1, 1)
    assert new.kinerja is None
    stages = {"status", "cara_kontrak", "berkas"}
    for row, before in zip(new.rekredensialing, old.rekredensialing, strict=True):
        assert row.model_dump(exclude=stages) == before.model_dump(exclude=stages)
        assert not any(getattr(row, name) for name in stages)
    earlier = new.perjanjian_sebelumnya
    assert earlier is not None
    assert earlier.nomor_pks_kesatu == old.pihak_kesatu.nomor_pks
    assert earlier.nomor_pks_kedua == old.pihak_kedua.nomor_pks
    assert earlier.tanggal_selesai == old.jangka_waktu.tanggal_selesai
    found = check(CheckRequest(source=target)).findings
    blocking = [f.code for f in found if f.level == "blocking"]
    assert blocking == [f.code for f in result.findings if f.level == "blocking"] == []


def test_the_filled_file_can_be_drafted_and_renewed_again(
    sample_path: Path, tmp_path: Path
) -> None:
    first, second = tmp_path / "2025.yml", tmp_path / "2026.yml"
    fill(first, renewed(sample_path, first))
    naskah = prepare(load_kontrak(first)).naskah
    assert naskah.nomor_kesatu == "511/KTR/XIV-07/1224"
    result = renewed(first, second, mulai=date(2026, 1, 1), selesai=date(2026, 12, 31))
    assert 'nomor_pks_kesatu: "511/KTR/XIV-07/1224"' in second.read_text(encoding="utf-8")
    assert [f.code for f in result.findings if f.code.startswith("licence.expired")] == []


def test_zeros_and_quotes_stay(sample_path: Path, tmp_path: Path) -> None:
    target = tmp_path / "baru.yml"
    renewed(sample_path, target)
    text = target.read_text(encoding="utf-8")
    for line in (
        'hp_pic: "089900005501"',
        'kode: "9917U029"',
        'nomor: "9900112233445"',
        'buka: "08:00"',
        "jenis: klinik_pratama",
        "rawat_inap: ya",
        "tanggal_mulai: 2025-01-01",
    ):
        assert line in text


@pytest.mark.usefixtures("made_anew")
def test_same_input_same_bytes(sample_path: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "a.yml", tmp_path / "b.yml"
    renewed(sample_path, one)
    renewed(sample_path, two)
    assert one.read_bytes() == two.read_bytes()
    renewed(sample_path, one)  # the same content again is no conflict


def test_remarks_stand_where_they_belong(sample_path: Path, tmp_path: Path) -> None:
    target = tmp_path / "baru.yml"
    result = renewed(sample_path, target, selesai=date(2026, 2, 4))
    lines = target.read_text(encoding="utf-8").splitlines()
    vendor = [
        line for line in lines if line.endswith("PERIKSA: berakhir sebelum masa baru dimulai")
    ]
    assert [line.split("  #")[0].strip() for line in vendor] == ["tanggal_selesai: 2024-12-31"]
    # A licence that ends on the last day of the term is in force during the whole term.
    assert not any("2026-02-04" in line and "PERIKSA" in line for line in lines)
    result = renewed(sample_path, target, selesai=date(2026, 2, 5))
    lines = target.read_text(encoding="utf-8").splitlines()
    assert any(
        "2026-02-04" in line and "PERIKSA: berakhir dalam masa baru" in line for line in lines
    )
    assert "tenaga_kesehatan[4].sip.berlaku_sampai" in {one.path for one in result.licences}


def test_an_expired_licence_blocks_the_next_agreement(tmp_path: Path) -> None:
    source, target = tmp_path / "lama.yml", tmp_path / "baru.yml"
    path = "tenaga_kesehatan[1].sip.berlaku_sampai"
    source.write_text(write_kontrak(changed_at({path: "2024-12-31"})), encoding="utf-8")
    result = renewed(source, target)
    assert path in {f.path for f in result.findings if f.level == "blocking"}
    source.write_text(write_kontrak(changed_at({path: "2025-01-01"})), encoding="utf-8")
    result = renewed(source, target)
    assert path not in {f.path for f in result.findings if f.level == "blocking"}


def test_results_of_the_old_term_are_left_out(tmp_path: Path) -> None:
    source, target = tmp_path / "lama.yml", tmp_path / "baru.yml"
    kinerja = {
        "angka_kontak_permil": "151,5",
        "rasio_rujukan_nonspesialistik_persen": "2",
        "rasio_prolanis_terkendali_persen": "5",
    }
    source.write_text(write_kontrak(changed_at({"kinerja": kinerja})), encoding="utf-8")
    result = renewed(source, target)
    assert result.removed == (
        "kinerja",
        "rekredensialing[0].status",
        "rekredensialing[0].cara_kontrak",
        "rekredensialing[1].status",
        "rekredensialing[1].cara_kontrak",
    )
    assert "angka_kontak" not in target.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"mulai": date(2025, 12, 31), "selesai": date(2025, 1, 1)}, "renew.term_turned"),
        ({"mulai": date(2024, 12, 31)}, "renew.term_overlaps"),
        ({"versi": "addendum_rekening"}, "draft.not_an_agreement"),
        ({"versi": "pks_1999"}, "naskah.unknown_version"),
    ],
)
def test_what_is_refused(
    changes: dict[str, Any], code: str, sample_path: Path, tmp_path: Path
) -> None:
    with pytest.raises((UsageError, InputError)) as refused:
        renewed(sample_path, tmp_path / "baru.yml", **changes)
    assert refused.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_no_gap_and_a_gap(sample_path: Path, tmp_path: Path) -> None:
    target = tmp_path / "baru.yml"
    assert "renew.gap" not in {f.code for f in renewed(sample_path, target).findings}
    late = renewed(sample_path, target, mulai=date(2025, 1, 2))
    assert "renew.gap" in {f.code for f in late.findings}


@pytest.mark.slow
def test_files_are_not_overwritten(sample_text: str, tmp_path: Path) -> None:
    source, target = tmp_path / "lama.yml", tmp_path / "baru.yml"
    source.write_text(sample_text, encoding="utf-8")
    target.write_text("milik orang lain", encoding="utf-8")
    term = ("--mulai", "2025-01-01", "--selesai", "2025-12-31", "--json")
    exists = run("renew", source, "-o", target, *term)
    assert (exists.exit_code, json.loads(exists.stdout)["error"]["code"]) == (2, "renew.exists")
    same = run("renew", source, "-o", source, "--force", *term)
    assert (same.exit_code, json.loads(same.stdout)["error"]["code"]) == (2, "file.over_input")
    assert source.read_text(encoding="utf-8") == sample_text
    assert target.read_text(encoding="utf-8") == "milik orang lain"


@pytest.mark.slow
def test_unchanged_text_touches_nobody(tmp_path: Path) -> None:
    """Between 2026 and 2027 neither the text nor the law changes, as far as is known."""
    source = tmp_path / "lama.yml"
    term = {"tanggal_mulai": "2026-01-01", "tanggal_selesai": "2026-12-31"}
    kontrak = changed_at({f"jangka_waktu.{name}": day for name, day in term.items()})
    source.write_text(write_kontrak(kontrak), encoding="utf-8")
    result = renewed(
        source,
        tmp_path / "baru.yml",
        mulai=date(2027, 1, 1),
        selesai=date(2027, 12, 31),
        with_changes=True,
    )
    assert (result.versi_baru, result.diff_problem) == ("pks_2024", None)
    assert result.diff is not None
    assert len(result.diff.clauses) > 500
    assert result.changes == ()


LAW_OF_2024 = {
    ("pembukaan", "premis-tertulis"): [("64 Tahun 2020", "59 Tahun 2024")],
    ("pembukaan", "premis-cara"): [
        ("diubah", "beberapa kali diubah, terakhir"),
        ("19 Tahun 2016", "1 Tahun 2024"),
    ],
    ("ruang-lingkup", ""): [("64 Tahun 2020", "59 Tahun 2024")],
}
"""Clauses that rules of 2024 change from 2025 on: Perpres 59/2024 and UU 1/2024."""


@pytest.mark.slow
def test_unchanged_text_shows_only_the_law_that_changed(sample_path: Path, tmp_path: Path) -> None:
    result = renewed(sample_path, tmp_path / "baru.yml", with_changes=True)
    assert (result.versi_baru, result.diff_problem) == ("pks_2024", None)
    assert {change.kind for change in result.changes} == {"parameter_only"}
    found = {}
    for change in result.changes:
        removed = [mark.text for mark in change.marks if mark.op == "removed"]
        added = [mark.text for mark in change.marks if mark.op == "added"]
        place = (change.one.subjek, change.one.label)
        found[place] = list(zip(removed, added, strict=True))
    assert len(result.changes) == len(LAW_OF_2024)
    assert found == LAW_OF_2024


PRINTABLE = (
    st.text(max_size=60)
    .map(normalise)
    .filter(lambda text: text and find_unprintable(text) is None and not text.startswith("ISI:"))
)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(PRINTABLE, PRINTABLE)
def test_any_text_survives_writing_and_reading(nama: str, status: str) -> None:
    kontrak = changed_at({"pihak_kedua.nama_faskes": nama, "faskes.akreditasi.status": status})
    text = write_kontrak(kontrak, remarks={"pihak_kedua.nama_faskes": "PERIKSA: # : {"})
    assert parse_kontrak(text.encode(), "x").kontrak == kontrak


def test_words_that_yaml_would_misread_stand_in_quotes() -> None:
    for key in ("null", "ya", "no", "true"):
        praktik = [row.model_dump(mode="json") for row in sample().jadwal.praktik]
        staff = [one.model_dump(mode="json") for one in sample().tenaga_kesehatan]
        old = staff[0]["kunci"]
        staff[0]["kunci"] = key
        praktik = [row | {"tenaga": key} if row["tenaga"] == old else row for row in praktik]
        kontrak = changed_at({"tenaga_kesehatan": staff, "jadwal.praktik": praktik})
        assert parse_kontrak(write_kontrak(kontrak).encode(), "x").kontrak == kontrak


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.mark.slow
def test_command(sample_path: Path, tmp_path: Path) -> None:
    target = tmp_path / "baru.yml"
    options = ("-o", target, "--mulai", "2025-01-01", "--selesai", "2025-12-31")
    result = run("renew", sample_path, *options, "--json")
    assert result.exit_code == 0, result.output
    shown = json.loads(result.stdout)
    assert {row["path"] for row in shown["to_fill"]} == RESET
    changes = [(row["kind"], row["subject"], row["label"]) for row in shown["changes"]]
    assert changes == [("parameter_only", *place) for place in LAW_OF_2024]
    output = run("renew", sample_path, *options).output
    assert "31 Desember 2024  kontrak vendor SIM" in output
    checked = run("check", target)
    assert checked.exit_code == 3
    assert "masih menunggu diisi" in checked.output
    assert run("renew", sample_path, "-o", target, "--mulai", "2025-01-01").exit_code == 2
    assert run("renew", tmp_path / "tidak-ada.yml", *options).exit_code == 3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "has_ritp"),
    [("klinik-pratama-rawat-inap", True), ("klinik-pratama-rawat-jalan", False)],
)
def test_changes_are_those_of_this_facility(name: str, has_ritp: bool, tmp_path: Path) -> None:
    (source,) = [path for path in contract_samples() if path.stem == name]
    kontrak = load_kontrak(source).kontrak
    term = {"tanggal_mulai": "2023-02-01", "tanggal_selesai": "2023-12-31"}
    data = kontrak.model_dump(mode="json", exclude_unset=True, exclude_none=True)
    old = Kontrak.model_validate(data | {"versi_templat": "pks_2023", "jangka_waktu": term})
    path = tmp_path / "lama.yml"
    path.write_text(write_kontrak(old), encoding="utf-8")
    result = renewed(
        path,
        tmp_path / "baru.yml",
        mulai=date(2024, 1, 1),
        selesai=date(2024, 12, 31),
        with_changes=True,
    )
    assert result.diff is not None, result.diff_problem
    assert result.versi_baru == "pks_2024"
    subjects = {change.one.subjek for change in result.changes}
    assert "keamanan-data" in subjects
    assert ("laporan-ritp" in subjects) is has_ritp
    assert {change.kind for change in result.changes}.isdisjoint({"same", "renumbered"})
