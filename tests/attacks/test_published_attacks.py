"""Published attacks on signed PDF files, without the issued file: none may pass.

Shadow attacks prepare content before somebody signs and switch it by a later revision; attacks on
certified files use what the certification allows; others play with the byte range, the container
or the reference table. ``judge`` gets no receipt and no issued file here.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.stamp import TextStampStyle

from support import forgeries, signed_files, tamper, third_party_pdfs
from support.judging import failures, judge, unknowns

_dictionary, _numbers = forgeries._dictionary, forgeries._numbers


def _blamed(content: bytes) -> set[str]:
    """Return all reasons against a file but the one that every file without receipt has."""
    report = judge(content)
    assert report.verdict != "passed"
    return (failures(report) | unknowns(report)) - {"parties.profile/unknown"}


def _form(writer: IncrementalPdfFileWriter, drawn: bytes, box: tuple[int, ...]) -> Any:
    look = generic.StreamObject(stream_data=drawn)
    look.update(
        _dictionary(Type=pdf_name("/XObject"), Subtype=pdf_name("/Form"), BBox=_numbers(*box))
    )
    return writer.add_object(look)


def _note(writer: IncrementalPdfFileWriter, subtype: str, drawn: bytes) -> Any:
    rect = _numbers(60, 500, 400, 800)
    return writer.add_object(
        _dictionary(
            Type=pdf_name("/Annot"),
            Subtype=pdf_name(subtype),
            Rect=rect,
            F=generic.NumberObject(4),
            AP=_dictionary(N=_form(writer, drawn, (0, 0, 340, 300))),
        )
    )


def _with_notes(writer: IncrementalPdfFileWriter, *notes: Any) -> None:
    page = tamper.page_of(writer, 0)
    old = page["/Annots"] if "/Annots" in page else generic.ArrayObject()
    kept = [old.raw_get(place) for place in range(len(old))]
    page[pdf_name("/Annots")] = generic.ArrayObject([*kept, *notes])
    writer.update_container(page)


# --- shadow attacks -----------------------------------------------------------------------------


def _covered() -> bytes:
    """Before signing a white picture covers the tariff."""
    return tamper.appended(
        third_party_pdfs.base(),
        lambda w: _with_notes(w, _note(w, "/Stamp", b"1 1 1 rg 0 0 340 300 re f")),
    )


def _shadow_hide() -> bytes:
    """The picture is taken away after signing."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        page = tamper.page_of(writer, 0)
        kept = page["/Annots"]
        page[pdf_name("/Annots")] = generic.ArrayObject([kept.raw_get(len(kept) - 1)])
        writer.update_container(page)

    return tamper.appended(third_party_pdfs.signed(_covered()), change)


def _shadow_hide_object() -> bytes:
    """The picture is overwritten with nothing."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        note = tamper.page_of(writer, 0)["/Annots"][0]
        look = note["/AP"]["/N"]
        look._data, look._encoded_data = b"", None
        writer.update_container(look)

    return tamper.appended(third_party_pdfs.signed(_covered()), change)


def _shadow_hide_freed() -> bytes:
    """The picture's object is marked as free."""
    done = third_party_pdfs.signed(_covered())
    with pikepdf.open(io.BytesIO(done)) as pdf:
        number = pdf.pages[0].obj.Annots[0].objgen[0]
    return forgeries._revision(done, b"", b"%d 1\n0000000000 00001 f \n" % number)


