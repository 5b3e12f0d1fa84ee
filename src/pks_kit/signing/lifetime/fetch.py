"""Revocation data over HTTP: OCSP answers and revocation lists, bounded in size, time and number.

The addresses come from certificates. Callers ask only about certificates whose chain was already
built to an anchor of the user, so that a file from outside cannot name an address to call.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import httpx
    from asn1crypto import crl, ocsp, x509

OCSP_LIMIT = 1 << 16
"""Largest OCSP answer in bytes; usual ones have 1 to 4 thousand."""

CRL_LIMIT = 16 << 20
"""Largest revocation list in bytes."""

TIMEOUT_SECONDS = 10.0
MOST_REQUESTS = 40


class RevocationSource(Protocol):
    """Tells whether certificates were revoked. Failures are told by ``failures``, never raised."""

    @property
    def failures(self) -> tuple[str, ...]:
        """Return what could not be reached so far, as ``host: reason``."""
        ...

    async def answer(
        self, certificate: x509.Certificate, issuer: x509.Certificate
    ) -> ocsp.OCSPResponse | None:
        """Return an OCSP answer about a certificate, not yet verified, or None."""
        ...

    async def lists(self, certificate: x509.Certificate) -> tuple[crl.CertificateList, ...]:
        """Return the revocation lists that a certificate names, not yet verified."""
        ...


@dataclass(slots=True, kw_only=True)
class HttpRevocation:
    """OCSP and CRL by the addresses in the certificates; a ``RevocationSource``.

    No redirect is followed and no proxy setting of the environment is used. One object serves one
    run: every address is asked once.

    Attributes:
        timeout_seconds: How long one exchange may take, whole.
    """

    timeout_seconds: float = TIMEOUT_SECONDS
    _failures: list[str] = field(default_factory=list, init=False)
    _lists: dict[str, crl.CertificateList | None] = field(default_factory=dict, init=False)
    _requests: int = field(default=0, init=False)

    @property
    def failures(self) -> tuple[str, ...]:
        """Return what could not be reached so far."""
        return tuple(self._failures)

    async def answer(
        self, certificate: x509.Certificate, issuer: x509.Certificate
    ) -> ocsp.OCSPResponse | None:
        """Ask every OCSP address of the certificate until one answers."""
        from asn1crypto import ocsp
        from pyhanko_certvalidator.authority import AuthorityWithCert
        from pyhanko_certvalidator.fetchers.common_utils import format_ocsp_request

        question = format_ocsp_request(
            certificate, AuthorityWithCert(issuer), certid_hash_algo="sha1", request_nonces=False
        ).dump()
        for url in certificate.ocsp_urls:
            content = await self._exchange(url, OCSP_LIMIT, question)
            try:
                answer = ocsp.OCSPResponse.load(content or b"", strict=True)
                if answer["response_status"].native == "successful":
                    return answer
                self._failed(url, f"OCSP {answer['response_status'].native}")
            except (ValueError, TypeError, KeyError):
                if content is not None:
                    self._failed(url, "no OCSP answer")
        return None

    async def lists(self, certificate: x509.Certificate) -> tuple[crl.CertificateList, ...]:
        """Fetch every revocation list that the certificate names by http or https."""
        from asn1crypto import crl

        found = []
        for url in _crl_urls(certificate):
            if url not in self._lists:
                content = await self._exchange(url, CRL_LIMIT, None)
                self._lists[url] = None
                try:
                    fetched = crl.CertificateList.load(content or b"", strict=True)
                    _ = fetched["tbs_cert_list"]["this_update"].native
                    self._lists[url] = fetched
                except (ValueError, TypeError, KeyError):
                    if content is not None:
                        self._failed(url, "no revocation list")
            kept = self._lists[url]
            if kept is not None:
                found.append(kept)
        return tuple(found)

    async def _exchange(self, url: str, limit: int, question: bytes | None) -> bytes | None:
        import httpx

        self._requests += 1
        if self._requests > MOST_REQUESTS or urlsplit(url).scheme not in ("http", "https"):
            return None
        try:
            async with (
                asyncio.timeout(self.timeout_seconds),
                httpx.AsyncClient(trust_env=False, follow_redirects=False) as client,
                client.stream(
                    "GET" if question is None else "POST",
                    url,
                    content=question,
                    headers={"Content-Type": "application/ocsp-request"} if question else None,
                ) as response,
            ):
                if response.status_code != 200:
                    self._failed(url, f"HTTP {response.status_code}")
                    return None
                return await self._read(url, response, limit)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError) as error:
            self._failed(url, type(error).__name__)
            return None

    async def _read(self, url: str, response: httpx.Response, limit: int) -> bytes | None:
        content = bytearray()
        async for block in response.aiter_bytes():
            content += block
            if len(content) > limit:
                self._failed(url, f"> {limit} bytes")
                return None
        return bytes(content)

    def _failed(self, url: str, reason: str) -> None:
        self._failures.append(f"{urlsplit(url).netloc}: {reason}"[:120])


def _crl_urls(certificate: x509.Certificate) -> list[str]:
    from pyhanko_certvalidator.fetchers.common_utils import enumerate_delivery_point_urls

    return [
        url
        for point in certificate.crl_distribution_points
        for url in enumerate_delivery_point_urls(point)
    ]
