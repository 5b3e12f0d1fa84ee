"""The five questions put to one validated signature, each answered apart from the others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pks_kit.pdf.parsing import ParserFailure, without_addresses
from pks_kit.pki.chains import missing_issuer
from pks_kit.verification.report.answers import failed, indeterminate, local_time, passed
from pks_kit.verification.report.verdict import Check, Modification, Note, SignatureReport
from pks_kit.verification.signatures.cms_encoding import WEAK_DIGEST
from pks_kit.verification.signatures.trust import TrustBase, anchor_of, is_authority_key
from pks_kit.verification.signatures.validation import (
    Validated,
    token_status,
    trouble_by_bytes,
)

if TYPE_CHECKING:
    from asn1crypto import x509

    from pks_kit.verification.report.details import Details

_MOST_SKEW = timedelta(minutes=2)
"""Clock difference worth telling (esign 6, no. 18)."""
_SET = re.compile(r"\{([^{}]{0,4000})\}")
_ALLOWED_CHANGES = frozenset({"none", "lta_updates", "form_filling"})
_TRUST_REASONS = {
    "NO_CERTIFICATE_CHAIN_FOUND": "no_chain",
    "CHAIN_CONSTRAINTS_FAILURE": "wrong_usage",
    "CRYPTO_CONSTRAINTS_FAILURE": "weak",
    "CRYPTO_CONSTRAINTS_FAILURE_NO_POE": "weak",
    "REVOKED_NO_POE": "revoked",
    "REVOKED_CA_NO_POE": "revoked",
    "OUT_OF_BOUNDS_NO_POE": "outside_validity",
    "NOT_YET_VALID": "outside_validity",
    "EXPIRED": "outside_validity",
}
_NAMED = re.compile(r"\b[A-Za-z]{1,40}\([^()]{0,400}(?:\([^()]{0,400}\)[^()]{0,400}){0,4}\)")
"""An object or a place as pyHanko's analysis names it: ``Reference(idnum=5, generation=0)``."""
_MODIFICATIONS: dict[str, Modification] = {
    "NONE": "none",
    "LTA_UPDATES": "lta_updates",
    "FORM_FILLING": "form_filling",
    "ANNOTATIONS": "annotations",
}
"""Levels of pyHanko's analysis that have a name of their own; everything else is ``other``."""


def in_one_order(analysis: str) -> str:
    """Return what pyHanko's analysis says with the objects and words it names in one order.

    It takes them out of sets, whose order differs from run to run.
    """
    sets = _SET.sub(
        lambda one: "{" + ", ".join(sorted(one[1].split(", "))) + "}", without_addresses(analysis)
    )
    lines = []
    for line in sets.split("\n"):
        named = iter(sorted(_NAMED.findall(line)))
        lines.append(_NAMED.sub(lambda _, rest=named: next(rest), line))  # type: ignore[misc]
    head, *listed = lines
    return "\n".join([head, *sorted(listed)])


def integrity(
    report: SignatureReport, validated: Validated, flaws: tuple[str, list[str]] | ParserFailure
) -> Check:
    """Are the signed bytes unchanged, and was the signature made with this certificate's key?"""
    status: Any = validated.status
    return integrity_of(
        report.field, intact=bool(status.intact), valid=bool(status.valid), flaws=flaws
    )


def integrity_of(
    field: str, *, intact: bool, valid: bool, flaws: tuple[str, list[str]] | ParserFailure
) -> Check:
    """Answer the same from the facts alone.

    Args:
        field: Name of the field.
        intact: The signed bytes are unchanged.
        valid: The key of the certificate made the signature.
        flaws: What is wrong with the hole, and what is unusual inside it.
    """
    code = "signature.integrity"
    if isinstance(flaws, ParserFailure):
        return failed(
            code, "unreadable", "cryptographic", field=field, details={"parser": flaws.text}
        )
    hole, unusual = flaws
    if hole:
        return failed(code, hole, "cryptographic", field=field)
    if not intact:
        return failed(code, "changed", "cryptographic", field=field)
    if not valid:
        return failed(code, "wrong_key", "cryptographic", field=field)
    if unusual:
        is_weak = all(flaw.endswith(WEAK_DIGEST) for flaw in unusual)
        reason = "weak_hash" if is_weak else "unusual_encoding"
        return indeterminate(code, reason, "cryptographic", field=field, details={"flaws": unusual})
    return passed(code, "intact", "cryptographic", field=field)


def coverage(report: SignatureReport) -> Check:
    """Which part of the file does it cover?"""
    code, field = "signature.coverage", report.field
    if report.coverage in ("entire_file", "entire_revision"):
        return passed(code, report.coverage, "cryptographic", field=field)
    return failed(code, "partial", "cryptographic", field=field)


def modification(validated: Validated) -> Modification:
    """Return the worst later change as a lower-case word."""
    result: Any = getattr(validated.status, "diff_result", None)
    level = getattr(result, "modification_level", None)
    if level is not None:
        return _MODIFICATIONS.get(level.name, "other")
    return "other" if result is not None else "unknown"


def changes(report: SignatureReport, validated: Validated) -> Check:
    """What was added to the file after it, and is that allowed?"""
    code, field = "signature.changes", report.field
    status: Any = validated.status
    result = getattr(status, "diff_result", None)
    if report.modification == "unknown":
        return indeterminate(code, "not_analysed", field=field)
    if report.modification not in _ALLOWED_CHANGES:
        return failed(
            code,
            "forbidden",
            "cryptographic",
            field=field,
            details={"analysis": in_one_order(str(result))[:600]},
        )
    if getattr(status, "docmdp_ok", True) is False:
        return failed(code, "certified", "cryptographic", field=field)
    return passed(code, report.modification, "cryptographic", field=field)


