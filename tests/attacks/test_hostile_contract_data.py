"""Any bytes and any damage to the sample give a contract or problems, never a traceback."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pks_kit.errors import InputProblemsError, Problem
from pks_kit.inputs import parse_kontrak
from pks_kit.json_form import to_json
from support.sample import SAMPLE

CONTENT = SAMPLE.read_bytes()
LINES = CONTENT.decode().splitlines()
NASTY = [
    "*x", "&x 1", "!!binary x", "{{ 7*7 }}", "'", '"', "|", ">", "- - -", "? ", ": ", "\t", "%YAML",
    "---", "...", "<<: *a", "\u200b", "\u202e", "\x85", "\u2028", "~", "[]", "{}", "[{", "9" * 6000,
    "0x1F", "1e9999", ".inf", "2024-02-30", "12:61", '"\\ud800"', '"\\0"', "@", "`", "#",
]  # fmt: skip


def survives(content: bytes) -> None:
    problems: tuple[Problem, ...] | None = None
    try:
        parse_kontrak(content, "uji.yml")
    except InputProblemsError as error:
        problems = error.problems
    assert problems is None or problems
    for problem in problems or ():
        shown = to_json(problem)
        assert shown["message"]["id"]
        assert not shown["message"]["id"].startswith("[")
        str(shown["message"]).encode()
        shown["path"].encode()


@given(st.binary(max_size=400))
def test_random_bytes(content: bytes) -> None:
    survives(content)


@given(st.text(alphabet="a:-[]{}&*!|>'\"%@`#?,\n \t~\\u0é\u202e", max_size=120))
def test_yaml_soup(text: str) -> None:
    survives(text.encode())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(CONTENT) - 1), st.binary(max_size=6), st.integers(0, 200))
def test_damaged_sample(place: int, inserted: bytes, removed: int) -> None:
    survives(CONTENT[:place] + inserted + CONTENT[place + removed :])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(LINES) - 1), st.sampled_from(NASTY))
def test_nasty_values_in_the_sample(index: int, nasty: str) -> None:
    line = LINES[index]
    key, colon, _ = line.partition(":")
    lines = [*LINES[:index], f"{key}{colon} {nasty}", *LINES[index + 1 :]]
    survives("\n".join(lines).encode())


@pytest.mark.parametrize("nasty", NASTY)
def test_every_nasty_value_as_a_name(nasty: str) -> None:
    old = '"Klinik Pratama Senja Rekawangi"'
    survives(CONTENT.decode().replace(old, nasty).encode("utf-8", "replace"))
