"""Where a line may end, as Pango says it: UAX 14 for the characters that an agreement prints.

Between two characters the classes of both decide, and whether spaces stand between them; a number
keeps its signs. The table is Pango's own answer, which differs from the standard in places (it ends
a line after ``/`` before a digit). ``tests/contract/test_pango_breaks.py`` compares both.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Literal

_MEMBERS: Final = {
    "N": "0123456789",
    "O": "([{¡¿„‚",
    "C": "}",
    "S": "/",
    "X": "!?",
    "P": ")]",
    "Q": "\"'«»‘’“”",
    "I": ",.:;",
    "H": "-",
    "B": "|–",
    "D": "—",
    "R": "$%+\\¢£¤¥°±‰€№−",
    "G": "\u00a0",
    "K": "´",
    "E": "…",
    "L": "#&*<=>@^_`~¦§¨©ª¬®¯²³µ¶¸¹º¼½¾×÷•≤≥",
}
"""Letters for classes of line breaking: L letters and the like, N digits, O opening, C closing,
S slash, X calling, P closing round, Q quotes, I between digits, H hyphen, B after which a line may
end, D dash, R before or after numbers, G glued, K before which a line may end, E dots."""

_CLASS: Final = {character: name for name, all_of in _MEMBERS.items() for character in all_of} | {
    chr(code): "L"
    for code in (*range(0x41, 0x5B), *range(0x61, 0x7B), *range(0xC0, 0x180))
    if chr(code).isalpha()
}

_BESIDE: Final = {
    "L": "DK",
    "N": "DK",
    "C": "LNODRK",
    "S": "LNODRK",
    "X": "LNODRK",
    "P": "ODRK",
    "I": "NODRK",
    "H": "LODRGK",
    "B": "LNODRGK",
    "D": "LNORK",
    "R": "ODRK",
    "E": "LNODRK",
}
"""Classes before which a line may end right after another class."""

_NEVER_BEGINS: Final = "CSXPI"

_Number = Literal["inside", "closed", "outside"]
_INSIDE: Final = "inside"
_CLOSED: Final = "closed"
_OUTSIDE: Final = "outside"

KNOWN: Final = frozenset(_CLASS) | {" "}
"""Characters whose breaks are known."""


def break_places(text: str) -> tuple[int, ...]:
    """Return the places before which a line of a text may end; its own ends are none.

    Args:
        text: Characters of ``KNOWN``.
    """
    places: list[int] = []
    before = ""
    at = 0
    for word in text.split(" "):
        if word:
            if at and _ends_spaced(before, _CLASS[word[0]]):
                places.append(at)
            places += [at + place for place in _inside(word)]
            before = _CLASS[word[-1]]
        at += len(word) + 1
    return tuple(places)


@lru_cache(maxsize=8192)
def _inside(word: str) -> tuple[int, ...]:
    """Return the places in a word without spaces before which a line may end."""
    places: list[int] = []
    before = ""
    number: _Number = _OUTSIDE
    for at, character in enumerate(word):
        now = _CLASS[character]
        if now in _BESIDE.get(before, ""):
            in_number = (number is not _OUTSIDE and now == "R") or (
                number is _INSIDE and before in "SI" and now == "N"
            )
            opens = before == "R" and now == "O" and _CLASS.get(word[at + 1 : at + 2]) == "N"
            if not in_number and not opens:
                places.append(at)
        number = _number(number, now)
        before = now
    return tuple(places)


def _ends_spaced(before: str, after: str) -> bool:
    """Return whether a line may end at the spaces between two characters."""
    return not (
        before == "O"
        or after in _NEVER_BEGINS
        or (before == "Q" and after == "O")
        or (before == after == "D")
    )


def _number(number: _Number, now: str) -> _Number:
    """Return whether one more character stands inside, at the end of or outside a number."""
    if now == "N" or (number is _INSIDE and now in "SI"):
        return _INSIDE
    return _CLOSED if number is _INSIDE and now in "CP" else _OUTSIDE