def trust(
    report: SignatureReport,
    validated: Validated,
    base: TrustBase,
    brought: Iterable[x509.Certificate] = (),
) -> Check:
    """Does the certificate chain end in an anchor that the user gave?

    Args:
        report: What is told about the signature.
        validated: What was found out about it.
        base: Anchors and validation material.
        brought: Certificates in its container.
    """
    code, field = "signature.trust", report.field
    status: Any = validated.status
    words = {"field": field, "signer": report.signer, "issuer": report.issuer}
    if not report.intact:
        return indeterminate(code, "not_judged", "cryptographic", **words)
    if report.trusted is None:
        reason = "no_anchor_test" if report.test_authority else "no_anchor"
        return indeterminate(code, reason, "cryptographic", **words)
    if status.trusted and report.kind != "timestamp" and is_authority_key(status.signing_cert):
        return failed(code, "wrong_usage", "cryptographic", **words)
    if status.trusted:
        pinned = anchor_pinned(validated, base)
        reason = "pinned" if pinned else "given"
        if report.test_authority:
            reason = "test"
        return passed(code, reason, "cryptographic", anchor=report.anchor, **words)
    indication = status.trust_problem_indic
    reason = _TRUST_REASONS.get(indication.name if indication else "", "other")
    if reason == "wrong_usage" and validated.status.signing_cert.self_signed != "no":
        reason = "no_chain"  # vouches for itself: its usage is the lesser trouble
    details: Details = {"indication": indication.name if indication else "?"}
    if reason == "other":
        reason = trouble_by_bytes(validated, base, brought)
    if reason == "unreadable_name":
        return indeterminate(code, "unreadable_name", "cryptographic", details=details, **words)
    if reason == "no_chain":
        others = [*base.trust.roots, *base.material().certificates, *brought]
        lacking = missing_issuer(status.signing_cert, others)
        if lacking:
            words |= {"missing": lacking}
            return failed(code, "no_issuer", "cryptographic", details=details, **words)
    token = token_status(validated)
    if reason == "outside_validity" and token is None:
        return indeterminate(code, "expired_no_time", "cryptographic", details=details, **words)
    return failed(code, reason, "cryptographic", details=details, **words)


def time(
    report: SignatureReport,
    validated: Validated,
    base: TrustBase,
    *,
    required: bool | None,
    asked: bool = True,
) -> Check:
    """When was it signed, and who says so?

    Args:
        report: What is told about the signature.
        validated: What was found out about it.
        base: Anchors and the clock.
        required: Whether an agreement's profile asks for a timestamp; None: no profile known.
        asked: Whether the kind of document asks when it was signed at all. If not, a chain that
            holds today is enough for a signature without a timestamp; a bad one is as bad as ever.
    """
    code, field = "signature.time", report.field
    token = token_status(validated)
    if token is None:
        if required:
            return failed(code, "missing", "cryptographic", field=field)
        if not asked and report.trusted:
            return passed(code, "not_asked", "cryptographic", field=field)
        return indeterminate(code, "missing", "cryptographic", field=field)
    shown = local_time(validated.moment)
    words = {"field": field, "time": shown}
    if not (token.intact and token.valid):
        return failed(code, "broken", "cryptographic", **words)
    if validated.moment and validated.moment > base.now + _MOST_SKEW:
        return indeterminate(code, "future", "cryptographic", **words)
    if not token.trusted and not base.given:
        return indeterminate(code, "no_anchor", "cryptographic", **words)
    if not token.trusted:
        return indeterminate(code, "untrusted", "cryptographic", **words)
    return passed(code, "proven", "cryptographic", **words)


def anchor_name(validated: Validated, base: TrustBase) -> str:
    """Return the name of the anchor in which the chain ends, or an empty text."""
    anchor = anchor_of(validated.status, base.anchors)
    return anchor.name if anchor else ""


def anchor_pinned(validated: Validated, base: TrustBase) -> bool:
    """Return whether that anchor is pinned in ``anchors.yml``."""
    anchor = anchor_of(validated.status, base.anchors)
    return bool(anchor and anchor.pinned)


def notes(reports: Sequence[SignatureReport]) -> list[Note]:
    """Return facts about all signatures that decide nothing, one note for each fact."""
    found = []
    skewed = {one.field: _skew(one) for one in reports if _skew(one) > _MOST_SKEW}
    if skewed:
        minutes = round(max(skewed.values()).total_seconds() / 60)
        words: dict[str, str | int] = {"field": ", ".join(skewed), "min": minutes}
        found.append(Note(code="clock_skew", params=words))
    unknown_ = [one.field for one in reports if one.trusted and one.revocation == "unknown"]
    if unknown_:
        found.append(Note(code="revocation_unknown", params={"field": ", ".join(unknown_)}))
    return found


def _skew(report: SignatureReport) -> timedelta:
    """Return how far the signer's own clock is from the proven time; zero when not known."""
    if not report.time or not report.claimed_time:
        return timedelta(0)
    claimed = datetime.fromisoformat(report.claimed_time)
    if claimed.tzinfo is None:
        return timedelta(0)
    return abs(datetime.fromisoformat(report.time) - claimed)
