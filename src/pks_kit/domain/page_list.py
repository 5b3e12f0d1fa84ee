"""Page numbers as people write them."""

from __future__ import annotations

from collections.abc import Iterable


def page_list(pages: Iterable[int], to: str = "–") -> str:
    """Return page numbers with runs drawn together: ``50–52, 54``.

    Args:
        pages: In any order, each as often as it comes.
        to: What stands between the first and the last of a run.
    """
    runs: list[list[int]] = []
    for page in sorted(set(pages)):
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return ", ".join(f"{run[0]}{to}{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
