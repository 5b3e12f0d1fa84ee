"""Look into a ledger, check it, export it, bring it up to date, give a purchase up.

A ledger is a database and no file of bytes: requests take it opened (``open_ledger``), or say
where it is, and then it is opened for this call alone.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pks_kit.domain.secret import Secret
from pks_kit.errors import LedgerError, UsageError
from pks_kit.files import NamedFile
from pks_kit.json_form import HasJsonForm
from pks_kit.json_types import Count
from pks_kit.ledger.agreements import AgreementProgress, agreements
from pks_kit.ledger.chain import ChainReport, Head, KnownHead, check_chain
from pks_kit.ledger.export import Sink, events_in, verify_export, write_events
from pks_kit.ledger.forms import PurchaseReleased
from pks_kit.ledger.guards import GuardFault
from pks_kit.ledger.ports import Event
from pks_kit.ledger.purchases import RecordedPurchase, purchases
from pks_kit.ledger.release import release
from pks_kit.ledger.store import SqlLedger, migrate_ledger, open_ledger
from pks_kit.ledger.sums import Sums, sums
from pks_kit.messages.nearest import meant
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.clock import Clock, moment, system_clock
from pks_kit.pipelines.requests.given import TextInput
from pks_kit.policy.signing_profile import load_profile, profile_names
from pks_kit.resources import signing_root
from pks_kit.rules.law.parameters import load_parameters

LedgerInput = SqlLedger | Path | str
"""A ledger that is open, or where it is: a SQLite file (path), or the URL of a database (text)."""

METERAI = "perjanjian.meterai_tempel"
"""Parameter with the price of one meterai; the electronic one costs what the adhesive one does."""


@contextmanager
def opened_ledger(given: LedgerInput, password: Secret | None) -> Iterator[SqlLedger]:
    """Give an open ledger; one that was given open stays open."""
    if isinstance(given, SqlLedger):
        yield given
        return
    with open_ledger(given, password=password, create=False) as ledger:
        yield ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerShowRequest(Request):
    """What to show.

    Attributes:
        ledger: The ledger, open or where it is.
        password: Password of a PostgreSQL ledger that is not open yet.
        agreement_id: Only this agreement; None: all.
        price: Rupiah of one meterai; None: by law today.
        clock: Tells which day today is.
    """

    ledger: LedgerInput
    password: Secret | None = None
    agreement_id: str | None = None
    price: int | None = None
    clock: Clock = system_clock


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerShowResult:
    """States, purchases and sums.

    Attributes:
        ledger: Which ledger, without a password.
        head: Its last event; None when it is empty.
        agreements: What each agreement has and what it lacks.
        purchases: Every purchase of a meterai.
        price: Rupiah of one meterai.
        sums: Sums over the purchases.
        guarded: Whether the database keeps its events from being changed.
    """

    ledger: str
    head: Head | None
    agreements: tuple[AgreementProgress, ...]
    purchases: tuple[RecordedPurchase, ...]
    price: Count
    sums: Sums
    guarded: bool


def _no_agreement(ledger: SqlLedger, typed: str) -> LedgerError:
    """Return that a ledger holds no such agreement, with ids that come near."""
    known = [event.perjanjian for event in ledger.events() if event.perjanjian]
    return LedgerError("ledger.no_agreement", perjanjian=typed[:60], meant=meant(typed, known))


@verb
def ledger_show(request: LedgerShowRequest) -> LedgerShowResult:
    """Show states, missing steps, purchases and sums, of all or one agreement.

    Raises:
        LedgerError: ``ledger.no_agreement``; it cannot be opened or read.
        UsageError: ``request.type``, ``request.clock``.
    """
    with opened_ledger(request.ledger, request.password) as ledger:
        head = ledger.head()
        events = ledger.events(request.agreement_id)
        name = ledger.shown
        guarded = ledger.verify().guarded is not False
        if request.agreement_id is not None and not events:
            raise _no_agreement(ledger, request.agreement_id)
    root = signing_root()
    profiles = [load_profile(root, name) for name in profile_names(root)]
    price = request.price
    if price is None:
        price = _price(moment(request.clock).date())
    return LedgerShowResult(
        ledger=name,
        head=head,
        agreements=agreements(events, profiles),
        purchases=purchases(events),
        price=price,
        sums=sums(events, price),
        guarded=guarded,
    )


ledger_show_async = in_background(ledger_show)


def _price(today: date) -> int:
    value = load_parameters().resolve(METERAI, today).nilai
    return value if isinstance(value, int) else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerVerifyRequest(Request):
    """What to check; either a ledger or an export of one.

    Attributes:
        ledger: The ledger, open or where it is.
        password: Password of a PostgreSQL ledger that is not open yet.
        export: The file that ``ledger_export`` made; no database is asked then. A path is read
            event by event and may be of any size.
        head: An event known from elsewhere, as ``number:hash``; None: a lost end is not noticed.
        receipts: Files in which a head was kept: receipts of sessions, seals, evidence files,
            archived PDFs.
        trust: PEM or DER files with certificates of authorities to trust, for seals.
    """

    ledger: LedgerInput | None = None
    password: Secret | None = None
    export: bytes | Path | NamedFile | None = None
    head: Head | str | None = None
    receipts: Sequence[TextInput] = ()
    trust: Sequence[TextInput] = ()


@verb
def ledger_verify(request: LedgerVerifyRequest) -> ChainReport:
    """Check the chain and say what was altered, removed, inserted or reordered.

    Raises:
        UsageError: ``ledger.bad_head``; ``ledger.no_address`` when neither ledger nor export was
            given; ``sign.running_loop`` for a seal inside a running event loop, where
            ``ledger_verify_async`` is awaited instead; ``request.type``.
        InputError: ``file.not_found`` or ``file.unreadable`` for the export;
            ``ledger.no_head_inside`` for a receipt without a head; ``trust.no_certificate``.
        LedgerError: ``ledger.bad_export`` with the line that is no event; the ledger cannot be
            opened or read.
    """
    expected = _head(request.head)
    known: tuple[KnownHead, ...] = ()
    if request.receipts:
        from pks_kit.pipelines.verifying.known_heads import known_heads

        known = known_heads(request.receipts, request.trust)
    export = request.export
    if isinstance(export, Path):
        return verify_export(export, expected, known)
    if export is not None:
        name, content = ("export", export) if isinstance(export, bytes) else _parts(export)
        rows = events_in(content, name)
        return check_chain(lambda: iter(rows), expected_head=expected, known=known)
    if request.ledger is None:
        raise UsageError("ledger.no_address", variable="LedgerVerifyRequest.ledger")
    with opened_ledger(request.ledger, request.password) as ledger:
        return ledger.verify(expected, known)


ledger_verify_async = in_background(ledger_verify)


def _parts(file: NamedFile) -> tuple[str, bytes]:
    return file.name, file.content


def _head(given: Head | str | None) -> Head | None:
    if not isinstance(given, str):
        return given
    nomor, _, digest = given.partition(":")
    if not (nomor.isascii() and nomor.isdigit() and len(nomor) < 19) or len(digest) != 64:
        raise UsageError("ledger.bad_head")
    return Head(int(nomor), digest.lower())


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerExportRequest(Request):
    """What to export.

    Attributes:
        ledger: The ledger, open or where it is.
        password: Password of a PostgreSQL ledger that is not open yet.
        into: Takes the lines as they are read, for a ledger larger than memory; None: they are in
            the result.
    """

    ledger: LedgerInput
    password: Secret | None = None
    into: Sink | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerExportResult:
    """What was exported.

    Attributes:
        file: All events as JSON Lines; None when they went into a sink.
        count: How many events.
        head: The last one; keep it elsewhere, with it later checks notice a lost end.
    """

    file: NamedFile | None = field(repr=False)
    count: Count
    head: Head | None


@verb
def ledger_export(request: LedgerExportRequest) -> LedgerExportResult:
    """Export all events, for ``ledger_verify``.

    Altered events are exported as they stand, so that they can be examined.

    Raises:
        LedgerError: The ledger cannot be opened or read.
        UsageError: ``request.type``.
    """
    kept = io.BytesIO()
    with opened_ledger(request.ledger, request.password) as ledger:
        sink = kept if request.into is None else request.into
        count, head = write_events(ledger.stored(), sink)
    file = NamedFile("buku-besar.jsonl", kept.getvalue()) if request.into is None else None
    return LedgerExportResult(file=file, count=count, head=head)


ledger_export_async = in_background(ledger_export)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerMigrateRequest(Request):
    """Which ledger to bring up to date.

    Attributes:
        address: A SQLite file (path), or the URL of a database (text).
        password: Password for PostgreSQL.
    """

    address: Path | str
    password: Secret | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerMigrateResult:
    """What was changed.

    Attributes:
        before: Version of the schema before; None when there was none.
        after: Version of the schema now.
        guards: What was wrong with the guards of a ledger that was up to date; ``missing``,
            ``altered`` and ``off`` were made anew, the rest needs a person.
    """

    before: str | None
    after: str
    guards: tuple[GuardFault, ...] = ()


@verb
def ledger_migrate(request: LedgerMigrateRequest) -> LedgerMigrateResult:
    """Bring an older ledger to the schema of this version, and make lost guards anew.

    All in one transaction. The events stay as they are: whether they are whole says
    :func:`ledger_verify`.

    Raises:
        LedgerError: It cannot be opened or changed.
        UsageError: ``request.type``.
    """
    done = migrate_ledger(request.address, password=request.password)
    return LedgerMigrateResult(before=done.before, after=done.after, guards=done.guards)


ledger_migrate_async = in_background(ledger_migrate)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerReleaseRequest(Request):
    """Which purchase to give up, and who decides it.

    Attributes:
        ledger: The ledger, open or where it is.
        kunci: Key of the purchase, as ``ledger_show`` tells it.
        oleh: Who decides.
        alasan: Why.
        password: Password of a PostgreSQL ledger that is not open yet.
        clock: Gives the present time, with a time zone.
    """

    ledger: LedgerInput
    kunci: str
    oleh: str
    alasan: str
    password: Secret | None = None
    clock: Clock = system_clock


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerReleaseResult(HasJsonForm):
    """What was given up.

    Attributes:
        purchase: The purchase as it was before.
        event: The event that was written down; name and reason are kept for ever.
    """

    purchase: RecordedPurchase
    event: Event

    def json_form(self) -> PurchaseReleased:
        """Return the purchase with the decision."""
        return PurchaseReleased(
            agreement_id=self.purchase.perjanjian,
            before=self.purchase.keadaan,
            sn=self.purchase.sn,
            nomor=self.event.nomor,
            **self.event.isi,
        )


@verb
def ledger_release(request: LedgerReleaseRequest) -> LedgerReleaseResult:
    """Give an open purchase up, so that another is possible.

    Raises:
        UsageError: ``ledger.release_words`` without a name or a reason; ``request.type``.
        LedgerError: ``ledger.no_purchase``, ``ledger.purchase_closed``; it cannot be written.
    """
    with opened_ledger(request.ledger, request.password) as ledger:
        before, event = release(
            ledger,
            request.kunci,
            oleh=request.oleh,
            alasan=request.alasan,
            waktu=moment(request.clock),
        )
    return LedgerReleaseResult(purchase=before, event=event)


ledger_release_async = in_background(ledger_release)
