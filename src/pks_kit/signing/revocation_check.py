"""Before the act: whether the signer's certificate is still good, asked of its authority.

A signature by a revoked certificate cannot be taken back, and a file with one is spoilt for the
other party too. So the chain is built to an anchor of the user and every link is asked about
before the key is used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pks_kit.errors import SigningError
from pks_kit.messages.told_reasons import told_reasons
from pks_kit.pki.certificates import date_of
from pks_kit.pki.chains import Subject, Trust, gather, judge
from pks_kit.pki.revocation_http import HttpRevocation, RevocationSource

if TYPE_CHECKING:
    from pks_kit.pki.chains import ChainAnswer
    from pks_kit.signing.ports import SigningIdentity


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationCheck:
    """Asks about a signer before it signs.

    Attributes:
        trust: Anchors and revocation lists of the user.
        source: Makes a source of revocation data for one check; None for no network.
        soft: Whether a signer about whom nothing can be learned may sign all the same. A revoked
            or ended certificate is refused in any case.
    """

    trust: Trust
    source: Callable[[], RevocationSource] | None = HttpRevocation
    soft: bool = False

    async def check(self, identity: SigningIdentity, now: datetime) -> None:
        """Refuse a signer whose certificate is not good now.

        Raises:
            SigningError: ``certificate.revoked``, ``certificate.expired``,
                ``certificate.not_yet_valid``, ``certificate.untrusted``,
                ``certificate.revocation_unknown``.
        """
        certificate = identity.signer.signing_cert
        if certificate is None:
            raise SigningError("certificate.untrusted", name=identity.name)
        subject = Subject(
            certificate=certificate, brought=tuple(identity.signer.cert_registry), moment=now
        )
        source = self.source() if self.source is not None else None
        # an answer is always a little younger than the question: it counts nevertheless
        answer, evidence = await gather(subject, self.trust, Trust(roots=()).given, source)
        if answer.kind == "unknown" and self.soft:
            answer = await judge(subject, self.trust, evidence, mode="soft-fail")
        _refuse(answer, subject.name, source)


def _refuse(answer: ChainAnswer, signer: str, source: RevocationSource | None) -> None:
    name, date = answer.name or signer, date_of(answer.date)
    if answer.kind == "revoked":
        raise SigningError("certificate.revoked", name=name, date=date)
    if answer.kind == "expired":
        raise SigningError("certificate.expired", name=name, date=date)
    if answer.kind == "not_yet_valid":
        raise SigningError("certificate.not_yet_valid", name=name, date=date)
    if answer.kind == "untrusted":
        raise SigningError("certificate.untrusted", name=name)
    if answer.kind == "unknown":
        reached = "; ".join(source.failures[-3:]) if source is not None else ""
        raise SigningError(
            "certificate.revocation_unknown", name=name, reason=told_reasons(reached or "-")
        )
