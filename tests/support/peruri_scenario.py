"""A session whose meterai come from the fake Peruri over HTTP; each run is a new process."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta

from pks_kit.ledger import kinds
from pks_kit.ledger.store import open_ledger
from pks_kit.ledger.sums import sums
from pks_kit.pipelines.reconcile import Reconciled, ReconcileRequest, ledger_reconcile
from pks_kit.pipelines.signing.session_request import PartyTools
from pks_kit.policy.signing_profile import load_profile
from pks_kit.resources import signing_root
from pks_kit.signing.step.state import read_state
from support import peruri_world as world
from support.fakes.peruri import FakePeruri
from support.scenario import Scenario
from support.signing_world import sandbox_timestamps

PRICE = 10_000


@dataclass
class PeruriScenario(Scenario):
    """What survives a crash, and the fake Peruri."""

    peruri: FakePeruri = field(kw_only=True)
    kind: str = field(kw_only=True)
    account: dict[str, object] = field(kw_only=True, default_factory=dict)

    def provider(self):
        """A provider as a new process makes it: no token, no memory of uploads."""
        base = world.backend(self.peruri, **self.account)
        if self.kind == "lokal":
            return world.lokal(self.peruri, base, tunggu_detik=0.6)
        return world.cloud(self.peruri, base)

    def tools(self, *roles: str) -> dict[str, PartyTools]:
        stamps, meterai = sandbox_timestamps(self.sandbox), self.provider()
        return {
            role: PartyTools(signer=self.sandbox.signers[role], timestamps=stamps, meterai=meterai)
            for role in roles
        }

    def reconcile(self, *providers, settle: timedelta = timedelta(minutes=2)) -> Reconciled:
        with open_ledger(self.ledger_file) as ledger:
            return ledger_reconcile(
                ReconcileRequest(
                    ledger=ledger,
                    distributors=providers or (self.provider(),),
                    folder=self.folder / "sesi",
                    clock=self.clock,
                    settle=settle,
                )
            )

    def stamp_calls(self) -> list[dict[str, object]]:
        return [body for name, body in self.peruri.book.calls if name == "stamp"]

    def check_books(self) -> None:
        """The ledger's sums are the fake's book; every serial number is in the file, once."""
        events, book = self.events(), self.peruri.book
        totals = sums(events, PRICE)
        assert totals.bought == len(book.sold) == 2
        assert totals.rupiah == book.money == 2 * PRICE
        assert totals.stamped == sum(one.status == "STAMP" for one in book.sold) == 2
        assert (totals.unused, totals.unknown) == (0, 0)
        written = [one.isi["sn"] for one in events if one.jenis == kinds.METERAI_TERBIT]
        assert written == [one.sn for one in book.sold]
        content = self.output.read_bytes()
        profile = load_profile(signing_root(), "elektronik")
        state = read_state(content, self.issued.receipt, profile)
        assert [one.sn for one in state.signatures if one.sn] == written
        sources = [
            one.isi["sebelum_sha256"]
            for one in events
            if one.jenis == kinds.LANGKAH_SELESAI and one.isi.get("sn")
        ]
        assert [one.sha256 for one in book.sold] == sources
        assert hashlib.sha256(content).hexdigest() == events[-1].isi["sha256"]
        shown = " ".join(str(one.isi) for one in events)
        for secret in world.SECRETS:
            assert secret not in shown
