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
