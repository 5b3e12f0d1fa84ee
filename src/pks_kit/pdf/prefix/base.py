"""What a file of one revision holds where later revisions touch it: catalog, form, fields, pages.

Found with qpdf, in the guarded child; it travels as bytes and is read by :mod:`.spelling`. Nothing
here says that the file is good: only what a revision of ours may take up, and that nothing else in
the file leads to what such a revision replaces, or waits for what it adds.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pks_kit.json_types import Count, HexBytes, Ordinal
from pks_kit.pdf.prefix.spelling import NotOursError, Ref, Value, read_dictionary
from pks_kit.pdf.prefix.updates import Tail, base_table
from pks_kit.pdf.prefix.ways import deepest_way

if TYPE_CHECKING:
    from pikepdf import Pdf

_REFERENCE = re.compile(rb"(?<![0-9])([0-9]{1,10}) ([0-9]{1,5}) R(?![A-Za-z0-9])")
_FORM_KEYS = frozenset(("/Fields", "/SigFlags", "/DR", "/DA"))
_FIELD_KEYS = frozenset(
    ("/AP", "/F", "/FT", "/P", "/Rect", "/Subtype", "/T", "/TU", "/Type", "/MK")
)
_ROOT_KEYS = frozenset(
    ("/AF", "/AcroForm", "/Lang", "/Metadata", "/Names", "/Outlines", "/OutputIntents",
     "/PageMode", "/Pages", "/Type", "/ViewerPreferences")
)  # fmt: skip
_ABOVE = re.compile(rb"/Parent [0-9]{1,10} 0 R")
_TREE = re.compile(rb"/Type /Pages\b")
_STRING = re.compile(rb"\((?:[^()\\]|\\.)*+\)", re.DOTALL)
_NESTING = re.compile(rb"<<|>>|\[|\]")
MOST_PAGES = 600
MOST_DEPTH = 600
"""Deepest way through a file; pyHanko's comparison ends at a thousand, its callers included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An object as it is written; its generation is 0."""

    number: Ordinal
    text: HexBytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What a revision of ours must know of a file of one revision.

    Attributes:
        table: Place of its reference table.
        size: Numbers that are used or awaited.
        info: Number of the document information; 0 for none.
        first_id: First half of the file identifier.
        root: The catalog.
        form: The form.
        fields: Its signature fields.
        pages: All pages in their order.
    """

    table: Count
    size: Count
    info: Count
    first_id: HexBytes
    root: Part
    form: Part
    fields: tuple[Part, ...]
    pages: tuple[Part, ...]

    def state(self) -> State:
        """Return the state from which the first revision begins.

        Raises:
            NotOursError: Something in it is not as in our files.
        """
        return _state(self)


@dataclass(slots=True, kw_only=True)
class State:
    """A file after some of our revisions, as far as they may touch it.

    Attributes:
        tail: What the next revision must take up.
        form: Number of the form.
        pages: Numbers of the pages.
        objects: Catalog, form, fields and pages by number, as they are now.
        fields: Numbers of all fields by name.
        filled: Names of the filled ones.
    """

    tail: Tail
    form: int
    pages: tuple[int, ...]
    objects: dict[int, dict[str, Value]]
    fields: dict[bytes, int]
    filled: set[bytes] = field(default_factory=set)


def base_of(pdf: Pdf, content: bytes) -> Base:
    """Return what must be known of a file.

    Args:
        pdf: The file as qpdf sees it.
        content: Its bytes.

    Raises:
        NotOursError: It is none of our files, or something in it leads where it should not.
        Exception: Whatever a malformed file provokes.
    """
    table = base_table(content)
    root, trailer = pdf.Root, pdf.trailer
    form = root.get("/AcroForm")
    if form is None or "/Fields" not in form or "/Encrypt" in trailer:
        raise NotOursError("form")
    fields = tuple(_part(one) for one in form.Fields)
    parts = Base(
        table=table,
        size=int(trailer["/Size"]),
        info=_number(trailer["/Info"]) if "/Info" in trailer else 0,
        first_id=bytes(trailer["/ID"][0]),
        root=_part(root),
        form=_part(form),
        fields=fields,
        pages=tuple(_part(page.obj) for page in pdf.pages),
    )
    _check_led_to(pdf, parts)
    parts.state()
    return parts


def _number(value: Any) -> int:
    number, generation = value.objgen
    if not number or generation:
        raise NotOursError("generation")
    return int(number)


def _part(value: Any) -> Part:
    return Part(number=_number(value), text=bytes(value.unparse(resolved=True)))


def _check_led_to(pdf: Pdf, base: Base) -> None:
    """Refuse a file in which anything waits for a new number, or leads to form or fields twice."""
    import pikepdf

    led: Counter[int] = Counter()
    ways: dict[int, tuple[int, list[int]]] = {}
    tree, pages = set(), {one.number for one in base.pages}
    for one in pdf.objects:
        plain = one.stream_dict if isinstance(one, pikepdf.Stream) else one
        text = bytes(plain.unparse(resolved=True))
        found = _REFERENCE.findall(text)
        if any(int(generation) for _, generation in found):
            raise NotOursError("generation")
        led.update(int(number) for number, _ in found)
        if _TREE.search(text):
            tree.add(one.objgen[0])
        further = [int(number) for number, _ in _REFERENCE.findall(_ABOVE.sub(b"", text))]
        ways[one.objgen[0]] = _nesting(text), further
    if max(led, default=0) >= base.size:
        raise NotOursError("awaited")
    in_trailer = [n for n, _ in _REFERENCE.findall(bytes(pdf.trailer.unparse(resolved=True)))]
    wanted = {base.form.number: 1, **{one.number: 2 for one in base.fields}}
    if any(led[number] != count for number, count in wanted.items()):
        raise NotOursError("led to")
    if {int(one) for one in in_trailer} - {base.root.number, base.info}:
        raise NotOursError("trailer")
    # pages are entered from the page tree alone
    entered = {
        number: (depth, [one for one in further if number in tree or one not in pages])
        for number, (depth, further) in ways.items()
    }
    if deepest_way(entered) > MOST_DEPTH:
        raise NotOursError("depth")


def _nesting(text: bytes) -> int:
    """Return how deep values are nested, at least 1."""
    depth = deepest = 0
    plain = _STRING.sub(b"", text)
    if b"(" in plain or b")" in plain:
        raise NotOursError("strings")
    for sign in _NESTING.findall(plain):
        depth += 1 if sign in (b"<<", b"[") else -1
        deepest = max(deepest, depth)
    return max(deepest, 1)


def _state(base: Base) -> State:
    root = read_dictionary(base.root.text)
    form = read_dictionary(base.form.text)
    if root.get("/AcroForm") != Ref(base.form.number) or root.keys() - _ROOT_KEYS:
        raise NotOursError("catalog")
    if form.keys() - _FORM_KEYS or len(base.pages) > MOST_PAGES:
        raise NotOursError("form")
    objects = {one.number: read_dictionary(one.text) for one in base.pages}
    if len(objects) != len(base.pages) or {base.root.number, base.form.number} & objects.keys():
        raise NotOursError("pages")
    fields: dict[bytes, int] = {}
    for one in base.fields:
        value = read_dictionary(one.text)
        name = value.get("/T")
        if not isinstance(name, bytes) or name in fields or one.number in objects:
            raise NotOursError("field")
        _check_field(value, one.number, objects)
        fields[name] = one.number
        objects[one.number] = value
    if form.get("/Fields") != tuple(Ref(one.number) for one in base.fields):
        raise NotOursError("fields")
    objects |= {base.root.number: root, base.form.number: form}
    return State(
        tail=Tail(
            table=base.table,
            size=base.size,
            root=base.root.number,
            info=base.info or None,
            first_id=base.first_id,
        ),
        form=base.form.number,
        pages=tuple(one.number for one in base.pages),
        objects=objects,
        fields=fields,
    )


def _check_field(
    value: dict[str, Value], number: int, pages: dict[int, dict[str, Value]]
) -> None:
    """A field is an empty place for a signature, and its page shows it once."""
    page = value.get("/P")
    strange = value.keys() - _FIELD_KEYS or value.get("/FT") != "/Sig"
    if strange or not isinstance(page, Ref) or page.number not in pages:
        raise NotOursError("field")
    if listed(pages[page.number]).count(Ref(number)) != 1:
        raise NotOursError("annotations")


def listed(page: dict[str, Value]) -> tuple[Value, ...]:
    """Return the annotations of a page.

    Raises:
        NotOursError: They are no list in the page itself.
    """
    found = page.get("/Annots", ())
    if not isinstance(found, tuple):
        raise NotOursError("annotations")
    return found

