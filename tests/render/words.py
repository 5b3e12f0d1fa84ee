"""Bring the words of PDF, DOCX and text to one form, so that they can be compared."""

from __future__ import annotations

import subprocess
import unicodedata
from pathlib import Path


def words(text: str) -> list[str]:
    """Return the words of a text: NFC, case folded (capitals may come from a style).

    A line may break after a slash or a hyphen, so both end a word; PDFium gives a hyphen at the
    end of a line as U+0002.
    """
    plain = unicodedata.normalize("NFC", text).replace("\u00a0", " ").replace("\x02", "-")
    return plain.replace("/", "/ ").replace("-", "- ").casefold().split()


def docx_words(path: Path, folder: Path) -> list[str]:
    """Return the words of a DOCX as LibreOffice reads them, its own list numbers included.

    LibreOffice writes every bullet as "•" in plain text, whatever the list says; ours is "–".
    """
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "txt:Text (encoded):UTF8",
            "--outdir",
            str(folder),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    text = (folder / f"{path.stem}.txt").read_text(encoding="utf-8-sig")
    return words(text.replace("•", "–"))
