"""The guard: a fresh child for each file, whatever happens to host, warm process or child."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from pks_kit.errors import VerificationError
from pks_kit.limits import MIB
from pks_kit.verification.examination import Examination
from pks_kit.verification.isolation import child_request
from pks_kit.verification.isolation import pool as module
from pks_kit.verification.isolation.parent import run_guarded, run_guarded_async, run_inline
from pks_kit.verification.isolation.pool import GuardedPool, default_pool
from pks_kit.verification.limits import Limits
from pks_kit.verification.report.verdict import Check, VerifyReport
from support import signed_files, tamper
from support.judging import job, unknowns
from support.processes import (
    PATIENCE,
    children_of,
    descriptors_of,
    environment,
    first_child,
    is_gone,
    wait_until,
)

pytestmark = pytest.mark.slow

PATIENT = Limits(cpu_seconds=60)


@pytest.fixture(scope="module")
def shared() -> Iterator[GuardedPool]:
    with GuardedPool() as pool:
        yield pool


@pytest.fixture
def pool() -> Iterator[GuardedPool]:
    with GuardedPool(children=2) as own:
        yield own


def small() -> Examination:
    return job(signed_files.issued())


def slow(limits: Limits = PATIENT, words: int = 30_000) -> Examination:
    """Return work for some seconds, long enough to be met by what a test does.

    Args:
        limits: Limits.
        words: On each page; fewer where the work is done to its end.
    """
    return job(tamper.toil(words=words), limits=limits)


class InThread(threading.Thread):
    """One examination in a thread of the host."""

    def __init__(self, task: Examination, pool: GuardedPool) -> None:
        super().__init__()
        self.task, self.pool = task, pool
        self.report: VerifyReport | None = None
        self.error: VerificationError | None = None
        self.start()

    def run(self) -> None:
        try:
            self.report = run_guarded(self.task, pool=self.pool).report
        except VerificationError as error:
            self.error = error


def started(pool: GuardedPool) -> int:
    pool.start()
    assert pool.pid is not None
    return pool.pid


def limit_met(report: VerifyReport) -> Check:
    (check,) = [one for one in report.checks if one.code == "file.resources"]
    assert check.status == "indeterminate"
    return check


# --- one child for each file ---------------------------------------------------------------------


def test_says_what_the_examination_says(shared: GuardedPool) -> None:
    start, *_, done = signed_files.signed_steps()
    task = job(done, issued=start, receipt=signed_files.receipt_beside(start))
    assert run_guarded(task, pool=shared).report == run_inline(task).report
    assert run_guarded(task, pool=shared).report.verdict == "passed"


def test_every_file_has_a_child_of_its_own(pool: GuardedPool) -> None:
    warm = started(pool)
    seen = []
    for _ in range(3):
        thread = InThread(slow(), pool)
        seen.append(first_child(warm))
        os.kill(seen[-1], signal.SIGKILL)
        thread.join()
    assert len(set(seen)) == 3
    assert pool.pid == warm
    wait_until(lambda: not children_of(warm))  # buried as well


def test_what_proves_signatures_is_loaded_with_the_first_file_that_looks_signed(
    pool: GuardedPool,
) -> None:
    def loaded() -> bool:
        return "cryptography" in Path(f"/proc/{pool.pid}/maps").read_text()

    _, *_, done = signed_files.signed_steps()
    expected = [run_inline(one).report for one in (small(), job(done))]
    pool.start(light=True)
    answers = [run_guarded(small(), pool=pool).report]
    assert not loaded()
    answers.append(run_guarded(job(done), pool=pool).report)
    assert loaded()
    assert answers == expected


def test_threads_share_it_and_no_more_children_work_than_allowed(pool: GuardedPool) -> None:
    warm = started(pool)
    threads = [InThread(small(), pool) for _ in range(8)]
    most = 0
    while any(one.is_alive() for one in threads):
        most = max(most, len(children_of(warm)))
        time.sleep(0.001)
    expected = run_inline(small()).report
    assert [one.report for one in threads] == [expected] * 8
    assert 1 <= most <= 2


def test_threads_that_come_first_at_once_share_one_guard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Late(GuardedPool):
        def __init__(self, *, bubblewrap: bool) -> None:
            time.sleep(0.05)  # long enough for the others to come
            super().__init__(bubblewrap=bubblewrap)

    monkeypatch.setattr(module, "_DEFAULT", [])
    monkeypatch.setattr(module, "GuardedPool", Late)
    found: list[GuardedPool] = []
    threads = [threading.Thread(target=lambda: found.append(default_pool())) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 4
    assert len(set(found)) == 1


def test_no_descriptor_is_left(shared: GuardedPool) -> None:
    run_guarded(small(), pool=shared)
    before = descriptors_of("self").keys()
    there = len(descriptors_of(started(shared)))
    for _ in range(3):
        run_guarded(small(), pool=shared)
    assert descriptors_of("self").keys() == before
    wait_until(lambda: len(descriptors_of(started(shared))) <= there)


def test_warm_process_has_nothing_of_its_host(
    pool: GuardedPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PKS_KIT_PASSWORD", "rahasia")
    held, other = socket.socketpair()
    with held, other:
        other.set_inheritable(True)
        run_guarded(small(), pool=pool)
        warm = started(pool)
        there = Path(f"/proc/{warm}")
        assert b"rahasia" not in (there / "environ").read_bytes()
        assert len(list((there / "task").iterdir())) == 1
        assert os.getsid(warm) == warm

        def sockets() -> int:
            return sum(one.startswith("socket:") for one in descriptors_of(warm).values())

        wait_until(lambda: sockets() == 1)  # the one to the host; that of the request is closed


# --- asyncio -------------------------------------------------------------------------------------


async def _ticks(until: asyncio.Future[object]) -> int:
    count = 0
    while not until.done():
        await asyncio.sleep(0.005)
        count += 1
    return count


def test_loop_stays_free(shared: GuardedPool) -> None:
    async def several() -> tuple[list[VerifyReport], int]:
        work = asyncio.gather(*(run_guarded_async(small(), pool=shared) for _ in range(4)))
        count = await _ticks(work)
        return [one.report for one in await work], count

    reports, count = asyncio.run(several())
    assert reports == [run_inline(small()).report] * 4
    assert count > 3 * 4  # a loop that waits in a call turns once for each file at the most


def test_cancelling_ends_the_child(pool: GuardedPool) -> None:
    async def cancelled() -> None:
        warm = started(pool)
        work = asyncio.ensure_future(run_guarded_async(slow(), pool=pool))
        child = await asyncio.to_thread(first_child, warm)
        os.kill(child, signal.SIGSTOP)  # it would never end by itself
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        while not is_gone(child):
            await asyncio.sleep(0.01)
        examined = await run_guarded_async(small(), pool=pool)
        assert examined.report == run_inline(small()).report
        assert pool.pid == warm

    asyncio.run(asyncio.wait_for(cancelled(), 60))


def test_cancelling_ends_whatever_a_function_waits_for(pool: GuardedPool) -> None:
    asked = []

    def several() -> None:
        for _ in range(3):
            asked.append(run_guarded(slow(), pool=pool))

    async def cancelled() -> None:
        warm = started(pool)
        work = asyncio.ensure_future(pool.in_background(several))
        await asyncio.to_thread(first_child, warm)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work

    asyncio.run(asyncio.wait_for(cancelled(), 60))
    wait_until(lambda: not children_of(pool.pid or 0))
    assert asked == []


# --- ends and new beginnings ---------------------------------------------------------------------


def test_killed_warm_process_is_started_again(pool: GuardedPool) -> None:
    expected = run_inline(small()).report
    assert run_guarded(small(), pool=pool).report == expected
    first = started(pool)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: is_gone(first))
    assert run_guarded(small(), pool=pool).report == expected
    assert pool.pid != first
    assert not Path(f"/proc/{first}").exists()  # buried


def test_warm_process_killed_in_the_middle_takes_its_child_along(pool: GuardedPool) -> None:
    first = started(pool)
    thread = InThread(slow(words=8_000), pool)
    child = first_child(first)
    os.kill(child, signal.SIGSTOP)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: is_gone(child))
    thread.join()
    assert thread.report is not None
    assert thread.report.file.pages == 120
    assert not any(one.code == "file.resources" for one in thread.report.checks)
    assert pool.pid != first


def test_closing_ends_everything_and_refuses_more() -> None:
    pool = GuardedPool()
    warm = started(pool)
    thread = InThread(slow(), pool)
    child = first_child(warm)
    os.kill(child, signal.SIGSTOP)
    pool.close()
    thread.join()
    assert isinstance(thread.error, VerificationError)
    assert is_gone(child)
    assert not Path(f"/proc/{warm}").exists()
    with pytest.raises(VerificationError) as refused:
        run_guarded(small(), pool=pool)
    assert refused.value.code == "verify.no_child"


def test_interpreter_that_cannot_serve_is_named(tmp_path: Path) -> None:
    for python in (tmp_path / "none", Path("/bin/false")):
        with GuardedPool(python=str(python)) as pool, pytest.raises(VerificationError) as refused:
            run_guarded(small(), pool=pool)
        assert refused.value.code == "verify.no_child"
        assert refused.value.params["reason"]


HOST = """
import os, signal, sys, threading, time
from pks_kit.verification.isolation.parent import run_guarded
from pks_kit.verification.isolation.pool import default_pool
from support import tamper
from support.judging import job
from support.processes import first_child
from unit_pool import PATIENT

