"""Which receipt is the file judged by, and do the receipts at hand agree?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pks_kit.domain.receipt import RECEIPT_ATTACHMENT, Receipt, parse_receipt
from pks_kit.errors import InputError
from pks_kit.pdf.attachments import attachment
from pks_kit.pdf.opening import open_with_qpdf
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.verification.file.issued_bytes import issued_identity
from pks_kit.verification.report.answers import failed, indeterminate, passed
from pks_kit.verification.report.verdict import Note

if TYPE_CHECKING:
    from pikepdf import Pdf

    from pks_kit.pdf.opening import OpenedFile
    from pks_kit.verification.report.verdict import Check


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What the file is compared with.

    Attributes:
        receipt: Receipt that names places and profile; None when there is none anywhere.
        source: ``given``, ``issued`` (embedded in the issued file) or ``upload``.
        issued: Bytes of the issued file, if given.
        issued_sha256: Hash of the issued file, if it or its receipt is known.
        issued_size: Its size in bytes; 0 when indeterminate.
    """

    receipt: Receipt | None = None
    source: str = ""
    issued: bytes | None = None
    issued_sha256: str = ""
    issued_size: int = 0


def find_reference(
    opened: OpenedFile, issued: bytes | None, given: Receipt | None
) -> tuple[Reference, list[Check], list[Note]]:
    """Collect the receipts (given, in the issued file, in the upload) and compare them.

    The receipt that is given wins over the one in the issued file, that one over the upload's:
    the upload is the thing to be judged.
    """
    in_upload = embedded_receipt(opened.pdf)
    in_issued = _of_issued(issued) if issued is not None else None
    return compared(in_issued, in_upload, issued, given)


def compared(
    in_issued: Receipt | ParserFailure | None,
    in_upload: Receipt | ParserFailure | None,
    issued: bytes | None,
    given: Receipt | None,
    identity: tuple[str, int] | None = None,
) -> tuple[Reference, list[Check], list[Note]]:
    """Compare receipts that were read; see :func:`find_reference`.

    Args:
        in_issued: The one in the issued file.
        in_upload: The one in the file to be judged.
        issued: The issued file, if given.
        given: The one that was given.
        identity: Hash and size of the issued file; None: they are still to be found.
    """
    checks: list[Check] = []
    notes: list[Note] = []
    if isinstance(in_upload, ParserFailure):
        checks.append(failed("issued.receipt", "unreadable", details={"parser": in_upload.text}))
        in_upload = None
    if isinstance(in_issued, ParserFailure):
        checks.append(indeterminate("issued.receipt", "issued_unreadable"))
        in_issued = None
    candidates = (("given", given), ("issued", in_issued), ("upload", in_upload))
    source, receipt = next(((name, one) for name, one in candidates if one), ("", None))
    if receipt is None:
        notes.append(Note(code="no_receipt"))
    checks += _agreement(receipt, in_issued, in_upload, is_own=source == "upload")
    sha256, size = identity or issued_identity(issued, given)
    if issued is not None and given is not None and given.issued is not None:
        checks += _pair(sha256, given.issued.sha256)
    if not sha256:
        notes.append(Note(code="issued_not_compared"))
    return (
        Reference(
            receipt=receipt, source=source, issued=issued, issued_sha256=sha256, issued_size=size
        ),
        checks,
        notes,
    )


def receipt_in_force(pdf: Pdf, issued: bytes | None, given: Receipt | None) -> Receipt | None:
    """Return the receipt that :func:`find_reference` chooses, and nothing about the others."""
    if given is not None:
        return given
    for found in (_of_issued(issued) if issued is not None else None, embedded_receipt(pdf)):
        if found is not None and not isinstance(found, ParserFailure):
            return found
    return None


def embedded_receipt(pdf: Pdf) -> Receipt | ParserFailure | None:
    """Return the receipt attached to a PDF; None when there is none."""
    found = guarded(lambda: attachment(pdf, RECEIPT_ATTACHMENT))
    if found is None or isinstance(found, ParserFailure):
        return found
    try:
        return parse_receipt(found, RECEIPT_ATTACHMENT)
    except InputError as error:
        return ParserFailure(error)


def _of_issued(issued: bytes) -> Receipt | ParserFailure | None:
    opened = guarded(lambda: open_with_qpdf(issued))
    return opened if isinstance(opened, ParserFailure) else embedded_receipt(opened)


def _pair(of_file: str, of_receipt: str) -> list[Check]:
    """The issued file and the receipt that were given must belong together."""
    return [] if of_file == of_receipt else [failed("issued.receipt", "other_bytes")]


def _agreement(
    chosen: Receipt | None, in_issued: Receipt | None, in_upload: Receipt | None, *, is_own: bool
) -> list[Check]:
    """Compare agreement ids; everything else of a receipt is covered by the issued bytes."""
    if chosen is None:
        return []
    if in_issued is not None and in_issued.agreement_id != chosen.agreement_id:
        return [
            failed(
                "issued.receipt",
                "other_issued",
                expected=chosen.agreement_id,
                found=in_issued.agreement_id,
            )
        ]
    if is_own:
        return [passed("issued.receipt", "embedded", agreement=chosen.agreement_id)]
    if in_upload is None:
        return [failed("issued.receipt", "missing", expected=chosen.agreement_id)]
    if in_upload.agreement_id != chosen.agreement_id:
        return [
            failed(
                "issued.agreement",
                "other",
                expected=chosen.agreement_id,
                found=in_upload.agreement_id,
            )
        ]
    if in_upload.without_issued() != chosen.without_issued():
        return [failed("issued.receipt", "differs", agreement=chosen.agreement_id)]
    return [passed("issued.agreement", "same", agreement=chosen.agreement_id)]
