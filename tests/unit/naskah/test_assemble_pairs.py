"""Template and result side by side: every file in ``fixtures`` is one case (see BACA.txt)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from pks_kit.errors import TemplateError
from support.tiny_version import HEAD_LINES, TinyVersion, addresses, outline

FIXTURES = sorted((Path(__file__).parent / "pairs").glob("*.md"))
SECTION = re.compile(r"^=== (.+)$", re.MULTILINE)


def read_sections(path: Path) -> dict[str, str]:
    pieces = SECTION.split(path.read_text(encoding="utf-8"))
    return {
        name.strip(): body.strip("\n")
        for name, body in zip(pieces[1::2], pieces[2::2], strict=True)
    }


def version_of(sections: dict[str, str], root: Path) -> TinyVersion:
    def bodies(kind: str) -> dict[str, str]:
        start = f"{kind} "
        return {n.removeprefix(start): b for n, b in sections.items() if n.startswith(start)}

    return TinyVersion(
        root,
        pasal=bodies("pasal") or {"kosong": "1. Isi.\n"},
        lampiran=bodies("lampiran"),
        pembukaan=sections.get("pembukaan", "Pembukaan."),
        penutup=sections.get("penutup", "Penutup."),
    )


def test_there_are_fixtures() -> None:
    assert len(FIXTURES) >= 20


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_fixture(path: Path, tmp_path: Path) -> None:
    sections = read_sections(path)
    version = version_of(sections, tmp_path)
    data = yaml.safe_load(sections.get("data", "{}"))
    if "kesalahan" in sections:
        with pytest.raises(TemplateError) as caught:
            version.assemble(data)
        error = caught.value
        line = error.params["line"] - HEAD_LINES
        assert f"{error.code} baris {line} berkas {error.params['file']}" == sections["kesalahan"]
        assert str(error).startswith(f"{error.params['file']}:{error.params['line']}: ")
        return
    naskah = version.assemble(data)
    parts = {bagian.subjek: bagian for bagian in naskah.bagian}
    checked = 0
    for name, expected in sections.items():
        kind, _, subjek = name.partition(" ")
        if kind == "hasil":
            assert "\n".join(outline(parts[subjek].isi)) == expected
            checked += 1
        elif kind == "alamat":
            assert "\n".join(addresses(parts[subjek].isi)) == expected
            checked += 1
    assert checked, "a fixture needs «hasil», «alamat» or «kesalahan»"
