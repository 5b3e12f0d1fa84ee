"""Whether certificates were revoked when they acted, as far as the material at hand proves it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pks_kit.verification.report.answers import (
    ParserFailure,
    failed,
    guarded,
    indeterminate,
    passed,
)
from pks_kit.verification.report.verdict import Check, VerifyReport
from pks_kit.verification.signatures.validation import TrustBase, Validated, run_sync, token_status

if TYPE_CHECKING:
    from asn1crypto import x509

Revocation = Literal["not_revoked", "revoked", "unknown"]


def of_signer(validated: Validated, base: TrustBase) -> Revocation:
    """Return the state of the signer's chain at the proven time.

    A time that nobody vouches for proves nothing: without a trusted timestamp the present counts.
    """
    token = token_status(validated)
    proven = validated.moment if token is not None and token.trusted else None
    return _state(validated.status, proven or base.now, base)


def of_time(validated: Validated, base: TrustBase) -> Revocation | None:
    """Return the state of the timestamp authority's chain; None without a timestamp."""
    token = token_status(validated)
    if token is None or validated.moment is None:
        return None
    return _state(token, validated.moment, base)


def _state(status: Any, moment: datetime, base: TrustBase) -> Revocation:
    if status.revocation_details is not None:
        return "revoked"
    if not status.trusted or not base.has_material:
        return "unknown"
    path = list(status.validation_path.iter_certs(include_root=True))
    return proven_state(status.signing_cert, path, moment, base)


def proven_state(
    certificate: x509.Certificate,
    chain: Iterable[x509.Certificate],
    moment: datetime,
    base: TrustBase,
) -> Revocation:
    """Build a chain again, now demanding revocation data for every certificate in it.

    Args:
        certificate: The certificate that acted.
        chain: Its chain; helps to build it again.
        moment: When it acted.
        base: Anchors and material. Fetched material does not speak for a chain in which a
            certificate has ended since: its authority may have dropped it from its lists.
    """
    chain = list(chain)
    ended = any(one.not_valid_after < base.now for one in (certificate, *chain))
    state = guarded(
        lambda: run_sync(_strict(certificate, chain, moment, base, with_fetched=not ended))
    )
    return "unknown" if isinstance(state, ParserFailure) else state


async def _strict(
    certificate: x509.Certificate,
    chain: list[x509.Certificate],
    moment: datetime,
    base: TrustBase,
    *,
    with_fetched: bool,
) -> Revocation:
    from pyhanko_certvalidator import CertificateValidator
    from pyhanko_certvalidator.errors import RevokedError

    context = base.context(moment, mode="require", helpers=chain, with_fetched=with_fetched)
    try:
        await CertificateValidator(certificate, validation_context=context).async_validate_path()
    except RevokedError:
        return "revoked"
    return "not_revoked"


def revocation_checks(report: VerifyReport) -> list[Check]:
    """Answer for every trusted signature whether it was revoked; for callers who asked for that.

    Without having asked, an indeterminate state is only a note.
    """
    checks = []
    for one in report.signatures:
        words: dict[str, Any] = {"field": one.field, "signer": one.signer}
        states = (one.revocation, one.time_revocation)
        if not one.trusted and "revoked" not in states:
            continue
        if one.revocation == "revoked":
            checks.append(failed("signature.revocation", "revoked", "cryptographic", **words))
        elif one.time_revocation == "revoked":
            checks.append(failed("signature.revocation", "time_revoked", "cryptographic", **words))
        elif one.revocation == "unknown":
            checks.append(
                indeterminate("signature.revocation", "unknown", "cryptographic", **words)
            )
        elif one.time_revocation == "unknown":
            checks.append(
                indeterminate("signature.revocation", "time_unknown", "cryptographic", **words)
            )
        else:
            checks.append(passed("signature.revocation", "not_revoked", "cryptographic", **words))
    return checks
