"""Tampering with single bytes, with containers of signatures, and with reference tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from random import Random

from support import forgeries
from support.tamperings.parts import (
    BROKEN,
    PREFIX,
    SIGNED_BYTES,
    Tampering,
    differs_first,
    holes,
    in_hole,
)
from support.tamperings.specimens import Specimen

_CONTAINER = (
    frozenset(
        {
            "signature.integrity/changed",
            "signature.integrity/unreadable",
            "signature.integrity/not_verifiable",
            "signature.integrity/wrong_key",
            "signature.trust/no_chain",
            "signature.trust/no_issuer",
            "signature.trust/wrong_usage",
            "signature.trust/outside_validity",
            "signature.trust/other",
            "signature.time/broken",
            "signature.time/missing",
        }
    )
    | BROKEN
)
_UNCOVERED = frozenset({"signature.integrity/unusual_encoding", "signature.time/untrusted"})


_VANISHED = frozenset({"parties.missing/stamp", "parties.missing/signature"})
"""The byte was part of what made it a signature: the step counts as not done."""


def issued_bytes(one: Specimen, dice: Random) -> Iterator[Tampering]:
    """One byte of the issued file is another one."""
    while True:
        place, mask = dice.randrange(len(one.issued)), dice.randrange(1, 256)
        content = bytearray(one.done)
        content[place] ^= mask
        yield Tampering(f"byte {place} ^ {mask}", bytes(content), PREFIX, offset=place)


def later_bytes(one: Specimen, dice: Random) -> Iterator[Tampering]:
    """One byte behind the issued file, outside all containers, is another one."""
    while True:
        place, mask = dice.randrange(len(one.issued), len(one.done)), dice.randrange(1, 256)
        if in_hole(one.done, place):
            continue
        content = bytearray(one.done)
        content[place] ^= mask
        yield Tampering(f"byte {place} ^ {mask}", bytes(content), SIGNED_BYTES | _VANISHED)


def moved_bytes(one: Specimen, dice: Random) -> Iterator[Tampering]:
    """Bytes are put in, taken out, doubled or exchanged, before the end of the issued file."""
    while True:
        place, length = dice.randrange(20, len(one.issued) - 20), dice.randrange(1, 20)
        part = one.done[place : place + length]
        new = {
            "in": dice.randbytes(length) + part,
            "out": b"",
            "double": part + part,
            "backwards": part[::-1],
            "blank": b" " * length,
        }
        for way, other in new.items():
            content = one.done[:place] + other + one.done[place + length :]
            first = differs_first(content, one.issued)
            if first is not None:
                yield Tampering(f"{way} {place}+{length}", content, PREFIX, offset=first)


def container(one: Specimen, dice: Random) -> Iterator[Tampering]:
    """A digit inside a container that a later signature covers."""
    places = holes(one.done)[:-1]
    while True:
        begin, end = dice.choice(places)
        yield Tampering(*_digit(one.done, dice.randrange(begin, end), dice), SIGNED_BYTES)


def last_container(one: Specimen, dice: Random) -> Iterator[Tampering]:
    """A digit of the one container that nothing covers: its own signature has to tell."""
    begin, end = holes(one.done)[-1]
    end = begin + len(one.done[begin:end].rstrip(b"0")) - 1
    while True:
        way, content = _digit(one.done, dice.randrange(begin, end), dice)
        yield Tampering(way, content, _CONTAINER | _UNCOVERED, undecided=True)


def _digit(content: bytes, place: int, dice: Random) -> tuple[str, bytes]:
    old = content[place : place + 1].lower()
    new = dice.choice([one for one in b"0123456789abcdef" if one != old[0]])
    return f"digit {place} = {chr(new)}", content[:place] + bytes([new]) + content[place + 1 :]


def spelling(one: Specimen, dice: Random) -> Iterator[Tampering]:
    """The last container says the same in another spelling: letter case, spaces, padding."""
    begin, end = holes(one.done)[-1]
    letters = [n for n in range(begin, end) if chr(one.done[n]) in "abcdefABCDEF"]
    padding = begin + len(one.done[begin:end].rstrip(b"0")) + 2
    odd = frozenset({"signature.integrity/unusual_encoding"})
    while True:
        place = dice.choice(letters)
        content = bytearray(one.done)
        content[place] ^= 0x20
        yield Tampering(f"case {place}", bytes(content), odd, undecided=True)
        place = dice.randrange(padding, end - 1)
        content = bytearray(one.done)
        content[place] = ord(dice.choice("123456789"))
        yield Tampering(f"padding {place}", bytes(content), odd, undecided=True)


# --- reference tables ---------------------------------------------------------------------------

_TABLE = SIGNED_BYTES | PREFIX


def tables(one: Specimen, dice: Random) -> Iterator[Tampering]:
    """A row, a trailer entry or a start of one of the tables is another one."""
    content = one.done
    rows = [match.start() for match in re.finditer(rb"(?m)^\d{10} \d{5} [nf]", content)]
    words = [
        match for match in re.finditer(rb"/(?:Size|Prev|Root|Info) (\d+)|startxref\n(\d+)", content)
    ]
    while True:
        row = dice.choice(rows)
        for way, new in _other_rows(content[row : row + 18], dice):
            changed = content[:row] + new + content[row + 18 :]
            yield _table(one, f"row {row}: {way}", changed)
        match = dice.choice(words)
        group = 1 if match[1] else 2
        value = b"%d" % max(0, int(match[group]) + dice.choice((-40, -7, -1, 1, 3, 999)))
        changed = content[: match.start(group)] + value + content[match.end(group) :]
        yield _table(one, f"{match[0]!r} {match.start()} = {value!r}", changed)
        first, second = dice.sample(rows, 2)
        changed_rows = bytearray(content)
        changed_rows[first : first + 18] = content[second : second + 18]
        changed_rows[second : second + 18] = content[first : first + 18]
        yield _table(one, f"rows {first}, {second} exchanged", bytes(changed_rows))


def _other_rows(row: bytes, dice: Random) -> Iterator[tuple[str, bytes]]:
    offset = int(row[:10])
    yield "offset", b"%010d" % max(0, offset + dice.choice((-30, -1, 1, 2, 500))) + row[10:]
    yield "generation", row[:11] + b"%05d" % dice.randrange(1, 60000) + row[16:]
    yield "kind", row[:17] + (b"f" if row[17:] == b"n" else b"n")


def _table(one: Specimen, way: str, content: bytes) -> Tampering:
    """The issued bytes tell of a change in their own table; the last signature of any other."""
    first = differs_first(content, one.issued)
    reasons = PREFIX if first is not None else SIGNED_BYTES | _VANISHED
    return Tampering(way, content, reasons, offset=first)


def new_tables(one: Specimen, dice: Random) -> Iterator[Tampering]:
    """A new table behind everything, without one new object or with hidden ones."""
    numbers = [int(match[1]) for match in re.finditer(rb"(?m)^(\d+) 0 obj", one.done)]
    old = [match.start(1) for match in re.finditer(rb"(?m)^(\d+) 0 obj", one.done)]
    starts = [int(match[1]) for match in re.finditer(rb"startxref\n(\d+)", one.done)]
    back = frozenset({"issued.revisions/points_back", "issued.revisions/unreadable"})
    for round_ in count():
        number, place = dice.choice(numbers), dice.choice(old)
        content = forgeries._revision(one.done, b"", b"%d 1\n%010d 00000 n \n" % (number, place))
        if numbers[old.index(place)] != number:
            yield Tampering(f"{number} is at {place}", content, back | SIGNED_BYTES)
        content = forgeries._revision(one.done, b"", b"%d 1\n0000000000 00001 f \n" % number)
        freed = {"issued.revisions/removed", "signature.changes/forbidden"}
        yield Tampering(f"{number} is free", content, BROKEN | freed | SIGNED_BYTES)
        body = b"%d 0 obj\n<< /Tarif %d >>\nendobj\n" % (number, dice.randrange(10**6))
        content = forgeries._revision(one.done, body, b"0 0\n")
        hidden = frozenset({"issued.revisions/unlisted", "issued.revisions/hidden_revision"})
        yield Tampering(f"{number} hidden: {body!r}", content, hidden)
        start = dice.choice(starts[:-1])
        tail = b"%% %d\nstartxref\n%d\n%%%%EOF\n" % (round_, start)
        unread = {"file.end/extra_bytes", "issued.revisions/unreadable"}
        yield Tampering(f"ends at table {start}", one.done + tail, BROKEN | unread)
