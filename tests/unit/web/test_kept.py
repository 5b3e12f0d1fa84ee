"""What is kept in memory of files that never change."""

from __future__ import annotations

import asyncio
import gc

import pytest

from pks_kit.web.kept import Found, KeptAnswers, Key


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


class Slow:
    """Finds things out one part after another, as slowly as it is told."""

    def __init__(self) -> None:
        self.asked: list[tuple[Key, ...]] = []
        self.going = asyncio.Event()

    async def ask(self, keys: tuple[Key, ...]) -> list[bytes]:
        self.asked.append(keys)
        if ("slow",) in keys:
            await self.going.wait()
        return [str(one[0]).encode() for one in keys]


def test_what_is_known_soon_is_told_and_the_rest_is_kept_for_whoever_asks_again() -> None:
    async def looked() -> None:
        kept, slow = KeptAnswers(100), Slow()
        keys: list[Key] = [("a",), ("b",), ("slow",)]

        async def soon() -> dict[Key, Found]:
            return await kept.soon(keys, slow.ask, seconds=0.01, together=2, most=9)

        assert await soon() == {("a",): b"a", ("b",): b"b"}
        assert await soon() == {("a",): b"a", ("b",): b"b"}
        assert slow.asked == [(("a",), ("b",)), (("slow",),)], "asked once, whoever waits"
        slow.going.set()
        assert (await soon())["slow",] == b"slow"
        assert len(slow.asked) == 2

    asyncio.run(looked())


def test_whoever_goes_away_does_not_end_what_is_being_found_out() -> None:
    async def gone() -> bytes | None:
        kept, slow = KeptAnswers(100), Slow()
        asking = asyncio.create_task(
            kept.soon([("slow",)], slow.ask, seconds=9, together=2, most=9)
        )
        await asyncio.sleep(0.01)
        asking.cancel()
        await asyncio.sleep(0)
        slow.going.set()
        await asyncio.sleep(0.01)
        return kept.find(("slow",))

    assert asyncio.run(gone()) == b"slow"


def test_no_queue_grows_beyond_what_is_allowed() -> None:
    async def many() -> list[tuple[Key, ...]]:
        kept, slow = KeptAnswers(100), Slow()
        for number in range(5):
            keys: list[Key] = [("slow",), (number,), (number, 1)]
            await kept.soon(keys, slow.ask, seconds=0, together=9, most=2)
        slow.going.set()
        await asyncio.sleep(0.01)
        return slow.asked

    assert asyncio.run(many()) == [(("slow",), (0,))]


def test_an_error_is_told_to_whoever_waits_and_to_nobody_afterwards() -> None:
    told: list[object] = []

    async def failing() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
        kept, going = KeptAnswers(100), asyncio.Event()

        async def ask(_: tuple[Key, ...]) -> list[bytes]:
            await going.wait()
            raise ValueError("unreadable")

        assert await kept.soon([("a",), ("b",)], ask, seconds=0, together=2, most=9) == {}
        going.set()
        await asyncio.sleep(0.01)
        found = await kept.soon([("a",)], ask, seconds=1, together=2, most=9)
        assert str(found["a",]) == "unreadable"

    asyncio.run(failing())
    gc.collect()
    assert told == []


def test_what_cannot_be_found_out_stands_beside_the_rest_and_is_asked_anew() -> None:
    asked: list[Key] = []

    async def ask(keys: tuple[Key, ...]) -> list[Found]:
        asked.extend(keys)
        return [ValueError("lost") if one == ("b",) else b"x" for one in keys]

    async def twice() -> list[dict[Key, Found]]:
        kept = KeptAnswers(100)
        keys: list[Key] = [("a",), ("b",), ("c",)]
        return [await kept.soon(keys, ask, seconds=9, together=3, most=9) for _ in range(2)]

    for found in asyncio.run(twice()):
        assert (found["a",], str(found["b",]), found["c",]) == (b"x", "lost", b"x")
    assert asked == [("a",), ("b",), ("c",), ("b",)]
