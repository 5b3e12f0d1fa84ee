"""When a service is left alone."""

from __future__ import annotations

from pks_kit.pipelines.batching.services import FAILURES, PROBES, Breaker


def test_a_breaker_opens_after_failures_in_a_row_and_probes_ever_later() -> None:
    breaker, now = Breaker(), 0.0
    for _ in range(FAILURES - 1):
        breaker.failed(now)
    breaker.worked()
    for _ in range(FAILURES):
        assert breaker.may_try(now)
        breaker.failed(now)
    waits = []
    for _ in range(len(PROBES) + 2):
        begun = now
        while not breaker.may_try(now):
            now += 1.0
        waits.append(now - begun)
        assert not breaker.may_try(now)  # one probe at a time
        breaker.failed(now)
    assert waits == [*PROBES, PROBES[-1], PROBES[-1]]
    while not breaker.may_try(now):
        now += 1.0
    breaker.worked()
    assert breaker.may_try(now)
    assert not breaker.is_open


def test_a_failure_that_was_on_its_way_does_not_put_the_probe_off() -> None:
    breaker = Breaker()
    for _ in range(FAILURES):
        breaker.failed(0.0)
    breaker.failed(25.0)
    assert breaker.may_try(PROBES[0])
