"""The page of an agreement says what came of its paper and what is next, also after a decision."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.web.pages.paper_standing import PaperStanding, standing_of_paper
from pks_kit.web.pages.rendering import rendered

NOW = datetime(2026, 12, 1, 3, tzinfo=UTC)


def delivery(verdict: str, wanted: str = "", own: str = "") -> Any:
    told = {"agreement_id": "x", "verdict": verdict, "wanted": wanted, "own_wanted": own,
            "tinjauan": "R"}  # fmt: skip
    hasil = {"hasil": {"returned": {"agreements": [told]}}}
    return SimpleNamespace(hasil=hasil, isi={"batch": "B"}, berakhir=NOW)


def review(left: int, since: int | None = None, name: str = "R") -> Any:
    kemajuan = {} if since is None else {"terbuka": since}
    return SimpleNamespace(
        id=name, kemajuan=kemajuan, hasil={"hasil": {"terbuka": left}}, dibuat=NOW
    )


def standing(
    stage: str, last: Any = None, seen: Any = None, counting: datetime | None = None
) -> PaperStanding:
    found = standing_of_paper(stage, last, "x", [seen] if seen else [], counting, is_decided=True)
    assert found is not None
    return found


def page(found: PaperStanding) -> str:
    values = {
        "paper": found, "of_facility": False, "may": lambda _: True, "root": "/meja",
        "one": SimpleNamespace(id="x"),
    }  # fmt: skip
    return rendered("kertas-hasil.html.j2", "id", values)


def test_before_a_decision_the_page_leads_to_the_doubtful_places() -> None:
    shown = page(standing("KERTAS_DILIHAT", delivery("needs_person"), review(2)))
    assert 'href="/meja/tinjauan/R"' in shown
    assert "Lihat tempat yang diragukan (2)" in shown
    without = page(standing("KERTAS_DILIHAT", delivery("needs_person")))
    assert 'href="/meja/perjanjian/x/kertas"' in without


def test_after_it_the_page_leads_to_what_was_decided() -> None:
    """It still led to places that nobody doubted any more."""
    found = standing("KERTAS_DILIHAT", delivery("needs_person"), review(2, since=0))
    shown = page(found)
    assert found.code == "decided"
    assert "Lihat tempat yang diragukan" not in shown
    assert 'href="/meja/tinjauan/R/putusan"' in shown
    counted = page(standing("KERTAS_DILIHAT", delivery("needs_person"), review(0), NOW))
    assert "Keputusan dicatat" in counted


@pytest.mark.parametrize(
    ("stage", "last", "told"),
    [
        ("KERTAS_LENGKAP", delivery("complete"), ["Kertasnya lengkap", "menyimpan aslinya"]),
        ("KERTAS_KURANG", delivery("incomplete", "meterai"), ["Dari faskes", "meterai"]),
        ("KERTAS_MENUNGGU_BPJS", delivery("incomplete", "", "hlm. 3"), ["lengkapi hlm. 3"]),
        ("KERTAS_KURANG", delivery("complete"), ["daftar tempat di bawah"]),
        ("KERTAS_KURANG", None, ["daftar tempat di bawah"]),
    ],
)
def test_what_is_missing_or_that_nothing_is_stands_there(
    stage: str, last: Any, told: list[str]
) -> None:
    shown = page(standing(stage, last, review(0, since=0)))
    assert all(one in shown for one in told)
    assert "Lihat apa yang diputuskan" in shown


def test_nothing_is_told_of_paper_that_nobody_judged() -> None:
    assert standing_of_paper("DI_ATAS_KERTAS", None, "x", [], None, is_decided=False) is None


def test_what_was_decided_about_an_earlier_scan_settles_nothing_of_a_later_one() -> None:
    earlier = review(2, since=0, name="lama")
    found = standing("KERTAS_DILIHAT", delivery("needs_person"), earlier)
    assert (found.code, found.review) == ("doubtful", "")
    assert standing("KERTAS_LENGKAP", delivery("complete"), earlier).review == "lama"
    later = review(2, since=0, name="baru")
    later.dibuat = NOW + timedelta(minutes=1)
    assert standing("KERTAS_DILIHAT", delivery("needs_person"), later).code == "decided"


def test_a_changed_value_is_told_beside_the_state_and_a_forgotten_stamp_is_not() -> None:
    job = delivery("incomplete", "halaman 41")
    assert "ada nilai yang berubah" not in page(standing("KERTAS_KURANG", job))
    job.hasil["hasil"]["returned"]["agreements"][0]["changed"] = True
    assert "ada nilai yang berubah" in page(standing("KERTAS_KURANG", job))
    assert "ada nilai yang berubah" not in page(standing("KERTAS_LENGKAP", job))
