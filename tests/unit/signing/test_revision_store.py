"""Revisions of a session are for their owner alone, whatever the user's umask."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pks_kit.ledger.store import open_ledger
from pks_kit.signing.revision_store import RevisionStore

pytestmark = pytest.mark.skipif(
    os.name != "posix", reason="Windows has no modes for owner and others"
)


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize("locked_first", [True, False])
def test_only_the_owner_may_look(tmp_path: Path, locked_first: bool) -> None:
    store = RevisionStore(tmp_path / "sesi" / "PKS-1")
    if locked_first:
        with store.alone():
            saved = store.save(0, "terbit", b"%PDF-")
    else:
        saved = store.save(0, "terbit", b"%PDF-")
    assert store.read(saved) == b"%PDF-"
    assert mode_of(saved.path) == 0o400
    assert {mode_of(tmp_path / "sesi"), mode_of(store.folder)} == {0o700}


def test_a_new_ledger_is_for_its_owner_and_an_old_one_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "buku.sqlite"
    open_ledger(path).close()
    assert mode_of(path) == 0o600
    path.chmod(0o660)  # shared with a group by a person
    open_ledger(path).close()
    assert mode_of(path) == 0o660
