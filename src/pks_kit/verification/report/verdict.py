"""What the verifier answers: checks with three states, signatures, revisions, one report.

``passed`` means: looked at and in order. ``failed`` means: looked at and wrong.
``indeterminate`` means: could not be looked at, or a person must decide. Not having looked is
never the same as having found nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from typing import Any, Literal

from pks_kit.domain.rect import Rect
from pks_kit.messages import Message, lookup

Status = Literal["passed", "indeterminate", "failed"]
Proof = Literal["cryptographic", "file", "visual"]
SignatureKind = Literal["signature", "meterai", "timestamp"]

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
        reason: Which of the possible answers, for example ``no_anchor``; stable.
        status: ``passed``, ``indeterminate`` or ``failed``.
        evidence: What the answer rests on: ``cryptographic``, ``file`` or ``visual``.
        params: Values for the words of the message; ``why`` is a code of the catalogue.
        field: Signature field that the answer is about, if any.
        page: Page from 1, if the answer is about one.
        details: Further facts for machines and experts (JSON values).
    """

    code: str
    reason: str
    status: Status
    evidence: Proof
    params: Mapping[str, str | int] = attribute(default_factory=dict)
    field: str | None = None
    page: int | None = None
    details: Mapping[str, Any] = attribute(default_factory=dict)

    @property
    def message(self) -> Message:
        """Return the words in both languages, with a hint where there is one."""
        params: dict[str, Any] = dict(self.params)
        if "why" in params:
            params["why"] = lookup(str(params["why"]))
        return lookup(f"check.{self.code}.{self.reason}").fill(params)

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form of this check."""
        text = self.message
        shown: dict[str, Any] = {
            "code": self.code,
            "reason": self.reason,
            "status": self.status,
            "evidence": self.evidence,
            "message": {"id": text.id, "en": text.en},
            "hint": {"id": text.hint_id, "en": text.hint_en},
            "params": dict(self.params),
            "details": dict(self.details),
        }
        if self.field is not None:
            shown["field"] = self.field
        if self.page is not None:
            shown["page"] = self.page
        return shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A fact worth knowing that does not decide anything."""

    code: str
    params: Mapping[str, str | int] = attribute(default_factory=dict)

    @property
    def message(self) -> Message:
        """Return the words in both languages."""
        return lookup(f"note.{self.code}").fill(self.params)

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form of this note."""
        text = self.message
        return {
            "code": self.code,
            "message": {"id": text.id, "en": text.en},
            "params": dict(self.params),
        }


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

    field: str
    kind: SignatureKind
    role: str = ""
    place: str = ""
    signer: str = ""
    issuer: str = ""
    certificate_serial: str = ""
    serial_number: str = ""
    time: str | None = None
    claimed_time: str | None = None
    intact: bool | None = None
    coverage: Literal["entire_file", "entire_revision", "partial", "unknown"] = "unknown"
    modification: str = "unknown"
    trusted: bool | None = None
    anchor: str = ""
    test_authority: bool = False
    revision: int | None = None
    page: int | None = None
    rect: Rect | None = None
    revocation: Literal["not_revoked", "revoked", "unknown"] = "unknown"
    time_revocation: Literal["not_revoked", "revoked", "unknown"] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form of this signature."""
        shown = {name: getattr(self, name) for name in self.__slots__}
        shown["rect"] = list(self.rect) if self.rect else None
        return shown


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

    number: int
    start: int
    end: int
    kind: str
    field: str = ""
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form of this revision."""
        shown = {name: getattr(self, name) for name in self.__slots__}
        return shown | {"added": list(self.added), "changed": list(self.changed)}


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """The answer to one file.

    Attributes:
        sha256: Hash of the file as it was read.
        size: Bytes.
        pages: Number of pages; None when it could not be counted.
        agreement_id: Id of the agreement from the receipt, or empty.
        kit_version: Version of pks-kit that judged.
        jenis: Name of the policy it was judged by, or empty.
        compared_with_issued: Whether the bytes were compared with the issued file or its hash.
        checks: All checks in the order in which they were made.
        signatures: All filled signature fields in the order of their revisions.
        revisions: All revisions.
        notes: Facts that decide nothing.
        bundle_sha256: Hash of the evidence file in which the file lay; empty when it came alone.
        bundle_size: Its size in bytes.
    """

    sha256: str
    size: int
    kit_version: str
    checks: tuple[Check, ...]
    pages: int | None = None
    agreement_id: str = ""
    jenis: str = ""
    compared_with_issued: bool = False
    signatures: tuple[SignatureReport, ...] = ()
    revisions: tuple[RevisionReport, ...] = ()
    notes: tuple[Note, ...] = ()
    bundle_sha256: str = ""
    bundle_size: int = 0

    @property
    def verdict(self) -> Status:
        """Return the worst state of all checks."""
        return worst(check.status for check in self.checks)

    @property
    def exit_code(self) -> int:
        """Return the exit code of the command line for this verdict."""
        return EXIT_CODES[self.verdict]

    @property
    def test_authority(self) -> bool:
        """Return whether any signature comes from a test authority."""
        return any(signature.test_authority for signature in self.signatures)

    def with_checks(self, *more: Check) -> VerifyReport:
        """Return the report with further checks at the end."""
        return replace(self, checks=(*self.checks, *more))

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form, described by ``docs/skema/verify.schema.json``."""
        shown: dict[str, Any] = {
            "format": "pks-kit-verify/1",
            "verdict": self.verdict,
            "test_authority": self.test_authority,
            "agreement_id": self.agreement_id or None,
            "jenis": self.jenis or None,
            "compared_with_issued": self.compared_with_issued,
            "kit_version": self.kit_version,
            "file": {"sha256": self.sha256, "size": self.size, "pages": self.pages},
            "checks": [check.as_dict() for check in self.checks],
            "signatures": [signature.as_dict() for signature in self.signatures],
            "revisions": [revision.as_dict() for revision in self.revisions],
            "notes": [note.as_dict() for note in self.notes],
        }
        if self.bundle_sha256:
            shown["bundle"] = {"sha256": self.bundle_sha256, "size": self.bundle_size}
        return shown


