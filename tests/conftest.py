"""Fixtures that several folders share: one drafted sample per test process."""

from __future__ import annotations

from pathlib import Path

import pytest

from pks_kit.pipelines.draft import DraftRequest
from pks_kit.resources import samples_root
from support.on_disk import Drafted, drafted_in
from support.proving import SampleOf

pytest_plugins = ("support.fixtures.ledger", "support.fixtures.naskah", "support.fixtures.signing")

SAMPLE = samples_root() / "klinik-pratama-rawat-inap.yml"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Full proofs take hours of processor time; without ``--prove`` a seeded sample is tried."""
    parser.addoption("--prove", action="store_true", help="full proofs instead of samples of them")


@pytest.fixture(scope="session")
def sample_of(pytestconfig: pytest.Config) -> SampleOf:
    """Choose from a proof: all of it under ``--prove``, otherwise the same few every time."""
    return SampleOf(everything=pytestconfig.getoption("--prove"))


@pytest.fixture(scope="session")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Drafted:
    """The sample agreement in all formats; tests must not change its files."""
    return drafted_in(tmp_path_factory.mktemp("draft"), DraftRequest(source=SAMPLE))


@pytest.fixture(autouse=True)
def _indonesian(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test starts with the language unset, whatever the machine says."""
    for name in ("PKS_KIT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("PKS_KIT_DEBUG", raising=False)


@pytest.fixture
def sample_text() -> str:
    """The sample contract data as text, to be changed by a test."""
    return SAMPLE.read_text(encoding="utf-8")


@pytest.fixture
def sample_path() -> Path:
    """The sample contract data."""
    return SAMPLE
