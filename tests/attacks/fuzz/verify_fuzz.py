"""Mutation fuzzing of the verifier for a number of seconds: ``make fuzz``.

``FUZZ_SECONDS`` (60) says how long, ``FUZZ_SEED`` repeats a run. What must hold for every file:
no exception leaves the examination; a file that differs from the signed one is never ``passed``;
every answer has words in both languages; the answer survives its JSON form; a host believes an
honest child; and no file takes long.
Hypothesis chooses and shrinks the mutations; a file that breaks a rule is kept in ``FUZZ_OUT``.
"""

from __future__ import annotations

import faulthandler
import hashlib
import json
import os
import re
import secrets
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from pks_kit.domain.receipt import Receipt
from pks_kit.json_form import to_json
from pks_kit.verification.examination import Examination
from pks_kit.verification.examine import examine, prove
from pks_kit.verification.isolation.belief import doubt_about, restored, without_gaps
from pks_kit.verification.isolation.parent import completed_inline
from pks_kit.verification.report.added import QUESTIONS
from pks_kit.verification.report.verdict import EXIT_CODES, VerifyReport, read_report
from support import signed_files, third_party_pdfs
from support.judging import job
from support.mutations import apply_all, mutations, opens
from support.tamperings import specimens

MOST_SECONDS = 20.0
"""Processor time that one file may take; the child process of the real verifier has a limit too."""
_KEPT = Path(os.environ.get("FUZZ_OUT", "keluaran/fuzz")) / "terakhir.pdf"
"""The file that is being judged; it stays when judging it ends this process."""
_EXAMPLES = 50
"""Files per round; every round has a seed of its own."""


_UNFILLED = re.compile(r"\{[a-z_]+\}|[<']?pikepdf\.|Object at 0x|\{'/")
"""Placeholders that nobody filled, and descriptions of objects by libraries; a brace alone may
stand in an honest name."""


class BrokenRuleError(AssertionError):
    """A file for which something does not hold that must hold for all files."""


@dataclass(frozen=True)
class Base:
    """A file to start from and what it is judged against."""

    content: bytes
    issued: bytes | None = None
    receipt: Receipt | None = None


@dataclass
class Tally:
    """What happened so far."""

    files: int = 0
    opened: int = 0
    slowest: float = 0.0
    verdicts: Counter[str] = field(default_factory=Counter)
    broken: bytes | None = None


def bases() -> dict[str, Base]:
    """Return the files that are mutated, with different knowledge about them."""
    four, two = specimens.small("elektronik"), specimens.small()
    return {
        "four signatures, issued file": Base(four.done, four.issued),
        "four signatures, receipt": Base(four.done, None, four.receipt),
        "four signatures, nothing else": Base(four.done),
        "two signatures, issued file": Base(two.done, two.issued, two.receipt),
        "one signature, issued file": Base(two.states[0], two.issued),
        "drafted addendum": Base(specimens.addendum().done, specimens.addendum().issued),
        "a file of somebody else": Base(third_party_pdfs.signed(third_party_pdfs.base())),
        "not signed": Base(signed_files.issued(2)),
    }


def broken_rule(content: bytes, base: Base) -> tuple[str, VerifyReport, float]:
    """Judge one file and say which rule does not hold; an empty text when all do."""
    begin = time.process_time()
    task = job(content, issued=base.issued, receipt=base.receipt)
    told: list[VerifyReport] = []
    ranges = prove(task)
    first = examine(task, told.append, ranges)
    report = completed_inline(task, first, ranges).report
    took = time.process_time() - begin
    if took > MOST_SECONDS:
        return f"took {took:.1f} seconds", report, took
    if content != base.content and report.verdict == "passed":
        return "a changed file is passed", report, took
    return _wrong_with(report) or _not_believed(task, first, told), report, took


