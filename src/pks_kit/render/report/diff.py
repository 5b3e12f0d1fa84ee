"""The comparison of two versions as one self-contained page, made to be read aloud in a meeting.

Summary first, then the table of pasal and lampiran, then clause by clause with the old words beside
the new ones. No scripts and no outside references; marks carry words besides colour, so that the
page says the same on paper, in black and white, and through a screen reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape

from pks_kit.domain.tanggal import format_tanggal
from pks_kit.messages import lookup
from pks_kit.naskah.diff.clauses import Clause
from pks_kit.naskah.diff.result import KINDS, ClauseChange, PartChange, VersionDiff
from pks_kit.naskah.diff.wording import WordMark

LOUD = ("added", "removed", "reworded", "parameter_only")
"""Kinds of change that are shown one by one; the others only change places."""
MAX_SAID = 6
"""A change of more phrases is not said phrase by phrase; both texts stand side by side anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffPage:
    """What the page shows.

    Attributes:
        diff: The comparison.
        nama_lama: Name of the old version.
        nama_baru: Name of the new version.
        as_of_lama: Date of the parameters of the old agreement.
        as_of_baru: Date of the parameters of the new agreement.
        language: ``id`` or ``en``.
    """

    diff: VersionDiff
    nama_lama: str
    nama_baru: str
    as_of_lama: date
    as_of_baru: date
    language: str = "id"


def diff_html(page: DiffPage) -> str:
    """Return the whole page as HTML."""
    return _Writer(page).write()


def part_content(part: PartChange, language: str) -> str:
    """Return in a few words what happened inside a part: ``3 baru, 1 diubah``."""
    counts = part.counts
    found = [
        lookup(f"diff.some.{kind}").fill({"count": counts[kind]}).in_language(language)
        for kind in ("added", "removed", "reworded", "parameter_only")
        if counts[kind]
    ]
    return ", ".join(found) or lookup("diff.unchanged_words").in_language(language)


def part_change(part: PartChange, language: str) -> str:
    """Return what happened to a part as a whole: ``berpindah, berganti judul``."""
    return ", ".join(lookup(f"diff.part.{kind}").in_language(language) for kind in part.kinds)


