"""Timestamps of a real authority over HTTP (RFC 3161). Without a timestamp nothing is signed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pks_kit.errors import SigningError, UsageError

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
    """

    url: str
    timeout_seconds: float = TIMEOUT_SECONDS

    def __post_init__(self) -> None:
        """Refuse an address that cannot be a timestamp service.

        Raises:
            UsageError: ``timestamp.url`` for another scheme, no host, or a secret in the address.
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

    @property
    def name(self) -> str:
        """Return scheme and host, without path or query (they may hold an account key)."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def is_uji(self) -> bool:
        """Return False: an authority reached by URL is taken as real."""
        return False

    def timestamper(self) -> TimeStamper:
        """Return a pyHanko timestamper whose failures are ``SigningError``."""
        return _bounded_timestamper(self.url, self.timeout_seconds, self.name)


def _bounded_timestamper(url: str, timeout_seconds: float, name: str) -> TimeStamper:
    import aiohttp
    from asn1crypto import tsp
    from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError

    class BoundedHttpTimeStamper(HTTPTimeStamper):
        """pyHanko's client with a limit on the answer, no redirects and our errors."""

        async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
            timeout = aiohttp.ClientTimeout(total=self.timeout)
            async with (
                aiohttp.ClientSession(timeout=timeout, trust_env=False) as session,
                session.post(
                    self.url,
                    headers=await self.async_request_headers(),
                    data=req.dump(),
                    allow_redirects=False,
                ) as response,
            ):
                if response.status != 200:
                    raise TimestampRequestError(f"HTTP {response.status}")
                answer = await _read_bounded(response)
            _check_granted(answer)
            return tsp.TimeStampResp.load(answer)

        async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
            try:
                return await super().async_timestamp(message_digest, md_algorithm)
            except (aiohttp.ClientError, OSError) as error:
                reason = str(error) or type(error).__name__
                raise SigningError(
                    "timestamp.unavailable", tsa=name, reason=reason[:200]
                ) from error
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                # asn1crypto and pyHanko's nonce check fail in these ways on a malformed answer
                raise SigningError("timestamp.bad_answer", tsa=name) from error

    return BoundedHttpTimeStamper(url, timeout=timeout_seconds)


async def _read_bounded(response: Any) -> bytes:
    from pyhanko.sign.timestamps import TimestampRequestError

    content = bytearray()
    async for block in response.content.iter_chunked(1 << 14):
        content += block
        if len(content) > ANSWER_LIMIT:
            raise TimestampRequestError(f"answer larger than {ANSWER_LIMIT} bytes")
    return bytes(content)


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
