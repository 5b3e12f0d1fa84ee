"""pyHanko's interface to revocation data, over our own transport.

The library decides what to ask about a link and in which order; what leaves this machine, how
large an answer may be and how long it may take is decided by ``revocation_http``.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Hashable, Iterable
from typing import Any, Protocol, TypeVar

from asn1crypto import crl, ocsp, x509
from pyhanko_certvalidator.authority import Authority
from pyhanko_certvalidator.errors import CRLFetchError, OCSPFetchError
from pyhanko_certvalidator.fetchers import CertificateFetcher, CRLFetcher, Fetchers, OCSPFetcher
from pyhanko_certvalidator.fetchers.common_utils import format_ocsp_request

from pks_kit.pki.certificate_addresses import crl_urls, ocsp_urls

Read = TypeVar("Read")


_REFUSALS = frozenset(
    {"malformed_request", "internal_error", "try_later", "sign_required", "unauthorized"}
)
"""How an OCSP service says no (RFC 6960, 4.2.1)."""


class UnusableError(ValueError):
    """Content that is not what was asked for; its text ends a code ``service.cause.…``."""


class Fetch(Protocol):
    """Fetches and reads what an address gives; None, and a note of it, when there is nothing."""

    async def __call__(
        self, url: str, limit: int, question: bytes | None, read: Callable[[bytes], Read]
    ) -> Read | None:
        """Return what ``read`` makes of the answer.

        Args:
            url: Address from a certificate.
            limit: Largest answer in bytes.
            question: What to post; None to get.
            read: Reads the answer, or raises ``UnusableError``.
        """
        ...


class OcspAnswers(OCSPFetcher):
    """Asks every OCSP address of a certificate until one answers, once for each certificate."""

    def __init__(self, fetch: Fetch, limit: int) -> None:
        self._fetch = fetch
        self._limit = limit
        self._answers: dict[tuple[bytes, Hashable], ocsp.OCSPResponse | None] = {}

    async def fetch(self, cert: Any, authority: Authority) -> ocsp.OCSPResponse:
        """Return an answer, not yet verified.

        Raises:
            OCSPFetchError: Nobody answered.
        """
        known = (cert.dump(), authority.hashable)
        if known not in self._answers:
            self._answers[known] = await self._ask(cert, authority)
        answer = self._answers[known]
        if answer is None:
            raise OCSPFetchError("no OCSP answer")
        return answer

    async def _ask(self, cert: Any, authority: Authority) -> ocsp.OCSPResponse | None:
        question = format_ocsp_request(
            cert, authority, certid_hash_algo="sha1", request_nonces=False
        ).dump()
        for url in ocsp_urls(cert):
            answer = await self._fetch(url, self._limit, question, _read_ocsp)
            if answer is not None:
                return answer
        return None

    def fetched_responses(self) -> Iterable[ocsp.OCSPResponse]:
        """Return every answer that came."""
        return [one for one in self._answers.values() if one is not None]

    def fetched_responses_for_cert(self, cert: Any) -> Iterable[ocsp.OCSPResponse]:
        """Return the answers about one certificate."""
        der = cert.dump()
        return [one for (about, _), one in self._answers.items() if about == der and one]


class RevocationLists(CRLFetcher):
    """Fetches every list that a certificate names by http or https, each once."""

    def __init__(self, fetch: Fetch, limit: int) -> None:
        self._fetch = fetch
        self._limit = limit
        self._lists: dict[str, crl.CertificateList | None] = {}
        self._asked: dict[bytes, list[str]] = {}

    async def fetch(
        self, cert: Any, *, use_deltas: bool | None = None
    ) -> Iterable[crl.CertificateList]:
        """Return the lists, not yet verified. Delta lists are not asked for.

        Raises:
            CRLFetchError: The certificate names lists, and none of them came.
        """
        urls = crl_urls(cert)
        for url in urls:
            if url not in self._lists:
                self._lists[url] = await self._fetch(url, self._limit, None, _read_list)
        self._asked[cert.dump()] = urls
        found = list(self.fetched_crls_for_cert(cert))
        if urls and not found:
            raise CRLFetchError("no revocation list")
        return found

    def fetched_crls(self) -> Iterable[crl.CertificateList]:
        """Return every list that came."""
        return [one for one in self._lists.values() if one is not None]

    def fetched_crls_for_cert(self, cert: Any) -> Iterable[crl.CertificateList]:
        """Return the lists that one certificate names.

        Raises:
            KeyError: Lists for it were never asked for.
        """
        return [one for url in self._asked[cert.dump()] if (one := self._lists[url]) is not None]


class NoCertificates(CertificateFetcher):
    """Fetches no issuer: an address is believed only when the chain above it is known."""

    async def fetch_cert_issuers(self, cert: Any) -> AsyncGenerator[x509.Certificate, None]:
        """Return nothing."""
        for one in self.fetched_certs():
            yield one

    async def fetch_crl_issuers(
        self, certificate_list: Any
    ) -> AsyncGenerator[x509.Certificate, None]:
        """Return nothing."""
        for one in self.fetched_certs():
            yield one

    def fetched_certs(self) -> Iterable[x509.Certificate]:
        """Return nothing."""
        return ()


def make_fetchers(fetch: Fetch, *, ocsp_limit: int, list_limit: int) -> Fetchers:
    """Return fetchers for one run; they remember what they were told, and who was silent."""
    return Fetchers(
        ocsp_fetcher=OcspAnswers(fetch, ocsp_limit),
        crl_fetcher=RevocationLists(fetch, list_limit),
        cert_fetcher=NoCertificates(),
    )


def _read_ocsp(content: bytes) -> ocsp.OCSPResponse:
    try:
        answer = ocsp.OCSPResponse.load(content, strict=True)
        status = answer["response_status"].native
    except (ValueError, TypeError, KeyError, RecursionError):
        raise UnusableError("no_ocsp") from None
    if status != "successful":
        raise UnusableError(f"ocsp_{status}" if status in _REFUSALS else "ocsp_refused")
    return answer


def _read_list(content: bytes) -> crl.CertificateList:
    try:
        fetched = crl.CertificateList.load(content, strict=True)
        _ = fetched["tbs_cert_list"]["this_update"].native
    except (ValueError, TypeError, KeyError, RecursionError):
        raise UnusableError("no_list") from None
    return fetched
