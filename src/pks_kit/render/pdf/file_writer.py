"""Objects in, one PDF 1.7 file out: object streams, a cross-reference stream, nothing by chance.

Bytes come from what is given and its order alone. What later steps of signing touch (catalogue,
form, fields, pages that carry places) is written as plain objects at the end of the file, right
before its table: whoever appends a revision finds it without unpacking anything.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pks_kit.render.pdf.laid import packed

_HEADER = b"%PDF-1.7\n%\xbf\xf7\xa2\xfe\n"
_OBJECTS_PER_STREAM = 100
_BEST = 9
_ESCAPES = str.maketrans({"\\": r"\\", "(": r"\(", ")": r"\)"})
_REGULAR = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.+")


@lru_cache(maxsize=32)
def packed_well(content: bytes) -> bytes:
    """Return the same, as small as it gets, for what every file of a process shares."""
    return zlib.compress(content, _BEST)


def text_string(text: str) -> str:
    """Return text as a PDF string: its letters where they are ASCII, otherwise UTF-16.

    Other encodings of PDF have letters of their own for control characters.
    """
    if text.isascii() and text.isprintable():
        return f"({text.translate(_ESCAPES)})"
    return f"<feff{text.encode('utf-16-be').hex()}>"


def name(text: str) -> str:
    """Return a name with its slash; what is special in names is written as a number."""
    letters = text.encode("utf-8")
    return "/" + "".join(chr(one) if one in _REGULAR else f"#{one:02x}" for one in letters)


def references(numbers: Sequence[int]) -> str:
    """Return an array of references."""
    return f"[{' '.join(f'{number} 0 R' for number in numbers)}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedFile:
    """A file, and where what a later revision needs stands in it.

    Attributes:
        content: Its bytes.
        table: Place of its reference table.
        size: Numbers that are used.
        identity: First half of the file identifier.
        plain: The objects that stand unpacked, by number.
        decoded: Bytes of all streams, inflated.
    """

    content: bytes
    table: int
    size: int
    identity: bytes
    plain: Mapping[int, bytes]
    decoded: int


class PdfFile:
    """Collects the objects of one file.

    Attributes:
        decoded: Bytes of the deflated streams so far, before they were deflated.
    """

    def __init__(self) -> None:
        self._pieces: list[bytes] = [_HEADER]
        self._length = len(_HEADER)
        self._places: dict[int, int] = {}
        self._held: list[tuple[int, bytes]] = []
        self._plain: list[tuple[int, bytes]] = []
        self._last = 0
        self.decoded = 0

    def new(self) -> int:
        """Return the number of an object that will be given later."""
        self._last += 1
        return self._last

    def put(self, number: int, body: str) -> None:
        """Give an object that nobody touches later; it goes into an object stream."""
        self._held.append((number, body.encode("ascii")))

    def put_plain(self, number: int, body: str) -> None:
        """Give an object that signing finds at the end of the file."""
        self._plain.append((number, body.encode("ascii")))

    def add(self, body: str) -> int:
        """Give an object and return its number."""
        number = self.new()
        self.put(number, body)
        return number

    def add_stream(self, content: bytes, entries: str = "", *, inflated: int | None = None) -> int:
        """Give a stream and return its number.

        Args:
            content: Its bytes as they stand in the file.
            entries: More entries of its dictionary.
            inflated: Bytes before they were deflated; None when they are not.
        """
        number = self.new()
        self._add_stream(number, content, entries, inflated)
        return number

    def _add_stream(self, number: int, content: bytes, entries: str, inflated: int | None) -> None:
        filters = "" if inflated is None else "/Filter/FlateDecode"
        self.decoded += inflated or 0
        head = f"{number} 0 obj\n<<{entries}{filters}/Length {len(content)}>>\nstream\n"
        self._write(number, head.encode("ascii"), content, b"\nendstream\nendobj\n")

    def _write(self, number: int, *pieces: bytes) -> None:
        self._places[number] = self._length
        self._pieces += pieces
        self._length += sum(len(one) for one in pieces)

    def finished(self, *, root: int, info: int) -> FinishedFile:
        """Return the file.

        Args:
            root: Number of the catalogue.
            info: Number of the document information.
        """
        within: dict[int, tuple[int, int]] = {}
        for at in range(0, len(self._held), _OBJECTS_PER_STREAM):
            self._add_objects(self._held[at : at + _OBJECTS_PER_STREAM], within)
        for number, body in self._plain:
            self._write(number, b"%d 0 obj\n" % number, body, b"\nendobj\n")
        table = self.new()
        self._places[table] = self._length
        rows = [b"\0\0\0\0\0\xff\xff"]
        for number in range(1, table + 1):
            if number in within:
                stream, place = within[number]
                rows.append(b"\2" + stream.to_bytes(4, "big") + place.to_bytes(2, "big"))
            else:
                rows.append(b"\1" + self._places[number].to_bytes(4, "big") + b"\0\0")
        body = b"".join(self._pieces)
        identity = hashlib.sha256(body).hexdigest()[:32]
        listed = b"".join(rows)
        content = packed(listed)
        entries = (
            f"/Type/XRef/Size {table + 1}/W[1 4 2]/Root {root} 0 R/Info {info} 0 R"
            f"/ID[<{identity}><{identity}>]/Filter/FlateDecode/Length {len(content)}"
        )
        head = f"{table} 0 obj\n<<{entries}>>\nstream\n".encode("ascii")
        tail = b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)
        return FinishedFile(
            content=b"".join((body, head, content, tail)),
            table=len(body),
            size=table + 1,
            identity=bytes.fromhex(identity),
            plain=dict(self._plain),
            decoded=self.decoded + len(listed),
        )

    def _add_objects(
        self, objects: Sequence[tuple[int, bytes]], within: dict[int, tuple[int, int]]
    ) -> None:
        stream = self.new()
        index: list[str] = []
        start = 0
        for place, (number, body) in enumerate(objects):
            index.append(f"{number} {start}")
            start += len(body) + 1
            within[number] = stream, place
        head = (" ".join(index) + "\n").encode("ascii")
        content = head + b"\n".join(body for _, body in objects)
        entries = f"/Type/ObjStm/N {len(objects)}/First {len(head)}"
        self._add_stream(stream, packed(content), entries, len(content))
