"""The parts of the HTML report that show something: signed pages, boxes, changes, clauses."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from pks_kit.verification.report.html_page import Page, change_key, clauses_of

if TYPE_CHECKING:
    from pks_kit.verification.report.pictures import Examined, Picture
    from pks_kit.verification.report.verdict import SignatureReport, VerifyReport


def show_pages(page: Page, examined: Examined) -> None:
    """Show the signed pages with framed boxes, and every box alone."""
    pages = [one for one in examined.pictures if one.kind == "page"]
    if not pages:
        return
    page.section("halaman", "pictures")
    page.add(f"<p>{page.word('pictures_caution')}</p>")
    signers = {one.field: one for one in examined.report.signatures}
    boxes = {one.fields[0]: one for one in examined.pictures if one.kind == "box" and one.fields}
    for picture in pages:
        _show_page(page, picture, signers)
        _show_boxes(page, [boxes[one] for one in picture.fields if one in boxes], signers)
    page.end()


def _show_page(page: Page, picture: Picture, signers: dict[str, SignatureReport]) -> None:
    rows = "".join(
        f"<li>{page.field_link(field)}: {escape(_signer(signers, field))}</li>"
        for field in picture.fields
    )
    alternative = page.word("picture_alt", page=picture.page, fields=", ".join(picture.fields))
    page.add(
        f'<h3 id="hal-{picture.page}">{page.word("page")} {picture.page}</h3>'
        f"<figure>{page.image(picture, alternative)}<figcaption>"
        f"{page.word('boxes_numbered')}<ol>{rows}</ol></figcaption></figure>"
    )


def _show_boxes(page: Page, boxes: list[Picture], signers: dict[str, SignatureReport]) -> None:
    if not boxes:
        return
    page.add('<div class="boxes">')
    for box in boxes:
        field = box.fields[0]
        alternative = page.word("box_alt", field=field, page=box.page)
        page.add(
            f"<figure>{page.image(box, alternative)}<figcaption>{page.field_link(field)}: "
            f"{escape(_signer(signers, field))}</figcaption></figure>"
        )
    page.add("</div>")


def _signer(signers: dict[str, SignatureReport], field: str) -> str:
    return signers[field].signer if field in signers else ""


def show_changes(page: Page, examined: Examined) -> None:
    """Show what every refused change did: objects, pages, words, pictures before and after."""
    if not page.changes:
        return
    page.section("perubahan", "changes")
    page.add(f"<p>{page.word('changes_caution')}</p>")
    shown: set[str] = set()
    for check in examined.report.checks:
        key = change_key(check)
        if "pages" in check.details and key not in shown:
            shown.add(key)
            _show_change(page, key, check.details, examined)
    page.end()


def _show_change(page: Page, key: str, details: Any, examined: Examined) -> None:
    title = page.word("change_issued") if key == "issued" else page.word("change_of", revision=key)
    page.add(f'<h3 id="{page.changes[key]}">{title}</h3>')
    objects = details.get("objects")
    if objects:
        new, old = ", ".join(objects["added"][:40]), ", ".join(objects["changed"][:40])
        page.add(
            f"<p>{page.word('objects_added')}: <code>{escape(new) or '–'}</code><br>"
            f"{page.word('objects_changed')}: <code>{escape(old) or '–'}</code></p>"
        )
    pages = details["pages"]
    if pages is None or not pages:
        page.add(f"<p>{page.word('change_unknown' if pages is None else 'change_invisible')}</p>")
        return
    page.head(title, "page", "kind", "words_before", "words_after")
    for one in pages:
        page.row(
            str(one["page"]),
            page.word(f"change.{one['change']}"),
            escape(one["words_before"]) or "–",
            escape(one["words_after"]) or "–",
        )
    page.close()
    _show_pairs(page, key, examined)


def _show_pairs(page: Page, key: str, examined: Examined) -> None:
    pictures = [one for one in examined.pictures if one.change == key]
    if not pictures:
        return
    page.add('<div class="pairs">')
    for one in pictures:
        alternative = page.word(f"{one.kind}_alt", page=one.page)
        page.add(
            f"<figure>{page.image(one, alternative)}<figcaption>{page.word(one.kind)}: "
            f"{page.word('page')} {one.page}</figcaption></figure>"
        )
    page.add("</div>")


def show_clauses(page: Page, report: VerifyReport) -> None:
    """Show the clauses that the re-render proof found different."""
    if not page.clauses:
        return
    page.section("pasal", "clauses")
    page.head(page.word("clauses_caption"), "clause", "words_expected")
    shown: set[str] = set()
    for check in report.checks:
        for one in clauses_of(check):
            if one["clause"] in shown:
                continue
            shown.add(one["clause"])
            anchor = page.clauses[one["clause"]]
            name = f"{escape(one['clause'])}<br><small>{escape(one.get('address', ''))}</small>"
            page.row(name, escape(one.get("expected", "")), anchor=anchor)
    page.close()
    page.end()
