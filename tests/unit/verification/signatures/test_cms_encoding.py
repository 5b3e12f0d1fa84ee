"""Bytes of a container that no signature protects must still be the only right ones."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from itertools import combinations

import pytest
from asn1crypto import x509
from asn1crypto.parser import parse
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfTimeStamper

from pks_kit.pki.material import ValidationMaterial
from pks_kit.verification.signatures.cms_encoding import container_flaws
from pks_kit.verification.signatures.indefinite_form import definite_form
from pks_kit.verification.signatures.signed_ranges import prove_ranges
from support import open_lengths, signed_files, tamper
from support.judging import LATER, anchors_of, judge, unknowns


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


# --- open lengths ---------------------------------------------------------------------------------


def _padding_off(content: bytes) -> bytes:
    *_, header, body, _ = parse(content)
    return content[: len(header) + len(body)]


def test_the_levels_that_java_programs_leave_open_are_a_second_right_form() -> None:
    assert _flaws(open_lengths.opened(_padding_off(_container())) + bytes(64)) == []


def _other_levels() -> list[tuple[str, ...]]:
    every = open_lengths.LEVELS
    sets = (combinations(every, count) for count in range(1, len(every)))
    return [one for some in sets for one in some if one not in OTHER_LIBRARIES.values()]


OTHER_LIBRARIES = {
    "Bouncy Castle 1.72": ("info", "wrapped", "data", "certificates"),
    "NSS": ("info", "wrapped", "data", "content"),
}


@pytest.mark.parametrize("library", OTHER_LIBRARIES)
def test_the_levels_of_other_libraries_are_forms_of_their_own(library: str) -> None:
    levels = OTHER_LIBRARIES[library]
    closed = _padding_off(_container())
    assert _flaws(open_lengths.opened(closed, levels)) == []
    assert definite_form(open_lengths.opened(closed, levels)) == closed
    longer = open_lengths.opened(closed, levels).replace(
        b"\x31\x0f\x30\x0d", b"\x31\x81\x0f\x30\x0d", 1
    )
    assert _flaws(longer) == ["length not minimal"]


@pytest.mark.parametrize("levels", _other_levels(), ids="-".join)
def test_any_other_choice_of_open_levels_is_a_flaw(levels: tuple[str, ...]) -> None:
    assert _flaws(open_lengths.opened(_padding_off(_container()), levels)) == ["length not minimal"]


def test_inside_the_open_levels_everything_is_as_strict_as_before() -> None:
    open_form = open_lengths.opened(_padding_off(_container()))
    head = b"\x02\x01\x01\x31\x0f\x30\x0d\x06\x09"
    other_version = open_form.replace(head, b"\x02\x01\x03" + head[3:])
    assert _flaws(other_version) == ["version of the container"]
    longer = open_form.replace(b"\x31\x0f\x30\x0d", b"\x31\x81\x0f\x30\x0d", 1)
    assert _flaws(longer) == ["length not minimal"]
    assert _flaws(open_form + b"\0\x01") == ["bytes after the container"]


@pytest.mark.parametrize("size", [1000, 1001])
def test_the_string_inside_has_one_part(size: int) -> None:
    text = b"\x04\x82" + size.to_bytes(2, "big") + bytes(size)
    held = b"\xa0\x80\x24\x80" + text + bytes(4)
    content = b"\x30\x80" + b"\x06\x01\x2a" + held + bytes(2)
    data = b"\x30\x80\x02\x01\x03\x31\x00" + content + b"\xa0\x80\0\0" + b"\x31\x00" + bytes(2)
    info = b"\x30\x80\x06\x01\x2a\xa0\x80" + data + bytes(4)
    assert (definite_form(info) is not None) is (size == 1000)
    again = definite_form(info.replace(text, b"\x04\x01\0\x04\x01\0"))
    assert again is None


@pytest.mark.slow
def test_a_stamp_with_open_lengths_makes_a_whole_agreement_pass() -> None:
    people = signed_files.world()
    minute = timedelta(minutes=1)
    start = signed_files.issued()
    opened = open_lengths.with_open_lengths
    one = opened(signed_files.sign(start, "TTD_PIHAK_KESATU", people.kepala))
    two = opened(signed_files.stamp(one, "METERAI_PIHAK_KESATU", signed_files.SN_1,
                                    moment=signed_files.NOW + minute))  # fmt: skip
    three = signed_files.sign(two, "TTD_PIHAK_KEDUA", people.pimpinan,
                              moment=signed_files.NOW + 2 * minute)  # fmt: skip
    four = opened(signed_files.stamp(three, "METERAI_PIHAK_KEDUA", signed_files.SN_2,
                                     moment=signed_files.NOW + 3 * minute))  # fmt: skip
    report = judge(four, issued=start)
    assert report.verdict == "passed", unknowns(report)
    (_, *facts) = prove_ranges(four, anchors_of(), {}, LATER, ValidationMaterial()).facts
    assert [(fact.sound, fact.regular) for fact in facts] == [(True, True)] * 3
    other = open_lengths.with_open_lengths(three, ("info", "wrapped", "data"))
    assert unknowns(judge(other, issued=start)) == {"signature.integrity/unusual_encoding"}


def test_document_timestamp_with_open_lengths_is_regular() -> None:
    start = signed_files.sign(signed_files.issued(), "TTD_PIHAK_KESATU",
                              signed_files.world().kepala)  # fmt: skip
    target = io.BytesIO()
    PdfTimeStamper(signed_files.stamper_of(signed_files.world())).timestamp_pdf(
        IncrementalPdfFileWriter(io.BytesIO(start)), "sha256", output=target
    )
    for levels, regular in ((open_lengths.LEVELS, True), (("content",), False)):
        content = open_lengths.with_open_lengths(target.getvalue(), levels)
        fact = prove_ranges(content, anchors_of(), {}, LATER, ValidationMaterial()).facts[-1]
        assert (fact.is_timestamp, fact.sound, fact.regular) == (True, True, regular)
        unusual = "signature.integrity/unusual_encoding" in unknowns(judge(content))
        assert unusual is not regular
