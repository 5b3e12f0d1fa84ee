"""A drafted agreement and what our own steps make of it, in the spelling of our own writers."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from pks_kit.domain.receipt import Receipt, parse_receipt
from pks_kit.pipelines.draft import DraftRequest, draft
from pks_kit.pipelines.extend import ExtendRequest, extend
from pks_kit.pipelines.sign import sign
from pks_kit.pipelines.signing.sign_request import SignRequest
from pks_kit.pki.anchors import TrustAnchor, read_anchors
from pks_kit.resources import samples_root
from pks_kit.signing.sandbox.authority import (
    Sandbox,
    SandboxTimestamps,
    create_sandbox,
    people_of,
)
from pks_kit.signing.sandbox.meterai import SandboxMeterai

SAMPLE = "klinik-pratama-rawat-jalan.yml"


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class OwnFiles:
    """The issued file, its receipt, the file after each step, whom to trust, and the keys."""

    issued: bytes
    receipt: Receipt
    steps: tuple[bytes, ...]
    anchors: tuple[TrustAnchor, ...]
    sandbox: Sandbox


@cache
def own_files() -> OwnFiles:
    """Return two signatures and two stamps, made by the public verbs."""
    drafted = draft(DraftRequest(source=samples_root() / SAMPLE, formats=("pdf",)))
    with TemporaryDirectory() as name:
        folder = Path(name)
        files = {key: file.save(folder) for key, file in drafted.files.items()}
        pdf = files["pdf"]
        beside = pdf.with_name(f"{pdf.stem}.receipt.json")
        receipt = parse_receipt(beside.read_bytes(), beside.name)
        sandbox = create_sandbox(now(), people_of(receipt))
        times = SandboxTimestamps(key=sandbox.tsa, clock=now)
        stamps = SandboxMeterai(
            key=sandbox.meterai, timestamps=times, random_bytes=secrets.token_bytes
        )
        steps: list[bytes] = []
        current = pdf
        for party in ("pihak_kesatu", "pihak_kedua"):
            for keys in (
                {"signer": sandbox.signers[party], "timestamps": times},
                {"meterai": stamps},
            ):
                request = SignRequest(pdf=current, clock=now, peran=party, receipt=beside, **keys)  # type: ignore[arg-type]
                steps.append(sign(request).file.content)
                current = folder / f"step-{len(steps)}.pdf"
                current.write_bytes(steps[-1])
        return OwnFiles(
            issued=pdf.read_bytes(),
            receipt=receipt,
            steps=tuple(steps),
            anchors=tuple(read_anchors(sandbox.root_pem, "root.pem", {})),
            sandbox=sandbox,
        )


@cache
def archived_files() -> tuple[bytes, bytes]:
    """Return the finished file with an archive, and with that archive prolonged."""
    files = own_files()
    found, current = [], files.steps[-1]
    for _ in range(2):
        request = ExtendRequest(
            pdf=current,
            receipt=files.receipt,
            timestamps=SandboxTimestamps(key=files.sandbox.tsa, clock=now),
            trust=(files.sandbox.root_pem,),
            crls=files.sandbox.crls,
            clock=now,
        )
        current = extend(request).file.content
        found.append(current)
    return found[0], found[1]
