"""Prove signatures from the bytes alone: found by their byte ranges, before any parser runs.

A signature stands uncompressed in the file, with its byte range beside it, for else nobody could
write or check it. So a list of four numbers whose hole is one hex string is all that is needed to
look: digest, key, chain and timestamp are then questions for hashes and certificates. Whoever owns
the parsers later cannot change what was told here; the host compares it with the report.

Only pure Python and OpenSSL (by ``cryptography``) see the bytes here: neither qpdf nor PDFium, nor
pyHanko's reader.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pks_kit.pdf.parsing import ParserFailure, guarded, guarded_async
from pks_kit.pki.anchors import pinned_anchors
from pks_kit.pki.chains import validation_context
from pks_kit.pki.material import NOTHING, ValidationMaterial
from pks_kit.pki.names import common_name
from pks_kit.pki.timestamp_token import stated_time
from pks_kit.verification.report.signed_fact import MOST_NAME, SignedFact
from pks_kit.verification.signatures.cms_encoding import container_flaws, read_gap
from pks_kit.verification.signatures.trust import (
    SIGNING_USAGE,
    TrustBase,
    anchor_of,
    is_authority_key,
    is_test_signature,
    run_sync,
)

if TYPE_CHECKING:
    from asn1crypto import cms

    from pks_kit.pdf.table_slips import TableSlip
    from pks_kit.pki.anchors import TrustAnchor

ByteRange = tuple[int, int, int, int]

MOST_RANGES = 300
"""As many as a file may have signatures."""

_WHITE = rb"[\0\t\n\f\r ]"
_ARRAY = re.compile(
    rb"\[%b{0,64}0{1,20}%b{1,64}([0-9]{1,20})%b{1,64}([0-9]{1,20})%b{1,64}([0-9]{1,20})%b{0,64}\]"
    % ((_WHITE,) * 5)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """One signature that was looked at.

    Attributes:
        byte_range: Its byte range.
        container: The decoded hex string in the hole.
        digest: Name of the algorithm and digest of the signed bytes.
        moment: Time inside its first timestamp, proven or not.
        outcome: What pyHanko found out, as the keywords of its status.
        flaws: What is unusual about the container.
        fact: What is told about it.
    """

    byte_range: ByteRange
    container: bytes
    digest: tuple[str, bytes]
    moment: datetime | None
    outcome: Mapping[str, Any]
    flaws: Sequence[str]
    fact: SignedFact


@dataclass(slots=True, kw_only=True)
class SignedRanges:
    """All signatures that were found.

    Attributes:
        base: What chains were built from.
        facts: What is told about each.
        proven: Those that could be looked at, by byte range.
        stored: Certificates (DER) in the store of the file, noted once a parser has read it.
    """

    base: TrustBase
    facts: tuple[SignedFact, ...]
    proven: Mapping[ByteRange, Proven]
    stored: tuple[bytes, ...] = ()

    def holds(self, byte_range: Sequence[int], container: bytes) -> bool:
        """Return whether a signature that the parsers found is one of these."""
        found = self.proven.get(tuple(byte_range))  # type: ignore[arg-type]
        return found is not None and found.container == container

    @property
    def has_open_chains(self) -> bool:
        """Return whether the store of the file may complete a chain."""
        return bool(self.stored) and any(one.sound and not one.time_and_trust for one in self.facts)

    def of(self, byte_range: Sequence[int], container: bytes, base: TrustBase) -> Proven | None:
        """Return what was proven of a signature, if the parsers saw the same bytes and trust."""
        if not self.holds(byte_range, container) or not self.base.is_as(base):
            return None
        return self.proven[tuple(byte_range)]  # type: ignore[index]


def prove_ranges(
    content: bytes,
    anchors: Sequence[TrustAnchor],
    pins: Mapping[str, Mapping[str, str]],
    now: datetime,
    fetched: ValidationMaterial,
    helpers: Sequence[bytes] = (),
    material: ValidationMaterial = NOTHING,
) -> SignedRanges:
    """Find and prove all signatures of a file.

    Args:
        content: The file; nothing is known about it.
        anchors: Anchors that the user gave.
        pins: Pinned anchors by fingerprint.
        now: Moment used when no timestamp proves another one.
        fetched: Material that the caller fetched.
        helpers: Further certificates that help to build chains, in DER; they vouch for nothing.
        material: Answers about revocation that the file stores.
    """
    for noisy in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    found = [
        (one, guarded(lambda gap=gap, written=written: _load(gap, written)))  # type: ignore[misc]
        for one, gap, written in find_ranges(content)
    ]
    loaded = [(one, data) for one, data in found if not isinstance(data, ParserFailure)]
    base = _base([data for _, data in loaded], anchors, pins, now, fetched, helpers, material)
    proven = run_sync(_prove_all(content, loaded, base)) if loaded else {}
    facts = tuple(
        proven[one].fact
        if one in proven
        else SignedFact(start=one[1], resumes=one[2], end=one[2] + one[3])
        for one, _ in found
    )
    return SignedRanges(base=base, facts=facts, proven=proven)


def were_signed(content: bytes, ranges: SignedRanges, slips: Sequence[TableSlip]) -> bool:
    """Return whether a sound signature covers every slip in the reference tables of a file.

    Then the file came to its signer like that, and nobody added the slip afterwards. In a file
    without any signature there is nothing that it could turn against.

    Args:
        content: The file.
        ranges: What its bytes proved.
        slips: The slips.
    """
    if not ranges.facts:
        return b"ByteRange" not in content
    sound = [one for one in ranges.facts if one.sound]
    return all(any(one.covers(slip.end) for one in sound) for slip in slips)


def find_ranges(content: bytes) -> Iterator[tuple[ByteRange, bytes, list[str]]]:
    """Yield every byte range whose hole is one hex string, in order of their place.

    With each come the bytes in the hole and what is unusual about the digits.

    Args:
        content: The file.
    """
    seen: set[ByteRange] = set()
    for match in _ARRAY.finditer(content):
        length, second, rest = (int(number) for number in match.groups())
        one = (0, length, second, rest)
        brackets = content[length : length + 1], content[max(0, second - 1) : second]
        if one in seen or brackets != (b"<", b">"):
            continue
        gap = read_gap(content, one)
        if gap is not None:
            seen.add(one)
            yield one, *gap
        if len(seen) >= MOST_RANGES:
            return


@dataclass(frozen=True, slots=True)
class _Loaded:
    container: bytes
    written: list[str]
    data: cms.SignedData
    is_timestamp: bool
    tokens: tuple[cms.SignedData, ...]


def _load(container: bytes, written: list[str]) -> _Loaded:
    from asn1crypto import cms
    from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

    info = cms.ContentInfo.load(container)
    if info["content_type"].native != "signed_data":
        raise ValueError("not signed data")
    data = info["content"]
    is_timestamp = data["encap_content_info"]["content_type"].native == "tst_info"
    (signer,) = data["signer_infos"]
    if is_timestamp:
        tokens = [data]
    elif signer["unsigned_attrs"]:
        tokens = list(extract_tst_data_iter(signer, signed=False))
    else:
        tokens = []
    return _Loaded(container, written, data, is_timestamp, tuple(tokens))


def _base(
    loaded: Sequence[_Loaded],
    anchors: Sequence[TrustAnchor],
    pins: Mapping[str, Mapping[str, str]],
    now: datetime,
    fetched: ValidationMaterial,
    helpers: Sequence[bytes],
    material: ValidationMaterial,
) -> TrustBase:
    from asn1crypto import x509

    brought = guarded(
        lambda: [
            choice.chosen.dump()
            for one in loaded
            for data in (one.data, *one.tokens)
            for choice in data["certificates"]
        ]
    )
    read = [guarded(lambda der=der: x509.Certificate.load(der, strict=True)) for der in helpers]  # type: ignore[misc]
    more = tuple(one for one in read if not isinstance(one, ParserFailure))
    ders = [*helpers, *([] if isinstance(brought, ParserFailure) else brought)]
    pinned = guarded(lambda: pinned_anchors(ders, pins))
    known = {anchor.sha256 for anchor in anchors}
    added = [] if isinstance(pinned, ParserFailure) else pinned
    return TrustBase(
        anchors=(*anchors, *(one for one in added if one.sha256 not in known)),
        given=bool(anchors),
        stored=replace(material, certificates=more),
        now=now,
        fetched=fetched,
    )


async def _prove_all(
    content: bytes, loaded: Sequence[tuple[ByteRange, _Loaded]], base: TrustBase
) -> dict[ByteRange, Proven]:
    proven: dict[ByteRange, Proven] = {}
    once = _OnePass(content)
    for one, data in loaded:
        seen = await guarded_async(_prove(one, data, base, once))
        if not isinstance(seen, ParserFailure):
            proven[one] = seen
    return proven


class _OnePass:
    """Digests of ranges that begin together: what one has read, the next does not read again."""

    def __init__(self, content: bytes) -> None:
        self._view = memoryview(content)
        self._running: dict[str, tuple[int, Any]] = {}

    def of(self, one: ByteRange, algorithm: str) -> bytes:
        """Return the digest of a range; raises where the algorithm is not known."""
        from cryptography.hazmat.primitives import hashes
        from pyhanko_certvalidator.util import get_pyca_cryptography_hash

        place, running = self._running.get(algorithm, (0, None))
        if running is None or place > one[1]:
            place, running = 0, hashes.Hash(get_pyca_cryptography_hash(algorithm))
        running.update(self._view[place : one[1]])
        self._running[algorithm] = one[1], running
        whole = running.copy()
        whole.update(self._view[one[2] : one[2] + one[3]])
        return bytes(whole.finalize())


async def _prove(one: ByteRange, loaded: _Loaded, base: TrustBase, once: _OnePass) -> Proven:
    from pyhanko.sign.validation.generic_cms import extract_certs_for_validation

    digests: dict[str, bytes] = {}

    def digest(algorithm: str) -> bytes:
        if algorithm not in digests:
            digests[algorithm] = once.of(one, algorithm)
        return digests[algorithm]

    moment = guarded(lambda: stated_time(loaded.tokens[0])) if loaded.tokens else None
    if isinstance(moment, ParserFailure):
        moment = None
    algorithm = _external_algorithm(loaded)
    brought = extract_certs_for_validation(loaded.data)
    outcome = await _outcome(loaded, brought, base, moment or base.now, digest)
    vouching = [*base.trust.roots, *base.material().certificates] if base.anchors else None
    inside = guarded(lambda: container_flaws(loaded.container, vouching or ()))
    flaws = ["not readable"] if isinstance(inside, ParserFailure) else inside
    if vouching is None:
        flaws = [flaw for flaw in flaws if "vouches" not in flaw]
    flaws = [*loaded.written, *flaws]
    return Proven(
        byte_range=one,
        container=loaded.container,
        digest=(algorithm, digest(algorithm)),
        moment=moment,
        outcome=outcome,
        flaws=flaws,
        fact=_fact(one, loaded, base, moment, outcome, brought.other_certs, is_regular=not flaws),
    )


def _external_algorithm(loaded: _Loaded) -> str:
    """Return the algorithm by which the bytes of the file were digested."""
    if loaded.is_timestamp:
        imprint = loaded.data["encap_content_info"]["content"].parsed["message_imprint"]
        return str(imprint["hash_algorithm"]["algorithm"].native)
    return str(loaded.data["signer_infos"][0]["digest_algorithm"]["algorithm"].native).lower()


async def _outcome(
    loaded: _Loaded,
    brought: Any,
    base: TrustBase,
    moment: datetime,
    digest: Callable[[str], bytes],
) -> dict[str, Any]:
    """Ask pyHanko about container, key, timestamp and chain, as it asks itself for a whole PDF."""
    from pyhanko.sign.validation import generic_cms
    from pyhanko.sign.validation.settings import KeyUsageConstraints

    context = validation_context(base.trust, base.material(), moment)
    if loaded.is_timestamp:
        return dict(await generic_cms.validate_tst_signed_data(loaded.data, context, digest))
    signer = loaded.data["signer_infos"][0]
    outcome = await generic_cms.collect_timing_info(signer, context, raw_digest=digest)
    outcome = await generic_cms.cms_basic_validation(
        loaded.data,
        raw_digest=digest(_external_algorithm(loaded)),
        validation_context=context,
        status_kwargs=outcome,
        key_usage_settings=KeyUsageConstraints(key_usage=set(SIGNING_USAGE)),
    )
    outcome |= await generic_cms.collect_signer_attr_status(
        sd_attr_certificates=brought.attribute_certs,
        signer_cert=brought.signer_cert,
        validation_context=None,
        sd_signed_attrs=signer["signed_attrs"],
    )
    return outcome


def _fact(
    one: ByteRange,
    loaded: _Loaded,
    base: TrustBase,
    moment: datetime | None,
    outcome: Mapping[str, Any],
    others: Iterable[Any],
    *,
    is_regular: bool,
) -> SignedFact:
    from pyhanko.sign.validation.status import (
        StandardCMSSignatureStatus,
        TimestampSignatureStatus,
    )

    if loaded.is_timestamp:
        status: Any = TimestampSignatureStatus(**outcome)
        token: Any = status
    else:
        status = StandardCMSSignatureStatus(**outcome)
        token = status.timestamp_validity
    certificate = status.signing_cert
    anchor = anchor_of(status, base.anchors)
    may_sign = loaded.is_timestamp or not is_authority_key(certificate)
    proven = token is not None and token.trusted and moment is not None
    return SignedFact(
        start=one[1],
        resumes=one[2],
        end=one[2] + one[3],
        is_timestamp=loaded.is_timestamp,
        could_look=True,
        sound=bool(status.intact and status.valid),
        regular=is_regular,
        trusted=bool(status.trusted and may_sign),
        pinned=anchor is not None and anchor.pinned,
        signer=common_name(certificate.subject)[:MOST_NAME],
        issuer=common_name(certificate.issuer)[:MOST_NAME],
        serial=str(certificate.serial_number),
        has_token=token is not None,
        time=moment.isoformat() if proven and moment is not None else None,
        test_authority=is_test_signature(status, token, others),
    )
