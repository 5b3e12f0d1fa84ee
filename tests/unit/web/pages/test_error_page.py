"""An error page says what to do where somebody is, not what a program would send."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.messages import lookup
from pks_kit.web.pages.error_page import told_page


def told(code: str, seat: object) -> dict[str, Any]:
    """Return what the page of an error shows."""
    found: dict[str, Any] = {}
    visit: Any = SimpleNamespace(
        seat=seat,
        here="/batch",
        language="id",
        is_part=False,
        request=SimpleNamespace(method="GET"),
        seat_path=lambda back: f"/orang?kembali={back}",
        page=lambda template, title, **values: found.update(values),
    )
    told_page(visit, {"code": code, "http_status": 401})
    return found


@pytest.mark.parametrize(("seat", "now"), [(object(), "error.401.desk"), (None, "error.401.now")])
def test_whoever_is_not_signed_in_is_told_of_no_proof_to_send(seat: object, now: str) -> None:
    found = told("web.who", seat)
    assert found["now"] == now
    assert not found["hinted"]
    assert found["coded"] is (seat is None)
    for language in ("id", "en"):
        words = lookup(f"desk.{now}").in_language(language)
        assert "token" not in words
        assert "pks-kit" not in words


def test_other_errors_keep_their_advice() -> None:
    found = told("web.not_allowed", object())
    assert found["hinted"]
    assert found["coded"]
