"""Enter the rules of the kernel: once, from a process with one thread, for ever."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from pks_kit.verification.isolation.kernel.audit_hook import refuse_by_name
from pks_kit.verification.isolation.kernel.isolation import Isolation, Missing, Rule
from pks_kit.verification.isolation.kernel.landlock import (
    covers,
    known_abi,
    refuses_reading,
    restrict_files,
)
from pks_kit.verification.isolation.kernel.libc import RefusedError
from pks_kit.verification.isolation.kernel.privileges import (
    drop_capabilities,
    forbid_new_privileges,
    limit_resources,
)
from pks_kit.verification.isolation.kernel.seccomp import (
    refuses_calls,
    restrict_calls,
    this_processor,
)


def enter(
    readable: Sequence[Path],
    *,
    most_abi: int | None = None,
    without: Collection[Rule] = (),
) -> Isolation:
    """Bind this process by everything that the kernel offers, and say what it did not offer.

    Afterwards only the given places can be read, nothing can be written but to descriptors that
    are open, no process, thread or connection can be made, no other process be reached. Nothing is
    raised for a rule that the kernel lacks: whoever calls decides by what is returned.

    Args:
        readable: Folders and files that may still be read; see :mod:`.places`.
        most_abi: Version of landlock beyond which not to go; None: what the kernel has.
        without: Rules to leave out, to find out what rests on the others.
    """
    missing = [Missing(rule=rule, reason="switched_off") for rule in without]
    found = _Landlock(readable, most_abi)
    steps: tuple[tuple[Rule, Callable[[], None]], ...] = (
        ("one_thread", _be_alone),
        ("no_new_privs", forbid_new_privileges),
        ("capabilities", drop_capabilities),
        ("limits", limit_resources),
        ("landlock", found.restrict),
        ("seccomp", _restrict_calls),
        ("audit_hook", refuse_by_name),
    )
    for rule, step in steps:
        if rule in without:
            continue
        try:
            step()
        except RefusedError as error:
            missing.append(Missing(rule=rule, reason=error.reason))
        except _WithoutError as error:
            missing.append(Missing(rule=rule, reason=str(error)))
        except OSError as error:
            missing.append(Missing(rule=rule, reason=RefusedError(error.errno or 0).reason))
    return Isolation(landlock_abi=found.abi, landlock=covers(found.abi), missing=tuple(missing))


class _WithoutError(Exception):
    """A rule cannot hold, for a reason of ours."""


class _Landlock:
    def __init__(self, readable: Sequence[Path], most_abi: int | None) -> None:
        self._readable = readable
        self._most = most_abi
        self.abi = 0

    def restrict(self) -> None:
        known = known_abi()
        abi = known if self._most is None else min(known, self._most)
        if abi < 1:
            raise _WithoutError("switched_off")
        restrict_files(self._readable, abi)
        if not refuses_reading():
            raise _WithoutError("without_effect")
        self.abi = abi


def _restrict_calls() -> None:
    processor = this_processor()
    if processor is None:
        raise _WithoutError("unknown_processor")
    restrict_calls(processor)
    if not refuses_calls():
        raise _WithoutError("without_effect")


def _be_alone() -> None:
    """Landlock and the list bind the thread that asks for them, and those that it starts."""
    if len(os.listdir("/proc/self/task")) != 1:  # noqa: PTH208
        raise _WithoutError("other_threads")
