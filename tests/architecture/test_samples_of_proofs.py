"""A sample of a long proof is another for each commit, one in all processes, and never empty."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.processes import environment
from support.proving import SEED, SampleOf, seed_of_the_run

_PROOFS = """
import pytest
from hypothesis import given, strategies
from support.proving import POOLS

POOLS["pool"] = 2

@pytest.mark.sampled(2)
@pytest.mark.parametrize("number", range(40))
def test_of_forty(number):
    assert number >= 0

@pytest.mark.sampled(1, each="way method")
@pytest.mark.parametrize("way", "ab")
@pytest.mark.parametrize("method", [object(), object()])
@pytest.mark.parametrize("number", range(9))
def test_each(way, method, number):
    assert number < 9

@pytest.mark.parametrize("number", range(3))
def test_always(number):
    assert number < 3

@pytest.mark.sampled(of="pool")
@pytest.mark.parametrize("number", range(3))
def test_in_a_pool(number):
    assert number < 3

@pytest.mark.sampled(of="pool")
def test_too():
    pass

GIVEN = []

@given(strategies.integers())
def test_generated(number):
    GIVEN.append(number)

def test_how_many_were_generated():
    print("GIVEN", *GIVEN)
"""
_WHOLE = """
import pytest

pytestmark = pytest.mark.sampled(of="pool")

@pytest.mark.parametrize("number", range(5))
def test_of_a_file(number):
    assert number < 5
"""


def _ran(folder: Path, *options: str, seed: int = 7) -> list[str]:
    """Return the lines that a run of some proofs wrote."""
    (folder / "test_proofs.py").write_text(_PROOFS)
    (folder / "test_whole.py").write_text(_WHOLE)
    (folder / "conftest.py").write_text("pytest_plugins = ('support.sampling',)\n")
    (folder / "pytest.ini").write_text("[pytest]\n")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-vs", "-p", "no:cacheprovider", *options, str(folder)],
        cwd=folder,
        env={**environment(), SEED: str(seed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    told = f"samples of long proofs: {SEED}={seed}" in ran.stdout
    assert told is ("--prove" not in options)
    return ran.stdout.splitlines()


def _tests_of(lines: list[str]) -> list[str]:
    return sorted(one.split("::")[1].split()[0] for one in lines if "PASSED" in one and "::" in one)


def _given(lines: list[str]) -> list[str]:
    """Return the examples that a test was given."""
    (told,) = [one for one in lines if "GIVEN" in one]
    return told.partition("GIVEN")[2].split()


def _counts(names: list[str]) -> dict[str, int]:
    kinds = [name.partition("[")[0] for name in names]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


_IN_POOL = {"test_in_a_pool": 1, "test_too": 1, "test_of_a_file": 5}


@pytest.mark.slow
def test_what_is_tried(tmp_path: Path) -> None:
    ran = _ran(tmp_path)
    some = _tests_of(ran)
    counts = _counts(some)
    chosen = {name: counts.pop(name) for name in _IN_POOL if name in counts}
    assert sum(number / _IN_POOL[name] for name, number in chosen.items()) == 2
    assert counts == {
        "test_always": 3, "test_each": 4, "test_generated": 1,
        "test_of_forty": 2,
    }  # fmt: skip
    assert len({name.rpartition("-")[0] for name in some if "each" in name}) == 4
    assert 15 <= len(_given(ran)) <= 30
    again, other, whole = (
        _ran(tmp_path),
        _ran(tmp_path, seed=8),
        _ran(tmp_path, "--prove"),
    )
    assert (_tests_of(again), _given(again)) == (some, _given(ran))
    assert _tests_of(other) != some
    assert _given(other) != _given(ran)
    everything = _counts(_tests_of(whole))
    assert everything["test_of_forty"] == 40
    assert {name: everything[name] for name in _IN_POOL} == _IN_POOL | {"test_in_a_pool": 3}
    assert len(_given(whole)) > 60
    # what is named is tried, whatever the seed
    chosen_by_name = _tests_of(_ran(tmp_path, "-k", "test_of_forty and (11 or 12)"))
    assert chosen_by_name == ["test_of_forty[11]", "test_of_forty[12]"]


def test_the_seed_is_that_of_the_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SEED, raising=False)
    seed = seed_of_the_run()
    assert os.environ[SEED] == str(seed)
    monkeypatch.setenv(SEED, "12")
    assert seed_of_the_run() == 12


def test_a_sample_is_another_for_each_seed_of_the_run_and_of_the_proof() -> None:
    cases = range(1000)
    found = {
        tuple(SampleOf(everything=False, of_the_run=run)(cases, 5, seed=proof))
        for run in (1, 2)
        for proof in ("a", "b")
    }
    assert len(found) == 4
    for sample in found:
        assert len(sample) == 5
        assert list(sample) == sorted(set(sample))
    assert SampleOf(everything=True, of_the_run=1)(cases, 5) == list(cases)
    assert SampleOf(everything=False, of_the_run=1)([3, 4], 5) == [3, 4]
