"""Words of names that are spelled almost as what somebody looked for and nothing holds."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from sqlalchemy import Connection, select

from pks_kit.web.scope import Reach
from pks_kit.web.state.tables import perjanjian, within

_ALIKE = 0.75
_MOST_WORDS = 6
"""So many words of a question are looked for; names of facilities are shorter."""


def words_of_names(connection: Connection, reach: Reach) -> frozenset[str]:
    """Return the words of all names of facilities within a reach, in small letters."""
    asked = select(perjanjian.c.nama).where(within(perjanjian, reach)).distinct()
    names = connection.execute(asked).scalars()
    return frozenset(word for name in names for word in name.casefold().split())


def respelled(words: str, known: Iterable[str]) -> str:
    """Return a question with each word that no name holds spelled as the nearest one that does.

    Only words of about the same length that begin or end alike are compared, so that thousands of
    names cost a few milliseconds.

    Args:
        words: What was looked for.
        known: Words of names.

    Returns:
        The question; empty when a word of it has none near, or when nothing would change.
    """
    asked = words.casefold().split()
    vocabulary = sorted(known)
    if len(asked) > _MOST_WORDS:
        return ""
    found = []
    for word in asked:
        if any(word in one for one in vocabulary):
            found.append(word)
            continue
        near = [
            one
            for one in vocabulary
            if abs(len(one) - len(word)) <= 2 and (one[:2] == word[:2] or one[-2:] == word[-2:])
        ]
        best = get_close_matches(word, near, n=1, cutoff=_ALIKE)
        if not best:
            return ""
        found += best
    return " ".join(found) if found != asked else ""
