"""Remote hash signing over the CSC API, version 1 (Cloud Signature Consortium 1.0.4).

The requests leave through our own client, which tells a call that cannot have signed from one that
may have. Only the hash leaves this machine. The authorisation is always bound to the one hash that
is to be signed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from cryptography.x509 import Certificate, load_der_x509_certificate

from pks_kit.domain.secret import Secret
from pks_kit.errors import SigningError, UnknownOutcomeError
from pks_kit.net.provider import ProviderClient
from pks_kit.net.secrecy import said
from pks_kit.net.transport import Answer
from pks_kit.pki.certificates import check_may_sign
from pks_kit.signing.ports import SigningIdentity
from pks_kit.signing.services.csc.answers import (
    Credential,
    read_credential,
    read_sad,
    read_signature,
)
from pks_kit.signing.services.csc.signer import remote_signer

_REFUSALS = {"info": "csc.credential", "authorize": "csc.not_authorized", "sign": "csc.refused"}
ANSWER_LIMIT_BYTES = 1 << 20
"""Largest answer: a chain of certificates in base64, and much room."""


@dataclass(frozen=True, kw_only=True)
class CscKey:
    """A key that a service holds; a ``SignerSource``.

    Attributes:
        address: Address of the service, with or without ``/csc/v1``.
        credential: Id of the credential.
        token: Access token of the account (OAuth 2).
        pin: PIN of the credential, when the service asks for one.
        otp: One-time password, when the service asks for one; good for one signature.
        read_seconds: How long the service may be silent; a person may have to confirm.
        may_go_plain: Whether the token may go to another machine without TLS.
    """

    address: str
    credential: str
    token: Secret = field(repr=False)
    pin: Secret | None = field(default=None, repr=False)
    otp: Secret | None = field(default=None, repr=False)
    read_seconds: float = 60.0
    may_go_plain: bool = False
    _kept: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def _door(self) -> ProviderClient:
        base = self.address.rstrip("/").removesuffix("/csc/v1")
        return ProviderClient(
            base_url=f"{base}/csc/v1",
            read_seconds=self.read_seconds,
            answer_limit=ANSWER_LIMIT_BYTES,
            may_go_plain=self.may_go_plain,
        )

    def __post_init__(self) -> None:
        """Refuse an address that cannot be used, before anything is asked.

        Raises:
            UsageError: ``service.url``, ``service.without_tls``.
        """
        _ = self._door

    @property
    def without_tls(self) -> tuple[str, ...]:
        """Return the service when the token goes to it without TLS."""
        return self._door.without_tls

    async def identity(self, now: datetime) -> SigningIdentity:
        """Return the signer after asking for its certificate, once, and checking it.

        Raises:
            SigningError: ``csc.token``, ``csc.credential``, ``csc.disabled``,
                ``csc.authorization``, ``csc.pin_needed``, ``csc.otp_needed``, ``csc.bad_answer``,
                ``service.*``; or the certificate may not sign.
        """
        if "signer" not in self._kept:
            asked = {"credentialID": self.credential, "certificates": "chain", "certInfo": False}
            answer = await self._ask("info", "/credentials/info", asked, acts=False)
            found = read_credential(answer.json_object(), self._door.name)
            self._check(found)
            self._kept["certificate"] = load_der_x509_certificate(found.certificate.dump())
            self._kept["signer"] = remote_signer(
                found, self.credential, self._proof, self._authorize, self._sign_hash
            )
        certificate: Certificate = self._kept["certificate"]
        check_may_sign(certificate, now)
        return SigningIdentity.of(self._kept["signer"], certificate)

    def _check(self, found: Credential) -> None:
        """Refuse what cannot end well before anything is authorised."""
        words = {"service": self._door.name, "credential": self.credential}
        if not found.is_enabled:
            raise SigningError("csc.disabled", **words)
        if found.authorization == "oauth2code":
            raise SigningError("csc.authorization", **words)
        if found.wants_pin and self.pin is None:
            raise SigningError("csc.pin_needed", **words)
        if found.wants_otp and self.otp is None:
            raise SigningError("csc.otp_needed", **words)

    def _proof(self) -> dict[str, str]:
        given = {"PIN": self.pin, "OTP": self.otp}
        return {name: secret.reveal() for name, secret in given.items() if secret is not None}

    async def _authorize(self, request: dict[str, Any]) -> str:
        """Return the data that activates one signature; a refused PIN is never sent again.

        Raises:
            SigningError: ``csc.not_authorized`` and as ``identity``; nothing was signed.
        """
        if "refused" in self._kept:
            raise SigningError("csc.not_authorized", **self._kept["refused"])
        try:
            answer = await self._ask("authorize", "/credentials/authorize", request, acts=False)
        except SigningError as error:
            if error.code == "csc.not_authorized":
                self._kept["refused"] = error.params
            raise
        return read_sad(answer.json_object(), self._door.name)

    async def _sign_hash(self, request: dict[str, Any]) -> bytes:
        """Return the one signature that was asked for.

        Raises:
            SigningError: ``csc.refused`` and as ``identity``; nothing was signed.
            UnknownOutcomeError: ``service.no_answer``, ``csc.bad_signature``: it may have signed.
        """
        answer = await self._ask("sign", "/signatures/signHash", request, acts=True)
        signature = read_signature(answer.json_object())
        if signature is None:
            raise UnknownOutcomeError("csc.bad_signature", service=self._door.name)
        return signature

    async def _ask(self, what: str, path: str, content: dict[str, Any], *, acts: bool) -> Answer:
        answer = await self._door.call(
            "POST",
            path,
            acts=acts,
            headers={"Authorization": f"Bearer {self.token.reveal()}"},
            json=content,
        )
        if answer.status == 200:
            return answer
        if answer.status == 401:
            raise SigningError("csc.token", service=self._door.name)
        told = answer.json_object() or {}
        reason = said(
            told.get("error_description") or told.get("error") or f"HTTP {answer.status}",
            (self.token, self.pin, self.otp, _Sad.of(content)),
        )
        raise SigningError(
            _REFUSALS[what],
            service=self._door.name,
            credential=self.credential,
            reason=reason,
        )


class _Sad:
    """The activation data of a request, which must not come back in a message."""

    @staticmethod
    def of(content: dict[str, Any]) -> Secret | None:
        return Secret(content["SAD"]) if "SAD" in content else None
