"""The words of a page as they are compared and hashed: what a reader reads, not how it is set."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Final

_HYPHENS: Final = ("-", "\u00ad", "\ufffe", "\x02")
"""Hyphens and the marks that PDF readers give for a hyphen at a line end."""


def squeezed(text: str) -> str:
    """Return words without white space and without hyphens, which line ends add."""
    words = "".join(text.split())
    for one in _HYPHENS:
        words = words.replace(one, "")
    return words


def plain_words(text: str) -> str:
    """Return all words of a text as they are hashed; those of two pieces are one after the other.

    Args:
        text: Words in the order of their page, broken where white space stands.
    """
    return squeezed(unicodedata.normalize("NFC", text))


def words_sha256(text: str) -> str:
    """Return the SHA-256 (hexadecimal) of the words of one page.

    Args:
        text: All text of the page in the order of its content, header and footer included.
    """
    return hash_of_words(plain_words(text))


def hash_of_words(words: str) -> str:
    """Return the same of words that were made plain already."""
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()
