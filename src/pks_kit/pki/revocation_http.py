"""Revocation data over HTTP: OCSP answers and revocation lists, bounded in size, time and number.

The addresses come from certificates. Callers ask only about certificates whose chain was already
built to an anchor of the user, so that a file from outside cannot name an address to call.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

from pks_kit.messages.told_reasons import reason_code
from pks_kit.net.transport import Limits, Request, TransportError, exchange

if TYPE_CHECKING:
    from pyhanko_certvalidator.fetchers import Fetchers

OCSP_LIMIT = 1 << 16
"""Largest OCSP answer in bytes; usual ones have 1 to 4 thousand."""

CRL_LIMIT = 16 << 20
"""Largest revocation list in bytes."""

TIMEOUT_SECONDS = 10.0
MOST_REQUESTS = 40

Read = TypeVar("Read")


class RevocationSource(Protocol):
    """Tells whether certificates were revoked. Failures are told by ``failures``, never raised."""

    @property
    def failures(self) -> tuple[str, ...]:
        """Return what could not be reached so far, as ``host: code`` of the catalogue.

        :func:`~pks_kit.messages.told_reasons.told_reasons` has the words.
        """
        ...

    @property
    def reached(self) -> tuple[str, ...]:
        """Return the hosts that gave something usable so far."""
        ...

    def fetchers(self) -> Fetchers:
        """Return pyHanko's interface to this source; the same one for every call."""
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

    One object serves one run: every list is fetched once, and every certificate is asked about
    once.

    Attributes:
        timeout_seconds: How long one exchange may take, whole.
        public_only: Whether hosts at loopback, private and other addresses that are not public
            are left alone.
    """

    timeout_seconds: float = TIMEOUT_SECONDS
    public_only: bool = False
    _failures: list[str] = field(default_factory=list, init=False)
    _reached: list[str] = field(default_factory=list, init=False)
    _requests: int = field(default=0, init=False)
    _fetchers: Fetchers | None = field(default=None, init=False)

    @property
    def failures(self) -> tuple[str, ...]:
        """Return what could not be reached so far."""
        return tuple(self._failures)

    @property
    def reached(self) -> tuple[str, ...]:
        """Return the hosts that gave an answer or a list so far, each once."""
        return tuple(dict.fromkeys(self._reached))

    def fetchers(self) -> Fetchers:
        """Return pyHanko's interface to this source; the same one for every call."""
        from pks_kit.pki.fetchers import make_fetchers

        if self._fetchers is None:
            self._fetchers = make_fetchers(self._fetch, ocsp_limit=OCSP_LIMIT, list_limit=CRL_LIMIT)
        return self._fetchers

    async def _fetch(
        self, url: str, limit: int, question: bytes | None, read: Callable[[bytes], Read]
    ) -> Read | None:
        content = await self._exchange(url, limit, question)
        if content is None:
            return None
        try:
            found = read(content)
        except ValueError as error:
            self._failed(url, reason_code("service.reason.no_answer", f"service.cause.{error}"))
            return None
        self._reached.append(_host(url))
        return found

    async def _exchange(self, url: str, limit: int, question: bytes | None) -> bytes | None:
        if not url.lower().startswith(("http://", "https://")):
            return None
        self._requests += 1
        if self._requests > MOST_REQUESTS:
            self._failed(url, reason_code("service.reason.too_many", str(MOST_REQUESTS)))
            return None
        request = Request(
            method="GET" if question is None else "POST",
            url=url,
            headers={"Content-Type": "application/ocsp-request"} if question else {},
            content={"content": question},
            public_only=self.public_only,
        )
        limits = Limits(
            answer_bytes=limit,
            whole_seconds=self.timeout_seconds,
            connect_seconds=self.timeout_seconds,
            read_seconds=self.timeout_seconds,
        )
        try:
            answer = await exchange(request, limits)
        except TransportError as error:
            self._failed(url, error.code)
            return None
        if answer.status != 200:
            self._failed(url, reason_code("service.reason.status", f"HTTP {answer.status}"))
            return None
        return answer.body

    def _failed(self, url: str, reason: str) -> None:
        self._failures.append(f"{_host(url)}: {reason}")


def _host(url: str) -> str:
    """Return host and port of an address, also of a malformed one."""
    return url.partition("://")[2].partition("/")[0].rpartition("@")[2][:80]
