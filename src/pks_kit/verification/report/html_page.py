"""Escaped HTML in one language: words of the catalogue, tables, anchors."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from pks_kit.messages import lookup

if TYPE_CHECKING:
    from pks_kit.verification.report.details import MissingClause
    from pks_kit.verification.report.pictures import Examined, Picture
    from pks_kit.verification.report.verdict import Check

_NOT_IN_IDS = re.compile(r"[^a-z0-9]+")


class Page:
    """Collects escaped HTML in one language.

    Args:
        language: ``id`` or ``en``.
        examined: Report and pictures; what can be linked to is known from them.
    """

    def __init__(self, language: str, examined: Examined) -> None:
        self.language = language
        self.parts: list[str] = []
        self.drawn = {one.page for one in examined.pictures if one.kind == "page"}
        self.fields = [one.field for one in examined.report.signatures]
        self.clauses: dict[str, str] = {}
        for check in examined.report.checks:
            for clause in clauses_of(check):
                self.clauses.setdefault(clause["clause"], f"pasal-{len(self.clauses) + 1}")
        self.changes: dict[str, str] = {}
        for check in examined.report.checks:
            if "pages" in check.details:
                key = change_key(check)
                self.changes.setdefault(key, f"ubah-{_NOT_IN_IDS.sub('-', key.lower())}")

    def word(self, code: str, **params: str | int) -> str:
        """Return an escaped text of the catalogue."""
        return escape(lookup(f"report.{code}").fill(params).in_language(self.language))

    def add(self, html: str) -> None:
        """Add HTML that is already escaped."""
        self.parts.append(html)

    def section(self, name: str, heading: str) -> None:
        """Open a section that has an anchor and is named by its heading."""
        self.add(
            f'<section id="{name}" aria-labelledby="judul-{name}">'
            f'<h2 id="judul-{name}">{self.word(heading)}</h2>'
        )

    def end(self) -> None:
        """Close a section."""
        self.add("</section>")

    def row(self, heading: str, *cells: str, anchor: str = "") -> None:
        """Add a table row: escaped heading cell, escaped other cells."""
        inside = "".join(f"<td>{cell}</td>" for cell in cells)
        name = f' id="{anchor}"' if anchor else ""
        self.add(f'<tr{name}><th scope="row">{heading}</th>{inside}</tr>')

    def head(self, caption: str, *columns: str) -> None:
        """Open a table with a caption and column headings; wide tables scroll by keyboard too."""
        inside = "".join(f'<th scope="col">{self.word(column)}</th>' for column in columns)
        self.add(
            f'<div class="wide" tabindex="0" role="region" aria-label="{caption}">'
            f"<table><caption>{caption}</caption><thead><tr>{inside}</tr></thead><tbody>"
        )

    def close(self) -> None:
        """Close a table."""
        self.add("</tbody></table></div>")

    def image(self, picture: Picture, alternative: str) -> str:
        """Return a picture inside the page; ``alternative`` is escaped."""
        data = base64.b64encode(picture.png).decode("ascii")
        return (
            f'<img alt="{alternative}" width="{picture.width}" height="{picture.height}" '
            f'src="data:image/png;base64,{data}">'
        )

    def field_link(self, field: str) -> str:
        """Return a link to the row of a field, or its name when there is none."""
        if field not in self.fields:
            return escape(field)
        return f'<a href="#tt-{self.fields.index(field) + 1}">{escape(field)}</a>'

    def page_link(self, number: int) -> str:
        """Return a link to the picture of a page, or its number when there is none."""
        shown = f"{self.word('page')} {number}"
        return f'<a href="#hal-{number}">{shown}</a>' if number in self.drawn else shown

    def links(self, check: Check) -> str:
        """Return links from a check to its signature, page, clauses and pictures."""
        found = []
        if check.field and check.field in self.fields:
            found.append(self.field_link(check.field))
        if check.page:
            found.append(self.page_link(check.page))
        if (key := change_key(check)) in self.changes and "pages" in check.details:
            found.append(f'<a href="#{self.changes[key]}">{self.word("see_change")}</a>')
        found += [
            f'<a href="#{self.clauses[one["clause"]]}">{escape(one["clause"])}</a>'
            for one in clauses_of(check)
        ]
        return _listed(found)


def change_key(check: Check) -> str:
    """Return the key of the change that a refusal speaks about."""
    return str(check.params.get("revision", "issued"))


def clauses_of(check: Check) -> list[MissingClause]:
    """Return the clauses that a check names."""
    return check.details.get("clauses", [])


def _listed(links: Iterable[str]) -> str:
    inside = " · ".join(links)
    return f'<br><span class="links">{inside}</span>' if inside else ""
