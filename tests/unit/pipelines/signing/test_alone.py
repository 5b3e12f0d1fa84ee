"""One process of all machines at a time: the folder's lock, and that of the ledger's server."""

from __future__ import annotations

from pathlib import Path

import pytest

from pks_kit.errors import LedgerError
from pks_kit.pipelines.signing.alone import alone_on
from support.ledger_places import Place


class NoLocks:
    """A place for revisions without a lock of its own."""

    needs_shared_lock = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, agreement_id: str) -> object:
        from contextlib import nullcontext

        class Files:
            folder = self._folder / agreement_id

            def lock(self) -> object:
                return nullcontext()

        return Files()

    def check(self) -> None:
        """Nothing to reach."""


def busy(act: object) -> bool:
    try:
        with act:  # type: ignore[attr-defined]
            return False
    except LedgerError as error:
        assert error.code == "store.busy"  # noqa: PT017 - also returns
        return True


def test_two_ledgers_of_one_place_never_hold_one_agreement(place: Place, tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"  # folders of two machines that share nothing
    with place.open() as one, place.open() as other:
        on_server = place.name == "postgresql"
        with alone_on(first, one, "PKS-1"):
            assert busy(alone_on(second, other, "PKS-1")) == on_server
            assert busy(alone_on(first, other, "PKS-1"))
            assert not busy(alone_on(second, other, "PKS-2"))
        assert not busy(alone_on(second, other, "PKS-1"))


def test_a_place_without_locks_needs_a_ledger_on_a_server(place: Place, tmp_path: Path) -> None:
    with place.open() as ledger:
        if place.name == "sqlite":
            with pytest.raises(LedgerError) as caught, alone_on(NoLocks(tmp_path), ledger, "PKS-1"):
                raise AssertionError("nothing keeps another machine out")
            assert caught.value.code == "store.needs_server_lock"
        else:
            with alone_on(NoLocks(tmp_path), ledger, "PKS-1"):
                assert busy(alone_on(NoLocks(tmp_path), ledger, "PKS-1"))
