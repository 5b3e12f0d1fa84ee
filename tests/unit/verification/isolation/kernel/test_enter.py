"""What holds after entering, as the kernel tells it, and what is said where it does not."""

from __future__ import annotations

import os
import resource
import threading
from pathlib import Path
from typing import Any

import pytest

from pks_kit.verification.isolation.kernel import landlock
from pks_kit.verification.isolation.kernel.enter import enter
from pks_kit.verification.isolation.kernel.isolation import Isolation, Missing
from pks_kit.verification.isolation.kernel.places import readable_places
from support.forked import in_child

CLOSED = ["landlock"]
"""Left out where a test reads ``/proc`` afterwards."""


def missing_of(isolation: Isolation) -> dict[str, str]:
    return {one.rule: one.reason for one in isolation.missing}


def test_everything_holds_here() -> None:
    def act() -> list[Any]:
        isolation = enter(readable_places())
        return [missing_of(isolation), isolation.landlock_abi, len(isolation.notes())]

    assert in_child(act) == [{}, landlock.known_abi(), 0]


def test_the_kernel_says_so_too() -> None:
    def act() -> str:
        enter([], without=CLOSED)
        return Path("/proc/self/status").read_text(encoding="ascii")

    told = dict(line.split(":\t", 1) for line in in_child(act).splitlines())
    assert told["NoNewPrivs"] == "1"
    assert told["Seccomp"] == "2"
    assert {int(told[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {0}
    if os.getuid() == 0:
        assert int(told["CapBnd"], 16) == 0


def test_limits_are_set_and_cannot_be_raised() -> None:
    def act() -> list[list[int]]:
        enter(readable_places())
        names = (resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)
        return [list(resource.getrlimit(name)) for name in (*names, resource.RLIMIT_NOFILE)]

    assert in_child(act) == [[0, 0], [0, 0], [0, 0], [64, 64]]


def test_a_lower_limit_from_outside_stays() -> None:
    def act() -> list[int]:
        resource.setrlimit(resource.RLIMIT_NOFILE, (32, 40))
        enter(readable_places())
        return list(resource.getrlimit(resource.RLIMIT_NOFILE))

    assert in_child(act) == [40, 40]


def test_only_the_given_places_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "boleh").mkdir()
    for name in ("boleh/isi", "sendiri", "tidak"):
        (tmp_path / name).write_text(name)

    def act() -> list[Any]:
        enter([tmp_path / "boleh", tmp_path / "sendiri", tmp_path / "tidak_ada"])
        found: list[Any] = [os.listdir(tmp_path / "boleh")]  # noqa: PTH208
        for name in ("boleh/isi", "sendiri", "tidak"):
            try:
                found.append((tmp_path / name).read_text())
            except PermissionError:
                found.append(None)
        return found

    assert in_child(act) == [["isi"], "boleh/isi", "sendiri", None]


def test_where_a_container_forbids_everything_the_report_says_so() -> None:
    """The first list of calls stands for a container that lets nobody make rules."""

    def act() -> list[Any]:
        enter([], without=["landlock", "audit_hook"])
        second = enter(readable_places())
        notes = [
            [note.code, note.params["missing"], note.message.id, note.message.en]
            for note in second.notes()
        ]
        return [missing_of(second), second.landlock_abi, list(second.landlock), notes]

    reasons, abi, covered, notes = in_child(act)
    assert reasons.keys() == {"no_new_privs", "capabilities", "limits", "landlock", "seccomp"}
    assert set(reasons.values()) == {"EPERM"}
    assert (abi, covered) == (0, [])
    [[code, missing, indonesian, english]] = notes
    assert code == "not_isolated"
    assert "landlock EPERM, seccomp EPERM" in missing
    assert missing in indonesian
    assert missing in english


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        (("landlock",), "reads_not_limited"),
        (("seccomp",), "acts_not_limited"),
        (("landlock", "seccomp"), "not_isolated"),
        (("limits", "capabilities"), None),
    ],
)
def test_a_note_for_what_is_missing(rules: tuple[Any, ...], code: str | None) -> None:
    isolation = Isolation(missing=tuple(Missing(rule=rule, reason="ENOSYS") for rule in rules))
    assert [note.code for note in isolation.notes()] == ([code] if code else [])


@pytest.mark.parametrize(
    ("abi", "covered"),
    [
        (1, ["files"]),
        (2, ["files"]),
        (3, ["files", "truncating"]),
        (4, ["files", "truncating", "tcp"]),
        (5, ["files", "truncating", "tcp", "devices"]),
        (6, ["files", "truncating", "tcp", "devices", "signals", "abstract_sockets"]),
    ],
)
def test_older_kernels_get_what_they_know(abi: int, covered: list[str]) -> None:
    def act() -> list[Any]:
        isolation = enter(readable_places(), most_abi=abi)
        return [missing_of(isolation), isolation.landlock_abi, list(isolation.landlock)]

    assert in_child(act) == [{}, abi, covered]


def test_no_landlock_at_all() -> None:
    def act() -> Any:
        isolation = enter(readable_places(), most_abi=0)
        return [missing_of(isolation), isolation.landlock_abi]

    assert in_child(act) == [{"landlock": "switched_off"}, 0]


def test_other_threads_are_told() -> None:
    """The rules would bind the thread that asks, not the others."""

    def act() -> Any:
        stop = threading.Event()
        threading.Thread(target=stop.wait, daemon=True).start()
        return missing_of(enter(readable_places()))

    assert in_child(act) == {"one_thread": "other_threads"}


def test_an_unknown_processor_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    here = os.uname()
    other = os.uname_result((here.sysname, here.nodename, here.release, here.version, "riscv64"))
    monkeypatch.setattr(os, "uname", lambda: other)
    told = in_child(lambda: missing_of(enter(readable_places())))
    assert told == {"seccomp": "unknown_processor"}
