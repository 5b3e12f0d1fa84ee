"""Which names are meant as workbooks: asked of every file, before any workbook is read."""

from __future__ import annotations

from pathlib import Path

WORKBOOK_SUFFIXES = frozenset(
    {".xlsx", ".xlsm", ".xls", ".xlsb", ".xltx", ".xltm", ".xlam", ".ods", ".fods"}
)


def is_workbook_name(path: Path) -> bool:
    """Return whether a file name is meant as a workbook (also the kinds that are refused)."""
    return path.suffix.casefold() in WORKBOOK_SUFFIXES
