"""Judge every signature of a file: integrity, coverage, later changes, trust, time, apart."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from pks_kit.domain.meterai import sn_of_field, sn_of_reason
from pks_kit.pdf.objects import entry_of
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pdf.signatures import FoundSignature, find_signatures, is_intact
from pks_kit.pki.names import common_name
from pks_kit.pki.test_marks import is_test
from pks_kit.verification.report.answers import failed, indeterminate
from pks_kit.verification.report.verdict import Check, SignatureReport
from pks_kit.verification.signatures import questions as ask
from pks_kit.verification.signatures import revocation
from pks_kit.verification.signatures.cms_encoding import container_flaws, read_gap
from pks_kit.verification.signatures.trust import TrustBase, is_test_signature
from pks_kit.verification.signatures.validation import Validated, token_status, validate

if TYPE_CHECKING:
    from pks_kit.pdf.opening import OpenedFile
    from pks_kit.pdf.prefix.opened import OwnUpdates
    from pks_kit.verification.signatures.signed_ranges import Proven, SignedRanges

_COVERAGE: dict[int, Literal["partial", "entire_revision", "entire_file"]] = {
    0: "partial",
    1: "partial",
    2: "entire_revision",
    3: "entire_file",
}
_SUPPORTED = frozenset(
    {"/adbe.pkcs7.detached", "/ETSI.CAdES.detached", "/PBAD.PAdES", "/ETSI.RFC3161"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSignature:
    """One signature with its checks.

    Attributes:
        found: Where and what it is.
        report: What is told about it.
        checks: Answers to the five questions.
    """

    found: FoundSignature
    report: SignatureReport
    checks: tuple[Check, ...]


def judge_signatures(
    opened: OpenedFile,
    base: TrustBase,
    *,
    timestamp_required: bool | None,
    time_asked: bool = True,
    found: tuple[FoundSignature, ...] | ParserFailure | None = None,
    ranges: SignedRanges | None = None,
    is_foreign: bool = False,
    own: OwnUpdates | None = None,
) -> tuple[tuple[JudgedSignature, ...], list[Check]]:
    """Judge all filled signature fields.

    Args:
        opened: The file.
        base: Anchors and validation material.
        timestamp_required: Whether the profile asks for a timestamp; None: no profile known.
        time_asked: Whether the kind of document asks for the time of signing.
        found: Its signatures; None: they are still to be found.
        ranges: What the bytes proved by themselves; None: not looked at before.
        is_foreign: Nothing says what the file looked like when it was issued.
        own: Its later revisions, when all of them are ours.

    Returns:
        The signatures in the order of their revisions, and checks about all of them together.
    """
    found = find_signatures(opened) if found is None else found
    if isinstance(found, ParserFailure):
        return (), [
            failed(
                "signature.integrity",
                "fields_unreadable",
                field="*",
                details={"parser": found.text},
            )
        ]
    judged = tuple(
        _judge(
            opened,
            one,
            base,
            ranges,
            timestamp_required=timestamp_required,
            time_asked=time_asked,
            is_foreign=is_foreign,
            own=own,
        )
        for one in found
    )
    return judged, _shared_containers(found)


def _judge(
    opened: OpenedFile,
    found: FoundSignature,
    base: TrustBase,
    ranges: SignedRanges | None,
    *,
    timestamp_required: bool | None,
    time_asked: bool = True,
    is_foreign: bool,
    own: OwnUpdates | None,
) -> JudgedSignature:
    bare = bare_report(found)
    if found.embedded is None:
        broken = failed(
            "signature.integrity",
            "unreadable",
            "cryptographic",
            field=found.field,
            details={"parser": found.trouble},
        )
        return JudgedSignature(found=found, report=bare, checks=(broken,))
    kind = guarded(lambda: str(entry_of(found.embedded.sig_object, "/SubFilter", "")))  # type: ignore[union-attr]
    if isinstance(kind, ParserFailure) or kind not in _SUPPORTED:
        named = "?" if isinstance(kind, ParserFailure) else kind
        # No step of ours writes such a signature: in an agreement it was put there afterwards.
        odd = (
            indeterminate("signature.integrity", "unsupported", field=found.field, kind=named)
            if timestamp_required is None
            else failed("signature.integrity", "not_accepted", field=found.field, kind=named)
        )
        return JudgedSignature(found=found, report=bare, checks=(odd,))
    known = _known(found, base, ranges)
    if opened.reader.xrefs.hybrid_xrefs_present:
        return _beside_two_tables(opened, found, bare, base, known)
    seen = _validated(bare, found, base, known, is_foreign=is_foreign, own=own)
    if isinstance(seen, ParserFailure):
        broken = failed(
            "signature.integrity",
            "not_verifiable",
            "cryptographic",
            field=found.field,
            details={"parser": seen.text},
        )
        return JudgedSignature(found=found, report=bare, checks=(broken,))
    validated, report = seen
    flaws = ("", list(known.flaws)) if known else guarded(lambda: _flaws(opened, found, base))
    checks = (
        ask.integrity(report, validated, flaws),
        ask.coverage(report),
        ask.changes(report, validated),
        ask.trust(report, validated, base, found.embedded.other_embedded_certs),
        ask.time(report, validated, base, required=timestamp_required, asked=time_asked),
    )
    return JudgedSignature(found=found, report=report, checks=checks)


def _validated(
    bare: SignatureReport,
    found: FoundSignature,
    base: TrustBase,
    known: Proven | None,
    *,
    is_foreign: bool,
    own: OwnUpdates | None,
) -> tuple[Validated, SignatureReport] | ParserFailure:
    validated = validate(found.embedded, base, known, is_foreign=is_foreign, own=own)  # type: ignore[arg-type]
    if isinstance(validated, ParserFailure):
        return validated
    report = guarded(lambda: report_of(bare, found, validated, base, known))
    return report if isinstance(report, ParserFailure) else (validated, report)


def _beside_two_tables(
    opened: OpenedFile,
    found: FoundSignature,
    bare: SignatureReport,
    base: TrustBase,
    known: Proven | None,
) -> JudgedSignature:
    """Judge digest and key of a signature in a hybrid file.

    Two tables change what readers show, not which bytes were signed nor by whom; later changes
    stay open, and with them everything that pyHanko tells of the document.
    """
    embedded: Any = found.embedded
    sound = known.fact.sound if known else guarded(lambda: is_intact(embedded))
    open_question = indeterminate("signature.changes", "hybrid", "cryptographic", field=found.field)
    if isinstance(sound, ParserFailure) or (known is None and found.is_timestamp):
        unknown = indeterminate("signature.integrity", "hybrid", field=found.field)
        return JudgedSignature(found=found, report=bare, checks=(unknown, open_question))
    report = replace(
        bare,
        signer=common_name(embedded.signer_cert.subject),
        issuer=common_name(embedded.signer_cert.issuer),
        certificate_serial=str(embedded.signer_cert.serial_number),
        intact=sound,
        test_authority=known.fact.test_authority
        if known
        else is_test(embedded.signer_cert, embedded.other_embedded_certs),
    )
    flaws = ("", list(known.flaws)) if known else guarded(lambda: _flaws(opened, found, base))
    answer = ask.integrity_of(found.field, intact=sound, valid=sound, flaws=flaws)
    return JudgedSignature(found=found, report=report, checks=(answer, open_question))


def _known(found: FoundSignature, base: TrustBase, ranges: SignedRanges | None) -> Proven | None:
    embedded: Any = found.embedded
    if ranges is None:
        return None
    known = guarded(
        lambda: ranges.of(
            [int(number) for number in embedded.byte_range], bytes(embedded.pkcs7_content), base
        )
    )
    return None if isinstance(known, ParserFailure) else known


def bare_report(found: FoundSignature) -> SignatureReport:
    """Return what is told of a signature before anybody looked at its container."""
    number = sn_of_field(found.field) or sn_of_reason(found.reason) or ""
    is_stamp = found.field.startswith("Emet") or bool(number)
    return SignatureReport(
        field=found.field,
        kind="timestamp" if found.is_timestamp else "meterai" if is_stamp else "signature",
        serial_number=number,
        revision=found.revision,
        page=found.page,
        rect=found.rect,
    )


def report_of(
    bare: SignatureReport,
    found: FoundSignature,
    validated: Validated,
    base: TrustBase,
    known: Proven | None,
) -> SignatureReport:
    """Return what is told of a signature.

    Args:
        bare: What was told before.
        found: Where and what it is.
        validated: What was found out about it.
        base: What chains were built from.
        known: What its bytes proved by themselves.
    """
    status: Any = validated.status
    certificate = status.signing_cert
    token = token_status(validated)
    trusted = _trusted(status, base)
    claimed = getattr(status, "signer_reported_dt", None)
    is_intact = bool(status.intact and status.valid)
    return replace(
        bare,
        signer=common_name(certificate.subject),
        issuer=common_name(certificate.issuer),
        certificate_serial=str(certificate.serial_number),
        time=validated.moment.isoformat() if token and token.trusted and validated.moment else None,
        claimed_time=claimed.isoformat() if claimed else None,
        intact=is_intact,
        coverage=_COVERAGE[status.coverage.value],
        modification=ask.modification(validated),
        trusted=trusted,
        anchor=ask.anchor_name(validated, base) if trusted else "",
        test_authority=_is_test(found, validated) if known is None else known.fact.test_authority,
        revocation=revocation.of_signer(validated, base),
        time_revocation=revocation.of_time(validated, base),
    )


def _trusted(status: Any, base: TrustBase) -> bool | None:
    """Return None where nobody gave an anchor that could have been the end of the chain."""
    if status.trusted:
        return True
    no_chain = status.validation_path is None and status.intact and status.valid
    return None if no_chain and not base.given else False


def _is_test(found: FoundSignature, validated: Validated) -> bool:
    embedded: Any = found.embedded
    token = token_status(validated)
    return is_test_signature(validated.status, token, embedded.other_embedded_certs)


def _flaws(opened: OpenedFile, found: FoundSignature, base: TrustBase) -> tuple[str, list[str]]:
    """Return what is wrong with the hole in the byte range, and what is unusual inside it."""
    embedded: Any = found.embedded
    byte_range = [int(number) for number in embedded.byte_range]
    if len(byte_range) != 4:
        return "byte_range", []
    gap = read_gap(opened.content, byte_range)
    if gap is None:
        return "byte_range", []
    inside, written = gap
    if inside != bytes(embedded.pkcs7_content):
        return "elsewhere", []
    known = [*base.trust.roots, *base.material().certificates] if base.anchors else None
    looked = guarded(lambda: container_flaws(inside, known or ()))
    flaws = ["not readable"] if isinstance(looked, ParserFailure) else looked
    if known is None:  # nobody could vouch for anything; trust is indeterminate anyway
        flaws = [flaw for flaw in flaws if "vouches" not in flaw]
    return "", written + flaws


def _shared_containers(found: tuple[FoundSignature, ...]) -> list[Check]:
    """Two fields may not show the same signature."""
    ranges = [guarded(lambda one=one: tuple(map(int, one.embedded.byte_range))) for one in found]  # type: ignore[misc]
    holes = Counter(one for one in ranges if not isinstance(one, ParserFailure))
    if any(count > 1 for count in holes.values()):
        return [failed("signature.integrity", "shared", "cryptographic", field="*")]
    return []
