from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _silent(no_secret_in_a_log: None) -> None:
    """Every test of a provider looks for planted secrets in logs and on the terminal."""
