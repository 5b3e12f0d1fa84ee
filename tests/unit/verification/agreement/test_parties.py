"""Whom the certificate at a place names, in words that tell the true reason."""

from __future__ import annotations

import pytest

from pks_kit.messages import lookup
from pks_kit.verification.agreement.parties import _name_check
from pks_kit.verification.report.verdict import Check, SignatureReport

PRINTED = "dr. Ratna Widyaningrum, M.Kes."


def judged(signer: str) -> Check:
    report = SignatureReport(field="ttd-1", kind="signature", signer=signer)
    return _name_check("pihak_kesatu", report, PRINTED)


@pytest.mark.parametrize(
    ("signer", "status", "reason", "why"),
    [
        ("RATNA WIDYANINGRUM", "passed", "same", None),
        ("Ratna Widyaningrum + Klinik Senja", "indeterminate", "similar", "several"),
        ("RATNA\u202e WIDYANINGRUM", "indeterminate", "similar", "hidden"),
        ("RATNA WIDYANINGRUM SE", "indeterminate", "similar", "titles"),
        ("KLINIK RATNA WIDYANINGRUM", "indeterminate", "similar", "organisation"),
        ("(tanpa nama / no name)", "failed", "no_name", None),
        ("3201014107650001", "failed", "no_name", None),
        ("", "failed", "unnamed", None),
        ("Budi Hartono", "failed", "different", None),
    ],
)
def test_each_reason_is_told(signer: str, status: str, reason: str, why: str | None) -> None:
    check = judged(signer)
    assert (check.status, check.reason) == (status, reason)
    told = check.message
    assert "\u202e" not in told.id + told.en
    if why is not None:
        assert lookup(f"person.why.{why}").id in told.id
        assert lookup(f"person.why.{why}").en in told.en
