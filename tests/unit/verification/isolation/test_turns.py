"""First come, first served, also when somebody gives up waiting."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError

from pks_kit.verification.isolation.turns import Ticket, Turns
from support.processes import wait_until


class Waiter(threading.Thread):
    def __init__(self, turns: Turns, order: list[str], name: str) -> None:
        super().__init__(name=name)
        self.turns, self.order, self.ticket = turns, order, Ticket()
        self.gave_up = False
        before = len(turns._queue)
        self.start()
        wait_until(lambda: len(turns._queue) == before + 1)

    def run(self) -> None:
        try:
            with self.turns.turn(self.ticket):
                self.order.append(self.name)
        except CancelledError:
            self.gave_up = True


def test_turns_come_in_the_order_of_asking() -> None:
    turns, order = Turns(1), []
    with turns.turn(Ticket()):
        waiters = [Waiter(turns, order, name) for name in "abcd"]
        assert order == []
    for one in waiters:
        one.join()
    assert order == list("abcd")


def test_who_gives_up_takes_no_turn_along() -> None:
    turns, order = Turns(1), []
    with turns.turn(Ticket()):
        waiters = [Waiter(turns, order, name) for name in "abc"]
        waiters[1].ticket.cancel()
        waiters[1].join()
        assert waiters[1].gave_up
    for one in waiters:
        one.join()
    assert order == ["a", "c"]
    with turns.turn(Ticket()):  # nothing is lost
        order.append("again")
    assert order[-1] == "again"


def test_several_hold_turns_at_once() -> None:
    turns, order = Turns(2), []
    with turns.turn(Ticket()):
        with turns.turn(Ticket()):
            last = Waiter(turns, order, "third")
            assert order == []
        last.join()
        assert order == ["third"]