def verdict():
    return run_guarded(job(b"%PDF-1.7 nothing")).report.verdict

def warm():
    default_pool().start()
    return default_pool().pid

def frozen_child():
    "Begin an examination that never ends, and return its child."
    threading.Thread(target=run_guarded, args=(job(tamper.toil(), limits=PATIENT),)).start()
    child = first_child(warm())
    os.kill(child, signal.SIGSTOP)
    return child
"""


def host(tmp_path: Path, program: str) -> subprocess.Popen[str]:
    """Start a host of its own, in a process group of its own."""
    (tmp_path / "unit_pool.py").write_text(
        "from pks_kit.verification.limits import Limits\nPATIENT = Limits(cpu_seconds=60)\n"
    )
    script = tmp_path / "host.py"
    script.write_text(HOST + dedent(program))
    variables = environment()
    variables["PYTHONPATH"] += f":{tmp_path}"
    return subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=variables,
        process_group=0,
    )


def numbers(running: subprocess.Popen[str]) -> list[int]:
    assert running.stdout is not None
    return [int(one) for one in running.stdout.readline().split()]


def test_killed_host_leaves_nothing(tmp_path: Path) -> None:
    with host(tmp_path, "print(warm(), frozen_child(), flush=True)") as running:
        warm, child = numbers(running)
        assert not is_gone(child)
        running.kill()
    wait_until(lambda: is_gone(warm) and is_gone(child))


def test_host_that_ends_leaves_nothing(tmp_path: Path) -> None:
    with host(tmp_path, "print(verdict(), warm())") as running:
        out, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (0, "")
    verdict, warm = out.split()
    assert verdict == "failed"
    assert not Path(f"/proc/{warm}").exists()


def test_forked_host_has_a_guard_of_its_own(tmp_path: Path) -> None:
    """Web servers load, then fork; also while another thread waits for an answer."""
    program = """
    child = frozen_child()
    mine = warm()
    fork = os.fork()
    if fork == 0:
        print(mine, child, warm(), os.getpid(), verdict(), flush=True)
        time.sleep(60)
        os._exit(0)
    time.sleep(60)
    """
    with host(tmp_path, program) as running:
        assert running.stdout is not None
        *told, verdict = running.stdout.readline().split()
        first, child, second, fork = (int(one) for one in told)
        assert verdict == "failed"
        assert first != second
        running.kill()  # the fork lives on and must not keep the guard of the original alive
        wait_until(lambda: is_gone(first) and is_gone(child))
        assert not is_gone(fork)
        assert not is_gone(second)
        os.kill(fork, signal.SIGKILL)
        wait_until(lambda: is_gone(second))


def test_interrupt_at_the_terminal_is_for_the_host_alone(tmp_path: Path) -> None:
    program = """
    signal.signal(signal.SIGINT, signal.default_int_handler)  # shells ignore it in background jobs
    def interrupt():
        child = first_child(warm())
        os.kill(child, signal.SIGSTOP)
        told.append(child)
        os.killpg(0, signal.SIGINT)
    told = [warm()]
    threading.Thread(target=interrupt).start()
    try:
        run_guarded(job(tamper.toil(), limits=PATIENT))
    except KeyboardInterrupt:
        print(*told, warm(), verdict(), flush=True)
    """
    with host(tmp_path, program) as running:
        out, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (0, "")
    before, child, after, verdict = out.split()
    assert before == after
    assert verdict == "failed"
    assert is_gone(int(child))


# --- limits --------------------------------------------------------------------------------------


def test_memory_of_the_warm_process_is_not_counted(shared: GuardedPool) -> None:
    run_guarded(small(), pool=shared)  # it is loaded now
    held = int(Path(f"/proc/{started(shared)}/statm").read_text().split()[0]) * 4096
    limits = Limits(memory_bytes=64 * MIB)
    assert held > limits.memory_bytes
    start, *_, done = signed_files.signed_steps()
    task = job(done, issued=start, limits=limits)
    assert run_guarded(task, pool=shared).report.verdict == "passed"


def test_each_request_has_its_own_limits(shared: GuardedPool) -> None:
    told = [
        run_guarded(slow(replace(PATIENT, cpu_seconds=seconds), words=60_000), pool=shared)
        for seconds in (1, 120)
    ]
    assert [unknowns(one.report) & {"file.resources/too_much_cpu"} for one in told] == [
        {"file.resources/too_much_cpu"},
        set(),
    ]


def test_a_frozen_child_is_not_waited_for_forever(pool: GuardedPool) -> None:
    run_guarded(small(), pool=pool)  # it is loaded, and what it loads before the second child
    run_guarded(small(), pool=pool)
    warm = started(pool)
    thread = InThread(slow(replace(PATIENT, wall_seconds=3.0)), pool)
    child = first_child(warm)
    os.kill(child, signal.SIGSTOP)
    thread.join()
    assert thread.report is not None
    check = limit_met(thread.report)
    assert check.reason == "too_slow"
    assert "--seconds" in check.message.hint_en
    assert "--seconds" in check.message.hint_id
    assert is_gone(child)


def test_a_stopped_warm_process_is_not_waited_for_longer_than_asked(
    pool: GuardedPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_request, "_END_SECONDS", 2.0)
    expected = run_guarded(small(), pool=pool).report
    warm = started(pool)
    os.kill(warm, signal.SIGSTOP)
    began = time.monotonic()
    report = run_guarded(job(small().content, limits=Limits(wall_seconds=1.0)), pool=pool).report
    # it is asked to end the child, and the default limit would be waited for 160 seconds
    assert 3.0 < time.monotonic() - began < PATIENCE
    assert limit_met(report).reason == "too_slow"
    assert report.verdict == "indeterminate"
    assert report.sha256 == expected.sha256
    assert pool.pid is None  # and no other is started for an answer that comes too late
    wait_until(lambda: is_gone(warm))
    assert run_guarded(small(), pool=pool).report == expected  # by a new one
    assert pool.pid != warm


def test_a_warm_process_that_still_loads_is_kept(pool: GuardedPool) -> None:
    warm = started(pool)
    report = run_guarded(job(small().content, limits=Limits(wall_seconds=0.001)), pool=pool).report
    assert limit_met(report).reason == "too_slow"
    assert run_guarded(small(), pool=pool).report == run_inline(small()).report
    assert pool.pid == warm


def test_child_that_the_system_kills_is_named(pool: GuardedPool) -> None:
    warm = started(pool)
    thread = InThread(slow(), pool)
    os.kill(first_child(warm), signal.SIGKILL)
    thread.join()
    assert thread.report is not None
    assert limit_met(thread.report).reason == "killed"


def test_full_temporary_folder_is_named(
    shared: GuardedPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without files in memory the disk is used; a folder that is not there takes nothing."""

    def no_memory(*_: object) -> int:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(os, "memfd_create", no_memory)
    assert run_guarded(small(), pool=shared).report == run_inline(small()).report
    full = tmp_path / "full"
    monkeypatch.setattr("tempfile.tempdir", str(full))
    check = limit_met(run_guarded(small(), pool=shared).report)
    assert check.reason == "no_room"
    assert str(full) in check.message.en
    assert "TMPDIR" in check.message.hint_en
    assert "TMPDIR" in check.message.hint_id


@pytest.mark.parametrize("missing", ["linux", "fork", "resource"])
def test_nothing_is_opened_where_no_guard_can_be_had(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    default_pool()  # made while the system still had all
    if missing == "linux":
        monkeypatch.setattr(module.sys, "platform", "win32")
    elif missing == "fork":
        monkeypatch.delattr(os, "fork")
    else:
        monkeypatch.setitem(sys.modules, "resource", None)
    for guard in (None, default_pool()):
        with pytest.raises(VerificationError) as refused:
            run_guarded(small(), pool=guard)
        assert refused.value.code == "verify.no_guard"
        assert refused.value.exit_code == 31
    with pytest.raises(VerificationError):
        GuardedPool()
