"""Names of workbooks, also of kinds that are refused later with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from pks_kit.inputs.workbook_names import is_workbook_name


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("buku.xlsx", True),
        ("BUKU.XLSX", True),
        ("lama.xls", True),
        ("data.yml", False),
        ("", False),
    ],
)
def test_by_the_end_of_the_name(name: str, meant: bool) -> None:
    assert is_workbook_name(Path(name)) is meant
