"""Read what a request holds, once and at the beginning: bytes, text, a path, or data.

Text (``str``) is always the content of a file, never its name; a ``Path`` is always a file. A
:class:`~pks_kit.files.NamedFile`, as results hold it, goes into the next request as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pks_kit.domain.adendum import Adendum
from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.receipt import Receipt, parse_receipt
from pks_kit.errors import InputError, UsageError
from pks_kit.files import NamedFile, read_limited
from pks_kit.inputs import LoadedAdendum, LoadedKontrak, parse_adendum, parse_kontrak
from pks_kit.inputs.contract_file import MAXIMUM_BYTES
from pks_kit.inputs.plain_data import NO_TREE, canonical_bytes, read_data

FileInput = bytes | Path | NamedFile
"""A file that is no text: a PDF, a certificate, a workbook."""

TextInput = str | bytes | Path | NamedFile
"""A file of text: its content, or where it stands."""

KontrakInput = str | bytes | Path | NamedFile | Mapping[str, object] | Kontrak
"""Contract data: a file of text, or the data as a mapping or model."""

AdendumInput = str | bytes | Path | NamedFile | Mapping[str, object] | Adendum
"""Data of an addendum: a file of text, or the data as a mapping or model."""

ReceiptInput = str | bytes | Path | NamedFile | Receipt
"""A receipt: the file, or what it says."""

RECEIPT_LIMIT = 2 * 1024 * 1024
"""Largest receipt in bytes."""

_ZIP = b"PK\x03\x04"


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


def read_kontrak(given: KontrakInput, place: str) -> LoadedKontrak:
    """Return contract data that a request holds.

    Raises:
        UsageError: ``request.path_as_text``, ``request.not_data``.
        InputError: As :func:`read_file`.
        InputProblemsError: ``input.problems`` with everything that is wrong in it.
    """
    if isinstance(given, Mapping | Kontrak):
        kontrak = read_data(Kontrak, given, place)
        content = canonical_bytes(kontrak)
        return LoadedKontrak(kontrak=kontrak, source=place, source_bytes=content, tree=NO_TREE)
    read = read_file(given, MAXIMUM_BYTES, place)
    return parse_kontrak(read.content, read.name)


def read_adendum(given: AdendumInput, induk: KontrakInput | None, place: str) -> LoadedAdendum:
    """Return an addendum and the earlier agreement.

    Args:
        given: The addendum.
        induk: Contract data of the earlier agreement; None takes the file that the addendum
            names, which lies in its folder.
        place: What messages call the addendum when it has no name.

    Raises:
        UsageError: ``addendum.no_induk`` when neither is known; as :func:`read_kontrak`.
        InputError: As :func:`read_file`, for either file.
        InputProblemsError: ``input.problems`` with everything that is wrong in one of them.
    """
    if isinstance(given, Mapping | Adendum):
        adendum = read_data(Adendum, given, place)
        read, tree = Content(place, place, canonical_bytes(adendum)), NO_TREE
    else:
        read = read_file(given, MAXIMUM_BYTES, place)
        adendum, tree = parse_adendum(read.content, read.name)
    if induk is None:
        if not isinstance(given, Path):
            raise UsageError("addendum.no_induk", file=adendum.perjanjian_induk.berkas)
        induk = given.parent / adendum.perjanjian_induk.berkas
    return LoadedAdendum(
        adendum=adendum,
        induk=read_kontrak(induk, f"{place.partition('.')[0]}.induk"),
        source=read.name,
        source_bytes=read.content,
        tree=tree,
    )


def read_receipt(given: ReceiptInput, place: str) -> Receipt:
    """Return a receipt that a request holds.

    Raises:
        InputError: ``receipt.invalid``; as :func:`read_file`.
    """
    if isinstance(given, Receipt):
        return given
    read = read_file(given, RECEIPT_LIMIT, place)
    return parse_receipt(read.content, read.shown)


def is_workbook(given: object) -> bool:
    """Return whether a request holds a workbook, by its name, or by its bytes when it has none."""
    from pks_kit.inputs.workbook import is_workbook_name

    if isinstance(given, Path):
        return is_workbook_name(given)
    if isinstance(given, NamedFile):
        return is_workbook_name(Path(given.name)) or given.content.startswith(_ZIP)
    return isinstance(given, bytes) and given.startswith(_ZIP)
