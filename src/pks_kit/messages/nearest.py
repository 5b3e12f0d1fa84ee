"""Which of the names that exist somebody may have meant who typed one that does not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from pks_kit.messages import Message, lookup

_MOST = 3
_LIKE = 0.6
_LONGEST = 80
_LEAST = 3


def near_names(typed: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return at most three names, the nearest first; capitals and signs between do not count.

    A name that begins with what was typed, ends with it, or holds it, comes before one that is
    only spelled alike.
    """
    names = list(dict.fromkeys(known))
    sought = _plain(typed[:_LONGEST])
    if not sought:
        return ()
    plain = {name: _plain(name) for name in names}
    same = [name for name in names if plain[name] == sought]
    held: list[str] = []
    if len(sought) >= _LEAST:
        held = [name for name in names if plain[name].startswith(sought)]
        held += [name for name in names if plain[name].endswith(sought)]
        held += [name for name in names if sought in plain[name]]
    alike: list[str] = []
    by_word: dict[str, list[str]] = {}
    for name in names:
        for word in {plain[name], _plain(name.rpartition(".")[2])}:
            by_word.setdefault(word, []).append(name)
    for word in get_close_matches(sought, by_word, n=_MOST, cutoff=_LIKE):
        alike += by_word[word]
    return tuple(dict.fromkeys([*same, *held, *alike]))[:_MOST]


def asked_for(typed: str, known: Iterable[str]) -> Message:
    """Return as :func:`meant`, with a blank before the question: it goes behind a sentence."""
    found = meant(typed, known)
    return Message(f" {found.id}".rstrip(), f" {found.en}".rstrip())


def meant(typed: str, known: Iterable[str]) -> Message:
    """Return the question whether a near name was meant, with a blank behind; nothing without one.

    It goes before the hint of a message.
    """
    found = near_names(typed, known)
    if not found:
        return Message("", "")
    names = ", ".join(f"«{name}»" for name in found)
    asked = lookup("cli.did_you_mean").fill({"names": names})
    return Message(f"{asked.id} ", f"{asked.en} ")


def _plain(word: str) -> str:
    return re.sub(r"[\W_]", "", word.casefold())
