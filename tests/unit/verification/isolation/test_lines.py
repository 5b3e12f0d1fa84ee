"""The host listens by rules, however the words of a child are cut into blocks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pks_kit.limits import MIB
from pks_kit.verification.isolation.child import _that_fit
from pks_kit.verification.isolation.lines import (
    EXAMINATION,
    MEMORY,
    MOST_PARTS,
    MOST_PICTURE_BYTES,
    TASKS,
    Line,
    Listener,
    lines_of,
    name_of,
)
from pks_kit.verification.isolation.protocol import (
    MOST_PICTURES,
    OUT_OF_MEMORY,
    Answers,
    Job,
    encode_answer,
    hear,
)
from pks_kit.verification.limits import Limits
from pks_kit.verification.report.pictures import Picture

R, P, F, C, D, M = (
    f'{{"{name}":{{}}}}'.encode()
    for name in ("ready", "partial", "report", "changes", "pictures", "memory")
)
SHORT = (Line("ready", 20), Line("partial", 30, times=2), Line("report", 40))

HEARD: dict[str, tuple[list[bytes], str]] = {
    "nothing": ([], ""),
    "all": ([R, P, P, P, P, P, F, C, D], ""),
    "all, and no memory left": ([R, P, P, P, P, P, F, C, D, M], ""),
    "memory at once": ([R, M], ""),
    "no partial": ([R, F], ""),
    "not ready": ([F], "out_of_order"),
    "memory before ready": ([M], "out_of_order"),
    "ready twice": ([R, R], "second"),
    "one partial too many": ([R, P, P, P, P, P, P], "second"),
    "report twice": ([R, F, F], "second"),
    "report again after changes": ([R, F, C, F], "second"),
    "a partial after the report": ([R, F, P], "out_of_order"),
    "a report after changes": ([R, C, F], "out_of_order"),
    "something after memory": ([R, M, F], "out_of_order"),
    "memory twice": ([R, M, M], "second"),
    "an answer to something else": ([R, b'{"embedded":{}}'], "out_of_order"),
    "no answer": ([R, b"selesai"], "unreadable"),
    "an unknown answer": ([R, b'{"verdict":"passed"}'], "unreadable"),
    "an empty line": ([R, b""], "unreadable"),
    "another spelling": ([R, b'{ "report":{}}'], "unreadable"),
    "many values": ([R, b'{"report":' + b"[" * MOST_PARTS + b"}"], "too_long"),
}


@pytest.mark.parametrize("case", HEARD)
def test_what_is_heard(case: str) -> None:
    lines, breach = HEARD[case]
    listener = Listener(EXAMINATION)
    going = listener.take(b"".join(line + b"\n" for line in lines))
    listener.end(by_itself=True)
    assert listener.breach == breach
    assert going == (not breach)
    assert listener.lines == (lines[:-1] if breach else lines)


@pytest.mark.parametrize("by_itself", [True, False])
def test_half_a_line_is_a_breach_of_one_that_was_not_killed(by_itself: bool) -> None:
    listener = Listener(EXAMINATION)
    assert listener.take(R + b'\n{"report":{"checks":')
    listener.end(by_itself=by_itself)
    assert listener.breach == ("cut_off" if by_itself else "")
    assert listener.lines == [R]


@pytest.mark.parametrize("size", [30, 31])
def test_a_line_may_be_as_long_as_it_may(size: int) -> None:
    line = b'{"partial":'.ljust(size, b"1")
    listener = Listener(SHORT)
    listener.take(R + b"\n" + line + b"\n")
    assert listener.breach == ("" if size == 30 else "too_long")


@given(st.lists(st.sampled_from([R, P, F, M, b"x", b"", b'{"partial":' + b"1" * 40]), max_size=7),
       st.lists(st.integers(1, 30), max_size=30))  # fmt: skip
def test_it_does_not_matter_how_the_words_are_cut(lines: list[bytes], cuts: list[int]) -> None:
    said = b"".join(line + b"\n" for line in lines)
    whole, cut = Listener(SHORT), Listener(SHORT)
    whole.take(said)
    for size in cuts:
        block, said = said[:size], said[size:]
        if not block or not cut.take(block):
            break
    else:
        cut.take(said)
    assert (cut.lines, cut.breach) == (whole.lines, whole.breach)


@given(st.lists(st.binary(min_size=1, max_size=64), max_size=40))
def test_nothing_is_kept_beyond_the_bounds(blocks: list[bytes]) -> None:
    listener = Listener(SHORT)
    listener.take(R + b"\n")
    for block in blocks:
        if not listener.take(block):
            break
        assert len(listener._open) <= max(one.most_bytes for one in SHORT)
    assert sum(map(len, listener.lines)) <= sum(one.most_bytes * one.times for one in SHORT)


def test_an_examination_says_no_more_than_ten_lines_and_64_mib_beside_pictures() -> None:
    said = (*EXAMINATION, MEMORY)
    assert sum(one.times for one in said) == 10
    others = sum(one.most_bytes * one.times for one in said if one.name != "pictures")
    assert others <= 64 * MIB
    assert {one.most_bytes for one in said if one.name == "pictures"} == {MOST_PICTURE_BYTES}
    for lines in TASKS.values():
        assert sum(one.most_bytes * one.times for one in lines) <= 64 * MIB


@pytest.mark.slow
@pytest.mark.parametrize(("size", "count", "kept"), [(12 * MIB, 3, 2), (9, 450, MOST_PICTURES)])
def test_an_honest_child_shows_as_many_pictures_as_are_taken(
    size: int, count: int, kept: int
) -> None:
    one = Picture(page=1, png=bytes(size), width=1, height=1, fields=("é" * 90,))
    fitting = _that_fit((one,) * count)
    assert fitting == (one,) * kept
    listener = Listener(EXAMINATION)
    assert listener.take(R + b"\n" + encode_answer(Answers(pictures=fitting)))
    assert hear(listener.lines).answers.pictures == fitting


def test_every_answer_has_its_line() -> None:
    told = {one.name for lines in (EXAMINATION, *TASKS.values(), (MEMORY,)) for one in lines}
    assert told == set(Answers.__dataclass_fields__)
    assert lines_of(Job(limits=Limits())) == EXAMINATION
    assert lines_of(Job(limits=Limits(), task="pages")) == TASKS["pages"]
    assert name_of(OUT_OF_MEMORY) == "memory"
    assert name_of(b"x") == ""
