"""The same facility or number twice among data that are looked at together.

One set of data cannot know of it: rows of a workbook and files given together are compared. What
people write differently is the same: blanks, capitals, and zeros that a spreadsheet took away.
One facility may stand twice when its terms do not overlap: this year's agreement and the next.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from pks_kit.messages import Message
from pks_kit.rules.findings import Finding, blocking

_RULES = "Kebiasaan penomoran BPJS Kesehatan (docs/sumber.md 13.1)"
_BLANKS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_SHOWN = 5
"""How many other places a finding names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Somebody or something that stands in one agreement and hardly in that of another facility.

    Attributes:
        code: Finding when it does.
        path: Where it stands.
        value: What must not be the same; never shown.
        nama: How it is called, for people.
        boleh: Whether the rules let several facilities share it.
        pemilik: Who it is when another ``Held`` tells of the same person; empty otherwise.
    """

    code: str
    path: str
    value: str
    nama: str
    boleh: bool = False
    pemilik: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What tells one agreement from the others; empty or None where the data do not say.

    Attributes:
        kode: ``faskes.kode``.
        nomor_kesatu: Number of PIHAK KESATU.
        nomor_kedua: Number of the facility.
        masa: First and last day of the term.
        nama: Name of the facility, for people.
        where: Path of a value -> where it stands, in words: cell, or file and line.
        dipegang: People and things that another facility hardly has too.
    """

    kode: str
    nomor_kesatu: str
    nomor_kedua: str
    masa: tuple[date, date] | None
    nama: str
    where: Callable[[str], Message]
    dipegang: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rule:
    """What two agreements may not share: code, place, value, and when sharing it is wrong."""

    code: str
    path: str
    value: Callable[[Identity], str]
    wrong: Callable[[Identity, Identity], bool]


_RULES_OF_SAMENESS = (
    _Rule(
        "duplicate.facility_code",
        "faskes.kode",
        lambda one: one.kode,
        lambda one, other: overlap(one, other),
    ),
    _Rule(
        "duplicate.number_kesatu",
        "pihak_kesatu.nomor_pks",
        lambda one: one.nomor_kesatu,
        lambda _one, _other: True,
    ),
    _Rule(
        "duplicate.number_kedua",
        "pihak_kedua.nomor_pks",
        lambda one: one.nomor_kedua,
        lambda one, other: normal(one.kode) == normal(other.kode),
    ),
)


def normal(text: str) -> str:
    """Return a code or number as it is compared: no blanks, no case, no zeros before digits."""
    plain = _BLANKS.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return _ZEROS.sub("", plain)


def check_duplicates(together: Sequence[Identity]) -> tuple[tuple[Finding, ...], ...]:
    """Return the findings of each agreement, in the order given; each names the other places.

    Args:
        together: Everything that is looked at in one call, also what cannot be drafted.
    """
    found: list[list[Finding]] = [[] for _ in together]
    for rule in _RULES_OF_SAMENESS:
        groups: dict[str, list[int]] = {}
        for index, one in enumerate(together):
            value = normal(rule.value(one))
            if value:
                groups.setdefault(value, []).append(index)
        for members in groups.values():
            for index in members if len(members) > 1 else ():
                one = together[index]
                others = [
                    together[other]
                    for other in members
                    if other != index and rule.wrong(one, together[other])
                ]
                if others:
                    found[index].append(_finding(rule, one, others))
    return tuple(tuple(findings) for findings in found)


def _finding(rule: _Rule, one: Identity, others: list[Identity]) -> Finding:
    return blocking(
        rule.code,
        rule.path,
        _RULES,
        value=rule.value(one),
        here=one.where(rule.path),
        others=listed([(other.where(rule.path), other.nama) for other in others]),
        twins=[other.where(rule.path).id for other in others],
    )


def listed(places: list[tuple[Message, str]]) -> Message:
    """Return places with names, in words; no more than a few."""

    def words(language: str) -> str:
        told = [
            f"{place.in_language(language)}{f' ({name})' if name else ''}"
            for place, name in places[:_SHOWN]
        ]
        rest = len(places) - _SHOWN
        return ", ".join([*told, f"+{rest}"] if rest > 0 else told)

    return Message(words("id"), words("en"))


def overlap(one: Identity, other: Identity) -> bool:
    """Return whether the terms share a day; a term that is not known may share one."""
    if one.masa is None or other.masa is None:
        return True
    return max(one.masa[0], other.masa[0]) <= min(one.masa[1], other.masa[1])
