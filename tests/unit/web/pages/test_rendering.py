"""Words, days, numbers; a NIK is covered; what hides in a name is shown."""

from __future__ import annotations

import html
from datetime import UTC, datetime

from pks_kit.render.report.charts import bar_chart, line_chart
from pks_kit.web.pages.rendering import (
    Words,
    covered,
    environment,
    moment_text,
    person_text,
    size_text,
)


def test_days_and_numbers_in_both_languages() -> None:
    assert Words("id").day("2027-12-31") == "31 Desember 2027"
    assert Words("en").day("2027-12-31") == "31 December 2027"
    assert Words("id").day(datetime(2027, 12, 31, 20, tzinfo=UTC)) == "1 Januari 2028"
    assert Words("id").day(None) == ""
    assert (Words("id").number(26000), Words("en").number(26000)) == ("26.000", "26,000")
    assert moment_text("2027-01-01T00:00:00+00:00") == "01-01-2027 07.00.00 WIB"


def test_a_nik_is_covered_and_longer_numbers_are_not_cut() -> None:
    assert covered("NIK 9901015203880171.") == "NIK 9901••••••••0171."
    assert covered("990101520388017155") == "990101520388017155"
    assert covered("a\u202eb") == "a‹U+202E›b"


def test_whoever_opened_a_local_desk_is_told_by_name_alone() -> None:
    assert person_text("meja:Agus Contoh") == "Agus Contoh"
    assert person_text("agus.contoh") == "agus.contoh"


def test_sizes() -> None:
    assert [size_text(one) for one in (0, 999, 1024, 52_428_800)] == [
        "0 B",
        "999 B",
        "1.0 kB",
        "50 MB",
    ]


def test_charts_have_a_title_numbers_and_no_style_of_their_own() -> None:
    text = """{% import "grafik.html.j2" as g %}
{{ g.bars(bars, "a", "Judul", "Isi", {"x": "b0", "y": "b1", "z": "b2"}) }}
{{ g.key("b1", "Garis", "a") }}{{ g.line(line, "b", "Naik", "Isi") }}"""
    bars = bar_chart([("Satu", {"x": 3, "y": 2, "z": 1}), ("Dua", {"x": 0})])
    line = line_chart([("Senin", 0), ("Selasa", 5)])
    drawn = environment().from_string(text).render(bars=bars, line=line)
    assert drawn.count('role="img"') == 2
    assert drawn.count("<title") == 2
    assert 'fill="url(#a-garis)"' in drawn
    assert "style=" not in drawn


def test_lines_of_a_long_field_stay_lines() -> None:
    source = '{% import "unsur.html.j2" as u with context %}{{ u.form_field(field) }}'
    field = {"name": "isi", "label": "Isi", "kind": "long", "value": "satu\r\n<b>\ndua\u202e"}
    text = environment().from_string(source).render(field=field, t=Words("id").of, language="id")
    inside = text.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0]
    assert html.unescape(inside) == "satu\n<b>\ndua‹U+202E›"
    assert "<b>" not in inside
