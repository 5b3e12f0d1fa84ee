"""Ids of what the portal keeps: 26 letters that sort by time and cannot be guessed."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TIME_LETTERS = 10
_CHANCE_LETTERS = 16
_BITS = 5

ID_PATTERN = r"^[0-9A-HJKMNP-TV-Z]{26}$"


def new_id(now: datetime) -> str:
    """Return an id of a moment; two of the same moment differ by 80 bits of chance."""
    millis, chance = int(now.timestamp() * 1000), secrets.randbits(_CHANCE_LETTERS * _BITS)
    return _written(millis, _TIME_LETTERS) + _written(chance, _CHANCE_LETTERS)


def moment_of(id: str) -> datetime:
    """Return the moment of an id."""
    millis = 0
    for letter in id[:_TIME_LETTERS]:
        millis = millis << _BITS | _LETTERS.index(letter)
    return datetime.fromtimestamp(millis / 1000, UTC)


def _written(number: int, letters: int) -> str:
    return "".join(_LETTERS[number >> (_BITS * place) & 31] for place in reversed(range(letters)))
