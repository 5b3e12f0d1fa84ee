"""Deliveries: to whom, how often, for how long."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.settings.portal import WebhookSettings
from pks_kit.web.state import outbox
from pks_kit.web.state.database import State
from pks_kit.web.state.outbox import GIVES_UP

NOW = system_clock()


def receiver(*kinds: str) -> WebhookSettings:
    return WebhookSettings(alamat="https://contoh.invalid/", rahasia="env:A", peristiwa=kinds)


def put(state: State, event: str, event_id: str, **receivers: WebhookSettings) -> None:
    with state.write() as connection:
        outbox.put(connection, receivers, event, event_id, {"a": 1}, NOW)


@pytest.mark.parametrize(
    ("kinds", "event", "wanted"),
    [
        (("*",), "buku.meterai.terbit", True),
        (("buku.*",), "buku.meterai.terbit", True),
        (("buku.meterai.*",), "buku.meterai.terbit", True),
        (("buku.meterai",), "buku.meterai.terbit", False),
        (("buku.*",), "bukulain.x", False),
        (("pekerjaan.gagal", "pekerjaan.selesai"), "pekerjaan.selesai", True),
    ],
)
def test_who_wants_what(state: State, kinds: tuple[str, ...], event: str, wanted: bool) -> None:
    put(state, event, "1", satu=receiver(*kinds))
    with state.read() as connection:
        assert bool(outbox.listed(connection, keadaan="", most=9)) is wanted


def test_an_event_is_put_in_once_for_each(state: State) -> None:
    for _ in range(2):
        put(state, "buku.x", "1", satu=receiver("*"), dua=receiver("*"))
    with state.read() as connection:
        found = outbox.listed(connection, keadaan="menunggu", most=9)
    assert sorted(one.webhook for one in found) == ["dua", "satu"]
    assert len({one.id for one in found}) == 2


def test_a_refusal_is_tried_again_for_three_days(state: State) -> None:
    put(state, "buku.x", "1", satu=receiver("*"))
    now, tries, pauses = NOW, 0, []
    while True:
        with state.write() as connection:
            due = outbox.take(connection, now)
            if due is None:
                (left,) = outbox.listed(connection, keadaan="", most=9)
                if left.keadaan == "gagal":
                    break
                pauses.append(left.berikut - now)
                now = left.berikut
                continue
            assert outbox.take(connection, now) is None  # nobody else has it meanwhile
            outbox.failed(connection, due, "HTTP 500", now, for_good=False)
            tries += 1
    assert pauses[:4] == [timedelta(seconds=5 * 2**one) for one in range(4)]
    assert max(pauses) == timedelta(hours=6)
    assert GIVES_UP - timedelta(hours=6) <= now - NOW <= GIVES_UP
    assert tries > 15
    with state.write() as connection:
        assert outbox.again(connection, left.id, now)
        assert not outbox.again(connection, "msg_lain", now)
        again = outbox.take(connection, now)
        assert again is not None
        outbox.sent(connection, again, "HTTP 204")
        assert outbox.listed(connection, keadaan="terkirim", most=9)[0].jawaban == "HTTP 204"


def test_who_is_gone_is_not_asked_again(state: State) -> None:
    put(state, "buku.x", "1", satu=receiver("*"))
    with state.write() as connection:
        due = outbox.take(connection, NOW)
        assert due is not None
        outbox.failed(connection, due, "HTTP 410", NOW, for_good=True)
        assert outbox.take(connection, datetime.max.replace(tzinfo=NOW.tzinfo)) is None


def test_a_sender_that_died_is_replaced(state: State) -> None:
    put(state, "buku.x", "1", satu=receiver("*"))
    with state.write() as connection:
        first = outbox.take(connection, NOW)
    with state.write() as connection:
        assert outbox.take(connection, NOW + timedelta(seconds=30)) is None
        assert outbox.take(connection, NOW + timedelta(minutes=2)) == first or first is not None
