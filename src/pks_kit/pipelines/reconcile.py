"""Ask the distributors about every open purchase, write down what they say, compare the books.

Nothing is bought and nothing is stamped here. What a distributor says for sure becomes
``meterai.terbit`` or ``meterai.gagal``; everything else is left open and told to a person. An
agreement that a session is working on is left to that session.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from pks_kit.errors import LedgerError, PksKitError, SigningError, UnknownOutcomeError
from pks_kit.json_form import HasJsonForm
from pks_kit.json_types import Code, shown
from pks_kit.ledger.ports import Ledger
from pks_kit.ledger.purchases import PurchaseState, RecordedPurchase, open_purchases, purchases
from pks_kit.messages import Message, lookup
from pks_kit.net.plain import PlainService, plain_services
from pks_kit.pipelines.requests.background import in_background, in_own_loop
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.clock import Clock, system_clock
from pks_kit.pipelines.signing import purchase as buying
from pks_kit.pipelines.signing.alone import alone_on
from pks_kit.pipelines.signing.reconcile_books import BooksCompared, compare_books
from pks_kit.signing.ports import MeteraiBook, MeteraiOrder, MeteraiProvider
from pks_kit.signing.session_places import SessionPlace

Outcome = Literal[
    "issued",
    "not_bought",
    "too_soon",
    "unclear",
    "not_asked",
    "unused",
    "stamped",
    "sn_unknown",
    "no_distributor",
    "busy",
]
"""What came of asking about one purchase; the words are ``reconcile.todo.<hasil>``."""

_FOR_A_PERSON = frozenset({"unclear", "sn_unknown", "no_distributor"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileRequest(Request):
    """What to reconcile.

    Attributes:
        ledger: The ledger.
        distributors: The distributors of the settings.
        folder: Folder of all sessions, whose locks are respected.
        settle: How old an unanswered purchase must be before "not bought" is believed.
        clock: Gives the present time, with a time zone.
    """

    ledger: Ledger
    distributors: Sequence[MeteraiProvider]
    folder: Path | SessionPlace
    settle: timedelta = timedelta(minutes=2)
    clock: Clock = system_clock


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedForm:
    """One open purchase and what came of asking.

    Attributes:
        agreement_id: Id of the agreement.
        kunci: Idempotency key.
        langkah: Step of the signing profile.
        penyedia: Distributor.
        before: How far the ledger knew it, as in ``ledger show``.
        result: What came of asking; ``issued`` and ``not_bought`` are written into the ledger.
        sn: Serial number when it is known now.
        error: Code of the error, when there was one.
        todo: What a person must do.
    """

    agreement_id: str
    kunci: str
    langkah: str
    penyedia: str
    before: PurchaseState
    result: Outcome
    sn: str | None
    error: Code | None
    todo: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPurchase(HasJsonForm):
    """One open purchase and what came of asking.

    Attributes:
        purchase: The purchase as it was before.
        hasil: What came of it.
        sn: Serial number when it is known now.
        error: The error that a distributor's answer, or its silence, became.
    """

    purchase: RecordedPurchase
    hasil: Outcome
    sn: str | None = None
    error: PksKitError | None = field(default=None, repr=False)

    @property
    def todo(self) -> Message:
        """Return what a person must do."""
        words = lookup(f"reconcile.todo.{self.hasil}")
        return words.fill({"sn": self.sn or "-", "key": self.purchase.kunci})

    def json_form(self) -> AskedForm:
        """Return the purchase with what came of asking."""
        return AskedForm(
            agreement_id=self.purchase.perjanjian,
            kunci=self.purchase.kunci,
            langkah=self.purchase.langkah,
            penyedia=self.purchase.penyedia,
            before=self.purchase.keadaan,
            result=self.hasil,
            sn=self.sn,
            error=None if self.error is None else self.error.code,
            todo=self.todo,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """What came of everything.

    Attributes:
        asked: Purchases that were open.
        books: Comparison with each distributor that tells its book.
        without_tls: Distributors that got credentials without TLS, by a written exception.
    """

    asked: Annotated[tuple[AskedPurchase, ...], Field(alias="purchases")]
    books: tuple[BooksCompared, ...]
    without_tls: tuple[PlainService, ...] = ()

    @shown()
    def needs_person(self) -> bool:
        """Whether something is left that no later run can settle; the exit code is 40 then."""
        return any(one.hasil in _FOR_A_PERSON for one in self.asked) or any(
            not one.agrees for one in self.books
        )


@verb
def ledger_reconcile(request: ReconcileRequest) -> Reconciled:
    """Ask about every open purchase, write down what is sure, and compare the books.

    Raises:
        UsageError: ``sign.running_loop`` inside a running event loop, where
            ``ledger_reconcile_async`` is awaited instead; ``request.type``.
        LedgerError: The ledger cannot be read or written.
    """
    return in_own_loop(_reconcile(request))


ledger_reconcile_async = in_background(ledger_reconcile)


async def _reconcile(request: ReconcileRequest) -> Reconciled:
    known = {one.name: one for one in request.distributors}
    asked = [await _asked(request, known, one) for one in open_purchases(request.ledger.events())]
    books = await _books(request, known.values())
    plain = plain_services(*request.distributors)
    return Reconciled(asked=tuple(asked), books=books, without_tls=plain)


async def _asked(
    request: ReconcileRequest, known: Mapping[str, MeteraiProvider], purchase: RecordedPurchase
) -> AskedPurchase:
    provider = known.get(purchase.penyedia)
    if provider is None:
        return AskedPurchase(purchase=purchase, hasil="no_distributor", sn=purchase.sn)
    try:
        with alone_on(request.folder, request.ledger, purchase.perjanjian):
            return await _answered(request, provider, purchase)
    except LedgerError as error:
        if error.code != "store.busy":
            raise
        return AskedPurchase(purchase=purchase, hasil="busy", sn=purchase.sn, error=error)


async def _answered(
    request: ReconcileRequest, provider: MeteraiProvider, purchase: RecordedPurchase
) -> AskedPurchase:
    try:
        if purchase.sn is not None:
            state = await provider.state(purchase.sn)
            found: Outcome = "sn_unknown" if state == "unknown" else state
            return AskedPurchase(purchase=purchase, hasil=found, sn=purchase.sn)
        meterai = await _buying(request, provider, purchase).resolve()
    except UnknownOutcomeError as error:
        return AskedPurchase(purchase=purchase, hasil="unclear", sn=purchase.sn, error=error)
    except SigningError as error:
        early = error.code == "meterai.too_soon"
        hasil: Outcome = "too_soon" if early else "not_asked"
        return AskedPurchase(purchase=purchase, hasil=hasil, sn=purchase.sn, error=error)
    if meterai is None:
        return AskedPurchase(purchase=purchase, hasil="not_bought")
    return AskedPurchase(purchase=purchase, hasil="issued", sn=meterai.sn)


def _buying(
    request: ReconcileRequest, provider: MeteraiProvider, purchase: RecordedPurchase
) -> buying.MeteraiPurchase:
    """Return the purchase for asking alone; what only a sale needs is not known here."""
    return buying.MeteraiPurchase(
        provider=provider,
        ledger=request.ledger,
        perjanjian=purchase.perjanjian,
        langkah=purchase.langkah,
        order=MeteraiOrder(
            key=purchase.kunci,
            document_sha256=purchase.dokumen_sha256,
            document_name="",
            document_number="",
            document_date=purchase.mulai.date(),
            peran=purchase.peran,
            payer="",
        ),
        clock=request.clock,
        settle=request.settle,
    )


async def _books(
    request: ReconcileRequest, providers: Iterable[MeteraiProvider]
) -> tuple[BooksCompared, ...]:
    """Compare with every distributor of which the ledger knows purchases."""
    listed = purchases(request.ledger.events())
    compared = []
    for provider in providers:
        own = tuple(one for one in listed if one.penyedia == provider.name)
        if not own or not isinstance(provider, MeteraiBook):
            continue
        try:
            lines = await provider.book()
        except SigningError as error:
            compared.append(BooksCompared(penyedia=provider.name, error=error))
            continue
        compared.append(compare_books(provider.name, own, lines))
    return tuple(compared)
