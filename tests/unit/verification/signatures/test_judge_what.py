"""Digest and key of a signature are judged whatever else a file leaves open."""

from __future__ import annotations

import pytest

from support import signed_files, tamper, third_party_pdfs
from support.judging import failures, judge, unknowns


def hybrid() -> bytes:
    return third_party_pdfs.by_hand(third_party_pdfs.raw_base(b"\n", hybrid=True))


def test_in_a_hybrid_file_later_changes_are_open_and_the_digest_is_judged() -> None:
    report = judge(hybrid())
    assert failures(report) == set()
    assert {"file.hybrid/hybrid", "signature.changes/hybrid"} <= unknowns(report)
    [one] = report.signatures
    assert (one.intact, one.signer) == (True, third_party_pdfs.NAME)
    assert report.verdict == "indeterminate"


def test_in_a_hybrid_file_a_broken_digest_fails() -> None:
    content = hybrid()
    place = content.index(b"obj", 20)
    broken = content.replace(b"%\xe2\xe3\xcf\xd3", b"%\xe2\xe3\xcf\xd2", 1)
    if broken == content:
        broken = tamper.replaced_byte(content, content.rindex(b"Setuju", place))
    assert "signature.integrity/changed" in failures(judge(broken))


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_weak_hash_is_called_what_it_is(algorithm: str) -> None:
    field = signed_files.fields.SigFieldSpec("A", on_page=0, box=(60, 60, 260, 120))
    content = signed_files.sign(
        third_party_pdfs.base(), "A", signed_files.world().kepala, new_field=field,
        md_algorithm=algorithm, subfilter=signed_files.fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
    )  # fmt: skip
    report = judge(content)
    weak = "signature.integrity/weak_hash" in unknowns(report)
    assert weak is (algorithm == "sha1")
    assert "signature.integrity/unusual_encoding" not in unknowns(report)
    assert report.signatures[0].intact
