"""Writing whole files, also where other programs hold them as on Windows."""

from __future__ import annotations

import errno
import os
import shlex
import subprocess
from collections.abc import Iterator
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


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no modes for owner and others")


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777


@posix
@pytest.mark.parametrize(("mask", "shared"), [(0o077, 0o600), (0o027, 0o640), (0, 0o666)])
def test_the_umask_decides_over_what_is_not_personal(
    tmp_path: Path, open_umask: None, mask: int, shared: int
) -> None:
    os.umask(mask)
    files.write_atomic(tmp_path / "root.pem", b"1", private=False)
    files.write_atomic(tmp_path / "baru" / "root.pem", b"1", private=False)
    assert mode_of(tmp_path / "root.pem") == mode_of(tmp_path / "baru" / "root.pem") == shared
    assert mode_of(tmp_path / "baru") == 0o777 & ~mask


@posix
def test_only_the_owner_may_read_what_is_personal(tmp_path: Path, open_umask: None) -> None:
    """Also the folders that are made for it, and never a moment earlier."""
    seen = []
    fsync = os.fsync

    def looking(handle: int) -> None:
        seen.append(os.fstat(handle).st_mode & 0o777)
        fsync(handle)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", looking)
        files.write_together({tmp_path / "a" / "b" / "1.pdf": b"1", tmp_path / "2.docx": b"2"})
        files.NamedFile("3.zip", b"3").save(tmp_path)
        with files.atomic_stream(tmp_path / "4.jsonl") as stream:
            stream.write(b"4")
    made = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name for path in made} == {"1.pdf", "2.docx", "3.zip", "4.jsonl"}
    assert {mode_of(path) for path in made} == {0o600} == set(seen)
    assert {mode_of(tmp_path / "a"), mode_of(tmp_path / "a" / "b")} == {0o700}


@posix
def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    files.write_atomic(tmp_path / "a.pdf", b"1")
    assert mode_of(tmp_path) == 0o755


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_secret_that_others_may_open_is_refused_with_the_command_that_mends_it(
    tmp_path: Path, mode: int
) -> None:
    path = tmp_path / "kunci saya.p12"
    path.write_bytes(b"rahasia")
    path.chmod(mode)
    with pytest.raises(InputError) as caught:
        files.read_secret(path, 100)
    assert caught.value.code == "file.secret_open"
    command = f"chmod 600 '{path}'"
    assert command in caught.value.text.hint_id
    assert command in caught.value.text.hint_en
    assert files.read_limited(path, 100) == b"rahasia"
    subprocess.run(shlex.split(command), check=True)
    assert files.read_secret(path, 100) == b"rahasia"


@posix
def test_the_file_behind_a_link_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "asli").write_bytes(b"1")
    (tmp_path / "asli").chmod(0o644)
    (tmp_path / "tautan").symlink_to("asli")
    with pytest.raises(InputError, match="other users may open"):
        files.read_secret(tmp_path / "tautan", 10)


@pytest.mark.parametrize("name", ["tidak/ada/a.html", "berkas/a.html"])
def test_a_result_in_a_folder_that_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "berkas").write_bytes(b"")
    with pytest.raises(InputError) as caught:
        files.check_output(tmp_path / name)
    assert caught.value.code == "file.no_folder"
    assert [path.name for path in tmp_path.iterdir()] == ["berkas"]
    files.check_output(tmp_path / "a.html")


@pytest.mark.parametrize("kind", ["dangling", "loop", "file", "below a file", "no right"])
def test_a_folder_that_can_take_nothing_is_refused_early_and_in_words(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "keluaran"
    if kind == "dangling":
        place.symlink_to(tmp_path / "tidak-ada")
    elif kind == "loop":
        place.symlink_to(place)
    elif kind != "no right":
        place.write_bytes(b"")
    else:

        def refuse(**_: object) -> None:
            raise PermissionError(errno.EACCES, "Permission denied")

        monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    with pytest.raises(InputError) as refused:
        files.check_folder(place / "dalam" if kind == "below a file" else place)
    assert refused.value.code == "file.unwritable"
    words = "hak akses tidak mengizinkannya" if kind == "no right" else "bukan folder"
    assert words in refused.value.text.id
    assert "enied" not in refused.value.text.id
