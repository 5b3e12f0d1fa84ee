"""Fixtures that several folders share: one drafted sample per test process."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import IO

import pytest
from asn1crypto.x509 import NameTypeAndValue
from pyhanko.pdf_utils import generic

from pks_kit.pipelines.draft import DraftRequest, DraftResult, draft
from pks_kit.resources import samples_root
from pks_kit.verification.limits import Limits
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


def pytest_collection_finish() -> None:
    """Look for cyclic garbage less often, and never through what is loaded by now."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> DraftResult:
    """The sample agreement in all formats; tests must not change its files."""
    return draft(DraftRequest(source=SAMPLE, output=tmp_path_factory.mktemp("draft")))


@pytest.fixture(scope="session", autouse=True)
def _quicker_libraries() -> Iterator[None]:
    """Read long runs of hex digits at once, and prepare the words of a name once.

    pyHanko reads the containers digit by digit, and asn1crypto prepares each name again whenever
    two certificates are compared; in all tests of signatures together nothing takes more time.
    """
    blank = NameTypeAndValue()
    original = NameTypeAndValue._ldap_string_prep
    prepare = cache(lambda text: original(blank, text))
    slowly = generic.read_hex_string_from_stream
    run = re.compile(rb"<([0-9A-Fa-f]{1000,})>")

    def at_once(stream: IO[bytes]) -> object:
        start = stream.tell()
        found = run.match(stream.read(1 << 17))
        digits = "" if found is None else found[1].decode()
        if found is None or len(digits) % 2:
            stream.seek(start)
            return slowly(stream)
        stream.seek(start + found.end())
        return generic.pdf_string(bytes.fromhex(digits))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generic, "read_hex_string_from_stream", at_once)
        patch.setattr(NameTypeAndValue, "_ldap_string_prep", lambda _, text: prepare(text))
        yield


@pytest.fixture(autouse=True)
def _indonesian(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test starts with the language unset, whatever the machine says."""
    for name in ("PKS_KIT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("PKS_KIT_DEBUG", raising=False)


@pytest.fixture(autouse=True)
def _patient_verifier(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two test processes share two cores; what the real limits do is tested in tests/attacks."""
    usual = Limits.__init__.__kwdefaults__
    patient = {**usual, "wall_seconds": 60.0, "cpu_seconds": 60}
    monkeypatch.setattr(Limits.__init__, "__kwdefaults__", patient)


@pytest.fixture
def sample_text() -> str:
    """The sample contract data as text, to be changed by a test."""
    return SAMPLE.read_text(encoding="utf-8")


@pytest.fixture
def sample_path() -> Path:
    """The sample contract data."""
    return SAMPLE
