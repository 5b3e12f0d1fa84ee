"""Acts of our own road: draft, sign and stamp, verify, and what is measured beside it.

The clock of an agreement stands at ten in the morning of its day of signing, so that every run is
the same whatever day it is. Making sandbox keys is never measured.
"""

from __future__ import annotations

import asyncio
import secrets
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

from cpu import Watch
from timestamp_server import attesting

from pks_kit.cli.cache import cache_folder
from pks_kit.domain.receipt import Receipt, parse_receipt
from pks_kit.domain.tanggal import WIB
from pks_kit.inputs import load_kontrak
from pks_kit.ledger.store import open_ledger
from pks_kit.pipelines.draft import DraftRequest, draft
from pks_kit.pipelines.extend import ExtendRequest, extend
from pks_kit.pipelines.sign import SignRequest, sign
from pks_kit.pipelines.sign_all import SessionRequest, sign_all
from pks_kit.pipelines.signing.session_request import PartyTools
from pks_kit.pipelines.verify import VerifyRequest, verify
from pks_kit.pki.timestamp_http import HttpTimestamps
from pks_kit.signing.sandbox.authority import Sandbox, SandboxTimestamps, create_sandbox, people_of
from pks_kit.signing.sandbox.meterai import SandboxMeterai

PARTIES = ("pihak_kesatu", "pihak_kedua")
_MAKE_LEDGER = """
import sys
from pathlib import Path
from pks_kit.ledger.store import open_ledger
open_ledger(Path(sys.argv[1]))
"""


