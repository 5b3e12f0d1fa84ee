"""Validate one signature with pyHanko: digest, key, timestamp, chain; never over a network.

Trust and time go together: the chain is judged at the moment that the timestamp proves, and the
timestamp counts only when its own chain ends in an anchor of the user.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pki.anchors import pinned_anchors
from pks_kit.pki.chains import Trust, validation_context
from pks_kit.pki.dss import read_store
from pks_kit.pki.material import ValidationMaterial
from pks_kit.pki.timestamp_token import stated_time, timestamps_of

if TYPE_CHECKING:
    from asn1crypto import x509
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko.sign.validation.status import SignatureStatus

    from pks_kit.pdf.opening import OpenedFile
    from pks_kit.pki.anchors import TrustAnchor

Result = TypeVar("Result")


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


def trust_base(
    opened: OpenedFile,
    anchors: Sequence[TrustAnchor],
    pins: Mapping[str, Mapping[str, str]],
    now: datetime,
    fetched: ValidationMaterial | None = None,
) -> TrustBase:
    """Collect anchors and the validation material stored in the file.

    Args:
        opened: The file.
        anchors: Anchors that the user gave.
        pins: Pinned anchors by fingerprint. A certificate of the file becomes an anchor only when
            its own fingerprint is pinned as ``production``; its name counts for nothing.
        now: Moment used when no timestamp proves another one.
        fetched: Material that the caller fetched.
    """
    store = guarded(lambda: read_store(opened.reader))
    stored = ValidationMaterial() if isinstance(store, ParserFailure) else store.material
    brought = guarded(lambda: _certificates_in_signatures(opened))
    candidates = [*stored.certificates, *([] if isinstance(brought, ParserFailure) else brought)]
    pinned = pinned_anchors((one.dump() for one in candidates), pins)
    known = {anchor.sha256 for anchor in anchors}
    return TrustBase(
        anchors=(*anchors, *(one for one in pinned if one.sha256 not in known)),
        given=bool(anchors),
        stored=stored,
        now=now,
        fetched=fetched or ValidationMaterial(),
    )


def _certificates_in_signatures(opened: OpenedFile) -> list[x509.Certificate]:
    """Return the certificates in all containers and in their timestamps."""
    found: list[x509.Certificate] = []
    for embedded in opened.reader.embedded_signatures:
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


def validate(embedded: EmbeddedPdfSignature, base: TrustBase) -> Validated | ParserFailure:
    """Validate one signature at the moment of its timestamp, else at ``base.now``.

    Later changes are analysed by the same call.
    """
    moment = guarded(lambda: _token_time(embedded))
    if isinstance(moment, ParserFailure):
        moment = None
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    status = guarded(lambda: run_sync(_validate(embedded, base, moment or base.now)))
    if isinstance(status, ParserFailure):
        return status
    return Validated(status=status, moment=moment)


async def _validate(
    embedded: EmbeddedPdfSignature, base: TrustBase, moment: datetime
) -> SignatureStatus:
    from pyhanko.sign.validation.pdf_embedded import (
        async_validate_pdf_signature,
        async_validate_pdf_timestamp,
    )
    from pyhanko.sign.validation.settings import KeyUsageConstraints

    context = validation_context(base.trust, base.material(), moment)
    if str(embedded.sig_object_type) == "/DocTimeStamp":
        return await async_validate_pdf_timestamp(embedded, context)
    return await async_validate_pdf_signature(
        embedded,
        signer_validation_context=context,
        ts_validation_context=context,
        # ETSI EN 319 412-2 lets either bit stand for signing; pyHanko wants the second.
        key_usage_settings=KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}),
    )


def _token_time(embedded: EmbeddedPdfSignature) -> datetime | None:
    """Return the time written in the first timestamp token, not yet proven."""
    return next((stated_time(token) for token in timestamps_of(embedded)), None)


def run_sync(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine to its end, also when the caller itself runs inside an event loop."""
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
