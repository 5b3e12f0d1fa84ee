"""What the checks find, case by case; ``cases/README.md`` tells how to add one without Python."""

from __future__ import annotations

import copy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from pks_kit.rules.checks.catalogue import check_kontrak
from support.checking import NO_EMERGENCY, PUSKESMAS, START, TNI, TPMD, faults
from support.sample import changed_at

HERE = Path(__file__).parent / "cases"
CHECKS = Path(__file__).resolve().parents[2] / "src" / "pks_kit" / "rules" / "checks"
KINDS: dict[str, dict[str, Any]] = {
    "klinik_pratama": {},
    "puskesmas": PUSKESMAS,
    "tpmd": TPMD,
    "klinik_tni_polri": TNI,
    "klinik_tanpa_ugd": NO_EMERGENCY,
}
KEYS = {"nama", "dasar", "ubah", "hari", "temuan", "kata"}
HOURS = "coverage"
"""Only cases of this file are told of promised hours without people."""


def _cases() -> list[Any]:
    found = []
    for path in sorted(HERE.glob("*.yml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            found.append(pytest.param(case, path.stem == HOURS, id=f"{path.stem}: {case['nama']}"))
    return found


@pytest.mark.parametrize(("case", "hours"), _cases())
def test_case(case: dict[str, Any], hours: bool) -> None:
    assert set(case) <= KEYS
    day = date.fromisoformat(case["hari"]) if "hari" in case else START
    kind = KINDS[case.get("dasar", "klinik_pratama")]
    usual = faults(kind, hours=hours)
    changes = {**copy.deepcopy(kind), **case["ubah"]}
    found = faults(changes, day, hours=hours)
    expected = [(one["tingkat"], one["kode"], one["tempat"]) for one in case["temuan"]]
    assert [one for one in found if one not in usual] == expected
    for words in case.get("kata", ()):
        told = [finding.text.id for finding in check_kontrak(changed_at(changes), day)]
        assert any(words in one for one in told), told


def test_every_file_of_cases_names_a_module_of_checks() -> None:
    assert [
        one.name for one in HERE.glob("*.yml") if not (CHECKS / f"{one.stem}.py").is_file()
    ] == []


def test_names_of_cases_tell_them_apart() -> None:
    names = [str(case.id) for case in _cases()]
    assert sorted(set(names)) == sorted(names)
