"""The client for services that sign, stamp or sell: BSrE, Peruri, CSC.

What can go wrong is sorted here, once, by the only question that matters for a call that signs or
costs money: can the provider have acted? (docs/sumber.md E6 rows 1 and 2.)

* No connection, TLS refused, redirect: nothing was done, ``SigningError``.
* The request went out and no usable answer came: ``UnknownOutcomeError``. Never repeated here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pks_kit.errors import SigningError, UnknownOutcomeError, UsageError
from pks_kit.messages import Message, lookup
from pks_kit.net.plain import named, plain_names, refuse_plain
from pks_kit.net.transport import (
    CONNECT_SECONDS,
    NOT_SENT,
    READ_SECONDS,
    Answer,
    Limits,
    Request,
    TransportError,
    exchange,
)

if TYPE_CHECKING:
    from pks_kit.domain.secret import Secret
    from pks_kit.net.pace import Pace

ANSWER_LIMIT_BYTES = 128 << 20
"""Largest answer: a PDF of the largest accepted size (64 MiB) in base64, and room for JSON."""

_BUSINESS_KEYS = frozenset({"status_code", "statusCode", "errorCode"})
"""Keys that providers put into an answer of their own; a crash of their server has none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderClient:
    """Address, account and limits of one provider.

    Attributes:
        base_url: ``http`` or ``https`` address without user name, password, query or fragment.
        user: Account for HTTP Basic; empty for none.
        password: Its password.
        ca_file: Certificates (PEM) that alone are trusted for TLS; None for those of the system.
        connect_seconds: How long a connection may take.
        read_seconds: How long the provider may be silent.
        answer_limit: Largest answer in bytes.
        may_go_plain: Whether credentials may go to another machine without TLS; somebody must have
            written that down, and whoever reports what was done must say it.
        pace: How fast it may be called; None: as fast as there is something to ask.
    """

    base_url: str
    user: str = ""
    password: Secret | None = None
    ca_file: Path | None = None
    connect_seconds: float = CONNECT_SECONDS
    read_seconds: float = READ_SECONDS
    answer_limit: int = ANSWER_LIMIT_BYTES
    may_go_plain: bool = False
    pace: Pace | None = None

    def __post_init__(self) -> None:
        """Refuse an address that cannot be a service.

        Raises:
            UsageError: ``service.url`` for another scheme, no host, or something in the address
                that may be a secret; ``service.without_tls`` for plain ``http`` to another machine.
        """
        try:
            parts = urlsplit(self.base_url)
            usable = (
                parts.scheme in ("http", "https")
                and bool(parts.hostname)
                and "@" not in parts.netloc
                and not (parts.query or parts.fragment)
                and parts.port != 0
            )
        except ValueError:
            usable = False
        if not usable:
            raise UsageError("service.url")
        refuse_plain(self.base_url, allowed=self.may_go_plain)

    @property
    def name(self) -> str:
        """Return scheme and host for messages."""
        return named(self.base_url)

    @property
    def without_tls(self) -> tuple[str, ...]:
        """Return its name when credentials go to it without TLS."""
        return plain_names([self.base_url])

    async def call(
        self,
        method: str,
        path: str,
        *,
        acts: bool,
        keep_cut: bool = False,
        headers: Mapping[str, str] | None = None,
        **content: Any,
    ) -> Answer:
        """Send one request, once, and return the answer whatever its status below 500 is.

        Args:
            method: HTTP method.
            path: Path below the base address; parts from outside must be quoted by the caller.
            acts: Whether the provider signs, stamps or sells by this call. A mere question that
                stays unanswered is ``SigningError``, because nothing can have been done.
            keep_cut: Return a cut answer (``is_cut``) instead of raising.
            headers: Further headers, for example a bearer token.
            **content: ``json``, ``data`` and ``files`` as httpx takes them.

        Raises:
            SigningError: ``service.unreachable``, ``service.tls``, ``service.redirect``; also
                ``service.silent`` for a question without a usable answer.
            UnknownOutcomeError: ``service.no_answer``: it may have acted.
            InputError: ``service.ca_file``.
        """
        request = Request(
            method=method,
            url=self.base_url.rstrip("/") + path,
            headers=headers or {},
            content=content,
            user=self.user,
            password=self.password,
            ca_file=self.ca_file,
        )
        limits = Limits(
            answer_bytes=self.answer_limit,
            whole_seconds=self.connect_seconds + 3 * self.read_seconds,
            connect_seconds=self.connect_seconds,
            read_seconds=self.read_seconds,
        )
        if self.pace is not None:
            await self.pace.wait()
        try:
            answer = await exchange(request, limits, keep_cut=keep_cut)
        except TransportError as error:
            failure = self._failure(error, acts)
        else:
            if answer.status < 500 or _is_business(answer):
                return answer
            reason = "crash" if answer.status == 500 else "broken"
            words = lookup(f"service.reason.{reason}").fill({"what": f"HTTP {answer.status}"})
            failure = self._lost(words, acts)
        raise failure

    def _failure(self, error: TransportError, acts: bool) -> SigningError:
        if error.kind == "redirect":
            return SigningError("service.redirect", service=self.name, status=error.status)
        if error.kind == "tls":
            return SigningError("service.tls", service=self.name, reason=error.cause)
        if error.kind in NOT_SENT:
            return SigningError("service.unreachable", service=self.name, reason=error.cause)
        return self._lost(error.words, acts)

    def _lost(self, words: Message, acts: bool) -> SigningError:
        if acts:
            return UnknownOutcomeError("service.no_answer", service=self.name, reason=words)
        return SigningError("service.silent", service=self.name, reason=words)


def _is_business(answer: Answer) -> bool:
    content = answer.json_object()
    return content is not None and bool(_BUSINESS_KEYS & content.keys())
