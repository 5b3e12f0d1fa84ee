"""The desk knows one person: a token that is good once, a cookie that only its own pages use."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from starlette.requests import HTTPConnection

from pks_kit.errors import UsageError
from pks_kit.web.app import create_app
from pks_kit.web.desk_token import COOKIE, DeskIdentity
from pks_kit.web.portal import Portal
from pks_kit.web.scope import Person, Scope
from support.portal_server import in_thread, write_portal
from support.signing_world import PASSPHRASE

PERSON = Person(subject="meja", name="Meja", scopes=frozenset({Scope("pusat")}))


def asked(
    cookie: str, *headers: tuple[str, str], sender: str = "127.0.0.1", method: str = "GET"
) -> HTTPConnection:
    told = (("cookie", cookie), ("host", "127.0.0.1:8000"), *headers)
    return HTTPConnection(
        {
            "type": "http", "scheme": "http", "path": "/", "method": method, "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in told],
            "client": (sender, 1),
        }
    )  # fmt: skip


def entered(desk: DeskIdentity) -> str:
    """Enter, and return the cookie as a browser sends it."""
    told = desk.admit(desk.token)
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= {one.strip() for one in told.split(";")}
    return told.partition(";")[0]


def test_the_token_is_good_for_one_visit() -> None:
    desk = DeskIdentity(PERSON)
    token = desk.token
    with pytest.raises(UsageError):
        desk.admit("tebakan")
    cookie = entered(desk)
    assert asyncio.run(desk.person(asked(cookie))) == PERSON
    for again in (token, ""):
        with pytest.raises(UsageError):
            desk.admit(again)
    with pytest.raises(UsageError):
        _ = desk.token


@pytest.mark.parametrize(
    ("headers", "sender"),
    [
        ((), "10.0.0.7"),
        ((), "fe80::1"),
        ((), ""),
    ],
)
def test_only_this_machine_comes_in(headers: tuple[tuple[str, str], ...], sender: str) -> None:
    desk = DeskIdentity(PERSON)
    cookie = entered(desk)
    with pytest.raises(UsageError) as caught:
        asyncio.run(desk.person(asked(cookie, *headers, sender=sender)))
    assert caught.value.code == "web.who"


@pytest.mark.parametrize("cookie", ["", f"{COOKIE}=", f"{COOKIE}=lain", "lain=1"])
def test_another_cookie_names_nobody(cookie: str) -> None:
    with pytest.raises(UsageError):
        asyncio.run(DeskIdentity(PERSON).person(asked(cookie)))


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ((), True),  # a program, no browser
        ((("sec-fetch-site", "same-origin"),), True),
        ((("sec-fetch-site", "none"),), True),
        ((("sec-fetch-site", "same-site"),), False),  # another port of this machine
        ((("sec-fetch-site", "cross-site"),), False),
        ((("origin", "http://127.0.0.1:8000"),), True),
        ((("origin", "http://127.0.0.1:9000"),), False),
        ((("origin", "null"),), False),
    ],
)
def test_pages_of_other_sites_change_nothing(
    headers: tuple[tuple[str, str], ...], allowed: bool
) -> None:
    desk = DeskIdentity(PERSON)
    cookie = entered(desk)
    assert asyncio.run(desk.person(asked(cookie, *headers))) == PERSON  # reading is harmless
    changing = asked(cookie, *headers, method="POST")
    if allowed:
        assert asyncio.run(desk.person(changing)) == PERSON
        return
    with pytest.raises(UsageError) as caught:
        asyncio.run(desk.person(changing))
    assert caught.value.code == "web.other_site"


@pytest.mark.slow
def test_the_first_visit_of_an_application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAHASIA", PASSPHRASE.decode())
    desk = DeskIdentity(PERSON)
    app = create_app(Portal.from_settings(write_portal(tmp_path, proses=1), warms=False), desk)
    with in_thread(app) as client:
        assert client.get("/pekerjaan").status_code == 401
        assert client.get("/masuk", params={"token": "tebakan"}).status_code == 401
        first = client.get("/masuk", params={"token": desk.token})
        assert (first.status_code, first.headers["location"]) == (303, "/")
        assert first.headers["cache-control"] == "no-store"
        assert client.get("/pekerjaan").status_code == 200
        other = client.get("/pekerjaan", headers={"Host": "jahat.example"})
        assert (other.status_code, other.json()["code"]) == (421, "web.other_host")
        assert "masuk" not in client.get("/openapi.json").text
