"""One agreement, one ledger, one folder: run a session, kill it, run it again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from pks_kit.ledger import kinds
from pks_kit.ledger.store import open_ledger
from pks_kit.pipelines.sign_all import SessionRequest, SessionResult, sign_all
from pks_kit.pipelines.signing.session_request import PartyTools
from pks_kit.policy.signing_profile import load_profile
from pks_kit.resources import signing_root
from pks_kit.signing.step.state import read_state
from support.distributor import Distributor, make_distributor
from support.signing_world import NOW, Issued, sandbox_timestamps

STEPS = ("p1_tanda_tangan", "p1_meterai", "p2_tanda_tangan", "p2_meterai")


@dataclass
class Scenario:
    """Everything that survives a crash: files, ledger file, the distributor's book."""

    issued: Issued
    sandbox: object
    folder: Path
    distributor: Distributor
    calls: int = field(default=0)

    @property
    def output(self) -> Path:
        return self.folder / "selesai.pdf"

    @property
    def ledger_file(self) -> Path:
        return self.folder / "buku.sqlite"

    def clock(self):
        self.calls += 1
        return NOW + timedelta(seconds=self.calls)

    def tools(self, *roles: str) -> dict[str, PartyTools]:
        stamps = sandbox_timestamps(self.sandbox)
        return {
            role: PartyTools(
                signer=self.sandbox.signers[role], timestamps=stamps, meterai=self.distributor
            )
            for role in roles
        }

    def run(self, *roles: str, pdf: Path | None = None, ledger=None) -> SessionResult:
        """Run with a ledger opened afresh, as a new process would."""
        opened = open_ledger(self.ledger_file)
        try:
            return sign_all(
                SessionRequest(
                    pdf=pdf or self.issued.path,
                    receipt=self.issued.receipt_path,
                    output=self.output,
                    folder=self.folder / "sesi",
                    ledger=ledger(opened) if ledger else opened,
                    tools=self.tools(*(roles or ("pihak_kesatu", "pihak_kedua"))),
                    clock=self.clock,
                )
            )
        finally:
            opened.close()

    def events(self):
        with open_ledger(self.ledger_file) as opened:
            assert opened.verify().intact
            return opened.events(self.issued.receipt.agreement_id)

    def check_books(self) -> None:
        """Nothing bought twice, no number lost, and the sums agree with the distributor's book."""
        events = self.events()
        written = [one.isi["sn"] for one in events if one.jenis == kinds.METERAI_TERBIT]
        stamped = [one.isi["sn"] for one in events if one.jenis == kinds.METERAI_TERBUBUH]
        sold = [meterai.sn for several in self.distributor.sold.values() for meterai in several]
        assert all(len(several) == 1 for several in self.distributor.sold.values())
        assert len(self.distributor.sold) <= 2
        assert sorted(written) == sorted(sold)
        assert len(set(stamped)) == len(stamped)
        state = read_state(
            self.output.read_bytes(),
            self.issued.receipt,
            load_profile(signing_root(), "elektronik"),
        )
        assert [one.sn for one in state.signatures if one.sn] == stamped


def new_scenario(issued: Issued, sandbox, folder: Path, seed: int = 1) -> Scenario:
    folder.mkdir(parents=True, exist_ok=True)
    distributor = make_distributor(sandbox, sandbox_timestamps(sandbox), seed)
    return Scenario(issued=issued, sandbox=sandbox, folder=folder, distributor=distributor)
