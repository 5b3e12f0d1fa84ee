"""A distributor of meterai in this process that keeps a book and can lose its answers."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from pks_kit.errors import SigningError, UnknownOutcomeError
from pks_kit.signing.ports import Meterai, MeteraiOrder, MeteraiState, StampJob
from pks_kit.signing.sandbox.meterai import SandboxMeterai


@dataclass
class Distributor:
    """Sells and stamps like a real one.

    ``faults`` are used up one per call: ``lost_sale`` (sold, answer lost), ``no_sale`` (refused),
    ``lost_stamp`` (stamped, answer lost), ``no_stamp`` (refused), ``down`` (cannot be asked).
    """

    sandbox: SandboxMeterai
    faults: list[str] = field(default_factory=list)
    sold: dict[str, list[Meterai]] = field(default_factory=dict)
    states: dict[str, MeteraiState] = field(default_factory=dict)
    sources: dict[str, bytes] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)

    name = "uji"
    is_uji = True

    def _fault(self, *kinds: str) -> str:
        if self.faults and self.faults[0] in kinds:
            return self.faults.pop(0)
        return ""

    async def check_ready(self, now: datetime) -> None:
        if self._fault("down"):
            raise SigningError("service.unreachable", service=self.name)

    async def issue(self, order: MeteraiOrder) -> Meterai:
        self.asked["issue"] += 1
        if self._fault("no_sale"):
            raise SigningError("meterai.quota", service=self.name)
        meterai = await self.sandbox.issue(order)
        self.sold.setdefault(order.key, []).append(meterai)
        self.states[meterai.sn] = "unused"
        if self._fault("lost_sale"):
            raise UnknownOutcomeError("service.no_answer", service=self.name)
        return meterai

    async def find_issued(self, order: MeteraiOrder) -> Meterai | None:
        self.asked["find"] += 1
        if self._fault("down"):
            raise SigningError("service.unreachable", service=self.name)
        unused = [
            meterai
            for meterai in self.sold.get(order.key, ())
            if self.states[meterai.sn] == "unused" and meterai.sn not in order.on_record
        ]
        return unused[0] if unused else None

    async def state(self, sn: str) -> MeteraiState:
        return self.states.get(sn, "unknown")

    async def stamp(self, job: StampJob) -> bytes:
        self.asked["stamp"] += 1
        sn = job.meterai.sn
        if self._fault("no_stamp"):
            raise SigningError("service.unreachable", service=self.name)
        if self.states[sn] == "stamped":
            # a used number stamps only the same bytes again, and only when told that it is again
            assert job.is_retry, "a used serial number was sent as if it were new"
            assert self.sources[sn] == job.pdf, "a used serial number was sent for other bytes"
        stamped = await self.sandbox.stamp(job)
        self.states[sn] = "stamped"
        self.sources[sn] = job.pdf
        if self._fault("lost_stamp"):
            raise UnknownOutcomeError("service.no_answer", service=self.name)
        return stamped

    @property
    def bought(self) -> int:
        return sum(len(one) for one in self.sold.values())


def make_distributor(sandbox, timestamps, seed: int = 1) -> Distributor:
    return Distributor(
        sandbox=SandboxMeterai(
            key=sandbox.meterai,
            timestamps=timestamps,
            random_bytes=random.Random(seed).randbytes,  # noqa: S311 repeatable on purpose
        )
    )
