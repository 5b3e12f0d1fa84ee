"""BSrE Esign Client Service, version 2: JSON in, JSON out (docs/sumber.md E1.3).

The gateway draws the picture it is given. Signing is never repeated.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pks_kit.domain.secret import Secret
from pks_kit.errors import UnknownOutcomeError, UsageError
from pks_kit.net.provider import ProviderClient
from pks_kit.net.transport import Answer
from pks_kit.pdf.box import Box
from pks_kit.signing.ports import PdfSigningJob
from pks_kit.signing.services.bsre.answers import check_status, nothing_done, refusal
from pks_kit.signing.services.bsre.placement import (
    Origin,
    Tag,
    check_sendable,
    gateway_numbers,
)
from pks_kit.signing.services.bsre.returned_pdf import check_returned
from pks_kit.signing.services.bsre.v1 import NIK

TagName = Literal["tag_koordinat", "tag"]
"""Name of the field for a mark; documentation and working clients differ."""

StatusPath = Literal["check/status", "check-status"]
"""Path of the status question below ``/api/v2/user/``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BsreV2:
    """A signer behind version 2 of the gateway; a ``PdfSigningService``.

    Attributes:
        door: Address, Basic account, limits.
        nik: NIK of the signer, text of 16 digits; or ``surel``.
        surel: E-mail address of the signer; or ``nik``.
        passphrase: Passphrase of the signer; or ``totp``.
        totp: Gives a one-time code when asked, right before the signature; or ``passphrase``.
        requests_totp: Whether the gateway must be asked to send that code first (by e-mail);
            no when it comes from the BeSign application.
        signer_name: Common name expected in the certificate; empty when nobody knows it.
        is_uji: Whether this is a test or staging gateway.
        origin: Where coordinates count from.
        tag: Mark to draw at instead of coordinates.
        tag_name: Name of the field for the mark.
        status_path: Path of the status question.
    """

    door: ProviderClient
    nik: Secret | None = None
    surel: Secret | None = None
    passphrase: Secret | None = None
    totp: Callable[[], Secret] | None = None
    requests_totp: bool = False
    signer_name: str = ""
    is_uji: bool = False
    origin: Origin = "atas"
    tag: Tag | None = None
    tag_name: TagName = "tag_koordinat"
    status_path: StatusPath = "check/status"

    def __post_init__(self) -> None:
        """Refuse settings that cannot work.

        Raises:
            UsageError: ``service.signer_or_two`` unless there is either NIK or e-mail address,
                ``service.secret_or_two`` unless there is either passphrase or one-time code,
                ``service.nik`` unless the NIK has 16 digits.
        """
        if (self.nik is None) == (self.surel is None):
            raise UsageError("service.signer_or_two")
        if (self.passphrase is None) == (self.totp is None):
            raise UsageError("service.secret_or_two")
        if self.nik is not None and not NIK.fullmatch(self.nik.reveal()):
            raise UsageError("service.nik")

    @property
    def name(self) -> str:
        """Return a name for messages."""
        return f"BSrE v2 {self.door.name}"

    @property
    def without_tls(self) -> tuple[str, ...]:
        """Return the gateway when account and NIK go to it without TLS."""
        return self.door.without_tls

    async def check_ready(self, now: datetime) -> None:
        """Ask for the status of the signer.

        Raises:
            SigningError: As :func:`check_status`, or the gateway did not answer.
        """
        path = f"/api/v2/user/{self.status_path}"
        answer = await self.door.call("POST", path, acts=False, json=self._signer)
        check_status(answer, self.name, self._secrets, by_code=False)

    async def sign_pdf(self, job: PdfSigningJob) -> bytes:
        """Return the signed PDF after :func:`check_returned` looked at it.

        Raises:
            SigningError: Refused before or by the gateway, or the PDF it gave is not the one
                asked for and was thrown away.
            UnknownOutcomeError: No usable answer came; it may have signed.
        """
        box = check_sendable(job, self.tag)
        proof, secrets = await self._proof()
        answer = await self.door.call(
            "POST",
            "/api/v2/sign/pdf",
            acts=True,
            json=self._signer
            | proof
            | sign_request(job, box, self.origin, self.tag, self.tag_name),
        )
        after = signed_file(answer, self.name, secrets)
        check_returned(job, after, self)
        return after

    @property
    def _signer(self) -> dict[str, str]:
        if self.nik is not None:
            return {"nik": self.nik.reveal()}
        return {"email": self.surel.reveal() if self.surel else ""}

    @property
    def _secrets(self) -> tuple[Secret | None, ...]:
        return (self.nik, self.surel, self.passphrase, self.door.password)

    async def _proof(self) -> tuple[dict[str, str], tuple[Secret | None, ...]]:
        """Return what proves that the signer is willing, and all secrets of the call."""
        if self.totp is None:
            passphrase = self.passphrase.reveal() if self.passphrase else ""
            return {"passphrase": passphrase}, self._secrets
        if self.requests_totp:
            answer = await self.door.call(
                "POST", "/api/v2/sign/get/totp", acts=False, json=self._signer | {"data": 1}
            )
            if answer.status != 200 or (answer.json_object() or {}).get("success") is not True:
                raise nothing_done(answer, self.name, self._secrets)
        code = self.totp()
        return {"totp": code.reveal()}, (*self._secrets, code)


def sign_request(
    job: PdfSigningJob, box: Box, origin: Origin, tag: Tag | None, tag_name: TagName
) -> dict[str, Any]:
    """Return the part of a request that says what is signed and where it shows."""
    numbers = gateway_numbers(box, job.page_height, origin)
    properties: dict[str, Any] = {
        "tampilan": "VISIBLE",
        "imageBase64": base64.b64encode(job.picture_png).decode(),
        "width": numbers.width,
        "height": numbers.height,
        "reason": job.alasan,
        "location": job.lokasi or None,
        "contactInfo": None,
    }
    if tag is not None:
        properties[tag_name] = tag.text
    else:
        properties |= {"page": box.page, "originX": numbers.x, "originY": numbers.y}
    return {
        "signatureProperties": [properties],
        "file": [base64.b64encode(job.pdf).decode()],
    }


def signed_file(answer: Answer, service: str, secrets: Iterable[Secret | None]) -> bytes:
    """Return the one signed file of an answer.

    Raises:
        SigningError: The gateway refused.
        UnknownOutcomeError: ``service.bad_answer``: it said yes, but no file can be read.
    """
    content = answer.json_object() or {}
    if answer.status != 200 or "file" not in content:
        raise refusal(answer, service, secrets)
    files = content["file"]
    if isinstance(files, list) and len(files) == 1 and isinstance(files[0], str):
        try:
            # some encoders wrap their lines
            signed = base64.b64decode("".join(files[0].split()), validate=True)
        except (binascii.Error, ValueError):
            signed = b""
        if signed.startswith(b"%PDF-"):
            return signed
    raise UnknownOutcomeError("service.bad_answer", service=service)
