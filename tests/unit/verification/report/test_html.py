"""The HTML page: structure for keyboard and screen reader, links that lead somewhere, contrast."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from pks_kit.verification.isolation.parent import run_inline
from pks_kit.verification.report.answers import failed
from pks_kit.verification.report.html import html_report
from support import signed_files, tamper
from support.judging import LATER, job

EMPTY = {"meta", "img", "br"}


class Outline(HTMLParser):
    """Tags with their attributes in order, and whether they are closed as they were opened."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    def all(self, name: str) -> list[dict[str, str]]:
        return [attrs for tag, attrs in self.tags if tag == name]


def _pages() -> dict[str, str]:
    start, *_, done = signed_files.signed_steps()
    forged = tamper.appended(done, tamper.changed_content)
    honest = run_inline(job(done, issued=start), picture_dpi=60)
    clause = failed(
        "render.words",
        "different",
        "visual",
        pages="2",
        clauses="Pasal 3",
        page=2,
        details={"clauses": [{"clause": "Pasal 3", "address": "pasal_3", "expected": "<b>x"}]},
    )
    return {
        "honest": html_report(honest, "a<b>.pdf", "id", LATER),
        "english": html_report(honest, "done.pdf", "en", LATER),
        "forged": html_report(
            run_inline(job(forged, issued=start), picture_dpi=60), "forged.pdf", "id", LATER
        ),
        "bytes": html_report(run_inline(job(b"nothing")), "x", "id", LATER),
        "clauses": html_report(
            replace(honest, report=honest.report.with_checks(clause)), "x.pdf", "id", LATER
        ),
    }


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return _pages()


NAMES = ("honest", "english", "forged", "bytes", "clauses")


@pytest.mark.parametrize("name", NAMES)
def test_structure(pages, name):
    outline = Outline(pages[name])
    assert outline.wrong == []
    assert outline.open == []
    assert outline.all("html")[0]["lang"] == ("en" if name == "english" else "id")
    for landmark in ("header", "nav", "main", "footer", "h1", "title"):
        assert len(outline.all(landmark)) == 1, landmark
    assert outline.all("nav")[0]["aria-label"]
    ids = [attrs["id"] for _, attrs in outline.tags if "id" in attrs]
    assert len(set(ids)) == len(ids)
    for attrs in outline.all("img"):
        assert attrs["alt"].strip()
        assert attrs["src"].startswith("data:image/png;base64,")
        assert attrs["width"]
        assert attrs["height"]
    assert all(attrs.get("scope") in ("row", "col") for attrs in outline.all("th"))
    assert len(outline.all("caption")) == len(outline.all("table"))
    assert not {"script", "link", "iframe", "object", "form"} & {tag for tag, _ in outline.tags}


