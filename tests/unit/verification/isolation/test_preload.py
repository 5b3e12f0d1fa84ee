"""What is loaded before a file comes: all that its reading needs, and no more."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pks_kit.pipelines.verifying.policies import policy_in_force
from pks_kit.pki.anchors import read_anchors
from pks_kit.pki.material import ValidationMaterial
from pks_kit.verification.examine import examine
from pks_kit.verification.isolation.exercise import signed_sample
from pks_kit.verification.isolation.protocol import (
    ChainsHead,
    Job,
    Parts,
    SecondHead,
    TrustToUse,
    examination_job,
)
from pks_kit.verification.isolation.server_process import bare_environment
from pks_kit.verification.isolation.wire import write_job
from pks_kit.verification.limits import Limits
from pks_kit.verification.signatures.signed_ranges import prove_ranges
from support import scans, signed_files
from support.judging import LATER, job
from support.processes import ending

PROGRAM = """
import json, os, sys
from pks_kit.verification.isolation.preload import preload_base, preload_light, preload_rest
preload_light()
light = set(sys.modules)
preload_base()
base = set(sys.modules)
preload_rest()
warm = set(sys.modules)
threads = len(os.listdir("/proc/self/task"))
from pks_kit.messages import _entries
from pks_kit.verification.isolation import child, tasks, wire
from pyhanko.pdf_utils import generic
read = _entries.cache_info().misses
answers = os.open("/dev/null", os.O_WRONLY)
for name in sys.argv[1:]:
    with open(name, "rb") as source:
        job, files = wire.read_job(source)
    if job.examination is None:
        tasks.do_task(job, files)
    elif job.second is None:
        child._examine(job.examination, job.limits, files, answers)
    else:
        task = child.examination_from(job.examination, job.limits, files)
        list(child.look_again_at(task, job.second, job.examination.picture_dpi))
print(json.dumps({"threads": threads, "light": sorted(light), "base": sorted(base),
                  "warm": sorted(warm), "late": sorted(set(sys.modules) - warm),
                  "catalogue": _entries.cache_info().misses - read,
                  "hex": generic.read_hex_string_from_stream.__module__}))
"""

OUTSIDERS = {
    "aiohttp.client", "alembic", "click", "docx", "httpx", "numpy", "openpyxl", "requests", "rich",
    "sqlalchemy", "urllib3", "weasyprint", "yarl",
}  # fmt: skip


def jobs() -> list[tuple[Job, Parts]]:
    """Return work of every kind: signed with pictures, scanned, broken, and each task."""
    start, *_, done = signed_files.signed_steps()
    signed = job(done, issued=start, receipt=signed_files.receipt_beside(start))
    scan = job(scans.scanned(scans.jpeg(scans.sheet(100)), scans.png(scans.sheet(100))))
    scan = replace(scan, policy=policy_in_force("sip", LATER.date()))
    examined = [(signed, 60), (scan, 60), (job(b"%PDF-1.7 nothing"), 60)]
    limits = Limits()
    fields = ("TTD_PIHAK_KESATU", "TTD_PIHAK_KEDUA")
    chains = ChainsHead(fields=fields, trust=TrustToUse.of(signed))
    first = [examination_job(one, dpi) for one, dpi in examined]
    again = [
        (replace(head, second=SecondHead(report=examine(one))), files)
        for (head, files), (one, _) in zip(first, examined, strict=True)
    ]
    return [
        *first,
        *again,
        (Job(task="embedded", limits=limits), (done,)),
        (Job(task="pages", limits=limits), (done, start)),
        (Job(task="chains", limits=limits, chains=chains), (done,)),
    ]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder: Path = tmp_path_factory.mktemp("jobs")
    names = []
    for number, (work, files) in enumerate(jobs()):
        names.append(folder / f"{number}.job")
        with names[-1].open("w+b") as target:
            write_job(target, work, files)
    done = subprocess.run(
        [sys.executable, "-P", "-c", PROGRAM, *map(str, names)],
        capture_output=True,
        text=True,
        check=True,
        env=bare_environment(),
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.slow
def test_nothing_is_loaded_while_a_file_is_read(told: dict[str, Any]) -> None:
    assert told["late"] == []
    assert told["catalogue"] == 0


@pytest.mark.slow
def test_no_library_starts_a_thread(told: dict[str, Any]) -> None:
    """A process with threads must not be forked."""
    assert told["threads"] == 1


@pytest.mark.slow
def test_nothing_is_loaded_that_no_file_needs(told: dict[str, Any]) -> None:
    assert set(told["warm"]) & OUTSIDERS == set()
    assert "pyhanko.sign.validation.pdf_embedded" in told["base"]
    assert "PIL.Image" not in told["base"]
    unneeded = ("pyhanko", "lxml", "cryptography", "pypdfium2", "PIL")
    assert [one for one in told["light"] if one.partition(".")[0] in unneeded] == []


@pytest.mark.slow
def test_long_strings_are_read_at_once(told: dict[str, Any]) -> None:
    assert told["hex"] == "pks_kit.pdf.hex_strings"


def test_the_exercise_goes_all_the_way() -> None:
    with ending(3.0):  # a host waits for it before the third file
        content, root = signed_sample()
    anchors = read_anchors(root, "-", {})
    [fact] = prove_ranges(content, anchors, {}, datetime.now(UTC), ValidationMaterial()).facts
    assert fact.sound
    assert fact.trusted
    assert fact.has_token
