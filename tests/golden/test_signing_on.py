"""What was half signed by an earlier version is finished, what was finished is archived."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from golden.golden_files import DAY, EXPECTED, PUBLIC, TRUST, VERSIONS, Desk, Golden, answer, run


def _sign(
    folder: Path, version: str, area: str, hour: int, pdf: str, out: str, *arguments: object
) -> dict[str, Any]:
    moment = f"{DAY[area]}T{hour:02}:00:00+07:00"
    done = answer(folder, moment, "sign", pdf, *arguments, "--receipt",
                  EXPECTED[version][area]["receipt"], "--passphrase-env", "RAHASIA",
                  "-o", out)  # fmt: skip
    assert done["time"].startswith(DAY[area]), "the clock of the test was not used"
    return done


def _party(party: str) -> tuple[object, ...]:
    return ("--pihak", party, "--p12", f"uji/pihak_{party}.p12", "--tsa", "sandbox:uji")


def _stamp(party: str) -> tuple[object, ...]:
    return ("--pihak", party, "--meterai", "sandbox:uji")


STEPS = {
    "p1_meterai": _stamp("kesatu"),
    "p2_tanda_tangan": _party("kedua"),
    "p2_meterai": _stamp("kedua"),
}


def _step(version: str, area: str, name: str) -> dict[str, Any]:
    steps = EXPECTED[version][area]["steps"]
    return next(one for one in steps if one["file"] == f"langkah/{name}.pdf")


@pytest.mark.parametrize(
    ("version", "area", "name", "verdict"),
    [
        ("v1", "elektronik", "3-jejaring", "passed"),
        ("v1", "digital", "1-ttd", "indeterminate"),
        ("v1", "addendum", "1-ttd", "passed"),
        ("v2", "digital", "1-ttd", "indeterminate"),
        ("v2", "addendum", "2-meterai", "passed"),
    ],
)
def test_a_half_signed_file_is_finished_with_sign(
    version: str, area: str, name: str, verdict: str, desk: Desk, golden: Golden
) -> None:
    start, expected = _step(version, area, name), EXPECTED[version][area]
    folder = desk(version, area, start["file"])
    current, waiting = start["file"], list(start["next"])
    before = golden.read(version, area, start["file"].replace(".pdf", ".sign.json"))
    for hour, step in enumerate(start["next"], 8):
        waiting.pop(0)
        done = _sign(folder, version, area, hour, current, f"{step}.pdf", *STEPS[step])
        assert done["step"] == step
        assert done["next"] == waiting
        assert not set(before) - set(done)
        current = f"{step}.pdf"
    assert (folder / current).read_bytes().startswith((folder / start["file"]).read_bytes())
    report = answer(folder, f"{DAY[area]}T12:00:00+07:00", "verify", current, "--issued",
                    expected["issued"], "--receipt", expected["receipt"], *TRUST,
                    codes=(0, 31))  # fmt: skip
    assert report["verdict"] == verdict
    assert all(one["trusted"] for one in report["signatures"])


@pytest.mark.parametrize("version", VERSIONS)
def test_a_step_out_of_turn_is_still_refused(version: str, desk: Desk) -> None:
    start = _step(version, "addendum", "1-ttd")
    folder = desk(version, "addendum", start["file"])
    done = run(folder, "2024-06-20T09:00:00+07:00", "sign", start["file"], *_party("kedua"),
               "--receipt", EXPECTED[version]["addendum"]["receipt"], "--passphrase-env", "RAHASIA",
               "-o", "x.pdf")  # fmt: skip
    assert done.exit_code == 20
    assert not (folder / "x.pdf").exists()


@pytest.mark.parametrize("version", VERSIONS)
def test_finished_and_archived_files_are_archived_further(
    version: str, desk: Desk, golden: Golden
) -> None:
    """The finished file gets its first archive, the archived one is prolonged."""
    expected = EXPECTED[version]["addendum"]
    folder = desk(version, "addendum", "langkah")
    crls = [word for name in PUBLIC[1:] for word in ("--crl", f"otoritas/{name}")]
    for name in ("4-meterai", "5-arsip"):
        out = f"{name}-lagi.pdf"
        done = answer(folder, f"{DAY['addendum']}T09:00:00+07:00", "extend",
                      f"langkah/{name}.pdf", "--tsa", "sandbox:uji", *TRUST, *crls, "--receipt",
                      expected["receipt"], "--offline", "--passphrase-env", "RAHASIA",
                      "-o", out)  # fmt: skip
        before = (folder / "langkah" / f"{name}.pdf").read_bytes()
        assert (folder / out).read_bytes().startswith(before)
    first = golden.read(version, "addendum", "langkah/5-arsip.extend.json")
    assert not set(first) - set(done)
    assert done["previous_until"] == first["until"]
    report = answer(folder, f"{DAY['addendum']}T12:00:00+07:00", "verify", out, "--issued",
                    expected["issued"], "--receipt", expected["receipt"], *TRUST)  # fmt: skip
    assert report["verdict"] == "passed"
