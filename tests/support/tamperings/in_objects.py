"""Tampering by appended revisions: objects, whole revisions, fields, looks of boxes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import combinations, count
from random import Random
from typing import Any

from pyhanko.pdf_utils import generic

from support import forgeries, tamper
from support.tamperings.parts import (
    BROKEN,
    PREFIX,
    REPLACED,
    SIGNED_BYTES,
    Change,
    Tampering,
    Writer,
    appended,
    dictionary,
    form,
    name,
    numbers,
    objects_of,
)
from support.tamperings.specimens import Specimen

_BOOKS = frozenset(
    f"issued.revisions/{reason}"
    for reason in (
        *("replaced_object", "catalog", "other_field", "form", "fields_list", "field"),
        *("replaced_signature", "unsigned", "unexpected_field", "several_signatures"),
        *("annotations", "removed", "information", "metadata", "trailer", "new_object"),
    )
)
"""What can be wrong with an object of an appended revision."""


def replaced_objects(one: Specimen, dice: Random) -> Iterator[Tampering]:
    """Each object in turn is written again with something else in it."""
    objects = objects_of(one.done)
    for round_ in count():
        for number, source in objects:
            body = _other_body(source, dice, round_)
            if body is None:
                continue
            content = forgeries._revision(
                one.done, b"%d 0 obj\n%s\nendobj\n" % (number, body), b"%d 1\n@ 00000 n \n" % number
            )
            reasons = _BOOKS | SIGNED_BYTES | {"issued.revisions/unreadable"}
            yield Tampering(f"object {number}: {body[:40]!r}", content, reasons)


def _other_body(source: bytes, dice: Random, round_: int) -> bytes | None:
    """Return other source for an object: one number or name changed, or nothing left of it."""
    if round_ == 0:
        return b"null"
    if round_ == 1:
        return b"<< /Tarif 99000 >>" if source.startswith(b"<<") else b"[]"
    if b"/ByteRange" in source or not source.startswith(b"<<"):
        return None
    spots = [
        match.span() for match in re.finditer(rb"(?<=[ \[(Rp])\d{1,6}(?![\d.]* \d+ R)", source)
    ]
    if not spots:
        return (
            source[:-2] + b" /Tarif %d >>" % dice.randrange(10**6) if source[-2:] == b">>" else None
        )
    begin, end = dice.choice(spots)
    value = int(source[begin:end]) + dice.randrange(1, 9)
    return source[:begin] + b"%0*d" % (end - begin, value % 10 ** (end - begin)) + source[end:]


_REVISIONS: dict[str, tuple[Change, str]] = {
    "resources": (forgeries._resources, "replaced_object"),
    "font": (forgeries._font, "replaced_object"),
    "image": (forgeries._image, "new_object"),
    "content": (forgeries._content_appended, "new_object"),
    "layers": (forgeries._layers, "catalog"),
    "language": (forgeries._REVISIONS["language"], "catalog"),
    "outlines": (forgeries._REVISIONS["outlines"], "catalog"),
    "labels": (forgeries._REVISIONS["labels"], "catalog"),
    "dests": (forgeries._REVISIONS["dests"], "catalog"),
    "perms": (forgeries._REVISIONS["perms"], "catalog"),
    "rotated": (forgeries._REVISIONS["rotated"], "replaced_object"),
    "cropped": (forgeries._REVISIONS["cropped"], "replaced_object"),
    "resized": (forgeries._REVISIONS["resized"], "replaced_object"),
    "renamed": (forgeries._REVISIONS["renamed"], "unexpected_field"),
    "same name": (forgeries._same_name, "several_signatures"),
    "empty field": (forgeries._empty_field, "empty_field"),
    "text field": (forgeries._text_field, "not_a_signature_field"),
    "flags": (forgeries._REVISIONS["need_appearances"], "form"),
    "attachment": (forgeries._attachment_replaced, "replaced_object"),
    "attached": (forgeries._attachment_added, "catalog"),
    "title": (forgeries._title, "information"),
    "junk in the DSS": (forgeries._dss_with_junk, "dss_junk"),
    "note": (tamper.new_annotation, "replaced_object"),
    "viewer": (tamper.other_catalog_entry, "catalog"),
    "moved field": (tamper.moved_field, "other_field"),
}


def revisions(one: Specimen, dice: Random) -> Iterator[Tampering]:
    """Two changes in one revision, one behind the other, cut out, taken back, or repeated."""
    pairs = [pair for pair in combinations(_REVISIONS, 2) if pair != ("resources", "font")]
    for first, second in dice.sample(pairs, len(pairs)):
        (change, reason), (other, other_reason) = _REVISIONS[first], _REVISIONS[second]
        reasons = frozenset({f"issued.revisions/{reason}", f"issued.revisions/{other_reason}"})
        yield Tampering(f"{first} and {second}", appended(one.done, change, other), reasons)
        yield from _around(one, dice, first)


def _around(one: Specimen, dice: Random, which: str) -> Iterator[Tampering]:
    change, reason = _REVISIONS[which]
    step = dice.randrange(len(one.states))
    early = appended(one.states[step], change)
    if step + 1 < len(one.states):  # the later revisions follow a change that they never saw
        early += one.done[len(one.states[step]) :]
        reasons = SIGNED_BYTES | {"issued.revisions/unreadable", f"issued.revisions/{reason}"}
        yield Tampering(f"{which} put in after step {step + 1}", early, reasons)
    twice = appended(appended(one.done, change), forgeries._nothing)
    yield Tampering(
        f"{which}, then an empty revision", twice, frozenset({f"issued.revisions/{reason}"})
    )
    tail = dice.choice((b"\n", b" ", b"%\n", b"\0", dice.randbytes(3), b"PK\x03\x04", b"<html>"))
    junk = tail * dice.randrange(1, 40)
    yield Tampering(
        f"{len(junk)} bytes of {tail!r} behind",
        one.done + junk,
        frozenset({"file.end/extra_bytes"}) | BROKEN,
    )
    cut = dice.randrange(len(one.issued), len(one.done) - 2)
    missing = {"parties.missing/signature", "parties.missing/stamp", "file.end/extra_bytes"}
    yield Tampering(f"cut at {cut}", one.done[:cut], BROKEN | SIGNED_BYTES | missing)


# --- fields and their boxes ---------------------------------------------------------------------


def fields(one: Specimen, dice: Random) -> Iterator[Tampering]:
    """Each field in turn gets another entry: place, name, kind, flags, page, value, lock."""
    while True:
        place = dice.randrange(len(_all_fields_of(one)))
        for entry, value in _entries(dice):
            content = appended(one.done, _field_change(place, entry, value))
            if content is None:
                continue
            reasons = {"other_field", "unexpected_field", "form", "field", "replaced_signature"}
            yield Tampering(
                f"field {place} {entry}",
                content,
                frozenset(f"issued.revisions/{reason}" for reason in reasons)
                | {"signature.integrity/fields_unreadable", "content.active/found"},
            )


def _all_fields_of(one: Specimen) -> list[bytes]:
    return re.findall(rb"/FT /Sig", one.issued) + [b""] * (one.done.count(b"/T (Emet") or 1)


def _entries(dice: Random) -> list[tuple[str, Callable[[Writer], Any]]]:
    left, bottom = dice.randrange(500), dice.randrange(700)
    box = (left, bottom, left + dice.randrange(20, 90), bottom + dice.randrange(20, 90))
    label = "".join(dice.choice("ABCDEFGH") for _ in range(6))
    return [
        ("/Rect", lambda _: numbers(*box)),
        ("/T", lambda _: generic.TextStringObject(f"TTD_{label}")),
        ("/TU", lambda _: generic.TextStringObject(f"Tanda tangan {label}")),
        ("/F", lambda _: generic.NumberObject(dice.choice((0, 1, 2, 32, 64)))),
        ("/FT", lambda _: name("/Tx")),
        ("/Ff", lambda _: generic.NumberObject(dice.randrange(1, 8))),
        ("/P", lambda w: w.root["/Pages"]["/Kids"].raw_get(dice.choice((0, 3)))),
        ("/Parent", lambda w: w.root.raw_get("/AcroForm")),
        ("/V", lambda _: generic.TextStringObject(label)),
        ("/Lock", lambda _: dictionary(Action=name("/All"), X=generic.TextStringObject(label))),
        ("/MK", lambda _: dictionary(CA=generic.TextStringObject(label))),
        ("/DA", lambda _: generic.TextStringObject(f"/F1 {dice.randrange(9)} Tf")),
        ("/AA", lambda _: dictionary(E=dictionary(S=name("/Named"), N=name(f"/{label}")))),
    ]  # fmt: skip


def _field_change(place: int, entry: str, value: Callable[[Writer], Any]) -> Change:
    def change(writer: Writer) -> None:
        field = writer.root["/AcroForm"]["/Fields"][place]
        field[name(entry)] = value(writer)
        writer.update_container(field)

    return change


def appearances(one: Specimen, dice: Random) -> Iterator[Tampering]:
    """The box of a signature is drawn again: other words, another person's box, or nothing."""
    filled = [n for n, _ in enumerate(_filled(one))]
    while True:
        place, words = dice.choice(filled), f"Tarif Rp{dice.randrange(10**6)}"
        drawn = b"BT /F1 9 Tf 2 20 Td (%s) Tj ET" % words.encode()
        box = (0, 0, dice.randrange(50, 200), dice.randrange(30, 90))
        ways: dict[str, Callable[[Writer, Any], None]] = {
            "other form": lambda w, f, d=drawn, b=box: _set_look(w, f, form(w, d, b, font=True)),
            "form overwritten": lambda w, f, d=drawn: _overwrite_look(w, f, d),
            "box of the form": lambda w, f, b=box: _look_entry(w, f, "/BBox", numbers(*b)),
            "matrix of the form": lambda w, f, b=box: _look_entry(
                w, f, "/Matrix", numbers(b[2] / 100, 0, 0, 1, b[3], 0)
            ),
            "another one's form": lambda w, f, p=place: _set_look(
                w, f, _signed_fields(w)[p - 1]["/AP"].raw_get("/N")
            ),
            "no form": lambda w, f: _drop(w, f, "/AP"),
            "form when pressed": lambda w, f, d=drawn, b=box: _set_look(
                w, f, form(w, d, b, font=True), "/D"
            ),
        }
        for way, change in ways.items():
            content = appended(one.done, lambda w, p=place, c=change: c(w, _signed_fields(w)[p]))
            reasons = frozenset({"issued.revisions/other_field"}) | REPLACED
            yield Tampering(f"field {place}, {way}: {words} {box}", content, reasons)


