"""Mutations of files as hypothesis strategies: a mutation is data, so hypothesis can shrink it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import pikepdf
from hypothesis import strategies as st

from support import forgeries

_FULL = 1_000_000
_WORDS = (
    b"null", b"-1", b"0", b"99999999999999999999", b"<<", b">>", b"[", b"]", b"(", b")", b"<>",
    b"R", b"obj", b"endobj", b"stream", b"endstream", b"xref", b"trailer", b"startxref", b"%%EOF",
    b"%",
    b"/Kids", b"/Parent", b"/Type", b"/Pages", b"/Page", b"/Filter", b"/FlateDecode", b"/LZWDecode",
    b"/Length", b"/Prev", b"/Size", b"/Root", b"/XRefStm", b"/Encrypt", b"/ObjStm", b"/XRef",
    b"/ByteRange", b"/Contents", b"/SubFilter", b"/Sig", b"/DocTimeStamp", b"/AcroForm", b"/Fields",
    b"/V", b"/AP", b"/Rect", b"/Annots", b"/MediaBox", b"/Resources", b"/DSS", b"/Perms", b"/Lock",
    b"/Reference", b"/Names", b"/EmbeddedFiles", b"/Metadata", b"/OpenAction", b"/JavaScript",
    b"1 0 R", b"2 0 R", b"3 0 R", b"\x00", b"\xff\xfe", b"\r\n", b"30820000", b"3080",
)  # fmt: skip
"""What means something to readers of PDF."""


@dataclass(frozen=True)
class Mutation:
    """One change of a file.

    Attributes:
        way: Name in ``WAYS``.
        where: Place, as a share of the file in millionths.
        other: A second place or an amount, likewise.
        new: Bytes to put in.
    """

    way: str
    where: int
    other: int
    new: bytes

    def apply(self, content: bytes) -> bytes:
        """Return the changed file."""
        return WAYS[self.way](content, self) if content else content


def _place(content: bytes, share: int) -> int:
    return len(content) * share // (_FULL + 1)


def _flip(content: bytes, how: Mutation) -> bytes:
    place = _place(content, how.where)
    return content[:place] + bytes([content[place] ^ (1 + how.other % 255)]) + content[place + 1 :]


def _over(content: bytes, how: Mutation) -> bytes:
    """Write over; nothing moves, so that readers get far."""
    place = _place(content, how.where)
    new = how.new[: len(content) - place]
    return content[:place] + new + content[place + len(new) :]


def _insert(content: bytes, how: Mutation) -> bytes:
    place = _place(content, how.where)
    return content[:place] + how.new + content[place:]


def _delete(content: bytes, how: Mutation) -> bytes:
    place = _place(content, how.where)
    return content[:place] + content[place + 1 + how.other % 400 :]


def _copy(content: bytes, how: Mutation) -> bytes:
    """Put a part of the file in another place of it."""
    place, source = _place(content, how.where), _place(content, how.other)
    part = content[source : source + 1 + 40 * len(how.new)]
    return content[:place] + part + content[place:]


def _copy_over(content: bytes, how: Mutation) -> bytes:
    place, source = _place(content, how.where), _place(content, how.other)
    part = content[source : source + 1 + 10 * len(how.new)][: len(content) - place]
    return content[:place] + part + content[place + len(part) :]


def _cut(content: bytes, how: Mutation) -> bytes:
    return content[: _place(content, how.where)]


def _behind(content: bytes, how: Mutation) -> bytes:
    return content + how.new


def _number(content: bytes, how: Mutation) -> bytes:
    """Change one number somewhere behind a place, keeping its length."""
    match = re.compile(rb"\d{1,10}").search(content, _place(content, how.where))
    if match is None:
        return content
    value = (int(match[0]) + how.other) % 10 ** len(match[0])
    new = b"%0*d" % (len(match[0]), value)
    return content[: match.start()] + new + content[match.end() :]


def _key(content: bytes, how: Mutation) -> bytes:
    """Write another name over one, keeping its length where that is possible."""
    match = re.compile(rb"/[A-Za-z]{1,20}").search(content, _place(content, how.where))
    if match is None:
        return content
    new = how.new[: len(match[0])].ljust(len(match[0]))
    return content[: match.start()] + new + content[match.end() :]


def _redefine(content: bytes, how: Mutation) -> bytes:
    """Append a revision with one object, whose source is spoiled in the same ways."""
    objects = _sources(content)
    if not objects:
        return content
    number, source = objects[how.where % len(objects)]
    inner = (_key, _number, _over, _delete, _insert)[how.other % 5]
    body = inner(source, how) if source else how.new
    try:
        return forgeries._revision(
            content, b"%d 0 obj\n%s\nendobj\n" % (number, body), b"%d 1\n@ 00000 n \n" % number
        )
    except (pikepdf.PikepdfError, IndexError, AttributeError):
        return content  # an earlier mutation left nothing that can be read


@lru_cache(maxsize=64)
def _sources(content: bytes) -> tuple[tuple[int, bytes], ...]:
    found = {
        int(match[1]): match[2]
        for match in re.finditer(rb"(?m)^(\d{1,6}) 0 obj\s(.{0,4000}?)\nendobj", content, re.DOTALL)
    }
    return tuple(sorted(found.items()))


WAYS: dict[str, Callable[[bytes, Mutation], bytes]] = {
    "flip": _flip,
    "over": _over,
    "insert": _insert,
    "delete": _delete,
    "copy": _copy,
    "copy over": _copy_over,
    "cut": _cut,
    "behind": _behind,
    "number": _number,
    "key": _key,
    "redefine": _redefine,
}
_GENTLE = ("flip", "over", "number", "key", "redefine", "redefine", "redefine", "copy over")


def mutations() -> st.SearchStrategy[list[Mutation]]:
    """Return lists of mutations; most of them leave a file that readers can open."""
    new = st.one_of(st.sampled_from(_WORDS), st.binary(min_size=1, max_size=40))
    share = st.integers(0, _FULL)

    def of(ways: tuple[str, ...]) -> st.SearchStrategy[Mutation]:
        return st.builds(Mutation, way=st.sampled_from(ways), where=share, other=share, new=new)

    gentle = st.lists(of(_GENTLE), min_size=1, max_size=3)
    rough = st.lists(of(tuple(WAYS)), min_size=1, max_size=5)
    return st.one_of(gentle, gentle, rough)


def apply_all(content: bytes, how: list[Mutation]) -> bytes:
    """Apply mutations one after another."""
    for mutation in how:
        content = mutation.apply(content)
    return content


def opens(content: bytes) -> bool:
    """Return whether qpdf opens a file without repairing it."""
    try:
        with pikepdf.open(io.BytesIO(content), attempt_recovery=False, suppress_warnings=True):
            return True
    except (pikepdf.PikepdfError, ValueError):
        return False
