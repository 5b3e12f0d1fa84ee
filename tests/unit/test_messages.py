"""An entry that is read alone says what it says in its file."""

from __future__ import annotations

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
