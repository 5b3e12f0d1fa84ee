"""Characters that hide or steer direction are shown by their number; letters stay."""

from __future__ import annotations

import sys
import unicodedata

from pks_kit.domain.aksara import reveal_hidden


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
