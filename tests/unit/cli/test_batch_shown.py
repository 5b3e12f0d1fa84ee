"""What a run says at its end: the next command, with the folder in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pks_kit.cli.batch_shown import compiling, show_end, show_next
from pks_kit.messages import Message
from pks_kit.pipelines.batch_run import BatchRan
from pks_kit.pipelines.batching.book import BookRow
from pks_kit.pipelines.batching.summary import status_of
from support.batch_plans import plan_of, planned

FOLDER = Path("malam 2027")


def ran(state: Any, *, code: str = "", rehearsed: bool = False) -> BatchRan:
    rows = {1: BookRow(number=1, state=state)}
    nothing = Message("", "")
    return BatchRan(
        status=status_of(plan_of([planned(1)]), rows, (), None), seconds=1.0, cpu=1.0, tried=1,
        code=code, reason=nothing, advice=nothing, rehearsed=rehearsed, remade=0,
        signed_other_day=0, compiled=0,
        not_compiled=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("result", "until", "said", "unsaid"),
    [
        (ran("with_other"), "verified", ["--until sent --deadline", "batch report malam 2027"], []),
        (ran("done"), "verified", ["batch report malam 2027"], ["--until sent"]),
        (ran("done"), "drafted", ["batch report malam 2027"], ["--until sent"]),
        (
            ran("with_other"), "sent",
            ["malam 2027/kirim", "malam 2027/hasil", "batch receive malam 2027"], ["--until sent"],
        ),
        (ran("done", rehearsed=True), "verified", ["--rehearsal", "batch approve"], ["sent"]),
        (ran("waiting", code="batch.stopped"), "verified", [], ["Berikutnya", "sent"]),
    ],
)  # fmt: skip
def test_what_comes_next(
    result: BatchRan, until: str, said: list[str], unsaid: list[str],
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("PKS_KIT_LANG", "id")
    show_next(result, FOLDER, until)
    told = capsys.readouterr().out
    assert [one for one in said if one not in told] == []
    assert [one for one in unsaid if one in told] == []


def test_why_texts_were_not_compiled_is_told_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PKS_KIT_LANG", "en")
    show_end(replace(ran("done"), not_compiled=Message("Disk penuh.", "No room is left.")))
    assert capsys.readouterr().err.count("No room is left.") == 1
    show_end(ran("done"))
    assert not capsys.readouterr().err


def test_each_text_that_is_compiled_is_told_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PKS_KIT_LANG", "id")
    tell = compiling()
    for done in (0, 0, 1, 1, 2):
        tell(done, 2)
    assert capsys.readouterr().err.splitlines() == [
        f"Menata naskah: {done} dari 2" for done in (0, 1, 2)
    ]
