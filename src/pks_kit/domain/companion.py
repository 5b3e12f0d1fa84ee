"""Papers beside an agreement that are no part of it, and how they say so to a program.

The mark is an entry of the information dictionary, written uncompressed. It proves nothing; it
lets ``sign`` and ``verify`` say kindly what a file is that was taken for the agreement.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Companion = Literal["ringkasan", "pengantar", "surat"]

COMPANION_KEY = "/PksKitJenis"
_MARK = re.compile(rb"/PksKitJenis\s*/(ringkasan|pengantar|surat)\b")


_KINDS: Mapping[bytes, Companion] = MappingProxyType(
    {b"ringkasan": "ringkasan", b"pengantar": "pengantar", b"surat": "surat"}
)


def companion_kind(content: bytes) -> Companion | None:
    """Return which paper a PDF says it is; None for an agreement and for files of others."""
    found = _MARK.search(content)
    if found is None:
        return None
    return _KINDS[found[1]]
