"""pyHanko asks through our interface: whom, how often, and what it gets."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from urllib.request import urlopen

import pytest
from asn1crypto import ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko_certvalidator.authority import AuthorityWithCert
from pyhanko_certvalidator.errors import CRLFetchError, OCSPFetchError

from pks_kit.messages import known_codes
from pks_kit.pki.certificate_addresses import names_address
from pks_kit.pki.chains import Subject, gather, read_trust
from pks_kit.pki.fetchers import UnusableError, make_fetchers
from pks_kit.pki.material import ValidationMaterial
from pks_kit.pki.revocation_http import HttpRevocation
from pks_kit.pki.revocation_query import ask_about

DER = serialization.Encoding.DER
OCSP = ("http://a.test/ocsp", "ldap://b.test/ocsp", "http://c.test/ocsp")
LISTS = ("http://a.test/1.crl", "ldap://b.test/2.crl", "http://c.test/3.crl")
REFUSED = ocsp.OCSPResponse({"response_status": "unauthorized"}).dump()


def certificate(
    ocsp_at: tuple[str, ...] = OCSP, lists_at: tuple[str, ...] = LISTS
) -> asn1_x509.Certificate:
    """Return one that names these places."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "UJI")])
    answering = [
        x509.AccessDescription(
            x509.AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(one)
        )
        for one in ocsp_at
    ]
    listing = [
        x509.DistributionPoint([x509.UniformResourceIdentifier(one)], None, None, None)
        for one in lists_at
    ]
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 3, now, now + timedelta(days=1))
    if answering:
        builder = builder.add_extension(x509.AuthorityInformationAccess(answering), critical=False)
    if listing:
        builder = builder.add_extension(x509.CRLDistributionPoints(listing), critical=False)
    return asn1_x509.Certificate.load(builder.sign(key, hashes.SHA256()).public_bytes(DER))


class Answers:
    """A network of two kinds of place: those that give something, and all others."""

    def __init__(self, **given: bytes) -> None:
        self.given = {f"http://{host}.test": content for host, content in given.items()}
        self.asked: list[tuple[str, bool]] = []
        self.unusable: list[str] = []

    async def __call__(self, url, limit, question, read):
        self.asked.append((url, question is not None))
        assert limit == (11 if question else 22)
        content = self.given.get(url.rpartition("/")[0])
        if content is None:
            return None
        try:
            return read(content)
        except UnusableError as error:
            self.unusable.append(str(error))
            return None

    def fetchers(self):
        return make_fetchers(self, ocsp_limit=11, list_limit=22)


@pytest.fixture(scope="module")
def lists(served) -> bytes:
    with urlopen(f"{served.url}/uji/crls/bsre/latest.crl") as answer:  # noqa: S310
        return answer.read()


@pytest.fixture(scope="module")
def answered(served) -> bytes:
    """Return any OCSP answer of the world."""
    source = HttpRevocation()
    chain = [served.certificate(one).public_bytes(DER) for one in ("pihak_kesatu", "bsre", "akar")]
    return asyncio.run(ask_about(chain, datetime.now(UTC), chain[2:], source)).ocsps[0]


def test_every_place_is_asked_until_one_answers_and_none_twice(answered):
    network, one = Answers(c=answered), certificate()
    fetcher = network.fetchers().ocsp_fetcher

    async def ask_twice():
        return [await fetcher.fetch(one, AuthorityWithCert(one)) for _ in range(2)]

    assert [got.dump() for got in asyncio.run(ask_twice())] == [answered] * 2
    assert network.asked == [(url, True) for url in OCSP if url.startswith("http")]
    assert [got.dump() for got in fetcher.fetched_responses()] == [answered]
    assert [got.dump() for got in fetcher.fetched_responses_for_cert(one)] == [answered]
    assert list(fetcher.fetched_responses_for_cert(certificate())) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [(REFUSED, "ocsp_unauthorized"), (b"", "no_ocsp"), (b"<html>", "no_ocsp")],
)
def test_an_answer_that_is_none_is_named_and_the_next_place_asked(content, words):
    network, one = Answers(a=content), certificate()
    fetcher = network.fetchers().ocsp_fetcher
    for _ in range(2):
        with pytest.raises(OCSPFetchError):
            asyncio.run(fetcher.fetch(one, AuthorityWithCert(one)))
    assert network.unusable == [words]
    assert f"service.cause.{words}" in known_codes()
    assert len(network.asked) == 2
    assert list(fetcher.fetched_responses()) == []


