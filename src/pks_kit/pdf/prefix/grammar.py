"""What a revision of ours may hold, given the state before it; everything else is not ours.

Three shapes are known, with nothing beside them:

* an empty field that was issued gets its signature and its picture; with the first one the form
  says that there are signatures, and the catalog names the extension of the signature's encoding;
* a new field with a signature and a picture comes into the form and onto its page (meterai, an
  official whose place has no field); a document timestamp has neither picture nor area;
* validation material is stored (:mod:`.store`); the first time, the catalog names the store.

Pictures are forms, images and fonts that lead to nothing but each other, in a tree that ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pks_kit.domain.ledger_head import PDF_ENTRY, AnchoredHead
from pks_kit.domain.rect import Rect
from pks_kit.pdf.prefix.base import State, listed
from pks_kit.pdf.prefix.pictures import check_picture
from pks_kit.pdf.prefix.spelling import Name, NotOursError, Ref, Value
from pks_kit.pdf.prefix.store import read_store
from pks_kit.pdf.prefix.updates import Update, Written

EXTENSION: Mapping[str, Value] = {
    "/ESIC": {
        "/Type": Name("/DeveloperExtensions"),
        "/BaseVersion": Name("/1.7"),
        "/ExtensionLevel": Decimal(1),
    }
}
_SIGNATURE_KEYS = frozenset(
    ("/Contents", "/ByteRange", "/Type", "/Filter", "/SubFilter", "/M", "/Name", "/Reason",
     "/Location", "/Prop_Build", PDF_ENTRY)
)  # fmt: skip
_SUBFILTERS = {
    "/Sig": frozenset(("/ETSI.CAdES.detached", "/adbe.pkcs7.detached")),
    "/DocTimeStamp": frozenset(("/ETSI.RFC3161",)),
}
_NEW_FIELD_KEYS = frozenset(
    ("/FT", "/T", "/TU", "/Type", "/Subtype", "/F", "/Rect", "/P", "/AP", "/V")
)
_PLAIN = frozenset({9, 10, 13, *range(0x20, 0x7F), *range(0xA1, 0x100)} - {0xAD})


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSignature:
    """The signature that a revision adds.

    Attributes:
        field: Name of its field.
        is_timestamp: Whether it is a document timestamp.
        is_new: Whether the field came with it.
        byte_range: Its byte range.
        container: The bytes in the hole.
        reason: ``/Reason``, else empty.
        moment: ``/M`` as it is written, else empty.
        page: Page of its box from 1; None without an area.
        rect: Its box; None without an area.
        look: Number of its picture; None for none.
    """

    field: str
    is_timestamp: bool
    is_new: bool
    byte_range: tuple[int, int, int, int]
    container: bytes
    reason: str
    moment: str
    page: int | None
    rect: Rect | None
    look: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRevision:
    """A revision that holds what one of ours may hold, and nothing else.

    Attributes:
        update: The revision as it was cut.
        added: Numbers that are new, the reference stream among them.
        changed: Numbers that were replaced.
        signature: What it adds; None where it stores validation material.
        decoded: Bytes of its streams but pictures, inflated.
    """

    update: Update
    added: tuple[int, ...]
    changed: tuple[int, ...]
    signature: OwnSignature | None
    decoded: int

    @property
    def level(self) -> Literal["form_filling", "lta_updates"]:
        """Return how far it changes what an earlier signature covers, in pyHanko's words."""
        is_seen = self.signature is not None and self.signature.rect is not None
        return "form_filling" if is_seen else "lta_updates"


def read_revision(content: bytes, update: Update, state: State) -> OwnRevision:
    """Return what a revision holds, and take it up into the state.

    Args:
        content: The file.
        update: The revision.
        state: The state before it; afterwards the state after it.

    Raises:
        NotOursError: It holds anything else; the state is then worth nothing.
    """
    new = {n: one for n, one in update.objects.items() if n >= state.tail.size}
    replaced = {n: one for n, one in update.objects.items() if n < state.tail.size}
    if any(_is_signature(one) for one in new.values()):
        signature, decoded = _take_signature(content, update, state, new, replaced)
    else:
        _take_store(state, new, replaced)
        signature, decoded = None, 0
    first_new = state.tail.size
    numbers = sorted((*update.objects, update.stream))
    state.tail = update.tail
    state.revisions += 1
    return OwnRevision(
        update=update,
        added=tuple(n for n in numbers if n >= first_new),
        changed=tuple(n for n in numbers if n < first_new),
        signature=signature,
        decoded=decoded,
    )


