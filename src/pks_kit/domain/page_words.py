"""The words of a page as they are compared and hashed: what a reader reads, not how it is set."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_SETTING = re.compile(r"[\s\u00ad\ufffe\x02-]+")
"""White space, hyphens and the marks that PDF readers give for a hyphen at a line end."""


def squeezed(text: str) -> str:
    """Return words without white space and without hyphens, which line ends add."""
    return _SETTING.sub("", text)


def words_sha256(text: str) -> str:
    """Return the SHA-256 (hexadecimal) of the words of one page.

    Args:
        text: All text of the page in the order of its content, header and footer included.
    """
    words = squeezed(unicodedata.normalize("NFC", text))
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()
