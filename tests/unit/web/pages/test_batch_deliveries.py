"""What came back with several deliveries is told together."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pks_kit.messages import lookup
from pks_kit.web.pages.batch_deliveries import AskedText, Delivery, came_back, judged_last
from pks_kit.web.pages.batch_results import opened
from pks_kit.web.pages.batch_standing import Counted


def paper(number: int, verdict: str, wanted: str = "", **more: Any) -> dict[str, Any]:
    """Return what a job tells of one agreement."""
    return {
        "agreement_id": f"id-{number}", "name": f"Klinik {number}", "number": f"{number}/KTR",
        "verdict": verdict, "wanted": wanted, "own_wanted": "", "files": ["a.pdf"],
    } | more  # fmt: skip


def part(number: int, wanted: str) -> str:
    values = {"number": f"{number}/KTR", "what": wanted}
    return lookup("returned.send.agreement").fill(values).id


def delivery(
    name: str, *papers: dict[str, Any], silent: int = 0, electronic: tuple[dict[str, Any], ...] = ()
) -> Delivery:
    """Return a delivery with the texts that its job writes."""
    parts: dict[str, list[str]] = {}
    for one in papers:
        if one["wanted"]:
            number = int(one["agreement_id"].rpartition("-")[2])
            parts.setdefault(one["name"], []).append(part(number, one["wanted"]))
    told = {
        "returned": {
            "agreements": list(papers),
            "send_back": [{"name": to, "text": "\n".join(("Yth.", *each, "Terima kasih."))}
                          for to, each in parts.items()],
            "files": [],
        },
        "electronic": electronic, "files": [{}] * 3, "not_back": [], "not_back_count": silent,
    }  # fmt: skip
    return Delivery(id=name, told=told)


def verdicts(*newest_first: Delivery) -> dict[str, str]:
    return {one["agreement_id"]: one["verdict"] for one in came_back(newest_first).papers}


def test_what_was_asked_for_stays_after_the_next_delivery() -> None:
    first = delivery("a", paper(1, "incomplete", "halaman 2"), paper(2, "complete"), silent=17)
    second = delivery("b", paper(3, "complete"), silent=16)
    found = came_back((second, first))
    assert [one["agreement_id"] for one in found.papers] == ["id-1", "id-2", "id-3"]
    assert found.counts == {"incomplete": 1, "needs_person": 0, "complete": 2}
    assert (found.complete, found.awaited) == (2, 19)
    text = f"Yth.\n{part(1, 'halaman 2')}\nTerima kasih."
    assert found.texts == (AskedText(delivery="a", number=1, name="Klinik 1", text=text),)


def test_the_newest_answer_holds_and_nothing_is_taken_back_from_what_was_complete() -> None:
    old = delivery("a", paper(1, "incomplete", "halaman 2"), paper(2, "complete"))
    new = delivery("b", paper(1, "complete"), paper(2, "incomplete", "halaman 3"))
    assert verdicts(new, old) == {"id-1": "complete", "id-2": "complete"}
    assert came_back((new, old)).texts == ()
    doubt = delivery("c", paper(2, "needs_person"))
    assert verdicts(doubt, new, old) == {"id-1": "complete", "id-2": "needs_person"}
    less = delivery("b", paper(1, "incomplete", "halaman 5"))
    assert [one.text for one in came_back((less, old)).texts] == [
        f"Yth.\n{part(1, 'halaman 5')}\nTerima kasih."
    ]


def test_of_a_text_about_two_agreements_what_was_answered_is_left_out() -> None:
    same = {"name": "Klinik Sama"}
    asked = [paper(number, "incomplete", f"halaman {2 * number}", **same) for number in (1, 2)]
    old = delivery("a", *asked)
    new = delivery("b", paper(1, "complete", **same))
    (text,) = came_back((new, old)).texts
    assert text.text == f"Yth.\n{part(2, 'halaman 4')}\nTerima kasih."


def test_what_was_signed_elsewhere_came_back_too() -> None:
    taken = {"problem": None, "number": 1, "agreement_id": "id-1"}
    refused = {"problem": {"id": "x", "en": "x"}, "number": 2, "agreement_id": "id-2"}
    asked = delivery("a", paper(1, "incomplete", "halaman 2"))
    found = came_back((delivery("b", silent=1, electronic=(taken, refused)), asked))
    assert (found.papers, found.texts) == ((), ())
    assert (found.complete, found.awaited) == (1, 2)
    again = came_back((delivery("c", paper(1, "incomplete", "halaman 2"), silent=1),
                       delivery("b", electronic=(taken,))))  # fmt: skip
    assert (again.complete, again.awaited) == (1, 2)
    # of one that a party signs with a pen the file alone makes nothing complete
    pen = {"problem": None, "number": 1, "agreement_id": "id-1", "complete": False}
    half = came_back((delivery("c", silent=1, electronic=(pen,)),))
    assert (half.complete, half.awaited, half.any_back) == (0, 1, True)
    nothing = came_back((delivery("d"),))
    assert (nothing.any_back, nothing.awaited) == (False, 0)
    # a result of before knows neither the agreement nor the files
    old = Delivery(id="e", told={
        "returned": {"agreements": [], "files": [{}], "send_back": []},
        "not_back": [{"name": "Klinik 9", "number": "9/KTR"}],
        "electronic": [{"problem": None, "number": 7}],
    })  # fmt: skip
    before = came_back((old,))
    assert (before.complete, before.awaited, old.count) == (1, 2, 2)


def test_what_belongs_to_no_row_of_the_batch_is_not_counted() -> None:
    found = came_back((delivery("a", paper(1, "complete", of_batch=False), paper(2, "complete")),))
    assert len(found.papers) == 1
    assert (found.complete, found.awaited) == (1, 1)


def test_what_is_awaited_is_counted_by_the_batch_as_it_stands() -> None:
    """A run after the delivery brought more on, and the page told the number of before."""
    given = (delivery("a", paper(1, "incomplete", "halaman 2"), paper(2, "complete"), silent=8),)
    details = {"with_other": 10, "with_other.manual": 6, "with_other.incomplete": 1, "done": 3}
    found = came_back(given, Counted(states={}, drafted=0, details=details))
    assert found.silent == 16
    assert found.counts == {"incomplete": 1, "needs_person": 0, "complete": 1}
    assert came_back(given).silent == 8, "nobody can say more"


def test_what_is_not_complete_is_named_if_it_is_of_the_batch() -> None:
    papers = [paper(1, "incomplete"), paper(2, "complete"), paper(3, "needs_person"),
              paper(4, "incomplete", of_batch=False)]  # fmt: skip
    names = [one["name"] for one in came_back((delivery("a", *papers),)).open_papers]
    assert names == ["Klinik 1", "Klinik 3"]


def test_what_is_of_no_row_belongs_to_its_delivery_alone() -> None:
    """Count and table of the batch differed by a scan of somebody else's agreement."""
    foreign = paper(9, "incomplete", "halaman 3", of_batch=False)
    found = came_back((delivery("a", foreign, paper(1, "complete")),))
    assert [one["agreement_id"] for one in found.papers] == ["id-1"]
    assert sum(found.counts.values()) == len(found.papers)
    assert [one.name for one in found.texts] == ["Klinik 9"]
    assert set(found.every) == {"id-1", "id-9"}
    assert not came_back((delivery("a", foreign),)).any_back


