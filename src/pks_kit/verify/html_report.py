"""The report as one self-contained page: no scripts, no outside references, all text escaped."""

from __future__ import annotations

import base64
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from pks_kit.messages import lookup
from pks_kit.verify.grouping import group_of, headline, shown_status, warning_line
from pks_kit.verify.html_style import STYLE
from pks_kit.verify.signature_checks import local_time

if TYPE_CHECKING:
    from pks_kit.verify.guard import Examined
    from pks_kit.verify.pictures import Picture
    from pks_kit.verify.verdict import Check, SignatureReport, VerifyReport


class _Page:
    """Collects escaped HTML in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.parts: list[str] = []

    def word(self, code: str, **params: str | int) -> str:
        """Return an escaped text of the catalogue."""
        return escape(lookup(f"report.{code}").fill(params).in_language(self.language))

    def add(self, html: str) -> None:
        """Add HTML that is already escaped."""
        self.parts.append(html)

    def row(self, heading: str, *cells: str) -> None:
        """Add a table row: escaped heading cell, escaped other cells."""
        inside = "".join(f"<td>{cell}</td>" for cell in cells)
        self.add(f'<tr><th scope="row">{heading}</th>{inside}</tr>')

    def head(self, caption: str, *columns: str) -> None:
        """Open a table with a caption and column headings."""
        inside = "".join(f'<th scope="col">{self.word(column)}</th>' for column in columns)
        self.add(f"<table><caption>{caption}</caption><thead><tr>{inside}</tr></thead><tbody>")

    def close(self) -> None:
        """Close a table."""
        self.add("</tbody></table>")


def html_report(examined: Examined, file_name: str, language: str, moment: datetime) -> str:
    """Return the whole page.

    Args:
        examined: Report and pictures.
        file_name: Name of the file that was judged, for people.
        language: ``id`` or ``en``.
        moment: Moment of the examination, with zone.
    """
    page = _Page("en" if language == "en" else "id")
    report = examined.report
    _opening(page, report, file_name, moment)
    _signatures(page, report.signatures)
    _pictures(page, examined)
    _checks(page, report.checks)
    _revisions(page, report)
    _notes(page, report)
    page.add(f"</main><footer><p>{page.word('footer')}</p></footer></body></html>\n")
    return "\n".join(page.parts)


def _opening(page: _Page, report: VerifyReport, file_name: str, moment: datetime) -> None:
    title = f"{page.word('title')}: {escape(file_name)}"
    page.add(
        f'<!DOCTYPE html>\n<html lang="{page.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "img-src data:; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{STYLE}</style></head><body><main>"
    )
    if warning := warning_line(report):
        page.add(f'<p class="test" role="note">{escape(warning.in_language(page.language))}</p>')
    page.add(f"<h1>{title}</h1>")
    words = escape(headline(report).in_language(page.language))
    page.add(f'<p class="verdict {report.verdict}"><strong>{words}</strong></p>')
    page.head(page.word("about"), "what", "value")
    page.row(page.word("file"), escape(file_name))
    page.row(page.word("sha256"), f"<code>{report.sha256}</code>")
    page.row(page.word("size"), f"{report.size}")
    page.row(page.word("pages"), str(report.pages) if report.pages is not None else "?")
    page.row(page.word("agreement"), escape(report.agreement_id) or page.word("not_known"))
    page.row(page.word("examined_at"), escape(local_time(moment)))
    page.row(page.word("version"), escape(report.kit_version))
    page.close()


def _signatures(page: _Page, signatures: tuple[SignatureReport, ...]) -> None:
    page.add(f"<h2>{page.word('signatures')}</h2>")
    if not signatures:
        page.add(f"<p>{page.word('no_signatures')}</p>")
        return
    columns = ("field", "kind", "signer", "time", "intact", "coverage", "modification", "trusted")
    page.head(page.word("signatures_caption"), *columns)
    for one in signatures:
        mark = f' <span class="mark">{page.word("test_mark")}</span>' if one.test_authority else ""
        number = f"<br>SN <code>{escape(one.serial_number)}</code>" if one.serial_number else ""
        moment = datetime.fromisoformat(one.time) if one.time else None
        page.row(
            f"{escape(one.field)}<br><small>{escape(one.role)}</small>",
            page.word(f"kind.{one.kind}") + number,
            f"{escape(one.signer)}{mark}<br><small>{escape(one.issuer)}<br>"
            f"{page.word('serial')} {escape(one.certificate_serial)}</small>",
            escape(local_time(moment)) if moment else page.word("not_known"),
            _three(page, one.intact),
            page.word(f"coverage.{one.coverage}"),
            page.word(f"modification.{one.modification}"),
            _three(page, one.trusted) + (f"<br><small>{escape(one.anchor)}</small>"),
        )
    page.close()


def _three(page: _Page, value: bool | None) -> str:
    return page.word("not_known" if value is None else "yes" if value else "no")


def _pictures(page: _Page, examined: Examined) -> None:
    if not examined.pictures:
        return
    page.add(f"<h2>{page.word('pictures')}</h2><p>{page.word('pictures_caution')}</p>")
    signers = {one.field: one for one in examined.report.signatures}
    for picture in examined.pictures:
        _picture(page, picture, signers)


def _picture(page: _Page, picture: Picture, signers: dict[str, SignatureReport]) -> None:
    rows = "".join(
        f"<li>{escape(field)}: {escape(signers[field].signer)}</li>" for field in picture.fields
    )
    fields = ", ".join(picture.fields)
    alternative = page.word("picture_alt", page=picture.page, fields=fields)
    data = base64.b64encode(picture.png).decode("ascii")
    page.add(
        f'<figure><img alt="{alternative}" width="{picture.width}" height="{picture.height}" '
        f'src="data:image/png;base64,{data}"><figcaption>'
        f"{page.word('page')} {picture.page}<ol>{rows}</ol></figcaption></figure>"
    )


def _checks(page: _Page, checks: tuple[Check, ...]) -> None:
    page.add(f"<h2>{page.word('checks')}</h2>")
    groups: dict[str, list[Check]] = {}
    for check in checks:
        groups.setdefault(group_of(check), []).append(check)
    for group, members in groups.items():
        page.head(page.word(f"group.{group}"), "answer", "words", "evidence", "code")
        for check in members:
            text = check.message
            hint = escape(text.hint_in_language(page.language))
            show_hint = hint and check.status != "passed"
            where = f" ({page.word('page')} {check.page})" if check.page else ""
            words = (
                escape(text.in_language(page.language))
                + where
                + (f'<br><small class="hint">{hint}</small>' if show_hint else "")
            )
            status = escape(shown_status(check.status).in_language(page.language))
            page.row(
                f'<span class="state {check.status}">{status}</span>',
                words,
                page.word(f"evidence.{check.evidence}"),
                f"<code>{escape(check.code)}</code>",
            )
        page.close()


def _revisions(page: _Page, report: VerifyReport) -> None:
    if not report.revisions:
        return
    page.add(f"<h2>{page.word('revisions')}</h2>")
    page.head(page.word("revisions_caption"), "revision", "kind", "field", "bytes", "objects")
    for one in report.revisions:
        objects = f"+{len(one.added)} / ~{len(one.changed)}"
        page.row(
            str(one.number),
            page.word(f"revision_kind.{one.kind}"),
            escape(one.field) or "–",
            f"{one.start}–{one.end}",
            objects if one.kind != "base" else "–",
        )
    page.close()


def _notes(page: _Page, report: VerifyReport) -> None:
    if not report.notes:
        return
    page.add(f"<h2>{page.word('notes')}</h2><ul>")
    for note in report.notes:
        page.add(f"<li>{escape(note.message.in_language(page.language))}</li>")
    page.add("</ul>")
