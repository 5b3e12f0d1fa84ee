"""Read what a request holds, once and at the beginning: bytes, text, a path, or data.

Text (``str``) is always the content of a file, never its name; a ``Path`` is always a file. A
:class:`~pks_kit.files.NamedFile`, as results hold it, goes into the next request as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Union

from pks_kit.errors import InputError, UsageError
from pks_kit.files import NamedFile, read_limited
from pks_kit.limits import RECEIPT_BYTES

if TYPE_CHECKING:
    from pks_kit.domain.receipt import Receipt

FileInput = bytes | Path | NamedFile
"""A file that is no text: a PDF, a certificate, a workbook."""

TextInput = str | bytes | Path | NamedFile
"""A file of text: its content, or where it stands."""

ReceiptInput = Union[str, bytes, Path, NamedFile, "Receipt"]
"""A receipt: the file, or what it says. Its class is imported only where there is a receipt."""


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes that were read at the door.

    Attributes:
        name: Name without a folder.
        shown: What messages call it; for a path, the path.
        content: All bytes.
    """

    name: str
    shown: str
    content: bytes = field(repr=False)


def read_file(given: TextInput, limit: int, place: str) -> Content:
    """Return the content of a file that a request holds.

    Args:
        given: The content, or where it stands.
        limit: Most bytes.
        place: What messages call it when it has no name.

    Raises:
        UsageError: ``request.path_as_text`` for text that looks like the name of a file.
        InputError: ``file.too_large``; for a path also ``file.not_found`` and its kin.
    """
    if isinstance(given, Path):
        return Content(given.name, str(given), read_limited(given, limit))
    if isinstance(given, str):
        given = NamedFile(place, _encoded(given, place))
    elif isinstance(given, bytes):
        given = NamedFile(place, given)
    if len(given.content) > limit:
        raise InputError("file.too_large", file=given.name, limit=limit)
    return Content(given.name, given.name, given.content)


def _encoded(text: str, place: str) -> bytes:
    """Return text in UTF-8; a lone surrogate stays one and is refused by whoever reads it."""
    one_line = text.strip()
    if "\n" not in one_line and Path(one_line[:300]).suffix and not one_line.startswith(("{", "[")):
        raise UsageError("request.path_as_text", field=place)
    return text.encode("utf-8", "surrogatepass")


def read_receipt(given: ReceiptInput, place: str) -> Receipt:
    """Return a receipt that a request holds.

    Raises:
        InputError: ``receipt.invalid``; as :func:`read_file`.
    """
    from pks_kit.domain.receipt import Receipt, parse_receipt

    if isinstance(given, Receipt):
        return given
    read = read_file(given, RECEIPT_BYTES, place)
    return parse_receipt(read.content, read.shown)
