"""The Pango and HarfBuzz that are asked for their versions are those that WeasyPrint sets with."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
from pathlib import Path
from pks_kit.render.pdf.flow.fingerprint import library_versions
told = library_versions()
import weasyprint
from weasyprint.text.ffi import ffi, pango
number = pango.pango_version()
version = f"{number // 10000}.{number // 100 % 100}.{number % 100}"
assert f"pango {version}" in told, (told, version)
mapped = {line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines()}
for name in ("libpango-1.0", "libharfbuzz.so"):
    assert len([one for one in mapped if name in one]) == 1, mapped
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks at what is mapped")
def test_one_pango_and_one_harfbuzz_are_loaded() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
