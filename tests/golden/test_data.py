"""Contract data, workbooks and forms of earlier versions are read as they were."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from golden.golden_files import EXPECTED, NOW, VERSIONS, Golden, answer, kept, run


@pytest.mark.parametrize(
    ("version", "area", "name"),
    [("v1", "elektronik", "kontrak.yml"), ("v1", "digital", "kontrak.yml"),
     ("v1", "manual", "kontrak.yml"), ("v1", "addendum", "klinik-pratama-rawat-inap.yml"),
     ("v1", "data", "dari-formulir.yml"), ("v2", "digital", "kontrak.yml"),
     ("v2", "manual", "kontrak.yml"), ("v2", "addendum", "klinik-pratama-rawat-inap.yml")],
)  # fmt: skip
def test_contract_data_is_read_without_problems(
    version: str, area: str, name: str, golden: Golden
) -> None:
    answer(golden(version, area), "2023-12-23T08:00:00+07:00", "check", name)


@pytest.mark.parametrize("version", VERSIONS)
def test_data_of_an_addendum_is_read(version: str, golden: Golden, tmp_path: Path) -> None:
    done = answer(golden(version, "addendum"), "2024-06-20T08:00:00+07:00", "addendum",
                  "addendum.yml", "--format", "txt", "-o", tmp_path / "keluaran")  # fmt: skip
    before = golden.read(version, "addendum", "terbit/draft.json")
    assert done["agreement_id"] == before["agreement_id"]
    assert not set(before) - set(done)


def test_data_is_renewed_as_before(golden: Golden, tmp_path: Path) -> None:
    folder = golden("v1", "data")
    answer(folder, "2024-10-01T08:00:00+07:00", "renew", "kontrak.yml", "--mulai", "2025-01-01",
           "--selesai", "2025-12-31", "-o", tmp_path / "x.yml")  # fmt: skip
    before = yaml.safe_load((folder / "perpanjangan.yml").read_text(encoding="utf-8"))
    after = yaml.safe_load((tmp_path / "x.yml").read_text(encoding="utf-8"))
    assert kept(before["faskes"], after["faskes"]) == []
    assert kept(before["jangka_waktu"], after["jangka_waktu"]) == []
    # an old renewal still waits for the same answers of a person, and for nothing else
    done = answer(folder, "2024-10-01T08:00:00+07:00", "check", "perpanjangan.yml", codes=(3,))
    problems = golden.read("v1", "data", "perpanjangan.check.json")
    paths = [{one["path"] for one in each["error"]["problems"]} for each in (problems, done)]
    assert paths[0] == paths[1]


def test_a_workbook_is_read(golden: Golden) -> None:
    done = answer(golden("v1", "data"), NOW, "check", "buku-contoh.xlsx")
    expected = EXPECTED["v1"]["data"]["workbook_facilities"]
    found = [[one["key"], len(one["problems"])] for one in done["facilities"]]
    assert found == [[key, problems] for key, _, problems in expected]
    for one, (_, name, _) in zip(done["facilities"], expected, strict=True):
        # a facility is called as its agreement prints it: by the words of the data and its kind
        assert set(name.split()) <= set(one["name"].split())


def test_an_empty_workbook_is_still_a_workbook(golden: Golden) -> None:
    done = answer(golden("v1", "data"), NOW, "check", "buku-kosong.xlsx", codes=(3,))
    assert done["facilities"] == []
    assert [one["code"] for one in done["problems"]] == ["workbook.no_facility"]


def test_forms_are_read_and_written(golden: Golden, tmp_path: Path) -> None:
    folder = golden("v1", "data")
    for form in ("formulir-hfis.csv", "formulir-hfis-dari-buku.csv"):
        out = tmp_path / f"{form}.yml"
        done = run(folder, NOW, "workbook", "csv-in", form, "--base", "kontrak.yml", "-o", out)
        assert done.exit_code == 0, done.output
        before = yaml.safe_load((folder / "dari-formulir.yml").read_text(encoding="utf-8"))
        assert kept(before, yaml.safe_load(out.read_text(encoding="utf-8"))) == []
    out = tmp_path / "x.csv"
    key = EXPECTED["v1"]["data"]["csv_key"]
    done = run(folder, NOW, "workbook", "csv-out", "buku-contoh.xlsx", out, "--kunci", key)
    assert done.exit_code == 0, done.output
    back = tmp_path / "kembali.yml"
    done = run(folder, NOW, "workbook", "csv-in", out, "--base", "kontrak.yml", "-o", back)
    assert done.exit_code == 0, done.output
    assert kept(before, yaml.safe_load(back.read_text(encoding="utf-8"))) == []
