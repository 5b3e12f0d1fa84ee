"""Judge what follows known issued bytes: signatures by their bytes, revisions by our grammar.

The questions and their answers are those of :mod:`pks_kit.verification.examine`, in its order, by
its functions; only what the parsers would have told comes from facts and grammar. Whatever is not
plain good is left to that examination, so a file never gets a better verdict here.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from typing import TYPE_CHECKING, Any

from pks_kit.limits import MIB
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pdf.prefix import NotOursError, own_revisions
from pks_kit.pdf.prefix.box import BOLD, REGULAR, box_words
from pks_kit.pdf.prefix.updates import unpacked
from pks_kit.pdf.signatures import FoundSignature
from pks_kit.pki.dss import stored_in
from pks_kit.policy.document_policy import UMUM
from pks_kit.verification.agreement.appearance_text import words_check
from pks_kit.verification.agreement.box_places import check_boxes
from pks_kit.verification.agreement.meterai import check_stamps
from pks_kit.verification.agreement.parties import Task, assign_roles, check_parties
from pks_kit.verification.agreement.policy import check_policy, choose_policy
from pks_kit.verification.agreement.term import check_term_on
from pks_kit.verification.examine import prove, task_of
from pks_kit.verification.file.intake import look_at_bytes
from pks_kit.verification.file.issued_reference import compared
from pks_kit.verification.file.page_text import check_page_count
from pks_kit.verification.report.answers import passed
from pks_kit.verification.report.verdict import JudgedFile, RevisionReport, VerifyReport
from pks_kit.verification.revisions.own import added_by, is_expected
from pks_kit.verification.signatures import questions as ask
from pks_kit.verification.signatures.judge import JudgedSignature, bare_report, report_of
from pks_kit.verification.signatures.validation import Validated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pks_kit.pdf.prefix import OwnRevision
    from pks_kit.pdf.prefix.base import Base
    from pks_kit.pdf.prefix.grammar import OwnSignature
    from pks_kit.pdf.prefix.store import Store
    from pks_kit.verification.examination import Examination
    from pks_kit.verification.known.facts import IssuedFacts
    from pks_kit.verification.report.verdict import Check
    from pks_kit.verification.signatures.signed_ranges import Proven, SignedRanges
    from pks_kit.verification.signatures.trust import TrustBase

_ONLY_PICTURE = re.compile(
    rb"q q /BackgroundGS gs [0-9. ]{1,60} cm q {1,2}[0-9. ]{1,60} cm /ImgMeterai Do Q Q Q"
    rb"|q [0-9. ]{1,60} cm /ImgMeterai Do Q"
)
_MOST_WORDS = 1 << 16


def examine_known(
    job: Examination, ranges: SignedRanges, facts: IssuedFacts, size: int
) -> tuple[VerifyReport, tuple[Check, ...]] | None:
    """Return the report about a file, and what its boxes say; None when it must be opened.

    Args:
        job: What to examine; it begins with the issued bytes.
        ranges: What the bytes of its signatures proved.
        facts: Facts about the issued bytes.
        size: Their length; whoever asks knows by their hash that the file begins with them.
    """
    found = guarded(lambda: _examine(job, ranges, facts, size))
    return None if isinstance(found, ParserFailure) else found


def _examine(
    job: Examination, ranges: SignedRanges, facts: IssuedFacts, size: int
) -> tuple[VerifyReport, tuple[Check, ...]]:
    running = hashlib.sha256(memoryview(job.content)[:size])
    prefix = running.hexdigest()
    checks = [
        *look_at_bytes(job.content, job.limits),
        passed("issued.prefix", "same", issued=size, sha256=prefix),
    ]
    running.update(memoryview(job.content)[size:])
    revisions, state = own_revisions(job.content, size, facts.base)
    checks += _of_structure(job, facts, revisions, state.tail.size)
    inside = facts.inside(job.receipt)
    in_issued = inside if job.issued is not None else None
    reference, more, notes = compared(in_issued, inside, job.issued, job.receipt, (prefix, size))
    checks += more
    notes = [*facts.notes, *notes]
    policy, more = choose_policy(job.policy, reference.receipt, job.signing_root)
    checks += more
    task = task_of(job, reference, checks)
    receipt = reference.receipt
    if policy is None or task is None or receipt is None or not policy.asks_for_people:
        raise NotOursError("policy")
    if policy.kebijakan.nama == UMUM or job.leaves_time_open:
        raise NotOursError("policy")
    ranges = _with_store(job, ranges, state.store)
    judged = assign_roles(_judged(revisions, ranges, task), task)
    reports = tuple(one.report for one in judged)
    checks += [check for one in judged for check in one.checks]
    notes += ask.notes(reports)
    spans = _spans(size, revisions)
    checks.append(passed("issued.revisions", "expected", count=len(revisions)))
    checks += check_boxes(judged)
    checks += check_stamps(judged, ranges.base.anchors, has_task=True)
    day = date.fromisoformat(facts.day) if facts.day else None
    for found in (
        check_parties(reports, task),
        check_term_on(lambda: day, reports, receipt),
    ):
        checks += found[0]
        notes += found[1]
    checks.append(check_page_count(facts.pages, receipt))
    checks += check_policy(len(job.content), facts.pages, policy, reports)
    if any(one.status != "passed" for one in checks):
        raise NotOursError("not plain good")
    report = VerifyReport(
        file=JudgedFile(
            sha256=running.hexdigest(),
            size=len(job.content),
            pages=facts.pages,
        ),
        kit_version=job.kit_version,
        jenis=policy.kebijakan.nama,
        checks=tuple(checks),
        agreement_id=receipt.agreement_id,
        compared_with_issued=True,
        signatures=reports,
        revisions=spans,
        notes=tuple(notes),
    )
    return report, tuple(_of_boxes(revisions, judged, facts.base))


def _of_structure(
    job: Examination, facts: IssuedFacts, revisions: Sequence[OwnRevision], size: int
) -> list[Check]:
    limits, count = job.limits, len(revisions) + 1
    decoded = facts.decoded + sum(one.decoded for one in revisions)
    if not revisions or count > limits.revisions or size > limits.objects:
        raise NotOursError("limits")
    if facts.pages > limits.pages or decoded > limits.decoded_bytes:
        raise NotOursError("limits")
    return [
        passed("file.encrypted", "plain"),
        passed("file.structure", "sound", revisions=count),
        passed("file.pages", "within", pages=facts.pages, limit=limits.pages),
        passed("file.decompression", "within", mib=max(1, decoded // MIB)),
        *facts.content[1:],
    ]


def _with_store(job: Examination, ranges: SignedRanges, store: Store | None) -> SignedRanges:
    """Prove the signatures again with what the file stores, as whoever opens it does.

    Where the store completes a chain, the host has to hear of it from the parsers.
    """
    if store is None:
        return ranges
    store.check_pieces()
    stored = stored_in(store).material
    ranges.stored = tuple(one.dump() for one in stored.certificates)
    if ranges.has_open_chains:
        raise NotOursError("chains")
    return prove(job, ranges.stored, stored)


def _judged(
    revisions: Sequence[OwnRevision], ranges: SignedRanges, task: Task
) -> tuple[JudgedSignature, ...]:
    """Judge the signatures; all that the bytes hold must be those of the revisions."""
    signed = [
        (number, one.signature) for number, one in enumerate(revisions, start=1) if one.signature
    ]
    if len(ranges.facts) != len(signed):
        raise NotOursError("signatures")
    found = []
    for number, signature in signed:
        known = ranges.proven.get(signature.byte_range)
        if known is None or known.container != signature.container or not known.fact.sound:
            raise NotOursError("proof")
        if known.fact.is_timestamp != signature.is_timestamp:
            raise NotOursError("proof")
        if not is_expected(signature, [signature.field], task.expected):
            raise NotOursError("place")
        found.append(_signature(number, signature, revisions[number:], known, ranges.base))
    return tuple(found)


def _signature(
    number: int,
    signature: OwnSignature,
    later: Sequence[OwnRevision],
    known: Proven,
    base: TrustBase,
) -> JudgedSignature:
    found = FoundSignature(
        field=signature.field,
        embedded=None,
        revision=number,
        reason=signature.reason[:400],
        is_timestamp=signature.is_timestamp,
        page=signature.page,
        rect=signature.rect,
    )
    validated = _validated(signature.moment, later, known)
    if validated.status.signing_cert.subject.native.get("title"):
        raise NotOursError("position")
    report = report_of(bare_report(found), found, validated, base, known)
    checks = (
        ask.integrity(report, validated, ("", list(known.flaws))),
        ask.coverage(report),
        ask.changes(report, validated),
        ask.trust(report, validated, base),
        ask.time(report, validated, base, required=True),
    )
    return JudgedSignature(found=found, report=report, checks=checks)


def _validated(moment: str, later: Sequence[OwnRevision], known: Proven) -> Validated:
    """Add to what the bytes proved what the grammar tells of coverage and later changes."""
    from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
    from pyhanko.sign.validation.status import (
        DocumentTimestampStatus,
        PdfSignatureStatus,
        SignatureCoverageLevel,
    )

    levels = {
        "form_filling": ModificationLevel.FORM_FILLING,
        "lta_updates": ModificationLevel.LTA_UPDATES,
    }
    level = max((levels[one.level] for one in later), default=ModificationLevel.NONE)
    covers = SignatureCoverageLevel.ENTIRE_REVISION if later else SignatureCoverageLevel.ENTIRE_FILE
    outcome: dict[str, Any] = {
        **known.outcome,
        "coverage": covers,
        "diff_result": DiffResult(level, {one.signature.field for one in later if one.signature}),
    }
    if known.fact.is_timestamp:
        return Validated(status=DocumentTimestampStatus(**outcome), moment=known.moment)
    outcome |= {
        "docmdp_ok": True,
        "has_seed_values": False,
        "seed_value_constraint_error": None,
    }
    claimed = outcome.get("signer_reported_dt") or _claimed(moment, known)
    if claimed is not None:
        outcome["signer_reported_dt"] = claimed
    return Validated(status=PdfSignatureStatus(**outcome), moment=known.moment)


def _claimed(moment: str, known: Proven) -> Any:
    """Return when the clock of the signer says that it signed."""
    from asn1crypto import cms
    from pyhanko.pdf_utils.generic import parse_pdf_date
    from pyhanko.sign.general import extract_signer_info
    from pyhanko.sign.validation.generic_cms import extract_self_reported_ts

    signed: Any = cms.ContentInfo.load(known.container)["content"]
    told = extract_self_reported_ts(extract_signer_info(signed))
    return told or (parse_pdf_date(moment, strict=True) if moment else None)


def _spans(issued: int, revisions: Sequence[OwnRevision]) -> tuple[RevisionReport, ...]:
    spans = [RevisionReport(number=0, start=0, end=issued, kind="base", field="")]
    for number, one in enumerate(revisions, start=1):
        addition = added_by(one)
        if addition.kind == "unsigned":
            raise NotOursError("unsigned")
        spans.append(
            RevisionReport(
                number=number,
                start=one.update.start,
                end=one.update.end,
                kind=addition.kind,
                field=one.signature.field if one.signature else "",
                added=addition.added,
                changed=addition.changed,
            )
        )
    return tuple(spans)


def _of_boxes(
    revisions: Sequence[OwnRevision], judged: Sequence[JudgedSignature], base: Base
) -> list[Check]:
    """Compare the words in every box with the certificate; a picture alone has none."""
    letters = {
        name: one.glyph_letters() for name, one in zip((REGULAR, BOLD), base.fonts, strict=False)
    }
    checks: list[Check] = []
    signed = ((one, one.signature) for one in revisions if one.signature)
    for (revision, signature), one in zip(signed, judged, strict=True):
        if signature.look is None or signature.rect is None:
            continue
        look = revision.update.objects[signature.look]
        data = look.data or b""
        if "/Filter" in look.dictionary:
            data = unpacked(data, _MOST_WORDS)
        if _ONLY_PICTURE.fullmatch(data):
            continue
        left, bottom, right, top = signature.rect
        words = box_words(data, top - bottom, right - left, letters)
        if words.strip():
            checks.append(words_check(one.report, words))
    if any(check.status != "passed" for check in checks):
        raise NotOursError("words")
    return checks
