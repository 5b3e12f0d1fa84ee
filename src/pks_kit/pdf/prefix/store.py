"""The store of validation material (DSS) as our writers append it: told from bytes alone.

A revision that stores material adds pieces (certificates, OCSP answers, revocation lists, each one
structure in DER), one entry per signature that names its pieces, and the store that lists both.
What was stored stays, in its place; nothing else may come, and nothing else leads to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pks_kit.limits import MIB
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pdf.prefix.spelling import Name, NotOursError, Ref, Value
from pks_kit.pdf.prefix.updates import Written

Kind = Literal["/Certs", "/OCSPs", "/CRLs"]

LISTS: Mapping[Kind, str] = {"/Certs": "/Cert", "/OCSPs": "/OCSP", "/CRLs": "/CRL"}
"""Lists of the store, and how the entry of a signature calls its share of them."""

_MOST_BYTES: Mapping[Kind, int] = {"/Certs": MIB // 16, "/OCSPs": MIB // 4, "/CRLs": 4 * MIB}
"""Largest piece; pyHanko reads sixteen times as much of the first two kinds."""

_SIGNATURE_NAME = re.compile(r"/[0-9A-F]{40}")
_KEYS = frozenset((*LISTS, "/VRI"))
_ENTRY_KEYS = frozenset((*LISTS.values(), "/Type"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A store after some of our revisions.

    Attributes:
        number: Its object.
        pieces: The pieces of each list in DER, by their objects, in order.
        entries: The objects of the entries, by the name of their signature.
    """

    number: int
    pieces: Mapping[Kind, Mapping[int, bytes]] = field(repr=False)
    entries: Mapping[str, int]

    def check_pieces(self) -> None:
        """Make sure that every piece is one structure of its kind, with nothing behind it.

        Whoever only appends need not ask; whoever says that a revision is good must.

        Raises:
            NotOursError: One is anything else.
        """
        if not all(
            _is_readable(kind, data)
            for kind, pieces in self.pieces.items()
            for data in pieces.values()
        ):
            raise NotOursError("piece")

    def value(self) -> dict[str, Value]:
        """Return it as it is written."""
        found: dict[str, Value] = {
            kind: [Ref(one) for one in self.pieces[kind]]
            for kind in LISTS
            if self.pieces[kind] or kind == "/Certs"
        }
        if self.entries:
            found["/VRI"] = {name: Ref(one) for name, one in self.entries.items()}
        return found


def read_store(new: Mapping[int, Written], holder: Written, before: Store | None) -> Store:
    """Return the store after a revision.

    Args:
        new: All objects that are new in it.
        holder: The dictionary of the store, new or replaced.
        before: The store before it; None where there was none.

    Raises:
        NotOursError: The revision holds anything else, or takes something away.
    """
    said = holder.dictionary
    if holder.data is not None or said.keys() - _KEYS:
        raise NotOursError("store")
    waiting = {number: one for number, one in new.items() if number != holder.number}
    pieces = {
        kind: _pieces(kind, said.get(kind), waiting, before.pieces[kind] if before else {})
        for kind in LISTS
    }
    entries = _entries(said.get("/VRI"), waiting, pieces, before.entries if before else {})
    if waiting:
        raise NotOursError("litter")
    return Store(number=holder.number, pieces=pieces, entries=entries)


def _pieces(
    kind: Kind, listed: Value, waiting: dict[int, Written], before: Mapping[int, bytes]
) -> dict[int, bytes]:
    numbers = _numbers([] if listed is None else listed)
    if numbers[: len(before)] != list(before):
        raise NotOursError("lost")
    found = dict(before)
    for number in numbers[len(before) :]:
        one = waiting.pop(number, None)
        if one is None or one.data is None or one.dictionary.keys() != {"/Length"}:
            raise NotOursError("piece")
        if len(one.data) > _MOST_BYTES[kind]:
            raise NotOursError("piece")
        found[number] = one.data
    return found


def _entries(
    listed: Value,
    waiting: dict[int, Written],
    pieces: Mapping[Kind, Mapping[int, bytes]],
    before: Mapping[str, int],
) -> dict[str, int]:
    if listed is None:
        listed = {}
    if not isinstance(listed, dict):
        raise NotOursError("entries")
    found: dict[str, int] = {}
    for name, value in listed.items():
        if not isinstance(value, Ref) or not _SIGNATURE_NAME.fullmatch(name):
            raise NotOursError("entry")
        found[name] = value.number
        if name not in before:
            _check_entry(waiting.pop(value.number, None), pieces)
    if any(found.get(name) != number for name, number in before.items()):
        raise NotOursError("lost")
    return found


def _check_entry(entry: Written | None, pieces: Mapping[Kind, Mapping[int, bytes]]) -> None:
    """An entry names pieces of the store and nothing else."""
    if entry is None or entry.data is not None or entry.dictionary.keys() - _ENTRY_KEYS:
        raise NotOursError("entry")
    said = entry.dictionary
    if said.get("/Type") != Name("/VRI"):
        raise NotOursError("entry")
    for kind, name in LISTS.items():
        if name in said and set(_numbers(said[name])) - pieces[kind].keys():
            raise NotOursError("entry")


def _numbers(listed: Value) -> list[int]:
    if not isinstance(listed, list):
        raise NotOursError("list")
    numbers = [one.number for one in listed if isinstance(one, Ref)]
    if len(numbers) != len(listed) or len(set(numbers)) != len(numbers):
        raise NotOursError("list")
    return numbers


def _is_readable(kind: Kind, data: bytes) -> bool:
    found = guarded(lambda: _look(kind, data))
    return not isinstance(found, ParserFailure)


def _look(kind: Kind, data: bytes) -> None:
    from asn1crypto import crl, ocsp, x509

    looks: Mapping[Kind, tuple[Any, Callable[[Any], Any]]] = {
        "/Certs": (x509.Certificate, lambda one: (one.subject.native, one.serial_number)),
        "/OCSPs": (ocsp.OCSPResponse, lambda one: one["response_status"].native),
        "/CRLs": (crl.CertificateList, lambda one: one.issuer.native),
    }
    structure, look = looks[kind]
    look(structure.load(data, strict=True))
