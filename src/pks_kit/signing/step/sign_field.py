"""One signature as one incremental update: PAdES B-T with SHA-256.

The act itself is here and nothing else: what must be true before is in ``preflight``, what must
be true of the result is in ``result``. The revision is prepared where files from outside are
opened; the key, and whoever holds it, sees a digest (:mod:`.reserved_space`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pks_kit.errors import SigningError
from pks_kit.foreign import HERE, Files, Looks, Question
from pks_kit.json_types import Moment
from pks_kit.pdf.box import Box
from pks_kit.pdf.layout import check_room
from pks_kit.pdf.parsing import refusing_broken_pdf
from pks_kit.pki.prepared_names import prepare_names_once
from pks_kit.signing.step.appearance import filling_box, picture_of
from pks_kit.signing.step.reserved_space import (
    DIGEST,
    RESERVED_BYTES,
    Appended,
    PreparedRevision,
    prepared_revision,
)

if TYPE_CHECKING:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers import PdfSigner, Signer

    from pks_kit.signing.ports import TimeStamperSource


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldJob:
    """One field to be filled.

    Attributes:
        field: Name of the field.
        new_box: Where to make the field when it does not exist; None to use an existing one.
        picture: What the widget shows: a PDF page, a PNG or a JPEG.
        name: ``/Name`` of the signature dictionary.
        reason: ``/Reason``.
        location: ``/Location``; empty for none.
        now: ``/M``, the time that the signer's computer states.
        software: Name and version for ``/Prop_Build``.
    """

    field: str
    new_box: Box | None
    picture: bytes
    name: str
    reason: str
    location: str
    now: datetime
    software: tuple[str, str]

    def question(self) -> FieldRevision:
        """Return the question for the revision; the picture is a file beside it."""
        return FieldRevision(
            field=self.field,
            new_box=self.new_box,
            name=self.name,
            reason=self.reason,
            location=self.location,
            now=self.now,
            software=self.software,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRevision(Question[Appended]):
    """What must follow a file so that only the signature is missing? Of two: file, picture.

    Attributes:
        field: As in :class:`FieldJob`, like the others.
    """

    field: str
    new_box: Box | None
    name: str
    reason: str
    location: str
    now: Moment
    software: tuple[str, str]

    def answer(self, files: Files) -> Appended:
        """Write the revision with space for a signature.

        Raises:
            SigningError: ``signing.failed``, ``signing.appearance``, ``meterai.image``.
            InputError: ``pdf.unreadable``.
        """
        from pyhanko.pdf_utils.misc import PdfError
        from pyhanko.sign.general import SigningError as PyHankoSigningError

        pdf, picture = files
        with refusing_broken_pdf():
            writer = signature_only_writer(pdf)
        pdf_signer = self._pdf_signer(picture)
        try:
            session = pdf_signer.init_signing_session(
                writer, existing_fields_only=self.new_box is None
            )
            session.system_time = self.now
            document = session.prepare_tbs_document(None, bytes_reserved=2 * RESERVED_BYTES)
            _, output = document.digest_tbs_document()
        except (PdfError, PyHankoSigningError) as error:
            raise SigningError("signing.failed", reason=str(error)[:200]) from error
        output.seek(len(pdf))
        return Appended(content=bytes(output.read()))

    def _pdf_signer(self, picture: bytes) -> PdfSigner:
        from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
        from pyhanko.sign.signers import ExternalSigner, PdfSignatureMetadata, PdfSigner
        from pyhanko.sign.signers.pdf_byterange import BuildProps

        new_field = None
        if self.new_box is not None:
            new_field = SigFieldSpec(
                sig_field_name=self.field,
                on_page=self.new_box.page - 1,
                box=self.new_box.rect,  # type: ignore[arg-type]  # points need not be whole
            )
        return PdfSigner(
            PdfSignatureMetadata(
                field_name=self.field,
                md_algorithm=DIGEST,
                name=self.name,
                reason=self.reason,
                location=self.location or None,
                subfilter=SigSeedSubFilter.PADES,
                app_build_props=BuildProps(name=self.software[0], revision=self.software[1]),
            ),
            # whoever signs does so later and elsewhere
            ExternalSigner(signing_cert=None, cert_registry=None, signature_value=1),
            stamp_style=filling_box(picture_of(picture)),
            new_field_spec=new_field,
        )


@lru_cache(maxsize=8)
def software(name: str) -> tuple[str, str]:
    """Return a program name with the installed version of pks-kit, for ``/Prop_Build``."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return name, version("pks-kit")
    except PackageNotFoundError:
        return name, "0"


async def sign_field(
    pdf: bytes,
    job: FieldJob,
    signer: Signer,
    timestamps: TimeStamperSource,
    looks: Looks = HERE,
) -> bytes:
    """Return ``pdf`` with one signature appended.

    Args:
        pdf: The file.
        job: The field.
        signer: Signs the digest.
        timestamps: Timestamps the signature.
        looks: Where the file is opened.

    Raises:
        SigningError: ``timestamp.unavailable`` or ``timestamp.bad_answer`` (nothing is returned
            without a timestamp), ``signing.failed`` when the field, the key or the service
            refused or the signature outgrew its room, ``pdf.grown``.
        InputError: ``pdf.unreadable``, ``pdf.no_room``.
        NotLookedError: ``pdf.not_looked``; the key was not used.
    """
    check_room(pdf)
    appended = looks.ask(job.question(), pdf, job.picture).content
    return await sign_revision(prepared_revision(pdf, appended), job.now, signer, timestamps)


async def sign_revision(
    revision: PreparedRevision, now: datetime, signer: Signer, timestamps: TimeStamperSource
) -> bytes:
    """Return a prepared revision with its signature and timestamp.

    Args:
        revision: The revision.
        now: Time that the signature states.
        signer: Signs the digest.
        timestamps: Timestamps the signature.

    Raises:
        SigningError: As :func:`sign_field`.
    """
    from pyhanko.sign.general import SigningError as PyHankoSigningError

    prepare_names_once()
    try:
        container: Any = await signer.async_sign(
            revision.digest(),
            DIGEST,
            use_pades=True,
            timestamper=timestamps.timestamper(),
            signed_attr_settings=_signed_attributes(now),
        )
    except PyHankoSigningError as error:
        raise SigningError("signing.failed", reason=str(error)[:200]) from error
    return revision.filled(container.dump())


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
