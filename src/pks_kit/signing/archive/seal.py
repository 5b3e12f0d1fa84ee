"""A document timestamp over the whole file, as one revision."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

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
    from pks_kit.signing.ports import TimeStamperSource

FIELD_PREFIX = "ARSIP_"
"""Document timestamps are called ``ARSIP_1``, ``ARSIP_2``, ..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealRevision(Question[Appended]):
    """What must follow a file so that only a document timestamp is missing?"""

    def answer(self, files: Files) -> Appended:
        """Write the revision with space for a token, in the next field of the series.

        Raises:
            SigningError: ``signing.failed``.
            InputError: ``pdf.unreadable``.
        """
        from pyhanko.pdf_utils.misc import PdfError
        from pyhanko.sign.fields import enumerate_sig_fields
        from pyhanko.sign.general import SigningError as PyHankoSigningError
        from pyhanko.sign.signers import PdfTimeStamper

        with refusing_broken_pdf():
            writer = signature_only_writer(files[0])
            taken = {str(name) for name, _, _ in enumerate_sig_fields(writer)}
        number = next(n for n in range(1, len(taken) + 2) if f"{FIELD_PREFIX}{n}" not in taken)
        stamper = PdfTimeStamper(
            _later(),
            field_name=f"{FIELD_PREFIX}{number}",
            readable_field_name="Stempel waktu arsip",
        )
        output = BytesIO()
        try:
            _driven(
                stamper.async_timestamp_pdf(
                    writer, DIGEST, bytes_reserved=2 * RESERVED_BYTES, output=output
                )
            )
        except (PdfError, PyHankoSigningError) as error:
            raise SigningError("signing.failed", reason=str(error)[:200]) from error
        return Appended(content=output.getvalue()[len(files[0]) :])


async def sealed(pdf: bytes, timestamps: TimeStamperSource, looks: Looks = HERE) -> bytes:
    """Return a file with a document timestamp appended.

    Args:
        pdf: The file.
        timestamps: The authority; it sees a digest.
        looks: Where the file is opened.

    Raises:
        SigningError: ``timestamp.*``, ``signing.failed``.
        InputError: ``pdf.unreadable``.
        NotLookedError: ``pdf.not_looked``; no authority was asked.
    """
    from pyhanko.sign.general import SigningError as PyHankoSigningError

    revision = prepared_revision(pdf, looks.ask(SealRevision(), pdf).content)
    try:
        token: Any = await timestamps.timestamper().async_timestamp(revision.digest(), DIGEST)
    except PyHankoSigningError as error:
        raise SigningError("signing.failed", reason=str(error)[:200]) from error
    return revision.filled(token.dump())


def _driven(work: Coroutine[Any, Any, Any]) -> None:
    """Run a coroutine that waits for nothing; a guarded child has no event loop.

    Raises:
        RuntimeError: It does wait.
    """
    try:
        work.send(None)
    except StopIteration:
        return
    work.close()
    raise RuntimeError("the timestamper waited")


def _later() -> Any:
    """Return a timestamper that leaves the space empty: the authority is asked elsewhere."""
    from pyhanko.sign.timestamps import TimeStamper

    class Later(TimeStamper):
        async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
            return b""

    later: Any = Later
    return later()
