"""Several processes at once, and processes that are killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pks_kit.ledger.store import open_ledger
from support.ledger_events import write
from support.ledger_places import Place

TESTS = Path(__file__).resolve().parents[2]
WRITER = """
import os, sys
sys.path[:0] = sys.argv[5:]
from support.ledger_events import WAKTU, facts
from pks_kit.domain.secret import Secret
from pks_kit.errors import LedgerError
from pks_kit.ledger.store import open_ledger

address, name, count, unik = sys.argv[1:5]
secret = os.environ.get("UJI_SANDI")
done = 0
with open_ledger(address, password=Secret(secret) if secret else None) as ledger:
    print("siap", flush=True)
    sys.stdin.readline()
    for number in range(int(count)):
        mark = f"{unik}:{number}" if unik else None
        try:
            event = ledger.append(
                name, "langkah.gagal", facts("langkah.gagal", kode=f"k{number}"),
                waktu=WAKTU, unik=mark,
            )
        except LedgerError as error:
            if error.code != "ledger.not_unique":
                raise
            continue
        done += 1
        print(event.nomor, event.hash, flush=True)
print("selesai", done, flush=True)
"""


def writer(place: Place, name: str, count: int, unik: str = "") -> subprocess.Popen[str]:
    environment = {**os.environ}
    if place.password is not None:
        environment["UJI_SANDI"] = place.password.reveal()
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, place.address, name, str(count), unik, str(TESTS)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment,
    )  # fmt: skip


def together(processes: list[subprocess.Popen[str]]) -> list[list[str]]:
    """Let all begin at one moment and return their lines."""
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "siap\n", process.communicate()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    lines = []
    for process in processes:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        lines.append(out.splitlines())
    return lines


@pytest.mark.slow
def test_processes_append_at_once(place: Place) -> None:
    """The database is empty: the processes also race to create its schema."""
    lines = together([writer(place, f"P{number}", 25) for number in range(4)])
    with place.open(create=False) as ledger:
        assert ledger.verify().intact
        events = ledger.events()
    assert [event.nomor for event in events] == list(range(1, 101))
    told = {tuple(line.split()) for own in lines for line in own[:-1]}
    assert told == {(str(event.nomor), event.hash) for event in events}


@pytest.mark.slow
def test_of_two_processes_exactly_one_gets_each_unik(place: Place) -> None:
    lines = together([writer(place, f"P{number}", 20, "niat:sama") for number in range(2)])
    assert sum(int(own[-1].split()[1]) for own in lines) == 20
    with place.open(create=False) as ledger:
        assert ledger.verify().intact
        assert len({event.unik for event in ledger.events()}) == len(ledger.events()) == 20


@pytest.mark.slow
def test_killed_writers_lose_nothing_that_was_confirmed(place: Place) -> None:
    chance = random.Random(2024)  # noqa: S311
    confirmed: set[tuple[str, str]] = set()
    place.open().close()
    for round_ in range(8):
        process = writer(place, f"P{round_}", 100_000)
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "siap\n"
        process.stdin.write("\n")
        process.stdin.flush()
        process.stdout.readline()  # at least one event was on its way
        time.sleep(chance.random() * 0.15)
        process.send_signal(signal.SIGKILL)
        out, _ = process.communicate(timeout=60)
        confirmed |= {tuple(line.split()) for line in out.splitlines() if len(line) > 60}  # type: ignore[misc]
        with place.open(create=False) as ledger:
            report = ledger.verify()
            assert report.intact, report.faults
            present = {(str(event.nomor), event.hash) for event in ledger.events()}
            assert confirmed <= present
            write(ledger, 1, f"SETELAH{round_}")
    assert confirmed


@pytest.mark.slow
@pytest.mark.parametrize("_round", range(3))
def test_killed_while_the_schema_is_made(tmp_path: Path, _round: int) -> None:
    chance = random.Random(_round)  # noqa: S311
    path = tmp_path / "baru.sqlite"
    for _ in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), "P", "1", "", str(TESTS)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(0.3 + chance.random())
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        with open_ledger(path) as ledger:
            assert ledger.verify().intact
        path.unlink()
