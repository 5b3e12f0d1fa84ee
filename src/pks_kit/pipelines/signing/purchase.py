"""Buy one meterai for one place of one file, and never two: written down before it is paid.

The order of things is the whole point (docs/sumber.md E2.4):

1. ``meterai.niat`` is durable before the distributor is called; its key is the hash of the
   document, the party and the copy, and the ledger takes each attempt once.
2. ``meterai.terbit`` with serial number and picture is durable before anything is stamped.
3. ``meterai.bubuh`` is durable before stamping; whatever is lost after that is done again with the
   same serial number and the same bytes.

A lost answer is asked for; a second purchase needs the distributor's word that the first one did
not happen, or a named person (``meterai.lepas``).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pks_kit.errors import SigningError, UnknownOutcomeError
from pks_kit.foreign import HERE
from pks_kit.ledger import kinds
from pks_kit.pdf.prefix.running import sha256_of
from pks_kit.signing.ports import Meterai, MeteraiOrder, MeteraiProvider, StampJob

if TYPE_CHECKING:
    from collections.abc import Callable

    from pks_kit.domain.receipt import Receipt, RecordedPlace
    from pks_kit.foreign import Looks
    from pks_kit.ledger.ports import Event, Ledger


def purchase_key(agreement_id: str, langkah: str, document: bytes) -> str:
    """Return the idempotency key of a purchase: agreement, step, hash of the bytes.

    The 1 at its end once counted copies; keys in ledgers and at distributors keep their form.
    """
    sha256 = sha256_of(document)
    return f"{agreement_id}-{langkah.replace('_', '-')}-{sha256[:16]}-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeteraiPurchase:
    """One purchase, from intent to stamp.

    Attributes:
        provider: Distributor.
        ledger: Where everything is written down; None only for the sandbox, which sells nothing.
        perjanjian: Id of the agreement.
        langkah: Step of the profile.
        order: What is ordered; its ``key`` is the idempotency key.
        clock: Gives the present time.
        settle: How old an intent must be before the distributor's "nothing was bought" counts;
            a purchase may show up in its books only after a while.
    """

    provider: MeteraiProvider
    ledger: Ledger | None
    perjanjian: str
    langkah: str
    order: MeteraiOrder
    clock: Callable[[], datetime]
    settle: timedelta = timedelta(minutes=2)

    async def buy(self) -> tuple[Meterai, bool]:
        """Return the meterai of this order and whether stamping with it was begun before.

        Raises:
            SigningError: Refused; ``meterai.too_soon`` while an unanswered purchase is fresh;
                ``meterai.other_distributor`` when it was sent to another one.
            UnknownOutcomeError: It is not known whether one was bought.
            LedgerError: It could not be written down; nothing was called.
        """
        if self.ledger is None:
            await self.provider.check_ready(self.clock())
            return await self.provider.issue(self.order), False
        everything = self._purchases_of_step()
        history = [one for one in everything if one.isi["kunci"] == self.order.key]
        known = _issued(history)
        if known is not None:
            return known, any(one.jenis == kinds.METERAI_BUBUH for one in history)
        _refuse_other_documents(everything, self.order.key)
        found = await self._resolved(history)
        if found is not None:
            return found, False
        attempts = [one for one in everything if one.jenis == kinds.METERAI_NIAT]
        return await self._buy_new(len(attempts) + 1), False

    async def resolve(self) -> Meterai | None:
        """Ask about an open purchase and write the answer down; never buys.

        Returns:
            The meterai that is on record now, or None: nothing was bought, or nothing was open.

        Raises:
            SigningError: It cannot be asked, or ``meterai.too_soon``.
            UnknownOutcomeError: The distributor's answer does not tell.
            LedgerError: The answer could not be written down.
        """
        history = [one for one in self._purchases_of_step() if one.isi["kunci"] == self.order.key]
        return _issued(history) or await self._resolved(history)

    async def stamp(self, job: StampJob) -> bytes:
        """Stamp with the meterai of this order; a lost stamp is repeated with the same bytes.

        Raises:
            SigningError: Refused; the meterai stays on record for the next attempt.
            UnknownOutcomeError: The answer was lost.
        """
        if self.ledger is None:
            return await self.provider.stamp(job)
        self._write(kinds.METERAI_BUBUH, sn=job.meterai.sn)
        try:
            return await self.provider.stamp(job)
        except UnknownOutcomeError as error:
            self._write(kinds.METERAI_TIDAK_PASTI, tahap="bubuh", kode=error.code)
            raise

    def done(self, sn: str, after_sha256: str) -> None:
        """Write down that the stamped file passed its checks and is stored."""
        self._write(kinds.METERAI_TERBUBUH, sn=sn, sesudah_sha256=after_sha256)

    def _purchases_of_step(self) -> list[Event]:
        """Return all events about purchases for this step, whatever document they were for."""
        if self.ledger is None:
            return []
        events = [
            one for one in self.ledger.events(self.perjanjian) if one.jenis.startswith("meterai.")
        ]
        keys = {
            one.isi["kunci"]
            for one in events
            if one.jenis == kinds.METERAI_NIAT and one.isi["langkah"] == self.langkah
        }
        return [one for one in events if one.isi["kunci"] in keys]

    async def _resolved(self, history: list[Event]) -> Meterai | None:
        intents = [one for one in history if one.jenis == kinds.METERAI_NIAT]
        if not intents or _is_closed(history, intents[-1]):
            return None
        asked = intents[-1].isi["penyedia"]
        if asked != self.provider.name:
            raise SigningError("meterai.other_distributor", asked=asked, now=self.provider.name)
        found = await self._ask(intents[-1], history)
        return None if found is None else self._issued(found)

    async def _ask(self, intent: Event, history: list[Event]) -> Meterai | None:
        """Ask the distributor about an intent whose outcome is not written down."""
        known = frozenset(one.isi["sn"] for one in history if one.jenis == kinds.METERAI_TERBIT)
        found = await self.provider.find_issued(replace(self.order, on_record=known))
        if found is not None:
            return found
        age = self.clock() - intent.waktu
        if not self.provider.is_uji and age < self.settle:
            wait = int((self.settle - age).total_seconds()) + 1
            raise SigningError("meterai.too_soon", seconds=wait)
        self._write(kinds.METERAI_GAGAL, ke=intent.isi["ke"], kode="meterai.not_bought")
        return None

    async def _buy_new(self, attempt: int) -> Meterai:
        await self.provider.check_ready(self.clock())
        self._write(
            kinds.METERAI_NIAT,
            unik=f"niat:{self.perjanjian}:{self.langkah}:{attempt}",
            langkah=self.langkah,
            peran=self.order.peran,
            dokumen_sha256=self.order.document_sha256,
            penyedia=self.provider.name,
            ke=attempt,
        )
        try:
            meterai = await self.provider.issue(self.order)
        except UnknownOutcomeError as error:
            self._write(kinds.METERAI_TIDAK_PASTI, tahap="beli", kode=error.code)
            raise
        except SigningError as error:
            self._write(kinds.METERAI_GAGAL, ke=attempt, kode=error.code)
            raise
        return self._issued(meterai)

    def _issued(self, meterai: Meterai) -> Meterai:
        self._write(
            kinds.METERAI_TERBIT,
            unik=f"sn:{meterai.sn}",
            sn=meterai.sn,
            gambar_b64=base64.b64encode(meterai.image).decode("ascii"),
            dokumen_sha256=self.order.document_sha256,
            penyedia=self.provider.name,
        )
        return meterai

    def _write(self, jenis: str, *, unik: str | None = None, **isi: Any) -> None:
        if self.ledger is not None:
            facts: Mapping[str, Any] = {"kunci": self.order.key, **isi}
            self.ledger.append(self.perjanjian, jenis, facts, waktu=self.clock(), unik=unik)


def _issued(history: list[Event]) -> Meterai | None:
    """Return the meterai that was issued and not given up, from the ledger alone."""
    kept: Meterai | None = None
    for one in history:
        if one.jenis == kinds.METERAI_TERBIT:
            kept = Meterai(sn=one.isi["sn"], image=base64.b64decode(one.isi["gambar_b64"]))
        elif one.jenis == kinds.METERAI_LEPAS:
            kept = None
    return kept


def _refuse_other_documents(everything: list[Event], key: str) -> None:
    """Refuse to buy while a meterai for another version of this document is not given up.

    Raises:
        SigningError: ``meterai.open_elsewhere`` with the key that a named person may give up.
    """
    for one in everything:
        other = one.isi["kunci"]
        if one.jenis != kinds.METERAI_NIAT or other == key:
            continue
        if not _is_closed([event for event in everything if event.isi["kunci"] == other], one):
            raise SigningError("meterai.open_elsewhere", key=other)


def _is_closed(history: list[Event], intent: Event) -> bool:
    """Return whether an attempt ended for sure without a purchase, or was given up by name."""
    ends = (kinds.METERAI_GAGAL, kinds.METERAI_LEPAS)
    return any(
        one.jenis in ends and one.isi.get("ke") == intent.isi["ke"] and one.nomor > intent.nomor
        for one in history
    )


def refuse_unpaid_ledger(provider: MeteraiProvider, ledger: Ledger | None) -> None:
    """Refuse to buy from a real distributor without a ledger.

    Raises:
        SigningError: ``meterai.no_ledger``.
    """
    if ledger is None and not provider.is_uji:
        raise SigningError("meterai.no_ledger")


def order_for(
    receipt: Receipt,
    place: RecordedPlace,
    langkah: str,
    document: bytes,
    looks: Looks = HERE,
) -> MeteraiOrder:
    """Return the order of one meterai: who pays, for which document, under which key."""
    first = place.peran == "pihak_kesatu"
    return MeteraiOrder(
        key=purchase_key(receipt.agreement_id, langkah, document),
        document_sha256=sha256_of(document),
        document_name=f"{receipt.slug}.pdf",
        document_number=receipt.nomor_kesatu if first else receipt.nomor_kedua,
        document_date=receipt.tanggal_mulai,
        peran=place.peran,
        payer=receipt.nama_kesatu if first else receipt.nama_kedua,
        document=document,
        looks=looks,
    )
