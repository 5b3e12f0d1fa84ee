"""What holds for a child, in words for the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from pks_kit.json_types import Count

if TYPE_CHECKING:
    from pks_kit.verification.report.verdict import Note

Rule = Literal[
    "no_new_privs", "capabilities", "limits", "landlock", "seccomp", "audit_hook", "one_thread"
]
"""Names of the rules, in the order in which they are applied."""

Covered = Literal["files", "truncating", "tcp", "devices", "signals", "abstract_sockets"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A rule that does not hold.

    Attributes:
        rule: Which.
        reason: Why: name of the kernel's error, ``unknown_processor``, ``without_effect``,
            ``other_threads`` or ``switched_off``.
    """

    rule: Rule
    reason: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,40}$")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Isolation:
    """Which rules hold for a process from now on, tried where that can be tried.

    Attributes:
        landlock_abi: Version of landlock in use; 0 for none.
        landlock: What it refuses: ``files`` (of reading, all but the named places), ``truncating``,
            ``tcp``, ``devices``, ``signals``, ``abstract_sockets``. All of these but reading
            are refused by the list of system calls as well.
        missing: Rules that do not hold.
    """

    landlock_abi: Count = 0
    landlock: tuple[Covered, ...] = ()
    missing: Annotated[tuple[Missing, ...], Field(max_length=16)] = ()

    def holds(self, rule: Rule) -> bool:
        """Return whether a rule holds."""
        return all(one.rule != rule for one in self.missing)

    def notes(self) -> tuple[Note, ...]:
        """Return what the report must say: nothing where reads and acts are limited.

        They speak about the machine that looked, not about the file: another one says others.
        """
        from pks_kit.verification.report.verdict import Note

        reads, acts = self.holds("landlock"), self.holds("seccomp")
        if reads and acts:
            return ()
        code = "not_isolated" if not reads and not acts else ""
        code = code or ("acts_not_limited" if reads else "reads_not_limited")
        reasons = ", ".join(f"{one.rule} {one.reason}" for one in self.missing)
        return (Note(code=code, params={"missing": reasons}),)
