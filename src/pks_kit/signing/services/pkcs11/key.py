"""A key in a token or HSM, reached through the PKCS#11 library of its maker."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.x509 import Certificate, load_der_x509_certificate

from pks_kit.domain.secret import Secret
from pks_kit.errors import SigningError
from pks_kit.pki.certificates import check_may_sign
from pks_kit.signing.ports import SigningIdentity
from pks_kit.signing.services.pkcs11.session import (
    OpenToken,
    forget_token,
    open_token,
    token_reason,
)

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class Pkcs11Key:
    """A key in a token; a ``SignerSource``. The key never leaves the token.

    Attributes:
        module: Library of the maker of the token.
        token: Label of the token.
        pin: PIN of the user; given to the token once per process.
        label: Label of the key; None to choose by ``key_id`` or to take the only one.
        key_id: Id of the key (``CKA_ID``).
    """

    module: Path
    token: str
    pin: Secret = field(repr=False)
    label: str | None = None
    key_id: bytes | None = None
    _found: list[_Found] = field(default_factory=list, init=False, repr=False, compare=False)

    async def identity(self, now: datetime) -> SigningIdentity:
        """Return the signer after logging in and checking the certificate.

        Raises:
            SigningError: ``token.*``; or the certificate may not sign, see ``check_may_sign``.
        """
        if not self._found:
            self._found.append(await asyncio.to_thread(self._look_up))
        found = self._found[0]
        check_may_sign(found.certificate, now)
        return SigningIdentity.of(found.signer, found.certificate)

    def _look_up(self) -> _Found:
        opened = open_token(self.module, self.token, self.pin)
        from pkcs11.exceptions import PKCS11Error

        try:
            with opened.lock:
                key = self._key(opened)
                certificate, others = self._certificates(opened, key)
        except PKCS11Error as error:
            raise self._failed(error) from error
        return _Found(
            certificate=certificate, signer=_signer(self, opened, key, certificate, others)
        )

    def _key(self, opened: OpenToken) -> Any:
        from pkcs11 import Attribute, ObjectClass

        wanted: dict[Any, Any] = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.SIGN: True}
        if self.label is not None:
            wanted[Attribute.LABEL] = self.label
        if self.key_id is not None:
            wanted[Attribute.ID] = self.key_id
        keys = list(opened.session.get_objects(wanted))
        if not keys:
            raise SigningError("token.no_key", token=self.token, key=self._named())
        if len(keys) > 1:
            raise SigningError("token.many_keys", token=self.token, key=self._named())
        return keys[0]

    def _certificates(self, opened: OpenToken, key: Any) -> tuple[Certificate, list[Certificate]]:
        """Return the certificate of the key (same id, or same label), and all others."""
        from pkcs11 import Attribute, ObjectClass

        stored = [
            (one[Attribute.ID], one[Attribute.LABEL], one[Attribute.VALUE])
            for one in opened.session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})
        ]
        key_id, label = key[Attribute.ID], key[Attribute.LABEL]
        own = {der for other, _, der in stored if key_id and other == key_id} or {
            der for _, other, der in stored if label and other == label
        }
        if len(own) != 1:
            code = "token.many_certificates" if own else "token.no_certificate"
            raise SigningError(code, token=self.token, key=self._named())
        try:
            loaded = {der: load_der_x509_certificate(der) for _, _, der in stored}
        except ValueError as error:
            raise SigningError(
                "token.no_certificate", token=self.token, key=self._named()
            ) from error
        mine = loaded.pop(own.pop())
        return mine, list(loaded.values())

    def _named(self) -> str:
        parts = (self.label, self.key_id.hex() if self.key_id else None)
        return ", ".join(part for part in parts if part) or "*"

    def _failed(self, error: Exception) -> SigningError:
        """Forget a session that is gone, and say so."""
        from pkcs11 import exceptions as trouble

        gone = (
            trouble.DeviceRemoved,
            trouble.TokenNotPresent,
            trouble.SessionHandleInvalid,
            trouble.SessionClosed,
            trouble.UserNotLoggedIn,
        )
        if isinstance(error, gone):
            self._found.clear()
            forget_token(self.module, self.token)
            return SigningError("token.removed", token=self.token)
        return SigningError("token.failed", token=self.token, reason=token_reason(error))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """The certificate of the key, and the signer."""

    certificate: Certificate
    signer: Signer


def _signer(
    source: Pkcs11Key,
    opened: OpenToken,
    key: Any,
    certificate: Certificate,
    others: list[Certificate],
) -> Signer:
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from pkcs11 import Mechanism
    from pkcs11.exceptions import PKCS11Error
    from pkcs11.util.ec import encode_ecdsa_signature
    from pyhanko.sign.signers import Signer
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    from pks_kit.signing.keys.opened import translated

    public = certificate.public_key()
    if not isinstance(public, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise SigningError("token.unsuitable", token=source.token, key=source._named())
    is_rsa = isinstance(public, rsa.RSAPublicKey)
    room = bytes(public.key_size // 8 if is_rsa else public.key_size // 4 + 16)
    mechanisms = {
        "sha256": Mechanism.SHA256_RSA_PKCS,
        "sha384": Mechanism.SHA384_RSA_PKCS,
        "sha512": Mechanism.SHA512_RSA_PKCS,
    }

    def sign(data: bytes, digest: str) -> bytes:
        with opened.lock:
            if is_rsa:
                return bytes(key.sign(data, mechanism=mechanisms[digest]))
            # many tokens know ECDSA over a finished hash only
            hashed = hashlib.new(digest, data).digest()
            return encode_ecdsa_signature(key.sign(hashed, mechanism=Mechanism.ECDSA))

    class TokenSigner(Signer):
        """Signs in the token, in a thread: a person may have to touch it."""

        async def async_sign_raw(
            self, data: bytes, digest_algorithm: str, dry_run: bool = False
        ) -> bytes:
            if dry_run:
                return room
            try:
                return await asyncio.to_thread(sign, data, digest_algorithm)
            except PKCS11Error as error:
                raise source._failed(error) from error

    return TokenSigner(
        signing_cert=translated(certificate),
        cert_registry=SimpleCertificateStore.from_certs(  # type: ignore[no-untyped-call]
            map(translated, others)
        ),
    )