def _filled(one: Specimen) -> list[None]:
    return [None] * len(one.states)


def _signed_fields(writer: Writer) -> list[Any]:
    return forgeries._filled(writer)


def _set_look(writer: Writer, field: Any, look: Any, which: str = "/N") -> None:
    field["/AP"][name(which)] = look
    writer.update_container(field["/AP"])


def _overwrite_look(writer: Writer, field: Any, drawn: bytes) -> None:
    look = field["/AP"]["/N"]
    look._data, look._encoded_data = drawn, None
    writer.update_container(look)


def _look_entry(writer: Writer, field: Any, entry: str, value: Any) -> None:
    look = field["/AP"]["/N"]
    look[name(entry)] = value
    writer.update_container(look)


def _drop(writer: Writer, field: Any, entry: str) -> None:
    del field[entry]
    writer.update_container(field)


# --- stripped signatures ------------------------------------------------------------------------


def stripped(one: Specimen, dice: Random) -> Iterator[Tampering]:
    """Any choice of the signatures is taken away, in every way there is."""
    total = len(one.states)
    choices = [
        chosen for size in range(1, total + 1) for chosen in combinations(range(total), size)
    ]
    books = frozenset(
        f"issued.revisions/{reason}"
        for reason in ("other_field", "fields_list", "replaced_object", "form", "unsigned")
    )
    for round_ in count():
        for chosen in choices:
            for way, change in _strippers(chosen).items():
                note = f"{way} {chosen}, round {round_}"
                mark = _mark(round_)
                yield Tampering(note, appended(one.done, change, mark), books)
            zeroed = bytearray(one.done)
            for which in chosen:
                begin, end = forgeries_holes(one.done)[which]
                start = dice.randrange(begin, begin + (end - begin) // 2)
                zeroed[start:end] = b"0" * (end - start)
            yield Tampering(
                f"containers {chosen} blanked from {start}",
                bytes(zeroed),
                SIGNED_BYTES
                | {
                    "signature.integrity/unreadable",
                    "signature.integrity/not_verifiable",
                    # nothing but the timestamp lies in the end of a container
                    "signature.time/missing",
                    "signature.time/broken",
                },
            )
            yield Tampering(
                f"written again without {chosen}, round {round_}",
                _without(one, chosen, dice),
                PREFIX,
            )
        for step, state in enumerate((one.issued, *one.states[:-1])):
            pad = b"" if round_ == 0 else b" " * round_
            missing = {"parties.missing/signature", "parties.missing/stamp"}
            yield Tampering(f"only step {step}, {len(pad)} blanks", state + pad, frozenset(missing))


def forgeries_holes(content: bytes) -> list[tuple[int, int]]:
    return tamper.containers(content)


def _mark(round_: int) -> Change:
    """Tell one round from the next, without another effect than the revision already has."""

    def change(writer: Writer) -> None:
        writer.add_object(generic.NumberObject(round_))

    return change


def _strippers(chosen: tuple[int, ...]) -> dict[str, Change]:
    def emptied(writer: Writer) -> None:
        for field in [_signed_fields(writer)[place] for place in chosen]:
            _drop(writer, field, "/V")

    def unlisted(writer: Writer) -> None:
        _unlist(writer, [_signed_fields(writer)[place] for place in chosen])

    def hidden(writer: Writer) -> None:
        for place in chosen:
            field = _signed_fields(writer)[place]
            field[name("/F")] = generic.NumberObject(2)
            writer.update_container(field)

    def text(writer: Writer) -> None:
        for place in chosen:
            field = _signed_fields(writer)[place]
            field[name("/FT")] = name("/Tx")
            writer.update_container(field)

    def nullified(writer: Writer) -> None:
        for field in [_signed_fields(writer)[place] for place in chosen]:
            field[name("/V")] = generic.NullObject()
            writer.update_container(field)

    return {"value": emptied, "list": unlisted, "flag": hidden, "type": text, "null": nullified}


def _unlist(writer: Writer, gone: list[Any]) -> None:
    listed = writer.root["/AcroForm"]["/Fields"]
    lost = {str(field["/T"]) for field in gone}
    kept = [
        listed.raw_get(place)
        for place in range(len(listed))
        if str(listed[place]["/T"]) not in lost
    ]
    writer.root["/AcroForm"][name("/Fields")] = generic.ArrayObject(kept)
    writer.update_container(writer.root["/AcroForm"])


def _without(one: Specimen, chosen: tuple[int, ...], dice: Random) -> bytes:
    import pikepdf

    from support.tamperings.parts import rewritten

    number = dice.randrange(10**9)

    def change(pdf: pikepdf.Pdf) -> None:
        signed = [field for field in pdf.Root.AcroForm.Fields if "/V" in field]
        for place in chosen:
            del signed[place]["/V"]
        pdf.docinfo["/Keywords"] = str(number)

    return rewritten(one.done, change)
