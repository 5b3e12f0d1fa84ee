"""A process that has set text leaves nothing of it on the disk, however it ends by itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

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
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    with TemporaryDirectory(prefix="pks-") as used:  # the name of a socket in it must be short
        given = {**environment(), "TMPDIR": used}
        subprocess.run([sys.executable, program, process, used], env=given, timeout=120, check=True)
        assert not list(Path(used).glob("weasyprint-*"))
