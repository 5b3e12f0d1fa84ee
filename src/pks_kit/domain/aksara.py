"""Which characters the agreement may print.

A character is printable here when every packaged face (Source Serif Pro and Source Sans Pro,
upright and italic) has it, when it stands for itself alone, and when it does not steer direction
or hide. A test reads the character maps of the fonts to prove the first. Characters that only
look like an everyday one (ligature letters, division slash, minus sign, no-break space) stay out:
a number must mean the same to a person and to a search. Marks such as ``{{``, ``<b>``, ``|`` or
``*`` are ordinary characters.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

PRINTABLE_RANGES: tuple[tuple[int, int], ...] = (
    (0x0020, 0x007E),
    (0x00A1, 0x00AC),
    (0x00AE, 0x0107),
    (0x010C, 0x0113),
    (0x0116, 0x011B),
    (0x011E, 0x0123),
    (0x012A, 0x012B),
    (0x012E, 0x0131),
    (0x0136, 0x0137),
    (0x0139, 0x013E),
    (0x0141, 0x0148),
    (0x014C, 0x014D),
    (0x0150, 0x015B),
    (0x015E, 0x0165),
    (0x016A, 0x016B),
    (0x016E, 0x0173),
    (0x0178, 0x017E),
    (0x0218, 0x021B),
    (0x1E44, 0x1E45),
    (0x2013, 0x2014),
    (0x2018, 0x201A),
    (0x201C, 0x201E),
    (0x2020, 0x2022),
    (0x2026, 0x2026),
    (0x2030, 0x2030),
    (0x2039, 0x203A),
    (0x20AC, 0x20AC),
    (0x2122, 0x2122),
    (0x2264, 0x2265),
)
"""Code points that may be printed, first and last of each run."""

_LONG_DIGITS = re.compile(r"[0-9](?:[ .\-]?[0-9]){5,}")
_PRINTABLE = frozenset(
    chr(point) for first, last in PRINTABLE_RANGES for point in range(first, last + 1)
)


_ERROR_VALUE = re.compile(
    r"#(?:NAME\?|REF!|N/A|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!|NAMA\?|NILAI!|#+)", re.IGNORECASE
)
_TWICE_ENCODED = re.compile(
    "â(?:€|\u201a|\u201e)|Ã[\xa1-\xbf€‚ƒ„…†‡ˆ‰Š‹Œ\u2018-\u2022]|Â[\xa1-\xbf]|ï»¿"
)
"""Letters of UTF-8 that a program took for Windows-1252: ``Maâ€™ruf`` was ``Ma’ruf``."""
_LOST_LETTER = re.compile(r"[^\W\d_]\?[^\W\d_]")


def is_error_value(text: str) -> bool:
    """Return whether a text is what a spreadsheet program writes instead of a value."""
    return _ERROR_VALUE.fullmatch(text.strip()) is not None


def is_spoilt(text: str) -> bool:
    """Return whether characters of a text were lost or changed on the way by a wrong encoding."""
    return bool(is_error_value(text) or _TWICE_ENCODED.search(text) or _LOST_LETTER.search(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class UnprintableCharacter:
    """A character that the agreement may not print.

    Attributes:
        code_point: ``U+200B``.
        name: Unicode name, or its category when it has none, for example ``Cc``.
        position: Place in the text, counted from 1.
    """

    code_point: str
    name: str
    position: int


def normalise(text: str) -> str:
    """Return the text as it will be printed: NFC, no blank at the ends, single blanks inside.

    Only U+0020 counts as a blank; tabs and line breaks stay, so that they are found and refused.
    """
    composed = unicodedata.normalize("NFC", text).strip(" ")
    if "  " not in composed:
        return composed
    return " ".join(part for part in composed.split(" ") if part)


def find_unprintable(text: str) -> UnprintableCharacter | None:
    """Return the first character of a normalised text that may not be printed, or None."""
    for position, character in enumerate(text, start=1):
        if character not in _PRINTABLE:
            return UnprintableCharacter(
                code_point=f"U+{ord(character):04X}",
                name=unicodedata.name(character, unicodedata.category(character)),
                position=position,
            )
    return None


def visible(text: str, length: int = 60) -> str:
    """Return a text that is safe to show in a message: unprintable characters as ``U+200B``, cut.

    Args:
        text: Anything, also hostile.
        length: Characters kept before an ellipsis.
    """
    cut = text if len(text) <= length else text[:length] + "…"
    return "".join(
        character if character in _PRINTABLE else f"‹U+{ord(character):04X}›" for character in cut
    )


def mask_digits(text: str) -> str:
    """Return a text of whose long numbers (NIK, phone, account) only two digits are left."""
    return _LONG_DIGITS.sub(lambda found: found[0][:2] + "•" * (len(found[0]) - 2), text)
