"""A fork server that is a copy of a command holds nothing of it: no secret, no open file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from support import signed_files
from support.processes import environment, is_gone, wait_until

TOLD = """
import json, os, sys

def what_is_left(*_):
    here = sys.modules["__main__"]
    found = False
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps.read().splitlines():
            span, rights = line.split()[:2]
            start, end = (int(one, 16) for one in span.split("-"))
            if rights.startswith("rw") and "[v" not in line:
                memory.seek(start)
                read = memory.read(end - start)
                at = read.find(here.FIRST)
                while at >= 0:  # the whole never stands here, else it would be found
                    rest = read[at + len(here.FIRST):][:len(here.TURNED)]
                    found = found or rest == bytes(reversed(here.TURNED))
                    at = read.find(here.FIRST, at + 1)
    said = {
        "found": found,
        "environment": sorted(os.environ),
        "open": [os.readlink(f"/proc/self/fd/{one}") for one in (0, 1, 2)],
        "descriptors": len(os.listdir("/proc/self/fd")) - 1,
        "folder": os.getcwd(),
        "session": os.getsid(0) == os.getpid(),
    }
    with open(here.ANSWER, "w") as file:
        json.dump(said, file)
    os._exit(0)
"""

PATIENT = """
import sys, threading, time
from pks_kit.verification.isolation.pool import GuardedPool
if sys.argv[1] == "threads":
    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
pool = GuardedPool()
pool.start(light=True, from_here=True)
print(pool.pid, flush=True)
sys.stdin.readline()
import os, signal
from support import signed_files
from support.judging import job
from pks_kit.verification.isolation.parent import run_guarded
os.kill(pool.pid, signal.SIGKILL)
print(run_guarded(job(signed_files.issued()), pool=pool).report.verdict, pool.pid, flush=True)
sys.stdin.readline()
"""


def told_by_copy(tmp_path: Path, secret: str, *, forgets: bool = True) -> dict[str, object]:
    """Return what a copy of ``pks-kit verify`` finds in itself where the server would begin."""
    pdf, answer = tmp_path / "berkas.pdf", tmp_path / "answer.json"
    pdf.write_bytes(signed_files.issued())
    program = TOLD + dedent(f"""
        FIRST, TURNED = {secret[:16].encode()!r}, {secret[:15:-1].encode()!r}
        ANSWER = {str(answer)!r}
        import pks_kit.verification.isolation.fork_server as fork_server
        fork_server.main = what_is_left
        if not {forgets}:
            import pks_kit.verification.isolation.kernel.environment as environment
            environment.forget_environment = lambda kept: None
        from pks_kit.cli.main import main
        held = open({str(pdf)!r}, "rb")
        sys.argv = ["pks-kit", "verify", {str(pdf)!r}]
        main()
    """)
    given = {**environment(), "A_TOKEN": secret}
    subprocess.run(
        [sys.executable, "-c", program], env=given, capture_output=True, timeout=120, check=False
    )
    found: dict[str, object] = json.loads(answer.read_text())
    return found


@pytest.mark.slow
def test_a_copy_forgets_the_environment_and_closes_what_is_open(tmp_path: Path) -> None:
    secret = "rahasia-" + os.urandom(16).hex()
    found = told_by_copy(tmp_path, secret)
    assert not found["found"]
    assert "A_TOKEN" not in found["environment"]  # type: ignore[operator]
    assert found["open"] == ["/dev/null"] * 3
    assert found["descriptors"] == 4  # and its socket to the host
    assert found["folder"] == "/"
    assert found["session"]
    assert told_by_copy(tmp_path, secret, forgets=False)["found"]  # else nothing was looked for


@pytest.mark.slow
@pytest.mark.parametrize("host", ["alone", "threads"])
def test_only_a_host_with_one_thread_is_copied_and_only_once(host: str) -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", PATIENT, host], env=environment(), text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert program.stdout is not None
    assert program.stdin is not None
    with program.stdout, program.stdin:
        first = int(program.stdout.readline())
        assert is_copy(first) == (host == "alone")
        program.stdin.write("\n")
        program.stdin.flush()
        verdict, second = program.stdout.readline().split()
        assert verdict == "failed"  # nobody signed it
        assert is_gone(first)
        assert not is_copy(int(second))
        program.kill()
        program.wait()
        wait_until(lambda: is_gone(int(second)))


def is_copy(server: int) -> bool:
    """Return whether a fork server still bears the command of its host."""
    return b"pks_kit.verification.isolation.fork_server" not in (
        Path(f"/proc/{server}/cmdline").read_bytes().split(b"\0")
    )
