"""The comparison of two versions as one self-contained page, made to be read aloud in a meeting.

Summary first, then the table of pasal and lampiran, then clause by clause with the old words beside
the new ones. No scripts and no outside references; marks carry words besides colour, so that the
page says the same on paper, in black and white, and through a screen reader.
``templates/laporan/perbandingan.html.j2`` lays out what is made ready here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from pks_kit.messages import lookup
from pks_kit.naskah.diff.result import PartChange, VersionDiff
from pks_kit.naskah.diff.wording import WordMark
from pks_kit.templating import report_html
from pks_kit.visible_text import format_day

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
    diff, language = page.diff, page.language

    parts = [_part(part, language) for part in diff.parts]
    return report_html(
        "perbandingan.html.j2",
        language,
        "diff",
        old_name=page.nama_lama,
        new_name=page.nama_baru,
        old_date=format_day(page.as_of_lama, language),
        new_date=format_day(page.as_of_baru, language),
        parts_counted={"old": page.nama_lama, "new": page.nama_baru, **_parts_counted(diff)},
        counts={str(kind): number for kind, number in diff.counts.items()},
        new_parts=[one["name"] for one in parts if "new" in one["part"].kinds],
        gone_parts=[one["name"] for one in parts if "gone" in one["part"].kinds],
        maps=[
            (jenis, [one for one in parts if one["part"].jenis == jenis])
            for jenis in ("pasal", "lampiran")
        ],
        parts=parts,
    )


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


def _part(part: PartChange, language: str) -> dict[str, Any]:
    """Return a part with what is said about it."""
    number = part.nomor_baru or part.nomor_lama or part.jenis.capitalize()
    return {
        "part": part,
        "name": " ".join(filter(None, (number, part.judul_baru or part.judul_lama))),
        "anchor": f"{part.jenis}-{part.subjek}",
        "change": part_change(part, language),
        "content": part_content(part, language),
        "loud": [
            (change, _said(change.marks, language))
            for change in part.clauses
            if change.kind in LOUD
        ],
        "quiet": [change for change in part.clauses if change.kind not in LOUD],
    }


def _parts_counted(diff: VersionDiff) -> dict[str, int]:
    """Return how many pasal and lampiran either side has: ``old_pasal`` and so on."""
    counted: dict[str, int] = {}
    for jenis in ("pasal", "lampiran"):
        parts = diff.parts_of(jenis)
        counted[f"old_{jenis}"] = sum(bool(part.nomor_lama) for part in parts)
        counted[f"new_{jenis}"] = sum(bool(part.nomor_baru) for part in parts)
    return counted


def _said(marks: tuple[WordMark, ...], language: str) -> str:
    """Return the change as a sentence, or nothing when it has too many phrases."""

    def word(code: str, **params: str) -> str:
        return lookup(f"diff.said.{code}").fill(params).in_language(language)

    sentences: list[str] = []
    pending = ""
    for mark in (*marks, WordMark(op="same", text="")):
        text = " ".join(mark.text.split()).strip(" ,;") or mark.text.strip()
        if mark.op == "removed":
            pending = text
        elif mark.op == "added":
            code = "replaced" if pending else "added"
            sentences.append(word(code, old=pending, new=text))
            pending = ""
        elif pending:
            sentences.append(word("removed", old=pending))
            pending = ""
    if not 0 < len(sentences) <= MAX_SAID:
        return ""
    return f"{word('lead')} {'; '.join(sentences)}."
