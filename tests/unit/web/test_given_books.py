"""What is no workbook is named by its bytes, alike at the page and at the API."""

from __future__ import annotations

import io
import zipfile

import pytest

from pks_kit.errors import InputError
from pks_kit.inputs.workbook import write_workbook
from pks_kit.web.given_books import is_book, refuse_no_book
from support.sample import sample


def packed(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (packed("[Content_Types].xml", "word/document.xml"), "workbook.is.word"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "workbook.old_or_locked"),
        (b"%PDF-1.7\n", "workbook.is.pdf"),
        (packed("foto.txt"), "workbook.is.zip"),
        (b"\xff\xd8\xff\xe0" + bytes(20), "workbook.is.picture"),
        (b"nama;kode\n", "workbook.is.text"),
        (b"", "workbook.is.empty"),
    ],
)
def test_another_file_is_named_whatever_it_is_called(content: bytes, code: str) -> None:
    names = ["faskes.xlsx", "data"] + ([] if code == "workbook.is.text" else ["data.yml"])
    for name in names:
        with pytest.raises(InputError) as caught:
            refuse_no_book(name, content)
        assert caught.value.code == code
        assert name in caught.value.text.id


def test_data_of_agreements_are_taken() -> None:
    refuse_no_book("faskes.xlsx", write_workbook({"k1": sample()}))
    refuse_no_book("Klinik.YAML", b"versi_templat: pks_2024\n")


def _zip(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for one in names:
            archive.writestr(one, "x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (_zip("[Content_Types].xml", "xl/workbook.xml"), True),
        (_zip("[Content_Types].xml", "xl/workbook.bin"), True),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "Workbook".encode("utf-16-le"), True),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), False),
        (_zip("[Content_Types].xml", "word/document.xml"), False),
        (_zip("scan.pdf"), False),
        (b"%PDF-1.7 xl/workbook.xml", False),
        (b"", False),
    ],
)
def test_a_workbook_is_known_by_its_bytes_whatever_it_is_called(
    content: bytes, wanted: bool
) -> None:
    assert is_book(content) is wanted
