"""Revisions of our own, changed in one place and written again without a slip in their tables."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from decimal import Decimal
from io import BytesIO
from random import Random
from typing import Any

import pikepdf

from pks_kit.pdf.prefix.base import base_of
from pks_kit.pdf.prefix.spelling import Name, Ref, Word, written
from pks_kit.pdf.prefix.updates import Tail, Update, cut_updates

Objects = dict[int, tuple[Any, bytes | None]]

_KEYS = tuple(
    f"/{name}"
    for name in (
        *("AA", "A", "JS", "OpenAction", "Contents", "Annots", "MediaBox", "Rotate", "Kids"),
        *("Parent", "Fields", "SigFlags", "DR", "DA", "V", "AP", "Rect", "F", "Ff", "Lock", "SV"),
        *("Reference", "Type", "Subtype", "Names", "Outlines", "Metadata", "DSS", "Perms"),
        *("Extensions", "NeedAppearances", "XFA", "Resources", "Group", "OC", "Ref", "EF", "MK"),
    )
)


def last_update(content: bytes, issued: bytes) -> tuple[Update, Tail]:
    """Return the last revision, and what it took up."""
    with pikepdf.open(BytesIO(issued)) as pdf:
        tail = base_of(pdf, issued).state().tail
    before = tail
    for update in cut_updates(content, len(issued), tail, 60):
        before, tail = tail, update.tail
    return update, before


def with_each_update(contents: Iterable[bytes], issued: bytes) -> list[bytes]:
    """Return the files, and what they were after each of their revisions, once each."""
    found: dict[bytes, None] = {}
    with pikepdf.open(BytesIO(issued)) as pdf:
        tail = base_of(pdf, issued).state().tail
    for content in contents:
        for update in cut_updates(content, len(issued), tail, 60):
            found[content[: update.end]] = None
    return list(found)


def mutated(content: bytes, update: Update, before: Tail, random: Random) -> bytes:
    """Return a file whose last revision differs in one place."""
    objects: Objects = {number: (one.value, one.data) for number, one in update.objects.items()}
    random.choice(_WAYS)(objects, before, random)
    return rewritten(content[: update.start], objects, before)


def rewritten(start: bytes, objects: Objects, before: Tail) -> bytes:
    """Return a file with one revision more, its table and byte range as they must be."""
    parts, places, place = [], {}, len(start)
    for number, (value, data) in objects.items():
        inside = written(value)
        if data is not None:
            value = {**value, "/Length": Decimal(len(data))}
            inside = written(value) + b"\nstream\n" + data + b"\nendstream"
        if isinstance(value, dict) and isinstance(value.get("/Contents"), bytes):
            rest = {k: v for k, v in value.items() if k not in ("/Contents", "/ByteRange")}
            hole = b"<" + value["/Contents"].hex().encode() + b">"
            inside = b"<<\n/Contents " + hole + b"\n/ByteRange [" + b" " * 60 + b"]\n"
            inside += written(rest).removeprefix(b"<<\n")
        one = b"%d 0 obj\n%b\nendobj\n" % (number, inside)
        places[number] = place
        parts.append(one)
        place += len(one)
    stream = max(*objects, before.size) + 1
    places[stream] = place
    rows = b"".join(b"\1" + p.to_bytes(8, "big") + b"\0\0" for _, p in sorted(places.items()))
    data = zlib.compress(b"\0" + bytes(8) + b"\xff\xff" + rows)
    index: list[Any] = [0, 1]
    for number in sorted(places):
        index += [number, 1]
    table: dict[str, Any] = {
        "/W": [Decimal(1), Decimal(8), Decimal(2)],
        "/Type": Name("/XRef"),
        "/Filter": Name("/FlateDecode"),
        "/Root": Ref(before.root),
        "/Size": Decimal(stream + 1),
        "/ID": [before.first_id, bytes(16)],
        "/Prev": Decimal(before.table),
        "/Index": [Decimal(one) for one in index],
        "/Length": Decimal(len(data)),
    }
    if before.info is not None:
        table["/Info"] = Ref(before.info)
    end = b"%d 0 obj\n%b\nstream\n%b\nendstream\nendobj\n" % (stream, written(table), data)
    whole = start + b"".join(parts) + end + b"\nstartxref\n%d\n%%%%EOF\n" % place
    hole_at = whole.find(b"/Contents <", len(start))
    if hole_at < 0:
        return whole
    first = hole_at + len(b"/Contents ")
    last = whole.index(b">", first) + 1
    said = b"[0 %d %d %d]" % (first, last, len(whole) - last)
    return whole.replace(b"[" + b" " * 60 + b"]", said.ljust(62), 1)


def _dictionaries(value: Any) -> list[dict[str, Any]]:
    found = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            found.append(one)
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return found


def _some(objects: Objects, random: Random) -> dict[str, Any]:
    every = [one for value, _ in objects.values() for one in _dictionaries(value) if one]
    return random.choice(every)


def _value(before: Tail, random: Random) -> Any:
    return random.choice(
        [
            Ref(random.randrange(1, before.size + 8)),
            Decimal(random.randrange(-2, 900)),
            Name(random.choice(_KEYS)),
            Word("true"),
            b"x",
            [Ref(random.randrange(1, before.size + 8))],
            {"/S": Name("/JavaScript"), "/JS": b"x"},
            None,
        ]
    )


def _add(objects: Objects, before: Tail, random: Random) -> None:
    _some(objects, random)[random.choice(_KEYS)] = _value(before, random)


def _change(objects: Objects, before: Tail, random: Random) -> None:
    one = _some(objects, random)
    one[random.choice(list(one))] = _value(before, random)


def _remove(objects: Objects, _: Tail, random: Random) -> None:
    one = _some(objects, random)
    del one[random.choice(list(one))]


def _drop(objects: Objects, _: Tail, random: Random) -> None:
    del objects[random.choice(list(objects))]


def _renumber(objects: Objects, before: Tail, random: Random) -> None:
    number = random.choice(list(objects))
    objects[random.randrange(1, before.size + 30)] = objects.pop(number)


def _litter(objects: Objects, before: Tail, random: Random) -> None:
    objects[random.randrange(1, before.size + 30)] = _value(before, random), None


def _repeat(objects: Objects, before: Tail, random: Random) -> None:
    objects[before.size + random.randrange(20, 30)] = objects[random.choice(list(objects))]


def _circle(objects: Objects, _: Tail, random: Random) -> None:
    one = _some(objects, random)
    one[random.choice(list(one))] = Ref(random.choice(list(objects)))


def _lists(objects: Objects) -> list[list[Any]]:
    found = []
    waiting = [value for value, _ in objects.values()]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list) and one:
            found.append(one)
        if isinstance(one, dict | list):
            waiting += one.values() if isinstance(one, dict) else one
    return found


def _in_list(objects: Objects, before: Tail, random: Random) -> None:
    """Take one out of a list, put one in, change one, or put them in another order."""
    one = random.choice(_lists(objects) or [[]])
    place = random.randrange(len(one)) if one else 0
    way = random.randrange(4)
    if way == 0:
        one[place : place + 1] = []
    elif way == 1:
        one.insert(place, Ref(random.choice([*objects, random.randrange(1, before.size + 8)])))
    elif way == 2 and one:
        one[place] = Ref(random.choice([*objects, random.randrange(1, before.size + 8)]))
    else:
        random.shuffle(one)


def _in_data(objects: Objects, _: Tail, random: Random) -> None:
    """Change a byte of a stream, add one, or take one away."""
    streams = [number for number, (_, data) in objects.items() if data]
    if not streams:
        return
    number = random.choice(streams)
    value, data = objects[number]
    data = data or b""
    place = random.randrange(len(data))
    new = random.choice([b"", bytes((random.randrange(256),)), data[place : place + 1] * 2])
    objects[number] = value, data[:place] + new + data[place + 1 :]


def _same_name(objects: Objects, before: Tail, random: Random) -> None:
    """Let an entry of a dictionary stand under the name of another, or under a name of its kind."""
    one = _some(objects, random)
    key = random.choice(list(one))
    one[random.choice([*one, f"/{random.getrandbits(160):040X}"])] = one[key]


def _nothing(_objects: Objects, _before: Tail, _random: Random) -> None:
    """Write it again as it is."""


_WAYS: tuple[Callable[[Objects, Tail, Random], None], ...] = (
    _add, _change, _remove, _drop, _renumber, _litter, _repeat, _circle, _nothing,
    _in_list, _in_list, _in_data, _same_name,
)  # fmt: skip
