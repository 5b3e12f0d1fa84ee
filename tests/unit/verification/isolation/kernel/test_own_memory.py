"""A process that holds secrets is closed to its neighbours, and open again afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pks_kit.verification.isolation.kernel import own_memory
from pks_kit.verification.isolation.kernel.libc import prctl
from pks_kit.verification.isolation.kernel.own_memory import holding_secrets, protect_parent
from support.forked import in_child

GET_DUMPABLE = 3


def is_open() -> bool:
    return prctl(GET_DUMPABLE) == 1


def test_closed_while_secrets_are_held() -> None:
    def act() -> list[Any]:
        found: list[Any] = [is_open()]
        with holding_secrets() as closed:
            found += [closed, is_open()]
            with holding_secrets():
                found.append(is_open())
            found.append(is_open())
        return [*found, is_open()]

    assert in_child(act) == [True, True, False, False, False, True]


def test_opened_again_after_an_error() -> None:
    def act() -> bool:
        with pytest.raises(KeyError), holding_secrets():
            raise KeyError
        return is_open()

    assert in_child(act)


def test_who_is_closed_for_good_stays_closed() -> None:
    def act() -> list[bool]:
        found = [protect_parent()]
        with holding_secrets():
            pass
        return [*found, is_open()]

    assert in_child(act) == [True, False]


def test_its_files_in_proc_belong_to_root() -> None:
    """What keeps other processes of an ordinary user out; tests/attacks tries it."""

    def act() -> int:
        import os

        if os.getuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
            prctl(4, 1)
        before = Path("/proc/self/environ").stat().st_uid
        protect_parent()
        return int(before != 0 and Path("/proc/self/environ").stat().st_uid == 0)

    assert in_child(act) == 1


def test_elsewhere_nothing_is_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_memory.sys, "platform", "darwin")
    assert not protect_parent()
    with holding_secrets() as closed:
        assert not closed
    assert is_open()
