"""The samples of one year, made from those of another: every December, and for the tests.

``contoh/`` holds agreements of the year that is coming, so that whoever tries them sees sensible
days. ``make samples YEAR=2028`` moves all of them. Tests speak of :data:`PINNED`, whatever year the
samples have: facts, law and findings of that year are known.
"""

from __future__ import annotations

import atexit
import re
import shutil
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import yaml

from pks_kit import resources
from pks_kit.domain.kontrak import Kontrak

PINNED = 2024
"""The year of the terms in the samples that tests read."""

_FOLDER = resources.samples_root()
_LETTERS = "surat"
_TERM = re.compile(r"^  tanggal_mulai: ([0-9]{4})-", re.MULTILINE)
_YEARS = re.compile(
    r"(?P<before>(?<![0-9A-Za-z_.-])(?=20[0-9]{2}-[01][0-9]-[0-3][0-9]\b)"  # 2023-12-20
    r"|(?<=\")(?=20[0-9]{2}-[01][0-9]\")"  # "2027-03"
    r"|(?<=[0-9A-Za-z])/(?=20[0-9]{2}[\"/])"  # 503/0101/SIP-D/2021
    r"|\b(?:TAHUN|[Tt]ahun:?) )(?P<year>20[0-9]{2})"  # AHU-1.TAHUN 2015, tahun: 2023
)
_SIGNED = re.compile(
    r"(?<=^  tanggal_tanda_tangan: )[0-9-]{10}|(?<=^tanggal_tanda_tangan: )[0-9-]{10}", re.M
)
_SHORT = re.compile(r'(?<=[0-9]/)((?:0[1-9]|1[0-2]))([0-9]{2})(?=")')  # 441/KTR/XIV-07/1223


def _samples() -> list[Path]:
    """Return the samples of agreements, addenda and letters."""
    return [*_FOLDER.glob("*.yml"), *(_FOLDER / _LETTERS).glob("*.yml")]


def year_of(text: str) -> int:
    """Return the year in which the agreement of a sample begins."""
    found = _TERM.search(text)
    assert found is not None, "no term"
    return int(found.group(1))


def moved(text: str, years: int) -> str:
    """Return a sample some years later: days, and the years inside numbers of documents.

    Who signs does so on the same day of the week, in whole weeks that are no more than the years.
    """
    signed = [_weeks_later(date.fromisoformat(one), years) for one in _SIGNED.findall(text)]
    text = _YEARS.sub(lambda one: f"{one['before']}{int(one['year']) + years}", text)
    text = _SHORT.sub(lambda one: f"{one[1]}{(int(one[2]) + years) % 100:02}", text)
    return _SIGNED.sub(lambda _: signed.pop(0).isoformat(), text)


def _weeks_later(day: date, years: int) -> date:
    days = abs((day.replace(year=day.year + years) - day).days)
    return day + timedelta(days=days // 7 * 7 * (1 if years > 0 else -1))


def years_to(year: int) -> int:
    """Return how many years the samples of the repository are away from a year."""
    paths = [path for path in _FOLDER.glob("*.yml") if not path.name.startswith("addendum-")]
    (found,) = {year_of(path.read_text(encoding="utf-8")) for path in paths}
    return year - found


@cache
def _pinned(years: int) -> Path:
    holder = tempfile.mkdtemp(prefix="pks-kit-samples-")
    atexit.register(shutil.rmtree, holder, ignore_errors=True)
    folder = Path(holder) / "contoh"
    (folder / _LETTERS).mkdir(parents=True)
    for path in _samples():
        words = moved(path.read_text(encoding="utf-8"), years)
        (folder / path.relative_to(_FOLDER)).write_text(words, encoding="utf-8")
    return folder


def pinned_samples() -> Path:
    """Return a folder with the samples of :data:`PINNED`; it lives as long as this process."""
    return _pinned(_AWAY)


def coming(name: str) -> Kontrak:
    """Return a sample agreement of the coming year, whatever year it is."""
    text = (_FOLDER / name).read_text(encoding="utf-8")
    words = moved(text, years_to(datetime.now(UTC).year + 1))
    return Kontrak.model_validate(yaml.safe_load(words))


def pin() -> None:
    """Let everything in this process read the samples of :data:`PINNED`."""
    vars(resources)["samples_root"] = pinned_samples


_AWAY = years_to(PINNED)


if __name__ == "__main__":
    away = years_to(int(sys.argv[1]))
    for sample in _samples():
        sample.write_text(moved(sample.read_text(encoding="utf-8"), away), encoding="utf-8")
