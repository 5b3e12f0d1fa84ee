"""Every source that code, templates and tests cite stands in docs/sumber.md."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "sumber.md"
GAP = r"(?:\s|#)+"
SECTION = r"E?\d+(?:\.\d+)?"
CITATION = re.compile(
    rf"docs/sumber\.md{GAP}({SECTION}(?:(?:,{GAP}|{GAP}and{GAP}|{GAP}dan{GAP}|-){SECTION})*)"
)
"""The page and the sections behind it; a comment or docstring may break the line between them."""
UNNAMED = re.compile(r"(?i)\bfact[\s#-]+sheet|\blembar[\s#-]+fakta")
DOCUMENT = re.compile(r"\[(S\d)\]")


def texts(*folders: str) -> Iterator[tuple[str, str]]:
    """Yield name and text of every tracked text file in some folders; in all without any."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "--", *folders],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if not path.is_file() or path == Path(__file__):
            continue
        try:
            yield name, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


@pytest.fixture(scope="module")
def sections() -> set[str]:
    """Return the names of the sections of the page."""
    found = re.findall(r'<a id="([^"]+)"></a>', PAGE.read_text(encoding="utf-8"))
    assert len(found) == len(set(found)), "a section has its name twice"
    return set(found)


def cited(text: str) -> set[str]:
    return {one for match in CITATION.finditer(text) for one in re.findall(SECTION, match[1])}


def test_citations_are_read_also_over_the_end_of_a_line() -> None:
    assert cited("(docs/sumber.md 1.5, 3.2 and 13.5)") == {"1.5", "3.2", "13.5"}
    assert cited("# docs/sumber.md\n# E2.3 and E6, rows 16 and 17") == {"E2.3", "E6"}
    assert cited("docs/sumber.md 13.4-13.7; docs/sumber.md 6.7 dan 6.2") == {
        "13.4", "13.7", "6.7", "6.2",
    }  # fmt: skip


def test_every_citation_leads_to_a_section(sections: set[str]) -> None:
    named = {name: cited(text) for name, text in texts()}
    lost = {name: sorted(found - sections) for name, found in named.items() if found - sections}
    assert lost == {}
    assert len(set().union(*named.values())) > 40


def test_every_document_that_is_cited_is_described(sections: set[str]) -> None:
    named = {name: set(DOCUMENT.findall(text)) for name, text in texts("src", "templates", "docs")}
    assert {name: found - sections for name, found in named.items() if found - sections} == {}


def test_facts_of_the_agreement_name_sections(sections: set[str]) -> None:
    """The lists of facts say where each stands: ``3.2 P4 butir 5``, ``13.1 butir 4; 1.4``.

    ``susunan``, alone or as a part of its own, is our own proposal and stands in no section.
    """
    facts = [text for name, text in texts("tests") if name.endswith("/facts_2024.yml")]
    assert len(facts) == 1
    rows = yaml.safe_load(facts[0])["aturan"]
    parts = {part for row in rows for part in row["sumber"].split("; ")}
    named = {part.split()[0] for part in parts - {"susunan"}}
    assert len(named) > 20
    assert named - sections == set()


def test_headings_of_the_page_carry_the_number_of_their_section() -> None:
    pairs = re.findall(
        r'^<a id="(E?\d+(?:\.\d+)?)"></a>\n\n#+ (\S+) ', PAGE.read_text(encoding="utf-8"), re.M
    )
    assert len(pairs) > 60
    assert [pair for pair in pairs if pair[0] != pair[1]] == []


def test_no_source_without_a_name_is_left() -> None:
    hits = [
        f"{name}: {match.group()!r}"
        for name, text in texts("src", "templates", "signing", "docs")
        for match in UNNAMED.finditer(text)
    ]
    assert hits == []
