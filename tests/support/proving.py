"""Proofs that take long, and the samples of them that every run tries."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

Case = TypeVar("Case")


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleOf:
    """Chooses cases of a proof; the same ones in every run, so that a failure can be repeated.

    Attributes:
        everything: Choose all of them (``make prove``).
    """

    everything: bool

    def __call__(self, cases: Sequence[Case], most: int, *, seed: int = 0) -> list[Case]:
        """Return at most ``most`` of the cases, in their order."""
        if self.everything or len(cases) <= most:
            return list(cases)
        dice = random.Random(seed)  # noqa: S311 - a sample, no secret
        return [cases[index] for index in sorted(dice.sample(range(len(cases)), most))]
