"""A child that was taken over lies: whatever it says, a changed file never passes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pks_kit.verification.examination import Examination
from pks_kit.verification.isolation.parent import run_guarded
from pks_kit.verification.isolation.pool import GuardedPool
from pks_kit.verification.report.html import html_report
from pks_kit.verification.report.verdict import VerifyReport
from support import overcome, signed_files, tamper
from support.judging import LATER, failures, job, unknowns
from support.processes import environment

pytestmark = pytest.mark.slow

PLACE = 2000
"""Of a bit inside the issued bytes."""


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuardedPool]:
    with GuardedPool(python=overcome.server(tmp_path_factory.mktemp("lies"))) as lying:
        yield lying


def spoiled(lie: str, *, issued: bool = True, receipt: bool = True) -> Examination:
    """Return the job for a signed file with one changed bit, and the lie of its child."""
    start, *_, done = signed_files.signed_steps()
    task = job(
        tamper.replaced_byte(done, PLACE, overcome.MASK),
        issued=start if issued else None,
        receipt=signed_files.receipt_beside(start) if receipt else None,
    )
    return overcome.named(task, lie, PLACE)


def told(lie: str, pool: GuardedPool, **known: bool) -> VerifyReport:
    return run_guarded(spoiled(lie, **known), pool=pool).report


def test_the_children_of_this_guard_are_honest_when_they_are_not_told_to_lie(
    pool: GuardedPool,
) -> None:
    """Else the tests below would prove nothing; and the changed file is refused."""
    start, *_, done = signed_files.signed_steps()
    assert run_guarded(job(done, issued=start), pool=pool).report.verdict == "passed"
    assert "issued.prefix/differs_at" in failures(told("honest", pool))


ANSWERED = {
    "one check": "file.answers/incomplete",
    "one check, then a fault": "file.resources/crashed",
    "perfect, then a fault": "file.resources/crashed",
    "perfect, then another exit code": "file.resources/crashed",
    "perfect after honest partials": "file.answers/taken_away",
    "perfect after an honest report": "file.answers/second",
    "perfect twice": "file.answers/second",
    "perfect, then junk": "file.answers/unreadable",
    "perfect, then an empty line": "file.answers/unreadable",
    "perfect, then half a line": "file.answers/cut_off",
    "perfect, then a few bytes": "file.answers/cut_off",
    "perfect, then partial": "file.answers/out_of_order",
    "perfect, then ready": "file.answers/second",
    "perfect, then out of memory": "file.resources/too_much_memory",
    "perfect, then pictures twice": "file.answers/out_of_order",
    "perfect, then changes after pictures": "file.answers/out_of_order",
    "perfect, then an answer to something else": "file.answers/out_of_order",
    "an unknown code": "file.answers/unreadable",
    "an unknown reason": "file.answers/unreadable",
    "a reason that never passes": "file.answers/not_passing",
    "passed by another evidence": "file.answers/not_passing",
    "an unknown evidence": "file.answers/unreadable",
    "an answer of the ledger": "file.answers/not_given",
    "an answer of the evidence file": "file.answers/not_given",
    "a note of the host": "file.answers/not_given",
    "an unknown note": "file.answers/unreadable",
    "compared with another answer": "file.answers/not_given",
    "an anchor that nobody gave": "file.answers/not_given",
    "another hash": "file.answers/other_job",
    "another size": "file.answers/other_job",
    "another version": "file.answers/other_job",
    "another agreement": "file.answers/other_job",
    "another kind": "file.answers/other_job",
    "any kind": "file.answers/other_job",
    "an evidence file": "file.answers/other_job",
    "not a number": "file.answers/unreadable",
    "endless": "file.answers/unreadable",
    "a list for a number": "file.answers/unreadable",
    "markup for a size": "file.answers/unreadable",
    "markup for a start": "file.answers/unreadable",
    "markup for an end": "file.answers/unreadable",
    "markup for a revision": "file.answers/unreadable",
    "truth for a number": "file.answers/unreadable",
    "a huge number": "file.answers/unreadable",
    "a huge text": "file.answers/unreadable",
    "no revisions": "file.answers/incomplete",
    "no signatures": "file.answers/incomplete",
    "no end": "file.answers/too_long",
    "short lines": "file.answers/unreadable",
    "many partials": "file.answers/second",
    "nested": "file.answers/too_long",
    "full": "file.answers/incomplete",
}
"""What the host says to each lie."""

STILL_FAILED = {"perfect after honest partials", "perfect after an honest report"}
"""Where the child had told before what is wrong with the file."""


def test_every_lie_is_told() -> None:
    assert ANSWERED.keys() == overcome.LIES.keys()


@pytest.mark.sampled(10)
@pytest.mark.parametrize("lie", ANSWERED)
def test_no_lie_makes_a_changed_file_pass(lie: str, pool: GuardedPool) -> None:
    report = told(lie, pool)
    assert ANSWERED[lie] in unknowns(report)
    assert report.verdict in (("failed",) if lie in STILL_FAILED else ("failed", "indeterminate"))
    check = next(one for one in report.checks if one.code in ("file.answers", "file.resources"))
    for words in (check.message.id, check.message.en, check.message.hint_id, check.message.hint_en):
        assert words
        assert "{" not in words


def test_one_server_outlives_the_lies_of_its_children(pool: GuardedPool) -> None:
    told("honest", pool)
    warm = pool.pid
    for lie in ("perfect twice", "perfect, then a fault", "no end"):
        told(lie, pool)
    told("honest", pool)
    assert pool.pid == warm


def test_what_was_found_on_the_way_stays(pool: GuardedPool) -> None:
    lied = told("perfect after honest partials", pool)
    honest = told("honest", pool)
    kept = {"issued.prefix/differs_at"}
    assert kept <= failures(honest)
    assert kept <= failures(lied)


def test_nothing_is_compared_that_was_not_given(pool: GuardedPool) -> None:
    known = {"issued": False, "receipt": False}
    assert unknowns(told("compared with another answer", pool, **known)) == {
        "file.answers/not_given"
    }


@pytest.mark.parametrize("lie", [name for name in overcome.LIES if name.startswith("markup")])
def test_no_markup_of_a_child_stands_in_the_page(lie: str, pool: GuardedPool) -> None:
    examined = run_guarded(spoiled(lie), pool=pool)
    page = html_report(examined, "berkas.pdf", "id", LATER)
    assert "<form" not in page
    assert 'http-equiv="refresh"' not in page


FLOODED = """
import json, resource, sys, time
from pathlib import Path
sys.path[:0] = json.loads(sys.argv[3])
from attacks.test_lying_children import spoiled
from pks_kit.verification.isolation.parent import run_guarded
from pks_kit.verification.isolation.pool import GuardedPool

