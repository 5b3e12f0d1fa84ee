"""Bring the words of PDF, DOCX and text to one form, so that they can be compared."""

from __future__ import annotations

import difflib
import re
import subprocess
import unicodedata
import zipfile
from pathlib import Path

import pypdfium2

from pks_kit.domain.rect import Rect
from pks_kit.render.docx.tables import LABEL_STYLE
from pks_kit.render.page_geometry import MM, PageGeometry, sheet_of


def words(text: str) -> list[str]:
    """Return the words of a text: NFC, case folded (capitals may come from a style).

    A line may break after a slash or a hyphen, so both end a word; PDFium gives a hyphen at the
    end of a line as U+0002.
    """
    plain = unicodedata.normalize("NFC", text).replace("\u00a0", " ").replace("\x02", "-")
    return plain.replace("/", "/ ").replace("-", "- ").casefold().split()


def docx_words(path: Path, folder: Path) -> list[str]:
    """Return the words of a DOCX as LibreOffice reads them, its own list numbers included.

    LibreOffice writes every bullet as "•" in plain text, whatever the list says; ours is "–". The
    labels of boxes are furniture, as in the PDF, and left out.
    """
    path = without_labels(path, folder)
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "txt:Text (encoded):UTF8",
            "--outdir",
            str(folder),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    text = (folder / f"{path.stem}.txt").read_text(encoding="utf-8-sig")
    return words(text.replace("•", "–"))


def without_labels(path: Path, folder: Path) -> Path:
    """Return a copy of a DOCX without the words that only say what a box is for."""
    target = folder / f"tanpa-label-{path.name}"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/document.xml":
                label = rf'(<w:p><w:pPr><w:pStyle w:val="{LABEL_STYLE}"/>.*?</w:pPr>).*?</w:p>'
                content = re.sub(label.encode(), rb"\1</w:p>", content)
            copy.writestr(name, content)
    return target


def content_rect(sheet: PageGeometry) -> Rect:
    """Return the area that content must not leave."""
    return (
        sheet.left * MM,
        sheet.bottom * MM,
        (sheet.width - sheet.right) * MM,
        (sheet.height - sheet.top) * MM,
    )


def page_words(path: Path) -> list[list[str]]:
    """Return the words of each page without its furniture, in content order."""
    document = pypdfium2.PdfDocument(path)
    found = []
    for page in document:
        sheet = sheet_of(*page.get_size())
        assert sheet is not None
        left, bottom, right, top = content_rect(sheet)
        text = page.get_textpage().get_text_bounded(
            left=left - 1, bottom=bottom - 1, right=right + 1, top=top + 1
        )
        found.append(words(text))
    document.close()
    return found


def header_rows(text: str) -> list[list[str]]:
    """Return the words of table rows, which may stand again at the top of a page."""
    return [words(line) for line in text.splitlines() if "\t" in line]


def pdf_differences(pdf: Path, text: str) -> list[tuple[str, list[str], list[str]]]:
    """Return how the words of a PDF differ from a text, repeated header rows left out."""
    repeated = {tuple(row) for row in header_rows(text)}
    expected = words(text)
    printed: list[str] = []
    for page in page_words(pdf):
        printed += page
    matcher = difflib.SequenceMatcher(a=expected, b=printed, autojunk=False)
    differences = []
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        if "".join(expected[a1:a2]) == "".join(printed[b1:b2]):
            continue  # PDFium leaves out the space at some line ends inside cells
        if tag == "insert" and _is_repeat(printed[b1:b2], printed, b1, repeated):
            continue
        differences.append((tag, expected[a1:a2], printed[b1:b2]))
    return differences


def _is_repeat(
    inserted: list[str], printed: list[str], start: int, repeated: set[tuple[str, ...]]
) -> bool:
    """Whether inserted words are one repeated header row (found at any alignment of the diff)."""
    size = len(inserted)
    for shift in range(-size, size + 1):
        begin = start + shift
        if begin >= 0 and tuple(printed[begin : begin + size]) in repeated:
            return True
    return False
