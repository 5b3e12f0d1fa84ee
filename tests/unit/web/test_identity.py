"""The headers of a proxy are believed from the proxy alone."""

from __future__ import annotations

import asyncio

import pytest
from starlette.requests import HTTPConnection

from pks_kit.errors import UsageError
from pks_kit.web.identity import proxy
from pks_kit.web.scope import Person, Scope

PROXY = proxy(["10.0.0.5", "2001:db8::/64"])
GOOD = (
    ("x-pks-orang", "u-1"),
    ("x-pks-nama", "Siti%20Contoh"),
    ("x-pks-wilayah", "cabang:0901, faskes:1"),
)


def asked(sender: str, *headers: tuple[str, str]) -> HTTPConnection:
    told = [(name.encode(), value.encode()) for name, value in headers]
    return HTTPConnection({"type": "http", "headers": told, "client": (sender, 1)})


@pytest.mark.parametrize("sender", ["10.0.0.5", "2001:db8::17"])
def test_the_proxy_names_people(sender: str) -> None:
    assert asyncio.run(PROXY.person(asked(sender, *GOOD))) == Person(
        subject="u-1",
        name="Siti Contoh",
        scopes=frozenset({Scope("cabang", "0901"), Scope("faskes", "1")}),
    )


@pytest.mark.parametrize(
    ("sender", "headers"),
    [
        ("10.0.0.6", GOOD),
        ("::ffff:10.0.0.6", GOOD),
        ("testclient", GOOD),
        ("10.0.0.5", GOOD[1:]),
        ("10.0.0.5", GOOD[:2]),
        ("10.0.0.5", (("x-pks-orang", ""), *GOOD[1:])),
        ("10.0.0.5", (*GOOD, ("x-pks-wilayah", "pusat"))),  # the client's own, beside the proxy's
        ("10.0.0.5", (*GOOD, ("x-pks-orang", "u-2"))),
    ],
)
def test_nobody_else_does(sender: str, headers: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(UsageError) as caught:
        asyncio.run(PROXY.person(asked(sender, *headers)))
    assert (caught.value.code, caught.value.http_status) == ("web.who", 401)


def test_what_is_no_address_is_told() -> None:
    with pytest.raises(UsageError) as caught:
        proxy(["10.0.0.5/8"])
    assert caught.value.code == "web.bad_network"
