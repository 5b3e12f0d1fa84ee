"""Threads take turns in PDFium: a host that drafts in several of them lives on."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

from pks_kit.pdf import pdfium
from support import signed_files

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
