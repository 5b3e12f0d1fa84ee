"""What host and child say to each other, as types: the job one way, answers the other.

The child reads a hostile file and may have been overcome, so its answers are read strictly: known
keys, types, bounds and codes, or nothing. Words and verdicts do not travel; the host makes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PlainValidator

from pks_kit.domain.receipt import Receipt
from pks_kit.json_form import from_wire, to_wire
from pks_kit.json_types import IF_KNOWN, Code, Count, HexBytes, Moment
from pks_kit.messages import BothLanguages, known_codes
from pks_kit.pki.anchors import TrustAnchor
from pks_kit.pki.material import EncodedMaterial
from pks_kit.policy.document_policy import PolicyInForce
from pks_kit.verification.examination import Examination
from pks_kit.verification.isolation.kernel.isolation import Isolation
from pks_kit.verification.isolation.lines import Breach, name_of
from pks_kit.verification.limits import Limits
from pks_kit.verification.report.added import Added
from pks_kit.verification.report.changes import Changes
from pks_kit.verification.report.pictures import Picture
from pks_kit.verification.report.signed_fact import SignedFact
from pks_kit.verification.report.verdict import VerifyReport

Parts = tuple[bytes, ...]
TaskName = Literal["embedded", "pages", "chains", "told"]


def _yes(value: object) -> Literal[True]:
    if value is not True:
        raise ValueError("not true")
    return True


Yes = Annotated[Literal[True], PlainValidator(_yes)]
"""True and nothing that equals it."""

MOST_CHAINS = 64
"""Most different chains that are told; an agreement has some ten."""

MOST_BYTES = 1 << 15
MOST_FACTS = 300
"""Most signatures that are told; a file may have as many."""

Der = Annotated[HexBytes, Field(max_length=MOST_BYTES)]
Ders = Annotated[tuple[Der, ...], Field(max_length=MOST_CHAINS)]

ToldParam = Annotated[str, Field(max_length=400)] | int | float | BothLanguages | None
"""A value for the words of a refusal."""
MOST_PICTURES = 400

MOST_DIFFERENT = 1 << 14

_LongText = Annotated[str, Field(max_length=1 << 24)]
_Different = Annotated[tuple[Count, ...], Field(max_length=MOST_DIFFERENT, fail_fast=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustToUse:
    """Whom the user trusts, and when.

    Attributes:
        anchors: Certificates that the user trusts.
        pins: Pinned anchors of ``anchors.yml`` by fingerprint.
        now: Moment of the examination.
    """

    anchors: tuple[TrustAnchor, ...]
    pins: Mapping[str, Mapping[str, str]]
    now: Moment

    @classmethod
    def of(cls, job: Examination) -> Self:
        """Return what a job says about it."""
        return cls(anchors=job.anchors, pins=job.pins, now=job.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExaminationHead:
    """Everything about an examination but its files.

    Attributes:
        has_issued: Whether the second file is the issued one.
        fetched_ocsps: How many of the fetched answers are OCSP; the others are revocation lists.
        receipt: As in :class:`~pks_kit.verification.examination.Examination`, like the others.
        picture_dpi: Resolution of the pictures; 0 for none.
    """

    has_issued: bool
    fetched_ocsps: Count
    receipt: Receipt | None
    policy: PolicyInForce | None
    trust: TrustToUse
    signing_root: str
    kit_version: str
    picture_dpi: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondHead:
    """What the second child must know beside the examination.

    Attributes:
        report: The report of the first.
        stored: Certificates in the file with which signatures are to be proven again; empty when
            the first proof was enough.
    """

    report: VerifyReport
    stored: Ders = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainsHead:
    """What the task ``chains`` must know beside the file.

    Attributes:
        fields: Signature fields whose revocation is open.
        trust: Whom the user trusts.
    """

    fields: tuple[str, ...]
    trust: TrustToUse


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedOfFiles:
    """A question of the rooms above, which this room hands over and does not know.

    Attributes:
        name: Which.
        fields: Its fields as JSON.
    """

    name: Annotated[str, Field(pattern=r"^[A-Za-z]{1,40}$")]
    fields: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One of our errors, as a child raised it; words do not travel.

    Attributes:
        code: Its code.
        params: Values for its words.
        kind: Its class.
    """

    kind: Literal["InputError", "SigningError", "UsageError"]
    code: Code
    params: Annotated[dict[str, ToldParam], Field(max_length=12)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldOfFiles:
    """What a child answers to a question: the answer as JSON in zlib, or why files are refused."""

    answer: HexBytes | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The line before the files.

    Attributes:
        limits: Limits of the child.
        examination: The whole examination; None for a task alone.
        task: A task of :mod:`pks_kit.verification.isolation.tasks`.
        chains: For the task of that name.
        second: For the second look at what is examined.
        asked: A question of the rooms above, for the task ``told``.
        parts: Sizes of the files that follow.
    """

    limits: Limits
    examination: ExaminationHead | None = None
    second: SecondHead | None = None
    task: TaskName | None = None
    chains: ChainsHead | None = None
    asked: AskedOfFiles | None = None
    parts: tuple[Count, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedTexts:
    """What a file carries: contract data and receipt as text; None when absent."""

    data: _LongText | None
    receipt: _LongText | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedPages:
    """A file beside our own rendering, page by page.

    Attributes:
        pages: Pages of the file.
        own_pages: Pages of our own rendering.
        other_words: Pages (from 1) whose words differ.
        other_pictures: Pages whose pictures differ.
        words: All words without white space.
        own_words: The same of our own rendering.
    """

    pages: Count
    own_pages: Count
    other_words: _Different
    other_pictures: _Different
    words: _LongText
    own_words: _LongText


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenChain:
    """A chain about which the file says too little.

    Attributes:
        moment: When its first certificate acted.
        certificates: In DER, from the one that acted up to the anchor.
    """

    moment: Moment
    certificates: Annotated[
        tuple[Annotated[HexBytes, Field(max_length=MOST_BYTES)], ...],
        Field(min_length=1, max_length=MOST_CHAINS, fail_fast=True),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a child said; each line holds one of these.

    Attributes:
        ready: It has read the job and entered its limits; these rules hold.
        memory: It used more memory than it may.
        partial: The unfinished report.
        report: The report.
        signed: What the bytes of the signatures prove, told before a parser saw the file.
        stored: Certificates in the file that may complete chains.
        added: What the second look adds to the report.
        changes: What refused changes show.
        pictures: Pictures of signed pages and changes.
        embedded: Answer of the task of that name, like the two below.
        told: Answer to a question of the rooms above.
    """

    ready: Annotated[Isolation | None, IF_KNOWN] = None
    memory: Annotated[Yes | None, IF_KNOWN] = None
    partial: Annotated[VerifyReport | None, IF_KNOWN] = None
    report: Annotated[VerifyReport | None, IF_KNOWN] = None
    signed: Annotated[
        Annotated[tuple[SignedFact, ...], Field(max_length=MOST_FACTS)] | None, IF_KNOWN
    ] = None
    stored: Annotated[Ders | None, IF_KNOWN] = None
    added: Annotated[Added | None, IF_KNOWN] = None
    changes: Annotated[Changes | None, IF_KNOWN] = None
    pictures: Annotated[
        Annotated[tuple[Picture, ...], Field(max_length=MOST_PICTURES, fail_fast=True)] | None,
        IF_KNOWN,
    ] = None
    embedded: Annotated[EmbeddedTexts | None, IF_KNOWN] = None
    pages: Annotated[ComparedPages | None, IF_KNOWN] = None
    chains: Annotated[
        Annotated[tuple[OpenChain, ...], Field(max_length=MOST_CHAINS, fail_fast=True)] | None,
        IF_KNOWN,
    ] = None
    told: Annotated[ToldOfFiles | None, IF_KNOWN] = None

    def given(self) -> dict[str, Any]:
        """Return what is not None, by name."""
        every = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in every.items() if value is not None}


