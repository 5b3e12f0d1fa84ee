"""Credentials leave this machine over TLS, or by an exception that somebody wrote down.

Whoever can listen on the way reads a token, an account or a NIK that goes over plain ``http``, and
can use it afterwards. Loopback is no way that anybody else can listen on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Protocol, runtime_checkable
from urllib.parse import urlsplit

from pks_kit.errors import UsageError
from pks_kit.json_types import shown
from pks_kit.messages import Message, lookup


@dataclass(frozen=True, slots=True)
class PlainService:
    """A service that got credentials without TLS, because the settings say ``tanpa_tls: ya``.

    Attributes:
        service: Scheme and host.
    """

    service: str

    @shown()
    def message(self) -> Message:
        """What that means, in both languages."""
        return lookup("service.plain").fill({"service": self.service})


@runtime_checkable
class MayGoPlain(Protocol):
    """An adapter that knows which of its services are reached without TLS."""

    @property
    def without_tls(self) -> tuple[str, ...]:
        """Return scheme and host of each service that gets credentials without TLS."""
        ...


def is_plain(url: str) -> bool:
    """Return whether what is sent to an address can be read on the way."""
    try:
        parts = urlsplit(url)
        return parts.scheme == "http" and not _is_loopback(parts.hostname or "")
    except ValueError:
        return False  # whoever uses it says what is wrong with it


def named(url: str) -> str:
    """Return scheme and host of an address for messages."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def refuse_plain(url: str, *, allowed: bool) -> None:
    """Refuse an address to which credentials would go without TLS.

    Args:
        url: A usable address.
        allowed: Whether somebody wrote down that it may be so.

    Raises:
        UsageError: ``service.without_tls``.
    """
    if is_plain(url) and not allowed:
        raise UsageError("service.without_tls", service=named(url))


def plain_services(*tools: object) -> tuple[PlainService, ...]:
    """Return every service that the tools reach without TLS, each once."""
    found = [name for tool in tools if isinstance(tool, MayGoPlain) for name in tool.without_tls]
    return tuple(PlainService(name) for name in dict.fromkeys(found))


def plain_names(urls: Iterable[str]) -> tuple[str, ...]:
    """Return scheme and host of those addresses that are reached without TLS, each once."""
    return tuple(dict.fromkeys(named(url) for url in urls if is_plain(url)))


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
