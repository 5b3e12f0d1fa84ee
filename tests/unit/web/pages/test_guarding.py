"""Where a form was sent from, and its token."""

from __future__ import annotations

from dataclasses import replace

import pytest
from starlette.requests import Request

from pks_kit.errors import UsageError
from pks_kit.web.operation import NOBODY
from pks_kit.web.pages.guarding import (
    COOKIE,
    check_origin,
    check_token,
    cookie_value,
    set_cookie,
    token_of,
)
from pks_kit.web.scope import Person


def asked(scheme: str = "http", **headers: str) -> Request:
    told = {
        "host": "desk.example",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return Request({
        "type": "http", "method": "POST", "scheme": scheme, "path": "/", "query_string": b"",
        "server": ("desk.example", 80),
        "headers": [(name.encode(), value.encode()) for name, value in told.items()],
    })  # fmt: skip


@pytest.mark.parametrize(
    "headers",
    [{"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"}, {"sec_fetch_site": "none"},
     {"origin": "http://other.example"}, {"origin": "null"}, {},
     {"sec_fetch_site": "cross-site", "origin": "http://desk.example"}],
)  # fmt: skip
def test_what_does_not_come_from_this_origin_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(UsageError) as caught:
        check_origin(asked(**headers))
    assert caught.value.code == "web.other_site"


@pytest.mark.parametrize(
    "headers", [{"sec_fetch_site": "same-origin"}, {"origin": "http://desk.example"}]
)
def test_what_comes_from_this_origin_passes(headers: dict[str, str]) -> None:
    check_origin(asked(**headers))


def named(subject: str) -> Person:
    return replace(NOBODY, subject=subject, name=subject)


def test_a_token_belongs_to_a_cookie_and_a_person() -> None:
    cookie = cookie_value(asked())
    right = asked(cookie=f"{COOKIE}={cookie}")
    check_token(right, named("sari"), token_of(cookie, "sari"))
    for request, subject, token in (
        (right, "budi", token_of(cookie, "sari")),
        (right, "sari", ""),
        (asked(), "sari", token_of("", "sari")),
        (asked(cookie=f"{COOKIE}={cookie_value(asked())}"), "sari", token_of(cookie, "sari")),
    ):
        with pytest.raises(UsageError) as caught:
            check_token(request, named(subject), token)
        assert caught.value.code == "web.stale_form"


def test_a_form_of_whoever_sat_here_before_is_told_as_that() -> None:
    """The advice was to load the page again, and that the person may not do this."""
    cookie = cookie_value(asked())
    request, before = asked(cookie=f"{COOKIE}={cookie}"), token_of(cookie, "sari")
    with pytest.raises(UsageError) as caught:
        check_token(request, named("budi"), before, {"sari"})
    assert (caught.value.code, caught.value.params) == ("web.other_person", {"name": "budi"})
    with pytest.raises(UsageError) as caught:
        check_token(request, named("budi"), "0" * 40, {"sari"})
    assert caught.value.code == "web.stale_form"


def test_a_short_cookie_is_replaced() -> None:
    assert len(cookie_value(asked(cookie=f"{COOKIE}=a"))) > 30


def test_cookies_are_for_this_site_alone_and_for_tls_where_there_is_tls() -> None:
    plain, safe = set_cookie(asked(), "a", "b"), set_cookie(asked("https"), "a", "b", ends=True)
    assert "HttpOnly" in plain
    assert "SameSite=Strict" in plain
    assert "Secure" not in plain
    assert "Secure" in safe
    assert "Max-Age=0" in safe
