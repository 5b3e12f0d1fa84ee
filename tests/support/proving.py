"""Proofs that take long, and the samples of them that every run tries.

A sample comes from a seed, and the seed from the commit: every commit looks elsewhere, the same
commit looks there again. The run tells its seed at the end; ``SAMPLE_SEED`` repeats it.
"""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

Case = TypeVar("Case")

SEED = "SAMPLE_SEED"
MARK = "sampled"
POOLS = {
    "nights": 1,  # whole batches, from a workbook to files that were judged
    "hard days": 2,  # servers and batches that are killed, flooded, or copied while they write
    "second opinions": 1,  # other libraries about files of the writer
    "servers": 60,  # tests of the ledger on PostgreSQL, whose twin on SQLite is always tried
    "kept layouts": 2,  # the same bytes with what was compiled and without it
    "roads that differ": 1,  # drafts whose pages another road makes in another way
    "windows": 1,  # the desk in every kind of window and browser
    "desk days": 2,  # what a branch does to a batch by pages: planned, withdrawn, run, lettered
    "tours": 1,  # long roads in programs that share nothing with the run
}
"""Long proofs of one kind that resemble each other, and how many of them a run tries.

A pool may hold tests of several files; a file whose ``pytestmark`` says so is one of it, whole.
"""
_DIGITS = 7
_WITHOUT_COMMITS = 1


def seed_of_the_run() -> int:
    """Return the seed of all samples; processes that this one starts have the same.

    Raises:
        ValueError: ``SAMPLE_SEED`` is no number.
    """
    if not os.environ.get(SEED):
        os.environ[SEED] = str(_commit())
    return int(os.environ[SEED])


def _commit() -> int:
    said = subprocess.run(
        ["git", "rev-parse", "HEAD"],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return int(said.stdout[:_DIGITS], 16) if said.returncode == 0 else _WITHOUT_COMMITS


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleOf:
    """Chooses cases of a proof; the same ones for the same commit, so that a failure is repeated.

    Attributes:
        everything: Choose all of them (``make prove``).
        of_the_run: The seed of this run.
    """

    everything: bool
    of_the_run: int

    def __call__(self, cases: Sequence[Case], most: int, *, seed: int | str = 0) -> list[Case]:
        """Return at most ``most`` of the cases, in their order; ``seed`` tells proofs apart."""
        if self.everything or len(cases) <= most:
            return list(cases)
        dice = random.Random(f"{self.of_the_run} {seed}")  # noqa: S311 - a sample, no secret
        return [cases[index] for index in sorted(dice.sample(range(len(cases)), most))]


def sample_chosen_by(config: pytest.Config) -> SampleOf:
    """Return what chooses samples in this run."""
    return SampleOf(everything=config.getoption("--prove"), of_the_run=seed_of_the_run())


def passed_over(items: Iterable[pytest.Item], sample_of: SampleOf) -> set[pytest.Item]:
    """Return the tests that are in no sample.

    ``@pytest.mark.sampled(3)`` lets three of the parameters of a test be tried,
    ``@pytest.mark.sampled(1, each="method")`` one for each value of the parameter ``method``, and
    ``@pytest.mark.sampled(of="kills")`` as many of all tests and files with this mark as
    :data:`POOLS` says.
    """
    cases: dict[str, dict[str, list[pytest.Item]]] = {}
    most: dict[str, int] = {}
    for item in items:
        for node, mark in item.iter_markers_with_node(MARK):
            name, most_of_it = _kind(item, *mark.args, **mark.kwargs)
            case = node.nodeid if "of" in mark.kwargs else item.nodeid
            cases.setdefault(name, {}).setdefault(case, []).append(item)
            most[name] = most_of_it
    left: set[pytest.Item] = set()
    for name, alike in cases.items():
        # a name is the same in every process of the run, what a parameter looks like need not be
        seed = name if name in POOLS else next(iter(alike))
        tried = sample_of(list(alike), most[name], seed=seed)
        left.update(*(alike[one] for one in alike.keys() - set(tried)))
    return left


def _kind(item: pytest.Item, most: int = 0, *, each: str = "", of: str = "") -> tuple[str, int]:
    """Return the name of what resembles a test, and how many of it are tried."""
    if of:
        return of, POOLS[of]
    name = item.nodeid.partition("[")[0]
    for parameter in each.split():
        name += f" {item.callspec.params[parameter]!r}"  # type: ignore[attr-defined]
    return name, most
