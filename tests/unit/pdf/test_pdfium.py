"""Threads take turns in PDFium: a host that drafts in several of them lives on."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from pks_kit.pdf import pdfium
from pks_kit.scan.issued import IssuedPages
from pks_kit.verification.isolation.tasks import compare_pages
from pks_kit.verification.report import changes, pictures
from support import returned_paper, signed_files

CODE = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from pks_kit.pdf import pdfium

content = Path(sys.argv[1]).read_bytes()

def words(_number):
    found = []
    with pdfium.opened(content) as document:
        for page in document:
            found.append(page.get_textpage().get_text_range())
            page.render(scale=1)
    return found

with ThreadPoolExecutor(4) as threads:
    said = list(threads.map(words, range(60)))
assert all(one == said[0] for one in said)
print(len(said))
"""


def test_four_threads_read_the_same_words(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(signed_files.issued(3))
    done = subprocess.run(
        [sys.executable, "-c", CODE, tmp_path / "x.pdf"], capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, b"60\n"), done.stderr[-500:]


def test_a_broken_file_gives_the_turn_back() -> None:
    import pypdfium2

    for _ in range(2):
        with pytest.raises(pypdfium2.PdfiumError), pdfium.opened(b"no pdf"):
            pass
    with pdfium.opened(signed_files.issued(3)) as document:
        assert len(document) > 0


def test_a_picture_has_the_colours_of_its_page() -> None:
    """Red is not blue: the same as PDFium gives it, turned round by others."""
    red = pikepdf.new()
    page = red.add_blank_page(page_size=(40, 30))
    page.Contents = red.make_stream(b"0.9 0.2 0.1 rg 5 5 20 10 re f")
    content = io.BytesIO()
    red.save(content)
    with pdfium.opened(content.getvalue()) as document:
        drawn = pdfium.picture_of(document[0], 2)
        other = document[0].render(scale=2).to_numpy()
    assert (drawn.mode, drawn.size) == ("RGB", (80, 60))
    assert drawn.tobytes() == other[:, :, ::-1].tobytes()
    assert drawn.getpixel((30, 40)) == (230, 51, 26)


def still_open() -> int:
    """Count the documents, pages, texts and forms that nobody has closed."""
    from pypdfium2.internal.bases import ObjectTracker

    return sum(len(several) for several in ObjectTracker.values())


def drawn(content: bytes) -> None:
    with pdfium.opened(content, forms=True) as document:
        document[0].render(scale=0.1, may_draw_forms=True)
        raise ValueError


def issued_pages(content: bytes) -> None:
    pages = IssuedPages(content, returned_paper.digital().receipt)
    try:
        pages.crop(1, (0, 0, 90, 90), 30)
        raise ValueError
    finally:
        pages.close()


@pytest.mark.parametrize(
    "look",
    [
        drawn,
        issued_pages,
        lambda content: compare_pages(content, b"no pdf"),
        lambda content: changes._compare(content, b"no pdf", 1e9),
        lambda content: pictures._pairs("x", content, b"no pdf", [{"page": 1}], 30),
    ],
)
def test_nothing_stays_open_of_a_file_with_signatures(
    look: Callable[[bytes], object],
) -> None:
    """PDFium writes of each, at the end of a process, that it was still open."""
    content, before = returned_paper.digital().signed, still_open()
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever it is
        look(content)
    # the error keeps every frame, and with it what was opened there and not closed
    assert (caught.type is not TypeError, still_open()) == (True, before)


def test_a_form_that_cannot_be_set_up_leaves_nothing_open(monkeypatch: pytest.MonkeyPatch) -> None:
    import pypdfium2

    def broken(_self: object) -> None:
        raise pypdfium2.PdfiumError("no form")

    known, before = returned_paper.digital(), still_open()
    monkeypatch.setattr(pypdfium2.PdfDocument, "init_forms", broken)
    with pytest.raises(pypdfium2.PdfiumError) as caught:
        IssuedPages(known.signed, known.receipt)
    assert (str(caught.value), still_open()) == ("no form", before)


def test_sheets_of_tests_leave_nothing_open() -> None:
    code = """
import tempfile

kept = tempfile.TemporaryDirectory()  # finalizers come after the end of PDFium, as in a test run
from support import paper_samples

paper_samples.pages().crop(1, (0, 0, 90, 90), 30)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
