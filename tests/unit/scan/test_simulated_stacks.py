"""Whole stacks of simulated paper: what was signed is seen, and nothing else ever is."""

from __future__ import annotations

import pytest

from pks_kit.domain.paper import PaperFacts
from pks_kit.scan.reading import read_scan
from pks_kit.scan.simulated import encode
from pks_kit.scan.simulated.devices import Flatbed
from pks_kit.scan.simulated.stack import ScannedPage, Wishes, scanned
from support import paper_samples as paper

pytestmark = pytest.mark.slow

SIGNED = 17
"""The page with two fields to sign, and initials as on every page."""


def stack(seed: int, *pages: int, **wishes: object) -> tuple[ScannedPage, ...]:
    wanted = Wishes(pages=pages or (SIGNED,), **wishes)  # type: ignore[arg-type]
    return tuple(scanned(paper.issue().pdf, paper.issue().receipt, seed, wanted))


def read(pages: tuple[ScannedPage, ...], quality: int = 70) -> PaperFacts:
    files = [encode.as_jpeg(one.picture, dpi=round(one.dpi), quality=quality) for one in pages]
    return read_scan(paper.issue().pdf, paper.issue().receipt, files)


def decisions(facts: PaperFacts) -> dict[str, str]:
    return {one.id: one.decision for one in facts.places if one.scan_page is not None}


def truth(pages: tuple[ScannedPage, ...]) -> dict[str, str]:
    return {one.id: one.state for page in pages for shown in page.shows for one in shown.places}


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("mode", "dpi"), [("colour", 200), ("grey", 150)])
def test_what_was_signed_is_seen(mode: str, dpi: int) -> None:
    pages = stack(5, device=Flatbed(dpi=dpi, mode=mode), signed=0.6)  # type: ignore[arg-type]
    facts, known = read(pages), truth(pages)
    assert [one.status for one in facts.pages] == ["ok"]
    found = decisions(facts)
    assert found.keys() == known.keys()
    wrong = {name for name in known if found[name] not in (known[name], "unsure")}
    assert wrong == set()
    assert sum(one == "unsure" for one in found.values()) <= 1
    assert facts.changes == ()


@pytest.mark.sampled(1)
@pytest.mark.parametrize("mode", ["colour", "grey"])
def test_dirt_never_signs(mode: str) -> None:
    pages = stack(31, device=Flatbed(dpi=200, mode=mode), signed=0.0, dirt=1.0)  # type: ignore[arg-type]
    assert "signed" not in decisions(read(pages)).values()


def test_turning_and_jpeg_sign_nothing() -> None:
    (page,) = stack(8, device=Flatbed(dpi=150, mode="grey"), signed=0.0, turned=(1,))
    for quality in (70, 30):
        assert "signed" not in decisions(read((page,), quality)).values()


@pytest.mark.sampled(1)
@pytest.mark.parametrize("kind", ["changed_digit", "pen_over_digit"])
def test_a_digit_that_was_changed_is_told(kind: str) -> None:
    (page,) = stack(3, 1, device=Flatbed(dpi=200, mode="grey"), signed=0.0, changes=(kind,))
    (planted,) = page.shows[0].changes
    (found,) = (one for one in read((page,)).changes if one.kind in ("value", "disturbed"))
    assert found.path == planted.path


def test_an_added_line_is_found() -> None:
    device = Flatbed(dpi=150, mode="grey")
    pages = stack(3, 18, device=device, signed=1.0, changes=("line_written",))
    assert [one.kind for shown in pages[0].shows for one in shown.changes] == ["line_written"]
    assert "addition" in {one.kind for one in read(pages).changes}