def _take_signature(
    content: bytes,
    update: Update,
    state: State,
    new: dict[int, Written],
    replaced: dict[int, Written],
) -> tuple[OwnSignature, int]:
    """Return the one signature of a revision, and what its picture inflates to."""
    if replaced.keys() - state.objects.keys() - set(state.pages):
        raise NotOursError("replaced")
    found = [n for n, one in new.items() if _is_signature(one)]
    if len(found) != 1:
        raise NotOursError("signatures")
    value, holder = new.pop(found[0]), Ref(found[0])
    field, is_new = _holder(new, replaced, holder)
    signature = (
        _new_field(content, update, state, new.pop(field.number), value, replaced)
        if is_new
        else _issued_field(content, update, state, replaced.pop(field.number), value)
    )
    _take_form(state, replaced.pop(state.form, None), field.number if is_new else None)
    _take_root(state, replaced.pop(state.tail.root, None))
    if replaced:
        raise NotOursError("replaced")
    decoded = check_picture(new, signature.look, {one.number for one in state.fonts})
    state.objects[field.number] = field.dictionary
    state.filled.add(_text(field, "/T"))
    state.fields[_text(field, "/T")] = field.number
    return signature, decoded


def _take_store(state: State, new: dict[int, Written], replaced: dict[int, Written]) -> None:
    """Nothing but the store is written, and the catalog when it is the first one."""
    before = state.store
    if before is None:
        root = replaced.pop(state.tail.root, None)
        catalog = state.objects[state.tail.root]
        place = root.dictionary.get("/DSS") if root is not None else None
        if root is None or root.data is not None or not isinstance(place, Ref):
            raise NotOursError("catalog")
        if "/DSS" in catalog or root.dictionary != {**catalog, "/DSS": place}:
            raise NotOursError("catalog")
        holder = new.get(place.number)
        state.objects[state.tail.root] = root.dictionary
    else:
        holder = replaced.pop(before.number, None)
    if holder is None or replaced or not new:
        raise NotOursError("store")
    state.store = read_store(new, holder, before)


def _is_signature(one: Written) -> bool:
    return one.data is None and isinstance(one.value, dict) and "/ByteRange" in one.value


def _holder(
    new: Mapping[int, Written], replaced: Mapping[int, Written], value: Ref
) -> tuple[Written, bool]:
    """Return the one field that holds the signature, and whether it is new."""
    holding = [
        (one, parts is new)
        for parts in (new, replaced)
        for one in parts.values()
        if isinstance(one.value, dict) and one.value.get("/V") == value and one.data is None
    ]
    if len(holding) != 1:
        raise NotOursError("field")
    return holding[0]


def _issued_field(
    content: bytes, update: Update, state: State, field: Written, value: Written
) -> OwnSignature:
    before, after = state.objects[field.number], field.dictionary
    name = _text(field, "/T")
    if state.fields.get(name) != field.number or name in state.filled:
        raise NotOursError("field")
    kept = {key: one for key, one in after.items() if key not in ("/AP", "/V")}
    if kept != {key: one for key, one in before.items() if key != "/AP"}:
        raise NotOursError("field")
    return _signature(content, update, state, field, value, is_new=False)


def _new_field(
    content: bytes,
    update: Update,
    state: State,
    field: Written,
    value: Written,
    replaced: dict[int, Written],
) -> OwnSignature:
    said = field.dictionary
    fixed = {"/FT": "/Sig", "/Type": "/Annot", "/Subtype": "/Widget", "/F": Decimal(132)}
    if said.keys() - _NEW_FIELD_KEYS or any(said.get(key) != one for key, one in fixed.items()):
        raise NotOursError("field")
    page = said.get("/P")
    name = _text(field, "/T")
    if name in state.fields or not isinstance(page, Ref) or page.number not in state.pages:
        raise NotOursError("field")
    before, shown = state.page(page.number), replaced.pop(page.number, None)
    if shown is None:
        raise NotOursError("page")
    wanted = {**before, "/Annots": [*listed(before), Ref(field.number)]}
    if shown.dictionary != wanted or shown.data is not None:
        raise NotOursError("page")
    state.objects[page.number] = shown.dictionary
    return _signature(content, update, state, field, value, is_new=True)


