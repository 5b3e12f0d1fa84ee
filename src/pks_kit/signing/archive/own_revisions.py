"""Write the revisions of an archive behind our own file, without opening it: material, timestamp.

They are in the spelling that :mod:`pks_kit.pdf.prefix` reads, and hold what the writer of pyHanko
puts into the same place (:mod:`.dss`, :mod:`.seal`); each is read again before it counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pks_kit.domain.ledger_head import PDF_ENTRY
from pks_kit.pdf.prefix.base import listed
from pks_kit.pdf.prefix.grammar import text_of
from pks_kit.pdf.prefix.spelling import Name, NotOursError, Ref, Value, written
from pks_kit.pdf.prefix.store import LISTS, Kind, Store
from pks_kit.signing.archive.seal import FIELD_PREFIX, FIELD_TITLE
from pks_kit.signing.step.own_revision import (
    assembled,
    signature_value,
    stream_object,
    text,
    with_range,
)

if TYPE_CHECKING:
    from pks_kit.pdf.prefix.base import State
    from pks_kit.pki.material import ValidationMaterial

_PRINTED_LOCKED = Decimal(132)
_ALL_SIGNED = Decimal(3)


def own_store(
    before: bytes,
    state: State,
    known: ValidationMaterial,
    entries: Iterable[tuple[str, ValidationMaterial]],
) -> bytes:
    """Return the revision that stores material per signature; empty when all of it is there.

    Args:
        before: The file.
        state: What is known of it.
        known: What it stores.
        entries: As for :func:`~pks_kit.signing.archive.dss.add_to_store`.
    """
    growing = _Growing(state, known)
    for name, material in entries:
        growing.add(name, material)
    if not growing.objects:
        return b""
    return assembled(before, state, growing.finished())


class _Growing:
    """A store that grows; numbers are given as pieces come."""

    def __init__(self, state: State, known: ValidationMaterial) -> None:
        self.state = state
        self.objects: dict[int, bytes] = {}
        before = state.store
        self._next = state.tail.size
        self._pieces: dict[Kind, dict[int, bytes]] = {
            kind: dict(before.pieces[kind]) if before else {} for kind in LISTS
        }
        self._entries = dict(before.entries) if before else {}
        self._numbers = {
            (kind, der): number for kind in LISTS for number, der in self._pieces[kind].items()
        }
        self._certificates = {
            one.issuer_serial: self._numbers["/Certs", one.dump()] for one in known.certificates
        }

    def add(self, name: str, material: ValidationMaterial) -> None:
        """Take up material; an entry that is there already is never changed."""
        inside = (one for answer in material.ocsps for one in _certificates_in(answer))
        certificates = {self._certificate(one) for one in (*material.certificates, *inside)}
        share: dict[Kind, Iterable[int]] = {
            "/Certs": certificates,
            "/OCSPs": {self._piece("/OCSPs", one.dump()) for one in material.ocsps},
            "/CRLs": {self._piece("/CRLs", one.dump()) for one in material.crls},
        }
        if name in self._entries:
            return
        said: dict[str, Value] = {"/Type": Name("/VRI")}
        for kind, numbers in share.items():
            if numbers or kind == "/Certs":
                said[LISTS[kind]] = [Ref(one) for one in sorted(numbers)]
        self._entries[name] = self._object(written(said))

    def finished(self) -> Mapping[int, bytes]:
        """Return all objects of the revision."""
        before, state = self.state.store, self.state
        number = before.number if before else self._next
        store = Store(number=number, pieces=self._pieces, entries=self._entries)
        objects = {**self.objects, number: written(store.value())}
        if before is None:
            root = {**state.objects[state.tail.root], "/DSS": Ref(number)}
            objects[state.tail.root] = written(root)
        return objects

    def _certificate(self, one: Any) -> int:
        """Return its number; as pyHanko's, a store knows one of each issuer and number."""
        known = self._certificates.get(one.issuer_serial)
        if known is None:
            known = self._certificates[one.issuer_serial] = self._piece("/Certs", one.dump())
        return known

    def _piece(self, kind: Kind, der: bytes) -> int:
        number = self._numbers.get((kind, der))
        if number is None:
            number = self._object(stream_object({"/Length": Decimal(len(der))}, der))
            self._numbers[kind, der] = number
            self._pieces[kind][number] = der
        return number

    def _object(self, content: bytes) -> int:
        number, self._next = self._next, self._next + 1
        self.objects[number] = content
        return number


def _certificates_in(answer: Any) -> Iterable[Any]:
    from pyhanko.sign.validation.dss import enumerate_ocsp_certs

    found: Iterable[Any] = enumerate_ocsp_certs(answer)  # type: ignore[no-untyped-call]
    return found


def own_seal(before: bytes, state: State, head: str) -> bytes:
    """Return the revision in which only the token of a document timestamp is missing.

    Args:
        before: The file.
        state: What is known of it.
        head: Head of the ledger that it shall cover, as it is written; empty for none.

    Raises:
        NotOursError: No page is known on which its field may come, or a name cannot be told.
    """
    page = next((number for number in state.pages if number in state.page_texts), None)
    form = state.objects[state.form]
    others = form.get("/Fields")
    if page is None or not isinstance(others, list):
        raise NotOursError("page")
    taken = {text_of(one) for one in state.fields}
    names = (f"{FIELD_PREFIX}{number}" for number in range(1, len(taken) + 2))
    name = next(one for one in names if one not in taken)
    field, value = state.tail.size, state.tail.size + 1
    shown = state.page(page)
    said = written(
        {
            "/Type": Name("/DocTimeStamp"),
            "/Filter": Name("/Adobe.PPKLite"),
            "/SubFilter": Name("/ETSI.RFC3161"),
        }
    )
    if head:  # as text in parentheses: it is searched in the bytes
        said = b"<<\n%b (%b)\n" % (PDF_ENTRY.encode(), head.encode()) + said.removeprefix(b"<<\n")
    objects = {
        state.form: written({**form, "/Fields": [*others, Ref(field)], "/SigFlags": _ALL_SIGNED}),
        page: written({**shown, "/Annots": [*listed(shown), Ref(field)]}),
        value: signature_value(said),
        field: written(
            {
                "/FT": Name("/Sig"),
                "/T": text(name),
                "/TU": text(FIELD_TITLE),
                "/Type": Name("/Annot"),
                "/Subtype": Name("/Widget"),
                "/F": _PRINTED_LOCKED,
                "/Rect": [Decimal(0)] * 4,
                "/P": Ref(page),
                "/V": Ref(value),
            }
        ),
    }
    return with_range(assembled(before, state, objects), len(before))