told = {}
with GuardedPool(python=sys.argv[1]) as pool:
    run_guarded(spoiled("one check"), pool=pool)
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for lie in json.loads(sys.argv[2]):
        task = spoiled(lie)
        before = resource.getrusage(resource.RUSAGE_SELF)
        report = run_guarded(task, pool=pool).report
        after = resource.getrusage(resource.RUSAGE_SELF)
        told[lie] = {
            "verdict": report.verdict,
            "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
            "mib": (after.ru_maxrss - held) / 1024,
        }
print(json.dumps(told))
"""

FLOODS = ["no end", "short lines", "many partials", "nested", "full"]


def test_a_flood_costs_the_host_little(tmp_path: Path) -> None:
    """What is kept is bounded, and so is what its parsing costs.

    One host is flooded with all of them, one after another; its memory is that of all so far.
    """
    paths = json.dumps([str(Path(__file__).resolve().parents[1])])
    done = subprocess.run(
        [sys.executable, "-c", FLOODED, overcome.server(tmp_path), json.dumps(FLOODS), paths],
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, dict[str, Any]] = json.loads(done.stdout)
    assert set(told) == set(FLOODS)
    for lie, spent in told.items():
        assert spent["verdict"] in ("failed", "indeterminate"), lie
        assert spent["cpu"] < 5, (lie, spent)
        assert spent["mib"] < 200, (lie, spent)
