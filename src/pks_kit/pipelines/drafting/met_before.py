"""Contract data that passed all checks in this process need not be checked again before signing."""

from __future__ import annotations

from collections import deque
from hashlib import sha256

from pks_kit.domain.receipt import DATA_ATTACHMENT
from pks_kit.pdf.prefix.own_files import own_files

_MOST = 64

_met: deque[bytes] = deque(maxlen=_MOST)
"""Hashes of the data as they stand in the file."""


def have_met(pdf: bytes) -> None:
    """Remember the data in a file that was just drafted: none of its findings was blocking.

    Args:
        pdf: The file; nothing is remembered of one that this process did not write.
    """
    own = own_files.of(pdf)
    content = None if own is None else own.attachments.get(DATA_ATTACHMENT)
    if content is not None:
        _met.append(sha256(content).digest())


def has_met(content: bytes) -> bool:
    """Return whether these data passed all checks here, by the rules of the start of the term."""
    return sha256(content).digest() in _met
