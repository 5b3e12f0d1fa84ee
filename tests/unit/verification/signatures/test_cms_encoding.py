"""Bytes of a container that no signature protects must still be the only right ones."""

from __future__ import annotations

import re

import pytest
from asn1crypto import x509

from pks_kit.verification.signatures.cms_encoding import container_flaws
from support import signed_files, tamper
from support.judging import anchors_of


def _container() -> bytes:
    _, one, *_ = signed_files.signed_steps()
    begin, end = tamper.containers(one)[-1]
    return bytes.fromhex(one[begin:end].strip(b"<>").decode())


def _flaws(content: bytes) -> list[str]:
    return container_flaws(content, [x509.Certificate.load(one.der) for one in anchors_of()])


def test_our_own_container_is_canonical() -> None:
    assert _flaws(_container()) == []


@pytest.mark.parametrize("which", range(3))
def test_the_count_of_unused_bits_of_a_certificate_signature_is_zero(which: int) -> None:
    content = _container()
    places = [found.end() for found in re.finditer(rb"\x03[\x46-\x49](?=\x00\x30)", content)]
    place = places[which % len(places)]
    assert content[place] == 0
    assert _flaws(content[:place] + b"\x01" + content[place + 1 :])


def test_the_version_of_the_container_follows_from_what_is_in_it() -> None:
    content = _container()
    head = b"\x02\x01\x01\x31\x0f\x30\x0d\x06\x09"  # version 1, one digest algorithm
    assert content.count(head) == 1
    assert _flaws(content.replace(head, b"\x02\x01\x03" + head[3:])) == ["version of the container"]


@pytest.mark.parametrize("body", [b"", b"\x08\xff", b"\x01\x01", b"\x03"])
def test_bits_that_are_not_der(body: bytes) -> None:
    encoded = b"\x30" + bytes([2 + len(body)]) + b"\x03" + bytes([len(body)]) + body
    assert _flaws(encoded + b"\0" * 8)
