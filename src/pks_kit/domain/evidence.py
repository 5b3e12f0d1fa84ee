"""The manifest of an evidence file: what lies in it, and what was true when it was made."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PackedFile(_Record):
    """One file: its SHA-256 and its size in bytes."""

    sha256: Sha256
    size: int = Field(ge=0)


class LedgerHead(_Record):
    """An event of the ledger by number and hash."""

    nomor: int = Field(ge=1)
    hash: Sha256


class LedgerState(_Record):
    """The ledger when the evidence file was made.

    Attributes:
        count: Events of the whole ledger.
        head: Its last event; the whole chain up to it was found intact.
        events: Events of this agreement.
        id: Hash of the first event, which names the ledger; absent in files of versions before.
    """

    id: Sha256 | None = None
    count: int = Field(ge=1)
    head: LedgerHead
    events: int = Field(ge=1)


class EvidenceManifest(_Record):
    """The manifest of one evidence file.

    Attributes:
        examined_at: Moment of the examination whose report lies in the file.
        verdict: Its verdict.
        maker: Hash of layout and words of the version that made the pages; absent in files of
            versions before it was written down.
        anchors: SHA-256 of the certificates that the user trusted then.
        ledger: None when no ledger was asked.
        files: Every other file by name.
    """

    format: Literal["pks-kit-evidence/1"] = "pks-kit-evidence/1"
    agreement_id: str
    kit_version: str
    examined_at: AwareDatetime
    verdict: Literal["passed", "indeterminate", "failed"]
    maker: Sha256 | None = None
    anchors: tuple[Sha256, ...]
    ledger: LedgerState | None
    files: dict[str, PackedFile]

    def to_json(self) -> bytes:
        """Return canonical UTF-8 JSON: sorted keys, two spaces, newline at the end."""
        content: dict[str, Any] = self.model_dump(mode="json")
        if self.maker is None:
            del content["maker"]
        if self.ledger is not None and self.ledger.id is None:
            del content["ledger"]["id"]
        return json.dumps(content, ensure_ascii=False, sort_keys=True, indent=2).encode() + b"\n"
