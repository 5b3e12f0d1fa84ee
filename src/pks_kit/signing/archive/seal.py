"""A document timestamp over the whole file, as one revision."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pks_kit.domain.ledger_head import PDF_ENTRY
from pks_kit.errors import SigningError
from pks_kit.foreign import HERE, Files, Looks, Question
from pks_kit.pdf.parsing import refusing_broken_pdf
from pks_kit.signing.step.reserved_space import (
    DIGEST,
    RESERVED_BYTES,
    Appended,
    prepared_revision,
)
from pks_kit.signing.step.sign_field import signature_only_writer

if TYPE_CHECKING:
    from pks_kit.domain.ledger_head import AnchoredHead
    from pks_kit.signing.ports import TimeStamperSource

FIELD_PREFIX = "ARSIP_"
"""Document timestamps are called ``ARSIP_1``, ``ARSIP_2``, ..."""

FIELD_TITLE = "Stempel waktu arsip"
"""What their fields are called for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealRevision(Question[Appended]):
    """What must follow a file so that only a document timestamp is missing?

    Attributes:
        head: Head of the ledger that it shall cover, as it is written; empty for none.
    """

    head: str = ""

    def answer(self, files: Files) -> Appended:
        """Write the revision with space for a token, in the next field of the series.

        Raises:
            SigningError: ``signing.failed``.
            InputError: ``pdf.unreadable``.
        """
        from pyhanko.pdf_utils.misc import PdfError
        from pyhanko.sign.fields import enumerate_sig_fields
        from pyhanko.sign.general import SigningError as PyHankoSigningError

        with refusing_broken_pdf():
            writer = signature_only_writer(files[0])
            taken = {str(name) for name, _, _ in enumerate_sig_fields(writer)}
        number = next(n for n in range(1, len(taken) + 2) if f"{FIELD_PREFIX}{n}" not in taken)
        output = BytesIO()
        try:
            self._write(writer, f"{FIELD_PREFIX}{number}", output)
        except (PdfError, PyHankoSigningError) as error:
            raise SigningError("signing.failed", reason=str(error)[:200]) from error
        return Appended(content=output.getvalue()[len(files[0]) :])

    def _write(self, writer: Any, field: str, output: BytesIO) -> None:
        """Add a field and write its document timestamp, over the head of the ledger too.

        pyHanko's ``PdfTimeStamper`` makes the dictionary itself and lets nothing be added to it.
        """
        from pyhanko.pdf_utils.generic import pdf_string
        from pyhanko.sign.fields import SigFieldSpec
        from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
        from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp

        made: Any = DocumentTimestamp
        stamp = made(bytes_reserved=2 * RESERVED_BYTES)
        if self.head:
            stamp[PDF_ENTRY] = pdf_string(self.head)
        spec = SigFieldSpec(sig_field_name=field, readable_field_name=FIELD_TITLE)
        embedder: Any = PdfCMSEmbedder(new_field_spec=spec)
        writing = embedder.write_cms(field_name=field, writer=writer, existing_fields_only=False)
        next(writing)
        writing.send(SigObjSetup(sig_placeholder=stamp))
        writing.send(SigIOSetup(md_algorithm=DIGEST, in_place=False, output=output))


async def sealed(
    pdf: bytes, timestamps: TimeStamperSource, head: AnchoredHead | None, looks: Looks = HERE
) -> bytes:
    """Return a file with a document timestamp appended.

    Args:
        pdf: The file.
        timestamps: The authority; it sees a digest.
        head: Head of the ledger that the timestamp shall cover; None for none.
        looks: Where the file is opened.

    Raises:
        SigningError: ``timestamp.*``, ``signing.failed``.
        InputError: ``pdf.unreadable``.
        NotLookedError: ``pdf.not_looked``; no authority was asked.
    """
    question = SealRevision(head="" if head is None else str(head))
    return await with_token(pdf, looks.ask(question, pdf).content, timestamps)


async def with_token(pdf: bytes, appended: bytes, timestamps: TimeStamperSource) -> bytes:
    """Return a file with a prepared revision and the token that is missing in it.

    Args:
        pdf: The file.
        appended: The revision.
        timestamps: The authority; it sees a digest.

    Raises:
        SigningError: ``timestamp.*``, ``signing.failed``.
    """
    from pyhanko.sign.general import SigningError as PyHankoSigningError

    revision = prepared_revision(pdf, appended)
    try:
        token: Any = await timestamps.timestamper().async_timestamp(revision.digest(), DIGEST)
    except PyHankoSigningError as error:
        raise SigningError("signing.failed", reason=str(error)[:200]) from error
    return revision.filled(token.dump())
