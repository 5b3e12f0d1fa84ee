"""What lets pytest try samples of long proofs: an option, a mark, and the seed that it tells."""

from __future__ import annotations

import hypothesis
import pytest

from support.proving import MARK, SEED, passed_over, sample_chosen_by, seed_of_the_run

_OF_EXAMPLES = 4
"""Of so many generated examples one is tried without ``--prove``."""
_LEAST_EXAMPLES = 15


def pytest_addoption(parser: pytest.Parser) -> None:
    """Full proofs take hours of processor time; without ``--prove`` a seeded sample is tried."""
    parser.addoption("--prove", action="store_true", help="full proofs instead of samples of them")


def pytest_configure(config: pytest.Config) -> None:
    """The seed is known before other processes start: theirs is the same."""
    config.addinivalue_line(
        "markers",
        f"{MARK}(most, each=''): so many of the parameters, for each value of those named, are "
        f"tried without --prove; {MARK}(of='...'): as many of a pool of proofs as POOLS says",
    )
    seed_of_the_run()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a long proof a sample is tried, chosen among what words and marks left."""
    left = passed_over(items, sample_chosen_by(config))
    if left:
        config.hook.pytest_deselected(items=[item for item in items if item in left])
        items[:] = [item for item in items if item not in left]
    if not config.getoption("--prove"):
        _try_fewer_examples(items)


def _try_fewer_examples(items: list[pytest.Item]) -> None:
    """Of the examples that Hypothesis makes a sample is tried, another one for each commit."""
    for function in {getattr(item, "obj", None) for item in items}:
        if not hypothesis.is_hypothesis_test(function):
            continue
        hypothesis.seed(seed_of_the_run())(function)
        given = function._hypothesis_internal_use_settings
        fewer = min(given.max_examples, max(given.max_examples // _OF_EXAMPLES, _LEAST_EXAMPLES))
        function._hypothesis_internal_use_settings = hypothesis.settings(given, max_examples=fewer)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Tell what repeats this run."""
    if not config.getoption("--prove"):
        terminalreporter.write_line(f"samples of long proofs: {SEED}={seed_of_the_run()}")
