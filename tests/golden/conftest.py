"""Golden files for every test of this folder, unpacked once in each process."""

from __future__ import annotations

from pathlib import Path

import pytest

from golden.golden_files import Desk, Golden


@pytest.fixture(scope="session")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Golden:
    return Golden(tmp_path_factory.mktemp("golden"))


@pytest.fixture
def desk(golden: Golden, tmp_path: Path) -> Desk:
    return Desk(golden, tmp_path)
