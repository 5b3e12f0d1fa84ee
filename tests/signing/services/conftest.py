from __future__ import annotations

import pytest

from fakes.peruri import FakePeruri
from signing.factory import NOW
from signing.services.peruri_world import Step


@pytest.fixture
def peruri(tmp_path, sandbox):
    fake = FakePeruri(sandbox, NOW, tmp_path / "berbagi").start()
    yield fake
    fake.stop()


@pytest.fixture(scope="session")
def step(issued, steps) -> Step:
    """The stamp of P1, after P1 signed."""
    return Step(issued, steps[0])
