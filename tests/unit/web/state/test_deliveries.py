"""Which delivery told last of an agreement."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.web.results import EVERYTHING
from pks_kit.web.scope import Area
from pks_kit.web.state import jobs
from pks_kit.web.state.database import State
from pks_kit.web.state.deliveries import last_about
from pks_kit.web.state.ids import moment_of, new_id
from pks_kit.web.state.jobs import NewJob

NOW = system_clock()


def judged(state: State, seconds: int, event: int | None) -> str:
    """Hand in a delivery at a moment; return its id."""
    moment = NOW + timedelta(seconds=seconds)
    new = NewJob(
        id=new_id(moment), area=Area(cabang="0901"), jenis="terima_batch",
        isi={"batch": "a", "gladi": False, "pindaian": []},
        perjanjian="", oleh="a", kunci=new_id(moment), now=moment,
    )  # fmt: skip
    told = {"agreement_id": "A"} | ({"recorded": {"event": event}} if event else {})
    hasil = {"hasil": {"returned": {"agreements": [told]}}}
    with state.write() as connection:
        jobs.add(connection, new)
        jobs.end(connection, new.id, "selesai", hasil, now=moment)
    return new.id


@pytest.mark.parametrize(
    ("large", "small", "last"), [(2, 1, 0), (1, 2, 1), (None, 1, 1), (1, 1, 1)]
)
def test_the_answer_that_was_written_down_last_is_the_last_about_an_agreement(
    state: State, large: int | None, small: int, last: int
) -> None:
    """A large delivery was handed in first, and read to its end after a small one."""
    given = [judged(state, 0, large), judged(state, 1, small)]
    with state.read() as connection:
        found = last_about(connection, "A", EVERYTHING)
        assert last_about(connection, "B", EVERYTHING) is None
    assert found is not None
    assert found.id == given[last]


def test_an_id_tells_its_moment() -> None:
    assert abs(moment_of(new_id(NOW)) - NOW) < timedelta(milliseconds=1)
