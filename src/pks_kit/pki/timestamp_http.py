"""Timestamps of a real authority over HTTP (RFC 3161). Without a timestamp nothing is signed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pks_kit.errors import SigningError, UsageError
from pks_kit.messages import Message, lookup
from pks_kit.net.plain import named, plain_names, refuse_plain
from pks_kit.net.transport import Limits, Request, TransportError, exchange

if TYPE_CHECKING:
    from pyhanko.sign.timestamps import TimeStamper

ANSWER_LIMIT = 1 << 18
"""Largest answer of a timestamp authority in bytes; usual ones have 2 to 10 thousand."""

TIMEOUT_SECONDS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpTimestamps:
    """A timestamp authority reached by URL; a ``TimeStamperSource``.

    Attributes:
        url: ``http`` or ``https`` address without user name or password. Plain ``http`` is usual
            here: the token is signed by the authority.
        timeout_seconds: How long the whole exchange may take.
        may_go_plain: Whether an address with a query, which may hold the key of an account, may
            be asked on another machine without TLS.
    """

    url: str
    timeout_seconds: float = TIMEOUT_SECONDS
    may_go_plain: bool = False

    def __post_init__(self) -> None:
        """Refuse an address that cannot be a timestamp service.

        Raises:
            UsageError: ``timestamp.url`` for another scheme, no host, or a secret in the address;
                ``service.without_tls`` for a query over plain ``http`` to another machine.
        """
        try:
            parts = urlsplit(self.url)
            usable = (
                parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
            )
        except ValueError:
            usable = False
        if not usable:
            raise UsageError("timestamp.url")
        if urlsplit(self.url).query:
            refuse_plain(self.url, allowed=self.may_go_plain)

    @property
    def name(self) -> str:
        """Return scheme and host, without path or query (they may hold an account key)."""
        return named(self.url)

    @property
    def without_tls(self) -> tuple[str, ...]:
        """Return its name when what may be the key of an account goes to it without TLS."""
        return plain_names([self.url]) if urlsplit(self.url).query else ()

    @property
    def is_uji(self) -> bool:
        """Return False: an authority reached by URL is taken as real."""
        return False

    def timestamper(self) -> TimeStamper:
        """Return a pyHanko timestamper whose failures are ``SigningError``."""
        return _bounded_timestamper(self.url, self.timeout_seconds, self.name)


def _bounded_timestamper(url: str, timeout_seconds: float, name: str) -> TimeStamper:
    from asn1crypto import tsp
    from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError

    class BoundedHttpTimeStamper(TimeStamper):
        """pyHanko's timestamper over our transport, with our errors."""

        async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
            answer = await _asked(url, req.dump(), timeout_seconds, name)
            _check_granted(answer)
            return tsp.TimeStampResp.load(answer)

        async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
            try:
                return await super().async_timestamp(message_digest, md_algorithm)
            except TimestampRequestError as error:
                raise SigningError(
                    "timestamp.unavailable", tsa=name, reason=_refusal(str(error))
                ) from error
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                # asn1crypto and pyHanko's nonce check fail in these ways on a malformed answer
                raise SigningError("timestamp.bad_answer", tsa=name) from error

    made: TimeStamper = BoundedHttpTimeStamper()  # type: ignore[no-untyped-call]
    return made


async def _asked(url: str, question: bytes, timeout_seconds: float, name: str) -> bytes:
    """Return the content of an answer with status 200.

    Raises:
        SigningError: ``timestamp.unavailable``.
    """
    request = Request(
        method="POST",
        url=url,
        headers={
            "Content-Type": "application/timestamp-query",
            "Accept": "application/timestamp-reply",
        },
        content={"content": question},
    )
    limits = Limits(
        answer_bytes=ANSWER_LIMIT,
        whole_seconds=timeout_seconds,
        connect_seconds=timeout_seconds,
        read_seconds=timeout_seconds,
    )
    try:
        answer = await exchange(request, limits)
    except TransportError as error:
        reason = error.words
    else:
        if answer.status == 200:
            return answer.body
        reason = lookup("service.reason.status").fill({"what": f"HTTP {answer.status}"})
    raise SigningError("timestamp.unavailable", tsa=name, reason=reason)


def _refusal(said: str) -> Message:
    return lookup("timestamp.refused").fill({"what": said[:200]})


def _check_granted(answer: bytes) -> None:
    """Turn a refusal into words; asn1crypto cannot read an answer without a token."""
    from asn1crypto import cms, core, tsp
    from pyhanko.sign.timestamps import TimestampRequestError

    class Answer(core.Sequence):  # type: ignore[misc]
        _fields = [  # noqa: RUF012 asn1crypto's way to describe a structure
            ("status", tsp.PKIStatusInfo),
            ("time_stamp_token", cms.ContentInfo, {"optional": True}),
        ]

    status = Answer.load(answer)["status"]
    stated = status["status"].native
    if stated != "granted":
        words = "; ".join(status["status_string"].native or ())
        faults = ", ".join(sorted(status["fail_info"].native or ()))
        raise TimestampRequestError(" ".join(part for part in (stated, faults, words) if part))
