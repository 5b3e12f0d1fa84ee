"""A desk with an agreement, whose findings wait until a test lets them go."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pks_kit.web import Portal, create_app
from pks_kit.web.kept import KeptAnswers
from support.branch import facility
from support.desk_visitor import Visitor
from support.portal_server import CABANG, Caller, in_thread, write_portal
from support.signing_world import PASSPHRASE

BRANCH = f"cabang:{CABANG}"
PART = {"HX-Request": "true"}


class HeldPortal(Portal):
    """A portal whose findings wait until a test lets them go."""

    held = threading.Event()

    async def ask(self, kind: str, isi: dict[str, Any], **more: Any) -> Any:
        while kind in ("akhir_masa", "tumpukan_lihat") and self.held.is_set():
            await asyncio.sleep(0.01)
        return await super().ask(kind, isi, **more)

    @contextmanager
    def holding(self) -> Iterator[threading.Event]:
        """Let nothing be known yet, and nothing be found out before the event is cleared."""
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(self, "kept", KeptAnswers(1 << 20))
            patched.setattr(self, "looking_ahead", asyncio.Semaphore(1))
            self.held.set()
            yield self.held
            self.held.clear()


@dataclass
class HeldDesk:
    """A desk with an agreement.

    Attributes:
        url: Where the desk is.
        portal: Its portal.
        path: Address of the month in which the agreement ends.
        agreement: The agreement.
        officer: Who looks.
    """

    url: str
    portal: HeldPortal
    path: str
    agreement: str
    officer: Visitor = field(init=False)

    def __post_init__(self) -> None:
        self.officer = Visitor(self.url, BRANCH, "petugas")


@contextmanager
def held_desk(folder: Path) -> Iterator[HeldDesk]:
    """Serve a desk with an agreement that waits for a signature."""
    settings = write_portal(folder)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("RAHASIA", PASSPHRASE.decode())
        portal = HeldPortal.from_settings(settings, warms=False)
        told_by = {"X-Pks-Orang": "petugas", "X-Pks-Wilayah": BRANCH}
        with in_thread(create_app(portal), **told_by) as client:
            one, caller = facility(1), Caller(client)
            made = caller.post("/perjanjian", {"data": one.model_dump(mode="json")})
            agreement = str(caller.done(made)["perjanjian"])
            at = f"/meja/kalender/{one.jangka_waktu.tanggal_selesai:%Y-%m}"
            found = HeldDesk(str(client.base_url), portal, at, agreement)
            with found.officer.http:
                yield found
