"""One exchange over HTTP: every byte this toolkit sends or fetches goes through here.

The rules are the same for a gateway that signs, a timestamp authority and a revocation list:

* The answer is limited in bytes and the whole call in time. Compressed answers are refused and
  never unpacked: two kilobytes of brotli become gigabytes in one step that nothing can interrupt.
* No redirect is followed, no proxy, account or certificate of the environment is used.
* TLS is always verified.
* Nothing that was sent stands in an error or a log.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pks_kit.messages import Message, lookup
from pks_kit.messages.told_reasons import reason_code
from pks_kit.net.addresses import public_addresses
from pks_kit.net.causes import cause_of, cause_words
from pks_kit.net.secrecy import no_log_lines
from pks_kit.net.trust import tls_context

if TYPE_CHECKING:
    import httpx

    from pks_kit.domain.secret import Secret

CONNECT_SECONDS = 8.0
READ_SECONDS = 60.0

Kind = Literal[
    "address",
    "not_public",
    "unreachable",
    "tls",
    "redirect",
    "compressed",
    "too_large",
    "slow",
    "broken",
]
"""How an exchange can fail. With the first four, nothing was sent."""

_WITH_CAUSE: frozenset[Kind] = frozenset({"address", "not_public", "unreachable", "tls", "broken"})
NOT_SENT: frozenset[Kind] = frozenset({"address", "not_public", "unreachable", "tls"})


class TransportError(Exception):
    """An exchange without a usable answer.

    Attributes:
        kind: How it failed.
        detail: The cause (:mod:`~pks_kit.net.causes`), a status, or a limit. Nothing that was sent.
        status: HTTP status, where an answer began.
    """

    def __init__(self, kind: Kind, detail: str, status: int = 0) -> None:
        super().__init__(kind, detail)
        self.kind: Kind = kind
        self.detail = detail
        self.status = status

    @property
    def words(self) -> Message:
        """Return the kind in both languages."""
        return lookup(f"service.reason.{self.kind}").fill({"what": self._what})

    @property
    def cause(self) -> Message:
        """Return what stands behind the kind, in both languages."""
        what = self._what
        return what if isinstance(what, Message) else self.words

    @property
    def code(self) -> str:
        """Return kind and detail as they stand in a list of reasons."""
        what = f"service.cause.{self.detail}" if self.kind in _WITH_CAUSE else self.detail
        return reason_code(f"service.reason.{self.kind}", what)

    @property
    def _what(self) -> Message | str:
        return cause_words(self.detail) if self.kind in _WITH_CAUSE else self.detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of one exchange.

    Attributes:
        answer_bytes: Largest content of an answer.
        whole_seconds: How long everything may take together, from the name to the last byte.
        connect_seconds: How long a connection may take.
        read_seconds: How long the other side may be silent.
    """

    answer_bytes: int
    whole_seconds: float
    connect_seconds: float = CONNECT_SECONDS
    read_seconds: float = READ_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked of whom.

    Attributes:
        method: HTTP method.
        url: ``http`` or ``https`` address without user name or password.
        headers: Further headers.
        content: ``json``, ``data``, ``files`` and ``content`` as httpx takes them.
        user: Account for HTTP Basic, sent when there is a password.
        password: Its password.
        ca_file: Certificates (PEM) that alone are trusted for TLS; None for those of the system.
        public_only: Whether the host may only have public addresses. The connection then goes to
            an address that was looked at, whatever the name means a moment later.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    content: Mapping[str, Any]
    user: str = ""
    password: Secret | None = None
    ca_file: Path | None = None
    public_only: bool = False


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


async def exchange(request: Request, limits: Limits, *, keep_cut: bool = False) -> Answer:
    """Send one request, once, and return the answer whatever it is, redirects apart.

    Args:
        request: What to send.
        limits: When to stop.
        keep_cut: Return a cut answer (``is_cut``) instead of raising.

    Raises:
        TransportError: No answer, or one that is refused.
        InputError: ``service.ca_file``.
    """
    import httpx

    failure: TransportError
    try:
        with no_log_lines():
            # httpx counts silence; the whole exchange must end too
            async with asyncio.timeout(limits.whole_seconds):
                return await _answered(request, limits, keep_cut)
    except (
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.PoolTimeout,
        httpx.LocalProtocolError,
    ) as error:
        failure = TransportError("tls" if _is_tls(error) else "unreachable", cause_of(error))
    except (httpx.TimeoutException, TimeoutError):
        failure = TransportError("slow", "")
    except (httpx.HTTPError, OSError) as error:
        failure = TransportError("broken", cause_of(error))
    # raised here, so that no error of httpx, which holds the request, hangs on ours
    raise failure


async def _answered(request: Request, limits: Limits, keep_cut: bool) -> Answer:
    import httpx

    url = _parsed(request.url)
    async with httpx.AsyncClient(
        verify=tls_context(request.ca_file),
        timeout=httpx.Timeout(limits.read_seconds, connect=limits.connect_seconds),
        trust_env=False,
        follow_redirects=False,
    ) as client:
        *others, last = await _targets(url, request)
        for target in others:
            try:
                return await _sent(client, target, url, request, limits, keep_cut)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await _sent(client, last, url, request, limits, keep_cut)


def _parsed(text: str) -> httpx.URL:
    import httpx

    try:
        url = httpx.URL(text)
        is_usable = (
            url.scheme in ("http", "https")
            and bool(url.host)
            and not url.userinfo
            and (url.port is None or 0 < url.port < 1 << 16)
        )
    except (httpx.InvalidURL, ValueError):
        is_usable = False
    if not is_usable:
        raise TransportError("address", "bad_address")
    return url


async def _targets(url: httpx.URL, request: Request) -> list[httpx.URL]:
    """Return where to connect: the addresses that were looked at, or the name as it stands."""
    if not request.public_only:
        return [url]
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        found = await public_addresses(url.raw_host.decode("ascii"), port)
    except (OSError, ValueError) as error:
        failure = TransportError("unreachable", cause_of(error))
    else:
        if found:
            return [url.copy_with(host=one) for one in found]
        failure = TransportError("not_public", "not_public")
    raise failure


async def _sent(
    client: httpx.AsyncClient,
    target: httpx.URL,
    named: httpx.URL,
    request: Request,
    limits: Limits,
    keep_cut: bool,
) -> Answer:
    import httpx

    password = request.password
    async with client.stream(
        request.method,
        target,
        headers={
            "Accept-Encoding": "identity",
            "Host": named.netloc.decode("ascii"),
            **request.headers,
        },
        auth=httpx.BasicAuth(request.user, password.reveal()) if password else None,
        # TLS names and checks the host, not the address that stands for it
        extensions={"sni_hostname": named.raw_host.decode("ascii")},
        **request.content,
    ) as response:
        status = response.status_code
        if 300 <= status < 400:
            raise TransportError("redirect", f"HTTP {status}", status)
        stated = response.headers.get_list("content-encoding", split_commas=True)
        if any(one.strip().lower() not in ("", "identity") for one in stated):
            raise TransportError("compressed", "Content-Encoding", status)
        body, is_cut = bytearray(), False
        try:
            async for block in response.aiter_raw():
                if len(body) + len(block) > limits.answer_bytes:
                    raise TransportError("too_large", f"> {limits.answer_bytes} bytes", status)
                body += block
        except httpx.TransportError:
            if not keep_cut:
                raise
            is_cut = True
        headers = {key.lower(): value for key, value in response.headers.items()}
        return Answer(status=status, headers=headers, body=bytes(body), is_cut=is_cut)


def _is_tls(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
