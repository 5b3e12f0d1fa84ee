"""The receipt that a drafted PDF carries inside."""

from __future__ import annotations

from pks_kit.domain.receipt import RECEIPT_ATTACHMENT, Receipt, parse_receipt
from pks_kit.errors import SigningError
from pks_kit.pdf.attachments import attachment
from pks_kit.pdf.layout import open_plain
from pks_kit.pdf.parsing import refusing_broken_pdf


def embedded_receipt(pdf: bytes, source: str) -> Receipt:
    """Return the receipt embedded in a PDF.

    It tells which agreement this claims to be. It proves nothing: whoever changes the file can
    change it too, and it cannot hold the hash of the file.

    Raises:
        SigningError: ``signing.no_receipt_inside``, ``pdf.encrypted``.
        InputError: ``pdf.unreadable`` (also for a receipt larger than one may be),
            ``receipt.invalid``.
    """
    with refusing_broken_pdf(), open_plain(pdf) as opened:
        content = attachment(opened, RECEIPT_ATTACHMENT)
    if content is None:
        raise SigningError("signing.no_receipt_inside", file=source)
    return parse_receipt(content, source)
