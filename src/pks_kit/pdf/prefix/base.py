"""What a file of one revision holds where later revisions touch it: catalog, form, fields, pages.

Found with qpdf, in the guarded child; it travels as bytes and is read by :mod:`.spelling`. Nothing
here says that the file is good: only what a revision of ours may take up, and that nothing else in
the file leads to what such a revision replaces, or waits for what it adds.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pks_kit.json_types import Count, HexBytes, Ordinal, Text
from pks_kit.pdf.objects import read_all
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pdf.prefix.spelling import NotOursError, Ref, Value, read_dictionary, read_value
from pks_kit.pdf.prefix.updates import Tail, base_table
from pks_kit.pdf.prefix.ways import deepest_way

if TYPE_CHECKING:
    from pikepdf import Pdf

    from pks_kit.pdf.prefix.store import Store

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
_FONTS = ("/SourceSansPro-Regular", "/SourceSansPro-Bold")
_LETTER = re.compile(rb"<([0-9a-fA-F]{4})> <([0-9a-fA-F]{4})>\n")
_WIDEST = 4000
MOST_PAGES = 600
MOST_DEPTH = 600
"""Deepest way through a file; pyHanko's comparison ends at a thousand, its callers included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An object as it is written; its generation is 0."""

    number: Ordinal
    text: HexBytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FontPart:
    """A font of the document.

    Attributes:
        number: Its object.
        letters: Letters that it has.
        glyphs: Their glyphs.
        widths: Their widths in thousandths of the type size.
    """

    number: Ordinal
    letters: Text
    glyphs: tuple[Count, ...]
    widths: tuple[Count, ...]

    def glyph_letters(self) -> dict[int, str]:
        """Return which glyph is which letter."""
        return dict(zip(self.glyphs, self.letters, strict=False))


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
        pages: Numbers of all pages in their order.
        places: Those pages on which fields wait.
        fonts: The fonts in which our own writer may set words in a box; none, or two.
    """

    table: Count
    size: Count
    info: Count
    first_id: HexBytes
    root: Part
    form: Part
    fields: tuple[Part, ...]
    pages: tuple[Ordinal, ...]
    places: tuple[Part, ...]
    fonts: tuple[FontPart, ...] = ()

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
        page_texts: The pages with fields as they were issued, by number.
        objects: Catalog, form, fields and the pages that were looked at, as they are now.
        fields: Numbers of all fields by name.
        filled: Names of the filled ones.
        fonts: The fonts for boxes, by number.
        store: Validation material that was stored; None for none.
        revisions: How many revisions followed the beginning.
    """

    tail: Tail
    form: int
    pages: tuple[int, ...]
    page_texts: dict[int, bytes]
    objects: dict[int, dict[str, Value]]
    fields: dict[bytes, int]
    filled: set[bytes] = field(default_factory=set)
    fonts: tuple[FontPart, ...] = ()
    store: Store | None = None
    revisions: int = 0

    def page(self, number: int) -> dict[str, Value]:
        """Return a page as it is now.

        Raises:
            NotOursError: It is spelled in another way.
        """
        if number not in self.objects:
            if number not in self.page_texts:
                raise NotOursError("page")
            self.objects[number] = read_dictionary(self.page_texts[number])
        return self.objects[number]

    def copy(self) -> State:
        """Return a state that may be led on while this one stays."""
        return State(
            tail=self.tail,
            form=self.form,
            pages=self.pages,
            page_texts=self.page_texts,
            objects=dict(self.objects),
            fields=dict(self.fields),
            filled=set(self.filled),
            fonts=self.fonts,
            store=self.store,
            revisions=self.revisions,
        )


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
    read_all(pdf)
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
        pages=tuple(_number(page.obj) for page in pdf.pages),
        places=tuple(_part(one) for one in _with_fields(form.Fields)),
        fonts=_fonts(form.Fields[0].get("/P")) if fields else (),
    )
    _check_led_to(pdf, parts)
    parts.state()
    return parts


def _fonts(page: Any) -> tuple[FontPart, ...]:
    """Return the fonts for boxes among those of a page: regular, bold; none when not both."""
    found = guarded(lambda: tuple(_font(page.Resources.Font[name]) for name in _FONTS))
    return () if isinstance(found, ParserFailure) else found


def _font(font: Any) -> FontPart:
    (below,) = font.DescendantFonts
    if font.Encoding != "/Identity-H" or below.CIDToGIDMap != "/Identity":
        raise NotOursError("font")
    widths = _widths(read_value(bytes(below.W.unparse(resolved=True))))
    told = bytes(font.ToUnicode.read_bytes())
    letters = {
        int(glyph, 16): bytes.fromhex(letter.decode("ascii")).decode("utf-16-be")
        for glyph, letter in _LETTER.findall(told)
    }
    known = sorted(one for one, letter in letters.items() if len(letter) == 1 and one in widths)
    return FontPart(
        number=_number(font),
        letters="".join(letters[one] for one in known),
        glyphs=tuple(known),
        widths=tuple(widths[one] for one in known),
    )


def _widths(listed: Value) -> dict[int, int]:
    found: dict[int, int] = {}
    if not isinstance(listed, list) or len(listed) % 2:
        raise NotOursError("widths")
    for first, row in zip(listed[::2], listed[1::2], strict=True):
        if not isinstance(first, Decimal) or not isinstance(row, list):
            raise NotOursError("widths")
        for place, width in enumerate(row):
            if not isinstance(width, Decimal) or not 0 <= width <= _WIDEST:
                raise NotOursError("widths")
            found[int(first) + place] = int(width)
    return found


def _with_fields(fields: Any) -> list[Any]:
    """Return the pages on which fields wait, once each: stamps and later fields come there too."""
    found = {one.P.objgen: one.P for one in fields if "/P" in one}
    return list(found.values())


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
    tree, pages = set(), set(base.pages)
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
    pages = set(base.pages)
    special = {base.root.number, base.form.number, *(one.number for one in base.fields)}
    texts = {one.number: one.text for one in base.places}
    if len(pages) != len(base.pages) or special & pages or texts.keys() - pages:
        raise NotOursError("pages")
    state = State(
        tail=Tail(
            table=base.table,
            size=base.size,
            root=base.root.number,
            info=base.info or None,
            first_id=base.first_id,
        ),
        form=base.form.number,
        pages=base.pages,
        page_texts=texts,
        objects={base.root.number: root, base.form.number: form},
        fields={},
        fonts=base.fonts,
    )
    for one in base.fields:
        value = read_dictionary(one.text)
        name = value.get("/T")
        if not isinstance(name, bytes) or name in state.fields:
            raise NotOursError("field")
        _check_field(value, one.number, state)
        state.fields[name] = one.number
        state.objects[one.number] = value
    if form.get("/Fields") != [Ref(one.number) for one in base.fields]:
        raise NotOursError("fields")
    return state


def _check_field(value: dict[str, Value], number: int, state: State) -> None:
    """A field is an empty place for a signature, and its page shows it once."""
    page = value.get("/P")
    strange = value.keys() - _FIELD_KEYS or value.get("/FT") != "/Sig"
    if strange or not isinstance(page, Ref) or page.number not in state.page_texts:
        raise NotOursError("field")
    if listed(state.page(page.number)).count(Ref(number)) != 1:
        raise NotOursError("annotations")


def listed(page: dict[str, Value]) -> list[Value]:
    """Return the annotations of a page.

    Raises:
        NotOursError: They are no list in the page itself.
    """
    found = page.get("/Annots")
    if not isinstance(found, list):
        raise NotOursError("annotations")
    return found
