"""Characters that hide or steer direction are shown by their number; letters stay."""

from __future__ import annotations

import json
import sys
import unicodedata

import pytest

from pks_kit.visible_text import (
    json_text,
    one_line,
    reveal_hidden,
    short_name,
    without_sources,
)


def test_letters_of_every_script_and_line_ends_stay() -> None:
    text = "Ratna Ängström «Ж» עברית عربي 漢字 \t\n – ‘a’ 1°"
    assert reveal_hidden(text) == text


def test_what_hides_is_seen() -> None:
    assert reveal_hidden("a\u202eb\u200bc\x00\ud800\U000e0041") == (
        "a‹U+202E›b‹U+200B›c‹U+0000›‹U+D800›‹U+E0041›"
    )


def test_every_control_and_format_character_is_seen() -> None:
    """A newer Python may know more format characters than the list."""
    left = [
        f"U+{point:04X}"
        for point in range(sys.maxunicode + 1)
        if unicodedata.category(chr(point)) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        and chr(point) not in "\t\n"
        and reveal_hidden(chr(point)) == chr(point)
    ]
    assert left == []


def test_blanks_without_width_are_seen() -> None:
    """They are letters or marks to Unicode, and nothing to the eye."""
    for blank in "\u034f\u115f\u1160\u17b4\u180b\u2800\u3164\ufe0f\uffa0\U000e0100":
        assert reveal_hidden(f"a{blank}b") == f"a‹U+{ord(blank):04X}›b"


def test_a_name_stays_in_one_line() -> None:
    assert one_line("Ratna\nLULUS\t\u2028x") == "Ratna‹U+000A›LULUS‹U+0009›‹U+2028›x"


def test_json_says_the_same_to_a_program_without_a_raw_sign() -> None:
    every = "".join(map(chr, [*range(0xD800), *range(0xE000, sys.maxunicode + 1)]))
    written = json_text({"nama": every, "b": [1, "é漢"]})
    assert json.loads(written) == {"nama": every, "b": [1, "é漢"]}
    assert reveal_hidden(written) == written
    assert "é漢" in written
    written.encode("utf-8")


def test_a_half_of_a_pair_breaks_no_reader() -> None:
    written = json_text({"a\ud800": ["\udcff", "\ud83d\ude00"]})
    assert json.loads(written) == {"a‹U+D800›": ["‹U+DCFF›", "‹U+D83D›‹U+DE00›"]}
    written.encode("utf-8")


def test_long_names_are_cut_once_and_stay_apart() -> None:
    first, second = short_name("A" * 1000), short_name("A" * 999 + "B")
    assert first.startswith("A" * 200 + "…‹1000 #")
    assert first != second
    assert short_name(first) == first
    assert short_name("A" * 240) == "A" * 240
    assert short_name("a\ud800") == "a‹U+D800›"


@pytest.mark.parametrize(
    ("basis", "told"),
    [
        ("Petunjuk teknis HFIS [S0]", "Petunjuk teknis HFIS"),
        ("Kebiasaan (docs/sumber.md 13.1 nomor 9)", "Kebiasaan"),
        ("Nomor rekening (menurut docs/sumber.md 12.1)", "Nomor rekening"),
        ("Pasal 3 [S1], Pasal 4 [S12]", "Pasal 3, Pasal 4"),
        ("PMK 65/PMK.03/2014 (Pasal 2)", "PMK 65/PMK.03/2014 (Pasal 2)"),
    ],
)
def test_marks_of_our_sources_are_left_out(basis: str, told: str) -> None:
    assert without_sources(basis) == told