OUT_OF_MEMORY = b'{"memory":true}\n'
"""The one answer that is ready before it is needed."""


def encode_answer(answer: Answers) -> bytes:
    """Return an answer as a line, its end included."""
    return to_wire(answer) + b"\n"


def parse_answer(line: bytes) -> Answers:
    """Read one line of a child.

    Raises:
        ValueError: No child of ours says this: not exactly one answer, a key, type or bound is
            wrong, or a report names a check, note or reason that this version does not know.
    """
    answer = from_wire(Answers, line)
    if len(answer.given()) != 1:
        raise ValueError("not exactly one answer")
    told = answer.report or answer.partial or answer.added
    if told is not None:
        refuse_unknown(told)
    return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the host takes of all that a child said.

    Attributes:
        answers: Each answer; of the unfinished reports the last one.
        partials: All unfinished reports.
        breach: What the child did that no child of ours does; empty for nothing.
    """

    answers: Answers = Answers()
    partials: tuple[VerifyReport, ...] = ()
    breach: Breach | Literal[""] = ""


def hear(lines: Sequence[bytes], breach: Breach | Literal[""] = "") -> Heard:
    """Read the lines that a :class:`~pks_kit.verification.isolation.lines.Listener` kept.

    Args:
        lines: The lines. Nothing after the first that cannot be read is looked at.
        breach: What the listener found wrong after them.
    """
    found = Answers()
    partials: list[VerifyReport] = []
    for line in lines:
        try:
            said = parse_answer(line).given()
        except (ValueError, RecursionError):
            said = {}
        if list(said) != [name_of(line)]:
            breach = "unreadable"
            break
        found = replace(found, **said)
        partials += [said["partial"]] if "partial" in said else []
    return Heard(answers=found, partials=tuple(partials), breach=breach)


def refuse_unknown(report: VerifyReport | Added) -> None:
    """Raise ``ValueError`` for a report whose words the parent could not find."""
    named = {f"check.{one.code}.{one.reason}" for one in report.checks}
    named |= {f"note.{one.code}" for one in report.notes}
    named |= {str(one.params["why"]) for one in report.checks if "why" in one.params}
    if named - known_codes():
        raise ValueError("unknown code")


def examination_job(job: Examination, picture_dpi: int) -> tuple[Job, Parts]:
    """Return the line of an examination, and its files.

    They are the one to judge, the issued one if any, then what was fetched.
    """
    head = ExaminationHead(
        has_issued=job.issued is not None,
        fetched_ocsps=len(job.fetched.ocsps),
        receipt=job.receipt,
        policy=job.policy,
        trust=TrustToUse.of(job),
        signing_root=str(job.signing_root.resolve()),
        kit_version=job.kit_version,
        picture_dpi=picture_dpi,
    )
    files = (job.content,) if job.issued is None else (job.content, job.issued)
    return Job(limits=job.limits, examination=head), (
        *files,
        *job.fetched.ocsps,
        *job.fetched.crls,
    )


def examination_from(head: ExaminationHead, limits: Limits, files: Parts) -> Examination:
    """Return the examination that :func:`examination_job` took apart."""
    fetched = files[2:] if head.has_issued else files[1:]
    return Examination(
        content=files[0],
        issued=files[1] if head.has_issued else None,
        receipt=head.receipt,
        policy=head.policy,
        pins=head.trust.pins,
        anchors=head.trust.anchors,
        signing_root=Path(head.signing_root),
        now=head.trust.now,
        kit_version=head.kit_version,
        limits=limits,
        fetched=EncodedMaterial(
            ocsps=fetched[: head.fetched_ocsps], crls=fetched[head.fetched_ocsps :]
        ),
    )


def fitting(ders: Sequence[bytes]) -> Parts:
    """Return those certificates that a line may hold."""
    return tuple(one for one in ders if len(one) <= MOST_BYTES)[:MOST_CHAINS]