@pytest.mark.parametrize("name", NAMES)
def test_headings_go_down_one_by_one(pages, name):
    levels = [int(tag[1]) for tag, _ in Outline(pages[name]).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", NAMES)
def test_every_link_and_label_leads_somewhere(pages, name):
    outline = Outline(pages[name])
    ids = {attrs["id"] for _, attrs in outline.tags if "id" in attrs}
    links = [attrs["href"] for attrs in outline.all("a")]
    assert links[0] == "#isi"
    assert all(link.startswith("#") and link[1:] in ids for link in links)
    labels = [attrs["aria-labelledby"] for attrs in outline.all("section")]
    assert labels
    assert set(labels) <= ids
    first = next(place for place, (tag, _) in enumerate(outline.tags) if tag == "body")
    assert outline.tags[first + 1][1]["class"] == "skip"


@pytest.mark.parametrize("name", NAMES)
def test_states_are_words_and_never_a_bare_valid(pages, name):
    text = " ".join(Outline(pages[name]).words)
    assert not re.search(r"\b(valid|sah)\b", text, re.IGNORECASE)
    assert not re.search(r'class="state [a-z]+"></span>', pages[name])


def test_what_did_not_pass_comes_first_with_links(pages):
    page = pages["forged"]
    summary = page[page.index('id="ringkasan"') : page.index('id="berkas"')]
    numbers = re.findall(r'href="#(periksa-\d+)"', summary)
    assert numbers
    assert "salah" in summary
    assert "utuh terhadap berkas terbit" in pages["honest"]


def test_refused_change_is_shown(pages):
    page = pages["forged"]
    assert '<h3 id="ubah-5">' in page
    assert "lihat perubahannya" in page
    alternatives = [attrs["alt"] for attrs in Outline(page).all("img")]
    assert "Bagian halaman 2 sebelum perubahan" in alternatives
    assert any(one.startswith("Bagian halaman 2 sesudah perubahan") for one in alternatives)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_runs_and_nothing_comes_from_outside(pages, name):
    page = pages[name]
    policy = Outline(page).all("meta")[2]
    assert policy["http-equiv"] == "Content-Security-Policy"
    assert policy["content"] == (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        "form-action 'none'; base-uri 'none'"
    )
    assert not re.search(r"url\(|@import|https?:", page)
    assert not re.search(r"<[^>]*\son[a-z]+=", page)


HOSTILE = (
    "<meta http-equiv=refresh content=0><form action=//x><img src=x onerror=alert(1)> \"'&amp; "
    "{{ 7*7 }} {% raw %} \u202egnp.exe\x00\ud800\x9b31m\x1b]0;\nLULUS"
)
SHOWN = (
    "<meta http-equiv=refresh content=0><form action=//x><img src=x onerror=alert(1)> \"'&amp; "
    "{{ 7*7 }} {% raw %} ‹U+202E›gnp.exe‹U+0000›‹U+D800›‹U+009B›31m‹U+001B›]0;‹U+000A›LULUS"
)


def test_words_of_a_hostile_file_stay_words_and_hidden_characters_are_seen():
    """Every text of a report may come from the file: names, fields, clauses, changed words."""
    start, *_, done = signed_files.signed_steps()
    honest = run_inline(job(done, issued=start), picture_dpi=30)
    signature = replace(
        honest.report.signatures[0],
        field=HOSTILE, role=HOSTILE, signer=HOSTILE, issuer=HOSTILE, anchor=HOSTILE,
        certificate_serial=HOSTILE, serial_number=HOSTILE,
    )  # fmt: skip
    change = failed(
        "issued.revisions", "removed", revision=HOSTILE, object=HOSTILE, field=HOSTILE, page=1,
        details={
            "objects": {"added": [HOSTILE], "changed": [HOSTILE]},
            "pages": [
                {"page": 1, "change": "changed", "words_before": HOSTILE, "words_after": HOSTILE}
            ],
            "clauses": [{"clause": HOSTILE, "address": HOSTILE, "expected": HOSTILE}],
        },
    )  # fmt: skip
    report = replace(
        honest.report.with_checks(change),
        signatures=(signature,),
        revisions=tuple(
            replace(one, field=HOSTILE, number=HOSTILE, start=HOSTILE, end=HOSTILE)
            for one in honest.report.revisions
        ),
        file=replace(honest.report.file, size=HOSTILE, pages=HOSTILE),
        agreement_id=HOSTILE,
        kit_version=HOSTILE,
    )
    pictures = tuple(replace(one, fields=(HOSTILE,)) for one in honest.pictures)
    page = html_report(replace(honest, report=report, pictures=pictures), HOSTILE, "id", LATER)
    page.encode("utf-8")
    outline = Outline(page)
    assert outline.wrong == []
    assert {attrs["src"][:15] for attrs in outline.all("img")} == {"data:image/png;"}
    text = "".join(outline.words)
    assert text.count(SHOWN) >= 20
    assert text.count("onerror") == text.count(SHOWN)
    assert not re.search("[\x00\u202e\ud800\x9b\x1b]", page)
    assert outline.all("form") == []
    assert len(outline.all("meta")) == 3  # ours
    assert any(SHOWN in attrs["alt"] for attrs in outline.all("img"))


def test_clauses_have_anchors(pages):
    page = pages["clauses"]
    assert '<a href="#pasal-1">Pasal 3</a>' in page
    assert '<tr id="pasal-1">' in page
    assert "&lt;b&gt;x" in page
    assert '<a href="#hal-2">' in page


def _light(colour: str) -> float:
    parts = "".join(letter * 2 for letter in colour) if len(colour) == 3 else colour
    values = [int(parts[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_contrast_of_words(pages):
    """WCAG 2.1 AA asks for 4.5 to 1 against every background on which words stand."""
    style = re.search(r"<style>(.*?)</style>", pages["honest"], re.DOTALL)[1]
    grounds = ["ffffff", *re.findall(r"background: #([0-9a-f]{6})", style)]
    inks = re.findall(r"(?<![-a-z])color: #([0-9a-f]{3,6})", style)
    assert len(grounds) >= 6
    assert len(inks) >= 6
    for ink in inks:
        for ground in grounds:
            high, low = sorted((_light(ink), _light(ground)), reverse=True)
            assert (high + 0.05) / (low + 0.05) >= 4.5, (ink, ground)
