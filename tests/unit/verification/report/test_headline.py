"""The first line of a report: what only waits for a signature is not called wrong."""

from __future__ import annotations

from typing import Any, cast

import pytest

from pks_kit.verification.report.answers import failed, indeterminate, passed
from pks_kit.verification.report.headline import headline, only_waits
from pks_kit.verification.report.verdict import Check, VerifyReport

WORDS = {"place": "TTD_KEDUA", "role": "PIHAK KEDUA", "name": "A", "step": "ttd_kedua"}
WAITS = failed("parties.missing", "signature", "cryptographic", **WORDS)
STAMP = failed("parties.missing", "stamp", "cryptographic", **WORDS)
NOTHING = failed("parties.missing", "no_signature", "cryptographic")
ORDER = failed("parties.order", "too_early", "cryptographic", field="a", after="b")
OPEN = indeterminate("paper.signatures", "not_in_file", "visual", count=1)
GOOD = passed("signature.integrity", "intact", "cryptographic")


class Report:
    """A report as far as its first line goes."""

    paper = None
    verdict = "failed"
    signatures = ()
    notes = ()

    def __init__(self, *checks: Check) -> None:
        self.checks = checks


@pytest.mark.parametrize(
    ("checks", "waits"),
    [
        ([WAITS, GOOD], True),
        ([WAITS, STAMP, OPEN], True),
        ([WAITS, ORDER], False),
        ([NOTHING], False),
    ],
)
def test_what_only_waits_is_not_called_wrong(checks: list[Check], *, waits: bool) -> None:
    report = cast("VerifyReport", cast("Any", Report(*checks)))
    assert only_waits(report) is waits
    assert headline(report).id.startswith("Belum lengkap: " if waits else "Tidak lulus: ")


@pytest.mark.parametrize(("more", "nothing_else"), [(GOOD, True), (OPEN, False)])
def test_what_is_unknown_is_not_called_right(more: Check, *, nothing_else: bool) -> None:
    report = cast("VerifyReport", cast("Any", Report(WAITS, more)))
    told = headline(report)
    assert ("tidak ditemukan masalah" in told.id, "nothing else" in told.en) == (nothing_else,) * 2
    assert ("1 hal tidak diketahui" in told.id) is not nothing_else
