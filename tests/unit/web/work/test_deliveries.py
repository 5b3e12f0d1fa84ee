"""What a delivery tells of the files that hold sheets of an agreement."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.files import NamedFile
from pks_kit.web.state.ids import new_id
from pks_kit.web.work import deliveries
from pks_kit.web.work.deliveries import name_scans, open_places
from pks_kit.web.work.task import Task


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


class _StopError(Exception):
    pass


@pytest.mark.parametrize("kind", ["terima_batch", "susulan_batch", "putusan_batch"])
def test_a_delivery_is_as_old_as_its_job_and_what_is_read_again_as_its_upload(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploaded, ordered = datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 2, tzinfo=UTC)
    asked: list[Any] = []

    def receive(request: Any) -> Any:
        asked.append(request)
        raise _StopError

    monkeypatch.setattr(deliveries, "folder_of", lambda *_: None)
    monkeypatch.setattr(deliveries, "batch_receive", receive)
    monkeypatch.setattr(deliveries, "BatchReceiveRequest", SimpleNamespace)
    shop: Any = SimpleNamespace(
        read=lambda one: NamedFile(one["nama"], b"x"), ledger=None, trust=(), clock=None,
        tell=lambda _told: None,
        tools=SimpleNamespace(session_folder=lambda: None),
    )  # fmt: skip
    scans = [{"id": new_id(uploaded), "nama": "a.pdf"} for _ in range(2)]
    isi = {"pindaian": scans, "batas_waktu": None, "gladi": False}
    with pytest.raises(_StopError):
        deliveries.received(shop, Task(kind=kind, isi=isi, ordered=ordered))
    wanted = uploaded if kind == "putusan_batch" else ordered
    assert asked[0].handed_in == {"001-a.pdf": wanted, "002-a.pdf": wanted}


def test_a_decision_that_was_counted_tells_its_own_event(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the event of the delivery an older answer about other sheets could follow it."""
    report = SimpleNamespace(paper=None)
    answer = SimpleNamespace(
        verdict="incomplete", wanted="x", own_wanted="", is_changed=True, report=report
    )
    found: Any = SimpleNamespace(
        returned=SimpleNamespace(agreements=(answer,)), status=SimpleNamespace(states={})
    )
    fresh = {"agreement_id": "1", "recorded": {"event": 9, "new": True}}
    monkeypatch.setattr(deliveries, "to_json", lambda _: {"agreements": [fresh]})
    entry = {"agreement_id": "1", "name": "Klinik 1", "recorded": {"event": 4, "new": True}}
    (told,) = deliveries._told_of_decision(found, entry)["returned"]["agreements"]
    assert (told["name"], told["recorded"]["event"], told["changed"]) == ("Klinik 1", 9, True)
