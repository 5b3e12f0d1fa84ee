"""Whoever only hands a file to the guarded child loads no parser; it would be paid twice."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from support import signed_files
from support.processes import environment

PARSERS = (
    "PIL",
    "aiohttp",
    "alembic",
    "cryptography",
    "httpx",
    "lxml",
    "pikepdf",
    "pyhanko",
    "pyhanko_certvalidator",
    "pypdfium2",
    "sqlalchemy",
    "weasyprint",
)

PROGRAM = """
import json, sys
from pks_kit.cli.main import main
try:
    main()
except SystemExit as done:
    code = done.code
print(json.dumps({"code": code, "loaded": sorted(sys.modules)}), file=sys.stderr)
"""


@pytest.mark.slow
def test_command_verify_loads_no_parser(tmp_path: Path) -> None:
    start, *_, done = signed_files.signed_steps()
    (tmp_path / "issued.pdf").write_bytes(start)
    (tmp_path / "done.pdf").write_bytes(done)
    (tmp_path / "root.pem").write_bytes(signed_files.world("UJI pks-kit").root.pem)
    given = ("--issued", "issued.pdf", "--trust", "root.pem", "--html", "page.html")
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, "verify", "done.pdf", *given],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env=environment(),
    )
    told = json.loads(ran.stderr.splitlines()[-1])
    assert told["code"] == 0, ran.stdout
    assert [name for name in told["loaded"] if name in PARSERS] == []
