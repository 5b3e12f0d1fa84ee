"""Compare the name in a certificate with the name printed in the agreement.

Certificates carry a name without degrees, often in capitals; agreements print
``dr. Ratna Widyaningrum, M.Kes.``. Two names are taken for the same person when the words that
are left without degrees agree, or when the shorter one (at least two words, unless both have
one) is wholly contained in the longer one in the same order.
"""

from __future__ import annotations

import re
import unicodedata

_BEFORE_COMMA = re.compile(r"^[^,]*")
_WORD = re.compile(r"[^\W\d_]+(?:['’`-][^\W\d_]+)*")
_TITLES = frozenset(
    [
        "dr",
        "drg",
        "drh",
        "drs",
        "dra",
        "ir",
        "prof",
        "h",
        "hj",
        "hjh",
        "kh",
        "r",
        "rr",
        "raden",
        "rm",
        "ns",
        "apt",
        "bd",
        "hc",
        "bdn",
        "tn",
        "ny",
        "sdr",
        "sdri",
        "bpk",
        "ibu",
    ]
)


def same_person(one: str, other: str) -> bool:
    """Return whether two spellings can name the same person.

    Args:
        one: A name, with or without degrees.
        other: Another spelling.
    """
    shorter, longer = sorted((name_words(one), name_words(other)), key=len)
    if not shorter:
        return False
    if shorter == longer:
        return True
    if len(shorter) < 2:
        return False
    remaining = iter(longer)
    return all(word in remaining for word in shorter)


def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name without degrees, folded for comparison.

    Words behind the first comma are degrees; so are known abbreviations at the front.
    """
    folded = unicodedata.normalize("NFKD", name)
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    head = _BEFORE_COMMA.match(plain)
    words = [word.casefold() for word in _WORD.findall(head[0] if head else plain)]
    while len(words) > 1 and words[0] in _TITLES:
        words.pop(0)
    return tuple(words)
