"""Every file that a document for developers names is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "pks_kit"
BASES = (ROOT, PACKAGE, PACKAGE / "verification", ROOT / "tests", ROOT / "tests" / "unit")
DOCUMENTS = ("ARCHITECTURE.md", "CONTRIBUTING.md", "README.md", "SECURITY.md", "docs/library.md")
NAMED = re.compile(r"`([\w./-]+\.(?:py|yml|md|json|css|j2|pyi))`")


def test_files_named_in_documents_exist() -> None:
    missing = [
        f"{name}: {path}"
        for name in DOCUMENTS
        for path in NAMED.findall((ROOT / name).read_text(encoding="utf-8"))
        if "/" in path and not any((base / path).exists() for base in BASES)
    ]
    assert missing == []
