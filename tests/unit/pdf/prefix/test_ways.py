"""No way through a file is longer than what is told; a deep file is found out without a walk."""

from __future__ import annotations

from pks_kit.pdf.prefix.ways import deepest_way


def test_a_chain_counts_every_link() -> None:
    assert deepest_way({n: (2, [n + 1]) for n in range(5000)}) == 10_000


def test_a_circle_counts_all_of_it_once() -> None:
    circle = {n: (1, [(n + 1) % 10, (n - 1) % 10]) for n in range(10)}
    assert deepest_way({**circle, 50: (3, [4]), 60: (1, [99])}) == 13


def test_ways_that_meet_again_are_not_added_up() -> None:
    assert deepest_way({1: (1, [2, 3]), 2: (5, [4]), 3: (1, [4]), 4: (1, [])}) == 7
