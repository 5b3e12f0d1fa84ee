"""Machines that share a queue: two at work, both killed, a third brings everything to its end."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing

import pytest

from pks_kit.domain.secret import Secret
from pks_kit.ledger import kinds
from pks_kit.ledger.store import open_ledger
from pks_kit.messages import Message
from pks_kit.pipelines.batching.book import BookRow
from pks_kit.pipelines.fleet.book import FleetBook
from pks_kit.pipelines.fleet.queue import Queue, prepare_queue
from support.fleet_machine import BOOK, PLAN, place_of
from support.postgres import Server, running_server
from support.processes import environment, wait_until

ROWS = 60
STALLED = 2.0


class Fleet:
    """A database with a ledger, a plan in its queue, and machines."""

    def __init__(self, server: Server, rows: int) -> None:
        self.database = database = server.new_database()
        self.url, self.password, self.rows = server.url(database), server.password, rows
        self.place = place_of(self.url, self.password)
        self.admin = server.admin(database)
        self.admin.execute(BOOK)
        open_ledger(self.url, password=Secret(self.password)).close()
        prepare_queue(self.place)
        prepare_queue(self.place)  # by another machine
        with closing(FleetBook(self.place, PLAN)) as book:
            book.order("verified", rows)
        self.enqueue()

    def enqueue(self, *numbers: int) -> None:
        chosen = numbers or tuple(range(1, self.rows + 1))

        async def put() -> None:
            queue = Queue(self.place, PLAN)
            async with queue.app.open_async():
                await queue.put(chosen, "cpu")

        with closing(FleetBook(self.place, PLAN)) as book:
            book.write(BookRow(number=one) for one in chosen)
        asyncio.run(put())

    def machine(self, number: int) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "support.fleet_machine"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(),
        )  # fmt: skip
        assert process.stdin is not None
        given = {"url": self.url, "password": self.password, "machine": number, "rows": self.rows}
        process.stdin.write(json.dumps(given | {"stalled": STALLED}))
        process.stdin.close()
        process.stdin = None
        return process

    def worked(self, number: int) -> dict[str, int]:
        """Let a machine work to its end, and return what it did."""
        process = self.machine(number)
        told, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        done: dict[str, int] = json.loads(told)
        return done

    def count(self, query: str) -> int:
        row = self.admin.execute(query.encode()).fetchone()
        assert row is not None
        return int(row[0])

    def jobs(self) -> int:
        return self.count("select count(*) from pks_armada.procrastinate_jobs")

    def agrees(self) -> None:
        """Every row is verified, its meterai was bought once, ledger and distributor agree."""
        with closing(FleetBook(self.place, PLAN)) as book:
            rows = book.rows()
            assert book.open_rows("verified") == 0
        assert Counter((one.state, one.stage) for one in rows.values()) == {
            ("done", "verified"): self.rows
        }
        sold = self.admin.execute("select sn, kunci, keadaan from jual").fetchall()
        assert len({key for _, key, _ in sold}) == len(sold) == self.rows
        assert {state for _, _, state in sold} == {"stamped"}
        with open_ledger(self.url, password=Secret(self.password)) as ledger:
            assert ledger.verify().intact
            events = ledger.events()
        issued = [one.isi["sn"] for one in events if one.jenis == kinds.METERAI_TERBIT]
        assert sorted(issued) == sorted(sn for sn, _, _ in sold)
        stamped = Counter(one.isi["sn"] for one in events if one.jenis == kinds.METERAI_TERBUBUH)
        assert stamped == Counter(issued)


@pytest.fixture
def fleet(server: Server) -> Iterator[Fleet]:
    made = Fleet(server, ROWS)
    yield made
    made.admin.close()


@pytest.mark.sampled(of="hard days")
@pytest.mark.slow
def test_nothing_is_lost_or_bought_twice_when_machines_are_killed(fleet: Fleet) -> None:
    first, second = fleet.machine(1), fleet.machine(2)
    wait_until(lambda: fleet.count("select count(*) from hasil") >= 5)
    callers = fleet.admin.execute("select distinct mesin from panggilan").fetchall()
    assert len(callers) == 1  # one machine of all talks to services
    leader, other = (first, second) if callers[0][0] == 1 else (second, first)
    os.kill(leader.pid, signal.SIGKILL)
    leader.communicate()
    before = fleet.count("select count(*) from hasil")
    assert before < ROWS
    wait_until(lambda: fleet.count("select count(distinct mesin) from panggilan") == 2)
    wait_until(lambda: fleet.count("select count(*) from hasil") >= before + 5)
    os.kill(other.pid, signal.SIGKILL)
    other.communicate()
    assert fleet.count("select count(*) from hasil") < ROWS
    assert fleet.worked(3)["given_back"] >= 1
    fleet.agrees()
    assert fleet.jobs() == 0


@pytest.mark.slow
def test_a_machine_that_is_asked_to_stop_finishes_what_it_began(fleet: Fleet) -> None:
    process = fleet.machine(1)
    wait_until(lambda: fleet.count("select count(*) from hasil") >= 5)
    process.terminate()
    told, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    assert json.loads(told)["tried"] > 0
    left = "select count(*) from pks_armada.procrastinate_jobs where status <> 'todo'"
    assert fleet.count(left) == 0
    assert fleet.count("select count(*) from pks_armada.baris where keadaan = 'working'") == 0
    assert fleet.count("select count(*) from jual where keadaan <> 'stamped'") == 0
    assert 0 < fleet.count("select count(*) from hasil") < ROWS
    fleet.worked(2)
    fleet.agrees()


@pytest.mark.slow
def test_doubled_jobs_and_a_lost_book_do_nothing_twice(fleet: Fleet) -> None:
    fleet.enqueue(*range(1, 21))
    fleet.worked(1)
    fleet.agrees()
    fleet.admin.execute("delete from pks_armada.baris")
    fleet.enqueue()
    fleet.worked(2)
    fleet.agrees()


@pytest.mark.slow
def test_jobs_of_a_stopped_plan_are_no_work(fleet: Fleet) -> None:
    with closing(FleetBook(fleet.place, PLAN)) as book:
        book.stop("token.pin_incorrect", Message("PIN salah.", "Wrong PIN."))
        book.stop("other", Message("Lain.", "Other."))
        order = book.ordered()
        assert order is not None
        assert (order.code, order.words.en) == ("token.pin_incorrect", "Wrong PIN.")
    assert fleet.worked(1)["tried"] == 0
    assert fleet.count("select count(*) from jual") == 0


@pytest.mark.sampled(of="hard days")
@pytest.mark.slow
def test_a_database_that_goes_away_ends_every_machine_and_loses_nothing() -> None:
    with running_server(fsync=False) as own:
        fleet = Fleet(own, ROWS)
        process = fleet.machine(1)
        wait_until(lambda: fleet.count("select count(*) from hasil") >= 5)
        fleet.admin.close()
        own.stop()
        told, _ = process.communicate(timeout=90)
        assert process.returncode == 1
        assert told == ""
        own.start()
        fleet.admin = own.admin(fleet.database)
        fleet.worked(2)
        fleet.agrees()
        fleet.admin.close()
