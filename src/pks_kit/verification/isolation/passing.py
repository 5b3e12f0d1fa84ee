"""What may pass, and what must have passed for a file to pass, told by what is asked of it.

The host reads these tables when it believes a child or not; no report passes by leaving out a
question. They follow :mod:`pks_kit.verification.examine`: who adds a question there that every
passing file answers, adds it here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pks_kit.errors import PksKitError
from pks_kit.policy.document_policy import PKS_FINAL, UMUM, DocumentPolicy, load_policy
from pks_kit.policy.signing_profile import SigningProfile, load_profile

if TYPE_CHECKING:
    from pks_kit.domain.receipt import Receipt
    from pks_kit.verification.examination import Examination
    from pks_kit.verification.report.verdict import (
        Check,
        Proof,
        SignatureReport,
        VerifyReport,
    )


_COVERED = frozenset({"entire_file", "entire_revision"})
_ALLOWED = frozenset({"none", "lta_updates", "form_filling"})

PASSES: Mapping[str, tuple[Proof, frozenset[str]]] = {
    "content.active": ("file", frozenset({"none"})),
    "content.attachments": ("file", frozenset({"expected"})),
    "content.concealed": ("visual", frozenset({"none"})),
    "content.numbers": ("visual", frozenset({"printed"})),
    "content.pages": ("file", frozenset({"same"})),
    "file.decompression": ("file", frozenset({"within"})),
    "file.encrypted": ("file", frozenset({"plain"})),
    "file.end": ("file", frozenset({"clean"})),
    "file.pages": ("file", frozenset({"within"})),
    "file.revisions": ("file", frozenset({"expected", "none"})),
    "file.size": ("file", frozenset({"within"})),
    "file.structure": ("file", frozenset({"sound"})),
    "file.type": ("file", frozenset({"pdf"})),
    "issued.agreement": ("file", frozenset({"same"})),
    "issued.prefix": ("file", frozenset({"same"})),
    "issued.receipt": ("file", frozenset({"embedded"})),
    "issued.revisions": ("file", frozenset({"expected", "none"})),
    "meterai.genuine": ("cryptographic", frozenset({"genuine", "test"})),
    "meterai.serial": ("file", frozenset({"agrees", "reason_only"})),
    "meterai.unique": ("file", frozenset({"once"})),
    "parties.order": ("cryptographic", frozenset({"right"})),
    "parties.person": ("cryptographic", frozenset({"same"})),
    "parties.position": ("cryptographic", frozenset({"same"})),
    "parties.present": ("cryptographic", frozenset({"signature", "stamp"})),
    "parties.term": ("cryptographic", frozenset({"before_start", "within"})),
    "policy.colour": ("visual", frozenset({"colour"})),
    "policy.form": ("visual", frozenset({"both", "drawn", "scanned"})),
    "policy.pages": ("file", frozenset({"within"})),
    "policy.resolution": ("visual", frozenset({"enough"})),
    "policy.size": ("file", frozenset({"within"})),
    "signature.appearance": ("visual", frozenset({"named", "no_words", "serial"})),
    "signature.changes": ("cryptographic", _ALLOWED),
    "signature.coverage": ("cryptographic", _COVERED),
    "signature.integrity": ("cryptographic", frozenset({"intact"})),
    "signature.time": ("cryptographic", frozenset({"not_asked", "proven"})),
    "signature.trust": ("cryptographic", frozenset({"given", "pinned", "test"})),
}
"""What an examination answers with ``passed``: code, what it rests on, reasons."""

ALWAYS = (
    *("file.size", "file.type", "file.end", "file.encrypted", "file.structure", "file.pages"),
    *("file.decompression", "content.active", "content.attachments", "content.concealed"),
)
"""Answered with ``passed`` for every file that passes."""

EACH_SIGNATURE = (
    *("signature.integrity", "signature.coverage", "signature.changes"),
    *("signature.trust", "signature.time"),
)
"""The same for each of its signatures, meterai and timestamps."""


@dataclass(frozen=True, slots=True)
class _Passed:
    """What passed, for looking up."""

    codes: frozenset[str]
    of_field: frozenset[tuple[str, str | None]]
    checks: tuple[Check, ...]

    @classmethod
    def of(cls, report: VerifyReport) -> _Passed:
        checks = tuple(one for one in report.checks if one.status == "passed")
        return cls(
            codes=frozenset(one.code for one in checks),
            of_field=frozenset((one.code, one.field) for one in checks),
            checks=checks,
        )


def may_pass(check: Check) -> bool:
    """Return whether an examination gives this very answer as ``passed``."""
    evidence, reasons = PASSES.get(check.code, ("", frozenset()))
    return check.evidence == evidence and check.reason in reasons


def missing_for_pass(job: Examination, report: VerifyReport) -> list[str]:
    """Return what a report leaves open that says ``passed``: codes of checks, in their order.

    Args:
        job: What was asked.
        report: What was found; nothing in it is anything but ``passed``.
    """
    there = _Passed.of(report)
    missing = [code for code in _of_file(job, there) if code not in there.codes]
    missing += _of_bytes(job, report)
    missing += _of_signatures(job, report, there)
    missing += _of_policy(job, report, there)
    return list(dict.fromkeys(missing))


def _of_file(job: Examination, there: _Passed) -> Iterator[str]:
    yield from ALWAYS
    if job.knows_issued:
        yield "issued.prefix"
    yield "issued.revisions" if job.knows_issued else "file.revisions"
    if job.receipt is not None:
        yield "issued.agreement"


def _of_bytes(job: Examination, report: VerifyReport) -> Iterator[str]:
    """The revisions follow each other over the whole file."""
    ends = [0, *(one.end for one in report.revisions)]
    starts = [*(one.start for one in report.revisions), len(job.content)]
    if ends != starts or len(starts) < 2:
        yield "file.revisions"
    if not report.file.pages:
        yield "file.pages"


def _of_signatures(job: Examination, report: VerifyReport, there: _Passed) -> Iterator[str]:
    fields = Counter(one.field for one in report.signatures)
    if not fields:
        yield "parties.missing"
    if any(count > 1 for count in fields.values()):
        yield "signature.integrity"
    for one in report.signatures:
        for code in EACH_SIGNATURE:
            if (code, one.field) not in there.of_field:
                yield code
        yield from _disagreeing(one)
        if one.time is None and not _is_not_asked(job, report, there, one):
            yield "signature.time"
        if one.kind == "meterai":
            for code in ("meterai.serial", "meterai.genuine"):
                if (code, one.field) not in there.of_field:
                    yield code
    if any(one.serial_number for one in report.signatures if one.kind == "meterai"):
        yield from {"meterai.unique"} - there.codes


def _is_not_asked(
    job: Examination, report: VerifyReport, there: _Passed, one: SignatureReport
) -> bool:
    """Return whether nobody asked when it was signed; a document timestamp always tells it."""
    told = {(check.code, check.reason) for check in there.checks if check.field == one.field}
    may_be = job.leaves_time_open and not report.agreement_id and one.kind != "timestamp"
    return may_be and ("signature.time", "not_asked") in told


def _disagreeing(one: SignatureReport) -> Iterator[str]:
    """What is told of a signature must be what its checks say."""
    if not one.intact:
        yield "signature.integrity"
    if one.coverage not in _COVERED:
        yield "signature.coverage"
    if one.modification not in _ALLOWED:
        yield "signature.changes"
    if not one.trusted:
        yield "signature.trust"
    if one.revision is None:
        yield "file.revisions"


def _of_policy(job: Examination, report: VerifyReport, there: _Passed) -> Iterator[str]:
    policy = _policy(job, report)
    if policy is None:
        yield "policy.kind"
        return
    if job.receipt is not None and policy.nama != UMUM and not _fits(policy, job.receipt):
        yield "policy.kind"
    in_force = job.policy
    if in_force is not None and in_force.ukuran_bita is not None:
        yield from {"policy.size"} - there.codes
    if policy.halaman.paling_banyak is not None:
        yield from {"policy.pages"} - there.codes
    if policy.pindaian is not None or len(policy.bentuk) == 1:
        yield from {"policy.form"} - there.codes
    if policy.perjanjian:
        yield from _of_agreement(job, report, there, policy)
    elif in_force is None or policy.tanda_tangan.oleh is not None:
        yield "policy.signatures"  # nobody can look at these here


def _policy(job: Examination, report: VerifyReport) -> DocumentPolicy | None:
    if job.policy is not None:
        return job.policy.kebijakan
    if not report.jenis.startswith(PKS_FINAL):
        return None
    try:
        return load_policy(job.signing_root, report.jenis)
    except PksKitError:
        return None


def _fits(policy: DocumentPolicy, receipt: Receipt) -> bool:
    """An agreement is no licence, and one contract method is not another."""
    return policy.perjanjian and policy.tanda_tangan.profil == receipt.profile


def _of_agreement(
    job: Examination, report: VerifyReport, there: _Passed, policy: DocumentPolicy
) -> Iterator[str]:
    """All steps of the profile, by the right people, in the right order, inside the file."""
    if not report.agreement_id:
        yield "issued.agreement"
    if not {"issued.agreement", "issued.receipt"} & there.codes:
        yield "issued.agreement"
    yield from [code for code in ("content.pages", "content.numbers") if code not in there.codes]
    try:
        profile = load_profile(job.signing_root, policy.tanda_tangan.profil or "")
    except PksKitError:
        yield "parties.profile"
        return
    if profile.cara_kontrak != "elektronik":
        yield "paper.signatures"
    yield from _of_steps(profile, report, there)
    yield from {"parties.order"} - there.codes
    if not any(one.test_authority for one in report.signatures):
        yield from {"parties.term"} - there.codes
    if any(one.kind == "meterai" and not one.place for one in report.signatures):
        yield "meterai.place"


def _of_steps(profile: SigningProfile, report: VerifyReport, there: _Passed) -> Iterator[str]:
    places = {
        (str(one.params.get("place")), one.field)
        for one in there.checks
        if one.code == "parties.present"
    }
    for step in profile.langkah:
        kind = "meterai" if step.jenis == "meterai" else "signature"
        filling = [one.field for one in report.signatures if one.place == step.tempat]
        of_kind = [one.field for one in report.signatures
                   if one.place == step.tempat and one.kind == kind]  # fmt: skip
        if len(filling) != 1 or filling != of_kind or (step.tempat, filling[0]) not in places:
            yield "parties.present"
        if (
            kind == "signature"
            and not {("parties.person", one) for one in filling} <= there.of_field
        ):
            yield "parties.person"
