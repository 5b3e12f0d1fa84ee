"""The report as one self-contained page: no scripts, no outside references, all text escaped.

It can be read with keyboard and screen reader: landmarks, a link that skips to the contents,
headings in order, tables with captions and scopes, pictures with words, no meaning in colour alone.
"""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from pks_kit.verification.report.answers import local_time
from pks_kit.verification.report.headline import group_of, headline, shown_status, warning_line
from pks_kit.verification.report.html_evidence import show_changes, show_clauses, show_pages
from pks_kit.verification.report.html_page import Page
from pks_kit.verification.report.html_style import STYLE

if TYPE_CHECKING:
    from pks_kit.verification.report.pictures import Examined
    from pks_kit.verification.report.verdict import Check, SignatureReport, VerifyReport


def html_report(examined: Examined, file_name: str, language: str, moment: datetime) -> str:
    """Return the whole page.

    Args:
        examined: Report and pictures.
        file_name: Name of the file that was judged, for people.
        language: ``id`` or ``en``.
        moment: Moment of the examination, with zone.
    """
    page = Page("en" if language == "en" else "id", examined)
    report = examined.report
    _opening(page, examined, file_name)
    _summary(page, report)
    _about(page, report, file_name, moment)
    _signatures(page, report.signatures)
    show_pages(page, examined)
    show_changes(page, examined)
    show_clauses(page, report)
    _checks(page, report.checks)
    _revisions(page, report)
    _notes(page, report)
    page.add(f"</main><footer><p>{page.word('footer')}</p></footer></body></html>\n")
    return "\n".join(page.parts)


def _opening(page: Page, examined: Examined, file_name: str) -> None:
    report = examined.report
    title = f"{page.word('title')}: {escape(file_name)}"
    page.add(
        f'<!DOCTYPE html>\n<html lang="{page.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "img-src data:; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{STYLE}</style></head><body>"
        f'<a class="skip" href="#isi">{page.word("skip")}</a><header>'
    )
    if warning := warning_line(report):
        page.add(f'<p class="test" role="note">{escape(warning.in_language(page.language))}</p>')
    page.add(f"<h1>{title}</h1></header>")
    _navigation(page, examined)
    page.add('<main id="isi" tabindex="-1">')


def _navigation(page: Page, examined: Examined) -> None:
    report = examined.report
    parts = (
        ("ringkasan", "summary", True),
        ("berkas", "about", True),
        ("tanda-tangan", "signatures", True),
        ("halaman", "pictures", bool(page.drawn)),
        ("perubahan", "changes", bool(page.changes)),
        ("pasal", "clauses", bool(page.clauses)),
        ("pemeriksaan", "checks", True),
        ("revisi", "revisions", bool(report.revisions)),
        ("catatan", "notes", bool(report.notes)),
    )
    links = "".join(
        f'<li><a href="#{name}">{page.word(word)}</a></li>' for name, word, there in parts if there
    )
    page.add(f'<nav aria-label="{page.word("contents")}"><ul>{links}</ul></nav>')


def _summary(page: Page, report: VerifyReport) -> None:
    """Say what was proven, and list everything that did not pass, with links to it."""
    page.section("ringkasan", "summary")
    words = escape(headline(report).in_language(page.language))
    status = escape(shown_status(report.verdict).in_language(page.language))
    page.add(
        f'<p class="verdict {report.verdict}"><span class="state {report.verdict}">{status}'
        f"</span> <strong>{words}</strong></p>"
    )
    open_ = [
        (number, check) for number, check in enumerate(report.checks, 1) if check.status != "passed"
    ]
    if open_:
        page.add(f"<p>{page.word('to_look_at')}</p><ul>")
        for number, check in open_:
            status = escape(shown_status(check.status).in_language(page.language))
            text = escape(check.message.in_language(page.language))
            page.add(
                f'<li><span class="state {check.status}">{status}</span>: '
                f'<a href="#periksa-{number}">{text}</a></li>'
            )
        page.add("</ul>")
    page.end()


