"""What lets pytest try samples of long proofs: an option, a mark, and the seed that it tells."""

from __future__ import annotations

import pytest

from support.proving import MARK, SEED, passed_over, sample_chosen_by, seed_of_the_run


def pytest_addoption(parser: pytest.Parser) -> None:
    """Full proofs take hours of processor time; without ``--prove`` a seeded sample is tried."""
    parser.addoption("--prove", action="store_true", help="full proofs instead of samples of them")


def pytest_configure(config: pytest.Config) -> None:
    """The seed is known before other processes start: theirs is the same."""
    config.addinivalue_line(
        "markers",
        f"{MARK}(most, each=''): so many of the parameters, for each value of those named, are "
        "tried without --prove",
    )
    seed_of_the_run()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a long proof a sample is tried, chosen among what words and marks left."""
    left = passed_over(items, sample_chosen_by(config))
    if left:
        config.hook.pytest_deselected(items=[item for item in items if item in left])
        items[:] = [item for item in items if item not in left]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Tell what repeats this run."""
    if not config.getoption("--prove"):
        terminalreporter.write_line(f"samples of long proofs: {SEED}={seed_of_the_run()}")
