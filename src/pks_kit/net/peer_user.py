"""Which user of this machine is at the other end of a connection on the loopback address.

Linux tells it in its tables of sockets. Elsewhere, or where the tables cannot be read, it is not
known.
"""

from __future__ import annotations

import sys
from pathlib import Path
from socket import inet_aton

TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LOCAL, _REMOTE, _USER = 1, 2, 7


def user_of_peer(peer: tuple[str, int], own: tuple[str, int]) -> int | None:
    """Return the number of the user that holds the other end; None when it is not known.

    Args:
        peer: Address (IPv4) and port of the other end.
        own: Address and port of this end.
    """
    local, remote = _as_listed(*peer), _as_listed(*own)
    for table in TABLES:
        try:
            lines = table.read_text("ascii").splitlines()[1:]
        except (OSError, ValueError):
            continue
        for fields in map(str.split, lines):
            # a socket of IPv6 may hold an address of IPv4, at the end of its own
            known = len(fields) > _USER and fields[_USER].isdigit()
            if known and fields[_LOCAL].endswith(local) and fields[_REMOTE].endswith(remote):
                return int(fields[_USER])
    return None


def _as_listed(address: str, port: int) -> str:
    return f"{int.from_bytes(inet_aton(address), sys.byteorder):08X}:{port:04X}"
