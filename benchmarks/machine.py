"""The machine of a run, named: figures of two machines are never compared."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_LIBRARIES = ("weasyprint", "pydyf", "pyhanko", "pikepdf", "cryptography", "docxtpl", "typst")


def machine() -> dict[str, str]:
    """Return processor, cores, load, system and versions, each in words."""
    libraries = [f"{name} {_version(name)}" for name in _LIBRARIES]
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "load": load(),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.1f} GiB",
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "libraries": ", ".join(libraries),
        "programs": ", ".join(
            filter(None, (_first(["soffice", "--version"]), _first(["pdfsig", "-v"])))
        ),
    }


def load() -> str:
    """Return how many processes wanted to run in the last 1, 5 and 15 minutes."""
    return " ".join(f"{one:.1f}" for one in os.getloadavg())


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or "unknown"
    found = re.search(r"^model name\s*: (.+)$", text, re.MULTILINE)
    return found[1] if found else platform.machine()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


def _first(command: list[str]) -> str:
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return " ".join((run.stdout or run.stderr).split("\n")[0].split()[:3])
