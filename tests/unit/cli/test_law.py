"""``pks-kit law``: from a printed number to its parameter, decree, clause, function and test."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.law import law_group
from pks_kit.cli.main import main
from pks_kit.rules.law.parameters import load_parameters
from support.sample import SAMPLE


def run(*arguments: str) -> Result:
    return CliRunner(env={"LC_ALL": "id_ID.UTF-8"}).invoke(law_group, list(arguments))


def as_json(*arguments: str) -> dict[str, Any]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_list_names_all_of_them() -> None:
    names = [row["name"] for row in as_json("list", "--as-of", "2024-06-01")["parameters"]]
    assert names == list(load_parameters().names())


def test_list_of_a_group() -> None:
    rows = as_json("list", "kapitasi.puskesmas", "--as-of", "2024-06-01")["parameters"]
    assert {row["printed"] for row in rows} == {
        *("Rp7.000,00", "Rp6.300,00", "Rp6.000,00"),
        *("Rp5.300,00", "Rp4.300,00", "Rp3.600,00"),
    }


@pytest.mark.slow
def test_printed_number_leads_to_parameter_decree_and_test() -> None:
    found = as_json("list", "--find", "Rp12.000,00", "--as-of", "2024-06-01")["parameters"]
    assert [row["name"] for row in found] == [
        "kapitasi.klinik_pratama.rasio_terpenuhi_dengan_dokter_gigi"
    ]
    shown = as_json("show", found[0]["name"])["parameter"]
    assert "Permenkes 3/2023 Pasal 6" in shown["values"][-1]["legal_basis"]
    assert shown["file"].endswith("parameter/kapitasi.yml")
    uses = shown["uses"]
    assert any("biaya-penagihan-pembayaran" in use["file"] for use in uses["templates"])
    assert "capitation_norm" in {use["place"] for use in uses["code"]}
    assert "tests/unit/rules/law/facts.yml" in {use["file"] for use in uses["tests"]}


def test_not_in_force_is_shown_with_its_dates() -> None:
    line = run("list", "keamanan.pemberitahuan_pihak_ketiga", "--as-of", "2023-06-01").stdout
    assert "tidak berlaku; berlakunya: 1 Januari 2024 – …" in line


def test_show_outside_its_dates_is_exit_11() -> None:
    result = run("show", "sanksi.jeda_teguran", "--as-of", "1999-01-01", "--json")
    assert result.exit_code == 11
    error = json.loads(result.stdout)["error"]
    assert error["code"] == "rules.not_in_force"
    assert "1 Januari 2023 – …" in error["message"]["id"]


def test_show_accepts_the_name_as_templates_write_it() -> None:
    text = run("show", "aturan.sanksi.jeda_teguran").stdout
    assert text.startswith("aturan.sanksi.jeda_teguran\n")
    assert "1 Januari 2024 – …: 30 hari kalender" in text
    assert "dasar hukum: Sosialisasi PKS FKTP 2024, Pasal 11 ayat (2)" in text
    assert "templates/pks_2024/pasal/sanksi.md:" in text
    assert "next_reprimand" in text
    assert "kepastian: susunan" in text  # its value of 2023 is an inference


@pytest.mark.parametrize("command", ["check", "draft"])
def test_contract_outside_the_known_law_is_exit_11(command: str, tmp_path: Path) -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    text = text.replace("tanggal_mulai: 2024-01-01", "tanggal_mulai: 2019-01-01")
    path = tmp_path / "lama.yml"
    path.write_text(
        text.replace("tanggal_selesai: 2024-12-31", "tanggal_selesai: 2019-12-31"), encoding="utf-8"
    )
    output = ["-o", str(tmp_path / "keluaran")] if command == "draft" else []
    result = CliRunner().invoke(main, [command, str(path), *output, "--json"])
    assert result.exit_code == 11, result.output
    error = json.loads(result.stdout)["error"]
    assert error["code"] == "rules.not_in_force"
    assert "1 Januari 2019" in error["message"]["id"]
    assert "Januari 2023" in error["message"]["id"]


def test_unknown_name_is_answered_with_the_nearest() -> None:
    result = run("show", "sanksi.jeda_tegur")
    assert result.exit_code == 2
    assert "sanksi.jeda_teguran" in result.stderr


NEVER_COMPARED = sorted(one.nama for one in load_parameters() if one.terakhir_diperiksa is None)
"""These have no day and are always listed, before all others."""


def stale(*arguments: str) -> tuple[list[str], list[str]]:
    """Return the names without and with a day of the last check, as ``law stale`` lists them."""
    rows = as_json("stale", *arguments)["parameters"]
    days = [row["checked"] for row in rows]
    assert days == sorted(days, key=lambda day: day or "")
    never = [row["name"] for row in rows if row["checked"] is None]
    return never, [row["name"] for row in rows if row["checked"] is not None]


@pytest.mark.parametrize(("day", "all_of_them"), [("2026-11-21", False), ("2100-01-01", True)])
def test_stale(day: str, all_of_them: bool) -> None:
    never, old = stale("--as-of", day)
    assert never == NEVER_COMPARED
    dated = set(load_parameters().names()) - set(NEVER_COMPARED)
    assert set(old) == (dated if all_of_them else set())


def test_what_nobody_compared_is_listed_with_a_dash() -> None:
    lines = run("stale", "--as-of", "2026-11-21").stdout.splitlines()
    named = [line.split("\t")[1] for line in lines if line.startswith("–\t")]
    assert named == NEVER_COMPARED != []


def test_stale_limit_is_exact() -> None:
    days = {one.nama: one.terakhir_diperiksa for one in load_parameters() if one.terakhir_diperiksa}
    oldest = min(days.values())
    assert oldest == date(2026, 11, 21)
    assert stale("--older-than", "10", "--as-of", "2026-12-01") == (NEVER_COMPARED, [])
    _, old = stale("--older-than", "10", "--as-of", "2026-12-02")
    assert set(old) == {name for name, day in days.items() if day == oldest}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("pkbk.pembayaran.persen_3", "97%"),
        ("koefisien_risiko.balita.laki_laki", "1,16"),
        ("tarif_kebidanan.anc.tahun_lulus_usg", "2012"),
        ("penagihan.tanggal_bayar_kapitasi", "tanggal 15"),
        ("pelayanan.care_center", "165"),
        ("pkbk.angka_kontak.target", "150 permil"),
        ("dokumen.registrasi_bita", "2.097.152 bita"),
    ],
)
def test_values_are_shown_as_printed(name: str, printed: str) -> None:
    assert as_json("show", name)["parameter"]["values"][-1]["printed"] == printed