class _Writer:
    def __init__(self, page: DiffPage) -> None:
        self._page = page
        self._diff = page.diff
        self._html: list[str] = []

    def write(self) -> str:
        self._opening()
        self._summary()
        for jenis in ("pasal", "lampiran"):
            self._map(jenis)
        self._add(f'<section id="perubahan"><h2>{self._word("changes")}</h2>')
        for part in self._diff.parts:
            self._part(part)
        self._add(f"</section></main><footer><p>{self._word('footer')}</p></footer></body></html>")
        return "\n".join(self._html) + "\n"

    # --- words --------------------------------------------------------------------------------

    def _word(self, code: str, **params: str | int) -> str:
        text = lookup(f"diff.{code}").fill(params).in_language(self._page.language)
        return escape(text)

    def _add(self, html: str) -> None:
        self._html.append(html)

    def _date(self, day: date) -> str:
        return format_tanggal(day) if self._page.language == "id" else day.isoformat()

    # --- opening ------------------------------------------------------------------------------

    def _opening(self) -> None:
        page = self._page
        title = self._word("title", old=page.nama_lama, new=page.nama_baru)
        filled = self._word(
            "filled",
            old=page.nama_lama,
            new=page.nama_baru,
            old_date=self._date(page.as_of_lama),
            new_date=self._date(page.as_of_baru),
        )
        self._add(
            f'<!DOCTYPE html>\n<html lang="{page.language}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
            "style-src 'unsafe-inline'\">"
            f"<title>{title}</title><style>{STYLE}</style></head><body>"
            f'<a class="skip" href="#perubahan">{self._word("skip")}</a>'
            f"<main><h1>{title}</h1><p>{filled}</p>"
        )

    def _summary(self) -> None:
        diff, page = self._diff, self._page
        self._add(f'<section id="ringkasan"><h2>{self._word("summary")}</h2>')
        numbers = {
            f"{side}_{jenis}": sum(
                bool(part.nomor_lama if side == "old" else part.nomor_baru)
                for part in diff.parts_of(jenis)
            )
            for side in ("old", "new")
            for jenis in ("pasal", "lampiran")
        }
        names = {"old": page.nama_lama, "new": page.nama_baru}
        self._add(f"<p>{self._word('summary_parts', **names, **numbers)}</p>")
        counts = {str(kind): number for kind, number in diff.counts.items()}
        self._add(f"<p>{self._word('summary_clauses', **counts)}</p>")
        for kind, code in (("new", "new_parts"), ("gone", "gone_parts")):
            found = [_name(part) for part in diff.parts if kind in part.kinds]
            if found:
                self._add(f"<p>{self._word(code, names='; '.join(found))}</p>")
        self._head(self._word("counts"), "kind", "count", "meaning")
        for one in KINDS:
            self._add(
                f'<tr><th scope="row">{self._word(f"kind.{one}")}</th>'
                f"<td>{diff.counts[one]}</td><td>{self._word(f'meaning.{one}')}</td></tr>"
            )
        self._add("</tbody></table></section>")

    def _head(self, caption: str, *columns: str) -> None:
        cells = "".join(f'<th scope="col">{self._word(column)}</th>' for column in columns)
        self._add(f"<table><caption>{caption}</caption><thead><tr>{cells}</tr></thead><tbody>")

    # --- mapping ------------------------------------------------------------------------------

    def _map(self, jenis: str) -> None:
        page = self._page
        heading = self._word(f"map.{jenis}")
        self._add(f'<section id="susunan-{jenis}"><h2>{heading}</h2><table><thead><tr>')
        for name in (page.nama_baru, page.nama_lama):
            self._add(f'<th scope="col">{self._word("number_in", name=name)}</th>')
            self._add(f'<th scope="col">{self._word("title_in", name=name)}</th>')
        for code in ("kind", "contents"):
            self._add(f'<th scope="col">{self._word(code)}</th>')
        self._add("</tr></thead><tbody>")
        for part in self._diff.parts_of(jenis):
            cells = (
                part.judul_baru,
                part.nomor_lama or lookup("diff.none").in_language(page.language),
                part.judul_lama,
                part_change(part, page.language),
                part_content(part, page.language),
            )
            number = escape(part.nomor_baru) or self._word("none")
            self._add(
                f'<tr><th scope="row"><a href="#{_anchor(part)}">{number}</a></th>'
                + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
                + "</tr>"
            )
        self._add("</tbody></table></section>")

    # --- clause by clause ---------------------------------------------------------------------

    def _part(self, part: PartChange) -> None:
        self._add(f'<section id="{_anchor(part)}" class="bagian"><h3>{escape(_name(part))}</h3>')
        self._add(f"<p>{self._introduction(part)}</p>")
        for change in part.clauses:
            if change.kind in LOUD:
                self._loud(change)
        quiet = [change for change in part.clauses if change.kind not in LOUD]
        if quiet:
            self._quiet(quiet)
        self._add("</section>")

    def _introduction(self, part: PartChange) -> str:
        if "new" in part.kinds:
            return self._word("part_is_new")
        if "gone" in part.kinds:
            return self._word("part_is_gone")
        said = []
        if part.kinds != ("kept",):
            said.append(self._word("before", number=part.nomor_lama, title=part.judul_lama))
        content = self._word("inside", content=part_content(part, self._page.language))
        said.append(content if part.content_changed else self._word("nothing"))
        return " ".join(said)

    def _loud(self, change: ClauseChange) -> None:
        place = change.one.place
        heading = f"{escape(place)}: {self._word(f'kind.{change.kind}').lower()}"
        if change.old and change.new and change.old.place != change.new.place:
            heading += f" ({self._word('formerly', old=change.old.place)})"
        self._add(f'<article class="{change.kind}"><h4>{heading}</h4>')
        if change.old is None or change.new is None:
            tag = "del" if change.new is None else "ins"
            self._add(f"<p><{tag}>{_lines(change.one.teks)}</{tag}></p></article>")
            return
        said = self._said(change.marks)
        if said:
            self._add(f"<p>{said}</p>")
        caption = self._word("side_by_side", place=place)
        old_name, new_name = escape(self._page.nama_lama), escape(self._page.nama_baru)
        self._add(
            f'<table class="dua"><caption class="sr">{caption}</caption><thead><tr>'
            f'<th scope="col">{old_name}</th><th scope="col">{new_name}</th></tr></thead><tbody>'
            f"<tr><td>{self._marked(change.marks, 'removed')}</td>"
            f"<td>{self._marked(change.marks, 'added')}</td></tr></tbody></table></article>"
        )

    def _marked(self, marks: tuple[WordMark, ...], side: str) -> str:
        """Return one side's words; its changed phrases are marked by sign and by hidden words."""
        tag = "del" if side == "removed" else "ins"
        pieces: list[str] = []
        for mark in marks:
            if mark.op == "same":
                pieces.append(_lines(mark.text))
            elif mark.op == side:
                hidden = f'<span class="sr">[{self._word(f"mark.{side}")}: </span>'
                pieces.append(
                    f'<{tag}>{hidden}{_lines(mark.text)}<span class="sr">]</span></{tag}>'
                )
        return "".join(pieces)

    def _said(self, marks: tuple[WordMark, ...]) -> str:
        """Return the change as a sentence, or nothing when it has too many phrases."""
        sentences: list[str] = []
        pending = ""
        for mark in (*marks, WordMark(op="same", text="")):
            text = " ".join(mark.text.split()).strip(" ,;") or mark.text.strip()
            if mark.op == "removed":
                pending = text
            elif mark.op == "added":
                code = "said.replaced" if pending else "said.added"
                sentences.append(self._word(code, old=pending, new=text))
                pending = ""
            elif pending:
                sentences.append(self._word("said.removed", old=pending))
                pending = ""
        if not 0 < len(sentences) <= MAX_SAID:
            return ""
        return f"{self._word('said.lead')} {'; '.join(sentences)}."

    def _quiet(self, changes: list[ClauseChange]) -> None:
        page = self._page
        count = self._word("quiet", count=len(changes))
        self._add(f"<details><summary>{count}</summary><table><thead><tr>")
        for name in (page.nama_lama, page.nama_baru):
            self._add(f'<th scope="col">{self._word("place_in", name=name)}</th>')
        for code in ("kind", "words"):
            self._add(f'<th scope="col">{self._word(code)}</th>')
        self._add("</tr></thead><tbody>")
        for change in changes:
            self._add(
                f"<tr><td>{_place(change.old)}</td><td>{_place(change.new)}</td>"
                f"<td>{self._word(f'kind.{change.kind}')}</td>"
                f"<td>{_lines(change.one.teks)}</td></tr>"
            )
        self._add("</tbody></table></details>")


