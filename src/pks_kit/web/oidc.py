"""The identity of a bearer token (OpenID Connect): signature, issuer, audience, time, scopes.

Keys are fetched from the issuer and kept; a token that names an unknown key makes them be fetched
anew, at most once in a while, so that a forged token cannot make this server ask without end. The
algorithms are those of a list, never those that a token wishes for.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from fastapi.openapi.models import HTTPBearer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from starlette.requests import HTTPConnection

from pks_kit.errors import LedgerError, UsageError
from pks_kit.net.plain import is_plain
from pks_kit.net.transport import Answer, Limits, Request, TransportError, exchange
from pks_kit.visible_text import one_line
from pks_kit.web.identity import MOST_LETTERS, DescribedScheme
from pks_kit.web.scope import Person, Scope, scopes_of

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
_LIMITS = Limits(answer_bytes=512 * 1024, whole_seconds=10.0)
_KEPT_SECONDS = 900.0
_AGAIN_SECONDS = 30.0
_LEEWAY_SECONDS = 60
_MOST_TOKEN = 16 * 1024

ScopeFrom = Callable[[Mapping[str, Any]], Iterable[Scope]]
"""Gives the scopes of a person from the claims of the token."""


def claim_scopes(claim: str) -> ScopeFrom:
    """Return what reads scopes such as ``cabang:0901`` from a claim: a list, or words in a text."""

    def read(claims: Mapping[str, Any]) -> Iterable[Scope]:
        value = claims.get(claim)
        return scopes_of(value.split() if isinstance(value, str) else value or ())

    return read


class OidcIdentity:
    """Believes bearer tokens of one issuer; an ``Identity``. See :func:`oidc`."""

    def __init__(
        self,
        *,
        issuer: str,
        audience: str,
        scope_from: ScopeFrom,
        jwks_url: str | None,
        algorithms: tuple[str, ...],
        public_only: bool,
    ) -> None:
        self._issuer = issuer
        self._audience = audience
        self._scope_from = scope_from
        self._jwks_url = jwks_url
        self._algorithms = list(algorithms)
        self._public_only = public_only
        self._keys: KeySet | None = None
        self._fetched = float("-inf")
        self._tried = float("-inf")
        self._fetching = asyncio.Lock()

    @property
    def scheme(self) -> DescribedScheme:
        """Return how OpenAPI describes it."""
        return DescribedScheme("oidc", HTTPBearer(bearerFormat="JWT"))

    async def person(self, asked: HTTPConnection) -> Person:
        """Return whoever the token names.

        Raises:
            UsageError: ``web.who``.
            LedgerError: ``web.issuer_away``: its keys could not be fetched.
        """
        headers = asked.headers.getlist("authorization")
        kind, _, token = (headers[0] if len(headers) == 1 else "").partition(" ")
        if kind.lower() != "bearer" or not token or len(token) > _MOST_TOKEN:
            raise UsageError("web.who")
        claims = await self._claims(token.strip())
        subject = claims.get("sub")
        if not isinstance(subject, str) or not subject:
            raise UsageError("web.who")
        named = claims.get("name") or claims.get("preferred_username")
        name = named if isinstance(named, str) else subject
        return Person(
            subject=subject[:MOST_LETTERS],
            name=one_line(name)[:MOST_LETTERS],
            scopes=frozenset(self._scope_from(claims)),
        )

    async def _claims(self, token: str) -> Mapping[str, Any]:
        for is_last in (False, True):
            keys = await self._key_set(anew=is_last)
            try:
                read = jwt.decode(token, keys, algorithms=self._algorithms)
            except (JoseError, ValueError, TypeError, KeyError):
                if is_last:
                    raise UsageError("web.who") from None
                continue  # signed with a key that came after ours were fetched
            break
        asked = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        try:
            asked.validate(read.claims)
        except (JoseError, ValueError, TypeError):
            raise UsageError("web.who") from None
        return dict(read.claims)

    async def _key_set(self, *, anew: bool) -> KeySet:
        async with self._fetching:
            now = time.monotonic()
            old = now - self._fetched > _KEPT_SECONDS or anew
            if self._keys is None or (old and now - self._tried > _AGAIN_SECONDS):
                self._tried = now
                try:
                    self._keys = KeySet.import_key_set(await self._fetched_keys())  # type: ignore[arg-type]
                    self._fetched = now
                except (TransportError, JoseError, ValueError, KeyError, TypeError):
                    if self._keys is None:
                        raise LedgerError("web.issuer_away") from None
            return self._keys

    async def _fetched_keys(self) -> dict[str, Any]:
        url = self._jwks_url
        if url is None:
            where = f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
            told = await self._object(where)
            if told.get("issuer") != self._issuer:
                raise ValueError("issuer")
            url = str(told["jwks_uri"])
        return await self._object(url)

    async def _object(self, url: str) -> dict[str, Any]:
        if is_plain(url):  # whoever stands on the way could name keys of its own
            raise ValueError("plain")
        asked = Request(
            method="GET", url=url, headers={}, content={}, public_only=self._public_only
        )
        answer: Answer = await exchange(asked, _LIMITS)
        found = answer.json_object() if answer.status == 200 else None
        if found is None:
            raise ValueError("answer")
        return found


def oidc(
    *,
    issuer: str,
    audience: str,
    scope_from: ScopeFrom,
    jwks_url: str | None = None,
    algorithms: tuple[str, ...] = ALGORITHMS,
    public_only: bool = True,
) -> OidcIdentity:
    """Return the identity of bearer tokens.

    Args:
        issuer: Address of the issuer, letter by letter as tokens name it.
        audience: For whom tokens must be made.
        scope_from: Gives the scopes of a person from the claims; see :func:`claim_scopes`.
        jwks_url: Where the keys of the issuer are; None asks the issuer.
        algorithms: Algorithms that a signature may have.
        public_only: Whether the issuer must have public addresses.

    Raises:
        UsageError: ``web.issuer_plain``: an address without TLS on another machine.
    """
    if is_plain(issuer) or is_plain(jwks_url or ""):
        raise UsageError("web.issuer_plain")
    return OidcIdentity(
        issuer=issuer,
        audience=audience,
        scope_from=scope_from,
        jwks_url=jwks_url,
        algorithms=algorithms,
        public_only=public_only,
    )
