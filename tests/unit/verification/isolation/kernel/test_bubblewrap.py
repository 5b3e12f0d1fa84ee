"""bubblewrap where it works, and a reason where it does not."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pks_kit.verification.isolation.kernel import bubblewrap as module
from pks_kit.verification.isolation.kernel.bubblewrap import HOST_INSIDE, bubblewrap
from pks_kit.verification.isolation.kernel.places import readable_places

LOOK = """
import json, os, socket
print(json.dumps({
    "processes": [name for name in os.listdir("/proc") if name.isdigit()],
    "parent": os.getppid(),
    "network": [name for _, name in socket.if_nameindex()],
    "top": sorted(os.listdir("/")),
    "home": os.path.exists(os.sys.argv[1]),
}))
open("/baru", "w")
"""


def refusing(tmp_path: Path, words: str) -> str:
    """A program that is in the way of user namespaces as the real one says it."""
    program = tmp_path / "bwrap"
    program.write_text(f"#!/bin/sh\necho '{words}' >&2\necho more >&2\nexit 1\n")
    program.chmod(0o755)
    return str(program)


@pytest.mark.skipif(shutil.which("bwrap") is None, reason="bwrap is not installed")
def test_an_empty_view(tmp_path: Path) -> None:
    found = bubblewrap(readable_places())
    if not found.prefix:
        pytest.skip(f"{found.reason}: {found.detail}")
    mark = tmp_path / "kunci.p12"
    mark.touch()
    done = subprocess.run(
        [*found.prefix, sys.executable, "-I", "-c", LOOK, str(mark)],
        capture_output=True,
        cwd="/",
        check=False,
    )
    seen = json.loads(done.stdout)
    assert len(seen["processes"]) == 2
    assert seen["parent"] == HOST_INSIDE
    assert seen["network"] == ["lo"]
    assert not seen["home"]
    shown = {place.parts[1] for place in readable_places() if len(place.parts) > 1}
    assert ({"home", "tmp", "var"} - shown).isdisjoint(seen["top"])
    assert b"Read-only file system" in done.stderr


def test_absent() -> None:
    found = bubblewrap((), program="tidak-ada-bwrap")
    assert (found.prefix, found.reason, found.detail) == ((), "absent", "tidak-ada-bwrap")


@pytest.mark.parametrize(
    ("settings", "user", "reason"),
    [
        ({"apparmor_restrict_unprivileged_userns": "1"}, 1000, "apparmor"),
        ({"apparmor_restrict_unprivileged_userns": "1"}, 0, "failed"),
        ({"max_user_namespaces": "0"}, 0, "no_user_namespaces"),
        ({"unprivileged_userns_clone": "0"}, 1000, "no_user_namespaces"),
        ({"unprivileged_userns_clone": "0"}, 0, "failed"),
        ({}, 1000, "failed"),
    ],
)
def test_why_it_does_not_work(
    settings: dict[str, str],
    user: int,
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = "bwrap: setting up uid map: Permission denied"
    monkeypatch.setattr(module, "_value", lambda path: settings.get(Path(path).name, ""))
    monkeypatch.setattr(module.os, "geteuid", lambda: user)
    found = bubblewrap((), program=refusing(tmp_path, words))
    assert (found.prefix, found.reason, found.detail) == ((), reason, words)


def test_a_program_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setattr(module, "_TRIAL_SECONDS", 0.2)
    found = bubblewrap((), program=str(program))
    assert (found.reason, found.detail) == ("failed", "no answer in 0.2 seconds")


def test_another_interpreter_is_shown_with_what_it_needs(tmp_path: Path) -> None:
    """Program, what it links to, and the mark of a virtual environment."""
    (tmp_path / "env" / "bin").mkdir(parents=True)
    (tmp_path / "env" / "pyvenv.cfg").touch()
    python = tmp_path / "env" / "bin" / "python"
    python.symlink_to(sys.executable)
    program = tmp_path / "bwrap"
    program.write_text('#!/bin/sh\nprintf "%s " "$@" >&2\nexit 1\n')
    program.chmod(0o755)
    told = bubblewrap((Path("/usr"),), python=str(python), program=str(program)).detail
    assert "--ro-bind /usr /usr " in told
    # the words are cut; the places of the interpreter come first but for those given
    assert f"--ro-bind {python.parent} {python.parent} " in told