def _name(part: PartChange) -> str:
    number = part.nomor_baru or part.nomor_lama or part.jenis.capitalize()
    return " ".join(filter(None, (number, part.judul_baru or part.judul_lama)))


def _anchor(part: PartChange) -> str:
    return f"{part.jenis}-{part.subjek}"


def _place(clause: Clause | None) -> str:
    return escape(clause.place) if clause else ""


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


STYLE = """
:root{color-scheme:light}
body{font:17px/1.55 Georgia,"Times New Roman",serif;color:#1a1a1a;background:#fff;margin:0}
main,footer{max-width:72rem;margin:0 auto;padding:1rem}
h1{font-size:1.7rem;margin:.5rem 0}h2{font-size:1.35rem;margin:2.2rem 0 .6rem}
h3{font-size:1.15rem;margin:2rem 0 .4rem;border-top:2px solid #444;padding-top:.6rem}
h4{font-size:1rem;margin:1rem 0 .3rem}
table{border-collapse:collapse;width:100%;margin:0 0 1rem}
caption{text-align:left;font-weight:600;padding:.3rem 0}
th,td{border:1px solid #777;padding:.35rem .55rem;text-align:left;vertical-align:top;
overflow-wrap:break-word}
thead th{background:#eef1f4}
.dua{table-layout:fixed}
del{background:#fbe0de;color:#7d0f0f;text-decoration:line-through;text-decoration-thickness:1.5px}
ins{background:#def3e3;color:#0b4f22;text-decoration:underline;text-decoration-thickness:1.5px}
article{border-left:.35rem solid #777;padding-left:.8rem;margin:.9rem 0}
article.added{border-color:#0b6b2d}article.removed{border-color:#a31515}
article.reworded{border-color:#8a5a00}article.parameter_only{border-color:#1d4f91}
details{margin:.8rem 0}summary{cursor:pointer;padding:.2rem 0}
a{color:#123f7a}a:focus,summary:focus{outline:3px solid #123f7a;outline-offset:2px}
.sr,.skip{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);
white-space:nowrap}
.skip:focus{position:static;width:auto;height:auto;clip-path:none}
@page{size:A4 landscape;margin:14mm}
@media print{body{font-size:10.5pt}main,footer{max-width:none;padding:0}
h2,h3,h4{break-after:avoid}tr,article{break-inside:avoid}}
""".strip()
