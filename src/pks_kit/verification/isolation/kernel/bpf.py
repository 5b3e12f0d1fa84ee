"""Write a filter of system calls as the program that the kernel runs.

The machine is classic BPF over ``struct seccomp_data`` (``seccomp(2)``): number of the call,
processor, and six arguments of 64 bits, here always with the low half first.
"""

from __future__ import annotations

import errno
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pks_kit.verification.isolation.kernel.syscalls import NEWEST_CALL, X32_BIT, Processor

_LOAD, _EQUAL, _AT_LEAST, _ABOVE, _ANY_BIT, _ALWAYS, _RETURN = (
    0x20,
    0x15,
    0x35,
    0x25,
    0x45,
    0x05,
    0x06,
)
_NUMBER_AT, _PROCESSOR_AT, _ARGUMENTS_AT = 0, 4, 16
_KILL, _ERROR, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000

Instruction = tuple[int, int, int, int]
"""Operation, how many to skip when true, how many when false, constant."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """The low half of an argument is one of some values; for arguments of 32 bits."""

    argument: int
    values: tuple[int, ...]

    def instructions(self, to_next: int) -> list[Instruction]:
        """Return the test; when it fails, ``to_next`` further instructions are skipped."""
        last = len(self.values) - 1
        tests = [(_EQUAL, last - n, 0, value) for n, value in enumerate(self.values)]
        tests[last] = (_EQUAL, 0, to_next, self.values[last])
        return [(_LOAD, 0, 0, _ARGUMENTS_AT + 8 * self.argument), *tests]


@dataclass(frozen=True, slots=True)
class NoneOf:
    """No bit of ``mask`` is set in the low half of an argument; for arguments of 32 bits."""

    argument: int
    mask: int

    def instructions(self, to_next: int) -> list[Instruction]:
        """Return the test; when it fails, ``to_next`` further instructions are skipped."""
        return [
            (_LOAD, 0, 0, _ARGUMENTS_AT + 8 * self.argument),
            (_ANY_BIT, to_next, 0, self.mask),
        ]


@dataclass(frozen=True, slots=True)
class Null:
    """All 64 bits of an argument are zero: a pointer that points to nothing."""

    argument: int

    def instructions(self, to_next: int) -> list[Instruction]:
        """Return the test; when it fails, ``to_next`` further instructions are skipped."""
        low = _ARGUMENTS_AT + 8 * self.argument
        return [
            (_LOAD, 0, 0, low),
            (_EQUAL, 0, to_next + 2, 0),
            (_LOAD, 0, 0, low + 4),
            (_EQUAL, 0, to_next, 0),
        ]


Condition = OneOf | NoneOf | Null


@dataclass(frozen=True, slots=True)
class Allowed:
    """A call that is allowed when all conditions hold; several of one name are alternatives."""

    name: str
    conditions: tuple[Condition, ...] = ()


def program(processor: Processor, allowed: Sequence[Allowed], unknown: Iterable[str]) -> bytes:
    """Return the filter: what is on the list goes on, everything else is refused.

    Another processor's numbering ends the process, since nothing of ours speaks it.

    Args:
        processor: Whose numbers to use.
        allowed: The list; a call that the processor does not have is left out. Calls without
            conditions cost nothing at run time: kernels since 5.11 remember them.
        unknown: Calls that get ``ENOSYS``, as on an old kernel, so that the C library takes the old
            way; everything else gets ``EPERM``.
    """
    lines: list[Instruction] = [
        (_LOAD, 0, 0, _PROCESSOR_AT),
        (_EQUAL, 1, 0, processor.audit_arch),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER_AT),
    ]
    if processor.has_x32:
        lines += [(_AT_LEAST, 0, 1, X32_BIT), (_RETURN, 0, 0, _ERROR | errno.EPERM)]
    numbers = processor.numbers
    for one in sorted(allowed, key=lambda one: not one.conditions):
        if one.name in numbers:
            lines += _when(numbers[one.name], one.conditions)
    missing = (_RETURN, 0, 0, _ERROR | errno.ENOSYS)
    for name in unknown:
        lines += [(_EQUAL, 0, 1, numbers[name]), missing]
    lines += [(_ABOVE, 0, 1, NEWEST_CALL), missing, (_RETURN, 0, 0, _ERROR | errno.EPERM)]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def _when(number: int, conditions: tuple[Condition, ...]) -> list[Instruction]:
    """Allow a call under conditions; afterwards its number is in the register again."""
    if not conditions:
        return [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    body: list[Instruction] = [(_RETURN, 0, 0, _ALLOW), (_LOAD, 0, 0, _NUMBER_AT)]
    for condition in reversed(conditions):
        body = condition.instructions(len(body) - 1) + body
    return [(_EQUAL, 0, len(body), number), *body]
