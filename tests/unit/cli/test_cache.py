"""Compiled templates stand in the user's cache folder, or where the person says."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pks_kit.cli.cache import cache_folder


@pytest.fixture(autouse=True)
def _nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PKS_KIT_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/rumah/sari")
    monkeypatch.setattr(sys, "platform", "linux")


def test_in_the_home_of_the_user() -> None:
    assert cache_folder() == Path("/rumah/sari/.cache/pks-kit")


def test_where_the_system_keeps_such_things(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/simpanan")
    assert cache_folder() == Path("/simpanan/pks-kit")
    monkeypatch.setenv("XDG_CACHE_HOME", "nisbi")  # the specification: to be ignored
    assert cache_folder() == Path("/rumah/sari/.cache/pks-kit")


def test_on_a_mac(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert cache_folder() == Path("/rumah/sari/Library/Caches/pks-kit")


def test_where_the_person_says_or_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PKS_KIT_CACHE", "/lain")
    assert cache_folder() == Path("/lain")
    monkeypatch.setenv("PKS_KIT_CACHE", "")
    assert cache_folder() is None
