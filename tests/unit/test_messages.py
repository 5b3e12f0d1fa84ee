"""An entry that is read alone says what it says in its file."""

from __future__ import annotations

from datetime import date
from importlib import resources
from pathlib import Path

import pytest

from pks_kit import messages
from pks_kit.messages import Message, known_codes, lookup
from pks_kit.strict_yaml.reader import read_mapping
from pks_kit.strict_yaml.values import as_text


def catalogue() -> dict[str, Message]:
    """Return the whole catalogue, read file by file."""
    found: dict[str, Message] = {}
    folder = resources.files("pks_kit.messages") / "catalogue"
    for entry in folder.iterdir():
        for code, texts in as_text(read_mapping(entry.read_text("utf-8"))).items():
            found[code] = found[texts] if isinstance(texts, str) else Message(**texts)
    return found


def test_every_entry_is_found_and_read_whole() -> None:
    found = catalogue()
    assert len(found) > 2000
    assert known_codes() == found.keys()
    assert {code: lookup(code) for code in found} == found


def test_an_unknown_code_says_so() -> None:
    assert lookup("tidak.ada") == Message("[tidak.ada]", "[tidak.ada]")


def test_a_code_that_stands_twice_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "catalogue").mkdir()
    for name in ("a", "b"):
        text = "uji.satu:\n  id: 'Satu'\n  en: 'One'\n"
        (tmp_path / "catalogue" / f"{name}.yml").write_text(text, "utf-8")
    monkeypatch.setattr(messages.resources, "files", lambda _package: tmp_path)
    with pytest.raises(ValueError, match=r"uji\.satu.*b\.yml"):
        messages._entries.__wrapped__()


def test_a_day_is_told_as_people_write_it_in_either_language() -> None:
    told = Message("sejak {day}", "from {day}").fill({"day": date(2027, 1, 1)})
    assert told == Message("sejak 1 Januari 2027", "from 1 January 2027")


def test_days_inside_a_text_for_programs_are_told_as_people_write_them() -> None:
    told = messages.days_in_words("2023-02-01 – 2023-12-31, 2025-05-01 – …")
    assert told.id == "1 Februari 2023 – 31 Desember 2023, 1 Mei 2025 – …"
    assert told.en == "1 February 2023 – 31 December 2023, 1 May 2025 – …"
