"""Open an XLSX file from outside: a ZIP within limits, without macros, links out or other cargo.

An XLSX is a ZIP of XML parts. Only the parts that hold cells are ever read; what else may lie in
the file (pictures, themes, printer settings) is never opened.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError
from xml.parsers import expat

from pks_kit.errors import InputError
from pks_kit.files import read_limited
from pks_kit.inputs.text_file import other_kind

MAXIMUM_BYTES = 25_000_000
MAXIMUM_PARTS = 400
MAXIMUM_PART_BYTES = 160_000_000
MAXIMUM_UNPACKED_BYTES = 240_000_000
MAXIMUM_RATIO = 200
"""Unpacked to packed size of one part; sheets of equal rows reach about 60."""
SMALL_PART_BYTES = 1_000_000
"""Below this a part may be packed as well as it likes."""
MAXIMUM_ELEMENTS = 16_000_000
MAXIMUM_DEPTH = 40

"""Names that are meant as a workbook; only ``.xlsx`` is accepted."""

_BY_SUFFIX = {
    ".xlsm": "macro_kind",
    ".xltm": "macro_kind",
    ".xlam": "macro_kind",
    ".xlsb": "xlsb",
    ".xls": "xls",
    ".xltx": "template",
    ".ods": "ods",
    ".fods": "ods",
}
_BY_BYTES = frozenset({"word", "pdf", "html", "xml", "rtf", "picture"})
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_REFUSED = (
    ("vba", "workbook.macro"),
    ("macrosheets/", "workbook.macro"),
    ("dialogsheets/", "workbook.macro"),
    ("customui/", "workbook.macro"),
    ("activex/", "workbook.embedded"),
    ("embeddings/", "workbook.embedded"),
    ("oleobject", "workbook.embedded"),
    ("externallinks/", "workbook.external"),
    ("connections.xml", "workbook.external"),
    ("querytables/", "workbook.external"),
    ("webextensions/", "workbook.external"),
)
_HARMLESS_EXTERNAL = "/hyperlink"
"""Excel makes a link of every typed e-mail address; links are never followed here."""


def _folded(part: str) -> str:
    """Return the name of a part without capitals, backslashes and a slash at its begin."""
    return part.replace("\\", "/").lstrip("/").casefold()


def local(tag: str) -> str:
    """Return the name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]


def attribute(element: Element, name: str) -> str | None:
    """Return an attribute by its name without namespace."""
    for key, value in element.attrib.items():
        if local(key) == name:
            return value
    return None


@dataclass(slots=True)
class Package:
    """An opened XLSX: its parts by name, read within limits.

    Args:
        source: Name of the file, for messages.
        archive: The ZIP.
        parts: Name of each part.
    """

    source: str
    archive: zipfile.ZipFile
    parts: frozenset[str]
    elements: int = field(default=0)
    names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Know the parts by names as other programs write them."""
        self.names = {_folded(part): part for part in self.parts}

    def damaged(self, part: str) -> InputError:
        """Return the error for a part that cannot be read."""
        return InputError("workbook.damaged", file=self.source, part=part[:80])

    def events(self, part: str) -> Iterator[tuple[str, Element, int]]:
        """Yield start and end of every element of a part with its depth (1 is the root).

        Raises:
            InputError: ``workbook.damaged``, ``workbook.dtd`` or ``workbook.too_large``.
        """
        from defusedxml.common import DefusedXmlException
        from defusedxml.ElementTree import iterparse

        depth = 0
        try:
            with self._open(part) as stream:
                walk: Any = iterparse(stream, events=("start", "end"), forbid_dtd=True)
                for event, element in walk:
                    if event == "start":
                        depth += 1
                        self.elements += 1
                        if depth > MAXIMUM_DEPTH or self.elements > MAXIMUM_ELEMENTS:
                            raise InputError("workbook.too_large", file=self.source)
                        yield event, element, depth
                    else:
                        yield event, element, depth
                        depth -= 1
        except DefusedXmlException as error:
            raise InputError("workbook.dtd", file=self.source, part=part[:80]) from error
        except _UNREADABLE as error:
            raise self.damaged(part) from error

    def feed(self, part: str, walk: Walk) -> None:
        """Let a walk see every element and text of a part, within the same limits.

        Raises:
            InputError: As :meth:`events`, and what the walk raises.
        """
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        walk.bind(self)
        parser.StartElementHandler = walk.start
        parser.EndElementHandler = walk.end
        parser.CharacterDataHandler = walk.text

        def refuse(*_: object) -> None:
            raise InputError("workbook.dtd", file=self.source, part=part[:80])

        parser.StartDoctypeDeclHandler = refuse
        try:
            with self._open(part) as stream:
                parser.ParseFile(stream)
        except _UNREADABLE as error:
            raise self.damaged(part) from error

    def tree(self, part: str) -> Element:
        """Return a small part whole.

        Raises:
            InputError: As :meth:`events`.
        """
        root: Element | None = None
        for _, element, depth in self.events(part):
            if depth == 1:
                root = element
        if root is None:
            raise self.damaged(part)
        return root

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return the links of a part: id -> (kind, name of the part it leads to)."""
        folder, name = posixpath.split(part)
        links = posixpath.join(folder, "_rels", f"{name}.rels")
        if not self.has(links):
            return {}
        found: dict[str, tuple[str, str]] = {}
        for link in self.tree(links):
            kind = link.get("Type", "")
            if link.get("TargetMode", "").casefold() == "external":
                if not kind.endswith(_HARMLESS_EXTERNAL):
                    raise InputError("workbook.external", file=self.source)
                continue
            target = posixpath.normpath(posixpath.join("/", folder, link.get("Target", "")))
            found[link.get("Id", "")] = (kind.rpartition("/")[2], target.lstrip("/"))
        return found

    def _open(self, part: str) -> IO[bytes]:
        stored = self.names.get(_folded(part))
        if stored is None:
            raise self.damaged(part)
        return self.archive.open(stored)

    def has(self, part: str) -> bool:
        """Return whether there is such a part; capitals do not count (ECMA-376 part 2, 6.3.5)."""
        return _folded(part) in self.names


