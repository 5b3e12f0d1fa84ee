"""Each place says what the paper shows of it, not that some paper came back."""

from __future__ import annotations

import pytest

from pks_kit.web.pages.signature_places import places_of


def seen(verdict: str) -> dict:
    places = [
        {"jenis": kind, "peran": role, "kode": role, "cara": "pen", "nama": "-", "jabatan": "-",
         "halaman": 3}
        for role in ("pihak_kesatu", "pihak_kedua") for kind in ("tanda_tangan", "meterai")
    ]  # fmt: skip
    paper = [{"verdict": verdict}] if verdict else []
    return {"tempat": places, "langkah": {"done": [], "paper": paper}, "diputuskan": {}}


OPEN = {"METERAI_PIHAK_KESATU": "empty", "TTD_PIHAK_KESATU": "unsure"}


@pytest.mark.parametrize(
    ("verdict", "on_paper", "told"),
    [
        ("incomplete", OPEN, ["unsure", "empty", "signed", "signed"]),
        ("incomplete", None, ["back"] * 4),
        ("complete", None, ["signed"] * 4),
        ("", None, [""] * 4),
    ],
)
def test_what_paper_shows_of_each_place(verdict: str, on_paper, told: list[str]) -> None:
    found = places_of(seen(verdict), "manual", on_paper)
    assert [one.paper for one in found] == told
    assert [one.waits for one in found] == [one not in ("signed", "back") for one in told]


def test_a_place_that_a_person_decided_about_waits_for_nobody() -> None:
    """It was told as one at which a person must look, until the batch had counted the decision."""
    told = seen("needs_person") | {"diputuskan": {"TTD_PIHAK_KESATU": "signed"}}
    found = places_of(told, "manual", OPEN)
    assert [one.paper for one in found] == ["signed", "empty", "signed", "signed"]