def _about(page: Page, report: VerifyReport, file_name: str, moment: datetime) -> None:
    page.section("berkas", "about")
    page.head(page.word("about_caption"), "what", "value")
    page.row(page.word("file"), escape(file_name))
    page.row(page.word("sha256"), f"<code>{report.sha256}</code>")
    page.row(page.word("size"), f"{report.file.size}")
    pages = str(report.file.pages) if report.file.pages is not None else page.word("not_known")
    page.row(page.word("pages"), pages)
    page.row(page.word("agreement"), escape(report.agreement_id) or page.word("not_known"))
    page.row(
        page.word("compared"),
        page.word("compared_yes" if report.compared_with_issued else "not_known"),
    )
    page.row(page.word("examined_at"), escape(local_time(moment)))
    page.row(page.word("version"), escape(report.kit_version))
    page.close()
    page.end()


def _signatures(page: Page, signatures: tuple[SignatureReport, ...]) -> None:
    page.section("tanda-tangan", "signatures")
    if not signatures:
        page.add(f"<p>{page.word('no_signatures')}</p>")
        page.end()
        return
    columns = ("field", "kind", "signer", "time", "intact", "coverage", "modification", "trusted")
    page.head(page.word("signatures_caption"), *columns)
    for order, one in enumerate(signatures, start=1):
        mark = f' <span class="mark">{page.word("test_mark")}</span>' if one.test_authority else ""
        number = f"<br>SN <code>{escape(one.serial_number)}</code>" if one.serial_number else ""
        moment = datetime.fromisoformat(one.time) if one.time else None
        where = f"<br>{page.page_link(one.page)}" if one.page else ""
        page.row(
            f"{escape(one.field)}<br><small>{escape(one.role)}</small>{where}",
            page.word(f"kind.{one.kind}") + number,
            f"{escape(one.signer)}{mark}<br><small>{escape(one.issuer)}<br>"
            f"{page.word('serial')} {escape(one.certificate_serial)}</small>",
            escape(local_time(moment)) if moment else page.word("not_known"),
            _three(page, one.intact),
            page.word(f"coverage.{one.coverage}"),
            page.word(f"modification.{one.modification}"),
            _three(page, one.trusted) + (f"<br><small>{escape(one.anchor)}</small>"),
            anchor=f"tt-{order}",
        )
    page.close()
    page.end()


def _three(page: Page, value: bool | None) -> str:
    return page.word("not_known" if value is None else "yes" if value else "no")


def _checks(page: Page, checks: tuple[Check, ...]) -> None:
    page.section("pemeriksaan", "checks")
    groups: dict[str, list[tuple[int, Check]]] = {}
    for number, check in enumerate(checks, start=1):
        groups.setdefault(group_of(check), []).append((number, check))
    for group, members in groups.items():
        page.add(f"<h3>{page.word(f'group.{group}')}</h3>")
        caption = page.word("group_caption", group=page.word(f"group.{group}"))
        page.head(caption, "answer", "words", "evidence", "code")
        for number, check in members:
            _check(page, number, check)
        page.close()
    page.end()


def _check(page: Page, number: int, check: Check) -> None:
    text = check.message
    hint = escape(text.hint_in_language(page.language))
    show_hint = hint and check.status != "passed"
    words = escape(text.in_language(page.language)) + page.links(check)
    words += f'<br><small class="hint">{hint}</small>' if show_hint else ""
    status = escape(shown_status(check.status).in_language(page.language))
    page.row(
        f'<span class="state {check.status}">{status}</span>',
        words,
        page.word(f"evidence.{check.evidence}"),
        f"<code>{escape(check.code)}</code>",
        anchor=f"periksa-{number}",
    )


def _revisions(page: Page, report: VerifyReport) -> None:
    if not report.revisions:
        return
    page.section("revisi", "revisions")
    page.head(page.word("revisions_caption"), "revision", "kind", "field", "bytes", "objects")
    for one in report.revisions:
        objects = f"+{len(one.added)} / ~{len(one.changed)}"
        page.row(
            str(one.number),
            page.word(f"revision_kind.{one.kind}"),
            escape(one.field) or "–",
            f"{one.start}–{one.end}",
            objects if one.kind != "base" else "–",
            anchor=f"revisi-{one.number}",
        )
    page.close()
    page.end()


def _notes(page: Page, report: VerifyReport) -> None:
    if not report.notes:
        return
    page.section("catatan", "notes")
    page.add("<ul>")
    for note in report.notes:
        page.add(f"<li>{escape(note.message.in_language(page.language))}</li>")
    page.add("</ul>")
    page.end()
