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
from pks_kit.pdf.prefix.own_files import own_files


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFile:
    """A file inside a PDF; None when there is none of that name."""

    content: HexBytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentInside(Question[AttachedFile]):
    """Which file of a name does a PDF carry?

    Attributes:
        name: ``RECEIPT_ATTACHMENT`` or ``DATA_ATTACHMENT``.
    """

    name: str

    def answer(self, files: Files) -> AttachedFile:
        """Read the attachment of that name.

        Raises:
            SigningError: ``pdf.encrypted``.
            InputError: ``pdf.unreadable``, also for one larger than it may be.
        """
        with refusing_broken_pdf(), open_plain(files[0]) as opened:
            return AttachedFile(content=attachment(opened, self.name))


def attached(pdf: bytes, name: str, looks: Looks) -> bytes | None:
    """Return a file inside a PDF; None when there is none of that name.

    Args:
        pdf: The file.
        name: As in :class:`AttachmentInside`.
        looks: Where it is opened, unless this process wrote it.

    Raises:
        SigningError: ``pdf.encrypted``.
        InputError: ``pdf.unreadable``.
    """
    own = own_files.of(pdf)
    if own is not None:
        return own.attachments.get(name)
    return looks.ask(AttachmentInside(name=name), pdf).content


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
    receipt = receipt_inside(pdf, looks, source)
    if receipt is None:
        raise SigningError("signing.no_receipt_inside", file=source)
    return receipt


def receipt_inside(pdf: bytes, looks: Looks, source: str = RECEIPT_ATTACHMENT) -> Receipt | None:
    """Return the receipt embedded in a PDF, or None; it proves as little.

    Args:
        pdf: The file.
        looks: Where it is opened.
        source: Name for messages.

    Raises:
        SigningError: ``pdf.encrypted``.
        InputError: ``pdf.unreadable``, ``receipt.invalid``.
    """
    content = attached(pdf, RECEIPT_ATTACHMENT, looks)
    return None if content is None else parse_receipt(content, source)
