"""Bearer tokens: what is believed, and what never is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest
from joserfc.jwk import ECKey
from starlette.requests import HTTPConnection

from pks_kit.errors import LedgerError, UsageError
from pks_kit.web.oidc import OidcIdentity, claim_scopes, oidc
from pks_kit.web.scope import Person, Scope
from support.issuer import AUDIENCE, Issuer, running_issuer, signed_with_what_is_public


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with running_issuer() as found:
        yield found


def identity(issuer: Issuer, **more: Any) -> OidcIdentity:
    return oidc(
        issuer=issuer.url, audience=AUDIENCE, scope_from=claim_scopes("wilayah"),
        **{"public_only": False, **more},
    )  # fmt: skip


def asked(*headers: tuple[str, str]) -> HTTPConnection:
    told = [(name.encode(), value.encode()) for name, value in headers]
    return HTTPConnection({"type": "http", "headers": told, "client": ("127.0.0.1", 1)})


def person(found: OidcIdentity, token: str) -> Person:
    return asyncio.run(found.person(asked(("authorization", f"Bearer {token}"))))


def refused(found: OidcIdentity, token: str) -> str:
    with pytest.raises(UsageError) as caught:
        person(found, token)
    return caught.value.code


def test_a_token_names_a_person_with_scopes(issuer: Issuer) -> None:
    found = person(identity(issuer), issuer.token("cabang:0901", "pusat", "bukan apa-apa"))
    assert found == Person(
        subject="orang-1",
        name="Sari Contoh",
        scopes=frozenset({Scope("cabang", "0901"), Scope("pusat")}),
    )


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "http://127.0.0.1:1"},
        {"aud": "lain"},
        {"aud": None},
        {"iss": None},
        pytest.param({"exp": int(time.time()) - 3600}, id="an hour ago"),
        {"exp": None},
        pytest.param({"nbf": int(time.time()) + 3600}, id="in an hour"),
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us_names_nobody(issuer: Issuer, claims: dict[str, Any]) -> None:
    assert refused(identity(issuer), issuer.token("pusat", **claims)) == "web.who"


def test_a_signature_of_others_names_nobody(issuer: Issuer) -> None:
    other = ECKey.generate_key("P-256", {"kid": "satu"}, auto_kid=False)
    assert refused(identity(issuer), issuer.token("pusat", key=other)) == "web.who"
    good = issuer.token("faskes:1")
    head, _, signature = good.split(".")
    _, claims, _ = issuer.token("pusat").split(".")
    assert refused(identity(issuer), f"{head}.{claims}.{signature}") == "web.who"


def test_the_token_does_not_choose_the_algorithm(issuer: Issuer) -> None:
    """A public key taken as a shared secret, and no signature at all."""
    assert refused(identity(issuer), signed_with_what_is_public(issuer, "pusat")) == "web.who"
    _, claims, _ = issuer.token("pusat").split(".")
    assert refused(identity(issuer), f"eyJhbGciOiJub25lIn0.{claims}.") == "web.who"
    assert refused(identity(issuer, algorithms=("RS256",)), issuer.token("pusat")) == "web.who"


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("authorization", "Bearer ")],
        [("authorization", "Basic YTpi")],
        [("authorization", "Bearer x" * 4000)],
    ],
    ids=["none", "empty", "basic", "long"],
)
def test_without_a_token_nobody_is_named(issuer: Issuer, headers: list[tuple[str, str]]) -> None:
    with pytest.raises(UsageError):
        asyncio.run(identity(issuer).person(asked(*headers)))
    assert issuer.asked == []


def test_two_tokens_name_nobody(issuer: Issuer) -> None:
    good = ("authorization", f"Bearer {issuer.token('pusat')}")
    with pytest.raises(UsageError):
        asyncio.run(identity(issuer).person(asked(good, good)))


def test_keys_are_kept_and_fetched_anew_once_for_an_unknown_one(issuer: Issuer) -> None:
    found = identity(issuer)

    async def several() -> None:
        async def one(token: str) -> Person:
            return await found.person(asked(("authorization", f"Bearer {token}")))

        for _ in range(3):
            await one(issuer.token("pusat"))
        assert issuer.asked.count("/kunci") == 1
        issuer.rotate()
        found._tried = float("-inf")  # half a minute later
        assert (await one(issuer.token("pusat"))).scopes == {Scope("pusat")}
        assert issuer.asked.count("/kunci") == 2
        for _ in range(5):  # a flood of forged tokens asks nobody
            with pytest.raises(UsageError):
                await one(issuer.token("pusat", key=ECKey.generate_key("P-256")))
        assert issuer.asked.count("/kunci") == 2
        issuer.is_away = True  # what is known holds
        assert (await one(issuer.token("pusat"))).subject == "orang-1"

    asyncio.run(several())


def test_an_issuer_that_is_away_is_no_fault_of_the_token(issuer: Issuer) -> None:
    issuer.is_away = True
    with pytest.raises(LedgerError) as caught:
        person(identity(issuer), issuer.token("pusat"))
    assert (caught.value.code, caught.value.http_status) == ("web.issuer_away", 503)


def test_an_issuer_in_the_own_network_must_be_allowed(issuer: Issuer) -> None:
    with pytest.raises(LedgerError) as caught:
        person(identity(issuer, public_only=True), issuer.token("pusat"))
    assert caught.value.code == "web.issuer_away"
    assert issuer.asked == []


def test_keys_come_over_tls_alone(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever stands on the way of an open line could name keys of its own."""
    for where in ({"issuer": "http://contoh.invalid"}, {"jwks_url": "http://contoh.invalid/k"}):
        with pytest.raises(UsageError) as caught:
            oidc(
                **{"issuer": issuer.url, "audience": AUDIENCE, "scope_from": claim_scopes("w"),
                   **where}
            )  # type: ignore[arg-type]  # fmt: skip
        assert caught.value.code == "web.issuer_plain"
    told = {"issuer": issuer.url, "jwks_uri": "http://contoh.invalid/kunci"}
    monkeypatch.setattr(issuer, "answer", lambda _path: told)
    with pytest.raises(LedgerError) as away:
        person(identity(issuer), issuer.token("pusat"))
    assert away.value.code == "web.issuer_away"
