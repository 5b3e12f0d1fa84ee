"""The same key: the same answer, another body: a refusal, still running: wait."""

from __future__ import annotations

import threading

import pytest

from pks_kit.errors import UsageError
from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.web.state import keys
from pks_kit.web.state.database import State
from pks_kit.web.state.keys import ABANDONED, GivenAnswer

NOW = system_clock()
ANSWER = GivenAnswer(status=201, headers={"Location": "/x"}, body='{"a": "é"}'.encode())


def begin(state: State, sidik: str = "a" * 64, later: bool = False) -> GivenAnswer | None:
    with state.write() as connection:
        return keys.begin(connection, "k", sidik, NOW + ABANDONED if later else NOW)


def test_an_answer_is_given_again(state: State) -> None:
    assert begin(state) is None
    with state.write() as connection:
        keys.answered(connection, "k", ANSWER)
    assert begin(state) == ANSWER
    assert begin(state, later=True) == ANSWER
    with state.write() as connection:
        keys.release(connection, "k")  # an answer that was given stays
    assert begin(state) == ANSWER
    with pytest.raises(UsageError) as caught:
        begin(state, "b" * 64)
    assert (caught.value.code, caught.value.http_status) == ("web.key_reused", 409)


def test_what_is_still_answered_is_waited_for(state: State) -> None:
    assert begin(state) is None
    with pytest.raises(UsageError) as caught:
        begin(state)
    assert (caught.value.code, caught.value.http_status) == ("web.key_running", 409)
    with pytest.raises(UsageError) as other:
        begin(state, "b" * 64)
    assert other.value.code == "web.key_reused"
    assert begin(state, later=True) is None  # whoever had it was killed
    with pytest.raises(UsageError):
        begin(state, later=True)


def test_what_did_nothing_may_be_tried_again(state: State) -> None:
    begin(state)
    with state.write() as connection:
        keys.release(connection, "k")
    assert begin(state) is None


def test_of_many_at_once_one_begins(state: State) -> None:
    outcomes: list[object] = []

    def one() -> None:
        try:
            outcomes.append(begin(state))
        except Exception as error:  # noqa: BLE001
            outcomes.append(getattr(error, "code", error))

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == ["None", *["web.key_running"] * 5]
