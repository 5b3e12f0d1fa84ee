"""What the system says about a file is told in the reader's language, with a hint that fits."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from pks_kit.errors import InputError
from pks_kit.files import check_folder, check_output, write_atomic
from pks_kit.messages.os_reason import os_reason, told_by_system

ENGLISH = ("denied", "space", "directory", "file system", "No such", "too long")


@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_no_english_in_indonesian_words(number: int) -> None:
    text = os_reason(OSError(number, os.strerror(number)))
    assert not any(word.casefold() in text.id.casefold() for word in ENGLISH)
    assert text.hint_id
    assert text.hint_en


def test_a_full_disk_is_no_question_of_rights() -> None:
    told = told_by_system(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    text = InputError("file.unwritable", file="a.pdf", **told).text
    assert "ruang" in text.id
    assert "hak akses" not in text.hint_id
    assert "permissions" not in text.hint_en


def test_what_has_no_words_keeps_its_name() -> None:
    text = os_reason(OSError(errno.EPROTO, os.strerror(errno.EPROTO)))
    assert "EPROTO" in text.id
    silent = os_reason(OSError("aneh"))
    assert "tanpa menyebut sebabnya" in silent.id
    assert "Error" not in silent.id + silent.en


def test_a_loop_is_told_as_one() -> None:
    assert "berputar" in os_reason(RuntimeError("Symlink loop")).id


def test_files_that_cannot_be_written_have_whole_hints(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    link = tmp_path / "lingkar"
    link.symlink_to(link)
    acts = (
        lambda: write_atomic(tmp_path / "folder", b"x"),
        lambda: check_output(link / "a.pdf"),
        lambda: check_output(tmp_path / ("a" * 300)),
        lambda: check_folder(Path("/proc/tidak/ada")),
    )
    for act in acts:
        with pytest.raises(InputError) as caught:
            act()
        text = caught.value.text
        assert "{" not in text.hint_id + text.hint_en + text.id
        assert text.hint_id
