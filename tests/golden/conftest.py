"""Golden files for every test of this folder, unpacked once in each process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from golden.golden_files import Desk, Golden
from golden.of_then import text_and_law_of_then


@pytest.fixture(scope="session")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Golden:
    return Golden(tmp_path_factory.mktemp("golden"))


@pytest.fixture
def desk(golden: Golden, tmp_path: Path) -> Desk:
    return Desk(golden, tmp_path)


@pytest.fixture(scope="session")
def place_of_then(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("then")


@pytest.fixture
def of_then(place_of_then: Path) -> Iterator[None]:
    """Draft and render with the text and the law of the golden files."""
    with text_and_law_of_then(place_of_then):
        yield