class State:
    """What the worker keeps: a folder and one ledger for all agreements.

    Args:
        folder: Where it may write.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        address = folder / "ledger.sqlite"
        # a worker finds its ledger; who makes one loads what makes schemas
        subprocess.run([sys.executable, "-c", _MAKE_LEDGER, str(address)], check=True)
        self.ledger = open_ledger(address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signers:
    """Keys for one agreement, and a clock.

    Attributes:
        sandbox: The keys.
        clock: Tells the same moment always.
    """

    sandbox: Sandbox
    clock: Callable[[], datetime]

    @property
    def timestamps(self) -> SandboxTimestamps:
        """Return the authority."""
        return SandboxTimestamps(key=self.sandbox.tsa, clock=self.clock)

    def tools(self, party: str) -> PartyTools:
        """Return with what a party signs and stamps."""
        stamps = SandboxMeterai(
            key=self.sandbox.meterai,
            timestamps=self.timestamps,
            random_bytes=secrets.token_bytes,
        )
        return PartyTools(
            signer=self.sandbox.signers[party], timestamps=self.timestamps, meterai=stamps
        )


def signers_for(receipt: Receipt, day: datetime, *, curve: bool = False) -> Signers:
    """Return keys of the people of an agreement: RSA-2048, or P-256."""
    sandbox = make_sandbox(day, people_of(receipt), curve=curve)
    return Signers(sandbox=sandbox, clock=lambda: day)


def make_sandbox(day: datetime, people: dict[str, str], *, curve: bool) -> Sandbox:
    """Return a sandbox whose signers have RSA-2048 keys, or P-256 keys."""
    return create_sandbox(day, people, curve=curve)


def day_of(source: Path) -> datetime:
    """Return ten in the morning of the day on which an agreement is signed."""
    day = load_kontrak(source).kontrak.pihak_kesatu.tanggal_tanda_tangan
    return datetime.combine(day, time(10), WIB)


def drafted(state: State, watch: Watch, *, source: str, docx: bool = False) -> dict[str, Any]:
    """Draft PDF and receipt, and DOCX where wanted, onto the disk, as a worker of a batch does."""
    folder = state.folder / Path(source).stem
    folder.mkdir()
    with watch("draft_docx" if docx else "draft"):
        formats = ("pdf", "docx") if docx else ("pdf",)
        result = draft(DraftRequest(source=Path(source), formats=formats, compiled=cache_folder()))
        files = {name: str(file.save(folder)) for name, file in result.files.items()}
    return {"files": files, "pages": result.pages}


def signed(state: State, watch: Watch, *, source: str, pdf: str) -> dict[str, Any]:
    """Sign and stamp as far as the profile goes, each step with its ledger events."""
    receipt = _receipt(pdf)
    signers = signers_for(receipt, day_of(Path(source)))
    root = Path(pdf).with_name("root.pem")
    root.write_bytes(signers.sandbox.root_pem)
    out = Path(pdf).with_name("akhir.pdf")
    with watch("sign"):
        result = sign_all(
            SessionRequest(
                pdf=Path(pdf),
                folder=out.with_name("sesi"),
                ledger=state.ledger,
                tools={
                    party: signers.tools(party)
                    for party in PARTIES
                    if party in signers.sandbox.signers
                },
                output=out,
                clock=signers.clock,
            )
        )
    _beside(watch, signers, receipt, out)
    return {"final": str(out), "root": str(root), "steps": len(result.done)}


def _beside(watch: Watch, signers: Signers, receipt: Receipt, final: Path) -> None:
    """Measure one signature of the network, one of a user, and archiving; nothing is kept."""
    asked = SignRequest(
        pdf=final,
        receipt=_receipt_path(final),
        clock=signers.clock,
        timestamps=signers.timestamps,
    )
    for role in ("jejaring", "pengguna"):
        place = next((one for one in receipt.places if one.peran == role), None)
        if place is None or receipt.profile != "elektronik":
            continue
        key = make_sandbox(signers.clock(), {"orang": _named(place.nama)}, curve=False)
        with watch(role):
            sign(
                SignRequest(
                    pdf=asked.pdf,
                    receipt=asked.receipt,
                    clock=asked.clock,
                    timestamps=asked.timestamps,
                    tempat=place.name,
                    signer=key.signers["orang"],
                )
            )
    if receipt.profile != "elektronik":
        return
    folder = final.parent
    lists = [folder / f"{number}.crl" for number in range(len(signers.sandbox.crls))]
    for path, content in zip(lists, signers.sandbox.crls, strict=True):
        path.write_bytes(content)
    with watch("extend"):
        extend(
            ExtendRequest(
                pdf=final,
                receipt=asked.receipt,
                timestamps=signers.timestamps,
                trust=(folder / "root.pem",),
                crls=tuple(lists),
                clock=signers.clock,
            )
        )


def _named(name: str) -> str:
    from pks_kit.domain.nama_orang import name_words

    return " ".join(name_words(name)).title()


def verified(
    state: State, watch: Watch, *, source: str, final: str, root: str, issued: str = ""
) -> dict[str, Any]:
    """Judge a finished file, with or without the issued bytes."""
    day = day_of(Path(source))
    receipt = _receipt_path(Path(final))
    with watch("verify"):
        result = verify(
            VerifyRequest(
                pdf=Path(final),
                issued=Path(issued) if issued else None,
                receipt=receipt if issued else None,
                trust=(Path(root),),
                clock=lambda: day,
            )
        )
    if len(result.report.signatures) < 2 or result.verdict == "failed":
        raise SystemExit(f"{final}: {result.verdict}")
    return {"verdict": result.verdict, "signatures": len(result.report.signatures)}


def step(
    state: State, watch: Watch, *, source: str, pdf: str, curve: bool, authority: str
) -> dict[str, Any]:
    """Do the first signing step as a whole: state read, box drawn, signed, result checked."""
    moment = day_of(Path(source))
    signers = signers_for(_receipt(pdf), moment, curve=curve)
    asyncio.run(signers.sandbox.signers[PARTIES[0]].identity(moment))  # loaded, as theirs
    timestamps = HttpTimestamps(url=attesting(authority, moment))
    with watch("step_p256" if curve else "step_rsa"):
        sign(
            SignRequest(
                pdf=Path(pdf),
                peran=PARTIES[0],
                signer=signers.sandbox.signers[PARTIES[0]],
                timestamps=timestamps,
                clock=signers.clock,
            )
        )
    return {}


def _receipt_path(beside: Path) -> Path:
    (path,) = beside.parent.glob("*.receipt.json")
    return path


def _receipt(pdf: str) -> Receipt:
    path = _receipt_path(Path(pdf))
    return parse_receipt(path.read_bytes(), path.name)