def report_from_dict(shown: Mapping[str, Any]) -> VerifyReport:
    """Return the report that :meth:`VerifyReport.as_dict` wrote (used between processes).

    Raises:
        KeyError: A part is missing.
        TypeError: A part has the wrong shape.
        ValueError: The states do not give the verdict that is written there.
    """
    report = VerifyReport(
        sha256=shown["file"]["sha256"],
        size=shown["file"]["size"],
        pages=shown["file"]["pages"],
        kit_version=shown["kit_version"],
        agreement_id=shown["agreement_id"] or "",
        jenis=shown["jenis"] or "",
        compared_with_issued=shown["compared_with_issued"],
        checks=tuple(_check_from(item) for item in shown["checks"]),
        signatures=tuple(
            SignatureReport(**{**item, "rect": tuple(item["rect"]) if item["rect"] else None})
            for item in shown["signatures"]
        ),
        revisions=tuple(
            RevisionReport(
                **{**item, "added": tuple(item["added"]), "changed": tuple(item["changed"])}
            )
            for item in shown["revisions"]
        ),
        notes=tuple(Note(code=item["code"], params=item["params"]) for item in shown["notes"]),
    )
    if report.verdict != shown["verdict"]:
        raise ValueError("verdict does not follow from the checks")
    return report


def _check_from(item: Mapping[str, Any]) -> Check:
    return Check(
        code=item["code"],
        reason=item["reason"],
        status=item["status"],
        evidence=item["evidence"],
        params=item["params"],
        field=item.get("field"),
        page=item.get("page"),
        details=item["details"],
    )
