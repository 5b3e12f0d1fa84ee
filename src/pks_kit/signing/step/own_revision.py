"""Write the revision that adds a signature or a stamp to our own file, without opening the file.

What must be known of it (:class:`~pks_kit.pdf.prefix.base.State`) was told once for these very
bytes. The revision is in the spelling that :mod:`pks_kit.pdf.prefix` reads, so the result is judged
by its bytes as well. Only the signature is missing in it (:mod:`.reserved_space`).
"""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from pks_kit.pdf.prefix.base import listed
from pks_kit.pdf.prefix.box import BOLD, REGULAR
from pks_kit.pdf.prefix.grammar import EXTENSION
from pks_kit.pdf.prefix.spelling import Name, NotOursError, Ref, Value, written
from pks_kit.signing.step.reserved_space import SPACE

if TYPE_CHECKING:
    from pks_kit.pdf.box import Box as Place
    from pks_kit.pdf.prefix.base import State
    from pks_kit.pdf.prefix.box import Box
    from pks_kit.signing.step.appearance import Picture
    from pks_kit.signing.step.sign_field import FieldRevision

_WIDTHS = (1, 8, 2)
EMPTY_RANGE = b"[" + b" " * 60 + b"]"
"""Room for a byte range before it is known."""

_FIRST_FREE = b"\0" + bytes(8) + b"\xff\xff"
_ALL_SIGNED = Decimal(3)
_PRINTED_LOCKED = 132
_QUICK = 1
"""Level of zlib: a picture is one large area with a few words."""


def own_revision(
    before: bytes, state: State, question: FieldRevision, place: Place, box: Box
) -> bytes:
    """Return what must follow a file so that only the signature is missing.

    Args:
        before: The file.
        state: What is known of it; the field is an issued one.
        question: The field and what its signature says.
        place: Where the box stands.
        box: What it shows.
    """
    field = state.fields[text(question.field)]
    look = state.tail.size
    value = look + 1
    objects: dict[int, bytes] = {}
    _name_extension(objects, state)
    shown: dict[str, Value] = {"/AP": {"/N": Ref(look)}, "/V": Ref(value)}
    objects[field] = written({**state.objects[field], **shown})
    form = state.objects[state.form]
    if form.get("/SigFlags") != _ALL_SIGNED:
        objects[state.form] = written({**form, "/SigFlags": _ALL_SIGNED})
    objects[look] = _look(state, place, box)
    objects[value] = _signature(question)
    return with_range(assembled(before, state, objects), len(before))


def own_stamp(
    before: bytes, state: State, question: FieldRevision, place: Place, picture: Picture
) -> bytes:
    """Return what must follow a file so that only the signature of a stamp in it is missing.

    Args:
        before: The file.
        state: What is known of it.
        question: The new field and what its signature says.
        place: Where the field comes.
        picture: What it shows.

    Raises:
        NotOursError: What is known does not reach so far.
    """
    number = state.pages[place.page - 1]
    page, name = state.page(number), text(question.field)
    if name in state.fields:
        raise NotOursError
    image, look, value, field = range(state.tail.size, state.tail.size + 4)
    form = state.objects[state.form]
    others = form.get("/Fields")
    if not isinstance(others, list):
        raise NotOursError
    objects: dict[int, bytes] = {}
    _name_extension(objects, state)
    objects[state.form] = written(
        {**form, "/Fields": [*others, Ref(field)], "/SigFlags": _ALL_SIGNED}
    )
    objects[number] = written({**page, "/Annots": [*listed(page), Ref(field)]})
    objects[image] = _image(picture)
    objects[look] = _stamp_look(place, image)
    objects[value] = _signature(question)
    objects[field] = written(
        {
            "/FT": Name("/Sig"),
            "/T": name,
            "/Type": Name("/Annot"),
            "/Subtype": Name("/Widget"),
            "/F": Decimal(_PRINTED_LOCKED),
            "/Rect": [_length(one) for one in place.rect],
            "/P": Ref(number),
            "/AP": {"/N": Ref(look)},
            "/V": Ref(value),
        }
    )
    return with_range(assembled(before, state, objects), len(before))


def _name_extension(objects: dict[int, bytes], state: State) -> None:
    """Have the catalog name the extension of the signature's encoding, once."""
    root = state.objects[state.tail.root]
    if "/Extensions" not in root:
        objects[state.tail.root] = written({**root, "/Extensions": dict(EXTENSION)})


def _stamp_look(place: Place, image: int) -> bytes:
    width, height = _length(place.width), _length(place.height)
    drawn = b"q %b 0 0 %b 0 0 cm /ImgMeterai Do Q" % (written(width), written(height))
    said: dict[str, Value] = {
        "/Type": Name("/XObject"),
        "/Subtype": Name("/Form"),
        "/BBox": [Decimal(0), Decimal(0), width, height],
        "/Resources": {"/XObject": {"/ImgMeterai": Ref(image)}},
        "/Length": Decimal(len(drawn)),
    }
    return stream_object(said, drawn)


