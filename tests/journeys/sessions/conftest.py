from __future__ import annotations

import pytest

from support.looked_once import look_once
from support.scenario import Scenario, new_scenario
from support.signing_world import picture


@pytest.fixture
def scenario(issued, sandbox, tmp_path) -> Scenario:
    return new_scenario(issued, sandbox, tmp_path)


@pytest.fixture(autouse=True)
def ready_picture(monkeypatch):
    """The picture in the box is tested elsewhere; here it would take most of the time."""
    page = picture()
    monkeypatch.setattr(
        "pks_kit.render.appearance.render_appearance", lambda facts, look=None: page
    )


@pytest.fixture(autouse=True)
def one_look(monkeypatch):
    """The same bytes are looked at by one guarded child."""
    look_once(monkeypatch)
