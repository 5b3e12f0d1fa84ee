"""Without quotes only what every program reads alike is more than text."""

from __future__ import annotations

from datetime import date

import pytest

from pks_kit.strict_yaml.nodes import YamlError
from pks_kit.strict_yaml.reader import read_mapping
from pks_kit.strict_yaml.values import as_text, as_values


def read(value: str) -> object:
    return as_values(read_mapping(f"a: {value}"))["a"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("false", False),
        ("0", 0),
        ("-12", -12),
        ("3.50", 3.5),
        ("2024-02-29", date(2024, 2, 29)),
        ("teks biasa", "teks biasa"),
        ("ya", "ya"),
        ("1.2.3", "1.2.3"),
        ("2024-13-45", "2024-13-45"),
        ('"true"', "true"),
        ("'7'", "7"),
        ('"yes"', "yes"),
        ('""', ""),
        ("[1, x]", [1, "x"]),
    ],
)
def test_values(written: str, value: object) -> None:
    found = read(written)
    assert found == value
    assert type(found) is type(value)


def test_a_block_is_always_text() -> None:
    assert as_values(read_mapping("a: |-\n  true\nb: >-\n  12")) == {"a": "true", "b": "12"}


@pytest.mark.parametrize(
    "written",
    ["yes", "No", "on", "OFF", "True", "FALSE", "Null", "0x1F", "017", "0b1", "1_000", "08:30",
     "08.00", "1:20:30", ".5", "1e3", "1.5e+3", ".inf", "-.INF", ".nan", "+7", "5.", "=", "<<",
     "2024-1-2", "2024-01-02 03:04:05", "2024-01-02T03:04:05Z"],
)  # fmt: skip
def test_what_programs_read_differently_must_be_quoted(written: str) -> None:
    tree = read_mapping(f"x: 1\na:\n  - {written}\n")
    found: object = None
    try:
        found = as_values(tree)
    except YamlError as error:
        problem = error.first
        assert (problem.code, problem.line) == ("input.ambiguous_scalar", 3)
        assert problem.path == ("a", 0)
        assert problem.params == {"value": written}
    assert found is None or found == {"x": 1, "a": [written]}, "silently another value"
    assert as_text(tree) == {"x": "1", "a": [written]}
    assert read(f'"{written}"') == written