def _image(picture: Picture) -> bytes:
    data = zlib.compress(picture.pixels, _QUICK)
    said: dict[str, Value] = {
        "/Type": Name("/XObject"),
        "/Subtype": Name("/Image"),
        "/Width": Decimal(picture.side),
        "/Height": Decimal(picture.side),
        "/ColorSpace": Name("/DeviceGray" if picture.is_grey else "/DeviceRGB"),
        "/BitsPerComponent": Decimal(8),
        "/Filter": Name("/FlateDecode"),
        "/Length": Decimal(len(data)),
    }
    return stream_object(said, data)


def stream_object(said: dict[str, Value], data: bytes) -> bytes:
    """Return a stream by its dictionary, which says its length, and its bytes as they stand."""
    return written(said) + b"\nstream\n" + data + b"\nendstream"


def _length(points: float) -> Decimal:
    return Decimal(f"{points:.3f}")


def text(words: str) -> bytes:
    """Return a text string of a PDF: ASCII as it is, all else as UTF-16."""
    if words.isascii() and words.isprintable():
        return words.encode("ascii")
    return b"\xfe\xff" + words.encode("utf-16-be")


def _look(state: State, place: Place, box: Box) -> bytes:
    data = zlib.compress(box.drawn())
    edges = (place.width, place.height)
    fonts = {name: Ref(one.number) for name, one in zip((REGULAR, BOLD), state.fonts, strict=True)}
    said: dict[str, Value] = {
        "/Type": Name("/XObject"),
        "/Subtype": Name("/Form"),
        "/BBox": [Decimal(0), Decimal(0), *(_length(one) for one in edges)],
        "/Resources": {"/Font": dict(fonts)},
        "/Filter": Name("/FlateDecode"),
        "/Length": Decimal(len(data)),
    }
    return stream_object(said, data)


def _signature(question: FieldRevision) -> bytes:
    from pyhanko.pdf_utils.generic import pdf_date

    said: dict[str, Value] = {
        "/Type": Name("/Sig"),
        "/Filter": Name("/Adobe.PPKLite"),
        "/SubFilter": Name("/ETSI.CAdES.detached"),
        "/M": text(str(pdf_date(question.now))),
        "/Name": text(question.name),
        "/Reason": text(question.reason),
    }
    if question.location:
        said["/Location"] = text(question.location)
    app: dict[str, Value] = {
        "/Name": Name(f"/{question.software[0]}"),
        "/REx": text(question.software[1]),
    }
    said["/Prop_Build"] = {"/App": app}
    return signature_value(written(said))


def signature_value(said: bytes) -> bytes:
    """Return the dictionary of a signature with room for the signature and its byte range.

    Args:
        said: What else stands in it, as a dictionary.
    """
    beginning = b"<<\n/Contents " + SPACE + b"\n/ByteRange " + EMPTY_RANGE + b"\n"
    return beginning + said.removeprefix(b"<<\n")


def assembled(before: bytes, state: State, objects: Mapping[int, bytes]) -> bytes:
    """Return objects with their reference stream and tail, as one revision.

    Args:
        before: The file.
        state: What is known of it.
        objects: The objects by number; the one of the highest number comes right before the table.
    """
    parts: list[bytes] = []
    places: dict[int, int] = {}
    place = len(before)
    for number, content in objects.items():
        one = b"%d 0 obj\n%b\nendobj\n" % (number, content)
        places[number] = place
        parts.append(one)
        place += len(one)
    stream = max(objects) + 1
    places[stream] = place
    rows = b"".join(
        b"\1" + where.to_bytes(8, "big") + b"\0\0" for _, where in sorted(places.items())
    )
    data = zlib.compress(_FIRST_FREE + rows)
    said: dict[str, Value] = {
        "/W": [Decimal(one) for one in _WIDTHS],
        "/Type": Name("/XRef"),
        "/Filter": Name("/FlateDecode"),
        "/Root": Ref(state.tail.root),
        "/Size": Decimal(stream + 1),
        "/ID": [state.tail.first_id, secrets.token_bytes(len(state.tail.first_id))],
        "/Prev": Decimal(state.tail.table),
        "/Index": [Decimal(one) for one in (0, 1, *_runs(sorted(places)))],
        "/Length": Decimal(len(data)),
    }
    if state.tail.info is not None:
        said["/Info"] = Ref(state.tail.info)
    table = b"%d 0 obj\n%b\nstream\n%b\nendstream\nendobj\n" % (stream, written(said), data)
    return b"".join((*parts, table, b"\nstartxref\n%d\n%%%%EOF\n" % place))


def _runs(numbers: list[int]) -> list[int]:
    """Return numbers that follow each other as first and count."""
    found: list[int] = []
    for number in numbers:
        if found and found[-2] + found[-1] == number:
            found[-1] += 1
        else:
            found += [number, 1]
    return found


def with_range(appended: bytes, before: int) -> bytes:
    """Return a revision with its byte range filled in; no byte moves.

    Args:
        appended: The revision, with one space for a signature.
        before: Length of the file before it.
    """
    start = before + appended.index(SPACE)
    end = start + len(SPACE)
    said = b"[0 %d %d %d]" % (start, end, before + len(appended) - end)
    return appended.replace(EMPTY_RANGE, said.ljust(len(EMPTY_RANGE)), 1)
