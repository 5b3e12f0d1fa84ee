"""Start a process in an empty view of the machine with bubblewrap (``bwrap(1)``), if asked for.

It adds namespaces to the rules of :mod:`.enter`: the process has no network devices, sees no other
process, and of the files only those that are named. Everything else is not refused but absent. It
needs user namespaces, which Ubuntu since 24.04 and many containers keep from ordinary users; so
it is tried first, and never taken for granted.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

HOST_INSIDE = 1
"""Process number of the parent as the started process sees it."""

_TRIAL_SECONDS = 20.0
_MOST_WORDS = 300

Reason = Literal["", "absent", "apparmor", "no_user_namespaces", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubblewrap:
    """Whether it works here.

    Attributes:
        prefix: What to put before the command; empty when it does not work.
        reason: Why it does not work: ``absent`` (no such program), ``apparmor`` or
            ``no_user_namespaces`` (a setting of the system), ``failed`` (see ``detail``).
        detail: What the program said, one line.
    """

    prefix: tuple[str, ...] = ()
    reason: Reason = ""
    detail: str = ""


def bubblewrap(
    readable: Sequence[Path], *, python: str = sys.executable, program: str = "bwrap"
) -> Bubblewrap:
    """Return the words to put before a command of this interpreter, or why there are none.

    Takes some 0.1 s, since a process is started to see whether it works. Descriptors that the
    caller passes on are kept, the environment too. The command must see by itself when its host
    ends: ``--die-with-parent`` would end it with the thread that started it.

    Args:
        readable: Places that may be read; see :mod:`.places`.
        python: Interpreter that will be started; it and what belongs to it are added.
        program: Name or path of ``bwrap``.
    """
    found = shutil.which(program)
    if found is None:
        return Bubblewrap(reason="absent", detail=program)
    prefix = (found, *_options((*readable, *_interpreter(Path(python)))), "--")
    try:
        tried = subprocess.run(  # noqa: S603 - the program that the caller asked for
            [*prefix, python, "-I", "-S", "-c", "pass"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TRIAL_SECONDS,
            cwd="/",
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Bubblewrap(reason="failed", detail=f"no answer in {_TRIAL_SECONDS:g} seconds")
    except OSError as error:
        return Bubblewrap(reason="failed", detail=str(error)[:_MOST_WORDS])
    if tried.returncode == 0:
        return Bubblewrap(prefix=prefix)
    said = tried.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
    detail = said[:_MOST_WORDS] or f"exit code {tried.returncode}"
    return Bubblewrap(reason=_setting(), detail=detail)


def _options(places: Sequence[Path]) -> list[str]:
    binds: list[str] = []
    for place in dict.fromkeys(places):
        if place.exists() and not place.is_relative_to("/dev"):
            binds += ["--ro-bind", str(place), str(place)]
    namespaces = ["--unshare-all", "--cap-drop", "ALL"]
    mounts = ["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/"]
    return [*namespaces, *binds, *mounts, "--chdir", "/"]


def _interpreter(python: Path) -> tuple[Path, ...]:
    """Return the folders of the program and of what it links to, and the mark of a venv."""
    return (
        python.parent,
        python.resolve().parent,
        python.parent.parent / "pyvenv.cfg",
    )


def _setting() -> Reason:
    """Return the setting of the system that explains a failure."""
    if _value("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1" and os.geteuid():
        return "apparmor"
    spaces = _value("/proc/sys/user/max_user_namespaces")
    allowed = _value("/proc/sys/kernel/unprivileged_userns_clone")
    if spaces == "0" or (allowed == "0" and os.geteuid()):
        return "no_user_namespaces"
    return "failed"


def _value(setting: str) -> str:
    try:
        return Path(setting).read_text(encoding="ascii").strip()
    except OSError:
        return ""