def test_what_waits_for_the_pen_alone_is_told_apart_from_what_waits_for_both() -> None:
    """Two numbers stood under «Menunggu pena»: the second held what lacked more than the pen."""
    found = came_back(
        (
            delivery(
                "a",
                paper(1, "incomplete", own_wanted="hlm. 3"),
                paper(2, "incomplete", "halaman 2", own_wanted="hlm. 3"),
                paper(3, "needs_person", own_wanted="hlm. 3"),
                paper(4, "incomplete", "halaman 2"),
            ),
        )
    )
    assert found.counts["incomplete_own"] == 1
    assert (len(found.for_branch), found.for_both) == (3, 2)
    assert len(found.for_branch) - found.for_both == found.counts["incomplete_own"]


def test_the_answer_that_the_ledger_holds_last_is_the_newest_whichever_was_handed_in_first() -> (
    None
):
    """A large delivery judged an agreement together with a small one that was read between."""

    def told(verdict: str, event: int, wanted: str = "") -> dict[str, Any]:
        return paper(1, verdict, wanted, recorded={"event": event, "new": True})

    large = delivery("a", told("incomplete", 3, "halaman 4"), paper(2, "complete"))
    small = delivery("b", told("incomplete", 2, "halaman 2"))
    (text,) = came_back((small, large)).texts
    assert text.delivery == "a"
    before = delivery("a", told("incomplete", 1, "halaman 3"))
    (text,) = came_back((small, before)).texts
    assert text.delivery == "b"


def at(hour: int) -> datetime:
    return datetime(2026, 12, 1, hour, tzinfo=UTC)


def test_who_is_missing_is_named_by_the_batch_as_it_stands() -> None:
    """A small delivery overtook a large one: it named nine while the batch counted five."""
    missing = [
        {"name": f"Klinik {number}", "number": f"{number}/KTR", "problem": None}
        for number in range(1, 4)
    ]
    small, large = delivery("b", silent=3), delivery("a", paper(1, "complete"), silent=1)
    small.told["not_back"].extend(missing)
    why = {"id": "Alamat tidak ada.", "en": "No address."}
    large.told["not_back"].append(missing[2] | {"problem": why})
    given = (replace(small, at=at(9)), replace(large, at=at(10)))
    now = Counted(
        states={}, drafted=0, details={"with_other": 1}, not_back=(("Klinik 3", "3/KTR"),)
    )
    for found in (came_back(given, now), came_back(given)):
        assert found.silent == len(found.not_back) == 1
        assert (found.not_back[0].name, found.not_back[0].problem) == ("Klinik 3", why)


def test_what_was_judged_last_and_what_nobody_knows_yet_is_seen_at_once() -> None:
    """The large delivery that ended after the small one lay folded behind it."""

    def held(name: str, hour: int, *outcomes: str) -> Delivery:
        one = delivery(name)
        files = [{"file": f"{each}.pdf", "outcome": each} for each in outcomes]
        return replace(one, at=at(hour), told={**one.told, "files": files})

    small, large = held("c", 9, "complete"), held("b", 10, "incomplete")
    first = held("a", 8, "complete", "unreadable")
    given = (small, large, first)
    assert judged_last(given) is large
    assert opened(given, {}) == {"a", "b"}
    assert opened(given, {"a": ["unreadable.pdf"]}) == {"b"}
    assert opened((), {}) == frozenset()
