"""What a batch wrote is replaced and taken away; what people made is left and told."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from pks_kit.pipelines.batching import own_letters
from pks_kit.pipelines.batching.folder import BatchFolder, keep
from pks_kit.pipelines.batching.own_letters import OwnLetters


@pytest.fixture
def place(tmp_path: Path) -> BatchFolder:
    return BatchFolder(tmp_path / "b")


def settle(place: BatchFolder, **contents: str) -> list[str]:
    """Settle letters under these names, as a later call does that reads the list anew."""
    folder = place.reminders
    told = {folder / name: content.encode() for name, content in contents.items()}
    return [one.name for one in OwnLetters(place).settle(folder, told)]


def names(place: BatchFolder) -> list[str]:
    return sorted(one.name for one in place.reminders.iterdir())


def test_what_nobody_changed_is_replaced_and_taken_away(place: BatchFolder) -> None:
    assert settle(place, a="1", b="1") == []
    assert settle(place, a="2") == []
    assert names(place) == ["a"]
    assert (place.reminders / "a").read_text() == "2"


def test_what_people_made_is_left_and_told(place: BatchFolder) -> None:
    settle(place, a="1", b="1")
    (place.reminders / "a").write_text("nomor 12")
    (place.reminders / "catatan").write_text("milik orang")
    assert settle(place, a="2") == ["a"]
    assert names(place) == ["a", "catatan"]
    assert (place.reminders / "a").read_text() == "nomor 12"


def test_a_folder_or_a_link_under_the_name_of_a_letter_is_left_and_told(
    place: BatchFolder, tmp_path: Path
) -> None:
    """A folder ended the whole call; a link to what is not there now was replaced."""
    (place.reminders / "a").mkdir(parents=True)
    (place.reminders / "b").symlink_to(tmp_path / "surat.docx")
    (tmp_path / "lain").write_text("milik orang")
    (place.reminders / "c").symlink_to(tmp_path / "lain")
    assert settle(place, a="1", b="1", c="1", d="1") == ["a", "b", "c"]
    assert names(place) == ["a", "b", "c", "d"]
    assert (place.reminders / "b").is_symlink()
    assert (tmp_path / "lain").read_text() == "milik orang"


def test_without_its_list_nothing_is_called_ours(place: BatchFolder) -> None:
    settle(place, a="1")
    (place.path / "surat-ditulis.json").write_text("[1")
    assert settle(place, a="2") == ["a"]
    assert settle(place) == []
    assert names(place) == ["a"]


def test_what_was_written_before_a_crash_is_known_as_ours(
    place: BatchFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(place, a="1")

    def dies_after_letters(contents: Mapping[Path, bytes]) -> None:
        keep(contents)
        if place.reminders / "a" in contents:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(own_letters, "keep", dies_after_letters)
        with pytest.raises(KeyboardInterrupt):
            settle(place, a="2")
    assert settle(place, a="3") == []
    assert (place.reminders / "a").read_text() == "3"
