"""A night of N invented facilities of all kinds: workbook, plan, run with test keys, verified.

``python benchmarks/night.py 1000`` prints CPU seconds per agreement and of each further one, peak
memory of a worker, of the coordinator and of whoever plans, ledger events, and what 26,000
agreements cost by these figures. Facilities are invented, planned and run in a process each, so
that no peak is that of another step. Texts are compiled before, as whoever runs nights has done;
how long that takes is told apart. However the bench ends, whatever it started ends with it.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "tests"), str(Path(__file__).parent)]

from machine import machine  # noqa: E402

from pks_kit.cli.cache import cache_folder  # noqa: E402
from pks_kit.inputs.workbook import write_workbook  # noqa: E402
from pks_kit.ledger.store import open_ledger  # noqa: E402
from pks_kit.pipelines.batch import BatchPlanRequest, batch_plan  # noqa: E402
from pks_kit.pipelines.batch_run import BatchRunRequest, batch_run  # noqa: E402
from pks_kit.pipelines.batching.coordinator import Progress  # noqa: E402
from pks_kit.pipelines.batching.folder import BatchFolder  # noqa: E402
from pks_kit.pipelines.batching.worker import end_with_parent  # noqa: E402
from pks_kit.pipelines.batching.workshop import REHEARSAL_LEDGER  # noqa: E402
from pks_kit.pipelines.template_compile import (  # noqa: E402
    TemplateCompileRequest,
    template_compile,
)
from support.facilities import facilities  # noqa: E402
from support.processes import children_of  # noqa: E402

ALL = 26_000


class Memory:
    """The most memory that any worker had, looked at while the run goes on."""

    def __init__(self) -> None:
        self.workers: dict[int, int] = {}
        self.ends: list[tuple[int, float]] = []

    def __call__(self, now: Progress) -> None:
        """Look at every worker, and tell how far the run is."""
        self.ends.append((now.ended, _cpu_of_workers(self.workers)))
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


def _cpu_of_workers(workers: dict[int, int]) -> float:
    """Return the processor seconds of workers that live."""
    ticks = 0
    for pid in workers:
        try:
            fields = (
                Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            )
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _alone(step: Callable[..., dict[str, Any]], *arguments: object) -> dict[str, Any]:
    """Return what a step told, done in a process of its own.

    An executor's process looks for its parent only between two pieces of work, and a night is one:
    so it is told to end with it. Workers and fork server below it do so by themselves.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=end_with_parent) as one:
        return one.submit(step, *arguments).result()


def _measured(place: Path, count: int, jobs: int) -> dict[str, object]:
    _alone(_invented, place, count)
    compiled = _alone(_compiled)
    planned = _alone(_planned, place)
    ran = _alone(_ran, place, jobs)
    events = ran.pop("events")
    each = (ran["rows_cpu"] + ran["coordinator_cpu"] + planned["plan_cpu"]) / count
    return {
        "machine": machine(),
        "agreements": count,
        "jobs": jobs,
        **compiled,
        **planned,
        **ran,
        "cpu_per_agreement": round(each, 3),
        "ledger_events": events,
        f"minutes_for_{ALL}_on_2_cores": round(each * ALL / 2 / 60, 1),
        f"minutes_for_{ALL}_at_this_rate": round(ran["run_seconds"] / count * ALL / 60, 1),
    }


def _invented(place: Path, count: int) -> dict[str, Any]:
    known = {one.faskes.kode: one for _, one in facilities(count)}
    (place / "faskes.xlsx").write_bytes(write_workbook(known))
    return {}


def _compiled() -> dict[str, Any]:
    folder, began = cache_folder(), time.monotonic()
    if folder is None:
        return {"compiled": 0, "compile_cpu": 0.0, "compile_seconds": 0.0}
    result = template_compile(TemplateCompileRequest(folder=folder))
    return {
        "compiled": sum(not one.kept for one in result.editions),
        "compile_cpu": result.seconds,
        "compile_seconds": round(time.monotonic() - began, 1),
    }


def _planned(place: Path) -> dict[str, Any]:
    began, cpu = time.monotonic(), time.process_time()
    planned = batch_plan(
        BatchPlanRequest(
            sources=(place / "faskes.xlsx",),
            folder=place / "rencana",
            by="Sari Contohwati",
            sample=0,
        )
    )
    return {
        "ready": planned.ready,
        "plan_cpu": round(time.process_time() - cpu, 2),
        "plan_seconds": round(time.monotonic() - began, 1),
        "plan_peak_mib": round(_peak("self") / 1024),
    }


def _ran(place: Path, jobs: int) -> dict[str, Any]:
    folder, memory = BatchFolder(place / "rencana"), Memory()
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
    return {
        "states": ran.status.states,
        "rows_cpu": round(ran.cpu, 1),
        "coordinator_cpu": round(coordinator, 2),
        "each_further_cpu": _each_further(memory.ends),
        "run_seconds": round(ran.seconds, 1),
        "worker_peak_mib": round(max(memory.workers.values(), default=0) / 1024),
        "coordinator_peak_mib": round(_peak("self") / 1024),
        "events": events,
    }


def _each_further(ends: list[tuple[int, float]]) -> float | None:
    """Return the processor seconds of workers per agreement over the second half of a run."""
    last = max((ended for ended, _ in ends), default=0)
    half = [one for one in ends if one[0] >= last / 2]
    rows = half[-1][0] - half[0][0] if half else 0
    cpu = max(one[1] for one in half) - half[0][1] if half else 0.0
    return round(cpu / rows, 3) if rows else None


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100, int((sys.argv[2:] or ["2"])[0]))
