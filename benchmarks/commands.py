"""Cold commands, each a process of its own; the kernel tells at its end what it took."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pks_kit.cli.cache import cache_folder

KIT = str(Path(sys.executable).with_name("pks-kit"))
_UNKEPT = "PYTHONDONTWRITEBYTECODE"
_BROKEN = (1, 2)
"""Exit codes of a program that crashed or was called wrongly; a verdict is none of them."""


def cold(command: Sequence[str]) -> float:
    """Return the CPU seconds of a command and its children.

    Raises:
        SystemExit: It crashed, or was called wrongly.
    """
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(command, stdout=told, stderr=told, env=_as_installed())
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode in _BROKEN or process.returncode < 0:
            told.seek(0)
            words = told.read()[-3000:].decode("utf-8", "replace")
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{words}")
    return usage.ru_utime + usage.ru_stime


def _as_installed() -> dict[str, str]:
    """Return the environment without what keeps Python from keeping compiled modules.

    An installed program finds its modules compiled; a command that compiles them anew each time
    would be measured with 0.4 s that nobody spends.
    """
    return {name: value for name, value in os.environ.items() if name != _UNKEPT}


def can_compile() -> bool:
    """Return whether this version keeps compiled text."""
    run = subprocess.run([KIT, "template", "--help"], capture_output=True, text=True, check=False)
    return "compile" in run.stdout


def kept_files() -> dict[str, int]:
    """Return what compiles have kept on this machine: names and when each was written."""
    folder = cache_folder()
    found = folder.iterdir() if folder.is_dir() else ()
    return {one.name: one.stat().st_mtime_ns for one in found}


IMPORT = (sys.executable, "-c", "import pyhanko.sign.validation")
