"""What chains are built from, and what certificates say; nothing here reads a PDF."""

from __future__ import annotations

import threading
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from pks_kit.pki.chains import Trust
from pks_kit.pki.material import ValidationMaterial
from pks_kit.pki.test_marks import is_test

if TYPE_CHECKING:
    from asn1crypto import x509

    from pks_kit.pki.anchors import TrustAnchor

Result = TypeVar("Result")

SIGNING_USAGE = frozenset({"digital_signature", "non_repudiation"})
"""ETSI EN 319 412-2 lets either bit stand for signing; pyHanko wants the second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustBase:
    """What chains may be built from.

    Attributes:
        anchors: Anchors that the user gave, and pinned ones that the file brought along.
        given: Whether the user gave any.
        stored: Material of the file's DSS.
        now: Moment used when no timestamp proves another one.
        fetched: Material that the caller fetched.
    """

    anchors: tuple[TrustAnchor, ...]
    given: bool
    stored: ValidationMaterial
    now: datetime
    fetched: ValidationMaterial = field(default_factory=ValidationMaterial)

    def is_as(self, other: TrustBase) -> bool:
        """Return whether both lead to the same answers; one with a store is never as another."""
        same_anchors = {one.sha256 for one in self.anchors} == {one.sha256 for one in other.anchors}
        nothing = ValidationMaterial()
        return (
            same_anchors
            and (self.given, self.now) == (other.given, other.now)
            and self.stored == other.stored == nothing
            and self.fetched == other.fetched
        )

    @property
    def has_material(self) -> bool:
        """Return whether there is any answer about revocation at all."""
        return self.material().tells_revocation

    @property
    def trust(self) -> Trust:
        """Return the anchors as parsed certificates."""
        from asn1crypto import x509

        return Trust(roots=tuple(x509.Certificate.load(anchor.der) for anchor in self.anchors))

    def material(self, *, with_fetched: bool = True) -> ValidationMaterial:
        """Return everything at hand.

        Args:
            with_fetched: Whether fetched material counts.
        """
        return self.stored.joined(self.fetched) if with_fetched else self.stored


def anchor_of(status: Any, anchors: Iterable[TrustAnchor]) -> TrustAnchor | None:
    """Return the anchor in which the chain of a status ends; None without a chain."""
    first = next(iter(chain_of(status)), None)
    der = first.dump() if first is not None else b""
    return next((anchor for anchor in anchors if anchor.der == der), None)


def chain_of(status: Any) -> list[x509.Certificate]:
    """Return the chain of a status from the anchor down; empty without one."""
    path = getattr(status, "validation_path", None)
    return list(path.iter_certs(include_root=True)) if path is not None else []


def is_authority_key(certificate: Any) -> bool:
    """Return whether a certificate is only for timestamps or for answers about revocation."""
    usage = certificate.extended_key_usage_value
    return usage is not None and set(usage.native) <= {"time_stamping", "ocsp_signing"}


def is_test_signature(status: Any, token: Any, brought: Iterable[x509.Certificate]) -> bool:
    """Look at the names in the chain of the signer and in that of the timestamp.

    Args:
        status: Status of the signature.
        token: Status of its timestamp, or None.
        brought: Certificates in its container; they count where there is no chain.
    """
    if is_test(status.signing_cert, chain_of(status) or brought):
        return True
    return token is not None and is_test(token.signing_cert, chain_of(token))


def run_sync(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine to its end, also when the caller itself runs inside an event loop."""
    import asyncio  # a file without signatures needs no loop

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    outcome: list[Result] = []
    problems: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(asyncio.run(work))
        except BaseException as error:  # noqa: BLE001 - handed to the calling thread below
            problems.append(error)

    thread = threading.Thread(target=run, name="pks-kit-verify")
    thread.start()
    thread.join()
    if problems:
        raise problems[0]
    return outcome[0]
