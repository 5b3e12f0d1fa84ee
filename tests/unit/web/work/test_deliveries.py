"""What a delivery tells of the files that hold sheets of an agreement."""

from __future__ import annotations

from typing import Any

from pks_kit.web.work.deliveries import name_scans


def test_a_file_of_two_agreements_is_named_at_both_with_the_sheets_of_each() -> None:
    def told(*sheets: tuple[str, int]) -> dict[str, Any]:
        return {
            "files": sorted({name for name, _ in sheets}),
            "sheets": [{"file": name, "sheet": number} for name, number in sheets],
        }

    first = told(("a.pdf", 3), ("a.pdf", 1), ("dulu.pdf", 1))
    second = told(("a.pdf", 2), ("b.pdf", 1))
    name_scans([first, second], {"a.pdf": "A", "b.pdf": "B"})
    # what came with an earlier delivery was told with that one
    assert first["scans"] == [{"id": "A", "nama": "a.pdf", "bersama": True, "lembar": [1, 3]}]
    assert second["scans"] == [
        {"id": "A", "nama": "a.pdf", "bersama": True, "lembar": [2]},
        {"id": "B", "nama": "b.pdf", "bersama": False, "lembar": [1]},
    ]
