"""What is no scan is told by its first bytes, whatever follows."""

from __future__ import annotations

import io
import zipfile

import pytest

from pks_kit.files import NamedFile
from pks_kit.pipelines.verifying.other_kinds import other_kind
from pks_kit.pipelines.verifying.paper import may_be_pages
from pks_kit.pipelines.verifying.returned_files import take_in
from pks_kit.verification.limits import Limits

PDF = b"%PDF-1.7\n" + b"x" * 50


def zipped(how: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive:
        archive.writestr("pindaian.pdf", PDF)
    return made.getvalue()


OTHERS = [
    (zipped(zipfile.ZIP_STORED), "zip"),
    (zipped(zipfile.ZIP_DEFLATED), "zip"),
    (b"Rar!\x1a\x07\x01\x00" + PDF, "rar"),
    (b"7z\xbc\xaf\x27\x1c" + PDF, "sevenzip"),
    (b"\x1f\x8b\x08" + PDF, "gzip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + PDF, "office_old"),
    (b"{\\rtf1 " + PDF, "rtf"),
    (b"\x00\x00\x00\x18ftypheic" + PDF, "heic"),
    (b"RIFF\x00\x00\x00\x00WEBP" + PDF, "webp"),
    (b"GIF89a" + PDF, "gif"),
]


@pytest.mark.parametrize(("content", "kind"), OTHERS, ids=range(len(OTHERS)))
def test_a_container_is_no_scan_whatever_it_holds(content: bytes, kind: str) -> None:
    assert other_kind(content) == kind
    assert not may_be_pages(content)
    (taken,) = take_in([NamedFile("kembali.pdf", content)], Limits(), isolated=False)
    assert taken.told.state == "not_a_scan"
    assert "bukan pindaian" in taken.told.text.id
    assert "melainkan" in taken.told.text.id


@pytest.mark.parametrize(
    "content", [PDF, b"\n\n" + PDF, b"\xff\xd8\xff\xe0", b"\x89PNG", b"II*\x00"]
)
def test_what_may_be_a_scan_is_none_of_them(content: bytes) -> None:
    assert other_kind(content) is None
