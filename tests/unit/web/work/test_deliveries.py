"""What a delivery tells of the files that hold sheets of an agreement."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from pks_kit.web.work.deliveries import name_scans, open_places


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


def test_what_a_person_said_of_a_place_counts() -> None:
    """A place that a person had found signed was told as one at which a person must look."""

    def place(name: str, decision: str, reason: str = "ink") -> Any:
        return SimpleNamespace(id=name, kind="tanda_tangan", decision=decision, reason=reason)

    def said(name: str, state: str) -> Any:
        return SimpleNamespace(item=name, state=state)

    paper: Any = SimpleNamespace(
        places=(place("A", "unsure"), place("B", "unsure"), place("C", "unsure"),
                place("D", "empty", "page_missing"), place("E", "signed")),
        decided=(said("A", "accepted"), said("B", "refused"), said("E", "refused")),
    )  # fmt: skip
    assert open_places(paper) == {"B": "empty", "C": "unsure", "D": "missing", "E": "empty"}
    assert open_places(None) == {}
