"""PDF values as our own writers spell them, and nothing else: read and written.

A reader that understands every spelling of a PDF is a parser, and parsers disagree. Here one value
has one meaning: what is written in any other way is :class:`NotOursError`, and whoever asked takes
the long road with the parsers. Nothing here can be made to recurse deeply or to run long.
"""

from __future__ import annotations

import re
from binascii import unhexlify
from decimal import Decimal
from typing import NamedTuple, Union

MOST_DEPTH = 12
"""Deepest nesting; our writers need six."""

MOST_VALUES = 1 << 14
"""Most values inside one object."""


class NotOursError(Exception):
    """These bytes are not what one of our writers writes."""


class Name(str):
    """A name, its slash included."""

    __slots__ = ()


class Word(str):
    """``true`` or ``false``; unlike Python's own it equals no number."""

    __slots__ = ()


class Ref(NamedTuple):
    """A reference to an object of generation 0."""

    number: int


Value = Union["Name", "Word", "Ref", Decimal, bytes, None, "list[Value]", "dict[str, Value]"]

_WHITE = re.compile(rb"[ \n\r\t]{0,80}")
_REF = re.compile(rb"(\d{1,10}) 0 R(?![^ \n\r\t/<>\[\]()])")
_NUMBER = re.compile(rb"[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})(?![^ \n\r\t/<>\[\]()])")
_NAME = re.compile(rb"/[A-Za-z0-9+._-]{1,127}(?![^ \n\r\t/<>\[\]()])")
_WORD = re.compile(rb"(true|false|null)(?![^ \n\r\t/<>\[\]()])")
_TEXT = re.compile(rb"\(((?:[^()\\\r\n\x80-\xff]|\\(?:[0-7]{3}|[nrtbf()\\]))*+)\)")
_ESCAPED = re.compile(rb"\\(?:([0-7]{3})|(.))")
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


_WORDS = {b"true": Word("true"), b"false": Word("false"), b"null": None}


class Reader:
    """Reads values from bytes.

    Attributes:
        content: The bytes.
        place: Where the next value begins.
        spans: Where the values of the outermost dictionary begin and end, by key.
    """

    def __init__(self, content: bytes, place: int = 0) -> None:
        self.content = content
        self.place = place
        self.spans: dict[str, tuple[int, int]] = {}
        self._left = MOST_VALUES

    def value(self, depth: int = 0) -> Value:
        """Return the value at the place, and go behind it.

        Raises:
            NotOursError: It is spelled in another way.
        """
        self._left -= 1
        if depth > MOST_DEPTH or self._left < 0:
            raise NotOursError("nested or long")
        content = self.content
        self._skip()
        first = content[self.place : self.place + 1]
        if first == b"<":
            if content.startswith(b"<<", self.place):
                return self._dictionary(depth)
            return self._digits()
        if first == b"[":
            return self._array(depth)
        if first == b"/":
            return self.name()
        if first == b"(":
            return self._text()
        if found := _REF.match(content, self.place):
            self.place = found.end()
            return Ref(int(found[1]))
        if found := _NUMBER.match(content, self.place):
            self.place = found.end()
            return Decimal(found[0].decode("ascii"))
        if found := _WORD.match(content, self.place):
            self.place = found.end()
            return _WORDS[found[1]]
        raise NotOursError("value")

    def name(self) -> Name:
        """Return the name at the place.

        Raises:
            NotOursError: There is none.
        """
        found = _NAME.match(self.content, self.place)
        if found is None:
            raise NotOursError("name")
        self.place = found.end()
        return Name(found[0].decode("ascii"))

    def expect(self, exact: bytes) -> None:
        """Go behind exactly these bytes.

        Raises:
            NotOursError: Something else stands there.
        """
        if not self.content.startswith(exact, self.place):
            raise NotOursError("layout")
        self.place += len(exact)

    def _skip(self) -> None:
        white = _WHITE.match(self.content, self.place)
        self.place = white.end() if white else self.place

    def _dictionary(self, depth: int) -> dict[str, Value]:
        self.place += 2
        found: dict[str, Value] = {}
        while True:
            self._skip()
            if self.content.startswith(b">>", self.place):
                self.place += 2
                return found
            key = self.name()
            if key in found:
                raise NotOursError("key twice")
            self._skip()
            start = self.place
            found[key] = self.value(depth + 1)
            if depth == 0:
                self.spans[key] = start, self.place

    def _array(self, depth: int) -> list[Value]:
        self.place += 1
        found: list[Value] = []
        while True:
            self._skip()
            if self.content.startswith(b"]", self.place):
                self.place += 1
                return found
            found.append(self.value(depth + 1))

    def _digits(self) -> bytes:
        end = self.content.find(b">", self.place)
        try:
            found = unhexlify(self.content[self.place + 1 : end])
        except ValueError as error:  # other signs, white space among them, or half a byte
            raise NotOursError("digits") from error
        if end < 0:
            raise NotOursError("digits")
        self.place = end + 1
        return found

    def _text(self) -> bytes:
        found = _TEXT.match(self.content, self.place)
        if found is None:
            raise NotOursError("text")
        self.place = found.end()
        return _ESCAPED.sub(_plain, found[1]) if b"\\" in found[1] else found[1]


def _plain(found: re.Match[bytes]) -> bytes:
    if found[1]:
        number = int(found[1], 8)
        if number > 0xFF:
            raise NotOursError("text")
        return bytes((number,))
    return _LETTERS.get(found[2], found[2])


def read_value(content: bytes) -> Value:
    """Return the one value that these bytes are.

    Raises:
        NotOursError: They are something else, or more.
    """
    reader = Reader(content)
    found = reader.value()
    if content[reader.place :].strip(b" \n\r\t"):
        raise NotOursError("more than a value")
    return found


def read_dictionary(content: bytes) -> dict[str, Value]:
    """Return the one dictionary that these bytes are.

    Raises:
        NotOursError: They are something else, or more.
    """
    found = read_value(content)
    if not isinstance(found, dict):
        raise NotOursError("no dictionary")
    return found


def written(value: Value) -> bytes:
    """Return a value as bytes."""
    if value is None:
        return b"null"
    if isinstance(value, Ref):
        return b"%d 0 R" % value.number
    if isinstance(value, Name | Word):
        return value.encode("ascii")
    if isinstance(value, Decimal):
        return format(value, "f").encode("ascii")
    if isinstance(value, bytes):
        return b"<" + value.hex().encode("ascii") + b">"
    if isinstance(value, list):
        return b"[ " + b" ".join([written(one) for one in value]) + b" ]"
    inside = b"".join(
        b"%b %b\n" % (key.encode("ascii"), written(one)) for key, one in value.items()
    )
    return b"<<\n" + inside + b">>"
