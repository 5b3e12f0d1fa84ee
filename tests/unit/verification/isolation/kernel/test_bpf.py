"""The list of system calls, decided by a machine of our own, so that every processor is tried."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

from pks_kit.verification.isolation.kernel.allowed import UNKNOWN, allowed_calls
from pks_kit.verification.isolation.kernel.bpf import Allowed, NoneOf, Null, OneOf, program
from pks_kit.verification.isolation.kernel.syscalls import PROCESSORS, X32_BIT, Processor

ALLOWED, EPERM, ENOSYS, KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
PID = 4711
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}


def run(filter_: bytes, number: int, arguments: tuple[int, ...], architecture: int) -> int:
    """Run classic BPF as the kernel would; fail on a jump out of the program."""
    data = struct.pack("=IIQ6Q", number, architecture, 0, *(*arguments, *[0] * 6)[:6])
    place = register = 0
    while True:
        code, yes, no, constant = struct.unpack_from("=HBBI", filter_, 8 * place)
        place += 1
        match code:
            case 0x20:
                register = struct.unpack_from("=I", data, constant)[0]
            case 0x15:
                place += yes if register == constant else no
            case 0x35:
                place += yes if register >= constant else no
            case 0x25:
                place += yes if register > constant else no
            case 0x45:
                place += yes if register & constant else no
            case 0x06:
                return int(constant)
            case _:
                raise AssertionError(code)


@pytest.fixture(params=PROCESSORS.values(), ids=lambda one: one.machine)
def processor(request: pytest.FixtureRequest) -> Processor:
    found: Processor = request.param
    return found


def decide(processor: Processor, name: str, *arguments: int) -> int:
    filter_ = program(processor, allowed_calls(PID), UNKNOWN)
    return run(filter_, processor.numbers[name], arguments, processor.audit_arch)


@pytest.mark.parametrize(
    ("name", "arguments", "answer"),
    [
        ("read", (0, 1, 2), ALLOWED),
        ("exit_group", (0,), ALLOWED),
        ("openat", (2**64 - 100, 1, 0o2000000 | 0o40000 | 0o200000), ALLOWED),
        ("openat", (3, 1, 0o1), EPERM),
        ("openat", (3, 1, 0o2), EPERM),
        ("openat", (3, 1, 0o100), EPERM),
        ("openat", (3, 1, 0o1000), EPERM),
        ("openat", (3, 1, 0o2000), EPERM),
        ("openat", (3, 1, 0o20000000), EPERM),
        ("openat2", (3, 1, 1, 24), ENOSYS),
        ("clone3", (1, 88), ENOSYS),
        ("fcntl", (3, 4, 0o4000), ALLOWED),
        ("fcntl", (3, 4, 0o24000), EPERM),
        ("fcntl", (3, 8, 1), EPERM),
        ("fcntl", (3, 2**32 + 3), ALLOWED),
        ("ioctl", (3, 0x5421), ALLOWED),
        ("ioctl", (3, 0x5412), EPERM),
        ("socketpair", (1, 1, 0), ALLOWED),
        ("socketpair", (2, 1, 0), EPERM),
        ("sendto", (3, 1, 1, 0, 0, 0), ALLOWED),
        ("sendto", (3, 1, 1, 0, 7, 16), EPERM),
        ("sendto", (3, 1, 1, 0, 2**32, 16), EPERM),
        ("prlimit64", (0, 4, 0, 1), ALLOWED),
        ("prlimit64", (PID, 4, 0, 1), ALLOWED),
        ("prlimit64", (1, 4, 0, 1), EPERM),
        ("prlimit64", (0, 4, 2**32, 1), EPERM),
        ("kill", (PID, 6), ALLOWED),
        ("kill", (PID + 1, 6), EPERM),
        ("kill", (2**64 - 1, 9), EPERM),
        ("kill", (0, 9), EPERM),
        ("tgkill", (PID, PID, 6), ALLOWED),
        ("tgkill", (1, 1, 6), EPERM),
    ],
)
def test_decisions(
    processor: Processor, name: str, arguments: tuple[int, ...], answer: int
) -> None:
    assert decide(processor, name, *arguments) == answer


def test_every_number_that_is_not_listed_is_refused(processor: Processor) -> None:
    """Arguments are zeros: whoever asks for nothing gets an answer that fits the list."""
    filter_ = program(processor, allowed_calls(PID), UNKNOWN)
    listed = {
        processor.numbers[one.name] for one in allowed_calls(PID) if one.name in processor.numbers
    }
    answers = {
        number: run(filter_, number, (), processor.audit_arch)
        for number in range(463)
        if number not in listed
    }
    unknown = {processor.numbers[name] for name in UNKNOWN}
    assert {number for number, answer in answers.items() if answer == ENOSYS} == unknown
    assert {answer for number, answer in answers.items() if number not in unknown} == {EPERM}
    assert run(filter_, 463, (), processor.audit_arch) == ENOSYS


def test_another_processor_ends_the_process(processor: Processor) -> None:
    filter_ = program(processor, allowed_calls(PID), UNKNOWN)
    assert run(filter_, processor.numbers["read"], (), 0x40000003) == KILL


def test_the_second_table_of_x86_is_refused() -> None:
    processor = PROCESSORS["x86_64"]
    filter_ = program(processor, allowed_calls(PID), UNKNOWN)
    for number in (processor.numbers["read"], processor.numbers["mmap"], 520):
        assert run(filter_, X32_BIT | number, (), processor.audit_arch) == EPERM


def test_conditions_are_anded_and_alternatives_ored() -> None:
    processor = PROCESSORS["x86_64"]
    rules = (
        Allowed("fcntl", (OneOf(0, (5, 6, 7)), NoneOf(1, 0b110), Null(2))),
        Allowed("fcntl", (OneOf(0, (9,)),)),
        Allowed("read"),
    )
    filter_ = program(processor, rules, ())

    def answer(*arguments: int) -> int:
        return run(filter_, processor.numbers["fcntl"], arguments, processor.audit_arch)

    for first in (5, 6, 7):
        assert answer(first, 1, 0) == ALLOWED
        assert answer(first, 2, 0) == EPERM
        assert answer(first, 4, 0) == EPERM
        assert answer(first, 1, 1) == EPERM
        assert answer(first, 1, 1 << 40) == EPERM
    assert answer(8, 1, 0) == EPERM
    assert answer(9, 6, 1) == ALLOWED
    assert run(filter_, processor.numbers["read"], (), processor.audit_arch) == ALLOWED


@pytest.mark.parametrize("machine", HEADERS)
def test_numbers_are_those_of_the_headers(machine: str) -> None:
    """Only where the headers of Linux are installed."""
    if not HEADERS[machine].is_file():
        pytest.skip("the headers of Linux are not installed")
    text = HEADERS[machine].read_text(encoding="ascii")
    told = {
        name: int(number)
        for name, number in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", text)
    }
    told.setdefault("newfstatat", told.get("fstatat", -1))
    numbers = PROCESSORS[machine].numbers
    assert {name: told[name] for name in numbers} == numbers
