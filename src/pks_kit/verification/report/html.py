"""The report as one self-contained page: no scripts, no outside references, all text escaped.

``templates/laporan/verifikasi.html.j2`` lays out what is made ready here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pks_kit.templating import report_html
from pks_kit.verification.report.answers import local_time
from pks_kit.verification.report.headline import (
    group_of,
    headline,
    speaks_of_agreement,
    warning_line,
)
from pks_kit.verification.report.html_links import Link, ReportLinks, change_key, clauses_of

if TYPE_CHECKING:
    from pks_kit.verification.report.details import MissingClause
    from pks_kit.verification.report.pictures import Examined, Picture
    from pks_kit.verification.report.verdict import Check, SignatureReport, VerifyReport


def html_report(examined: Examined, file_name: str, language: str, moment: datetime) -> str:
    """Return the whole page.

    Args:
        examined: Report and pictures.
        file_name: Name of the file that was judged, for people.
        language: ``id`` or ``en``.
        moment: Moment of the examination, with zone.
    """
    language = "en" if language == "en" else "id"
    report = examined.report
    links = ReportLinks(examined, language)
    numbered = list(enumerate(report.checks, start=1))
    return report_html(
        "verifikasi.html.j2",
        language,
        "report",
        report=report,
        file_name=file_name,
        moment=local_time(moment),
        warning=warning_line(report),
        headline=headline(report),
        of_agreement=speaks_of_agreement(report),
        links=links,
        numbered=numbered,
        groups=_grouped(numbered),
        signatures=[(one, _time_of(one)) for one in report.signatures],
        pages=_pages(examined, links),
        changes=_changes(examined, links),
        clauses=_clauses(report, links),
    )


def _time_of(signature: SignatureReport) -> str:
    return local_time(datetime.fromisoformat(signature.time)) if signature.time else ""


def _grouped(numbered: Iterable[tuple[int, Check]]) -> list[tuple[str, list[tuple[int, Check]]]]:
    groups: dict[str, list[tuple[int, Check]]] = {}
    for number, check in numbered:
        groups.setdefault(group_of(check), []).append((number, check))
    return list(groups.items())


_Named = list[tuple[Link, str]]


def _pages(
    examined: Examined, links: ReportLinks
) -> list[tuple[Picture, _Named, list[tuple[Picture, Link, str]]]]:
    """Return each signed page with the names at its framed boxes, and every box alone."""
    signers = {one.field: one.signer for one in examined.report.signatures}
    boxes = {one.fields[0]: one for one in examined.pictures if one.kind == "box" and one.fields}
    return [
        (
            page,
            [(links.field(field), signers.get(field, "")) for field in page.fields],
            [
                (boxes[field], links.field(field), signers.get(field, ""))
                for field in page.fields
                if field in boxes
            ],
        )
        for page in examined.pictures
        if page.kind == "page"
    ]


def _changes(examined: Examined, links: ReportLinks) -> list[dict[str, Any]]:
    """Return what every refused change did: objects, pages, words, pictures before and after."""
    found: dict[str, dict[str, Any]] = {}
    for check in examined.report.checks:
        key = change_key(check)
        if "pages" in check.details and key not in found:
            found[key] = {
                "key": key,
                "anchor": links.changes[key],
                "objects": check.details.get("objects"),
                "pages": check.details["pages"],
                "pictures": [one for one in examined.pictures if one.change == key],
            }
    return list(found.values())


def _clauses(report: VerifyReport, links: ReportLinks) -> list[tuple[str, MissingClause]]:
    """Return the clauses that the re-render proof found different, each once, with their ids."""
    found: dict[str, MissingClause] = {}
    for check in report.checks:
        for one in clauses_of(check):
            found.setdefault(one["clause"], one)
    return [(links.clauses[name], one) for name, one in found.items()]
