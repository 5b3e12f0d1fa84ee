"""A small night on sample data: twelve facilities from a workbook to a report, killed once.

The first run is killed without warning as soon as some agreements are done, as a power cut would;
the second one goes on. Everything is rehearsed with test keys; nothing has a legal effect.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pks_kit.domain.kontrak import Kontrak
from pks_kit.errors import PksKitError
from pks_kit.inputs import load_kontrak
from pks_kit.inputs.workbook import write_workbook
from pks_kit.json_types import Count, Text
from pks_kit.pipelines.batch import BatchPlanned, BatchPlanRequest, batch_plan
from pks_kit.pipelines.batch_report import BatchReportRequest, batch_report
from pks_kit.pipelines.batch_run import BatchRan, BatchRunRequest, batch_run
from pks_kit.pipelines.batching.book import read_book
from pks_kit.pipelines.batching.folder import BatchFolder, keep
from pks_kit.pipelines.batching.pool import prepared_context
from pks_kit.pipelines.batching.worker import end_with_parent
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.resources import contract_samples

_DONE_BEFORE = 4
"""After so many agreements the first run is killed."""
_LOOKS_SECONDS = 0.1
_MOST_SECONDS = 600.0
_BY_PEN = 2
"""So many samples are also done as kontrak digital, by another facility."""
_PLANNER = "Sari Contohwati"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoBatchRequest(Request):
    """Where the demo works.

    Attributes:
        folder: Folder of the demo; the batch and its workbook lie in it.
        jobs: How many processes the second run has; None: one for each processor. The first one has
            one, because whatever a process learned about the text is lost when it is killed.
        compiled: Folder with compiled templates; None reads nothing.
        progress: Called with a message code and its parameters before each step.
    """

    folder: Path
    jobs: int | None = None
    compiled: Path | None = None
    progress: Callable[[str, Mapping[str, object]], None] = field(
        default=lambda _code, _params: None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoBatchResult:
    """What the small night gave.

    Attributes:
        folder: Folder of the batch.
        report: Page and workbook about it.
        planned: What was planned.
        done_before: Agreements that were done when the first run was killed.
        ran: How the second run ended.
        redone: Agreements that the first run had begun, so that the second one did them again.
    """

    folder: Text
    report: tuple[Text, ...]
    planned: BatchPlanned
    done_before: Count
    ran: BatchRan
    redone: Count


@verb
def demo_batch(request: DemoBatchRequest) -> DemoBatchResult:
    """Plan, rehearse, be killed, go on.

    Raises:
        PksKitError: ``demo.unexpected`` when an agreement is lost; or whatever a step raises.
    """
    # 1. A workbook, as a branch keeps it.
    folder = BatchFolder(_free(request.folder))
    book = folder.path.with_suffix(".xlsx")
    facilities = {one.faskes.kode: one for one in _facilities()}
    request.progress("demo_batch.step.plan", {"file": book.name, "count": len(facilities)})
    keep({book: write_workbook(facilities)})
    # 2. The plan.
    planned = batch_plan(
        BatchPlanRequest(sources=(book,), folder=folder.path, by=_PLANNER, sample=0)
    )
    # 3. A first run, which is killed.
    request.progress("demo_batch.step.first", {})
    done_before, begun = _killed_run(request, folder, planned.plan, planned.rows)
    request.progress("demo_batch.step.killed", {"count": done_before})
    # 4. The same again: it goes on.
    ran = batch_run(_run(request, folder))
    states = ran.status.states
    if sum(states.get(one, 0) for one in ("done", "with_other")) != planned.rows:
        others = [
            f"{one.number} {one.state} {one.code}"
            for one in ran.status.rows
            if one.state not in ("done", "with_other")
        ]
        raise PksKitError("demo.unexpected", what="; ".join(others))
    # 5. What came of it, to read.
    report = batch_report(BatchReportRequest(folder=folder.path, rehearsal=True))
    pages = [
        one.save(folder.rehearsal.path, replace=True) for one in (report.page, report.workbook)
    ]
    return DemoBatchResult(
        folder=str(folder.path),
        report=tuple(map(str, pages)),
        planned=planned,
        done_before=done_before,
        ran=ran,
        redone=begun,
    )


demo_batch_async = in_background(demo_batch)


def _free(folder: Path) -> Path:
    """Return a folder for the batch that no earlier demo has used."""
    number = 1
    while (place := folder / f"faskes-{number}").exists():
        number += 1
    return place


def _run(request: DemoBatchRequest, folder: BatchFolder) -> BatchRunRequest:
    return BatchRunRequest(
        folder=folder.path,
        rehearse=True,
        proves=False,
        jobs=request.jobs,
        compiled=request.compiled,
    )


def _facilities() -> list[Kontrak]:
    """Return all samples, and two more facilities that sign by kontrak digital."""
    found = [load_kontrak(path).kontrak for path in contract_samples()]
    # of one text after the other: what was laid out for the first serves those that follow
    texts = Counter(one.versi_templat for one in found)
    found.sort(key=lambda one: -texts[one.versi_templat])
    electronic = [one for one in found if one.cara_kontrak == "elektronik"]
    return found + [_by_pen(one, number) for number, one in enumerate(electronic[:_BY_PEN])]


def _by_pen(kontrak: Kontrak, number: int) -> Kontrak:
    """Return another facility of the same kind, which signs with a pen."""
    code = f"{kontrak.faskes.kode[:-3]}9{number:02d}"
    text = kontrak.model_dump_json().replace(kontrak.faskes.kode, code)
    other = Kontrak.model_validate_json(text)
    first, second = other.pihak_kesatu, other.pihak_kedua
    return other.model_copy(
        update={
            "cara_kontrak": "digital",
            "pihak_kesatu": first.model_copy(update={"nomor_pks": f"9{number}{first.nomor_pks}"}),
            "pihak_kedua": second.model_copy(update={"nomor_pks": f"9{number}{second.nomor_pks}"}),
        }
    )


def _killed_run(
    request: DemoBatchRequest, folder: BatchFolder, plan_id: str, rows: int
) -> tuple[int, int]:
    """Start a run, kill it when some are done; return how many were, and how many were begun."""
    # of the server that starts the workers of the second run as well: libraries are loaded once
    process = prepared_context().Process(target=_run_alone, args=(folder.path, request.compiled))
    process.start()
    ends = time.monotonic() + _MOST_SECONDS
    done = 0
    while process.is_alive() and time.monotonic() < ends:
        time.sleep(_LOOKS_SECONDS)
        known, _ = read_book(folder.rehearsal.book, plan_id, rows)
        done = sum(one.state in ("done", "with_other") for one in known.values())
        if done >= _DONE_BEFORE:
            break
    process.kill()
    process.join()
    known, _ = read_book(folder.rehearsal.book, plan_id, rows)
    states = Counter(one.state for one in known.values())
    return states["done"] + states["with_other"], states["working"]


def _run_alone(folder: Path, compiled: Path | None) -> None:
    """Run in a process of its own; a request holds functions, which no process can be given."""
    end_with_parent()  # a demo that is killed leaves no run behind
    batch_run(_run(DemoBatchRequest(folder=folder, jobs=1, compiled=compiled), BatchFolder(folder)))
