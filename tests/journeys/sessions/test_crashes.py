"""A session dies at every ledger and file step, and at seeded ones with a faulty distributor.

Afterwards it is run again, as a person would. What must hold after every single run: no meterai
bought twice, no serial number lost, the sums of the ledger equal the distributor's book, and the
agreement is finished or can be finished.
"""

from __future__ import annotations

import hashlib
import random
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from pks_kit.errors import SigningError, UnknownOutcomeError
from pks_kit.foreign import HERE, LooksHere
from pks_kit.pipelines import sign_all as session
from pks_kit.signing.sandbox.specimen import specimen
from pks_kit.signing.step import check_result as result
from pks_kit.signing.step import state
from support import scenario as scenarios
from support.crashes import Clockwork, Killed
from support.scenario import STEPS, Scenario, new_scenario

SEEDS = 500
CHUNK = 25
FAULTS = ("lost_sale", "no_sale", "lost_stamp", "no_stamp", "down")


@pytest.fixture(scope="module", autouse=True)
def small_containers():
    """Smaller files are read and compared faster."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pks_kit.signing.step.sign_field.RESERVED_BYTES", 7168)
        space = b"<" + b"0" * (2 * 7168) + b">"
        patch.setattr("pks_kit.signing.step.reserved_space.SPACE", space)
        patch.setattr("pks_kit.signing.step.own_revision.SPACE", space)
        # the guard has tests of its own; here its children would take most of the time
        patch.setattr(session, "LooksInside", lambda: _Unguarded())
        same = specimen("AXCWSRL5JS0HJ15Z000299")  # drawing each number anew takes long
        patch.setattr("pks_kit.signing.sandbox.meterai.specimen", lambda _sn: same)
        yield


@pytest.fixture(autouse=True)
def read_once(monkeypatch):
    """Reading the state of a file depends on its bytes alone: the same bytes are read once."""
    known: dict[tuple[bytes, bytes], object] = {}

    def read(pdf, receipt, profile, *, passed=None, looks=HERE):
        key = (hashlib.sha256(pdf).digest(), hashlib.sha256(passed or b"").digest())
        if key not in known:
            known[key] = state.read_state(pdf, receipt, profile, passed=passed, looks=looks)
        return known[key]

    for module in (session, result, scenarios):
        monkeypatch.setattr(module, "read_state", read)


class _Unguarded(LooksHere):
    """Opens files in this process, where the points at which it may die are counted."""

    notes = ()

    def remark(self, *_notes: object) -> None:
        """What a session would tell besides; these stories look at books and files."""


@pytest.fixture
def tmp_path(tmp_path_factory):
    """A folder in memory where there is one: thousands of commits wait for no disk."""
    memory = Path("/dev/shm")  # noqa: S108
    if not memory.is_dir():
        yield tmp_path_factory.mktemp("cerita")
        return
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


def _clean_run(issued, sandbox, folder) -> list[str]:
    scenario = new_scenario(issued, sandbox, folder)
    with Clockwork().wound(scenario.distributor) as clockwork:
        scenario.run()
    scenario.check_books()
    return clockwork.points


def _run_until_done(scenario: Scenario, *roles: str, limit: int = 12) -> int:
    """Run again until the session ends by itself; return how many runs that took."""
    for attempt in range(1, limit + 1):
        try:
            result = scenario.run(*roles)
        except (SigningError, UnknownOutcomeError):
            continue
        assert len(result.waiting) == (2 if roles else 0)
        return attempt
    raise AssertionError(f"not finished after {limit} runs")


@pytest.fixture(scope="module")
def points(issued, sandbox, tmp_path_factory) -> list[str]:
    return _clean_run(issued, sandbox, tmp_path_factory.mktemp("bersih"))


def test_the_points_cover_ledger_files_services_and_signatures(points):
    seen = Counter(name.split(" ", 1)[1] for name in points)
    assert set(seen) == {
        "ledger.append", "fsync", "create", "rename", "unlink", "issue", "stamp", "sign",
    }  # fmt: skip
    assert seen["issue"] == seen["stamp"] == 2 * 2
    assert seen["sign"] == 2 * 2
    # issued file, four revisions, final file, the receipt beside it
    assert seen["rename"] == 2 * (len(STEPS) + 3)
    # intents and purchases stand alone, what is found again in the folder travels with the next
    assert seen["ledger.append"] == 2 * 13
    assert len(points) > 80


@pytest.mark.sampled(4)
@pytest.mark.slow
@pytest.mark.parametrize("part", range(8))
def test_death_at_every_point(part, points, issued, sandbox, tmp_path, sample_of):
    for number in sample_of(range(1 + part, len(points) + 1, 8), 1, seed=part):
        scenario = new_scenario(issued, sandbox, tmp_path / str(number), seed=number)
        with (
            Clockwork(die_at=number).wound(scenario.distributor) as clockwork,
            pytest.raises(Killed),
        ):
            scenario.run()
        assert clockwork.points[-1] == points[number - 1]
        assert _run_until_done(scenario) == 1
        scenario.check_books()
        assert scenario.distributor.bought == 2


@pytest.mark.sampled(6)
@pytest.mark.slow
@pytest.mark.parametrize("part", range(SEEDS // CHUNK))
def test_seeded_deaths_and_faults(part, points, issued, sandbox, tmp_path, sample_of):
    """Most stories are those of the branch; every twentieth is the whole agreement."""
    for seed in sample_of(range(part * CHUNK, (part + 1) * CHUNK), 1, seed=part):
        roles = () if seed % 20 == 0 else ("pihak_kesatu",)
        dice = random.Random(seed)  # noqa: S311 the same scenario every time
        scenario = new_scenario(issued, sandbox, tmp_path / str(seed), seed=seed)
        scenario.distributor.faults = dice.choices(FAULTS, k=dice.randrange(3))
        for _ in range(dice.choices((1, 2, 3), (8, 3, 1))[0]):
            last = len(points) // (2 if roles else 1)
            clockwork = Clockwork(die_at=dice.randrange(1, last))
            with clockwork.wound(scenario.distributor):
                try:
                    scenario.run(*roles)
                except (Killed, SigningError, UnknownOutcomeError):
                    continue
        _run_until_done(scenario, *roles)
        scenario.check_books()
        assert scenario.distributor.bought == (1 if roles else 2), seed
