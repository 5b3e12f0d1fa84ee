"""A ZIP with letters is called by what it holds."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pks_kit.files import NamedFile
from pks_kit.web.work.packed_letters import packed


def names(folder: Path, count: int) -> dict[str, list[str]]:
    kept: dict[str, list[str]] = {}

    def keep(file: NamedFile, _peran: str) -> None:
        kept[file.name] = zipfile.ZipFile(io.BytesIO(file.content)).namelist()

    shop: Any = SimpleNamespace(clock=lambda: datetime(2026, 11, 30, 20, tzinfo=UTC), keep=keep)
    letters = []
    for number in range(1, count + 1):
        for kind in ("docx", "pdf"):
            path = folder / f"{number:05d}-Klinik.{kind}"
            path.write_bytes(b"surat")
            letters.append((path.name, path))
    list(packed(shop, letters, "surat_pengingat"))
    return kept


def test_its_name_tells_day_count_and_part(tmp_path: Path) -> None:
    """They were called «1» and «2»."""
    assert list(names(tmp_path, 3)) == ["surat-pengingat-2026-12-01-3-surat.zip"]
    many = names(tmp_path, 30)
    assert list(many) == [
        "surat-pengingat-2026-12-01-25-surat-bagian-1-dari-2.zip",
        "surat-pengingat-2026-12-01-5-surat-bagian-2-dari-2.zip",
    ]
    assert names(tmp_path, 0) == {}