def _shadow_replace_font() -> bytes:
    """A font is replaced: other digits for the same codes."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        font = tamper.page_of(writer, 0)["/Resources"]["/Font"]["/F1"]
        font[pdf_name("/Encoding")] = _dictionary(
            Differences=generic.ArrayObject([generic.NumberObject(48), pdf_name("/nine")])
        )
        writer.update_container(font)

    return tamper.appended(third_party_pdfs.signed(third_party_pdfs.base()), change)


def _shadow_replace_form_value() -> bytes:
    """A field whose appearance said something else than its value; the value is shown later."""
    return third_party_pdfs.filled_form(
        third_party_pdfs.signed(
            third_party_pdfs.filled_form(third_party_pdfs.with_text_fields(), "Rp15.000")
        ),
        "Rp99.000",
    )


def _shadow_replace_default_look() -> bytes:
    """Viewers are told to draw all fields again from their values."""
    done = third_party_pdfs.signed(
        third_party_pdfs.filled_form(third_party_pdfs.with_text_fields(), "Rp15.000")
    )

    def change(writer: IncrementalPdfFileWriter) -> None:
        form = writer.root["/AcroForm"]
        form[pdf_name("/NeedAppearances")] = generic.BooleanObject(True)
        writer.update_container(form)

    return tamper.appended(done, change)


def _two_page_trees() -> bytes:
    """Before signing a second page tree waits that nothing uses."""
    with pikepdf.open(io.BytesIO(third_party_pdfs.base(pages=2))) as pdf:
        page = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Page,
                MediaBox=[0, 0, 595, 842],
                Contents=pdf.make_stream(b"BT ET"),
                Resources=pikepdf.Dictionary(),
            )
        )
        waiting = pikepdf.Dictionary(Type=pikepdf.Name.Pages, Kids=[page], Count=1)
        waiting = pdf.make_indirect(waiting)
        page.Parent = waiting
        pdf.Root.PieceInfo = pikepdf.Dictionary(Simpanan=waiting)
        target = io.BytesIO()
        pdf.save(target)
    return target.getvalue()


def _shadow_hide_and_replace() -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        writer.root[pdf_name("/Pages")] = writer.root["/PieceInfo"].raw_get("/Simpanan")
        writer.update_root()

    return tamper.appended(third_party_pdfs.signed(_two_page_trees()), change)


def _shadow_switch_by_table() -> bytes:
    """Only the table changes: the page tree's number leads to the waiting one."""
    done = third_party_pdfs.signed(_two_page_trees())
    with pikepdf.open(io.BytesIO(done)) as pdf:
        seen = pdf.Root.Pages.objgen[0]
        waiting = pdf.Root.PieceInfo.Simpanan.objgen[0]
    place = re.search(rb"(?:^|\n)(%d 0 obj)" % waiting, done)
    if place is None:  # inside an object stream: written again instead
        pytest.skip("the waiting tree lies in an object stream")
    return tamper.with_object(done, seen, b"", place=place.start(1))


def _shadow_field_over_field() -> bytes:
    """Two fields on one spot; the upper one is hidden later."""

    def prepared(writer: IncrementalPdfFileWriter) -> None:
        _with_notes(writer, _note(writer, "/FreeText", b"1 1 1 rg 0 0 340 300 re f"))

    def change(writer: IncrementalPdfFileWriter) -> None:
        note = tamper.page_of(writer, 0)["/Annots"][-2]
        note[pdf_name("/F")] = generic.NumberObject(2)
        writer.update_container(note)

    done = third_party_pdfs.signed(tamper.appended(third_party_pdfs.with_text_fields(), prepared))
    return tamper.appended(done, change)


def _shadow_layer() -> bytes:
    """A layer that is switched off before signing and on after it."""

    def prepared(writer: IncrementalPdfFileWriter) -> None:
        forgeries._layers(writer)

    def change(writer: IncrementalPdfFileWriter) -> None:
        layers = writer.root["/OCProperties"]
        layers["/D"][pdf_name("/OFF")] = generic.ArrayObject()
        writer.update_container(layers)

    return tamper.appended(
        third_party_pdfs.signed(tamper.appended(third_party_pdfs.base(), prepared)), change
    )


SHADOWS: dict[str, tuple[Callable[[], bytes], str]] = {
    "hide: taken from the page": (_shadow_hide, "signature.changes/forbidden"),
    "hide: overwritten": (_shadow_hide_object, "signature.changes/forbidden"),
    "hide: freed": (_shadow_hide_freed, "signature.integrity/fields_unreadable"),
    "hide: flag of an annotation": (_shadow_field_over_field, "signature.changes/forbidden"),
    "replace: font": (_shadow_replace_font, "signature.changes/forbidden"),
    "replace: value of a field": (_shadow_replace_form_value, "file.revisions/new_object"),
    "replace: drawn from values": (_shadow_replace_default_look, "file.revisions/form"),
    "hide and replace: page tree": (_shadow_hide_and_replace, "signature.changes/forbidden"),
    "hide and replace: table": (_shadow_switch_by_table, "file.structure/unreadable"),
    "layer switched on": (_shadow_layer, "signature.changes/forbidden"),
}


@pytest.mark.parametrize("name", SHADOWS)
def test_shadow_attack_does_not_pass(name: str) -> None:
    forge, reason = SHADOWS[name]
    assert reason in _blamed(forge())


# --- certified files ----------------------------------------------------------------------------


