"""Cut what follows a known beginning into the revisions that our writers append, by bytes alone.

Every byte is accounted for: objects one after the other, then one reference stream that lists
exactly them at exactly their places and points at the table before, then ``startxref`` and
``%%EOF``. Anything else is :class:`~.spelling.NotOursError`.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from pks_kit.pdf.prefix.spelling import Name, NotOursError, Reader, Ref, Value

MOST_OBJECTS = 400
"""Most objects of one revision: a box with two fonts has fifteen, a store some dozens."""

_HEAD = re.compile(rb"(\d{1,10}) 0 obj\n")
_OBJECT = re.compile(rb" obj\b")
_NUMBERS = re.compile(rb"(?:\A|[\r\n])(\d{1,10}) \d{1,5}\Z")
_MOST_BEFORE = 17
"""Bytes that two numbers and what stands before them take."""

_TAIL = re.compile(rb"\nstartxref\n(\d{1,12})\n%%EOF\n")
_BASE_TAIL = re.compile(rb"startxref\n(\d{1,12})\n%%EOF\n\Z")
_ENTRY = 11
_BLOCK = 1 << 16
_TABLE_KEYS = frozenset(
    ("/W", "/Type", "/Filter", "/Info", "/Root", "/Size", "/ID", "/Prev", "/Index", "/Length")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One object of a revision.

    Attributes:
        number: Its number; the generation is 0.
        place: Where it begins.
        value: What it is; the dictionary of a stream.
        spans: Where the values of its dictionary begin and end, by key.
        data: The bytes of a stream as they stand; None for other objects.
    """

    number: int
    place: int
    value: Value
    spans: dict[str, tuple[int, int]]
    data: bytes | None

    @property
    def dictionary(self) -> dict[str, Value]:
        """Return its dictionary.

        Raises:
            NotOursError: It is something else.
        """
        if not isinstance(self.value, dict):
            raise NotOursError("no dictionary")
        return self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """What the next revision must take up from the one before.

    Attributes:
        table: Place of the newest reference table.
        size: Numbers that are used or reserved so far: new objects begin there.
        root: Number of the catalog.
        info: Number of the document information; None without one.
        first_id: First half of the file identifier.
    """

    table: int
    size: int
    root: int
    info: int | None
    first_id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One appended revision.

    Attributes:
        start: First byte.
        end: Behind its last byte.
        objects: Its objects by number, without the reference stream.
        tail: What the next one must take up.
        stream: Number of its reference stream.
    """

    start: int
    end: int
    objects: dict[int, Written]
    tail: Tail
    stream: int


def base_table(base: bytes) -> int:
    """Return the place of the table of a file that has one revision and ends cleanly.

    Raises:
        NotOursError: It has several, or another end.
    """
    found = _BASE_TAIL.search(base, max(0, len(base) - 64))
    if found is None or base.count(b"startxref") != 1:
        raise NotOursError("base")
    return int(found[1])


def first_revision(content: bytes) -> int:
    """Return where the first revision of a file ends.

    Raises:
        NotOursError: It does not end as our files do.
    """
    place = content.find(b"startxref\n")
    end = content.find(b"%%EOF\n", place) + len(b"%%EOF\n")
    if place < 0 or end <= place:
        raise NotOursError("base")
    return end


def cut_updates(content: bytes, start: int, tail: Tail, most: int) -> Iterator[Update]:
    """Yield the revisions behind a place.

    Args:
        content: The file.
        start: Where the first of them begins.
        tail: What it must take up.
        most: Most revisions.

    Raises:
        NotOursError: There is anything that our writers do not write.
    """
    place = start
    for _ in range(most):
        if place == len(content):
            return
        update = _update(content, place, tail)
        yield update
        place, tail = update.end, update.tail
    if place != len(content):
        raise NotOursError("revisions")


def _update(content: bytes, start: int, tail: Tail) -> Update:
    objects: list[Written] = []
    place = start
    while head := _HEAD.match(content, place):
        if len(objects) > MOST_OBJECTS:
            raise NotOursError("objects")
        reader = Reader(content, head.end())
        objects.append(_written(reader, int(head[1]), place))
        place = reader.place
    end = _TAIL.match(content, place)
    if end is None or len(objects) < 2 or int(end[1]) != objects[-1].place:
        raise NotOursError("tail")
    table, rest = objects[-1], objects[:-1]
    numbers = [one.number for one in objects]
    if len(set(numbers)) != len(numbers) or table.number != max(numbers):
        raise NotOursError("numbers")
    _refuse_hidden(content[start : end.end()], start, {one.place for one in objects})
    _check_table(table, objects, tail)
    return Update(
        start=start,
        end=end.end(),
        objects={one.number: one for one in rest},
        tail=Tail(
            table=table.place,
            size=table.number + 1,
            root=tail.root,
            info=tail.info,
            first_id=tail.first_id,
        ),
        stream=table.number,
    )


def _written(reader: Reader, number: int, place: int) -> Written:
    value = reader.value()
    data = None
    if reader.content.startswith(b"\nstream\n", reader.place):
        length = value.get("/Length") if isinstance(value, dict) else None
        if not isinstance(length, Decimal) or length != int(length) or length < 0:
            raise NotOursError("length")
        reader.place += len(b"\nstream\n")
        data = reader.content[reader.place : reader.place + int(length)]
        reader.place += int(length)
        reader.expect(b"\nendstream")
    reader.expect(b"\nendobj\n")
    return Written(number=number, place=place, value=value, spans=reader.spans, data=data)


def _refuse_hidden(region: bytes, start: int, places: set[int]) -> None:
    """Refuse what looks like an object or a table inside of another object."""
    if region.count(b"startxref") != 1:
        raise NotOursError("hidden")
    for one in _OBJECT.finditer(region):
        place = one.start()
        numbers = _NUMBERS.search(region, max(0, place - _MOST_BEFORE), place)
        if numbers is not None and start + numbers.start(1) not in places:
            raise NotOursError("hidden")


def _check_table(table: Written, objects: list[Written], tail: Tail) -> None:
    said = table.dictionary
    wanted: dict[str, Value] = {
        "/W": [Decimal(1), Decimal(8), Decimal(2)],
        "/Type": Name("/XRef"),
        "/Filter": Name("/FlateDecode"),
        "/Root": Ref(tail.root),
        "/Size": Decimal(table.number + 1),
        "/Prev": Decimal(tail.table),
    }
    if tail.info is not None:
        wanted["/Info"] = Ref(tail.info)
    if any(said.get(key) != value for key, value in wanted.items()) or (
        said.keys() != _TABLE_KEYS - ({"/Info"} - wanted.keys())
    ):
        raise NotOursError("table")
    ids = said["/ID"]
    if not isinstance(ids, list) or len(ids) != 2 or ids[0] != tail.first_id:
        raise NotOursError("identifier")
    if table.number < tail.size:
        raise NotOursError("numbers")
    listed = sorted((one.number, one.place) for one in objects)
    if _rows(table, said["/Index"]) != [(0, 0, 0, 0xFFFF), *((n, 1, p, 0) for n, p in listed)]:
        raise NotOursError("entries")


def _rows(table: Written, index: Value) -> list[tuple[int, int, int, int]]:
    """Return number, kind, place and generation of every entry."""
    data = unpacked(table.data or b"", (MOST_OBJECTS + 2) * _ENTRY)
    if not isinstance(index, list) or len(index) % 2 or len(data) % _ENTRY:
        raise NotOursError("index")
    numbers: list[int] = []
    for first, count in zip(index[::2], index[1::2], strict=True):
        if not isinstance(first, Decimal) or not isinstance(count, Decimal):
            raise NotOursError("index")
        if not 0 < count <= MOST_OBJECTS or first < 0 or int(count) != count:
            raise NotOursError("index")
        numbers += range(int(first), int(first) + int(count))
    if len(numbers) * _ENTRY != len(data):
        raise NotOursError("index")
    rows = (data[place : place + _ENTRY] for place in range(0, len(data), _ENTRY))
    return [
        (number, row[0], int.from_bytes(row[1:9], "big"), int.from_bytes(row[9:], "big"))
        for number, row in zip(numbers, rows, strict=True)
    ]


def weight(data: bytes, most: int) -> int:
    """Return how many bytes deflated data gives, without holding them.

    Args:
        data: The data of a stream.
        most: Most bytes.

    Raises:
        NotOursError: It is damaged, longer, or something follows it.
    """
    unpacking = zlib.decompressobj()
    total, waiting = 0, data
    try:
        while not unpacking.eof and total <= most:
            part = unpacking.decompress(waiting, _BLOCK)
            waiting = unpacking.unconsumed_tail
            if not part and not waiting:
                break
            total += len(part)
    except zlib.error as error:
        raise NotOursError("deflate") from error
    if not unpacking.eof or unpacking.unused_data or total > most:
        raise NotOursError("deflate")
    return total


def unpacked(data: bytes, most: int) -> bytes:
    """Return deflated data, all of it and no more than that.

    Args:
        data: The data of a stream.
        most: Most bytes of the answer.

    Raises:
        NotOursError: It is damaged, longer, or something follows it.
    """
    unpacking = zlib.decompressobj()
    try:
        found = unpacking.decompress(data, most)
    except zlib.error as error:
        raise NotOursError("deflate") from error
    if not unpacking.eof or unpacking.unused_data:
        raise NotOursError("deflate")
    return found
