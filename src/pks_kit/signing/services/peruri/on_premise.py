"""Peruri on-premise: the document stays here, an adapter beside us stamps it in a shared folder.

One stamp at a time: the adapter is known to hang when two come together (esign 2.4, section 6 row
11). Files are named by serial number and are written once: stamping again always finds the same
bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from pks_kit.errors import SigningError, UnknownOutcomeError
from pks_kit.net.plain import plain_names
from pks_kit.signing.ports import BookLine, Meterai, MeteraiOrder, MeteraiState, StampJob
from pks_kit.signing.services.peruri.adapter import (
    REPEATED_TOKEN,
    StampPaths,
    check_answer,
    stamp_body,
)
from pks_kit.signing.services.peruri.addresses import host_of
from pks_kit.signing.services.peruri.backend import Bought, PeruriBackend
from pks_kit.signing.services.peruri.call import Call, send
from pks_kit.signing.services.peruri.options import AdapterSettings
from pks_kit.signing.services.peruri.shared_folder import SharedFolder
from pks_kit.signing.step.stamp_preflight import check_stampable


@dataclass(frozen=True, slots=True, kw_only=True)
class PeruriOnPremise:
    """Peruri with an adapter of one's own; a ``MeteraiProvider``.

    Attributes:
        backend: Login, purchase, state.
        adapter: The adapter and the shared folder.
    """

    backend: PeruriBackend
    adapter: AdapterSettings

    def __post_init__(self) -> None:
        """Refuse an adapter of another world than the addresses.

        Raises:
            UsageError: ``meterai.mixed_hosts``.
        """
        self.adapter.check_fits(self.backend.login.hosts)

    @property
    def name(self) -> str:
        """Return the name for messages and the ledger."""
        return f"peruri-lokal {self.backend.login.name}"

    @property
    def is_uji(self) -> bool:
        """Return whether staging is used."""
        return self.backend.login.hosts.is_uji

    @property
    def without_tls(self) -> tuple[str, ...]:
        """Return the services to which account or token go without TLS."""
        return plain_names([*self.backend.login.hosts.addresses, self.adapter.url])

    async def check_ready(self, now: datetime) -> None:
        """Check login, document type, quota, the adapter's greeting and the shared folder.

        Raises:
            SigningError: Also ``meterai.not_adapter``, ``meterai.folder``.
        """
        await self.backend.check_ready()
        allowed = self.adapter.may_go_plain
        url = f"{self.adapter.url}/"
        reply = await send(Call(what="adapter", method="GET", url=url, may_go_plain=allowed))
        greeting = reply.json_object() or {}
        if reply.status != 200 or "signadapter" not in str(greeting.get("message", "")).casefold():
            raise SigningError("meterai.not_adapter", host=host_of(self.adapter.url))
        self._folder.check_usable()

    async def left(self) -> int:
        """Return how many meterai can still be bought; a ``HasQuota``."""
        return (await self.backend.quota()).saldo

    async def issue(self, order: MeteraiOrder) -> Meterai:
        """Buy one meterai; see ``MeteraiProvider``."""
        return _meterai(await self.backend.buy(order))

    async def find_issued(self, order: MeteraiOrder) -> Meterai | None:
        """Return the unused meterai bought for an order; see ``MeteraiProvider``."""
        found = await self.backend.find(order)
        return None if found is None else _meterai(found)

    async def state(self, sn: str) -> MeteraiState:
        """Return what Peruri knows of a serial number."""
        return await self.backend.state(sn)

    async def book(self) -> tuple[BookLine, ...]:
        """Return every serial number sold to pks-kit with this account."""
        return await self.backend.book()

    async def stamp(self, job: StampJob) -> bytes:
        """Return the stamped PDF; see ``MeteraiProvider``.

        A result that an earlier attempt left in the folder is taken before anything is sent.

        Raises:
            SigningError: Refused before anything was done: a twin of a refusal of the adapter, a
                refusal itself, ``meterai.source_differs``, ``meterai.slot_busy``,
                ``meterai.folder``; or ``meterai.result.*``, when the adapter stamped something
                else than was ordered.
            UnknownOutcomeError: Repeat with the same meterai and bytes.
        """
        job = replace(job, box=check_stampable(job.pdf, job.box, job.looks))
        folder = self._folder
        async with folder.slot():
            earlier = folder.earlier_result(job)
            if earlier is not None:
                return earlier
            paths = self._prepare(job)
            try:
                await self._call(job, paths)
            except UnknownOutcomeError:
                late = await folder.awaited_result(job, self.adapter.jeda_detik * 4)
                if late is None:
                    raise
                return late
            found = await folder.awaited_result(job, self.adapter.tunggu_detik)
            if found is None:
                raise UnknownOutcomeError("meterai.no_file", sn=job.meterai.sn)
            return found

    @property
    def _folder(self) -> SharedFolder:
        return SharedFolder(settings=self.adapter)

    def _prepare(self, job: StampJob) -> StampPaths:
        picture = self._folder.write_picture(job)
        self._folder.write_source(job)
        sn = job.meterai.sn
        return StampPaths(
            src=self.adapter.in_container(f"UNSIGNED/{sn}.pdf"),
            dest=self.adapter.in_container(f"SIGNED/{sn}.pdf"),
            spesimen=self.adapter.in_container(f"STAMP/{picture}"),
        )

    async def _call(self, job: StampJob, paths: StampPaths) -> None:
        login = self.backend.login
        call = Call(
            what="docSigningZ",
            method="POST",
            url=f"{self.adapter.url}/adapter/pdfsigning/rest/docSigningZ",
            json=stamp_body(job, paths, self.adapter.profile_name),
            repeats_token=REPEATED_TOKEN,
            acts=True,
            seconds=self.adapter.batas_detik,
            may_go_plain=self.adapter.may_go_plain,
        )
        reply = await login.send(call)
        check_answer(reply, job.meterai.sn, login.account.password)


def _meterai(bought: Bought) -> Meterai:
    """Return the meterai with its picture; the adapter cannot stamp without it.

    Raises:
        UnknownOutcomeError: ``meterai.bought_without_image``.
    """
    if bought.picture is None:
        raise UnknownOutcomeError(
            "meterai.bought_without_image", sn=bought.sn, reason=bought.server_file or "-"
        )
    return Meterai(sn=bought.sn, image=bought.picture)
