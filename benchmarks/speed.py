"""N invented facilities of all kinds on the whole road, with the peers in the same run.

``python benchmarks/speed.py 100`` prints two tables and writes the run as JSON. Everything is CPU
seconds, children included, in the median; nobody does the same agreement twice. Our worker, a
worker that never saw a file, and the peers are warm processes that take turns, and the first two
agreements of a kind and of a peer are left out. ``--keep`` also keeps the run for
``docs/kecepatan.md``.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bars import Run, table
from commands import IMPORT, KIT, can_compile, cold, kept_files
from machine import load, machine
from timestamp_server import Authority
from worker import HERE, Worker  # puts tests on the path

from support.facilities import DIGITAL, ELECTRONIC, MANUAL, STRUCTURES, Structure, facility, save

KINDS = STRUCTURES[:11]
"""Every kind once."""
TURNS = (ELECTRONIC, ELECTRONIC, ELECTRONIC, ELECTRONIC, DIGITAL, MANUAL)
"""Method of each round over the kinds, where a kind may choose."""
WARM_UP = 2
ROUNDS = 5
BATCH = 3
KEPT = 40
"""Agreements whose files stay; the peers validate one of the last."""
STEPS = 4
LAST_RUN = HERE.parent / "docs" / "kecepatan.json"
DEFAULT = 20


class Bench:
    """One run.

    Args:
        folder: Where files are written.
        seed: Of the facilities.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.seed = seed
        self.figures: dict[str, dict[str, float]] = {}
        self.number = 0
        self.drafted = 0
        self._kept: list[Path] = []
        self.ours = Worker("road", folder / "ours")
        self.outsider = Worker("road", folder / "outsider")

    def source(self, structure: Structure) -> str:
        """Return the data file of a further facility."""
        self.number += 1
        kontrak = facility(self.number, structure, seed=self.seed)
        return str(save(kontrak, self.folder))

    def note(self, name: str, source: str, seconds: float, *, counts: bool) -> None:
        """Keep a figure under the agreement, unless it only warmed up."""
        if counts:
            self.figures.setdefault(name, {})[Path(source).stem] = round(seconds, 6)

    def agreement(self, structure: Structure, *, counts: bool = True) -> dict[str, str] | None:
        """Take one agreement down the whole road; return the files of one with four signatures."""
        source = self.source(structure)
        drafted = self.ours.ask("drafted", source=source)
        self.drafted += 1
        whole = drafted["cpu"]["draft"]
        self.note("draft_all", source, whole, counts=counts)
        self._thin_out(Path(drafted["files"]["pdf"]).parent)
        if structure.cara_kontrak == MANUAL:
            return None
        pdf = drafted["files"]["pdf"]
        signed = self.ours.ask("signed", source=source, pdf=pdf)
        if signed["steps"] != STEPS:
            return None
        files = {"source": source, "final": signed["final"], "root": signed["root"]}
        judged = self.ours.ask("verified", **files, issued=pdf)
        stages = signed["cpu"] | judged["cpu"]
        whole += stages["sign"] + stages["verify"]
        for name, seconds in (*stages.items(), ("whole", whole)):
            self.note(name, source, seconds, counts=counts)
        return files

    def _thin_out(self, folder: Path) -> None:
        """Keep the files of the last agreements only: a thousand would fill the disk."""
        self._kept.append(folder)
        while len(self._kept) > KEPT:
            shutil.rmtree(self._kept.pop(0))

    def told(
        self, measured: int, begun: dict[str, str], peers: Peers | None, *, compiled: bool
    ) -> Run:
        """Return the run as far as it is."""
        peak = self.ours.ask("peaks")
        return {
            "day": datetime.now(UTC).date().isoformat(),
            "machine": begun | {"load": f"{begun['load']} before, {load()} after"},
            "seed": self.seed,
            "agreements": self.drafted,
            "measured": measured,
            "kept_compile": compiled,
            "missing": peers.missing if peers else {},
            "peak_mib": {one: peak[one] for one in ("worker", "child")},
            "figures": self.figures,
        }

    def alone(self, files: dict[str, str], *, counts: bool) -> None:
        """Have a finished file judged where nothing is known about it."""
        seconds = self.outsider.ask("verified", **files)["cpu"]["verify"]
        self.note("verify_alone", files["source"], seconds, counts=counts)