def _evil_annotation(kind: str) -> Callable[[], bytes]:
    def forge() -> bytes:
        done = third_party_pdfs.signed(
            third_party_pdfs.base(), third_party_pdfs.WAYS["certified, comments"]
        )
        drawn = b"1 1 1 rg 0 0 340 300 re f 0 g"
        return tamper.appended(done, lambda w: _with_notes(w, _note(w, kind, drawn)))

    return forge


def _annotation_where_forms_are_allowed() -> bytes:
    done = third_party_pdfs.signed(
        third_party_pdfs.base(), third_party_pdfs.WAYS["certified, forms"]
    )
    drawn = b"1 1 1 rg 0 0 340 300 re f"
    return tamper.appended(done, lambda w: _with_notes(w, _note(w, "/FreeText", drawn)))


def _sneaky(level: str, words: str, box: tuple[int, int, int, int] = (60, 500, 400, 800)) -> bytes:
    """Somebody with a good certificate signs, and his box rewrites the text."""
    from pyhanko.sign import signers

    done = third_party_pdfs.signed(third_party_pdfs.base(), third_party_pdfs.WAYS[level])
    target = io.BytesIO()
    signers.PdfSigner(
        signers.PdfSignatureMetadata(
            field_name="Lain", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
        ),
        signer=signed_files._signer(third_party_pdfs.identity("p256", "Budi Hartono")),
        timestamper=signed_files.stamper_of(signed_files.world()),
        stamp_style=TextStampStyle(stamp_text=words),
        new_field_spec=fields.SigFieldSpec("Lain", on_page=0, box=box),
    ).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(done)), output=target)
    return target.getvalue()


def _signed_after_certified_final() -> bytes:
    """By hand: pyHanko itself refuses to sign such a file."""
    done = third_party_pdfs.signed(
        third_party_pdfs.base(), third_party_pdfs.WAYS["certified, no changes"]
    )
    return third_party_pdfs.by_hand(done, third_party_pdfs.Hand(name="Lain"))


CERTIFIED: dict[str, tuple[Callable[[], bytes], str]] = {
    "evil annotation, FreeText": (_evil_annotation("/FreeText"), "signature.changes/comments"),
    "evil annotation, Stamp": (_evil_annotation("/Stamp"), "signature.changes/comments"),
    "evil annotation, Square": (_evil_annotation("/Square"), "signature.changes/comments"),
    "annotation that is no comment": (_evil_annotation("/Link"), "signature.changes/forbidden"),
    "annotation, forms only": (
        _annotation_where_forms_are_allowed, "signature.changes/forbidden"),
    "sneaky signature, forms": (
        lambda: _sneaky("certified, forms", "Tarif Rp99.000"), "signature.appearance/other_words"),
    "sneaky signature, comments": (
        lambda: _sneaky("certified, comments", "Tarif Rp99.000"),
        "signature.appearance/other_words"),
    "sneaky signature, not certified": (
        lambda: _sneaky("PAdES B-T", "Tarif Rp99.000"), "signature.appearance/other_words"),
    "name of another person": (
        lambda: _sneaky("PAdES B-T", "Digitally signed by Ratna Kusumawardani"),
        "signature.appearance/other_name"),
    "name of another person, Indonesian": (
        lambda: _sneaky("PAdES B-T", "Ditandatangani secara elektronik oleh:\nRatna K."),
        "signature.appearance/other_name"),
    "box over a box": (
        lambda: _sneaky("PAdES B-T", "Budi Hartono", third_party_pdfs.BOX),
        "signature.place/overlap"),
    "signed although final": (_signed_after_certified_final, "signature.changes/forbidden"),
}  # fmt: skip


@pytest.mark.parametrize("name", CERTIFIED)
def test_attack_on_a_certified_file_does_not_pass(name: str) -> None:
    forge, reason = CERTIFIED[name]
    found = _blamed(forge())
    assert reason in found, found


# --- fields -------------------------------------------------------------------------------------


