"""What ends soon: the inclusive window, licences, successors, hostile and broken files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pks_kit.cli.main import main
from pks_kit.domain.perpanjangan import Jendela, deadlines, next_term, parse_window
from pks_kit.domain.surat import MODEL_SURAT
from pks_kit.errors import UsageError
from pks_kit.inputs.workbook import write_workbook
from pks_kit.inputs.yaml_writer import write_kontrak
from pks_kit.json_form import to_json
from pks_kit.pipelines.renewals import RenewalsRequest, RenewalsResult, renewals
from pks_kit.resources import contract_samples, samples_root, settings_sample
from pks_kit.rules.law.parameters import load_parameters
from support.sample import changed_at, sample

THREE_MONTHS = Jendela(amount=3, unit="m")


def put(folder: Path, name: str, changes: dict[str, Any] | None = None) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(write_kontrak(changed_at(changes or {})), encoding="utf-8")
    return path


def look(*places: Path, as_of: date, window: Jendela = THREE_MONTHS) -> RenewalsResult:
    return renewals(RenewalsRequest(places=places, window=window, as_of=as_of))


def kinds(result: RenewalsResult) -> list[str]:
    return [one.tenggat.jenis for one in result.endings]


@pytest.mark.parametrize(
    ("as_of", "listed"),
    [
        (date(2024, 9, 29), False),
        (date(2024, 9, 30), True),  # docs/sumber.md 11.8, inclusive
        (date(2024, 12, 31), True),
        (date(2025, 1, 1), True),
    ],
)
def test_three_months_are_inclusive(as_of: date, listed: bool, tmp_path: Path) -> None:
    path = put(tmp_path, "a.yml", {"cons_id.vendor": None})
    assert ("perjanjian" in kinds(look(path, as_of=as_of))) is listed


def test_the_default_window_is_that_of_hfis() -> None:
    months = load_parameters().resolve_all(date(2024, 1, 1)).whole("jangka.peringatan_berakhir")
    assert parse_window(f"{months}m") == THREE_MONTHS


def test_the_latest_year_of_rekredensialing_is_shown(tmp_path: Path) -> None:
    rows = [
        {
            "tahun": 2024,
            "skor_penilaian_mandiri": "95,50",
            "tanggal_penilaian_mandiri": "2024-08-20",
        },
        {"tahun": 2023, "skor_rekredensialing": "90,90", "tanggal_rekredensialing": "2023-10-16"},
    ]
    path = put(tmp_path, "a.yml", {"cons_id.vendor": None, "rekredensialing": rows})
    (one,) = look(path, as_of=date(2024, 12, 1)).endings
    shown = to_json(one)["recredentialing"]
    assert (shown["year"], shown["self_score"], shown["result_score"]) == (2024, "95.50", None)
    assert "recredential.none" in {found.code for found in one.findings}
    lines = CliRunner().invoke(main, ["renewals", str(path), "--as-of", "2024-12-01"]).output
    assert "Rekredensialing 2024: penilaian mandiri 95.50 (20 Agustus 2024)" in lines
    licences = [to_json(one) for one in look(path, as_of=date(2026, 3, 1)).endings]
    assert {one["kind"] for one in licences if one["recredentialing"]} == {"perjanjian"}


def test_a_result_of_the_year_leaves_nothing_to_ask(tmp_path: Path) -> None:
    row = {"tahun": 2024, "skor_rekredensialing": "90,90", "tanggal_rekredensialing": "2024-10-16"}
    path = put(tmp_path, "a.yml", {"cons_id.vendor": None, "rekredensialing": [row]})
    (one,) = look(path, as_of=date(2024, 12, 1)).endings
    assert "recredential.none" not in {found.code for found in one.findings}


def test_days_are_inclusive_too(tmp_path: Path) -> None:
    path = put(tmp_path, "a.yml", {"cons_id.vendor": None})
    ninety = parse_window("90d")
    assert kinds(look(path, as_of=date(2024, 10, 1), window=ninety)) == []
    assert kinds(look(path, as_of=date(2024, 10, 2), window=ninety)) == ["perjanjian"]


@pytest.mark.parametrize("text", ["", "3", "m", "3y", "-1m", "61m", "1000d", "3 m", "3m; rm", "٣m"])
def test_windows_that_are_none(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_window(text)
    assert refused.value.code == "renewals.bad_window"


def test_deadlines_of_every_kind() -> None:
    dokumen = [{"jenis": "pks_jejaring", "nomor": "7/PKS", "berlaku_sampai": "2024-08-01"}]
    kontrak = changed_at({"dokumen": dokumen})
    found = deadlines(kontrak)
    assert {one.jenis for one in found} == {
        "perjanjian",
        "sip",
        "izin_operasional",
        "akreditasi",
        "dokumen",
        "izin_jejaring",
        "vendor_sim",
    }
    assert [one.berakhir for one in found] == sorted(one.berakhir for one in found)
    assert (found[0].nama, found[0].nomor) == ("PKS jejaring", "7/PKS")
    assert sum(one.jenis == "sip" for one in found) == len(kontrak.tenaga_kesehatan)


def test_the_next_term_is_one_year_without_gap() -> None:
    term = next_term(sample())
    assert (term.tanggal_mulai, term.tanggal_selesai) == (date(2025, 1, 1), date(2025, 12, 31))
    leap = next_term(changed_at({"jangka_waktu.tanggal_selesai": "2024-02-28"}))
    assert (leap.tanggal_mulai, leap.tanggal_selesai) == (date(2024, 2, 29), date(2025, 2, 28))


def test_what_blocks_and_what_warns(tmp_path: Path) -> None:
    path = put(
        tmp_path,
        "a.yml",
        {
            "tenaga_kesehatan[1].sip.berlaku_sampai": "2024-12-31",
            "faskes.izin_operasional.berlaku_sampai": "2024-12-31",
            "faskes.akreditasi.berlaku_sampai": "2025-02-01",
            "jejaring[0].izin.berlaku_sampai": None,
            "jejaring[1].nomor_pks_jejaring": None,
        },
    )
    result = look(path, as_of=date(2024, 11, 1))
    (agreement,) = [one for one in result.endings if one.tenggat.jenis == "perjanjian"]
    found = {(finding.level, finding.path) for finding in agreement.findings}
    assert ("blocking", "tenaga_kesehatan[1].sip.berlaku_sampai") in found
    assert ("blocking", "faskes.izin_operasional.berlaku_sampai") in found
    assert ("warning", "faskes.akreditasi.berlaku_sampai") in found
    assert ("manual", "jejaring[0].izin.berlaku_sampai") in found
    assert "jejaring[1].nomor_pks_jejaring" in {path for _, path in found}
    shown = next(one for one in to_json(result)["renewals"] if one["kind"] == "perjanjian")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert "tanggal_selesai: 2024-12-31" in lines[int(shown["place"]) - 1]
    for finding in shown["findings"]:
        assert finding["place"].isdigit()
    assert "number." not in str(sorted(finding.code for finding in agreement.findings))


def test_licences_are_listed_without_their_agreement(tmp_path: Path) -> None:
    changes = {
        "jangka_waktu.tanggal_selesai": "2026-12-31",
        "cons_id.vendor": None,
        "tenaga_kesehatan[2].sip.berlaku_sampai": "2024-12-01",
    }
    result = look(put(tmp_path, "a.yml", changes), as_of=date(2024, 11, 1))
    assert [(one.tenggat.jenis, one.days_left) for one in result.endings] == [("sip", 30)]


def test_sorted_by_day_with_the_agreement_first(tmp_path: Path) -> None:
    put(tmp_path, "b.yml")
    put(tmp_path, "sub/a.yml", {"faskes.kode": "9917U030"})
    result = look(tmp_path, as_of=date(2024, 12, 1))
    files = [Path(one.source.file).name for one in result.endings]
    assert files == ["b.yml", "b.yml", "a.yml", "a.yml"]
    assert kinds(result) == ["perjanjian", "vendor_sim"] * 2


def test_a_later_agreement_speaks_for_the_facility(tmp_path: Path) -> None:
    put(tmp_path, "2024.yml")
    later = {
        "jangka_waktu": {"tanggal_mulai": "2025-01-01", "tanggal_selesai": "2025-12-31"},
        "cons_id.vendor": None,
    }
    put(tmp_path, "2025.yml", later)
    (still,) = look(tmp_path, as_of=date(2024, 12, 31)).endings
    assert still.tenggat.jenis == "perjanjian"
    assert Path(still.replaced_by or "").name == "2025.yml"
    assert still.findings == ()
    assert look(tmp_path, as_of=date(2025, 1, 1)).endings == ()
    put(tmp_path, "2025.yml", later | {"faskes.kode": "9917U031"})
    assert "perjanjian" in kinds(look(tmp_path, as_of=date(2025, 1, 1)))


def test_bad_files_stop_nothing(tmp_path: Path) -> None:
    put(tmp_path, "baik.yml")
    (tmp_path / "rusak.yml").write_text("a: [", encoding="utf-8")
    (tmp_path / "biner.yaml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "bom.yml").write_text("a: &x [1]\nb: *x\n", encoding="utf-8")
    (tmp_path / "palsu.xlsx").write_bytes(b"PK\x03\x04 bukan buku kerja")
    (tmp_path / "catatan.txt").write_text("bukan data", encoding="utf-8")
    (tmp_path / ".tersembunyi.yml").write_text("a: [", encoding="utf-8")
    result = look(tmp_path, tmp_path / "tidak-ada.yml", as_of=date(2024, 12, 1))
    names = {Path(one.file).name for one in result.unreadable}
    assert names == {"rusak.yml", "biner.yaml", "bom.yml", "palsu.xlsx", "tidak-ada.yml"}
    assert result.read == 1
    assert not result.complete
    assert "perjanjian" in kinds(result)


def test_placeholders_are_incomplete_data(tmp_path: Path) -> None:
    path = put(tmp_path, "a.yml")
    text = path.read_text(encoding="utf-8").replace('"417/KTR/XIV-07/1223"', '"ISI: nomor"')
    path.write_text(text, encoding="utf-8")
    (lost,) = look(path, as_of=date(2024, 12, 1)).unreadable
    assert [problem["path"] for problem in to_json(lost)["problems"]] == ["pihak_kesatu.nomor_pks"]


def test_a_file_is_read_once_and_links_are_not_followed(tmp_path: Path) -> None:
    path = put(tmp_path / "data", "a.yml")
    (tmp_path / "data" / "tautan.yml").symlink_to(path)
    result = look(
        tmp_path / "data", path, tmp_path / "data" / ".." / "data", as_of=date(2024, 12, 1)
    )
    assert result.read == 1


def test_addenda_in_folders_are_skipped() -> None:
    result = look(samples_root(), as_of=date(2024, 12, 1))
    (addendum,) = [name for name in result.skipped if Path(name).parent == samples_root()]
    assert Path(addendum).name == "addendum-rekening.yml"
    assert result.unreadable == ()
    assert result.read == len(contract_samples())
    direct = look(samples_root() / "addendum-rekening.yml", as_of=date(2024, 12, 1))
    assert len(direct.unreadable) == 1


def test_letters_in_folders_are_skipped_and_nothing_else(tmp_path: Path) -> None:
    letters = sorted((samples_root() / "surat").glob("*.yml"))
    assert len(letters) == len(MODEL_SURAT)
    for path in (*letters, samples_root() / "tpmd.yml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    result = look(tmp_path, as_of=date(2024, 12, 1))
    assert [Path(name).name for name in result.skipped] == [path.name for path in letters]
    assert (result.read, result.unreadable) == (1, ())
    direct = look(letters[0], as_of=date(2024, 12, 1))
    assert (direct.skipped, len(direct.unreadable)) == ((), 1)


@pytest.mark.parametrize(
    ("content", "is_left_out"),
    [
        (b"perjanjian: {berkas: a.yml}\nnomor: x\nsalah_eja: y\n", True),
        (b"perjanjian: {berkas: a.yml}\nfaskes: {kode: x}\n", False),
        (b"perjanjian: {nomor: x}\n", False),
        (b"perjanjian: a.yml\n", False),
        (b"perjanjian: {berkas: a.yml\n", False),
        (b"\xff\xfe", False),
    ],
)
def test_only_what_names_its_agreement_is_a_letter(
    content: bytes, is_left_out: bool, tmp_path: Path
) -> None:
    (tmp_path / "a.yml").write_bytes(content)
    (tmp_path / "b.yml").write_bytes((samples_root() / "tpmd.yml").read_bytes())
    result = look(tmp_path, as_of=date(2024, 12, 1))
    assert result.read == 1
    assert (len(result.skipped), len(result.unreadable)) == (is_left_out, not is_left_out)


def test_settings_in_folders_are_skipped(tmp_path: Path) -> None:
    for path in (settings_sample(), samples_root() / "tpmd.yml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    result = look(tmp_path, as_of=date(2024, 12, 1))
    assert [Path(name).name for name in result.skipped] == ["pengaturan.yml"]
    assert (result.read, result.unreadable) == (1, ())


def test_nothing_to_look_at(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        look(tmp_path, as_of=date(2024, 12, 1))
    assert refused.value.code == "renewals.nothing_found"


def test_workbooks_name_the_cell(tmp_path: Path) -> None:
    book = tmp_path / "buku.xlsx"
    other = {"faskes.kode": "9917U030", "tenaga_kesehatan[1].sip.berlaku_sampai": "2024-12-20"}
    book.write_bytes(write_workbook({"satu": sample(), "dua": changed_at(other)}))
    result = look(book, as_of=date(2024, 12, 1))
    assert result.read == 2
    assert result.unreadable == ()
    (licence,) = [one for one in to_json(result)["renewals"] if one["kind"] == "sip"]
    assert licence["file"].endswith("buku.xlsx#dua")
    assert "!" in licence["place"]
