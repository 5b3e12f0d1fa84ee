"""What the verifier answers: checks with three states, signatures, revisions, one report.

``passed`` means: looked at and in order. ``failed`` means: looked at and wrong.
``indeterminate`` means: could not be looked at, or a person must decide. Not having looked is
never the same as having found nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from typing import Annotated, Any, Literal

from pydantic import Field, PlainSerializer

from pks_kit.domain.paper import PaperFacts
from pks_kit.json_form import from_json
from pks_kit.json_types import (
    IF_KNOWN,
    MOST_TEXT,
    Count,
    EmptyAsNull,
    Name,
    Number,
    Ordinal,
    Sha256,
    Text,
    Whole,
    shown,
)
from pks_kit.messages import BothLanguages, Message, lookup
from pks_kit.messages.told_reasons import told_reasons
from pks_kit.verification.report.details import Details
from pks_kit.visible_text import short_name

Status = Literal["passed", "indeterminate", "failed"]
Proof = Literal["cryptographic", "file", "visual"]
SignatureKind = Literal["signature", "meterai", "timestamp"]
Revocation = Literal["not_revoked", "revoked", "unknown"]
Modification = Literal["none", "lta_updates", "form_filling", "annotations", "other", "unknown"]
RevisionKind = Literal["base", "signature", "meterai", "timestamp", "dss", "unexpected"]
MOST_PARAM = 2000
"""Most letters of a value in words for people: our lists of places and pages may be long."""


def _as_sent(params: Mapping[str, str | int | None]) -> dict[str, str | int | None]:
    """Return the values as they are sent; words use them too, so that they say the same later."""
    return {
        key: short_name(value, MOST_PARAM) if isinstance(value, str) else value
        for key, value in params.items()
    }


Params = Annotated[
    Mapping[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")], Text | Whole | None],
    Field(max_length=32),
    PlainSerializer(_as_sent, return_type=dict[str, str | int | None]),
]

MOST_ENTRIES = 1 << 17
"""Most checks, signatures, revisions or objects of one list."""

_LISTED = Field(max_length=MOST_ENTRIES, fail_fast=True)

_AREAS = "bundle|file|content|policy|issued|signature|meterai|parties|render|paper"
_WEIGHT: dict[str, int] = {"passed": 0, "indeterminate": 1, "failed": 2}
EXIT_CODES: Mapping[Status, int] = {"passed": 0, "failed": 30, "indeterminate": 31}


def worst(statuses: Iterable[Status]) -> Status:
    """Return the worst of the states; nothing at all is ``indeterminate``."""
    return max(statuses, key=lambda status: _WEIGHT[status], default="indeterminate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question put to the file and its answer.

    Attributes:
        code: What was looked at, for example ``signature.trust``; stable.
        reason: Which of the possible answers, for example ``no_anchor``; stable. ``file.resources``
            is there only when a limit stopped the examination, always as ``indeterminate``:
            ``too_much_cpu`` (``seconds``), ``too_much_memory`` (``mib``), ``too_slow`` (``seconds``
            of waiting), ``no_room`` (``folder`` for temporary files), ``gave_up`` (``mib``; a
            library that got no memory), ``killed`` (by the system), ``crashed`` (``exit_code``).
            ``file.answers`` is there only when what the examining process said cannot be believed,
            also always as ``indeterminate``: it said what no such process says (``unreadable``,
            ``second``, ``out_of_order``, ``too_long``, ``cut_off``), its report is not about this
            examination (``other_job``, ``not_given``, ``not_asked``, ``not_passing``), or findings
            are missing in it (``taken_away``, ``incomplete``).
        status: ``passed``, ``indeterminate`` or ``failed``.
        evidence: What the answer rests on: ``cryptographic``, ``file`` or ``visual``.
        params: Values for the words of the message; ``why`` is a code of the catalogue.
        field: Signature field that the answer is about, if any.
        page: Page from 1, if the answer is about one.
        details: Further facts for machines and experts.
    """

    code: Annotated[str, Field(pattern=rf"^({_AREAS})\.[a-z_]{{1,40}}$")]
    reason: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
    status: Status
    evidence: Proof
    params: Params = attribute(default_factory=dict)
    field: Annotated[Name | None, IF_KNOWN] = None
    page: Annotated[Ordinal | None, IF_KNOWN] = None
    details: Details = attribute(default_factory=Details)

    @property
    def revision(self) -> int | None:
        """Return the number of the revision that it speaks about, if it does."""
        number = self.params.get("revision")
        return number if isinstance(number, int) else None

    @shown()
    def message(self) -> Message:
        """The answer in both languages."""
        params: dict[str, Any] = _as_sent(self.params)
        if "why" in params:
            params["why"] = lookup(str(params["why"]))
        return lookup(f"check.{self.code}.{self.reason}").fill(params)

    @shown()
    def hint(self) -> BothLanguages:
        """What to do about it; both texts are empty when there is nothing to do."""
        return self.message.hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A fact worth knowing that does not decide anything.

    Attributes:
        code: Which fact; stable.
        params: Values for the words of the message; in ``reasons`` stand codes of the catalogue.
    """

    code: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
    params: Params = attribute(default_factory=dict)

    @shown()
    def message(self) -> Message:
        """The fact in both languages."""
        params: dict[str, Any] = _as_sent(self.params)
        if "reasons" in params:
            params["reasons"] = told_reasons(str(params["reasons"]))
        return lookup(f"note.{self.code}").fill(params)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureReport:
    """Everything found out about one filled signature field.

    Attributes:
        field: Full name of the form field.
        role: Role of the profile this signature stands for, or empty.
        place: Name of the place of the receipt that it fills, or empty.
        kind: ``signature``, ``meterai`` or ``timestamp`` (of the whole document).
        signer: Common name of the certificate.
        issuer: Common name of the certificate's issuer.
        certificate_serial: Serial number in decimal.
        serial_number: Serial number of the meterai (SN), or empty.
        time: Time proven by a trusted timestamp, ISO 8601 with zone; None when there is none.
        claimed_time: Time that the signing computer wrote itself; proves nothing.
        intact: The bytes it covers are unchanged and the signature fits the key; None: unknown.
        coverage: ``entire_file``, ``entire_revision``, ``partial`` or ``unknown``.
        modification: Worst later change: ``none``, ``lta_updates``, ``form_filling``,
            ``annotations``, ``other`` or ``unknown``.
        trusted: Chain ends in an anchor given by the user; None: no anchor was given.
        anchor: Name of that anchor, or empty.
        test_authority: Names in the chain say that this is a test authority.
        revision: Revision of the file that holds it, from 0 (the issued file).
        page: Page of its box, from 1; None when it is invisible.
        rect: Box in PDF points; None when it is invisible.
        revocation: ``not_revoked``, ``revoked`` or ``unknown``: the signer's chain at the proven
            time (without one: now).
        time_revocation: The same of the chain of its timestamp; None without a timestamp.
    """

    field: Name
    kind: SignatureKind
    role: Text = ""
    place: Name = ""
    signer: Name = ""
    issuer: Name = ""
    certificate_serial: Annotated[str, Field(pattern=r"^-?[0-9]*$", max_length=MOST_TEXT)] = ""
    serial_number: Name = ""
    time: Text | None = None
    claimed_time: Text | None = None
    intact: bool | None = None
    coverage: Literal["entire_file", "entire_revision", "partial", "unknown"] = "unknown"
    modification: Modification = "unknown"
    trusted: bool | None = None
    anchor: Name = ""
    test_authority: bool = False
    revision: Count | None = None
    page: Ordinal | None = None
    rect: tuple[Number, Number, Number, Number] | None = None
    revocation: Revocation = "unknown"
    time_revocation: Revocation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionReport:
    """One revision of the file: which bytes, what it added, what it touched.

    Attributes:
        number: From 0.
        start: First byte.
        end: Byte after the last one.
        kind: ``base``, ``signature``, ``meterai``, ``timestamp``, ``dss`` or ``unexpected``.
        field: Signature field filled by this revision, or empty.
        added: Numbers of the objects that are new.
        changed: Numbers of the objects that replace older ones.
    """

    number: Count
    start: Count
    end: Ordinal
    kind: RevisionKind
    field: Name = ""
    added: Annotated[tuple[Text, ...], _LISTED] = ()
    changed: Annotated[tuple[Text, ...], _LISTED] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedFile:
    """The file as it was read.

    Attributes:
        sha256: Its hash.
        size: Bytes.
        pages: Number of pages; None when it could not be counted.
    """

    sha256: Sha256
    size: Count
    pages: Count | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceContainer:
    """The evidence file in which the judged file lay.

    Attributes:
        sha256: Its hash.
        size: Bytes.
    """

    sha256: Sha256
    size: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """The answer to one file.

    Attributes:
        file: The file that was judged.
        agreement_id: Id of the agreement from the receipt, or empty.
        kit_version: Version of pks-kit that judged.
        jenis: Name of the policy it was judged by (``signing/policies/``), or empty.
        compared_with_issued: Whether the bytes were compared with the issued file or its hash;
            False means unknown.
        checks: All checks in the order in which they were made.
        signatures: All filled signature fields in the order of their revisions.
        revisions: All revisions.
        notes: Facts that decide nothing.
        bundle: The evidence file in which the file lay; absent when it came alone.
        paper: What a scan shows, sheet by sheet and place by place; absent for other files.
        format: Name of this form.
    """

    file: JudgedFile
    kit_version: Text
    checks: Annotated[tuple[Check, ...], _LISTED]
    agreement_id: EmptyAsNull = ""
    jenis: EmptyAsNull = ""
    compared_with_issued: bool = False
    signatures: Annotated[tuple[SignatureReport, ...], _LISTED] = ()
    revisions: Annotated[tuple[RevisionReport, ...], _LISTED] = ()
    notes: Annotated[tuple[Note, ...], _LISTED] = ()
    bundle: Annotated[EvidenceContainer | None, IF_KNOWN] = None
    paper: Annotated[PaperFacts | None, IF_KNOWN] = None
    format: Literal["pks-kit-verify/1"] = "pks-kit-verify/1"

    @property
    def sha256(self) -> str:
        """Return the hash of the file."""
        return self.file.sha256

    @shown()
    def verdict(self) -> Status:
        """The worst state of all checks."""
        return worst(check.status for check in self.checks)

    @property
    def exit_code(self) -> int:
        """Return the exit code of the command line for this verdict."""
        return EXIT_CODES[self.verdict]

    @shown()
    def test_authority(self) -> bool:
        """A test authority signed something: nothing in this file binds anybody."""
        return any(signature.test_authority for signature in self.signatures)

    def with_checks(self, *more: Check) -> VerifyReport:
        """Return the report with further checks at the end."""
        return replace(self, checks=(*self.checks, *more))


def read_report(text: str | bytes) -> VerifyReport:
    """Return the report whose JSON form somebody kept.

    Raises:
        ValueError: It is no report, or says of itself what does not follow from its checks and
            signatures.
    """
    report = from_json(VerifyReport, text)
    said = json.loads(text)
    if said.get("verdict") != report.verdict or said.get("test_authority") != report.test_authority:
        raise ValueError("verdict does not follow from the checks")
    return report
