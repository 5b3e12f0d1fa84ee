"""What a verb returned, written down: for tests that look at files with other programs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pks_kit.domain.receipt import Receipt, parse_receipt
from pks_kit.pipelines.addendum import AddendumRequest, addendum
from pks_kit.pipelines.draft import DraftRequest, DraftResult, draft
from pks_kit.pipelines.sign import SignRequest, SignResult, sign
from pks_kit.rules.findings import Finding


@dataclass(frozen=True)
class Drafted:
    """A draft and where its files stand, by format."""

    result: DraftResult
    files: dict[str, Path]

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.result.findings

    @property
    def pages(self) -> int:
        return self.result.pages

    @property
    def agreement_id(self) -> str:
        return self.result.agreement_id

    @property
    def receipt(self) -> Receipt:
        return parse_receipt(self.files["receipt"].read_bytes(), "receipt")


def drafted_in(folder: Path, request: DraftRequest | AddendumRequest) -> Drafted:
    """Draft and write all files into a folder."""
    result = draft(request) if isinstance(request, DraftRequest) else addendum(request)
    return Drafted(result, {name: file.save(folder) for name, file in result.files.items()})


def signed_as(output: Path, request: SignRequest) -> SignResult:
    """Sign and write the file."""
    result = sign(request)
    output.write_bytes(result.file.content)
    return result
