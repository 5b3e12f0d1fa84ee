"""The issued file that a caller names: a wrong one is told as that, and blames no other file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pks_kit.errors import InputError
from pks_kit.messages import lookup
from pks_kit.pipelines.requests.given import Content, FileInput, read_file
from pks_kit.verification.file.intake import look_at_bytes

if TYPE_CHECKING:
    from pks_kit.verification.limits import Limits

_LOCK = re.compile(rb"/Encrypt\s*(?:[0-9]+\s+[0-9]+\s+R|<<)")
"""Where a reference table or stream names a lock: in plain letters, outside of anything packed."""


def read_issued(given: FileInput, limits: Limits, place: str) -> Content:
    """Return the issued file; no parser is asked, for it may come from outside too.

    A file that is locked or no PDF can be nobody's issued file. Compared with it, an honest file
    would be called cut, changed or printed again.

    Args:
        given: The file, or where it stands.
        limits: What a file may cost.
        place: What messages call it when it has no name.

    Raises:
        InputError: ``verify.issued_unusable``; as :func:`read_file`.
    """
    read = read_file(given, limits.file_bytes, place)
    wrong = [one for one in look_at_bytes(read.content, limits) if one.status == "failed"]
    if wrong or _LOCK.search(read.content):
        reason = wrong[0].message if wrong else lookup("verify.issued_locked")
        raise InputError("verify.issued_unusable", file=read.name, reason=reason)
    return read
