"""The file that is to be judged, as it was given."""

from __future__ import annotations

from pathlib import Path

from pks_kit.errors import InputError
from pks_kit.files import NamedFile
from pks_kit.pipelines.requests.given import FileInput, read_file
from pks_kit.verification.evidence_file import claims_to_be_ours

EVIDENCE_TIMES = 4
"""How many times the largest PDF an evidence file may hold."""


def read_to_judge(given: FileInput, limit: int) -> tuple[str, bytes]:
    """Read at most one byte more than the limit, so that "too large" becomes a verdict.

    An evidence file holds the final file twice and pictures, so it may be larger.

    Raises:
        InputError: The file does not exist or is not a regular file.
    """
    if not isinstance(given, Path):
        return (given.name, given.content) if isinstance(given, NamedFile) else ("pdf", given)
    try:
        return given.name, read_file(given, limit, "pdf").content
    except InputError as error:
        if error.code != "file.too_large":
            raise
    with given.open("rb") as stream:
        content = stream.read(limit + 1)
        if claims_to_be_ours(content):
            content += stream.read((EVIDENCE_TIMES - 1) * limit)
        return given.name, content
