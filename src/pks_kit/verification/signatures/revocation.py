"""Whether certificates were revoked when they acted, as far as the material at hand proves it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pki.chains import Subject, judge
from pks_kit.verification.report.answers import failed, indeterminate, passed
from pks_kit.verification.report.verdict import Check, VerifyReport
from pks_kit.verification.signatures.trust import TrustBase, run_sync
from pks_kit.verification.signatures.validation import Validated, token_status

if TYPE_CHECKING:
    from asn1crypto import x509

Revocation = Literal["not_revoked", "revoked", "unknown"]
_STATES: dict[str, Revocation] = {"good": "not_revoked", "revoked": "revoked"}
"""What a chain says about revocation; every other answer leaves it open."""


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
    subject = Subject(certificate=certificate, brought=tuple(chain), moment=moment)
    answer = guarded(
        lambda: run_sync(judge(subject, base.trust, base.material(with_fetched=not ended)))
    )
    if isinstance(answer, ParserFailure):
        return "unknown"
    return _STATES.get(answer.kind, "unknown")


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
