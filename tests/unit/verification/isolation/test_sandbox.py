"""The child of the real guard says what holds for it, and the report what does not."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pks_kit.verification.isolation import parent
from pks_kit.verification.isolation.child_request import Ended
from pks_kit.verification.isolation.kernel import landlock
from pks_kit.verification.isolation.kernel.isolation import Isolation, Missing
from pks_kit.verification.isolation.parent import run_guarded, run_task_guarded
from pks_kit.verification.isolation.pool import GuardedPool
from pks_kit.verification.isolation.protocol import (
    Answers,
    Job,
    encode_answer,
    hear,
)
from pks_kit.verification.limits import Limits
from support import signed_files
from support.judging import job
from support.processes import children_of, wait_until

NONE = Isolation(
    missing=(
        Missing(rule="landlock", reason="ENOSYS"),
        Missing(rule="seccomp", reason="EINVAL"),
    )
)


def test_every_rule_holds_in_a_child_of_the_guard() -> None:
    answered, _ = run_task_guarded(Job(limits=Limits(), task="embedded"), (signed_files.issued(),))
    assert answered.ready is not None
    assert answered.ready.missing == ()
    assert answered.ready.landlock_abi == landlock.known_abi()


def test_an_honest_file_passes_behind_all_rules() -> None:
    done = signed_files.signed_steps()[-1]
    examined = run_guarded(job(done, issued=signed_files.issued()), picture_dpi=40)
    notes = {note.code for note in examined.report.notes}
    assert examined.report.verdict == "passed"
    assert len(examined.pictures) > 0
    assert notes.isdisjoint({"not_isolated", "reads_not_limited", "acts_not_limited"})


class _Weak(GuardedPool):
    """A guard on a machine whose kernel has no rules."""

    def ask(self, job: Job, files: Any) -> Ended:
        done = super().ask(job, files)
        assert hear(done.lines).answers.ready == Isolation(
            landlock_abi=landlock.known_abi(), landlock=landlock.covers(landlock.known_abi())
        )
        weak = encode_answer(Answers(ready=NONE)).rstrip()
        return replace(done, lines=(weak, *done.lines[1:]))


@pytest.mark.slow
@pytest.mark.parametrize("content", [signed_files.issued(), b"bukan PDF sama sekali"])
def test_the_report_says_where_nothing_holds(content: bytes) -> None:
    with _Weak() as pool:
        report = parent.run_guarded(job(content), pool=pool).report
    [note] = [note for note in report.notes if note.code == "not_isolated"]
    assert note.params == {"missing": "landlock ENOSYS, seccomp EINVAL"}
    assert "landlock ENOSYS" in note.message.id
    assert "landlock ENOSYS" in note.message.en


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("bwrap") is None, reason="bwrap is not installed")
def test_a_server_in_an_empty_view_says_the_same() -> None:
    done = signed_files.signed_steps()[-1]
    with GuardedPool(bubblewrap=True) as pool:
        report = run_guarded(job(done, issued=signed_files.issued()), pool=pool).report
        if pool.lacking:
            pytest.skip(pool.lacking)
        assert report == run_guarded(job(done, issued=signed_files.issued())).report
        inside = _below(pool.pid or 0)
        assert len(inside) == 2  # the first process of the view, and the server
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in inside))


def _below(pid: int) -> list[int]:
    return [one for child in children_of(pid) for one in (child, *_below(child))]


def test_without_bubblewrap_the_report_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/tidak/ada")
    with GuardedPool(bubblewrap=True) as pool:
        report = run_guarded(job(b"bukan PDF sama sekali"), pool=pool).report
    [note] = [note for note in report.notes if note.code == "no_bubblewrap"]
    assert note.params == {"reason": "absent: bwrap"}
