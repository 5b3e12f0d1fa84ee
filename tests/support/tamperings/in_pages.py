"""Tampering with what people read: order of pages, covers over words, lampiran, account number."""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Callable, Iterator
from itertools import permutations
from random import Random
from typing import Any

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from pks_kit.domain.receipt import DATA_ATTACHMENT
from support import signed_files
from support.tamperings.parts import (
    PREFIX,
    REPLACED,
    Change,
    Tampering,
    Writer,
    appended,
    dictionary,
    differs_first,
    form,
    name,
    numbers,
    pages_of,
    rewritten,
    stream_with,
)
from support.tamperings.specimens import ACCOUNT, Specimen, signed


def page_order(one: Specimen, dice: Random) -> Iterator[Tampering]:
    """Pages in another order, twice, or not at all."""
    pages = one.receipt.pages
    orders: list[tuple[int, ...]] = [
        order for order in permutations(range(pages)) if order != tuple(range(pages))
    ]
    for lost in range(pages):
        kept = tuple(page for page in range(pages) if page != lost)
        orders += [kept, (*kept[:lost], lost, lost, *kept[lost:])]
    dice.shuffle(orders)
    for order in orders:
        content = appended(one.done, lambda w, o=order: _ordered(w, o))  # type: ignore[misc]
        yield Tampering(f"list of pages {order}", content, REPLACED)
        content = rewritten(one.done, lambda pdf, o=order: _sorted(pdf, o))  # type: ignore[misc]
        yield Tampering(f"written again as {order}", content, PREFIX)


def _ordered(writer: Writer, order: tuple[int, ...]) -> None:
    pages = pages_of(writer)
    kids = [pages["/Kids"].raw_get(place) for place in range(len(pages["/Kids"]))]
    pages[name("/Kids")] = generic.ArrayObject([kids[place] for place in order])
    pages[name("/Count")] = generic.NumberObject(len(order))
    writer.update_container(pages)


def _sorted(pdf: pikepdf.Pdf, order: tuple[int, ...]) -> None:
    old = list(pdf.pages)
    for place in order:
        pdf.pages.append(old[place])
    del pdf.pages[: len(old)]


# --- covers -------------------------------------------------------------------------------------

_NEW = REPLACED | {"issued.revisions/new_object"}


def overlays(one: Specimen, dice: Random) -> Iterator[Tampering]:
    """A white patch with other words, anywhere on any page, drawn in seven ways."""
    while True:
        page = dice.randrange(one.receipt.pages)
        left, bottom = dice.randrange(40, 400), dice.randrange(40, 760)
        size = (dice.randrange(30, 180), dice.randrange(10, 60))
        words = f"{dice.randrange(10**13)}"
        drawn = b"1 1 1 rg 0 0 %d %d re f 0 g BT /F1 9 Tf 2 3 Td (%s) Tj ET" % (
            *size,
            words.encode(),
        )
        placed = b"q 1 0 0 1 %d %d cm %s Q" % (left, bottom, drawn)
        rect = (left, bottom, left + size[0], bottom + size[1])
        for way, change in _cover_ways(page, drawn, placed, rect).items():
            what = f"{way} on page {page + 1} at {rect}: {words}"
            yield Tampering(what, appended(one.done, change), _NEW)


def _cover_ways(page: int, drawn: bytes, placed: bytes, rect: tuple[int, ...]) -> dict[str, Change]:
    box = (0, 0, rect[2] - rect[0], rect[3] - rect[1])

    def note(subtype: str) -> Change:
        def change(writer: Writer) -> None:
            look = dictionary(N=form(writer, drawn, box, font=True))
            entries = dictionary(
                Type=name("/Annot"), Subtype=name(subtype), Rect=numbers(*rect), AP=look,
                F=generic.NumberObject(4),
            )  # fmt: skip
            _annotate(writer, page, writer.add_object(entries))

        return change

    return {
        "content behind": lambda w: _contents(w, page, lambda old, new: [*old, new], placed),
        "content in front": lambda w: _contents(w, page, lambda old, new: [new, *old], placed),
        "content written again": lambda w: _content_again(w, page, placed),
        "note": note("/FreeText"),
        "stamp": note("/Stamp"),
        "square": note("/Square"),
        "widget": note("/Widget"),
    }


