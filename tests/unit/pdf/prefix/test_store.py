"""What a revision of ours that stores material may hold; one thing more or less, and it is none."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from pks_kit.pdf.opening import open_with_qpdf
from pks_kit.pdf.prefix import NotOursError, own_revisions
from pks_kit.pdf.prefix.base import Base, State, base_of
from pks_kit.pdf.prefix.spelling import Name, Ref
from pks_kit.verification.examination import Examination
from pks_kit.verification.isolation.parent import run_inline
from support.judging import SIGNING_ROOT
from support.own_files import archived_files, now, own_files
from support.own_mutations import Objects, last_update, rewritten, with_each_update

pytestmark = pytest.mark.slow


def _base() -> Base:
    issued = own_files().issued
    return base_of(open_with_qpdf(issued), issued)


def _known(content: bytes) -> State:
    state = own_revisions(content, len(own_files().issued), _base())[1]
    if state.store is not None:
        state.store.check_pieces()
    return state


def _stored(number: int) -> tuple[bytes, Objects, Any]:
    """Return the file up to a revision that stores material (0 or 1), and that revision."""
    files = own_files()
    content = with_each_update(archived_files(), files.issued)[4 + 2 * number]
    update, before = last_update(content, files.issued)
    objects = {n: (one.value, one.data) for n, one in deepcopy(update).objects.items()}
    return content[: update.start], objects, before


def _store(objects: Objects) -> dict[str, Any]:
    (found,) = (one for one, _ in objects.values() if "/Certs" in one)
    return found  # type: ignore[no-any-return]


def _entry(objects: Objects) -> dict[str, Any]:
    found: dict[str, Any] = next(
        one for one, _ in objects.values() if one.get("/Type") == Name("/VRI")
    )
    return found


def _piece(objects: Objects) -> int:
    return next(number for number, (_, data) in objects.items() if data is not None)


def test_an_archive_of_ours_is_known() -> None:
    files = own_files()
    first, second = archived_files()
    revisions, state = own_revisions(second, len(files.issued), _base())
    assert [one.signature is None for one in revisions] == [
        *(False, False, False, False),
        *(True, False, True, False),
    ]
    assert [one.level for one in revisions[4:]] == ["lta_updates"] * 4
    store, earlier = state.store, _known(first).store
    assert store is not None
    assert earlier is not None
    assert len(earlier.entries) == 4
    assert len(store.entries) == 5
    assert earlier.pieces == store.pieces
    assert {len(store.pieces[kind]) > 0 for kind in ("/Certs", "/CRLs")} == {True}
    assert state.revisions == 8


def _foreign_piece(objects: Objects) -> None:
    number = _piece(objects)
    objects[number] = {"/Length": None, "/Type": Name("/EmbeddedFile")}, objects[number][1]


def _junk(objects: Objects) -> None:
    number = _piece(objects)
    objects[number] = objects[number][0], b"no certificate at all"


def _behind_der(objects: Objects) -> None:
    number = _piece(objects)
    objects[number] = objects[number][0], (objects[number][1] or b"") + b"x"


def _litter(objects: Objects) -> None:
    objects[max(objects) + 1] = {"/Length": None}, b"x"


TRICKS: dict[str, Callable[[Objects], Any]] = {
    "script": lambda one: _store(one).update({"/JS": b"x"}),
    "foreign key in an entry": lambda one: _entry(one).update({"/AA": Ref(1)}),
    "entry leads to a page": lambda one: _entry(one).update({"/Cert": [Ref(2)]}),
    "entry of no signature": lambda one: _store(one)["/VRI"].update({"/Kids": Ref(1)}),
    "entry twice": lambda one: _store(one)["/VRI"].update(
        {"/" + "A" * 40: next(iter(_store(one)["/VRI"].values()))}
    ),
    "piece twice": lambda one: _store(one)["/Certs"].append(_store(one)["/Certs"][0]),
    "list leads elsewhere": lambda one: _store(one)["/Certs"].append(Ref(1)),
    "piece of another kind": _foreign_piece,
    "no structure": _junk,
    "bytes behind a structure": _behind_der,
    "litter": _litter,
}


@pytest.mark.parametrize("trick", TRICKS)
def test_nothing_else_is_known(trick: str) -> None:
    start, objects, before = _stored(0)
    assert _known(rewritten(start, objects, before)).store is not None
    TRICKS[trick](objects)
    changed = rewritten(start, objects, before)
    with pytest.raises(NotOursError):
        _known(changed)


LOSSES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "certificate": lambda one: one["/Certs"].pop(0),
    "list": lambda one: one["/CRLs"].pop(),
    "all lists": lambda one: one.pop("/CRLs"),
    "entry": lambda one: one["/VRI"].pop(next(iter(one["/VRI"]))),
    "order": lambda one: one["/Certs"].reverse(),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_nothing_that_was_stored_may_go(loss: str) -> None:
    start, objects, before = _stored(1)
    assert _known(rewritten(start, objects, before)).store is not None
    LOSSES[loss](_store(objects))
    with pytest.raises(NotOursError):
        _known(rewritten(start, objects, before))


def test_a_catalog_that_changes_beside_the_store_is_not_known_and_does_not_pass() -> None:
    files = own_files()
    start, objects, before = _stored(0)
    objects[before.root][0]["/PageMode"] = Name("/FullScreen")
    changed = rewritten(start, objects, before)
    with pytest.raises(NotOursError):
        _known(changed)
    report = run_inline(
        Examination(
            content=changed,
            issued=files.issued,
            receipt=files.receipt,
            anchors=files.anchors,
            signing_root=SIGNING_ROOT,
            now=now(),
            kit_version="0",
        )
    ).report
    assert report.verdict == "failed"
