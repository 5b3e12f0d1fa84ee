"""Files of browsers: vendored ones unchanged, names with hashes, nothing inline in templates."""

from __future__ import annotations

import hashlib
import re

from pks_kit.web.pages.static_files import FOLDER, static_files, static_name

TEMPLATES = sorted((FOLDER.parent / "templates").glob("*.j2"))


def test_what_is_vendored_is_what_was_published() -> None:
    told = (FOLDER / "htmx.sha256").read_text(encoding="ascii").split()
    assert hashlib.sha256((FOLDER / told[1]).read_bytes()).hexdigest() == told[0]
    assert "Zero-Clause BSD" in (FOLDER / "htmx.LICENSE.txt").read_text(encoding="utf-8")


def test_a_name_holds_the_hash_of_its_content() -> None:
    name = static_name("desk.css")
    content = static_files()[name].content
    assert name == f"desk-{hashlib.sha256(content).hexdigest()[:12]}.css"
    assert {one.partition("-")[0] for one in static_files()} == {"desk", "htmx", "icon", "theme"}


def test_templates_hold_no_script_no_style_and_nothing_from_elsewhere() -> None:
    assert len(TEMPLATES) > 10
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|hx-on|hx-vals=.js", text), (
            path
        )
        assert all("src=" in one for one in re.findall(r"<script[^>]*>", text)), path
        assert not re.search(r"(?:src|href|action)=.https?://", text), path


def test_a_trigger_needs_no_code_to_be_made_of_text() -> None:
    """htmx makes functions of what stands in brackets, which the policy forbids."""
    for path in TEMPLATES:
        for trigger in re.findall(r'hx-trigger="([^"]*)"', path.read_text(encoding="utf-8")):
            assert "[" not in trigger, path
