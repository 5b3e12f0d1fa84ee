"""One broken parameter file per mistake: the message names file and line and says what is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pks_kit.errors import InputError
from pks_kit.rules.law.parameter_file import parse_parameter_file
from pks_kit.rules.law.parameters import read_parameters

BROKEN = Path(__file__).parent / "broken"
EXPECTED: dict[str, Any] = yaml.safe_load((BROKEN / "harapan.txt").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_message_names_file_line_and_mistake(name: str, tmp_path: Path) -> None:
    shutil.copy(BROKEN / f"{name}.yml", tmp_path)
    with pytest.raises(InputError) as caught:
        read_parameters(tmp_path)
    error = caught.value
    assert error.code == "rules.bad_parameter"
    assert error.exit_code == 3
    assert error.params["file"] == f"{name}.yml"
    assert error.params["line"] == EXPECTED[name]["baris"], str(error)
    for word in EXPECTED[name]["kata"]:
        assert word in error.text.en
    for language in (error.text.id, error.text.en):
        assert f"{name}.yml" in language
        assert str(EXPECTED[name]["baris"]) in language
        assert "rules.reason" not in language


def test_every_broken_file_is_expected() -> None:
    assert {path.stem for path in BROKEN.glob("*.yml")} == set(EXPECTED)


GOOD = (BROKEN / "as_of.yml").read_text(encoding="utf-8")
ODD = st.sampled_from(
    [
        *"{}[]:,-?*&!|>%@`#\"'\n\t ",
        "null",
        "~",
        "2024-01-01",
        "1e9",
        ".inf",
        "0x1F",
        "<<",
        "é",
        "\x85",
    ]
)


@settings(max_examples=300, deadline=None)
@given(position=st.integers(0, len(GOOD)), length=st.integers(0, 12), odd=ODD)
def test_damaged_files_give_words_never_a_traceback(position: int, length: int, odd: str) -> None:
    damaged = GOOD[:position] + odd + GOOD[position + length :]
    problem: InputError | None = None
    try:
        parse_parameter_file(damaged, "sanksi.yml")
    except InputError as error:
        problem = error
    if problem is not None:
        assert problem.code == "rules.bad_parameter"
        assert 1 <= problem.params["line"] <= damaged.count("\n") + 2
