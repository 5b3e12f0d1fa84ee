"""Compare the name in a certificate with the printed one: same, similar, or different.

What is the same person is decided by the domain (signing asks the same question); here a third
answer is added, for which a person must decide: similar.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Literal

from pks_kit.domain.nama_orang import name_words, same_person

_SIMILAR = 0.78
"""Likeness of the letters from which two names may be two spellings of one."""


def compare_names(printed: str, certified: str) -> Literal["same", "similar", "different"]:
    """Return how well a certificate's name fits the printed one."""
    if same_person(printed, certified):
        return "same"
    wanted, found = name_words(printed), name_words(certified)
    if not wanted or not found:
        return "different"
    if sorted(wanted) == sorted(found) or "".join(wanted) == "".join(found):
        return "similar"
    if _abbreviated(wanted, found):
        return "similar"
    ratio = SequenceMatcher(None, " ".join(wanted), " ".join(found)).ratio()
    return "similar" if ratio >= _SIMILAR else "different"


def why_similar(printed: str, certified: str) -> Literal["order", "shortened", "spelling"]:
    """Return why two similar names are not the same: for the person who must decide."""
    wanted, found = name_words(printed), name_words(certified)
    if sorted(wanted) == sorted(found) or "".join(wanted) == "".join(found):
        return "order"
    return "shortened" if _abbreviated(wanted, found) else "spelling"


def _abbreviated(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """Return whether one name leaves words of the other away or shortens them to initials.

    At least one whole word must be the same.
    """
    short, long = sorted((first, second), key=len)
    if not any(len(word) > 2 and word in long for word in short):
        return False
    rest = list(long)
    for word in short:
        fitting = [one for one in rest if _fits(word, one)]
        if not fitting:
            return False
        rest.remove(fitting[0])
    return True


def _fits(one: str, other: str) -> bool:
    is_initial = len(one) == 1 or len(other) == 1
    return one == other or (is_initial and one[0] == other[0])
