"""Revocation data over HTTP: OCSP answers and revocation lists, bounded in size, time and number.

The addresses come from certificates. Callers ask only about certificates whose chain was already
built to an anchor of the user, so that a file from outside cannot name an address to call.
"""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
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

    @property
    def reached(self) -> tuple[str, ...]:
        """Return the hosts that gave something usable so far."""
        ...

    async def answer(
        self, certificate: x509.Certificate, issuer: x509.Certificate
    ) -> ocsp.OCSPResponse | None:
        """Return an OCSP answer about a certificate, not yet verified, or None."""
        ...

    async def lists(self, certificate: x509.Certificate) -> tuple[crl.CertificateList, ...]:
        """Return the revocation lists that a certificate names, not yet verified."""
        ...


class SourceMaker(Protocol):
    """Makes a source for one run."""

    def __call__(self, *, public_only: bool) -> RevocationSource:
        """Return a source.

        Args:
            public_only: Whether it may only ask hosts at public addresses.
        """
        ...


@dataclass(slots=True, kw_only=True)
class HttpRevocation:
    """OCSP and CRL by the addresses in the certificates; a ``RevocationSource``.

    No redirect is followed and no proxy setting of the environment is used. One object serves one
    run: every list is fetched once, and every certificate is asked about once.

    Attributes:
        timeout_seconds: How long one exchange may take, whole.
        public_only: Whether hosts at loopback, private and other addresses that are not public
            are left alone. The name is looked up before the exchange and once more by it, so
            this keeps out mistakes, not an authority that changes its own name in between.
    """

    timeout_seconds: float = TIMEOUT_SECONDS
    public_only: bool = False
    _failures: list[str] = field(default_factory=list, init=False)
    _reached: list[str] = field(default_factory=list, init=False)
    _answers: dict[bytes, ocsp.OCSPResponse | None] = field(default_factory=dict, init=False)
    _lists: dict[str, crl.CertificateList | None] = field(default_factory=dict, init=False)
    _requests: int = field(default=0, init=False)

    @property
    def failures(self) -> tuple[str, ...]:
        """Return what could not be reached so far."""
        return tuple(self._failures)

    @property
    def reached(self) -> tuple[str, ...]:
        """Return the hosts that gave an answer or a list so far, each once."""
        return tuple(dict.fromkeys(self._reached))

    async def answer(
        self, certificate: x509.Certificate, issuer: x509.Certificate
    ) -> ocsp.OCSPResponse | None:
        """Ask every OCSP address of the certificate until one answers."""
        known = certificate.sha256 + issuer.sha256
        if known not in self._answers:
            self._answers[known] = await self._ask(certificate, issuer)
        return self._answers[known]

    async def _ask(
        self, certificate: x509.Certificate, issuer: x509.Certificate
    ) -> ocsp.OCSPResponse | None:
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
                    self._reached.append(_host(url))
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
                    self._reached.append(_host(url))
                except (ValueError, TypeError, KeyError):
                    if content is not None:
                        self._failed(url, "no revocation list")
            kept = self._lists[url]
            if kept is not None:
                found.append(kept)
        return tuple(found)

    async def _exchange(self, url: str, limit: int, question: bytes | None) -> bytes | None:
        import httpx

        if not url.lower().startswith(("http://", "https://")):
            return None
        self._requests += 1
        if self._requests > MOST_REQUESTS:
            self._failed(url, f"> {MOST_REQUESTS} requests")
            return None
        try:
            async with asyncio.timeout(self.timeout_seconds):
                if self.public_only and not await _is_public(url):
                    self._failed(url, "no public address")
                    return None
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
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
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
        self._failures.append(f"{_host(url)}: {reason}"[:120])


def _host(url: str) -> str:
    """Return host and port of an address, also of a malformed one."""
    return url.partition("://")[2].partition("/")[0].rpartition("@")[2][:80]


async def _is_public(url: str) -> bool:
    """Return whether all addresses of the host are public; a malformed URL raises ValueError."""
    parts = urlsplit(url)
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(parts.hostname, parts.port, type=socket.SOCK_STREAM)
    addresses = [ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    plain = [one.ipv4_mapped or one if isinstance(one, IPv6Address) else one for one in addresses]
    return bool(plain) and all(one.is_global and not one.is_multicast for one in plain)


def names_address(certificate: x509.Certificate) -> bool:
    """Return whether a certificate names any place where to ask about it."""
    return bool(certificate.ocsp_urls or _crl_urls(certificate))


def _crl_urls(certificate: x509.Certificate) -> list[str]:
    from pyhanko_certvalidator.fetchers.common_utils import enumerate_delivery_point_urls

    return [
        url
        for point in certificate.crl_distribution_points
        for url in enumerate_delivery_point_urls(point)
    ]
