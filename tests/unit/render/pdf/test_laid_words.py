"""Words told by glyphs, letter by letter as PDFium reads them from a file."""

from __future__ import annotations

import pytest

from pks_kit.domain.page_words import words_sha256
from pks_kit.pdf import pdfium
from pks_kit.render.fonts import FACES, Face, metrics
from pks_kit.render.pdf.file_writer import PdfFile, packed, references
from pks_kit.render.pdf.font_merge import FaceCollection
from pks_kit.render.pdf.font_objects import write_fonts
from pks_kit.render.pdf.laid_words import (
    FaceTexts,
    PageText,
    Piece,
    SilentGlyph,
    UnusualText,
    is_unusual,
)

SERIF = FACES[0].postscript_name
PER_PAGE = 30
FEWEST = 400


def texts_of(face: Face) -> dict[int, str]:
    """Text behind each glyph; where two letters share one, the first."""
    texts: dict[int, str] = {}
    for code, glyph in sorted(metrics(face).glyphs.items()):
        texts.setdefault(glyph, chr(code))
    return texts


def knowing(face: Face) -> FaceTexts:
    found = FaceTexts(face.postscript_name)
    assert found.agrees(texts_of(face))
    return found


def operand(face: Face, text: str) -> str:
    return f"<{''.join(f'{metrics(face).glyphs[ord(one)]:04x}' for one in text)}>"


def piece(text: str, x: float, y: float, size: float = 10) -> Piece:
    return x, y, size, knowing(FACES[0]).shaped(operand(FACES[0], text))


def file_of(face: Face, pages: list[list[str]]) -> bytes:
    """A file whose pages have these operands, one below the other."""
    file, faces = PdfFile(), FaceCollection()
    faces.add_glyphs({face: texts_of(face)})
    root, tree, fonts = file.new(), file.new(), write_fonts(file, faces).shared
    numbers = []
    for lines in pages:
        body = "".join(
            f"1 0 0 1 50 {800 - 20 * place} Tm [{one}] TJ " for place, one in enumerate(lines)
        )
        content = f"BT /{face.postscript_name} 10 Tf {body}ET".encode("ascii")
        numbers.append(
            file.add(
                f"<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 595 842]"
                f"/Contents {file.add_stream(packed(content), inflated=len(content))} 0 R"
                f"/Resources<</Font {fonts} 0 R>>>>"
            )
        )
    file.put(tree, f"<</Type/Pages/Count {len(numbers)}/Kids{references(numbers)}>>")
    file.put_plain(root, f"<</Type/Catalog/Pages {tree} 0 R>>")
    return file.finished(root=root, info=file.add("<<>>")).content


@pytest.mark.slow
@pytest.mark.parametrize("face", FACES, ids=lambda face: face.postscript_name)
def test_every_letter_that_can_be_printed_is_read_so_or_called_unusual(face: Face) -> None:
    shaper = knowing(face)
    texts = texts_of(face)
    usual = [
        chr(code) for code, glyph in metrics(face).glyphs.items() if not is_unusual(texts[glyph])
    ]
    assert len(usual) > FEWEST
    words = [operand(face, f"a{one}a{one}{one}b") for one in usual]
    pages = [words[at : at + PER_PAGE] for at in range(0, len(words), PER_PAGE)]
    with pdfium.opened(file_of(face, pages)) as document:
        for number, lines in enumerate(pages):
            read = document[number].get_textpage().get_text_range()
            told = PageText(
                (50.0, 800.0 - 20 * place, 10.0, shaper.shaped(one))
                for place, one in enumerate(lines)
            )
            assert words_sha256(told.plain) == words_sha256(read), (number, told.plain, read)


@pytest.mark.parametrize("letter", ["\u0301", "\ufb01", "\u203f", "\ufeff"])
def test_letters_that_readers_change_are_unusual(letter: str) -> None:
    assert is_unusual(letter)
    face = FaceTexts(SERIF)
    assert face.agrees({1: " ", 2: letter, 3: "a"})
    assert face.shaped("<00030001>").text == "a "
    with pytest.raises(UnusualText):
        face.shaped("<00030002>")


def test_a_glyph_of_two_letters_is_unusual_and_one_without_text_an_error() -> None:
    face = FaceTexts(SERIF)
    assert face.agrees({4: "ti"})
    with pytest.raises(UnusualText):
        face.shaped("<0004>")
    with pytest.raises(SilentGlyph):
        face.shaped("<0005>")


def test_a_glyph_keeps_its_text() -> None:
    face = FaceTexts(SERIF)
    assert face.agrees({3: "a", 4: "ti"})
    assert face.agrees({3: "a", 4: "ti", 5: "b"})
    assert not face.agrees({3: "b"})
    assert not face.agrees({4: "tu"})


def test_lines_are_read_from_left_to_right_and_parted_by_distance() -> None:
    said = PageText([piece("dua", 200, 700), piece("satu", 100, 701), piece("tiga", 100, 680)])
    assert said.plain == "satu dua tiga"
    near = piece("sa", 100, 700)
    end = 100 + near[3].advance / 100
    assert PageText([near, piece("tu", end, 700)]).plain == "satu"
    assert PageText([near, piece("tu", end + 2, 700)]).plain == "sa tu"


@pytest.mark.parametrize(
    ("first", "second", "plain"),
    [
        ("perundang-", "undangan", "perundang-undangan"),
        ("417/KTR/", "XIV-07", "417/KTR/XIV-07"),
        ("a -", "b", "a - b"),
        ("-", "b", "- b"),
        ("kata", "kata", "kata kata"),
        ("kata ", "kata", "kata kata"),
    ],
)
def test_a_word_broken_after_a_hyphen_or_slash_is_one(first: str, second: str, plain: str) -> None:
    said = PageText([piece(first, 100, 700), piece(second, 100, 685)])
    assert said.plain == plain


def test_boxes_are_those_of_the_ink_line_by_line() -> None:
    said = PageText([piece("xx 417/", 100, 700), piece("KTR yy", 100, 685)])
    start = said.plain.index("417")
    (one, upper), (two, lower) = said.on_lines(start, start + len("417/KTR"))
    assert (one, two) == ("417/", "KTR")
    assert upper[0] > 110
    assert 698 < upper[1] < 700 < upper[3] < 708
    assert 100 < lower[0] < 101
    assert lower[3] < upper[1]
    assert list(said.on_lines(2, 3)) == []  # a space
