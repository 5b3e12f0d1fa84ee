"""Files that a batch is planned from: what is none by its bytes is named before any work begins."""

from __future__ import annotations

from pks_kit.errors import InputError, PksKitError
from pks_kit.inputs.text_file import other_kind
from pks_kit.inputs.workbook.package import refuse_another_kind
from pks_kit.web.state.files import StoredFile
from pks_kit.web.store import Blobs

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IN_OLD_BOOKS = tuple(one.encode("utf-16-le") for one in ("Workbook", "Book"))
_TEXT = (".yml", ".yaml")
_IS_TEXT = "workbook.is.text"


def refuse_no_book(name: str, content: bytes) -> None:
    """Refuse a file that holds no data of agreements; page and API tell the same.

    Args:
        name: Its name; data of one agreement are text and are called so.
        content: What it holds.

    Raises:
        InputError: ``workbook.is.*`` says what it is instead, ``workbook.old_or_locked``.
    """
    try:
        refuse_another_kind(content, name)
    except InputError as error:
        if error.code != _IS_TEXT or not name.lower().endswith(_TEXT):
            raise


def is_book(content: bytes) -> bool:
    """Return whether a file is a workbook by its bytes, also one that no batch takes."""
    if content.startswith(_OLE):
        return any(one in content for one in _IN_OLD_BOOKS)
    return other_kind(content) == "workbook"


def content_of(blobs: Blobs, file: StoredFile) -> bytes:
    """Return what a file of the store holds.

    Raises:
        PksKitError: ``web.content_lost``.
        InputError: The store does not give it; whoever is told so learns no path of the server.
        LedgerError: ``store.unavailable``.
    """
    try:
        return blobs.read(file.id)
    except InputError as error:
        if error.code == "file.not_found":
            raise PksKitError("web.content_lost") from error
        raise InputError(error.code, **{**error.params, "file": file.nama}) from error
