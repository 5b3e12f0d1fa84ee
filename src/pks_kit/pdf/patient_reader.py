"""pyHanko's strict reader, patient with two habits of honest programs.

A dictionary names one key twice with the same value: strict reading refuses it, and with it all
that lies in its object. Of two values some readers take the first (pyHanko) and some the last
(qpdf); where both are written alike nobody can read two things. Two different values stay refused.

A table reserves more numbers than it uses (@signpdf), and a later revision takes one of them. Of a
number that could have been given pyHanko says that something old may have waited for it. Whether
anything did, the old objects tell.
"""

from __future__ import annotations

import io
from typing import IO, Any

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.generic import _maybe_read_stream_payload
from pyhanko.pdf_utils.misc import PdfReadError, PdfStrictReadError
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.pdf_utils.xref import ObjStreamRef, read_object_header

from pks_kit.pdf.objects import ObjectKey
from pks_kit.pdf.parsing import ParserFailure, guarded

_SAID_BY_STRICT = "Multiple definitions in dictionary"
_MOST_DEPTH = 100


class PatientReader(PdfFileReader):
    """pyHanko's reader that forgives a key which is repeated with the same value.

    Attributes:
        repeated: Numbers of the objects in which that was forgiven so far.
    """

    def __init__(self, stream: IO[bytes], *, strict: bool = True) -> None:
        self.repeated: set[int] = set()
        self._awaited: dict[int, set[int] | None] = {}
        super().__init__(stream, strict=strict)

    def get_historical_resolver(self, revision: int) -> HistoricalResolver:
        """Return the state at a revision."""
        known = self._historical_resolver_cache
        return known.setdefault(revision, known.get(revision) or _State(self, revision))

    def awaits(self, number: int, revision: int) -> bool:
        """Return whether anything up to a revision has a number, or refers to it.

        Args:
            number: Number of an object.
            revision: Last revision to look at, from 0.
        """
        if revision not in self._awaited:
            found = guarded(lambda: numbers_in(self, revision))
            self._awaited[revision] = None if isinstance(found, ParserFailure) else found
        awaited = self._awaited[revision]
        return awaited is None or number in awaited

    def _read_object(
        self,
        ref: Any,
        marker: Any,
        never_decrypt: bool = False,
        as_metadata_stream: bool = False,
    ) -> Any:
        try:
            return super()._read_object(ref, marker, never_decrypt, as_metadata_stream)
        except PdfReadError as error:
            if _SAID_BY_STRICT not in str(error) or self.encrypted:
                raise
        own = generic.Reference(ref.idnum, ref.generation, self)
        if isinstance(marker, ObjStreamRef):
            found = self._inside_stream(own, marker)
        else:
            self.stream.seek(marker)
            said = read_object_header(self.stream, strict=True)  # type: ignore[no-untyped-call]
            if said != (ref.idnum, ref.generation):
                raise PdfStrictReadError("another object than was looked for")
            found = _value(self.stream, own, may_be_stream=True)
            _next(self.stream)
            if self.stream.read(6) != b"endobj":
                raise PdfStrictReadError("no end of the object")
        self.repeated.add(ref.idnum)
        return found

    def _inside_stream(self, own: Any, marker: ObjStreamRef) -> Any:
        from pyhanko.pdf_utils.decode_limits import DecodePurpose

        holder = self.get_object(generic.Reference(marker.obj_stream_id, 0, self))  # type: ignore[no-untyped-call]
        data = bytes(holder.read_data(DecodePurpose.OBJECT_STREAM))
        first = int(holder["/First"])
        places = data[:first].split()
        number, place = (int(one) for one in places[2 * marker.ix_in_stream :][:2])
        if number != own.idnum:
            raise PdfStrictReadError("another object than was looked for")
        stream = io.BytesIO(data)
        stream.seek(first + place)
        return _value(stream, own)


class _State(HistoricalResolver):
    """A state of the file that knows whether a number was waited for."""

    def is_ref_unassignable(self, ref: Any) -> bool:
        is_beyond: bool = super().is_ref_unassignable(ref)
        reader: Any = self.reader
        return is_beyond or not reader.awaits(ref.idnum, self.revision)


