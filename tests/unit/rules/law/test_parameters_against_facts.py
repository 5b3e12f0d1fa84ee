"""Every number among the parameters, compared with the numbers of docs/sumber.md, and its use."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

import pks_kit
from pks_kit.pipelines.reference.law_uses import (
    code_uses,
    covering_tests,
    listed_uses,
    template_uses,
)
from pks_kit.resources import templates_root
from pks_kit.rules.law.parameter_file import Parameter
from pks_kit.rules.law.parameters import load_parameters

HERE = Path(__file__).parent
TESTS = HERE.parents[2]
DEADLINES = "unit/rules/computed/test_deadlines.py"
PARAMETERS = load_parameters()
TABLE: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "facts.yml").read_text(encoding="utf-8"))
ROWS = [(name, value) for rows in TABLE.values() for name, value in rows.items()]


@pytest.mark.parametrize(("name", "value"), ROWS, ids=[name for name, _ in ROWS])
def test_value_of_the_fact_sheet(name: str, value: int | str) -> None:
    parameter = PARAMETERS.get(name)
    decimal = isinstance(value, str) and parameter.satuan != "teks"
    first = next(one for one in parameter.nilai if one.diketahui)
    assert first.nilai == (Decimal(value) if decimal else value)


@pytest.mark.parametrize("parameter", PARAMETERS.parameters, ids=[one.nama for one in PARAMETERS])
def test_only_what_was_compared_has_a_day(parameter: Parameter) -> None:
    """Our own proposals have no source, and what is remembered was compared with none."""
    compared = parameter.kepastian in ("paparan_resmi", "peraturan_terkonfirmasi")
    assert (parameter.terakhir_diperiksa is not None) <= compared
    assert parameter.terakhir_diperiksa or not compared or parameter.ditambahkan


def test_table_holds_every_number() -> None:
    numbers = {one.nama for one in PARAMETERS if one.satuan != "teks"}
    missing = numbers - {name for name, _ in ROWS}
    assert not missing, f"add these to {HERE / 'facts.yml'}: {sorted(missing)}"


def test_sizes_in_bytes_and_megabytes_are_the_same_rule() -> None:
    for value in PARAMETERS.get("dokumen.pks_bidan_bita").nilai:
        printed = PARAMETERS.resolve("jejaring.berkas_perjanjian_bidan", value.mulai).nilai
        assert isinstance(printed, int)
        assert value.nilai == printed * 1024 * 1024


@pytest.fixture(scope="module")
def used() -> set[str]:
    package = Path(pks_kit.__file__).parent
    return {
        one.nama
        for one in PARAMETERS
        if template_uses(one.nama, templates_root()) or code_uses(one.nama, package)
    }


@pytest.mark.slow
def test_no_parameter_is_dead(used: set[str]) -> None:
    assert {one.nama for one in PARAMETERS} - used == set()


def test_lawyer_finds_clause_function_and_test() -> None:
    name = "sanksi.jeda_teguran"
    package = Path(pks_kit.__file__).parent
    printed = template_uses(name, templates_root())
    assert any(use.berkas.endswith("pasal/sanksi.md") and not use.kelompok for use in printed)
    functions = {(use.berkas, use.tempat) for use in code_uses(name, package)}
    assert ("rules/computed/deadlines.py", "next_reprimand") in functions
    assert [use.berkas for use in listed_uses(name, TESTS)] == ["unit/rules/law/facts.yml"]
    assert DEADLINES in {use.berkas for use in code_uses(name, TESTS)}


@pytest.mark.slow
def test_tests_of_the_function_that_computes_are_found() -> None:
    found = {use.berkas: use.tempat for use in covering_tests({"vendor_notice_due"}, TESTS)}
    assert found == {DEADLINES: "test_vendor_notice_is_seven_days_before"}


def test_use_of_a_name_put_together_is_found() -> None:
    package = Path(pks_kit.__file__).parent
    found = code_uses("kapitasi.puskesmas.tanpa_dokter_tanpa_dokter_gigi", package)
    assert "capitation_norm" in {use.tempat for use in found}
    by_group = code_uses("tarif_kebidanan.kunjungan_nifas_3.sampai", package)
    assert [use.kelompok for use in by_group] == [True]


def test_a_longer_name_is_no_use(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "{{ aturan.klaim.batas_lama }}\n{{ aturan.klaim.batas | bilangan }}\n"
        "{% for x in aturan.klaim %}\n",
        encoding="utf-8",
    )
    found = template_uses("klaim.batas", tmp_path)
    assert [(use.baris, use.kelompok) for use in found] == [(2, False), (3, True)]
