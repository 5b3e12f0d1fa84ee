"""How deep a walk through a file may get: an upper bound for every way that meets no object twice.

pyHanko walks by recursion, and Python ends that at a thousand calls; then its comparison answers
nothing and the file does not pass. A judge that does not walk would let such a file pass, so it
asks here first. Objects that lead to each other in circles count together, as if one way met all
of them; between such groups the longest way is exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Ways = Mapping[int, tuple[int, Sequence[int]]]
"""Objects by number: how deep they are nested, and which others they lead to."""


def deepest_way(ways: Ways) -> int:
    """Return how many nested values a walk from any object may be inside at once.

    Args:
        ways: The objects.
    """
    deepest: dict[int, int] = {}
    best = 0
    for group in _groups(ways):
        members = set(group)
        own = sum(ways[one][0] for one in group)
        below = (
            deepest[other]
            for one in group
            for other in ways[one][1]
            if other in ways and other not in members
        )
        depth = own + max(below, default=0)
        deepest.update(dict.fromkeys(group, depth))
        best = max(best, depth)
    return best


def _groups(ways: Ways) -> list[list[int]]:
    """Return what leads to each other in circles, each group after those it leads to (Tarjan)."""
    found: list[list[int]] = []
    order: dict[int, int] = {}
    lowest: dict[int, int] = {}
    open_ones: list[int] = []
    inside: set[int] = set()
    for first in ways:
        if first in order:
            continue
        stack = [(first, iter(ways[first][1]))]
        order[first] = lowest[first] = len(order)
        open_ones.append(first)
        inside.add(first)
        while stack:
            one, rest = stack[-1]
            other = next(
                (way for way in rest if way in ways and _is_new(way, one, order, lowest, inside)),
                None,
            )
            if other is not None:
                order[other] = lowest[other] = len(order)
                open_ones.append(other)
                inside.add(other)
                stack.append((other, iter(ways[other][1])))
                continue
            stack.pop()
            if stack:
                above = stack[-1][0]
                lowest[above] = min(lowest[above], lowest[one])
            if lowest[one] == order[one]:
                group: list[int] = []
                while not group or group[-1] != one:
                    group.append(open_ones.pop())
                    inside.discard(group[-1])
                found.append(group)
    return found


def _is_new(
    way: int, one: int, order: dict[int, int], lowest: dict[int, int], inside: set[int]
) -> bool:
    """Return whether an object was not met yet; note how far back one that was met lies."""
    if way not in order:
        return True
    if way in inside:
        lowest[one] = min(lowest[one], order[way])
    return False
