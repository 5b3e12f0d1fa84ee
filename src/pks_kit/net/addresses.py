"""Which addresses are public, so that an address from a file leads to nobody's inner network."""

from __future__ import annotations

import asyncio
import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_SIX_TO_FOUR = IPv6Network("2002::/16")
_NOT_FOR_ALL = (
    IPv4Network("192.88.99.0/24"),  # relays of 6to4, RFC 7526
    IPv4Network("168.63.129.16/32"),  # a cloud's own service inside its virtual networks
    IPv6Network("3fff::/20"),  # documentation, RFC 9637
)


async def public_addresses(host: str, port: int) -> tuple[str, ...]:
    """Return the addresses of a host, each once and in the order of the resolver.

    Returns:
        Nothing when any one of them is not public: a name that leads outside and inside is a trap.

    Raises:
        OSError: The name cannot be resolved.
        ValueError: The name cannot be one.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = tuple(dict.fromkeys(str(one[4][0]) for one in found))
    return addresses if all(is_public(one) for one in addresses) else ()


def is_public(address: str) -> bool:
    """Return whether anybody in the world can be reached at an address, judged by what it holds.

    ``ipaddress`` calls some addresses global that end at an IPv4 address of the near network: those
    of 6to4 are refused, and outside the block of global unicast addresses, where NAT64 and the
    translated and site-local addresses stand, nothing is believed: what a translator of the near
    network does with an address cannot be known here.
    """
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        elif found not in _GLOBAL_UNICAST or found in _SIX_TO_FOUR:
            return False
    near = any(found.version == one.version and found in one for one in _NOT_FOR_ALL)
    return found.is_global and not found.is_multicast and not near
