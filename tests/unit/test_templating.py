"""The frame of reports: missing names are errors, values are escaped, words are translated."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError, TemplateNotFound
from markupsafe import Markup

from pks_kit.resources import templates_root
from pks_kit.templating import page_environment, report_html


def test_environment_escapes_and_is_strict(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("{{ x }}", encoding="utf-8")
    (tmp_path / "b.html").write_text("{{ ''.__class__.__mro__ }}", encoding="utf-8")
    environment = page_environment(tmp_path)
    template = environment.get_template("a.txt")
    assert template.render(x="<b> & \"'") == "&lt;b&gt; &amp; &#34;&#39;"
    assert template.render(x=Markup("<b>")) == "<b>"
    with pytest.raises(UndefinedError):
        template.render()
    with pytest.raises(SecurityError):
        environment.get_template("b.html").render()
    with pytest.raises(TemplateNotFound):
        environment.get_template("../a.txt")


def test_every_report_stands_in_the_frame() -> None:
    folder = templates_root() / "laporan"
    parts = {"dasar.html.j2", "grafik.html.j2", "unsur.html.j2"}
    reports = {path.name for path in folder.glob("*.j2")} - parts
    assert reports >= {"verifikasi.html.j2", "perbandingan.html.j2"}
    for name in sorted(reports):
        source = (folder / name).read_text(encoding="utf-8")
        assert '{% extends "dasar.html.j2" %}' in source, name
        assert "|safe" not in source.replace(" ", ""), name
        assert "autoescape" not in source, name


def test_a_report_without_its_values_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        report_html("verifikasi.html.j2", "id", "report")


def test_words_and_messages_in_the_language_of_the_page() -> None:
    values = {
        "old_name": "lama", "new_name": "baru", "old_date": "1", "new_date": "2", "counts": {},
        "parts_counted": dict.fromkeys(("old", "new"), "x")
        | dict.fromkeys(("old_pasal", "new_pasal", "old_lampiran", "new_lampiran"), 0),
        "new_parts": [], "gone_parts": [], "maps": [], "parts": [],
    }  # fmt: skip
    pages = {tongue: report_html("perbandingan.html.j2", tongue, "diff", **values)
             for tongue in ("id", "en")}  # fmt: skip
    assert '<h2 id="judul-ringkasan">Ringkasan</h2>' in pages["id"]
    assert '<h2 id="judul-ringkasan">Summary</h2>' in pages["en"]


PROGRAM = """
import sys
from datetime import UTC, datetime
from pks_kit.verification.report.answers import failed, passed
from pks_kit.verification.report.html import html_report
from pks_kit.verification.report.pictures import Examined, Picture
from pks_kit.verification.report.verdict import JudgedFile, SignatureReport, VerifyReport
fields = tuple(f"TTD_{n}" for n in range(9))
checks = [passed("file.type", "pdf", field=name, page=n) for n, name in enumerate(fields, 1)]
checks += [failed("render.words", "different", pages="2", clauses="Pasal 3", page=2, details={
    "clauses": [{"clause": f"Pasal {n}", "address": "a", "expected": "x"} for n in range(9)]})]
report = VerifyReport(
    file=JudgedFile(sha256="0" * 64, size=1), kit_version="0", checks=tuple(checks),
    signatures=tuple(SignatureReport(field=name, kind="signature") for name in fields))
pictures = tuple(Picture(page=n, png=bytes([n]), width=1, height=1, fields=fields)
                 for n in range(1, 9))
page = html_report(Examined(report=report, pictures=pictures), "a.pdf", "id",
                   datetime(2024, 1, 1, tzinfo=UTC))
sys.stdout.buffer.write(page.encode())
"""


@pytest.mark.slow
def test_same_report_same_bytes_in_every_process() -> None:
    pages = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4")
    }
    assert len(pages) == 1
    assert b"Pasal 8" in pages.pop()
