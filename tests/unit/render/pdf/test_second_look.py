"""Which files are looked at again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pks_kit.errors import RenderError
from pks_kit.render import pdf
from pks_kit.render.pdf import draw_pages, finish_pdf, second_look
from pks_kit.render.pdf.second_look import wants_second_look
from support.pdf_samples import layout, request


@pytest.fixture(autouse=True)
def _nothing_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_look, "_written", type(second_look._written)())


def test_the_first_of_each_structure_and_one_in_a_thousand() -> None:
    drawn = draw_pages(layout(), request())
    looks = [wants_second_look(layout(), drawn, request()) for _ in range(2001)]
    assert [place for place, wanted in enumerate(looks) if wanted] == [0, 1000, 2000]
    assert wants_second_look(layout(), drawn, request(attachments=()))
    assert wants_second_look(layout(), drawn, request(certificate_note="Catatan"))
    assert not wants_second_look(layout(), drawn, request(title="Judul lain"))
    other = draw_pages(layout("manual"), request())
    assert wants_second_look(layout("manual"), other, request())


def test_every_file_with_pages_of_the_engine() -> None:
    drawn = draw_pages(layout(), request())
    silent = replace(drawn.pages[0], laid=replace(drawn.pages[0].laid, words=None))
    other = replace(drawn, pages=(silent, *drawn.pages[1:]))
    assert all(wants_second_look(layout(), other, request()) for _ in range(3))


def test_a_broken_claim_is_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = draw_pages(layout(), request())
    finish_pdf(layout(), request(), drawn)
    monkeypatch.setattr(pdf, "check_claims", lambda content: ("no claim is kept",))
    finish_pdf(layout(), request(), drawn)  # the second of its structure is not looked at
    with pytest.raises(RenderError) as caught:
        finish_pdf(layout(), request(), drawn, thorough=True)
    assert caught.value.code == "render.pdf.claim_broken"
