"""The bench of the whole road runs, and says of each bar where it stands."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.mark.slow
@pytest.mark.sampled(of="tours")
def test_one_agreement_goes_the_whole_road(tmp_path: Path) -> None:
    out = tmp_path / "run.json"
    command = [sys.executable, str(BENCHMARKS / "speed.py"), "1", "--rounds", "0"]
    run = subprocess.run(
        [*command, "--kinds", "1", "--warm-up", "0", "--json", str(out)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    figures = json.loads(out.read_text())["figures"]
    assert {"draft_all", "sign", "verify", "whole", "extend"} <= set(figures)
    ((name, whole),) = figures["whole"].items()
    parts = sum(figures[stage][name] for stage in ("draft_all", "sign", "verify"))
    assert 0 < whole == pytest.approx(parts, abs=1e-4)
    assert "| not met, after 1 only |" in run.stdout or "| met, after 1 only |" in run.stdout


def run_of(**figures: dict[str, float]) -> dict[str, Any]:
    return {
        "figures": figures,
        "missing": {"typst": "typst is not installed"},
        "peak_mib": {"worker": 180.0},
        "agreements": 40,
    }


def answers(run: dict[str, Any]) -> dict[str, tuple[float | None, str]]:
    from bars import judge

    return {one.bar.ours + one.bar.peer: (one.figure, one.answer) for one in judge(run)}


def test_a_bar_is_judged_by_the_pairs_of_the_same_agreement(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    names = [f"a{number}" for number in range(5)]
    found = answers(
        run_of(
            draft={one: float(place) for place, one in enumerate(names, 1)},
            weasyprint={one: 100.0 * place for place, one in enumerate(names, 1)},
            step_rsa={"a0": 1.0},
            sign_pdf_rsa={"a0": 10.0},
            draft_docx=dict.fromkeys(names, 1.0),
            libreoffice={"b0": 9.0, "b1": 9.0},
            whole=dict.fromkeys(names, 0.2),
        )
    )
    assert found["draftweasyprint"] == (0.01, "met")
    assert found["step_rsasign_pdf_rsa"] == (0.1, "met, after 1 only")
    assert found["draft_docxlibreoffice"] == (pytest.approx(1 / 9), "not met")
    assert found["draft_docxtypst"] == (None, "typst is not installed")
    assert found["whole"] == (0.2, "met, after 5 only")
    assert found["peak"] == (180.0, "met, after 40 only")
    assert found["cold_help"] == (None, "not measured")
