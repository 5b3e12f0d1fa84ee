"""BSrE Esign Client Service, version 1: multipart in, PDF out (docs/sumber.md E1.2).

Signing is never repeated. Only when the answer was cut and its ``id_dokumen`` arrived, the signed
document is fetched once by that number; the service gives it out a single time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pks_kit.domain.secret import Secret
from pks_kit.errors import SigningError, UnknownOutcomeError, UsageError
from pks_kit.messages import lookup
from pks_kit.net.provider import ProviderClient
from pks_kit.net.transport import Answer
from pks_kit.pdf.box import Box
from pks_kit.signing.ports import PdfSigningJob
from pks_kit.signing.services.bsre.answers import check_status, refusal
from pks_kit.signing.services.bsre.placement import (
    Origin,
    SizeMeans,
    Tag,
    check_sendable,
    gateway_numbers,
)
from pks_kit.signing.services.bsre.returned_pdf import check_returned, is_whole_pdf

NIK = re.compile(r"[0-9]{16}")
_DOCUMENT_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")


@dataclass(frozen=True, slots=True, kw_only=True)
class BsreV1:
    """A signer behind version 1 of the gateway; a ``PdfSigningService``.

    Attributes:
        door: Address, Basic account, limits.
        nik: NIK of the signer, text of 16 digits.
        passphrase: Passphrase of the signer.
        signer_name: Common name expected in the certificate; empty when nobody knows it.
        is_uji: Whether this is a test or staging gateway.
        origin: Where coordinates count from.
        size_means: What width and height mean; calibrate once per installation.
        sends_picture: Whether our picture is drawn; else the gateway draws a QR of the code.
        tag: Mark to draw at instead of coordinates.
    """

    door: ProviderClient
    nik: Secret
    passphrase: Secret
    signer_name: str = ""
    is_uji: bool = False
    origin: Origin = "bawah"
    size_means: SizeMeans = "ukuran"
    sends_picture: bool = True
    tag: Tag | None = None

    def __post_init__(self) -> None:
        """Refuse settings that cannot work.

        Raises:
            UsageError: ``service.nik`` unless the NIK has 16 digits.
        """
        if not NIK.fullmatch(self.nik.reveal()):
            raise UsageError("service.nik")

    @property
    def name(self) -> str:
        """Return a name for messages."""
        return f"BSrE v1 {self.door.name}"

    @property
    def without_tls(self) -> tuple[str, ...]:
        """Return the gateway when account and NIK go to it without TLS."""
        return self.door.without_tls

    async def check_ready(self, now: datetime) -> None:
        """Ask for the status of the signer.

        Raises:
            SigningError: As :func:`check_status`, or the gateway did not answer.
        """
        path = f"/api/user/status/{self.nik.reveal()}"
        answer = await self.door.call("GET", path, acts=False)
        check_status(answer, self.name, self._secrets, by_code=True)

    async def sign_pdf(self, job: PdfSigningJob) -> bytes:
        """Return the signed PDF after :func:`check_returned` looked at it.

        Raises:
            SigningError: Refused before or by the gateway, or the PDF it gave is not the one
                asked for and was thrown away.
            UnknownOutcomeError: No usable answer came; it may have signed.
        """
        box = check_sendable(job, self.tag)
        files = {"file": ("dokumen.pdf", job.pdf, "application/pdf")}
        if self.sends_picture:
            files["imageTTD"] = ("tampilan.png", job.picture_png, "image/png")
        answer = await self.door.call(
            "POST",
            "/api/sign/pdf",
            acts=True,
            keep_cut=True,
            data=self._fields(job, box),
            files=files,
        )
        after = await self._pdf_of(answer)
        check_returned(job, after, self)
        return after

    @property
    def _secrets(self) -> tuple[Secret | None, ...]:
        return (self.nik, self.passphrase, self.door.password)

    def _fields(self, job: PdfSigningJob, box: Box) -> dict[str, str]:
        # a mark has no corner to count from, so its numbers are always a size
        means = "ukuran" if self.tag is not None else self.size_means
        numbers = gateway_numbers(box, job.page_height, self.origin, means)
        fields: dict[str, Any] = {
            "nik": self.nik.reveal(),
            "passphrase": self.passphrase.reveal(),
            "tampilan": "visible",
            "image": "true" if self.sends_picture else "false",
            "width": numbers.width,
            "height": numbers.height,
            "reason": job.alasan,
        }
        if self.tag is not None:
            fields["tag_koordinat"] = self.tag.text
        else:
            fields |= {"page": box.page, "xAxis": numbers.x, "yAxis": numbers.y}
        if not self.sends_picture:
            fields["linkQR"] = job.code
        if job.lokasi:
            fields["location"] = job.lokasi
        return {key: str(value) for key, value in fields.items()}

    async def _pdf_of(self, answer: Answer) -> bytes:
        is_pdf = answer.status == 200 and answer.body.startswith(b"%PDF-")
        if is_pdf and not answer.is_cut and is_whole_pdf(answer.body):
            return answer.body
        if not answer.is_cut and not is_pdf:
            raise refusal(answer, self.name, self._secrets)
        found = answer.headers.get("id_dokumen") or answer.headers.get("id-dokumen") or ""
        if answer.status != 200 or not _DOCUMENT_ID.fullmatch(found):
            reason = lookup("service.reason.broken").fill({"what": "cut"})
            raise UnknownOutcomeError("service.no_answer", service=self.name, reason=reason)
        return await self._fetch(found)

    async def _fetch(self, document: str) -> bytes:
        """Fetch a signed document whose answer was cut; it is given out once."""
        try:
            answer = await self.door.call("GET", f"/api/sign/download/{document}", acts=True)
        except SigningError as error:
            reason = error.text
        else:
            if answer.status == 200 and is_whole_pdf(answer.body):
                return answer.body
            reason = refusal(answer, self.name, self._secrets).text
        raise UnknownOutcomeError(
            "service.not_fetched", service=self.name, document=document, reason=reason
        )
