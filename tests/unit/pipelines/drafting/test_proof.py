"""In a batch the first of each structure is laid out again; what differs is told and not taken."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pks_kit.cli.main import main
from pks_kit.pipelines.drafting import proof as module
from pks_kit.pipelines.drafting.issue import laid_out
from pks_kit.pipelines.many import AgreementDraft, DraftManyRequest, many_drafts
from pks_kit.render.pdf.laid import packed
from pks_kit.render.pdf.request import PdfLayout
from support.facilities import STRUCTURES, facility, save

SMALL = next(one for one in STRUCTURES if one.sample == "laboratorium-manual")


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("data")
    return [save(facility(number, SMALL), folder) for number in (1, 2, 3)]


@pytest.fixture
def roads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note every road that is taken; the quick one draws one line more on the second page."""
    taken: list[str] = []

    def spoiled(*given: Any, **named: Any) -> PdfLayout:
        road = named.get("road", "quick")
        taken.append(road)
        layout = laid_out(*given, **named)
        if road != "quick":
            return layout
        first, *rest = layout.parts
        one, two, *sheets = first.sheets
        drawn = two.content + b"\n0 0 m 9 9 l S"
        two = replace(two, packed=packed(drawn), inflated=len(drawn))
        return replace(layout, parts=(replace(first, sheets=(one, two, *sheets)), *rest))

    monkeypatch.setattr(module, "laid_out", spoiled)
    return taken


def drafted(sources: Sequence[Path]) -> list[AgreementDraft]:
    return list(many_drafts(DraftManyRequest(sources=sources, formats=("pdf",))))


def pdf_of(one: AgreementDraft) -> bytes:
    assert one.result is not None
    return one.result.files["pdf"].content


@pytest.mark.sampled(of="roads that differ")
@pytest.mark.slow
def test_what_differs_is_told_once_and_the_engine_makes_the_pages_from_then_on(
    sources: list[Path], roads: list[str]
) -> None:
    found = drafted(sources[:2])
    assert [one.differs and one.differs.code for one in found] == ["render.pdf.roads_differ", None]
    assert found[0].differs is not None
    assert found[0].differs.params == {"page": 2}
    assert roads == ["quick", "plain", "plain"]
    assert not any(b"9 9 l" in pdf_of(one) for one in found)


@pytest.mark.sampled(of="roads that differ")
@pytest.mark.slow
def test_the_first_of_a_structure_and_one_in_many_are_made_twice(
    sources: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []

    def noted(*given: Any, **named: Any) -> PdfLayout:
        taken.append(named.get("road", "quick"))
        return laid_out(*given, **named)

    monkeypatch.setattr(module, "laid_out", noted)
    monkeypatch.setattr(module, "ONE_IN", 2)
    found = drafted(sources)
    assert [one.differs for one in found] == [None] * 3
    assert taken == ["quick", "plain", "quick", "quick", "plain"]


@pytest.mark.sampled(of="roads that differ")
@pytest.mark.slow
def test_the_command_says_so(sources: list[Path], roads: list[str], tmp_path: Path) -> None:
    command = ["draft", *map(str, sources[:2]), "--format", "pdf", "-o", str(tmp_path)]
    done = CliRunner().invoke(main, [*command, "--no-cache"])
    assert done.exit_code == 0, done.output
    assert done.stderr.count("tidak sama ketika disusun ulang") == 1
    again = CliRunner().invoke(main, [*command, "--no-cache", "--force", "--json"])
    one, other = json.loads(again.stdout)["agreements"]
    assert one["differs"]["code"] == "render.pdf.roads_differ"
    assert "differs" not in other