def test_every_list_is_fetched_once_for_all_certificates(lists):
    network, one, other = Answers(a=lists), certificate(), certificate()
    fetcher = network.fetchers().crl_fetcher
    with pytest.raises(KeyError):
        fetcher.fetched_crls_for_cert(one)
    for each in (one, one, other):
        (got,) = asyncio.run(fetcher.fetch(each))
        assert got.dump() == lists
    assert network.asked == [("http://a.test/1.crl", False), ("http://c.test/3.crl", False)]
    assert [got.dump() for got in fetcher.fetched_crls_for_cert(one)] == [lists]
    assert [got.dump() for got in fetcher.fetched_crls()] == [lists]


@pytest.mark.parametrize("content", [b"", b"<html>", REFUSED])
def test_a_list_that_is_none(content):
    network, one = Answers(a=content), certificate()
    fetcher = network.fetchers().crl_fetcher
    for _ in range(2):
        with pytest.raises(CRLFetchError):
            asyncio.run(fetcher.fetch(one))
    assert network.unusable == ["no_list"]
    assert len(network.asked) == 2


@pytest.mark.parametrize(
    ("ocsp_at", "lists_at", "names"),
    [
        (OCSP, (), True),
        ((), LISTS, True),
        ((), (), False),
        (("ldap://b.test/ocsp",), ("ldap://b.test/2.crl",), False),
    ],
)
def test_whether_anybody_can_be_asked(ocsp_at, lists_at, names):
    assert names_address(certificate(ocsp_at, lists_at)) is names


def test_no_issuer_is_ever_fetched():
    network, one = Answers(), certificate()
    fetcher = network.fetchers().cert_fetcher

    async def all_of(found):
        return [each async for each in found]

    assert asyncio.run(all_of(fetcher.fetch_cert_issuers(one))) == []
    assert asyncio.run(all_of(fetcher.fetch_crl_issuers(None))) == []
    assert list(fetcher.fetched_certs()) == []
    assert network.asked == []


def chain_of(world, label: str) -> list[bytes]:
    return [world.certificate(one).public_bytes(DER) for one in (label, "bsre", "akar")]


def test_silence_about_one_link_does_not_hide_what_is_said_of_the_next(world):
    """The list of the root cannot be had; that the signer was revoked is learned all the same."""
    world.down.add("crls")
    chain = chain_of(world, "dicabut")
    source = HttpRevocation()
    answer = asyncio.run(ask_about(chain, datetime.now(UTC), chain[2:], source))
    assert (answer.built, answer.rejected, len(answer.ocsps)) == (True, False, 1)
    assert "HTTP 503" in source.failures[0]


def test_a_list_that_the_user_gave_and_that_is_too_old_does_not_keep_from_asking(world):
    chain = chain_of(world, "pihak_kesatu")
    world.ahead = timedelta(days=-40)
    with urlopen(f"{world.url}/uji/crls/akar/latest.crl") as of_root:  # noqa: S310
        old = of_root.read()
    with urlopen(f"{world.url}/uji/crls/bsre/latest.crl") as of_issuer:  # noqa: S310
        older = of_issuer.read()
    world.ahead = timedelta(0)
    world.asked.clear()
    certificates = [asn1_x509.Certificate.load(one) for one in chain]
    subject = Subject(
        certificate=certificates[0], brought=(certificates[1],), moment=datetime.now(UTC)
    )
    trust = read_trust(chain[2:], [old, older])
    alone, _ = asyncio.run(gather(subject, trust, ValidationMaterial(), None))
    assert alone.kind == "unknown"
    answer, _ = asyncio.run(gather(subject, trust, ValidationMaterial(), HttpRevocation()))
    assert answer.kind == "good"
    assert "/uji/ocsp/bsre" in world.asked
