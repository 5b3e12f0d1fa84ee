"""A ZIP that is no evidence file is called what it is."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import openpyxl
import pytest

from pks_kit.verification.evidence_file import README, REQUIRED, Refused, pack, unpack


def word() -> bytes:
    target = io.BytesIO()
    docx.Document().save(target)
    return target.getvalue()


def workbook() -> bytes:
    target = io.BytesIO()
    openpyxl.Workbook().save(target)
    return target.getvalue()


def open_document() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<x/>")
    return target.getvalue()


@pytest.mark.parametrize(
    ("make", "kind"),
    [(word, "Word (.docx)"), (workbook, "Excel (.xlsx)"), (open_document, "OpenDocument (.odt)")],
    ids=["Word", "Excel", "OpenDocument"],
)
def test_an_office_file_is_called_one(make: Callable[[], bytes], kind: str) -> None:
    assert unpack(make()) == Refused("office", kind)


def test_an_evidence_file_whose_files_speak_of_office_files_is_none() -> None:
    files = {name: b"word/document.xml" for name in REQUIRED}
    assert unpack(pack(files)) == files
    assert README in files


def test_another_archive_is_only_told_to_be_none_of_ours() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", "x")
    assert unpack(target.getvalue()) == Refused("unexpected", "a.txt")
