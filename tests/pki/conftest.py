from __future__ import annotations

from datetime import timedelta

import pytest

from pki.world import World, running_world
from pks_kit.policy.signing_profile import load_profile
from pks_kit.resources import signing_root
from signing.factory import Issued, make_issued


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    with running_world(tmp_path_factory.mktemp("pki")) as world:
        yield world


@pytest.fixture
def world(served) -> World:
    """The world with every service up and an empty book."""
    served.down.clear()
    served.asked.clear()
    served.ahead = timedelta(0)
    served.stamped_ago = timedelta(0)
    return served


@pytest.fixture(scope="session")
def issued(tmp_path_factory) -> Issued:
    return make_issued(tmp_path_factory.mktemp("terbit"))


@pytest.fixture(scope="session")
def profile():
    return load_profile(signing_root(), "elektronik")
