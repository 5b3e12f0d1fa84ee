"""Peruri cloud: the document is uploaded, stamped there and fetched again.

The purchase already names the uploaded document, so an order brings its bytes. What the server
calls document and picture is kept in memory;
after a restart the document is uploaded again and the picture is asked for again. That a serial
number may be stamped onto a second upload of the same bytes is inferred: the adapter binds it to
their hash, not to the upload [I].
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

from pks_kit.errors import SigningError, UnknownOutcomeError
from pks_kit.limits import PDF_BYTES
from pks_kit.net.plain import plain_names
from pks_kit.signing.ports import BookLine, Meterai, MeteraiOrder, MeteraiState, StampJob
from pks_kit.signing.sandbox.specimen import specimen
from pks_kit.signing.services.peruri.adapter import (
    REPEATED_TOKEN,
    StampPaths,
    check_answer,
    stamp_body,
)
from pks_kit.signing.services.peruri.addresses import host_of
from pks_kit.signing.services.peruri.answers import text_of
from pks_kit.signing.services.peruri.backend import Bought, PeruriBackend, file_name
from pks_kit.signing.services.peruri.call import Call
from pks_kit.signing.step.stamp_preflight import check_source, check_stampable
from pks_kit.signing.step.stamp_result import check_stamped

PROFILE = "emeteraicertificateSigner"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeruriCloud:
    """Peruri without an adapter of one's own; a ``MeteraiProvider``.

    Attributes:
        backend: Login, purchase, state.
        batas_detik: How long uploading, stamping and fetching may take, each.
        uploads: Id of the upload by hash of the document, in this process.
        server_files: Name of the picture on the server by serial number, in this process.
    """

    backend: PeruriBackend
    batas_detik: float = 60.0
    uploads: dict[str, str] = field(default_factory=dict, repr=False)
    server_files: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """Return the name for messages and the ledger."""
        return f"peruri-cloud {self.backend.login.name}"

    @property
    def is_uji(self) -> bool:
        """Return whether staging is used."""
        return self.backend.login.hosts.is_uji

    @property
    def without_tls(self) -> tuple[str, ...]:
        """Return the services to which account or token go without TLS."""
        return plain_names(self.backend.login.hosts.addresses)

    async def check_ready(self, now: datetime) -> None:
        """Check login, document type and quota; see ``MeteraiProvider``."""
        await self.backend.check_ready()

    async def left(self) -> int:
        """Return how many meterai can still be bought; a ``HasQuota``."""
        return (await self.backend.quota()).saldo

    async def issue(self, order: MeteraiOrder) -> Meterai:
        """Upload the document and buy one meterai for it; see ``MeteraiProvider``.

        Raises:
            SigningError: Also ``meterai.source_differs`` when the order brings other bytes.
        """
        pdf = order.document
        if hashlib.sha256(pdf).hexdigest() != order.document_sha256:
            raise SigningError("meterai.source_differs", sn="-")
        check_source(pdf, order.looks)
        idfile = await self._uploaded(pdf, file_name(order))
        return self._kept(await self.backend.buy(order, idfile))

    async def find_issued(self, order: MeteraiOrder) -> Meterai | None:
        """Return the unused meterai bought for an order; see ``MeteraiProvider``."""
        found = await self.backend.find(order)
        return None if found is None else self._kept(found)

    async def state(self, sn: str) -> MeteraiState:
        """Return what Peruri knows of a serial number."""
        return await self.backend.state(sn)

    async def book(self) -> tuple[BookLine, ...]:
        """Return every serial number sold to pks-kit with this account."""
        return await self.backend.book()

    async def stamp(self, job: StampJob) -> bytes:
        """Return the stamped PDF; see ``MeteraiProvider``.

        Raises:
            SigningError: Refused before anything was done, or ``meterai.result.*``.
            UnknownOutcomeError: Also ``meterai.other_host`` when the result lies on a host that
                is not Peruri's: the token is never sent there.
        """
        job = replace(job, box=check_stampable(job.pdf, job.box, job.looks))
        sn = job.meterai.sn
        spesimen = (
            self.server_files.get(sn) or (await self.backend.bought(sn, job.looks)).server_file
        )
        if not spesimen:
            raise UnknownOutcomeError("meterai.bought_without_image", sn=sn, reason="filenameQR")
        doc_id = await self._uploaded(job.pdf, f"{sn}.pdf")
        paths = StampPaths(
            src=f"/sharefolder/doc_{doc_id}.pdf",
            dest=f"/sharefolder/final_{doc_id}.pdf",
            spesimen=f"/sharefolder/{spesimen}",
        )
        stamped = await self._fetched(await self._stamped(job, paths, doc_id), sn)
        check_stamped(job.pdf, stamped, sn, job.box, job.looks)
        return stamped

    async def _uploaded(self, pdf: bytes, name: str) -> str:
        """Return the id of the upload of these bytes; costs nothing."""
        sha256 = hashlib.sha256(pdf).hexdigest()
        if sha256 not in self.uploads:
            login = self.backend.login
            call = Call(
                what="uploaddoc2",
                method="POST",
                url=f"{login.hosts.upload}/uploaddoc2",
                form={},
                repeats_token="token",  # noqa: S106 a name, not a token
                file=("file", name, pdf, "application/pdf"),
                seconds=self.batas_detik,
            )
            doc_id = text_of(await login.ask(call), "id")
            if not doc_id.replace("-", "").replace("_", "").isalnum():
                raise SigningError("meterai.answer_unclear", what="uploaddoc2", detail="id")
            self.uploads[sha256] = doc_id
        return self.uploads[sha256]

    async def _stamped(self, job: StampJob, paths: StampPaths, doc_id: str) -> str:
        """Stamp on the server and return the address of the result."""
        login = self.backend.login
        body = stamp_body(job, paths, PROFILE) | {"docId": doc_id, "onPrem": False}
        call = Call(
            what="docSigningZ",
            method="POST",
            url=f"{login.hosts.stampservice}/keystamp/adapter/docSigningZ",
            json=body,
            repeats_token=REPEATED_TOKEN,
            acts=True,
            seconds=self.batas_detik,
        )
        reply = await login.send(call)
        answer = check_answer(reply, job.meterai.sn, login.account.password)
        return text_of(answer, "urlFile")

    async def _fetched(self, url: str, sn: str) -> bytes:
        """Return the stamped file; it exists, so every failure is an unknown outcome."""
        login = self.backend.login
        allowed = {urlsplit(address)[:2] for address in login.hosts.addresses}
        try:
            scheme_and_host = urlsplit(url)[:2]
        except ValueError:
            scheme_and_host = ("", "")
        if scheme_and_host not in allowed:
            raise UnknownOutcomeError("meterai.other_host", host=host_of(url), sn=sn)
        call = Call(
            what="urlFile", method="GET", url=url, acts=True, seconds=self.batas_detik,
            limit=PDF_BYTES,
        )  # fmt: skip
        reply = await login.send(call)
        if reply.status != 200 or not reply.body.startswith(b"%PDF-"):
            raise UnknownOutcomeError("meterai.no_file", sn=sn)
        return reply.body

    def _kept(self, bought: Bought) -> Meterai:
        """Return the meterai and remember its picture on the server.

        This flow never sends the picture; when Peruri gives only its name, a specimen with the
        same number stands in for it on record.
        """
        if bought.server_file:
            self.server_files[bought.sn] = bought.server_file
        return Meterai(sn=bought.sn, image=bought.picture or specimen(bought.sn))
