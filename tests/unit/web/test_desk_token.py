"""The desk knows one person: a token that is good once, a cookie that only its own pages use."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from starlette.requests import HTTPConnection

from pks_kit.errors import UsageError
from pks_kit.web.app import create_app
from pks_kit.web.desk_token import COOKIE, MOST_EARLIER, DeskIdentity, suggested_name
from pks_kit.web.portal import Portal
from pks_kit.web.scope import Person, Scope
from support.desk_visitor import Visitor, told
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


NOBODY = Person(subject="meja:", name="", scopes=frozenset({Scope("pusat")}))


def test_a_desk_without_a_name_asks_for_it_and_lets_the_next_person_take_over() -> None:
    desk = DeskIdentity(NOBODY, suggested="Agus Contoh")
    cookie = entered(desk)
    with pytest.raises(UsageError) as caught:
        asyncio.run(desk.person(asked(cookie)))
    assert caught.value.code == "web.unnamed"
    sits = desk.sit_down("  dr. Agus   Contoh ")
    assert (sits.name, sits.subject) == ("dr. Agus Contoh", "meja:dr. Agus Contoh")
    assert sits.scopes == NOBODY.scopes
    assert asyncio.run(desk.person(asked(cookie))) == sits
    desk.stand_up()
    assert desk.suggested == "", "whoever comes next is somebody else"
    with pytest.raises(UsageError):
        asyncio.run(desk.person(asked(cookie)))
    with pytest.raises(UsageError) as stranger:
        asyncio.run(desk.person(asked("lain=1")))
    assert stranger.value.code == "web.who"


@pytest.mark.parametrize(
    "name", ["", "  ", "root", "ROOT", "administrator", "...", "123", "A", "Agus\u202econ",
             "x" * 201]
)  # fmt: skip
def test_what_names_nobody_does_not_sit_down(name: str) -> None:
    desk = DeskIdentity(NOBODY)
    with pytest.raises(UsageError) as caught:
        desk.sit_down(name)
    assert caught.value.code == "web.no_name"


@pytest.mark.parametrize(
    ("known", "suggested"),
    [
        (("Agus Contoh,,,", "agus"), "Agus Contoh"),
        (("root", "root"), ""),
        (("", "agus"), ""),  # one word may be any account's
        (("Debian Live user", "user"), ""),
        (("System Administrator", "root"), ""),
        (("kantor-cabang 0901", "kc0901"), ""),
        ((), ""),
    ],
)
def test_only_what_looks_like_a_person_is_suggested(known: tuple[str, ...], suggested: str) -> None:
    assert suggested_name(*known) == suggested


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
        _people_take_turns(str(client.base_url), client.cookies[COOKIE])


def _people_take_turns(address: str, cookie: str) -> None:
    """Change the person who sits at the desk, by its pages and without a script."""
    with (sits := Visitor(address, "")).http:
        sits.http.cookies.set(COOKIE, cookie)
        assert "Ganti orang" in told_whole(sits.get("/meja/batch").text)
        opened = sits.hidden("/meja/batch")
        left = sits.send("/meja/orang/ganti", {"kembali": "/batch?ditarik=ya"}, page="/meja/batch")
        asks = left.headers["location"]
        assert (left.status_code, asks) == (303, "/meja/orang?kembali=%2Fbatch%3Fditarik%3Dya")
        for page in ("/meja", "/meja/batch"):  # also where a script asks for a part
            led = sits.get(page)
            assert (led.status_code, led.headers["location"].split("?")[0]) == (303, "/meja/orang")
        part = sits.get("/meja/batch", **{"HX-Request": "true"})
        assert part.headers["hx-redirect"] == "/meja/orang?kembali=%2Fbatch"
        assert sits.get("/pekerjaan").json()["code"] == "web.unnamed"
        # a form of an old tab leads to the page of names, and from there to its own page
        at = {"Referer": f"{address}/meja/batch"}
        alone = sits.http.post("/meja/unggah", data=opened, headers=at)
        assert alone.status_code == 401
        assert 'href="/meja/orang?kembali=%2Fbatch">Tuliskan nama Anda' in alone.text
        assert "--oleh" not in alone.text
        assert "pks-kit serve" not in alone.text
        words = told(sits.get(asks).text)
        assert "Siapa yang duduk di komputer ini?" in words
        assert "percaya pada nama yang diketik" in words
        for wrong in ("", "root"):
            refused = sits.send("/meja/orang", {"nama": wrong}, page=asks)
            assert (refused.status_code, 'href="#f-nama"' in refused.text) == (422, True)
        forged = sits.http.post("/meja/orang", data={"nama": "Rini Widuri", "tanda": "0" * 40})
        assert forged.status_code == 403
        stale = sits.hidden(asks)
        for back, where in (
            ("//jahat.example", "/meja"),
            ("/batch?ditarik=ya", "/meja/batch?ditarik=ya"),
        ):
            sent = {"nama": "Rini Widuri", "kembali": back}
            came = sits.send("/meja/orang", sent, page="/meja/orang")
            assert (came.status_code, came.headers["location"]) == (303, where)
        assert "Rini Widuri" in sits.get("/meja/batch").text
        led = sits.get("/meja/batch/ABC/setujui")  # the address of a form leads to its page
        assert (led.status_code, led.headers["location"]) == (303, "/meja/batch/ABC")
        assert sits.get("/meja/batch/ABC/lain").status_code == 404
        # a page that still stands open from before the change does nothing in the new name
        at = {"Referer": f"{address}/meja/batch"}
        for form in (opened, stale):
            other = sits.http.post("/meja/bahasa", data=form | {"bahasa": "en"}, headers=at)
            assert (other.status_code, "web.other_person" in other.text) == (403, True)
        assert "Sekarang Rini Widuri yang duduk di komputer ini" in told(other.text)
        assert "tidak diizinkan" not in told(other.text)
        assert 'href="/meja/batch">Buka halamannya lagi' in other.text
        who = {one["subjek"] for one in sits.get("/akses").json()["daftar"]}
        assert {"meja", "meja:Rini Widuri"} <= who
    with (stranger := Visitor(address, "")).http:
        assert stranger.get("/meja/orang").status_code == 401


def told_whole(text: str) -> str:
    """Return a page with its head, in one line."""
    return " ".join(text.split())


def test_only_so_many_people_who_left_are_remembered_the_last_of_them() -> None:
    desk = DeskIdentity(PERSON)
    for number in range(MOST_EARLIER + 10):
        desk.sit_down(f"Orang {'ABCDEFGHIJ'[number // 10]}{'abcdefghij'[number % 10]} Contoh")
    assert len(desk.earlier) == MOST_EARLIER
    desk.sit_down("Orang Aa Contoh")
    desk.stand_up()
    assert list(desk.earlier)[-1] == "meja:Orang Aa Contoh"
    assert "meja:Orang Ab Contoh" not in desk.earlier
