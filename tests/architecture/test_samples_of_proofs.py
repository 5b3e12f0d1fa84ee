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
"""


def _tests_of(folder: Path, *options: str, seed: int = 7) -> list[str]:
    (folder / "test_proofs.py").write_text(_PROOFS)
    (folder / "conftest.py").write_text("pytest_plugins = ('support.sampling',)\n")
    (folder / "pytest.ini").write_text("[pytest]\n")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", *options, str(folder)],
        cwd=folder,
        env={**environment(), SEED: str(seed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    told = f"samples of long proofs: {SEED}={seed}" in ran.stdout
    assert told is ("--prove" not in options)
    return sorted(
        line.split("::")[1].split()[0] for line in ran.stdout.splitlines() if "PASSED" in line
    )


def _counts(names: list[str]) -> dict[str, int]:
    kinds = [name.partition("[")[0] for name in names]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


@pytest.mark.slow
def test_what_is_tried(tmp_path: Path) -> None:
    some = _tests_of(tmp_path)
    assert _counts(some) == {"test_always": 3, "test_each": 4, "test_of_forty": 2}
    assert len({name.rpartition("-")[0] for name in some if "each" in name}) == 4
    assert _tests_of(tmp_path) == some
    assert _tests_of(tmp_path, seed=8) != some
    assert _counts(_tests_of(tmp_path, "--prove"))["test_of_forty"] == 40
    # what is named is tried, whatever the seed
    chosen = _tests_of(tmp_path, "-k", "test_of_forty and (11 or 12)")
    assert chosen == ["test_of_forty[11]", "test_of_forty[12]"]


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
