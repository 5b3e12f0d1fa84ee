"""Electronic seal of BSrE, version 2: an institution seals, no person signs (esign 1.3).

A seal needs two codes: the activation code, which the institution got when it activated the seal,
buys a one-time code for one file, and that code seals.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pks_kit.domain.secret import Secret
from pks_kit.errors import SigningError, UsageError
from pks_kit.net.provider import ProviderClient
from pks_kit.signing.ports import PdfSigningJob
from pks_kit.signing.services.bsre.answers import nothing_done
from pks_kit.signing.services.bsre.placement import Origin, Tag, check_sendable
from pks_kit.signing.services.bsre.returned_pdf import check_returned
from pks_kit.signing.services.bsre.v2 import TagName, sign_request, signed_file

_SUBSCRIBER = re.compile(r"[A-Za-z0-9._-]{1,100}")


@dataclass(frozen=True, slots=True, kw_only=True)
class BsreSeal:
    """A seal behind version 2 of the gateway; a ``PdfSigningService``.

    Attributes:
        door: Address, Basic account, limits.
        id_subscriber: Number of the institution at BSrE.
        activation: Gives the activation code when asked.
        signer_name: Common name expected in the certificate; empty when nobody knows it.
        is_uji: Whether this is a test or staging gateway.
        origin: Where coordinates count from.
        tag: Mark to draw at instead of coordinates.
        tag_name: Name of the field for the mark.
    """

    door: ProviderClient
    id_subscriber: str
    activation: Callable[[], Secret]
    signer_name: str = ""
    is_uji: bool = False
    origin: Origin = "atas"
    tag: Tag | None = None
    tag_name: TagName = "tag_koordinat"

    def __post_init__(self) -> None:
        """Refuse settings that cannot work.

        Raises:
            UsageError: ``service.subscriber``.
        """
        if not _SUBSCRIBER.fullmatch(self.id_subscriber):
            raise UsageError("service.subscriber")

    @property
    def name(self) -> str:
        """Return a name for messages."""
        return f"BSrE v2 (segel) {self.door.name}"

    @property
    def without_tls(self) -> tuple[str, ...]:
        """Return the gateway when account and NIK go to it without TLS."""
        return self.door.without_tls

    async def check_ready(self, now: datetime) -> None:
        """Ask for the certificate of the seal; a seal has no user status.

        Raises:
            SigningError: ``service.no_certificate``, a refusal, or the gateway did not answer.
        """
        path = f"/api/v2/user/certificate/chain/{self.id_subscriber}"
        answer = await self.door.call("GET", path, acts=False)
        content = answer.json_object() or {}
        # an unknown number gives HTTP 400 with a body that is no JSON
        if answer.status == 400 and not content:
            raise SigningError("service.not_registered", service=self.name)
        if answer.status != 200 or content.get("success") is not True:
            raise nothing_done(answer, self.name, [self.door.password])
        if not content.get("data"):
            raise SigningError("service.no_certificate", service=self.name)

    async def sign_pdf(self, job: PdfSigningJob) -> bytes:
        """Return the sealed PDF after :func:`check_returned` looked at it.

        Raises:
            SigningError: Refused before or by the gateway, or the PDF it gave is not the one
                asked for and was thrown away.
            UnknownOutcomeError: No usable answer came; it may have sealed.
        """
        box = check_sendable(job, self.tag)
        activation = self.activation()
        code = await self._one_time_code(activation)
        answer = await self.door.call(
            "POST",
            "/api/v2/seal/pdf",
            acts=True,
            json={"idSubscriber": self.id_subscriber, "totp": code.reveal()}
            | sign_request(job, box, self.origin, self.tag, self.tag_name),
        )
        after = signed_file(answer, self.name, [activation, code, self.door.password])
        check_returned(job, after, self)
        return after

    async def _one_time_code(self, activation: Secret) -> Secret:
        request = {"idSubscriber": self.id_subscriber, "data": 1, "totp": activation.reveal()}
        answer = await self.door.call("POST", "/api/v2/seal/get/totp", acts=False, json=request)
        content = answer.json_object() or {}
        code = content.get("totp")
        if answer.status != 200 or not isinstance(code, str) or not code:
            raise nothing_done(answer, self.name, [activation, self.door.password])
        return Secret(code)