def _signature(
    content: bytes, update: Update, state: State, field: Written, value: Written, *, is_new: bool
) -> OwnSignature:
    said, held = value.dictionary, field.dictionary
    kind = said.get("/Type")
    if not isinstance(kind, Name) or said.keys() - _SIGNATURE_KEYS:
        raise NotOursError("signature")
    if any(map(_leads, said.values())):
        raise NotOursError("leads on")  # to what may be put there later, unsigned
    if said.get("/Filter") != "/Adobe.PPKLite":
        raise NotOursError("signature")
    if said.get("/SubFilter") not in _SUBFILTERS.get(kind, ()):
        raise NotOursError("signature")
    rect = _rect(held.get("/Rect"))
    page = held.get("/P")
    look = _look(held.get("/AP"))
    is_timestamp = kind == "/DocTimeStamp"
    if PDF_ENTRY in said and not (is_timestamp and _is_head(said[PDF_ENTRY])):
        raise NotOursError("head")
    if (rect is None) != is_timestamp or (look is None) != is_timestamp:
        raise NotOursError("area")
    if not isinstance(page, Ref) or (is_timestamp and not is_new):
        raise NotOursError("field")
    return OwnSignature(
        field=text_of(_text(field, "/T")),
        is_timestamp=is_timestamp,
        is_new=is_new,
        byte_range=_byte_range(content, update, value),
        container=_text(value, "/Contents"),
        reason=text_of(_text(value, "/Reason")) if "/Reason" in said else "",
        moment=text_of(_text(value, "/M")) if "/M" in said else "",
        page=state.pages.index(page.number) + 1 if rect is not None else None,
        rect=rect,
        look=look,
    )


def _leads(value: Value) -> bool:
    """Return whether a value holds a reference anywhere."""
    if isinstance(value, dict):
        return any(map(_leads, value.values()))
    if isinstance(value, list):
        return any(map(_leads, value))
    return isinstance(value, Ref)


def _is_head(value: Value) -> bool:
    """Return whether a value is the head of a ledger, which a document timestamp may cover."""
    return isinstance(value, bytes) and AnchoredHead.of(text_of(value)) is not None


def _byte_range(content: bytes, update: Update, value: Written) -> tuple[int, int, int, int]:
    """Return the byte range, which leaves out the container and nothing else."""
    start, end = value.spans["/Contents"]
    if content[start : start + 1] != b"<" or content[end - 1 : end] != b">":
        raise NotOursError("container")
    wanted = (0, start, end, update.end - end)
    if value.dictionary.get("/ByteRange") != [Decimal(one) for one in wanted]:
        raise NotOursError("byte range")
    return wanted


def _look(value: Value) -> int | None:
    if value is None:
        return None
    shown = value.get("/N") if isinstance(value, dict) and len(value) == 1 else None
    if not isinstance(shown, Ref):
        raise NotOursError("picture")
    return shown.number


def _rect(value: Value) -> Rect | None:
    if not isinstance(value, list) or len(value) != 4:
        raise NotOursError("area")
    edges = [float(one) for one in value if isinstance(one, Decimal)]
    if len(edges) != 4:
        raise NotOursError("area")
    left, right = sorted((edges[0], edges[2]))
    bottom, top = sorted((edges[1], edges[3]))
    return (left, bottom, right, top) if left < right and bottom < top else None


def _take_form(state: State, form: Written | None, added: int | None) -> None:
    before = state.objects[state.form]
    fields = before.get("/Fields")
    if not isinstance(fields, list):
        raise NotOursError("form")
    wanted = {**before, "/SigFlags": Decimal(3)}
    if added is not None:
        wanted["/Fields"] = [*fields, Ref(added)]
    if wanted != before and form is None:
        raise NotOursError("form")
    if form is not None and (form.data is not None or form.dictionary != wanted):
        raise NotOursError("form")
    state.objects[state.form] = wanted


def _take_root(state: State, root: Written | None) -> None:
    """The catalog may name the extension, once, and change in nothing else."""
    if root is None:
        return
    before = state.objects[state.tail.root]
    if root.data is not None or root.dictionary != {**before, "/Extensions": EXTENSION}:
        raise NotOursError("catalog")
    state.objects[state.tail.root] = root.dictionary


def _text(one: Written, key: str) -> bytes:
    value = one.dictionary.get(key)
    if not isinstance(value, bytes):
        raise NotOursError("text")
    return value


def text_of(value: bytes) -> str:
    """Return a text string as people read it.

    Raises:
        NotOursError: It uses signs of which readers are not of one mind.
    """
    if value.startswith(b"\xfe\xff"):
        try:
            return value[2:].decode("utf-16-be")
        except UnicodeDecodeError as error:
            raise NotOursError("text") from error
    if not set(value) <= _PLAIN:
        raise NotOursError("text")
    return value.decode("latin-1")
