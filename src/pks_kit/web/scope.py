"""Who may see and do what: roles with an area, acts, and the reach that every query asks for.

A person holds scopes, each a role with a code: a facility its own, a branch its area, a regional
office its branches, head office all. What belongs to somebody carries its area. Nothing is looked
up without a :class:`Reach`, and a reach has no default, so that forgetting it is an error of types
and not a leak. What lies outside a reach is answered like what does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal, get_args

AT_DESK = "meja:"
"""Begins the id of whoever opened a desk on this machine; the name follows."""

Role = Literal["faskes", "cabang", "kedeputian", "pusat"]
ROLES: tuple[Role, ...] = get_args(Role)


class Act(StrEnum):
    """What can be done; a role allows some of it.

    ``SEE``: agreements, their files, events and jobs. ``CHECK``: look at data, see a preview.
    ``FILL``: keep data that is being filled in. ``ISSUE``: draft an agreement, cover or letter.
    ``UPLOAD``: hand in a file. ``SIGN``: sign and stamp for a party. ``ARCHIVE``: seal for long
    keeping, make evidence. ``VERIFY``: judge a file. ``DECIDE``: decide what a scan leaves open.
    ``RENEW``: prepare the next term. ``BATCH``: plan and run many. ``APPROVE``: approve a plan.
    ``AUDIT``: the ledger as a whole, who saw what, deliveries, figures of the server.
    """

    SEE = "lihat"
    CHECK = "periksa"
    FILL = "isi"
    ISSUE = "terbitkan"
    UPLOAD = "unggah"
    SIGN = "tanda_tangan"
    ARCHIVE = "arsip"
    VERIFY = "verifikasi"
    RENEW = "perpanjang"
    BATCH = "batch"
    DECIDE = "putuskan"
    APPROVE = "setujui"
    AUDIT = "audit"


_FACILITY = {Act.SEE, Act.CHECK, Act.FILL, Act.UPLOAD, Act.SIGN, Act.VERIFY}
_REGION = {Act.SEE, Act.CHECK, Act.UPLOAD, Act.VERIFY, Act.APPROVE}
ACTS_OF_ROLE: dict[Role, frozenset[Act]] = {
    "faskes": frozenset(_FACILITY),
    "cabang": frozenset(set(Act) - {Act.AUDIT}),
    "kedeputian": frozenset(_REGION),
    "pusat": frozenset(Act),
}
"""What a role may do within its area. A facility signs as PIHAK KEDUA alone."""


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """A role with its area.

    Attributes:
        role: The role.
        kode: Code of the facility, branch or regional office; empty for head office.
    """

    role: Role
    kode: str = ""

    def __str__(self) -> str:
        return f"{self.role}:{self.kode}" if self.kode else self.role


def read_scope(text: str) -> Scope | None:
    """Return the scope that ``cabang:0901`` or ``pusat`` names; None for anything else."""
    name, _, kode = text.strip().partition(":")
    for role in ROLES:
        if name == role and bool(kode) == (role != "pusat"):
            return Scope(role, kode)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Where something belongs; what is empty is not known and opens it to nobody there.

    Attributes:
        faskes: Code of the facility.
        cabang: Code of the branch.
        kedeputian: Code of the regional office.
    """

    faskes: str = ""
    cabang: str = ""
    kedeputian: str = ""

    def of_staff(self) -> Area:
        """Return the same area for what the facility does not see: drafts of letters, evidence."""
        return replace(self, faskes="")


@dataclass(frozen=True, slots=True)
class Reach:
    """The scopes with which one request may look; the argument of every query.

    Attributes:
        scopes: Scopes whose role allows the act.
    """

    scopes: frozenset[Scope]

    def __bool__(self) -> bool:
        return bool(self.scopes)

    @property
    def everything(self) -> bool:
        """Return whether nothing lies outside."""
        return any(one.role == "pusat" for one in self.scopes)

    def codes(self, role: Role) -> tuple[str, ...]:
        """Return the codes of one role, sorted."""
        return tuple(sorted(one.kode for one in self.scopes if one.role == role))

    def only(self, *roles: Role) -> Reach:
        """Return the scopes of some roles alone."""
        return Reach(frozenset(one for one in self.scopes if one.role in roles))

    def covers(self, area: Area) -> bool:
        """Return whether something of that area is within."""
        mine = {
            Scope("faskes", area.faskes),
            Scope("cabang", area.cabang),
            Scope("kedeputian", area.kedeputian),
        }
        return self.everything or any(one.kode and one in mine for one in self.scopes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whoever asks.

    Attributes:
        subject: Stable id of the person or program, as the identity names it.
        name: How people are told of it.
        scopes: Roles with their areas.
    """

    subject: str
    name: str
    scopes: frozenset[Scope]

    def reach(self, act: Act) -> Reach:
        """Return with which scopes the person may do something; an empty one: not at all."""
        return Reach(frozenset(one for one in self.scopes if act in ACTS_OF_ROLE[one.role]))


def scopes_of(texts: Iterable[object]) -> frozenset[Scope]:
    """Return the scopes that texts name; what names none is left out."""
    read = (read_scope(one) for one in texts if isinstance(one, str))
    return frozenset(one for one in read if one is not None)
