"""Batches whose workers, coordinator or both are killed at random moments, again and again.

Whatever comes of a kill, the same command goes on. At most the last step of the rows in flight is
done again, nothing is bought twice, no serial number is lost, every row ends done or refused with
its reason, and a book that is thrown away changes nothing.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from support.killed_stories import memory_folder, told
from support.proving import SampleOf

STORIES = 200
PARTS = 2


@pytest.mark.slow
@pytest.mark.sampled(of="hard days")
@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_lost_or_bought_twice_whoever_is_killed(part: int, sample_of: SampleOf) -> None:
    seeds = sample_of(range(part, STORIES, PARTS), 2, seed=part)
    with memory_folder() as folder:
        figures = told(Path(folder), seeds)
    assert figures.stories == len(seeds)
