"""The host believes of a child only what a child of ours can have said."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pks_kit.json_form import to_wire
from pks_kit.messages import known_codes
from pks_kit.verification.isolation.kernel.isolation import Isolation, Missing
from pks_kit.verification.isolation.protocol import (
    MOST_BYTES,
    MOST_CHAINS,
    OUT_OF_MEMORY,
    Answers,
    ComparedPages,
    EmbeddedTexts,
    Heard,
    Job,
    OpenChain,
    encode_answer,
    hear,
    parse_answer,
)
from pks_kit.verification.isolation.wire import open_nameless, read_job, write_job
from pks_kit.verification.limits import Limits
from pks_kit.verification.report.changes import Changes
from pks_kit.verification.report.pictures import Picture
from pks_kit.verification.report.verdict import (
    _AREAS,
    Check,
    JudgedFile,
    Note,
    VerifyReport,
)
from support.from_types import values_of

CHECKS = sorted(
    tuple(code.split(".")[1:])
    for code in known_codes()
    if re.fullmatch(rf"check\.({_AREAS})\.[a-z_]+\.[a-z_]+", code)
)
NOTES = sorted(code.removeprefix("note.") for code in known_codes() if code.startswith("note."))


@st.composite
def reports(draw: st.DrawFn) -> VerifyReport:
    """Make reports that name known checks and notes."""
    report = draw(values_of(VerifyReport))
    names = [draw(st.sampled_from(CHECKS)) for _ in report.checks]
    return replace(
        report,
        checks=tuple(
            replace(one, code=f"{area}.{what}", reason=reason)
            for one, (area, what, reason) in zip(report.checks, names, strict=True)
        ),
        notes=tuple(replace(one, code=draw(st.sampled_from(NOTES))) for one in report.notes),
    )


ANSWERS = st.one_of(
    st.builds(Answers, ready=values_of(Isolation)),
    st.just(Answers(memory=True)),
    st.builds(Answers, partial=reports()),
    st.builds(Answers, report=reports()),
    st.builds(Answers, changes=values_of(Changes)),
    st.builds(Answers, pictures=values_of(tuple[Picture, ...])),
    st.builds(Answers, embedded=values_of(EmbeddedTexts)),
    st.builds(Answers, pages=values_of(ComparedPages)),
    st.builds(Answers, chains=values_of(tuple[OpenChain, ...])),
)


@pytest.mark.slow
@given(ANSWERS)
@settings(max_examples=150, deadline=None)
def test_every_answer_survives_the_way(answer: Answers) -> None:
    line = encode_answer(answer)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert parse_answer(line) == answer


@given(values_of(Job))
@settings(max_examples=60, deadline=None)
def test_every_job_survives_the_way(job: Job) -> None:
    with open_nameless() as handed:
        write_job(handed, job, [b"a", b"\n{}", b""])
        there, files = read_job(handed)
    assert there == replace(job, parts=(1, 3, 0))
    assert files == (b"a", b"\n{}", b"")


def test_a_job_that_is_cut_off() -> None:
    with open_nameless() as handed:
        write_job(handed, Job(limits=Limits(), task="embedded"), [b"abc"])
        handed.truncate(handed.seek(0, 2) - 1)
        handed.seek(0)
        with pytest.raises(ValueError, match="cut off"):
            read_job(handed)


BOUND = Isolation(
    landlock_abi=2, landlock=("files",), missing=(Missing(rule="limits", reason="EPERM"),)
)
READY = to_wire(Answers(ready=BOUND))

REPORT = VerifyReport(
    file=JudgedFile(sha256="0" * 64, size=1),
    kit_version="1",
    checks=(
        Check(code="file.size", reason="within", status="passed", evidence="file"),
        Check(
            code="file.revisions",
            reason="unsigned",
            status="failed",
            evidence="file",
            details={"objects": {"added": ["1 0"], "changed": []}},
        ),
    ),
    notes=(Note(code="stopped_early"),),
)
CHECK = {"code": "file.size", "reason": "within", "status": "passed", "evidence": "file"}
CHECK |= {"params": {}, "details": {}}
CHAIN = {"moment": "2026-01-01T00:00:00+00:00", "certificates": ["00"]}
PAGE = {"page": 1, "change": "changed", "region": [0, 0, 1, 1]}
PAGE |= {"words_before": "", "words_after": ""}
PICTURE = {"page": 1, "png": "00", "width": 1, "height": 1, "fields": [], "kind": "page"}
PICTURE |= {"change": ""}


def test_the_honest_lines_below_are_taken() -> None:
    assert parse_answer(_report()).report == REPORT
    assert parse_answer(_report(checks=[CHECK])).report is not None
    assert parse_answer(_line(chains=[CHAIN])).chains is not None
    assert parse_answer(_line(changes={"5": [PAGE], "6": None})).changes is not None
    assert parse_answer(_line(pictures=[PICTURE])).pictures is not None
    assert parse_answer(OUT_OF_MEMORY).memory is True


def _line(**answer: Any) -> bytes:
    return json.dumps(answer).encode()


def _report(**change: Any) -> bytes:
    return _line(report=json.loads(to_wire(REPORT)) | change)


def _check(**change: Any) -> bytes:
    return _report(checks=[CHECK | change])


LIES = {
    "nothing": b"{}",
    "no object": b"[]",
    "no JSON": b"{ready}",
    "two answers": READY[:-1] + b',"memory":true}',
    "another answer": b'{"verdict":"passed"}',
    "not ready": b'{"ready":false}',
    "an unknown rule": READY.replace(b'"limits"', b'"rules"'),
    "a reason in words": READY.replace(b'"EPERM"', b'"<b>all is well</b>"'),
    "more than there is to refuse": READY.replace(b'"files"', b'"everything"'),
    "an older landlock than the first": READY.replace(b'"landlock_abi":2', b'"landlock_abi":-1'),
    "ready as a number": b'{"ready":1}',
    "its own verdict": _report(verdict="passed"),
    "another format": _report(format="pks-kit-verify/2"),
    "no checks": _report(checks=None),
    "a hash that is none": _report(file={"sha256": "x", "size": 1, "pages": None}),
    "a negative size": _report(file={"sha256": "0" * 64, "size": -1, "pages": None}),
    "a size as text": _report(file={"sha256": "0" * 64, "size": "1", "pages": None}),
    "its own words": _check(message={"id": "baik", "en": "good"}),
    "an unknown code": _check(code="file.everything"),
    "an unknown reason": _check(reason="fine"),
    "an unknown area": _check(code="law.size"),
    "an unknown status": _check(status="good"),
    "an unknown evidence": _check(evidence="faith"),
    "a list among the words": _check(params={"what": ["a"]}),
    "a fraction among the words": _check(params={"what": 1.5}),
    "a reason that is no code": _check(params={"why": "person.why.because"}),
    "a fact that no check has": _check(details={"more": 1}),
    "a fact of another type": _check(details={"found": "x"}),
    "a page before the first": _check(page=0),
    "an unknown note": _report(notes=[{"code": "all_is_well", "params": {}}]),
    "a note with words": _report(notes=[{"code": "stopped_early", "params": {}, "message": {}}]),
    "changes as a list": _line(changes=[]),
    "a changed page without a region": _line(changes={"5": [PAGE | {"region": [1]}]}),
    "a region that is no number": _line(changes={"5": [PAGE | {"region": [0, 0, 0, math.nan]}]}),
    "an endless region": _line(changes={"5": [PAGE | {"region": [0, 0, 0, math.inf]}]}),
    "an unknown change": _line(changes={"5": [PAGE | {"change": "better"}]}),
    "too many changed pages": _line(changes={"5": [PAGE] * 9}),
    "too many words": _line(changes={"5": [PAGE | {"words_after": "x" * 301}]}),
    "an unknown picture": _line(pictures=[PICTURE | {"kind": "advert"}]),
    "a picture that is no hex": _line(pictures=[PICTURE | {"png": "zz"}]),
    "a picture without pixels": _line(pictures=[PICTURE | {"width": 0}]),
    "a time without zone": _line(chains=[CHAIN | {"moment": "2026-01-01T00:00:00"}]),
    "a chain of nobody": _line(chains=[CHAIN | {"certificates": []}]),
    "a huge certificate": _line(chains=[CHAIN | {"certificates": ["00" * (MOST_BYTES + 1)]}]),
    "too many chains": _line(chains=[CHAIN] * (MOST_CHAINS + 1)),
    "pages as text": _line(pages={"pages": "1"}),
}


@pytest.mark.parametrize("line", LIES.values(), ids=LIES)
def test_lies_are_not_taken(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_answer(line)
    heard = hear([READY, line, encode_answer(Answers(report=REPORT)).rstrip()])
    assert heard == Heard(answers=Answers(ready=BOUND), breach="unreadable")


def test_nothing_is_heard_after_what_cannot_be_read() -> None:
    first = replace(REPORT, kit_version="2")
    said = [encode_answer(Answers(partial=one)).rstrip() for one in (first, REPORT)]
    heard = hear([READY, *said])
    assert (heard.partials, heard.answers.partial, heard.breach) == ((first, REPORT), REPORT, "")
    assert hear([READY, said[0], said[1][:100], said[1]]).partials == (first,)
    assert hear([READY, b"[" * 100_000]).breach == "unreadable"
    assert hear([READY], "too_long").breach == "too_long"
    assert hear([]) == Heard()


def test_a_line_is_what_its_beginning_says() -> None:
    twice = READY[:-1] + b',"report":' + to_wire(REPORT) + b"}"
    hidden = b'{"partial":null,"report":' + to_wire(REPORT) + b"}"
    for line in (twice, hidden):
        assert hear([READY, line]) == Heard(answers=Answers(ready=BOUND), breach="unreadable")


@given(st.lists(st.binary(max_size=60), max_size=4))
def test_no_bytes_break_the_host(said: list[bytes]) -> None:
    heard = hear(said).answers
    assert replace(heard, memory=None) == Answers()
    assert heard.memory is None or b'{"memory":true}' in said  # that one is a line of the script
