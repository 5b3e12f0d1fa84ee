"""Fixtures for tests of the text engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_version import TinyVersion


@pytest.fixture
def tiny(tmp_path: Path) -> Callable[..., TinyVersion]:
    """Make a tiny template version."""
    return lambda **parts: TinyVersion(tmp_path, **parts)
