"""Writing whole files, also where other programs hold them as on Windows."""

from __future__ import annotations

from pathlib import Path

import pytest

from pks_kit import files
from pks_kit.errors import InputError


class Held(PermissionError):
    winerror = 32


def test_a_virus_scanner_that_looks_at_the_new_file_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, attempts = Path.replace, []

    def held_twice(self: Path, target: Path) -> Path:
        attempts.append(target)
        if len(attempts) < 3:
            raise Held(13, "sharing violation")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held_twice)
    monkeypatch.setattr(files.time, "sleep", lambda _seconds: None)
    files.write_atomic(tmp_path / "a.txt", b"1")
    assert (tmp_path / "a.txt").read_bytes() == b"1"
    assert len(attempts) == 3


@pytest.mark.parametrize("error", [Held(13, "held"), PermissionError(13, "no")])
def test_what_stays_held_is_an_error_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    def never(self: Path, target: Path) -> Path:
        raise error

    monkeypatch.setattr(Path, "replace", never)
    monkeypatch.setattr(files.time, "sleep", lambda _seconds: None)
    with pytest.raises(InputError) as caught:
        files.write_atomic(tmp_path / "a.txt", b"1")
    assert caught.value.code == "file.unwritable"
    assert "Word" in caught.value.text.hint_id
    assert list(tmp_path.iterdir()) == []


def test_a_set_is_refused_before_any_of_it_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Word shows the DOCX: the PDF beside it must not become newer alone."""
    pdf, docx = tmp_path / "a.pdf", tmp_path / "a.docx"
    files.write_together({pdf: b"old", docx: b"old"})
    opened = Path.open

    def held(self: Path, mode: str = "r", *more: object, **named: object) -> object:
        if self == docx and "+" in mode:
            raise Held(13, "sharing violation")
        return opened(self, mode, *more, **named)

    monkeypatch.setattr(files, "_HELD_FILES_STAY", True)
    monkeypatch.setattr(Path, "open", held)
    with pytest.raises(InputError) as caught:
        files.write_together({pdf: b"new", docx: b"new"})
    assert caught.value.code == "file.unwritable"
    monkeypatch.undo()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "a.pdf": b"old", "a.docx": b"old",
    }  # fmt: skip


def test_a_lock_keeps_others_out(tmp_path: Path) -> None:
    path = tmp_path / "kunci"
    with path.open("wb") as mine, path.open("wb") as theirs:
        files.lock_alone(mine.fileno())
        with pytest.raises(BlockingIOError):
            files.lock_alone(theirs.fileno())
