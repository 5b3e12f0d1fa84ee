"""A wrong file given as the issued one is told as that, before any other file is judged."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from tests.support import signed_files

from pks_kit.errors import InputError
from pks_kit.pipelines.verify import VerifyRequest, verify
from pks_kit.pipelines.verifying.given_issued import read_issued
from pks_kit.verification.limits import Limits


def _locked(user: str, version: int) -> bytes:
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(signed_files.plain_pdf())) as pdf:
        lock = pikepdf.Encryption(user=user, owner="b", R=version)
        pdf.save(
            written,
            encryption=lock,
            object_stream_mode=pikepdf.ObjectStreamMode.generate if version == 6 else 0,
        )
    return written.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        _locked("a", 6),
        _locked("", 6),
        _locked("a", 4),
        b"",
        b"PK\x03\x04 xl/workbook.xml",
        b"\x89PNG\r\n\x1a\n",
        b"versi_templat: pks_2024\n",
        signed_files.plain_pdf()[:200],
        b"\n" * 20 + signed_files.plain_pdf(),
    ],
    ids=["locked", "restricted", "old_lock", "empty", "excel", "picture", "text", "cut", "behind"],
)
def test_no_file_is_judged_by_what_cannot_be_an_issued_one(content: bytes) -> None:
    with pytest.raises(InputError) as caught:
        verify(VerifyRequest(pdf=signed_files.plain_pdf(), issued=content, isolated=False))
    assert caught.value.code == "verify.issued_unusable"
    assert caught.value.text.id.startswith("issued, yang diberikan sebagai berkas terbit")
    assert "{" not in caught.value.text.id + caught.value.text.en


def test_the_issued_file_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "terbit.pdf"
    path.write_bytes(signed_files.issued())
    assert read_issued(path, Limits(), "issued").content == signed_files.issued()


def test_two_files_that_are_swapped_are_told_as_that() -> None:
    start, longer = signed_files.plain_pdf(), signed_files.plain_pdf() + b"\n%%EOF\n"
    report = verify(VerifyRequest(pdf=start, issued=longer, isolated=False)).report
    (prefix,) = [one for one in report.checks if one.code == "issued.prefix"]
    assert "awal dari berkas terbit" in prefix.message.id
