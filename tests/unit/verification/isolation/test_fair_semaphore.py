"""First come, first served, also when somebody gives up waiting."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError

from pks_kit.verification.isolation.cancellation import CancelToken
from pks_kit.verification.isolation.fair_semaphore import FairSemaphore
from support.processes import wait_until


class Waiter(threading.Thread):
    def __init__(self, semaphore: FairSemaphore, order: list[str], name: str) -> None:
        super().__init__(name=name)
        self.semaphore, self.order, self.token = semaphore, order, CancelToken()
        self.gave_up = False
        before = len(semaphore._queue)
        self.start()
        wait_until(lambda: len(semaphore._queue) == before + 1)

    def run(self) -> None:
        try:
            with self.semaphore.slot(self.token):
                self.order.append(self.name)
        except CancelledError:
            self.gave_up = True


def test_places_are_given_in_the_order_of_asking() -> None:
    semaphore, order = FairSemaphore(1), []
    with semaphore.slot(CancelToken()):
        waiters = [Waiter(semaphore, order, name) for name in "abcd"]
        assert order == []
    for one in waiters:
        one.join()
    assert order == list("abcd")


def test_who_gives_up_takes_no_place_along() -> None:
    semaphore, order = FairSemaphore(1), []
    with semaphore.slot(CancelToken()):
        waiters = [Waiter(semaphore, order, name) for name in "abc"]
        waiters[1].token.cancel()
        waiters[1].join()
        assert waiters[1].gave_up
    for one in waiters:
        one.join()
    assert order == ["a", "c"]
    with semaphore.slot(CancelToken()):  # nothing is lost
        order.append("again")
    assert order[-1] == "again"


def test_several_hold_places_at_once() -> None:
    semaphore, order = FairSemaphore(2), []
    with semaphore.slot(CancelToken()):
        with semaphore.slot(CancelToken()):
            last = Waiter(semaphore, order, "third")
            assert order == []
        last.join()
        assert order == ["third"]
