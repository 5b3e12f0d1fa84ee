"""The issued bytes: which they are, and whether a file begins with them. Needs no parser."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pks_kit.verification.report.answers import failed, passed

if TYPE_CHECKING:
    from pks_kit.domain.receipt import Receipt
    from pks_kit.verification.report.verdict import Check


def issued_identity(issued: bytes | None, given: Receipt | None) -> tuple[str, int]:
    """Return hash and size of the issued file; an empty hash when neither is known."""
    if issued is not None:
        return hashlib.sha256(issued).hexdigest(), len(issued)
    if given is not None and given.issued is not None:
        return given.issued.sha256, given.issued.size
    return "", 0


def check_issued_prefix(
    content: bytes, issued: bytes | None, identity: tuple[str, int]
) -> list[Check]:
    """Does the file begin with the issued bytes? Needs no parser.

    Args:
        content: The file.
        issued: The issued file, if given.
        identity: Its hash and size; an empty hash when not known, and then there is no answer.
    """
    sha256, size = identity
    if not sha256:
        return []
    if issued is not None and len(content) < size and issued.startswith(content):
        return [failed("issued.prefix", "swapped", size=len(content), issued=size)]
    if len(content) < size:
        return [failed("issued.prefix", "shorter", size=len(content), issued=size)]
    if hashlib.sha256(content[:size]).hexdigest() == sha256:
        return [passed("issued.prefix", "same", issued=size, sha256=sha256)]
    first = _first_difference(content, issued)
    if first is None:
        return [failed("issued.prefix", "other", issued=size)]
    return [failed("issued.prefix", "differs_at", issued=size, offset=first)]


def _first_difference(content: bytes, issued: bytes | None) -> int | None:
    if issued is None:
        return None
    pairs = zip(content, issued, strict=False)
    return next((place for place, (new, old) in enumerate(pairs) if new != old), None)
