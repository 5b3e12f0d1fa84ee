"""Every claim is really looked at: break it, and the check says so."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from pks_kit.render.pdf import check_claims, conformance
from support.pdf_samples import finished


def broken(change: Callable[[pikepdf.Pdf], None], **save: object) -> str:
    with pikepdf.open(BytesIO(finished())) as pdf:
        change(pdf)
        output = BytesIO()
        pdf.save(output, **({"force_version": "1.7", "deterministic_id": True} | save))
    return " | ".join(check_claims(output.getvalue()))


@pytest.mark.slow
def test_a_finished_file_keeps_its_claims() -> None:
    for cara_kontrak in ("elektronik", "digital", "manual"):
        assert check_claims(finished(cara_kontrak)) == ()
    assert broken(lambda pdf: None) == ""


def first_font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return next(iter(pdf.pages[0].obj.Resources.Font.values()))


def widget(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pdf.Root.AcroForm.Fields[0]


def set_key(holder: pikepdf.Object, key: str, value: object) -> None:
    holder[key] = value


CHANGES = {
    "no XMP metadata": lambda pdf: pdf.Root.__delitem__("/Metadata"),
    "differ in /Title": lambda pdf: set_key(pdf.trailer.Info, "/Title", String("lain")),
    "differ in /ModDate": lambda pdf: set_key(pdf.trailer.Info, "/ModDate", String("D:2020")),
    "output intent": lambda pdf: pdf.Root.__delitem__("/OutputIntents"),
    "language": lambda pdf: set_key(pdf.Root, "/Lang", String("en")),
    "show the title": lambda pdf: pdf.Root.__delitem__("/ViewerPreferences"),
    "bookmarks": lambda pdf: pdf.Root.__delitem__("/Outlines"),
    "forbidden key /OpenAction": lambda pdf: set_key(
        pdf.Root, "/OpenAction", Array([pdf.pages[0].obj, Name.Fit])
    ),
    "is an action": lambda pdf: set_key(
        pdf.Root,
        "/Coba",
        pdf.make_indirect(Dictionary(Type=Name.Action, S=Name.Launch, F=String("x"))),
    ),
    "forbidden key /JS": lambda pdf: set_key(
        pdf.Root, "/Coba", pdf.make_indirect(Dictionary(S=Name.JavaScript, JS=String("1")))
    ),
    "is transparent": lambda pdf: set_key(
        pdf.pages[0].obj.Resources,
        "/ExtGState",
        Dictionary(A=pdf.make_indirect(Dictionary(ca=0.5))),
    ),
    "not an associated file": lambda pdf: pdf.Root.__delitem__("/AF"),
    "no type or no date": lambda pdf: pdf.Root.AF[0].EF.F.__delitem__("/Subtype"),
    "not an upright A4": lambda pdf: set_key(pdf.pages[0].obj, "/Rotate", 90),
    "annotation of kind /Text": lambda pdf: set_key(widget(pdf), "/Subtype", Name.Text),
    "does not print": lambda pdf: set_key(widget(pdf), "/F", 2),
    "without appearance": lambda pdf: widget(pdf).__delitem__("/AP"),
    "not on the list": lambda pdf: set_key(first_font(pdf), "/BaseFont", Name("/ABCDEF+Arial")),
    "cannot give its text back": lambda pdf: first_font(pdf).__delitem__("/ToUnicode"),
    "not embedded": lambda pdf: (
        first_font(pdf).DescendantFonts[0].FontDescriptor.__delitem__("/FontFile2")
    ),
    "furniture is missing": lambda pdf: set_key(
        pdf.pages[0].obj, "/Contents", pdf.pages[0].obj.Contents[1]
    ),
    "glyph without text": lambda pdf: set_key(
        first_font(pdf), "/ToUnicode", pdf.make_stream(b"<0001> <0041>")
    ),
    "font that the page does not have": lambda pdf: set_key(
        pdf.pages[0].obj.Resources, "/Font", Dictionary()
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("claim", list(CHANGES))
def test_a_broken_claim_is_named(claim: str) -> None:
    assert claim in broken(CHANGES[claim])


def test_other_filters_are_refused() -> None:
    def add(pdf: pikepdf.Pdf) -> None:
        stream = pikepdf.Stream(pdf, b"80 0b")
        stream.Filter = Name.LZWDecode
        pdf.Root.Coba = pdf.make_indirect(stream)

    problems = broken(
        add,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
    )
    assert "other than Flate" in problems


def test_encryption_and_rubbish_are_refused() -> None:
    plain = {"deterministic_id": False, "force_version": ""}
    secret = pikepdf.Encryption(owner="a", user="", R=6)
    assert "encrypted" in broken(lambda pdf: None, encryption=secret, **plain)
    locked = pikepdf.Encryption(owner="a", user="b", R=6)
    assert "encrypted" in broken(lambda pdf: None, encryption=locked, **plain)
    assert check_claims(b"no pdf")[0].startswith("not a readable PDF")


def test_an_older_version_is_refused() -> None:
    assert "PDF 1.7" in broken(lambda pdf: None, force_version="1.5")


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        (b"/F 9 Tf <00010002> Tj <0002> Tj", []),
        (b"/F 9 Tf <00010003> Tj", ["a glyph without text"]),
        (b"/F 9 Tf <00000001> Tj", ["a glyph without text"]),
        (b"/F 9 Tf <0001> Tj <00> Tj <01> Tj", ["a glyph without text"]),
        (b"<0001> Tj /F 9 Tf <0001> Tj", ["a glyph without text"]),
        (b"/F 9 Tf <0001> Tj /G 9 Tf <0003> Tj /F 9 Tf <0002> Tj", []),
        (b"/F 9 Tf <0003> Tj /G 9 Tf <0003> Tj", ["a glyph without text"]),
        (b"/F 9 Tf <0001> Tj /X 9 Tf <0009> Tj", ["text in a font that the page does not have"]),
        (b"/F 9 Tf <0009> Tj /X 9 Tf <0009> Tj", ["a glyph without text"]),
    ],
)
def test_text_of_a_page(content: bytes, problems: list[str]) -> None:
    with pikepdf.new() as pdf:
        fonts = {f"/{name}": pdf.make_indirect(pikepdf.Dictionary()) for name in "FG"}
        maps = {
            fonts["/F"].objgen: frozenset({1, 2}),
            fonts["/G"].objgen: frozenset({3}),
        }
        assert list(conformance._text_problems(content, fonts, maps)) == problems
