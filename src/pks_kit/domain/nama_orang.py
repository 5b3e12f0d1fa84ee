"""Do two names mean the same person? One answer for checks, signing and verification.

Certificates carry a name without degrees, often in capitals; agreements print
``dr. Ratna Widyaningrum, M.Kes.``. The same person is meant when the words that are left without
titles and degrees (:mod:`~pks_kit.domain.gelar`) are the same in the same order; capitals, accents,
apostrophes and hyphens do not count. Whatever a person could explain (another order, initials,
further names, another spelling, a word that may be a degree, several names in one certificate, the
name of an organisation that holds the person's) is ``unsure``, and so is a name with characters
that nobody sees. The table of cases is ``tests/rules/nama_orang.yml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from pks_kit.domain.gelar import NameParts, folded_words, name_parts
from pks_kit.visible_text import hides_something, without_hidden

__all__ = [
    "AND",
    "NO_NAME",
    "UNREADABLE_NAME",
    "NameComparison",
    "Outcome",
    "Reason",
    "compare_names",
    "folded_words",
    "name_words",
    "same_person",
    "surely_different",
]

Outcome = Literal["same", "unsure", "different"]
Reason = Literal[
    "equal",
    "order",
    "initials",
    "further",
    "spelling",
    "titles",
    "several",
    "hidden",
    "organisation",
    "unnamed",
    "other",
]

AND = " + "
"""Stands between the names of a certificate that holds several."""
NO_NAME = "(tanpa nama / no name)"
"""Is shown for a certificate without any name."""
UNREADABLE_NAME = "(nama tidak terbaca / unreadable name)"
"""Is shown for a certificate whose name nobody can read."""

_SIMILAR = 0.78
"""Likeness of the letters from which two names may be two spellings of one."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_MUHAMMAD = _set("m muh moh mohd muhd md moch mochd mhd")
_SHORT = {
    "muhammad": _MUHAMMAD,
    "mohammad": _MUHAMMAD,
    "mochammad": _MUHAMMAD,
    "muhamad": _MUHAMMAD,
    "mohamad": _MUHAMMAD,
    "abdul": _set("abd"),
    "siti": _set("st sit"),
    "binti": _set("bt bte bti"),
    "putu": _set("pt"),
    "made": _set("md"),
    "nyoman": _set("nym nyn"),
    "wayan": _set("wyn wy"),
    "ketut": _set("kt ktt"),
    "kadek": _set("kdk kd"),
    "komang": _set("km kmg"),
    "gusti": _set("gst"),
    "gede": _set("gd gde"),
    "ngurah": _set("ngr"),
    "bagus": _set("bgs"),
}
"""Words that are shortened by more than their first letter."""


@dataclass(frozen=True, slots=True)
class NameComparison:
    """What became of comparing two names.

    Attributes:
        outcome: ``same``, ``different``, or ``unsure``: a person must decide.
        reason: ``equal``; ``order`` (words in another order or divided otherwise); ``initials``
            (words shortened); ``further`` (one has names more); ``spelling``; ``titles`` (one has a
            word more that may be a degree or a title); ``several`` (one holds several names of
            which not all are the other); ``hidden`` (characters that nobody sees or that turn the
            direction of writing); ``organisation`` (one is the name of an organisation);
            ``unnamed`` (one is no name); ``other`` (nothing in common).
    """

    outcome: Outcome
    reason: Reason


def compare_names(one: str, other: str) -> NameComparison:
    """Return whether two spellings name the same person; which stands first does not matter.

    Args:
        one: A name, with or without titles and degrees; several have :data:`AND` between them.
        other: Another spelling.
    """
    if not {one, other}.isdisjoint(("", NO_NAME, UNREADABLE_NAME)):
        return NameComparison("different", "unnamed")
    if hides_something(one) or hides_something(other):
        seen = compare_names(without_hidden(one).strip(), without_hidden(other).strip())
        return seen if seen.outcome == "different" else NameComparison("unsure", "hidden")
    if AND in one or AND in other:
        return _compare_several(one.split(AND), other.split(AND))
    return _compare_parts(name_parts(one), name_parts(other))


