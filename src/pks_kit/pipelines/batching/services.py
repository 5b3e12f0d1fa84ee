"""When to leave a service alone.

A breaker counts what went wrong in a row; when it opens, nobody calls until a probe is due, and a
single row goes first. The waits grow from half a minute to five, so that a service that comes back
is found within a few minutes and one that stays away is not beaten.
"""

from __future__ import annotations

from dataclasses import dataclass

from pks_kit.pipelines.batching.outcome import RowOutcome

FAILURES = 5
"""How many attempts in a row must fail before a service is left alone."""
PROBES = (30.0, 60.0, 120.0, 240.0, 300.0)
"""Seconds until the next probe; the last one is repeated."""


@dataclass(slots=True)
class Breaker:
    """What is known of one service.

    Attributes:
        failures: Attempts in a row that failed.
        probes: Probes that failed since it was left alone.
        next_probe: When a row may try again; None while the service is used.
        probing: Whether that row is on its way.
    """

    failures: int = 0
    probes: int = 0
    next_probe: float | None = None
    probing: bool = False

    @property
    def is_open(self) -> bool:
        """Return whether the service is left alone."""
        return self.next_probe is not None

    def may_try(self, now: float) -> bool:
        """Return whether a row may call now; a probe is taken by asking.

        Args:
            now: Seconds of the same clock as everywhere here.
        """
        if self.next_probe is None:
            return True
        if self.probing or now < self.next_probe:
            return False
        self.probing = True
        return True

    def worked(self) -> None:
        """Note that the service answered."""
        self.failures = self.probes = 0
        self.next_probe, self.probing = None, False

    def failed(self, now: float) -> None:
        """Note that it did not."""
        self.failures += 1
        if self.probing:
            self.probes += 1
            self.probing = False
        elif self.next_probe is not None or self.failures < FAILURES:
            return  # on its way before the service was left alone, or not enough to tell
        self.next_probe = now + PROBES[min(self.probes, len(PROBES) - 1)]

    def gave_back(self) -> None:
        """Note that the probing row ended without reaching the service."""
        self.probing = False


class Services:
    """The services of a run: which of them are left alone, and which row is a probe."""

    def __init__(self) -> None:
        self._breakers: dict[str, Breaker] = {}
        self._probes: dict[int, str] = {}

    def left_alone(self) -> tuple[str, ...]:
        """Return the services that are left alone now."""
        return tuple(sorted(name for name, one in self._breakers.items() if one.is_open))

    def may_begin(self, number: int, now: float) -> bool:
        """Return whether a row may begin that may need any of them; it may become a probe."""
        for name, breaker in self._breakers.items():
            if breaker.is_open:
                if not breaker.may_try(now):
                    return False
                self._probes[number] = name
        return True

    def heard(self, one: RowOutcome, now: float) -> None:
        """Learn from what came of a row."""
        probed = self._probes.pop(one.number, "")
        if one.state == "parked" and one.service:
            self._breakers.setdefault(one.service, Breaker()).failed(now)
        elif one.steps:  # it was signed or stamped in this attempt: they answered
            for breaker in self._breakers.values():
                breaker.worked()
            return
        if probed and probed != one.service:
            self._breakers[probed].gave_back()

    def died(self, number: int) -> None:
        """Note that a row's process died, which says nothing of any service."""
        probed = self._probes.pop(number, "")
        if probed:
            self._breakers[probed].gave_back()
