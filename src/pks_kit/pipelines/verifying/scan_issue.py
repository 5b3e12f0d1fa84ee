"""Find what the scan of one agreement is to be compared with, from what was given beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pks_kit.errors import InputError, NotLookedError
from pks_kit.foreign import HERE, Looks
from pks_kit.pipelines.inside.page_codes import PageCodesOf
from pks_kit.pipelines.verifying.issues import Issues, as_given, fits
from pks_kit.pipelines.verifying.paper import KnownBeside, not_looked, patient_looks
from pks_kit.verification.report.answers import indeterminate

if TYPE_CHECKING:
    from pks_kit.pipelines.requests.given import ReceiptInput
    from pks_kit.pipelines.verifying.ledger_lookup import LedgerToAsk
    from pks_kit.verification.examination import Examination
    from pks_kit.verification.report.verdict import Check


def with_issue(
    job: Examination,
    sent: Sequence[bytes],
    *,
    receipt: ReceiptInput | None,
    ledger: LedgerToAsk | None,
    sessions: Path | None,
    isolated: bool,
) -> tuple[Examination, KnownBeside]:
    """Return the examination of a scan with the issued file and the receipt that belong to it.

    An issued file that was given names the agreement, else a receipt does, else the page codes of
    the scan do. Where the issued file cannot be found, it stays away and the reason is told.

    Args:
        job: What is examined; its content is the first file that was sent.
        sent: All files that were sent.
        receipt: The receipt as it was given; the issued file may lie beside it.
        ledger: The ledger, if there is one.
        sessions: Folder of the signing sessions.
        isolated: Look in a child process.

    Raises:
        UsageError: ``paper.no_extra``.
        InputError: ``receipt.invalid``.
        LedgerError: The ledger cannot be read, or is broken.
        VerificationError: As ``verify``.
    """
    looks = patient_looks(job.limits, sent)
    if job.issued is not None and job.receipt is not None and not fits(job.issued, job.receipt):
        return _stopped(job, "other_receipt")
    try:
        issues = Issues(
            as_given(job.issued, "issued"), receipt, ledger=ledger, sessions=sessions,
            limits=job.limits, looks=looks if isolated else HERE,
        )  # fmt: skip
    except InputError as error:
        if error.code != "returned.no_receipt":
            raise
        return _stopped(job, "no_receipt")
    named = tuple(dict.fromkeys(issues.named))
    if not named:
        try:
            named = _named_by_codes(sent, looks if isolated else HERE)
        except NotLookedError as error:
            return job, KnownBeside(checks=(not_looked(error.text),), notes=looks.notes)
    if len(named) != 1:
        return job, KnownBeside(checks=(_which(named),), notes=looks.notes)
    found = issues.of(named[0])
    if not found.issues:
        bare = replace(job, issued=None, receipt=None)
        return bare, found.beside(named[0])
    issue = found.issues[-1]
    job = replace(job, issued=issue.read(), receipt=issue.receipt)
    return job, found.beside(named[0])


def _stopped(job: Examination, reason: str) -> tuple[Examination, KnownBeside]:
    check = indeterminate("paper.issued", reason)
    return replace(job, issued=None, receipt=None), KnownBeside(checks=(check,))


def _named_by_codes(sent: Sequence[bytes], looks: Looks) -> tuple[str, ...]:
    seen = [looks.ask(PageCodesOf(), one) for one in sent]
    codes = [code for file in seen for sheet in file.sheets for code in sheet.codes]
    return tuple(dict.fromkeys(code.agreement_id for code in codes))


def _which(named: Sequence[str]) -> Check:
    if not named:
        return indeterminate("paper.issued", "no_code")
    shown = ", ".join(named[:3])
    return indeterminate("paper.issued", "several", count=len(named), agreements=shown)