def same_person(one: str, other: str) -> bool:
    """Return whether two spellings surely name the same person; see :func:`compare_names`."""
    return compare_names(one, other).outcome == "same"


def surely_different(one: str, other: str) -> bool:
    """Return whether two names surely name two persons; where two must decide, nothing less will.

    What is no name at all (``-``) names nobody, so it is nobody else either.
    """
    found = compare_names(one, other)
    return found.outcome == "different" and found.reason != "unnamed"


def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name without titles and degrees, folded for comparison.

    A word that may be a degree or a part of the name stays.
    """
    return name_parts(name).all_words


def _compare_several(ones: list[str], others: list[str]) -> NameComparison:
    found = [compare_names(one, other) for one in ones for other in others]
    if all(each.outcome == "same" for each in found):
        return NameComparison("same", "equal")
    if all(each.outcome == "different" for each in found):
        reasons = {each.reason for each in found}
        return NameComparison("different", reasons.pop() if len(reasons) == 1 else "other")
    return NameComparison("unsure", "several")


def _compare_parts(one: NameParts, other: NameParts) -> NameComparison:
    first, second = one.all_words, other.all_words
    if not first or not second:
        return NameComparison("different", "unnamed")
    if one.is_organisation != other.is_organisation:
        shared = not set(first).isdisjoint(second)
        return NameComparison("unsure" if shared else "different", "organisation")
    if first == second:
        return NameComparison("same", "equal")
    if one.words == other.words and _same_degrees(one, other):
        return NameComparison("same", "equal")
    if _differ_by_titles(one, other):
        return NameComparison("unsure", "titles")
    if sorted(first) == sorted(second) or "".join(first) == "".join(second):
        return NameComparison("unsure", "order")
    contained = _contained(first, second)
    if contained is not None:
        return NameComparison("unsure", contained)
    one_line, other_line = sorted((" ".join(first), " ".join(second)))
    ratio = SequenceMatcher(None, one_line, other_line).ratio()
    if ratio >= _SIMILAR:
        return NameComparison("unsure", "spelling")
    return NameComparison("different", "other")


def _same_degrees(one: NameParts, other: NameParts) -> bool:
    """Return whether what may be a degree in one name is one in the other: ``SE`` and ``S.E.``."""
    return one.before == other.before and all(
        set(each.behind) <= {*against.behind, *against.degrees}
        for each, against in ((one, other), (other, one))
    )


def _differ_by_titles(one: NameParts, other: NameParts) -> bool:
    """Return whether two names are the same one but for words that may be titles or degrees."""
    readings = [
        {
            (*before, *each.words, *behind)
            for before in ((), each.before)
            for behind in ((), each.behind)
        }
        for each in (one, other)
    ]
    return not readings[0].isdisjoint(readings[1])


def _contained(
    first: tuple[str, ...], second: tuple[str, ...]
) -> Literal["initials", "further"] | None:
    """Return how one name leaves words of the other away or shortens them; None: it does not.

    At least one whole word must be the same.
    """
    short, long = sorted((first, second), key=len)
    if not any(len(word) > 2 and word in long for word in short):
        return None
    rest = list(long)
    shortened = False
    for word in sorted(short, key=len, reverse=True):
        fitting = word if word in rest else next((one for one in rest if _fits(word, one)), None)
        if fitting is None:
            return None
        shortened = shortened or fitting != word
        rest.remove(fitting)
    return "initials" if shortened else "further"


def _fits(one: str, other: str) -> bool:
    if 1 in (len(one), len(other)):
        return one[0] == other[0]
    return one in _SHORT.get(other, ()) or other in _SHORT.get(one, ())
