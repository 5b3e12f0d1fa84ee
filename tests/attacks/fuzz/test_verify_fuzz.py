"""The fuzzer itself: it finds what it looks for, keeps the file, and knows many ways."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from attacks.fuzz import verify_fuzz
from pks_kit.verification.examination import Examination
from pks_kit.verification.report.pictures import Examined
from pks_kit.verification.report.verdict import Note, VerifyReport
from pks_kit.verification.signatures.signed_ranges import SignedRanges
from support import mutations, signed_files
from support.judging import judge


def _small() -> dict[str, verify_fuzz.Base]:
    start, one, *_ = signed_files.signed_steps(2)
    return {"one signature": verify_fuzz.Base(one, start)}


def _with_verdict(verdict: str, monkeypatch: pytest.MonkeyPatch) -> None:
    passed = judge(signed_files.signed_steps()[-1])
    assert passed.verdict == "passed"

    def blind(*_: object) -> object:
        if verdict == "passed":
            return passed
        raise RuntimeError("a parser gave up")

    def alone(_job: object, report: VerifyReport, *_: object) -> Examined:
        return Examined(report=report)

    monkeypatch.setattr(verify_fuzz, "examine", blind)
    monkeypatch.setattr(verify_fuzz, "completed_inline", alone)


def test_nothing_is_found_in_the_verifier_as_it_is() -> None:
    tally = verify_fuzz.fuzz(2, 7, _small())
    assert tally.files > 3
    assert tally.broken is None
    assert tally.verdicts["passed"] + tally.verdicts["failed"] > 0


def test_a_blind_verifier_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    _with_verdict("passed", monkeypatch)
    with pytest.raises(verify_fuzz.BrokenRuleError, match="a changed file is passed") as found:
        verify_fuzz.fuzz(20, 1, _small())
    kept = found.value.tally.broken  # type: ignore[attr-defined]
    assert kept != signed_files.signed_steps(2)[1]


def test_an_exception_is_found_out_and_its_file_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    _with_verdict("raises", monkeypatch)
    with pytest.raises(RuntimeError, match="gave up") as found:
        verify_fuzz.fuzz(20, 1, _small())
    assert found.value.tally.broken  # type: ignore[attr-defined]


def test_words_that_are_missing_are_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    report = judge(signed_files.issued(2))
    assert not verify_fuzz._wrong_with(report)
    bare = replace(report, notes=(Note(code="draft_mark", params={}),))
    monkeypatch.setattr(verify_fuzz, "examine", lambda *_: bare)
    assert "no words" in verify_fuzz.broken_rule(b"", verify_fuzz.Base(b"x"))[0]


def test_a_finding_that_vanishes_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    content = signed_files.issued(2)
    real = verify_fuzz.examine

    def forgetful(
        task: Examination, tell: Callable[[VerifyReport], None], ranges: SignedRanges
    ) -> VerifyReport:
        report = real(task, tell, ranges)
        kept = tuple(one for one in report.checks if one.code != "file.end")
        return replace(report, checks=kept)

    monkeypatch.setattr(verify_fuzz, "examine", forgetful)
    base = verify_fuzz.Base(content)
    assert verify_fuzz.broken_rule(content, base)[0] == ""  # it passed, and is no more
    assert "added to" in verify_fuzz.broken_rule(content + b"more", base)[0]


@pytest.mark.parametrize("way", sorted(mutations.WAYS))
def test_every_way_changes_files_and_never_breaks(way: str) -> None:
    content = signed_files.signed_steps(2)[1]
    made = {
        mutations.Mutation(way, where, other, b"/Kids 7").apply(content)
        for where in (0, 300_000, 500_000, 999_999)
        for other in (3, 77_777)
    }
    assert made - {content}
    for size in (0, 1, 5):
        mutations.Mutation(way, 999_999, 999_999, b"\0").apply(content[:size])
