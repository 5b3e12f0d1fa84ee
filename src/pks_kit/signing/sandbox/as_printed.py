"""A test signer for trying things out: signs in the name of whom an agreement prints.

Whoever tries the desk meets agreements of many heads of branch and leaders, and holds no key of any
of them. So the authority of the sandbox makes each a key and a test certificate when it is needed.
Both live in memory alone; their policy, subject and issuer say that they are a test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from pks_kit.errors import SigningError
from pks_kit.files import read_secret
from pks_kit.limits import KEY_FILE_BYTES
from pks_kit.signing.keys.files import LocalKey
from pks_kit.signing.sandbox import certificates
from pks_kit.signing.sandbox.authority import AUTHORITY_FILE, load_sandbox_key, plain_name

if TYPE_CHECKING:
    from pks_kit.signing.ports import SigningIdentity

TRIAL_NAME = "Uji Penanda Tangan Sesuai Perjanjian"
"""Whom the key names that only shows that the authority works; no agreement prints it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AsPrinted:
    """The issuing authority of a sandbox; a ``NamedOnTheSpot``.

    Attributes:
        clock: Gives the present time.
    """

    clock: Callable[[], datetime]
    _authority: certificates.Issued = field(repr=False)
    _above: LocalKey = field(repr=False)
    _known: dict[str, LocalKey] = field(default_factory=dict, init=False, repr=False)

    def signing_as(self, printed: str) -> LocalKey:
        """Return the test key of a person, the same one each time.

        Args:
            printed: Name as the agreement prints it; titles do not go into the certificate.
        """
        name = plain_name(printed)
        if name not in self._known:
            made = certificates.make_signer(self._authority, name, self.clock(), curve=True)
            chain = (self._above.certificate, *self._above.chain)
            self._known[name] = LocalKey(certificate=made.certificate, chain=chain, _key=made.key)
        return self._known[name]

    async def identity(self, now: datetime) -> SigningIdentity:
        """Return a signer that shows that the authority works; see ``SignerSource``."""
        return await self.signing_as(TRIAL_NAME).identity(now)


def load_as_printed(folder: Path, passphrase: bytes, clock: Callable[[], datetime]) -> AsPrinted:
    """Open the authority of a sandbox folder that was made to sign for anybody.

    Raises:
        InputError: The folder holds no such authority.
        SigningError: The passphrase does not open it; ``sandbox.not_a_test`` when it is not the
            authority of a sandbox.
    """
    above = load_sandbox_key(folder, AUTHORITY_FILE, passphrase)
    path = folder / AUTHORITY_FILE
    content = read_secret(path, KEY_FILE_BYTES)
    key, _, _ = pkcs12.load_key_and_certificates(content, passphrase)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise SigningError("sandbox.not_a_test", file=str(path))
    authority = certificates.Issued(key=key, certificate=above.certificate)
    return AsPrinted(clock=clock, _authority=authority, _above=above)
