"""Addresses: which may be called at all, and which of Peruri's two worlds they belong to."""

from __future__ import annotations

import ipaddress
import re
from typing import Literal
from urllib.parse import urlsplit

from pks_kit.errors import UsageError
from pks_kit.net.plain import refuse_plain

Lingkungan = Literal["produksi", "uji"]
"""Production, or staging."""

_PERURI = re.compile(r"([a-z0-9-]+)\.(?:e-meterai\.co\.id|(?:[a-z0-9-]+\.)?perurica?\.co\.id)")
_STAGING = re.compile(r"stg$|staging|dev$")


def check_address(address: str, *, may_go_plain: bool = False) -> None:
    """Refuse an address that is no plain base address; password and token would travel to it.

    Plain ``http`` is accepted to this computer; to private networks (the adapter) only by an
    exception that somebody wrote down; to the world never.

    Raises:
        UsageError: ``meterai.url``, ``service.without_tls``.
    """
    try:
        parts = urlsplit(address)
        usable = (
            bool(parts.hostname)
            and "@" not in parts.netloc
            and not parts.query
            and not address.endswith("/")
            and (parts.scheme == "https" or (parts.scheme == "http" and _is_near(parts.hostname)))
        )
    except ValueError:
        usable = False
    if not usable:
        raise UsageError("meterai.url", host=host_of(address))
    refuse_plain(address, allowed=may_go_plain)


def lingkungan_of(address: str) -> Lingkungan | None:
    """Return which of Peruri's worlds a host name belongs to; None when it tells nothing."""
    found = _PERURI.fullmatch(host_of(address))
    if found is None:
        return None
    return "uji" if _STAGING.search(found[1]) else "produksi"


def host_of(address: str) -> str:
    """Return the host name of an address for messages, or ``?``."""
    try:
        return urlsplit(address).hostname or "?"
    except ValueError:
        return "?"


def _is_near(host: str | None) -> bool:
    if host is None or "." not in host:
        return True  # localhost, or a container's name
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False
