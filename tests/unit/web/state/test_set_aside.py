"""What a person says of a file that is no page of any agreement is kept, and taken back."""

from __future__ import annotations

from datetime import timedelta

from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.web.scope import Area, Reach, Scope
from pks_kit.web.state import jobs
from pks_kit.web.state.database import State
from pks_kit.web.state.jobs import NewJob
from pks_kit.web.state.set_aside import SetAside, say, set_aside

NOW = system_clock()
EVERYWHERE = Reach(frozenset({Scope("pusat")}))
ELSEWHERE = Reach(frozenset({Scope("cabang", "9999")}))


def test_it_is_kept_with_name_and_time_and_taken_back(state: State) -> None:
    new = NewJob(
        id="J1", area=Area(cabang="0901"), jenis="terima_batch", isi={"batch": "b"},
        perjanjian="", oleh="a", kunci="k", now=NOW,
    )  # fmt: skip
    with state.write() as connection:
        jobs.add(connection, new)
        say(connection, "J1", "foto.jpg", "Sari", NOW, is_part=False)
        say(connection, "J1", "lain.jpg", "Sari", NOW, is_part=False)

    def known(reach: Reach = EVERYWHERE) -> dict[str, dict[str, SetAside]]:
        with state.read() as connection:
            return set_aside(connection, ["J1", "J2"], reach)

    assert known()["J1"]["foto.jpg"] == SetAside(by="Sari", at=NOW)
    assert known(ELSEWHERE) == {}
    with state.write() as connection:
        say(connection, "J1", "foto.jpg", "Budi", NOW + timedelta(hours=1), is_part=True)
    assert set(known()["J1"]) == {"lain.jpg"}
    with state.read() as connection:
        job = jobs.find(connection, "J1", EVERYWHERE)
    assert job is not None
    assert [one["oleh"] for one in job.kemajuan["disisihkan"]] == ["Sari", "Sari", "Budi"]
