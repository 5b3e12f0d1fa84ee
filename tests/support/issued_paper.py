"""An issued agreement for the pen and its receipt, for tests of paper: golden files, version 2."""

from __future__ import annotations

import tarfile
from functools import cache
from pathlib import Path

from pks_kit.domain.receipt import Receipt, parse_receipt

GOLDEN = Path(__file__).parents[1] / "golden"
ARCHIVE = GOLDEN / "v2" / "manual.tar.xz"
SIGNATURES = 17
"""The page on which both parties sign; page 2 holds text and initials only."""


@cache
def issued(version: str = "v2") -> tuple[bytes, Receipt]:
    """Return the PDF (30 pages in version 2, kontrak manual) and its receipt."""
    with tarfile.open(GOLDEN / version / ARCHIVE.name) as archive:
        found = {}
        for member in archive:
            stem = member.name.removeprefix("terbit/")
            if stem != member.name and stem.endswith((".pdf", ".receipt.json")):
                content = archive.extractfile(member)
                assert content is not None
                found[stem.partition(".")[2]] = content.read()
    return found["pdf"], parse_receipt(found["receipt.json"], "receipt.json")
