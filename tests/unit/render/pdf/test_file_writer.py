"""Objects go in, and any reader of PDF gets the same ones out."""

from __future__ import annotations

import subprocess
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from pks_kit.render.pdf.file_writer import PdfFile, name, packed, references, text_string

TITLE = "Naïf (a\\b)"
STRINGS = ["", "Klinik", "(a) \\ b)", "baris\rbaris\nbaris", "Ω é “x” 𝄞", "\t", "\x18\x7f"]


def written(count: int = 3) -> bytes:
    file = PdfFile()
    root, tree = file.new(), file.new()
    pages = [
        file.add(f"<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 595 842]/Resources<<>>>>")
        for _ in range(count)
    ]
    file.put(tree, f"<</Type/Pages/Count {count}/Kids{references(pages)}>>")
    stream = file.add_stream(packed(b"satu dua"), "/Kata(x)", inflated=8)
    plain = file.add_stream(b"polos")
    file.put_plain(root, f"<</Type/Catalog/Pages {tree} 0 R/A {stream} 0 R/B {plain} 0 R>>")
    return file.finished(root=root, info=file.add(f"<</Title{text_string(TITLE)}>>")).content


@pytest.mark.parametrize("count", [1, 99, 100, 101, 450])
def test_every_object_is_found(count: int, tmp_path: Path) -> None:
    content = written(count)
    with pikepdf.open(BytesIO(content)) as opened:
        assert len(opened.pages) == count
        assert opened.Root.A.read_bytes() == b"satu dua"
        assert opened.Root.B.read_bytes() == b"polos"
        assert str(opened.docinfo["/Title"]) == TITLE
        assert opened.get_warnings() == []
    path = tmp_path / "berkas.pdf"
    path.write_bytes(content)
    subprocess.run(["qpdf", "--check", str(path)], check=True, capture_output=True, timeout=60)


def test_the_identity_is_that_of_the_content() -> None:
    def identity(content: bytes) -> bytes:
        with pikepdf.open(BytesIO(content)) as opened:
            first, second = opened.trailer.ID
            assert bytes(first) == bytes(second)
            return bytes(first)

    assert written() == written()
    assert identity(written(3)) != identity(written(4))


@pytest.mark.parametrize(
    "text", ["", "Klinik", "(a) \\ b)", "baris\rbaris\nbaris", "Ω é “x” 𝄞", "\t", "\x18\x7f"]
)
def test_strings_come_back(text: str) -> None:
    found = pikepdf.Object.parse(text_string(text).encode("ascii"))
    assert str(found) == text


@pytest.mark.parametrize("text", ["Source", "application/json", "a b#(c)", "é"])
def test_names_come_back(text: str) -> None:
    found = pikepdf.Object.parse(name(text).encode("ascii"))
    assert str(found) == f"/{text}"
