"""The receipt that a drafted PDF carries inside."""

from __future__ import annotations

from dataclasses import dataclass

from pks_kit.domain.receipt import RECEIPT_ATTACHMENT, Receipt, parse_receipt
from pks_kit.errors import SigningError
from pks_kit.foreign import HERE, Files, Looks, Question
from pks_kit.json_types import HexBytes
from pks_kit.pdf.attachments import attachment
from pks_kit.pdf.layout import open_plain
from pks_kit.pdf.parsing import refusing_broken_pdf


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFile:
    """A file inside a PDF; None when there is none of that name."""

    content: HexBytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptInside(Question[AttachedFile]):
    """Which receipt does a PDF carry?"""

    def answer(self, files: Files) -> AttachedFile:
        """Read the attachment of its name.

        Raises:
            SigningError: ``pdf.encrypted``.
            InputError: ``pdf.unreadable``, also for a receipt larger than one may be.
        """
        with refusing_broken_pdf(), open_plain(files[0]) as opened:
            return AttachedFile(content=attachment(opened, RECEIPT_ATTACHMENT))


def embedded_receipt(pdf: bytes, source: str, looks: Looks = HERE) -> Receipt:
    """Return the receipt embedded in a PDF.

    It tells which agreement this claims to be. It proves nothing: whoever changes the file can
    change it too, and it cannot hold the hash of the file.

    Args:
        pdf: The file.
        source: Name for messages.
        looks: Where it is opened.

    Raises:
        SigningError: ``signing.no_receipt_inside``, ``pdf.encrypted``.
        InputError: ``pdf.unreadable``, ``receipt.invalid``.
    """
    content = looks.ask(ReceiptInside(), pdf).content
    if content is None:
        raise SigningError("signing.no_receipt_inside", file=source)
    return parse_receipt(content, source)
