"""The asynchronous forms leave the event loop free; their ticks are counted."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from time import perf_counter, thread_time
from typing import TypeVar

import pytest

import pks_kit
from pks_kit.resources import samples_root
from support import signed_files

Result = TypeVar("Result")
SAMPLE = samples_root() / "tpmd.yml"
PAUSE = 0.005
"""How long the heart of the loop sleeps between two beats, in seconds."""


async def beside(work: Coroutine[object, object, Result]) -> tuple[Result, int, float]:
    """Return the result of some work, how often the loop ticked beside it, and the loop's own part.

    The part is what the loop's thread spent in CPU seconds for each second that passed: how long
    a single pause between two ticks is, a busy machine decides as much as the work.
    """
    ticks = 0

    async def beat() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(PAUSE)

    heart = asyncio.create_task(beat())
    await asyncio.sleep(0)
    started, spent = perf_counter(), thread_time()
    result = await work
    part = (thread_time() - spent) / (perf_counter() - started)
    heart.cancel()
    return result, ticks, part


def verify_request() -> pks_kit.VerifyRequest:
    start, *_, done = signed_files.signed_steps()
    return pks_kit.VerifyRequest(
        pdf=done,
        issued=start,
        trust=(signed_files.world().root.pem,),
        clock=lambda: datetime.now(UTC),
    )


def test_the_loop_ticks_while_files_are_judged() -> None:
    """Several, because one small file takes no longer than a busy machine may pause the loop."""
    request = verify_request()

    async def several() -> set[str]:
        return {(await pks_kit.verify_async(request)).verdict for _ in range(8)}

    verdicts, ticks, part = asyncio.run(beside(several()))
    assert verdicts == {"passed"}
    assert ticks > 20
    assert part < 0.5


def test_the_loop_ticks_while_an_agreement_is_drafted() -> None:
    request = pks_kit.DraftRequest(source=SAMPLE, formats=("pdf",))

    async def several() -> set[bytes]:
        drafts = [await pks_kit.draft_async(request) for _ in range(4)]
        return {one.files["pdf"].content[:8] for one in drafts}

    begins, ticks, part = asyncio.run(beside(several()))
    assert begins == {b"%PDF-1.7"}
    assert ticks > 20
    assert part < 0.5


def test_the_count_tells_a_blocked_loop() -> None:
    """The measure itself: the same work without a thread lets no tick through."""

    async def blocking() -> pks_kit.DraftResult:
        return pks_kit.draft(pks_kit.DraftRequest(source=SAMPLE, formats=("txt",)))

    _, ticks, _part = asyncio.run(beside(blocking()))
    assert ticks <= 2


def test_many_at_once_disturb_each_other_in_nothing() -> None:
    """Two drafts and two verifications in one loop give what each gives alone."""
    request = pks_kit.DraftRequest(source=SAMPLE, formats=("pdf", "txt"))
    upload = verify_request()
    alone = pks_kit.draft(request)

    async def several() -> list[object]:
        return await asyncio.gather(
            pks_kit.draft_async(request),
            pks_kit.verify_async(upload),
            pks_kit.draft_async(request),
            pks_kit.verify_async(upload),
        )

    first, judged, second, again = asyncio.run(several())
    assert first == second == alone  # the same input, the same bytes
    assert {judged.verdict, again.verdict} == {"passed"}  # type: ignore[attr-defined]


def test_what_a_verb_refuses_is_raised_where_it_is_awaited() -> None:
    with pytest.raises(pks_kit.InputError) as caught:
        asyncio.run(pks_kit.check_async(pks_kit.CheckRequest(source="faskes: 1\nversi: 2\n")))
    assert caught.value.http_status == 422
