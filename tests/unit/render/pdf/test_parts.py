"""A process that has set text leaves nothing of it on the disk, however it ends by itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from support.processes import environment

PROGRAM = """
import multiprocessing, sys
from pathlib import Path

def render():
    from pks_kit.render.pdf import parts
    from support.pdf_samples import CSS
    parts.layout_document("<p>Isi", parts.full_css(CSS)).write_pdf()
    assert list(Path(sys.argv[2]).glob("weasyprint-*")), "nothing was there to be left"

if __name__ == "__main__":
    if sys.argv[1] == "worker":
        worker = multiprocessing.get_context("forkserver").Process(target=render)
        worker.start()
        worker.join()
        sys.exit(worker.exitcode)
    render()
"""


@pytest.mark.slow
@pytest.mark.parametrize("process", ["program", "worker"])
def test_copies_of_fonts_are_given_back(process: str, tmp_path: Path) -> None:
    program, used = tmp_path / "program.py", tmp_path / "used"
    program.write_text(PROGRAM)
    used.mkdir()
    given = {**environment(), "TMPDIR": str(used)}
    subprocess.run([sys.executable, program, process, used], env=given, timeout=120, check=True)
    assert not list(used.glob("weasyprint-*"))
