"""Validate one signature with pyHanko: digest, key, timestamp, chain; never over a network.

Trust and time go together: the chain is judged at the moment that the timestamp proves, and the
timestamp counts only when its own chain ends in an anchor of the user.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pki.anchors import pinned_anchors

if TYPE_CHECKING:
    from asn1crypto import x509
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko.sign.validation.status import SignatureStatus
    from pyhanko_certvalidator import ValidationContext

    from pks_kit.pdf.opening import OpenedFile
    from pks_kit.pki.anchors import TrustAnchor

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustBase:
    """What chains may be built from.

    Attributes:
        anchors: Anchors that the user gave, and pinned ones that the file brought along.
        given: Whether the user gave any.
        certificates: Certificates of the file's DSS; helpers, never anchors.
        ocsps: OCSP answers of the DSS.
        crls: CRLs of the DSS.
        now: Moment used when no timestamp proves another one.
        fetched_ocsps: OCSP answers that the caller fetched.
        fetched_crls: CRLs that the caller fetched.
    """

    anchors: tuple[TrustAnchor, ...]
    given: bool
    certificates: tuple[Any, ...]
    ocsps: tuple[Any, ...]
    crls: tuple[Any, ...]
    now: datetime
    fetched_ocsps: tuple[Any, ...] = ()
    fetched_crls: tuple[Any, ...] = ()

    @property
    def has_material(self) -> bool:
        """Return whether there is any answer about revocation at all."""
        return bool(self.ocsps or self.crls or self.fetched_ocsps or self.fetched_crls)

    def anchor_certificates(self) -> list[x509.Certificate]:
        """Return the anchors as parsed certificates."""
        from asn1crypto import x509

        return [x509.Certificate.load(anchor.der) for anchor in self.anchors]

    def context(
        self,
        moment: datetime,
        *,
        mode: Literal["require", "soft-fail"] = "soft-fail",
        helpers: Sequence[x509.Certificate] = (),
        with_fetched: bool = True,
    ) -> ValidationContext:
        """Return a context for chains at a moment; offline, from the material at hand alone.

        Args:
            moment: When the certificates acted.
            mode: Whether every certificate needs revocation data. Hard-fail without any raises
                instead of answering (esign 7), so it is not what signatures are judged with.
            helpers: Further certificates to build chains with.
            with_fetched: Whether fetched material counts.
        """
        from pyhanko_certvalidator import ValidationContext

        return ValidationContext(
            trust_roots=self.anchor_certificates(),
            other_certs=[*self.certificates, *helpers],
            ocsps=[*self.ocsps, *(self.fetched_ocsps if with_fetched else ())],
            crls=[*self.crls, *(self.fetched_crls if with_fetched else ())],
            allow_fetching=False,
            revocation_mode=mode,
            retroactive_revinfo=True,
            moment=moment,
        )


def trust_base(
    opened: OpenedFile,
    anchors: Sequence[TrustAnchor],
    pins: Mapping[str, Mapping[str, str]],
    now: datetime,
    fetched: tuple[tuple[Any, ...], tuple[Any, ...]] = ((), ()),
) -> TrustBase:
    """Collect anchors and the validation material stored in the file.

    Args:
        opened: The file.
        anchors: Anchors that the user gave.
        pins: Pinned anchors by fingerprint. A certificate of the file becomes an anchor only when
            its own fingerprint is pinned as ``production``; its name counts for nothing.
        now: Moment used when no timestamp proves another one.
        fetched: OCSP answers and CRLs that the caller fetched.
    """
    material = guarded(lambda: _dss_material(opened))
    certificates, ocsps, crls = ((), (), ()) if isinstance(material, ParserFailure) else material
    brought = guarded(lambda: _certificates_in_signatures(opened))
    candidates = [*certificates, *([] if isinstance(brought, ParserFailure) else brought)]
    pinned = pinned_anchors((one.dump() for one in candidates), pins)
    known = {anchor.sha256 for anchor in anchors}
    return TrustBase(
        anchors=(*anchors, *(one for one in pinned if one.sha256 not in known)),
        given=bool(anchors),
        certificates=certificates,
        ocsps=ocsps,
        crls=crls,
        now=now,
        fetched_ocsps=fetched[0],
        fetched_crls=fetched[1],
    )


def _certificates_in_signatures(opened: OpenedFile) -> list[x509.Certificate]:
    """Return the certificates in all containers and in their timestamps."""
    from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

    found: list[x509.Certificate] = []
    for embedded in opened.reader.embedded_signatures:
        tokens = [embedded.signed_data]
        if embedded.signer_info["unsigned_attrs"]:
            tokens += list(extract_tst_data_iter(embedded.signer_info, signed=False))
        found += [choice.chosen for token in tokens for choice in token["certificates"]]
    return found


def _dss_material(opened: OpenedFile) -> tuple[tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]:
    from asn1crypto import crl, ocsp
    from pyhanko.pdf_utils.decode_limits import DecodePurpose
    from pyhanko.sign.validation.dss import DocumentSecurityStore

    if "/DSS" not in opened.reader.root:
        return (), (), ()
    store = DocumentSecurityStore.read_dss(opened.reader)
    answers = tuple(
        ocsp.OCSPResponse.load(one.get_object().read_data(DecodePurpose.OCSP_RESPONSE))
        for one in store.ocsps
    )
    lists = tuple(
        crl.CertificateList.load(one.get_object().read_data(DecodePurpose.CRL))
        for one in store.crls
    )
    return tuple(store.load_certs()), answers, lists


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

    context = base.context(moment)
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
    """Return the time written in the timestamp token, not yet proven."""
    from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

    if str(embedded.sig_object_type) == "/DocTimeStamp":
        tokens = [embedded.signed_data]
    elif embedded.signer_info["unsigned_attrs"]:
        tokens = list(extract_tst_data_iter(embedded.signer_info, signed=False))
    else:
        tokens = []
    for token in tokens:
        moment: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
        return moment
    return None


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
