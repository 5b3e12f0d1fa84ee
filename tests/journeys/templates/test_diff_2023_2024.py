"""The comparison of the two real versions says exactly what docs/sumber.md says."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from pks_kit.cli.main import main
from pks_kit.naskah.diff.result import PartChange
from pks_kit.pipelines.compare import CompareRequest, CompareResult, compare_versions
from pks_kit.rules.law.parameter_file import parse_parameter_file
from pks_kit.rules.law.parameters import ParameterSet, load_parameters
from support.sample import sample

FACTS = yaml.safe_load((Path(__file__).parent / "facts_2023.yml").read_text(encoding="utf-8"))


@cache
def result() -> CompareResult:
    return compare_versions(
        CompareRequest(kontrak=sample(), versi_lama="pks_2023", versi_baru="pks_2024")
    )


def pasal() -> tuple[PartChange, ...]:
    return result().diff.parts_of("pasal")


def test_the_mapping_of_the_fact_sheet() -> None:
    found = [
        (part.nomor_baru, part.judul_baru, part.nomor_lama, part.judul_lama, list(part.kinds))
        for part in pasal()
    ]
    expected = [
        (
            f"Pasal {new}",
            title,
            f"Pasal {old}" if old else "",
            (old_title or title) if old else "",
            kinds,
        )
        for new, title, old, old_title, kinds in FACTS["pasal"]
    ]
    assert found == expected
    assert len(found) == 21
    assert sum(bool(old) for _, _, old, _, _ in found) == 18


def test_the_pasal_that_grew() -> None:
    grown = {
        int(part.nomor_baru.removeprefix("Pasal "))
        for part in pasal()
        if part.nomor_lama and part.counts["added"]
    }
    assert set(FACTS["isi_bertambah"]) <= grown


def test_nine_lampiran_become_twelve() -> None:
    lampiran = result().diff.parts_of("lampiran")
    assert [part.kinds for part in lampiran] == [("kept",)] * 9 + [("new",)] * 3
    assert [part.nomor_baru.split()[1] for part in lampiran[9:]] == FACTS["lampiran_baru"]


def test_exactly_the_clauses_of_the_fact_sheet_differ() -> None:
    found: dict[str, dict[str, set[str]]] = {}
    for part in pasal():
        for change in part.clauses:
            if change.kind in ("added", "removed", "reworded") and part.kinds != ("new",):
                names = found.setdefault(part.subjek, {}).setdefault(change.kind, set())
                names.add(change.one.label or change.one.tempat)
    expected = {
        subjek: {
            kind: {name for names in reasons.values() for name in names}
            for kind, reasons in kinds.items()
        }
        for subjek, kinds in FACTS["ketentuan"].items()
    }
    assert found == expected


def test_definitions_added_and_redefined_are_nine_and_two() -> None:
    facts = FACTS["ketentuan"]["ketentuan-umum"]
    assert (len(facts["added"]["fakta"]), len(facts["reworded"]["fakta"])) == (9, 2)


def test_definitions_of_ours_are_marked_so() -> None:
    facts = FACTS["ketentuan"]["ketentuan-umum"]
    (part,) = [one for one in pasal() if one.subjek == "ketentuan-umum"]
    ours = {
        change.one.label
        for change in part.clauses
        if change.kind in ("added", "reworded") and change.is_ours
    }
    assert ours == {*facts["added"]["akibat"], *facts["reworded"]["akibat"]}
    assert {one.source for one in part.clauses if one.label in facts["added"]["fakta"]} == {
        "sosialisasi-2024"
    }


def test_every_clause_of_both_sides_stands_once() -> None:
    changes = result().diff.clauses
    for side in ("old", "new"):
        order = [getattr(c, side).urutan for c in changes if getattr(c, side)]
        assert sorted(order) == list(range(len(order)))
        assert len(order) > 800
    assert sum(result().diff.counts.values()) == len(changes)


def test_the_way_back_says_the_opposite() -> None:
    back = compare_versions(
        CompareRequest(kontrak=sample(), versi_lama="pks_2024", versi_baru="pks_2023")
    )
    there = result().diff.counts
    assert back.diff.counts["removed"] == there["added"]
    assert back.diff.counts["reworded"] == there["reworded"]
    gone = [part for part in back.diff.parts if part.kinds == ("gone",)]
    assert [part.nomor_lama for part in gone] == [
        "Pasal 9", "Pasal 10", "Pasal 16", "Lampiran X", "Lampiran XI", "Lampiran XII",
    ]  # fmt: skip


def test_a_version_does_not_differ_from_itself() -> None:
    same = compare_versions(
        CompareRequest(kontrak=sample(), versi_lama="pks_2024", versi_baru="pks_2024")
    )
    counts = same.diff.counts
    assert counts["same"] == sum(counts.values())


# --- parameters ----------------------------------------------------------------------------------


def later_reprimand(before: str = "2024-01-01", after: str = "2025-01-01") -> ParameterSet:
    """All parameters, with five reprimands instead of three from a later date on."""
    source = (
        "teguran_maksimum:\n  keterangan: Uji\n  satuan: kali\n  kepastian: susunan\n"
        "  terakhir_diperiksa: 2026-11-21\n  nilai:\n"
        f'    {before}: {{nilai: 3, dasar_hukum: "Uji"}}\n'
        f'    {after}: {{nilai: 5, dasar_hukum: "Uji"}}\n'
    )
    (changed,) = parse_parameter_file(source, "sanksi.yml")
    others = [one for one in load_parameters() if one.nama != changed.nama]
    assert len(others) == len(load_parameters().parameters) - 1
    return ParameterSet(parameters=(*others, changed))


@pytest.mark.parametrize(
    ("versi", "place"), [("pks_2024", "Pasal 11 ayat (2)"), ("pks_2023", "Pasal 13 ayat (2)")]
)
def test_another_value_is_a_change_of_parameter_only(versi: str, place: str) -> None:
    compared = compare_versions(
        CompareRequest(
            kontrak=sample(),
            versi_lama=versi,
            versi_baru="pks_2024",
            as_of_lama=date(2024, 6, 1),
            as_of_baru=date(2025, 6, 1),
            parameters=later_reprimand(),
        )
    )
    found = [c for c in compared.diff.clauses if c.kind == "parameter_only"]
    places = [c.old.place for c in found if c.old]
    assert place in places
    (change,) = [c for c in found if c.old and c.old.place == place]
    assert [(m.op, m.text) for m in change.marks if m.op != "same"] == [
        ("removed", "3 (tiga"),
        ("added", "5 (lima"),
    ]
    if versi == "pks_2024":
        counts = compared.diff.counts
        assert counts["same"] + counts["parameter_only"] == sum(counts.values())


def test_the_old_date_need_not_know_the_values_of_the_new_version() -> None:
    """In 2023 nobody had a value for the new pasal; the old version with new values tells."""
    compared = compare_versions(
        CompareRequest(
            kontrak=sample(),
            versi_lama="pks_2023",
            versi_baru="pks_2024",
            as_of_lama=date(2023, 6, 1),
            parameters=later_reprimand("2023-01-01", "2024-01-01"),
        )
    )
    found = {c.one.place for c in compared.diff.clauses if c.kind == "parameter_only"}
    assert {"Pasal 11 ayat (2)", "Pasal 12 ayat (1) huruf a"} <= found
    assert compared.diff.counts["reworded"] == result().diff.counts["reworded"]


def test_values_that_do_not_exist_yet_are_refused() -> None:
    run = CliRunner().invoke(
        main, ["template", "diff", "pks_2023", "pks_2024", "--as-of-a", "2012-05-05", "--json"]
    )
    assert run.exit_code == 11
    assert json.loads(run.stdout)["error"]["code"] == "rules.not_in_force"


# --- the command ---------------------------------------------------------------------------------


def run_diff(*arguments: str) -> Any:
    run = CliRunner().invoke(main, ["template", "diff", "pks_2023", "pks_2024", *arguments])
    assert run.exit_code == 0, run.output
    return run


def test_json_says_what_the_library_says() -> None:
    shown = json.loads(run_diff("--json").stdout)
    assert shown["counts"] == dict(result().diff.counts)
    assert len(shown["clauses"]) == len(result().diff.clauses)
    assert (shown["old"], shown["new"]) == ("pks_2023", "pks_2024")
    assert shown["old_as_of"] == shown["new_as_of"] == "2024-01-01"
    jejaring = next(one for one in shown["parts"] if one["subject"] == "jejaring")
    assert jejaring["old"] == {"number": "Pasal 6", "title": "Jejaring Faskes"}
    for clause in shown["clauses"]:
        for side, op in (("old", "added"), ("new", "removed")):
            if clause["marks"]:
                text = "".join(words for mark, words in clause["marks"] if mark != op)
                assert text == clause[side]["text"]


def test_the_table_names_every_pasal_and_the_counts() -> None:
    shown = run_diff().stdout
    for number in range(1, 22):
        assert f"Pasal {number} " in shown
    assert "Lampiran XII" in shown
    assert f"{result().diff.counts['reworded']} diubah" in " ".join(shown.split())
    assert "Pasal 1 angka 18 (susunan, tidak disebut sumber)" in shown


def test_an_unknown_version_is_named() -> None:
    run = CliRunner().invoke(main, ["template", "diff", "pks_1999", "pks_2024"])
    assert run.exit_code == 3
    assert "pks_1999" in run.stderr
