"""The one door through which adapters reach a provider over HTTP.

What can go wrong is sorted here, once, by the only question that matters for a call that signs or
costs money: can the provider have acted? (docs/sumber.md E6 rows 1 and 2.)

* No connection, TLS refused, redirect: nothing was done, ``SigningError``.
* The request went out and no usable answer came: ``UnknownOutcomeError``. Never repeated here.

Answers are limited in size and time, proxies of the environment are not used, redirects are not
followed, TLS is always verified. Nothing that was sent stands in an error or a log: the log lines
of httpx and httpcore hold addresses (version 1 of BSrE puts the NIK there) and headers of answers,
and are dropped.
"""

from __future__ import annotations

import asyncio
import html
import json
import logging
import re
import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit

from pks_kit.domain.secret import Secret
from pks_kit.errors import InputError, SigningError, UnknownOutcomeError, UsageError
from pks_kit.messages import lookup

ANSWER_LIMIT_BYTES = 128 << 20
"""Largest answer: a PDF of the largest accepted size (64 MiB) in base64, and room for JSON."""

CONNECT_SECONDS = 8.0
READ_SECONDS = 60.0

_BUSINESS_KEYS = frozenset({"status_code", "statusCode", "errorCode"})
"""Keys that providers put into an answer of their own; a crash of their server has none of them."""

_LONG_NUMBER = re.compile(r"\d(?:[ .\-]?\d){8,}")
_inside: ContextVar[bool] = ContextVar("pks_kit_http_door", default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer that came.

    Attributes:
        status: HTTP status.
        headers: Header values by lower-case name.
        body: Content.
        is_cut: Whether the connection broke before the end of the content.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_cut: bool = False

    def json_object(self) -> dict[str, Any] | None:
        """Return the content as a JSON object, or None when it is something else."""
        if self.is_cut or not self.body.lstrip().startswith(b"{"):
            return None
        try:
            content = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return content if isinstance(content, dict) else None


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
    """

    base_url: str
    user: str = ""
    password: Secret | None = None
    ca_file: Path | None = None
    connect_seconds: float = CONNECT_SECONDS
    read_seconds: float = READ_SECONDS
    answer_limit: int = ANSWER_LIMIT_BYTES

    def __post_init__(self) -> None:
        """Refuse an address that cannot be a service.

        Raises:
            UsageError: ``service.url`` for another scheme, no host, or something in the address
                that may be a secret.
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

    @property
    def name(self) -> str:
        """Return scheme and host for messages."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

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
        import httpx

        failure: SigningError
        try:
            with _no_log_lines():
                # httpx counts silence; the whole exchange must end too
                async with asyncio.timeout(self.connect_seconds + 3 * self.read_seconds):
                    answer = await self._exchange(method, path, headers or {}, content, keep_cut)
        except (
            httpx.ConnectError,
            httpx.ConnectTimeout,
            httpx.PoolTimeout,
            httpx.UnsupportedProtocol,
            httpx.InvalidURL,
            httpx.LocalProtocolError,
        ) as error:
            code = "service.tls" if _is_tls(error) else "service.unreachable"
            failure = SigningError(code, service=self.name, reason=type(error).__name__)
        except (httpx.HTTPError, _TooLargeError, TimeoutError, OSError) as error:
            failure = self._lost(type(error).__name__, acts)
        else:
            if 300 <= answer.status < 400:
                raise SigningError("service.redirect", service=self.name, status=answer.status)
            if answer.status >= 500 and not _is_business(answer):
                raise self._lost(f"HTTP {answer.status}", acts)
            return answer
        # raised here, so that no error of httpx, which holds the request, hangs on ours
        raise failure

    async def _exchange(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        content: Mapping[str, Any],
        keep_cut: bool,
    ) -> Answer:
        import httpx

        timeout = httpx.Timeout(self.read_seconds, connect=self.connect_seconds)
        auth = httpx.BasicAuth(self.user, self.password.reveal()) if self.password else None
        async with (
            httpx.AsyncClient(
                verify=_tls(self.ca_file),
                timeout=timeout,
                trust_env=False,
                follow_redirects=False,
            ) as client,
            client.stream(
                method,
                self.base_url.rstrip("/") + path,
                headers={"Accept-Encoding": "identity", **headers},
                auth=auth,
                **content,
            ) as response,
        ):
            body, is_cut = bytearray(), False
            try:
                async for block in response.aiter_bytes():
                    body += block
                    if len(body) > self.answer_limit:
                        raise _TooLargeError
            except httpx.TransportError:
                if not keep_cut:
                    raise
                is_cut = True
            named = {key.lower(): value for key, value in response.headers.items()}
            return Answer(
                status=response.status_code, headers=named, body=bytes(body), is_cut=is_cut
            )

    def _lost(self, reason: str, acts: bool) -> SigningError:
        words = lookup(f"service.reason.{_REASONS.get(reason, 'broken')}").fill({"what": reason})
        if acts:
            return UnknownOutcomeError("service.no_answer", service=self.name, reason=words)
        return SigningError("service.silent", service=self.name, reason=words)


_REASONS = {
    "ReadTimeout": "slow",
    "WriteTimeout": "slow",
    "TimeoutError": "slow",
    "_TooLargeError": "too_large",
    "HTTP 500": "crash",
}


class _TooLargeError(Exception):
    """The answer is larger than any real one."""


def said(text: object, secrets: Iterable[Secret | None] = ()) -> str:
    """Return words of a provider so that they may be shown: short, one line, nothing secret.

    Args:
        text: What the provider said.
        secrets: What was sent and must not come back in a message, in whatever way it was quoted.
    """
    shown = str(text)
    for secret in secrets:
        if secret is not None:
            for writing in _writings(secret.reveal()):
                shown = shown.replace(writing, "***")
    shown = _LONG_NUMBER.sub("***", shown)
    return "".join(letter if letter.isprintable() else " " for letter in shown)[:200].strip()


def _writings(secret: str) -> list[str]:
    """Return how a provider may write a secret back, the longest first."""
    quoted = {
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        html.escape(secret),
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
    }
    return sorted(quoted - {""}, key=len, reverse=True)


def _is_business(answer: Answer) -> bool:
    content = answer.json_object()
    return content is not None and bool(_BUSINESS_KEYS & content.keys())


def _is_tls(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


@lru_cache(maxsize=16)
def _tls(ca_file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        raise InputError("service.ca_file", file=str(ca_file)) from error


@contextmanager
def _no_log_lines() -> Iterator[None]:
    token = _inside.set(True)
    try:
        yield
    finally:
        _inside.reset(token)


def _is_not_ours(_record: logging.LogRecord) -> bool:
    return not _inside.get()


# a filter does not reach the loggers below its own
for _name in (
    "httpx",
    *(f"httpcore.{part}" for part in ("connection", "http11", "http2", "proxy")),
):
    logging.getLogger(_name).addFilter(_is_not_ours)