def _contents(
    writer: Writer, page: int, joined: Callable[[list[Any], Any], list[Any]], drawn: bytes
) -> None:
    shown = pages_of(writer)["/Kids"][page]
    new = writer.add_object(generic.StreamObject(stream_data=drawn))
    shown[name("/Contents")] = generic.ArrayObject(joined(_drawn(shown), new))
    writer.update_container(shown)


def _drawn(page: Any) -> list[Any]:
    old = page.raw_get("/Contents")
    held = old.get_object()
    return [held.raw_get(n) for n in range(len(held))] if isinstance(held, list) else [old]


def _content_again(writer: Writer, page: int, drawn: bytes) -> None:
    first = _drawn(pages_of(writer)["/Kids"][page])[0]
    stream_with(writer, first, first.get_object().data + b"\n" + drawn)


def _annotate(writer: Writer, page: int, note: Any) -> None:
    shown = pages_of(writer)["/Kids"][page]
    old = shown["/Annots"] if "/Annots" in shown else generic.ArrayObject()
    kept = [old.raw_get(place) for place in range(len(old))]
    shown[name("/Annots")] = generic.ArrayObject([*kept, note])
    writer.update_container(shown)


# --- lampiran of another agreement --------------------------------------------------------------


def lampiran(one: Specimen, dice: Random) -> Iterator[Tampering]:
    """A lampiran shows what another one says, of this agreement or of another."""
    pages = one.lampiran
    while True:
        tariff = dice.randrange(10**4, 10**7)
        page, source = dice.choice(pages), dice.choice(pages)
        ways: dict[str, Change] = {
            "of the other agreement": lambda w, p=page, s=source: _borrowed(w, p, one.other, s),
            "with another tariff": lambda w, p=page, t=tariff: _tariff(w, p, t),
        }
        if page != source:
            ways["shared content"] = lambda w, p=page, s=source: _shared(w, p, s)
            ways["exchanged"] = lambda w, p=page, s=source: _exchanged(w, p, s)
        for way, change in ways.items():
            note = f"{way}: page {page + 1} from {source + 1}, {tariff}"
            content = appended(one.done, change, lambda w, t=tariff: _label(w, t))
            yield Tampering(note, content, REPLACED)
        content = rewritten(one.done, lambda pdf, p=page, s=source, t=tariff: _from_other(
            pdf, one.other, p, s, t))  # type: ignore[misc]  # fmt: skip
        note = f"written again with the other's page {source + 1} as {page + 1}, {tariff}"
        yield Tampering(note, content, PREFIX)


def _label(writer: Writer, number: int) -> None:
    writer.add_object(generic.NumberObject(number))


def _borrowed(writer: Writer, page: int, other: bytes, source: int) -> None:
    theirs = PdfFileReader(io.BytesIO(other)).root["/Pages"]["/Kids"][source]
    shown = pages_of(writer)["/Kids"][page]
    shown[name("/Contents")] = writer.import_object(theirs.raw_get("/Contents"))
    shown[name("/Resources")] = writer.import_object(theirs["/Resources"])
    writer.update_container(shown)


def _tariff(writer: Writer, page: int, tariff: int) -> None:
    first = _drawn(pages_of(writer)["/Kids"][page])[0]
    data = first.get_object().data
    assert b"Kapitasi Rp" in data
    begin = data.index(b"Kapitasi Rp") + len(b"Kapitasi Rp")
    end = data.index(b")", begin)
    stream_with(writer, first, data[:begin] + b"%d" % tariff + data[end:])


def _shared(writer: Writer, page: int, source: int) -> None:
    kids = pages_of(writer)["/Kids"]
    kids[page][name("/Contents")] = kids[source].raw_get("/Contents")
    writer.update_container(kids[page])


