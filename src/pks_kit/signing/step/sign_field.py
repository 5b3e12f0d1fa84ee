"""One signature as one incremental update: PAdES B-T with SHA-256.

The act itself is here and nothing else: what must be true before is in ``preflight``, what must
be true of the result is in ``result``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pks_kit.errors import SigningError
from pks_kit.pdf.box import Box
from pks_kit.pdf.layout import check_room
from pks_kit.pdf.parsing import refusing_broken_pdf
from pks_kit.signing.step.appearance import filling_box

if TYPE_CHECKING:
    from pyhanko.pdf_utils.content import PdfContent
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers import PdfSigner, Signer

    from pks_kit.signing.ports import TimeStamperSource

RESERVED_BYTES = 16_384
"""Room for the CMS object; BSrE reserves 17,500 and the meterai adapter 15,000 (esign 1.7, 2.6)."""

DIGEST = "sha256"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldJob:
    """One field to be filled.

    Attributes:
        field: Name of the field.
        new_box: Where to make the field when it does not exist; None to use an existing one.
        picture: What the widget shows.
        name: ``/Name`` of the signature dictionary.
        reason: ``/Reason``.
        location: ``/Location``; empty for none.
        now: ``/M``, the time that the signer's computer states.
        software: Name and version for ``/Prop_Build``.
    """

    field: str
    new_box: Box | None
    picture: PdfContent
    name: str
    reason: str
    location: str
    now: datetime
    software: tuple[str, str]


def software(name: str) -> tuple[str, str]:
    """Return a program name with the installed version of pks-kit, for ``/Prop_Build``."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return name, version("pks-kit")
    except PackageNotFoundError:
        return name, "0"


async def sign_field(
    pdf: bytes, job: FieldJob, signer: Signer, timestamps: TimeStamperSource
) -> bytes:
    """Return ``pdf`` with one signature appended.

    Raises:
        SigningError: ``timestamp.unavailable`` or ``timestamp.bad_answer`` (nothing is returned
            without a timestamp), ``signing.failed`` when the field, the key or the service
            refused or the signature outgrew its room.
        InputError: ``pdf.unreadable``, ``pdf.no_room``.
    """
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.general import SigningError as PyHankoSigningError

    check_room(pdf)
    with refusing_broken_pdf():
        writer = signature_only_writer(pdf)
    pdf_signer = _pdf_signer(job, signer, timestamps)
    try:
        session = pdf_signer.init_signing_session(writer, existing_fields_only=job.new_box is None)
        session.system_time = job.now
        document = session.prepare_tbs_document(None, bytes_reserved=2 * RESERVED_BYTES)
        digest, output = document.digest_tbs_document()
        await document.perform_signature(digest.document_digest, _signed_attributes(job.now))
    except (PdfError, PyHankoSigningError) as error:
        raise SigningError("signing.failed", reason=str(error)[:200]) from error
    output.seek(0)
    return bytes(output.read())


def _pdf_signer(job: FieldJob, signer: Signer, timestamps: TimeStamperSource) -> PdfSigner:
    from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
    from pyhanko.sign.signers.pdf_byterange import BuildProps

    new_field = None
    if job.new_box is not None:
        new_field = SigFieldSpec(
            sig_field_name=job.field,
            on_page=job.new_box.page - 1,
            box=job.new_box.rect,  # type: ignore[arg-type]  # points need not be whole
        )
    return PdfSigner(
        PdfSignatureMetadata(
            field_name=job.field,
            md_algorithm=DIGEST,
            name=job.name,
            reason=job.reason,
            location=job.location or None,
            subfilter=SigSeedSubFilter.PADES,
            app_build_props=BuildProps(name=job.software[0], revision=job.software[1]),
        ),
        signer,
        timestamper=timestamps.timestamper(),
        stamp_style=filling_box(job.picture),
        new_field_spec=new_field,
    )


def _signed_attributes(now: datetime) -> Any:
    from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

    return PdfCMSSignedAttributes(signing_time=now)


def signature_only_writer(pdf: bytes) -> IncrementalPdfFileWriter:
    """Return a writer that appends to a file and leaves its description alone."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class SignatureOnlyWriter(IncrementalPdfFileWriter):
        """Leaves document information and XMP alone: a step adds a signature and nothing else.

        pyHanko would write the time of its own clock into both and rewrite the XMP packet, which
        carries the PDF/A identification.
        """

        def _update_meta(self) -> None:
            return

    return SignatureOnlyWriter(BytesIO(pdf), strict=True)
