from __future__ import annotations

import logging

import pytest

from fakes.peruri import FakePeruri
from signing.factory import NOW, make_issued
from signing.services.gateway import P1, SECRETS, expired_key, make_gateway, make_job
from signing.services.peruri_world import Step


@pytest.fixture(scope="session")
def blank(tmp_path_factory):
    """An agreement with a blank area instead of a field for the first party."""
    return make_issued(tmp_path_factory.mktemp("blank"), areas=frozenset({P1}))


@pytest.fixture
def job(blank):
    return make_job(blank)


@pytest.fixture(scope="session")
def expired():
    return expired_key()


@pytest.fixture
def gateway(sandbox, expired):
    with make_gateway(sandbox, expired) as running:
        yield running


@pytest.fixture(autouse=True)
def no_secret_in_a_log(caplog, capfd):
    """Whatever a test here does, no planted secret stands in a log or on the terminal."""
    with caplog.at_level(logging.DEBUG):
        yield
    records = caplog.get_records("setup") + caplog.get_records("call")
    logged = "\n".join(logging.Formatter().format(record) for record in records)
    out, err = capfd.readouterr()
    for secret in SECRETS:
        assert secret not in logged + out + err, "a secret was logged"


@pytest.fixture
def peruri(tmp_path, sandbox):
    fake = FakePeruri(sandbox, NOW, tmp_path / "berbagi").start()
    yield fake
    fake.stop()


@pytest.fixture(scope="session")
def step(issued, steps) -> Step:
    """The stamp of P1, after P1 signed."""
    return Step(issued, steps[0])
