from __future__ import annotations

import pytest

from sessions.story import Story, new_story
from signing.factory import make_issued, make_sandbox, picture


@pytest.fixture(scope="session")
def sandbox():
    return make_sandbox()


@pytest.fixture(scope="session")
def issued(tmp_path_factory):
    return make_issued(tmp_path_factory.mktemp("terbit"))


@pytest.fixture
def story(issued, sandbox, tmp_path) -> Story:
    return new_story(issued, sandbox, tmp_path)


@pytest.fixture(autouse=True)
def ready_picture(monkeypatch):
    """The picture in the box is tested elsewhere; here it would take most of the time."""
    page = picture()
    monkeypatch.setattr(
        "pks_kit.render.appearance.render_appearance", lambda facts, look=None: page
    )