class Walk:
    """Sees the elements of a part one after the other; a subclass takes what it wants.

    Attributes:
        depth: How deep the element is that is open; 1 is the root.
    """

    def __init__(self) -> None:
        self.depth = 0
        self._package: Package | None = None
        self._names: dict[str, str] = {}

    def bind(self, package: Package) -> None:
        """Count elements for a package."""
        self._package = package

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element, as the parser tells it."""
        package = self._package
        if package is None:
            raise AssertionError("not bound")
        self.depth += 1
        package.elements += 1
        if self.depth > MAXIMUM_DEPTH or package.elements > MAXIMUM_ELEMENTS:
            raise InputError("workbook.too_large", file=package.source)
        name = self._names.get(tag)
        if name is None:
            name = self._names[tag] = local(tag)
        self.entered(name, attributes)

    def end(self, tag: str) -> None:
        """End an element, as the parser tells it."""
        self.left(self._names[tag])
        self.depth -= 1

    def entered(self, name: str, attributes: dict[str, str]) -> None:
        """Take an element that begins."""

    def left(self, name: str) -> None:
        """Take an element that ends."""

    def text(self, data: str) -> None:
        """Take text."""


_UNREADABLE = (
    expat.ExpatError,
    ParseError,
    ValueError,
    LookupError,
    EOFError,
    OSError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What zipfile and the XML parser raise on damaged bytes (``RuntimeError``: a password)."""


def read_package(path: Path) -> bytes:
    """Return the bytes of a file that is called XLSX; it is not opened.

    Raises:
        InputError: ``file.*``, ``workbook.is.*`` saying which other kind its name tells.
    """
    if path.name.startswith(("~$", ".~lock.")):
        raise InputError("workbook.is.lock", file=path.name)
    suffix = path.suffix.casefold()
    if suffix != ".xlsx":
        raise InputError(f"workbook.is.{_BY_SUFFIX.get(suffix, 'other')}", file=path.name)
    return read_limited(path, MAXIMUM_BYTES)


def parse_package(content: bytes, source: str) -> Package:
    """Open the bytes of an XLSX.

    Raises:
        InputError: ``workbook.*`` saying why the file is refused.
    """
    refuse_another_kind(content, source)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
    except (*_UNREADABLE, NotImplementedError) as error:
        raise InputError("workbook.damaged", file=source, part="ZIP") from error
    _check_sizes(entries, source)
    package = Package(source, archive, frozenset(entry.filename for entry in entries))
    _check_cargo(package)
    return package


def refuse_another_kind(content: bytes, source: str) -> None:
    """Refuse what is no workbook by its bytes, whatever it is called; nothing is unpacked for it.

    Args:
        content: The file.
        source: Its name, for messages.

    Raises:
        InputError: ``workbook.is.*``, ``workbook.old_or_locked``.
    """
    if content.startswith(_OLE):
        raise InputError("workbook.old_or_locked", file=source)
    if other := _other_kind(content):
        raise InputError(f"workbook.is.{other}", file=source)


def _other_kind(content: bytes) -> str:
    """Return what a file is by its bytes when it is no XLSX, whatever its name says."""
    kind = other_kind(content)
    if not content.strip():
        return "empty"
    if kind != "zip" and kind != "workbook":
        return kind if kind in _BY_BYTES else "" if kind or not _is_text(content) else "text"
    names = content[-(1 << 20) :]  # the list of names stands at the end of a ZIP
    if b"xl/workbook.bin" in names:
        return "xlsb"
    if b"opendocument.spreadsheet" in content[:200]:
        return "ods"
    ends = b"PK\x05\x06" in names
    return "zip" if ends and b"[Content_Types].xml" not in names else ""


def _is_text(content: bytes) -> bool:
    try:
        return "\0" not in content[:4000].decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        return error.start > 3990


def _check_sizes(entries: list[zipfile.ZipInfo], source: str) -> None:
    names = {_folded(entry.filename) for entry in entries}
    if len(entries) > MAXIMUM_PARTS or len(names) != len(entries):
        raise InputError("workbook.too_large", file=source)
    total = 0
    for entry in entries:
        total += entry.file_size
        packed_too_well = (
            entry.file_size > SMALL_PART_BYTES
            and entry.file_size > MAXIMUM_RATIO * max(entry.compress_size, 1)
        )
        if entry.file_size > MAXIMUM_PART_BYTES or packed_too_well:
            raise InputError("workbook.too_large", file=source)
        if entry.flag_bits & 0x1:
            raise InputError("workbook.old_or_locked", file=source)
    if total > MAXIMUM_UNPACKED_BYTES:
        raise InputError("workbook.too_large", file=source)


def _check_cargo(package: Package) -> None:
    for part in sorted(package.parts):
        name = part.casefold()
        for mark, code in _REFUSED:
            if mark in name:
                raise InputError(code, file=package.source)
    for entry in package.tree("[Content_Types].xml"):
        if "macroenabled" in entry.get("ContentType", "").casefold():
            raise InputError("workbook.is.macro_kind", file=package.source)
    for part in sorted(package.parts):
        folder, name = posixpath.split(part)
        if name.endswith(".rels") and posixpath.basename(folder) == "_rels":
            package.relations(posixpath.join(posixpath.dirname(folder), name[: -len(".rels")]))
