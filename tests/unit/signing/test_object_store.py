"""Revisions on a server for objects: written once, whoever writes; a careless server is refused."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Iterator

import pytest

from pks_kit.errors import LedgerError, UsageError
from pks_kit.signing.object_store import ObjectPlace, bucket_and_prefix
from pks_kit.signing.revision_store import RevisionStore
from support.object_server import object_server, place_at


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with object_server() as started:
        yield started


@pytest.fixture
def place(address: str, request: pytest.FixtureRequest) -> ObjectPlace:
    return place_at(address, f"sesi/{request.node.name}")


@pytest.mark.slow
def test_revisions_are_kept_listed_and_read(place: ObjectPlace) -> None:
    store = RevisionStore(place.of("PKS-1"))
    assert store.revisions() == ()
    saved = store.save(0, "terbit", b"%PDF-issued")
    assert store.save(0, "terbit", b"%PDF-issued") == saved
    store.save(1, "p1_meterai", b"%PDF-issued+1")
    RevisionStore(place.of("PKS-10")).save(0, "terbit", b"%PDF-other")
    assert [one.langkah for one in store.revisions()] == ["terbit", "p1_meterai"]
    assert store.read(store.revisions()[1]) == b"%PDF-issued+1"
    with pytest.raises(LedgerError, match="stands twice"):
        store.save(1, "p1_meterai", b"%PDF-another")


@pytest.mark.slow
def test_a_second_write_of_a_name_is_refused_also_at_the_same_moment(place: ObjectPlace) -> None:
    files = place.of("PKS-2")
    won: list[int] = []

    def write(number: int) -> None:
        try:
            files.create("00-terbit-0000000000000000.pdf", bytes([number]))
        except LedgerError as error:
            assert error.code == "store.written"  # noqa: PT017 - in a thread
        else:
            won.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(won) == 1
    assert files.read("00-terbit-0000000000000000.pdf") == bytes(won)


@pytest.mark.slow
def test_a_server_that_forgets_the_condition_is_refused_before_anything_is_written() -> None:
    with object_server(ignores_condition=True) as careless:
        place = place_at(careless)
        for act in (place.check, lambda: place.of("PKS-3")):
            with pytest.raises(LedgerError) as caught:
                act()
            assert caught.value.code == "store.overwrites"
            assert "second write" in caught.value.text.en
            assert "tulisan kedua" in caught.value.text.id


@pytest.mark.slow
def test_a_server_that_is_away_is_told_without_its_secret(address: str) -> None:
    with object_server() as gone:
        place = place_at(gone)
    with pytest.raises(LedgerError) as caught:
        place.check()
    assert caught.value.code == "store.unavailable"
    assert caught.value.http_status == 503
    assert "Rahasia-objek-1" not in "".join(traceback.format_exception(caught.value))
    assert address


def test_only_a_bucket_and_a_prefix_make_an_address() -> None:
    assert bucket_and_prefix("s3://ember/sesi/2027/") == ("ember", "sesi/2027")
    for wrong in ("s3://", "s3://akun:kata@ember/x", "s3://ember/x?y=1", "s3://ember/../x"):
        with pytest.raises(UsageError):
            bucket_and_prefix(wrong)
