"""A chain that lacks a certificate: what lacks is named, and nobody is suspected."""

from __future__ import annotations

from functools import cache

import pytest

from pks_kit.pki.anchors import TrustAnchor, read_anchors
from support import signed_files, third_party_pdfs
from support.judging import anchors_of, judge, unknowns

FIELD = signed_files.fields.SigFieldSpec("A", on_page=0, box=(60, 60, 260, 120))


@cache
def people() -> tuple[signed_files.Identity, signed_files.Identity, signed_files.Identity]:
    """Two authorities below the root, the second below the first, and a person."""
    name, made = signed_files.name, signed_files._certificate
    upper = made(name("Penerbit Atas", "Andai"), signed_files.world().root, ca=True)
    lower = made(name("Penerbit Antara", "Andai"), upper, ca=True)
    return upper, lower, made(name("Siti Contohwati", "Klinik"), lower)


def anchors_with(*given: int) -> tuple[TrustAnchor, ...]:
    pems = (people()[one].pem for one in given)
    return (*anchors_of(), *(one for pem in pems for one in read_anchors(pem, "x.pem", {})))


def signed(*brought: int) -> bytes:
    """Sign with the person, who brings some of the authorities (0 upper, 1 lower)."""
    *above, person = people()
    chain = tuple(above[one].certificate for one in brought)
    identity = signed_files.Identity(person.certificate, person.key, chain)
    return signed_files.sign(third_party_pdfs.base(), "A", identity, new_field=FIELD)


@pytest.mark.parametrize(
    ("brought", "missing"),
    [((), "Penerbit Antara"), ((0,), "Penerbit Antara"), ((1,), "Penerbit Atas")],
)
def test_the_certificate_that_lacks_is_named(brought, missing):
    report = judge(signed(*brought))
    found = {check.code: check for check in report.checks}
    assert found["signature.trust"].reason == "no_issuer"
    assert found["signature.trust"].params["missing"] == missing
    assert found["signature.integrity"].status == "passed"
    assert "signature.trust/no_issuer" in unknowns(report)
    assert report.verdict != "passed"


def test_with_the_chain_it_is_trusted():
    report = judge(signed(0, 1))
    trust = next(check for check in report.checks if check.code == "signature.trust")
    assert trust.status == "passed"


@pytest.mark.parametrize("given", [(0, 1), (1,)])
def test_what_lacks_can_be_given(given):
    report = judge(signed(), anchors=anchors_with(*given))
    found = {check.code: check.status for check in report.checks}
    assert found["signature.trust"] == found["signature.integrity"] == "passed"


def test_an_anchor_that_lies_in_the_container_vouches_for_itself():
    report = judge(signed(1), anchors=anchors_with(1))
    found = {check.code: check.status for check in report.checks}
    assert found["signature.trust"] == found["signature.integrity"] == "passed"


def test_a_chain_that_ends_at_a_stranger_lacks_nothing():
    stranger = signed_files._certificate(signed_files.name("Siti Contohwati", "Klinik"), None)
    content = signed_files.sign(third_party_pdfs.base(), "A", stranger, new_field=FIELD)
    report = judge(content)
    assert "signature.trust/no_chain" in unknowns(report)


def test_a_certificate_beside_the_way_is_still_unusual():
    *_, person = people()
    other = signed_files._certificate(signed_files.name("Orang Lain", "X"), people()[1])
    identity = signed_files.Identity(person.certificate, person.key, (other.certificate,))
    content = signed_files.sign(third_party_pdfs.base(), "A", identity, new_field=FIELD)
    report = judge(content)
    assert "signature.integrity/unusual_encoding" in unknowns(report)
