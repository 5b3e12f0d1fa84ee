"""Chains from a certificate to an anchor of the user, with revocation data for every link."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pks_kit.domain.nama_orang import UNREADABLE_NAME
from pks_kit.errors import InputError
from pks_kit.pki.material import ValidationMaterial, once
from pks_kit.pki.names import common_name, make_comparable, same_as

if TYPE_CHECKING:
    from asn1crypto import crl, ocsp, x509
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.errors import PathValidationError
    from pyhanko_certvalidator.fetchers import Fetchers
    from pyhanko_certvalidator.path import ValidationPath

    from pks_kit.pki.revocation_http import RevocationSource

ChainKind = Literal["good", "revoked", "expired", "not_yet_valid", "unknown", "untrusted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What the user trusts, and the revocation lists that the user gave.

    Attributes:
        roots: Certificates of the anchors.
        given: Revocation lists (and nothing else) from the user.
    """

    roots: tuple[x509.Certificate, ...]
    given: ValidationMaterial = field(default_factory=ValidationMaterial)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A certificate to be judged.

    Attributes:
        certificate: The certificate.
        brought: Certificates that came along with it.
        moment: When it acted.
    """

    certificate: x509.Certificate
    brought: tuple[x509.Certificate, ...]
    moment: datetime

    @property
    def name(self) -> str:
        """Return the common name."""
        return common_name(self.certificate.subject)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainAnswer:
    """What came out.

    Attributes:
        kind: ``good``: chain complete, nothing revoked. ``unknown``: chain complete, but
            revocation data is missing, too old or cannot be verified. ``untrusted``: no chain to
            an anchor, or a weak link.
        path: The chain, when there is one.
        date: When it was revoked, ended or begins.
        name: Common name of the certificate that this is about.
        has_gap: No chain to an anchor could be built, which says nothing against the certificate.
    """

    kind: ChainKind
    path: ValidationPath | None = None
    date: datetime | None = None
    name: str = ""
    has_gap: bool = False

    def certificates(self) -> tuple[x509.Certificate, ...]:
        """Return the chain from the anchor down; empty without one."""
        return tuple(self.path.iter_certs(include_root=True)) if self.path else ()


def read_trust(roots: Iterable[bytes], crls: Iterable[bytes] = ()) -> Trust:
    """Return anchors and revocation lists from DER.

    Raises:
        InputError: ``archive.no_crl`` or ``archive.no_root`` when a piece cannot be read.
    """
    from asn1crypto import crl, x509

    def load(kind: Any, pieces: Iterable[bytes], code: str, probe: str) -> tuple[Any, ...]:
        found = []
        for der in pieces:
            try:
                one = kind.load(der, strict=True)
                _ = one[probe].native
            except (ValueError, TypeError, KeyError) as error:
                raise InputError(code) from error
            found.append(one)
        return tuple(found)

    return Trust(
        roots=load(x509.Certificate, roots, "archive.no_root", "tbs_certificate"),
        given=ValidationMaterial(
            crls=load(crl.CertificateList, crls, "archive.no_crl", "tbs_cert_list")
        ),
    )


def split_crls(content: bytes) -> tuple[bytes, ...]:
    """Return the revocation lists of one file, PEM (any number) or DER (one).

    Raises:
        InputError: ``archive.no_crl`` for a PEM file without one.
    """
    from asn1crypto import pem

    if not pem.detect(content):
        return (content,)
    try:
        blocks = list(pem.unarmor(content, multiple=True))
    except ValueError as error:
        raise InputError("archive.no_crl") from error
    found = tuple(der for kind, _, der in blocks if kind == "X509 CRL")
    if not found:
        raise InputError("archive.no_crl")
    return found


def validation_context(
    trust: Trust,
    known: ValidationMaterial,
    moment: datetime,
    *,
    helpers: Iterable[x509.Certificate] = (),
    mode: Literal["require", "soft-fail"] = "soft-fail",
    retroactive: bool = True,
    fetchers: Fetchers | None = None,
) -> ValidationContext:
    """Return the one context in which chains are judged, from what is given here alone.

    Args:
        trust: Anchors; the lists in it are used too.
        known: Material from a file or fetched before.
        moment: When the certificates acted.
        helpers: Further certificates to build chains with.
        mode: Whether every link needs revocation data. Requiring it without any raises instead
            of answering, so it is not what signatures are judged with.
        retroactive: Whether data younger than the moment counts, as it must for the past.
        fetchers: Where to fetch what is missing; None for no network.
    """
    from pyhanko_certvalidator import ValidationContext

    material = known.joined(trust.given)
    return ValidationContext(
        trust_roots=list(trust.roots),
        other_certs=[*helpers, *material.certificates],
        ocsps=list(material.ocsps),
        crls=list(material.crls),
        allow_fetching=fetchers is not None,
        fetchers=fetchers,
        revocation_mode=mode,
        retroactive_revinfo=retroactive,
        moment=moment,
    )


def missing_issuer(certificate: x509.Certificate, others: Iterable[x509.Certificate]) -> str:
    """Return the name of the first issuer above a certificate that is nowhere at hand.

    By names alone, for the words about it; empty when the names lead to one that names itself.

    Args:
        certificate: Certificate of the signer.
        others: All certificates at hand, anchors with them.
    """
    known = {same_as(one.subject): one for one in others}
    seen: set[str | bytes] = set()
    here: x509.Certificate | None = certificate
    while here is not None:
        wanted = same_as(here.issuer)
        if wanted == same_as(here.subject) or wanted in seen:
            return ""
        seen.add(wanted)
        lower, here = here, known.get(wanted)
        if here is None:
            return common_name(lower.issuer)
    return ""


async def judge(
    subject: Subject,
    trust: Trust,
    known: ValidationMaterial,
    *,
    mode: Literal["require", "soft-fail"] = "require",
    retroactive: bool = True,
    fetchers: Fetchers | None = None,
) -> ChainAnswer:
    """Judge a chain, from the material given here alone unless there are fetchers.

    Args:
        subject: Certificate and moment.
        trust: Anchors; the lists in it are used too.
        known: Material from a file or fetched before.
        mode: Whether every link needs revocation data.
        retroactive: Whether data younger than the moment counts, as it must for the past.
        fetchers: Where to fetch what is missing; None for no network.
    """
    from pyhanko_certvalidator import CertificateValidator
    from pyhanko_certvalidator import errors as trouble

    context = validation_context(
        trust,
        known,
        subject.moment,
        helpers=subject.brought,
        mode=mode,
        retroactive=retroactive,
        fetchers=fetchers,
    )
    make_comparable((subject.certificate, *subject.brought))
    validator = CertificateValidator(subject.certificate, validation_context=context)
    try:
        return ChainAnswer(kind="good", path=await validator.async_validate_path())
    except trouble.RevokedError as error:
        return _about("revoked", error, error.revocation_dt)
    except trouble.ExpiredError as error:
        return _about("expired", error, error.expired_dt)
    except trouble.NotYetValidError as error:
        return _about("not_yet_valid", error, error.valid_from)
    except trouble.InsufficientRevinfoError as error:
        return _about("unknown", error, None)
    except trouble.PathBuildingError:
        return ChainAnswer(kind="untrusted", name=subject.name, has_gap=True)
    except (trouble.ValidationError, ValueError, KeyError):
        return ChainAnswer(kind="untrusted", name=subject.name)


async def gather(
    subject: Subject,
    trust: Trust,
    known: ValidationMaterial,
    source: RevocationSource | None,
    *,
    retroactive: bool = True,
) -> tuple[ChainAnswer, ValidationMaterial]:
    """Judge a chain and fetch what is missing for it.

    Args:
        subject: Certificate and moment.
        trust: Anchors and lists of the user.
        known: Material at hand.
        source: Where to fetch more; None for no network.
        retroactive: See :func:`judge`.

    Returns:
        The answer, and the material that belongs to this chain.
    """
    at_hand = known.joined(trust.given)
    answer = await judge(subject, trust, at_hand, retroactive=retroactive)
    if answer.kind == "unknown" and source is not None:
        _, found = await fetch(subject, trust, known, source, retroactive=retroactive)
        at_hand = at_hand.joined(found)
        answer = await judge(subject, trust, at_hand, retroactive=retroactive)
    return answer, _belonging(answer, at_hand)


async def fetch(
    subject: Subject,
    trust: Trust,
    known: ValidationMaterial,
    source: RevocationSource,
    *,
    retroactive: bool = True,
) -> tuple[ChainAnswer, ValidationMaterial]:
    """Ask about every link of a chain, once it is built to an anchor.

    Args:
        subject: Certificate and moment.
        trust: Anchors and lists of the user.
        known: Material at hand.
        source: Where to ask.
        retroactive: See :func:`judge`.

    Returns:
        The chain, judged without revocation, and all that the source gave so far, not yet
        verified. Nobody is asked about a chain that is not ``good``.
    """
    certificates = ValidationMaterial(certificates=known.certificates)
    built = await judge(subject, Trust(roots=trust.roots), certificates, mode="soft-fail")
    if built.kind != "good":
        return built, ValidationMaterial()
    fetchers = source.fetchers()
    # soft: silence about one link must not keep the library from asking about the next
    await judge(subject, trust, known, mode="soft-fail", retroactive=retroactive, fetchers=fetchers)
    # all that came in this run: a list that was fetched for another chain answers for this one too
    return built, ValidationMaterial(
        ocsps=once(tuple(fetchers.ocsp_fetcher.fetched_responses())),
        crls=once(tuple(fetchers.crl_fetcher.fetched_crls())),
    )


def _belonging(answer: ChainAnswer, at_hand: ValidationMaterial) -> ValidationMaterial:
    """Return the chain and the pieces about it."""
    chain = answer.certificates()
    serials = {certificate.serial_number for certificate in chain}
    authorities = {
        (one.subject.hashable, key) for one in chain for key in (one.key_identifier, None)
    }
    return replace(
        at_hand,
        certificates=once(chain),
        ocsps=tuple(one for one in at_hand.ocsps if _serials(one) & serials),
        crls=tuple(one for one in at_hand.crls if _authority(one) in authorities),
    )


def _authority(listed: crl.CertificateList) -> tuple[str, bytes | None]:
    """Return name and, when stated, key of the issuer; two authorities may bear one name."""
    stated = listed.authority_key_identifier_value
    return listed.issuer.hashable, stated["key_identifier"].native if stated else None


def _serials(answer: ocsp.OCSPResponse) -> set[int]:
    return {
        int(single["cert_id"]["serial_number"].native)
        for single in answer.basic_ocsp_response["tbs_response_data"]["responses"]
    }


def _about(kind: ChainKind, error: PathValidationError, date: datetime | None) -> ChainAnswer:
    """Name the certificate at which the chain broke."""
    try:
        name = common_name(error.current_path.last.subject)
    except (AttributeError, LookupError):
        name = UNREADABLE_NAME
    return ChainAnswer(kind=kind, date=date, name=name)
