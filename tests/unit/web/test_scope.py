"""Whose is what: reaches cover areas, and never what they do not name."""

from __future__ import annotations

import pytest

from pks_kit.web.scope import ACTS_OF_ROLE, ROLES, Act, Area, Person, Reach, Scope, read_scope

MINE = Area(faskes="9917U051", cabang="0901", kedeputian="04")


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("cabang:0901", Scope("cabang", "0901")),
        (" faskes:9917U051 ", Scope("faskes", "9917U051")),
        ("pusat", Scope("pusat")),
        ("pusat:01", None),
        ("cabang", None),
        ("cabang:", None),
        ("admin", None),
        ("", None),
    ],
)
def test_what_names_a_scope(text: str, scope: Scope | None) -> None:
    assert read_scope(text) == scope


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        (Scope("faskes", "9917U051"), True),
        (Scope("faskes", "0901"), False),  # a code of another role is another code
        (Scope("cabang", "0901"), True),
        (Scope("cabang", "0902"), False),
        (Scope("kedeputian", "04"), True),
        (Scope("kedeputian", "0901"), False),
        (Scope("pusat"), True),
    ],
)
def test_a_reach_covers_its_own(scope: Scope, covered: bool) -> None:
    assert Reach(frozenset({scope})).covers(MINE) is covered


def test_what_is_not_known_belongs_to_nobody_but_head_office() -> None:
    nowhere = Area()
    for role in ROLES:
        scope = Scope(role, "" if role == "pusat" else "0901")
        assert Reach(frozenset({scope})).covers(nowhere) is (role == "pusat")
    assert not Reach(frozenset({Scope("cabang", "")})).covers(nowhere)
    assert not Reach(frozenset()).covers(MINE)


def test_only_the_scopes_that_allow_an_act_reach() -> None:
    person = Person(
        subject="a",
        name="A",
        scopes=frozenset({Scope("faskes", "9917U051"), Scope("cabang", "0902")}),
    )
    assert person.reach(Act.ISSUE).scopes == {Scope("cabang", "0902")}
    assert not person.reach(Act.ISSUE).covers(MINE)
    assert person.reach(Act.SEE).covers(MINE)
    assert not person.reach(Act.AUDIT)


def test_every_role_may_see_and_head_office_may_everything() -> None:
    assert all(Act.SEE in ACTS_OF_ROLE[role] for role in ROLES)
    assert ACTS_OF_ROLE["pusat"] == set(Act)


def test_what_staff_prepares_is_not_the_facilitys() -> None:
    theirs = MINE.of_staff()
    assert not Reach(frozenset({Scope("faskes", "9917U051")})).covers(theirs)
    assert Reach(frozenset({Scope("cabang", "0901")})).covers(theirs)
    both = Reach(frozenset({Scope("faskes", "9917U051"), Scope("cabang", "0902")}))
    assert both.only("cabang") == Reach(frozenset({Scope("cabang", "0902")}))
    assert not both.only("cabang").covers(MINE)
