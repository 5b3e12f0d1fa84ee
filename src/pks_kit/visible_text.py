r"""Text from files and names of others, shown so that nothing in it hides, steers or forges a line.

One place for terminal, JSON and HTML: what hides is shown by its number (``‹U+202E›``), in JSON
written as an escape of JSON (``\u202e``) so that programs read what stood there. Letters of every
script stay as they are.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date, datetime, timedelta, timezone
from typing import Any

NAME_LENGTH = 240
"""Most letters of a name from a file; a certificate may have 64, a form field of ours 40."""
_FOR_THE_TELLING = 40
"""Letters that the mark of a cut name may take, so that it is no longer than any other."""

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
    "\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164"
    "\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Characters that hide, break lines or steer direction, but for tab and line feed."""
_BREAKS = re.compile("[\t\n]")
_SURROGATES = re.compile("[\ud800-\udfff]")


WIB = timezone(timedelta(hours=7), "WIB")
"""The time of Jakarta; it has no daylight saving."""
_SOURCE_LIST = re.compile(r" ?(?:\[S[0-9]+\]|\([^()]*docs/sumber\.md [^()]*\))")


NAMA_BULAN = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
    "Oktober", "November", "Desember",
)  # fmt: skip
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def format_month(day: date, language: str) -> str:
    """Return the month of a day and its year as people write them: ``Desember 2026``."""
    months = _MONTHS if language == "en" else NAMA_BULAN
    return f"{months[day.month - 1]} {day.year}"


def format_day(day: date, language: str) -> str:
    """Return a day as people write it: ``31 Desember 2027``."""
    return f"{day.day} {format_month(day, language)}"


def format_wib(moment: datetime) -> str:
    """Return ``22-12-2023 13.00.05 WIB`` for a moment with a time zone."""
    return f"{moment.astimezone(WIB):%d-%m-%Y %H.%M.%S} WIB"


def without_sources(basis: str) -> str:
    """Return a legal basis without the marks of our own list of sources, which officers lack."""
    return _SOURCE_LIST.sub("", basis)


def reveal_hidden(text: str) -> str:
    """Return a text whose characters that hide or steer direction are seen: ``‹U+202E›``.

    Tabs and line feeds stay: for texts of several lines.
    """
    return _HIDDEN.sub(_mark, text)


def hides_something(text: str) -> bool:
    """Return whether a text has characters that hide, break lines or steer direction.

    Tabs and line feeds do not count: they are seen.
    """
    return _HIDDEN.search(text) is not None


def without_hidden(text: str) -> str:
    """Return a text without the characters that :func:`hides_something` tells of."""
    return _HIDDEN.sub("", text)


def one_line(text: str) -> str:
    """Return a text as :func:`reveal_hidden`, and in one line: ``‹U+000A›`` for a line feed.

    For names, which could otherwise make lines that look like ours.
    """
    if text.isascii() and text.isprintable():  # most texts, and quickly told
        return text
    return _BREAKS.sub(_mark, reveal_hidden(text))


def short_name(name: str, most: int = NAME_LENGTH) -> str:
    """Return a name of at most 240 letters (or ``most``) that every encoding can write.

    What is cut tells how long it was, and by a part of its SHA-256 stays apart from others that
    begin alike: ``AAAA…‹1000000 #5e3f9a1c›``. A half of a surrogate pair is shown by its number.
    """
    if len(name) > most:
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        name = f"{name[: most - _FOR_THE_TELLING]}…‹{len(name)} #{digest}›"
    return _SURROGATES.sub(_mark, name)


def json_text(value: Any) -> str:
    """Return JSON for people and programs: indented, sorted keys, letters as they are.

    Characters that hide or steer are escapes, which mean the same to a program. A half of a
    surrogate pair, which no reader takes, becomes its mark.

    Args:
        value: What :func:`json.dumps` can write.
    """
    return _HIDDEN.sub(_escape, json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True))


def _mark(found: re.Match[str]) -> str:
    return f"‹U+{ord(found[0]):04X}›"


def _escape(found: re.Match[str]) -> str:
    """Return the escape of a character; in JSON text such characters stand only inside strings."""
    return _mark(found) if _SURROGATES.match(found[0]) else json.dumps(found[0])[1:-1]
