"""Nothing is offered for an agreement that was done to it before."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.web.pages.one_agreement import acts_of, name_of_current
from pks_kit.web.scope import Area, Person, Reach, Scope


def acts(tahap: str) -> dict[str, Any]:
    person = Person(subject="a", name="A", scopes=frozenset({Scope("pusat")}))
    settings = SimpleNamespace(pihak={}, arsip=object())
    visit: Any = SimpleNamespace(
        person=person, may=lambda act: bool(person.reach(act)),
        portal=SimpleNamespace(signing=settings),
    )  # fmt: skip
    one: Any = SimpleNamespace(tahap=tahap, cara_kontrak="elektronik", area=Area())
    assert Reach(person.scopes).covers(one.area)
    return acts_of(visit, one, [])


@pytest.mark.parametrize(
    ("tahap", "archive", "evidence"),
    [("TERBIT", False, False), ("LENGKAP", True, True), ("DIARSIPKAN", False, True)],
)
def test_what_is_archived_is_not_archived_again(tahap: str, archive: bool, evidence: bool) -> None:
    found = acts(tahap)
    assert (found["archive"], found["evidence"]) == (archive, evidence)


@pytest.mark.parametrize(
    ("method", "current", "name"),
    [
        ("manual", "terbit", "unsigned_file"),
        ("digital", "terbit", "unsigned_file"),
        ("digital", "lain", "own_signed_file"),
        ("elektronik", "lain", "current"),
    ],
)
def test_a_file_is_called_what_it_is(method: str, current: str, name: str) -> None:
    """A draft without any signature was offered as the agreement as it is now."""
    one: Any = SimpleNamespace(terbit="terbit", terkini=current, cara_kontrak=method)
    assert name_of_current(one) == name
