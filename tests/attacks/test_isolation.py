"""Code that has taken over a child: what it tries, the kernel refuses; honest work goes on."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pks_kit.verification.isolation.kernel import landlock
from support import box_acts
from support.box_acts import ACTS, NOBODY, SECRET, WORK

pytestmark = pytest.mark.slow

REFUSED = re.compile(r"PermissionError|OSError .Errno 38.|RuntimeError can't start new thread")
"""What a refusal looks like: EPERM and EACCES; ENOSYS, where an old way is open; no thread."""

SOURCES = Path(__file__).resolve().parents[2] / "src"
USERS = [0, NOBODY] if os.getuid() == 0 else [os.getuid()]
NAMES = {0: "root", NOBODY: "nobody"}

BOXES: dict[str, dict[str, Any] | None] = {
    "everything": {},
    "debian 12": {"most_abi": 2, "without": ["audit_hook"]},
    "no landlock": {"without": ["audit_hook", "landlock"]},
    "landlock alone": {"without": ["audit_hook", "seccomp", "limits"]},
    "hook alone": {
        "without": ["no_new_privs", "capabilities", "limits", "landlock", "seccomp"],
    },
    "no box": None,
}

RESTS_ON_LANDLOCK = {"read.key_file", "read.list_folder", "read.descriptors_of_host"}
"""The list of system calls sees no paths. Environment and memory of the host are closed there by
the host itself."""

LANDLOCK_REFUSES: dict[str, set[str]] = {
    "files": {"read.key_file", "native.unlink", "native.open_to_create", "native.mkfifo"},
    "truncating": {"native.truncate"},
    "tcp": {"native.tcp", "python.bind"},
    "signals": {"native.kill_host", "native.signal_by_descriptor"},
    "abstract_sockets": {"python.abstract_socket"},
}
"""By what the kernel's version covers; devices are not tried."""

ROOT_ALONE = {"native.bpf", "native.host_name"}
"""Nobody but root can do these anyway."""


@cache
def outcomes(user: int, box: str) -> dict[str, str]:
    """Try everything once as one user in one box; the host is closed, as one with secrets is."""
    with tempfile.TemporaryDirectory() as folder:
        os.chown(folder, user, user)
        asked = {"user": user, "box": BOXES[box], "protected": box == "no landlock"}
        done = subprocess.run(
            [sys.executable, box_acts.__file__, json.dumps({**asked, "folder": folder})],
            env={"SANDI": SECRET, "PYTHONPATH": str(SOURCES)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    told: dict[str, str] = json.loads(done.stdout)
    return told


@pytest.fixture(params=USERS, ids=lambda user: NAMES.get(user, "user"))
def user(request: pytest.FixtureRequest) -> int:
    found: int = request.param
    return found


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("box", ["everything", "debian 12"])
def test_every_act_is_refused(user: int, box: str, act: str) -> None:
    assert REFUSED.match(outcomes(user, box)[act])


@pytest.mark.parametrize("act", sorted(ACTS.keys() - RESTS_ON_LANDLOCK))
def test_without_landlock_all_but_reading_is_refused(user: int, act: str) -> None:
    assert REFUSED.match(outcomes(user, "no landlock")[act])


@pytest.mark.parametrize("covered", LANDLOCK_REFUSES)
def test_landlock_alone_refuses_what_it_is_said_to(user: int, covered: str) -> None:
    """What the list of system calls refuses too, so that the tests above do not show it."""
    if covered not in landlock.covers(landlock.known_abi()):
        pytest.skip("the kernel is older")
    told = outcomes(user, "landlock alone")
    assert {act for act in LANDLOCK_REFUSES[covered] if not REFUSED.match(told[act])} == set()


@pytest.mark.parametrize("act", sorted(name for name in ACTS if name.startswith("python.")))
def test_the_second_line_alone_refuses_plain_python(user: int, act: str) -> None:
    """Two functions of Python raise no audit event; there the kernel stands alone."""
    told = outcomes(user, "hook alone")[act]
    assert (told == "done") == (act in {"python.mkfifo", "python.fork_exec"})


@pytest.mark.parametrize("act", ACTS)
def test_every_act_works_without_a_box(user: int, act: str) -> None:
    """Else the tests above would prove nothing."""
    told = outcomes(user, "no box")[act]
    assert told == "done" or (act in ROOT_ALONE and user != 0)


@pytest.mark.parametrize("work", WORK)
@pytest.mark.parametrize("box", BOXES)
def test_honest_work_goes_on(user: int, box: str, work: str) -> None:
    assert outcomes(user, box)[work] == "done"
