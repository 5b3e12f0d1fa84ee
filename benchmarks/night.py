"""A night of N invented facilities of all kinds: workbook, plan, run with test keys, verified.

``python benchmarks/night.py 1000`` prints CPU seconds per agreement, peak memory of a worker and of
the coordinator, ledger events and commits, and what 26,000 agreements cost by these figures. The
peer in the same run is one ledger write after another by the same number of events.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "tests"), str(Path(__file__).parent)]

from machine import machine  # noqa: E402

from pks_kit.cli.cache import cache_folder  # noqa: E402
from pks_kit.inputs.workbook import write_workbook  # noqa: E402
from pks_kit.ledger.store import open_ledger  # noqa: E402
from pks_kit.pipelines.batch import BatchPlanRequest, batch_plan  # noqa: E402
from pks_kit.pipelines.batch_run import BatchRunRequest, batch_run  # noqa: E402
from pks_kit.pipelines.batching.coordinator import Progress  # noqa: E402
from pks_kit.pipelines.batching.folder import BatchFolder  # noqa: E402
from pks_kit.pipelines.batching.workshop import REHEARSAL_LEDGER  # noqa: E402
from support.facilities import facilities  # noqa: E402
from support.processes import children_of  # noqa: E402

ALL = 26_000


class Memory:
    """The most memory that any worker had, looked at while the run goes on."""

    def __init__(self) -> None:
        self.workers: dict[int, int] = {}

    def __call__(self, now: Progress) -> None:
        """Look at every worker, and tell how far the run is."""
        import os

        for server in children_of(os.getpid()):
            for worker in children_of(server):
                self.workers[worker] = max(self.workers.get(worker, 0), _peak(worker))
        print(f"\r{now.ended}/{now.rows}", end="", file=sys.stderr, flush=True)


def _peak(pid: int | str) -> int:
    """Return the peak of resident memory in KiB; 0 for a process that is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    return next((int(one.split()[1]) for one in status.splitlines() if "VmHWM" in one), 0)


def main(count: int, jobs: int) -> None:
    """Run the night and print its figures as JSON."""
    place = Path(tempfile.mkdtemp(prefix="malam-"))
    try:
        print(json.dumps(_measured(place, count, jobs), indent=1))
    finally:
        shutil.rmtree(place)


def _measured(place: Path, count: int, jobs: int) -> dict[str, object]:
    book = place / "faskes.xlsx"
    book.write_bytes(write_workbook({one.faskes.kode: one for _, one in facilities(count)}))
    folder = BatchFolder(place / "rencana")
    began, cpu = time.monotonic(), time.process_time()
    planned = batch_plan(
        BatchPlanRequest(sources=(book,), folder=folder.path, by="Sari Contohwati", sample=0)
    )
    plan_cpu, plan_wall = time.process_time() - cpu, time.monotonic() - began
    memory = Memory()
    cpu = time.process_time()
    ran = batch_run(
        BatchRunRequest(
            folder=folder.path,
            rehearse=True,
            jobs=jobs,
            compiled=cache_folder(),
            progress=memory,
        )
    )
    coordinator = time.process_time() - cpu
    with open_ledger(folder.rehearsal.path / REHEARSAL_LEDGER) as ledger:
        events = len(ledger.events())
    each = (ran.cpu + coordinator + plan_cpu) / count
    return {
        "machine": machine(),
        "agreements": count,
        "jobs": jobs,
        "states": ran.status.states,
        "ready": planned.ready,
        "plan_cpu": round(plan_cpu, 2),
        "plan_seconds": round(plan_wall, 1),
        "rows_cpu": round(ran.cpu, 1),
        "coordinator_cpu": round(coordinator, 2),
        "cpu_per_agreement": round(each, 3),
        "run_seconds": round(ran.seconds, 1),
        "worker_peak_mib": round(max(memory.workers.values(), default=0) / 1024),
        "coordinator_peak_mib": round(_peak("self") / 1024),
        "ledger_events": events,
        f"minutes_for_{ALL}_on_2_cores": round(each * ALL / 2 / 60, 1),
        f"minutes_for_{ALL}_at_this_rate": round(ran.seconds / count * ALL / 60, 1),
    }


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100, int((sys.argv[2:] or ["2"])[0]))
