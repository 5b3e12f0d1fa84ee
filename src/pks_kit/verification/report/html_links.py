"""Where the parts of a report page can be linked to: signatures, pictures, changes, clauses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pks_kit.messages import lookup

if TYPE_CHECKING:
    from pks_kit.verification.report.details import MissingClause
    from pks_kit.verification.report.pictures import Examined
    from pks_kit.verification.report.verdict import Check

_NOT_IN_IDS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Link:
    """A text, and the id on the page that it leads to; without one it is only a text."""

    text: str
    target: str = ""


class ReportLinks:
    """The links of one page.

    Args:
        examined: Report and pictures; what can be linked to is known from them.
        language: ``id`` or ``en``.

    Attributes:
        clauses: Ids of the clauses that a check names, by clause.
        changes: Ids of the refused changes that are shown, by :func:`change_key`.
    """

    def __init__(self, examined: Examined, language: str) -> None:
        self._language = language
        self._drawn = {one.page for one in examined.pictures if one.kind == "page"}
        self._fields = [one.field for one in examined.report.signatures]
        self.clauses: dict[str, str] = {}
        self.changes: dict[str, str] = {}
        for check in examined.report.checks:
            for clause in clauses_of(check):
                self.clauses.setdefault(clause["clause"], f"pasal-{len(self.clauses) + 1}")
            if "pages" in check.details:
                key = change_key(check)
                self.changes.setdefault(key, f"ubah-{_NOT_IN_IDS.sub('-', key.lower())}")

    def field(self, field: str) -> Link:
        """Return a link to the row of a field, or its name when there is none."""
        if field not in self._fields:
            return Link(field)
        return Link(field, f"tt-{self._fields.index(field) + 1}")

    def page(self, number: int) -> Link:
        """Return a link to the picture of a page, or its number when there is none."""
        word = lookup("report.page").in_language(self._language)
        return Link(f"{word} {number}", f"hal-{number}" if number in self._drawn else "")

    def of(self, check: Check) -> list[Link]:
        """Return links from a check to its signature, page, change and clauses."""
        found = []
        if check.field and check.field in self._fields:
            found.append(self.field(check.field))
        if check.page:
            found.append(self.page(check.page))
        if "pages" in check.details:
            word = lookup("report.see_change").in_language(self._language)
            found.append(Link(word, self.changes[change_key(check)]))
        return found + [
            Link(one["clause"], self.clauses[one["clause"]]) for one in clauses_of(check)
        ]


def change_key(check: Check) -> str:
    """Return the key of the change that a refusal speaks about."""
    return str(check.params.get("revision", "issued"))


def clauses_of(check: Check) -> list[MissingClause]:
    """Return the clauses that a check names."""
    return check.details.get("clauses", [])
