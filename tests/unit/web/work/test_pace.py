"""How far a delivery is."""

from __future__ import annotations

from typing import Any

from pks_kit.web.work.pace import Pace


def test_it_tells_how_many_sheets_are_left_and_how_long_they_take() -> None:
    said: list[dict[str, Any]] = []
    moments = iter((0.0, 30.0, 60.0))
    pace = Pace(said.append, lambda: next(moments))
    pace.at("satu.pdf")
    assert said[-1] == {"langkah": "satu.pdf"}
    pace.counted(0, 120)
    assert "sisa_detik" not in said[-1]
    pace.counted(30, 120)
    assert said[-1] == {"langkah": "satu.pdf", "selesai": 30, "semua": 120, "sisa_detik": 90}
    pace.at("Klinik Rekaan")
    pace.counted(60, 120)
    assert said[-1] == {"langkah": "Klinik Rekaan", "selesai": 60, "semua": 120, "sisa_detik": 60}


def test_it_tells_of_files_from_the_first_moment_on() -> None:
    """The first minutes of a delivery showed no count at all."""
    said: list[dict[str, Any]] = []
    pace = Pace(said.append, lambda: 0.0, ["satu.pdf", "dua.pdf"])
    assert said[-1] == {"langkah": "", "berkas": 0, "semua_berkas": 2}
    for name in ("satu.pdf", "satu.pdf", "Klinik Rekaan"):
        pace.at(name)
    assert said[-1] == {"langkah": "Klinik Rekaan", "berkas": 1, "semua_berkas": 2}
    pace.counted(0, 30)
    assert said[-1] == {"langkah": "Klinik Rekaan", "selesai": 0, "semua": 30}


def test_nothing_is_said_of_the_rest_before_there_is_something_to_go_by() -> None:
    """The first agreement of a delivery made two minutes into twenty, and then into five."""
    said: list[dict[str, Any]] = []
    moments = iter((0.0, 5.0, 40.0, 41.0))
    pace = Pace(said.append, lambda: next(moments))
    pace.counted(0, 300)
    pace.counted(31, 300)
    assert "sisa_detik" not in said[-1], "after five seconds"
    pace.counted(29, 300)
    assert "sisa_detik" not in said[-1], "after less than a tenth"
    pace.counted(60, 300)
    assert said[-1]["sisa_detik"] == 164
