"""pyHanko's signer for a key that a CSC service holds: one hash, one authorisation, one signature.

The requests are ``credentials/authorize`` and ``signatures/signHash`` of version 1.0.4. pyHanko's
``CSCSigner`` brings an HTTP client of its own and collects signatures in batches; here every
signature is authorised for its hash alone.
"""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import hashes

if TYPE_CHECKING:
    from asn1crypto import algos
    from pyhanko.sign.signers import Signer

    from pks_kit.signing.services.csc.answers import Credential

Authorize = Callable[[dict[str, Any]], Awaitable[str]]
SignHash = Callable[[dict[str, Any]], Awaitable[bytes]]

ESTIMATED_BYTES = 512
"""Room for a signature before it is made; RSA 4096 has exactly this, others less."""


def remote_signer(
    found: Credential,
    credential: str,
    proof: Callable[[], dict[str, str]],
    authorize: Authorize,
    sign_hash: SignHash,
) -> Signer:
    """Return a signer whose signatures a service makes.

    Args:
        found: What the service says of the credential.
        credential: Its id.
        proof: Returns what the user must give for an authorisation: PIN, one-time password.
        authorize: Sends ``credentials/authorize`` and returns the activation data.
        sign_hash: Sends ``signatures/signHash`` and returns the signature.
    """
    from asn1crypto.algos import DigestAlgorithmId
    from pyhanko.sign.general import SigningError as PyHankoSigningError
    from pyhanko.sign.signers import Signer
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    class RemoteSigner(Signer):
        """Sends the hash of what is to be signed, and nothing else."""

        def get_signature_mechanism_for_digest(
            self, digest_algorithm: str | None
        ) -> algos.SignedDigestAlgorithm:
            mechanism = super().get_signature_mechanism_for_digest(digest_algorithm)
            name = mechanism["algorithm"].native
            if name not in found.mechanisms:
                raise PyHankoSigningError(f"{name} is not among the mechanisms of the credential")
            return mechanism

        async def async_sign_raw(
            self, data: bytes, digest_algorithm: str, dry_run: bool = False
        ) -> bytes:
            if dry_run:
                return bytes(ESTIMATED_BYTES)
            mechanism = self.get_signature_mechanism_for_digest(digest_algorithm)
            pinned = [_base64(_digest(data, digest_algorithm))]
            request = {
                "credentialID": credential,
                "hash": pinned,
                "hashAlgo": DigestAlgorithmId(digest_algorithm).dotted,
                "signAlgo": mechanism["algorithm"].dotted,
            }
            if mechanism["parameters"].native is not None:
                request["signAlgoParams"] = _base64(mechanism["parameters"].dump())
            asked = {"credentialID": credential, "hash": pinned, "numSignatures": 1, **proof()}
            return await sign_hash({**request, "SAD": await authorize(asked)})

    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple([found.certificate, *found.chain])
    return RemoteSigner(signing_cert=found.certificate, cert_registry=store)


def _digest(data: bytes, algorithm: str) -> bytes:
    from pyhanko_certvalidator.util import get_pyca_cryptography_hash

    digest = hashes.Hash(get_pyca_cryptography_hash(algorithm))
    digest.update(data)
    return digest.finalize()


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
