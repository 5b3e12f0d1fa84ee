"""A desk that ``pks-kit serve`` opens for one person at this machine."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from support.portal_server import PATIENCE
from support.shared_pages import taking_part
from support.signing_world import PASSPHRASE

COMMAND = [sys.executable, "-m", "pks_kit.cli.main", "serve", "--no-browser"]


def started(folder: Path, *more: str) -> tuple[subprocess.Popen[str], str]:
    """Start a desk and return the address that opens it."""
    environment = {
        **taking_part(os.environ),
        "PKS_KIT_CACHE": "",
        "PKS_KIT_LANG": "id",
        "PYTHONUNBUFFERED": "1",
        "RAHASIA": PASSPHRASE.decode(),
    }
    log = folder / "log"
    with log.open("w") as stream:
        process = subprocess.Popen(
            [*COMMAND, *more], cwd=folder, env=environment, stdout=stream, stderr=stream, text=True
        )
    ends = time.monotonic() + PATIENCE
    while (found := re.search(r"http://\S+", log.read_text())) is None:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < ends
        time.sleep(0.1)
    return process, found[0]


def ended(process: subprocess.Popen[str]) -> int:
    """End a desk as Ctrl-C does, and return its exit code."""
    process.send_signal(signal.SIGINT)
    return process.wait(PATIENCE)
