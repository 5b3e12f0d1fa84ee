"""Threads take turns in PDFium: a host that drafts in several of them lives on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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