class Peers:
    """The peers of a run, which do the agreements of one structure.

    Args:
        bench: The run.
    """

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.peer = Worker("peers", bench.folder / "peers")
        self.missing: dict[str, str] = self.peer.ask("missing")["missing"]
        self.authority = Authority()
        self.rounds = 0

    def close(self) -> None:
        """Let both processes end."""
        self.peer.close()
        self.authority.close()

    def round(self, finished: dict[str, str]) -> None:
        """Do one round: ours and the peers in turn, each agreement another facility.

        Args:
            finished: An agreement of the road with four signatures, to validate.
        """
        bench, structure = self.bench, KINDS[0]
        counts = self.rounds >= WARM_UP
        first, second = bench.source(structure), bench.source(structure)
        ours = bench.ours.ask("drafted", source=first)
        self._note("draft", first, ours, counts)
        self._ask("weasyprint", first, counts)
        with_docx = bench.ours.ask("drafted", source=second, docx=True)
        self._note("draft_docx", second, with_docx, counts)
        self._ask("typst", second, counts)
        bench.drafted += 2
        for curve, source, drafted in ((False, first, ours), (True, second, with_docx)):
            pdf, key = drafted["files"]["pdf"], "p256" if curve else "rsa"
            words = {"source": source, "pdf": pdf, "curve": curve, "authority": self.authority.url}
            self._note(f"step_{key}", source, bench.ours.ask("step", **words), counts)
            self._note(f"sign_pdf_{key}", source, self.peer.ask("sign_pdf", **words), counts)
        if "libreoffice" not in self.missing:
            self._office(second, with_docx["files"]["docx"], counts=counts)
        bench.alone(finished, counts=counts)
        self._note("validate", finished["source"], self.peer.ask("validate", **finished), counts)
        if "pdfsig" not in self.missing:
            told = self.peer.ask("pdfsig", final=finished["final"])
            self._note("pdfsig", finished["source"], told, counts)
        command = [KIT, "draft", bench.source(structure), "--format", "pdf"]
        seconds = cold([*command, "-o", str(bench.folder / f"cold-{self.rounds}")])
        bench.note("cold_draft", command[2], seconds, counts=counts)
        self._cold(counts=counts)
        self.rounds += 1

    def _ask(self, peer: str, source: str, counts: bool) -> None:
        if peer not in self.missing:
            self._note(peer, source, self.peer.ask(peer, source=source), counts)

    def _note(self, name: str, source: str, told: dict[str, Any], counts: bool) -> None:
        self.bench.note(name, source, told["cpu"][name], counts=counts)

    def _office(self, source: str, docx: str, *, counts: bool) -> None:
        if self.rounds == 0:
            self.peer.ask("docx_template", source=source, docx=docx)
        batch = [self.bench.source(KINDS[0]) for _ in range(BATCH)]
        told = self.peer.ask("libreoffice", sources=batch)
        self.bench.note("libreoffice", batch[0], told["cpu"]["libreoffice"] / BATCH, counts=counts)

    def _cold(self, *, counts: bool) -> None:
        if self.rounds == 0:
            self.small = self.peer.ask("small_files")
        name = f"round-{self.rounds}"
        note = self.bench.note
        imported = cold(IMPORT)
        signed = cold([KIT, "verify", self.small["signed"]])
        note("cold_help", name, cold([KIT, "--help"]), counts=counts)
        note("cold_verify", name, cold([KIT, "verify", self.small["plain"]]), counts=counts)
        note("cold_verify_signed", name, signed, counts=counts)
        note("cold_import", name, imported, counts=counts)
        note("cold_verify_signed_above_import", name, signed - imported, counts=counts)


def measure(
    count: int,
    *,
    seed: int = 0,
    rounds: int = ROUNDS,
    warm_up: int = WARM_UP,
    kinds: int = len(KINDS),
    keep: Callable[[Run], None] = lambda _run: None,
) -> Run:
    """Return a run.

    Args:
        count: Agreements on the road, the first of each kind not counted.
        seed: Of the facilities.
        rounds: Of the peers, two for warming up not counted; 0 leaves them out.
        warm_up: Agreements of each kind that are not counted.
        kinds: How many of the eleven kinds take part.
        keep: Called with the run as far as it is, after each agreement.
    """
    begun = machine()
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name), seed)
        compiled = rounds > 0 and can_compile()
        if compiled:
            before = kept_files()
            seconds = cold([KIT, "template", "compile"])
            bench.note("cold_compile", "all", seconds, counts=kept_files() != before)
        peers = Peers(bench) if rounds else None
        finished: list[dict[str, str]] = []
        wanted = rounds + WARM_UP if peers else 0
        for structure in dict.fromkeys(_structure(index, kinds) for index in range(count)):
            for _ in range(warm_up):
                bench.agreement(structure, counts=False)
            _progress(0, count, structure)
        due = [count * number // wanted for number in range(wanted)]
        for index in range(count):
            structure = _structure(index, kinds)
            files = bench.agreement(structure)
            finished += [files] if files else []
            _progress(index + 1, count, structure)
            while peers and peers.rounds < wanted and due[peers.rounds] <= index and finished:
                peers.round(finished.pop())
            keep(bench.told(index + 1, begun, peers, compiled=compiled))
        run = bench.told(count, begun, peers, compiled=compiled)
        for worker in (bench.ours, bench.outsider, *([peers] if peers else [])):
            worker.close()
    return run


def _structure(index: int, kinds: int) -> Structure:
    kind = KINDS[index % kinds]
    if kind.cara_kontrak == MANUAL:
        return kind
    turn = TURNS[index // kinds % len(TURNS)]
    return Structure(sample=kind.sample, cara_kontrak=turn, jenis=kind.jenis)


def _progress(done: int, count: int, structure: Structure) -> None:
    print(f"{done}/{count} {structure.name}", file=sys.stderr, flush=True)


def main() -> None:
    """Measure, print, write."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("count", type=int, nargs="?", default=DEFAULT)
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--rounds", type=int, default=ROUNDS, help="of the peers; 0: none")
    asked.add_argument("--json", type=Path, default=Path("keluaran/kecepatan.json"))
    asked.add_argument("--keep", action="store_true", help="for docs/kecepatan.md")
    asked.add_argument("--warm-up", type=int, default=WARM_UP, help="of each kind, not counted")
    asked.add_argument("--kinds", type=int, default=len(KINDS), help="how many take part")
    given = asked.parse_args()

    def keep(run: Run) -> None:
        text = json.dumps(run, indent=1, sort_keys=True) + "\n"
        for path in (given.json, *([LAST_RUN] if given.keep else [])):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    run = measure(
        given.count,
        seed=given.seed,
        rounds=given.rounds,
        warm_up=given.warm_up,
        kinds=given.kinds,
        keep=keep,
    )
    print(table(run))


if __name__ == "__main__":
    main()
