"""A draft leaves the list of agreements only where it is nothing but that draft."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.web.scope import Area, Reach, Scope
from pks_kit.web.state import agreements, files, jobs, taken_back
from pks_kit.web.state.database import State
from pks_kit.web.state.files import StoredFile
from pks_kit.web.state.jobs import NewJob

NOW = system_clock()
OFFICE = Reach(frozenset({Scope("pusat")}))
AREA = Area(faskes="F1", cabang="0901")
DRAFT, HASH = "A" * 26, "0" * 64


@pytest.fixture
def drafted(state: State) -> State:
    """Return a state with a draft and its files."""
    facts = dict.fromkeys(("nama", "nomor_kesatu", "nomor_kedua", "jenis", "cara_kontrak"), "x")
    more = {"mulai": "2027-01-01", "selesai": "2027-12-31", "halaman": 1}
    with state.write() as connection:
        for name in ("terbit", "resi", "data", "lain"):
            files.add(
                connection,
                StoredFile(
                    id=name, area=AREA, perjanjian=DRAFT, asal="pekerjaan", nama=name, media="x",
                    sha256=HASH, ukuran=1, oleh="a", dibuat=NOW, buang=None,
                ),
            )  # fmt: skip
        told = facts | more | {"terbit": "terbit", "resi": "resi", "data": "data"}
        agreements.put(connection, DRAFT, AREA, told, NOW)
    ended(state, "jalan_batch", {"batch": "b"}, NOW)
    return state


def ended(state: State, kind: str, isi: dict[str, object], now: datetime) -> None:
    """Write down a job that ended at a moment."""
    new = NewJob(
        id=f"{kind}-{isi['batch']}", area=AREA, jenis=kind, isi=isi, perjanjian="", oleh="a",
        kunci=f"{kind}-{isi['batch']}", now=NOW,
    )  # fmt: skip
    with state.write() as connection:
        jobs.add(connection, new)
        jobs.end(connection, new.id, "selesai", {}, now=now)


def taken(state: State, sha256: str = HASH, batch: str = "b") -> bool:
    with state.write() as connection:
        return taken_back.take_back(connection, batch, DRAFT, sha256, NOW + timedelta(days=30))


def is_there(state: State) -> bool:
    with state.read() as connection:
        return agreements.find(connection, DRAFT, OFFICE) is not None


def test_it_goes_and_its_files_follow(drafted: State) -> None:
    assert taken(drafted)
    assert not is_there(drafted)
    assert not taken(drafted), "nothing is there any more"
    with drafted.write() as connection:
        gone = files.drop_old(connection, NOW + timedelta(days=31))
    assert set(gone) == {"terbit", "resi", "data", "lain"}, "without it nobody finds any"


def test_what_the_ledger_knows_stays(drafted: State) -> None:
    with drafted.write() as connection:
        agreements.moved(connection, DRAFT, "TERBIT", NOW)
    assert not taken(drafted)
    assert is_there(drafted)


def test_what_somebody_else_drafted_stays(drafted: State) -> None:
    assert not taken(drafted, "1" * 64)
    assert is_there(drafted)


def test_what_somebody_else_drafted_of_the_same_data_stays(drafted: State) -> None:
    """The same data give the same file, so its hash does not tell who drafted it."""
    ended(drafted, "jalan_batch", {"batch": "lain"}, NOW + timedelta(hours=1))
    ended(drafted, "rencana_batch", {"batch": "lain"}, NOW)
    assert not taken(drafted, batch="lain")
    assert is_there(drafted)


@pytest.mark.parametrize(
    ("kind", "about", "isi", "stays"),
    [
        ("sesi", DRAFT, {}, True),
        ("tumpukan", "", {"perjanjian": [{"id": DRAFT}]}, True),
        ("tumpukan", "", {"perjanjian": [{"id": "B" * 26}]}, False),
        ("tarik_batch", "", {"batch": "b", "perjanjian": DRAFT}, False),
    ],
)
def test_what_is_being_signed_stays(
    drafted: State, kind: str, about: str, isi: dict[str, object], stays: bool
) -> None:
    with drafted.write() as connection:
        jobs.add(
            connection,
            NewJob(
                id="j", area=AREA, jenis=kind, isi=isi, perjanjian=about, oleh="a", kunci="k",
                now=NOW,
            ),
        )  # fmt: skip
    assert taken(drafted) is not stays
    assert is_there(drafted) is stays
