"""People at their pages: each asks when it suits them, whether or not others have their answer.

``wrk`` asks again as soon as it is answered, so it never leaves a server alone and, when an answer
is late, asks less. People do neither. Here the moments of all questions are drawn beforehand
(a Poisson process with a fixed seed), and what one waits is counted from that moment on, so a
server that stands still is told by everybody who wanted something meanwhile.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

CONNECTIONS = 4

_SEED = 20261201
_VERSION = re.compile(r'id="versi" value="(\d+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of a server again and again.

    Attributes:
        name: Its name in the tables.
        paths: Addresses, one after another.
        headers: With which headers.
        method: HTTP method.
        bodies: What is sent, one after another.
        kind: Which bar its p99 has; empty for none.
        plain: Which peer serves the same bytes; empty for none.
        connections: How many ask at once.
        version: Version of the form that ``VERSI`` in the bodies names; empty for none.
    """

    name: str
    paths: tuple[str, ...]
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "GET"
    bodies: tuple[str, ...] = ()
    kind: str = "page"
    plain: str = ""
    connections: int = CONNECTIONS
    version: str = ""


@dataclass(slots=True)
class Waits:
    """What people waited for one kind of page, in milliseconds.

    Attributes:
        waited: Of each answer, from the moment somebody wanted it.
        wrong: How many answers were neither 2xx nor 3xx.
    """

    waited: list[float] = field(default_factory=list)
    wrong: int = 0

    def share(self, part: float) -> float:
        """Return what ``part`` (0 to 1) of the answers did not exceed; of none it is not told."""
        if not self.waited:
            return float("nan")
        ordered = sorted(self.waited)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def people(
    server: str, wishes: Sequence[Asked], *, seconds: float, a_second: float
) -> dict[str, Waits]:
    """Let people ask for some seconds and return what they waited.

    Args:
        server: Address of the server.
        wishes: What they ask for, each as often as the others.
        seconds: How long they go on asking.
        a_second: How many questions there are in a second, all people together.
    """
    return asyncio.run(_people(server, wishes, seconds, a_second))


async def _people(
    server: str, wishes: Sequence[Asked], seconds: float, a_second: float
) -> dict[str, Waits]:
    chance = random.Random(_SEED)  # noqa: S311 (moments, no secret)
    serials = {one.name: itertools.count() for one in wishes}
    busy = {one.name: asyncio.Lock() for one in wishes if one.version}
    versions = {one.name: one.version for one in wishes}
    found = {one.name: Waits() for one in wishes}

    async def ask(client: httpx.AsyncClient, one: Asked, wanted: float) -> None:
        serial = next(serials[one.name])
        bodies = one.bodies or ("",)
        body = bodies[serial % len(bodies)]
        if one.version:
            body = body.replace("VERSI", versions[one.name])
        answer = await client.request(
            one.method, one.paths[serial % len(one.paths)], headers=one.headers, content=body
        )
        found[one.name].waited.append(1000 * (time.monotonic() - wanted))
        found[one.name].wrong += answer.status_code >= 400
        moved = _VERSION.search(answer.text) if one.version else None
        versions[one.name] = moved[1] if moved else versions[one.name]

    async def one_after_another(client: httpx.AsyncClient, one: Asked, wanted: float) -> None:
        lock = busy.get(one.name)
        if lock is None:
            await ask(client, one, wanted)
        elif not lock.locked():  # one person fills in a form, so nobody asks of it twice at once
            async with lock:
                await ask(client, one, wanted)

    asked: list[asyncio.Task[None]] = []
    async with httpx.AsyncClient(base_url=server, timeout=60) as client:
        begun = wanted = time.monotonic()
        while wanted < begun + seconds:
            wanted += chance.expovariate(a_second)
            await asyncio.sleep(max(0.0, wanted - time.monotonic()))
            one = chance.choice(wishes)
            asked.append(asyncio.create_task(one_after_another(client, one, wanted)))
        await asyncio.gather(*asked)
    return found


def idle_seconds() -> float:
    """Return for how many seconds the processors of this machine had nothing to do, since it runs.

    Time that waited for a disk counts too; it is the sum over all processors.
    """
    told = Path("/proc/uptime").read_text(encoding="ascii").split()
    return float(told[1])
