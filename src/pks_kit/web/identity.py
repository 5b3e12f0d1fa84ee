"""Who asks: the port, and the identity of a trusted proxy's headers. No passwords of our own."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import unquote

from fastapi.openapi.models import APIKey, APIKeyIn
from fastapi.security.base import SecurityBase
from starlette.requests import HTTPConnection

from pks_kit.errors import UsageError
from pks_kit.visible_text import one_line
from pks_kit.web.scope import Person, scopes_of

MOST_LETTERS = 200
"""Longest name or id of a person that is taken from outside."""


class DescribedScheme(SecurityBase):
    """A security scheme of OpenAPI that only describes; the identity itself looks.

    Args:
        name: Name of the scheme.
        model: Its description.
    """

    def __init__(self, name: str, model: Any) -> None:
        self.scheme_name = name
        self.model = model

    async def __call__(self) -> None:
        """Do nothing: a dependency must be callable."""


class Identity(Protocol):
    """Finds out who asks; a portal may bring its own."""

    @property
    def scheme(self) -> DescribedScheme:
        """Return how OpenAPI describes it."""
        ...

    async def person(self, asked: HTTPConnection) -> Person:
        """Return whoever asks.

        Raises:
            UsageError: ``web.who``: nobody is named, or the proof does not hold.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyIdentity:
    """Believes the headers of a proxy, from its own addresses alone; an ``Identity``.

    Attributes:
        networks: Addresses of the proxy.
        subject_header: Header with the id of the person.
        name_header: Header with the name, percent-encoded where it is not ASCII.
        scope_header: Header with scopes such as ``cabang:0901``, divided by commas.
    """

    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
    subject_header: str
    name_header: str
    scope_header: str

    @property
    def scheme(self) -> DescribedScheme:
        """Return how OpenAPI describes it."""
        words = (
            f"A proxy names the person; its roles, divided by commas, stand in {self.scope_header}"
        )
        key = APIKey.model_validate(
            {"in": APIKeyIn.header, "name": self.subject_header, "description": words}
        )
        return DescribedScheme("proksi", key)

    async def person(self, asked: HTTPConnection) -> Person:
        """Return whoever the proxy names.

        Raises:
            UsageError: ``web.who``.
        """
        sender = asked.client.host if asked.client else ""
        subjects = asked.headers.getlist(self.subject_header)
        scopes = asked.headers.getlist(self.scope_header)
        # a header that stands twice was not set by the proxy alone
        if not self._trusts(sender) or len(subjects) != 1 or len(scopes) != 1 or not subjects[0]:
            raise UsageError("web.who")
        name = unquote(asked.headers.get(self.name_header, ""))
        return Person(
            subject=subjects[0][:MOST_LETTERS],
            name=one_line(name or subjects[0])[:MOST_LETTERS],
            scopes=scopes_of(scopes[0].split(",")),
        )

    def _trusts(self, sender: str) -> bool:
        try:
            address = ipaddress.ip_address(sender)
        except ValueError:
            return False
        return any(address in one for one in self.networks)


def proxy(
    addresses: Sequence[str],
    *,
    subject_header: str = "X-Pks-Orang",
    name_header: str = "X-Pks-Nama",
    scope_header: str = "X-Pks-Wilayah",
) -> ProxyIdentity:
    """Return the identity of a trusted proxy.

    Args:
        addresses: Addresses or networks of the proxy.
        subject_header: Header with the id of the person.
        name_header: Header with the name.
        scope_header: Header with the scopes.

    Raises:
        UsageError: ``web.bad_network``.
    """
    try:
        networks = tuple(ipaddress.ip_network(one) for one in addresses)
    except ValueError:
        raise UsageError("web.bad_network", addresses=", ".join(addresses)) from None
    return ProxyIdentity(
        networks=networks,
        subject_header=subject_header,
        name_header=name_header,
        scope_header=scope_header,
    )
