"""A command starts with what it needs: help without models, drafting without the layout engine.

No seconds are counted here: whether a library is loaded is the same on every machine.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pks_kit.inputs import load_kontrak
from pks_kit.pipelines.draft import prepare
from pks_kit.pipelines.drafting.issue import look_of
from pks_kit.render.html import part_sources
from pks_kit.render.html_signature import place_css
from pks_kit.render.pdf.flow.compiling import Compiler
from pks_kit.resources import samples_root, templates_root
from support.processes import environment

HEAVY = (
    *("pydantic", "rich", "weasyprint", "pikepdf", "pyhanko", "cryptography", "sqlalchemy"),
    *("jinja2", "markdown_it", "fontTools", "lxml", "PIL", "numpy"),
)
ENGINE = ("weasyprint", "pydyf", "tinycss2", "tinyhtml5", "cssselect2", "pyphen", "cffi")

PROGRAM = """
import json, sys
from pks_kit.cli.main import main
code = None
try:
    main()
except SystemExit as done:
    code = done.code
print(json.dumps({"code": code, "loaded": sorted(sys.modules)}), file=sys.stderr)
"""


def loaded_by(*arguments: str, cwd: Path, **variables: str) -> set[str]:
    """Run a command in a process of its own and return the modules that it loaded."""
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        capture_output=True, text=True, check=True, cwd=cwd, env=environment() | variables,
    )  # fmt: skip
    told = json.loads(ran.stderr.splitlines()[-1])
    assert not told["code"], ran.stderr
    return set(told["loaded"])


def named(loaded: set[str], names: tuple[str, ...]) -> list[str]:
    return [one for one in names if one in loaded]


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["draft", "--help"], ["verify", "--help"]]
)
def test_help_loads_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    assert named(loaded_by(*arguments, cwd=tmp_path), HEAVY) == []


@pytest.mark.sampled(of="kept layouts")
@pytest.mark.slow
def test_drafting_with_a_kept_compile_loads_no_layout_engine(tmp_path: Path) -> None:
    """Everything of the sample is kept here, so that nothing unknown has to be laid out."""
    path = samples_root() / "apotek-manual.yml"
    prepared = prepare(load_kontrak(path))
    receipt = prepared.receipt
    look = look_of(receipt.as_of, receipt.printed_layout)
    style = (templates_root() / "pks_2024" / "style.css").read_text("utf-8")
    compiler = Compiler(style + place_css(look), tmp_path / "simpanan")
    sources = part_sources(prepared.naskah, look)
    compiler.add(sources, sources)
    compiler.keep("uji", "1")
    asked = ("draft", str(path), "--format", "pdf", "-o")
    folder = {"PKS_KIT_CACHE": str(tmp_path / "simpanan")}
    loaded = loaded_by(*asked, "dengan", cwd=tmp_path, **folder)
    assert named(loaded, ENGINE) == []
    assert named(loaded_by(*asked, "tanpa", "--no-cache", cwd=tmp_path, **folder), ENGINE) != []
    names = sorted(path.name for path in (tmp_path / "dengan").iterdir())
    assert len(names) == 2
    for name in names:
        files = [tmp_path / one / name for one in ("dengan", "tanpa")]
        assert files[0].read_bytes() == files[1].read_bytes(), name