def numbers_in(reader: PdfFileReader, revision: int) -> set[int]:
    """Return the numbers that objects up to a revision have, and those to which they refer.

    Args:
        reader: The file.
        revision: Last revision to look at, from 0.

    Raises:
        Exception: Whatever a malformed file provokes.
    """
    told = (keys_of_revision(reader, place) for place in range(revision + 1))
    return {number for there, referred in told for number, _ in there | referred}


def keys_of_revision(reader: PdfFileReader, revision: int) -> tuple[set[ObjectKey], set[ObjectKey]]:
    """Return number and generation of the objects of one revision, and of what they refer to.

    Args:
        reader: The file.
        revision: The revision, from 0.

    Raises:
        Exception: Whatever a malformed file provokes.
    """
    data = reader.xrefs.get_xref_data(revision)
    parts = [data, *([data.hybrid.xref_data] if data.hybrid is not None else [])]
    used = {one for part in parts for one in (*part.standard_xrefs, *part.xrefs_in_objstm)}
    there: set[ObjectKey] = set()
    referred: set[ObjectKey] = set()
    waiting: list[Any] = [reader.get_historical_resolver(revision).trailer_view]
    for part in parts:
        for number, generation in part.explicit_refs_in_revision:
            if number not in used:
                continue  # free
            there.add((number, generation))
            own = generic.Reference(number, generation, reader)
            waiting.append(reader.get_object(own, revision))  # type: ignore[no-untyped-call]
            while waiting:
                item = waiting.pop()
                if isinstance(item, generic.IndirectObject):
                    referred.add((item.idnum, item.generation))
                elif isinstance(item, generic.DictionaryObject):
                    waiting += [item.raw_get(entry) for entry in item]
                elif isinstance(item, generic.ArrayObject):
                    waiting += [item.raw_get(place) for place in range(len(item))]
    return there, referred


def _value(stream: IO[bytes], own: Any, depth: int = 0, *, may_be_stream: bool = False) -> Any:
    """Read one value, strict in everything but repeated keys."""
    if depth > _MOST_DEPTH:
        raise PdfStrictReadError("nested too deeply")
    start = stream.tell()
    head = stream.read(2)
    stream.seek(start)
    if head == b"<<":
        value = _dictionary(stream, own, depth, may_be_stream=may_be_stream)
    elif head[:1] == b"[":
        value = _array(stream, own, depth)
    else:
        return generic.read_object(stream, own)
    value.container_ref = own
    return value


def _next(stream: IO[bytes]) -> bytes:
    """Go to the next byte that is neither white space nor comment, and return it."""
    found: bytes = misc.read_non_whitespace(stream, seek_back=True)  # type: ignore[no-untyped-call]
    return found


def _array(stream: IO[bytes], own: Any, depth: int) -> Any:
    stream.read(1)
    items = []
    while _next(stream) != b"]":
        items.append(_value(stream, own, depth + 1))
    stream.read(1)
    return generic.ArrayObject(items)


def _dictionary(stream: IO[bytes], own: Any, depth: int, *, may_be_stream: bool) -> Any:
    stream.read(2)
    found: dict[Any, Any] = {}
    while _next(stream) != b">":
        key = generic.NameObject.read_from_stream(stream)  # type: ignore[no-untyped-call]
        _next(stream)
        value = _value(stream, own, depth + 1)
        if key in found and _written(found[key]) != _written(value):
            raise PdfStrictReadError(f"{_SAID_BY_STRICT}: two values of {key}")
        found.setdefault(key, value)
    stream.read(2)
    if may_be_stream:
        payload = _maybe_read_stream_payload(stream, found, own.get_pdf_handler())  # type: ignore[no-untyped-call]
        if payload is not None:
            return generic.StreamObject(found, encoded_data=payload)
    return generic.DictionaryObject(found)  # type: ignore[no-untyped-call]


def _written(value: Any) -> bytes:
    target = io.BytesIO()
    value.write_to_stream(target, None)
    return target.getvalue()
