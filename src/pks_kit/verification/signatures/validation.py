"""Validate one signature with pyHanko: digest, key, timestamp, chain; never over a network.

Trust and time go together: the chain is judged at the moment that the timestamp proves, and the
timestamp counts only when its own chain ends in an anchor of the user.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pki.anchors import pinned_anchors
from pks_kit.pki.chains import Subject, judge, validation_context
from pks_kit.pki.dss import read_store
from pks_kit.pki.material import ValidationMaterial
from pks_kit.pki.names import is_readable
from pks_kit.pki.timestamp_token import stated_time, timestamps_of
from pks_kit.verification.signatures.trust import (
    SIGNING_USAGE,
    TrustBase,
    is_authority_key,
    run_sync,
)

if TYPE_CHECKING:
    from asn1crypto import x509
    from pyhanko.sign.diff_analysis import DiffPolicy
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko.sign.validation.status import SignatureStatus

    from pks_kit.pdf.opening import OpenedFile
    from pks_kit.pdf.prefix.opened import OwnUpdates
    from pks_kit.pdf.signatures import FoundSignature
    from pks_kit.pki.anchors import TrustAnchor
    from pks_kit.verification.signatures.signed_ranges import Proven, SignedRanges


def trust_base(
    opened: OpenedFile,
    anchors: Sequence[TrustAnchor],
    pins: Mapping[str, Mapping[str, str]],
    now: datetime,
    fetched: ValidationMaterial | None = None,
    *,
    found: Sequence[FoundSignature] | None = None,
    ranges: SignedRanges | None = None,
) -> TrustBase:
    """Collect anchors and the validation material stored in the file.

    Args:
        opened: The file.
        anchors: Anchors that the user gave.
        pins: Pinned anchors by fingerprint. A certificate of the file becomes an anchor only when
            its own fingerprint is pinned as ``production``; its name counts for nothing.
        now: Moment used when no timestamp proves another one.
        fetched: Material that the caller fetched.
        found: Its signatures; None: they are still to be found.
        ranges: Signatures that were proven before, whose certificates are known.
    """
    store = guarded(lambda: read_store(opened.reader))
    stored = ValidationMaterial() if isinstance(store, ParserFailure) else store.material
    left = None if found is None else [one.embedded for one in found if not _is_held(one, ranges)]
    brought = guarded(
        lambda: _certificates_in(opened.reader.embedded_signatures if left is None else left)
    )
    candidates = [*stored.certificates, *([] if isinstance(brought, ParserFailure) else brought)]
    pinned = pinned_anchors((one.dump() for one in candidates), pins)
    first = anchors if ranges is None else ranges.base.anchors
    known = {anchor.sha256 for anchor in first}
    return TrustBase(
        anchors=(*first, *(one for one in pinned if one.sha256 not in known)),
        given=bool(anchors),
        stored=stored,
        now=now,
        fetched=fetched or ValidationMaterial(),
    )


def _is_held(one: FoundSignature, ranges: SignedRanges | None) -> bool:
    embedded: Any = one.embedded
    if ranges is None or embedded is None:
        return embedded is None
    held = guarded(
        lambda: ranges.holds(list(map(int, embedded.byte_range)), embedded.pkcs7_content)
    )
    return held is True


def _certificates_in(signatures: Iterable[Any]) -> list[x509.Certificate]:
    """Return the certificates in containers and in their timestamps."""
    found: list[x509.Certificate] = []
    for embedded in signatures:
        tokens = [embedded.signed_data, *timestamps_of(embedded)]
        found += [choice.chosen for token in tokens for choice in token["certificates"]]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Validated:
    """What pyHanko found out about one signature.

    Attributes:
        status: Its status object (a ``PdfSignatureStatus`` or ``DocumentTimestampStatus``).
        moment: Time inside the timestamp token, proven or not; None without a token.
    """

    status: SignatureStatus
    moment: datetime | None


def token_status(validated: Validated) -> Any:
    """Return the status of the timestamp token; a document timestamp is its own token."""
    status: Any = validated.status
    if not hasattr(status, "timestamp_validity"):
        return status
    return status.timestamp_validity


def validate(
    embedded: EmbeddedPdfSignature,
    base: TrustBase,
    known: Proven | None = None,
    *,
    is_foreign: bool = False,
    own: OwnUpdates | None = None,
) -> Validated | ParserFailure:
    """Validate one signature at the moment of its timestamp, else at ``base.now``.

    Later changes are analysed by the same call.

    Args:
        embedded: The signature.
        base: What chains are built from.
        known: What its bytes proved by themselves, which is then not asked again.
        is_foreign: Nothing says what the file looked like when it was issued.
        own: Its later revisions, when all of them are ours.
    """
    policy = own.policy() if own is not None else _change_policy(is_foreign=is_foreign)
    if known is not None and _is_kind(embedded, known):
        status = guarded(lambda: _completed(embedded, known, policy))
        if isinstance(status, ParserFailure):
            return status
        return Validated(status=status, moment=known.moment)
    moment = guarded(lambda: _token_time(embedded))
    if isinstance(moment, ParserFailure):
        moment = None
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    status = guarded(lambda: run_sync(_validate(embedded, base, moment or base.now, policy)))
    if isinstance(status, ParserFailure):
        return status
    return Validated(status=status, moment=moment)


def trouble_by_bytes(
    validated: Validated, base: TrustBase, brought: Iterable[x509.Certificate]
) -> Literal["unreadable_name", "no_chain", "other"]:
    """Return what is wrong with a chain that pyHanko could not build, perhaps for an odd name.

    A part of a name that is not what its kind says raises where names are compared. Compared by
    bytes the chain is judged as any other: signatures, validity, revocation and what the key is
    for. Nobody vouches for a name that cannot be read, so this never makes a chain trusted.

    Args:
        validated: What was found out.
        base: What chains are built from.
        brought: Certificates in the container.

    Returns:
        ``unreadable_name``: nothing else; ``no_chain``: it leads to no anchor; else ``other``.
    """
    status: Any = validated.status
    certificate, others = status.signing_cert, tuple(brought)
    names = [name for one in (certificate, *others) for name in (one.subject, one.issuer)]
    if all(is_readable(name) for name in names):
        return "other"
    moment = validated.moment or base.now
    subject = Subject(certificate=certificate, brought=others, moment=moment)
    answer = guarded(
        lambda: run_sync(judge(subject, base.trust, base.material(), mode="soft-fail"))
    )
    if isinstance(answer, ParserFailure) or answer.kind != "good":
        no_chain = not isinstance(answer, ParserFailure) and answer.has_gap
        return "no_chain" if no_chain else "other"
    usage = guarded(lambda: set(certificate.key_usage_value.native))
    may_sign = not isinstance(usage, ParserFailure) and bool(usage & SIGNING_USAGE)
    return "unreadable_name" if may_sign and not is_authority_key(certificate) else "other"


def _is_kind(embedded: EmbeddedPdfSignature, known: Proven) -> bool:
    """Return whether the file calls it what its container is."""
    named = (str(embedded.sig_object_type), str(embedded.sig_object.get("/SubFilter", "")))
    if known.fact.is_timestamp:
        return named == ("/DocTimeStamp", "/ETSI.RFC3161")
    return named[0] == "/Sig" and named[1] != "/ETSI.RFC3161"


def _change_policy(*, is_foreign: bool) -> DiffPolicy | None:
    """Return how pyHanko judges later changes; None: as it always does."""
    if not is_foreign:
        return None
    from pks_kit.verification.signatures.put_away import ForeignPolicy

    return ForeignPolicy()


def _completed(
    embedded: EmbeddedPdfSignature, known: Proven, policy: DiffPolicy | None
) -> SignatureStatus:
    """Add to what the bytes proved what only the document tells: coverage and later changes."""
    from pyhanko.sign.validation.pdf_embedded import report_seed_value_validation
    from pyhanko.sign.validation.status import DocumentTimestampStatus, PdfSignatureStatus

    algorithm, digest = known.digest
    embedded.external_digests[algorithm] = digest
    embedded.compute_integrity_info(policy)  # type: ignore[no-untyped-call]
    found = {**known.outcome, **embedded.summarise_integrity_info()}
    if known.fact.is_timestamp:
        found.pop("docmdp_ok")  # as pyHanko leaves it open for timestamps
        return DocumentTimestampStatus(**found)
    claimed = found.get("signer_reported_dt") or guarded(lambda: embedded.self_reported_timestamp)
    # LibreOffice ends the date with an apostrophe; nothing rests on what the signer's clock said
    if claimed is not None and not isinstance(claimed, ParserFailure):
        found["signer_reported_dt"] = claimed
    token = found.get("timestamp_validity")
    has_time = token is not None and token.valid and token.trusted
    found |= report_seed_value_validation(embedded, found["validation_path"], has_time)
    return PdfSignatureStatus(**found)


async def _validate(
    embedded: EmbeddedPdfSignature,
    base: TrustBase,
    moment: datetime,
    policy: DiffPolicy | None,
) -> SignatureStatus:
    from pyhanko.sign.validation.pdf_embedded import (
        async_validate_pdf_signature,
        async_validate_pdf_timestamp,
    )
    from pyhanko.sign.validation.settings import KeyUsageConstraints

    context = validation_context(base.trust, base.material(), moment)
    if str(embedded.sig_object_type) == "/DocTimeStamp":
        return await async_validate_pdf_timestamp(embedded, context, diff_policy=policy)
    return await async_validate_pdf_signature(
        embedded,
        signer_validation_context=context,
        ts_validation_context=context,
        diff_policy=policy,
        key_usage_settings=KeyUsageConstraints(key_usage=set(SIGNING_USAGE)),
    )


def _token_time(embedded: EmbeddedPdfSignature) -> datetime | None:
    """Return the time written in the first timestamp token, not yet proven."""
    return next((stated_time(token) for token in timestamps_of(embedded)), None)
