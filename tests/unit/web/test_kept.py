"""What is kept in memory of files that never change."""

from __future__ import annotations

import asyncio

import pytest

from pks_kit.web.kept import KeptAnswers


def test_what_was_asked_for_last_stays_as_long_as_there_is_room() -> None:
    kept = KeptAnswers(10)
    kept.keep(("a",), b"1234")
    kept.keep(("b",), b"1234")
    assert kept.find(("a",)) == b"1234"

    kept.keep(("c",), b"1234")

    assert kept.find(("b",)) is None
    assert kept.find(("a",)) == kept.find(("c",)) == b"1234"


def test_what_is_kept_again_takes_its_room_once_and_what_never_fits_takes_none() -> None:
    kept = KeptAnswers(10)
    for _ in range(5):
        kept.keep(("a",), b"12345")
    kept.keep(("b",), b"12345")
    assert kept.find(("a",)) == kept.find(("b",)) == b"12345"

    kept.keep(("c",), b"12345678901")

    assert [kept.find((name,)) for name in "abc"] == [None, None, None]


def test_two_who_ask_the_same_at_once_are_told_by_one_answer() -> None:
    asked = []

    async def both() -> list[bytes]:
        kept = KeptAnswers(10)

        async def ask() -> bytes:
            asked.append(1)
            await asyncio.sleep(0.01)
            return b"x"

        return await asyncio.gather(*(kept.of(("a",), ask) for _ in range(2)))

    assert asyncio.run(both()) == [b"x", b"x"]
    assert len(asked) == 1


def test_one_who_goes_away_ends_nothing_for_the_other() -> None:
    async def one_goes() -> bytes:
        kept, going = KeptAnswers(10), asyncio.Event()

        async def ask() -> bytes:
            await going.wait()
            return b"x"

        first = asyncio.create_task(kept.of(("a",), ask))
        second = asyncio.create_task(kept.of(("a",), ask))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        going.set()
        return await second

    assert asyncio.run(one_goes()) == b"x"


def test_an_error_is_kept_for_nobody() -> None:
    async def twice() -> bytes:
        kept = KeptAnswers(10)

        async def fail() -> bytes:
            raise ValueError("unreadable")

        async def ask() -> bytes:
            return b"x"

        with pytest.raises(ValueError, match="unreadable"):
            await kept.of(("a",), fail)
        return await kept.of(("a",), ask)

    assert asyncio.run(twice()) == b"x"
