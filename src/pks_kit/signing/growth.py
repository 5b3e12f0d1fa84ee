"""How much a file may have grown; one that grew more is not opened at all."""

from __future__ import annotations

from pks_kit.domain.receipt import Receipt
from pks_kit.errors import SigningError
from pks_kit.limits import ARCHIVE_BYTES, PDF_ROOM_BYTES


def check_growth(before: int, after: bytes, limit: int = PDF_ROOM_BYTES) -> None:
    """Refuse a file that grew more than any step can make it grow.

    Args:
        before: Bytes that were there.
        after: The file.
        limit: Most bytes that may have been added.

    Raises:
        SigningError: ``pdf.grown``.
    """
    if len(after) - before > limit:
        raise SigningError("pdf.grown", added=len(after) - before, limit=limit)


def check_growth_since_issued(pdf: bytes, receipt: Receipt) -> None:
    """Refuse a file that grew more than all steps and an archive can make it grow.

    Args:
        pdf: The file.
        receipt: Receipt that knows the issued file and all places.

    Raises:
        SigningError: ``pdf.grown``.
    """
    if receipt.issued is not None:
        limit = len(receipt.places) * PDF_ROOM_BYTES + ARCHIVE_BYTES
        check_growth(receipt.issued.size, pdf, limit)
