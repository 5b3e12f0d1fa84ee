"""What an archive must prove: who signed, stamped and timestamped a file, and what it stores."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pks_kit.errors import InputError, SigningError
from pks_kit.foreign import HERE, Files, Looks, Question
from pks_kit.json_types import HexBytes, Moment
from pks_kit.pdf.layout import open_sound
from pks_kit.pdf.parsing import ParserFailure, refusing_broken_pdf
from pks_kit.pdf.signatures import FoundSignature, find_signatures
from pks_kit.pki.chains import Subject
from pks_kit.pki.dss import Stored, entry_name, read_store
from pks_kit.pki.material import ReadOnce, ValidationMaterial
from pks_kit.pki.timestamp_token import authority_of, stated_time, timestamps_of, tokens_of

if TYPE_CHECKING:
    from pks_kit.pdf.prefix.grammar import OwnRevision, OwnSignature


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """One signature, stamp or document timestamp: whom to judge, and when each acted."""

    field: str
    entry: str
    is_timestamp: bool
    subjects: tuple[Subject, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectSeen:
    """A certificate that acted, and those that came along with it; all in DER."""

    certificate: HexBytes
    brought: tuple[HexBytes, ...]
    moment: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedSeen:
    """One signature, stamp or document timestamp, as facts."""

    field: str
    entry: str
    is_timestamp: bool
    subjects: tuple[SubjectSeen, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartsSeen:
    """Everything signed in a file, and what it stores, in DER.

    Attributes:
        signed: In the order in which it was made.
        names: Entries of the store per signature.
        certificates: Stored certificates.
        ocsps: Stored OCSP answers.
        crls: Stored revocation lists.
    """

    signed: tuple[SignedSeen, ...]
    names: tuple[str, ...]
    certificates: tuple[HexBytes, ...]
    ocsps: tuple[HexBytes, ...]
    crls: tuple[HexBytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedParts(Question[PartsSeen]):
    """Who signed a file, and which validation material does it hold?"""

    def answer(self, files: Files) -> PartsSeen:
        """Read all containers and the store.

        Raises:
            InputError: ``pdf.unreadable``, ``pdf.beyond_limits``.
            SigningError: ``archive.no_timestamp``, ``pdf.encrypted``, ``pdf.active_content``.
        """
        opened = open_sound(files[0])
        found = find_signatures(opened)
        if isinstance(found, ParserFailure):
            raise InputError("pdf.unreadable", reason=found.text.partition(":")[0])
        with refusing_broken_pdf():
            signed = tuple(_signed(files[0], one) for one in found)
            stored = read_store(opened.reader)
            return PartsSeen(
                signed=signed,
                names=tuple(sorted(stored.signatures)),
                certificates=_ders(stored.material.certificates),
                ocsps=_ders(stored.material.ocsps),
                crls=_ders(stored.material.crls),
            )


def parts_of_own(pdf: bytes, revisions: Iterable[OwnRevision], read: ReadOnce) -> list[Signed]:
    """Return who signed a file, from revisions that this process wrote.

    Args:
        pdf: The file.
        revisions: Its revisions.
        read: What reads certificates.

    Raises:
        SigningError: ``archive.no_timestamp``.
        Exception: Whatever a malformed container provokes.
    """
    return [own_signed(pdf, one.signature, read) for one in revisions if one.signature is not None]


def own_signed(pdf: bytes, signature: OwnSignature, read: ReadOnce) -> Signed:
    """Return whom to judge for a signature that this process wrote; else as above."""
    from asn1crypto import cms
    from pyhanko.sign.general import extract_signer_info

    data: Any = cms.ContentInfo.load(signature.container)["content"]
    tokens = [data] if signature.is_timestamp else tokens_of(extract_signer_info(data))
    acted = [(one, stated_time(one)) for one in tokens]
    if not acted:
        raise SigningError("archive.no_timestamp", field=signature.field)
    if not signature.is_timestamp:
        acted.insert(0, (data, acted[0][1]))
    return Signed(
        field=signature.field,
        entry=entry_name(pdf, signature.byte_range),
        is_timestamp=signature.is_timestamp,
        subjects=tuple(_own_subject(one, moment, read) for one, moment in acted),
    )


def _own_subject(data: Any, moment: Any, read: ReadOnce) -> Subject:
    from asn1crypto import x509

    certificate, others = authority_of(data)
    return Subject(
        certificate=read.of(x509.Certificate, certificate.dump()),
        brought=tuple(read.of(x509.Certificate, one.dump()) for one in others),
        moment=moment,
    )


def signed_parts(pdf: bytes, looks: Looks = HERE) -> tuple[tuple[Signed, ...], Stored]:
    """Return who signed a file, and its store.

    Args:
        pdf: The file.
        looks: Where it is opened; certificates and answers are then read here, from their DER.

    Raises:
        InputError: As :class:`SignedParts`.
        SigningError: As :class:`SignedParts`.
        NotLookedError: ``pdf.not_looked``.
    """
    from asn1crypto import crl, ocsp, x509

    seen = looks.ask(SignedParts(), pdf)
    with refusing_broken_pdf():
        signed = tuple(
            Signed(
                field=one.field,
                entry=one.entry,
                is_timestamp=one.is_timestamp,
                subjects=tuple(
                    Subject(
                        certificate=x509.Certificate.load(who.certificate),
                        brought=_loaded(x509.Certificate, who.brought),
                        moment=who.moment,
                    )
                    for who in one.subjects
                ),
            )
            for one in seen.signed
        )
        stored = ValidationMaterial(
            certificates=_loaded(x509.Certificate, seen.certificates),
            ocsps=_loaded(ocsp.OCSPResponse, seen.ocsps),
            crls=_loaded(crl.CertificateList, seen.crls),
        )
    if any(not one.subjects for one in signed):
        raise InputError("pdf.unreadable", reason="-")
    return signed, Stored(material=stored, signatures=frozenset(seen.names))


def _loaded(kind: Any, ders: Iterable[bytes]) -> tuple[Any, ...]:
    return tuple(kind.load(der) for der in ders)


def _ders(pieces: Iterable[Any]) -> tuple[bytes, ...]:
    return tuple(piece.dump() for piece in pieces)


def _signed(pdf: bytes, found: FoundSignature) -> SignedSeen:
    embedded = found.embedded
    if embedded is None:
        raise InputError("pdf.unreadable", reason=found.trouble.partition(":")[0])
    authorities = [_subject(one, stated_time(one)) for one in timestamps_of(embedded)]
    subjects = authorities
    if not found.is_timestamp:
        if not authorities:
            raise SigningError("archive.no_timestamp", field=found.field)
        subjects = [_subject(embedded.signed_data, authorities[0].moment), *authorities]
    return SignedSeen(
        field=found.field,
        entry=entry_name(pdf, embedded.byte_range),
        is_timestamp=found.is_timestamp,
        subjects=tuple(subjects),
    )


def _subject(signed_data: Any, moment: Any) -> SubjectSeen:
    from pyhanko.sign.validation.generic_cms import extract_certs_for_validation

    found = extract_certs_for_validation(signed_data)
    return SubjectSeen(
        certificate=found.signer_cert.dump(), brought=_ders(found.other_certs), moment=moment
    )
