"""The plan of a batch: what will be done, with which text, law and settings; it never changes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from pks_kit.domain.nama_orang import name_words
from pks_kit.domain.sebutan import nama_faskes_isian
from pks_kit.errors import InputError, UsageError
from pks_kit.json_form import from_wire, to_wire
from pks_kit.json_types import AgreementId, Code, Count, Moment, Name, Ordinal, Sha256, Text
from pks_kit.messages import Message
from pks_kit.naskah.diff.result import ChangeKind

PLAN_FORMAT = "pks-kit-plan/1"

SaidLevel = Literal["error", "blocking", "manual", "warning"]
"""``error``: the data cannot be read; the others as for a finding."""

_STOPS = frozenset({"error", "blocking"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the checks say of one row, with its words.

    Attributes:
        level: How grave it is.
        code: Stable code.
        place: Cell, or line of a file; empty when unknown.
        path: Place in the contract data.
        id: Words in Indonesian.
        en: Words in English.
        hint_id: What to do, in Indonesian; may be empty.
        hint_en: What to do, in English; may be empty.
    """

    level: SaidLevel
    code: Code
    place: Text
    path: Text
    id: Text
    en: Text
    hint_id: Text
    hint_en: Text

    @property
    def message(self) -> Message:
        """Return the words with their hint."""
        return Message(self.id, self.en, self.hint_id, self.hint_en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Differs:
    """One thing that last year's agreement said otherwise.

    Attributes:
        what: What it is about, in the words of the summary.
        before: What it said.
        now: What it says now.
    """

    what: Text
    before: Text
    now: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class DataAt:
    """Where the data of a row stand in the data file of the plan.

    Attributes:
        offset: First byte.
        size: How many bytes.
        sha256: Their hash.
    """

    offset: Count
    size: Ordinal
    sha256: Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRow:
    """One agreement of a plan.

    Attributes:
        number: Its number in the plan, from 1.
        file: File it came from.
        key: Its ``kunci_faskes`` in a workbook; empty otherwise.
        place: Sheet and row, or empty.
        name: Name of the facility as its agreement prints it; empty while nobody knows it.
        called: Its name as the data say, where that is another one.
        kode: Code of the facility; empty while nobody knows it.
        agreement_id: Id of the agreement; None when it cannot be drafted.
        jenis: Kind of facility; empty when unknown.
        cara_kontrak: Method; empty when unknown.
        versi: Template version; empty when unknown.
        nomor_kesatu: Number of PIHAK KESATU; empty when unknown.
        nomor_kedua: Number of PIHAK KEDUA; empty when unknown.
        mulai: First day of the term.
        selesai: Last day of the term.
        signed_on: Day of signing.
        data: Where its data stand; None when they cannot be used.
        said: What the checks say, the gravest first; what is only good to know is left out.
        meterai: Meterai that this side will buy for it.
        differs: What last year's agreement said otherwise; None when that is not known.
    """

    number: Ordinal
    file: Name
    key: Text
    place: Text
    name: Name
    kode: Text
    agreement_id: AgreementId | None
    jenis: Text
    cara_kontrak: Text
    versi: Text
    nomor_kesatu: Text
    nomor_kedua: Text
    mulai: date | None
    selesai: date | None
    signed_on: date | None
    data: DataAt | None
    said: tuple[Said, ...]
    meterai: Count
    differs: tuple[Differs, ...] | None
    called: Text = ""

    @property
    def is_ready(self) -> bool:
        """Return whether it can be drafted as the data stand."""
        return self.data is not None and not any(one.level in _STOPS for one in self.said)

    @property
    def is_exception(self) -> bool:
        """Return whether a person must look at it before it is approved."""
        return not self.is_ready or any(one.level == "manual" for one in self.said)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSource:
    """A file that the plan was made from.

    Attributes:
        file: Its name.
        sha256: Its hash.
        size: Its size in bytes.
    """

    file: Name
    sha256: Sha256
    size: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedClause:
    """A clause that reads otherwise than in last year's agreements.

    Attributes:
        kind: What happened to it.
        place: Where it stands now; where it stood when it is gone.
        formerly: Where it stood when that was elsewhere; empty otherwise.
        before: Its words of then; empty when it is new.
        now: Its words now; empty when it is gone.
    """

    kind: ChangeKind
    place: Text
    formerly: Text
    before: Text
    now: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedText:
    """A text that agreements of the plan are made from.

    Attributes:
        versi: Template version.
        jenis: Kind of facility.
        sha256: Hash of its files.
        rows: How many agreements use it.
        before: Template version of last year's agreements; None when not known.
        changes: How many clauses differ between the two in more than their number; None when they
            could not be compared.
        filled_with: Facility whose data of last year fill both texts; empty when not compared.
        clauses: What differs, in the order of the new text; without any NIK.
    """

    versi: Text
    jenis: Text
    sha256: Sha256
    rows: Count
    before: Text | None = None
    changes: Count | None = None
    filled_with: Text = ""
    clauses: tuple[ChangedClause, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a batch will do. Its id is the hash of its bytes, so nothing in it can change unseen.

    Attributes:
        format: Version of this form.
        kit: Version of the program.
        made_at: When it was made.
        made_by: Who made it; another person approves it.
        sources: Files that it was made from.
        data_sha256: Hash of the data file.
        settings_sha256: Hash of the settings file; None when nothing will be signed.
        law_sha256: Hash of the rules and amounts in force.
        as_of: Date of the rules; None: the start of each term.
        parties: Parties that sign here, by the settings.
        texts: Texts in use.
        unread: What is wrong with a file as a whole, so that none of its rows is here.
        rows: Every agreement, in the order of the sources.
    """

    format: Annotated[str, Field(pattern=r"^pks-kit-plan/[0-9]+$")] = PLAN_FORMAT
    kit: Text
    made_at: Moment
    made_by: Text
    sources: tuple[PlanSource, ...]
    data_sha256: Sha256
    settings_sha256: Sha256 | None
    law_sha256: Sha256
    as_of: date | None
    parties: tuple[Text, ...]
    texts: tuple[PlannedText, ...]
    unread: tuple[Said, ...]
    rows: tuple[PlannedRow, ...]

    def ready(self) -> Iterator[PlannedRow]:
        """Yield the rows that can be drafted."""
        return (one for one in self.rows if one.is_ready)

    def meterai(self) -> int:
        """Return how many meterai the whole plan will buy."""
        return sum(one.meterai for one in self.ready())

    def counts(self, of: str) -> dict[str, int]:
        """Return how many ready rows there are by a field, for example ``cara_kontrak``."""
        return dict(sorted(Counter(str(getattr(one, of)) for one in self.ready()).items()))


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """A plan and the bytes that it was read from or will be written as."""

    plan: Plan
    content: bytes

    @property
    def id(self) -> str:
        """Return the SHA-256 of its bytes, lower-case hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


def written(plan: Plan) -> ReadPlan:
    """Return a new plan with its canonical bytes: fields in a fixed order, one line."""
    return ReadPlan(plan, to_wire(plan) + b"\n")


def parse_plan(content: bytes, name: str) -> ReadPlan:
    """Read a plan.

    Raises:
        InputError: ``batch.bad_plan``: it is no plan of this version.
    """
    try:
        plan = from_wire(Plan, content)
    except ValueError as error:
        raise InputError("batch.bad_plan", file=name) from error
    if plan.format != PLAN_FORMAT or [one.number for one in plan.rows] != list(
        range(1, len(plan.rows) + 1)
    ):
        raise InputError("batch.bad_plan", file=name)
    return ReadPlan(replace(plan, rows=tuple(map(_as_printed, plan.rows))), content)


def _as_printed(row: PlannedRow) -> PlannedRow:
    """Return a row under the name of its agreement; plans of before hold the one of the data."""
    name = nama_faskes_isian(row.jenis, row.name)
    return row if name == row.name else replace(row, name=name, called=row.called or row.name)


def exceptions_first(rows: Iterable[PlannedRow]) -> list[PlannedRow]:
    """Return rows as a person should see them: what cannot go on, then what must be looked at."""
    return sorted(rows, key=lambda one: (one.is_ready, not one.is_exception, one.number))


def chosen_rows(plan: Plan, keys: Sequence[str]) -> list[PlannedRow]:
    """Return the ready rows that a person means; all of them without a key.

    Args:
        plan: The plan.
        keys: ``kunci_faskes``, codes, names of facilities, ids, or numbers in the plan.

    Raises:
        UsageError: ``batch.no_row``: a key names none, or several.
    """
    ready = list(plan.ready())
    if not keys:
        return ready
    by_name: dict[str, list[PlannedRow]] = {}
    for one in ready:
        for name in {
            one.key,
            one.name,
            one.called,
            one.kode,
            str(one.number),
            one.agreement_id or "",
        } - {""}:
            by_name.setdefault(name.casefold(), []).append(one)
    chosen: dict[int, PlannedRow] = {}
    for key in keys:
        rows = by_name.get(key.casefold(), [])
        if len(rows) != 1:
            raise UsageError("batch.no_row", key=key, count=len(rows))
        chosen[rows[0].number] = rows[0]
    return [chosen[number] for number in sorted(chosen)]


def person_named(name: str) -> str:
    """Return the name of whoever plans or decides, in one line.

    Raises:
        UsageError: ``batch.no_name``: nothing, or no letters, which names nobody.
    """
    if not name_words(name):
        raise UsageError("batch.no_name")
    return " ".join(name.split())
