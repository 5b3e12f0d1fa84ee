"""Two thousand tamperings of our own final files: each refused, for the right reason.

"Refused" is the verdict ``failed`` (exit code 30) against the issued file and its receipt. Only
where the table of kinds says why may an answer be ``indeterminate``; none may ever be ``passed``.
"""

from __future__ import annotations

from collections import Counter

import pytest

from pks_kit.verification.report.verdict import VerifyReport
from support import tamperings
from support.judging import failures, judge, unknowns
from support.proving import SampleOf
from support.tamperings.parts import Tampering

pytestmark = pytest.mark.slow


def test_there_are_two_thousand_of_every_kind() -> None:
    kinds = tamperings.KINDS
    assert sum(kind.count for kind in kinds.values()) >= 2000
    wanted = ("byte", "object", "reference table", "revision", "field", "appearance")
    wanted += ("page order", "overlay", "stripped signature", "swapped lampiran")
    wanted += tuple(f"account number in {where}" for where in ("data", "page", "both"))
    for word in wanted:
        assert sum(kind.count for name, kind in kinds.items() if word in name) >= 36, word


@pytest.mark.parametrize("name", ["small", "elektronik", "addendum"])
def test_what_is_tampered_with_is_in_order(name: str) -> None:
    """In kontrak digital the pen of PIHAK KEDUA is never in the file; nothing else is open."""
    one = {
        "small": tamperings.specimens.small,
        "elektronik": lambda: tamperings.specimens.small("elektronik"),
        "addendum": tamperings.specimens.addendum,
    }[name]()
    report = judge(one.done, issued=one.issued, receipt=one.receipt)
    assert failures(report) == set()
    assert unknowns(report) == ({"paper.signatures/not_in_file"} if name == "small" else set())


@pytest.mark.parametrize("kind", tamperings.KINDS)
def test_every_tampering_is_refused(kind: str, sample_of: SampleOf) -> None:
    how, one = tamperings.KINDS[kind], tamperings.KINDS[kind].specimen()
    verdicts: Counter[str] = Counter()
    tried = sample_of(list(tamperings.generate(kind)), 3, seed=kind)
    for tampering in tried:
        report = judge(tampering.content, issued=one.issued, receipt=one.receipt)
        assert _is_right(report, tampering, undecided=bool(how.why_undecided)), (
            f"{kind}: {tampering.way}: {report.verdict}, "
            f"{sorted(failures(report))}, {sorted(unknowns(report))}"
        )
        verdicts[report.verdict] += 1
    assert verdicts.total() == (how.count if sample_of.everything else len(tried))
    if sample_of.everything or not how.why_undecided:
        assert bool(verdicts["indeterminate"]) == bool(how.why_undecided)


def _is_right(report: VerifyReport, tampering: Tampering, *, undecided: bool) -> bool:
    if tampering.offset is not None:
        told = next(c.params.get("offset") for c in report.checks if c.code == "issued.prefix")
        if told != tampering.offset:
            return False
    if report.verdict == "failed":
        return bool(failures(report) & tampering.reasons)
    may_be_open = undecided and tampering.undecided and report.verdict == "indeterminate"
    return may_be_open and bool(unknowns(report) & tampering.reasons)
