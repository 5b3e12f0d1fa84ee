from __future__ import annotations

import pytest

from signing.factory import Issued, make_issued, make_sandbox, signed_by_both


@pytest.fixture(scope="session")
def sandbox():
    return make_sandbox()


@pytest.fixture(scope="session")
def issued(tmp_path_factory) -> Issued:
    return make_issued(tmp_path_factory.mktemp("issued"))


@pytest.fixture(scope="session")
def steps(issued, sandbox) -> tuple[bytes, ...]:
    """The file after P1 signed, P1 stamped, P2 signed, P2 stamped."""
    return signed_by_both(issued, sandbox)
