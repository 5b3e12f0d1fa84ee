"""The state on both back ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pks_kit.ledger.address import read_address
from pks_kit.web.state.database import State, open_state
from support.ledger_places import Place


@pytest.fixture
def state(place: Place, tmp_path: Path) -> Iterator[State]:
    opened = open_state(tmp_path, read_address(place.address, place.password))
    yield opened
    opened.close()
