"""Work with data and text needs nothing that only POSIX has: branch offices run Windows.

Everything here runs in a process in which the modules and functions that Windows lacks are absent.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pks_kit.resources import samples_root
from support.shared_pages import taking_part

MANUAL, TPMD, ADDENDUM = "laboratorium-manual.yml", "tpmd.yml", "addendum-rekening.yml"
PDF = "keluar/laboratorium-*-????????.pdf"
"""The edition in the name follows the programs that are installed."""
MODULES = (
    "fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog", "readline", "crypt",
    "spwd", "nis", "posix_ipc",
)  # fmt: skip
# os.uname stays: the ctypes of this system finds libraries with it
OF_OS = (
    "fork", "forkpty", "register_at_fork", "posix_spawn", "posix_spawnp", "memfd_create",
    "fchmod", "fchown", "chown", "lchown", "chroot", "mkfifo", "mknod", "nice", "getloadavg",
    "getuid", "geteuid", "getgid", "getegid", "getgroups", "getpgid", "getpgrp", "getsid",
    "setsid", "setuid", "setgid", "killpg", "wait", "wait3", "wait4", "waitid",
    "statvfs", "fstatvfs", "sync", "fdatasync", "pread", "pwrite", "preadv", "pwritev", "sendfile",
    "pipe2", "lockf", "openpty", "sched_getaffinity", "sched_setaffinity", "sysconf", "confstr",
    "ctermid", "tcgetpgrp", "O_CLOEXEC", "O_NOFOLLOW", "O_DIRECTORY", "O_NONBLOCK", "O_SYNC",
    "O_DSYNC", "O_NOCTTY", "O_PATH", "O_TMPFILE",
)  # fmt: skip
OF_SIGNAL = (
    "SIGKILL", "SIGCHLD", "SIGALRM", "SIGHUP", "SIGXCPU", "SIGXFSZ", "SIGPIPE", "SIGUSR1",
    "setitimer", "alarm", "pthread_sigmask", "sigwait", "set_wakeup_fd",
)  # fmt: skip
PRELUDE = f"""
import os, select, signal, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name in {MODULES!r}:
            raise ModuleNotFoundError("No module named " + repr(name), name=name)

for name in {MODULES!r}:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Absent())
for owner, names in ((os, {OF_OS!r}), (signal, {OF_SIGNAL!r}), (select, ("poll", "epoll"))):
    for name in names:
        if hasattr(owner, name):
            delattr(owner, name)
"""
RUN = (
    PRELUDE
    + """
from pks_kit.cli.main import main
main()
"""
)
ALL = (
    PRELUDE
    + """
import glob, json
from click.testing import CliRunner
from pks_kit.cli.main import main
for line in sys.stdin:
    given = json.loads(line)
    arguments = [one for word in given for one in sorted(glob.glob(word)) or [word]]
    done = CliRunner().invoke(main, arguments)
    print(json.dumps([given, done.exit_code, done.stderr[-800:]]), flush=True)
"""
)


def windows(
    code: str, folder: Path, *arguments: str, given: str = "", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run code in a process without what Windows lacks."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder, capture_output=True, check=False, input=given.encode(),
        env=taking_part({**os.environ, **environment}),
    )  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    for name in (MANUAL, TPMD, ADDENDUM, "klinik-pratama-rawat-inap.yml"):
        (tmp_path / name).write_bytes((samples_root() / name).read_bytes())
    return tmp_path


def test_what_is_absent_is_absent(tmp_path: Path) -> None:
    code = PRELUDE + "import importlib\n"
    for name in MODULES:
        code += f"try:\n    importlib.import_module({name!r}); print({name!r})\n"
        code += "except ModuleNotFoundError:\n    pass\n"
    code += "print(hasattr(os, 'fork'), hasattr(signal, 'SIGXCPU'), hasattr(os, 'O_CLOEXEC'))\n"
    done = windows(code, tmp_path)
    assert done.stdout.split() == [b"False", b"False", b"False"], done.stderr


COMMANDS = (
    f"check {MANUAL}",
    f"draft {MANUAL} -o keluar",
    "workbook new buku.xlsx --contoh",
    "check buku.xlsx",
    f"workbook csv-out {TPMD} formulir.csv",
    f"workbook csv-in formulir.csv --base {TPMD} -o dari-formulir.yml",
    f"renew {TPMD} --mulai 2025-01-01 --selesai 2025-12-31 -o baru.yml",
    f"renewals {TPMD} {MANUAL} --as-of 2024-10-01",
    f"addendum {ADDENDUM} --format txt -o adendum",
    "template list",
    "template show pks_2024",
    "template lint pks_penunjang_2024",
    "template diff pks_2023 pks_2024",
    "law list",
    "law show sanksi.jeda_teguran",
    "law stale",
    f"cover {PDF} --batas-waktu 2024-01-31 -o pengantar.pdf",
)


@pytest.mark.slow
def test_every_command_of_data_and_text(desk: Path) -> None:
    given = "".join(f"{json.dumps(one.split())}\n" for one in COMMANDS)
    done = windows(ALL, desk, given=given)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [" ".join(arguments) for arguments, *_ in told] == [*COMMANDS], done.stderr
    assert [one for one in told if one[1] != 0] == []
    for name in (PDF, "pengantar.pdf"):
        (made,) = desk.glob(name)
        assert made.read_bytes().startswith(b"%PDF")


def test_signing_sessions_say_that_they_need_locks(desk: Path) -> None:
    code = (
        PRELUDE
        + """
from pathlib import Path
from pks_kit.errors import InputError
from pks_kit.signing.revision_store import RevisionStore
try:
    with RevisionStore(Path("sesi")).alone():
        print("alone")
except InputError as error:
    print(error.code)
"""
    )
    assert windows(code, desk).stdout.split() == [b"file.no_locks"]


@pytest.mark.parametrize("arguments", ["law stale", f"check {MANUAL} --json"])
def test_output_is_utf8_whatever_the_code_page(desk: Path, arguments: str) -> None:
    """Python on Windows prints into a pipe or file with the code page of the country."""
    paged = (
        "import io, sys\n"
        'sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding="cp1252")\n'
        'sys.stderr = io.TextIOWrapper(sys.stderr.buffer, encoding="cp1252")\n'
    )
    done = windows(paged + RUN, desk, *arguments.split(), PYTHONUTF8="0")
    assert done.returncode == 0, done.stderr
    usual = windows(RUN, desk, *arguments.split(), PYTHONUTF8="1")
    assert done.stdout == usual.stdout
    assert not done.stdout.isascii() or "--json" in arguments


def test_patterns_are_expanded_where_the_shell_does_not(desk: Path) -> None:
    """``cmd.exe`` and PowerShell hand ``*.yml`` over as it is; click expands it on Windows."""
    code = (
        PRELUDE
        + """
from types import SimpleNamespace
import click.core
click.core.os = SimpleNamespace(**{**vars(os), "name": "nt"})
"""
    )
    done = windows(code + RUN.removeprefix(PRELUDE), desk, "check", "tpm*.yml", "--json")
    assert done.returncode == 0, done.stdout + done.stderr


def test_data_saved_by_notepad_is_read(desk: Path) -> None:
    """A byte order mark in front, and lines that end with CR LF."""
    content = (desk / TPMD).read_bytes().replace(b"\n", b"\r\n")
    (desk / "notepad.yml").write_bytes(b"\xef\xbb\xbf" + content)
    answers = [windows(RUN, desk, "check", name, "--json").stdout for name in (TPMD, "notepad.yml")]
    assert json.loads(answers[0])["findings"] == json.loads(answers[1])["findings"]
