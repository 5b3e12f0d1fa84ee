"""Judge electronic stamps: a stamp is a signature, a picture of a stamp is nothing.

Both shapes are known (esign 2.6): field ``Emet<SN>``, or any field with the reason ``[<SN>] ...``.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pks_kit.domain.meterai import sn_of_field, sn_of_reason
from pks_kit.verification.report.answers import failed, indeterminate, passed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pks_kit.pki.anchors import TrustAnchor
    from pks_kit.verification.report.verdict import Check
    from pks_kit.verification.signatures.judge import JudgedSignature


def check_stamps(
    judged: tuple[JudgedSignature, ...], anchors: Sequence[TrustAnchor], *, has_task: bool
) -> list[Check]:
    """Check serial numbers, place and genuineness of every stamp."""
    stamps = [one for one in judged if one.report.kind == "meterai"]
    people = {
        _certificate(one)
        for one in judged
        if one.report.kind == "signature" and one.report.certificate_serial
    }  # a signature that could not be read has no certificate to compare
    checks: list[Check] = []
    for stamp in stamps:
        checks.append(_serial(stamp))
        checks.append(_genuine(stamp, anchors, people))
        if has_task and not stamp.report.place:
            field, page = stamp.report.field, stamp.report.page
            checks.append(failed("meterai.place", "outside", field=field, page=page))
    counted = Counter(one.report.serial_number for one in stamps if one.report.serial_number)
    twice = sorted(number for number, count in counted.items() if count > 1)
    if twice:
        checks.append(failed("meterai.unique", "twice", sn=", ".join(twice)))
    elif counted:
        checks.append(passed("meterai.unique", "once", count=len(counted)))
    return checks


def _serial(stamp: JudgedSignature) -> Check:
    field = stamp.report.field
    in_field, in_reason = sn_of_field(field), sn_of_reason(stamp.found.reason)
    if in_field and in_reason:
        if in_field != in_reason:
            return failed("meterai.serial", "disagrees", field=field, one=in_field, other=in_reason)
        return passed("meterai.serial", "agrees", field=field, sn=in_field)
    if in_reason:
        return passed("meterai.serial", "reason_only", field=field, sn=in_reason)
    if in_field:
        return indeterminate("meterai.serial", "field_only", field=field, sn=in_field)
    return failed("meterai.serial", "malformed", field=field)


def _certificate(one: JudgedSignature) -> tuple[str, str]:
    return one.report.issuer, one.report.certificate_serial


def _genuine(
    stamp: JudgedSignature, anchors: Sequence[TrustAnchor], people: set[tuple[str, str]]
) -> Check:
    """Only a stamp signer whose chain ends in a pinned production anchor makes a stamp genuine.

    Whoever may sign could else stamp with the same key.
    """
    report = stamp.report
    words = {"field": report.field, "sn": report.serial_number, "signer": report.signer}
    if report.intact is False:
        return failed("meterai.genuine", "broken", "cryptographic", **words)
    if _certificate(stamp) in people:
        return failed("meterai.genuine", "by_signer", "cryptographic", **words)
    if not report.trusted:
        reason = "test_untrusted" if report.test_authority else "unknown"
        return indeterminate("meterai.genuine", reason, "cryptographic", **words)
    if "meterai" not in report.signer.casefold():
        return indeterminate("meterai.genuine", "other_signer", "cryptographic", **words)
    if report.test_authority:
        return passed("meterai.genuine", "test", "cryptographic", **words)
    anchor = next((one for one in anchors if one.name == report.anchor), None)
    if anchor is None or not anchor.pinned:
        return indeterminate("meterai.genuine", "not_pinned", "cryptographic", **words)
    if report.time is None:
        return indeterminate("meterai.genuine", "no_time", "cryptographic", **words)
    return passed("meterai.genuine", "genuine", "cryptographic", **words)
