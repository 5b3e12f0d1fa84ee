"""A wrong profile is an error that names the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from pks_kit.errors import InputError, UsageError
from pks_kit.policy.signing_profile import load_profile
from pks_kit.resources import signing_root

GOOD = (signing_root() / "profiles" / "manual.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "line", "word"),
    [
        (GOOD + "warna: biru\n", GOOD.count("\n") + 1, "warna"),
        ("nama: manual\nnama: lain\n", 2, "nama"),
        ("nama: manual\nlangkah: &x []\n", 2, "YAML"),
        ("nama: manual\nlangkah: [\n", 3, "YAML"),
        ("nama: manual\ntingkat: on\n", 2, "on"),
    ],
)
def test_the_message_names_the_line(content: str, line: int, word: str, tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "manual.yml").write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_profile(tmp_path, "manual")
    assert caught.value.code == "profile.invalid"
    for language, name in ((caught.value.text.id, "baris"), (caught.value.text.en, "line")):
        assert f"{name} {line}: " in language
        assert word in language


def test_what_is_no_text_or_no_profile(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "manual.yml").write_bytes(b"nama: \xff\n")
    with pytest.raises(InputError) as caught:
        load_profile(tmp_path, "manual")
    assert caught.value.code == "profile.invalid"
    with pytest.raises(UsageError) as unknown:
        load_profile(tmp_path, "digital")
    assert unknown.value.code == "profile.unknown"
