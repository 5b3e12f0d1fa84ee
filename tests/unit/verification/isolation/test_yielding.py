"""A process in the background lets others go first with its guards too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from support.processes import PATIENCE, environment

_SESSION = Path("/proc/self/autogroup")
_STARTS = """
    import os, sys, time
    from pathlib import Path
    from pks_kit.verification.isolation.pool import GuardedPool
    from pks_kit.verification.isolation.yielding import let_others_first

    before = os.getpriority(os.PRIO_PROCESS, 0)
    let_others_first(int(sys.argv[1]))
    with GuardedPool() as pool:
        pool.start()
        session = Path(f"/proc/{pool.pid}/autogroup")
        ends = time.monotonic() + float(sys.argv[2])
        while not session.read_text().endswith(f" {sys.argv[1]}\\n"):
            assert time.monotonic() < ends, session.read_text()
            time.sleep(0.01)
    print(os.getpriority(os.PRIO_PROCESS, 0) - before)
"""


@pytest.mark.skipif(not _SESSION.exists(), reason="this kernel does not group sessions")
@pytest.mark.parametrize("by", [0, 4])
def test_a_guard_yields_as_much_as_whoever_starts_it(by: int) -> None:
    run = subprocess.run(
        [sys.executable, "-c", dedent(_STARTS), str(by), str(PATIENCE)],
        capture_output=True, text=True, env=environment(), check=False,
    )  # fmt: skip
    assert run.stdout.split() == [str(by)], run.stderr
