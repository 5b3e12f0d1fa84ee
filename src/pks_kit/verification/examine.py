"""The first look at one file, which makes its report, as a table of contents.

Runs in the child process (see :mod:`pks_kit.verification.isolation`) or, for tests, in this one. It
never raises because of the file, reads no clock, and opens no connection. What pages show, and what
stands on them, :mod:`pks_kit.verification.second_look` asks afterwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pks_kit.errors import PksKitError
from pks_kit.pdf.opening import OpenedFile
from pks_kit.pdf.parsing import ParserFailure
from pks_kit.pdf.prefix.opened import own_updates
from pks_kit.pdf.revisions import cut_revisions
from pks_kit.pdf.signatures import MOST_SIGNATURES, find_signatures, too_many_signatures
from pks_kit.pki.material import NOTHING
from pks_kit.policy.document_policy import UMUM
from pks_kit.policy.signing_profile import load_profile
from pks_kit.verification.agreement.box_places import check_boxes
from pks_kit.verification.agreement.meterai import check_stamps
from pks_kit.verification.agreement.parties import Task, assign_roles, check_parties
from pks_kit.verification.agreement.policy import check_policy, choose_policy, judge_as_foreign
from pks_kit.verification.agreement.position import check_positions
from pks_kit.verification.agreement.term import check_term
from pks_kit.verification.examination import Examination
from pks_kit.verification.file.active_content import look_at_content
from pks_kit.verification.file.intake import check_repeated, look_at_bytes, open_file
from pks_kit.verification.file.issued_bytes import check_issued_prefix, issued_identity
from pks_kit.verification.file.issued_reference import Reference, find_reference
from pks_kit.verification.file.other_kinds import UNREADABLE
from pks_kit.verification.file.page_text import check_page_count
from pks_kit.verification.report.answers import failed, indeterminate
from pks_kit.verification.report.verdict import (
    Check,
    JudgedFile,
    Note,
    RevisionReport,
    SignatureReport,
    VerifyReport,
)
from pks_kit.verification.revisions.foreign import is_foreign, soften
from pks_kit.verification.revisions.judge import judge_revisions
from pks_kit.verification.signatures.judge import JudgedSignature, judge_signatures
from pks_kit.verification.signatures.lost import check_lost
from pks_kit.verification.signatures.questions import notes as notes_about
from pks_kit.verification.signatures.signed_ranges import SignedRanges, prove_ranges, were_signed
from pks_kit.verification.signatures.validation import trust_base

if TYPE_CHECKING:
    from pks_kit.pdf.opening import Forgives
    from pks_kit.pdf.prefix.opened import OwnUpdates
    from pks_kit.pki.material import ValidationMaterial


@dataclass(slots=True)
class _Findings:
    """What is collected on the way."""

    checks: list[Check] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    signatures: tuple[SignatureReport, ...] = ()
    revisions: tuple[RevisionReport, ...] = ()
    pages: int | None = None
    agreement_id: str = ""
    jenis: str = ""
    compared: bool = False

    def add(self, found: tuple[list[Check], list[Note]]) -> None:
        """Take over checks and notes."""
        self.checks += found[0]
        self.notes += found[1]


def examine(
    job: Examination,
    tell: Callable[[VerifyReport], None] = lambda _: None,
    ranges: SignedRanges | None = None,
) -> VerifyReport:
    """Examine one file and return the report.

    Args:
        job: What to examine.
        tell: Called with the unfinished report after each long step, so that a process that is
            stopped by a limit has said what it found.
        ranges: What the bytes of the signatures proved before; None: not asked.
    """
    findings = _Findings(jenis=job.policy.kebijakan.nama if job.policy else "")
    sha256 = hashlib.sha256(job.content).hexdigest()

    def report() -> VerifyReport:
        return _report(job, sha256, findings)

    opened = _open(job, findings, lambda: tell(report()), ranges)
    if opened is None:
        if job.policy is not None and job.policy.kebijakan.nama == UMUM:
            findings.checks = judge_as_foreign(findings.checks, ())
        findings.notes.append(Note(code="stopped_early"))
    else:
        findings.pages = opened.pages
        _judge(job, opened, findings, lambda: tell(report()), ranges)
    return report()


def _report(job: Examination, sha256: str, findings: _Findings) -> VerifyReport:
    return VerifyReport(
        file=JudgedFile(sha256=sha256, size=len(job.content), pages=findings.pages),
        kit_version=job.kit_version,
        jenis=findings.jenis,
        checks=tuple(findings.checks),
        agreement_id=findings.agreement_id,
        compared_with_issued=findings.compared,
        signatures=findings.signatures,
        revisions=findings.revisions,
        notes=tuple(findings.notes),
    )


def _open(
    job: Examination,
    findings: _Findings,
    tell: Callable[[], None],
    ranges: SignedRanges | None,
) -> OpenedFile | None:
    identity = issued_identity(job.issued, job.receipt)
    findings.compared = bool(identity[0])
    findings.checks += look_at_bytes(job.content, job.limits)
    findings.checks += check_issued_prefix(job.content, job.issued, identity)
    if any(check.reason in UNREADABLE for check in findings.checks):
        return None
    tell()
    opened, checks = open_file(job.content, job.limits, _forgives(job, ranges))
    findings.checks += checks
    if opened is None:
        return None
    tell()
    findings.add(look_at_content(opened, job.limits))
    tell()
    if too_many_signatures(opened):
        findings.checks.append(failed("file.structure", "many_signatures", limit=MOST_SIGNATURES))
        return None
    too_much = any(c.code == "file.decompression" and c.status == "failed" for c in findings.checks)
    return None if too_much else opened


def _forgives(job: Examination, ranges: SignedRanges | None) -> Forgives | None:
    """Return what decides about slips in tables; with an issued file or receipt none is left."""
    if job.receipt is not None or job.knows_issued:
        return None
    return lambda slips: were_signed(job.content, ranges or prove(job), slips)


def prove(
    job: Examination, helpers: Sequence[bytes] = (), material: ValidationMaterial = NOTHING
) -> SignedRanges:
    """Prove the signatures of a file from its bytes alone.

    Args:
        job: What is examined.
        helpers: Further certificates (DER) to build chains with.
        material: Answers about revocation that the file stores.
    """
    fetched = job.fetched.parsed()
    return prove_ranges(job.content, job.anchors, job.pins, job.now, fetched, helpers, material)


def _judge(
    job: Examination,
    opened: OpenedFile,
    findings: _Findings,
    tell: Callable[[], None],
    ranges: SignedRanges | None,
) -> None:
    reference, checks, notes = find_reference(opened, job.issued, job.receipt)
    if is_foreign(reference) and job.policy is not None and job.policy.kebijakan.nama == UMUM:
        notes = []  # nobody expects a receipt beside a file that is none of ours
    findings.add((checks, notes))
    if opened.slips and not is_foreign(reference):
        findings.checks.append(failed("file.structure", "unreadable"))
    findings.agreement_id = reference.receipt.agreement_id if reference.receipt else ""
    policy, checks = choose_policy(job.policy, reference.receipt, job.signing_root)
    findings.checks += checks
    findings.jenis = policy.kebijakan.nama if policy else ""
    asks_for_people = policy is None or policy.asks_for_people
    task = task_of(job, reference, findings.checks) if asks_for_people else None
    fetched = ranges.base.fetched if ranges else job.fetched.parsed()
    found = find_signatures(opened)
    listed = None if isinstance(found, ParserFailure) else found
    base = trust_base(opened, job.anchors, job.pins, job.now, fetched, found=listed, ranges=ranges)
    if ranges is not None:
        ranges.stored = tuple(one.dump() for one in base.stored.certificates)
    own = _own(job, opened, reference)
    judged, shared = judge_signatures(
        opened,
        base,
        timestamp_required=True if task else None,
        time_asked=not (job.leaves_time_open and is_foreign(reference)),
        found=found,
        ranges=ranges,
        is_foreign=is_foreign(reference),
        own=own,
    )
    judged = assign_roles(judged, task)
    findings.signatures = tuple(one.report for one in judged)
    findings.checks += [check for one in judged for check in one.checks] + shared
    findings.notes += notes_about(findings.signatures)
    tell()
    _judge_changes(opened, judged, reference, task, findings, own)
    findings.checks += check_lost(opened) + check_boxes(judged)
    findings.checks += check_stamps(judged, base.anchors, has_task=task is not None)
    if asks_for_people:
        findings.add(check_parties(findings.signatures, task))
        findings.checks += check_positions(judged, reference.receipt)
        findings.add(check_term(opened, findings.signatures, reference.receipt))
    elif not judged:
        findings.checks.append(indeterminate("parties.missing", "unsigned", "cryptographic"))
    if policy is not None and policy.kebijakan.nama == UMUM:
        findings.checks = judge_as_foreign(findings.checks, findings.signatures)
    if asks_for_people and reference.receipt is not None:
        findings.checks.append(check_page_count(opened.pages, reference.receipt))
    if policy is not None:
        findings.checks += check_policy(len(job.content), opened.pages, policy, findings.signatures)
    findings.checks += check_repeated(opened, is_foreign=is_foreign(reference))


def _own(job: Examination, opened: OpenedFile, reference: Reference) -> OwnUpdates | None:
    """Return the later revisions of a file of ours, if all of them are as we write them."""
    if is_foreign(reference) or not job.knows_own_updates:
        return None
    return own_updates(opened, reference.issued_size or None)


def task_of(job: Examination, reference: Reference, checks: list[Check]) -> Task | None:
    """Return who has to sign; None when nothing says so.

    Args:
        job: What is examined.
        reference: Receipt of the agreement.
        checks: What a profile that cannot be read is added to.
    """
    if reference.receipt is None:
        return None
    try:
        profile = load_profile(job.signing_root, reference.receipt.profile)
    except PksKitError:
        checks.append(
            indeterminate("parties.profile", "not_found", profile=reference.receipt.profile)
        )
        return None
    return Task(receipt=reference.receipt, profile=profile)


def _judge_changes(
    opened: OpenedFile,
    judged: tuple[JudgedSignature, ...],
    reference: Reference,
    task: Task | None,
    findings: _Findings,
    own: OwnUpdates | None,
) -> None:
    spans = cut_revisions(opened)
    if isinstance(spans, ParserFailure):
        findings.checks.append(
            indeterminate("file.revisions", "uncuttable", details={"parser": spans.text})
        )
        return
    found = tuple(one.found for one in judged)
    revisions, checks = judge_revisions(
        opened, spans, found, reference, task.expected if task else None, own
    )
    findings.revisions = revisions
    findings.checks += checks
    if is_foreign(reference):
        findings.checks = soften(opened, judged, findings.checks)