def _twice(content: bytes) -> bytes:
    """A second field of the same name that shows the same signature."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        value = forgeries._filled(writer)[0].raw_get("/V")
        twin = _dictionary(
            FT=pdf_name("/Sig"), T=generic.TextStringObject("Signature1"), V=value,
            Type=pdf_name("/Annot"), Subtype=pdf_name("/Widget"), Rect=_numbers(60, 60, 90, 90),
            P=writer.root["/Pages"]["/Kids"].raw_get(0),
        )  # fmt: skip
        forgeries._new_field(writer, twin)

    return tamper.appended(content, change)


def _stripped_then_signed() -> bytes:
    """The second signer takes the first signature away in the revision that he signs."""
    emptied = tamper.appended(
        third_party_pdfs.signed(third_party_pdfs.base()), tamper.emptied_field
    )
    return third_party_pdfs._second(emptied)


def _replaced_then_signed() -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        value = forgeries._filled(writer)[0]["/V"]
        value[pdf_name("/Reason")] = generic.TextStringObject("Hanya sebagai saksi")
        value[pdf_name("/Contents")] = generic.ByteStringObject(b"\x30\x80")
        writer.update_container(value)

    return third_party_pdfs._second(
        tamper.appended(third_party_pdfs.signed(third_party_pdfs.base()), change)
    )


def _covered_by_a_field() -> bytes:
    """A text field over the text, filled after signing."""
    return third_party_pdfs.filled_form(
        third_party_pdfs.signed(third_party_pdfs.with_text_fields()), "Rp99.000"
    )


FIELDS: dict[str, tuple[Callable[[], bytes], str]] = {
    "field of the same name": (
        lambda: _twice(third_party_pdfs.signed(third_party_pdfs.base())),
        "signature.integrity/shared"),
    "stripped, then signed by another": (_stripped_then_signed, "signature.lost/found"),
    "replaced, then signed by another": (_replaced_then_signed, "signature.integrity/"),
    "text field filled after signing": (_covered_by_a_field, "file.revisions/new_object"),
}  # fmt: skip


@pytest.mark.parametrize("name", FIELDS)
def test_trick_with_fields_does_not_pass(name: str) -> None:
    forge, reason = FIELDS[name]
    found = _blamed(forge())
    assert any(one.startswith(reason) for one in found), found


# --- byte range and container -------------------------------------------------------------------


def _numbers_of(content: bytes) -> tuple[int, int, list[int]]:
    match = list(re.finditer(rb"/ByteRange \[([\d ]+)\]", content))[-1]
    return match.start(1), match.end(1), [int(one) for one in match[1].split()]


def _with_numbers(content: bytes, numbers: list[int] | bytes) -> bytes:
    begin, end, _ = _numbers_of(content)
    text = numbers if isinstance(numbers, bytes) else b" ".join(b"%d" % one for one in numbers)
    if len(text) <= end - begin:
        return content[:begin] + text.ljust(end - begin) + content[end:]
    return content[:begin] + text + content[end:]  # moves what follows; nothing else fits


def _one() -> bytes:
    """A signature with room inside its byte range, as Acrobat leaves it."""
    return third_party_pdfs.by_hand(third_party_pdfs.base(), third_party_pdfs.Hand(spaces=True))


def _range_games() -> dict[str, Callable[[bytes, list[int]], bytes]]:
    return {
        "starts later": lambda c, n: _with_numbers(c, [1, n[1] - 1, n[2], n[3]]),
        "larger hole before": lambda c, n: _with_numbers(c, [0, n[1] - 40, n[2], n[3]]),
        "larger hole behind": lambda c, n: _with_numbers(c, [0, n[1], n[2] + 40, n[3] - 40]),
        "overlapping": lambda c, n: _with_numbers(c, [0, n[2], n[1], n[3]]),
        "no hole": lambda c, n: _with_numbers(c, [0, n[2], n[2], n[3]]),
        "ends early": lambda c, n: _with_numbers(c, [0, n[1], n[2], n[3] - 100]),
        "beyond the end": lambda c, n: _with_numbers(c, [0, n[1], n[2], n[3] + 1000]),
        "negative length": lambda c, n: _with_numbers(c, [0, n[1], n[2], -n[3]]),
        "negative start": lambda c, n: _with_numbers(c, [-1, n[1], n[2], n[3]]),
        "one pair": lambda c, n: _with_numbers(c, [0, n[1]]),
        "three pairs": lambda c, n: _with_numbers(c, [0, 10, 10, n[1] - 10, n[2], n[3]]),
        "three numbers": lambda c, n: _with_numbers(c, [0, n[1], n[2]]),
        "empty": lambda c, n: _with_numbers(c, b""),
        "null": lambda c, n: _with_numbers(c, b"null null null null"),
        "names": lambda c, n: _with_numbers(c, b"/A /B /C /D"),
        "real numbers": lambda c, n: _with_numbers(c, b"0.0 %d.5 %d %d" % (n[1], n[2], n[3])),
        "huge": lambda c, n: _with_numbers(c, b"0 %d %d 99999999999999999999" % (n[1], n[2])),
        "all zero": lambda c, n: _with_numbers(c, [0, 0, 0, 0]),
        "key misspelt": lambda c, n: c.replace(b"/ByteRange", b"/ByteRamge"),
        "key lost": lambda c, n: c.replace(b"/ByteRange [", b"%ByteRange ["),
        "contents misspelt": lambda c, n: c.replace(b"/Contents <30", b"/Cantents <30"),
        "contents null": lambda c, n: _instead_of_container(c, b"null"),
        "contents empty": lambda c, n: _instead_of_container(c, b"<>"),
        "contents zero": lambda c, n: _instead_of_container(c, b"<00>"),
        "contents a number": lambda c, n: _instead_of_container(c, b"0"),
        "contents all zero": lambda c, n: c[: n[1] + 1] + b"0" * (n[2] - n[1] - 2) + c[n[2] - 1 :],
        "subfilter unknown": lambda c, n: c.replace(
            b"/ETSI.CAdES.detached", b"/ETSI.XAdES.detached"
        ),
        "subfilter of a timestamp": lambda c, n: c.replace(
            b"/SubFilter /ETSI.CAdES.detached", b"/SubFilter /ETSI.RFC3161       "
        ),
        "type of a timestamp": lambda c, n: c.replace(
            b"/Type /Sig /Filter", b"/Type /DocTimeStamp /Filter"
        ),
        "data behind": lambda c, n: c + b"\n<< /Rahasia 1 >>",
        "data behind with an end": lambda c, n: c + b"tambahan\n%%EOF\n",
        "wrapped": _wrapped,
        "wrapped, second container": _wrapped_twice,
    }


def _instead_of_container(content: bytes, text: bytes) -> bytes:
    _, _, numbers = _numbers_of(content)
    return content[: numbers[1]] + text.ljust(numbers[2] - numbers[1]) + content[numbers[2] :]


def _wrapped(content: bytes, numbers: list[int]) -> bytes:
    """Signature wrapping: the signed second part moves to the end, other objects come between."""
    _, first, second, rest = numbers
    tail = content[second : second + rest]
    hole = content[first:second]
    evil = b"\n4 0 obj\n<< /Length 28 >>\nstream\n1 1 1 rg 60 400 400 300 re f\nendstream\nendobj\n"
    moved = second + len(evil)
    made = content[:first] + hole + evil + tail
    begin, end, _ = _numbers_of(content)
    text = b"0 %d %d %d" % (first, moved, rest)
    return made[:begin] + text.ljust(end - begin) + made[end:]


def _wrapped_twice(content: bytes, numbers: list[int]) -> bytes:
    """A second byte range in the same dictionary; readers differ about which one counts."""
    _, first, second, rest = numbers
    extra = b" /ByteRange [0 %d %d %d]" % (first, second, rest - 50)
    place = content.rindex(b" >>", 0, content.index(b"endobj", second))
    return content[:place] + extra + content[place + len(extra) :]


RANGES = _range_games()


@pytest.mark.parametrize("name", RANGES)
def test_game_with_byte_range_or_container_does_not_pass(name: str) -> None:
    content = _one()
    forged = RANGES[name](content, _numbers_of(content)[2])
    assert forged != content
    report = judge(forged)
    expected = {"failed", "indeterminate"} if "unknown" in name else {"failed"}
    assert report.verdict in expected, unknowns(report)
    assert _blamed(forged)


def test_signature_over_content_of_its_own() -> None:
    """A container that carries other content than the file has."""
    from asn1crypto import cms

    def filled(info: cms.ContentInfo) -> cms.ContentInfo:
        info["content"]["encap_content_info"] = {"content_type": "data", "content": b"lain"}
        return cms.ContentInfo.load(info.dump())

    report = judge(
        third_party_pdfs.by_hand(third_party_pdfs.base(), third_party_pdfs.Hand(container=filled))
    )
    assert report.verdict != "passed"
    assert {"signature.integrity/unusual_encoding"} <= unknowns(report) or failures(report)


def test_key_of_a_timestamp_authority_signs_no_document() -> None:
    """Its certificate is trusted, for timestamps alone."""
    done = signed_files.sign(
        third_party_pdfs.base(),
        "Signature1",
        signed_files.world().tsa,
        new_field=fields.SigFieldSpec("Signature1", on_page=0, box=third_party_pdfs.BOX),
    )
    assert "signature.trust/wrong_usage" in failures(judge(done))