def _exchanged(writer: Writer, page: int, source: int) -> None:
    kids = pages_of(writer)["/Kids"]
    first, second = kids[page].raw_get("/Contents"), kids[source].raw_get("/Contents")
    kids[page][name("/Contents")], kids[source][name("/Contents")] = second, first
    writer.update_container(kids[page])
    writer.update_container(kids[source])


def _from_other(pdf: pikepdf.Pdf, other: bytes, page: int, source: int, mark: int) -> None:
    with pikepdf.open(io.BytesIO(other)) as theirs, warnings.catch_warnings():
        warnings.simplefilter("ignore", pikepdf.PageCopyWarning)  # empty fields come along
        pdf.pages[page] = theirs.pages[source]
    if "/Annots" in pdf.pages[page].obj:
        del pdf.pages[page].obj["/Annots"]
    pdf.docinfo["/Keywords"] = str(mark)


# --- the account number -------------------------------------------------------------------------


def account_in_data(one: Specimen, dice: Random) -> Iterator[Tampering]:
    """Another account number in the machine-readable data alone."""
    yield from _account(one, dice, in_data=True, in_page=False)


def account_in_page(one: Specimen, dice: Random) -> Iterator[Tampering]:
    """Another account number on the page alone."""
    yield from _account(one, dice, in_data=False, in_page=True)


def account_in_both(one: Specimen, dice: Random) -> Iterator[Tampering]:
    """Another account number in data and page, so that they agree."""
    yield from _account(one, dice, in_data=True, in_page=True)


def _account(one: Specimen, dice: Random, *, in_data: bool, in_page: bool) -> Iterator[Tampering]:
    while True:
        number = _other_number(dice)
        changes: list[Change] = []
        if in_data:
            changes.append(lambda w, n=number: _new_data(w, n))  # type: ignore[misc]
        if in_page:
            changes.append(lambda w, n=number: _new_words(w, n))  # type: ignore[misc]
        content = appended(one.done, *changes)
        yield Tampering(f"{number} by a revision", content, REPLACED)
        content = _in_place(one, number, in_data=in_data, in_page=in_page)
        first = differs_first(content, one.issued)
        yield Tampering(f"{number} in place", content, PREFIX, offset=first)
        both = {"in_data": in_data, "in_page": in_page}
        content = rewritten(one.done, lambda pdf, n=number, b=both: _again(pdf, n, **b))  # type: ignore[misc]
        yield Tampering(f"{number}, written again", content, PREFIX)


def _other_number(dice: Random) -> str:
    while True:
        digits = list(ACCOUNT)
        for _ in range(dice.randrange(1, 4)):
            digits[dice.randrange(len(digits))] = str(dice.randrange(10))
        if "".join(digits) != ACCOUNT:
            return "".join(digits)


def _data_stream(names: Any) -> Any:
    while "/Names" not in names:
        names = names["/Kids"][0]
    held = names["/Names"]
    place = next(n for n in range(0, len(held), 2) if str(held[n]) == DATA_ATTACHMENT)
    return held[place + 1]["/EF"].raw_get("/F")


def _new_data(writer: Writer, number: str) -> None:
    reference = _data_stream(writer.root["/Names"]["/EmbeddedFiles"])
    data = reference.get_object().data
    assert ACCOUNT.encode() in data
    stream_with(writer, reference, data.replace(ACCOUNT.encode(), number.encode()))


def _new_words(writer: Writer, number: str) -> None:
    first = _drawn(pages_of(writer)["/Kids"][1])[0]
    data = first.get_object().data
    assert ACCOUNT.encode() in data
    stream_with(writer, first, data.replace(ACCOUNT.encode(), number.encode()))


def _in_place(one: Specimen, number: str, *, in_data: bool, in_page: bool) -> bytes:
    """Change the digits where they stand; no byte moves."""
    content = one.done
    page = content.index(f"(Nomor rekening {ACCOUNT})".encode())
    data = content.index(f'"nomor": "{ACCOUNT}"'.encode())
    for is_wanted, begin in ((in_page, page), (in_data, data)):
        if is_wanted:
            place = content.index(ACCOUNT.encode(), begin)
            content = content[:place] + number.encode() + content[place + len(number) :]
    return content


