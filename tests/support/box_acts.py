"""Acts of code that has taken over a child, each tried in a real child that may be boxed.

Run as a program it is the host: it becomes the wanted user, makes a small world with things worth
attacking, forks one child for each act, and prints as JSON what came of it. An act is ``done`` when
the child says so, or when the host sees that something has changed, whatever the child says.
"""

from __future__ import annotations

import _posixsubprocess
import _thread
import asyncio
import ctypes
import io
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pikepdf
import pypdfium2

from pks_kit.verification.isolation.kernel.enter import enter
from pks_kit.verification.isolation.kernel.own_memory import protect_parent
from pks_kit.verification.isolation.kernel.places import readable_places

NOBODY = 65534
SECRET = "sandi-yang-hanya-diketahui-induk"
CALLS = {
    "x86_64": {"bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "add_key": 248},
    "aarch64": {"bpf": 280, "perf_event_open": 241, "userfaultfd": 282, "add_key": 217},
}[os.uname().machine]
PIDFD_SEND_SIGNAL, IO_URING_SETUP, PIDFD_OPEN, OPENAT2, CLONE3 = 424, 425, 434, 437, 435

libc = ctypes.CDLL(None, use_errno=True)


class World:
    """What lies around: files to change, files to read, sockets that wait, a host with a secret."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.host = os.getpid()
        self.file = folder / "berkas.txt"
        self.file.write_text("isi semula")
        (folder / "kosong").mkdir()
        self.key = folder / "kunci.p12"
        self.key.write_bytes(b"PKCS#12")
        self.key.chmod(0o600)
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        self.named = socket.socket(socket.AF_UNIX)
        self.named.bind(str(folder / "soket"))
        self.named.listen()
        self.nameless = socket.socket(socket.AF_UNIX)
        self.nameless.bind(f"\0pks-kit-uji-{os.getpid()}")
        self.nameless.listen()
        self.secret = ctypes.create_string_buffer(SECRET.encode())
        self.signals = 0
        for number in (signal.SIGUSR1, signal.SIGIO):
            signal.signal(number, self._count)
        for waiting in (self.tcp, self.udp, self.named, self.nameless):
            waiting.setblocking(False)

    def close(self) -> None:
        for waiting in (self.tcp, self.udp, self.named, self.nameless):
            waiting.close()

    def _count(self, *_: object) -> None:
        self.signals += 1

    def state(self) -> list[object]:
        """Return all that an act may change."""
        found: list[object] = [self.signals, os.getpriority(os.PRIO_PROCESS, 0)]
        found += [sorted(os.sched_getaffinity(0)), socket.gethostname(), self._arrived()]
        for path in sorted(self.folder.rglob("*")):
            about = path.lstat()
            found.append((path.name, about.st_mode, about.st_size, about.st_nlink, about.st_uid))
            if path.name == "berkas.txt":
                found.append((about.st_mtime, sorted(os.listxattr(path))))
        return found

    def _arrived(self) -> int:
        arrived = 0
        for waiting in (self.tcp, self.named, self.nameless):
            with suppress(BlockingIOError):
                waiting.accept()[0].close()
                arrived += 1
        with suppress(BlockingIOError):
            arrived += len(self.udp.recv(100))
        return arrived


ACTS: dict[str, Callable[[World], Any]] = {}
WORK: dict[str, Callable[[World], Any]] = {}


def act(function: Callable[[World], Any]) -> Callable[[World], Any]:
    ACTS[function.__name__.replace("__", ".")] = function
    return function


def work(function: Callable[[World], Any]) -> Callable[[World], Any]:
    WORK[function.__name__.replace("__", ".")] = function
    return function


def checked(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def call(number: int, *values: Any) -> int:
    return checked(libc.syscall(ctypes.c_long(number), *values))


def raw(path: Path) -> bytes:
    return os.fsencode(path)


def address_of(place: socket.socket) -> ctypes.Array[ctypes.c_char]:
    port = place.getsockname()[1]
    packed = (2).to_bytes(2, "little") + port.to_bytes(2, "big") + bytes([127, 0, 0, 1]) + bytes(8)
    return ctypes.create_string_buffer(packed, 16)


# --- native code: no audit event is raised ------------------------------------------------------


@act
def native__system(world: World) -> None:
    if libc.system(f"touch {world.folder}/baru".encode()) != 0:
        raise PermissionError


@act
def native__unlink(world: World) -> None:
    checked(libc.unlink(raw(world.file)))


@act
def native__open_to_create(world: World) -> None:
    checked(libc.open(raw(world.folder / "baru"), os.O_WRONLY | os.O_CREAT, 0o600))


@act
def native__open_to_append(world: World) -> None:
    opened = checked(libc.open(raw(world.file), os.O_RDWR | os.O_APPEND))
    checked(libc.write(opened, b"x", 1))


@act
def native__open_to_empty(world: World) -> None:
    checked(libc.open(raw(world.file), os.O_RDONLY | os.O_TRUNC))


@act
def native__creat(world: World) -> None:
    checked(libc.creat(raw(world.folder / "baru"), 0o600))


@act
def native__openat2(world: World) -> None:
    how = ctypes.create_string_buffer(
        (os.O_WRONLY | os.O_CREAT).to_bytes(8, "little") + (0o600).to_bytes(8, "little"), 24
    )
    call(OPENAT2, -100, raw(world.folder / "baru"), how, ctypes.c_long(24))


@act
def native__tcp(world: World) -> None:
    number = checked(libc.socket(socket.AF_INET, socket.SOCK_STREAM, 0))
    checked(libc.connect(number, address_of(world.tcp), 16))
    checked(libc.send(number, b"x", 1, 0))


@act
def native__udp(world: World) -> None:
    number = checked(libc.socket(socket.AF_INET, socket.SOCK_DGRAM, 0))
    checked(libc.sendto(number, b"x", 1, 0, address_of(world.udp), 16))


@act
def native__netlink(world: World) -> None:
    checked(libc.socket(16, socket.SOCK_RAW, 0))


@act
def native__inet_pair(world: World) -> None:
    """No such pair exists, but the list must say so before the kernel does."""
    two = (ctypes.c_int * 2)()
    if libc.socketpair(socket.AF_INET, socket.SOCK_STREAM, 0, two) < 0 and (
        ctypes.get_errno() == 1
    ):
        raise PermissionError


@act
def native__truncate(world: World) -> None:
    checked(libc.truncate(raw(world.file), ctypes.c_long(0)))


@act
def native__rename(world: World) -> None:
    checked(libc.rename(raw(world.file), raw(world.folder / "lain")))


@act
def native__mkdir(world: World) -> None:
    checked(libc.mkdir(raw(world.folder / "baru"), 0o700))


@act
def native__rmdir(world: World) -> None:
    checked(libc.rmdir(raw(world.folder / "kosong")))


@act
def native__symlink(world: World) -> None:
    checked(libc.symlink(b"/etc/passwd", raw(world.folder / "baru")))


@act
def native__link(world: World) -> None:
    checked(libc.link(raw(world.file), raw(world.folder / "baru")))


@act
def native__chmod(world: World) -> None:
    checked(libc.chmod(raw(world.file), 0o666))


@act
def native__fchmod(world: World) -> None:
    checked(libc.fchmod(checked(libc.open(raw(world.file), os.O_RDONLY)), 0o666))


@act
def native__chown(world: World) -> None:
    checked(libc.chown(raw(world.file), os.getuid(), os.getgid()))


@act
def native__mkfifo(world: World) -> None:
    checked(libc.mkfifo(raw(world.folder / "baru"), 0o600))


@act
def native__utimes(world: World) -> None:
    checked(libc.utimes(raw(world.file), bytes(32)))


@act
def native__setxattr(world: World) -> None:
    checked(libc.setxattr(raw(world.file), b"user.x", b"x", ctypes.c_size_t(1), 0))


@act
def native__chdir(world: World) -> None:
    checked(libc.chdir(raw(world.folder)))


@act
def native__fork(world: World) -> None:
    if checked(libc.fork()) == 0:
        os._exit(0)


@act
def native__clone3(world: World) -> None:
    wanted = ctypes.create_string_buffer(88)
    if call(CLONE3, wanted, ctypes.c_long(88)) == 0:
        os._exit(0)


@act
def native__thread(world: World) -> None:
    """The C library falls back to ``clone``."""
    _thread.start_new_thread(int, ())


@act
def native__execve(world: World) -> None:
    """Ends the child with exit code 0 when it works."""
    nothing = (ctypes.c_char_p * 1)(None)
    checked(libc.execve(b"/bin/true", (ctypes.c_char_p * 2)(b"true", None), nothing))


@act
def native__posix_spawn(world: World) -> None:
    pid, program = ctypes.c_int(), (ctypes.c_char_p * 2)(b"true", None)
    failed = libc.posix_spawn(ctypes.byref(pid), b"/bin/true", None, None, program, None)
    if failed:
        raise OSError(failed, os.strerror(failed))


@act
def native__kill_host(world: World) -> None:
    checked(libc.kill(world.host, int(signal.SIGUSR1)))


@act
def native__signal_thread_of_host(world: World) -> None:
    checked(libc.tgkill(world.host, world.host, int(signal.SIGUSR1)))


@act
def native__signal_whole_group(world: World) -> None:
    checked(libc.kill(0, 0))


@act
def native__queue_signal(world: World) -> None:
    checked(libc.sigqueue(world.host, int(signal.SIGUSR1), None))


@act
def native__signal_by_descriptor(world: World) -> None:
    opened = call(PIDFD_OPEN, world.host, 0)
    call(PIDFD_SEND_SIGNAL, opened, int(signal.SIGUSR1), None, 0)


@act
def native__signal_by_owner(world: World) -> None:
    """Let the kernel send SIGIO to the host whenever our own pipe can be read."""
    one, two = socket.socketpair()
    checked(libc.fcntl(one.fileno(), 8, world.host))  # F_SETOWN
    checked(libc.fcntl(one.fileno(), 4, 0o20000 | os.O_RDWR))  # F_SETFL, O_ASYNC
    os.write(two.fileno(), b"x")


@act
def native__trace_host(world: World) -> None:
    checked(libc.ptrace(0x4206, world.host, None, None))  # PTRACE_SEIZE


@act
def native__read_memory_of_host(world: World) -> None:
    size = len(SECRET)
    here = ctypes.create_string_buffer(size)
    ours = (ctypes.c_size_t * 2)(ctypes.addressof(here), size)
    theirs = (ctypes.c_size_t * 2)(ctypes.addressof(world.secret), size)
    pid, one, none = ctypes.c_int(world.host), ctypes.c_ulong(1), ctypes.c_ulong(0)
    checked(libc.process_vm_readv(pid, ours, one, theirs, one, none))


@act
def native__slow_host_down(world: World) -> None:
    checked(libc.setpriority(0, world.host, os.getpriority(os.PRIO_PROCESS, world.host) + 1))


@act
def native__limits_of_host(world: World) -> None:
    checked(libc.prlimit(world.host, 4, bytes(16), None))  # RLIMIT_CORE


@act
def native__new_namespace(world: World) -> None:
    checked(libc.unshare(0x10000000))  # CLONE_NEWUSER


@act
def native__memfd(world: World) -> None:
    checked(libc.memfd_create(b"x", 0))


@act
def native__shared_memory(world: World) -> None:
    checked(libc.shmget(0, ctypes.c_size_t(4096), 0o1600))


@act
def native__io_uring(world: World) -> None:
    call(IO_URING_SETUP, 1, ctypes.create_string_buffer(120))


@act
def native__bpf(world: World) -> None:
    attributes = (ctypes.c_uint32 * 32)(2, 4, 8, 1)  # a small array
    call(CALLS["bpf"], 0, attributes, 128)


@act
def native__userfaultfd(world: World) -> None:
    call(CALLS["userfaultfd"], 1)


@act
def native__keys_of_kernel(world: World) -> None:
    call(CALLS["add_key"], b"user", b"x", b"x", ctypes.c_long(1), ctypes.c_int(-2))


@act
def native__host_name(world: World) -> None:
    name = socket.gethostname().encode()
    checked(libc.sethostname(name, ctypes.c_size_t(len(name))))


@act
def native__prctl(world: World) -> None:
    checked(libc.prctl(15, b"lain", 0, 0, 0))  # PR_SET_NAME


# --- reading what is none of its business ------------------------------------------------------


@act
def read__key_file(world: World) -> None:
    os.close(checked(libc.open(raw(world.key), os.O_RDONLY)))


@act
def read__list_folder(world: World) -> None:
    if not libc.opendir(raw(world.folder)):
        raise PermissionError


@act
def read__environment_of_host(world: World) -> None:
    found = Path(f"/proc/{world.host}/environ").read_bytes()
    assert SECRET.encode() in found


@act
def read__memory_file_of_host(world: World) -> None:
    opened = os.open(f"/proc/{world.host}/mem", os.O_RDONLY)
    assert os.pread(opened, len(SECRET), ctypes.addressof(world.secret)) == SECRET.encode()


@act
def read__descriptors_of_host(world: World) -> None:
    list(Path(f"/proc/{world.host}/fd").iterdir())


# --- plain Python ------------------------------------------------------------------------------


@act
def python__open_to_write(world: World) -> None:
    (world.folder / "baru").write_text("x")


@act
def python__open_to_create(world: World) -> None:
    os.open(world.folder / "baru", os.O_CREAT)


@act
def python__open_to_empty(world: World) -> None:
    os.open(world.file, os.O_RDONLY | os.O_TRUNC)


@act
def python__truncate(world: World) -> None:
    os.truncate(world.file, 0)


@act
def python__remove(world: World) -> None:
    world.file.unlink()


@act
def python__rename(world: World) -> None:
    world.file.rename(world.folder / "lain")


@act
def python__mkdir(world: World) -> None:
    (world.folder / "baru").mkdir()


@act
def python__rmdir(world: World) -> None:
    (world.folder / "kosong").rmdir()


@act
def python__symlink(world: World) -> None:
    (world.folder / "baru").symlink_to("/etc/passwd")


@act
def python__link(world: World) -> None:
    os.link(world.file, world.folder / "baru")


@act
def python__chmod(world: World) -> None:
    world.file.chmod(0o666)


@act
def python__mkfifo(world: World) -> None:
    os.mkfifo(world.folder / "baru")


@act
def python__utime(world: World) -> None:
    os.utime(world.file, (0, 0))


@act
def python__connect(world: World) -> None:
    with socket.socket() as ours:
        ours.connect(world.tcp.getsockname())


@act
def python__sendto(world: World) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours:
        ours.sendto(b"x", world.udp.getsockname())


@act
def python__sendmsg(world: World) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours:
        ours.sendmsg([b"x"], [], 0, world.udp.getsockname())


@act
def python__unix_socket(world: World) -> None:
    with socket.socket(socket.AF_UNIX) as ours:
        ours.connect(str(world.folder / "soket"))


@act
def python__abstract_socket(world: World) -> None:
    with socket.socket(socket.AF_UNIX) as ours:
        ours.connect(f"\0pks-kit-uji-{world.host}")


@act
def python__bind(world: World) -> None:
    with socket.socket() as ours:
        ours.bind(("127.0.0.1", 0))


@act
def python__fork(world: World) -> None:
    if os.fork() == 0:
        os._exit(0)


@act
def python__forkpty(world: World) -> None:
    if os.forkpty()[0] == 0:
        os._exit(0)


@act
def python__fork_exec(world: World) -> None:
    """The function behind ``subprocess``, which raises no event of its own."""
    told, tells = os.pipe()
    nothing = (-1,) * 6
    _posixsubprocess.fork_exec(
        [b"/bin/true"], [b"/bin/true"], True, (tells,), None, None, *nothing, told, tells,
        False, False, -1, None, None, None, -1, None, False,
    )  # fmt: skip
    os.close(tells)
    if os.read(told, 100):
        raise PermissionError


@act
def python__popen(world: World) -> None:
    subprocess.run(["/bin/true"], check=True)


@act
def python__posix_spawn(world: World) -> None:
    os.posix_spawn("/bin/true", ["true"], {})


@act
def python__system(world: World) -> None:
    if os.system("true") != 0:  # noqa: S605
        raise PermissionError


@act
def python__execv(world: World) -> None:
    """Ends the child with exit code 0 when it works."""
    os.execv("/bin/true", ["true"])  # noqa: S606


@act
def python__kill_host(world: World) -> None:
    os.kill(world.host, 0)


# --- honest work: everything of this must still be possible ---------------------------------------


@cache
def letter() -> bytes:
    """A page with one word."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(200, 200))
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        page.Contents = pdf.make_stream(b"BT /F 40 Tf 20 100 Td (Sehat) Tj ET")
        pdf.save(written := io.BytesIO())
    return written.getvalue()


@work
def work__read_zone_data(world: World) -> None:
    ZoneInfo("Asia/Jayapura")


@work
def work__event_loop(world: World) -> None:
    """The loop wakes itself through a pair of sockets."""

    async def wake() -> bool:
        loop, woken = asyncio.get_running_loop(), asyncio.Event()
        loop.call_soon_threadsafe(woken.set)
        return await woken.wait()

    assert asyncio.run(wake())


@work
def work__open_pdf(world: World) -> None:
    with pikepdf.open(io.BytesIO(letter())) as pdf:
        assert len(pdf.pages) == 1


@work
def work__draw_page(world: World) -> None:
    """The letters are drawn in a font of the machine or of PDFium, since the file brings none."""
    picture = pypdfium2.PdfDocument(letter())[0].render(scale=1, grayscale=True)
    assert min(bytes(picture.buffer)) < 100


@work
def work__answer(world: World) -> None:
    """Speak over a pipe, also when much is said."""
    out, into = os.pipe()
    os.write(into, b"x" * 4096)
    assert len(os.read(out, 8192)) == 4096


@work
def work__use_memory(world: World) -> None:
    assert len(bytes(64 << 20)) == 64 << 20


@work
def work__signal_itself(world: World) -> None:
    """``abort`` must end the process, not hang it; here with a signal that can be caught."""
    caught: list[int] = []
    signal.signal(signal.SIGUSR2, lambda number, _: caught.append(number))
    signal.raise_signal(signal.SIGUSR2)
    assert caught


# --- the host ----------------------------------------------------------------------------------


def attempt(world: World, function: Callable[[World], Any], box: dict[str, Any] | None) -> str:
    """Fork a child, box it, let it act; return ``done`` or what refused it."""
    before = world.state()
    told, tells = os.pipe()
    pid = os.fork()
    if pid == 0:
        said = b"done"
        try:
            if box is not None:
                enter(readable_places(), **box)
            function(world)
        except BaseException as error:  # noqa: BLE001 - the answer is what stopped it
            said = f"{type(error).__name__} {error}"[:200].encode()
        finally:
            os.write(tells, said)
            os._exit(7)
    os.close(tells)
    with os.fdopen(told, "rb") as answers:
        said = answers.read().decode()
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code == 0 and not said:
        return "done"  # another program took its place
    if world.state() != before:
        return "done"
    return said or f"exit code {code}"


def become(user: int) -> None:
    """Become another user, as a process that this user started would be."""
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
    if checked(libc.prctl(4, 1, 0, 0, 0)):  # changing the user has closed it
        raise PermissionError


def main() -> None:
    """Do what the one argument asks: JSON with ``user``, ``box``, ``protected``, ``folder``."""
    asked = json.loads(sys.argv[1])
    readable_places()
    letter()
    if asked["user"] != os.getuid():
        become(asked["user"])
    if asked["protected"]:
        assert protect_parent()
    outcomes = {}
    for name, function in {**ACTS, **WORK}.items():
        with (
            tempfile.TemporaryDirectory(dir=asked["folder"]) as folder,
            closing(World(Path(folder))) as world,
        ):
            outcomes[name] = attempt(world, function, asked["box"])
    print(json.dumps(outcomes))  # noqa: T201


if __name__ == "__main__":
    main()