def _not_believed(task: Examination, report: VerifyReport, told: list[VerifyReport]) -> str:
    """Say what the host would hold against an honest first child that tells this."""
    if not task.content:
        return ""  # decided without a child
    doubts = {doubt_about(task, one) for one in (*told, report)} - {""}
    if doubts:
        return f"an honest child is not believed: {doubts}"
    whole = without_gaps(task, restored(task, report, told), QUESTIONS)
    return "" if whole == report else "an honest report is added to"


def _wrong_with(report: VerifyReport) -> str:
    if report.verdict not in EXIT_CODES:
        return f"verdict {report.verdict}"
    if report.verdict != "passed" and all(one.status == "passed" for one in report.checks):
        return "not passed, and no check says why"
    for one in (*report.checks, *report.notes):
        words = one.message
        if not (words.id.strip() and words.en.strip()) or _UNFILLED.search(words.id + words.en):
            return f"{one.code} has no words: {words}"
    shown = to_json(report)
    if to_json(read_report(json.dumps(shown))) != shown:
        return "the answer does not survive its JSON form"
    return ""


def fuzz_round(number: int, until: float, tally: Tally, known: dict[str, Base]) -> None:
    """Judge one round of files; ``number`` is its seed.

    Raises:
        BrokenRuleError: A rule does not hold; ``tally.broken`` is the smallest file found.
    """

    @seed(number)
    @settings(
        max_examples=_EXAMPLES,
        deadline=None,
        database=None,
        print_blob=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(sorted(known)), mutations())
    def holds(which: str, how: list[object]) -> None:
        if time.process_time() > until and tally.broken is None:
            return
        content = apply_all(known[which].content, how)  # type: ignore[arg-type]
        kept, tally.broken = tally.broken, content
        _KEPT.write_bytes(content)  # a library may end the process and say nothing
        rule, report, took = broken_rule(content, known[which])  # an exception keeps the file
        tally.files += 1
        tally.opened += opens(content)
        tally.slowest = max(tally.slowest, took)
        tally.verdicts[report.verdict] += 1
        if rule:
            raise BrokenRuleError(f"{which}: {rule}")
        tally.broken = kept

    holds()


def fuzz(seconds: float, first: int, known: dict[str, Base] | None = None) -> Tally:
    """Fuzz for some processor seconds and return what happened.

    Args:
        seconds: How long.
        first: Seed of the first round; the next rounds count up.
        known: Files to start from; None takes :func:`bases`.

    Raises:
        BaseException: Whatever the examination raised, or :class:`BrokenRuleError`, with the
            tally as its ``tally``.
    """
    known = known or bases()
    _KEPT.parent.mkdir(parents=True, exist_ok=True)
    tally, until, number = Tally(), time.process_time() + seconds, first
    while time.process_time() < until:
        try:
            fuzz_round(number, until, tally, known)
        except BaseException as error:
            error.tally, error.seed = tally, number  # type: ignore[attr-defined]
            raise
        number += 1
    _KEPT.unlink(missing_ok=True)
    return tally


def main() -> int:
    """Fuzz as the environment says; return an exit code."""
    seconds = float(os.environ.get("FUZZ_SECONDS", "60"))
    first = int(os.environ.get("FUZZ_SEED", "") or secrets.randbelow(10**9))
    faulthandler.enable()
    print(f"fuzzing the verifier for {seconds:g} s; repeat with FUZZ_SEED={first}", flush=True)
    try:
        tally = fuzz(seconds, first)
    except Exception as error:
        broken = getattr(error, "tally", Tally()).broken
        if broken is None:
            raise
        kept = _KEPT.parent / f"{hashlib.sha256(broken).hexdigest()[:12]}.pdf"
        kept.write_bytes(broken)
        print(f"{error!r}\nfile: {kept}\nrepeat with FUZZ_SEED={getattr(error, 'seed', first)}")
        raise
    print(
        f"{tally.files} files, {tally.opened} of them readable; verdicts {dict(tally.verdicts)}; "
        f"slowest {tally.slowest:.1f} s; nothing found"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