def _again(pdf: pikepdf.Pdf, number: str, *, in_data: bool, in_page: bool) -> None:
    if in_data:
        data = json.loads(pdf.attachments[DATA_ATTACHMENT].get_file().read_bytes())
        data["rekening"]["utama"]["nomor"] = number
        pdf.attachments[DATA_ATTACHMENT] = pikepdf.AttachedFileSpec(
            pdf, json.dumps(data).encode(), filename=DATA_ATTACHMENT
        )
    if in_page:
        drawn = pdf.pages[1].obj.Contents
        drawn.write(drawn.read_bytes().replace(ACCOUNT.encode(), number.encode()))


def signed_anew(one: Specimen, dice: Random) -> Iterator[Tampering]:
    """Another text with the right numbers, signed by everybody: by strangers, or by the parties.

    The parties themselves may sign whatever they like, but not as the file that was issued.
    """
    strangers, own = signed_files.world("UJI lain"), signed_files.world()
    while True:
        number = _other_number(dice)
        both = dice.choice(
            ({"in_data": True, "in_page": True}, {"in_data": False, "in_page": True})
        )
        issued = rewritten(one.issued, lambda pdf, n=number, b=both: _again(pdf, n, **b))  # type: ignore[misc]
        for keys, who in ((strangers, "strangers"), (own, "the parties")):
            content = signed(issued, one.receipt, keys=keys)[-1]
            yield Tampering(f"{number} signed by {who}", content, PREFIX)


# --- a drafted document -------------------------------------------------------------------------


def drafted(one: Specimen, dice: Random) -> Iterator[Tampering]:
    """The same on a document of the real pipeline: what is taken comes from a second draft."""
    theirs = one.other
    while True:
        page = dice.randrange(one.receipt.pages)
        mark = dice.randrange(10**6)
        yield Tampering(
            f"page {page + 1} of the other draft, revision {mark}",
            appended(
                one.done,
                lambda w, p=page: _borrowed(w, p, theirs, p),
                lambda w, m=mark: _label(w, m),
            ),
            REPLACED,
        )
        yield Tampering(
            f"page {page + 1} of the other draft, written again {mark}",
            rewritten(one.done, lambda pdf, p=page, m=mark: _from_other(pdf, theirs, p, p, m)),
            PREFIX,
        )
        yield Tampering(
            f"data of the other draft {mark}",
            appended(one.done, lambda w: _their_data(w, theirs), lambda w, m=mark: _label(w, m)),
            REPLACED,
        )
        yield Tampering(
            f"data and page {page + 1} of the other draft {mark}",
            appended(
                one.done,
                lambda w: _their_data(w, theirs),
                lambda w, p=page: _borrowed(w, p, theirs, p),
                lambda w, m=mark: _label(w, m),
            ),
            REPLACED,
        )
        place, mask = dice.randrange(len(one.issued)), dice.randrange(1, 256)
        spoiled = bytearray(one.done)
        spoiled[place] ^= mask
        yield Tampering(f"byte {place} ^ {mask}", bytes(spoiled), PREFIX, offset=place)
        order = tuple(dice.sample(range(one.receipt.pages), one.receipt.pages))
        if order != tuple(range(one.receipt.pages)):
            content = appended(
                one.done, lambda w, o=order: _ordered(w, o), lambda w, m=mark: _label(w, m)
            )
            yield Tampering(f"pages {order} {mark}", content, REPLACED)
        yield Tampering(f"the other draft itself {mark}", theirs + b" " * (mark % 7), PREFIX)


def _their_data(writer: Writer, other: bytes) -> None:
    theirs = PdfFileReader(io.BytesIO(other)).root["/Names"]["/EmbeddedFiles"]
    reference = _data_stream(writer.root["/Names"]["/EmbeddedFiles"])
    stream_with(writer, reference, _data_stream(theirs).get_object().data)
