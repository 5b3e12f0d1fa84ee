"""The second look at a file whose report stands: what is written on its pages and in its boxes.

PDFium reads the words and draws the pages; it is the largest part of what reads a hostile file,
and nothing that it says can better a verdict. So it works in a child of its own, after the report
of the first was taken, and what it finds is only added. Where receipt, boxes and annotations lie
it asks qpdf again: a first child that was overcome cannot hide them from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pks_kit.pdf.opening import open_with_qpdf
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.verification.agreement.appearance_text import check_appearances
from pks_kit.verification.agreement.policy import asks_for_sheets, check_sheets, choose_policy
from pks_kit.verification.file.hidden_content import check_concealed
from pks_kit.verification.file.issued_reference import receipt_in_force
from pks_kit.verification.file.page_pass import look_through
from pks_kit.verification.file.page_text import check_words
from pks_kit.verification.report.added import Added
from pks_kit.verification.report.changes import with_changes
from pks_kit.verification.report.pictures import draw_pages
from pks_kit.verification.signatures.seen_pages import check_seen_pages

if TYPE_CHECKING:
    from pks_kit.verification.examination import Examination
    from pks_kit.verification.report.changes import Changes
    from pks_kit.verification.report.pictures import Picture
    from pks_kit.verification.report.verdict import VerifyReport


def look_again(job: Examination, report: VerifyReport) -> Added:
    """Read the words on the pages and in the boxes of a file.

    Args:
        job: What is examined.
        report: The report of the first look; names and places of the signatures come from there.
    """
    pdf = guarded(lambda: open_with_qpdf(job.content))
    if isinstance(pdf, ParserFailure):  # though the first look opened it
        return Added(checks=tuple(check_concealed(pdf)[0]))
    receipt = receipt_in_force(pdf, job.issued, job.receipt)
    policy, _ = choose_policy(job.policy, receipt, job.signing_root)
    has_sheets = policy is not None and asks_for_sheets(policy)
    seen = look_through(job.content, pdf, job.limits.pixels, sheets=has_sheets)
    asks_for_people = policy is None or policy.asks_for_people
    checks = check_appearances(pdf, report.signatures)
    words, notes = check_words(seen.texts, receipt if asks_for_people else None)
    concealed, more = check_concealed(seen.concealed)
    checks += words + concealed
    if all(one.status == "passed" for one in report.checks):  # else it does not pass anyway
        checks += check_seen_pages(job.content)
    if policy is not None and has_sheets:
        checks += check_sheets(seen.sheets, policy, signed=bool(report.signatures))
    return Added(checks=tuple(checks), notes=(*notes, *more))


def draw(job: Examination, report: VerifyReport, changes: Changes, dpi: int) -> tuple[Picture, ...]:
    """Draw signed pages, boxes and refused changes.

    Args:
        job: What is examined.
        report: Its report.
        changes: What refused changes show.
        dpi: Resolution; 0 for no pictures.

    Raises:
        Exception: Whatever a malformed file provokes.
    """
    if not dpi:
        return ()
    return draw_pages(job.content, with_changes(report, changes), dpi, job.issued)
