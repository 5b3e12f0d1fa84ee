"""Fixtures that several folders share: one drafted sample per test process."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from support import shared_pages

gc.disable()  # until all tests are collected: nothing that is made until then goes away
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # workers share the machine; as in a child
os.environ["PKS_KIT_CACHE"] = ""  # what this user has compiled is no part of a test
# Tests start hundreds of Python programs, and pytest rewrites each file of tests: once is enough.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
shared_pages.share()

from pks_kit.pdf.hex_strings import read_hex_strings_at_once
from pks_kit.pipelines.draft import DraftRequest
from pks_kit.pki.prepared_names import prepare_names_once
from support.keys_read_once import read_keys_once
from support.on_disk import Drafted, drafted_in
from support.proving import SampleOf, sample_chosen_by
from support.sample_years import pin, pinned_samples

pin()
read_keys_once()

pytest_plugins = (
    "support.sampling",
    "support.fixtures.ledger",
    "support.fixtures.naskah",
    "support.fixtures.signing",
)

SAMPLE = pinned_samples() / "klinik-pratama-rawat-inap.yml"


_NAMED_BYTES = 40


def pytest_configure(config: pytest.Config) -> None:
    """The same code has the same end; chance belongs to fuzzing and to ``--prove``."""
    settings.register_profile("repeated", derandomize=True, database=None)
    if not config.getoption("--prove"):
        settings.load_profile("repeated")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What was loaded and collected stays: it is counted among the old things, unsearched."""
    collected = yield
    gc.freeze()
    gc.unfreeze()  # the product keeps nothing apart where somebody else does
    gc.enable()
    return collected


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Long bytes name no test: keys made anew differ in every process of a run."""
    return argname if isinstance(val, bytes) and len(val) > _NAMED_BYTES else None


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that started the others takes away what they shared."""
    if not hasattr(config, "workerinput"):
        shared_pages.end_of_the_run()


@pytest.fixture(scope="session", autouse=True)
def _as_in_a_guarded_child() -> None:
    """Files are read in this process as the guarded children read them."""
    read_hex_strings_at_once()
    prepare_names_once()


@pytest.fixture(scope="session")
def sample_of(pytestconfig: pytest.Config) -> SampleOf:
    """Choose from a proof: all of it under ``--prove``, otherwise a few, others for each commit."""
    return sample_chosen_by(pytestconfig)


@pytest.fixture(scope="session")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Drafted:
    """The sample agreement in all formats; tests must not change its files."""
    return drafted_in(tmp_path_factory.mktemp("draft"), DraftRequest(source=SAMPLE))


@pytest.fixture
def made_anew() -> Iterator[None]:
    """Nothing is taken over from other tests: for a test that makes the same document twice."""
    with shared_pages.anew():
        yield


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
